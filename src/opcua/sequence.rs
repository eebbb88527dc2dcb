//! Sequence numbers of one subscription's notifications: what comes next, what is missing, what is still owed.
//!
//! OPC 10000-4 §7.5: they rise by one, 4,294,967,295 is followed by 1, and a keep-alive carries the number of the
//! notification that comes next.

use std::collections::BTreeSet;

/// The numbers of one subscription.
#[derive(Debug)]
pub struct Sequence {
    expected: u32,
    /// Handed on, and not yet receipted.
    owed: BTreeSet<u32>,
}

/// What a number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The one that was expected.
    Next,
    /// It came before.
    Again,
    /// `count` numbers from the expected one on are missing before it.
    Ahead { count: u32 },
}

impl Default for Sequence {
    fn default() -> Self {
        Self { expected: 1, owed: BTreeSet::new() }
    }
}

impl Sequence {
    /// The number that comes next.
    #[must_use]
    pub fn expected(&self) -> u32 {
        self.expected
    }

    /// Holds a number against the expected one.
    #[must_use]
    pub fn judge(&self, number: u32) -> Arrival {
        match distance(self.expected, number) {
            0 => Arrival::Next,
            // Half of the circle lies ahead, the other half behind.
            count if count < u32::MAX / 2 => Arrival::Ahead { count },
            _ => Arrival::Again,
        }
    }

    /// The expected one was handed on, and its receipt is awaited.
    pub fn hand_on(&mut self) {
        self.owed.insert(self.expected);
        self.skip(1);
    }

    /// The expected one holds nothing, or it and those after it, `count` in all, will never come.
    pub fn skip(&mut self, count: u32) {
        // 0 is never used.
        self.expected = match self.expected.checked_add(count) {
            Some(next) => next,
            None => self.expected.wrapping_add(count).wrapping_add(1),
        };
    }

    /// A receipt came; `false` for one that nobody awaited.
    pub fn receipt(&mut self, number: u32) -> bool {
        self.owed.remove(&number)
    }

    /// How many receipts are awaited.
    #[must_use]
    pub fn owed(&self) -> usize {
        self.owed.len()
    }
}

/// Steps from one number forward to another.
fn distance(from: u32, to: u32) -> u32 {
    if to >= from { to - from } else { (u32::MAX - from).wrapping_add(to) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expecting(number: u32) -> Sequence {
        Sequence { expected: number, owed: BTreeSet::new() }
    }

    #[test]
    fn the_number_after_the_largest_is_one() {
        let mut sequence = expecting(u32::MAX - 1);
        for number in [u32::MAX - 1, u32::MAX, 1, 2] {
            assert_eq!(sequence.judge(number), Arrival::Next);
            sequence.hand_on();
        }
        assert_eq!(sequence.owed(), 4);
        let mut far = expecting(u32::MAX - 1);
        far.skip(3);
        assert_eq!(far.expected(), 2);
        assert!(sequence.receipt(u32::MAX));
        assert!(!sequence.receipt(u32::MAX), "twice is once");
    }

    #[test]
    fn what_is_missing_and_what_came_before_are_told_apart() {
        let table = [
            (1, 1, Arrival::Next),
            (5, 7, Arrival::Ahead { count: 2 }),
            (5, 4, Arrival::Again),
            (5, u32::MAX, Arrival::Again),
            (u32::MAX, 2, Arrival::Ahead { count: 2 }),
            (1, u32::MAX, Arrival::Again),
        ];
        for (expected, number, arrival) in table {
            assert_eq!(expecting(expected).judge(number), arrival, "{number} when {expected} was expected");
        }
    }
}
