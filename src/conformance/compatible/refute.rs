//! Messages that might conform to one schema and not to the other: seeds, made ones, and each of them changed at one
//! place. Whether one does is for the validator to say.

use serde_json::{Map, Value, json};

/// Candidates, at most.
const CANDIDATES_MAX: usize = 30_000;
/// Values that are put everywhere.
const VALUES_MAX: usize = 120;
/// Levels of a made message.
const DEPTH_MAX: usize = 12;
/// Levels of a made message with all members that the schema names.
const FULL_DEPTH_MAX: usize = 6;
/// Levels of a schema that are searched for values.
const SCHEMA_DEPTH_MAX: usize = 64;

/// Offers candidates until `is_it` says yes.
pub(super) fn candidates(first: &Value, second: &Value, seeds: &[Value], is_it: &mut dyn FnMut(&Value) -> bool) {
    let mut all: Vec<Value> = seeds.to_vec();
    all.extend([make(first, first, 0, false), make(first, first, 0, true)]);
    let mut left = CANDIDATES_MAX;
    for seed in &all {
        left = left.saturating_sub(1);
        if is_it(seed) {
            return;
        }
    }
    let mut pool = Pool::default();
    // What only one of them says is where they differ.
    pool.collect(first, 0);
    pool.collect(second, 0);
    pool.finish();
    let (mut values, members) = (pool.values, pool.members);
    values.truncate(VALUES_MAX);
    for seed in &all {
        for pointer in places(seed) {
            let mut offer = |candidate: &Value| {
                left = left.saturating_sub(1);
                left == 0 || is_it(candidate)
            };
            if changes(seed, &pointer, &values, &members, first, &mut offer) {
                return;
            }
        }
    }
}

/// One seed changed at one place in every way.
fn changes(
    seed: &Value,
    pointer: &str,
    values: &[Value],
    members: &[(String, Value)],
    root: &Value,
    offer: &mut dyn FnMut(&Value) -> bool,
) -> bool {
    let mut candidate = seed.clone();
    if let Some((parent, name)) = pointer.rsplit_once('/')
        && let Some(parent) = candidate.pointer_mut(parent)
    {
        let name = name.replace("~1", "/").replace("~0", "~");
        match parent {
            Value::Object(members) => drop(members.shift_remove(&name)),
            Value::Array(items) => {
                if let Some(at) = name.parse::<usize>().ok().filter(|at| *at < items.len()) {
                    items.remove(at);
                }
            }
            _ => {}
        }
        if offer(&candidate) {
            return true;
        }
    }
    for value in values {
        candidate.clone_from(seed);
        if let Some(place) = candidate.pointer_mut(pointer) {
            place.clone_from(value);
            if offer(&candidate) {
                return true;
            }
        }
    }
    let Some(Value::Object(present)) = seed.pointer(pointer) else { return false };
    let unknown = ("x-unknown".to_owned(), json!({ "type": "string" }));
    for (name, schema) in members.iter().chain([&unknown]) {
        if present.contains_key(name) {
            continue;
        }
        for value in [make(root, schema, 0, false), json!(1.5), json!("x"), Value::Null] {
            candidate.clone_from(seed);
            if let Some(Value::Object(place)) = candidate.pointer_mut(pointer) {
                place.insert(name.clone(), value);
            }
            if offer(&candidate) {
                return true;
            }
        }
    }
    false
}

/// Pointers of every value, the outermost first.
fn places(message: &Value) -> Vec<String> {
    const PLACES_MAX: usize = 400;
    let mut found = vec![(String::new(), message)];
    let mut at = 0;
    while at < found.len() && found.len() < PLACES_MAX {
        let (pointer, value) = found[at].clone();
        match value {
            Value::Object(members) => found.extend(
                members
                    .iter()
                    .map(|(name, value)| (format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), value)),
            ),
            Value::Array(items) => {
                found.extend(items.iter().enumerate().map(|(index, value)| (format!("{pointer}/{index}"), value)));
            }
            _ => {}
        }
        at += 1;
    }
    found.into_iter().map(|(pointer, _)| pointer).collect()
}

/// Values and members that the schemas speak of.
#[derive(Default)]
struct Pool {
    values: Vec<Value>,
    members: Vec<(String, Value)>,
}

