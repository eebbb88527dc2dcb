//! Every code that the program can show stands in the catalogue, and every code of the catalogue can be shown.

use super::root;
use std::collections::BTreeSet;
use std::path::Path;

/// Every `QIAO-X000` in the sources; comments count, because a doc comment may name only what exists.
fn codes_in(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            codes_in(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("UTF-8");
            for (at, _) in text.match_indices("QIAO-") {
                let code: String = text[at..].chars().take(9).collect();
                let is_code = code[5..].starts_with(|c: char| c.is_ascii_uppercase())
                    && code.len() == 9
                    && code[6..].bytes().all(|b| b.is_ascii_digit());
                if is_code {
                    into.insert(code);
                }
            }
        }
    }
}

#[test]
fn the_catalogue_and_the_program_know_the_same_codes() {
    let mut used = BTreeSet::new();
    codes_in(&root().join("src"), &mut used);
    let known: BTreeSet<String> =
        qiao::finding::catalogue::ids().into_iter().filter(|id| id.starts_with("QIAO-")).collect();
    let nameless: Vec<_> = used.difference(&known).collect();
    let unused: Vec<_> = known.difference(&used).collect();
    assert!(nameless.is_empty(), "without a text in src/finding/messages: {nameless:?}");
    assert!(unused.is_empty(), "in src/finding/messages, but never shown: {unused:?}");
}
