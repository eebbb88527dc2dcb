use super::*;
use crate::model::tree::Node;
use crate::model::value::BuiltInType;
use crate::opcua::data_type::{RawDefinition, RawType};
use ::opcua::types::{
    Array, BinaryEncodable, ContextOwned, DataChangeNotification, DataValue, DateTime, DiagnosticInfo, EUInformation,
    ExpandedNodeId, Guid, LocalizedText, MonitoredItemNotification, QualifiedName, Range, StructureDefinition,
    StructureField, StructureType, UAString, Variant, VariantScalarTypeId, XmlElement,
};
use proptest::prelude::*;
use std::str::FromStr;

const LATHE: &str = "urn:acme:lathe";

fn id(number: u32) -> NodeId {
    NodeId::new(1, number)
}

fn field(name: &str, data_type: NodeId, rank: i32, is_optional: bool) -> StructureField {
    StructureField { name: name.into(), data_type, value_rank: rank, is_optional, ..Default::default() }
}

/// Data type `number`, encoded under `number + 1000`.
fn structure(number: u32, kind: StructureType, fields: Vec<StructureField>) -> RawType {
    let definition = StructureDefinition {
        default_encoding_id: id(number + 1000),
        base_data_type: NodeId::new(0, 22u32),
        structure_type: kind,
        fields: Some(fields),
    };
    RawType { id: id(number), is_abstract: false, definition: RawDefinition::Structure(definition), encodings: vec![] }
}

const INNER: u32 = 1;
const OPTIONAL: u32 = 2;
const UNION: u32 = 3;
const MODE: u32 = 4;
const OUTER: u32 = 5;
const SUBTYPED: u32 = 6;
const ABSTRACT: u32 = 7;

fn decoder() -> Decoder {
    let namespaces = Namespaces::new(["".to_owned(), LATHE.to_owned()]);
    let core = |number: u32| NodeId::new(0, number);
    let mut parents = HashMap::new();
    for structure in [INNER, OPTIONAL, UNION, OUTER, SUBTYPED, ABSTRACT] {
        parents.insert(id(structure), core(22));
    }
    parents.insert(id(MODE), core(29));
    let types = vec![
        structure(
            INNER,
            StructureType::Structure,
            vec![field("X", core(11), -1, false), field("Name", core(12), -1, false)],
        ),
        structure(
            OPTIONAL,
            StructureType::StructureWithOptionalFields,
            vec![field("A", core(6), -1, true), field("B", core(6), -1, false), field("C", core(12), -1, true)],
        ),
        structure(
            UNION,
            StructureType::Union,
            vec![field("Number", core(6), -1, false), field("Inner", id(INNER), -1, false)],
        ),
        RawType {
            id: id(MODE),
            is_abstract: false,
            definition: RawDefinition::Enumeration(vec![(0, "Off".to_owned()), (1, "On".to_owned())]),
            encodings: vec![],
        },
        structure(
            OUTER,
            StructureType::Structure,
            vec![
                field("Mode", id(MODE), -1, false),
                field("Parts", id(INNER), 1, false),
                field("Grid", core(4), 2, false),
                field("Any", core(24), -1, false),
                field("Base", id(ABSTRACT), -1, false),
                field("Missing", core(6), 1, false),
            ],
        ),
        structure(
            SUBTYPED,
            StructureType::StructureWithSubtypedValues,
            vec![
                field("Part", id(INNER), -1, true),
                field("Number", core(26), -1, true),
                field("Exact", core(6), -1, false),
            ],
        ),
        RawType { is_abstract: true, ..structure(ABSTRACT, StructureType::Structure, vec![]) },
    ];
    let types = DataTypes::build(parents, types, &namespaces);
    Decoder::new(Arc::new(namespaces), Arc::new(types))
}

/// A data change of these values, client handles counted from 0, kept raw.
fn raw(values: Vec<DataValue>) -> ExtensionObject {
    let items = (0u32..).zip(values);
    let notification = DataChangeNotification {
        monitored_items: Some(
            items.map(|(client_handle, value)| MonitoredItemNotification { client_handle, value }).collect(),
        ),
        diagnostic_infos: None,
    };
    let mut bytes = Vec::new();
    notification.encode(&mut bytes, &ContextOwned::default().context()).expect("encodes");
    raw_bytes(bytes)
}

