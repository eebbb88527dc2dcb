//! Values that wait behind a first message.

use crate::model::{Sample, Scalar, Span};

/// Further values of fields whose first ones still wait for a complete first message: kept in order, bounded.
#[derive(Debug, Default)]
pub struct Backlog {
    samples: Vec<(u32, Sample)>,
    arena: Vec<u8>,
}

/// Values a backlog holds at most.
pub const MOST_SAMPLES: usize = 1 << 16;
/// Bytes of texts and structures a backlog holds at most.
pub const MOST_BYTES: usize = 4 << 20;

impl Backlog {
    /// Keeps a value of a field; `false` when there is no room left.
    #[must_use]
    pub fn push(&mut self, field: u32, sample: &Sample, arena: &[u8]) -> bool {
        let room = MOST_BYTES - self.arena.len().min(MOST_BYTES);
        let bytes = match sample.scalar {
            Scalar::Text(_, span) | Scalar::Bytes(span) | Scalar::Tree(span) => span.of(arena),
            _ => &[],
        };
        if self.samples.len() >= MOST_SAMPLES || bytes.len() > room {
            return false;
        }
        let kept = Span { start: self.arena.len() as u32, length: bytes.len() as u32 };
        self.arena.extend_from_slice(bytes);
        let scalar = match sample.scalar {
            Scalar::Text(kind, _) => Scalar::Text(kind, kept),
            Scalar::Bytes(_) => Scalar::Bytes(kept),
            Scalar::Tree(_) => Scalar::Tree(kept),
            inline => inline,
        };
        self.samples.push((field, Sample { scalar, ..*sample }));
        true
    }

    /// How many values wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// The fields with their values, in the order in which they came, and what their spans point into.
    #[must_use]
    pub fn take(&mut self) -> (Vec<(u32, Sample)>, Vec<u8>) {
        (std::mem::take(&mut self.samples), std::mem::take(&mut self.arena))
    }
}
