use super::*;
use crate::model::StatusCode;
use crate::profile::Library;

/// A field of a built-in profile, and its concept.
fn field(library: &Library, profile: &str, pointer: &str) -> Field {
    let profile = library.find(profile).expect("built in");
    let found = profile.mapping.fields.iter().find(|field| field.pointer == pointer);
    found.unwrap_or_else(|| panic!("{pointer}")).clone()
}

fn step(from: (&str, &str), to: (&str, &str)) -> Step {
    let library = Library::built_in().value;
    let (source, target) = (field(&library, from.0, from.1), field(&library, to.0, to.1));
    let concept = library.concepts().find(source.concept.as_deref().expect("a concept")).expect("known");
    let unit = match &target.unit {
        Some(crate::profile::Unit::Code(code)) => Unit::by_code(code),
        _ => None,
    };
    Step::compile(&source, &target, concept, unit).expect("it gets through")
}

/// The value on the wire of the target, or why there is none.
fn said(step: &Step, scalar: Scalar, arena: &[u8]) -> Result<(String, FateKind), String> {
    let none = Timestamp::NONE;
    let of = |scalar, arena| Reading {
        scalar,
        arena,
        status: StatusCode(0),
        source_time: none,
        server_time: none,
        enumeration: None,
    };
    let mut written = b"before".to_vec();
    let (scalar, kind) = step.apply(&of(scalar, arena), &mut written).map_err(|unfit| match unfit {
        Unfit::Word(word) => word.to_owned(),
        Unfit::Titles(titles) => titles.en.clone(),
    })?;
    let mut tape = crate::codec::Tape::new();
    crate::codec::umati_json::value(&mut tape, &of(scalar, &written)).expect("written");
    Ok((tape.as_str().to_owned(), kind))
}

const UMATI: &str = "umati/machine-tool@1.02";
const CNC: &str = "opcua/cnc@1.0";
const PASSPORT: &str = "battery/passport@1.0";
const NC_LINK: &str = "nclink/cnc@3.0";

fn int(value: i64) -> Scalar {
    Scalar::I64(BuiltInType::Int32, value)
}

fn text_of(text: &str) -> Scalar {
    Scalar::Text(BuiltInType::String, Span { start: 0, length: text.len() as u32 })
}

#[test]
fn words_go_by_both_tables_and_back() {
    let there = step((UMATI, "/Monitoring/MachineTool/OperationMode"), (NC_LINK, "/WORK_MODE"));
    assert_eq!(said(&there, int(1), &[]), Ok(("\"auto\"".into(), FateKind::Exact)));
    assert_eq!(said(&there, int(2), &[]), Ok(("\"manual\"".into(), FateKind::Approximated)));
    assert!(said(&there, int(5), &[]).is_err_and(|why| why.contains("manual and auto")));
    assert_eq!(said(&there, int(77), &[]), Err("translate-unknown-word".into()));
    assert_eq!(said(&there, Scalar::F64(1.5), &[]), Err("translate-unknown-word".into()));
    assert_eq!(said(&there, Scalar::Null, &[]), Ok(("null".into(), FateKind::Exact)));
    let back = step((NC_LINK, "/WORK_MODE"), (UMATI, "/Monitoring/MachineTool/OperationMode"));
    assert_eq!(said(&back, text_of("auto"), b"auto"), Ok(("1".into(), FateKind::Exact)));
    assert_eq!(said(&back, text_of("AUTO"), b"AUTO"), Ok(("1".into(), FateKind::Exact)), "another spelling of it");
}

