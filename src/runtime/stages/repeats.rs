//! What happens again and again is told once, then counted, then told as one number.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// What is taken for the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    code: &'static str,
    stream: u32,
    what: u64,
}

impl Key {
    /// The same code of the same stream about the same thing: a field, or a rule with its place.
    pub(super) fn new(code: &'static str, stream: u32, what: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        what.hash(&mut hasher);
        Self { code, stream, what: hasher.finish() }
    }
}

/// Counts repeats of what carries a `T`, which is kept to tell of them later.
#[derive(Debug)]
pub(super) struct Repeats<T> {
    seen: HashMap<Key, Seen<T>>,
    /// New ones for which there was no room.
    untold: u64,
}

#[derive(Debug)]
struct Seen<T> {
    subject: T,
    told: Duration,
    count: u64,
}

/// How often repeats are told.
pub(super) const INTERVAL: Duration = Duration::from_secs(60);
/// How many different things are kept apart at most.
const MOST: usize = 4096;

impl<T> Default for Repeats<T> {
    fn default() -> Self {
        Self { seen: HashMap::new(), untold: 0 }
    }
}

impl<T: Clone> Repeats<T> {
    /// It happened; `make` is asked only when it is new. Returns whether it has to be told now.
    pub(super) fn is_new(&mut self, key: Key, now: Duration, make: impl FnOnce() -> T) -> bool {
        if let Some(seen) = self.seen.get_mut(&key) {
            seen.count += 1;
            return false;
        }
        if self.seen.len() >= MOST {
            self.untold += 1;
            return false;
        }
        self.seen.insert(key, Seen { subject: make(), told: now, count: 0 });
        true
    }

    /// When [`Self::due`] has something to say or to forget.
    pub(super) fn next(&self) -> Option<Duration> {
        self.seen.values().map(|seen| seen.told + INTERVAL).min()
    }

    /// What was repeated since it was last told, with how often. What was not is forgotten, and new when it comes back.
    pub(super) fn due(&mut self, now: Duration) -> Vec<(T, u64)> {
        let mut told = Vec::new();
        self.seen.retain(|_, seen| {
            if now < seen.told + INTERVAL {
                return true;
            }
            if seen.count > 0 {
                told.push((seen.subject.clone(), seen.count));
            }
            seen.told = now;
            std::mem::take(&mut seen.count) > 0
        });
        told
    }

    /// Everything that was repeated and not told yet; then nothing is known any more.
    pub(super) fn drain(&mut self) -> Vec<(T, u64)> {
        self.seen.drain().filter(|(_, seen)| seen.count > 0).map(|(_, seen)| (seen.subject, seen.count)).collect()
    }

    /// How many new ones there was no room for since this was asked last.
    pub(super) fn take_untold(&mut self) -> u64 {
        std::mem::take(&mut self.untold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_told_at_once_and_the_others_once_per_interval() {
        let mut repeats = Repeats::default();
        let at = Duration::from_secs;
        let happens = |repeats: &mut Repeats<&str>, second| repeats.is_new(Key::new("X", 0, 7), at(second), || "it");
        assert!(happens(&mut repeats, 0));
        assert!(!happens(&mut repeats, 1) && !happens(&mut repeats, 2));
        assert_eq!(repeats.next(), Some(at(60)));
        assert_eq!(repeats.due(at(59)), []);
        assert_eq!(repeats.due(at(60)), [("it", 2)]);
        assert_eq!(repeats.due(at(120)), []);
        assert_eq!(repeats.next(), None);
        assert!(happens(&mut repeats, 121), "forgotten after a quiet interval");
    }

    #[test]
    fn memory_is_bounded_and_what_found_no_room_is_counted() {
        let mut repeats = Repeats::default();
        for number in 0..MOST + 10 {
            repeats.is_new(Key::new("X", 0, number), Duration::ZERO, || ());
        }
        assert_eq!(repeats.seen.len(), MOST);
        assert_eq!((repeats.take_untold(), repeats.take_untold()), (10, 0));
    }
}
