//! The one way to a machine: what a command says, who sends it, and whether it may be done. Deny by default.
//!
//! Pure: what time it is, what the machine holds and how far clocks are off come in as [`Facts`]. The order of a command:
//!
//! 1. [`Guard::read`]: bytes of a message → [`Command`] (strict; typed as the entry says, never coerced);
//!    [`Guard::bare`]: what comes without an envelope, by NC-Link or from a client of the gateway's own server.
//! 2. [`Guard::admit`]: sender, role, time, replay → [`Admitted`]. What is refused here costs the machine nothing.
//! 3. [`Admitted::needs`] says what has to be read from the machine; [`Guard::decide`] → [`Permit`].
//! 4. Nothing but a [`Permit`] opens the journal, and nothing but the journal's ticket goes to a machine.
//!
//! | module | holds |
//! |---|---|
//! | [`compose`] | a command as a sender writes it |
//! | [`command`] | [`Command`], [`CommandId`]: what a message says |
//! | [`mod@value`] | [`Value`]: one value of a machine with its exact type |
//! | [`refusal`] | [`Refusal`]: every reason, each with its code |
//! | [`outcome`] | [`Outcome`]: how a command ended, and the reply that says so |
//! | [`decision`] | [`Guard`], [`Facts`], [`Verdict`] |
//! | [`schema`] | what a command may look like, for whoever sends it |

mod bounds;
mod clock;
mod coerce;
pub mod command;
pub mod compose;
mod decimal;
pub mod decision;
#[cfg(test)]
pub(crate) mod fixture;
pub mod outcome;
mod rate;
pub mod refusal;
pub mod schema;
mod sender;
#[cfg(test)]
mod tests;
pub mod value;

pub use bounds::{shown_literal, shown_quantity};
pub use command::{Bare, Body, Command, CommandId, Origin};
pub use decision::{Actor, Admitted, Facts, Guard, Known, Needs, Permit, Reading, Verdict};
pub use outcome::{Outcome, OutcomeKind};
pub use refusal::{Refusal, Refused};
pub use value::Value;
