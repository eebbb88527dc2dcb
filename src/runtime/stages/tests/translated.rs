//! What the source speaks is translated before it is published: values on the grid, in the target's words and units.

use super::*;
use crate::config::plan::PublishAs;
use crate::model::Span;
use crate::model::tree::TreeWriter;
use crate::model::unit::Unit;
use crate::profile::{Files, Library};
use crate::translate::Routes;

/// A machine of a profile of its own, which speaks of concepts that NC-Link has and of one that it lacks.
const PROFILE: &str = r#"
profile: acme/cell
version: "1.0"
title: { en: Cell, de: Zelle, zh: 单元 }
description: { en: A cell., de: Eine Zelle., zh: 单元。 }
sources: [{ document: none, edition: "1", read: primary, used-for: { en: all, de: alles, zh: 全部 } }]
codec: umati-json
message: image
every: 1s
complete-within: 10s
topic: "cell/{machine}"
topic-kind: state
machine-id: browse-name
when-lost: clear
"#;
const MAPPING: &str = r#"
placeholders: { axis: {}, channel: {} }
tables:
  mode:
    of: machine.operation-mode
    entries:
      - { wire: 0, is: manual }
      - { wire: 1, is: automatic }
      - { wire: 2, is: setup }
      - { wire: 3, is: automatic-with-manual-intervention }
      - { wire: 4, is: service }
      - { wire: 5, is: other }
fields:
  - { to: /Mode, from: Mode, concept: machine.operation-mode, table: mode, presence: mandatory }
  - { to: /Parts, from: Parts, concept: machine.parts-produced, unit: C62 }
  - { to: /Serial, from: Serial, concept: identity.serial-number, read: once }
  - { to: /Warm, from: Warm, concept: machine.is-warm-up }
groups:
  - to: /Channels/{channel}
    from: Channels/{channel}
    fields:
      - { name: Override, concept: channel.feed-override, unit: P1 }
  - to: /Axes/{axis}
    from: Axes/{axis}
    fields:
      - { name: Position, concept: axis.position, unit-at: Unit }
      - { to: Unit, from: Position/EngineeringUnits, read: once }
"#;
const SCHEMA: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "$id": "urn:qiao:schema:acme/cell@1.0",
  "title": "Cell",
  "type": "object",
  "properties": {
    "Mode": { "type": "integer", "minimum": 0, "maximum": 5 },
    "Parts": { "type": "integer" },
    "Serial": { "type": "string" },
    "Warm": { "type": "boolean" },
    "Channels": { "type": "object", "additionalProperties": { "type": "object",
      "properties": { "Override": { "type": ["number", "null"], "maximum": 200 } } } },
    "Axes": { "type": "object", "additionalProperties": { "type": "object",
      "properties": { "Position": { "type": ["number", "null"] }, "Unit": { "type": "object" } } } }
  },
  "required": ["Mode"]
}"#;

/// The nodes of the machine, by slot.
const PATHS: [&str; 8] = [
    "Mode",
    "Parts",
    "Serial",
    "Warm",
    "Channels/C 1/Override",
    "Channels/C 2/Override",
    "Axes/X/Position",
    "Axes/X/Position/EngineeringUnits",
];
const MODE: u32 = 0;
const PARTS: u32 = 1;
const SERIAL: u32 = 2;
const WARM: u32 = 3;
const OVERRIDES: [u32; 2] = [4, 5];
const POSITION: u32 = 6;
const UNIT: u32 = 7;

fn translated(leaving: Leaving) -> FlowPlan {
    translated_into("nclink/cnc@3.0", leaving)
}

fn translated_into(target: &str, leaving: Leaving) -> FlowPlan {
    let example = ("acme/cell/1.0/examples/valid/one.json".to_owned(), b"{\"Mode\": 1}".to_vec());
    let broken = ("acme/cell/1.0/examples/invalid/none.json".to_owned(), b"{}".to_vec());
    let expect = (
        "acme/cell/1.0/examples/invalid/none.expect.json".to_owned(),
        br#"{"pointer":"","keyword":"required","shows":"Mode"}"#.to_vec(),
    );
    let file = |name: &str, text: &str| (format!("acme/cell/1.0/{name}"), text.trim_start().as_bytes().to_vec());
    let files: Files = [
        file("profile.yaml", PROFILE),
        file("mapping.yaml", MAPPING),
        file("schema.json", SCHEMA),
        example,
        broken,
        expect,
    ]
    .into();
    let library = Library::built_in().value.with_folder("own", &files);
    let errors: Vec<String> = library
        .findings
        .iter()
        .filter(|finding| finding.severity == crate::finding::Severity::Error)
        .map(|finding| finding.text(Language::English))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    let library = library.value;
    let source = library.find("acme/cell@1.0").expect("read");
    let target = library.find(target).expect("built in");
    let routes = vec![Arc::new(Routes::plan(Arc::clone(&source), Arc::clone(&target), library.concepts().clone()))];
    let publish_as = Some(Arc::new(PublishAs { profile: target, routes }));
    FlowPlan { profiles: vec![source], publish_as, leaving, ..flow(open_profile()) }
}

