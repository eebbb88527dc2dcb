use super::*;
use crate::assemble::bind::{bind, candidates};
use crate::assemble::fixture::{discovery, field, item, tool_profile};
use crate::codec::Limits;
use crate::conformance::{Evidence, Judge, Verdict};
use crate::model::tree::TreeWriter;
use crate::model::{BuiltInType, Sample, Scalar, Span, StatusCode, Timestamp};
use crate::profile::{Codec, Library, Mapping, Profile};
use std::sync::Arc;

fn own_spellings() -> Spellings {
    let library = crate::profile::Library::built_in().value;
    crate::assemble::spellings(&library.find("nclink/cnc@3.0").expect("built in"))
}

/// Pointer in the image, item path, unit, whether it is a config.
const FIELDS: &[(&str, &str, Option<&str>, bool)] = &[
    ("/STATUS", "/STATUS", None, false),
    ("/FEED_OVERRIDE", "/FEED_OVERRIDE", Some("P1"), false),
    ("/FEED_SPEED", "/FEED_SPEED", Some("H81"), false),
    ("/SPINDLE_SPEED", "/SPINDLE_SPEED", Some("RPM"), false),
    ("/MANUFACTURER", "/MANUFACTURER", None, true),
    ("/VARIABLE", "/VARIABLE", None, false),
    ("/CONTROLLER/PROGRAM", "/CONTROLLER/PROGRAM", None, false),
    ("/AXIS/X/SCREW/POSITION", "/AXIS@X/SCREW/POSITION", Some("MMT"), false),
    ("/AXIS/X/SERVO_DRIVER/POSITION", "/AXIS@X/SERVO_DRIVER/POSITION", Some("MMT"), false),
    ("/AXIS/Y/SCREW/POSITION", "/AXIS@Y/SCREW/POSITION", Some("MMT"), false),
];

struct Bench {
    adapter: Adapter,
    layout: Layout,
    image: Image,
    is_lost: bool,
}

impl Bench {
    fn new() -> Self {
        let fields = FIELDS.iter().map(|(pointer, ..)| field(pointer, &pointer[1..])).collect();
        let mapping = Arc::new(Mapping { fields, ..Mapping::default() });
        let profile = Profile { codec: Codec::NcLink, mapping, ..tool_profile() };
        let found = discovery(1, &["M"], FIELDS.iter().map(|(pointer, ..)| item(0, &pointer[1..])).collect());
        let layout = bind(&profile, "M", &candidates(&found)[0], &[]).value;
        assert_eq!(layout.fields().len(), FIELDS.len());
        let image = Image::new(&layout);
        let adapter = adapter(&layout);
        Self { adapter, layout, image, is_lost: false }
    }

    fn field(&self, pointer: &str) -> u32 {
        self.layout.field_at(pointer).expect("a field")
    }

    fn store(&mut self, pointer: &str, status: StatusCode, scalar: Scalar, arena: &[u8]) {
        let time = Timestamp::from_unix_millis(1_793_612_400_000);
        let sample = Sample { slot: 0, status: status.0, source_time: time, server_time: time, scalar };
        let field = self.field(pointer);
        self.image.store(&self.layout, field, &sample, arena);
    }

    fn text(&mut self, pointer: &str, value: &str) {
        let span = Span { start: 0, length: value.len() as u32 };
        self.store(pointer, StatusCode::GOOD, Scalar::Text(BuiltInType::String, span), value.as_bytes());
    }

    /// Kind and text of the answer, and codes of the findings.
    fn ask(&self, kind: Kind, request: &str) -> (Option<Kind>, String, Vec<String>) {
        let mut tape = Tape::new();
        let present = Present { layout: &self.layout, image: &self.image, is_lost: self.is_lost };
        let reply = self.adapter.answer(kind, request.as_bytes(), &present, &mut tape);
        assert_eq!(tape.fault(), None, "{request}");
        assert_eq!(reply.kind.is_none(), tape.as_str().is_empty(), "{request}");
        let codes = reply.findings.iter().map(|finding| finding.code.to_string()).collect();
        if reply.kind.is_some() {
            passes(tape.as_str());
        }
        (reply.kind, tape.as_str().to_owned(), codes)
    }