impl Pool {
    fn collect(&mut self, schema: &Value, depth: usize) {
        if depth > SCHEMA_DEPTH_MAX {
            return;
        }
        if let Value::Array(items) = schema {
            items.iter().for_each(|item| self.collect(item, depth + 1));
        }
        let Value::Object(keywords) = schema else { return };
        for (name, value) in keywords {
            match (name.as_str(), value) {
                ("enum", Value::Array(values)) => self.values.extend(values.iter().cloned()),
                ("const", value) => self.values.push(value.clone()),
                ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", Value::Number(limit)) => {
                    self.around(limit);
                }
                ("minLength" | "maxLength", Value::Number(limit)) => {
                    let limit = limit.as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(0).min(5_000);
                    for length in [limit.saturating_sub(1), limit, limit + 1] {
                        self.values.push("a".repeat(length).into());
                    }
                }
                ("properties", Value::Object(properties)) => {
                    for (name, schema) in properties {
                        if self.members.len() < VALUES_MAX && !self.members.iter().any(|(known, _)| known == name) {
                            self.members.push((name.clone(), schema.clone()));
                        }
                    }
                }
                _ => {}
            }
            self.collect(value, depth + 1);
        }
    }

    fn around(&mut self, limit: &serde_json::Number) {
        if let Some(limit) = limit.as_i64() {
            self.values.extend([limit.saturating_sub(1), limit, limit.saturating_add(1)].map(Value::from));
        }
        if let Some(limit) = limit.as_f64() {
            self.values.extend([limit - 0.5, limit + 0.5].map(Value::from));
        }
    }

    /// Plain values of every type first: they show most differences.
    fn finish(&mut self) {
        let plain = json!([
            null,
            true,
            0,
            1,
            -1,
            1.5,
            1_000_000,
            "",
            "x",
            "1",
            "2026-01-01",
            "2026-01-01T00:00:00Z",
            [],
            {},
            [0],
            ["x"]
        ]);
        let mut values: Vec<Value> = plain.as_array().cloned().unwrap_or_default();
        for value in self.values.drain(..) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        self.values = values;
    }
}

/// A message after a schema, with what it asks for, or with all it names. Often right, never relied on.
fn make(root: &Value, schema: &Value, depth: usize, is_full: bool) -> Value {
    let Value::Object(keywords) = schema else { return Value::Null };
    if depth > DEPTH_MAX {
        return Value::Null;
    }
    if let Some(target) =
        keywords.get("$ref").and_then(Value::as_str).and_then(|target| root.pointer(target.strip_prefix('#')?))
    {
        return make(root, target, depth + 1, is_full);
    }
    if let Some(value) = keywords.get("const") {
        return value.clone();
    }
    let first = |name: &str| keywords.get(name).and_then(Value::as_array).and_then(|all| all.first());
    if let Some(value) = first("enum").or_else(|| first("examples")) {
        return value.clone();
    }
    for choice in ["allOf", "anyOf", "oneOf"] {
        if let Some(one) = first(choice).filter(|_| !keywords.contains_key("properties")) {
            return make(root, one, depth + 1, is_full);
        }
    }
    let kind = match keywords.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str).unwrap_or("null"),
        _ if keywords.contains_key("properties") => "object",
        _ => "null",
    };
    let number = |name: &str| keywords.get(name).and_then(Value::as_u64).unwrap_or(0).min(64);
    match kind {
        "boolean" => json!(true),
        "integer" | "number" => keywords.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        "string" => match keywords.get("format").and_then(Value::as_str) {
            Some("date-time") => json!("2026-01-01T00:00:00Z"),
            Some("date") => json!("2026-01-01"),
            Some("uri") => json!("urn:a:b"),
            _ => "a".repeat(usize::try_from(number("minLength").max(1)).unwrap_or(1)).into(),
        },
        "array" => {
            let item = keywords.get("items").map_or(Value::Null, |items| make(root, items, depth + 1, is_full));
            (0..number("minItems").max(u64::from(is_full))).map(|_| item.clone()).collect()
        }
        "object" => {
            let empty = Map::new();
            let properties = keywords.get("properties").and_then(Value::as_object).unwrap_or(&empty);
            let required = keywords.get("required").and_then(Value::as_array);
            // A tree without end is full down to here.
            let is_full = is_full && depth < FULL_DEPTH_MAX;
            let is_asked = |name: &str| is_full || required.is_some_and(|names| names.iter().any(|one| one == name));
            let members = properties
                .iter()
                .filter(|(name, _)| is_asked(name))
                .map(|(name, schema)| (name.clone(), make(root, schema, depth + 1, is_full)));
            Value::Object(members.collect())
        }
        _ => Value::Null,
    }
}
