//! What can be said about a schema without compiling it; whether it compiles is for `validate` to say.

use super::path::PointerStep;
use super::report::{Place, Report};
use serde_json::Value;

/// The dialect every profile is written in.
pub(super) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// References followed inside one step, at most: a cycle ends here.
const MAX_REFERENCES: usize = 32;

/// A schema names its dialect, and itself by profile and version: nothing can be meant but this file.
pub(super) fn check_head(schema: &Value, id: &str, text: &str, report: &mut Report) {
    let expected = [("$schema", DIALECT.to_owned()), ("$id", format!("urn:qiao:schema:{id}"))];
    for (key, expected) in expected {
        let found = schema.get(key).and_then(Value::as_str).unwrap_or_default();
        if found != expected {
            let place = super::json::locate(text, &format!("/{key}"));
            report
                .error("QIAO-P014", place)
                .argument("key", key)
                .argument("expected", expected)
                .argument("found", found);
        }
    }
}

/// Every member that a mapping fills must be described by the schema, or nobody would ever check it.
pub(super) fn check_described(schema: &Value, pointers: &[(String, Place)], report: &mut Report) {
    for (pointer, place) in pointers {
        let Ok(steps) = super::path::pointer_steps(pointer) else { continue };
        if !describes(schema, &steps) {
            report.error("QIAO-P022", *place).argument("pointer", pointer);
        }
    }
}

fn describes(root: &Value, steps: &[PointerStep<'_>]) -> bool {
    !subschemas(root, steps).is_empty()
}

/// Whether null may stand at a pointer.
pub(super) fn takes_null(root: &Value, pointer: &str) -> bool {
    let Ok(steps) = super::path::pointer_steps(pointer) else { return false };
    let found = subschemas(root, &steps);
    !found.is_empty() && found.iter().all(|schema| accepts_null(root, schema, 0))
}

fn accepts_null(root: &Value, schema: &Value, depth: usize) -> bool {
    if depth > MAX_REFERENCES || *schema == Value::Bool(false) {
        return false;
    }
    let holds_null =
        |values: &Value, null: &Value| values == null || values.as_array().is_some_and(|v| v.contains(null));
    let within = |key: &str| schema.get(key).and_then(Value::as_array).map(|list| list.iter());
    let accepts = |schema: &Value| accepts_null(root, schema, depth + 1);
    schema.get("type").is_none_or(|types| holds_null(types, &Value::from("null")))
        && schema.get("enum").is_none_or(|values| holds_null(values, &Value::Null))
        && schema.get("const").is_none_or(Value::is_null)
        && referenced(root, schema).is_none_or(accepts)
        && within("allOf").is_none_or(|mut all| all.all(accepts))
        && within("anyOf").is_none_or(|mut any| any.any(accepts))
        && within("oneOf").is_none_or(|mut one| one.any(accepts))
}

fn referenced<'s>(root: &'s Value, schema: &Value) -> Option<&'s Value> {
    root.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
}

/// Every schema that applies at a pointer, with all that it refers to.
pub(super) fn applying<'s>(root: &'s Value, pointer: &str) -> Vec<&'s Value> {
    let Ok(steps) = super::path::pointer_steps(pointer) else { return Vec::new() };
    subschemas(root, &steps).into_iter().flat_map(|schema| alternatives(root, schema)).collect()
}

/// Whether a time is asked for at a pointer.
pub(super) fn is_time(root: &Value, pointer: &str) -> bool {
    applying(root, pointer).iter().any(|schema| schema.get("format").is_some_and(|format| *format == "date-time"))
}

/// Whether text may stand at a pointer, and no number.
pub(super) fn is_text(root: &Value, pointer: &str) -> bool {
    let found = applying(root, pointer);
    let takes = |kind: &str| {
        let is_it = |types: &Value| types == kind || types.as_array().is_some_and(|types| types.contains(&kind.into()));
        found.iter().any(|schema| schema.get("type").is_some_and(is_it))
    };
    takes("string") && !takes("number") && !takes("integer")
}

/// Every schema that applies at a pointer.
fn subschemas<'s>(root: &'s Value, steps: &[PointerStep<'_>]) -> Vec<&'s Value> {
    let mut here = vec![root];
    for step in steps {
        let around = here.iter().flat_map(|schema| alternatives(root, schema));
        here = around.flat_map(|schema| parts(schema, step)).collect();
    }
    here
}

/// A schema and all that apply to the same place beside it.
fn alternatives<'s>(root: &'s Value, schema: &'s Value) -> Vec<&'s Value> {
    let mut found: Vec<&Value> = vec![schema];
    let mut at = 0;
    while at < found.len() && found.len() < MAX_REFERENCES {
        let schema = found[at];
        at += 1;
        found.extend(referenced(root, schema));
        for key in ["allOf", "anyOf", "oneOf"] {
            found.extend(schema.get(key).and_then(Value::as_array).into_iter().flatten());
        }
        found.extend(["then", "else"].iter().filter_map(|key| schema.get(key)));
    }
    found
}

fn parts<'s>(schema: &'s Value, step: &PointerStep<'_>) -> Vec<&'s Value> {
    let others = schema.get("additionalProperties").filter(|others| others.is_object());
    let elements = || {
        let listed = schema.get("prefixItems").and_then(Value::as_array).into_iter().flatten();
        listed.chain(schema.get("items")).chain(schema.get("contains")).filter(|items| items.is_object())
    };
    match step {
        PointerStep::Placeholder(_) => {
            let patterns = schema.get("patternProperties").and_then(Value::as_object);
            others
                .into_iter()
                .chain(patterns.into_iter().flat_map(|patterns| patterns.values()))
                .chain(elements())
                .collect()
        }
        PointerStep::Select { .. } => elements().collect(),
        PointerStep::Name(name) => {
            let name = name.replace("~1", "/").replace("~0", "~");
            let member = schema.get("properties").and_then(|properties| properties.get(&name));
            let element = name.parse::<usize>().ok().and_then(|index| {
                schema.get("prefixItems").and_then(|items| items.get(index)).or_else(|| schema.get("items"))
            });
            member.or(element).or(others).into_iter().collect()
        }
    }
}

/// Whether an array stands at a pointer, as the schema describes it.
pub(super) fn is_array(root: &Value, steps: &[PointerStep<'_>]) -> bool {
    subschemas(root, steps).into_iter().flat_map(|schema| alternatives(root, schema)).any(|schema| {
        schema.get("type").is_some_and(|kind| *kind == "array")
            || ["items", "prefixItems"].iter().any(|key| schema.get(key).is_some())
    })
}
