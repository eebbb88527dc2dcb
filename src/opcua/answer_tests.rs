use super::*;
use crate::opcua::runtime::STACK_BYTES;
use crate::opcua::session::PINNED;
use ::opcua::types::{
    BinaryEncodable, ContextOwned, DataValue, DateTime, DecodingOptions, NodeId, StatusCode, Variant,
};

/// The largest message there is: of a server whose certificate is pinned.
const LARGEST: usize = PINNED.chunks * 65_535;

/// Options of a session with a pinned server.
fn context() -> ContextOwned {
    let mut context = ContextOwned::default();
    *context.options_mut() = DecodingOptions {
        max_message_size: LARGEST,
        max_array_length: PINNED.array_length,
        max_string_length: PINNED.text_bytes,
        max_byte_string_length: PINNED.text_bytes,
        ..DecodingOptions::default()
    };
    context
}

/// Chunks as large as they may be.
fn chunks(bytes: &[u8]) -> Vec<MessageChunk> {
    bytes.chunks(65_535).map(|part| MessageChunk { data: part.to_vec().into() }).collect()
}

/// Type id and header of a response; then the rest.
fn message(id: ObjectId, rest: &[u8]) -> Vec<u8> {
    let mut bytes = NodeId::from(id).encode_to_vec(&context().context());
    // Time, handle, result; no diagnostics, strings, additional header.
    bytes.extend([0; 8 + 4 + 4]);
    bytes.extend([0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0]);
    bytes.extend(rest);
    bytes
}

/// Levels up to the largest message, in a stack of the size that sources have.
fn on_a_sources_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(work).expect("a thread");
    thread.join().expect("no overflow, no panic")
}

#[test]
fn nothing_that_nests_overflows_the_stack_at_the_largest_message() {
    use ObjectId as Id;
    let (one, none, null) = ([1, 0, 0, 0], [0xFF; 4], [0u8; 4]);
    let output = [&one[..], &null, &none, &none, &one].concat();
    // An additional header or a notification that holds the type under this id.
    let object = |id: ObjectId| [&[1, 0][..], &(id as u16).to_le_bytes(), &[1], &(15_i32 << 20).to_le_bytes()].concat();
    let publish = [&[0; 4][..], &none, &[0], &[0; 12], &one].concat();
    let cases: Vec<(&str, ObjectId, Vec<u8>, &[u8])> = vec![
        ("values in a Call", Id::CallResponse_Encoding_DefaultBinary, output.clone(), &[0x17, 0x01]),
        ("values with reserved bits", Id::CallResponse_Encoding_DefaultBinary, output.clone(), &[0x17, 0xC1]),
        ("arrays of values", Id::CallResponse_Encoding_DefaultBinary, output.clone(), &[0x97, 1, 0, 0, 0, 0x01]),
        ("diagnostics in a Call", Id::CallResponse_Encoding_DefaultBinary, output, &[0x19, 0x40, 0x40]),
        (
            "diagnostics with text",
            Id::BrowseResponse_Encoding_DefaultBinary,
            [&none[..], &one].concat(),
            &[0x50, 1, 0, 0, 0, b'@'],
        ),
        (
            "diagnostics of a status change",
            Id::PublishResponse_Encoding_DefaultBinary,
            [&publish[..], &object(Id::StatusChangeNotification_Encoding_DefaultBinary), &null].concat(),
            &[0x40],
        ),
        (
            "fields of an event",
            Id::PublishResponse_Encoding_DefaultBinary,
            [&publish[..], &object(Id::EventNotificationList_Encoding_DefaultBinary), &one, &null, &one].concat(),
            &[0x17, 0x01],
        ),
    ];
    for (name, id, start, unit) in cases {
        let levels = (LARGEST - 200) / unit.len();
        let bytes = message(id, &[start, unit.repeat(levels), vec![0; 16]].concat());
        assert!(bytes.len() <= LARGEST, "{name}");
        let decoded = on_a_sources_stack(move || response(&chunks(&bytes), &context().context()).map(drop));
        let error = decoded.expect_err(name);
        assert_eq!(error.status(), StatusCode::BadDecodingError, "{name}: {error}");
    }
    let header =
        [&NodeId::from(Id::ServiceFault_Encoding_DefaultBinary).encode_to_vec(&context().context())[..], &[0; 16]];
    let bytes = [header.concat(), vec![0x40; LARGEST - 100]].concat();
    let decoded = on_a_sources_stack(move || response(&chunks(&bytes), &context().context()).map(drop));
    assert!(decoded.expect_err("a header").to_string().contains("nested too deep"));
}

#[test]
fn an_attribute_that_nests_overflows_no_stack() {
    let cases = [(&[][..], &[0x01, 0x17][..]), (&[], &[0x01, 0x97, 1, 0, 0, 0]), (&[0x01], &[0x98, 1, 0, 0, 0])];
    for (start, unit) in cases {
        let bytes = [start, &unit.repeat(LARGEST / unit.len()), &[0]].concat();
        let decoded =
            on_a_sources_stack(move || DataValue::decode(&mut Body::part(&bytes), &context().context()).map(drop));
        decoded.expect_err("too deep");
    }
}

#[test]
fn what_is_nested_as_deep_as_the_specification_asks_is_decoded() {
    let nested = |levels: usize| [[0x01, 0x17].repeat(levels), vec![0x01, 0x01, 0x01]].concat();
    // In a build without optimisation too.
    let decoded = on_a_sources_stack(move || {
        let bytes = nested(100);
        let mut value = DataValue::decode(&mut Body::part(&bytes), &context().context()).expect("100 levels");
        let mut levels = 0;
        while let Some(Variant::DataValue(inner)) = value.value {
            value = *inner;
            levels += 1;
        }
        (levels, value.value)
    });
    assert_eq!(decoded, (100, Some(Variant::Boolean(true))));
}

#[test]
fn the_results_of_a_read_stay_bytes_across_chunks() {
    let context = context();
    let values: Vec<DataValue> =
        (0..40_000).map(|number| DataValue::new_at(number, DateTime::from(i64::from(number)))).collect();
    let mut rest = (values.len() as u32).to_le_bytes().to_vec();
    for value in &values {
        value.encode(&mut rest, &context.context()).expect("encodes");
    }
    rest.extend([0xFF; 4]);
    let bytes = message(ObjectId::ReadResponse_Encoding_DefaultBinary, &rest);
    let whole = chunks(&bytes);
    assert!(whole.len() > 2);
    let Ok(ResponseMessage::Read(answer)) = response(&whole, &context.context()) else { panic!("a Read response") };
    assert_eq!(read_results(&answer), rest);
    assert_eq!(read_results(&ReadResponse::default()), [0u8; 0]);
    response(&[], &context.context()).expect_err("no message at all");
}