fn raw_bytes(bytes: Vec<u8>) -> ExtensionObject {
    let encoding = NodeId::new(0, ObjectId::DataChangeNotification_Encoding_DefaultBinary as u32);
    ExtensionObject::new(ByteStringBody::new(ByteString::from(bytes), encoding))
}

/// The value as decoded from a notification, and the batch it lies in.
fn notified(decoder: &mut Decoder, value: impl Into<Variant>) -> (Scalar, Batch) {
    let mut batch = Batch::default();
    let value = DataValue { value: Some(value.into()), ..DataValue::null() };
    let done = decoder.notification(&raw(vec![value]), Some, &mut batch);
    assert_eq!(done, Some(Notification { values: 1, ..Notification::default() }));
    (batch.samples[0].scalar, batch)
}

fn body(number: u32, write: impl FnOnce(&mut Vec<u8>)) -> Variant {
    let mut bytes = Vec::new();
    write(&mut bytes);
    Variant::ExtensionObject(ExtensionObject::new(ByteStringBody::new(ByteString::from(bytes), id(number + 1000))))
}

/// An array of Variants.
fn variants(values: Vec<Variant>) -> Variant {
    let values: Vec<Variant> = values.into_iter().map(|value| Variant::Variant(Box::new(value))).collect();
    Variant::from(Array::new(VariantScalarTypeId::Variant, values).expect("an array"))
}

fn put(bytes: &mut Vec<u8>, value: impl BinaryEncodable) {
    value.encode(bytes, &ContextOwned::default().context()).expect("encodes");
}

/// As a Read response holds it.
fn encoded(value: &DataValue) -> Vec<u8> {
    let mut bytes = Vec::new();
    put(&mut bytes, value.clone());
    bytes
}

/// Checks the tree as text; both ways from the server must give it.
#[track_caller]
fn check(value: Variant, expected: &str) {
    let mut decoder = decoder();
    let (scalar, batch) = notified(&mut decoder, value.clone());
    let mut read = Batch::default();
    decoder.sample(0, &encoded(&DataValue::value_only(value)), &mut read);
    assert_eq!(shown(scalar, &batch), expected);
    assert_eq!(shown(read.samples[0].scalar, &read), expected, "read");
}

fn shown(scalar: Scalar, batch: &Batch) -> String {
    match scalar {
        Scalar::Null => "null".to_owned(),
        Scalar::Text(kind, span) => {
            format!("{kind:?} {:?}", std::str::from_utf8(span.of(&batch.arena)).expect("utf-8"))
        }
        Scalar::Bytes(span) => format!("{:?}", span.of(&batch.arena)),
        Scalar::Tree(span) => show(&Node::read(span.of(&batch.arena)).expect("a tree")),
        Scalar::I64(kind, value) => format!("{kind:?} {value}"),
        Scalar::U64(kind, value) => format!("{kind:?} {value}"),
        other => format!("{other:?}"),
    }
}

fn show(node: &Node<'_>) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match node {
        Node::Null(_) => "null".to_owned(),
        Node::I64(_, value) => value.to_string(),
        Node::U64(_, value) => value.to_string(),
        Node::F64(value) => value.to_string(),
        Node::Text(_, text) => format!("{text:?}"),
        Node::LocalizedText { locale, text } => {
            format!("{}:{}", locale.unwrap_or_default(), text.unwrap_or_default())
        }
        Node::QualifiedName { namespace, name } => format!("{namespace}:{name}"),
        Node::Enumeration { value, name } => format!("{name}_{value}"),
        Node::Array { element, items } => {
            format!("{element:?}[{}]", list(items.clone().map(|item| show(&item)).collect()))
        }
        Node::Matrix { element, dimensions, items } => {
            format!("{element:?}{dimensions:?}[{}]", list(items.clone().map(|item| show(&item)).collect()))
        }
        Node::Structure { type_id, fields } | Node::Union { type_id, fields } => {
            let fields = fields.clone().map(|(name, node)| format!("{name}={}", show(&node))).collect();
            let kind = if matches!(node, Node::Union { .. }) { "union " } else { "" };
            format!("{kind}{type_id}{{{}}}", list(fields))
        }
        Node::Opaque { type_id, body, .. } => format!("opaque {type_id} {body:?}"),
        Node::DataValue { status, value, .. } => format!("({} {status:x})", show(value)),
        other => format!("{other:?}"),
    }
}

