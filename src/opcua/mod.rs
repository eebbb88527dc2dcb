//! OPC UA: the only module that names `opcua::`. No value of that crate leaves its own runtime ([`runtime`]).
//!
//! | module | holds |
//! |---|---|
//! | [`source`] | one server to read from: connects, finds, subscribes, and does it again after every loss |
//! | [`runtime`] | a thread with a large stack for each source |
//! | [`certificate`] | own key pair, trusted and rejected certificates, what is wrong with them |
//! | `certificate_check`, `certificate_chain`, `certificate_revocation` | who stands for a certificate: a human, or an authority whose list is here |
//! | `endpoint`, `identity` | which endpoint of a server is acceptable, and who we are to it |
//! | `connect`, `connector`, `guard` | the way to a server, and what every chunk header is held against |
//! | `transport`, `answer` | chunks to responses, decoded on a bounded stack |
//! | `session`, `session_create`, `link` | channel, session, activation; a link that stands, and its take-over |
//! | `order`, `item_request`, `model_event`, `subscribe`, `proof` | subscriptions and items are created; every item reports, or it is told |
//! | `publish`, `arrival`, `pulse`, `skew` | the publish loop; what comes in it; whether the link lives; how far its clock is off |
//! | `cycle` | what the server cannot monitor is read again and again |
//! | `recheck`, `survey`, `rebrowse`, `adopt` | when a server is browsed again while its session lives, and what follows |
//! | `transfer`, `inherit`, `estate` | a new session goes on with subscriptions of a lost one, or of an earlier process; what one process leaves to the next |
//! | `feed`, `item`, `outside`, `intake`, `sequence`, `republish` | what one session monitors and owes; gaps, and what is asked for again |
//! | `history`, `history_fill`, `history_read`, `history_work`, `history_told` | what a gap took away, and what the server's history gives back of it |
//! | [`counters`] | what happened, for metrics |
//! | [`namespace`] | the server's namespace table; node ids and browse names to and from their `nsu=` text |
//! | [`limits`] | what the server allows per call: read, obeyed, and learnt when it lies |
//! | [`browse`] | what lies below a node: continuation points, loops, many nodes a call |
//! | [`discover`], `discover_root`, `discover_hit`, `discover_bound` | machines and items for the flows, and what is missing |
//! | [`cache`] | what a browse found, kept on disk and re-checked |
//! | [`data_type`] | data types of the server: built-in base, enumerations, structure definitions |
//! | [`decode`], `decode_event` | values and events to samples, structures included |
//! | `event`, `discover_event`, `refresh` | which events are asked for, where each machine's come from, and the conditions that were active before |
//! | `space`, `walk`, `type_chain` | the browsed part of the address space, walks along globs through it, supertypes |
//! | [`read`] | attributes and values in calls the server allows |
//! | `operate`, `encode` | what commands ask: nodes are looked at, a value is written, a method is called |
//! | [`server`] | the gateway's own server |
//! | `serving` | what it shares with the simulated machine |
//! | [`simulator`] | a machine tool that does not exist, behind a real server |

use crate::config::plan::{EventSelector, ItemSelector, RootSelector};
use crate::model::{BrowseGlob, DeclaredSource};

mod adopt;
mod answer;
mod arrival;
pub mod browse;
pub mod cache;
pub mod certificate;
mod certificate_chain;
mod certificate_check;
mod certificate_doctor;
mod certificate_own;
mod certificate_revocation;
mod certificate_store;
mod companion;
mod connect;
pub mod connector;
pub mod counters;
mod cycle;
pub mod data_type;
mod data_type_load;
pub mod decode;
pub mod decode_event;
mod decode_structure;
mod decode_value;
mod decode_wire;
pub mod discover;
mod discover_bound;
mod discover_event;
mod discover_hit;
mod discover_root;
mod encode;
mod endpoint;
mod estate;
mod event;
mod fault;
mod feed;
pub mod guard;
mod history;
mod history_fill;
mod history_read;
mod history_told;
mod history_work;
mod identity;
mod inherit;
mod intake;
mod item;
mod item_request;
pub mod limits;
mod link;
mod model_event;
pub mod namespace;
mod operate;
mod order;
mod outside;
mod pause;
mod proof;
mod publish;
mod pulse;
pub mod read;
mod rebrowse;
mod recheck;
mod refresh;
mod republish;
pub mod runtime;
mod sequence;
pub mod server;
mod serving;
mod session;
mod session_create;
pub mod simulator;
mod skew;
pub mod source;
mod space;
mod subscribe;
mod survey;
mod transfer;
pub mod transport;
mod type_chain;
mod walk;

pub use counters::Counters;
pub use pulse::state_name;
pub use source::{SourcePlan, look, start};

/// What one flow wants of a server.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Index of the flow in the plan.
    pub flow: u16,
    /// Which nodes are machines.
    pub each: RootSelector,
    /// Which variables below a machine; the last selector that matches a node decides.
    pub select: Vec<ItemSelector>,
    /// Paths below a machine that the flow's profiles map. They select nothing; a variable that several paths lead
    /// to is told under each path that is named here, and otherwise under the shortest only.
    pub mapped: Vec<BrowseGlob>,
    /// Variables of single machines that are selected in any case.
    pub bound: Vec<BoundNodes>,
    /// Which events of the machines.
    pub events: Option<EventSelector>,
}

/// Variables that the configuration binds to fields of one machine.
#[derive(Clone, Debug)]
pub struct BoundNodes {
    /// Node id of the machine's root, with namespace URI.
    pub machine: String,
    pub nodes: Vec<DeclaredSource>,
}
