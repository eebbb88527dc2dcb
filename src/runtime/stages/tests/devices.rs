//! Machines that are published as NC-Link devices: registration, and answers from the image.

use super::*;
use crate::assemble::fixture::field;
use crate::codec::nc_link::Kind;
use crate::config::plan::PublishAs;
use crate::port::Asked;
use crate::profile::{Codec, MessageKind, SampleChannel, Unit};
use crate::translate::Routes;
use serde_json::json;

const MINUTE: Duration = Duration::from_secs(60);

/// A machine tool as NC-Link shows it.
fn device_profile() -> Profile {
    let concept = |field: crate::profile::Field, concept: &str| crate::profile::Field {
        concept: Some(concept.to_owned()),
        ..field
    };
    let unit = |code: &str| Some(Unit::Code(code.to_owned()));
    let counted = |code: &str, field| crate::profile::Field { unit: unit(code), ..field };
    let once = |field: crate::profile::Field| crate::profile::Field { is_read_once: true, ..field };
    let fields = vec![
        concept(counted("C62", field("/STATUS", "Status")), "machine.parts-produced"),
        concept(counted("H81", field("/FEED_SPEED", "Feed")), "channel.feed-rate"),
        concept(counted("MMT", field("/AXIS/{axis}/SCREW/POSITION", "Axes/<axis>/Position")), "axis.position"),
        concept(once(field("/MODEL", "Model")), "identity.model"),
    ];
    let mapping = crate::profile::Mapping { fields, ..Default::default() };
    let schema = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object" });
    Profile {
        codec: Codec::NcLink,
        message: MessageKind::Sample,
        topic: "Sample/{machine}/state".to_owned(),
        topic_kind: TopicKind::Log,
        channels: vec![SampleChannel {
            id: "state".to_owned(),
            interval: 1000,
            upload_interval: 1000,
            fields: vec!["/STATUS".to_owned()],
        }],
        schema: Arc::new(schema),
        mapping: Arc::new(mapping),
        ..tool_profile()
    }
}

fn machine(epoch: u64) -> Discovery {
    let paths = ["Status", "Feed", "Axes/X/Position", "Model"];
    discovery(epoch, &["M/1"], paths.map(|path| item(0, path)).into())
}

/// What its source speaks, of the same concepts, is published as samples.
fn device_flow() -> FlowPlan {
    let (source, target) = (tool_profile(), Arc::new(device_profile()));
    let (codec, message, topic_kind) = (source.codec, source.message, source.topic_kind);
    let own = Profile { codec, message, topic_kind, channels: Vec::new(), name: source.name, ..device_profile() };
    let library = crate::profile::Library::built_in().value;
    let source = Arc::new(Profile { version: "9".to_owned(), ..own });
    let routes = Routes::plan(Arc::clone(&source), Arc::clone(&target), library.concepts().clone());
    let publish_as = Some(Arc::new(PublishAs { profile: target, routes: vec![Arc::new(routes)] }));
    FlowPlan { profiles: vec![source], publish_as, ..flow(open_profile()) }
}

/// The machine is there and says something; nothing of it is heard yet.
fn rig() -> Rig {
    rig_of(device_flow())
}

fn rig_of(flow: FlowPlan) -> Rig {
    let mut rig = Rig::new(vec![flow]);
    rig.find(machine(EPOCH));
    rig.batch(&[int(0, 1), int(1, 1200), int(2, 17), bad(3)]);
    rig
}

fn ready(rig: &mut Rig) {
    rig.heard(&Heard::Ready { sink: 1, device: "M%2F1".to_owned() });
}

fn asked(kind: Kind, client: Option<&str>, payload: &Value) -> Heard {
    let (device, client) = ("M%2F1".to_owned(), client.map(str::to_owned));
    Heard::Asked(Asked { sink: 1, device, kind, client, payload: payload.to_string().into_bytes() })
}

