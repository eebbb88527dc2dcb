//! What the world hides behind.

pub mod clock;
pub mod heard;
pub mod sink;
pub mod source;

pub use clock::Clock;
pub use heard::{Asked, Devices, Heard};
pub use sink::SinkState;
pub use source::{LinkState, SourceEvent};
