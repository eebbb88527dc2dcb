//! What a configuration says about the fields of one machine, where its nodes do not say it themselves.

use super::browse::{BrowseGlob, BrowsePath, BrowseTextError};

/// One field, and what fills it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredField {
    /// JSON pointer of the field with its placeholders filled, or a concept such as `machine.operation-mode`.
    pub field: String,
    pub source: DeclaredSource,
    /// The node's value is the field's, as it is: nothing converts it.
    pub is_plain: bool,
    /// `file:line:column`, for findings.
    pub place: String,
}

/// What fills a declared field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeclaredSource {
    /// Node id with namespace URI.
    Node(String),
    Path(DeclaredPath),
    /// A value of the configuration itself.
    Value,
}

/// The path from a machine's root to a node; a step without a namespace is a name in any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredPath {
    steps: BrowsePath,
    glob: BrowseGlob,
}

impl DeclaredPath {
    /// Reads a path without wildcards.
    ///
    /// # Errors
    /// It is empty, or no path.
    pub fn parse(text: &str) -> Result<Self, BrowseTextError> {
        Ok(Self { steps: BrowsePath::parse(text.trim_start_matches('/'))?, glob: BrowseGlob::parse(text)? })
    }

    /// Its steps; the namespace of one that was written without is not to be looked at.
    #[must_use]
    pub fn steps(&self) -> &BrowsePath {
        &self.steps
    }

    /// To be stepped along, or to be held against a whole path.
    #[must_use]
    pub fn glob(&self) -> &BrowseGlob {
        &self.glob
    }
}
