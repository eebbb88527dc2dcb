//! Status codes: severity, symbol, info bits (OPC 10000-4 §7.38).

/// A status code as sent, info bits included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatusCode(pub u32);

impl StatusCode {
    pub const GOOD: Self = Self(0);
    pub const UNCERTAIN: Self = Self(0x4000_0000);
    pub const BAD: Self = Self(0x8000_0000);
    pub const BAD_NO_COMMUNICATION: Self = Self(0x8031_0000);
    pub const BAD_WAITING_FOR_INITIAL_DATA: Self = Self(0x8032_0000);
    pub const BAD_OUT_OF_RANGE: Self = Self(0x803C_0000);

    #[must_use]
    pub const fn is_good(self) -> bool {
        self.0 >> 30 == 0
    }

    #[must_use]
    pub const fn is_uncertain(self) -> bool {
        self.0 >> 30 == 1
    }

    /// Both reserved severities count as bad.
    #[must_use]
    pub const fn is_bad(self) -> bool {
        self.0 >> 31 == 1
    }

    /// The queue of the monitored item overflowed: info type `DataValue` with the overflow bit (OPC 10000-4 §7.38.1).
    #[must_use]
    pub const fn is_overflow(self) -> bool {
        self.0 & 0x0C80 == 0x0480
    }
}
