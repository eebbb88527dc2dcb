//! What the configuration binds, converts and gives itself.

use super::*;
use crate::config::bind::{Binding, BoundRow};
use crate::model::linear::Decimal;
use crate::model::{DeclaredField, DeclaredPath, DeclaredSource};
use crate::normalise::convert::{Bits, Conversion, Meaning, Table, Then};
use serde_json::json;

fn row(field: &str, source: DeclaredSource, conversion: Conversion, value: Option<Value>) -> (DeclaredField, BoundRow) {
    let field = DeclaredField {
        field: field.to_owned(),
        source,
        is_plain: conversion.is_same(),
        place: "t.csv:2:1".to_owned(),
    };
    (field, BoundRow { conversion, value, unit: None, cells: Vec::new() })
}

fn path(text: &str) -> DeclaredSource {
    DeclaredSource::Path(DeclaredPath::parse(text).expect("a path"))
}

/// A vendor's machine: a word of bits, tenths of a kilowatt, a state in words.
fn vendor() -> Rig {
    let states = [("AUTO".to_owned(), Meaning::Number(1)), ("MDI".to_owned(), Meaning::Number(0))];
    let tenths = Decimal::parse("0.1").expect("a number").scale();
    let of = |then| Conversion { bits: None, then };
    let state_bits = Conversion { bits: Some(Bits { first: 4, last: 5 }), then: Then::Same };
    let (fields, rows) = [
        row("/Id/Serial", DeclaredSource::Value, Conversion::default(), Some(json!("S-1"))),
        row("/Mode", path("State"), of(Then::Table(Table::new(&states).expect("two states"))), None),
        row("/Power", path("Power"), of(Then::Linear(tenths)), None),
        row("/Elements/C1/State", path("Word"), state_bits, None),
    ]
    .into_iter()
    .unzip();
    let mut own = plan(vec![flow(tool_profile())]);
    own.machines.push(MachineRule {
        connection: None,
        matches: "nsu=urn:m;s=M1".to_owned(),
        name: None,
        location: Location::default(),
        binding: Some(Arc::new(Binding { fields, rows })),
    });
    let mut rig = Rig::of(Arc::new(own));
    rig.find(discovery(EPOCH, &["M1"], ["State", "Power", "Word"].into_iter().map(|name| item(0, name)).collect()));
    rig
}

fn text(slot: u32, length: u32) -> Sample {
    let span = crate::model::Span { start: 0, length };
    sample(slot, StatusCode::GOOD, Scalar::Text(BuiltInType::String, span))
}

#[test]
fn vendor_nodes_become_fields_of_a_profile() {
    let mut rig = vendor();
    rig.batch_of(EPOCH, &[text(0, 4), int(1, 123), int(2, 0x29)], b"AUTO");
    let expected = json!({ "Id": { "Serial": "S-1" }, "Mode": 1, "Power": 12.3, "Elements": { "C1": { "State": 2 } } });
    let [message] = rig.on("tool/g/M1")[..] else { panic!("{:?} {:?}", rig.messages, rig.found) };
    let mut message = message.clone();
    message.as_object_mut().expect("an object").remove("Notification");
    message["Elements"]["C1"].as_object_mut().expect("an object").remove("$Type");
    assert_eq!(message, expected);
    // Three values of the source; the serial number is nobody's.
    assert_eq!(rig.totals().received, 3);
}

#[test]
fn a_state_that_no_table_knows_is_null_and_told_once() {
    let mut rig = vendor();
    rig.batch_of(EPOCH, &[text(0, 3), int(1, 123), int(2, 0)], b"MDI");
    rig.forget();
    rig.monotonic += Duration::from_secs(2);
    rig.batch_of(EPOCH, &[text(0, 3)], b"JOG");
    rig.pass(Duration::from_secs(2));
    rig.batch_of(EPOCH, &[text(0, 3)], b"JOG");
    rig.pass(Duration::from_secs(2));
    let told: Vec<&Finding> = rig.found.iter().filter(|finding| &*finding.code.0 == "QIAO-B028").collect();
    let [finding] = told[..] else { panic!("{:?}", rig.found) };
    assert!(finding.to_string().contains("JOG of nsu=urn:m;s=0.State"), "{finding}");
    let last = rig.on("tool/g/M1").last().map(|message| message["Mode"].clone());
    assert_eq!(last, Some(Value::Null));
}
