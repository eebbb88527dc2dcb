//! `qiao profile check`: everything that is wrong with a folder, in one go.

use super::{Own, against};
use crate::cli::{Exit, Face};
use crate::codec::{Limits, Tape};
use crate::conformance::{self, Outcome};
use crate::finding::{Finding, Severity, visible};
use crate::profile::{Example, Exchange, Files, Folder, Place, RefusedBy, Rule, folder, locate, readme};
use crate::route::Template;
use crate::validate::{Checker, Violation};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// Findings shown for one example; the first says most.
const VIOLATIONS_SHOWN: usize = 8;

pub(super) fn run(path: &Path, write_readme: bool, against: Option<&str>, own: &Own, face: &Face) -> Exit {
    let Some(files) = super::read(path, face) else { return Exit::Usage };
    let shown = path.display().to_string();
    let shown = shown.trim_end_matches('/');
    let check = Check { shown, files: &files, face };
    let Some((library, mut findings)) = super::library_around(path, own, face) else { return Exit::Usage };
    let read = folder::read(shown, &files, library.concepts());
    findings.extend(read.findings);
    let checker = check.schema(&mut findings);
    if let Some(folder) = &read.value {
        check.place(path, folder, &mut findings);
        check.topic(folder, &mut findings);
        if let Some(checker) = &checker {
            check.examples(folder, checker, &mut findings);
        }
        if let Err(exit) = check.readme(path, folder, write_readme, &mut findings) {
            return exit;
        }
    }
    face.findings(&findings);
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    summary(read.value.as_ref(), errors, warnings, face);
    if errors > 0 {
        return Exit::Failed;
    }
    let (Some(against), Some(folder)) = (against, &read.value) else { return Exit::Good };
    let Some(old) = against::old(against, &library, face) else { return Exit::Usage };
    let told = against::compare(&old, folder, face);
    face.findings(&told);
    // The graver of the two directions.
    match told.iter().map(|finding| finding.severity).max() {
        Some(Severity::Error) => Exit::Failed,
        Some(Severity::Warning) => Exit::CouldNotTell,
        _ => Exit::Good,
    }
}

fn summary(folder: Option<&Folder>, errors: usize, warnings: usize, face: &Face) {
    let id = folder.map(|folder| folder.profile.id());
    if face.json {
        return face.json_line(&json!({ "profile": id, "errors": errors, "warnings": warnings }));
    }
    match (folder, id) {
        (Some(folder), Some(id)) if errors + warnings == 0 => face.say(&face.text(
            "profile-check-good",
            &[
                ("profile", &id),
                ("fields", &folder.profile.mapping.fields.len().to_string()),
                ("valid", &folder.valid.len().to_string()),
                ("invalid", &folder.invalid.len().to_string()),
                ("rules", &folder.rules.len().to_string()),
            ],
        )),
        _ => face.say(
            &face.text("profile-check-faults", &[("errors", &errors.to_string()), ("warnings", &warnings.to_string())]),
        ),
    }
}

/// One folder under examination.
struct Check<'a> {
    shown: &'a str,
    files: &'a Files,
    face: &'a Face,
}

