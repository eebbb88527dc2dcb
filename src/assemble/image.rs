//! The last value, status and times of every field of one machine's message.

use super::layout::{BoundField, Layout, NO_SLOT};
use crate::codec::Reading;
use crate::model::{Sample, Scalar, Span, StatusCode, Timestamp};
use std::collections::HashMap;
use std::ops::Range;

/// What every field of one layout last said. Memory is taken when a field first gets a longer value, and kept.
#[derive(Debug)]
pub struct Image {
    held: Vec<Held>,
    flags: Vec<u8>,
    unheard: u32,
    unheard_mandatory: u32,
    dirty: u32,
}

#[derive(Clone, Debug)]
struct Held {
    scalar: Scalar,
    status: StatusCode,
    source_time: Timestamp,
    server_time: Timestamp,
    /// What the scalar's span points into.
    bytes: Vec<u8>,
}

/// A sample came: a value or a status.
const HEARD: u8 = 1;
/// What the field holds was not yet part of a message.
const DIRTY: u8 = 2;
/// What the field holds broke the schema and is left out until something new comes.
const WITHHELD: u8 = 4;
/// What the field holds does not leave; set only while the message that leaves is written.
const CONCEALED: u8 = 8;

/// What a sample changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The value that was overwritten had not been part of a message.
    pub has_superseded: bool,
    /// The field turned bad with this sample.
    pub turned_bad: bool,
    /// The source time is earlier than that of the value before.
    pub went_back: bool,
}

/// How many fields are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldCount {
    pub all: u64,
    /// Bad status, or left out because they break the schema.
    pub bad: u64,
    /// Nothing came yet.
    pub missing: u64,
}

impl Image {
    /// An image in which no field has said anything.
    #[must_use]
    pub fn new(layout: &Layout) -> Self {
        let empty = || Held {
            scalar: Scalar::Null,
            status: StatusCode::BAD_WAITING_FOR_INITIAL_DATA,
            source_time: Timestamp::NONE,
            server_time: Timestamp::NONE,
            bytes: Vec::new(),
        };
        let fields = layout.fields();
        Self {
            held: fields.iter().map(|_| empty()).collect(),
            flags: vec![0; fields.len()],
            unheard: fields.len() as u32,
            unheard_mandatory: fields.iter().filter(|field| field.is_mandatory).count() as u32,
            dirty: 0,
        }
    }

    /// The image of another layout of the same machine: what both have by the same node is as it was, but nothing of it
    /// waits for a message. Everything else has said nothing.
    #[must_use]
    pub fn carried(&self, before: &Layout, layout: &Layout) -> Self {
        let mut image = Self::new(layout);
        // What no item fills is known by its place.
        let name = |field: &BoundField| {
            (field.slot, if field.slot == NO_SLOT { field.pointer.clone() } else { field.node.clone() })
        };
        let known: HashMap<(u32, String), usize> =
            before.fields().iter().zip(0..).map(|(field, at)| (name(field), at)).collect();
        for (at, bound) in layout.fields().iter().enumerate() {
            let Some(from) = known.get(&name(bound)) else { continue };
            if self.is_heard(*from as u32) {
                image.held[at] = self.held[*from].clone();
                image.flags[at] = HEARD;
                image.unheard -= 1;
                image.unheard_mandatory -= u32::from(bound.is_mandatory);
            }
        }
        image
    }

    /// Takes a sample over; `arena` is what its span points into. A field that is not in the layout is ignored.
    pub fn store(&mut self, layout: &Layout, field: u32, sample: &Sample, arena: &[u8]) -> Stored {
        let at = field as usize;
        let (Some(held), Some(flags), Some(bound)) =
            (self.held.get_mut(at), self.flags.get_mut(at), layout.fields().get(at))
        else {
            return Stored { has_superseded: false, turned_bad: false, went_back: false };
        };
        let status = StatusCode(sample.status);
        let before = *flags;
        let was_heard = before & HEARD != 0;
        let stored = Stored {
            has_superseded: before & DIRTY != 0,
            turned_bad: status.is_bad() && !(was_heard && held.status.is_bad()),
            went_back: !held.source_time.is_none()
                && !sample.source_time.is_none()
                && sample.source_time < held.source_time,
        };
        held.take(sample, arena);
        *flags = HEARD | DIRTY;
        self.unheard -= u32::from(!was_heard);
        self.unheard_mandatory -= u32::from(!was_heard && bound.is_mandatory);
        self.dirty += u32::from(!stored.has_superseded);
        if before & WITHHELD != 0
            && let Some(element) = bound.element.clone()
        {
            // Something of the element is new: the whole of it gets another chance.
            self.flags_of(element).iter_mut().for_each(|flags| *flags &= !WITHHELD);
        }
        stored
    }