#[test]
fn a_device_registers_when_it_is_heard_and_again_until_somebody_answers() {
    let mut rig = rig();
    assert_eq!(*rig.stages.devices(), [(1, "M%2F1".to_owned())].into());
    rig.pass(MINUTE);
    assert!(rig.on("Register/Request").is_empty(), "an answer would be missed");
    ready(&mut rig);
    let first = rig.on("Register/Request");
    assert_eq!((first.len(), &first[0]["guid"]), (1, &json!("M%2F1")));
    assert_eq!(rig.codes().iter().filter(|code| **code == "QIAO-V271").count(), 0);
    rig.pass(MINUTE * 3);
    assert_eq!(rig.on("Register/Request").len(), 4);
    assert_eq!(rig.codes().iter().filter(|code| **code == "QIAO-V271").count(), 1, "{:?}", rig.codes());
    assert!(rig.on("Sample/M%2F1/state").len() > 5, "data flows all the while");
    let message = rig.messages.iter().find(|message| message.topic == "Register/Request").expect("one");
    assert_eq!((message.kind, message.values), (TopicKind::Log, 0));

    rig.heard(&asked(Kind::RegisterResponse, None, &json!({ "@id": "r", "code": "NG", "reason": "who?" })));
    assert!(rig.codes().contains(&"QIAO-V272"));
    rig.pass(MINUTE);
    assert_eq!(rig.on("Register/Request").len(), 5);
    rig.heard(&asked(Kind::RegisterResponse, None, &json!({ "@id": "r", "code": "OK" })));
    rig.pass(MINUTE * 5);
    assert_eq!(rig.on("Register/Request").len(), 5);
}

#[test]
fn it_registers_anew_when_its_link_or_the_brokers_is_back_and_not_while_nobody_hears() {
    let mut rig = rig();
    let registered = json!({ "@id": "r", "code": "OK" });
    ready(&mut rig);
    rig.heard(&asked(Kind::RegisterResponse, None, &registered));
    rig.lost();
    rig.pass(MINUTE);
    assert_eq!(rig.on("Register/Request").len(), 1);
    rig.find(machine(EPOCH));
    assert_eq!(rig.on("Register/Request").len(), 2, "the machine is back");
    rig.heard(&asked(Kind::RegisterResponse, None, &registered));
    rig.lost();
    rig.find(machine(EPOCH + 1));
    rig.pass(Duration::ZERO);
    assert_eq!(rig.on("Register/Request").len(), 3, "in a new session");
    rig.heard(&Heard::Away { sink: 1 });
    rig.pass(MINUTE * 5);
    assert_eq!(rig.on("Register/Request").len(), 3, "nobody would hear the answer");
    ready(&mut rig);
    assert_eq!(rig.on("Register/Request").len(), 4);
    rig.heard(&Heard::Away { sink: 2 });
    rig.pass(MINUTE);
    assert_eq!(rig.on("Register/Request").len(), 5, "another broker");
}

#[test]
fn a_machine_that_was_away_registers_when_it_appears_again_and_one_that_goes_on_does_not() {
    let mut rig = rig();
    ready(&mut rig);
    rig.heard(&asked(Kind::RegisterResponse, None, &json!({ "@id": "r", "code": "OK" })));
    let after = |epoch, machines: &[&str], paths: &[&str]| {
        let items = paths.iter().map(|path| item(0, path)).collect();
        Discovery { carries_on: Some(epoch - 1), ..discovery(epoch, machines, items) }
    };
    rig.find(after(EPOCH + 1, &["M/1"], &["Status", "Feed", "Axes/X/Position", "Model"]));
    assert_eq!(rig.on("Register/Request").len(), 1);
    rig.find(after(EPOCH + 2, &["M/1"], &["Status", "Feed"]));
    assert_eq!(rig.on("Register/Request").len(), 2, "its model is another one");
    rig.find(after(EPOCH + 3, &[], &[]));
    assert!(rig.stages.devices().is_empty());
    rig.find(after(EPOCH + 4, &["M/1"], &["Status", "Feed"]));
    assert_eq!(rig.on("Register/Request").len(), 3);
}

#[test]
fn what_is_asked_is_answered_from_the_image_to_whoever_asked() {
    let mut rig = rig();
    let query =
        json!({ "@id": "q", "ids": [{ "id": "AXIS@X/SCREW/POSITION" }, { "id": "/FEED_SPEED" }, { "id": "MODEL" }] });
    rig.heard(&asked(Kind::QueryRequest, None, &query));
    let expected = json!({ "@id": "q", "values": [
        { "id": "AXIS@X/SCREW/POSITION", "code": "OK", "values": [17] },
        { "id": "/FEED_SPEED", "code": "OK", "values": [1200] },
        { "id": "MODEL", "code": "NG", "reason": "No Usable Value: Bad" },
    ] });
    assert_eq!(rig.on("Query/Response/M%2F1"), [&expected]);
    rig.heard(&asked(Kind::Ping, Some("mes-1"), &json!({ "@id": "p" })));
    assert_eq!(rig.on("Pong/M%2F1/mes-1"), [&json!({ "@id": "p" })]);
    rig.heard(&asked(Kind::ProbeQueryRequest, None, &json!({ "@id": "m" })));
    let device = &rig.on("Probe/Query/Response/M%2F1")[0]["probe"]["devices"][0];
    assert_eq!((&device["guid"], &device["name"]), (&json!("M%2F1"), &json!("M/1")));
    let items =
        json!([{ "id": "STATUS", "type": "STATUS" }, { "id": "FEED_SPEED", "type": "FEED_SPEED", "units": "mm/min" }]);
    assert_eq!(device["dataItems"], items);
    let channel = json!({ "id": "state", "type": "SAMPLE_CHANNEL", "sampleInterval": 1000, "uploadInterval": 1000,
        "ids": [{ "id": "STATUS" }] });
    assert_eq!(device["configs"], json!([{ "id": "MODEL", "type": "MODEL" }, channel]));
    rig.lost();
    rig.heard(&asked(Kind::QueryRequest, None, &json!({ "@id": "l", "ids": [{ "id": "STATUS" }] })));
    let answer = &rig.on("Query/Response/M%2F1")[1]["values"][0];
    assert_eq!(answer["reason"], "No Usable Value: BadNoCommunication");
}

