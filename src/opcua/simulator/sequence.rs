//! Numbers that tell when one of them is missing, and values that tell when they are wrong.
//!
//! Each node of a sequence source counts from 0 without a gap. The value it shows is made of the node and the number:
//! the number in the lower half, a check over both in the upper. Whoever sees a value knows which number it is, whether
//! this node ever had it, and which numbers are missing between two; nobody has to keep what was sent. The peers in
//! `tests/peers` make the same values.

/// The value of a node at a number.
#[must_use]
pub fn value(node: &str, number: u32) -> u64 {
    u64::from(check(node, number)) << 32 | u64::from(number)
}

/// The number behind a value; `None`: this node never had it.
#[must_use]
pub fn number(node: &str, value: u64) -> Option<u32> {
    let number = value as u32;
    ((value >> 32) as u32 == check(node, number)).then_some(number)
}

/// FNV-1a over the node's name and the number in four bytes, least first; then the last step of MurmurHash3, so that each
/// bit of the number moves half of the bits of the check.
fn check(node: &str, number: u32) -> u32 {
    let bytes = node.bytes().chain(number.to_le_bytes());
    let mut hash = bytes.fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash = (hash ^ hash >> 16).wrapping_mul(0x85EB_CA6B);
    hash = (hash ^ hash >> 13).wrapping_mul(0xC2B2_AE35);
    hash ^ hash >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_tells_its_number_and_no_other_value_passes_for_one() {
        for at in [0, 1, 255, 256, 65_536, u32::MAX] {
            let value = value("N0", at);
            assert_eq!(number("N0", value), Some(at));
            assert_eq!(number("N1", value), None, "another node's");
            for bit in 0..64 {
                assert_eq!(number("N0", value ^ 1 << bit), None, "bit {bit} of {value:x} is flipped");
            }
        }
    }

    #[test]
    fn the_peers_make_the_same_values() {
        // As tests/peers/sequence_server.py and .mjs print them for `--show`.
        assert_eq!(
            [value("N0", 0), value("N0", 7), value("N12", 4_000_000_000)],
            [16_258_666_726_995_001_344, 4_403_265_059_577_397_255, 9_420_993_544_957_143_040]
        );
    }
}
