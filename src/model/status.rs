//! Status codes: severity, symbol, info bits (OPC 10000-4 §7.38).

use super::status_symbol::SYMBOLS;

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
    pub const BAD_TYPE_MISMATCH: Self = Self(0x8074_0000);

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

    /// The code's name, such as `BadNodeIdUnknown`; info bits do not change it. `None` for a code that has none.
    #[must_use]
    pub fn symbol(self) -> Option<&'static str> {
        let code = (self.0 >> 16) as u16;
        let at = SYMBOLS.binary_search_by_key(&code, |(code, _)| *code).ok()?;
        SYMBOLS.get(at).map(|(_, symbol)| *symbol)
    }

    /// The code without info bits that has this name.
    #[must_use]
    pub fn from_symbol(symbol: &str) -> Option<Self> {
        let (code, _) = SYMBOLS.iter().find(|(_, name)| *name == symbol)?;
        Some(Self(u32::from(*code) << 16))
    }

    /// The queue of the monitored item overflowed: info type `DataValue` (bits 10 and 11) with the overflow bit, 7
    /// (OPC 10000-4 §7.39.1).
    ///
    /// Servers made with async-opcua set the bit and leave the info type at `NotUsed`. That is read leniently, which is
    /// safe: with `NotUsed` all ten info bits have to be zero, so there is no other meaning to take it for; it counts only
    /// where the bit stands alone, so bits that were never cleared are not read as an overflow; and nothing but a counter
    /// and a mark follow from it.
    #[must_use]
    pub const fn is_overflow(self) -> bool {
        self.0 & 0x0C80 == 0x0480 || self.0 & 0x0FFF == 0x0080
    }
}

impl std::fmt::Display for StatusCode {
    /// `BadNodeIdUnknown (0x80340000)`; the number alone when it has no name.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.symbol() {
            Some(symbol) => write!(f, "{symbol} (0x{:08X})", self.0),
            None => write!(f, "0x{:08X}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_name_agrees_with_its_severity() {
        assert!(SYMBOLS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (code, symbol) in SYMBOLS {
            let status = StatusCode(u32::from(*code) << 16);
            assert_eq!(status.is_good(), symbol.starts_with("Good"), "{symbol}");
            assert_eq!(status.is_uncertain(), symbol.starts_with("Uncertain"), "{symbol}");
            assert_eq!(status.is_bad(), symbol.starts_with("Bad"), "{symbol}");
            assert_eq!(StatusCode::from_symbol(symbol), Some(status));
        }
    }

    #[test]
    fn an_overflow_is_told_by_its_bit_under_the_right_info_type_or_alone() {
        let table = [
            (0x0000_0480, true),
            (0x4000_0480, true),
            // With limit bits, and with the structure changed.
            (0x0000_0580, true),
            (0x0000_4480, true),
            // As async-opcua writes it.
            (0x0000_0080, true),
            (0x8034_0080, true),
            (0x0000_C080, true),
            (0x0000_0000, false),
            (0x0000_0400, false),
            // The reserved info types, and bits that were never cleared.
            (0x0000_0880, false),
            (0x0000_0C80, false),
            (0x0000_0180, false),
            (0x0000_00FF, false),
            (0x0000_0081, false),
        ];
        for (status, expected) in table {
            assert_eq!(StatusCode(status).is_overflow(), expected, "0x{status:08X}");
        }
    }

    #[test]
    fn info_bits_do_not_change_the_name_and_an_unknown_code_has_none() {
        assert_eq!(StatusCode(0x8034_0480).symbol(), Some("BadNodeIdUnknown"));
        assert_eq!(StatusCode::BAD_WAITING_FOR_INITIAL_DATA.symbol(), Some("BadWaitingForInitialData"));
        assert_eq!(StatusCode::BAD_NO_COMMUNICATION.symbol(), Some("BadNoCommunication"));
        assert_eq!(StatusCode::BAD_OUT_OF_RANGE.symbol(), Some("BadOutOfRange"));
        assert_eq!(StatusCode(0x8FFF_0000).to_string(), "0x8FFF0000");
        assert_eq!(StatusCode::GOOD.to_string(), "Good (0x00000000)");
    }
}