    /// What the field holds, ready to be written.
    #[must_use]
    pub fn reading<'a>(&'a self, field: u32, bound: &'a BoundField) -> Option<Reading<'a>> {
        let held = self.held.get(field as usize)?;
        Some(Reading {
            scalar: held.scalar,
            arena: &held.bytes,
            status: held.status,
            source_time: held.source_time,
            server_time: held.server_time,
            enumeration: bound.enumeration.as_deref(),
        })
    }

    /// Whether a value or a status came.
    #[must_use]
    pub fn is_heard(&self, field: u32) -> bool {
        self.has(field, HEARD)
    }

    /// Whether what the field holds was not yet part of a message.
    #[must_use]
    pub fn is_dirty(&self, field: u32) -> bool {
        self.has(field, DIRTY)
    }

    /// Whether the field is left out because it breaks the schema.
    #[must_use]
    pub fn is_withheld(&self, field: u32) -> bool {
        self.has(field, WITHHELD)
    }

    /// Source values that were not yet part of a message.
    #[must_use]
    pub fn dirty(&self) -> u32 {
        self.dirty
    }

    /// Fields that have said nothing.
    #[must_use]
    pub fn unheard(&self) -> u32 {
        self.unheard
    }

    /// Mandatory fields that have said nothing.
    #[must_use]
    pub fn unheard_mandatory(&self) -> u32 {
        self.unheard_mandatory
    }

    /// Everything held is part of a message now, or of none for good; says how many values that concerns.
    pub fn settle(&mut self) -> u32 {
        self.flags.iter_mut().for_each(|flags| *flags &= !DIRTY);
        std::mem::take(&mut self.dirty)
    }

    /// Leaves fields out until something new comes; says how many values are thereby not part of the next message.
    pub fn withhold(&mut self, fields: Range<u32>) -> u32 {
        let mut values = 0;
        for flags in self.flags_of(fields) {
            values += u32::from(*flags & DIRTY != 0);
            *flags = *flags & !DIRTY | WITHHELD;
        }
        self.dirty -= values;
        values
    }

    /// Whether the field is left out of the message being written.
    #[must_use]
    pub fn is_left_out(&self, field: u32) -> bool {
        self.has(field, WITHHELD | CONCEALED)
    }

    /// Whether what the field holds does not leave by the message being written.
    #[must_use]
    pub fn is_concealed(&self, field: u32) -> bool {
        self.has(field, CONCEALED)
    }

    /// Leaves fields out of what is written until [`Self::reveal`].
    pub fn conceal(&mut self, fields: &[u32]) {
        for field in fields {
            if let Some(flags) = self.flags.get_mut(*field as usize) {
                *flags |= CONCEALED;
            }
        }
    }

    /// Takes [`Self::conceal`] back.
    pub fn reveal(&mut self, fields: &[u32]) {
        for field in fields {
            if let Some(flags) = self.flags.get_mut(*field as usize) {
                *flags &= !CONCEALED;
            }
        }
    }

    /// Exchanges what the field holds for something else, whose span points into `bytes`. Status and times stay.
    pub fn exchange(&mut self, field: u32, scalar: &mut Scalar, bytes: &mut Vec<u8>) {
        if let Some(held) = self.held.get_mut(field as usize) {
            std::mem::swap(&mut held.scalar, scalar);
            std::mem::swap(&mut held.bytes, bytes);
        }
    }

    /// How many fields are in which state.
    #[must_use]
    pub fn count(&self) -> FieldCount {
        let is_bad =
            |(held, flags): (&Held, &u8)| flags & WITHHELD != 0 || (flags & HEARD != 0 && held.status.is_bad());
        FieldCount {
            all: self.held.len() as u64,
            bad: self.held.iter().zip(&self.flags).filter(|pair| is_bad(*pair)).count() as u64,
            missing: u64::from(self.unheard),
        }
    }

    fn has(&self, field: u32, flag: u8) -> bool {
        self.flags.get(field as usize).is_some_and(|flags| flags & flag != 0)
    }

    fn flags_of(&mut self, fields: Range<u32>) -> &mut [u8] {
        self.flags.get_mut(fields.start as usize..fields.end as usize).unwrap_or_default()
    }
}

impl Held {
    fn take(&mut self, sample: &Sample, arena: &[u8]) {
        self.status = StatusCode(sample.status);
        self.source_time = sample.source_time;
        self.server_time = sample.server_time;
        let mut keep = |span: Span| {
            self.bytes.clear();
            self.bytes.extend_from_slice(span.of(arena));
            Span { start: 0, length: self.bytes.len() as u32 }
        };
        self.scalar = match sample.scalar {
            Scalar::Text(kind, span) => Scalar::Text(kind, keep(span)),
            Scalar::Bytes(span) => Scalar::Bytes(keep(span)),
            Scalar::Tree(span) => Scalar::Tree(keep(span)),
            inline => inline,
        };
    }
}
