//! Wrong configurations in `tests/config`: `x.yaml` and, in `x.txt`, every finding it must give, in order.
//! `UPDATE=1` rewrites the expectations; they are reviewed like code.

use super::root;
use qiao::config::{self, FileFacts, World};
use qiao::finding::Language;
use qiao::profile::Files;
use std::path::Path;

/// The same few files and one variable for every configuration.
struct Stage;

impl World for Stage {
    fn file(&self, path: &Path) -> Result<FileFacts, String> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let text = match name {
            "password" => "secret\n",
            "blank" => "\n",
            "table.csv" => {
                "path;node;field;source-unit;scale;enumeration\n\
                 a/b;;/Monitoring/MachineTool/OperatonMode;;;\n\
                 ;ns=2;machine.operation-mode;;;AUTO=Automatik\n\
                 a;;/Monitoring/MachineTool/PowerOnDuration;mm;0.1.0;\n"
            }
            "readable-by-all" | "readable-by-all.pem" | "user.pem" | "ca.pem" => "content",
            _ => return Err("no such file".to_owned()),
        };
        Ok(FileFacts { bytes: text.as_bytes().to_vec(), is_open: name.starts_with("readable") })
    }

    fn environment(&self, name: &str) -> Option<String> {
        (name == "QIAO_PASSWORD").then(|| "secret".to_owned())
    }

    fn folder(&self, _: &Path) -> Result<Files, String> {
        Err("no such folder".to_owned())
    }

    fn language(&self) -> Language {
        Language::English
    }
}

#[test]
fn every_fault_of_a_wrong_configuration_is_found_in_one_go() {
    let folder = root().join("tests/config");
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    names.sort();
    assert!(names.len() >= 12, "a dozen wrong configurations at least");
    for path in names {
        let name = path.file_name().and_then(|name| name.to_str()).expect("UTF-8");
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        let checked = config::check(name, &text, Path::new(""), &Stage);
        let found: String = checked.findings.iter().map(|finding| format!("{finding}\n")).collect();
        super::golden(&path.with_extension("txt"), &found);
        assert!(!checked.is_good() && checked.value.is_none(), "{name} must be refused");
    }
}

#[test]
fn every_language_has_words_for_every_fault() {
    let folder = root().join("tests/config");
    for entry in std::fs::read_dir(&folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("UTF-8");
        for finding in config::check("qiao.yaml", &text, Path::new(""), &Stage).findings {
            for language in Language::ALL {
                let text = finding.text(language);
                assert!(!text.contains('‹') && !text.is_empty(), "{} in {language}: {text}", finding.code);
            }
        }
    }
}

#[test]
fn no_secret_is_shown() {
    let text =
        "gateway: { name: a }\nconnections: { b: { mqtt: { broker: \"mqtts://me:topsecret@host\" } } }\nflows: []\n";
    let checked = config::check("qiao.yaml", text, Path::new(""), &Stage);
    let shown: String = checked.findings.iter().map(|finding| format!("{finding} {finding:?}")).collect();
    assert!(shown.contains("QIAO-C028") && !shown.contains("topsecret"), "{shown}");
}
