//! What the simulated device says, message by message.

use super::behaviour::{Behaviour, OVERRIDE_MAX, Reading};
use crate::codec::nc_link::Kind;
use serde_json::{Value, json};
use std::time::Duration;

/// Version of its model.
const VERSION: &str = "1.0";
/// Items by id: what the samples, queries and sets name.
const STATUS: &str = "010302";
const MODE: &str = "010303";
const FEED_SPEED: &str = "010304";
const FEED_OVERRIDE: &str = "010305";
const SPINDLE_SPEED: &str = "010306";
const PART_COUNT: &str = "010307";
const POWER: &str = "010308";
const PROGRAM: &str = "0103543001";
const LINE_NUMBER: &str = "0103543002";
const WARNING: &str = "0103543003";
const POSITION: [&str; 2] = ["0103550101", "0103560101"];

/// Both channels are sent once a second; the faster one holds so many rows.
const ROWS: u32 = 10;
const ROW: Duration = Duration::from_millis(100);
pub(super) const UPLOAD: Duration = Duration::from_secs(1);

const STATE_COLUMNS: [&str; 7] = [STATUS, MODE, FEED_OVERRIDE, PART_COUNT, POWER, PROGRAM, LINE_NUMBER];
const MOTION_COLUMNS: [&str; 4] = [FEED_SPEED, SPINDLE_SPEED, POSITION[0], POSITION[1]];

// Reasons that open implementations know.
const UNKNOWN: &str = "Id Not Exists";
const READ_ONLY: &str = "Permission Denied";
const MISMATCH: &str = "Parameter Not Match";

/// The alarms that are active.
pub(super) fn warnings(reading: &Reading) -> Value {
    if reading.is_coolant_low { json!([{ "number": "700123", "text": "冷却液液位低" }]) } else { json!([]) }
}

/// The value of an item; `None`: there is none with this id.
fn item(id: &str, reading: &Reading) -> Option<Value> {
    Some(match id {
        STATUS => json!(reading.status),
        MODE => json!("auto"),
        FEED_SPEED => json!(reading.feed_rate),
        FEED_OVERRIDE => json!(reading.feed_override),
        SPINDLE_SPEED => json!(reading.spindle_speed),
        PART_COUNT => json!(reading.parts.to_string()),
        POWER => json!(reading.power),
        PROGRAM => json!(reading.program),
        LINE_NUMBER => json!(reading.line.to_string()),
        WARNING => warnings(reading),
        _ => {
            let axis = POSITION.iter().position(|axis| *axis == id)?;
            json!(reading.position.get(axis)?)
        }
    })
}