#[test]
fn every_built_in_type_keeps_its_exact_value() {
    let guid = Guid::from_str("72962B91-FA75-4AE6-8D28-B404DC7DAF63").expect("a guid");
    let expanded = ExpandedNodeId { node_id: id(5), namespace_uri: UAString::null(), server_index: 2 };
    for (value, expected) in [
        (Variant::Empty, "null"),
        (Variant::Boolean(true), "Bool(true)"),
        (Variant::SByte(-128), "SByte -128"),
        (Variant::Byte(255), "Byte 255"),
        (Variant::Int16(i16::MIN), "Int16 -32768"),
        (Variant::UInt16(u16::MAX), "UInt16 65535"),
        (Variant::Int32(i32::MIN), "Int32 -2147483648"),
        (Variant::UInt32(u32::MAX), "UInt32 4294967295"),
        (Variant::Int64(i64::MIN), "Int64 -9223372036854775808"),
        (Variant::UInt64(u64::MAX), "UInt64 18446744073709551615"),
        (Variant::Float(0.1), "F32(0.1)"),
        (Variant::Double(f64::NEG_INFINITY), "F64(-inf)"),
        (Variant::String("Fräse 铣".into()), "String \"Fräse 铣\""),
        (Variant::String(UAString::null()), "null"),
        (Variant::from(DateTime::from(132_000_000_000_000_001)), "Time(Timestamp(132000000000000001))"),
        (Variant::from(guid), "Guid \"72962b91-fa75-4ae6-8d28-b404dc7daf63\""),
        (Variant::ByteString(ByteString::from(vec![0, 255])), "[0, 255]"),
        (Variant::XmlElement(XmlElement::from("<a/>")), "XmlElement \"<a/>\""),
        (Variant::from(NodeId::new(1, "Speed")), "NodeId \"nsu=urn:acme:lathe;s=Speed\""),
        (Variant::from(NodeId::new(9, 1u32)), "NodeId \"ns=9;i=1\""),
        (Variant::from(expanded), "ExpandedNodeId \"svr=2;nsu=urn:acme:lathe;i=5\""),
        (Variant::StatusCode(StatusCode::from(0x8031_0480)), "StatusCode 2150696064"),
        (Variant::from(QualifiedName::new(1, "Speed")), "urn:acme:lathe:Speed"),
        (Variant::from(LocalizedText::new("de", "Fräse")), "de:Fräse"),
        (Variant::from(LocalizedText::null()), ":"),
        (Variant::from(vec![1i32, -2]), "Int32[1, -2]"),
        (Variant::from(Vec::<f64>::new()), "Double[]"),
        (variants(vec![Variant::from(vec![1u8]), Variant::Empty]), "Variant[Byte[1], null]"),
        (Variant::Variant(Box::new(Variant::Int16(3))), "3"),
        (
            Variant::from(DataValue::new_at_status(7i32, DateTime::from(5), StatusCode::BadNoCommunication)),
            "(7 80310000)",
        ),
        (
            Variant::from(DiagnosticInfo {
                locale: Some(1),
                localized_text: Some(2),
                inner_diagnostic_info: Some(Box::new(DiagnosticInfo {
                    symbolic_id: Some(3),
                    ..DiagnosticInfo::null()
                })),
                ..DiagnosticInfo::null()
            }),
            "i=25{Locale=1, LocalizedText=2, InnerDiagnosticInfo=i=25{SymbolicId=3}}",
        ),
    ] {
        check(value, expected);
    }
}

#[test]
fn a_matrix_keeps_its_dimensions() {
    let values: Vec<Variant> = (1..=6).map(Variant::Int16).collect();
    let matrix = Array::new_multi(VariantScalarTypeId::Int16, values, vec![2, 3]).expect("a matrix");
    check(Variant::from(matrix), "Int16[2, 3][1, 2, 3, 4, 5, 6]");
}