    #[track_caller]
    fn check(&self, kind: Kind, request: &str, expected: &str) {
        let (answered, text, codes) = self.ask(kind, request);
        assert_eq!(text, expected);
        assert_eq!(codes, [""; 0], "{request}");
        assert_eq!(answered.map(Kind::topic), Some(answer_topic(kind.topic())), "{request}");
    }
}

fn answer_topic(topic: &str) -> &'static str {
    match topic {
        "Ping" => "Pong",
        "Probe/Version" => "Probe/Version/Response",
        "Probe/Query/Request" => "Probe/Query/Response",
        "Probe/Set/Request" => "Probe/Set/Response",
        "Query/Request" => "Query/Response",
        "Set/Request" => "Set/Response",
        other => panic!("{other}"),
    }
}

fn adapter(layout: &Layout) -> Adapter {
    let item = |(pointer, path, unit, is_config): &(&str, &str, Option<&str>, bool)| AdapterItem {
        field: layout.field_at(pointer).expect("a field"),
        path: (*path).to_owned(),
        is_config: *is_config,
        unit: unit.map(str::to_owned),
    };
    let items: Vec<AdapterItem> = FIELDS.iter().map(item).collect();
    let channel = |id: &str, interval, upload_interval, fields: &[&str]| AdapterChannel {
        id: id.to_owned(),
        interval,
        upload_interval,
        fields: fields.iter().map(|pointer| layout.field_at(pointer).expect("a field")).collect(),
    };
    let channels = [
        channel("state", 1000, 1000, &["/STATUS", "/MANUFACTURER", "/CONTROLLER/PROGRAM"]),
        channel("motion", 100, 1000, &["/AXIS/X/SCREW/POSITION", "/AXIS/Y/SCREW/POSITION"]),
        channel("nothing", 100, 1000, &["/MANUFACTURER"]),
    ];
    let made = Adapter::new("mill-2", "Mill 2", &items, &channels, own_spellings());
    assert!(made.findings.is_empty(), "{:?}", made.findings);
    made.value
}

/// The profile's own schema and rules find nothing wrong.
#[track_caller]
fn passes(message: &str) {
    thread_local! {
        static LIBRARY: Library = Library::built_in().value;
    }
    LIBRARY.with(|library| {
        let folder = Arc::clone(library.folder("nclink/cnc@3.0").expect("installed"));
        let evidence = Evidence { source: "answer", line: 1, number: None, bytes: message.as_bytes() };
        let judged = Judge::by(library, folder).judge(&evidence);
        assert_eq!(judged.verdict, Verdict::Pass, "{message}: {:#?}", judged.faults);
        assert!(judged.faults.is_empty(), "{message}: {:#?}", judged.faults);
    });
}