fn rig(leaving: Leaving) -> Rig {
    rig_of(translated(leaving))
}

fn rig_of(flow: FlowPlan) -> Rig {
    let mut rig = Rig::new(vec![flow]);
    rig.find(discovery(EPOCH, &["M1"], PATHS.iter().map(|path| item(0, path)).collect()));
    rig
}

/// The unit as a server holds it.
fn unit(code: &str, arena: &mut Vec<u8>) -> Scalar {
    let id = Unit::by_code(code).expect("a unit").id();
    let mut tree = TreeWriter::new(arena);
    tree.structure("i=887", 1, |tree| {
        tree.field("UnitId");
        tree.i64(BuiltInType::Int32, id.into());
    });
    Scalar::Tree(tree.finish())
}

impl Rig {
    /// Values with the present as their source time.
    fn values(&mut self, values: &[(u32, Scalar)], arena: &[u8]) {
        let source_time = self.wall();
        let sample = |(slot, scalar): &(u32, Scalar)| Sample { source_time, ..sample(*slot, StatusCode(0), *scalar) };
        let samples: Vec<Sample> = values.iter().map(sample).collect();
        self.batch_of(EPOCH, &samples, arena);
    }

    fn complete(&mut self) {
        let mut arena = b"SN-1".to_vec();
        let serial = Scalar::Text(BuiltInType::String, Span { start: 0, length: 4 });
        let unit = unit("MTR", &mut arena);
        self.values(
            &[
                (MODE, Scalar::I64(BuiltInType::Int32, 1)),
                (PARTS, Scalar::U64(BuiltInType::UInt64, 120)),
                (SERIAL, serial),
                (WARM, Scalar::Bool(false)),
                (OVERRIDES[0], Scalar::F64(95.0)),
                (OVERRIDES[1], Scalar::F64(50.0)),
                (POSITION, Scalar::F64(0.25)),
                (UNIT, unit),
            ],
            &arena,
        );
    }

    /// The last column of this path in each message of a channel, as JSON.
    fn column(&self, channel: &str, path: &str) -> Vec<String> {
        let column = |body: &&Value| {
            let at = body["paths"].as_array()?.iter().position(|other| other == path)?;
            Some(body["data"][at]["data"].to_string())
        };
        self.on(&format!("Sample/M1/{channel}")).iter().filter_map(column).collect()
    }
}

#[test]
fn values_stand_on_the_grid_in_the_words_and_units_of_the_target() {
    let mut rig = rig(Leaving::default());
    rig.complete();
    assert_eq!(rig.messages.iter().map(|message| message.topic.as_str()).collect::<Vec<_>>(), ["qiao/g/M1/status"]);
    rig.pass(Duration::from_millis(300));
    rig.values(&[(POSITION, Scalar::F64(0.5))], &[]);
    rig.pass(Duration::from_millis(1400));
    assert_eq!(rig.column("state", "/WORK_MODE"), ["[\"auto\"]"], "{:?}", rig.messages);
    assert_eq!(rig.column("state", "/PART_COUNT"), ["[\"120\"]"], "the dictionary has text");
    assert_eq!(rig.column("state", "/FEED_OVERRIDE"), ["[95.0]"], "of two channels the first");
    assert_eq!(
        rig.column("motion", "/AXIS@X/SCREW/POSITION"),
        ["[250.0,250.0,250.0,500.0,500.0,500.0,500.0,500.0,500.0,500.0]"],
        "metres as the server states them become millimetres"
    );
    let totals = rig.totals();
    assert_eq!((totals.held, totals.superseded), (0, 0));
    // The serial number is asked for, warm-up has no item, the unit is no value of NC-Link, nor is the second channel.
    assert_eq!(totals.filtered, 4, "{totals:?}");
    assert_eq!(totals.fates, Fates { exact: 0, converted: 3, approximated: 3, absent: 3 }, "{totals:?}");
    assert!(rig.quarantined.is_empty() && !rig.codes().contains(&"QIAO-V260"), "{:?}", rig.found);
}

#[test]
fn what_the_target_has_no_word_for_is_null_and_told() {
    let mut rig = rig(Leaving::default());
    rig.complete();
    rig.forget();
    rig.values(&[(MODE, Scalar::I64(BuiltInType::Int32, 5))], &[]);
    rig.pass(Duration::from_secs(3));
    assert_eq!(rig.column("state", "/WORK_MODE").last().map(String::as_str), Some("[null]"));
    let told: Vec<&Finding> = rig.found.iter().filter(|finding| finding.code.0 == "QIAO-V260").collect();
    let [told] = told[..] else { panic!("told once: {told:?}") };
    assert!(told.text(Language::English).contains("knows only manual and auto"), "{}", told.text(Language::English));
    rig.values(&[(MODE, Scalar::I64(BuiltInType::Int32, 0))], &[]);
    rig.pass(Duration::from_secs(2));
    assert_eq!(rig.column("state", "/WORK_MODE").last().map(String::as_str), Some("[\"manual\"]"));
}

