//! The commands of the guarded path: the local switch, the schema, the audit. Beside a gateway they work as they do here: they
//! only read, but for the switch, which is a file.

use crate::integration::rig::gateway::qiao;
use qiao::journal::{Event, Journal, Settings};
use qiao::model::Timestamp;
use qiao::port::RealDisk;
use std::path::Path;
use std::sync::Arc;

const CONFIGURATION: &str = r#"
gateway: { name: hall-3 }
connections:
  lathe: { opcua: { endpoint: "opc.tcp://127.0.0.1:4840" } }
  plant: { mqtt: { embedded: "127.0.0.1:1883" } }
flows:
  - { name: one, from: lathe, to: plant }
senders:
  mes: { roles: [operator], known-by: { key: { file: mes.key } } }
writes:
  - name: feed-override
    from: plant
    to: lathe
    node: "nsu=urn:acme:lathe;s=FeedOverride"
    type: double
    min: 0
    max: 120
    roles: [operator]
"#;

struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("qiao.yaml"), CONFIGURATION).expect("written");
        let key = folder.path().join("mes.key");
        std::fs::write(&key, "7e4b7d0a1c64c9f7c2c1b5a29f0d3c55").expect("written");
        std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o600)).expect("set");
        Self { folder }
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    #[track_caller]
    fn run(&self, arguments: &[&str], exit: i32, shown: &[&str]) -> String {
        let path = self.folder.path().join("qiao.yaml").display().to_string();
        let output = qiao(&[arguments, &["-c", &path]].concat());
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}\n{text}");
        for part in shown {
            assert!(text.contains(part), "{arguments:?} does not show {part:?}:\n{text}");
        }
        text
    }
}

fn record(data: &Path, events: &[Event]) {
    let settings = Settings::of(&qiao::config::plan::Writes::default());
    let now = Timestamp::parse("2026-11-23T08:00:00Z").expect("a time");
    let mut journal = Journal::open(Arc::new(RealDisk), data, settings, now).expect("opens").journal;
    events.iter().for_each(|event| journal.note(event, now).expect("recorded"));
}

#[test]
fn the_switch_is_a_file_that_stays_until_somebody_takes_it_away() {
    let site = Site::new();
    site.run(&["writes", "status"], 0, &["The switch is on", "feed-override", "6/1m", "operator"]);
    site.run(&["writes", "off", "--reason", "maintenance"], 0, &["The switch is off", "maintenance"]);
    assert!(site.data().join("writes-off").is_file());
    site.run(&["writes", "off", "--reason", "another"], 0, &["maintenance"]);
    site.run(&["writes", "status", "--json"], 1, &[r#""writes":"off""#, r#""reason":"maintenance""#]);
    site.run(&["writes", "status", "--lang", "de"], 1, &["Der Schalter steht auf aus"]);
    site.run(&["writes", "on"], 0, &["The switch is on"]);
    site.run(&["writes", "on"], 0, &["The switch is on"]);
    assert!(!site.data().join("writes-off").exists());
}

#[test]
fn the_schema_of_a_command_is_printed_for_whoever_builds_a_sender() {
    let site = Site::new();
    let text = site.run(&["writes", "schema", "feed-override"], 0, &[]);
    let schema: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(schema["properties"]["value"]["maximum"], 120);
    assert!(jsonschema::meta::is_valid(&schema));
    site.run(&["writes", "schema", "feed-overide"], 2, &["QIAO-A004", "Did you mean `feed-override`?"]);
}

#[test]
fn row_97_the_audit_is_shown_and_every_change_of_it_is_found() {
    let site = Site::new();
    site.run(&["audit", "verify"], 0, &["no record"]);
    let off = Event::SwitchedOff { reason: "maintenance".to_owned() };
    let configuration = "ab".repeat(32);
    let started = Event::Started { version: "0.1.0".to_owned(), configuration: configuration.clone() };
    record(&site.data(), &[started, off, Event::SwitchedOn, Event::Stopped]);
    site.run(&["audit", "show"], 0, &["gateway started", &configuration, "writes switched off  reason: maintenance"]);
    site.run(&["audit", "show", "--since", "2026-11-24T00:00:00Z"], 0, &[]);
    site.run(&["audit", "show", "--last", "1", "--lang", "zh"], 0, &["网关停止"]);
    let text = site.run(&["audit", "verify"], 0, &["4 records", "mark of the end"]);
    let mark = text.trim().rsplit(' ').next().expect("a mark").to_owned();
    site.run(&["audit", "verify", "--anchor", &mark], 0, &[]);
    let other = format!("4:{}", "0".repeat(64));
    site.run(&["audit", "verify", "--anchor", &other], 1, &["QIAO-A017"]);
    site.run(&["audit", "verify", "--anchor", "four"], 2, &["SEQ:HASH"]);
    let json = site.run(&["audit", "show", "--json"], 0, &[]);
    assert!(json.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{json}");

    let file = site.data().join("audit/00000001.jsonl");
    let whole = std::fs::read_to_string(&file).expect("read");
    std::fs::write(&file, whole.replace("maintenance", "maintenence")).expect("written");
    site.run(&["audit", "verify"], 1, &["QIAO-A010", "00000001.jsonl:2", "QIAO-A011"]);
    let cut: String = whole.split_inclusive('\n').take(3).collect();
    std::fs::write(&file, cut).expect("written");
    site.run(&["audit", "verify", "--lang", "de"], 1, &["QIAO-A016", "abgeschnitten"]);
}
