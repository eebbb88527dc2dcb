//! A configuration with the files beside it.
//!
//! What holds: it gives a plan or an error, never both, never nothing; every finding has a code with a text, and a place
//! inside what was written.

use super::sections;
use qiao::config::{self, FileFacts, World};
use qiao::finding::{Language, Severity, catalogue};
use qiao::profile::Files;
use std::collections::BTreeMap;
use std::path::Path;

const FILE: &str = "qiao.yaml";
/// Texts are made of so many findings.
const TOLD: usize = 24;

struct Beside<'a>(BTreeMap<String, &'a [u8]>);

impl World for Beside<'_> {
    fn file(&self, path: &Path) -> Result<FileFacts, String> {
        let name = path.to_str().unwrap_or_default();
        let bytes = self.0.get(name).ok_or_else(|| "no such file".to_owned())?;
        Ok(FileFacts { bytes: bytes.to_vec(), is_open: name.contains("open") })
    }

    fn names(&self, folder: &Path) -> Result<Vec<String>, String> {
        let inside = |name: &String| {
            let rest = Path::new(name).strip_prefix(folder).ok()?.to_str()?.to_owned();
            (!rest.contains('/')).then_some(rest)
        };
        Ok(self.0.keys().filter_map(inside).collect())
    }

    fn environment(&self, name: &str) -> Option<String> {
        (name == "QIAO_PASSWORD").then(|| "secret".to_owned())
    }

    fn folder(&self, _: &Path) -> Result<Files, String> {
        Err("no such folder".to_owned())
    }

    fn language(&self) -> Language {
        Language::German
    }
}

pub fn check(data: &[u8]) {
    let (text, files) = sections::of(data);
    let world = Beside(files);
    let checked = config::check(FILE, text, Path::new(""), &world);
    assert_eq!(checked.value.is_some(), checked.is_good(), "a plan or an error: {:?}", checked.findings);
    let _ = (config::check::language_of(text), config::check::http_of(FILE, text));
    for finding in checked.findings.iter().take(TOLD) {
        let facts: Vec<(&str, &str)> = finding.arguments.iter().map(|(name, fact)| (*name, fact.as_str())).collect();
        let told = catalogue::text(Language::English, &finding.code.0, None, &facts).unwrap_or_default();
        assert!(!told.is_empty(), "{}", finding.code);
        let text_of = |file: &str| if file == FILE { Some(text) } else { world.0.get(file).copied() };
        match sections::is_inside(&finding.place, text_of) {
            Some(is_inside) => assert!(is_inside, "{finding} is not in the text"),
            None => assert!(finding.severity < Severity::Error, "{finding} is nowhere"),
        }
    }
}
