use super::*;
use crate::codec::plain_json::TimeFormat;
use crate::config::plan::{Envelope, EnvelopeForm, MemberQuality, MemberTime};
use crate::model::TopicPattern;

pub(super) const NOON: Timestamp = Timestamp(Timestamp::UNIX_EPOCH.0 + 17_000_000_000_000_000);

pub(super) fn input(pattern: &str, decode: Decode) -> TopicInput {
    TopicInput {
        pattern: TopicPattern::parse(pattern).expect("a pattern"),
        also: Vec::new(),
        decode,
        profile: None,
        list: None,
        envelope: None,
        time: None,
        max_machines: 3,
        max_fields: 5,
    }
}

pub(super) fn intake(input: TopicInput) -> Intake {
    let mut intake = Intake::new("plant", &[(4, input)], 1 << 20);
    intake.restart();
    intake
}

/// Values as `machine path=value@status`, documents as `machine CODE`, unplaced values as `-n`.
fn shown(intake: &mut Intake, topic: &str, payload: &str, is_retained: bool) -> (String, Vec<String>) {
    let mut batch = Batch { received: NOON, ..Batch::default() };
    let taken = intake.take(topic, payload.as_bytes(), is_retained, &mut batch);
    let found = intake.discovery();
    let mut all: Vec<String> = Vec::new();
    for sample in &batch.samples {
        let item = &found.items[sample.slot as usize];
        let machine = &found.machines[item.targets[0].machine as usize];
        let value = match sample.scalar {
            Scalar::Text(_, span) => String::from_utf8_lossy(span.of(&batch.arena)).into_owned(),
            Scalar::I64(_, value) => value.to_string(),
            Scalar::F64(value) => value.to_string(),
            other => format!("{other:?}"),
        };
        let time = if sample.source_time == NOON {
            ""
        } else if sample.source_time.is_none() {
            "?"
        } else {
            "!"
        };
        let status = if sample.status == 0 { "" } else { "~" };
        all.push(format!("{} {}={value}{status}{time}", machine.browse_name.name, item.targets[0].path));
    }
    for document in &batch.documents {
        all.push(format!("document {}", document.unreadable.as_ref().map_or("whole", |why| why.code)));
    }
    all.extend(batch.unplaced.iter().map(|(_, count)| format!("-{count}")));
    (all.join(" "), taken.findings.iter().map(|finding| finding.code.0.to_string()).collect())
}

#[track_caller]
fn check(intake: &mut Intake, topic: &str, payload: &str, expected: &str, codes: &[&str]) {
    let (values, found) = shown(intake, topic, payload, false);
    assert_eq!(
        (values.as_str(), found),
        (expected, codes.iter().map(|code| (*code).to_owned()).collect()),
        "{topic} {payload}"
    );
}

