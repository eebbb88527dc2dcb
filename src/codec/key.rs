//! Member names, interned once for the process: an object is searched by number, not by text.
//!
//! Names that a schema or an encoder knows get a [`KeyId`]; all others keep id 0 and are compared by text, so a name
//! that is interned late, or no more because the table is full, is still found.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock, RwLockReadGuard};

/// The name of a member, as far as any schema knows it; 0 for all others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct KeyId(pub u32);

/// Names the table holds at most: what all schemas of a process may name together. Beyond it names stay at id 0.
const LIMIT: usize = 1 << 16;
/// Longer names are not interned.
const LONGEST: usize = 256;

static NAMES: LazyLock<RwLock<HashMap<Box<str>, u32>>> = LazyLock::new(RwLock::default);

/// The id of `name`; gives it one if there is room. For names that schemas and encoders know, never for names that
/// come in with data.
pub fn intern(name: &str) -> KeyId {
    if let Some(&id) = names().get(name) {
        return KeyId(id);
    }
    let mut names = NAMES.write().unwrap_or_else(PoisonError::into_inner);
    if names.len() >= LIMIT || name.len() > LONGEST {
        return KeyId(0);
    }
    let next = names.len() as u32 + 1;
    KeyId(*names.entry(name.into()).or_insert(next))
}

/// The id of `name` if it has one, else 0.
#[must_use]
pub fn find(name: &str) -> KeyId {
    Lookup::begin().find(name)
}

/// Many look-ups under one lock. Short-lived: nothing can be interned meanwhile.
pub(crate) struct Lookup(RwLockReadGuard<'static, HashMap<Box<str>, u32>>);

impl Lookup {
    pub(crate) fn begin() -> Self {
        Self(names())
    }

    pub(crate) fn find(&self, name: &str) -> KeyId {
        KeyId(self.0.get(name).copied().unwrap_or_default())
    }
}

fn names() -> RwLockReadGuard<'static, HashMap<Box<str>, u32>> {
    NAMES.read().unwrap_or_else(PoisonError::into_inner)
}

/// A member name made ready for writing: its id, and its text as it stands in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub(super) id: KeyId,
    /// `"name":`, escaped.
    pub(super) text: Box<str>,
    pub(super) is_escaped: bool,
}

impl Key {
    /// For names that encoders and schemas know: interned.
    #[must_use]
    pub fn known(name: &str) -> Self {
        Self::with_id(name, intern(name))
    }

    /// For names that come from outside, such as browse names: an id only if a schema knows it.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self::with_id(name, find(name))
    }

    fn with_id(name: &str, id: KeyId) -> Self {
        let mut text = String::with_capacity(name.len() + 3);
        text.push('"');
        let is_escaped = super::text::escape(&mut text, name);
        text.push_str("\":");
        Self { id, text: text.into(), is_escaped }
    }

    /// The name itself.
    #[must_use]
    pub fn name(&self) -> String {
        let quoted = self.text.strip_suffix(':').unwrap_or(&self.text);
        serde_json::from_str(quoted).unwrap_or_default()
    }

    /// Bytes it takes in a message, quotes and colon included.
    #[must_use]
    pub fn written_length(&self) -> usize {
        self.text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_id_and_a_foreign_name_gets_none() {
        let first = intern("key test: first");
        assert_eq!(intern("key test: first"), first);
        assert_ne!(intern("key test: second"), first);
        assert_eq!(Key::new("key test: first").id, first);
        assert_eq!(Key::new("key test: never interned").id, KeyId(0));
        assert_eq!(intern(&"x".repeat(LONGEST + 1)), KeyId(0));
    }

    #[test]
    fn a_key_is_written_as_json() {
        assert_eq!(&*Key::new("Value").text, "\"Value\":");
        assert_eq!(&*Key::new("a\"b\n").text, "\"a\\\"b\\n\":");
    }
}
