//! Browse paths and the globs that select them.
//!
//! A path is a list of browse names below a root. Text form: steps joined by `/`; a step is `Name`, or
//! `nsu=URI:Name` where the name alone is ambiguous; `\` before `/ * { } , : = \` takes it literally.
//! In a glob `*` matches within one step, `**` any number of steps, `{a,b}` either.
//!
//! A URI that begins with `http://` or `https://` needs no escapes: it reaches to the first `:` behind the scheme
//! that does not begin a port. Any other URI reaches to the last plain `:` of its step.

use super::browse_text::{self, RawStep};
use std::fmt;
use std::sync::Arc;

pub use super::browse_text::BrowseTextError;

/// Namespace 0, which a name without `nsu=` is in.
pub const UA_NAMESPACE: &str = "http://opcfoundation.org/UA/";

/// A browse name: namespace by URI, never by index (an index never leaves `src/opcua`).
///
/// `{}` writes the name, `{:#}` the text that [`BrowseName::parse`] reads back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BrowseName {
    pub namespace: Arc<str>,
    pub name: String,
}

/// Browse names from a root (exclusive) down to a node.
///
/// `{}` writes the names, `{:#}` the text that [`BrowsePath::parse`] reads back.
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
    /// One step that matches any of the alternatives; without a namespace in any.
    One { namespace: Option<String>, alternatives: Vec<Vec<Piece>> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Star,
}

/// How much of a glob a path has matched: a set of positions in it. Paths with equal states match alike from there on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GlobState(u64);

/// One bit of a [`GlobState`] each, and one for "all matched".
const STEPS_MAX: usize = 63;
/// Alternatives that `{a,b}` of one step may expand to.
pub(super) const ALTERNATIVES_MAX: usize = 256;

impl BrowseName {
    #[must_use]
    pub fn new(namespace: impl Into<Arc<str>>, name: impl Into<String>) -> Self {
        Self { namespace: namespace.into(), name: name.into() }
    }

    /// Reads one step of a path; a name without `nsu=` is in namespace 0.
    pub fn parse(text: &str) -> Result<Self, BrowseTextError> {
        let mut path = BrowsePath::parse(text)?;
        match (path.0.pop(), path.0.is_empty()) {
            (Some(name), true) => Ok(name),
            _ => Err(BrowseTextError::NotOneStep),
        }
    }
}

impl BrowsePath {
    /// Reads a path; the empty text is the empty path. Glob characters must be escaped.
    pub fn parse(text: &str) -> Result<Self, BrowseTextError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let literal = |step: RawStep| match step {
            RawStep::One { namespace, mut alternatives } => {
                let name = match (alternatives.pop().as_deref(), alternatives.is_empty()) {
                    (Some([Piece::Text(name)]), true) => name.clone(),
                    _ => return Err(BrowseTextError::Pattern),
                };
                Ok(BrowseName::new(namespace.unwrap_or_else(|| UA_NAMESPACE.to_owned()), name))
            }
            RawStep::Deep => Err(BrowseTextError::Pattern),
        };
        browse_text::parse(text)?.into_iter().map(literal).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for BrowseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let namespace = (f.alternate() && *self.namespace != *UA_NAMESPACE).then_some(&*self.namespace);
        browse_text::write_step(f, namespace, &self.name)
    }
}

