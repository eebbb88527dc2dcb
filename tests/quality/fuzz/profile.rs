//! A profile's folder: a small one that is right, some of its files replaced.
//!
//! What holds: it gives a profile or an error, and every finding has a text and a place inside what was written; what
//! was taken can be used: its page is written, its topic filled, its schema compiled or refused with a place, its rules
//! judge its examples, and all of it comes to an end.

use super::sections;
use qiao::codec::{Limits, Tape};
use qiao::conformance;
use qiao::finding::{Finding, Language, Severity, catalogue};
use qiao::profile::{Concepts, Files, Folder, Library, folder, locate, readme};
use qiao::validate::Checker;
use std::sync::LazyLock;

const BASE: &[u8] = include_bytes!("base.profile");
const TOLD: usize = 24;

static CONCEPTS: LazyLock<Concepts> = LazyLock::new(|| Library::built_in().value.concepts().clone());

pub fn check(data: &[u8]) {
    let mut files = Files::new();
    for part in [BASE, data] {
        let (before, sections) = sections::of(part);
        let own = sections.into_iter().map(|(name, bytes)| (name, bytes.to_vec()));
        files.extend(own);
        if !before.is_empty() {
            files.insert("mapping.yaml".to_owned(), before.to_vec());
        }
    }
    let read = folder::read("", &files, &CONCEPTS);
    let has_error = read.findings.iter().any(|finding| finding.severity == Severity::Error);
    assert!(read.value.is_some() || has_error, "no profile, and nobody says why");
    for finding in read.findings.iter().take(TOLD) {
        told(finding, &files);
    }
    if let Some(folder) = read.value.filter(|_| !has_error) {
        used(&folder);
    }
}

fn told(finding: &Finding, files: &Files) {
    let facts: Vec<(&str, &str)> = finding.arguments.iter().map(|(name, fact)| (*name, fact.as_str())).collect();
    let text = catalogue::text(Language::English, &finding.code.0, None, &facts).unwrap_or_default();
    assert!(!text.is_empty(), "{}", finding.code);
    let is_inside = sections::is_inside(&finding.place, |file| files.get(file).map(Vec::as_slice));
    // A file that is missing is named all the same.
    assert_ne!(is_inside, Some(false), "{finding} is not in the text");
}

fn used(folder: &Folder) {
    assert!(!readme::profile(folder).is_empty());
    let _ = folder.profile.default_selection();
    let checker = match Checker::compile(&folder.profile.schema) {
        Ok(checker) => checker,
        Err(error) => {
            let place = locate(&folder.schema_text, error.pointer());
            assert!(place.line >= 1 && place.line <= folder.schema_text.split('\n').count());
            return;
        }
    };
    for example in folder.valid.iter().chain(&folder.invalid) {
        for rule in &folder.rules {
            let _ = conformance::outcome(rule, &example.message);
        }
        let Ok(tape) = Tape::parse(example.text.as_bytes(), Limits::default()) else { continue };
        assert_eq!(checker.is_valid(&tape), checker.violations(&tape, 8).is_empty(), "{}", example.file);
    }
}
