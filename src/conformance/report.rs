//! What was judged, counted and kept: for people, programs and CI servers.

pub mod html;
pub mod junit;

use super::judge::{Fault, Judged, RuleVerdict, Verdict};
use crate::finding::{Finding, Language};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Messages whose faults a report keeps; of the rest the counts alone.
pub const KEPT_MAX: usize = 10_000;

/// Verdicts of many messages.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// When it was made, ISO 8601 UTC.
    pub made_at: String,
    /// At most [`KEPT_MAX`], in the order in which they were judged.
    pub judged: Vec<Judged>,
    /// Judged beyond those.
    pub left_out: usize,
    pub passed: usize,
    pub failed: usize,
    pub inconclusive: usize,
    /// Sources that could not be read at all.
    pub unread: Vec<Finding>,
    /// How often each rule passed, failed, was inconclusive, was not applicable.
    pub rules: BTreeMap<String, [usize; 4]>,
}

impl Report {
    pub fn add(&mut self, judged: Judged) {
        match judged.verdict {
            Verdict::Pass => self.passed += 1,
            Verdict::Fail => self.failed += 1,
            Verdict::Inconclusive => self.inconclusive += 1,
        }
        for (id, verdict) in &judged.rules {
            let at = match verdict {
                RuleVerdict::Pass => 0,
                RuleVerdict::Fail => 1,
                RuleVerdict::Inconclusive => 2,
                RuleVerdict::NotApplicable => 3,
            };
            self.rules.entry(id.clone()).or_default()[at] += 1;
        }
        if self.judged.len() < KEPT_MAX {
            self.judged.push(judged);
        } else {
            self.left_out += 1;
        }
    }

    #[must_use]
    pub fn messages(&self) -> usize {
        self.passed + self.failed + self.inconclusive
    }

    /// Of all: one that fails decides, then what could not be told. Nothing judged is no proof of anything.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if self.failed > 0 {
            Verdict::Fail
        } else if self.inconclusive > 0 || !self.unread.is_empty() || self.passed == 0 {
            Verdict::Inconclusive
        } else {
            Verdict::Pass
        }
    }

    /// The whole for programs, texts in one language.
    #[must_use]
    pub fn as_json(&self, language: Language) -> Value {
        let messages: Vec<Value> = self.judged.iter().map(|judged| judged.as_json(language)).collect();
        let mut whole = self.summary_as_json(language);
        if let Value::Object(members) = &mut whole {
            members.insert("messages".to_owned(), messages.into());
        }
        whole
    }

    /// The counts alone.
    #[must_use]
    pub fn summary_as_json(&self, language: Language) -> Value {
        let rules: serde_json::Map<String, Value> = self
            .rules
            .iter()
            .map(|(id, [pass, fail, inconclusive, absent])| {
                let counts =
                    json!({ "pass": pass, "fail": fail, "inconclusive": inconclusive, "not-applicable": absent });
                (id.clone(), counts)
            })
            .collect();
        let unread: Vec<Value> = self
            .unread
            .iter()
            .map(|finding| json!({ "code": finding.code.0, "place": finding.place, "text": finding.text(language) }))
            .collect();
        json!({
            "verdict": self.verdict().name(),
            "made-at": self.made_at,
            "made-by": concat!("qiao ", env!("CARGO_PKG_VERSION")),
            "counts": { "messages": self.messages(), "pass": self.passed, "fail": self.failed, "inconclusive": self.inconclusive },
            "left-out": self.left_out,
            "unread": unread,
            "rules": rules,
        })
    }
}

impl Judged {
    /// `file` or `file#3`.
    #[must_use]
    pub fn name(&self) -> String {
        self.number.map_or_else(|| self.source.clone(), |number| format!("{}#{number}", self.source))
    }

    #[must_use]
    pub fn as_json(&self, language: Language) -> Value {
        let faults: Vec<Value> = self.faults.iter().map(|fault| fault.as_json(language)).collect();
        json!({
            "source": self.source,
            "number": self.number,
            "line": self.line,
            "profile": self.profile,
            "verdict": self.verdict.name(),
            "findings": faults,
            "more-findings": self.more,
        })
    }
}

impl Fault {
    #[must_use]
    pub fn as_json(&self, language: Language) -> Value {
        json!({
            "code": self.code,
            "severity": self.severity.name(),
            "open": self.is_open,
            "pointer": self.pointer,
            "line": self.place.line,
            "column": self.place.column,
            "clause": self.clause,
            "text": self.text.in_language(language),
            "fix": self.fix.in_language(language),
        })
    }
}

impl Verdict {
    /// As reports write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Inconclusive => "inconclusive",
        }
    }
}

/// Text for XML and HTML: no mark-up, nothing that hides.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for c in crate::finding::visible(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // No characters of XML 1.0 §2.2.
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}
