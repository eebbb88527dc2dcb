//! Promise: `qiao test` tells of every message whether it conforms, where not, by which clause and what to change.

use super::rig::gateway::qiao;
use serde_json::Value;
use std::path::{Path, PathBuf};

const PROFILE: &str = "\
profile: acme/press
version: 1.0
title: { en: Press, de: Presse, zh: 压力机 }
description: { en: One press, de: Eine Presse, zh: 一台压力机 }
sources: [ { document: ACME 7, edition: 2024, read: primary, used-for: { en: all, de: alles, zh: 全部 } } ]
codec: umati-json
message: image
topic: acme/{machine}
topic-kind: state
machine-id: browse-name
when-lost: clear
detect: [ { at: /Rated, exists: yes } ]
";
const SCHEMA: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:qiao:schema:acme/press@1.0",
  "type": "object",
  "properties": { "Force": { "type": "number" }, "Rated": { "type": "number" } },
  "required": ["Force", "Rated"]
}
"#;
const RULES: &str = "\
rules:
  - id: ACME-PRESS-0101
    title: { en: The force stays below the rated force., de: Die Kraft bleibt unter der Nennkraft., zh: 压力不超过额定压力。 }
    clause: ACME 7 §3
    severity: error
    check: { compare: { left: /Force, is: <=, right: /Rated } }
    fix: { en: Lower the force., de: Die Kraft senken., zh: 请降低压力。 }
";

/// A folder with a profile that has one rule.
fn site() -> tempfile::TempDir {
    let site = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("profile.yaml", PROFILE),
        ("schema.json", SCHEMA),
        ("mapping.yaml", "fields:\n  - { to: /Force, from: Force }\n"),
        ("rules.yaml", RULES),
        ("rules/ACME-PRESS-0101.md", "# ACME-PRESS-0101\n\nA press that pushes harder than rated breaks."),
        ("examples/valid/a.json", r#"{"Force": 1, "Rated": 2}"#),
        ("examples/invalid/b.json", r#"{"Force": 3, "Rated": 2}"#),
        (
            "examples/invalid/b.expect.json",
            r#"{"pointer": "/Force", "rule": "ACME-PRESS-0101", "shows": "more than rated"}"#,
        ),
    ] {
        put(site.path(), &format!("profiles/acme/press/1.0/{name}"), text.as_bytes());
    }
    site
}

fn put(site: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = site.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
    std::fs::write(&path, bytes).expect("writable");
    path
}

/// Exit code and what was said.
fn test(site: &Path, target: &Path, more: &[&str]) -> (Option<i32>, String) {
    let profiles = site.join("profiles");
    let (profiles, target) = (profiles.to_str().expect("UTF-8"), target.to_str().expect("UTF-8"));
    let mut arguments = vec!["test", target, "--profiles", profiles, "--lang", "en"];
    if !more.contains(&"--profile") {
        arguments.extend(["--profile", "acme/press@1.0"]);
    }
    arguments.extend(more);
    let done = qiao(&arguments);
    (done.status.code(), format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr)))
}

