//! `spellings:` of a manifest: what is found in the field → the name that is used here.

use super::Codec;
use super::report::Report;
use super::section::{self, Section};

/// Only NC-Link knows several spellings of one thing.
pub(super) fn read(section: &mut Section<'_>, codec: Option<Codec>, report: &mut Report) -> Vec<(String, String)> {
    let entries = section.map("spellings", report);
    if let Some((first, _)) = entries.first()
        && codec.is_some_and(|codec| codec != Codec::NcLink)
    {
        report.error("QIAO-P079", first.place);
        return Vec::new();
    }
    let mut spellings = Vec::new();
    for (other, node) in entries {
        let Some(name) = section::text(node, report) else { continue };
        let fault = if other.text == name.text {
            Some("same")
        } else if is_type(&other.text) != is_type(name.text) {
            Some("kind")
        } else if entries.iter().any(|(key, _)| key.text == name.text) {
            Some("chain")
        } else {
            None
        };
        match fault {
            Some(fault) => {
                let finding = report.error("QIAO-P080", other.place);
                finding.argument("other", &other.text).argument("name", name.text).argument("fault", fault);
            }
            None => spellings.push((other.text.clone(), name.text.to_owned())),
        }
    }
    spellings
}

/// Types of the dictionary are written in capitals, members of messages are not.
fn is_type(name: &str) -> bool {
    !name.contains(|c: char| c.is_ascii_lowercase())
}
