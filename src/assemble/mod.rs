//! From changes of values to messages: which node fills which field, what each field last said, when a message goes out.
//!
//! | module | holds |
//! |---|---|
//! | [`mod@bind`] | a profile's mapping × the nodes that were found = [`Layout`] |
//! | `declared` | fields that the configuration binds itself |
//! | [`layout`] | the members of a machine's message in the order in which they are written |
//! | [`identity`] | how a machine gets its id |
//! | [`image`] | the last value, status and times of every field |
//! | [`backlog`] | values that wait behind a first message |
//! | [`cadence`] | when the next message is due |
//! | [`frame`] | writes one message from a layout and an image |
//! | [`spellings`] | how the messages of a profile may be spelt |
//! | [`grid`] | columns of held values on a fixed grid of time |
//! | [`expose`] | the nodes of one machine on the gateway's own OPC UA server |
//! | [`adapter`] | what an NC-Link adapter answers for one device |

pub mod adapter;
pub mod backlog;
pub mod bind;
pub mod cadence;
mod declared;
pub mod expose;
#[cfg(test)]
pub(crate) mod fixture;
pub mod frame;
pub mod grid;
pub mod identity;
pub mod image;
pub mod layout;
mod open;
mod pattern;
mod spelling;
mod tree;

pub use adapter::{Adapter, AdapterChannel, AdapterItem, ItemWish, SetWish};
pub use backlog::Backlog;
pub use bind::{bind, bind_carried, bind_event};
pub use cadence::Cadence;
pub use grid::Grid;
pub use image::Image;
pub use layout::{BoundField, Layout};
pub use spelling::spellings;
