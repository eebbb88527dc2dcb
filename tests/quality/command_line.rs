//! The command line's own promises: exit codes, languages, help.

use super::root;
use crate::integration::rig::gateway::qiao;
use serde_json::Value;

#[track_caller]
fn run(arguments: &[&str], exit: i32, shown: &[&str]) -> String {
    let output = qiao(arguments);
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}\n{text}");
    for part in shown {
        assert!(text.contains(part), "{arguments:?} does not show {part:?}:\n{text}");
    }
    text
}

fn config(name: &str) -> String {
    root().join(name).display().to_string()
}

#[test]
fn check_tells_right_from_wrong_by_its_exit_code() {
    let (good, wrong) = (config("config/examples/smallest.yaml"), config("tests/config/references.yaml"));
    run(&["check", "-c", &good], 0, &["nothing is wrong", "2 connections"]);
    run(&["check", "-c", &wrong], 2, &["references.yaml:7:24  There is no connection `lath`", "13 errors"]);
    run(&["check", "-c", "/nowhere.yaml"], 2, &["QIAO-C049 /nowhere.yaml"]);
    run(&["check", "--frobnicate"], 2, &["--frobnicate"]);
    run(&[], 2, &["Usage"]);
}

#[test]
fn check_gives_machines_one_object_a_line() {
    let text = run(&["check", "--json", "-c", &config("tests/config/references.yaml")], 2, &[]);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let (last, findings) = lines.split_last().expect("lines");
    assert_eq!(last["errors"], 13);
    assert_eq!(findings.len(), 13);
    let first = &findings[0];
    assert_eq!((&first["code"], &first["severity"]), (&"QIAO-C020".into(), &"error".into()));
    assert_eq!(first["arguments"]["nearest"], "lathe");
    assert!(first["place"].as_str().is_some_and(|place| place.ends_with("references.yaml:7:24")));
}

#[test]
fn check_names_the_file_in_which_something_stands() {
    let included = config("tests/config/include/qiao.yaml");
    let text = run(&["check", "--json", "-c", &included], 2, &[]);
    let findings: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let place = findings[0]["place"].as_str().expect("a place");
    assert!(place.ends_with("tests/config/include/conf.d/a.yaml:2:48"), "{place}");
    // A fault of a template names the template and, of three uses that have it, the first.
    let text = run(&["check", "--json", "-c", &config("tests/config/template-fault-inside.yaml")], 2, &[]);
    let findings: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let unknown = findings.iter().find(|finding| finding["code"] == "QIAO-C007").expect("a finding");
    let ends = |value: &Value, end: &str| value.as_str().is_some_and(|text| text.ends_with(end));
    assert!(ends(&unknown["place"], "template-fault-inside.yaml:8:60"), "{unknown}");
    assert!(ends(&unknown["arguments"]["used-at"], "template-fault-inside.yaml:12:5"), "{unknown}");
    assert_eq!(unknown["arguments"]["more-uses"], "2");
    // What is larger than any configuration is not read to its end.
    run(&["check", "-c", "/dev/zero"], 2, &["QIAO-C079"]);
}

#[test]
fn the_language_is_the_users() {
    let wrong = config("tests/config/references.yaml");
    run(&["check", "--lang", "de", "-c", &wrong], 2, &["Meinten Sie `umati/machine-tool@1.02`?", "13 Fehler"]);
    run(&["check", "--lang", "zh", "-c", &wrong], 2, &["您是否想写 `umati/machine-tool@1.02`？", "13 个错误"]);
    // The file's own, although the file is wrong; `--lang` goes before it.
    let chinese = config("tests/config/missing-keys.yaml");
    run(&["check", "-c", &chinese], 2, &["缺少键 `endpoint`"]);
    run(&["check", "-c", &chinese, "--lang", "en"], 2, &["The key `endpoint` is missing."]);
}

#[test]
fn a_profile_is_shown_with_its_spellings_words_and_what_it_is_known_by() {
    let nc_link = ["profile", "show", "nclink/cnc@3.0"];
    let german =
        ["/beginTime ist vorhanden", "\"auto\" ↔ automatic", "auch gelesen: \"AUTO\"", "kein Wort", "epoch-ms-text"];
    run(&[&nc_link[..], &["--lang", "de"]].concat(), 0, &german);
    run(&[&nc_link[..], &["--lang", "zh"]].concat(), 0, &["/beginTime 存在", "\"auto\" ↔ automatic", "work-mode"]);
    run(&["profile", "show", "logistics/epcis@2.0"], 0, &["/type is \"EPCISDocument\""]);
    let text = run(&[&nc_link[..], &["--json"]].concat(), 0, &[]);
    let shown: serde_json::Value = serde_json::from_str(text.trim()).expect("JSON");
    assert_eq!(shown["detect"][0], serde_json::json!({ "at": "/beginTime", "test": "exists", "value": "yes" }));
    let tables = shown["tables"].as_array().expect("a list");
    let mode = tables.iter().find(|table| table["table"] == "work-mode").expect("a table");
    assert_eq!((&mode["concept"], &mode["entries"][0]["is"]), (&"machine.operation-mode".into(), &"automatic".into()));
    let fields = shown["fields"].as_array().expect("a list");
    assert!(
        fields.iter().any(|field| field["form"] == "epoch-ms-text")
            && fields.iter().any(|field| field["table"] == "work-mode")
    );
}

#[test]
fn explain_says_what_a_code_means_and_the_way_out() {
    run(&["explain", "qiao-c012"], 0, &["QIAO-C012  Unknown profile", "‹name›", "core/data-set-message@1.0"]);
    run(&["explain", "QIAO-C012", "--lang", "de"], 0, &["Unbekanntes Profil"]);
    run(&["explain", "QIAO-C096"], 0, &["deadband: 0,25", "Right\n", "deadband: 0.25"]);
    run(&["explain", "QIAO-C0122"], 2, &["is not a code of this version"]);
    run(&["explain", "C012"], 2, &["Did you mean QIAO-C012?"]);
    run(&["explain", "cli-check-good"], 2, &["is not a code of this version"]);
    // Both are what a quarantine entry shows.
    run(&["explain", "QIAO-V101"], 0, &["QIAO-V101"]);
    run(&["explain", "/properties/Power/maximum"], 2, &["not a code", "qiao profile show"]);
    let text = run(&["explain", "QIAO-C012", "--json"], 0, &[]);
    assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON")["title"], "Unknown profile");
    run(&["explain", "QIAO-M001"], 0, &["Why it happens", "What to do", "Example\n  QIAO-M001 mqtts://"]);
    run(&["explain"], 0, &["C: configuration\n  QIAO-C001  Not YAML\n", "\n\nM: MQTT\n"]);
    let text = run(&["explain", "--json", "--lang", "de"], 0, &[]);
    let last: Value = serde_json::from_str(text.lines().last().expect("codes")).expect("JSON");
    assert!(last["code"].as_str().is_some_and(|code| code.starts_with("QIAO-")), "{last}");
}

#[test]
fn the_help_of_every_command_has_an_example() {
    let help = run(&["--help"], 0, &["Exit codes"]);
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        // A continuation of a long description is indented deeper.
        .filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' '))?.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(commands.len() >= 2, "{help}");
    for command in commands {
        run(&[command, "--help"], 0, &["Example", &format!("qiao {command}")]);
    }
}
