//! What must stay out of a message that breaks its schema, so that the rest can go.

use crate::assemble::{Image, Layout};
use crate::validate::Violation;
use std::ops::Range;

/// What becomes of a message that breaks its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A mandatory field or a rule over the whole fails.
    Whole,
    /// These fields stay out; each with the violation that says why.
    LeaveOut(Vec<(Range<u32>, usize)>),
}

/// The smallest parts of the message that carry what is wrong: an optional field; an object without mandatory fields;
/// the element that a placeholder stands for.
pub(super) fn judge(layout: &Layout, image: &Image, violations: &[Violation]) -> Verdict {
    let mut out: Vec<(Range<u32>, usize)> = Vec::new();
    for (at, violation) in violations.iter().enumerate() {
        let Some(part) = part(layout, &violation.pointer) else { return Verdict::Whole };
        // A part that is out already cannot be what is wrong.
        if !part.clone().any(|field| image.is_heard(field) && !image.is_withheld(field)) {
            return Verdict::Whole;
        }
        if !out.iter().any(|(known, _)| known.start <= part.start && part.end <= known.end) {
            out.push((part, at));
        }
    }
    if out.is_empty() { Verdict::Whole } else { Verdict::LeaveOut(out) }
}

/// The smallest part around a place that can be left out.
fn part(layout: &Layout, pointer: &str) -> Option<Range<u32>> {
    let part = match layout.field_at(pointer) {
        Some(field) => field..field + 1,
        None => below(layout, pointer)?,
    };
    let fields = layout.fields().get(part.start as usize..part.end as usize)?;
    if fields.iter().all(|field| !field.is_mandatory) {
        return Some(part);
    }
    // Mandatory in an element, which is not mandatory itself.
    let element = fields.first()?.element.clone()?;
    (element.start <= part.start && part.end <= element.end).then_some(element)
}

/// The fields below a place, or of the smallest object around it: what is fixed in a message goes with its neighbours.
fn below(layout: &Layout, mut pointer: &str) -> Option<Range<u32>> {
    while !pointer.is_empty() {
        if let Some(fields) = layout.fields_below(pointer) {
            return Some(fields);
        }
        pointer = &pointer[..pointer.rfind('/')?];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assemble::bind::{bind, candidates};
    use crate::assemble::fixture::{discovery, item, tool_profile};
    use crate::model::{BuiltInType, Sample, Scalar, Timestamp};

    #[track_caller]
    fn check(pointers: &[&str], expected: Option<&[&str]>) {
        let paths = [
            "Id/Serial",
            "Monitoring/MachineTool/Mode",
            "Monitoring/MachineTool/Power",
            "Monitoring/C1[16]/Name",
            "Monitoring/C1[16]/State",
            "Monitoring/C2[16]/Name",
            "Monitoring/C2[16]/State",
        ];
        let found = discovery(1, &["M"], paths.iter().map(|path| item(0, path)).collect());
        let layout = bind(&tool_profile(), "M", &candidates(&found)[0], &[]).value;
        let mut image = Image::new(&layout);
        let none = Timestamp::NONE;
        let scalar = Scalar::I64(BuiltInType::Int32, 1);
        let sample = Sample { slot: 0, status: 0, source_time: none, server_time: none, scalar };
        (0..layout.fields().len() as u32).for_each(|field| {
            image.store(&layout, field, &sample, &[]);
        });
        let violation = |pointer: &&str| Violation {
            pointer: (*pointer).to_owned(),
            schema_pointer: String::new(),
            keyword: "type",
            code: "QIAO-V101",
            arguments: Vec::new(),
        };
        let verdict = judge(&layout, &image, &pointers.iter().map(violation).collect::<Vec<_>>());
        let names = |out: Vec<(Range<u32>, usize)>| -> Vec<String> {
            out.into_iter().flat_map(|(part, _)| part).map(|at| layout.fields()[at as usize].pointer.clone()).collect()
        };
        let found = match verdict {
            Verdict::Whole => None,
            Verdict::LeaveOut(out) => Some(names(out)),
        };
        assert_eq!(
            found.as_deref(),
            expected.map(|names| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()).as_deref()
        );
    }

    #[test]
    fn the_smallest_part_that_carries_what_is_wrong_stays_out() {
        check(&["/Power"], Some(&["/Power"]));
        check(&["/Power/deep/inside"], Some(&["/Power"]));
        check(&["/Elements/C1/Name"], Some(&["/Elements/C1/Name"]));
        check(&["/Elements/C1/State"], Some(&["/Elements/C1/Name", "/Elements/C1/State"]));
        check(&["/Elements/C2"], Some(&["/Elements/C2/Name", "/Elements/C2/State"]));
        check(
            &["/Power", "/Elements/C1", "/Elements/C1/Name"],
            Some(&["/Power", "/Elements/C1/Name", "/Elements/C1/State"]),
        );
        check(&["/Mode"], None);
        check(&["/Id/Serial"], None);
        check(&["/Id"], None);
        check(&["", "/Power"], None);
        check(&["/Elements/C1/$Type"], Some(&["/Elements/C1/Name", "/Elements/C1/State"]));
        check(&["/Elements"], None);
        check(&["/Unknown"], None);
        check(&[], None);
    }
}
