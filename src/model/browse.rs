//! Browse paths and the globs that select them.
//!
//! A path is a list of browse names below a root. Text form: steps joined by `/`; a step is `Name`, or
//! `nsu=URI:Name` where the name alone is ambiguous; `\` before `/ * { } , \` takes it literally.
//! In a glob `*` matches within one step, `**` any number of steps, `{a,b}` either.

/// A browse name: namespace by URI, never by index (an index never leaves `src/opcua`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BrowseName {
    pub namespace: std::sync::Arc<str>,
    pub name: String,
}

/// Browse names from a root (exclusive) down to a node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BrowsePath(pub Vec<BrowseName>);

/// A pattern over browse paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowseGlob {
    text: String,
    steps: Vec<GlobStep>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum GlobStep {
    /// `**`: any number of steps, none included.
    Deep,
    /// One step that matches any of the alternatives.
    One { namespace: Option<String>, alternatives: Vec<Vec<Piece>> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Star,
}