#[test]
fn each_message_has_its_verdict_and_a_broken_one_does_not_stop_its_neighbours() {
    let site = site();
    let deep = "[".repeat(100) + &"]".repeat(100);
    let table: &[(&str, &[u8], i32, &[&str])] = &[
        ("good.json", br#"{"Force": 1, "Rated": 2}"#, 0, &["1 messages: 1 pass, 0 fail, 0 could not"]),
        (
            "rule.json",
            b"{\"Force\": 3,\n \"Rated\": 2}",
            1,
            &["ACME-PRESS-0101", "rule.json:1:11 /Force", "ACME 7 \u{a7}3 \u{b7} Lower the force."],
        ),
        (
            "schema.json",
            b"{\"Rated\": 2,\n \"Force\": \"3\"}",
            1,
            &["QIAO-V101", "schema.json:2:11 /Force", "schema.json#/properties/Force/type"],
        ),
        ("open.json", br#"{"Force": 1, "Rated": 2"#, 1, &["QIAO-J003", "open.json:1:24", "in the middle of a value"]),
        ("mark.json", b"\xef\xbb\xbf{\"Force\": 1, \"Rated\": 2}", 0, &["QIAO-J004"]),
        ("latin.json", b"{\"Force\": 1, \"a\": \"\xfc\"}", 1, &["QIAO-J003"]),
        ("deep.json", deep.as_bytes(), 1, &["QIAO-J003", "64 levels"]),
        (
            "lines.jsonl",
            b"{\"Force\": 1, \"Rated\": 2}\n\n{\"Force\": 1,\n{\"Force\": 5, \"Rated\": 2}\n",
            1,
            &["lines.jsonl:3:", "QIAO-J003", "lines.jsonl:4:11 /Force", "3 messages: 1 pass, 2 fail"],
        ),
        ("lines.json", b"{\"Force\": 1, \"Rated\": 2}\n{\"Force\": 1, \"Rated\": 2}\n", 0, &["2 messages: 2 pass"]),
    ];
    for (name, bytes, exit, said) in table {
        let path = put(site.path(), &format!("messages/{name}"), bytes);
        let (code, text) = test(site.path(), &path, &[]);
        assert_eq!(code, Some(*exit), "{name}: {text}");
        for word in *said {
            assert!(text.contains(word), "{name}: {word} in {text}");
        }
    }
    let (code, text) = test(site.path(), &site.path().join("messages"), &[]);
    assert!(code == Some(1) && text.contains("12 messages: 5 pass, 7 fail, 0 could not"), "{text}");
}

#[test]
fn auto_takes_the_profile_that_recognises_a_message_and_tells_a_tie() {
    let site = site();
    let auto = ["--profile", "auto"];
    let known = put(site.path(), "known.json", br#"{"Force": 3, "Rated": 2}"#);
    let (code, text) = test(site.path(), &known, &auto);
    assert!(code == Some(1) && text.contains("ACME-PRESS-0101"), "{text}");
    let unknown = put(site.path(), "unknown.json", br#"{"Force": 3}"#);
    let (code, text) = test(site.path(), &unknown, &auto);
    assert!(code == Some(3) && text.contains("QIAO-J005"), "{text}");
    let profiles = site.path().join("profiles");
    let profiles = profiles.to_str().expect("UTF-8");
    let new = qiao(&[
        "profile",
        "new",
        "acme/press",
        "--from",
        "acme/press@1.0",
        "--version",
        "1.1",
        "--profiles",
        profiles,
        profiles,
    ]);
    assert!(new.status.success(), "{}", String::from_utf8_lossy(&new.stdout));
    let (code, text) = test(site.path(), &known, &auto);
    assert!(code == Some(3) && text.contains("QIAO-J006") && text.contains("acme/press@1.0, acme/press@1.1"), "{text}");
    // The one that asks for more wins.
    let manifest = site.path().join("profiles/acme/press/1.1/profile.yaml");
    let text = std::fs::read_to_string(&manifest).expect("UTF-8");
    let more = text.replace("exists: yes }", "exists: yes }, { at: /Force, equals: 3 }");
    assert_ne!(more, text);
    std::fs::write(&manifest, more).expect("writable");
    let (code, text) = test(site.path(), &known, &[&auto[..], &["--json"]].concat());
    assert!(code == Some(1) && text.contains("\"profile\":\"acme/press@1.1\""), "{text}");
}

#[test]
fn what_cannot_be_told_ends_with_3_and_wrong_usage_with_2() {
    let site = site();
    let (code, text) = test(site.path(), &site.path().join("nowhere.json"), &[]);
    assert!(code == Some(3) && text.contains("QIAO-J001"), "{text}");
    std::fs::create_dir(site.path().join("empty")).expect("writable");
    let (code, text) = test(site.path(), &site.path().join("empty"), &[]);
    assert!(code == Some(3) && text.contains("QIAO-J007"), "{text}");
    let good = put(site.path(), "a.json", br#"{"Force": 1, "Rated": 2}"#);
    let (code, text) = test(site.path(), &good, &["--profile", "acme/pres@1.0"]);
    assert!(code == Some(2) && text.contains("acme/press@1.0"), "{text}");
    let (code, _) = test(site.path(), &good, &["--report", "pdf=x"]);
    assert_eq!(code, Some(2));
    let (code, text) = test(site.path(), &good, &["--report", "json=/nowhere/at/all.json"]);
    assert!(code == Some(3) && text.contains("QIAO-J010"), "{text}");
}

#[test]
fn what_is_wrong_with_json_is_told_in_three_languages() {
    let site = site();
    let twice = put(site.path(), "twice.json", br#"{"Force": 1, "Force": 2}"#);
    for (tag, said) in [
        ("en", "the name `Force` stands twice in one object."),
        ("de", "der Name „Force“ steht zweimal in einem Objekt."),
        ("zh", "名称“Force”在同一对象中出现两次。"),
    ] {
        let done =
            qiao(&["test", twice.to_str().expect("UTF-8"), "--profile", "umati/machine-tool@1.02", "--lang", tag]);
        let text = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.code() == Some(1) && text.contains(said), "{text}");
    }
}

#[test]
fn many_files_are_counted_on_a_terminal_and_only_there() {
    let site = site();
    for number in 0..150 {
        put(site.path(), &format!("many/{number}.json"), br#"{"Force": 1, "Rated": 2}"#);
    }
    let [many, profiles] = ["many", "profiles"].map(|name| site.path().join(name).display().to_string());
    let arguments = ["test", &many, "--profiles", &profiles, "--profile", "acme/press@1.0", "--lang", "en"];
    let piped = qiao(&arguments);
    assert!(piped.status.success() && piped.stderr.is_empty(), "{}", String::from_utf8_lossy(&piped.stderr));
    // `script` is a terminal to whoever it starts.
    let typed = format!("{} {}", env!("CARGO_BIN_EXE_qiao"), arguments.join(" "));
    let watched = std::process::Command::new("script").args(["-qec", &typed, "/dev/null"]).output().expect("script(1)");
    let shown = String::from_utf8_lossy(&watched.stdout).into_owned();
    assert!(watched.status.success() && shown.contains("Files judged:") && shown.contains("/150"), "{shown:?}");
    assert!(shown.contains("150 messages: 150 pass"), "{shown:?}");
}

#[test]
fn a_report_is_for_programs_for_ci_servers_and_for_people_of_three_languages() {
    let site = site();
    put(site.path(), "m/good.json", br#"{"Force": 1, "Rated": 2}"#);
    put(site.path(), "m/wrong<&>.json", br#"{"Force": 3, "Rated": 2, "x": "</script>"}"#);
    let [json, junit, html] = ["r.json", "r.xml", "r.html"].map(|name| site.path().join(name).display().to_string());
    let reports = [format!("json={json}"), format!("junit={junit}"), format!("html={html}")];
    let mut more = vec!["--json"];
    reports.iter().for_each(|report| more.extend(["--report", report]));
    let (code, said) = test(site.path(), &site.path().join("m"), &more);
    assert_eq!(code, Some(1), "{said}");
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 3, "{said}");
    assert_eq!(lines[1]["findings"][0]["code"], "ACME-PRESS-0101");
    assert_eq!(lines[2]["summary"]["rules"]["ACME-PRESS-0101"]["fail"], 1);

    let read = |path: &str| std::fs::read_to_string(path).expect("written");
    let whole: Value = serde_json::from_str(&read(&json)).expect("JSON");
    assert_eq!(whole["counts"]["messages"], 2);
    assert_eq!(whole["messages"][1]["findings"][0]["pointer"], "/Force");

    let junit = read(&junit);
    for word in [
        "<testsuites name=\"qiao test\" tests=\"2\" failures=\"1\" errors=\"0\">",
        "wrong&lt;&amp;&gt;.json\" tests=\"1\" failures=\"1\" errors=\"0\"",
        "<failure type=\"ACME-PRESS-0101\" message=\"The force stays below the rated force.\">",
        "classname=\"acme/press@1.0\"",
    ] {
        assert!(junit.contains(word), "{word} in {junit}");
    }
    assert_eq!(junit.matches("<testcase").count(), 2, "{junit}");

    let html = read(&html);
    for word in ["The force stays", "Die Kraft bleibt", "压力不超过", "wrong&lt;&amp;&gt;.json", "@media print"] {
        assert!(html.contains(word), "{word} in {html}");
    }
    for foreign in ["<script", "http://", "https://", "src=", "@import", "url("] {
        assert!(!html.contains(foreign), "{foreign} in {html}");
    }
}

#[test]
fn explain_shows_a_rule_with_its_page() {
    let site = site();
    let profiles = site.path().join("profiles");
    let profiles = profiles.to_str().expect("UTF-8");
    let done = qiao(&["explain", "ACME-PRESS-0101", "--profiles", profiles, "--lang", "de"]);
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    for word in ["Die Kraft bleibt", "ACME 7 §3", "Die Kraft senken.", "breaks."] {
        assert!(done.status.success() && text.contains(word), "{word} in {text}");
    }
    let done = qiao(&["explain", "ACME-PRESS-0110", "--profiles", profiles, "--lang", "en"]);
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.code() == Some(2) && text.contains("Did you mean ACME-PRESS-0101?"), "{text}");
}

#[test]
fn every_valid_example_is_recognised_as_one_of_its_profile() {
    for profile in qiao::profile::Library::built_in().value.list() {
        let folder = format!("{}/schemas/{}/{}", env!("CARGO_MANIFEST_DIR"), profile.name, profile.version);
        let done = qiao(&["test", &format!("{folder}/examples/valid"), "--profile", "auto", "--json"]);
        let text = String::from_utf8_lossy(&done.stdout);
        let judged = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let of_messages: Vec<Value> = judged.filter(|line| line["source"].is_string()).collect();
        let is_as_it_should = |line: &Value| {
            // Of what NC-Link sends only a sample bears a mark.
            let may_be_unknown = profile.name == "nclink/cnc" && line["verdict"] == "inconclusive";
            // The state of a condition is the event that told it; only its topic says that it is kept.
            let is_event = profile.name == "core/condition" && line["profile"] == "core/event@1.0";
            may_be_unknown || (line["verdict"] == "pass" && (is_event || line["profile"] == profile.id()))
        };
        assert!(of_messages.len() >= 5, "{}: {text}", profile.id());
        assert!(of_messages.iter().any(|line| line["verdict"] == "pass"), "{}", profile.id());
        let others: Vec<&Value> = of_messages.iter().filter(|line| !is_as_it_should(line)).collect();
        assert!(others.is_empty(), "{}: {others:#?}", profile.id());
    }
}
