//! The fault lab: what it takes to see whether anything was lost, changed, doubled or moved on the way from a machine to
//! a consumer, whatever happened on the way.
//!
//! A **source** whose values tell their number and whether they are right
//! ([`sequence`](crate::opcua::simulator::sequence)); a **consumer** that takes each message down and syncs it before it
//! acknowledges; a **proxy** that does to connections what networks do; and a **checker** that compares what was made with
//! what arrived and with the gaps that were told. The checker shares no code with what it checks.
//!
//! | module | holds |
//! |---|---|
//! | [`check`] | the checker: pure, and itself tested with faults planted on purpose |
//! | [`arrival`] | one message as it arrived |
//! | [`ledger`] | the consumer's file: what was synced is there after any crash |
//! | [`consumer`] | subscribes, takes down, syncs, acknowledges |
//! | [`proxy`] | between a client and a server: cuts, black holes, resets, flips bits, is slow |
//! | [`process`] | a gateway as a process that can be killed |
//! | [`stand`] | source, proxies, gateway, broker and consumer on this machine |
//! | [`selftest`] | ten faults done to that, one after the other |

pub mod arrival;
pub mod check;
pub mod consumer;
pub mod ledger;
pub mod process;
pub mod proxy;
pub mod selftest;
pub mod stand;
#[cfg(test)]
mod tests;
