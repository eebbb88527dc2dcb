//! OPC UA: the only module that names `opcua::`. No value of that crate leaves its own runtime.
//!
//! | module | holds |
//! |---|---|
//! | [`namespace`] | the server's namespace table; node ids and browse names to and from their `nsu=` text |
//! | [`limits`] | what the server allows per call: read, obeyed, and learnt when it lies |
//! | [`browse`] | what lies below a node: continuation points, loops, many nodes a call |
//! | [`discover`] | machines and items for the flows, and what is missing |
//! | [`cache`] | what a browse found, kept on disk and re-checked |
//! | [`data_type`] | data types of the server: built-in base, enumerations, structure definitions |
//! | [`decode`] | values to samples, structures included |
//! | [`read`] | attributes and values in calls the server allows |

use crate::config::plan::{ItemSelector, RootSelector};
use crate::model::BrowseGlob;

pub mod browse;
pub mod cache;
pub mod data_type;
mod data_type_load;
pub mod decode;
mod decode_structure;
mod decode_value;
mod decode_wire;
pub mod discover;
mod discover_hit;
mod discover_root;
pub mod limits;
pub mod namespace;
pub mod read;
mod space;
mod type_chain;
mod walk;

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
}