#[test]
fn structures_and_unions_are_decoded_by_their_definitions() {
    let inner = |bytes: &mut Vec<u8>, x: f64, name: &str| {
        put(bytes, x);
        put(bytes, UAString::from(name));
    };
    check(body(INNER, |bytes| inner(bytes, 1.5, "a")), r#"nsu=urn:acme:lathe;i=1{X=1.5, Name="a"}"#);
    let optional = |mask: u32, tail: &[i32]| {
        body(OPTIONAL, |bytes| {
            put(bytes, mask);
            tail.iter().for_each(|number| put(bytes, *number));
        })
    };
    check(optional(0, &[8]), "nsu=urn:acme:lathe;i=2{B=8}");
    check(optional(1, &[7, 8]), "nsu=urn:acme:lathe;i=2{A=7, B=8}");
    check(optional(2, &[8, -1]), "nsu=urn:acme:lathe;i=2{B=8, C=null}");
    check(body(UNION, |bytes| put(bytes, 0u32)), "union nsu=urn:acme:lathe;i=3{}");
    check(
        body(UNION, |bytes| {
            put(bytes, 2u32);
            inner(bytes, 2.0, "b");
        }),
        r#"union nsu=urn:acme:lathe;i=3{Inner=nsu=urn:acme:lathe;i=1{X=2, Name="b"}}"#,
    );
    let outer = body(OUTER, |bytes| {
        put(bytes, 1i32);
        put(bytes, 2i32);
        inner(bytes, 1.0, "p");
        inner(bytes, 2.0, "q");
        for number in [2i32, 1, 2] {
            put(bytes, number);
        }
        put(bytes, 10i16);
        put(bytes, -20i16);
        put(bytes, Variant::from(vec![UAString::from("v")]));
        put(bytes, ExtensionObject::new(ByteStringBody::new(ByteString::from(vec![0; 8]), id(1))));
        put(bytes, -1i32);
    });
    let Variant::ExtensionObject(outer) = outer else { panic!("a structure") };
    check(
        Variant::from(vec![outer]),
        "ExtensionObject[nsu=urn:acme:lathe;i=5{Mode=On_1, Parts=ExtensionObject[nsu=urn:acme:lathe;i=1{X=1, Name=\"p\"}, \
         nsu=urn:acme:lathe;i=1{X=2, Name=\"q\"}], Grid=Int16[1, 2][10, -20], Any=String[\"v\"], \
         Base=opaque nsu=urn:acme:lathe;i=1 [0, 0, 0, 0, 0, 0, 0, 0], Missing=null}]",
    );
    let subtyped = body(SUBTYPED, |bytes| {
        let Variant::ExtensionObject(part) = body(OPTIONAL, |bytes| {
            put(bytes, 0u32);
            put(bytes, 9i32);
        }) else {
            panic!("a structure")
        };
        put(bytes, part);
        put(bytes, Variant::Byte(7));
        put(bytes, 3i32);
    });
    check(subtyped, "nsu=urn:acme:lathe;i=6{Part=nsu=urn:acme:lathe;i=2{B=9}, Number=7, Exact=3}");
}

#[test]
fn row_21_a_structure_whose_bytes_are_no_longer_those_of_its_definition_stays_bytes() {
    // A field fewer, and one more, than when the definition was read.
    check(body(INNER, |bytes| put(bytes, 1.5)), "opaque nsu=urn:acme:lathe;i=1 [0, 0, 0, 0, 0, 0, 248, 63]");
    check(
        body(INNER, |bytes| {
            put(bytes, 1.5);
            put(bytes, UAString::from("a"));
            put(bytes, 7i32);
        }),
        "opaque nsu=urn:acme:lathe;i=1 [0, 0, 0, 0, 0, 0, 248, 63, 1, 0, 0, 0, 97, 7, 0, 0, 0]",
    );
}

#[test]
fn core_structures_are_decoded_without_the_servers_help() {
    check(Variant::from(ExtensionObject::new(Range { low: -1.0, high: 9.5 })), "i=884{Low=-1, High=9.5}");
    let unit = EUInformation { unit_id: 4_408_652, display_name: LocalizedText::new("", "°C"), ..Default::default() };
    check(
        Variant::from(ExtensionObject::new(unit)),
        "i=887{NamespaceUri=null, UnitId=4408652, DisplayName=:°C, Description=:}",
    );
}

#[test]
fn what_cannot_be_decoded_stays_whole_and_is_told_once() {
    let mut decoder = decoder();
    let items = [];
    for (value, expected) in [
        (body(99, |bytes| bytes.push(7)), "opaque nsu=urn:acme:lathe;i=1099 [7]"),
        // A byte too many, a byte too few, a switch beyond the fields: the definition is not the server's.
        (body(UNION, |bytes| bytes.extend([0, 0, 0, 0, 1])), "opaque nsu=urn:acme:lathe;i=3 [0, 0, 0, 0, 1]"),
        (body(UNION, |bytes| bytes.extend([1, 0, 0])), "opaque nsu=urn:acme:lathe;i=3 [1, 0, 0]"),
        (body(UNION, |bytes| bytes.extend([3, 0, 0, 0])), "opaque nsu=urn:acme:lathe;i=3 [3, 0, 0, 0]"),
        (body(ABSTRACT, |bytes| bytes.push(1)), "opaque nsu=urn:acme:lathe;i=7 [1]"),
    ] {
        let (scalar, batch) = notified(&mut decoder, value);
        assert_eq!(shown(scalar, &batch), expected);
    }
    let told = decoder.take_findings(&items);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].code.0, "QIAO-O130");
    notified(&mut decoder, body(99, |bytes| bytes.push(7)));
    assert_eq!(decoder.take_findings(&items), []);
}

