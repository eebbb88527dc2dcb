//! Discoveries and profiles for tests.

use crate::model::browse::UA_NAMESPACE;
use crate::model::delivery::TopicKind;
use crate::model::discovery::{DataType, ItemMode, Target};
use crate::model::{BrowseName, BrowsePath, BuiltInType, Discovery, FoundItem, FoundMachine};
use crate::profile::{
    Codec, Constant, ConstantValue, Exchange, Field, MachineId, Mapping, MessageKind, PathStep, Profile, Titles,
    WhenLost,
};
use std::sync::Arc;
use std::time::Duration;

/// A machine of flow 0 with this browse name; its node id is made from it.
pub(crate) fn machine(name: &str) -> FoundMachine {
    FoundMachine {
        flow: 0,
        node: format!("nsu=urn:m;s={name}"),
        browse_name: BrowseName::new("urn:m", name),
        path: BrowsePath(vec![BrowseName::new("urn:m", "Machines"), BrowseName::new("urn:m", name)]),
        types: vec!["nsu=urn:t;i=13".to_owned()],
        parent: "nsu=urn:m;s=Machines".to_owned(),
    }
}

/// A variable below a machine. Steps of the path are `Name`, `Name[16,1]` with its types, or `x!Name` in the
/// namespace `urn:x`.
pub(crate) fn item(machine: u32, path: &str) -> FoundItem {
    let (mut names, mut types) = (Vec::new(), Vec::new());
    for step in path.split('/') {
        let (step, own) = step.strip_suffix(']').and_then(|step| step.split_once('[')).unwrap_or((step, ""));
        let (namespace, name) = step
            .split_once('!')
            .map_or((UA_NAMESPACE.to_owned(), step), |(short, name)| (format!("urn:{short}"), name));
        names.push(BrowseName::new(namespace, name));
        let own = own.split(',').filter(|number| !number.is_empty()).map(|number| format!("nsu=urn:t;i={number}"));
        types.push(own.collect::<Arc<[String]>>());
    }
    FoundItem {
        node: format!("nsu=urn:m;s={machine}.{path}"),
        targets: vec![Target { machine, path: BrowsePath(names), types }],
        mode: ItemMode::Monitored,
        data_type: DataType { node: "i=6".to_owned(), built_in: BuiltInType::Int32, enumeration: None },
        value_rank: -1,
        unit: None,
    }
}

pub(crate) fn discovery(epoch: u64, machines: &[&str], items: Vec<FoundItem>) -> Discovery {
    Discovery { epoch, carries_on: None, machines: machines.iter().map(|name| machine(name)).collect(), items }
}

/// A field. Steps of the path are `Name`, `x!Name`, `<element>` or `<element:16>` with its types.
pub(crate) fn field(pointer: &str, path: &str) -> Field {
    let step = |step: &str| match step.strip_prefix('<').and_then(|step| step.strip_suffix('>')) {
        Some(placeholder) => {
            let (name, types) = placeholder.split_once(':').unwrap_or((placeholder, ""));
            let types = types.split(',').filter(|number| !number.is_empty());
            let types = types.map(|number| format!("nsu=urn:t;i={number}")).collect();
            PathStep::Placeholder { name: name.to_owned(), types }
        }
        None => match step.split_once('!') {
            Some((short, name)) => PathStep::Name { namespace: Some(format!("urn:{short}")), name: name.to_owned() },
            None => PathStep::Name { namespace: None, name: step.to_owned() },
        },
    };
    Field { pointer: pointer.to_owned(), path: path.split('/').map(step).collect(), ..Field::default() }
}

pub(crate) fn mandatory(pointer: &str, path: &str) -> Field {
    Field { is_mandatory: true, ..field(pointer, path) }
}

pub(crate) fn constant(pointer: &str, value: serde_json::Value) -> Constant {
    Constant { pointer: pointer.to_owned(), value: ConstantValue::Json(value) }
}

pub(crate) fn type_of(pointer: &str, placeholder: &str) -> Constant {
    let value = ConstantValue::TypeDefinition { placeholder: placeholder.to_owned() };
    Constant { pointer: pointer.to_owned(), value }
}

/// A small relative of the umati profile: state, images, two kinds of elements.
pub(crate) fn tool_profile() -> Profile {
    let mapping = Mapping {
        fields: vec![
            mandatory("/Id/Serial", "Id/Serial"),
            mandatory("/Mode", "Monitoring/MachineTool/Mode"),
            field("/Power", "Monitoring/MachineTool/Power"),
            field("/Elements/{e}/Name", "Monitoring/<e:16,22>/Name"),
            mandatory("/Elements/{e}/State", "Monitoring/<e:16>/State"),
            field("/Elements/{e}/Override", "Monitoring/<e:16>/Override"),
        ],
        constants: vec![type_of("/Elements/{e}/$Type", "e"), constant("/Notification", serde_json::json!({}))],
        ..Mapping::default()
    };
    let schema = serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "Id": { "type": "object", "properties": { "Serial": { "type": "string" } }, "required": ["Serial"] },
            "Mode": { "enum": [0, 1, 2, null] },
            "Power": { "type": "number", "maximum": 100 },
            "Elements": { "additionalProperties": {
                "type": "object",
                "properties": {
                    "Name": { "type": "string" },
                    "State": { "enum": [0, 1, 2] },
                    "Override": { "type": "number", "maximum": 200 }
                },
                "required": ["State"]
            } }
        },
        "required": ["Id", "Mode"]
    });
    Profile {
        name: "test/tool".to_owned(),
        version: "1.0".to_owned(),
        titles: Titles::default(),
        about: Arc::default(),
        exchange: Exchange::Flow,
        detect: Vec::new(),
        codec: Codec::UmatiJson,
        message: MessageKind::Image,
        every: Duration::from_secs(1),
        at_least_every: Some(Duration::from_secs(10)),
        complete_within: Duration::from_secs(5),
        topic: "tool/{gateway}/{machine}".to_owned(),
        topic_kind: TopicKind::State,
        machine_id: MachineId::BrowseName,
        type_definition: None,
        when_lost: WhenLost::Clear,
        channels: Vec::new(),
        beside: None,
        spellings: Arc::default(),
        schema: Arc::new(schema),
        mapping: Arc::new(mapping),
        nodes: None,
    }
}

/// A small relative of the core profile: a log of changes, every node a field.
pub(crate) fn open_profile() -> Profile {
    let schema = serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "Findings": { "type": "array" },
            "Payload": { "type": "object", "additionalProperties": {
                "type": "object",
                "properties": { "Value": { "not": { "const": 666 } } }
            } }
        },
        "required": ["MessageType", "SequenceNumber", "Payload"]
    });
    Profile {
        name: "test/open".to_owned(),
        codec: Codec::UaJson,
        message: MessageKind::Delta,
        every: Duration::ZERO,
        at_least_every: None,
        topic: "open/{machine}".to_owned(),
        topic_kind: TopicKind::Log,
        when_lost: WhenLost::Republish,
        channels: Vec::new(),
        schema: Arc::new(schema),
        mapping: Arc::new(Mapping { open: Some("/Payload".to_owned()), ..Mapping::default() }),
        ..tool_profile()
    }
}
