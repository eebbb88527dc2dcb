//! The part of an item that a query asks for, and how it is taken out of the item's value.

use super::super::plain_json::{children, name};
use super::super::tape::{Tape, TapeKind, TapeNode};
use super::request::{member, text};
use std::borrow::Cow;
use std::collections::HashMap;

/// What a query wants of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted<'t> {
    Value(Selection<'t>),
    /// How many elements a list has.
    Length,
    /// The names of a hash's members.
    Keys,
    /// What the model says of the item.
    Attributes,
}

/// Which part of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection<'t> {
    Whole,
    /// Elements of a list, each range with both of its ends.
    Elements(Vec<(u32, u32)>),
    /// Elements of a list from an offset on, at most so many; beyond the end there are none.
    Window {
        offset: u32,
        length: Option<u32>,
    },
    /// Members of a hash.
    Members(Vec<Cow<'t, str>>),
}

/// Why there is no such part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The operation is none of a query, or none of such a value.
    Operation,
    /// The parameters name no part of such a value.
    Parameters,
    /// The part is longer than an answer may be.
    TooLong,
}

/// What params ask for; `None`: the item has none.
///
/// # Errors
/// They contradict each other, name no range, or an operation that is none of a query.
pub fn wanted(tape: &Tape, params: Option<u32>) -> Result<Wanted<'_>, Unfit> {
    let Some(params) = params else { return Ok(Wanted::Value(Selection::Whole)) };
    let selection = selection(tape, params)?;
    let operation = member(tape, params, "operation").and_then(|(_, node)| text(tape, node));
    match operation.as_deref() {
        None | Some("" | "get_value") => Ok(Wanted::Value(selection)),
        Some("get_length") => alone(&selection, Wanted::Length),
        Some("get_keys") => alone(&selection, Wanted::Keys),
        Some("get_attributes") => alone(&selection, Wanted::Attributes),
        Some(_) => Err(Unfit::Operation),
    }
}

/// Only a value has parts.
fn alone<'t>(selection: &Selection<'_>, wanted: Wanted<'t>) -> Result<Wanted<'t>, Unfit> {
    if *selection == Selection::Whole { Ok(wanted) } else { Err(Unfit::Parameters) }
}

fn selection(tape: &Tape, params: u32) -> Result<Selection<'_>, Unfit> {
    let given = |wanted: &str| member(tape, params, wanted).filter(|(_, node)| !is_empty(node));
    if given("index").is_some() || given("key").is_some() {
        // Those belong to a set.
        return Err(Unfit::Parameters);
    }
    let count = |wanted: &str| {
        given(wanted).map(|(_, node)| tape.json_of(node).parse::<u32>().map_err(|_| Unfit::Parameters)).transpose()
    };
    let (offset, length) = (count("offset")?, count("length")?);
    let has_window = offset.is_some() || length.is_some();
    match (given("indexes"), given("keys"), has_window) {
        (None, None, false) => Ok(Selection::Whole),
        (None, None, true) => Ok(Selection::Window { offset: offset.unwrap_or_default(), length }),
        (Some((at, _)), None, false) => {
            let ranges: Option<Vec<_>> = children(tape, at).map(|(_, node)| range(tape, node)).collect();
            ranges.map(Selection::Elements).ok_or(Unfit::Parameters)
        }
        (None, Some((at, _)), false) => {
            let names: Option<Vec<_>> = children(tape, at).map(|(_, node)| text(tape, node)).collect();
            names.map(Selection::Members).ok_or(Unfit::Parameters)
        }
        _ => Err(Unfit::Parameters),
    }
}

fn is_empty(node: &TapeNode) -> bool {
    node.kind() == TapeKind::Null || (node.kind() == TapeKind::Array && node.count() == 0)
}

/// An index such as `3`, or a range such as `10-18`.
fn range(tape: &Tape, node: &TapeNode) -> Option<(u32, u32)> {
    let text = text(tape, node).unwrap_or_else(|| tape.json_of(node).into());
    let (first, last) = text.split_once('-').unwrap_or((&text, &text));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then_some((first, last))
}

/// Writes the array of values that answers what is wanted of `whole` over what `into` held, in at most so many bytes.
/// What the model says is not known here.
///
/// # Errors
/// The value is not of the kind that has such a part, or has no such part.
pub fn select(whole: &Tape, wanted: &Wanted<'_>, most_bytes: usize, into: &mut Tape) -> Result<(), Unfit> {
    into.clear();
    let kind = whole.nodes().first().map_or(TapeKind::Null, TapeNode::kind);
    into.begin_array();
    match wanted {
        Wanted::Value(Selection::Whole) => into.copy(whole, 0),
        Wanted::Value(Selection::Members(names)) if kind == TapeKind::Object => {
            let members: HashMap<_, _> = children(whole, 0).map(|(at, node)| (name(whole, node), at)).collect();
            for name in names {
                into.copy(whole, *members.get(name).ok_or(Unfit::Parameters)?);
                bounded(into, most_bytes)?;
            }
        }
        Wanted::Value(Selection::Elements(ranges)) if kind == TapeKind::Array => {
            let elements: Vec<u32> = children(whole, 0).map(|(at, _)| at).collect();
            for (first, last) in ranges {
                let range = elements.get(*first as usize..=*last as usize).ok_or(Unfit::Parameters)?;
                for at in range {
                    into.copy(whole, *at);
                    bounded(into, most_bytes)?;
                }
            }
        }
        Wanted::Value(Selection::Window { offset, length }) if kind == TapeKind::Array => {
            let most = length.map_or(usize::MAX, |length| length as usize);
            for (at, _) in children(whole, 0).skip(*offset as usize).take(most) {
                into.copy(whole, at);
                bounded(into, most_bytes)?;
            }
        }
        Wanted::Length if kind == TapeKind::Array => into.u64(children(whole, 0).count() as u64),
        Wanted::Keys if kind == TapeKind::Object => {
            children(whole, 0).for_each(|(_, node)| into.text(&name(whole, node)))
        }
        Wanted::Value(_) => return Err(Unfit::Parameters),
        Wanted::Length | Wanted::Keys | Wanted::Attributes => return Err(Unfit::Operation),
    }
    into.end_array();
    Ok(())
}

fn bounded(tape: &Tape, most_bytes: usize) -> Result<(), Unfit> {
    if tape.as_str().len() > most_bytes { Err(Unfit::TooLong) } else { Ok(()) }
}
