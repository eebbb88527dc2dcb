//! What the world hides behind.

pub mod clock;
pub mod sink;
pub mod source;

pub use clock::Clock;
pub use sink::SinkState;
pub use source::{LinkState, SourceEvent};
