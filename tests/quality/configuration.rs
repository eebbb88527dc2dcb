//! Wrong configurations in `tests/config`: `x.yaml`, or `x/qiao.yaml` with the files that it includes, and in `x.txt`
//! every finding it must give, in order; in `x.de.txt` and `x.zh.txt`, where they are, the same in German and Chinese.
//! `UPDATE=1` rewrites the expectations; they are reviewed like code. `tests/config/right/CODE.yaml` shows of every code how
//! it is written right.

use super::root;
use qiao::config::{self, FileFacts, World};
use qiao::finding::{Checked, Finding, Language, catalogue};
use qiao::profile::Files;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The same few files and one variable for every configuration, and the files of its folder.
struct Stage {
    folder: PathBuf,
}

impl World for Stage {
    fn file(&self, path: &Path) -> Result<FileFacts, String> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let text = match name {
            "password" => "secret\n",
            "mes" => "a password of many bytes\n",
            "pseudonyms" => "a key of more than sixteen bytes\n",
            "mes.key" => "7e4b7d0a1c64c9f7c2c1b5a29f0d3c55\n",
            "blank" => "\n",
            "table.csv" => {
                "path;node;field;source-unit;scale;enumeration\n\
                 a/b;;/Monitoring/MachineTool/OperatonMode;;;\n\
                 ;ns=2;machine.operation-mode;;;AUTO=Automatik\n\
                 a;;/Monitoring/MachineTool/PowerOnDuration;mm;0.1.0;\n"
            }
            "readable-by-all" | "readable-by-all.pem" | "user.pem" | "ca.pem" => "content",
            _ => {
                let bytes = std::fs::read(self.folder.join(path)).map_err(|_| "no such file".to_owned())?;
                return Ok(FileFacts { bytes, is_open: false });
            }
        };
        Ok(FileFacts { bytes: text.as_bytes().to_vec(), is_open: name.starts_with("readable") })
    }

    fn names(&self, folder: &Path) -> Result<Vec<String>, String> {
        let entries = std::fs::read_dir(self.folder.join(folder)).map_err(|_| "no such folder".to_owned())?;
        Ok(entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect())
    }

    fn environment(&self, name: &str) -> Option<String> {
        (name == "QIAO_PASSWORD").then(|| "secret".to_owned())
    }

    fn folder(&self, path: &Path) -> Result<Files, String> {
        if path.ends_with("documents") {
            return qiao::cli::folder::read(&super::root().join("tests/profiles")).map_err(|error| error.to_string());
        }
        Err("no such folder".to_owned())
    }

    fn language(&self) -> Language {
        Language::English
    }
}

pub(super) type Plan = Checked<Option<config::plan::Plan>>;

fn check(file: &str, bytes: &[u8]) -> Plan {
    config::check(file, bytes, Path::new(""), &Stage { folder: PathBuf::from("/nowhere") })
}

/// Every wrong configuration by its name, checked. Two are made here: nobody wants to keep them.
pub(super) fn wrong() -> Vec<(String, Plan)> {
    let folder = root().join("tests/config");
    let mut all: Vec<(String, Plan)> = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("UTF-8").to_owned();
        let stage = Stage { folder: path.clone() };
        if name == RIGHT {
            continue;
        }
        if path.is_dir() {
            let bytes = std::fs::read(path.join("qiao.yaml")).expect("a configuration");
            all.push((name, config::check("qiao.yaml", &bytes, Path::new(""), &stage)));
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            let bytes = std::fs::read(&path).expect("a configuration");
            all.push((name.clone(), config::check(&format!("{name}.yaml"), &bytes, Path::new(""), &stage)));
        }
    }
    let comment = format!("# {}\n", "ten megabytes ".repeat(6)).repeat(120_000);
    all.push(("too-large".to_owned(), check("too-large.yaml", comment.as_bytes())));
    let template = format!("templates: {{ t: {{ flows: [{}] }} }}\n", "a, ".repeat(50_000));
    let uses = format!("use:\n{}", "  - { template: t }\n".repeat(30));
    all.push(("too-many-nodes".to_owned(), check("too-many-nodes.yaml", (template + &uses).as_bytes())));
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

