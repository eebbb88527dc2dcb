//! Configuration in three typed stages: what was typed (spans kept) → what is wrong with it → [`plan::Plan`].

pub mod plan;