#[test]
fn what_breaks_the_schema_of_the_source_never_gets_across() {
    let mut rig = rig(Leaving::default());
    rig.complete();
    rig.values(&[(OVERRIDES[0], Scalar::F64(900.0)), (MODE, Scalar::I64(BuiltInType::Int32, 0))], &[]);
    rig.pass(Duration::from_secs(2));
    assert_eq!(rig.column("state", "/FEED_OVERRIDE").last().map(String::as_str), Some("[95.0]"));
    assert_eq!(
        rig.column("state", "/WORK_MODE").last().map(String::as_str),
        Some("[\"manual\"]"),
        "its neighbour goes on"
    );
    assert_eq!((rig.quarantined.len(), rig.totals().quarantined), (1, 1));
    assert_eq!(rig.quarantined[0].profile, "acme/cell@1.0");
}

#[test]
fn nothing_is_held_for_true_when_the_link_is_lost_and_everything_is_told_again_behind_it() {
    let mut rig = rig(Leaving::default());
    rig.complete();
    rig.pass(Duration::from_millis(500));
    rig.lost();
    rig.forget();
    rig.pass(Duration::from_secs(5));
    assert_eq!(
        rig.column("motion", "/AXIS@X/SCREW/POSITION"),
        ["[250.0,250.0,250.0,250.0,250.0,null,null,null,null,null]"],
        "and then nothing more"
    );
    rig.forget();
    rig.values(&[(PARTS, Scalar::U64(BuiltInType::UInt64, 121))], &[]);
    rig.pass(Duration::from_secs(3));
    assert_eq!(rig.column("state", "/PART_COUNT").last().map(String::as_str), Some("[\"121\"]"));
    assert_eq!(rig.column("state", "/WORK_MODE").last().map(String::as_str), Some("[\"auto\"]"));
    rig.values(&[(PARTS, Scalar::U64(BuiltInType::UInt64, 122))], &[]);
    rig.end();
    assert_eq!(rig.totals().held, 0, "a stop sends what is held");
}

#[test]
fn what_does_not_leave_is_in_no_sample() {
    let drop = vec!["machine.parts-produced".to_owned()];
    let mut rig = rig(Leaving { drop, ..Leaving::default() });
    rig.complete();
    rig.pass(Duration::from_secs(2));
    assert!(rig.column("state", "/PART_COUNT").is_empty());
    assert!(!format!("{:?}", rig.messages).contains("120"));
    assert_eq!(rig.totals().withheld, 1);
}

#[test]
fn a_machine_that_grows_keeps_its_rows() {
    let mut rig = rig(Leaving::default());
    rig.complete();
    rig.pass(Duration::from_millis(300));
    let mut grown = discovery(EPOCH + 1, &["M1"], Vec::new());
    grown.carries_on = Some(EPOCH);
    grown.items = PATHS.iter().chain(&["More"]).map(|path| item(0, path)).collect();
    rig.find(grown);
    rig.pass(Duration::from_millis(1400));
    assert_eq!(rig.column("state", "/WORK_MODE").last().map(String::as_str), Some("[\"auto\"]"));
    assert_eq!(rig.column("motion", "/AXIS@X/SCREW/POSITION").len(), 1);
}

#[test]
fn an_image_has_elements_units_and_what_nobody_told_is_named() {
    let flow = translated_into("umati/machine-tool@1.02", Leaving::default());
    let mut rig = rig_of(FlowPlan { on_violation: OnViolation::Mark, ..flow });
    rig.complete();
    rig.pass(Duration::from_secs(2));
    let state = |rig: &Rig| {
        let mut messages = rig.messages.iter().filter(|message| message.topic.contains("MachineToolType"));
        messages.next_back().map(|message| message.body.clone()).expect("a state")
    };
    let machine = state(&rig);
    assert_eq!(machine["Monitoring"]["MachineTool"]["OperationMode"], 1);
    assert_eq!(machine["Production"]["Statistics"]["PartsProducedInLifetime"], 120);
    assert_eq!(machine["Identification"]["SerialNumber"], "SN-1");
    for (channel, value) in [("C 1", 95.0), ("C 2", 50.0)] {
        let feed = &machine["Monitoring"]["<MonitoredElement>"][channel]["FeedOverride"];
        assert_eq!(feed["value"], value, "{machine}");
        assert_eq!(feed["properties"]["EngineeringUnits"]["UnitId"], 20529, "{machine}");
    }
    let missing = rig.found.iter().find(|finding| finding.code.0 == "QIAO-V262").expect("told");
    let text = missing.text(Language::English);
    assert!(text.contains("/Identification/ProductInstanceUri") && !text.contains("EngineeringUnits"), "{text}");
    rig.values(&[(OVERRIDES[1], Scalar::F64(55.5))], &[]);
    rig.pass(Duration::from_secs(2));
    assert_eq!(state(&rig)["Monitoring"]["<MonitoredElement>"]["C 2"]["FeedOverride"]["value"], 55.5);
    rig.lost();
    assert_eq!(state(&rig), Value::Null, "nobody reads it as the present");
    rig.end();
    assert_eq!(rig.totals().held, 0);
}
