//! Time as OPC UA counts it.

/// 100 ns ticks since 1601-01-01T00:00:00Z (OPC 10000-6 §5.2.2.5); may be negative or far in the future.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

/// What time it is: comes into the pure stages as input.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// Wall clock, for what is written into messages.
    pub wall: Timestamp,
    /// Time since the process began, for every interval and deadline.
    pub monotonic: std::time::Duration,
}

impl Timestamp {
    /// No time was given. Not a time: never compared, never written.
    pub const NONE: Self = Self(i64::MIN);
    /// Ticks between 1601-01-01 and 1970-01-01.
    pub const UNIX_EPOCH: Self = Self(116_444_736_000_000_000);

    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::NONE
    }
}

impl Default for Timestamp {
    fn default() -> Self {
        Self::NONE
    }
}
