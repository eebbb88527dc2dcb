//! Making a message of the target, value by value.

use super::place::pointer;
use crate::model::unit::{UNECE_NAMESPACE, Unit};
use crate::profile::{
    ConstantValue, Exchange, Field, PointerStep, Profile, Unit as FieldUnit, pointer_steps, unescape,
};
use serde_json::{Map, Value, json};

/// Elements that one list takes, at most.
const MAX_ELEMENTS: usize = 10_000;

/// A place with the elements that its placeholders stand for.
pub(super) struct Target<'t> {
    pub pointer: &'t str,
    pub keys: &'t [String],
}

pub(super) struct Writer<'p> {
    profile: &'p Profile,
    pub message: Value,
    /// Pointer of a list, and the instance that each of its elements stands for.
    elements: Vec<(String, Vec<String>)>,
}

impl<'p> Writer<'p> {
    pub(super) fn new(profile: &'p Profile) -> Self {
        Self { profile, message: Value::Object(Map::new()), elements: Vec::new() }
    }

    /// Writes a value, with the objects and lists around it, and tells its pointer. `Err`: another value stands there.
    pub(super) fn put(&mut self, target: &Target<'_>, value: Value) -> Result<String, &'static str> {
        let steps = pointer_steps(target.pointer).unwrap_or_default();
        let mut keys = target.keys.iter();
        let mut real: Vec<String> = Vec::new();
        let mut here = &mut self.message;
        for (at, step) in steps.iter().enumerate() {
            let is_list = self.profile.is_array(&steps[..at]);
            if here.is_null() {
                *here = if is_list { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
            }
            let name = match step {
                PointerStep::Name(name) => unescape(name),
                PointerStep::Placeholder(_) => {
                    let key = keys.next().ok_or("translate-no-place")?;
                    if is_list { element(&mut self.elements, pointer(&real), key) } else { key.clone() }
                }
                PointerStep::Select { member, value } => chosen(here, member, &unescape(value))?,
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
    pub(super) fn unit(&mut self, field: &Field, unit: Option<&'static Unit>, keys: &[String]) {
        let Some(unit) = unit else { return };
        let (at, stated) = match &field.unit {
            Some(FieldUnit::At(at)) => {
                let text = json!({ "locale": "", "text": unit.symbol });
                (
                    at,
                    json!({ "NamespaceUri": UNECE_NAMESPACE, "UnitId": unit.id(), "DisplayName": text, "Description": text }),
                )
            }
            Some(FieldUnit::Word { at, words, .. }) => {
                let Some((word, _)) = words.words.iter().find(|(_, code)| code == unit.code) else { return };
                (at, word.clone().into())
            }
            _ => return,
        };
        // What stands there already was carried from the source.
        let _ = self.put(&Target { pointer: at, keys }, stated);
    }

    /// Fixed members: of a document always, elsewhere wherever the object around them is.
    pub(super) fn constants(&mut self) {
        let profile = self.profile;
        for constant in &profile.mapping.constants {
            let ConstantValue::Json(value) = &constant.value else { continue };
            let steps = pointer_steps(&constant.pointer).unwrap_or_default();
            let is_plain = steps.iter().all(|step| matches!(step, PointerStep::Name(_)));
            if profile.exchange == Exchange::Document && is_plain {
                let _ = self.put(&Target { pointer: &constant.pointer, keys: &[] }, value.clone());
            } else {
                beside(&mut self.message, &steps, value);
            }
        }
    }
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
    let path = format!("/{}", unescape(member));
    let found = items.iter().position(|item| item.pointer(&path).and_then(Value::as_str) == Some(text));
    let index = found.unwrap_or(items.len());
    if found.is_none() {
        let names: Vec<String> = path.split('/').skip(1).map(unescape).collect();
        let made = names.iter().rev().fold(Value::from(text), |inner, name| match name.parse::<usize>() {
            Ok(_) => Value::Array(vec![inner]),
            Err(_) => json!({ name: inner }),
        });
        items.push(made);
    }
    Ok(index.to_string())
}

/// Puts a constant into every object that its pointer leads to.
fn beside(here: &mut Value, steps: &[PointerStep<'_>], value: &Value) {
    let Some((step, rest)) = steps.split_first() else { return };
    let below: Vec<&mut Value> = match (step, here) {
        (PointerStep::Name(name), Value::Object(members)) => {
            let name = unescape(name);
            if rest.is_empty() {
                members.entry(name).or_insert_with(|| value.clone());
                return;
            }
            members.get_mut(&name).into_iter().collect()
        }
        (PointerStep::Name(name), Value::Array(items)) => {
            name.parse::<usize>().ok().and_then(|at| items.get_mut(at)).into_iter().collect()
        }
        (PointerStep::Placeholder(_), Value::Object(members)) => members.values_mut().collect(),
        (PointerStep::Placeholder(_), Value::Array(items)) => items.iter_mut().collect(),
        (PointerStep::Select { member, value }, Value::Array(items)) => {
            let (path, text) = (format!("/{}", unescape(member)), unescape(value));
            items.iter_mut().filter(|item| item.pointer(&path).and_then(Value::as_str) == Some(&text)).collect()
        }
        _ => return,
    };
    below.into_iter().for_each(|below| beside(below, rest, value));
}
