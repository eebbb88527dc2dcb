//! Promise: `qiao translate` makes of a message of one standard one of another, tells what is lost, and never drops silently
//! what it was told to put in.

use super::rig::gateway::qiao;
use serde_json::{Value, json};
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

const UMATI: &str = "schemas/umati/machine-tool/1.02/examples/valid/machining-centre.json";
const RECORD: &str = "schemas/cn/identifier-record/1.0/examples/valid/vertical-machining-centre.json";
const NAMEPLATE: &str = "aas/digital-nameplate@3.0";

fn file(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Exit code, standard output, standard error; in English unless asked for otherwise.
fn translate(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut all = vec!["translate"];
    all.extend(arguments);
    if !arguments.contains(&"--lang") {
        all.extend(["--lang", "en"]);
    }
    told(qiao(&all))
}

fn told(output: Output) -> (Option<i32>, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// With `--json`: the one line of the answer.
#[track_caller]
fn answer(arguments: &[&str], exit: i32) -> Value {
    let (code, out, err) = translate(&[arguments, &["--json"]].concat());
    assert_eq!(code, Some(exit), "{out}{err}");
    assert_eq!(out.lines().count(), 1, "one line, and nothing else: {out}");
    serde_json::from_str(&out).expect("JSON")
}

fn codes(answer: &Value) -> Vec<&str> {
    answer["findings"].as_array().expect("a list").iter().filter_map(|finding| finding["code"].as_str()).collect()
}

#[test]
fn a_file_and_standard_input_give_the_same_message_and_the_losses_stand_beside_it() {
    let umati = file(UMATI);
    let (code, out, err) = translate(&["--from", "umati/machine-tool@1.02", "--to", "opcua/cnc@1.0", &umati]);
    let message: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("the message alone: {out}"));
    assert!(err.contains(" exact, ") && err.contains("absent"), "{err}");
    let mut child = Command::new(env!("CARGO_BIN_EXE_qiao"))
        .args(["translate", "--from", "auto", "--to", "opcua/cnc@1.0", "-", "--lang", "en"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let bytes = std::fs::read(&umati).expect("an example");
    child.stdin.take().expect("piped").write_all(&bytes).expect("taken");
    let (piped_code, piped, _) = told(child.wait_with_output().expect("it ends"));
    assert_eq!((piped_code, serde_json::from_str::<Value>(&piped).expect("JSON")), (code, message));
}

#[test]
fn every_way_to_end_has_its_exit_code() {
    let record = file(RECORD);
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let (broken, unknown) = (put("broken.json", "{\"a\": "), put("unknown.json", "{\"a\": 1}"));
    let nowhere = folder.path().join("nowhere.json").display().to_string();
    let table: &[(&[&str], i32, &str)] = &[
        (&["--from", "umati/machine-tool@1.0", "--to", NAMEPLATE, &record], 2, "umati/machine-tool@1.02"),
        (&["--from", "auto", "--to", "nameplate", &record], 2, "QIAO-P030"),
        (&["--from", "auto", "--to", NAMEPLATE, &broken], 2, "QIAO-X001"),
        (&["--from", "auto", "--to", NAMEPLATE, &nowhere], 2, "QIAO-X001"),
        (&["--from", "auto", "--to", NAMEPLATE, &unknown], 3, "QIAO-X002"),
        (&["--from", "auto", "--to", NAMEPLATE], 2, "required"),
        (
            &["--from", "auto", "--to", NAMEPLATE, "--set", "identity.serial-numbr=1", &record],
            2,
            "identity.serial-number",
        ),
        (&["--from", "auto", "--to", NAMEPLATE, "--only", "identity.serial-numbr", &record], 2, "QIAO-P035"),
        (&["--from", "auto", "--to", NAMEPLATE, "--coverage"], 2, "QIAO-P030"),
        (&["--from", "umati/machine-tool@1.02", "--to", NAMEPLATE, "--coverage", "--set", "a=1"], 2, "--coverage"),
        // What nothing fills is told with what would.
        (&["--from", "auto", "--to", "carbon/pcf@1.0", &record], 1, "QIAO-X003"),
        (&["--from", "auto", "--to", NAMEPLATE, &record], 0, " exact, "),
    ];
    for (arguments, exit, said) in table {
        let (code, out, err) = translate(arguments);
        assert_eq!(code, Some(*exit), "{arguments:?}\n{out}{err}");
        assert!(format!("{out}{err}").contains(said), "{said}: {arguments:?}\n{out}{err}");
    }
}

#[test]
fn what_is_given_from_outside_stands_in_the_message_or_is_told() {
    let record = file(RECORD);
    let set = |values: &[&str], exit: i32| {
        let mut all = vec!["--from", "auto", "--to", NAMEPLATE, record.as_str()];
        values.iter().for_each(|value| all.extend(["--set", value]));
        answer(&all, exit)
    };
    let given = set(&["identity.product-root=Werkzeugmaschinen"], 0);
    assert_eq!(given["given"][0]["concept"], "identity.product-root", "{given:#}");
    let pointer = given["given"][0]["pointer"].as_str().expect("a pointer");
    assert!(given["message"].pointer(pointer).is_some_and(|value| value.to_string().contains("Werkzeugmaschinen")));
    assert!(codes(&given).is_empty(), "{given:#}");

    // The target has no field for it.
    let told = set(&["machine.feed-override=80"], 1);
    assert_eq!(codes(&told), ["QIAO-X004"]);
    let facts = &told["findings"][0]["arguments"];
    assert_eq!(facts["concept"], "machine.feed-override");
    assert_eq!(facts["reason"], "the target has no field for this concept");
    // What the source says is not overwritten.
    let told = set(&["identity.serial-number=other"], 1);
    assert_eq!(codes(&told), ["QIAO-X004"]);
    assert_eq!(told["findings"][0]["arguments"]["reason"], "another value already stands there");
    assert!(!told["message"].to_string().contains("\"other\""));
    // One of two found its place: told, and good all the same.
    let told = set(&["machine.feed-override=80", "identity.product-root=Werkzeugmaschinen"], 0);
    assert_eq!(codes(&told), ["QIAO-X004"]);
    let (code, out, err) =
        translate(&["--from", "auto", "--to", NAMEPLATE, "--set", "machine.feed-override=80", "--lang", "de", &record]);
    assert!(code == Some(1) && err.contains("QIAO-X004") && err.contains("findet im Ziel keinen Platz"), "{err}");
    assert!(serde_json::from_str::<Value>(&out).is_ok(), "the message alone: {out}");
}

#[test]
fn only_and_drop_keep_concepts_here_and_say_so() {
    let record = file(RECORD);
    let base = ["--from", "auto", "--to", NAMEPLATE, record.as_str()];
    let losses = |answer: &Value| answer["losses"].as_array().expect("a list").clone();
    let carried =
        |answer: &Value| losses(answer).into_iter().filter(|loss| loss["target"].is_string()).collect::<Vec<_>>();
    let all = answer(&base, 0);
    let dropped = answer(&[&base[..], &["--drop", "identity.facility"]].concat(), 0);
    let loss = losses(&dropped).into_iter().find(|loss| loss["concept"] == "identity.facility").expect("declared");
    assert_eq!((&loss["fate"], &loss["because"]), (&json!("absent"), &json!("withheld on request")));
    assert_eq!(carried(&dropped).len() + 1, carried(&all).len());
    let kept = ["identity.serial-number", "identity.city"];
    // The nameplate requires more than that, and it is told.
    let only = answer(&[&base[..], &["--only", &kept.join(",")]].concat(), 1);
    let left: Vec<_> = carried(&only).into_iter().map(|loss| loss["concept"].clone()).collect();
    assert_eq!(left, kept);
    assert!(codes(&only).contains(&"QIAO-V119") || codes(&only).contains(&"QIAO-X003"), "{only:#}");
}

#[test]
fn rules_and_reasons_are_in_the_language_that_is_asked_for_and_fates_in_all_the_same() {
    let umati = file(UMATI);
    let base = ["--from", "auto", "--to", "nclink/cnc@3.0", umati.as_str()];
    let in_language = |tag: &str| {
        let (_, out, err) = translate(&[&base[..], &["--json", "--lang", tag]].concat());
        let answer: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
        let losses = answer["losses"].as_array().expect("a list").clone();
        let loss = losses.into_iter().find(|loss| loss["pointer"] == "/Monitoring/MachineTool/OperationMode");
        let loss = loss.expect("declared");
        (loss["fate"].as_str().expect("a word").to_owned(), loss["because"].as_str().expect("a text").to_owned())
    };
    assert_eq!(in_language("en"), ("converted".to_owned(), "words by table".to_owned()));
    assert_eq!(in_language("de"), ("converted".to_owned(), "Wörter nach Tabelle".to_owned()));
    assert_eq!(in_language("zh"), ("converted".to_owned(), "按对照表转换".to_owned()));
}

#[test]
fn the_coverage_can_be_signed_in_three_languages_and_two_forms() {
    let base = ["--from", "umati/machine-tool@1.02", "--to", "nclink/cnc@3.0", "--coverage"];
    for (tag, concept, agreed, title) in [
        ("en", "Operation mode / Betriebsart / ", "Agreed", "Machine tool"),
        ("de", "Betriebsart / ", "Einverstanden", "Werkzeugmaschine"),
        ("zh", " / Betriebsart", "双方确认", "机床"),
    ] {
        let (code, markdown, _) = translate(&[&base[..], &["--lang", tag]].concat());
        assert_eq!(code, Some(0));
        assert!(markdown.starts_with("# umati/machine-tool@1.02 → nclink/cnc@3.0\n"), "{markdown}");
        let (code, html, _) = translate(&[&base[..], &["--format", "html", "--lang", tag]].concat());
        assert_eq!(code, Some(0));
        for (form, page) in [("markdown", &markdown), ("html", &html)] {
            for word in [concept, agreed, title, "/WORK_MODE", "machine.operation-mode"] {
                let page = page.replace("<wbr>", "");
                assert!(page.contains(word), "{form} in {tag} lacks {word}:\n{page}");
            }
        }
        assert!(html.contains(&format!("<html lang=\"{}", tag)), "{html}");
        for foreign in ["<script", "http://", "https://", "src=", "@import", "url("] {
            assert!(!html.contains(foreign), "{foreign} in {html}");
        }
        // Every row has a cell for every head.
        let rows = markdown.lines().filter(|line| line.starts_with("| ") && !line.contains("---"));
        let columns = |line: &str| line.replace("\\|", "").matches('|').count();
        assert!(rows.clone().count() > 40 && rows.take_while(|line| columns(line) > 3).all(|line| columns(line) == 6));
    }
    let (code, lines, _) = translate(&[&base[..], &["--json"]].concat());
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(code == Some(0) && lines.iter().any(|line| line["concept"] == "machine.operation-mode"));
}