#[test]
fn a_state_is_said_by_number_text_and_node_id() {
    const STATE: &str = "/Production/ActiveProgram/State/CurrentState";
    // The status stands for two concepts; the program's is the second.
    let library = Library::built_in().value;
    let source = library.find(NC_LINK).expect("built in");
    let source = source.mapping.fields.iter().find(|field| field.concept.as_deref() == Some("program.state"));
    let concept = library.concepts().find("program.state").expect("known");
    for (part, expected) in [
        ("properties/Number", "3"),
        ("value", r#"{"locale":"en","text":"Interrupted"}"#),
        ("properties/Id", r#""nsu=http://opcfoundation.org/UA/MachineTool/;i=5040""#),
    ] {
        let target = field(&library, UMATI, &format!("{STATE}/{part}"));
        let step = Step::compile(source.expect("read"), &target, concept, None).expect("it gets through");
        assert_eq!(said(&step, text_of("holding"), b"holding"), Ok((expected.into(), FateKind::Exact)), "{part}");
        let back = Step::compile(&target, source.expect("read"), concept, None).expect("it gets through");
        let mut arena = Vec::new();
        let mut tree = TreeWriter::new(&mut arena);
        tree.localized_text(Some("en"), "Interrupted");
        let scalar = match part {
            "properties/Number" => int(3),
            "value" => Scalar::Tree(tree.finish()),
            // The classic gateway writes the bare number.
            _ => int(5040),
        };
        assert_eq!(said(&back, scalar, &arena), Ok(("\"holding\"".into(), FateKind::Exact)), "{part}");
    }
}

#[test]
fn a_day_and_a_time_become_each_other_and_say_what_that_costs() {
    let (day, time) =
        ((PASSPORT, "/generalProductInformation/puttingIntoService"), (UMATI, "/Identification/InitialOperationDate"));
    let there = step(day, time);
    let start = Ok(("\"2026-04-12T00:00:00Z\"".to_owned(), FateKind::Approximated));
    assert_eq!(said(&there, text_of("2026-04-12"), b"2026-04-12"), start);
    assert_eq!(said(&there, text_of("2026-13-12"), b"2026-13-12"), Err("translate-unreadable".into()));
    assert_eq!(said(&there, text_of("12.4.2026"), b"12.4.2026"), Err("translate-unreadable".into()));
    let moment = Timestamp::parse("2026-04-12T13:30:00Z").expect("a time");
    let back = Ok(("\"2026-04-12\"".to_owned(), FateKind::Approximated));
    assert_eq!(said(&step(time, day), Scalar::Time(moment), &[]), back);
}

#[test]
fn numbers_go_by_units_and_never_without_one_that_is_needed() {
    let mut step = step((CNC, "/CncChannelList/<CncChannel>/{channel}/ActFeedrate/value"), (NC_LINK, "/FEED_SPEED"));
    step.count_in(Err("translate-unit-unknown"));
    assert_eq!(said(&step, Scalar::F64(1200.0), &[]), Err("translate-unit-unknown".into()));
    step.count_in(Ok(None));
    assert_eq!(said(&step, Scalar::F64(1200.0), &[]), Err("translate-unit-unknown".into()), "mm/s is not guessed");
    step.count_in(Ok(Unit::by_code("H81")));
    assert_eq!(said(&step, Scalar::F64(1200.0), &[]), Ok(("20.0".into(), FateKind::Converted)), "mm/min into mm/s");
    step.count_in(Ok(Unit::by_code("C16")));
    assert_eq!(said(&step, Scalar::F32(0.1), &[]), Ok(("0.1".into(), FateKind::Exact)), "no digit is added");
    step.count_in(Ok(Unit::by_code("KGM")));
    assert_eq!(said(&step, Scalar::F64(1.0), &[]), Err("translate-unit-unfit".into()));
    assert_eq!(said(&step, text_of("fast"), b"fast"), Err("translate-unit-unfit".into()));
}

#[test]
fn counters_become_the_text_that_the_dictionary_has_and_come_back() {
    let from = "/MachineryBuildingBlocks/OperationCounters/PartsProducedInLifetime";
    let library = Library::built_in().value;
    let umati = library.find(UMATI).expect("built in");
    let parts = umati.mapping.fields.iter().find(|field| field.concept.as_deref() == Some("machine.parts-produced"));
    let pointer = parts.map_or(from, |field| field.pointer.as_str());
    let mut there = step((UMATI, pointer), (NC_LINK, "/PART_COUNT"));
    there.count_in(Ok(Unit::by_code("C62")));
    let most = Scalar::U64(BuiltInType::UInt64, u64::MAX);
    assert_eq!(said(&there, most, &[]).map(|said| said.0), Ok("\"18446744073709551615\"".into()));
    let mut back = step((NC_LINK, "/PART_COUNT"), (UMATI, pointer));
    back.count_in(Ok(Unit::by_code("C62")));
    assert_eq!(said(&back, text_of("120"), b"120").map(|said| said.0), Ok("120".into()));
    assert_eq!(said(&back, int(121), &[]).map(|said| said.0), Ok("121".into()), "some adapters write a number");
    assert_eq!(said(&back, text_of("1.5"), b"1.5"), Err("translate-not-whole".into()));
    assert_eq!(said(&back, text_of("many"), b"many"), Err("translate-unreadable".into()));
}

#[test]
fn a_unit_is_read_from_what_a_server_states() {
    let mut arena = vec![9];
    let mut tree = TreeWriter::new(&mut arena);
    tree.structure("i=887", 2, |tree| {
        tree.field("NamespaceUri");
        tree.text(BuiltInType::String, "http://www.opcfoundation.org/UA/units/un/cefact");
        tree.field("UnitId");
        tree.i64(BuiltInType::Int32, 5_067_857);
    });
    let scalar = Scalar::Tree(tree.finish());
    let none = Timestamp::NONE;
    let reading = Reading {
        scalar,
        arena: &arena,
        status: StatusCode(0),
        source_time: none,
        server_time: none,
        enumeration: None,
    };
    assert_eq!(stated_unit(&reading).map(|unit| unit.code), Some("MTQ"));
    assert!(stated_unit(&Reading { scalar: int(5), ..reading }).is_none());
}