#[test]
fn status_and_both_times_are_kept_to_the_tick() {
    let value = DataValue {
        value: Some(Variant::Int32(1)),
        status: Some(StatusCode::from(0x4094_0480)),
        source_timestamp: Some(DateTime::from(132_000_000_000_000_007)),
        source_picoseconds: Some(9),
        server_timestamp: Some(DateTime::from(132_000_000_000_000_009)),
        server_picoseconds: Some(3),
    };
    let mut decoder = decoder();
    let mut batch = Batch::default();
    decoder.notification(&raw(vec![value.clone(), DataValue::null()]), |handle| Some(handle + 40), &mut batch);
    decoder.sample(42, &encoded(&value), &mut batch);
    for (sample, slot) in [(&batch.samples[0], 40), (&batch.samples[2], 42)] {
        assert_eq!((sample.slot, sample.status), (slot, 0x4094_0480));
        assert_eq!(sample.source_time, Timestamp(132_000_000_000_000_007));
        assert_eq!(sample.server_time, Timestamp(132_000_000_000_000_009));
    }
    let empty = &batch.samples[1];
    assert_eq!((empty.scalar, empty.status, empty.source_time.is_none()), (Scalar::Null, 0, true));
}

#[test]
fn a_damaged_value_costs_only_what_stands_behind_it() {
    let mut bytes = vec![3, 0, 0, 0];
    bytes.extend([0, 0, 0, 0, 1, 6, 5, 0, 0, 0]);
    bytes.extend([9, 0, 0, 0, 1, 1, 1]);
    bytes.extend([1, 0, 0, 0, 1, 0x77]);
    let mut batch = Batch::default();
    let slot_of = |handle| (handle != 9).then_some(handle);
    let done = decoder().notification(&raw_bytes(bytes), slot_of, &mut batch);
    assert_eq!(done, Some(Notification { values: 1, unknown: 1, lost: 1 }));
    assert_eq!(batch.samples[0].scalar, Scalar::I64(BuiltInType::Int32, 5));
    let typed = ExtensionObject::new(Range::default());
    assert_eq!(decoder().notification(&typed, Some, &mut batch), None);
}

#[test]
fn nesting_and_lengths_are_bounded() {
    let nested = |levels: usize, unit: &[u8]| [vec![1, 0, 0, 0, 0, 0, 0, 0, 1], unit.repeat(levels), vec![0]].concat();
    for unit in [&[23u8, 1][..], &[25, 0x40], &[24], &[0x98, 1, 0, 0, 0]] {
        let mut batch = Batch::default();
        let done = decoder().notification(&raw_bytes(nested(100_000, unit)), Some, &mut batch);
        assert_eq!(done, Some(Notification { lost: 1, ..Notification::default() }), "{unit:?}");
        assert!(batch.arena.is_empty());
    }
    let endless = [vec![1, 0, 0, 0, 0, 0, 0, 0, 1, 0x86], i32::MAX.to_le_bytes().to_vec()].concat();
    assert_eq!(decoder().notification(&raw_bytes(endless), Some, &mut Batch::default()).map(|done| done.lost), Some(1));
}

