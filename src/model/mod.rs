//! The field's own words: values, times, status codes, node paths, machines, topics, deliveries.
//!
//! Lowest layer: names nothing else of the crate. Everything here is plain data; time comes in as [`Now`].
//!
//! | module | holds |
//! |---|---|
//! | [`time`] | [`Timestamp`]: 100 ns ticks since 1601, and its text |
//! | [`status`] | [`StatusCode`] with severity and symbol |
//! | [`value`] | [`BuiltInType`], [`Scalar`], [`Sample`], [`Batch`]: what a source delivers |
//! | [`tree`] | arrays, matrices, structures in the arena of a batch |
//! | [`browse`] | browse paths and the globs that select them |
//! | [`discovery`] | machines and items a source found |
//! | [`declared`] | [`DeclaredField`]: which node or value a configuration puts into a field |
//! | [`linear`], [`mod@unit`] | exact scales and offsets; units by UNECE code |
//! | [`companion`] | the types of a companion model that machines are made of |
//! | [`exposed`] | what of the flows stands on the gateway's own OPC UA server |
//! | [`topic`] | [`TopicName`] |
//! | [`topic_pattern`] | [`TopicPattern`]: what is subscribed, and what its levels mean |
//! | [`delivery`] | [`Transaction`], [`Delivery`], [`Pending`]: from the stages to the spool |
//! | [`quarantined`] | [`Quarantined`]: a message that was not let through |

pub mod browse;
mod browse_text;
pub mod companion;
pub mod declared;
pub mod delivery;
pub mod discovery;
pub mod exposed;
pub mod linear;
pub mod quarantined;
pub mod status;
mod status_symbol;
pub mod time;
pub mod topic;
pub mod topic_pattern;
pub mod tree;
pub mod unit;
pub mod value;

pub use browse::{BrowseGlob, BrowseName, BrowsePath, BrowseTextError};
pub use companion::NodeTypes;
pub use declared::{DeclaredField, DeclaredPath, DeclaredSource};
pub use delivery::{Delivery, Durability, MessageProperties, Pending, Transaction};
pub use discovery::{Discovery, FoundItem, FoundMachine};
pub use exposed::{Exposed, ExposedMachine};
pub use quarantined::{Quarantined, Reason};
pub use status::StatusCode;
pub use time::{Now, Timestamp};
pub use topic::TopicName;
pub use topic_pattern::TopicPattern;
pub use unit::Unit;
pub use value::{Batch, BuiltInType, Document, Sample, Scalar, Span};