#[test]
fn the_model_is_the_tree_of_the_paths() {
    let mut bench = Bench::new();
    bench.text("/MANUFACTURER", "Nordwerk");
    let (kind, text, _) = bench.ask(Kind::ProbeQueryRequest, r#"{"@id":"p-1"}"#);
    assert_eq!(kind, Some(Kind::ProbeQueryResponse));
    let version = bench.adapter.version();
    let expected = format!(
        concat!(
            r#"{{"@id":"p-1","code":"OK","probe":{{"id":"NC_LINK_ROOT","type":"NC_LINK_ROOT","name":"Mill 2","version":"{0}","#,
            r#""devices":[{{"id":"MACHINE","type":"MACHINE","name":"Mill 2","guid":"mill-2","version":"{0}","configs":["#,
            r#"{{"id":"MANUFACTURER","type":"MANUFACTURER","value":"Nordwerk"}},"#,
            r#"{{"id":"state","type":"SAMPLE_CHANNEL","sampleInterval":1000,"uploadInterval":1000,"#,
            r#""ids":[{{"id":"STATUS"}},{{"id":"CONTROLLER/PROGRAM"}}]}},"#,
            r#"{{"id":"motion","type":"SAMPLE_CHANNEL","sampleInterval":100,"uploadInterval":1000,"#,
            r#""ids":[{{"id":"AXIS@X/SCREW/POSITION"}},{{"id":"AXIS@Y/SCREW/POSITION"}}]}}],"#,
            r#""dataItems":[{{"id":"STATUS","type":"STATUS"}},{{"id":"FEED_OVERRIDE","type":"FEED_OVERRIDE"}},"#,
            r#"{{"id":"FEED_SPEED","type":"FEED_SPEED","units":"mm/min"}},"#,
            r#"{{"id":"SPINDLE_SPEED","type":"SPINDLE_SPEED","units":"r/min"}},"#,
            r#"{{"id":"VARIABLE","type":"VARIABLE","datatype":"LIST"}}],"#,
            r#""components":[{{"id":"CONTROLLER","type":"CONTROLLER","dataItems":[{{"id":"CONTROLLER/PROGRAM","type":"PROGRAM"}}]}},"#,
            r#"{{"id":"AXIS@X","type":"AXIS","number":"X","components":["#,
            r#"{{"id":"AXIS@X/SCREW","type":"SCREW","dataItems":[{{"id":"AXIS@X/SCREW/POSITION","type":"POSITION"}}]}},"#,
            r#"{{"id":"AXIS@X/SERVO_DRIVER","type":"SERVO_DRIVER","dataItems":[{{"id":"AXIS@X/SERVO_DRIVER/POSITION","type":"POSITION"}}]}}]}},"#,
            r#"{{"id":"AXIS@Y","type":"AXIS","number":"Y","components":["#,
            r#"{{"id":"AXIS@Y/SCREW","type":"SCREW","dataItems":[{{"id":"AXIS@Y/SCREW/POSITION","type":"POSITION"}}]}}]}}]}}]}}}}"#
        ),
        version
    );
    assert_eq!(text, expected);
}

#[test]
fn the_version_is_that_of_the_structure_and_the_same_at_every_start() {
    let mut bench = Bench::new();
    let version = bench.adapter.version().to_owned();
    assert!(version.len() == 8 && version.bytes().all(|digit| digit.is_ascii_hexdigit()), "{version}");
    bench.text("/MANUFACTURER", "Nordwerk");
    assert_eq!(adapter(&bench.layout).version(), version);
    let fewer = Adapter::new("mill-2", "Mill 2", &[], &[], own_spellings()).value;
    assert_ne!(fewer.version(), version);
    let ok = format!(r#"{{"@id":"v","code":"OK","version":"{version}"}}"#);
    bench.check(Kind::VersionRequest, r#"{"@id":"v"}"#, &ok);
    bench.check(Kind::VersionRequest, &format!(r#"{{"@id":"v","guid":"mill-2","version":"{version}"}}"#), &ok);
    let other = r#"{"@id":"v","code":"NG","reason":"Version Not Match"}"#;
    bench.check(Kind::VersionRequest, r#"{"@id":"v","version":"1.0"}"#, other);
}

#[test]
fn it_registers_with_its_version() {
    let bench = Bench::new();
    let mut tape = Tape::new();
    bench.adapter.register(&mut tape, Timestamp::from_unix_millis(1_793_612_400_000));
    let version = bench.adapter.version();
    let expected = format!(r#"{{"@id":"register-1793612400000","guid":"mill-2","version":"{version}"}}"#);
    assert_eq!(tape.as_str(), expected);
    passes(tape.as_str());
    let present = Present { layout: &bench.layout, image: &bench.image, is_lost: false };
    let mut answered = |text: &str| {
        let reply = bench.adapter.answer(Kind::RegisterResponse, text.as_bytes(), &present, &mut tape);
        assert!(reply.kind.is_none() && tape.as_str().is_empty());
        let codes: Vec<String> = reply.findings.iter().map(|finding| finding.code.to_string()).collect();
        (reply.is_registered, codes.join(" "))
    };
    assert_eq!(answered(r#"{"@id":"r","code":"OK"}"#), (true, String::new()));
    assert_eq!(answered(r#"{"code":"OK"}"#), (true, String::new()));
    assert_eq!(answered(r#"{"@id":"r","code":"NG","reason":"who?"}"#), (false, "QIAO-V272".to_owned()));
    assert_eq!(answered(r#"{"@id":"r"}"#), (false, "QIAO-V331".to_owned()));
    assert_eq!(answered("OK"), (false, "QIAO-V270".to_owned()));
}

#[test]
fn a_query_is_answered_item_by_item_in_order_from_the_image() {
    let mut bench = Bench::new();
    bench.text("/STATUS", "running");
    bench.text("/MANUFACTURER", "Nordwerk");
    bench.store("/FEED_OVERRIDE", StatusCode::UNCERTAIN, Scalar::F64(87.5), &[]);
    bench.store("/AXIS/X/SCREW/POSITION", StatusCode::GOOD, Scalar::F64(12.25), &[]);
    bench.store("/AXIS/X/SERVO_DRIVER/POSITION", StatusCode::GOOD, Scalar::F64(12.5), &[]);
    bench.store("/FEED_SPEED", StatusCode::BAD_OUT_OF_RANGE, Scalar::F64(1.0), &[]);
    bench.store("/CONTROLLER/PROGRAM", StatusCode::GOOD, Scalar::Null, &[]);
    bench.check(
        Kind::QueryRequest,
        r#"{"@id":"q-1","ids":[{"id":"FEED_OVERRIDE"},{"id":"STATUS","params":{"operation":"get_value"}},{"id":"none"},{"id":"MANUFACTURER"},{"id":"STATUS"}]}"#,
        r#"{"@id":"q-1","values":[{"id":"FEED_OVERRIDE","code":"OK","values":[87.5]},{"id":"STATUS","code":"OK","values":["running"]},{"id":"none","code":"NG","reason":"Id Not Exists"},{"id":"MANUFACTURER","code":"OK","values":["Nordwerk"]},{"id":"STATUS","code":"OK","values":["running"]}]}"#,
    );
    bench.check(
        Kind::QueryRequest,
        r#"{"@id":"q-2","ids":[{"id":"/STATUS"},{"id":"/MACHINE/AXIS@X/SCREW/POSITION"},{"id":"/AXIS@X/SERVO/POSITION"},{"id":"/NC_LINK_ROOT/MACHINE/AXIS@X/SERVO_DRIVER/POSITION"}]}"#,
        r#"{"@id":"q-2","values":[{"id":"/STATUS","code":"OK","values":["running"]},{"id":"/MACHINE/AXIS@X/SCREW/POSITION","code":"OK","values":[12.25]},{"id":"/AXIS@X/SERVO/POSITION","code":"OK","values":[12.5]},{"id":"/NC_LINK_ROOT/MACHINE/AXIS@X/SERVO_DRIVER/POSITION","code":"OK","values":[12.5]}]}"#,
    );
    bench.check(
        Kind::QueryRequest,
        r#"{"@id":"q-3","ids":[{"id":"FEED_SPEED"},{"id":"CONTROLLER/PROGRAM"},{"id":"AXIS@Y/SCREW/POSITION"},{"id":"AXIS@X"},{"id":"/MACHINE"},{"id":"motion"}]}"#,
        r#"{"@id":"q-3","values":[{"id":"FEED_SPEED","code":"NG","reason":"No Usable Value: BadOutOfRange"},{"id":"CONTROLLER/PROGRAM","code":"NG","reason":"No Usable Value: Bad"},{"id":"AXIS@Y/SCREW/POSITION","code":"NG","reason":"No Usable Value: BadWaitingForInitialData"},{"id":"AXIS@X","code":"NG","reason":"Unsupported Operation"},{"id":"/MACHINE","code":"NG","reason":"Unsupported Operation"},{"id":"motion","code":"OK","values":[{"sampleInterval":100,"uploadInterval":1000,"ids":[{"id":"AXIS@X/SCREW/POSITION"},{"id":"AXIS@Y/SCREW/POSITION"}]}]}]}"#,
    );
    bench.check(
        Kind::QueryRequest,
        r#"{"@id":"q-4","ids":[{"id":"STATUS","params":{"operation":"get_length"}},{"id":"STATUS","params":{"indexes":["0-3","12"]}},{"id":"STATUS","params":{"operation":"get_value","keys":["a"]}},{"id":"STATUS","params":{"operation":"get_attributes"}}]}"#,
        r#"{"@id":"q-4","values":[{"id":"STATUS","code":"NG","reason":"Unsupported Operation","params":{"operation":"get_length"}},{"id":"STATUS","code":"NG","reason":"Parameter Not Match","params":{"indexes":["0-3","12"]}},{"id":"STATUS","code":"NG","reason":"Parameter Not Match","params":{"operation":"get_value","keys":["a"]}},{"id":"STATUS","code":"OK","values":[{"id":"STATUS","type":"STATUS"}]}]}"#,
    );
}

#[test]
fn lists_and_hashes_are_told_in_parts_and_a_channel_as_the_model_has_it() {
    let mut bench = Bench::new();
    let mut arena = Vec::new();
    let mut writer = TreeWriter::new(&mut arena);
    writer.array(BuiltInType::Double, 3, |writer| [1.5, 2.5, 3.5].into_iter().for_each(|value| writer.f64(value)));
    let span = writer.finish();
    bench.store("/VARIABLE", StatusCode::GOOD, Scalar::Tree(span), &arena);
    bench.check(
        Kind::QueryRequest,
        r#"{"@id":"q","ids":[{"id":"VARIABLE"},{"id":"VARIABLE","params":{"indexes":["1-2","0"]}},{"id":"VARIABLE","params":{"operation":"get_length"}},{"id":"VARIABLE","params":{"indexes":["3"]}},{"id":"VARIABLE","params":{"operation":"get_keys"}}]}"#,
        r#"{"@id":"q","values":[{"id":"VARIABLE","code":"OK","values":[[1.5,2.5,3.5]]},{"id":"VARIABLE","code":"OK","values":[2.5,3.5,1.5]},{"id":"VARIABLE","code":"OK","values":[3]},{"id":"VARIABLE","code":"NG","reason":"Parameter Not Match","params":{"indexes":["3"]}},{"id":"VARIABLE","code":"NG","reason":"Unsupported Operation","params":{"operation":"get_keys"}}]}"#,
    );
    // What the model says needs no value.
    bench.is_lost = true;
    bench.check(
        Kind::QueryRequest,
        r#"{"@id":"q","ids":[{"id":"VARIABLE","params":{"operation":"get_attributes"}},{"id":"motion","params":{"operation":"get_attributes"}},{"id":"motion","params":{"keys":["sampleInterval"]}},{"id":"AXIS@X","params":{"operation":"get_attributes"}}]}"#,
        r#"{"@id":"q","values":[{"id":"VARIABLE","code":"OK","values":[{"id":"VARIABLE","type":"VARIABLE","datatype":"LIST"}]},{"id":"motion","code":"OK","values":[{"id":"motion","type":"SAMPLE_CHANNEL","sampleInterval":100,"uploadInterval":1000,"ids":[{"id":"AXIS@X/SCREW/POSITION"},{"id":"AXIS@Y/SCREW/POSITION"}]}]},{"id":"motion","code":"OK","values":[100]},{"id":"AXIS@X","code":"NG","reason":"Unsupported Operation","params":{"operation":"get_attributes"}}]}"#,
    );
}

#[test]
fn nothing_of_a_lost_machine_and_nothing_that_stays_here_passes_for_the_present() {
    let mut bench = Bench::new();
    bench.text("/STATUS", "running");
    let status = bench.field("/STATUS");
    bench.image.conceal(&[status]);
    let asked = r#"{"@id":"q","ids":[{"id":"STATUS"}]}"#;
    let refused = |symbol| {
        format!(r#"{{"@id":"q","values":[{{"id":"STATUS","code":"NG","reason":"No Usable Value: {symbol}"}}]}}"#)
    };
    bench.check(Kind::QueryRequest, asked, &refused("Bad"));
    bench.image.reveal(&[status]);
    bench.is_lost = true;
    bench.check(Kind::QueryRequest, asked, &refused("BadNoCommunication"));
}

#[test]
fn nothing_is_written_and_the_model_stays_ours() {
    let bench = Bench::new();
    bench.check(
        Kind::SetRequest,
        r#"{"@id":"s","values":[{"id":"STATUS","params":{"value":"free"}},{"id":"none","params":{"operation":"set_value","index":5,"value":1}}]}"#,
        r#"{"@id":"s","results":[{"id":"STATUS","code":"NG","reason":"Permission Denied","params":{"value":"free"}},{"id":"none","code":"NG","reason":"Id Not Exists","params":{"operation":"set_value","index":5,"value":1}}]}"#,
    );
    bench.check(
        Kind::ProbeSetRequest,
        r#"{"@id":"m","probe":{"id":"1","type":"NC_LINK_ROOT","devices":[]}}"#,
        r#"{"@id":"m","code":"NG","reason":"Permission Denied"}"#,
    );
    bench.check(Kind::Ping, r#"{"@id":"b","privateInfo":null}"#, r#"{"@id":"b"}"#);
}

#[test]
fn what_cannot_be_read_is_told_and_refused_where_its_id_is_known() {
    let bench = Bench::new();
    let refused = |id: &str| format!(r#"{{"@id":"{id}","code":"NG","reason":"Parameter Not Match"}}"#);
    let table: &[(Kind, &str, Option<String>, &str)] = &[
        (Kind::QueryRequest, r#"{"@id":"a"}"#, Some(refused("a")), "QIAO-V331"),
        (Kind::QueryRequest, r#"{"@id":"a","ids":[]}"#, Some(refused("a")), "QIAO-V331"),
        (Kind::QueryRequest, r#"{"@id":"a","ids":[{"id":"STATUS"},{"id":7}]}"#, Some(refused("a")), "QIAO-V331"),
        (Kind::QueryRequest, r#"{"ids":[{"id":"STATUS"}]}"#, None, "QIAO-V331"),
        (Kind::QueryRequest, r#"{"@id":7,"ids":[{"id":"STATUS"}]}"#, None, "QIAO-V331"),
        (Kind::QueryRequest, r#"{"@id":"a","ids":"#, None, "QIAO-V270"),
        (Kind::QueryRequest, "[1,2]", None, "QIAO-V331"),
        (Kind::SetRequest, r#"{"@id":"a","values":[{"id":"STATUS"}]}"#, Some(refused("a")), "QIAO-V331"),
        (Kind::Ping, "", None, "QIAO-V270"),
        (Kind::VersionRequest, "null", None, "QIAO-V331"),
    ];
    for (kind, request, expected, code) in table {
        let (answered, text, codes) = bench.ask(*kind, request);
        assert_eq!(answered.is_some(), expected.is_some(), "{request}");
        assert_eq!(text, expected.as_deref().unwrap_or_default(), "{request}");
        assert_eq!(codes, [*code], "{request}");
    }
    for kind in [Kind::Sample, Kind::Pong, Kind::QueryResponse, Kind::RegisterRequest, Kind::Event] {
        assert_eq!(bench.ask(kind, r#"{"@id":"a"}"#), (None, String::new(), Vec::new()), "{kind:?}");
    }
    let deep = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
    assert_eq!(bench.ask(Kind::QueryRequest, &deep).2, ["QIAO-V270"]);
}

#[test]
fn an_answer_has_a_bound_and_says_so_item_by_item() {
    let mut bench = Bench::new();
    bench.text("/STATUS", &"r".repeat(100_000));
    let ids = vec![r#"{"id":"STATUS"}"#; 2000].join(",");
    let (_, text, _) = bench.ask(Kind::QueryRequest, &format!(r#"{{"@id":"q","ids":[{ids}]}}"#));
    assert!(text.len() < 2 << 20, "{}", text.len());
    let tape = Tape::parse(text.as_bytes(), Limits { bytes: 2 << 20, ..Limits::default() }).expect("JSON");
    let values = tape.find("/values").and_then(|at| tape.nodes().get(at as usize)).map(|node| node.count());
    assert_eq!(values, Some(2000));
    assert!(text.ends_with(r#"{"id":"STATUS","code":"NG","reason":"No Memory"}]}"#));
    let beyond = format!(r#"{{"@id":"q","ids":[{}]}}"#, vec![r#"{"id":"STATUS"}"#; 20_000].join(","));
    assert_eq!(bench.ask(Kind::QueryRequest, &beyond).2, ["QIAO-V270"]);
}

#[test]
fn ids_are_unique_and_a_path_of_no_use_is_told() {
    let item = |field, path: &str| AdapterItem { field, path: path.to_owned(), is_config: false, unit: None };
    let long = "/A".repeat(MOST_STEPS + 1);
    let items = [
        item(0, "/STATUS"),
        item(1, "/MACHINE/STATUS"),
        item(2, ""),
        item(3, &long),
        item(4, "/AXIS@X/POSITION"),
        item(5, "/AXIS/X/POSITION"),
        item(6, "/AXIS"),
    ];
    let channel = AdapterChannel { id: "STATUS".to_owned(), interval: 1, upload_interval: 1, fields: vec![0] };
    let made = Adapter::new("m", "M", &items, &[channel], own_spellings());
    let told: Vec<_> = made.findings.iter().map(|finding| (finding.code.to_string(), finding.place.clone())).collect();
    let expected =
        ["m:/MACHINE/STATUS".to_owned(), "m:".to_owned(), format!("m:{long}"), "m:/AXIS/X/POSITION".to_owned()];
    assert_eq!(told, expected.map(|place| ("QIAO-V273".to_owned(), place)));
    let mut tape = Tape::new();
    made.value.write_model(&mut tape, None);
    let model: serde_json::Value = serde_json::from_str(tape.as_str()).expect("JSON");
    let mut ids = Vec::new();
    gather(&model, &mut ids);
    let unique: std::collections::HashSet<_> = ids.iter().collect();
    // The channel names the one that it samples: that id stands twice.
    assert_eq!(unique.len(), ids.len() - 1, "{ids:?}");
    assert_eq!(made.value.named("STATUS"), Some(Named::Channel(0)), "samples name their channel");
    assert_eq!(made.value.named("/STATUS"), Some(Named::Item(0)));
    assert_eq!(made.value.named("STATUS_2"), Some(Named::Item(0)));
}

fn gather(value: &serde_json::Value, ids: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(all) => all.iter().for_each(|value| gather(value, ids)),
        serde_json::Value::Object(members) => {
            ids.extend(members.get("id").and_then(|id| id.as_str()).map(str::to_owned));
            members.values().for_each(|value| gather(value, ids));
        }
        _ => {}
    }
}
