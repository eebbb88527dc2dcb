//! What a normalised request asks for.

use super::super::plain_json::{children, name, string};
use super::super::tape::{Tape, TapeKind, TapeNode};
use super::Kind;
use std::borrow::Cow;

/// One item that a query or a set speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedItem<'t> {
    pub id: Cow<'t, str>,
    /// Where its `params` stand on the tape.
    pub params: Option<u32>,
}

/// The id of a message, by which its answer is known; `None` where it has none, or none that is text.
#[must_use]
pub fn message_id(tape: &Tape) -> Option<Cow<'_, str>> {
    text_at(tape, "/@id").filter(|id| !id.is_empty())
}

/// The text at a place of the message.
#[must_use]
pub fn text_at<'t>(tape: &'t Tape, pointer: &str) -> Option<Cow<'t, str>> {
    text(tape, tape.nodes().get(tape.find(pointer)? as usize)?)
}

/// The items of a query or set that was checked, in order.
pub fn asked_items(kind: Kind, tape: &Tape) -> impl Iterator<Item = AskedItem<'_>> {
    let list = tape.find(if kind == Kind::SetRequest { "/values" } else { "/ids" });
    list.into_iter().flat_map(|list| children(tape, list)).map(|(at, _)| {
        let id = member(tape, at, "id").and_then(|(_, node)| text(tape, node)).unwrap_or_default();
        AskedItem { id, params: member(tape, at, "params").map(|(at, _)| at) }
    })
}

pub(super) fn member<'t>(tape: &'t Tape, object: u32, wanted: &str) -> Option<(u32, &'t TapeNode)> {
    children(tape, object).find(|(_, node)| name(tape, node) == wanted)
}

pub(super) fn text<'t>(tape: &'t Tape, node: &'t TapeNode) -> Option<Cow<'t, str>> {
    matches!(node.kind(), TapeKind::Plain | TapeKind::Escaped).then(|| string(tape, node))
}
