//! Messages of a profile in nested objects: a value for each place that the mapping names, one for every other leaf.
//!
//! A message is the whole machine: what it says nothing of any more has no value. A variable with children is
//! `{"value":…,"properties":…}`, one without is the bare value; either is taken where the mapping names the other.

use super::{FlowIntake, Work, tell, unreadable};
use crate::codec::plain_json::{children, name, push_step};
use crate::codec::tape::{Tape, TapeKind};
use crate::codec::umati_json::{self, Oddity};
use crate::finding::Finding;
use crate::model::value::Unreadable;
use crate::model::{Scalar, Timestamp};
use crate::profile::{Held, PlaceId, Places};
use std::sync::Arc;

const VALUE: &str = "value";
const PROPERTIES: &str = "properties";
const TYPE_DEFINITION: &str = "$TypeDefinition";

/// Gives every value at and below a node to `take`: its pointer, its node, and whether a time is expected there.
/// `pointer` is that of the node; it is as it was afterwards.
// As deep as a tape may be.
pub(super) fn values(
    (tape, places): (&Tape, &Places),
    at: u32,
    place: Option<PlaceId>,
    pointer: &mut String,
    take: &mut impl FnMut(&str, u32, bool),
) {
    let Some(kind) = tape.nodes().get(at as usize).map(|node| node.kind()) else { return };
    let held = place.map_or(Held::Inside, |place| places.held(place));
    let has_inside = place.is_some_and(|place| places.has_inside(place));
    let length = pointer.len();
    let is_time = match held {
        Held::Constant => return,
        Held::Value { is_time } => is_time,
        Held::Inside => false,
    };
    let mut below = |step: &str, at: u32, place: Option<PlaceId>| {
        push_step(pointer, step);
        values((tape, places), at, place, pointer, take);
        pointer.truncate(length);
    };
    match kind {
        TapeKind::Object if held != Held::Inside && !has_inside => match variable(tape, at) {
            Some((value, properties)) => {
                take(pointer, value, is_time);
                if let Some(properties) = properties {
                    push_step(pointer, PROPERTIES);
                    values((tape, places), properties, None, pointer, take);
                    pointer.truncate(length);
                }
            }
            None => take(pointer, at, is_time),
        },
        TapeKind::Object => children(tape, at).for_each(|(index, member)| {
            let step = name(tape, member);
            below(&step, index, place.and_then(|place| places.below(place, &step)));
        }),
        TapeKind::Array if has_inside => (0_usize..).zip(children(tape, at)).for_each(|(number, (index, _))| {
            let step = number.to_string();
            below(&step, index, place.and_then(|place| places.below(place, &step)));
        }),
        _ if place.is_some_and(|place| held == Held::Inside && places.names(place, VALUE)) => {
            below(VALUE, at, place.and_then(|place| places.below(place, VALUE)));
        }
        // An object that is not there.
        TapeKind::Null if has_inside => {}
        _ => take(pointer, at, is_time),
    }
}

/// The value and the properties of a variable with children.
fn variable(tape: &Tape, at: u32) -> Option<(u32, Option<u32>)> {
    let known = [VALUE, PROPERTIES, TYPE_DEFINITION];
    let find = |key: &str| children(tape, at).find(|(_, member)| tape.key_of(member) == key).map(|(at, _)| at);
    let is_variable = children(tape, at).all(|(_, member)| known.contains(&tape.key_of(member)));
    Some((find(VALUE).filter(|_| is_variable)?, find(PROPERTIES)))
}

impl Work<'_> {
    pub(super) fn message(
        &mut self,
        flow: &mut FlowIntake,
        root: &str,
        places: &Places,
        payload: &[u8],
    ) -> Result<(), Unreadable> {
        let (time_at, time) = self.read(flow, payload)?;
        let tape = std::mem::take(self.tape);
        let read = self.machine_image(flow, root, places, (&tape, 0), time_at.as_slice(), time);
        *self.tape = tape;
        read
    }

    /// A message that begins at a node, without what stands at `except`.
    pub(super) fn machine_image(
        &mut self,
        flow: &mut FlowIntake,
        root: &str,
        places: &Places,
        (tape, at): (&Tape, u32),
        except: &[u32],
        time: Timestamp,
    ) -> Result<(), Unreadable> {
        if tape.nodes().get(at as usize).is_none_or(|node| node.kind() != TapeKind::Object) {
            return Err(unreadable("QIAO-V284", &[]));
        }
        let mut pointer = std::mem::take(self.pointer);
        let mut arena = std::mem::take(&mut self.batch.arena);
        let mut found: Vec<(u32, Scalar)> = Vec::new();
        values((tape, places), at, Some(places.root()), &mut pointer, &mut |pointer, node, is_time| {
            if except.contains(&node) {
                return;
            }
            let (scalar, oddity) = umati_json::read(tape, node, is_time, &mut arena);
            self.odd(flow, pointer, oddity);
            if let Some(slot) = self.typed_slot(flow, root, pointer, (tape, at)) {
                found.push((slot, scalar));
            }
        });
        self.batch.arena = arena;
        *self.pointer = pointer;
        let mut said: Vec<u32> = found.iter().map(|(slot, _)| *slot).collect();
        said.sort_unstable();
        found.into_iter().for_each(|(slot, scalar)| self.put(flow, root, slot, scalar, time));
        self.silence(flow, root, &said, time);
        Ok(())
    }

    /// A slot that, when it is new, knows the types that the message tells of the objects around it.
    fn typed_slot(
        &mut self,
        flow: &mut FlowIntake,
        root: &str,
        pointer: &str,
        (tape, at): (&Tape, u32),
    ) -> Option<u32> {
        let known = self.items.len();
        let slot = self.slot(flow, root, pointer)?;
        if self.items.len() > known
            && let Some(target) = self.items.get_mut(slot as usize).and_then(|item| item.targets.first_mut())
        {
            let ends = pointer.match_indices('/').skip(1).map(|(at, _)| at).chain([pointer.len()]);
            for (types, end) in target.types.iter_mut().zip(ends) {
                let of = tape.find_below(at, &format!("{}/{TYPE_DEFINITION}", &pointer[..end]));
                let node = of.and_then(|at| tape.nodes().get(at as usize));
                if let Some(node) = node.filter(|node| node.kind() == TapeKind::Plain) {
                    *types = Arc::from([tape.text_of(node).to_owned()]);
                }
            }
        }
        Some(slot)
    }

    fn odd(&mut self, flow: &mut FlowIntake, pointer: &str, oddity: Option<Oddity>) {
        let about = |code| Finding::note(code, self.topic).with("pointer", pointer);
        match oddity {
            None => {}
            Some(Oddity::KeptAsText) => tell(&mut flow.told.digits, self.findings, || about("QIAO-V252")),
            Some(Oddity::LooseTime) => {
                *self.tolerated += 1;
                tell(&mut flow.told.loose_time, self.findings, || about("QIAO-V281"));
            }
        }
    }
}