impl Check<'_> {
    fn at(&self, file: &str, place: Place) -> String {
        format!("{}/{file}:{}:{}", self.shown, place.line, place.column)
    }

    /// Compiles the schema, even when other files of the folder are beyond use.
    fn schema(&self, findings: &mut Vec<Finding>) -> Option<Checker> {
        const FILE: &str = "schema.json";
        let text = std::str::from_utf8(self.files.get(FILE)?).ok()?;
        let schema: Value = serde_json::from_str(text).ok()?;
        match Checker::compile(&Arc::new(schema)) {
            Ok(checker) => {
                findings.extend(checker.warnings().iter().map(|warning| Finding {
                    place: self.at(FILE, locate(text, warning.place.trim_start_matches('#'))),
                    ..warning.clone()
                }));
                Some(checker)
            }
            Err(error) => {
                let place = self.at(FILE, locate(text, error.pointer()));
                findings.push(Finding { place, ..error.finding(FILE) });
                None
            }
        }
    }

    /// Where the folder lies, when that can be told.
    fn place(&self, path: &Path, folder: &Folder, findings: &mut Vec<Finding>) {
        let Ok(real) = path.canonicalize() else { return };
        let expected = format!("{}/{}", folder.profile.name, folder.profile.version);
        if !real.ends_with(&expected) {
            findings.push(
                Finding::error("QIAO-P013", format!("{}/profile.yaml", self.shown))
                    .with("expected", expected)
                    .with("found", real.display()),
            );
        }
    }

    fn topic(&self, folder: &Folder, findings: &mut Vec<Finding>) {
        if folder.profile.exchange == Exchange::Document {
            return;
        }
        let topic = &folder.profile.topic;
        if let Err(error) = Template::parse(topic) {
            findings.push(
                Finding::error("QIAO-P023", format!("{}/profile.yaml", self.shown))
                    .with("topic", topic)
                    .with("detail", error),
            );
        }
    }

    fn examples(&self, folder: &Folder, checker: &Checker, findings: &mut Vec<Finding>) {
        for example in folder.valid.iter().chain(&folder.invalid) {
            let tape = match Tape::parse(example.text.as_bytes(), Limits::default()) {
                Ok(tape) => tape,
                Err(error) => {
                    let place = self.at(&example.file, Place::of_byte(&example.text, error.at));
                    findings.push(Finding::error("QIAO-P004", place).with("detail", error.kind));
                    continue;
                }
            };
            let violations = checker.violations(&tape, VIOLATIONS_SHOWN);
            let expected = example.expectation.as_ref().map(|expected| (&expected.refused_by, expected));
            match expected {
                Some((RefusedBy::Keyword(keyword), expected)) => {
                    findings.extend(self.by_keyword(example, &violations, keyword, &expected.pointer));
                }
                Some((RefusedBy::Rule(id), expected)) => {
                    findings.extend(violations.iter().map(|wrong| self.refused(example, wrong)));
                    findings.extend(self.by_rule(example, &folder.rules, id, &expected.pointer));
                }
                None => {
                    findings.extend(violations.iter().map(|wrong| self.refused(example, wrong)));
                    findings.extend(self.by_no_rule(example, &folder.rules, None));
                }
            }
        }
    }

    /// The schema must refuse an invalid example for the one reason that it states.
    fn by_keyword(&self, example: &Example, violations: &[Violation], keyword: &str, pointer: &str) -> Vec<Finding> {
        if violations.is_empty() {
            let place = self.at(&example.file, locate(&example.text, pointer));
            return vec![Finding::error("QIAO-P027", place).with("pointer", whole(pointer)).with("keyword", keyword)];
        }
        let is_other = |wrong: &&Violation| wrong.pointer != pointer || wrong.keyword != keyword;
        let told = violations.iter().filter(is_other).map(|wrong| {
            Finding::error("QIAO-P028", self.at(&example.file, locate(&example.text, &wrong.pointer)))
                .with("pointer", whole(&wrong.pointer))
                .with("keyword", wrong.keyword)
                .with("stated-pointer", whole(pointer))
                .with("stated-keyword", keyword)
        });
        told.collect()
    }

    /// The stated rule must fail at the stated place and nowhere else, and no other rule may fail.
    fn by_rule(&self, example: &Example, rules: &[Rule], id: &str, pointer: &str) -> Vec<Finding> {
        let mut findings = self.by_no_rule(example, rules, Some(id));
        let Some(rule) = rules.iter().find(|rule| rule.id == id) else { return findings };
        let (found, more) = match conformance::outcome(rule, &example.message) {
            Outcome::Fail { places, more } => (places, more),
            _ => (Vec::new(), 0),
        };
        if found != [pointer] || more > 0 {
            let first = found.iter().find(|found| *found != pointer).map_or(pointer, String::as_str);
            let shown: Vec<&str> = found.iter().map(|pointer| whole(pointer)).collect();
            let place = self.at(&example.file, locate(&example.text, first));
            findings.push(
                Finding::error("QIAO-P070", place)
                    .with("id", id)
                    .with("pointer", whole(pointer))
                    .with("found", if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }),
            );
        }
        findings
    }

    /// No rule but the excepted one may fail, nor be left open.
    fn by_no_rule(&self, example: &Example, rules: &[Rule], except: Option<&str>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for rule in rules.iter().filter(|rule| except != Some(rule.id.as_str())) {
            let (code, place) = match conformance::outcome(rule, &example.message) {
                Outcome::Fail { places, .. } => ("QIAO-P069", places.into_iter().next().unwrap_or_default()),
                Outcome::Inconclusive(unclear) => ("QIAO-P074", unclear.pointer().to_owned()),
                Outcome::Pass | Outcome::NotApplicable => continue,
            };
            findings.push(
                Finding::error(code, self.at(&example.file, locate(&example.text, &place)))
                    .with("id", &rule.id)
                    .with("pointer", whole(&place))
                    .with("title", rule.titles.in_language(self.face.language)),
            );
        }
        findings
    }

    fn refused(&self, example: &Example, wrong: &Violation) -> Finding {
        Finding::error("QIAO-P026", self.at(&example.file, locate(&example.text, &wrong.pointer)))
            .with("pointer", whole(&wrong.pointer))
            .with("keyword", wrong.keyword)
            .with("text", wrong.finding(Severity::Error).text(self.face.language))
    }

    fn readme(&self, path: &Path, folder: &Folder, write: bool, findings: &mut Vec<Finding>) -> Result<(), Exit> {
        let page = readme::profile(folder);
        let is_same = self.files.get("README.md").is_some_and(|old| *old == page.as_bytes());
        if is_same {
            return Ok(());
        }
        let file = path.join("README.md");
        if !write {
            findings.push(Finding::warning("QIAO-P029", file.display().to_string()));
            return Ok(());
        }
        if let Err(error) = std::fs::write(&file, page) {
            self.face.finding(&Finding::error("QIAO-P032", file.display().to_string()).with("detail", error));
            return Err(Exit::Failed);
        }
        self.face.say(&self.face.text("profile-readme-written", &[("file", &visible(&file.display().to_string()))]));
        Ok(())
    }
}

fn whole(pointer: &str) -> &str {
    if pointer.is_empty() { "/" } else { pointer }
}
