//! Fields of an event back from JSON: the types that events of alarms are made of.

use crate::model::tree::TreeWriter;
use crate::model::{BuiltInType, Scalar, Timestamp};
use base64::Engine as _;
use serde_json::{Map, Value};

/// The event with these fields, at the end of `arena`; `None`: one of them is of no such type, or not of its own.
#[must_use]
pub fn read_event(fields: &Map<String, Value>, arena: &mut Vec<u8>) -> Option<Scalar> {
    let start = arena.len();
    let mut writer = TreeWriter::new(arena);
    let mut is_read = true;
    // Its type is told by a field of it; the structure's own is never written.
    writer.structure("", fields.len() as u32, |writer| {
        for (name, field) in fields {
            writer.field(name);
            is_read &= variant(field, writer).is_some();
        }
    });
    let scalar = Scalar::Tree(writer.finish());
    if !is_read {
        arena.truncate(start);
    }
    is_read.then_some(scalar)
}

fn variant(field: &Value, writer: &mut TreeWriter<'_>) -> Option<()> {
    let kind = u8::try_from(field.get("UaType")?.as_u64()?).ok().and_then(BuiltInType::from_number)?;
    let value = field.get("Value")?;
    match kind {
        _ if value.is_null() => writer.null(kind),
        BuiltInType::Boolean => writer.bool(value.as_bool()?),
        BuiltInType::SByte | BuiltInType::Int16 | BuiltInType::Int32 => writer.i64(kind, value.as_i64()?),
        BuiltInType::Byte | BuiltInType::UInt16 | BuiltInType::UInt32 => writer.u64(kind, value.as_u64()?),
        BuiltInType::String | BuiltInType::NodeId => writer.text(kind, value.as_str()?),
        BuiltInType::DateTime => writer.time(Timestamp::parse(value.as_str()?).ok()?),
        BuiltInType::ByteString => {
            writer.bytes(&base64::engine::general_purpose::STANDARD.decode(value.as_str()?).ok()?);
        }
        BuiltInType::LocalizedText => {
            let part = |key: &str| value.get(key).and_then(Value::as_str);
            writer.localized_text(part("Locale"), part("Text"));
        }
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::event;
    use super::*;
    use crate::codec::{Reading, Tape};
    use crate::model::StatusCode;
    use serde_json::json;

    #[test]
    fn what_was_read_is_written_as_it_was_and_what_is_not_of_its_type_is_no_event() {
        let fields = json!({
            "EventId": { "UaType": 15, "Value": "q83vASNFZ4k=" },
            "EventType": { "UaType": 17, "Value": "i=2915" },
            "Time": { "UaType": 13, "Value": "2026-04-12T08:30:01.2Z" },
            "Message": { "UaType": 21, "Value": { "Locale": null, "Text": "冷却液液位低" } },
            "Severity": { "UaType": 5, "Value": 700 },
            "SourceName": { "UaType": 12, "Value": null },
            "Retain": { "UaType": 1, "Value": true },
        });
        let mut arena = Vec::new();
        let scalar = read_event(fields.as_object().expect("an object"), &mut arena).expect("an event");
        let (status, none) = (StatusCode::GOOD, Timestamp::NONE);
        let reading =
            Reading { scalar, arena: &arena, status, source_time: none, server_time: none, enumeration: None };
        let mut tape = Tape::new();
        event(&mut tape, &reading).expect("writable");
        assert_eq!(serde_json::from_str::<Value>(tape.as_str()).expect("JSON"), fields);
        for (kind, value) in
            [(1, json!("yes")), (5, json!(-1)), (13, json!("today")), (15, json!("?")), (22, json!({}))]
        {
            let fields = json!({ "F": { "UaType": kind, "Value": value } });
            let before = arena.len();
            assert_eq!(read_event(fields.as_object().expect("an object"), &mut arena), None, "{fields}");
            assert_eq!(arena.len(), before);
        }
    }
}
