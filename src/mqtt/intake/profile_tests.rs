//! Messages of a profile that are taken apart.

use super::tests::{NOON, intake};
use super::*;
use crate::assemble::Image;
use crate::assemble::bind::{bind, candidates};
use crate::assemble::frame::{Contents, Frame, Written};
use crate::codec::Reading as Held;
use crate::codec::data_set_message::{Header, MessageType};
use crate::codec::umati_json::value;
use crate::profile::{Library, Profile};

const MINIMAL: &str = include_str!("../../../schemas/umati/machine-tool/1.02/examples/valid/minimal.json");
const MODEL: &str = include_str!("../../../schemas/nclink/cnc/3.0/examples/valid/model.json");
const NC_LINK: [&str; 2] = ["Event/{machine}", "Probe/Query/Response/{machine}/#"];

fn profile(id: &str) -> Arc<Profile> {
    Library::built_in().value.find(id).expect("installed").of_messages().into()
}

fn reader(pattern: &str, also: &[&str], id: &str) -> Intake {
    let pattern_of = |text: &str| TopicPattern::parse(text).expect("a pattern");
    intake(TopicInput {
        pattern: pattern_of(pattern),
        also: also.iter().map(|text| pattern_of(text)).collect(),
        decode: Decode::Profile,
        profile: Some(profile(id)),
        list: None,
        envelope: None,
        time: None,
        max_machines: 10,
        max_fields: 1000,
    })
}

fn umati() -> Intake {
    reader("umati/v2/acme/MachineToolType/{machine}", &[], "umati/machine-tool@1.02")
}

fn nc_link() -> Intake {
    reader("Sample/{machine}/+", &NC_LINK, "nclink/cnc@3.0")
}

/// What one message brought.
#[derive(Debug, Default)]
struct Brought {
    /// `path=JSON`, with `!` before a bad status, `~` before an uncertain one, and `@` and milliseconds behind noon.
    values: Vec<String>,
    codes: Vec<String>,
    documents: Vec<&'static str>,
    unplaced: u32,
    taken: Taken,
}

fn brought(intake: &mut Intake, topic: &str, payload: &str, is_retained: bool) -> Brought {
    let mut batch = Batch { received: NOON, ..Batch::default() };
    let taken = intake.take(topic, payload.as_bytes(), is_retained, &mut batch);
    let found = intake.discovery();
    let values = batch.samples.iter().map(|sample| {
        let (status, source_time) = (StatusCode(sample.status), sample.source_time);
        let none = Timestamp::NONE;
        let (scalar, arena) = (sample.scalar, batch.arena.as_slice());
        let held = Held { scalar, arena, status, source_time: none, server_time: none, enumeration: None };
        let mut tape = Tape::new();
        value(&mut tape, &held).expect("writable");
        let mark = if status.is_bad() {
            "!"
        } else if status.is_uncertain() {
            "~"
        } else {
            ""
        };
        let time = match source_time {
            time if time.is_none() => "@?".to_owned(),
            NOON => String::new(),
            time => format!("@{}", time.unix_millis() - NOON.unix_millis()),
        };
        format!("{mark}{}={}{time}", found.items[sample.slot as usize].targets[0].path, tape.as_str())
    });
    Brought {
        values: values.collect(),
        codes: taken.findings.iter().map(|finding| finding.code.0.to_string()).collect(),
        documents: batch.documents.iter().filter_map(|one| Some(one.unreadable.as_ref()?.code)).collect(),
        unplaced: batch.unplaced.iter().map(|(_, count)| count).sum(),
        taken,
    }
}

/// The fields that the items of the first machine fill, and codes of what binding found.
fn bound(intake: &Intake, id: &str) -> (Vec<String>, Vec<String>) {
    let found = intake.discovery();
    let bound = bind(&profile(id), "m", &candidates(&found)[0], &[]);
    let field = |field: &crate::assemble::BoundField| {
        let unit = field.unit.as_ref().map_or(String::new(), |unit| format!(" in {unit}"));
        format!("{} {}{unit}", field.pointer, field.concept.as_deref().unwrap_or("-"))
    };
    let codes = bound.findings.iter().map(|finding| finding.code.0.to_string()).collect();
    (bound.value.fields().iter().map(field).collect(), codes)
}

