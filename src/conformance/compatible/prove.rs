//! A proof that one schema follows from another, keyword by keyword.
//!
//! Sound, not complete: what is not understood on the left is forgotten (it could only narrow), what is not understood
//! on the right must stand on the left word for word, or nothing is proved. References may lead in circles: a pair that
//! is being proved is taken as proved further inside, which is induction over the size of the message, because no
//! compiled schema refers to itself without going into the message.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Pairs that are compared, at most.
const FUEL: usize = 200_000;
/// Comparisons inside each other.
const DEPTH_MAX: usize = 100;

/// Say nothing about a message.
const ANNOTATIONS: &[&str] = &[
    "$schema",
    "$id",
    "$defs",
    "$comment",
    "title",
    "description",
    "examples",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
];
/// Mean something together only.
const TOGETHER: &[&[&str]] = &[
    &["if", "then", "else"],
    &["contains", "minContains", "maxContains"],
    &["prefixItems", "items"],
    &["dependentRequired"],
    &["dependentSchemas"],
    &["propertyNames"],
    &["not"],
    &["oneOf"],
];
const TYPES: &[&str] = &["null", "boolean", "object", "array", "string", "integer", "fraction"];

/// Whether every message of `first` is one of `second`.
pub(super) fn follows(first: &Value, second: &Value) -> bool {
    if has_base(first, true, 0) || has_base(second, true, 0) {
        return false;
    }
    let mut proof = Proof { first, second, fuel: FUEL, assumed: Vec::new() };
    let left = proof.expand(vec![first]);
    proof.follows(&left, second, 0)
}

/// A schema inside that names itself, or an anchor, changes what references mean.
fn has_base(schema: &Value, is_root: bool, depth: usize) -> bool {
    match schema {
        _ if depth > DEPTH_MAX => true,
        Value::Object(members) => members.iter().any(|(name, value)| {
            (name == "$id" && !is_root && value.is_string())
                || name == "$anchor"
                || name.starts_with("$dynamic")
                || name.starts_with("$recursive")
                || has_base(value, false, depth + 1)
        }),
        Value::Array(items) => items.iter().any(|item| has_base(item, false, depth + 1)),
        _ => false,
    }
}

struct Proof<'s> {
    first: &'s Value,
    second: &'s Value,
    fuel: usize,
    /// Pairs under proof, by address: what is on the left, what on the right.
    assumed: Vec<(Vec<*const Value>, *const Value)>,
}

fn resolve<'s>(root: &'s Value, schema: &Map<String, Value>) -> Option<&'s Value> {
    root.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
}

