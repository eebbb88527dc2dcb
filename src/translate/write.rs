//! Making a message of the target, value by value.

use super::pattern::{Pattern, Step};
use super::place::pointer;
use crate::model::unit::{UNECE_NAMESPACE, Unit};
use crate::profile::{Exchange, Field, Unit as FieldUnit, unescape};
use serde_json::{Map, Value, json};

/// Elements that one list takes, at most.
const MAX_ELEMENTS: usize = 10_000;

pub(super) struct Writer {
    pub message: Value,
    /// Pointer of a list, and the instance that each of its elements stands for.
    elements: Vec<(String, Vec<String>)>,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self { message: Value::Object(Map::new()), elements: Vec::new() }
    }

    /// Writes a value, with the objects and lists around it, and tells its pointer; `keys` are the elements that the
    /// placeholders stand for. `Err`: another value stands there.
    pub(super) fn put(&mut self, at: &Pattern, keys: &[String], value: Value) -> Result<String, &'static str> {
        let mut keys = keys.iter();
        let mut real: Vec<String> = Vec::with_capacity(at.steps.len());
        let mut here = &mut self.message;
        for (step, is_list) in at.steps.iter().zip(&at.is_list) {
            if here.is_null() {
                *here = if *is_list { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
            }
            let name = match step {
                Step::Name(name) => name.clone(),
                Step::Placeholder => {
                    let key = keys.next().ok_or("translate-no-place")?;
                    if *is_list { element(&mut self.elements, pointer(&real), key) } else { key.clone() }
                }
                Step::Select { member, value } => chosen(here, member, value)?,
            };
            here = match here {
                Value::Object(members) => members.entry(name.clone()).or_insert(Value::Null),
                Value::Array(items) => {
                    let index =
                        name.parse::<usize>().ok().filter(|index| *index < MAX_ELEMENTS).ok_or("translate-no-place")?;
                    while items.len() <= index {
                        items.push(Value::Null);
                    }
                    &mut items[index]
                }
                _ => return Err("translate-no-place"),
            };
            real.push(name);
        }
        if !here.is_null() && *here != value {
            return Err("translate-already-filled");
        }
        *here = value;
        Ok(pointer(&real))
    }

    /// States the unit of a number, where the message has a place for it.
    pub(super) fn unit(&mut self, field: &Field, at: Option<&Pattern>, unit: Option<&'static Unit>, keys: &[String]) {
        let (Some(unit), Some(at)) = (unit, at) else { return };
        let stated = match &field.unit {
            Some(FieldUnit::At(_)) => information(unit),
            Some(FieldUnit::Word { words, .. }) => {
                let Some((word, _)) = words.words.iter().find(|(_, code)| code == unit.code) else { return };
                word.clone().into()
            }
            _ => return,
        };
        // What stands there already was carried from the source.
        let _ = self.put(at, keys, stated);
    }

    /// Fixed members: of a document always, elsewhere wherever the object around them is.
    pub(super) fn constants(&mut self, constants: &[(Pattern, Value)], exchange: Exchange) {
        for (at, value) in constants {
            if exchange == Exchange::Document && at.is_plain() {
                let _ = self.put(at, &[], value.clone());
            } else {
                beside(&mut self.message, &at.steps, value);
            }
        }
    }
}

/// A unit as `EUInformation` (OPC 10000-8 §5.6.3.3).
pub(super) fn information(unit: &Unit) -> Value {
    let text = json!({ "locale": "", "text": unit.symbol });
    json!({ "NamespaceUri": UNECE_NAMESPACE, "UnitId": unit.id(), "DisplayName": text, "Description": text })
}

/// Index of the element of a list that stands for an instance.
fn element(elements: &mut Vec<(String, Vec<String>)>, list: String, key: &str) -> String {
    let at = elements.iter().position(|(other, _)| *other == list).unwrap_or_else(|| {
        elements.push((list, Vec::new()));
        elements.len() - 1
    });
    let known = &mut elements[at].1;
    let index = known.iter().position(|other| other == key).unwrap_or_else(|| {
        known.push(key.to_owned());
        known.len() - 1
    });
    index.to_string()
}

/// Index of the element whose member has this text; it is made where there is none.
fn chosen(here: &mut Value, member: &str, text: &str) -> Result<String, &'static str> {
    if here.as_object().is_some_and(Map::is_empty) {
        *here = Value::Array(Vec::new());
    }
    let items = here.as_array_mut().ok_or("translate-no-place")?;
    let found = items.iter().position(|item| item.pointer(member).and_then(Value::as_str) == Some(text));
    let index = found.unwrap_or(items.len());
    if found.is_none() {
        let names: Vec<String> = member.split('/').skip(1).map(unescape).collect();
        let made = names.iter().rev().fold(Value::from(text), |inner, name| match name.parse::<usize>() {
            Ok(_) => Value::Array(vec![inner]),
            Err(_) => json!({ name: inner }),
        });
        items.push(made);
    }
    Ok(index.to_string())
}

/// Puts a constant into every object that its pointer leads to.
fn beside(here: &mut Value, steps: &[Step], value: &Value) {
    let Some((step, rest)) = steps.split_first() else { return };
    let below: Vec<&mut Value> = match (step, here) {
        (Step::Name(name), Value::Object(members)) => {
            if rest.is_empty() {
                members.entry(name.clone()).or_insert_with(|| value.clone());
                return;
            }
            members.get_mut(name).into_iter().collect()
        }
        (Step::Name(name), Value::Array(items)) => {
            name.parse::<usize>().ok().and_then(|at| items.get_mut(at)).into_iter().collect()
        }
        (Step::Placeholder, Value::Object(members)) => members.values_mut().collect(),
        (Step::Placeholder, Value::Array(items)) => items.iter_mut().collect(),
        (Step::Select { member, value }, Value::Array(items)) => {
            items.iter_mut().filter(|item| item.pointer(member).and_then(Value::as_str) == Some(value)).collect()
        }
        _ => return,
    };
    below.into_iter().for_each(|below| beside(below, rest, value));
}
