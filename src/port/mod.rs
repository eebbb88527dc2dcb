//! What the world hides behind.

pub mod clock;
pub mod source;

pub use clock::Clock;
pub use source::{LinkState, SourceEvent};