impl<'s> Proof<'s> {
    /// All schemas that hold together on the left: references and `allOf` written out.
    fn expand(&mut self, mut left: Vec<&'s Value>) -> Vec<&'s Value> {
        let mut at = 0;
        while at < left.len() && self.fuel > 0 {
            self.fuel -= 1;
            if let Value::Object(members) = left[at] {
                let more = resolve(self.first, members).into_iter();
                for schema in more.chain(members.get("allOf").and_then(Value::as_array).into_iter().flatten()) {
                    if !left.iter().any(|known| std::ptr::eq(*known, schema)) {
                        left.push(schema);
                    }
                }
            }
            at += 1;
        }
        left
    }

    /// Whether `right` follows from all of `left` together.
    fn follows(&mut self, left: &[&'s Value], right: &'s Value, depth: usize) -> bool {
        if self.fuel == 0 || depth > DEPTH_MAX {
            return false;
        }
        self.fuel -= 1;
        if is_empty(left) {
            return true;
        }
        let Value::Object(members) = right else { return *right == Value::Bool(true) };
        let pair = (left.iter().map(|schema| std::ptr::from_ref(*schema)).collect(), std::ptr::from_ref(right));
        if self.assumed.contains(&pair) {
            return true;
        }
        self.assumed.push(pair);
        let is_proved = self.each_keyword(left, members, depth) || self.each_case(left, right, depth);
        self.assumed.pop();
        is_proved
    }

    /// A choice on the left: what follows must follow in each case.
    fn each_case(&mut self, left: &[&'s Value], right: &'s Value, depth: usize) -> bool {
        let choices = left.iter().filter_map(|schema| {
            let members = schema.as_object()?;
            members.get("anyOf").or_else(|| members.get("oneOf"))?.as_array()
        });
        for choice in choices.collect::<Vec<_>>() {
            if choice.iter().any(|case| left.iter().any(|known| std::ptr::eq(*known, case))) {
                continue;
            }
            return choice.iter().all(|case| {
                let mut together = left.to_vec();
                together.push(case);
                let together = self.expand(together);
                self.follows(&together, right, depth + 1)
            });
        }
        false
    }

    fn each_keyword(&mut self, left: &[&'s Value], right: &'s Map<String, Value>, depth: usize) -> bool {
        right
            .iter()
            .all(|(name, value)| ANNOTATIONS.contains(&name.as_str()) || self.keyword(left, right, name, value, depth))
    }

    fn keyword(
        &mut self,
        left: &[&'s Value],
        right: &'s Map<String, Value>,
        name: &str,
        value: &'s Value,
        depth: usize,
    ) -> bool {
        if speaks_of(name).is_some_and(|kinds| kinds.iter().all(|kind| !types(left).contains(kind))) {
            return true;
        }
        let objects = || left.iter().filter_map(|schema| schema.as_object());
        match name {
            "$ref" => resolve(self.second, right).is_some_and(|target| self.follows(left, target, depth + 1)),
            "allOf" => value.as_array().is_some_and(|all| all.iter().all(|one| self.follows(left, one, depth + 1))),
            "anyOf" => {
                value.as_array().is_some_and(|any| any.iter().any(|one| self.follows(left, one, depth + 1)))
                    || self.same_together(left, right, &["anyOf"])
            }
            "type" => types(left).is_subset(&types_of(value)),
            "enum" => value.as_array().is_some_and(|values| {
                finite(left).is_some_and(|found| found.iter().all(|value| values.contains(value)))
            }),
            "const" => finite(left).is_some_and(|found| found.iter().all(|found| *found == value)),
            "required" => value.as_array().is_some_and(|names| {
                names.iter().all(|name| {
                    objects()
                        .any(|one| one.get("required").and_then(Value::as_array).is_some_and(|all| all.contains(name)))
                })
            }),
            "minimum" | "exclusiveMinimum" | "maximum" | "exclusiveMaximum" => bound(left, name, value),
            "minLength" | "minItems" | "minProperties" => value.as_u64().is_some_and(|limit| {
                limit == 0 || objects().any(|one| one.get(name).and_then(Value::as_u64).is_some_and(|own| own >= limit))
            }),
            "maxLength" | "maxItems" | "maxProperties" => value.as_u64().is_some_and(|limit| {
                objects().any(|one| one.get(name).and_then(Value::as_u64).is_some_and(|own| own <= limit))
            }),
            "uniqueItems" if *value == Value::Bool(false) => true,
            "pattern" | "format" | "multipleOf" | "uniqueItems" => objects().any(|one| one.get(name) == Some(value)),
            "properties" => value.as_object().is_some_and(|properties| {
                properties.iter().all(|(name, schema)| {
                    let at = member(left, name);
                    let at = self.expand(at);
                    self.follows(&at, schema, depth + 1)
                })
            }),
            "patternProperties" => value.as_object().is_some_and(|patterns| {
                patterns.iter().all(|(pattern, schema)| {
                    let same = left.iter().filter_map(|one| one.get("patternProperties")?.get(pattern)).collect();
                    let same = self.expand(same);
                    self.follows(&same, schema, depth + 1)
                })
            }),
            "additionalProperties" => self.additional(left, right, value, depth),
            "items" if !right.contains_key("prefixItems") && objects().all(|one| !one.contains_key("prefixItems")) => {
                let items = objects().filter_map(|one| one.get("items")).collect();
                let items = self.expand(items);
                self.follows(&items, value, depth + 1)
            }
            _ => TOGETHER
                .iter()
                .find(|group| group.contains(&name))
                .is_some_and(|group| self.same_together(left, right, group)),
        }
    }

    /// What the right does not name must be as it says.
    fn additional(&mut self, left: &[&'s Value], right: &Map<String, Value>, value: &'s Value, depth: usize) -> bool {
        let keys = |schema: &Map<String, Value>, name: &str| -> BTreeSet<String> {
            schema.get(name).and_then(Value::as_object).map(|map| map.keys().cloned().collect()).unwrap_or_default()
        };
        let (named, patterns) = (keys(right, "properties"), keys(right, "patternProperties"));
        let objects: Vec<&'s Map<String, Value>> = left.iter().filter_map(|schema| schema.as_object()).collect();
        let others: BTreeSet<String> =
            objects.iter().flat_map(|one| keys(one, "properties")).filter(|name| !named.contains(name)).collect();
        for name in &others {
            let at = member(left, name);
            let at = self.expand(at);
            if !self.follows(&at, value, depth + 1) {
                return false;
            }
        }
        // A name that no pattern of the right matches matches none of the left either, when the left has no more.
        let rest = objects
            .iter()
            .filter(|one| keys(one, "patternProperties").is_subset(&patterns))
            .filter_map(|one| one.get("additionalProperties"))
            .collect();
        let rest = self.expand(rest);
        self.follows(&rest, value, depth + 1)
    }

    /// Whether one schema of the left says the same with all keywords of a group.
    fn same_together(&mut self, left: &[&'s Value], right: &'s Map<String, Value>, group: &[&str]) -> bool {
        let objects: Vec<&'s Map<String, Value>> = left.iter().filter_map(|schema| schema.as_object()).collect();
        objects.into_iter().any(|one| {
            group.iter().all(|name| match (one.get(*name), right.get(*name)) {
                (None, None) => true,
                (Some(own), Some(other)) => self.same(own, other, &mut Vec::new(), 0),
                _ => false,
            })
        })
    }

    /// The same in writing, references followed. Descriptions count: in a map of members they could be names.
    fn same(
        &mut self,
        own: &'s Value,
        other: &'s Value,
        assumed: &mut Vec<(*const Value, *const Value)>,
        depth: usize,
    ) -> bool {
        if self.fuel == 0 || depth > DEPTH_MAX {
            return false;
        }
        self.fuel -= 1;
        match (own, other) {
            (Value::Object(left), Value::Object(right)) => {
                let pair = (std::ptr::from_ref(own), std::ptr::from_ref(other));
                if assumed.contains(&pair) {
                    return true;
                }
                assumed.push(pair);
                left.len() == right.len()
                    && left.iter().all(|(name, value)| {
                        let Some(against) = right.get(name) else { return false };
                        if name != "$ref" {
                            return self.same(value, against, assumed, depth + 1);
                        }
                        // Of data that only looks like a reference, the text is what counts.
                        value == against
                            && match (resolve(self.first, left), resolve(self.second, right)) {
                                (Some(left), Some(right)) => self.same(left, right, assumed, depth + 1),
                                _ => false,
                            }
                    })
            }
            (Value::Array(left), Value::Array(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right).all(|(left, right)| self.same(left, right, assumed, depth + 1))
            }
            (left, right) => left == right,
        }
    }
}

/// What holds on the left for a member of this name. Patterns are left out: they could only narrow.
fn member<'s>(left: &[&'s Value], name: &str) -> Vec<&'s Value> {
    let one = |schema: &&'s Value| {
        let own = schema.get("properties").and_then(|properties| properties.get(name));
        own.or_else(|| {
            let is_sure = schema.get("patternProperties").is_none();
            schema.get("additionalProperties").filter(|_| is_sure)
        })
    };
    left.iter().filter_map(one).collect()
}

/// Whether nothing can conform to all of the left.
fn is_empty(left: &[&Value]) -> bool {
    left.iter().any(|schema| **schema == Value::Bool(false)) || types(left).is_empty()
}

/// Types that the left leaves; a number is an `integer` or a `fraction`.
fn types(left: &[&Value]) -> BTreeSet<&'static str> {
    let mut left_over: BTreeSet<&'static str> = TYPES.iter().copied().collect();
    for schema in left {
        if let Some(value) = schema.get("type") {
            left_over = left_over.intersection(&types_of(value)).copied().collect();
        }
    }
    if let Some(values) = finite(left) {
        let of = |value: &&Value| -> &'static [&'static str] {
            match value {
                Value::Null => &["null"],
                Value::Bool(_) => &["boolean"],
                Value::Object(_) => &["object"],
                Value::Array(_) => &["array"],
                Value::String(_) => &["string"],
                Value::Number(number) if number.is_i64() || number.is_u64() => &["integer"],
                // Whether 1.0 is an integer is left open: nothing is proved by it.
                Value::Number(_) => &["integer", "fraction"],
            }
        };
        let found: BTreeSet<&'static str> = values.iter().flat_map(of).copied().collect();
        left_over = left_over.intersection(&found).copied().collect();
    }
    left_over
}

fn types_of(value: &Value) -> BTreeSet<&'static str> {
    let names: Vec<&str> = match value {
        Value::String(name) => vec![name.as_str()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let has =
        |kind: &&&str| names.contains(*kind) || (names.contains(&"number") && matches!(**kind, "integer" | "fraction"));
    TYPES.iter().filter(has).copied().collect()
}

/// The values that the left lists, when it does.
fn finite<'s>(left: &[&'s Value]) -> Option<Vec<&'s Value>> {
    left.iter().find_map(|schema| {
        let one = schema.get("const").map(|value| vec![value]);
        one.or_else(|| schema.get("enum").and_then(Value::as_array).map(|values| values.iter().collect()))
    })
}

