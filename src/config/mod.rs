//! Configuration in three typed stages: what was typed (spans kept) → what is wrong with it → [`plan::Plan`].
//!
//! [`yaml`] reads a tree with places, [`read`], [`scalar`] and [`word`] make the records of [`mod@file`] of it and note
//! every fault, [`mod@check`] looks at the whole and makes the plan. [`mod@bind`] reads the tables of machines without a
//! companion model. [`schema`] describes [`mod@file`] for editors.

pub mod bind;
pub mod check;
pub mod file;
pub mod plan;
pub mod read;
mod record;
pub mod scalar;
pub mod schema;
pub mod word;
pub mod yaml;

pub use check::{FileFacts, World, check};