impl fmt::Display for BrowsePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, name) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("/")?;
            }
            name.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for BrowseGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl BrowseGlob {
    /// `**`: every path.
    #[must_use]
    pub fn any() -> Self {
        Self { text: "**".to_owned(), steps: vec![GlobStep::Deep] }
    }

    /// Reads a pattern; one leading `/` is allowed and means nothing here.
    pub fn parse(text: &str) -> Result<Self, BrowseTextError> {
        let compile = |step: RawStep| match step {
            RawStep::Deep => GlobStep::Deep,
            RawStep::One { namespace, alternatives } => GlobStep::One { namespace, alternatives },
        };
        let steps: Vec<GlobStep> = browse_text::parse(text)?.into_iter().map(compile).collect();
        if steps.len() > STEPS_MAX {
            return Err(BrowseTextError::TooManySteps { most: STEPS_MAX });
        }
        Ok(Self { text: text.to_owned(), steps })
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches the whole path.
    #[must_use]
    pub fn matches(&self, path: &[BrowseName]) -> bool {
        self.is_match(self.walk(path))
    }

    /// Whether a node below this path may match.
    #[must_use]
    pub fn reaches_below(&self, path: &[BrowseName]) -> bool {
        self.can_continue(self.walk(path))
    }

    /// The state before the first step.
    #[must_use]
    pub fn start(&self) -> GlobState {
        self.skip_deep(1)
    }

    /// The state one step further down.
    #[must_use]
    pub fn step(&self, state: GlobState, name: &BrowseName) -> GlobState {
        let mut next = 0;
        for (position, step) in self.steps.iter().enumerate().filter(|(position, _)| state.0 >> position & 1 == 1) {
            match step {
                GlobStep::Deep => next |= 1 << position,
                GlobStep::One { .. } if step.matches(name) => next |= 1 << (position + 1),
                GlobStep::One { .. } => {}
            }
        }
        self.skip_deep(next)
    }

    /// Like [`Self::step`], along steps that name the node without `*` only.
    #[must_use]
    pub fn step_named(&self, state: GlobState, name: &BrowseName) -> GlobState {
        let mut next = 0;
        for (position, step) in self.steps.iter().enumerate().filter(|(position, _)| state.0 >> position & 1 == 1) {
            if step.names(name) {
                next |= 1 << (position + 1);
            }
        }
        self.skip_deep(next)
    }

    /// Whether neither the path that led to this state nor a longer one matches.
    #[must_use]
    pub fn is_dead(&self, state: GlobState) -> bool {
        state.0 == 0
    }

    /// Whether the path that led to this state matches.
    #[must_use]
    pub fn is_match(&self, state: GlobState) -> bool {
        state.0 >> self.steps.len() & 1 == 1
    }

    /// Whether a longer path may match.
    #[must_use]
    pub fn can_continue(&self, state: GlobState) -> bool {
        state.0 & !(1 << self.steps.len()) != 0
    }

    fn walk(&self, path: &[BrowseName]) -> GlobState {
        path.iter().fold(self.start(), |state, name| self.step(state, name))
    }

    /// `**` matches no step, too: a position before one is also the position behind it.
    fn skip_deep(&self, mut positions: u64) -> GlobState {
        for (position, step) in self.steps.iter().enumerate() {
            if *step == GlobStep::Deep && positions >> position & 1 == 1 {
                positions |= 1 << (position + 1);
            }
        }
        GlobState(positions)
    }
}

impl GlobStep {
    /// Whether one of the alternatives is this name, letter by letter.
    fn names(&self, name: &BrowseName) -> bool {
        match self {
            Self::Deep => false,
            Self::One { namespace, alternatives } => {
                namespace.as_deref().is_none_or(|namespace| namespace == &*name.namespace)
                    && alternatives
                        .iter()
                        .any(|pieces| matches!(pieces.as_slice(), [Piece::Text(text)] if *text == name.name))
            }
        }
    }

    fn matches(&self, name: &BrowseName) -> bool {
        match self {
            Self::Deep => true,
            Self::One { namespace, alternatives } => {
                namespace.as_deref().is_none_or(|namespace| namespace == &*name.namespace)
                    && alternatives.iter().any(|pieces| matches_pieces(pieces, &name.name))
            }
        }
    }
}

/// Linear in the name: a text behind a star is taken where it comes first, the last one at the end.
fn matches_pieces(pieces: &[Piece], name: &str) -> bool {
    let mut rest = name;
    let mut is_free = false;
    for (position, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Star => is_free = true,
            Piece::Text(text) if !is_free => match rest.strip_prefix(text.as_str()) {
                Some(behind) => rest = behind,
                None => return false,
            },
            Piece::Text(text) if position + 1 == pieces.len() => return rest.ends_with(text.as_str()),
            Piece::Text(text) => match rest.split_once(text.as_str()) {
                Some((_, behind)) => {
                    rest = behind;
                    is_free = false;
                }
                None => return false,
            },
        }
    }
    is_free || rest.is_empty()
}

#[cfg(test)]
#[path = "browse_tests.rs"]
mod tests;
