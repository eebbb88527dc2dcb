//! The built-in profiles.

use super::*;
use crate::assemble::bind::{bind, candidates};
use crate::model::tree::TreeWriter;
use crate::profile::{Field, Library, PathStep};
use std::collections::BTreeSet;

fn profile(id: &str) -> Profile {
    let library = Library::built_in();
    assert_eq!(library.findings, []);
    Profile::clone(&library.value.find(id).expect("built in"))
}

#[test]
fn every_kind_of_value_makes_a_message_that_conforms_to_the_core_profile() {
    let core = profile("core/data-set-message@1.0");
    let mut arena = b"a\"\\\n\xE6\xB8\xA9".to_vec();
    let text = crate::model::Span { start: 0, length: arena.len() as u32 };
    let mut tree = |write: &dyn Fn(&mut TreeWriter<'_>)| {
        let mut writer = TreeWriter::new(&mut arena);
        write(&mut writer);
        Scalar::Tree(writer.finish())
    };
    let scalars = [
        Scalar::Null,
        Scalar::Bool(true),
        Scalar::I64(BuiltInType::Int64, i64::MIN),
        Scalar::U64(BuiltInType::UInt64, u64::MAX),
        Scalar::U64(BuiltInType::StatusCode, 0x8031_0000),
        Scalar::F32(0.1),
        Scalar::F64(f64::NAN),
        Scalar::F64(f64::NEG_INFINITY),
        Scalar::Time(NOON),
        Scalar::Text(BuiltInType::String, text),
        Scalar::Bytes(text),
        tree(&|tree| tree.localized_text("zh", "温度")),
        tree(&|tree| tree.qualified_name("urn:x", "Name")),
        tree(&|tree| {
            tree.matrix(BuiltInType::Double, &[1, 2], 2, |tree| {
                tree.f64(1.5);
                tree.f64(f64::NAN);
            });
        }),
        tree(&|tree| {
            tree.structure("nsu=urn:x;i=3", 1, |tree| {
                tree.field("Inner");
                tree.array(BuiltInType::Int32, 1, |tree| tree.i64(BuiltInType::Int32, 7));
            });
        }),
        tree(&|tree| tree.opaque("nsu=urn:x;i=4", false, &[1, 2])),
    ];
    let mut rig = Rig::new(vec![flow(core)]);
    let items = (0..=scalars.len()).map(|n| item(0, &format!("q!v{n}"))).collect();
    rig.find(discovery(EPOCH, &["M1"], items));
    let mut samples: Vec<_> = (0..).zip(scalars).map(|(slot, scalar)| sample(slot, StatusCode::GOOD, scalar)).collect();
    samples.push(bad(samples.len() as u32));
    rig.batch_of(EPOCH, &samples, &arena);
    assert!(rig.quarantined.is_empty(), "{:?}", rig.quarantined);
    assert_eq!(rig.codes(), Vec::<&str>::new());
    let message = rig.on("qiao/g/M1/data")[0];
    assert_eq!(message["Payload"].as_object().map(serde_json::Map::len), Some(samples.len()));
    assert_eq!(message["Payload"]["v3"]["Value"], u64::MAX.to_string());
    assert_eq!(message["Payload"]["v6"]["Value"], "NaN");
    assert_eq!(message["Payload"]["v9"]["Value"], "a\"\\\n温");
    rig.forget();
    rig.lost();
    assert_eq!(rig.on("qiao/g/M1/data").len(), 1, "a lost machine conforms too");
}

/// The path of a node that fills the field: every placeholder an element of its own name and first type.
fn node(field: &Field) -> String {
    let step = |step: &PathStep| match step {
        PathStep::Name { name, .. } => name.clone(),
        PathStep::Placeholder { name, types } => {
            let types = types.first().and_then(|node| node.rsplit_once("i=")).map_or("", |(_, number)| number);
            format!("{name}[{types}]")
        }
    };
    field.path.iter().map(step).collect::<Vec<_>>().join("/")
}

#[test]
fn every_field_of_the_machine_tool_profile_finds_its_place() {
    let tool = profile("umati/machine-tool@1.02");
    let paths: BTreeSet<String> = tool.mapping.fields.iter().map(node).collect();
    let mut found = discovery(1, &["M1"], paths.iter().map(|path| item(0, path)).collect());
    // The fixture's types are of one namespace; the placeholders' are of several.
    let types: Vec<String> = tool
        .mapping
        .fields
        .iter()
        .flat_map(|field| &field.path)
        .filter_map(|step| if let PathStep::Placeholder { types, .. } = step { types.first().cloned() } else { None })
        .collect();
    for types_of_step in found.items.iter_mut().flat_map(|item| &mut item.targets[0].types) {
        let number = types_of_step.first().and_then(|node| node.rsplit_once("i=")).map(|(_, number)| number.to_owned());
        let real = number.map(|number| types.iter().filter(move |node| node.ends_with(&format!(";i={number}"))));
        *types_of_step = real.into_iter().flatten().cloned().collect();
    }
    let bound = bind(&tool, "M1", &candidates(&found)[0], &[]);
    // Only the names of elements, which a mapping for all kinds of elements asks for, were not made up above.
    let codes: Vec<_> = bound.findings.iter().filter(|finding| &*finding.code.0 != "QIAO-V202").collect();
    assert_eq!(codes, Vec::<&Finding>::new());
    assert_eq!(bound.value.fields().len(), tool.mapping.fields.len());
}
