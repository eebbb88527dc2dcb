//! Every fault of `rules.yaml`, its pages and its examples, with line and column.

use super::{Files, folder};

const RULES: &str = "\
rules:
  - id: ACME-PRESS-0101
    title: { en: a, de: b, zh: c }
    clause: ACME 7 §3
    severity: error
    where: /Axes/*
    if: { exists: /Name }
    check: { range: { at: /Position, max: { at: $/Force } } }
    fix: { en: a, de: b, zh: c }
";

fn files(rules: &str) -> Files {
    let mut files = super::tests::files(&[
        ("rules/ACME-PRESS-0101.md", "# ACME-PRESS-0101"),
        ("examples/invalid/c.json", r#"{"Force": 1, "Axes": {"x": {"Position": 2, "Name": "X"}}}"#),
        (
            "examples/invalid/c.expect.json",
            r#"{"pointer": "/Axes/x/Position", "rule": "ACME-PRESS-0101", "shows": "too far"}"#,
        ),
    ]);
    files.insert("rules.yaml".to_owned(), rules.as_bytes().to_vec());
    files
}

fn told(files: &Files) -> Vec<String> {
    folder::read("p", files, &super::tests::concepts())
        .findings
        .iter()
        .map(|finding| format!("{} {}", finding.code, finding.place))
        .collect()
}

/// Replaces `old` by `new`; these findings follow, beside those that follow from a rule being left out.
#[track_caller]
fn check(old: &str, new: &str, expected: &[&str]) {
    let rules = RULES.replacen(old, new, 1);
    assert_ne!(rules, RULES, "{old}");
    let follows = ["QIAO-P072 p/examples/invalid/c.expect.json", "QIAO-P064 p/rules/ACME-PRESS-0101.md"];
    let found: Vec<String> =
        told(&files(&rules)).into_iter().filter(|line| !follows.contains(&line.as_str())).collect();
    assert_eq!(found, expected, "{new}");
}

#[test]
fn good_rules_come_with_their_pages() {
    assert_eq!(told(&files(RULES)), Vec::<String>::new());
    let folder = folder::read("p", &files(RULES), &super::tests::concepts()).value.expect("a folder");
    let rule = &folder.rules[0];
    assert_eq!((rule.id.as_str(), rule.page.as_str()), ("ACME-PRESS-0101", "# ACME-PRESS-0101"));
    assert_eq!(rule.context.to_string(), "/Axes/*");
    assert!(rule.condition.is_some());
}

#[test]
fn a_faulty_rule_is_told_with_line_and_column() {
    check("range:", "rnge:", &["QIAO-P060 p/rules.yaml:8:14"]);
    check("ACME-PRESS-0101", "acme-1", &["QIAO-P061 p/rules.yaml:2:9"]);
    check("ACME-PRESS-0101", "QIAO-P-0101", &["QIAO-P061 p/rules.yaml:2:9"]);
    check("at: /Position", "at: Position", &["QIAO-P066 p/rules.yaml:8:27"]);
    check("where: /Axes/*", "where: /Axes/[a", &["QIAO-P066 p/rules.yaml:6:12"]);
    check("exists: /Name", "exists: /Name, absent: /X", &["QIAO-P067 p/rules.yaml:7:9"]);
    check("max: { at: $/Force }", "max: 7 kN", &["QIAO-P073 p/rules.yaml:8:43"]);
    check(", max: { at: $/Force }", "", &["QIAO-P008 p/rules.yaml:8:21"]);
    check("max:", "mx:", &["QIAO-P008 p/rules.yaml:8:21", "QIAO-P007 p/rules.yaml:8:38"]);
    check("severity: error", "severity: bad", &["QIAO-P010 p/rules.yaml:5:15"]);
    check("clause: ACME 7 §3\n", "clause: ''\n", &["QIAO-P008 p/rules.yaml:4:13"]);
    check("{ exists: /Name }", "{ matches: { at: '', pattern: 'a(?=b)' } }", &["QIAO-P065 p/rules.yaml:7:39"]);
    check("{ exists: /Name }", "{ count: { at: '', min: -1 } }", &["QIAO-P073 p/rules.yaml:7:33"]);
    check("{ exists: /Name }", "{ all: [] }", &["QIAO-P008 p/rules.yaml:7:16"]);
    check("{ exists: /Name }", "{ not: [] }", &["QIAO-P067 p/rules.yaml:7:16"]);
}

#[test]
fn rules_pages_and_examples_belong_together() {
    let mut twice = files(&format!("{RULES}{}", RULES.trim_start_matches("rules:\n")));
    assert_eq!(told(&twice), ["QIAO-P062 p/rules.yaml:10:9"]);
    twice.insert("rules.yaml".to_owned(), RULES.replace("0101", "0102").into_bytes());
    let expected = [
        "QIAO-P063 p/rules.yaml:2:9",
        "QIAO-P068 p/rules.yaml:2:9",
        "QIAO-P064 p/rules/ACME-PRESS-0101.md",
        "QIAO-P072 p/examples/invalid/c.expect.json",
    ];
    assert_eq!(told(&twice), expected);
    let mut both = files(RULES);
    let text = r#"{"pointer": "", "rule": "ACME-PRESS-0101", "keyword": "type", "shows": "x"}"#;
    both.insert("examples/invalid/c.expect.json".to_owned(), text.as_bytes().to_vec());
    assert!(told(&both).contains(&"QIAO-P025 p/examples/invalid/c.expect.json:1:1".to_owned()));
}
