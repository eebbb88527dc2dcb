use super::*;
use crate::codec::plain_json::TimeFormat;
use crate::config::plan::MemberTime;
use crate::model::TopicPattern;

pub(super) const NOON: Timestamp = Timestamp(Timestamp::UNIX_EPOCH.0 + 17_000_000_000_000_000);

pub(super) fn input(pattern: &str, decode: Decode) -> TopicInput {
    TopicInput {
        pattern: TopicPattern::parse(pattern).expect("a pattern"),
        also: Vec::new(),
        decode,
        profile: None,
        list: None,
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
