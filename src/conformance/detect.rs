//! Which profile a message belongs to, by what each profile's `detect:` says.

use crate::profile::{Folder, Library};
use serde_json::Value;
use std::sync::Arc;

/// Who recognises a message.
#[derive(Clone, Debug)]
pub(super) enum Detected {
    One(Arc<Folder>),
    None,
    /// With equally many conditions; their ids.
    #[expect(dead_code, reason = "follows with the conditions")]
    Several(Vec<String>),
}

/// The profile with most conditions, all of which hold.
pub(super) fn profile(library: &Library, _message: &Value) -> Detected {
    let mut all = library.list().filter_map(|profile| library.folder(&profile.id()));
    match (all.next(), all.next()) {
        (Some(only), None) => Detected::One(Arc::clone(only)),
        _ => Detected::None,
    }
}