/// The samples of the second that ends at `at`, with the topic level of their channel; `begin_ms`: when it began,
/// milliseconds since 1970.
pub(super) fn samples(machine: &Behaviour, at: Duration, begin_ms: i64) -> [(&'static str, Value); 2] {
    let begin = at.saturating_sub(UPLOAD);
    let sample = |channel: &str, columns: &[&str], rows: u32, interval: Duration| {
        let readings: Vec<Reading> = (0..rows).map(|row| machine.reading(begin + interval * row)).collect();
        let column = |id: &&str| json!({ "data": readings.iter().map(|one| item(id, one)).collect::<Vec<_>>() });
        json!({
            "id": channel,
            "beginTime": begin_ms.to_string(),
            "data": columns.iter().map(column).collect::<Vec<_>>(),
            "interval": interval.as_millis() as u64,
            "uploadInterval": UPLOAD.as_millis() as u64,
        })
    };
    [("state", sample("state", &STATE_COLUMNS, 1, UPLOAD)), ("motion", sample("motion", &MOTION_COLUMNS, ROWS, ROW))]
}

/// The list of alarms changed.
pub(super) fn event(number: u64, time_ms: i64, reading: &Reading, before: &Reading) -> Value {
    let change = json!({ "key": "WARNING", "value": warnings(reading), "oldValue": warnings(before) });
    json!({ "@id": format!("event-{number}"), "id": WARNING, "time": time_ms.to_string(), "event": change })
}

/// How it announces itself.
pub(super) fn registration(device: &str) -> Value {
    json!({ "@id": "register-1", "guid": device, "version": VERSION })
}

/// The kind and the text of the answer to a request; `None`: it has none. A set takes effect here.
pub(super) fn answer(
    kind: Kind,
    request: &Value,
    device: &str,
    machine: &mut Behaviour,
    at: Duration,
) -> Option<(Kind, Value)> {
    let id = request.get("@id")?.as_str()?;
    let listed = |member: &str| request.get(member).and_then(Value::as_array).cloned().unwrap_or_default();
    match kind {
        Kind::Ping => Some((Kind::Pong, json!({ "@id": id }))),
        Kind::VersionRequest => Some((Kind::VersionResponse, json!({ "@id": id, "code": "OK", "version": VERSION }))),
        Kind::ProbeQueryRequest => {
            Some((Kind::ProbeQueryResponse, json!({ "@id": id, "code": "OK", "probe": model(device) })))
        }
        Kind::QueryRequest => {
            let reading = machine.reading(at);
            let values: Vec<Value> = listed("ids").iter().map(|asked| queried(asked, &reading)).collect();
            Some((Kind::QueryResponse, json!({ "@id": id, "values": values })))
        }
        Kind::SetRequest => {
            let results: Vec<Value> = listed("values").iter().map(|wish| set(wish, machine)).collect();
            Some((Kind::SetResponse, json!({ "@id": id, "results": results })))
        }
        _ => None,
    }
}

fn queried(asked: &Value, reading: &Reading) -> Value {
    let id = asked.get("id").and_then(Value::as_str).unwrap_or_default();
    match item(id, reading) {
        Some(value) => json!({ "id": id, "code": "OK", "values": [value] }),
        None => json!({ "id": id, "code": "NG", "reason": UNKNOWN }),
    }
}

fn set(wish: &Value, machine: &mut Behaviour) -> Value {
    let id = wish.get("id").and_then(Value::as_str).unwrap_or_default();
    let value = wish.pointer("/params/value").and_then(Value::as_f64);
    let refused = |reason: &str| json!({ "id": id, "code": "NG", "reason": reason });
    match (id, value) {
        (FEED_OVERRIDE, Some(value)) if (0.0..=OVERRIDE_MAX as f64).contains(&value) && value.fract() == 0.0 => {
            machine.feed_override = value as u64;
            json!({ "id": id, "code": "OK" })
        }
        (FEED_OVERRIDE, _) => refused(MISMATCH),
        _ if item(id, &machine.reading(Duration::ZERO)).is_some() => refused(READ_ONLY),
        _ => refused(UNKNOWN),
    }
}

fn model(device: &str) -> Value {
    let columns = |ids: &[&str]| ids.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>();
    let channel = |id: &str, ids: &[&str], interval: Duration| {
        json!({
            "id": id,
            "type": "SAMPLE_CHANNEL",
            "sampleInterval": interval.as_millis() as u64,
            "uploadInterval": UPLOAD.as_millis() as u64,
            "ids": columns(ids),
        })
    };
    let axis = |component: &str, number: &str, item: &str| {
        let screw = json!({ "id": format!("{component}01"), "type": "SCREW", "dataItems": [
            { "id": item, "type": "POSITION", "units": "mm" },
        ] });
        let kind = json!({ "id": format!("{component}90"), "type": "TYPE", "value": "linear" });
        json!({ "id": component, "type": "AXIS", "number": number, "configs": [kind], "components": [screw] })
    };
    json!({
        "id": "01",
        "type": "NC_LINK_ROOT",
        "name": "simulated line",
        "version": VERSION,
        "devices": [{
            "id": "0103",
            "type": "MACHINE",
            "name": "HX 500",
            "number": "HX500-0042",
            "guid": device,
            "version": VERSION,
            "configs": [
                { "id": "010390", "type": "MANUFACTURER", "value": "示例机床厂" },
                { "id": "010391", "type": "MODEL", "value": "HX 500" },
                channel("state", &STATE_COLUMNS, UPLOAD),
                channel("motion", &MOTION_COLUMNS, ROW),
            ],
            "dataItems": [
                { "id": STATUS, "type": "STATUS" },
                { "id": MODE, "type": "WORK_MODE" },
                { "id": FEED_SPEED, "type": "FEED_SPEED", "units": "mm/min" },
                { "id": FEED_OVERRIDE, "type": "FEED_OVERRIDE", "units": "%", "setable": true },
                { "id": SPINDLE_SPEED, "type": "SPINDLE_SPEED", "units": "r/min" },
                { "id": PART_COUNT, "type": "PART_COUNT" },
                { "id": POWER, "type": "POWER", "units": "W" },
            ],
            "components": [
                { "id": "010354", "type": "CONTROLLER", "dataItems": [
                    { "id": PROGRAM, "type": "PROGRAM" },
                    { "id": LINE_NUMBER, "type": "LINE_NUMBER" },
                    { "id": WARNING, "type": "WARNING", "datatype": "LIST" },
                ] },
                axis("010355", "X", POSITION[0]),
                axis("010356", "Z", POSITION[1]),
            ],
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(kind: Kind, request: &Value, machine: &mut Behaviour) -> Value {
        answer(kind, request, "line-1", machine, Duration::from_secs(1)).expect("an answer").1
    }

    #[test]
    fn a_set_takes_effect_or_says_why_not() {
        let mut machine = Behaviour::default();
        let wish = |id: &str, value: Value| json!({ "id": id, "params": { "value": value } });
        let request = json!({ "@id": "s-1", "values": [
            wish(FEED_OVERRIDE, json!(80)),
            wish(FEED_OVERRIDE, json!(151)),
            wish(FEED_OVERRIDE, json!("much")),
            wish(POWER, json!(1)),
            wish("nothing", json!(1)),
        ] });
        let answer = asked(Kind::SetRequest, &request, &mut machine);
        let reasons: Vec<_> =
            answer["results"].as_array().expect("results").iter().map(|one| one["reason"].as_str()).collect();
        assert_eq!(reasons, [None, Some(MISMATCH), Some(MISMATCH), Some(READ_ONLY), Some(UNKNOWN)]);
        assert_eq!(machine.feed_override, 80);
        let query = asked(Kind::QueryRequest, &json!({ "@id": "q-1", "ids": [{ "id": FEED_OVERRIDE }] }), &mut machine);
        assert_eq!(query["values"][0]["values"], json!([80]));
    }

    #[test]
    fn every_column_of_a_channel_is_an_item_with_a_value() {
        let machine = Behaviour::default();
        let text = model("line-1").to_string();
        for (channel, sample) in samples(&machine, Duration::from_secs(5), 0) {
            let ids = if channel == "state" { &STATE_COLUMNS[..] } else { &MOTION_COLUMNS[..] };
            let columns = sample["data"].as_array().expect("columns");
            assert_eq!(columns.len(), ids.len());
            for (id, column) in ids.iter().zip(columns) {
                assert!(text.contains(&format!("\"id\":\"{id}\",\"type\"")), "{id}");
                assert!(column["data"].as_array().is_some_and(|rows| rows.iter().all(|row| !row.is_null())), "{id}");
            }
        }
    }
}
