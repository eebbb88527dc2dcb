//! The judge: a message with its origin in, everything that is wrong with it out. Pure.

use super::detect::{self, Detected};
use super::rule::{Outcome, Unclear, outcome};
use crate::codec::tape::MAX_DEPTH;
use crate::codec::{Limits, Tape};
use crate::finding::{Finding, Language, Severity};
use crate::profile::{Folder, Library, Place, Rule, Titles, locate};
use crate::validate::Checker;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What one message may be: documents are larger than what flows.
pub const LIMITS: Limits = Limits { bytes: 16 << 20, depth: MAX_DEPTH, nodes: 1_000_000 };
/// Faults told of one message; how many more there are is counted as far as it is known.
pub const FAULTS_MAX: usize = 50;

/// A message and where it comes from.
#[derive(Clone, Debug)]
pub struct Evidence<'e> {
    /// As a human finds it: a file's name.
    pub source: &'e str,
    /// Line of the source in which the message begins, from 1.
    pub line: usize,
    /// Of a source with several: which one, from 1.
    pub number: Option<usize>,
    pub bytes: &'e [u8],
}

/// How a message fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    Fail,
    /// Nothing wrong was found, but something could not be told.
    Inconclusive,
}

/// One thing that is wrong with a message, or that could not be told.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Id of a rule, or code of a finding.
    pub code: String,
    pub severity: Severity,
    /// Not a fault: it could not be told whether it is one.
    pub is_open: bool,
    /// JSON pointer into the message; empty: the whole.
    pub pointer: String,
    /// In the source.
    pub place: Place,
    /// Where it is written what must hold: a rule's clause, or a place in the schema.
    pub clause: String,
    pub text: Titles,
    /// What to change; empty when nobody knows.
    pub fix: Titles,
}

/// A message with its verdict.
#[derive(Clone, Debug)]
pub struct Judged {
    pub source: String,
    pub line: usize,
    pub number: Option<usize>,
    /// `name@version` it was held against; `None`: none was recognised.
    pub profile: Option<String>,
    pub verdict: Verdict,
    /// At most [`FAULTS_MAX`].
    pub faults: Vec<Fault>,
    /// Faults beyond those.
    pub more: usize,
    /// Every rule that was asked, by id.
    pub rules: Vec<(String, RuleVerdict)>,
}

/// DESIGN's four words, of one rule over one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleVerdict {
    Pass,
    Fail,
    Inconclusive,
    NotApplicable,
}

/// Judges messages by one profile, or by the one that recognises them.
#[derive(Debug)]
pub struct Judge<'l> {
    library: &'l Library,
    /// `None`: by what each profile's `detect:` says.
    profile: Option<Arc<Folder>>,
    /// By profile; `Err`: its schema is beyond use.
    checkers: BTreeMap<String, Result<Checker, Finding>>,
    tape: Tape,
}

impl<'l> Judge<'l> {
    /// By this profile, whatever a message looks like.
    #[must_use]
    pub fn by(library: &'l Library, profile: Arc<Folder>) -> Self {
        Self { library, profile: Some(profile), checkers: BTreeMap::new(), tape: Tape::default() }
    }

    /// By the profile that recognises each message.
    #[must_use]
    pub fn by_detection(library: &'l Library) -> Self {
        Self { library, profile: None, checkers: BTreeMap::new(), tape: Tape::default() }
    }

    /// Everything that is wrong with one message.
    #[must_use]
    pub fn judge(&mut self, evidence: &Evidence<'_>) -> Judged {
        let mut case = Case::new(evidence);
        let Some((text, message)) = self.read(evidence, &mut case) else { return case.close() };
        let folder = match &self.profile {
            Some(folder) => Arc::clone(folder),
            None => match detect::profile(self.library, &message) {
                Detected::One(folder) => folder,
                Detected::None => {
                    case.open(&Finding::note("QIAO-J005", ""), &text, "");
                    return case.close();
                }
                Detected::Several(ids) => {
                    case.open(&Finding::note("QIAO-J006", "").with("profiles", ids.join(", ")), &text, "");
                    return case.close();
                }
            },
        };
        let id = folder.profile.id();
        case.judged.profile = Some(id.clone());
        let checker = self.checkers.entry(id).or_insert_with_key(|id| compile(&folder, id));
        match checker {
            Ok(checker) => {
                for violation in checker.violations(&self.tape, FAULTS_MAX + 1) {
                    let finding = violation.finding(Severity::Error);
                    let clause = format!("schema.json#{}", violation.schema_pointer);
                    case.fault(&finding, &text, &violation.pointer, clause);
                }
            }
            Err(finding) => case.open(finding, &text, ""),
        }
        for rule in &folder.rules {
            case.rule(rule, &message, &text);
        }
        case.close()
    }

