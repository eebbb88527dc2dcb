//! The members of a message while a layout is being made.

use super::layout::{BoundField, Content, Layout, Member};
use crate::codec::Key;
use std::collections::HashMap;

/// An object of the message to be.
#[derive(Debug, Default)]
pub(super) struct Tree {
    names: Vec<String>,
    children: Vec<Child>,
    by_name: HashMap<String, usize>,
    constants: Vec<(String, serde_json::Value)>,
    /// Whether a placeholder stands for it.
    is_element: bool,
}

#[derive(Debug)]
enum Child {
    Object(Tree),
    Field(BoundField),
}

/// A field cannot stand here: another one does, or an object.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Occupied;

impl Tree {
    /// Puts a field at its place. `steps` are the names from the root down to it, each with whether a placeholder
    /// stands there.
    pub(super) fn insert(&mut self, steps: &[(String, bool)], field: BoundField) -> Result<(), Occupied> {
        let Some(((name, is_element), below)) = steps.split_first() else { return Err(Occupied) };
        if self.constants.iter().any(|(constant, _)| constant == name) {
            return Err(Occupied);
        }
        let known = self.by_name.get(name).copied();
        if below.is_empty() {
            if known.is_some() {
                return Err(Occupied);
            }
            self.push(name, Child::Field(field));
            return Ok(());
        }
        let at = known.unwrap_or_else(|| self.push(name, Child::Object(Self::default())));
        match self.children.get_mut(at) {
            Some(Child::Object(object)) => {
                object.is_element |= is_element;
                object.insert(below, field)
            }
            _ => Err(Occupied),
        }
    }

    /// Puts a constant at its place, if the object it belongs to is there. A member that is there already stays.
    pub(super) fn constant(&mut self, steps: &[String], value: serde_json::Value) {
        match steps {
            [] => {}
            [name] => {
                let is_known = self.by_name.contains_key(name) || self.constants.iter().any(|(known, _)| known == name);
                if !is_known {
                    self.constants.push((name.clone(), value));
                }
            }
            [name, below @ ..] => {
                let at = self.by_name.get(name).copied();
                if let Some(Child::Object(object)) = at.and_then(|at| self.children.get_mut(at)) {
                    object.constant(below, value);
                }
            }
        }
    }

    /// Puts a constant at its place, with the objects around it that are not there yet. A member that is there already
    /// stays.
    pub(super) fn state(&mut self, steps: &[String], value: serde_json::Value) {
        let [name, below @ ..] = steps else { return };
        match self.by_name.get(name).copied().and_then(|at| self.children.get_mut(at)) {
            Some(Child::Object(object)) if !below.is_empty() => object.state(below, value),
            Some(_) => {}
            None => {
                let wrap = |inner, name: &String| serde_json::json!({ name: inner });
                let nested = below.iter().rev().fold(value, wrap);
                self.constant(std::slice::from_ref(name), nested);
            }
        }
    }

    fn push(&mut self, name: &str, child: Child) -> usize {
        self.names.push(name.to_owned());
        self.children.push(child);
        self.by_name.insert(name.to_owned(), self.children.len() - 1);
        self.children.len() - 1
    }

    /// Lays the members out in the order in which they are written.
    pub(super) fn flatten(self) -> Layout {
        let mut layout = Layout::default();
        self.append(&mut layout);
        let fields = &layout.fields;
        let mut by_pointer: Vec<u32> = (0..fields.len() as u32).collect();
        by_pointer.sort_by(|left, right| fields[*left as usize].pointer.cmp(&fields[*right as usize].pointer));
        layout.by_pointer = by_pointer;
        layout
    }

    fn append(self, layout: &mut Layout) {
        for (name, child) in self.names.into_iter().zip(self.children) {
            let key = Key::new(&name);
            match child {
                Child::Field(field) => {
                    layout.members.push(Member { key, content: Content::Field(layout.fields.len() as u32) });
                    layout.fields.push(field);
                }
                Child::Object(object) => {
                    let (at, first, is_element) = (layout.members.len(), layout.fields.len() as u32, object.is_element);
                    layout.members.push(Member { key, content: Content::Object { end: 0, fields: first..first } });
                    object.append(layout);
                    let fields = first..layout.fields.len() as u32;
                    if is_element {
                        for field in &mut layout.fields[first as usize..] {
                            // The innermost element was laid out first.
                            field.element.get_or_insert_with(|| fields.clone());
                        }
                    }
                    let end = layout.members.len() as u32;
                    layout.members[at].content = Content::Object { end, fields };
                }
            }
        }
        for (name, value) in self.constants {
            layout.members.push(Member { key: Key::new(&name), content: Content::Constant(value) });
        }
    }
}
