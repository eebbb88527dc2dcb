//! What a command of an entry may look like, as JSON Schema 2020-12: for whoever builds a program that sends one.
//!
//! The schema says everything that can be said of a message alone. What depends on the machine, the moment and the sender
//! (interlock, change, rate, role, signature) stands in its description.

use super::bounds::{shown_literal, shown_quantity};
use super::coerce::range;
use super::value::{EXACT_MAX, shown};
use crate::config::plan::{Argument, CommandSource, Literal, Quantity, Takes, ValueRule, WritePlan};
use crate::model::BuiltInType;
use serde_json::{Map, Value, json};

const UUID: &str = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
const TIME: &str = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$";

/// The schema of an entry's commands.
#[must_use]
pub fn of(gateway: &str, entry: &WritePlan) -> Value {
    let mut properties = Map::new();
    let mut say = |name: &str, schema: Value| drop(properties.insert(name.to_owned(), schema));
    let nil = "00000000-0000-0000-0000-000000000000";
    say("id", json!({ "type": "string", "pattern": UUID, "not": { "const": nil } }));
    say("issued", json!({ "type": "string", "pattern": TIME }));
    let ttl = u64::try_from(entry.ttl.as_millis()).unwrap_or(u64::MAX);
    say("ttl", json!({ "type": "integer", "minimum": 1, "maximum": ttl }));
    say("sender", json!({ "type": "string" }));
    say("mac", json!({ "type": "string", "pattern": "^[0-9a-fA-F]{64}$" }));
    let mut required = vec!["id", "issued"];
    match &entry.takes {
        Takes::Value { rule, .. } => {
            say("value", value(rule, true));
            say("expected", value(rule, false));
            required.push("value");
            if entry.needs_expected {
                required.push("expected");
            }
        }
        Takes::Arguments(arguments) => {
            say("arguments", of_arguments(arguments));
            required.push("arguments");
        }
    }
    let topic = match &entry.from {
        CommandSource::Topic { topic, .. } => topic.as_str(),
        CommandSource::NcLink { .. } | CommandSource::Face { .. } => "",
    };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:qiao:{gateway}:command:{}", entry.name),
        "title": format!("Command {}", entry.name),
        "description": description(topic, entry),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// What no schema can say.
fn description(topic: &str, entry: &WritePlan) -> String {
    let mut parts = Vec::new();
    if !topic.is_empty() {
        parts.push(format!("Published to {topic}, QoS 1, not retained."));
    }
    parts.push(format!("Roles: {}. At most {}.", entry.roles.join(", "), entry.rate));
    if let Takes::Value { max_change: Some(most), .. } = &entry.takes {
        parts.push(format!("No farther than {} from the value that is there.", shown_quantity(*most)));
    }
    if let Some(interlock) = &entry.interlock {
        parts.push(format!("Only while {} is {}.", interlock.node, shown_literal(&interlock.equals)));
    }
    if let Some(until) = &entry.until {
        parts.push(format!("Until {until}."));
    }
    parts.join(" ")
}

fn of_arguments(arguments: &[Argument]) -> Value {
    let properties: Map<String, Value> =
        arguments.iter().map(|argument| (argument.name.clone(), value(&argument.rule, true))).collect();
    let required: Vec<&str> = arguments.iter().map(|argument| argument.name.as_str()).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn value(rule: &ValueRule, is_bounded: bool) -> Value {
    let schema = rule.dimensions.iter().rev().fold(
        element(rule, is_bounded),
        |inner, count| json!({ "type": "array", "items": inner, "minItems": count, "maxItems": count }),
    );
    with(schema, "description", shown(rule.kind, &rule.dimensions).into())
}

fn element(rule: &ValueRule, is_bounded: bool) -> Value {
    let kind = match rule.kind {
        BuiltInType::Boolean => json!({ "type": "boolean" }),
        BuiltInType::Float | BuiltInType::Double => bounded(json!({ "type": "number" }), rule, is_bounded),
        BuiltInType::DateTime => json!({ "type": "string", "pattern": TIME }),
        BuiltInType::Guid => json!({ "type": "string", "pattern": UUID }),
        BuiltInType::ByteString => json!({ "type": "string", "contentEncoding": "base64",
            "pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$" }),
        BuiltInType::LocalizedText => {
            let text = json!({ "type": "string" });
            let text = if is_bounded { with(text, "maxLength", rule.max_length.into()) } else { text };
            json!({ "type": "object", "properties": { "locale": { "type": "string" }, "text": text },
                "required": ["text"], "additionalProperties": false })
        }
        kind => match range(kind) {
            Some(limits) => whole(rule, limits, is_bounded),
            None if is_bounded => json!({ "type": "string", "maxLength": rule.max_length }),
            None => json!({ "type": "string" }),
        },
    };
    if !is_bounded || rule.one_of.is_empty() {
        return kind;
    }
    let literal = |literal: &Literal| match literal {
        Literal::Bool(value) => (*value).into(),
        Literal::Number(Quantity::Whole(value)) => {
            i64::try_from(*value).map_or_else(|_| value.to_string().into(), Value::from)
        }
        Literal::Number(Quantity::Real(value)) => (*value).into(),
        Literal::Text(value) => Value::from(value.as_str()),
    };
    let words: Vec<Value> = rule.one_of.iter().map(literal).collect();
    match rule.kind {
        // The text is one of them, in any language.
        BuiltInType::LocalizedText => json!({ "allOf": [kind, { "properties": { "text": { "enum": words } } }] }),
        _ => with(kind, "enum", words.into()),
    }
}

/// Numbers of 64 bits beyond what every reader of JSON keeps are texts.
fn whole(rule: &ValueRule, (low, high): (i128, i128), is_bounded: bool) -> Value {
    let is_long = matches!(rule.kind, BuiltInType::Int64 | BuiltInType::UInt64);
    let (low, high) = if is_long { (low.max(-EXACT_MAX), high.min(EXACT_MAX)) } else { (low, high) };
    let limit = |value: i128| i64::try_from(value).map_or(Value::Null, Value::from);
    let number = json!({ "type": "integer", "minimum": limit(low), "maximum": limit(high) });
    let number = bounded(number, rule, is_bounded);
    if is_long {
        let pattern = if low < 0 { "^(0|-?[1-9][0-9]{0,19})$" } else { "^(0|[1-9][0-9]{0,19})$" };
        return json!({ "anyOf": [number, { "type": "string", "pattern": pattern }] });
    }
    number
}

fn bounded(schema: Value, rule: &ValueRule, is_bounded: bool) -> Value {
    if !is_bounded {
        return schema;
    }
    let number = |quantity: Quantity| match quantity {
        Quantity::Whole(value) => i64::try_from(value).map_or_else(|_| (value as f64).into(), Value::from),
        Quantity::Real(value) => value.into(),
    };
    // Of a number of 64 bits a bound beyond the exact ones says nothing about those that are numbers.
    let is_exact = |quantity: &Quantity| !matches!(quantity, Quantity::Whole(value) if value.abs() > EXACT_MAX);
    let bounds = [("minimum", rule.min), ("maximum", rule.max)];
    let bounds = bounds.into_iter().filter_map(|(name, bound)| Some((name, bound.filter(is_exact)?)));
    let schema = bounds.fold(schema, |schema, (name, bound)| with(schema, name, number(bound)));
    // `multipleOf` counts from 0, and readers of JSON disagree about fractions.
    let is_from_0 = rule.min.is_none_or(|min| min == Quantity::Whole(0));
    match rule.step.filter(|step| is_from_0 && matches!(step, Quantity::Whole(_))) {
        Some(step) => with(schema, "multipleOf", number(step)),
        None => schema,
    }
}

fn with(mut schema: Value, name: &str, value: Value) -> Value {
    if let Value::Object(members) = &mut schema {
        members.insert(name.to_owned(), value);
    }
    schema
}