#[test]
fn topic_and_payload_together_name_machine_and_field() {
    let roomy = TopicInput { max_fields: 10, ..input("l/{line}/{machine}/{shift}/#", Decode::Json) };
    let mut json = intake(roomy);
    check(
        &mut json,
        "l/4/m7/early/spindle",
        r#"{"a":{"b":1},"c":2.5}"#,
        "m7 shift=early m7 spindle/a/b=1 m7 spindle/c=2.5",
        &[],
    );
    check(&mut json, "l/4/m7/early/spindle", r#"{"c":3}"#, "m7 spindle/c=3", &[]);
    check(&mut json, "l/4/m7/late/spindle", r#"{"c":null}"#, "m7 shift=late m7 spindle/c=Null", &[]);
    check(&mut json, "l/4/m7/late", "5", "m7 value=5", &[]);
    check(&mut json, "l/4/m7/late", r#"{"value":6}"#, "m7 value=6", &[]);
    check(&mut json, "l/4/m7/late", "{", "document QIAO-V315", &[]);
    check(&mut json, "other", "5", "", &[]);
    let mut bare = intake(input("{machine}/+", Decode::Number));
    check(&mut bare, "m1/speed", " 12 ", "m1 speed=12", &[]);
    check(&mut bare, "m1/speed", "fast", "document QIAO-V257", &[]);
    check(&mut bare, "m1/speed", "", "document QIAO-V258", &[]);
    let mut plain = intake(input("hall/temperature", Decode::Text));
    check(&mut plain, "hall/temperature", "warm", "plant temperature=warm", &[]);
}

#[test]
fn what_appears_by_itself_is_bounded_and_told_once() {
    let mut intake = intake(input("{machine}/+", Decode::Number));
    for machine in 0..1000 {
        shown(&mut intake, &format!("m{machine}/a"), "1", false);
    }
    let found = intake.discovery();
    assert_eq!((found.machines.len(), found.items.len()), (3, 3));
    check(&mut intake, "m0/b", "1", "m0 b=1", &[]);
    check(&mut intake, "m0/c", "1", "m0 c=1", &[]);
    check(&mut intake, "m0/d", "1", "-1", &["QIAO-M062"]);
    check(&mut intake, "m0/e", "1", "-1", &[]);
    check(&mut intake, "m0/a", "2", "m0 a=2", &[]);
    check(&mut intake, &format!("{}/a", "x".repeat(600)), "2", "-1", &["QIAO-M063"]);
}

#[test]
fn a_discovery_grows_and_never_moves_what_is_known() {
    let mut intake = intake(input("{machine}/+", Decode::Number));
    let empty = intake.discovery();
    assert_eq!((empty.epoch, empty.carries_on), (1, None));
    shown(&mut intake, "m0/a", "1", false);
    let first = intake.discovery();
    assert_eq!((first.epoch, first.carries_on), (2, Some(1)));
    shown(&mut intake, "m0/a", "1", false);
    assert_eq!(intake.epoch(), 2, "nothing new");
    shown(&mut intake, "m1/a", "1", false);
    let second = intake.discovery();
    assert_eq!((second.epoch, second.carries_on), (3, Some(2)));
    assert_eq!(second.items[0].node, first.items[0].node);
    intake.restart();
    assert_eq!((intake.discovery().epoch, intake.discovery().carries_on), (4, None));
}

#[test]
fn a_time_is_the_senders_or_that_of_arrival_and_never_invented() {
    let time = Some(MemberTime { member: "/t".to_owned(), format: TimeFormat::UnixSeconds });
    let mut own = intake(TopicInput { time, ..input("{machine}", Decode::Json) });
    check(&mut own, "m", r#"{"t":1764000000,"a":1}"#, "m a=1!", &[]);
    check(&mut own, "m", r#"{"a":1}"#, "m a=1?", &["QIAO-V253"]);
    let mut arrival = intake(input("{machine}", Decode::Json));
    check(&mut arrival, "m", r#"{"a":1}"#, "m a=1", &[]);
    assert_eq!(shown(&mut arrival, "m", r#"{"a":2}"#, true).0, "m a=2~?", "how old it is nobody knows");
}

fn envelope(data: &str) -> Envelope {
    Envelope {
        data: data.to_owned(),
        form: EnvelopeForm::Json,
        records: None,
        time: None,
        machine: None,
        field: None,
        value: None,
        quality: None,
    }
}

fn wrapped(pattern: &str, decode: Decode, envelope: Envelope) -> TopicInput {
    TopicInput { envelope: Some(Arc::new(envelope)), ..input(pattern, decode) }
}

#[test]
fn data_are_taken_out_of_their_envelope_however_they_are_written_there() {
    let mut json = intake(wrapped("{machine}/up", Decode::Json, envelope("/head/payload")));
    check(&mut json, "m/up", r#"{"head":{"payload":{"a":1,"b":{"c":2}}},"x":5}"#, "m a=1 m b/c=2", &[]);
    check(&mut json, "m/up", r#"{"head":{}}"#, "document QIAO-V350", &[]);
    check(&mut json, "m/up", "{", "document QIAO-V315", &[]);
    check(&mut json, "m/up", "", "document QIAO-V258", &[]);
    let text = Envelope { form: EnvelopeForm::Text, ..envelope("/p") };
    let mut text = intake(wrapped("{machine}", Decode::Json, text));
    check(&mut text, "m", r#"{"p":"{\"a\":1}"}"#, "m a=1", &[]);
    check(&mut text, "m", r#"{"p":"{\"a\""}"#, "document QIAO-V316", &[]);
    check(&mut text, "m", r#"{"p":{"a":1}}"#, "document QIAO-V353", &[]);
    let base64 = || Envelope { form: EnvelopeForm::Base64, ..envelope("/p") };
    let mut json = intake(wrapped("{machine}", Decode::Json, base64()));
    check(&mut json, "m", r#"{"p":"eyJhIjoxfQ=="}"#, "m a=1", &[]);
    check(&mut json, "m", r#"{"p":"????"}"#, "document QIAO-V353", &[]);
    let mut number = intake(wrapped("{machine}/speed", Decode::Number, base64()));
    check(&mut number, "m/speed", r#"{"p":"MTIuNQ=="}"#, "m speed=12.5", &[]);
    let mut number = intake(wrapped("{machine}/speed", Decode::Number, envelope("/d")));
    check(&mut number, "m/speed", r#"{"d":12}"#, "m speed=12", &[]);
    check(&mut number, "m/speed", r#"{"d":"fast"}"#, "document QIAO-V257", &[]);
}

#[test]
fn each_record_stands_for_itself_with_its_own_name_time_and_quality() {
    let seconds = |member: &str| Some(MemberTime { member: member.to_owned(), format: TimeFormat::UnixSeconds });
    let quality = MemberQuality {
        member: "/q".to_owned(),
        good: vec!["192".to_owned(), "GOOD".to_owned()],
        uncertain: vec!["64".to_owned()],
    };
    let values = Envelope {
        records: Some("/values".to_owned()),
        time: seconds("/timestamp"),
        field: Some("/id".to_owned()),
        value: Some("/v".to_owned()),
        quality: Some(quality),
        ..envelope("")
    };
    let flow = TopicInput { time: seconds("/t"), ..wrapped("{machine}", Decode::Json, values) };
    let mut sent = intake(flow);
    // The whole was made at noon: so were records without a time of their own.
    let message = r#"{"timestamp":1700000000,"values":[{"id":"a","v":1,"q":192,"t":1764000000},{"v":2},
        {"id":"c","v":3,"q":"BAD"},7,{"id":"d","v":{"x":4},"q":64}]}"#;
    let expected = "m a=1! m c=3~ m d/x=4~ document QIAO-V352 document QIAO-V352";
    check(&mut sent, "m", message, expected, &[]);
    check(&mut sent, "m", r#"{"timestamp":1,"values":{"id":"a"}}"#, "document QIAO-V351", &[]);
    check(&mut sent, "m", r#"{"values":[{"id":"c","v":5}]}"#, "m c=5?", &["QIAO-V253"]);
}

#[test]
fn a_list_of_messages_of_several_machines_is_taken_apart_and_one_bad_one_holds_up_no_other() {
    let list = Envelope { records: Some(String::new()), machine: Some("/device".to_owned()), ..envelope("") };
    let mut several = intake(wrapped("plant/up", Decode::Json, list));
    let message = r#"[{"device":"m1","a":1},{"a":2},{"device":1.5,"a":2},{"device":7,"a":{"b":3}}]"#;
    check(&mut several, "plant/up", message, "m1 a=1 7 a/b=3 document QIAO-V352 document QIAO-V352", &[]);
    let roots: Vec<String> = several.discovery().machines.iter().map(|machine| machine.node.clone()).collect();
    assert_eq!(roots, ["plant/up#m1", "plant/up#7"]);
    let message = r#"[{"device":"m2","a":1},{"device":"m3","a":1},{"device":"m1","a":4}]"#;
    check(&mut several, "plant/up", message, "m2 a=1 m1 a=4 -1", &["QIAO-M061"]);

    let around = Envelope { records: Some("/list".to_owned()), machine: Some("/gateway".to_owned()), ..envelope("/d") };
    let mut around = intake(wrapped("up", Decode::Message, around));
    check(
        &mut around,
        "up",
        r#"{"gateway":"g1","d":{"list":[{"a":1},{"b":2}]}}"#,
        "document whole document whole",
        &[],
    );
}
