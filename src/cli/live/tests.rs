//! The live view over a made-up gateway; its plan is the demo's own configuration.

use super::*;
use crate::config::{self, FileFacts, World};
use crate::finding::Language;
use crate::profile::Files;
use crate::runtime::status::{ConnectionStatus, FlowStatus, StatusReason};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// What lies in the demo's folder, and nothing else.
struct Folder;

impl World for Folder {
    fn file(&self, path: &Path) -> Result<FileFacts, String> {
        let given: &[u8] = include_bytes!("../../../config/demo/line-1.csv");
        let is_given = path.file_name().is_some_and(|name| name == "line-1.csv");
        let facts = FileFacts { bytes: given.to_vec(), is_open: false };
        if is_given { Ok(facts) } else { Err(format!("no {}", path.display())) }
    }

    fn names(&self, _: &Path) -> Result<Vec<String>, String> {
        Err("no such folder".to_owned())
    }

    fn environment(&self, _name: &str) -> Option<String> {
        None
    }

    fn folder(&self, path: &Path) -> Result<Files, String> {
        Err(format!("no {}", path.display()))
    }

    fn language(&self) -> Language {
        Language::English
    }
}

fn plan() -> Plan {
    let text: String = include_str!("../../../config/demo/qiao.yaml")
        .lines()
        .filter(|line| !line.contains("#?"))
        .map(|line| format!("{line}\n"))
        .collect();
    let checked = config::check("qiao.yaml", &text, Path::new("/nowhere"), &Folder);
    checked.value.unwrap_or_else(|| panic!("{:#?}", checked.findings))
}

fn status(plan: &Plan) -> Status {
    let flow = &plan.flows[0];
    let machine = MachineStatus {
        flow: flow.name.clone(),
        profile: flow.profiles[0].id(),
        node: "nsu=urn:x;s=mill-1".into(),
        topic: "machines/mill-1".into(),
        is_online: true,
        ..MachineStatus::default()
    };
    Status {
        connections: vec![
            ConnectionStatus { name: "mill".into(), state: ConnectionState::Connected, ..ConnectionStatus::default() },
            ConnectionStatus {
                name: "local".into(),
                state: ConnectionState::Lost,
                reason: Some(StatusReason { code: "QIAO-M001".into(), text: "gone\u{1b}[2J".into() }),
                ..ConnectionStatus::default()
            },
        ],
        flows: vec![FlowStatus {
            name: flow.name.clone(),
            received_values: 300,
            delivered_messages: 7,
            ..FlowStatus::default()
        }],
        // One machine, seen by two flows.
        machines: vec![MachineStatus { flow: "process-values".into(), ..machine.clone() }, machine],
        ..Status::default()
    }
}

fn face(language: Language) -> Face {
    Face { language, is_language_fixed: true, json: false }
}

#[test]
fn the_view_shows_what_was_published_at_the_places_of_the_mapping() {
    let plan = plan();
    let tap = Tap::default();
    tap.take(
        "machines/mill-1".to_owned(),
        br#"{ "Monitoring": { "MachineTool": { "OperationMode": 1 },
              "<MonitoredElement>": { "Channel 1": { "FeedOverride": { "value": 90.0 } },
                                      "Spindle 1": { "Override": { "value": 100.0 }, "IsRotating": true } } },
              "Production": { "ActiveProgram": { "Name": "HOUSING.MPF",
                              "State": { "CurrentState": { "properties": { "Number": 1 } } } } } }"#,
    );
    let (status, face) = (|| status(&plan), face(Language::German));
    let line = Live::new(&plan, &status, &tap, face).frame(Duration::ZERO).plain(&face);
    for expected in [
        "mill-1 online",
        "Betriebsart Automatic",
        "Programm HOUSING.MPF",
        "Programmzustand Running",
        "Vorschub 90 %",
        "Spindel 100 % dreht ja",
        "mill verbunden",
        "local getrennt QIAO-M001",
        "gut 7",
    ] {
        assert!(line.contains(expected), "{expected:?} in {line}");
    }
    assert_eq!(line.matches("mill-1").count(), 1, "a machine of two flows is one machine: {line}");
    assert!(!line.contains('\u{1b}'), "no escape codes: {line:?}");
}

#[test]
fn rates_are_made_of_two_frames() {
    let plan = plan();
    let tap = Tap::default();
    let received_values = AtomicU64::new(300);
    let status = || {
        let mut status = status(&plan);
        status.flows[0].received_values = received_values.load(Ordering::Relaxed);
        status
    };
    let face = face(Language::English);
    let mut live = Live::new(&plan, &status, &tap, face);
    assert!(live.frame(Duration::from_secs(1)).plain(&face).contains("| 0 values/s"));
    for (second, values, expected) in [(3, 400, 50), (10, 1100, 100), (15, 1600, 100), (20, 1600, 0)] {
        received_values.store(values, Ordering::Relaxed);
        let line = live.frame(Duration::from_secs(second)).plain(&face);
        assert!(line.contains(&format!("| {expected} values/s")), "{second} s: {line}");
    }
}
