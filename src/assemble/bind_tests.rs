use super::*;
use crate::assemble::fixture::{constant, discovery, field, item, mandatory, open_profile, tool_profile, type_of};
use crate::assemble::frame::{Contents, Frame, Written};
use crate::assemble::image::Image;
use crate::codec::Tape;
use crate::codec::data_set_message::Header;
use crate::model::{BuiltInType, DeclaredPath, DeclaredSource};
use crate::model::{Sample, Scalar, StatusCode, Timestamp};
use crate::profile::Codec;

fn layout(mapping: Mapping, paths: &[&str]) -> Checked<Layout> {
    let profile = Profile { mapping: Arc::new(mapping), ..tool_profile() };
    let found = discovery(1, &["M1"], paths.iter().map(|path| item(0, path)).collect());
    bind(&profile, "M1", &candidates(&found)[0], &[])
}

/// The message with every field bound to slot n holding n.
fn message(layout: &Layout) -> String {
    let mut image = Image::new(layout);
    for (at, field) in (0..).zip(layout.fields()) {
        let sample = Sample {
            slot: field.slot,
            status: StatusCode::GOOD.0,
            source_time: Timestamp::NONE,
            server_time: Timestamp::NONE,
            scalar: Scalar::I64(BuiltInType::Int32, i64::from(field.slot)),
        };
        image.store(layout, at, &sample, &[]);
    }
    let header = Header {
        kind: crate::codec::data_set_message::MessageType::KeyFrame,
        publisher: "g",
        writer: "m",
        sequence: 1,
        time: Timestamp::UNIX_EPOCH,
        time_source: None,
        is_back_filled: false,
    };
    let (contents, codec) = (Contents::All, Codec::UmatiJson);
    let mut tape = Tape::new();
    let frame = Frame { layout, image: &image, codec, contents, header, remarks: &[] };
    frame.write(&mut tape, &mut Written::default());
    tape.as_str().to_owned()
}

#[track_caller]
fn binds(mapping: Mapping, paths: &[&str], expected: &str, codes: &[&str]) {
    let bound = layout(mapping, paths);
    assert_eq!(message(&bound.value), expected);
    let found: Vec<&str> = bound.findings.iter().map(|finding| &*finding.code.0).collect();
    assert_eq!(found, codes, "{:?}", bound.findings);
}

fn fields(fields: Vec<Field>) -> Mapping {
    Mapping { fields, ..Mapping::default() }
}

fn open_below(base: &str, claimed: Vec<Field>) -> Mapping {
    Mapping { open: Some(base.to_owned()), ..fields(claimed) }
}

