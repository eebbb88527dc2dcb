//! What the world hides behind.

pub mod clock;
pub mod disk;
#[cfg(test)]
pub mod fake_disk;
pub mod heard;
pub mod machine;
mod real_disk;
pub mod sink;
pub mod source;

pub use clock::Clock;
pub use disk::{Disk, DiskFile, DiskLock};
pub use heard::{Asked, Devices, Heard, Shelves};
pub use machine::Desk;
pub use real_disk::RealDisk;
pub use sink::SinkState;
pub use source::{LinkState, SourceEvent};
