//! Subschemas and where their evaluation leads: circles and multiplication are found before anything runs.

use super::{MAX_CHAIN, MAX_EVALUATIONS, MAX_EVALUATIONS_OF_VALUE, MAX_SUBSCHEMAS, SchemaError, escape, short};
use crate::codec::tape::MAX_DEPTH;
use crate::finding::Finding;
use serde_json::Value;
use std::collections::HashMap;

/// How a keyword's subschemas relate to the value that is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Applies {
    /// To the same value.
    Here,
    /// To a part of it.
    Inside,
    /// To nothing until somebody refers to it.
    Nowhere,
}

#[derive(Clone, Copy)]
enum Holds {
    One,
    List,
    Map,
}

const APPLICATORS: &[(&str, Applies, Holds)] = &[
    ("allOf", Applies::Here, Holds::List),
    ("anyOf", Applies::Here, Holds::List),
    ("oneOf", Applies::Here, Holds::List),
    ("not", Applies::Here, Holds::One),
    ("if", Applies::Here, Holds::One),
    ("then", Applies::Here, Holds::One),
    ("else", Applies::Here, Holds::One),
    ("dependentSchemas", Applies::Here, Holds::Map),
    ("properties", Applies::Inside, Holds::Map),
    ("patternProperties", Applies::Inside, Holds::Map),
    ("additionalProperties", Applies::Inside, Holds::One),
    ("unevaluatedProperties", Applies::Inside, Holds::One),
    ("propertyNames", Applies::Inside, Holds::One),
    ("prefixItems", Applies::Inside, Holds::List),
    ("items", Applies::Inside, Holds::One),
    ("contains", Applies::Inside, Holds::One),
    ("unevaluatedItems", Applies::Inside, Holds::One),
    ("contentSchema", Applies::Nowhere, Holds::One),
    ("$defs", Applies::Nowhere, Holds::Map),
    ("definitions", Applies::Nowhere, Holds::Map),
];

/// The other keywords of 2020-12; what is not among them is ignored by the standard, and most likely a typing error.
const KEYWORDS: &[&str] = &[
    "$schema",
    "$id",
    "$ref",
    "$anchor",
    "$vocabulary",
    "$comment",
    "type",
    "enum",
    "const",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxContains",
    "minContains",
    "maxProperties",
    "minProperties",
    "required",
    "dependentRequired",
    "title",
    "description",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "examples",
    "format",
    "contentEncoding",
    "contentMediaType",
];

/// A subschema and where its evaluation leads.
#[derive(Debug, Default)]
struct Subschema {
    pointer: String,
    here: Vec<usize>,
    inside: Vec<usize>,
}

#[derive(Debug, Default)]
pub(super) struct Graph {
    subschemas: Vec<Subschema>,
    by_pointer: HashMap<String, usize>,
    /// Reference, its pointer, and the subschema it stands in.
    references: Vec<(String, usize)>,
    anchors: HashMap<String, String>,
    pub(super) warnings: Vec<Finding>,
}

impl Graph {
    /// Takes a schema and everything inside it into the graph; its index.
    pub(super) fn walk(
        &mut self,
        schema: &Value,
        pointer: String,
        is_format: &impl Fn(&str) -> bool,
    ) -> Result<usize, SchemaError> {
        if let Some(&index) = self.by_pointer.get(&pointer) {
            return Ok(index);
        }
        let index = self.subschemas.len();
        if index >= MAX_SUBSCHEMAS {
            return Err(SchemaError::TooMany);
        }
        self.by_pointer.insert(pointer.clone(), index);
        self.subschemas.push(Subschema { pointer: pointer.clone(), ..Subschema::default() });
        let Value::Object(members) = schema else {
            return match schema {
                Value::Bool(_) => Ok(index),
                other => Err(SchemaError::NotASchema {
                    pointer,
                    reason: format!("expected an object, true or false, found {}", short(&other.to_string())),
                }),
            };
        };
        for keyword in ["$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor"] {
            if members.contains_key(keyword) {
                return Err(SchemaError::Unsupported { pointer: format!("{pointer}/{keyword}"), keyword });
            }
        }
        if !pointer.is_empty() && members.contains_key("$id") {
            return Err(SchemaError::Unsupported { pointer: format!("{pointer}/$id"), keyword: "$id" });
        }
        for (keyword, value) in members {
            let place = format!("{pointer}/{}", escape(keyword));
            match (keyword.as_str(), value) {
                ("$ref", Value::String(_)) => self.references.push((place, index)),
                ("$anchor", Value::String(name)) => {
                    self.anchors.insert(name.clone(), pointer.clone());
                }
                ("format", Value::String(name)) if !is_format(name) => {
                    self.warnings.push(Finding::warning("QIAO-V020", place).with("format", name));
                }
                (name, _) => match APPLICATORS.iter().find(|(applicator, ..)| *applicator == name) {
                    Some(&(_, applies, holds)) => {
                        let children = self.children(value, place, holds, is_format)?;
                        match (applies, self.subschemas.get_mut(index)) {
                            (Applies::Here, Some(this)) => this.here.extend(children),
                            (Applies::Inside, Some(this)) => this.inside.extend(children),
                            _ => {}
                        }
                    }
                    None if KEYWORDS.contains(&name) || name.starts_with("x-") => {}
                    None => self.warnings.push(Finding::warning("QIAO-V021", place).with("keyword", name)),
                },
            }
        }
        Ok(index)
    }

