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
    /// Still to come, though receipted: to an earlier process.
    done: BTreeSet<u32>,
}

/// What is receipted, as the next process has to know it: every number before `next`, and of those behind it the ones whose
/// bit is set, the one right behind it by the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    pub next: u32,
    pub ahead: u64,
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
        Self { expected: 1, owed: BTreeSet::new(), done: BTreeSet::new() }
    }
}

impl Sequence {
    /// Goes on where an earlier process ended: what it had no receipt for is expected.
    #[must_use]
    pub fn resumed(settled: Settled) -> Self {
        let is_set = |place: &u32| settled.ahead >> place & 1 == 1;
        let done = (0..u64::BITS).filter(is_set).map(|place| advanced(settled.next, place + 1)).collect();
        Self { expected: settled.next.max(1), owed: BTreeSet::new(), done }
    }

    /// What the next process has to know. A receipt that came more than 64 numbers too early is left out.
    #[must_use]
    pub fn settled(&self) -> Settled {
        // On the circle: what is owed lies behind the expected one, the oldest farthest.
        let next = self.owed.iter().copied().max_by_key(|number| distance(*number, self.expected));
        let next = next.unwrap_or(self.expected);
        let is_settled = |number: u32| {
            self.done.contains(&number) || self.judge(number) == Arrival::Again && !self.owed.contains(&number)
        };
        let ahead = (0..u64::BITS).filter(|place| is_settled(advanced(next, place + 1)));
        Settled { next, ahead: ahead.fold(0, |bits, place| bits | 1 << place) }
    }

    /// Whether the expected one was receipted to an earlier process: then it is not handed on, and the next is expected.
    pub fn pass_done(&mut self) -> bool {
        let is_done = self.done.remove(&self.expected);
        if is_done {
            self.skip(1);
        }
        is_done
    }

    /// How many numbers there are from the expected one to the last of these; 0: none of them lies ahead.
    #[must_use]
    pub fn span(&self, numbers: &[u32]) -> u32 {
        let ahead = numbers.iter().map(|number| match self.judge(*number) {
            Arrival::Next => 1,
            Arrival::Ahead { count } => count + 1,
            Arrival::Again => 0,
        });
        ahead.max().unwrap_or(0)
    }

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
        self.expected = advanced(self.expected, count);
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

/// The number so many steps on; 0 is never used.
fn advanced(number: u32, count: u32) -> u32 {
    number.checked_add(count).unwrap_or_else(|| number.wrapping_add(count).wrapping_add(1))
}

/// Steps from one number forward to another.
fn distance(from: u32, to: u32) -> u32 {
    if to >= from { to - from } else { (u32::MAX - from).wrapping_add(to) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expecting(number: u32) -> Sequence {
        Sequence { expected: number, ..Sequence::default() }
    }

    #[test]
    fn row_11_the_number_after_the_largest_is_one() {
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
    #[test]
    fn the_next_process_expects_what_was_not_receipted_and_nothing_else() {
        for begin in [1, 7, u32::MAX - 2] {
            let mut sequence = expecting(begin);
            assert_eq!(sequence.settled(), Settled { next: begin, ahead: 0 });
            let numbers: Vec<u32> = (0..5).map(|step| advanced(begin, step)).collect();
            (0..5).for_each(|_| sequence.hand_on());
            for receipted in [0, 2, 4] {
                assert!(sequence.receipt(numbers[receipted]));
            }
            assert_eq!(sequence.settled(), Settled { next: numbers[1], ahead: 0b101 }, "from {begin}");
            let mut heir = Sequence::resumed(sequence.settled());
            assert_eq!(heir.settled(), sequence.settled(), "it dies before anything came");
            assert_eq!(heir.span(&numbers), 4);
            let mut expected = Vec::new();
            for _ in 0..4 {
                if !heir.pass_done() {
                    expected.push(heir.expected());
                    heir.skip(1);
                }
            }
            assert_eq!(expected, [numbers[1], numbers[3]]);
            assert_eq!((heir.expected(), heir.span(&numbers)), (advanced(begin, 5), 0));
        }
    }
}
