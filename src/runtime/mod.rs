//! Pipelines, supervisor, shutdown, health.
//!
//! | module | holds |
//! |---|---|
//! | [`gateway`] | a whole gateway: start, facts, stop in flow order |
//! | [`clock_watch`] | what is wrong with this machine's clock |
//! | [`supervisor`] | spawns every task, starts one that died again |
//! | [`pipeline`] | one source's way from its events to the spool |
//! | `devices` | who listens for what applications ask of the devices of a source |
//! | [`stages`] | the pure stages of one source, composed |
//! | [`ledger`] | what became of each flow's values, over all lives of its source |
//! | [`quarantine_writer`] | what was refused, to disk, on a thread of its own |
//! | [`facts`] | everybody's facts collected into one [`status`], and health computed from it |
//! | [`presence`] | what the gateway itself says on a broker |
//! | [`instance`] | one instance per data directory |
//! | [`look`], [`online`], [`tap`] | what a server has: once, checked, or as it comes |

pub mod clock_watch;
mod devices;
pub mod diagnostics;
pub mod disk;
pub mod face;
pub mod facts;
pub mod gateway;
pub mod instance;
pub mod ledger;
pub mod look;
pub mod online;
mod online_event;
mod online_listen;
pub mod pipeline;
pub mod presence;
pub mod quarantine_writer;
pub mod stages;
pub mod status;
pub mod supervisor;
pub mod tap;