#[test]
fn values_behind_damaged_bytes_of_a_read_are_bad_and_not_null() {
    let (good, damaged) = (encoded(&DataValue::value_only(5i32)), [1, 0x77]);
    let whole = [&[3, 0, 0, 0][..], &good, &damaged, &good].concat();
    let mut batch = Batch::default();
    for (slot, bytes) in (0..).zip(read_results(&whole)) {
        decoder().sample(slot, &bytes, &mut batch);
    }
    decoder().sample(3, &damaged, &mut batch);
    let bad = StatusCode::BadDecodingError.bits();
    assert_eq!(batch.samples.iter().map(|sample| sample.status).collect::<Vec<_>>(), [0, bad, bad, bad]);
    assert_eq!(batch.samples[0].scalar, Scalar::I64(BuiltInType::Int32, 5));
    assert_eq!(read_results(&[]), [[0; 0]; 0]);
    assert_eq!(read_results(&i32::MAX.to_le_bytes()), [[0; 0]; 0]);
}

#[test]
fn times_inside_a_value_are_kept_whatever_their_year() {
    // The crate cuts them at 1601 and 9999.
    let time = |ticks: i64| [&[1_u8, 13][..], &ticks.to_le_bytes()].concat();
    let inside = |ticks: i64| [&[1_u8, 23, 1, 13][..], &ticks.to_le_bytes()].concat();
    for ticks in [i64::MIN + 1, -7, 0, 2_650_467_743_990_000_001, i64::MAX] {
        let mut batch = Batch::default();
        decoder().sample(0, &time(ticks), &mut batch);
        assert_eq!(batch.samples[0].scalar, Scalar::Time(Timestamp(ticks)));
        decoder().sample(1, &inside(ticks), &mut batch);
        assert_eq!(shown(batch.samples[1].scalar, &batch), format!("(Time(Timestamp({ticks})) 0)"));
    }
}

#[test]
fn text_that_is_no_utf8_is_kept_byte_by_byte() {
    let bytes = vec![1, 0, 0, 0, 0, 0, 0, 0, 1, 12, 2, 0, 0, 0, b'a', 0xFF];
    let mut batch = Batch::default();
    decoder().notification(&raw_bytes(bytes), Some, &mut batch);
    assert_eq!(shown(batch.samples[0].scalar, &batch), "opaque i=12 [97, 255]");
}

fn any_variant() -> impl Strategy<Value = Variant> {
    let scalar = prop_oneof![
        Just(Variant::Empty),
        any::<bool>().prop_map(Variant::Boolean),
        any::<i64>().prop_map(Variant::Int64),
        any::<u64>().prop_map(Variant::UInt64),
        any::<f32>().prop_map(Variant::Float),
        (0i64..2_650_467_743_990_000_000).prop_map(|ticks| Variant::from(DateTime::from(ticks))),
        ".{0,8}".prop_map(|text| Variant::String(text.as_str().into())),
        prop::collection::vec(any::<u8>(), 0..9).prop_map(|bytes| Variant::ByteString(ByteString::from(bytes))),
        (0u16..3, any::<u32>()).prop_map(|(namespace, number)| Variant::from(NodeId::new(namespace, number))),
        prop::collection::vec(any::<i16>(), 0..6).prop_map(Variant::from),
        prop::collection::vec(any::<u8>(), 0..6).prop_map(|bytes| body(INNER, |body| body.extend(bytes))),
    ];
    scalar.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(variants),
            (inner, any::<u32>()).prop_map(|(value, status)| {
                Variant::from(DataValue { status: Some(StatusCode::from(status)), ..DataValue::value_only(value) })
            }),
        ]
    })
}

proptest! {
    #[test]
    fn results_of_a_read_are_cut_where_one_value_ends(values in prop::collection::vec(any_variant(), 0..6)) {
        let pieces: Vec<Vec<u8>> = values.into_iter().map(|value| encoded(&DataValue::value_only(value))).collect();
        let count = (pieces.len() as u32).to_le_bytes();
        // Diagnostics follow.
        let whole = [&count[..], &pieces.concat(), &[0xFF; 4]].concat();
        prop_assert_eq!(read_results(&whole), pieces);
    }

    #[test]
    fn no_bytes_make_the_decoder_panic(bytes in prop::collection::vec(any::<u8>(), 0..64), kind in 0u8..32) {
        let start = [vec![2, 0, 0, 0, 0, 0, 0, 0, 0x3F, kind], bytes].concat();
        let mut batch = Batch::default();
        decoder().notification(&raw_bytes(start), Some, &mut batch);
        for sample in &batch.samples {
            if let Scalar::Tree(span) = sample.scalar {
                prop_assert!(Node::read(span.of(&batch.arena)).is_some());
            }
        }
    }
}
