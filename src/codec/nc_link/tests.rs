use super::*;
use crate::codec::Limits;
use crate::model::Timestamp;

fn written(write: impl FnOnce(&mut Tape)) -> String {
    let mut tape = Tape::new();
    write(&mut tape);
    assert_eq!(tape.fault(), None);
    let parsed = Tape::parse(tape.as_bytes(), Limits::default()).expect("JSON");
    assert_eq!(parsed.nodes().len(), tape.nodes().len());
    tape.as_str().to_owned()
}

/// What a profile declares, for the tests.
fn spellings() -> Spellings {
    let mut all = Spellings::default();
    for (other, name) in [
        ("settable", "setable"),
        ("dataType", "datatype"),
        ("begintime", "beginTime"),
        ("WARNNING", "WARNING"),
        ("SERVO", "SERVO_DRIVER"),
    ] {
        all.name(other, name);
    }
    for (json, word) in [("0", "running"), ("2", "holding")] {
        all.value("STATUS", json.to_owned(), word);
    }
    all.text("PART_COUNT");
    all
}

/// The normalised text, and `pointer found→read` of each difference.
fn read(text: &str) -> (Tape, Vec<String>) {
    let from = Tape::parse(text.as_bytes(), Limits::default()).expect("JSON");
    let (mut into, mut differences) = (Tape::new(), Vec::new());
    normalise(&from, &mut into, &spellings(), &mut differences);
    assert_eq!(into.fault(), None);
    (into, differences.iter().map(|d| format!("{} {}→{}", d.pointer, d.found, d.read_as)).collect())
}

const SAMPLE: &str = r#"{"paths":["/STATUS","/FEED_OVERRIDE"],"id":"fast","beginTime":"1793612400000","data":[{"data":["running",null]},{"data":[87.5,90]}],"interval":500,"uploadInterval":1000}"#;

#[test]
fn a_sample_is_columns_on_a_grid() {
    let head = SampleHead { channel: "fast", begin: 1_793_612_400_000, interval: 500, upload_interval: 1000 };
    let text = written(|tape| {
        sample(tape, &head, ["/STATUS", "/FEED_OVERRIDE"], |tape| {
            column(tape, |tape| {
                tape.text("running");
                tape.null();
            });
            column(tape, |tape| {
                tape.f64(87.5);
                tape.i64(90);
            });
        });
    });
    assert_eq!(text, SAMPLE);
    let (tape, differences) = read(&text);
    assert_eq!(tape.as_str(), SAMPLE);
    assert!(differences.is_empty(), "{differences:?}");
    let sample = Sample::read(&tape).expect("a sample");
    assert_eq!((&*sample.channel, sample.rows(), sample.interval), ("fast", 2, 500));
    assert_eq!(sample.time(1), Timestamp::from_unix_millis(1_793_612_400_500));
    assert_eq!(sample.paths().collect::<Vec<_>>(), ["/STATUS", "/FEED_OVERRIDE"]);
    let json = |at: u32| tape.json_of(&tape.nodes()[at as usize]).to_owned();
    let columns: Vec<Vec<String>> = sample.columns().map(|column| column.map(json).collect()).collect();
    assert_eq!(columns, [["\"running\"", "null"], ["87.5", "90"]]);
}

