//! What may leave, by concept: applied last, to a message that is complete and valid here.

use super::stream::Stream;
use crate::assemble::{Image, Layout};
use crate::codec::{Reading, Tape, umati_json};
use crate::config::plan::{Leaving, Secret};
use crate::model::tree::{Node, TreeWriter};
use crate::model::{BuiltInType, Scalar, Span};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::sync::Arc;

/// What a machine's message holds and does not leave as it is.
#[derive(Debug)]
pub(super) struct Guard {
    /// Fields that stay here.
    concealed: Vec<u32>,
    /// Fields that leave as pseudonyms, with their concepts.
    masked: Vec<(u32, Arc<str>)>,
    key: Option<Secret>,
    /// What masked fields hold while a message is written; kept for its memory.
    set_aside: Vec<(Scalar, Vec<u8>)>,
    scratch: Tape,
}

impl Guard {
    /// `None`: everything leaves as it is, and nothing is to be done.
    pub(super) fn new(leaving: &Leaving, layout: &Layout) -> Option<Self> {
        let (mut concealed, mut masked) = (Vec::new(), Vec::new());
        for (at, field) in (0..).zip(layout.fields()) {
            let concept = field.concept.as_ref();
            if !leaving.allows(concept.map(|concept| &**concept)) {
                concealed.push(at);
            } else if let Some(concept) = concept.filter(|concept| leaving.is_pseudonym(Some(concept))) {
                masked.push((at, Arc::clone(concept)));
            }
        }
        if concealed.is_empty() && masked.is_empty() {
            return None;
        }
        let key = leaving.key.clone();
        Some(Self { concealed, masked, key, set_aside: Vec::new(), scratch: Tape::new() })
    }

    /// Whether a field stays here.
    pub(super) fn keeps(&self, field: u32) -> bool {
        self.concealed.contains(&field)
    }

    /// Until [`Self::lift`] the image shows what may leave, as it may leave.
    pub(super) fn lower(&mut self, layout: &Layout, image: &mut Image) {
        image.conceal(&self.concealed);
        self.set_aside.resize_with(self.masked.len(), || (Scalar::Null, Vec::new()));
        for ((field, concept), (scalar, bytes)) in self.masked.iter().zip(&mut self.set_aside) {
            bytes.clear();
            *scalar = Scalar::Null;
            let bound = layout.fields().get(*field as usize);
            if let Some(reading) = bound.and_then(|bound| image.reading(*field, bound)) {
                *scalar = pseudonym(&reading, concept, self.key.as_ref(), &mut self.scratch, bytes);
            }
            image.exchange(*field, scalar, bytes);
        }
    }

    /// The image is as it was.
    pub(super) fn lift(&mut self, image: &mut Image) {
        for ((field, _), (scalar, bytes)) in self.masked.iter().zip(&mut self.set_aside) {
            image.exchange(*field, scalar, bytes);
        }
        image.reveal(&self.concealed);
    }
}

impl Stream {
    /// Has the message written as it may leave. For flows by which everything leaves there is nothing to do.
    pub(super) fn conceal(&mut self, write: impl FnOnce(&Self)) {
        let Some(mut guard) = self.guard.take() else { return };
        guard.lower(&self.layout, &mut self.image);
        write(self);
        guard.lift(&mut self.image);
        self.guard = Some(guard);
    }

    /// Shows the stream as it may leave.
    pub(super) fn as_it_leaves(&mut self, show: impl FnOnce(&Self)) {
        if self.guard.is_some() { self.conceal(show) } else { show(self) }
    }
}

/// What stands for a value: text where it was text, a text in no language where it had one.
fn pseudonym(
    reading: &Reading<'_>,
    concept: &str,
    key: Option<&Secret>,
    scratch: &mut Tape,
    bytes: &mut Vec<u8>,
) -> Scalar {
    if matches!(reading.scalar, Scalar::Null) {
        return Scalar::Null;
    }
    let tree = if let Scalar::Tree(span) = reading.scalar { Node::read(span.of(reading.arena)) } else { None };
    let (told, is_localized) = match (&tree, reading.scalar) {
        (Some(Node::LocalizedText { text, .. }), _) => (text.unwrap_or_default().as_bytes(), true),
        (_, Scalar::Text(_, span)) => (span.of(reading.arena), false),
        _ => {
            scratch.clear();
            if umati_json::value(scratch, reading).is_err() {
                return Scalar::Null;
            }
            (scratch.as_bytes(), false)
        }
    };
    let key = key.map_or(&[][..], |key| key.reveal().as_bytes());
    // HMAC takes keys of every length; that there is one was checked with the configuration.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Scalar::Null };
    mac.update(concept.as_bytes());
    mac.update(&[0]);
    mac.update(told);
    let mut digits = String::with_capacity(32);
    for byte in mac.finalize().into_bytes().iter().take(16) {
        for half in [byte >> 4, byte & 15] {
            digits.extend(char::from_digit(half.into(), 16));
        }
    }
    if is_localized {
        let mut tree = TreeWriter::new(bytes);
        tree.localized_text(None, digits.as_str());
        return Scalar::Tree(tree.finish());
    }
    bytes.extend_from_slice(digits.as_bytes());
    Scalar::Text(BuiltInType::String, Span { start: 0, length: bytes.len() as u32 })
}
