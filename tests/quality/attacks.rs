//! Attacks on the gateway's own server: what is known, what it does, which tests send it. The page is made from
//! `tests/attacks.yaml`; every test that it names is there, and every test named `attack_…` is named by it.

use super::root;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Attack {
    attack: String,
    known: String,
    behaviour: Option<String>,
    #[serde(default)]
    tests: Vec<String>,
    not_here: Option<String>,
}

fn attacks() -> Vec<Attack> {
    let text = std::fs::read_to_string(root().join("tests/attacks.yaml")).expect("UTF-8");
    serde_saphyr::from_str(&text).expect("the attacks")
}

/// The name of every function in the sources and tests.
fn functions() -> BTreeSet<String> {
    let pattern = regex::Regex::new(r"(?m)^\s*(?:async )?fn ([a-z0-9_]+)\(").expect("a pattern");
    let mut files = Vec::new();
    ["src", "tests"].iter().for_each(|folder| super::architecture::sources(&root().join(folder), &mut files));
    let texts = files.iter().map(|file| std::fs::read_to_string(file).expect("UTF-8"));
    texts.flat_map(|text| pattern.captures_iter(&text).map(|found| found[1].to_owned()).collect::<Vec<_>>()).collect()
}

#[test]
fn every_attack_is_held_by_tests_or_has_a_reason() {
    let functions = functions();
    let attacks = attacks();
    for attack in &attacks {
        assert_eq!(attack.behaviour.is_some(), attack.not_here.is_none(), "{}: one of both", attack.attack);
        assert_eq!(attack.tests.is_empty(), attack.not_here.is_some(), "{}: tests or a reason", attack.attack);
        let missing: Vec<_> = attack.tests.iter().filter(|test| !functions.contains(*test)).collect();
        assert!(missing.is_empty(), "{}: {missing:?} are no tests", attack.attack);
    }
    let named: BTreeSet<&String> = attacks.iter().flat_map(|attack| &attack.tests).collect();
    let unnamed: Vec<_> =
        functions.iter().filter(|test| test.starts_with("attack_") && !named.contains(test)).collect();
    assert!(unnamed.is_empty(), "tests/attacks.yaml does not name {unnamed:?}");
}

#[test]
fn the_page_of_attacks_is_the_one_that_is_made() {
    let mut page = String::from(
        "# Attacks on the gateway's own OPC UA server\n\nMade from `tests/attacks.yaml`. Every attack that can be built is \
         sent by a test to a running gateway: its process lives, its memory stays flat, and a client that was let in is \
         served meanwhile.\n\n| attack | known from | what the gateway does | held by |\n|---|---|---|---|\n",
    );
    for attack in attacks() {
        let (does, held) = match &attack.not_here {
            Some(reason) => (format!("*Not built:* {reason}"), "–".to_owned()),
            None => {
                let names: Vec<String> = attack.tests.iter().map(|test| format!("`{test}`")).collect();
                (attack.behaviour.unwrap_or_default(), names.join(", "))
            }
        };
        let _ = writeln!(page, "| {} | {} | {does} | {held} |", attack.attack, attack.known);
    }
    super::golden(&root().join("docs/reference/attacks.md"), &page);
}
