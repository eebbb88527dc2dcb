//! MQTT: the only module that names the client crates and the broker crate.
//!
//! The client is a lossy pipe, the spool is the truth: [`sink::run`] hands records to a client object that is thrown
//! away at the first fault, and releases a record only on *its* PUBACK.
//!
//! | module | holds |
//! |---|---|
//! | [`sink`] | [`SinkPlan`], [`run`]: connect, drain the spool, say goodbye; back-off between |
//! | [`herald`] | [`HeraldPlan`]: keeps messages standing beside those of the sink, with a last will of its own |
//! | [`source`] | [`SourcePlan`], [`source::run`]: a client of its own that subscribes |
//! | `listen` | one connection of a source: messages in, acknowledgements out |
//! | `intake` | from a message that came in to values with places |
//! | [`leftovers`] | what an earlier run left on topics of states |
//! | [`requests`] | what applications ask of the devices that a sink publishes |
//! | [`commands`] | commands that come and go, each acknowledged when it is written down |
//! | `again` | a client that only listens, and connects again |
//! | `ask` | when a device is asked for its model |
//! | `redelivery` | what came in on a session and may come again |
//! | `reach` | a connection that stands, and the question whether one can |
//! | `session` | one connection: the loop between the spool and the client |
//! | `flight` | what is under way on one connection, and which PUBACK belongs to it |
//! | `client` | MQTT 5 and 3.1.1 behind two small enums |
//! | `message` | one message, and its size on the wire |
//! | `trouble` | every way a broker can fail, as a cause and a finding |
//! | `pause` | how long to wait before the next try |
//! | `tls` | trust and identity from PEM files |
//! | `wire`, `proxy`, `web_socket` | the byte stream: look-up, TCP, the way through an HTTP proxy, TLS, WebSocket |
//! | [`counters`], [`source_counters`] | what the metrics show |
//! | [`embedded`] | the built-in broker |
//! | [`tap`] | listens in on it, for the live view |
//! | [`errand`] | one message and its answer |
//! | [`simulator`] | an NC-Link device that is not there |
//! | [`consume`] | a subscriber that takes each message down before it acknowledges, for the fault lab |
//! | [`watch`] | everything that arrives at a topic filter, for `qiao tap` |

mod again;
mod ask;
mod client;
pub mod commands;
pub mod consume;
pub mod counters;
pub mod embedded;
pub mod errand;
mod flight;
pub mod herald;
mod intake;
pub mod leftovers;
mod listen;
mod message;
mod pause;
mod proxy;
mod reach;
mod redelivery;
pub mod requests;
mod session;
pub mod simulator;
pub mod sink;
pub mod source;
pub mod source_counters;
pub mod tap;
mod tls;
mod trouble;
pub mod watch;
mod web_socket;
mod wire;

pub use counters::Counters;
pub use herald::HeraldPlan;
pub use message::{Incoming, ReplyTo};
pub use reach::reach;
pub use sink::{Ended, GatewayStatus, Parked, Presence, SinkPlan, Timing, run};
pub use source::SourcePlan;
pub use source_counters::SourceCounters;
pub use trouble::Cause;