#[test]
fn requests_and_responses_have_the_members_of_the_standard() {
    let part = Params { operation: Some("get_value"), indexes: &["0-3", "12"], ..Params::default() };
    assert_eq!(
        written(|tape| query(tape, "q-7", [("0102", None), ("0199", Some(part))])),
        r#"{"@id":"q-7","ids":[{"id":"0102"},{"id":"0199","params":{"operation":"get_value","indexes":["0-3","12"]}}]}"#
    );
    let asked = Tape::parse(br#"{"ids":[{"id":"0199","params":{"keys":["a"]}}]}"#, Limits::default()).expect("JSON");
    let params = asked.find("/ids/0/params").map(|at| (&asked, at));
    let answer = |id, outcome| Answer { id, outcome, params };
    let items = [answer("0102", Outcome::Ok), answer("0199", Outcome::Ng("Id Not Exists"))];
    assert_eq!(
        written(|tape| answers(tape, "q-7", Answered::Query, items, |tape, _| tape.text("free"))),
        r#"{"@id":"q-7","values":[{"id":"0102","code":"OK","values":["free"]},{"id":"0199","code":"NG","reason":"Id Not Exists","params":{"keys":["a"]}}]}"#
    );
    let place = Params { operation: Some("set_value"), index: Some(12), ..Params::default() };
    assert_eq!(
        written(|tape| set(tape, "s-1", [("0150", place)], |tape, _| tape.f64(3.5))),
        r#"{"@id":"s-1","values":[{"id":"0150","params":{"operation":"set_value","index":12,"value":3.5}}]}"#
    );
    assert_eq!(
        written(|tape| answers(tape, "s-1", Answered::Set, [answer("0150", Outcome::Ok)], |tape, _| tape.null())),
        r#"{"@id":"s-1","results":[{"id":"0150","code":"OK"}]}"#
    );
    let model = &mut |tape: &mut Tape| {
        tape.begin_object();
        tape.end_object();
    };
    assert_eq!(
        written(|tape| response(tape, "p-2", Outcome::Ok, Body::Probe(model))),
        r#"{"@id":"p-2","code":"OK","probe":{}}"#
    );
    assert_eq!(
        written(|tape| response(tape, "p-2", Outcome::Ng("No Memory"), Body::Version("1"))),
        r#"{"@id":"p-2","code":"NG","reason":"No Memory"}"#
    );
    assert_eq!(
        written(|tape| request(tape, "r-1", Body::Device { guid: "V4C7", version: "3.0" })),
        r#"{"@id":"r-1","guid":"V4C7","version":"3.0"}"#
    );
    assert_eq!(written(|tape| request(tape, "b", Body::Nothing)), r#"{"@id":"b"}"#);
    let values = |tape: &mut Tape, is_old: bool| tape.text(if is_old { "41" } else { "42" });
    assert_eq!(
        written(|tape| event(tape, "e-9", "0107", 1_793_612_401_250, "PART_COUNT", true, values)),
        r#"{"@id":"e-9","id":"0107","time":"1793612401250","event":{"key":"PART_COUNT","value":"42","oldValue":"41"}}"#
    );
}

#[test]
fn the_spellings_of_the_field_are_read_as_one_and_told() {
    let (tape, differences) = read(
        r#"{"paths":["/STATUS","/CONTROLLER/PART_COUNT","/AXIS@0/SERVO/POSITION"],"id":"c","begintime":1793612400,"data":[{"data":[0,2]},{"data":[7,"8"]},{"data":[0,2]}],"interval":1,"uploadInterval":2}"#,
    );
    assert_eq!(
        tape.as_str(),
        r#"{"paths":["/STATUS","/CONTROLLER/PART_COUNT","/AXIS@0/SERVO_DRIVER/POSITION"],"id":"c","beginTime":"1793612400000","data":[{"data":["running","holding"]},{"data":["7","8"]},{"data":[0,2]}],"interval":1,"uploadInterval":2}"#
    );
    let expected = [
        "/paths/2 /AXIS@0/SERVO/POSITION→/AXIS@0/SERVO_DRIVER/POSITION",
        "/beginTime begintime→beginTime",
        "/beginTime 1793612400→1793612400000",
        "/data/0/data/0 0→running",
        "/data/0/data/1 2→holding",
        "/data/1/data/0 7→7",
    ];
    assert_eq!(differences, expected);
    assert!(check(Kind::Sample, &tape).is_empty());

    let (tape, differences) = read(r#"{"code":"OK","probe":"{\"type\":\"WARNNING\",\"settable\":true}"}"#);
    assert_eq!(tape.as_str(), r#"{"code":"OK","probe":{"type":"WARNING","setable":true}}"#);
    assert_eq!(differences.len(), 3, "{differences:?}");

    let (tape, _) = read(r#"{"id":"1","time":1793612401250,"event":{"key":"PART_COUNT","value":42,"oldValue":41}}"#);
    assert_eq!(
        tape.as_str(),
        r#"{"id":"1","time":"1793612401250","event":{"key":"PART_COUNT","value":"42","oldValue":"41"}}"#
    );
}

#[test]
fn normalising_twice_changes_nothing_more() {
    let (once, _) = read(r#"{"paths":["/WARNNING"],"beginTime":1793612400,"data":[{"data":[{"dataType":1}]}]}"#);
    let (twice, differences) = read(once.as_str());
    assert_eq!(once.as_str(), twice.as_str());
    assert!(differences.is_empty(), "{differences:?}");
}

#[test]
fn what_is_no_sample_says_where() {
    let fault = |from: &str, to: &str| {
        let tape = Tape::parse(SAMPLE.replacen(from, to, 1).as_bytes(), Limits::default()).expect("JSON");
        let fault = Sample::read(&tape).expect_err(to);
        (fault.pointer.clone(), fault.finding("t").code.to_string())
    };
    assert_eq!(fault("\"/STATUS\",", ""), ("/data".to_owned(), "QIAO-V332".to_owned()));
    assert_eq!(fault("87.5,", ""), ("/data/1/data".to_owned(), "QIAO-V332".to_owned()));
    assert_eq!(fault("\"interval\":500", "\"interval\":0"), ("/interval".to_owned(), "QIAO-V331".to_owned()));
    assert_eq!(fault("\"1793612400000\"", "true"), ("/beginTime".to_owned(), "QIAO-V331".to_owned()));
    assert_eq!(
        fault("{\"data\":[87", "{\"encoding\":\"z\",\"data\":[87"),
        ("/data/1/encoding".to_owned(), "QIAO-V333".to_owned())
    );
    let (tape, _) = read(r#"{"@id":"q","ids":[{"id":"1"},{"id":2}]}"#);
    let faults = check(Kind::QueryRequest, &tape);
    assert_eq!(faults.iter().map(|fault| fault.pointer.as_str()).collect::<Vec<_>>(), ["/ids/1/id"]);
}

#[test]
fn a_request_says_which_items_it_asks_for() {
    let (tape, _) = read(
        r#"{"@id":"q","ids":[{"id":"a"},{"id":"b","params":{"operation":"get_keys"}},{"id":"c","params":{"indexes":[]}},{"id":"d","params":{"offset":0}}]}"#,
    );
    assert_eq!(message_id(&tape).as_deref(), Some("q"));
    let asked: Vec<_> = asked_items(Kind::QueryRequest, &tape).collect();
    assert_eq!(asked.iter().map(|item| &*item.id).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
    let params: Vec<u32> = asked.iter().filter_map(|item| item.params).collect();
    let window = Selection::Window { offset: 0, length: None };
    assert_eq!(
        params.iter().map(|at| wanted(&tape, Some(*at))).collect::<Vec<_>>(),
        [Ok(Wanted::Keys), Ok(Wanted::Value(Selection::Whole)), Ok(Wanted::Value(window))]
    );
    assert_eq!(message_id(&read(r#"{"@id":7}"#).0), None);
}

#[test]
fn a_query_takes_parts_out_of_lists_and_hashes_and_nothing_else() {
    let taken = |value: &str, params: &str| {
        let (whole, asked) = (read(value).0, read(params).0);
        let mut into = Tape::new();
        let wanted = wanted(&asked, Some(0)).map_err(|unfit| format!("{unfit:?}"))?;
        select(&whole, &wanted, 24, &mut into).map_err(|unfit| format!("{unfit:?}"))?;
        Ok(into.as_str().to_owned())
    };
    const LIST: &str = r#"[10,[11],{"a":12},"13"]"#;
    const HASH: &str = r#"{"a":1,"b":{"c":2},"\u00e4":3}"#;
    let cases = [
        (LIST, r#"{"indexes":["1"]}"#, Ok("[[11]]")),
        (LIST, r#"{"indexes":["2-3","0"]}"#, Ok(r#"[{"a":12},"13",10]"#)),
        (LIST, r#"{"indexes":["0",3]}"#, Ok(r#"[10,"13"]"#)),
        (LIST, r#"{"indexes":["3-4"]}"#, Err("Parameters")),
        (LIST, r#"{"indexes":["2-1"]}"#, Err("Parameters")),
        (LIST, r#"{"indexes":["a"]}"#, Err("Parameters")),
        (LIST, r#"{"indexes":["-1"]}"#, Err("Parameters")),
        (LIST, r#"{"indexes":["0-3","0-3"]}"#, Err("TooLong")),
        (LIST, r#"{"offset":1,"length":2}"#, Ok(r#"[[11],{"a":12}]"#)),
        (LIST, r#"{"offset":3,"length":9}"#, Ok(r#"["13"]"#)),
        (LIST, r#"{"offset":9}"#, Ok("[]")),
        (LIST, r#"{"length":1}"#, Ok("[10]")),
        (LIST, r#"{"offset":-1}"#, Err("Parameters")),
        (LIST, r#"{"indexes":["0"],"offset":0}"#, Err("Parameters")),
        (LIST, r#"{"keys":["a"]}"#, Err("Parameters")),
        (LIST, r#"{"index":1}"#, Err("Parameters")),
        (LIST, r#"{"operation":"get_length"}"#, Ok("[4]")),
        (LIST, r#"{"operation":"get_length","indexes":["0"]}"#, Err("Parameters")),
        (LIST, r#"{"operation":"get_keys"}"#, Err("Operation")),
        (LIST, r#"{"operation":"set_value"}"#, Err("Operation")),
        (LIST, r#"{"operation":"get_value","indexes":null,"keys":[]}"#, Ok(r#"[[10,[11],{"a":12},"13"]]"#)),
        (HASH, r#"{"keys":["ä","a"]}"#, Ok("[3,1]")),
        (HASH, r#"{"keys":["d"]}"#, Err("Parameters")),
        (HASH, r#"{"operation":"get_keys"}"#, Ok(r#"["a","b","ä"]"#)),
        (HASH, r#"{"operation":"get_length"}"#, Err("Operation")),
        (HASH, r#"{"indexes":["0"]}"#, Err("Parameters")),
        ("7", r#"{"offset":0}"#, Err("Parameters")),
        ("7", r#"{"operation":"get_length"}"#, Err("Operation")),
        ("7", "{}", Ok("[7]")),
    ];
    for (value, params, expected) in cases {
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(taken(value, params), expected, "{params} of {value}");
    }
}

#[test]
fn topics_say_what_a_message_is() {
    assert_eq!(Kind::of_topic("Sample/V4C7/fast"), Some((Kind::Sample, "V4C7/fast")));
    assert_eq!(Kind::of_topic("Probe/Version/Response/V4C7"), Some((Kind::VersionResponse, "V4C7")));
    assert_eq!(Kind::of_topic("Probe/Version/V4C7"), Some((Kind::VersionRequest, "V4C7")));
    assert_eq!(Kind::of_topic("Register/Request"), Some((Kind::RegisterRequest, "")));
    assert_eq!(Kind::of_topic("Samples/V4C7"), None);
    assert_eq!(Kind::QueryResponse.topic(), "Query/Response");
}

#[test]
fn an_older_sample_says_neither_paths_nor_upload_interval() {
    let (tape, _) = read(r#"{"id":"state","beginTime":1793612400,"data":[{"data":[1,2,3]}],"interval":1000}"#);
    let sample = Sample::read(&tape).expect("a sample");
    assert_eq!((sample.rows(), sample.upload_interval, sample.paths().count()), (3, 3000, 0));
    assert_eq!(sample.time(2), Timestamp::from_unix_millis(1_793_612_402_000));
}

#[test]
fn an_event_says_what_an_item_is_now() {
    let (tape, _) = read(r#"{"@id":"e","id":"0107","time":1793612401,"event":{"key":"/STATUS","value":2}}"#);
    let event = Event::read(&tape).expect("an event");
    assert_eq!((&*event.id, &*event.key), ("0107", "/STATUS"));
    assert_eq!(event.time, Timestamp::from_unix_millis(1_793_612_401_000));
    assert_eq!(tape.json_of(&tape.nodes()[event.value as usize]), "\"holding\"");
    let (tape, _) = read(r#"{"id":"0107","time":"soon","event":{"key":"STATUS","value":2}}"#);
    assert_eq!(Event::read(&tape).expect_err("no time").pointer, "/time");
}

/// A model with two kinds of nesting, as `probe` of an answer.
const MODEL: &str = r#"{"id":"01","type":"NC_LINK_ROOT","devices":[{"id":"0103","type":"MACHINE","guid":"V4C7","number":"N-1",
  "configs":[{"id":"c1","type":"MODEL","value":"HX 500"},
    {"id":"fast","type":"SAMPLE_CHANNEL","ids":[{"id":"d1"},{"id":"a1"}]}, {"id":"slow","type":"SAMPLE_CHANNEL","ids":[{"id":"?"}]}],
  "dataItems":[{"id":"d1","type":"FEED_SPEED","units":"mm/min"},{"id":"d2","type":"STATUS"}],
  "components":[{"id":"a","type":"AXIS","number":"X","configs":[{"id":"c2","type":"TYPE","value":"linear"}],
    "components":[{"id":"as","type":"SERVO","dataItems":[{"id":"a1","type":"POSITION","units":"furlong"},{"id":"a2","type":"POSITION","number":"REAL"}]}]}]}]}"#;

#[test]
fn a_model_says_ids_channels_units_and_values_of_its_own_whether_object_or_text() {
    let text = serde_json::to_string(MODEL).expect("JSON");
    for probe in [MODEL, text.as_str()] {
        let (tape, _) = read(&format!(r#"{{"@id":"p","code":"OK","probe":{probe}}}"#));
        let Probed { model, configs } = Probed::read(&tape, "V4C7").expect("a model");
        assert_eq!(model.channel("fast"), Some(vec!["/FEED_SPEED", "/AXIS@X/SERVO_DRIVER/POSITION"]));
        assert_eq!((model.channel("slow"), model.channel("none")), (None, None));
        assert_eq!(model.path("a2"), Some("/AXIS@X/SERVO_DRIVER/POSITION@REAL"));
        let units: Vec<_> = model.units().collect();
        assert_eq!(units, [("/FEED_SPEED", "H81"), ("/AXIS@X/SERVO_DRIVER/POSITION", "furlong")]);
        let value = |(path, at): &(String, u32)| format!("{path} {}", tape.json_of(&tape.nodes()[*at as usize]));
        let configs: Vec<String> = configs.iter().map(value).collect();
        assert_eq!(configs, ["/MODEL \"HX 500\"", "/AXIS@X/TYPE \"linear\"", "/NUMBER \"N-1\""]);
    }
}

#[test]
fn an_answer_without_a_model_of_this_device_says_why() {
    let fault = |text: &str| Probed::read(&read(text).0, "V4C7").expect_err("no model");
    let refused = r#"{"@id":"p","code":"NG","reason":"Permission Denied"}"#;
    assert_eq!(fault(refused), ModelFault::Refused("Permission Denied".to_owned()));
    assert_eq!(fault(r#"{"@id":"p","code":"OK"}"#), ModelFault::Missing);
    let others = r#"{"code":"OK","probe":{"devices":[{"guid":"A"},{"guid":"B"}]}}"#;
    assert_eq!(fault(others), ModelFault::OtherDevice);
}