/// Types that a keyword speaks of; it says nothing about others.
fn speaks_of(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => &["integer", "fraction"],
        "minLength" | "maxLength" | "pattern" => &["string"],
        "minItems" | "maxItems" | "uniqueItems" | "items" | "prefixItems" | "contains" | "minContains"
        | "maxContains" => &["array"],
        "properties"
        | "required"
        | "additionalProperties"
        | "patternProperties"
        | "propertyNames"
        | "minProperties"
        | "maxProperties"
        | "dependentRequired"
        | "dependentSchemas" => &["object"],
        _ => return None,
    })
}

/// A bound that some schema of the left keeps, or all of its listed values do.
fn bound(left: &[&Value], name: &str, value: &Value) -> bool {
    let Some(limit) = exact(value) else { return false };
    let sign = if name.ends_with("inimum") { 1.0 } else { -1.0 };
    let is_strict = name.starts_with("exclusive");
    let (open, closed) = if sign > 0.0 { ("exclusiveMinimum", "minimum") } else { ("exclusiveMaximum", "maximum") };
    let keeps = |own: f64, own_is_strict: bool| {
        let inside = (own - limit) * sign;
        inside > 0.0 || (inside == 0.0 && (own_is_strict || !is_strict))
    };
    let listed = finite(left).is_some_and(|values| {
        values.iter().all(|value| !value.is_number() || exact(value).is_some_and(|own| keeps(own, false)))
    });
    listed
        || left.iter().any(|one| {
            one.get(open).and_then(exact).is_some_and(|own| keeps(own, true))
                || one.get(closed).and_then(exact).is_some_and(|own| keeps(own, false))
        })
}

/// A number that a double holds exactly; of others nothing is proved.
fn exact(value: &Value) -> Option<f64> {
    const LARGEST: f64 = 9_007_199_254_740_991.0;
    value.as_f64().filter(|number| number.abs() <= LARGEST)
}
