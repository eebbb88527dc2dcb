//! Every code that the program can show stands in the catalogue, and every code of the catalogue can be shown.

use super::root;
use qiao::finding::page::{self, Example, Page};
use qiao::finding::{Language, catalogue};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const LANGUAGES: [Language; 3] = [Language::English, Language::German, Language::Chinese];

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
    let known: BTreeSet<String> = page::codes().into_iter().collect();
    let nameless: Vec<_> = used.difference(&known).collect();
    let unused: Vec<_> = known.difference(&used).collect();
    assert!(nameless.is_empty(), "without a text in src/finding/messages: {nameless:?}");
    assert!(unused.is_empty(), "in src/finding/messages, but never shown: {unused:?}");
}

/// The attributes of every code as they stand in the files of a language: code → attribute → text; `""` is the text.
fn attributes(language: Language) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut all: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let folder = root().join("src/finding/messages").join(language.tag());
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("UTF-8");
        let (mut id, mut attribute) = (String::new(), String::new());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, rest) = line.split_once('=').unwrap_or(("", line));
            if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                (id, attribute) = (name.trim().to_owned(), String::new());
            } else if let Some(name) = name.trim().strip_prefix('.') {
                name.trim().clone_into(&mut attribute);
            }
            let is_continued = all.get(&id).is_some_and(|parts| parts.contains_key(&attribute));
            let part = all.entry(id.clone()).or_default().entry(attribute.clone()).or_default();
            *part += if is_continued { line } else { rest };
        }
    }
    all.retain(|id, _| id.starts_with("QIAO-"));
    all
}

/// Names of the facts that a text asks for.
fn asked_for(text: &str) -> BTreeSet<&str> {
    text.split("{ $")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').next())
        .collect()
}

#[test]
fn every_code_has_title_text_cause_way_out_and_example_in_every_language() {
    let mut wrong = Vec::new();
    for language in LANGUAGES {
        for (code, parts) in attributes(language) {
            let names: Vec<&str> = parts.keys().map(String::as_str).collect();
            // An example's facts know no language; those of a configuration are made.
            let own = if parts.contains_key("example") {
                vec!["", "cause", "example", "fix", "title"]
            } else {
                vec!["", "cause", "fix", "title"]
            };
            if names != own || parts.values().any(|text| text.trim().is_empty()) {
                wrong.push(format!("{code} in {language} has {names:?}"));
            }
            let cause = parts.get("cause").map_or("", String::as_str);
            if cause.trim().chars().count() > CAUSE_CHARACTERS_MAX || !asked_for(cause).is_empty() {
                wrong.push(format!(
                    "{code} in {language}: the cause is too long, or asks for facts that nobody knows yet"
                ));
            }
        }
        for code in page::codes() {
            let Some(page) = Page::of(&code, language) else { panic!("{code} has no page") };
            if page.example.is_empty() {
                wrong.push(format!("{code} has no example"));
            }
            // Lines of a file that are wrong can be written right.
            if page.example.len() > 1 && page.right.is_empty() {
                wrong.push(format!("{code} does not say how it is right: tests/config/right/{code}.yaml"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A cause is a sentence or two.
const CAUSE_CHARACTERS_MAX: usize = 160;

#[test]
fn every_example_gives_the_facts_that_its_text_asks_for_and_no_other() {
    let mut wrong = Vec::new();
    let english = attributes(Language::English);
    for (code, parts) in &english {
        let Some(example) = Example::of(code) else { continue };
        let is_made = !parts.contains_key("example");
        let given: BTreeSet<&str> = example.facts.keys().map(String::as_str).collect();
        let mut asked = asked_for(&parts[""]);
        // `{ config-expected }` and the like stand for the fact of their name.
        asked.extend(
            ["expected", "found"].into_iter().filter(|name| parts[""].contains(&format!("{{ config-{name} }}"))),
        );
        if !given.is_superset(&asked) {
            wrong.push(format!("{code}: the example does not give {:?}", asked.difference(&given).collect::<Vec<_>>()));
        }
        asked.insert("place");
        asked.extend(asked_for(&parts["fix"]));
        // What is made has what the program gives.
        if !is_made && !asked.is_superset(&given) {
            wrong.push(format!("{code}: nothing asks for {:?}", given.difference(&asked).collect::<Vec<_>>()));
        }
        for language in LANGUAGES {
            let shown = Page::of(code, language).expect("a page").example;
            if shown.iter().any(|line| line.contains('‹') || line.contains("{$")) {
                wrong.push(format!("{code} in {language}: {shown:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `docs/reference/codes.md`, `.de.md`, `.zh.md`: every page, by family.
#[test]
fn the_reference_of_the_codes_is_the_catalogue() {
    for (language, file, title, intro) in REFERENCES {
        let word = |id: &str, facts: &[(&str, &str)]| catalogue::text(language, id, None, facts).expect("a word");
        let mut text = format!("# {title}\n\n{intro}\n");
        let mut family = String::new();
        for code in page::codes() {
            if page::family(&code) != family {
                page::family(&code).clone_into(&mut family);
                let heading = word("cli-explain-family", &[("family", &family)]);
                assert_ne!(heading, family, "a family without a heading in cli.ftl");
                text += &format!("\n## {heading}\n");
            }
            let Page { code, title, text: what, cause, fix, example, right } =
                Page::of(&code, language).expect("a page");
            let (cause, fix) = (markdown(&cause), markdown(&fix));
            text += &format!("\n### {code} {}\n\n{}\n\n", markdown(&title), markdown(&what));
            let (why, remedy) = (word("cli-explain-cause", &[]), word("cli-explain-fix", &[]));
            let colon = if language == Language::Chinese { "：" } else { ": " };
            text += &format!("- **{why}**{colon}{cause}\n- **{remedy}**{colon}{fix}\n");
            text += &format!("\n```text\n{}\n```\n", example.join("\n"));
            if !right.is_empty() {
                let heading = word("cli-explain-right", &[]);
                text += &format!("\n{heading}{}\n\n```yaml\n{}\n```\n", colon.trim_end(), right.join("\n"));
            }
        }
        super::golden(&root().join("docs/reference").join(file), &text);
    }
}

const REFERENCES: [(Language, &str, &str, &str); 3] = [
    (
        Language::English,
        "codes.md",
        "Codes",
        "Every error and finding that qiao can tell, as `qiao explain CODE` shows it. What stands in ‹…› is filled in with the facts.",
    ),
    (
        Language::German,
        "codes.de.md",
        "Codes",
        "Alle Fehler und Befunde, die qiao meldet, wie `qiao explain CODE` sie zeigt. Was in ‹…› steht, wird mit den Fakten ausgefüllt.",
    ),
    (
        Language::Chinese,
        "codes.zh.md",
        "代码",
        "qiao 能够报告的全部错误和检查结果，与 `qiao explain 代码` 的显示相同。‹…› 中的内容由实际数据填入。",
    ),
];

/// Outside of `…`, what Markdown would take for its own.
fn markdown(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let escaped = parts.map(|(at, part)| {
        if at % 2 == 1 { part.to_owned() } else { part.replace('*', "\\*").replace('<', "\\<").replace('\n', " ") }
    });
    escaped.collect::<Vec<_>>().join("`")
}