    fn children(
        &mut self,
        value: &Value,
        place: String,
        holds: Holds,
        is_format: &impl Fn(&str) -> bool,
    ) -> Result<Vec<usize>, SchemaError> {
        match (holds, value) {
            (Holds::One, schema) => Ok(vec![self.walk(schema, place, is_format)?]),
            (Holds::List, Value::Array(schemas)) => schemas
                .iter()
                .enumerate()
                .map(|(at, schema)| self.walk(schema, format!("{place}/{at}"), is_format))
                .collect(),
            (Holds::Map, Value::Object(schemas)) => schemas
                .iter()
                .map(|(name, schema)| self.walk(schema, format!("{place}/{}", escape(name)), is_format))
                .collect(),
            // The meta-schema says what is wrong with it.
            _ => Ok(Vec::new()),
        }
    }

    /// Follows every reference; what it reaches joins the graph and may refer further.
    pub(super) fn resolve(&mut self, root: &Value, is_format: &impl Fn(&str) -> bool) -> Result<(), SchemaError> {
        let id = root.get("$id").and_then(Value::as_str).map(|id| id.trim_end_matches('#'));
        let mut at = 0;
        while let Some((pointer, from)) = self.references.get(at).cloned() {
            at += 1;
            let target = root.pointer(&pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
            let Some(fragment) = fragment(&target, id) else { return Err(SchemaError::Remote { pointer, target }) };
            let place = if fragment.is_empty() || fragment.starts_with('/') {
                Some(fragment)
            } else {
                self.anchors.get(&fragment).cloned()
            };
            let found = place.and_then(|place| Some((root.pointer(&place)?, canonical(&place))));
            let Some((schema, place)) = found else { return Err(SchemaError::Unknown { pointer, target }) };
            let to = self.walk(schema, place, is_format)?;
            if let Some(from) = self.subschemas.get_mut(from) {
                from.here.push(to);
            }
        }
        Ok(())
    }

    /// Subschemas so ordered that each stands before those it leads to, and those that have no such place.
    fn order(&self, leads_to: impl Fn(&Subschema) -> Vec<usize>) -> (Vec<usize>, Vec<usize>) {
        let mut incoming = vec![0_u32; self.subschemas.len()];
        self.subschemas.iter().flat_map(&leads_to).for_each(|to| incoming[to] += 1);
        let mut order: Vec<_> = (0..incoming.len()).filter(|at| incoming[*at] == 0).collect();
        let mut done = 0;
        while let Some(&next) = order.get(done) {
            done += 1;
            for to in leads_to(&self.subschemas[next]) {
                incoming[to] -= 1;
                if incoming[to] == 0 {
                    order.push(to);
                }
            }
        }
        let left = (0..incoming.len()).filter(|at| incoming[*at] > 0).collect();
        (order, left)
    }

    pub(super) fn refuse_endless(&self) -> Result<(), SchemaError> {
        let (_, left) = self.order(|subschema| subschema.here.clone());
        // Those left are on a circle or behind one: going backwards as often as there are subschemas ends on it.
        let Some(&first) = left.first() else { return Ok(()) };
        let mut at = first;
        for _ in 0..self.subschemas.len() {
            let before = left.iter().find(|from| self.subschemas[**from].here.contains(&at));
            at = *before.unwrap_or(&at);
        }
        Err(SchemaError::Endless { pointer: self.subschemas[at].pointer.clone() })
    }

    pub(super) fn refuse_expensive(&self) -> Result<(), SchemaError> {
        let everywhere = |subschema: &Subschema| [subschema.here.as_slice(), &subschema.inside].concat();
        let here = |subschema: &Subschema| subschema.here.clone();
        let (order, circles) = self.order(everywhere);
        let is_recursive = !circles.is_empty();
        let (evaluations, chain, limit) = if is_recursive {
            // The message is at most so deep, and each level of it starts the chain anew.
            let (order, _) = self.order(here);
            let (evaluations, chain) = self.cost(&order, here);
            (evaluations, chain * (MAX_DEPTH + 1), MAX_EVALUATIONS_OF_VALUE)
        } else {
            let (evaluations, chain) = self.cost(&order, everywhere);
            (evaluations, chain, MAX_EVALUATIONS)
        };
        let pointer = String::new();
        if evaluations > limit {
            return Err(SchemaError::TooExpensive { pointer, limit });
        }
        if chain > MAX_CHAIN {
            return Err(SchemaError::TooExpensive { pointer, limit: MAX_CHAIN as u64 });
        }
        Ok(())
    }

    /// The most evaluations that begin at one subschema, and the longest chain of them.
    fn cost(&self, order: &[usize], leads_to: impl Fn(&Subschema) -> Vec<usize>) -> (u64, usize) {
        let mut evaluations = vec![1_u64; self.subschemas.len()];
        let mut chain = vec![1_usize; self.subschemas.len()];
        for &at in order.iter().rev() {
            for to in leads_to(&self.subschemas[at]) {
                evaluations[at] = evaluations[at].saturating_add(evaluations[to]);
                chain[at] = chain[at].max(chain[to] + 1);
            }
        }
        (evaluations.into_iter().max().unwrap_or(0), chain.into_iter().max().unwrap_or(0))
    }
}

/// The fragment of a reference into this schema, percent-decoded; `None` when it leads elsewhere.
fn fragment(reference: &str, id: Option<&str>) -> Option<String> {
    let (base, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    // An empty reference without `#` is taken for "this resource" by some and for nothing by others: not allowed.
    if reference.is_empty() || !(base.is_empty() || Some(base) == id) {
        return None;
    }
    let mut decoded = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits =
            if *first == b'%' { tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok()) } else { None };
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                rest = &tail[2..];
            }
            None => {
                decoded.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(decoded).ok()
}

/// One spelling for one place: `~1` and `~0` as [`escape`] writes them.
fn canonical(pointer: &str) -> String {
    pointer.split('/').skip(1).map(|step| format!("/{}", escape(&step.replace("~1", "/").replace("~0", "~")))).collect()
}
