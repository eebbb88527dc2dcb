//! What a configuration may hold, as JSON Schema for editors: `config/qiao.schema.json`.

use super::file::File;
use super::part::WITH_PARAMETERS;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use serde_json::{Map, Value, json};

/// JSON Schema 2020-12 of a configuration file; the descriptions are the comments of [`super::file`].
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<File>();
    schema.insert("title".to_owned(), "qiao configuration".into());
    RecursiveTransform(without_null).transform(&mut schema);
    RecursiveTransform(on_one_line).transform(&mut schema);
    // A configuration may lie in several files: what one of them lacks, another has.
    schema.remove("required");
    with_parameters(schema.to_value())
}

/// Where a template is filled in, a text with a parameter may stand for any scalar.
fn with_parameters(mut schema: Value) -> Value {
    let strict = schema.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut loose = Map::new();
    find_parts(&mut schema, &strict, &mut loose);
    if let Some(Value::Object(definitions)) = schema.get_mut("$defs") {
        definitions.append(&mut loose);
    }
    schema
}

fn find_parts(schema: &mut Value, strict: &Map<String, Value>, loose: &mut Map<String, Value>) {
    if schema.as_object_mut().is_some_and(|map| map.remove(WITH_PARAMETERS).is_some()) {
        return loosen(schema, strict, loose);
    }
    match schema {
        Value::Object(map) => map.values_mut().for_each(|inner| find_parts(inner, strict, loose)),
        Value::Array(list) => list.iter_mut().for_each(|inner| find_parts(inner, strict, loose)),
        _ => {}
    }
}

/// Lets every scalar below be a text with a parameter; definitions get a loose twin.
fn loosen(schema: &mut Value, strict: &Map<String, Value>, loose: &mut Map<String, Value>) {
    let Value::Object(map) = schema else { return };
    if let Some(Value::String(reference)) = map.get_mut("$ref") {
        let name = reference.rsplit('/').next().unwrap_or_default().to_owned();
        reference.push_str("WithParameters");
        let twin = format!("{name}WithParameters");
        if !loose.contains_key(&twin) {
            let mut definition = strict.get(&name).cloned().unwrap_or_default();
            // Stands there before it is made: a definition may name itself.
            loose.insert(twin.clone(), Value::Null);
            loosen(&mut definition, strict, loose);
            loose.insert(twin, definition);
        }
        return;
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = map.get_mut(key) {
            loosen(inner, strict, loose);
        }
    }
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        properties.values_mut().for_each(|inner| loosen(inner, strict, loose));
    }
    let mut has_scalar = is_scalar(map);
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(choices)) = map.get_mut(key) else { continue };
        for choice in choices {
            match choice {
                Value::Object(inner) if is_scalar(inner) => has_scalar = true,
                choice => loosen(choice, strict, loose),
            }
        }
    }
    if has_scalar {
        let description = map.remove("description");
        let parameter = json!({ "type": "string", "pattern": r"\$\{" });
        let choices = Value::Array(vec![Value::Object(std::mem::take(map)), parameter]);
        map.extend(description.map(|text| ("description".to_owned(), text)));
        map.insert("anyOf".to_owned(), choices);
    }
}

fn is_scalar(schema: &Map<String, Value>) -> bool {
    let is_scalar = |kind: &str| matches!(kind, "string" | "integer" | "number");
    match schema.get("type") {
        Some(Value::String(kind)) => is_scalar(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).all(is_scalar),
        _ => schema.contains_key("enum") || schema.contains_key("const"),
    }
}

/// A key that may be absent may not be null: an empty value is refused, because it is mostly a slip.
fn without_null(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    let Some(Value::Array(choices)) = schema.get_mut("anyOf") else { return };
    choices.retain(|choice| choice.get("type").is_none_or(|kind| kind != "null"));
    if let [Value::Object(only)] = choices.as_slice() {
        let only = only.clone();
        schema.remove("anyOf");
        for (key, value) in only {
            schema.insert(key, value);
        }
    }
}

/// Comments are wrapped for the source, not for the reader of an editor's hint.
fn on_one_line(schema: &mut Schema) {
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
}
