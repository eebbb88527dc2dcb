//! Configuration in three typed stages: what was typed (spans kept) → what is wrong with it → [`plan::Plan`].
//!
//! [`yaml`] reads a tree with places, `include` puts the trees of several files together; [`read`], [`scalar`] and
//! [`word`] make the records of [`mod@file`] of it and note every fault; `template` fills in what repeats; [`mod@check`]
//! looks at the whole and makes the plan. [`mod@bind`] reads the tables of machines without a
//! companion model. [`schema`] describes [`mod@file`] for editors. Files come through [`World`].

pub mod beside;
pub mod bind;
pub mod check;
pub mod file;
mod include;
mod part;
pub mod plan;
pub mod read;
mod record;
pub mod scalar;
pub mod schema;
mod slip;
mod template;
pub mod text;
pub mod word;
mod world;
mod write_file;
mod write_plan;
pub mod yaml;

pub use check::check;
pub use world::{FileFacts, World};