#[test]
fn an_image_becomes_a_value_for_each_mapped_place() {
    let mut intake = umati();
    let topic = "umati/v2/acme/MachineToolType/m7";
    let first = brought(&mut intake, topic, MINIMAL, false);
    assert!(first.codes.is_empty() && first.documents.is_empty() && first.unplaced == 0, "{first:?}");
    let has = |wanted: &str| assert!(first.values.iter().any(|value| value == wanted), "{wanted} in {first:#?}");
    has("Monitoring/MachineTool/OperationMode=1");
    let (fields, codes) = bound(&intake, "umati/machine-tool@1.02");
    assert_eq!(fields.len(), first.values.len(), "{fields:?} {:?}", first.values);
    assert!(codes.is_empty(), "nothing is missing and nothing left over: {codes:?}");
    assert!(fields.iter().any(|field| field == "/Monitoring/MachineTool/OperationMode machine.operation-mode"));
}

#[test]
fn elements_parts_and_quirks_of_the_classic_gateway() {
    let mut intake = umati();
    let text = r#"{
      "Identification": {"Manufacturer": {"locale": "de", "text": "Nordwerk"}, "InitialOperationDate": "2024-1-5T9:3:7:45Z"},
      "Monitoring": {
        "MachineTool": {"OperationMode": {"value": 1, "properties": {"EnumStrings": ["a"]}}, "FeedOverride": 95.5},
        "<MonitoredElement>": {
          "Channel 1": {"$TypeDefinition": "nsu=urn:t;i=16", "ChannelState": 0,
            "FeedOverride": {"value": 90, "properties": {"EURange": {"low": 0, "high": 150}}}},
          "Spindle 1": {"IsRotating": null}}},
      "Production": {"ActiveProgram": {"State": {"CurrentState": {"value": {"locale": "", "text": "Running"}, "properties": {"Id": 5041, "Number": 1}}}}},
      "Notification": {},
      "Vendor": {"deep": {"a": 1}}
    }"#;
    let one = brought(&mut intake, "umati/v2/acme/MachineToolType/nsu=http:_2F_2Fa;i=1", text, false);
    let expected = [
        r#"Identification/Manufacturer={"locale":"de","text":"Nordwerk"}"#,
        r#"Identification/InitialOperationDate="2024-01-05T09:03:07.045Z""#,
        "Monitoring/MachineTool/OperationMode=1",
        r#"Monitoring/MachineTool/OperationMode/properties/EnumStrings=["a"]"#,
        "Monitoring/MachineTool/FeedOverride/value=95.5",
        "Monitoring/&<MonitoredElement>/Channel 1/ChannelState=0",
        "Monitoring/&<MonitoredElement>/Channel 1/FeedOverride/value=90",
        r#"Monitoring/&<MonitoredElement>/Channel 1/FeedOverride/properties/EURange={"Low":0.0,"High":150.0}"#,
        "!Monitoring/&<MonitoredElement>/Spindle 1/IsRotating=null",
        r#"Production/ActiveProgram/State/CurrentState/value={"locale":"","text":"Running"}"#,
        "Production/ActiveProgram/State/CurrentState/properties/Id=5041",
        "Production/ActiveProgram/State/CurrentState/properties/Number=1",
        "Vendor/deep/a=1",
    ];
    let plain = |value: &String| value.replace('&', "");
    assert_eq!(one.values.iter().map(plain).collect::<Vec<_>>(), expected.map(|value| value.replace('&', "")));
    assert_eq!((one.codes, one.taken.tolerated), (vec!["QIAO-V281".to_owned()], 1));
    let found = intake.discovery();
    let channel = found.items.iter().find(|item| item.node.ends_with("ChannelState")).expect("known");
    assert_eq!(*channel.targets[0].types[2], ["nsu=urn:t;i=16".to_owned()]);
    // The same machine, by the other encoding of its id; what it says nothing of any more is told once.
    let other = "umati/v2/acme/MachineToolType/nsu=http_3A_2F_2Fa;i=1";
    let two =
        brought(&mut intake, other, r#"{"Identification": {"InitialOperationDate": "2024-1-5T9:3:7:45Z"}}"#, false);
    assert_eq!(intake.discovery().machines.len(), 1);
    assert_eq!(intake.discovery().machines[0].browse_name.name, "nsu=http:_2F_2Fa;i=1");
    assert_eq!(two.values.len(), expected.len() - 1, "the spindle held nothing before: {two:#?}");
    assert_eq!(two.values.iter().filter(|value| value.starts_with('!') && value.ends_with("=null")).count(), 11);
    assert_eq!((two.codes.len(), two.taken.tolerated), (0, 1), "told once, counted each time");
    let three = brought(&mut intake, other, r#"{"Monitoring": {"MachineTool": {"OperationMode": 2}}}"#, true);
    assert_eq!(
        three.values,
        ["~Monitoring/MachineTool/OperationMode=2@?", "!Identification/InitialOperationDate=null@?"],
        "retained: how old it is nobody knows"
    );
    let (fields, codes) = bound(&intake, "umati/machine-tool@1.02");
    assert!(codes.contains(&"QIAO-V203".to_owned()), "what no field claims: {codes:?}");
    assert!(fields.contains(&"/Monitoring/<MonitoredElement>/Spindle 1/IsRotating spindle.is-rotating".to_owned()));
    assert_eq!(brought(&mut intake, other, "[]", false).documents, ["QIAO-V284"]);
    let taken_back = brought(&mut intake, other, "", false);
    assert_eq!(taken_back.values, ["!Monitoring/MachineTool/OperationMode=null"], "{taken_back:?}");
    assert_eq!(brought(&mut intake, other, "{", false).documents, ["QIAO-V315"]);
}

/// A sample of a channel `fast` that begins at noon, two rows a second.
fn sample(paths: &str, columns: &str) -> String {
    let begin = NOON.unix_millis();
    format!(r#"{{{paths}"id":"fast","beginTime":"{begin}","data":[{columns}],"interval":500,"uploadInterval":2000}}"#)
}

#[test]
fn columns_become_values_in_the_order_of_time_without_what_is_only_repeated() {
    let mut intake = nc_link();
    let paths = r#""paths":["/STATUS","/AXIS@X/SERVO/POSITION","/PART_COUNT"],"#;
    let columns = r#"{"data":[0,0,0,2]},{"data":[1.5,1.5,null,1.5]},{"data":[7,7,7,7]}"#;
    let first = brought(&mut intake, "Sample/V4C7/fast", &sample(paths, columns), false);
    assert_eq!(
        first.values,
        [
            r#"STATUS="running""#,
            "AXIS/X/SERVO_DRIVER/POSITION=1.5",
            r#"PART_COUNT="7""#,
            "!AXIS/X/SERVO_DRIVER/POSITION=null@1000",
            r#"STATUS="holding"@1500"#,
            "AXIS/X/SERVO_DRIVER/POSITION=1.5@1500",
            r#"PART_COUNT="7"@1500"#,
        ]
    );
    assert_eq!(first.codes, ["QIAO-V330"; 3], "a path, a state, a count");
    assert_eq!(first.taken.tolerated, 9);
    assert_eq!(
        first.taken.unknown,
        [Unknown { device: "V4C7".to_owned(), topic: "Probe/Query/Request/V4C7".to_owned(), item: None }]
    );
    let again = brought(&mut intake, "Sample/V4C7/fast", &sample(paths, columns), false);
    assert!(again.codes.is_empty() && !again.taken.has_grown, "{again:?}");
    let (fields, codes) = bound(&intake, "nclink/cnc@3.0");
    let expected = [
        "/STATUS machine.item-state",
        "/PART_COUNT machine.parts-produced",
        "/AXIS/X/SERVO_DRIVER/POSITION axis.commanded-position",
    ];
    assert_eq!((fields.as_slice(), codes.len()), (expected.map(str::to_owned).as_slice(), 0));
}

#[test]
fn a_position_of_an_axis_that_says_whether_it_is_real_or_commanded_has_its_concept() {
    let mut intake = nc_link();
    let paths = r#""paths":["/AXIS@X/POSITION@REAL","/AXIS@X/POSITION@CMD"],"#;
    brought(&mut intake, "Sample/V4C7/fast", &sample(paths, r#"{"data":[1,1,1,1]},{"data":[2,2,2,2]}"#), false);
    let (fields, codes) = bound(&intake, "nclink/cnc@3.0");
    let expected = ["/AXIS/X/POSITION/REAL axis.position", "/AXIS/X/POSITION/CMD axis.commanded-position"];
    assert_eq!((fields.as_slice(), codes.len()), (expected.map(str::to_owned).as_slice(), 0));
}

#[test]
fn a_list_of_alarms_is_one_value_and_asked_for_when_the_model_is_known() {
    const MODEL: &str = r#"{"@id":"p","code":"OK","probe":{"id":"r","type":"NC_LINK_ROOT","devices":[{"id":"d",
        "type":"MACHINE","guid":"D","components":[{"id":"c","type":"CONTROLLER","dataItems":[{"id":"w","type":"WARNNING"}]}]}]}}"#;
    let mut intake = intake(TopicInput {
        list: Some("/CONTROLLER/WARNING".to_owned()),
        also: [&NC_LINK[..], &["Query/Response/{machine}/#"]]
            .concat()
            .iter()
            .map(|text| TopicPattern::parse(text).expect("a pattern"))
            .collect(),
        profile: Some(profile("nclink/cnc@3.0")),
        ..super::tests::input("Sample/{machine}/+", Decode::Profile)
    });
    let asks = |brought: &Brought| {
        brought.taken.unknown.iter().map(|one| (one.topic.clone(), one.item.clone())).collect::<Vec<_>>()
    };
    let event = |key: &str| {
        let time = NOON.unix_millis();
        format!(r#"{{"@id":"e","id":"w","time":"{time}","event":{{"key":"{key}","value":[{{"number":"7"}}]}}}}"#)
    };
    let first = brought(&mut intake, "Event/D", &event("WARNING"), false);
    assert_eq!(first.values, [r#"CONTROLLER/WARNING=[{"number":"7"}]"#], "its type alone says which item it is");
    assert_eq!(asks(&first), [("Probe/Query/Request/D".to_owned(), None)]);
    let probed = brought(&mut intake, "Probe/Query/Response/D", MODEL, false);
    assert_eq!(asks(&probed), [("Query/Request/D".to_owned(), Some("w".to_owned()))]);
    let answer =
        |id: &str, values: &str| format!(r#"{{"@id":"{id}","values":[{{"id":"w","code":"OK","values":{values}}}]}}"#);
    let foreign = brought(&mut intake, "Query/Response/D", &answer("mes-1", "[[]]"), false);
    assert_eq!((foreign.values.len(), asks(&foreign).len()), (0, 1), "others ask for parts, too");
    for (values, expected) in [
        (r#"[[{"number":"8"}]]"#, r#"CONTROLLER/WARNING=[{"number":"8"}]"#),
        (r#"[{"number":"8"},{"number":"9"}]"#, r#"CONTROLLER/WARNING=[{"number":"8"},{"number":"9"}]"#),
        ("[[]]", "CONTROLLER/WARNING=[]"),
        ("[]", "CONTROLLER/WARNING=[]"),
        ("[null]", "!CONTROLLER/WARNING=null"),
    ] {
        let told = brought(&mut intake, "Query/Response/D/mes", &answer("qiao-7", values), false);
        assert_eq!((told.values.as_slice(), asks(&told).len()), ([expected.to_owned()].as_slice(), 0), "{values}");
    }
    intake.restart();
    let again = brought(&mut intake, "Probe/Query/Response/D", MODEL, false);
    assert_eq!(asks(&again).len(), 1, "alarms may have come and gone while nobody listened");
}

#[test]
fn what_is_no_sample_is_kept_with_its_reason() {
    let mut intake = nc_link();
    let short = sample(r#""paths":["/STATUS"],"#, r#"{"data":[0]}"#);
    assert_eq!(brought(&mut intake, "Sample/V4C7/fast", &short, false).documents, ["QIAO-V332"]);
    assert_eq!(brought(&mut intake, "Sample/V4C7/fast", "{}", false).documents, ["QIAO-V331"]);
    assert_eq!(brought(&mut intake, "Sample/V4C7/fast", "{", false).documents, ["QIAO-V315"]);
    assert_eq!(brought(&mut intake, "Event/V4C7", "{}", false).documents, ["QIAO-V331"]);
}

#[test]
fn a_model_gives_configs_units_and_the_paths_of_events_and_columns() {
    let mut intake = nc_link();
    let feed = |intake: &mut Intake| {
        brought(intake, "Sample/D/motion", &sample(r#""paths":["/FEED_SPEED"],"#, r#"{"data":[1,1,1,1]}"#), false)
    };
    assert_eq!(feed(&mut intake).values, ["FEED_SPEED=1", "FEED_SPEED=1@1500"]);
    let state =
        r#"{"id":"state","beginTime":"1764000000000","data":[{"data":["free"]},{"data":["auto"]}],"interval":1000}"#;
    let nameless = brought(&mut intake, "Sample/D/state", state, false);
    assert_eq!((nameless.unplaced, nameless.codes, nameless.values.len()), (2, vec!["QIAO-V280".to_owned()], 0));
    let before = intake.epoch();
    // The answer as an object, then as text; some deployments name the client that asked.
    let told = brought(&mut intake, "Probe/Query/Response/D/qiao", MODEL, false);
    assert_eq!(
        told.values,
        [r#"MANUFACTURER="Nordwerk Maschinenbau GmbH""#, r#"MODEL="HX 500""#, r#"NUMBER="NW-2024-00817""#]
    );
    assert!(told.taken.unknown.is_empty() && told.taken.has_grown && intake.epoch() > before);
    let (fields, _) = bound(&intake, "nclink/cnc@3.0");
    assert_eq!(fields[0], "/FEED_SPEED channel.feed-rate in H81");
    assert!(feed(&mut intake).taken.unknown.is_empty(), "its model is known");
    let known = brought(&mut intake, "Sample/D/state", state, false);
    assert_eq!(known.unplaced, 0);
    assert_eq!(known.values.len(), 2, "{known:?}");
    assert!(known.values[0].starts_with(r#"STATUS="free""#) && known.values[1].starts_with(r#"WORK_MODE="auto""#));
    let event = |id: &str, key: &str| {
        format!(
            r#"{{"@id":"e","id":"{id}","time":"{}","event":{{"key":"{key}","value":"X"}}}}"#,
            NOON.unix_millis() + 7
        )
    };
    let by_id = brought(&mut intake, "Event/D", &event("01035430", "PROGRAM"), false);
    assert_eq!(by_id.values, [r#"CONTROLLER/PROGRAM="X"@7"#]);
    assert_eq!(intake.discovery().machines.len(), 1);
    let by_key = brought(&mut intake, "Event/D", &event("unknown", "/CONTROLLER/SUBPROGRAM"), false);
    assert_eq!(by_key.values, [r#"CONTROLLER/SUBPROGRAM="X"@7"#]);
    intake.restart();
    assert_eq!(feed(&mut intake).taken.unknown.len(), 1, "it may have changed while nobody listened");
    let text: serde_json::Value = serde_json::from_str(MODEL).expect("JSON");
    let text = serde_json::json!({"code": "OK", "probe": text["probe"].to_string()}).to_string();
    assert_eq!(brought(&mut intake, "Probe/Query/Response/D", &text, false).values, told.values);
    assert!(feed(&mut intake).taken.unknown.is_empty());
}

#[test]
fn a_device_that_tells_no_model_or_an_unknown_unit_is_told_once() {
    let mut intake = nc_link();
    let refused = r#"{"@id":"p","code":"NG","reason":"Permission Denied"}"#;
    let first = brought(&mut intake, "Probe/Query/Response/D", refused, false);
    assert_eq!((first.codes.as_slice(), first.taken.unknown.len()), (["QIAO-V282".to_owned()].as_slice(), 0));
    assert!(brought(&mut intake, "Probe/Query/Response/D", refused, false).codes.is_empty());
    let odd = r#"{"code":"OK","probe":{"devices":[{"guid":"D","dataItems":[{"id":"1","type":"FEED_SPEED","units":"furlong"}]}]}}"#;
    assert_eq!(brought(&mut intake, "Probe/Query/Response/D", odd, false).codes, ["QIAO-V283"]);
    let feed = sample(r#""paths":["/FEED_SPEED"],"#, r#"{"data":[1,1,1,1]}"#);
    brought(&mut intake, "Sample/D/fast", &feed, false);
    assert_eq!(bound(&intake, "nclink/cnc@3.0").0, ["/FEED_SPEED channel.feed-rate in furlong"], "never guessed");
}

#[test]
fn alarms_are_elements_that_come_and_go() {
    let mut intake = nc_link();
    let paths = r#""paths":["/CONTROLLER/WARNNING"],"#;
    let alarm = |number: u32| format!(r#"{{"number":"{number}","text":"t"}}"#);
    let rows = format!(r#"{{"data":[{0},[{0},{1}],[{1}],[]]}}"#, alarm(1), alarm(2));
    let first = brought(&mut intake, "Sample/D/state", &sample(paths, &rows), false);
    assert_eq!(
        first.values,
        [
            r#"CONTROLLER/WARNING/0/number="1""#,
            r#"CONTROLLER/WARNING/0/text="t""#,
            r#"CONTROLLER/WARNING/0/number="1"@500"#,
            r#"CONTROLLER/WARNING/0/text="t"@500"#,
            r#"CONTROLLER/WARNING/1/number="2"@500"#,
            r#"CONTROLLER/WARNING/1/text="t"@500"#,
            r#"CONTROLLER/WARNING/0/number="2"@1000"#,
            r#"CONTROLLER/WARNING/0/text="t"@1000"#,
            "!CONTROLLER/WARNING/1/number=null@1000",
            "!CONTROLLER/WARNING/1/text=null@1000",
            "!CONTROLLER/WARNING/0/number=null@1500",
            "!CONTROLLER/WARNING/0/text=null@1500",
        ]
    );
}

/// The message that the fields of the first machine make.
fn written(intake: &Intake, batch: &Batch, id: &str) -> serde_json::Value {
    let (found, profile) = (intake.discovery(), profile(id));
    let layout = bind(&profile, "m", &candidates(&found)[0], &[]).value;
    let mut image = Image::new(&layout);
    for sample in &batch.samples {
        let own = layout.by_slot().into_iter().filter(|(slot, _)| *slot == sample.slot);
        own.for_each(|(_, field)| {
            image.store(&layout, field, sample, &batch.arena);
        });
    }
    let kind = MessageType::KeyFrame;
    let (time_source, is_back_filled) = (None, false);
    let header = Header { kind, publisher: "g", writer: "m", sequence: 1, time: NOON, time_source, is_back_filled };
    let (layout, image, contents, codec) = (&layout, &image, Contents::All, profile.codec);
    let mut tape = Tape::new();
    Frame { layout, image, codec, contents, header, remarks: &[] }.write(&mut tape, &mut Written::default());
    serde_json::from_str(tape.as_str()).expect("JSON")
}

/// Pointers and values of the leaves; numbers as what they say, empty objects left out.
fn leaves(message: &serde_json::Value) -> Vec<(String, String)> {
    let found = crate::translate::leaves(message).into_iter().filter_map(|leaf| {
        let value = message.pointer(&leaf.pointer())?;
        let text = value.as_f64().map_or_else(|| value.to_string(), |number| number.to_string());
        (!value.is_object()).then(|| (leaf.pointer(), text))
    });
    let mut all: Vec<_> = found.collect();
    all.sort();
    all
}

#[test]
fn every_example_that_is_taken_apart_and_put_together_again_says_the_same() {
    let id = "umati/machine-tool@1.02";
    let library = Library::built_in().value;
    let folder = library.folder(id).expect("installed");
    for example in &folder.valid {
        let mut intake = umati();
        let mut batch = Batch { received: NOON, ..Batch::default() };
        let topic = "umati/v2/acme/MachineToolType/m7";
        let taken = intake.take(topic, example.text.as_bytes(), false, &mut batch);
        assert!(taken.findings.is_empty() && batch.unplaced.is_empty(), "{}: {:?}", example.file, taken.findings);
        let (before, after) = (leaves(&example.message), leaves(&written(&intake, &batch, id)));
        let lost: Vec<_> = before.iter().filter(|leaf| !after.contains(leaf)).collect();
        let made: Vec<_> = after.iter().filter(|leaf| !before.contains(leaf)).collect();
        let is_addition =
            |leaf: &&(String, String)| example.file.contains("vendor") && profile(id).target(&leaf.0).is_none();
        assert!(made.is_empty() && lost.iter().all(is_addition), "{}: {lost:#?} {made:#?}", example.file);
    }
}