    /// Text and value of a message; `None` when it is not JSON, or beyond the limits.
    fn read(&mut self, evidence: &Evidence<'_>, case: &mut Case) -> Option<(String, Value)> {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        let bytes = evidence.bytes.strip_prefix(MARK).unwrap_or(evidence.bytes);
        if bytes.len() < evidence.bytes.len() {
            case.fault(&Finding::warning("QIAO-J004", ""), "", "", "RFC 8259 §8.1".to_owned());
        }
        let text = String::from_utf8_lossy(bytes);
        match Tape::parse(bytes, LIMITS) {
            Ok(tape) => self.tape = tape,
            Err(error) => {
                let finding = error.kind.told_in(Finding::error("QIAO-J003", "").with("kind", error.kind.name()));
                let at = String::from_utf8_lossy(&bytes[..error.at.min(bytes.len())]);
                case.fault_at(&finding, Place::of_byte(&at, at.len()), "", "RFC 8259".to_owned());
                return None;
            }
        }
        match serde_json::from_str(&text) {
            Ok(value) => Some((text.into_owned(), value)),
            // Not met: the index of values was made from the same text.
            Err(error) => {
                let place = Place { line: error.line().max(1), column: error.column().max(1) };
                let finding = Finding::error("QIAO-J003", "").with("kind", "other").with("detail", error);
                case.fault_at(&finding, place, "", "RFC 8259".to_owned());
                None
            }
        }
    }
}

fn compile(folder: &Folder, id: &str) -> Result<Checker, Finding> {
    Checker::compile(&folder.profile.schema)
        .map_err(|error| Finding::note("QIAO-J009", "").with("profile", id).with("detail", error))
}

/// A message under judgement.
struct Case {
    judged: Judged,
}

impl Case {
    fn new(evidence: &Evidence<'_>) -> Self {
        Self {
            judged: Judged {
                source: evidence.source.to_owned(),
                line: evidence.line,
                number: evidence.number,
                profile: None,
                verdict: Verdict::Pass,
                faults: Vec::new(),
                more: 0,
                rules: Vec::new(),
            },
        }
    }

    fn fault(&mut self, finding: &Finding, text: &str, pointer: &str, clause: String) {
        self.fault_at(finding, locate(text, pointer), pointer, clause);
    }

    fn fault_at(&mut self, finding: &Finding, place: Place, pointer: &str, clause: String) {
        let fix = |language| finding.fix(language).unwrap_or_default();
        self.add(Fault {
            code: finding.code.0.to_string(),
            severity: finding.severity,
            is_open: false,
            pointer: pointer.to_owned(),
            place,
            clause,
            text: in_three(|language| finding.text(language)),
            fix: in_three(fix),
        });
    }

    /// Something that could not be told.
    fn open(&mut self, finding: &Finding, text: &str, pointer: &str) {
        let before = self.judged.faults.len();
        self.fault(finding, text, pointer, String::new());
        if let Some(fault) = self.judged.faults.get_mut(before) {
            fault.is_open = true;
        }
        self.worsen(Verdict::Inconclusive);
    }

    fn rule(&mut self, rule: &Rule, message: &Value, text: &str) {
        let verdict = match outcome(rule, message) {
            Outcome::Pass => RuleVerdict::Pass,
            Outcome::NotApplicable => RuleVerdict::NotApplicable,
            Outcome::Inconclusive(unclear) => {
                let why = match &unclear {
                    Unclear::Kind(_) => "kind",
                    Unclear::TooLarge => "size",
                };
                let finding = Finding::note("QIAO-J008", "").with("rule", &rule.id).with("why", why);
                self.open(&finding, text, unclear.pointer());
                RuleVerdict::Inconclusive
            }
            Outcome::Fail { places, more } => {
                for pointer in places {
                    self.add(Fault {
                        code: rule.id.clone(),
                        severity: rule.severity,
                        is_open: false,
                        place: locate(text, &pointer),
                        pointer,
                        clause: rule.clause.clone(),
                        text: rule.titles.clone(),
                        fix: rule.fix.clone(),
                    });
                }
                self.judged.more += more;
                RuleVerdict::Fail
            }
        };
        self.judged.rules.push((rule.id.clone(), verdict));
    }

    fn add(&mut self, mut fault: Fault) {
        if fault.severity == Severity::Error {
            self.worsen(Verdict::Fail);
        }
        if self.judged.faults.len() >= FAULTS_MAX {
            self.judged.more += 1;
            return;
        }
        fault.place.line += self.judged.line.saturating_sub(1);
        self.judged.faults.push(fault);
    }

    fn worsen(&mut self, to: Verdict) {
        if self.judged.verdict != Verdict::Fail {
            self.judged.verdict = to;
        }
    }

    fn close(self) -> Judged {
        self.judged
    }
}

fn in_three(text: impl Fn(Language) -> String) -> Titles {
    Titles { en: text(Language::English), de: text(Language::German), zh: text(Language::Chinese) }
}
