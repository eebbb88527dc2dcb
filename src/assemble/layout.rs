//! The members of one machine's message, in the order in which they are written.

use crate::codec::Key;
use std::ops::Range;
use std::sync::Arc;

/// What a machine's message is made of: known once per session, walked for every message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Objects before their members; the constants of an object behind its other members.
    pub(super) members: Vec<Member>,
    /// In the order in which they are written.
    pub(super) fields: Vec<BoundField>,
    /// Indexes of the fields, sorted by pointer.
    pub(super) by_pointer: Vec<u32>,
}

/// One member of an object of the message.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    pub(super) key: Key,
    pub(super) content: Content,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// Its members follow, up to `end`; its fields lie next to each other.
    Object { end: u32, fields: Range<u32> },
    /// Index into [`Layout::fields`].
    Field(u32),
    /// Written when its object is.
    Constant(serde_json::Value),
}

/// The slot of a field that no item fills, but a value of the configuration.
pub const NO_SLOT: u32 = u32::MAX;

/// A field that a node, or a value of the configuration, fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundField {
    /// Index of the item in its discovery, or [`NO_SLOT`].
    pub slot: u32,
    /// JSON pointer of the field in the message.
    pub pointer: String,
    /// Node id of the item, with namespace URI.
    pub node: String,
    pub is_mandatory: bool,
    /// Read once a session; a field whose node is not monitored is waited for all the same.
    pub is_read_once: bool,
    /// Names by number, when the item's data type is an enumeration.
    pub enumeration: Option<Arc<[(i64, String)]>>,
    /// The smallest part of the message around this field that can be left out although the field is mandatory in it:
    /// the element that a placeholder stands for. Indexes of all fields in it.
    pub element: Option<Range<u32>>,
    /// Index into the fields that the configuration declares for the machine.
    pub declared: Option<u32>,
    /// Concept of the hub that it holds, as the mapping says.
    pub concept: Option<Arc<str>>,
    /// In what its numbers count, where the source itself says so (see [`FoundItem::unit`]); `None`: as the mapping says.
    ///
    /// [`FoundItem::unit`]: crate::model::FoundItem::unit
    pub unit: Option<Arc<str>>,
}

impl BoundField {
    /// One that no item fills.
    pub(super) fn without_node(pointer: &str, concept: Option<&str>) -> Self {
        Self {
            slot: NO_SLOT,
            pointer: pointer.to_owned(),
            node: String::new(),
            is_mandatory: false,
            is_read_once: false,
            enumeration: None,
            element: None,
            declared: None,
            concept: concept.map(Arc::from),
            unit: None,
        }
    }
}

impl Layout {
    /// The fields in the order in which they are written.
    #[must_use]
    pub fn fields(&self) -> &[BoundField] {
        &self.fields
    }

    /// The field that a JSON pointer into the message names or lies in.
    #[must_use]
    pub fn field_at(&self, mut pointer: &str) -> Option<u32> {
        let of = |at: &u32| self.fields.get(*at as usize).map_or("", |field| field.pointer.as_str());
        loop {
            if let Ok(found) = self.by_pointer.binary_search_by(|at| of(at).cmp(pointer)) {
                return self.by_pointer.get(found).copied();
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    }

    /// The fields below an object of the message, which `pointer` names; `None` when it names no such object.
    #[must_use]
    pub fn fields_below(&self, pointer: &str) -> Option<Range<u32>> {
        let is_below =
            |field: &BoundField| field.pointer.strip_prefix(pointer).is_some_and(|rest| rest.starts_with('/'));
        let start = self.fields.iter().position(is_below)?;
        let count = self.fields[start..].iter().take_while(|field| is_below(field)).count();
        Some(start as u32..(start + count) as u32)
    }

    /// The same without these fields; no message is written from it.
    #[must_use]
    pub fn without(&self, hides: impl Fn(u32) -> bool) -> Self {
        let fields = (0..).zip(&self.fields).filter(|(at, _)| !hides(*at));
        Self { fields: fields.map(|(_, field)| field.clone()).collect(), ..self.clone() }
    }

    /// What is the same in every message, by JSON pointer.
    #[must_use]
    pub fn constants(&self) -> Vec<(String, &serde_json::Value)> {
        let mut open: Vec<(u32, String)> = Vec::new();
        let mut found = Vec::new();
        for (at, member) in (0..).zip(&self.members) {
            open.retain(|(end, _)| *end > at);
            let above = open.last().map_or("", |(_, pointer)| pointer.as_str());
            let pointer = format!("{above}/{}", member.key.name().replace('~', "~0").replace('/', "~1"));
            match &member.content {
                Content::Object { end, .. } => open.push((*end, pointer)),
                Content::Constant(value) => leaves(pointer, value, &mut found),
                Content::Field(_) => {}
            }
        }
        found
    }

    /// Which fields each slot fills: pairs of slot and field, sorted.
    #[must_use]
    pub fn by_slot(&self) -> Vec<(u32, u32)> {
        let fields = self.fields.iter().zip(0u32..).filter(|(field, _)| field.slot != NO_SLOT);
        let mut pairs: Vec<_> = fields.map(|(field, at)| (field.slot, at)).collect();
        pairs.sort_unstable();
        pairs
    }
}

/// A constant and, where it is an object, what stands in it.
fn leaves<'v>(pointer: String, value: &'v serde_json::Value, found: &mut Vec<(String, &'v serde_json::Value)>) {
    for (name, inner) in value.as_object().into_iter().flatten() {
        leaves(format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), inner, found);
    }
    found.push((pointer, value));
}