#[test]
fn a_node_fills_every_field_that_names_it() {
    let mapping = || fields(vec![field("/A/x", "P/X"), field("/B/x", "P/X"), field("/A/y~1z", "P/q!Y")]);
    binds(mapping(), &["P/X", "P/q!Y"], r#"{"A":{"x":0,"y/z":1},"B":{"x":0}}"#, &[]);
    binds(mapping(), &["P/X", "P/r!Y"], r#"{"A":{"x":0},"B":{"x":0}}"#, &["QIAO-V203"]);
}

#[test]
fn a_placeholder_is_every_element_of_its_type_and_no_node_that_has_a_name_of_its_own() {
    let profile = tool_profile();
    let paths = [
        "Id/Serial",
        "Monitoring/MachineTool[26]/Mode",
        "Monitoring/Channel 1[16,9]/State",
        "Monitoring/Channel 1[16,9]/Name",
        "Monitoring/Spindle/1[22]/Name",
        "Monitoring/Other[99]/Name",
    ]
    .map(|path| item(0, path));
    let found = discovery(1, &["M1"], paths.to_vec());
    let bound = bind(&profile, "M1", &candidates(&found)[0], &[]);
    let expected = concat!(
        r#"{"Id":{"Serial":0},"Mode":1,"Elements":{"Channel 1":{"Name":3,"State":2,"$Type":"nsu=urn:t;i=16"}},"#,
        r#""Notification":{}}"#
    );
    assert_eq!(message(&bound.value), expected);
    assert_eq!(bound.findings.len(), 1);
    assert_eq!(bound.findings[0].arguments[0], ("count", "2".to_owned()));
}

#[test]
fn a_placeholder_without_types_leaves_named_neighbours_alone() {
    let mapping = fields(vec![field("/Named", "M/Fixed/Value"), field("/All/{any}", "M/<any>/Value")]);
    binds(mapping, &["M/Fixed/Value", "M/Free/Value"], r#"{"Named":0,"All":{"Free":1}}"#, &[]);
}

#[test]
fn two_nodes_that_would_fill_one_field_fill_none() {
    let mapping = fields(vec![field("/A", "X"), field("/B", "Y")]);
    binds(mapping, &["q!X", "r!X", "Y"], r#"{"B":2}"#, &["QIAO-V201"]);
    // Several entries that lead to the same node are no contradiction.
    let mapping = fields(vec![field("/A", "X"), field("/A", "q!X")]);
    binds(mapping, &["q!X"], r#"{"A":0}"#, &[]);
}

#[test]
fn a_mandatory_field_without_a_node_is_a_finding_for_the_machine_and_for_each_element() {
    binds(fields(vec![mandatory("/A", "X"), mandatory("/B", "Y")]), &["X"], r#"{"A":0}"#, &["QIAO-V202"]);
    let mapping = || {
        fields(vec![
            field("/E/{e}/Name", "E/<e>/Name"),
            mandatory("/E/{e}/State", "E/<e:16>/State"),
            mandatory("/E/{e}/Turning", "E/<e:22>/Turning"),
        ])
    };
    let paths = ["E/C1[16]/Name", "E/C2[16]/Name", "E/C2[16]/State", "E/S[22]/Name", "E/S[22]/Turning"];
    let expected = r#"{"E":{"C1":{"Name":0},"C2":{"Name":1,"State":2},"S":{"Name":3,"Turning":4}}}"#;
    binds(mapping(), &paths, expected, &["QIAO-V202"]);
    let element = layout(mapping(), &paths).findings[0].arguments[1].clone();
    assert_eq!(element, ("element", "E/C1".to_owned()));
    // Entries for the same field are alternatives.
    binds(fields(vec![mandatory("/A", "X"), mandatory("/A", "Y")]), &["Y"], r#"{"A":0}"#, &[]);
}

#[test]
fn constants_stand_where_their_object_stands() {
    let mapping = Mapping {
        constants: vec![
            constant("/Version", serde_json::json!(2)),
            constant("/A/Unit", serde_json::json!("mm")),
            constant("/Gone/Unit", serde_json::json!("mm")),
            type_of("/E/{e}/Type", "e"),
        ],
        ..fields(vec![field("/A/x", "X"), field("/Gone/x", "Nowhere"), field("/E/{e}/Name", "E/<e>/Name")])
    };
    let expected = r#"{"A":{"x":0,"Unit":"mm"},"E":{"C":{"Name":1,"Type":"nsu=urn:t;i=16"}},"Version":2}"#;
    binds(mapping, &["X", "E/C[16]/Name"], expected, &[]);
}

#[test]
fn an_open_mapping_names_fields_by_path_and_tells_namesakes_apart() {
    let mapping = open_below("/Payload", vec![field("/Payload/first", "A/x")]);
    let expected = r#"{"Payload":{"first":0,"A/y":1,"B/nsu=urn:p:z/v":2,"B/nsu=urn:q:z/v":3,"B/w":4}}"#;
    let bound = layout(mapping, &["A/x", "A/y", "B/p!z/v", "B/q!z/v", "B/p!w"]);
    assert_eq!(message(&bound.value).replace("\\\\", ""), expected);
    assert_eq!(bound.findings, []);
}

#[test]
fn two_nodes_with_one_path_under_an_open_mapping_are_a_finding() {
    let bound = layout(open_below("", Vec::new()), &["A", "A", "B"]);
    assert_eq!(message(&bound.value), r#"{"A":0,"B":2}"#);
    assert_eq!(&*bound.findings[0].code.0, "QIAO-V204");
}

#[test]
fn ten_thousand_open_fields_bind_in_no_time() {
    let paths: Vec<FoundItem> = (0..10_000).map(|n| item(0, &format!("A/B{}/v{n}", n % 100))).collect();
    let found = discovery(1, &["M1"], paths);
    let bound = bind(&open_profile(), "M1", &candidates(&found)[0], &[]);
    assert_eq!((bound.value.fields().len(), bound.findings.len()), (10_000, 0));
}

fn declare(field: &str, source: &str) -> DeclaredField {
    let source = match source.split_once('!') {
        Some(("path", path)) => DeclaredSource::Path(DeclaredPath::parse(path).expect("a path")),
        Some(("node", node)) => DeclaredSource::Node(node.to_owned()),
        _ => DeclaredSource::Value,
    };
    DeclaredField { field: field.to_owned(), source, is_plain: false, place: "t.csv:2:1".to_owned() }
}

#[test]
fn what_is_declared_goes_before_the_mapping_and_a_node_may_fill_several_fields() {
    let paths =
        ["Id/Serial", "Monitoring/MachineTool/Mode", "Block/Word", "Block/Power", "Block/Twice", "x!Block/Twice"];
    let found = discovery(1, &["M1"], paths.iter().map(|path| item(0, path)).collect());
    let declared = [
        declare("/Mode", "path!Block/Word"),
        declare("/Power", "node!nsu=urn:m;s=0.Block/Power"),
        declare("/Elements/C1/State", "path!Block/Word"),
        declare("/Elements/C2/Name", "value"),
        declare("/Elements/C3/State", "path!Block/Twice"),
        declare("/Elements/C4/State", "path!Block/Pover"),
        declare("/Of/Another/Profile", "value"),
    ];
    let bound = bind(&tool_profile(), "M1", &candidates(&found)[0], &declared);
    let fields: Vec<_> =
        bound.value.fields().iter().map(|f| (f.pointer.as_str(), f.slot, f.declared, f.is_mandatory)).collect();
    assert_eq!(
        fields,
        [
            ("/Mode", 2, Some(0), true),
            ("/Power", 3, Some(1), false),
            ("/Elements/C1/State", 2, Some(2), true),
            ("/Elements/C2/Name", NO_SLOT, Some(3), false),
            ("/Id/Serial", 0, None, true),
        ]
    );
    assert_eq!(bound.value.by_slot(), [(0, 4), (2, 0), (2, 2), (3, 1)]);
    assert_eq!(bound.value.fields()[2].element, Some(2..3));
    let told: Vec<_> = bound.findings.iter().map(|finding| (&*finding.code.0, fact(finding, "nearest"))).collect();
    // Several nodes, no node, and the state that C2 must have; what is left over is counted.
    assert_eq!(
        told,
        [("QIAO-B021", None), ("QIAO-B020", Some("Block/Power")), ("QIAO-V202", None), ("QIAO-V203", None)]
    );
}

fn fact<'f>(finding: &'f Finding, name: &str) -> Option<&'f str> {
    finding.arguments.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
}