const RIGHT: &str = "right";

/// How it is right, by code: text and what the check says of it.
pub(super) fn right() -> Vec<(String, String, Plan)> {
    let folder = root().join("tests/config").join(RIGHT);
    let mut all = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            continue;
        }
        let code = path.file_stem().and_then(|name| name.to_str()).expect("UTF-8").to_owned();
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        let checked = config::check("qiao.yaml", text.as_bytes(), Path::new(""), &Stage { folder: folder.clone() });
        all.push((code, text, checked));
    }
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

/// What is told of a configuration, and whether it can be run all the same.
fn told(checked: &Plan, line: impl Fn(&Finding) -> String) -> String {
    let lines: String = checked.findings.iter().map(|finding| line(finding) + "\n").collect();
    lines + if checked.value.is_some() { "(can be run)\n" } else { "(is refused)\n" }
}

#[test]
fn every_fault_of_a_wrong_configuration_is_found_in_one_go() {
    let all = wrong();
    assert!(all.len() >= 60, "sixty wrong configurations at least");
    for (name, checked) in all {
        let path = root().join("tests/config").join(format!("{name}.txt"));
        super::golden(&path, &told(&checked, ToString::to_string));
        assert!(!checked.findings.is_empty(), "{name}: something must be wrong");
        assert_eq!(checked.is_good(), checked.value.is_some(), "{name}: an error or a plan");
        assert!(is_sorted(&checked.findings), "{name}: by file and place");
    }
}

/// Where a finding is.
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) line: usize,
    pub(super) column: usize,
}

#[track_caller]
pub(super) fn place(finding: &Finding) -> Place<'_> {
    place_of(&finding.place)
}

/// Of `file:line:column`.
#[track_caller]
pub(super) fn place_of(text: &str) -> Place<'_> {
    let parts: Vec<&str> = text.rsplitn(3, ':').collect();
    let [column, line, file] = parts[..] else { panic!("{text} is no place") };
    Place { file, line: line.parse().expect("a line"), column: column.parse().expect("a column") }
}

/// Lines of one file do not go back; a file is not come back to.
fn is_sorted(findings: &[Finding]) -> bool {
    let mut files: Vec<&str> = Vec::new();
    let mut last = (0, 0);
    for finding in findings {
        let Place { file, line, column } = place(finding);
        let place = (line, column);
        if files.last() != Some(&file) {
            if files.contains(&file) {
                return false;
            }
            files.push(file);
            last = (0, 0);
        }
        if place < last {
            return false;
        }
        last = place;
    }
    true
}

/// What an integrator of either country meets first.
const TRANSLATED: [&str; 14] = [
    "braces-without-quotes",
    "decimal-comma",
    "five-faults-copied",
    "five-faults-first-day",
    "five-faults-security",
    "flows-below-connections",
    "full-width-colon",
    "full-width-quotes",
    "gb18030",
    "include-same-names",
    "password-in-clear",
    "tab",
    "template-arguments",
    "template-fault-inside",
];

#[test]
fn the_same_is_told_in_german_and_chinese() {
    let all = wrong();
    for name in TRANSLATED {
        let (_, checked) = all.iter().find(|(known, _)| known == name).expect("a configuration");
        for (tag, language) in [("de", Language::German), ("zh", Language::Chinese)] {
            let path = root().join("tests/config").join(format!("{name}.{tag}.txt"));
            let line = |finding: &Finding| format!("{} {}  {}", finding.code, finding.place, finding.text(language));
            super::golden(&path, &told(checked, line));
        }
    }
}

/// Codes of the family that no text can bring about, and why.
const NOT_IN_A_TEXT: [(&str, &str); 2] = [
    ("QIAO-C049", "the file itself cannot be opened: shown by `quality::command_line`"),
    ("QIAO-C050", "a log level of the command line"),
];

