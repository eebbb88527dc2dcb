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
    let mut here = vec![root];
    for step in steps {
        let around = here.iter().flat_map(|schema| alternatives(root, schema));
        here = around.flat_map(|schema| parts(schema, step)).collect();
        if here.is_empty() {
            return false;
        }
    }
    true
}

/// A schema and all that apply to the same place beside it.
fn alternatives<'s>(root: &'s Value, schema: &'s Value) -> Vec<&'s Value> {
    let mut found: Vec<&Value> = vec![schema];
    let mut at = 0;
    while at < found.len() && found.len() < MAX_REFERENCES {
        let schema = found[at];
        at += 1;
        let reference = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        found.extend(reference.and_then(|pointer| root.pointer(pointer)));
        for key in ["allOf", "anyOf", "oneOf"] {
            found.extend(schema.get(key).and_then(Value::as_array).into_iter().flatten());
        }
        found.extend(["then", "else"].iter().filter_map(|key| schema.get(key)));
    }
    found
}

fn parts<'s>(schema: &'s Value, step: &PointerStep<'_>) -> Vec<&'s Value> {
    let others = schema.get("additionalProperties").filter(|others| others.is_object());
    match step {
        PointerStep::Placeholder(_) => others.into_iter().collect(),
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
