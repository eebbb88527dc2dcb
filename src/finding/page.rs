//! What is said of a code wherever it is explained: `qiao explain`, `docs/reference/codes.md`.
//!
//! Text, title, cause and fix stand in the catalogue in every language. An example is facts, which know no language: they
//! are filled into the code's own text. They stand once, in the English catalogue's `.example` (`name=value | name=value`;
//! `place` is the finding's place), or, for a fault of the configuration, in `examples.json`, which a test makes from
//! the wrong configurations of `tests/config`, each with the lines that are right. Where a text quotes another finding, as `reason=QIAO-V108`, that one's
//! example is quoted, in the same language.

use super::{Code, Language, catalogue, visible};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Everything that is said of one code, in one language; facts that are only known with a finding stand as `‹name›`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub code: String,
    pub title: String,
    /// What is wrong.
    pub text: String,
    /// Why it happens.
    pub cause: String,
    /// The way out.
    pub fix: String,
    /// Lines of a configuration if it is about one, then the finding as it is printed. Empty when there is none.
    pub example: Vec<String>,
    /// How the lines of the example are written right, if it is about a configuration.
    pub right: Vec<String>,
}

impl Page {
    /// `None` when the catalogue has no such code. Upper and lower case are one.
    #[must_use]
    pub fn of(asked: &str, language: Language) -> Option<Self> {
        let code = Code(Cow::Owned(asked.to_ascii_uppercase()));
        let part = |name| catalogue::text(language, &code.0, name, &[]);
        let text = part(None).filter(|_| code.0.starts_with(PREFIX))?;
        let (title, cause, fix) = (part(Some("title")), part(Some("cause")), part(Some("fix")));
        let example = Example::of(&code.0).unwrap_or_default();
        Some(Self {
            text,
            title: title.unwrap_or_default(),
            cause: cause.unwrap_or_default(),
            fix: fix.unwrap_or_default(),
            example: if example.is_empty() { Vec::new() } else { example.shown(&code.0, language) },
            right: example.right,
            code: code.0.into_owned(),
        })
    }
}

const PREFIX: &str = "QIAO-";

/// Every code, sorted.
#[must_use]
pub fn codes() -> Vec<String> {
    catalogue::ids().into_iter().filter(|id| id.starts_with(PREFIX)).collect()
}

/// The letter of a code's family: `C` of `QIAO-C012`. Empty for what is no code.
#[must_use]
pub fn family(code: &str) -> &str {
    code.strip_prefix(PREFIX).and_then(|rest| rest.get(..1)).unwrap_or_default()
}

/// A finding as it could be: facts without a language.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Example {
    /// Lines of the file that the place lies in.
    pub lines: Vec<String>,
    /// The facts of the text, and `place`.
    pub facts: BTreeMap<String, String>,
    /// The same lines without the fault.
    #[serde(default)]
    pub right: Vec<String>,
}

impl Example {
    /// The example of a code, if one is written down.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        let written = catalogue::text(Language::English, code, Some("example"), &[]);
        let parse = |written: String| Self {
            lines: Vec::new(),
            right: Vec::new(),
            facts: written.split(" | ").filter_map(|fact| fact.split_once('=')).map(owned).collect(),
        };
        written.map(parse).or_else(|| made().get(code).cloned())
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.facts.is_empty()
    }

    fn text(&self, code: &str, language: Language) -> String {
        let quoted = |value: &str| match Self::of(value) {
            Some(other) if other.is_plain() => other.text(value, language),
            _ => value.to_owned(),
        };
        let facts = self.facts.iter();
        let facts: Vec<(&str, String)> = facts
            .map(|(name, value)| {
                let is_quote = QUOTES.contains(&name.as_str());
                (name.as_str(), if is_quote { quoted(value) } else { value.clone() })
            })
            .collect();
        let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
        catalogue::text(language, code, None, &facts).unwrap_or_default()
    }

    /// Whether it quotes no other.
    fn is_plain(&self) -> bool {
        !QUOTES.iter().any(|name| self.facts.get(*name).is_some_and(|value| value.starts_with(PREFIX)))
    }

    fn shown(&self, code: &str, language: Language) -> Vec<String> {
        let text = self.text(code, language);
        let mut shown: Vec<String> = self.lines.iter().map(|line| visible(line).into_owned()).collect();
        shown.push(match self.facts.get("place") {
            Some(place) => format!("{code} {place}  {text}"),
            None => format!("{code}  {text}"),
        });
        shown
    }
}

/// Facts that are the text of another finding.
const QUOTES: [&str; 2] = ["reason", "text"];

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

type Made = BTreeMap<String, Example>;

/// What `tests/config` shows.
fn made() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_filled_into_the_text_of_the_language() {
        let facts = [("place", "qiao.yaml:2:1"), ("key", "to"), ("first", "qiao.yaml:1:1")];
        let lines = vec!["to: b".to_owned()];
        let example = Example { lines, facts: facts.map(owned).into(), right: Vec::new() };
        let shown = example.shown("QIAO-C006", Language::German);
        assert_eq!(shown.len(), 2);
        assert!(shown[1].starts_with("QIAO-C006 qiao.yaml:2:1  Der Schlüssel `to`"), "{shown:?}");
        let quoting = Example { facts: [("reason", "QIAO-V108")].map(owned).into(), ..Example::default() };
        let shown = quoting.shown("QIAO-M010", Language::German);
        assert!(shown[0].contains("liegt über"), "{shown:?}");
    }

    #[test]
    fn a_family_is_a_letter() {
        assert_eq!([family("QIAO-C012"), family("cli-check-good"), family("QIAO-")], ["C", "", ""]);
        assert_eq!(Page::of("cli-check-good", Language::English), None);
    }
}