#[test]
fn every_code_of_the_configuration_is_shown_by_a_wrong_one() {
    let shown: BTreeSet<String> = wrong()
        .into_iter()
        .flat_map(|(_, checked)| checked.findings)
        .map(|finding| finding.code.0.into_owned())
        .collect();
    let family = catalogue::ids().into_iter().filter(|id| id.starts_with("QIAO-C"));
    let missing: Vec<String> =
        family.filter(|id| !shown.contains(id) && !NOT_IN_A_TEXT.iter().any(|(known, _)| known == id)).collect();
    assert!(missing.is_empty(), "no file of tests/config shows {missing:?}");
    let needless: Vec<_> = NOT_IN_A_TEXT.iter().filter(|(id, _)| shown.contains(*id)).collect();
    assert!(needless.is_empty(), "shown all the same: {needless:?}");
}

#[test]
fn every_language_has_words_for_every_fault() {
    for (name, checked) in wrong() {
        for finding in checked.findings {
            for language in Language::ALL {
                for text in [Some(finding.text(language)), finding.fix(language)] {
                    let text = text.unwrap_or_default();
                    assert!(!text.contains('‹') && !text.is_empty(), "{name} {} in {language}: {text}", finding.code);
                }
            }
        }
    }
}

#[test]
fn forty_lathes_in_forty_lines() {
    let path = root().join("config/examples/forty-lathes.yaml");
    let text = std::fs::read_to_string(&path).expect("UTF-8");
    let lines = text.lines().filter(|line| line.contains("template: lathe,")).count();
    let checked = check("forty-lathes.yaml", text.as_bytes());
    assert!(checked.findings.is_empty(), "{:?}", checked.findings);
    let plan = checked.value.expect("a plan");
    // The fortieth differs from the first in what it was given and in nothing else.
    assert_eq!((lines, plan.connections.len(), plan.flows.len(), plan.machines.len()), (40, 41, 40, 40));
    let endpoint = |name: &str| {
        let found = plan.connections.iter().find(|connection| connection.name == name).expect("a connection");
        match &found.kind {
            config::plan::ConnectionKind::OpcUa(opcua) => opcua.endpoint.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(endpoint("lathe-01"), "opc.tcp://10.0.3.1:4840");
    assert_eq!(endpoint("lathe-40"), "opc.tcp://10.0.3.40:4840");
    let places: Vec<_> = plan.machines.iter().map(|machine| machine.location.line.as_deref()).collect();
    assert_eq!((places[0], places[39]), (Some("4"), Some("5")));
}

#[test]
fn ten_thousand_lines_are_read_as_ten_lines_are() {
    let mut text =
        "gateway: { name: hall-3 }\nconnections:\n  plant: { mqtt: { broker: \"mqtts://broker\" } }\n".to_owned();
    text.extend((0..5_000).map(|n| format!("  lathe-{n}: {{ opcua: {{ endpoint: \"opc.tcp://lathe-{n}\" }} }}\n")));
    text.push_str("flows:\n");
    text.extend(
        (0..5_000).map(|n| format!("  - {{ name: f{n}, from: lathe-{n}, to: plant, topic: \"f{n}/{{machine}}\" }}\n")),
    );
    let checked = check("qiao.yaml", text.as_bytes());
    assert!(checked.findings.is_empty(), "{:?}", checked.findings.first());
    assert_eq!(checked.value.map(|plan| (plan.connections.len(), plan.flows.len())), Some((5_001, 5_000)));
}

#[test]
fn no_secret_is_shown() {
    let text =
        "gateway: { name: a }\nconnections: { b: { mqtt: { broker: \"mqtts://me:topsecret@host\" } } }\nflows: []\n";
    let checked = check("qiao.yaml", text.as_bytes());
    let shown: String = checked.findings.iter().map(|finding| format!("{finding} {finding:?}")).collect();
    assert!(shown.contains("QIAO-C028") && !shown.contains("topsecret"), "{shown}");
}