#[test]
fn what_nobody_can_read_is_told_once_and_another_device_is_not_meant() {
    let mut rig = rig();
    rig.forget();
    for _ in 0..5 {
        rig.heard(&asked(Kind::QueryRequest, None, &json!("?")));
    }
    assert_eq!((rig.codes(), rig.messages.len()), (vec!["QIAO-V331"], 0));
    let ping = |sink, device: &str| {
        let payload = br#"{"@id":"p"}"#.to_vec();
        Heard::Asked(Asked { sink, device: device.to_owned(), kind: Kind::Ping, client: None, payload })
    };
    rig.heard(&ping(1, "M1"));
    rig.heard(&ping(2, "M%2F1"));
    assert_eq!(rig.messages, []);
    rig.heard(&ping(1, "M%2F1"));
    assert_eq!(rig.messages.len(), 1);
}

#[test]
fn what_does_not_leave_is_in_no_answer() {
    let mut flow = device_flow();
    flow.leaving.drop = vec!["channel.feed-rate".to_owned()];
    let mut rig = rig_of(flow);
    rig.heard(&asked(Kind::ProbeQueryRequest, None, &json!({ "@id": "m" })));
    rig.heard(&asked(Kind::QueryRequest, None, &json!({ "@id": "q", "ids": [{ "id": "FEED_SPEED" }] })));
    assert_eq!(rig.on("Query/Response/M%2F1")[0]["values"][0]["reason"], "Id Not Exists");
    assert!(rig.messages.iter().all(|message| !message.body.to_string().contains("1200")));
    assert_eq!(
        rig.on("Probe/Query/Response/M%2F1")[0]["probe"]["devices"][0]["dataItems"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn the_built_in_profile_says_paths_units_and_configs_and_what_is_a_part_of_a_list_is_no_item() {
    let library = crate::profile::Library::built_in().value;
    let profile = library.find("nclink/cnc@3.0").expect("installed");
    let pointers = ["/AXIS/X/SCREW/POSITION", "/AXIS/X/TYPE", "/CONTROLLER/WARNING/A1/number", "/FEED_SPEED"];
    let mapping = crate::profile::Mapping {
        fields: pointers.map(|pointer| field(pointer, &pointer[1..])).into(),
        ..Default::default()
    };
    let filled = Profile { mapping: Arc::new(mapping), ..device_profile() };
    let found = discovery(EPOCH, &["M"], pointers.map(|pointer| item(0, &pointer[1..])).into());
    let nodes = crate::assemble::bind::candidates(&found);
    let layout = crate::assemble::bind(&filled, "M", &nodes[0], &[]).value;
    assert_eq!(layout.fields().len(), pointers.len());
    let made = device::adapter(&profile, "M", &layout, &[], |_| false, None);
    assert!(made.findings.is_empty(), "{:?}", made.findings);
    let mut tape = crate::codec::Tape::new();
    made.value.write_model(&mut tape, None);
    let model: Value = serde_json::from_str(tape.as_str()).expect("JSON");
    let machine = &model["devices"][0];
    assert_eq!(machine["dataItems"], json!([{ "id": "FEED_SPEED", "type": "FEED_SPEED" }]));
    let screw = json!({ "id": "AXIS@X/SCREW", "type": "SCREW",
        "dataItems": [{ "id": "AXIS@X/SCREW/POSITION", "type": "POSITION" }] });
    let axis = json!({ "id": "AXIS@X", "type": "AXIS", "number": "X",
        "configs": [{ "id": "AXIS@X/TYPE", "type": "TYPE" }], "components": [screw] });
    assert_eq!(machine["components"], json!([axis]));
}
