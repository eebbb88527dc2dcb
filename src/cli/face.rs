//! What a command shows: findings and words in the user's language, or JSON lines for machines.

use crate::finding::{Finding, Language, catalogue, visible};
use serde_json::json;
use std::io::{self, IsTerminal as _, Write as _};

/// How a command talks to whoever started it. Results go to standard output; the log to standard error ([`super::log`]).
#[derive(Clone, Copy, Debug)]
pub struct Face {
    pub language: Language,
    /// `--lang` was given: the configuration does not change it.
    pub is_language_fixed: bool,
    /// `--json`: one JSON object a line, nothing else.
    pub json: bool,
}

impl Face {
    /// `--lang`, else `LC_ALL`, `LC_MESSAGES`, `LANG`, else English.
    #[must_use]
    pub fn new(chosen: Option<Language>, json: bool) -> Self {
        let language = chosen.or_else(|| {
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .iter()
                .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))?;
            Language::from_locale(&locale)
        });
        Self { language: language.unwrap_or_default(), is_language_fixed: chosen.is_some(), json }
    }

    /// Takes the configuration's language, unless `--lang` was given.
    #[must_use]
    pub fn in_language(self, configured: Option<Language>) -> Self {
        let language = configured.filter(|_| !self.is_language_fixed).unwrap_or(self.language);
        Self { language, ..self }
    }

    /// Whether somebody watches: progress bars and colours are for them alone.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        !self.json && io::stdout().is_terminal() && io::stderr().is_terminal()
    }

    /// A text of `messages/*/…ftl` that is no finding, such as `cli-check-good`, with its facts.
    #[must_use]
    pub fn text(&self, id: &str, facts: &[(&str, &str)]) -> String {
        catalogue::text(self.language, id, None, facts).unwrap_or_else(|| id.to_owned())
    }

    /// `QIAO-C012 file:line:column  text`, or a JSON line, on standard output: findings are what the command was asked for.
    pub fn finding(&self, finding: &Finding) {
        self.line(&self.finding_line(finding));
    }

    /// The same on standard error: the finding stands in the way of what was asked for, or beside it.
    pub fn warn(&self, finding: &Finding) {
        let _ = writeln!(io::stderr().lock(), "{}", self.finding_line(finding));
    }

    fn finding_line(&self, finding: &Finding) -> String {
        if self.json {
            return self.finding_as_json(finding).to_string();
        }
        let text = finding.text(self.language);
        if finding.place.is_empty() {
            return format!("{}  {text}", finding.code);
        }
        format!("{} {}  {text}", finding.code, visible(&finding.place))
    }

    pub fn findings(&self, findings: &[Finding]) {
        findings.iter().for_each(|finding| self.finding(finding));
    }

    /// A finding for machines; `text` and `fix` in the face's language.
    #[must_use]
    pub fn finding_as_json(&self, finding: &Finding) -> serde_json::Value {
        let arguments: serde_json::Map<String, serde_json::Value> =
            finding.arguments.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        json!({
            "code": finding.code.0,
            "severity": finding.severity.name(),
            "place": finding.place,
            "text": finding.text(self.language),
            "fix": finding.fix(self.language),
            "arguments": arguments,
        })
    }

    /// An error that ends a command: English, with its code in front when it has one.
    pub fn complain(&self, error: &dyn std::error::Error) {
        let text = visible(&error.to_string()).into_owned();
        if self.json {
            self.json_line(&json!({ "error": text }));
        } else {
            let _ = writeln!(io::stderr().lock(), "{text}");
        }
    }

    /// One line for people. Foreign text in it has gone through [`visible`]. Nothing when `--json` asks for JSON alone.
    pub fn say(&self, line: &str) {
        if !self.json {
            self.line(line);
        }
    }

    /// One line for machines; printed whether or not `--json` was given, so ask [`Face::json`] first.
    pub fn json_line(&self, value: &serde_json::Value) {
        self.line(&value.to_string());
    }

    /// A reader that went away (`qiao … | head`) is not our fault and no reason to panic.
    fn line(&self, line: &str) {
        let _ = writeln!(io::stdout().lock(), "{line}");
    }
}
