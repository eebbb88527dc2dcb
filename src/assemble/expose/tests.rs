use super::*;
use crate::assemble::bind::{Carried, bind_carried};
use crate::model::exposed::Parent;
use crate::profile::Library;
use std::collections::HashSet;

fn carried(pointer: &str, concept: &str, unit: Option<&str>) -> Carried {
    let steps = |pointer: &str| pointer.split('/').skip(1).map(str::to_owned).collect::<Vec<_>>();
    let stated = unit.map(|at| {
        let at = format!("{}/{at}", pointer.trim_end_matches("/value"));
        (steps(&at), serde_json::json!({ "NamespaceUri": "x", "UnitId": 20_529 }))
    });
    Carried { pointer: pointer.to_owned(), concept: Arc::from(concept), node: "n".to_owned(), stated }
}

fn shown(profile: &Arc<Profile>, all: &[Carried]) -> ExposedMachine {
    let layout = bind_carried(profile, "lathe", all, &[], None).value;
    machine(&Showing {
        flow: ("to/face", 0),
        sink: 1,
        id: "lathe",
        profile,
        layout: &layout,
        candidates: &[],
        stale_after: None,
    })
}

fn umati() -> Arc<Profile> {
    Library::built_in().value.find("umati/machine-tool@1.02").expect("installed")
}

fn channel() -> ExposedMachine {
    let all = [
        carried("/Monitoring/MachineTool/OperationMode", "machine.operation-mode", None),
        carried(
            "/Monitoring/<MonitoredElement>/Channel 1/FeedOverride/value",
            "channel.feed-override",
            Some("properties/EngineeringUnits"),
        ),
        carried("/Monitoring/<MonitoredElement>/Channel 1/ChannelState", "channel.state", None),
        carried("/Equipment/Tools/<Tool>/7/ControlIdentifier1", "tool.number", None),
    ];
    shown(&umati(), &all)
}

fn at<'m>(machine: &'m ExposedMachine, path: &str) -> &'m ExposedNode {
    let id = format!("to\\/face/lathe{path}");
    machine.nodes.iter().find(|node| node.id == id).unwrap_or_else(|| panic!("no {path}"))
}

fn origin<'m>(machine: &'m ExposedMachine, path: &str) -> &'m Origin {
    match &at(machine, path).content {
        NodeContent::Variable(variable) => &variable.origin,
        NodeContent::Object(_) => panic!("{path} is an object"),
    }
}

#[test]
fn a_machine_of_a_companion_model_has_what_its_type_asks_for_under_the_model_s_own_names() {
    let machine = channel();
    let root = &machine.nodes[0];
    assert_eq!(root.content, NodeContent::Object("nsu=http://opcfoundation.org/UA/MachineTool/;i=13".to_owned()));
    assert_eq!(root.parent, Parent::TypesFolder);
    for path in [
        "/Identification/Manufacturer",
        "/Identification/SerialNumber",
        "/Identification/ProductInstanceUri",
        "/Production/ActiveProgram/State/CurrentState/Number",
        "/Production/ActiveProgram/State/CurrentState/Id",
        "/Notification",
        "/Equipment",
        "/Monitoring/Channel 1/FeedOverride/EURange",
    ] {
        let node = at(&machine, path);
        if let NodeContent::Variable(variable) = &node.content {
            assert_eq!(variable.origin, Origin::Nothing, "{path}: nobody fills it, and nothing is invented");
        }
    }
    let identification = at(&machine, "/Identification");
    assert_eq!(&*identification.name.namespace, "http://opcfoundation.org/UA/DI/");
    assert_eq!(identification.link, NodeLink::AddIn);
    assert!(!machine.nodes.iter().any(|node| node.id.ends_with("/Stacklight")), "optional, and nothing fills it");
}

#[test]
fn what_stands_for_a_placeholder_has_the_most_special_type_that_its_fields_ask_for() {
    let machine = channel();
    let channel = at(&machine, "/Monitoring/Channel 1");
    assert_eq!(channel.content, NodeContent::Object("nsu=http://opcfoundation.org/UA/MachineTool/;i=16".to_owned()));
    assert_eq!(&*channel.name.namespace, OWN_NAMESPACE);
    // BaseToolType is abstract.
    let tool = at(&machine, "/Equipment/Tools/7");
    assert_eq!(tool.content, NodeContent::Object("nsu=http://opcfoundation.org/UA/MachineTool/;i=50".to_owned()));
}

#[test]
fn fields_and_stated_units_fill_their_nodes() {
    let machine = channel();
    let key = field_key("/Monitoring/<MonitoredElement>/Channel 1/FeedOverride/value");
    assert_eq!(origin(&machine, "/Monitoring/Channel 1/FeedOverride"), &Origin::Field { key, words: None });
    let unit = origin(&machine, "/Monitoring/Channel 1/FeedOverride/EngineeringUnits");
    assert_eq!(unit, &Origin::Fixed(Fixed::Unit("P1".to_owned())));
    let mode = at(&machine, "/Monitoring/MachineTool/OperationMode");
    let NodeContent::Variable(variable) = &mode.content else { panic!("a variable") };
    assert_eq!(variable.data_type, "nsu=http://opcfoundation.org/UA/MachineTool/;i=65");
    assert_eq!(variable.built_in, BuiltInType::Int32);
    assert_eq!(mode.description.as_ref().map(|texts| texts.de.as_str()), Some("Betriebsart"));
}

#[test]
fn every_node_has_an_identifier_of_its_own_and_stands_behind_its_parent() {
    let machine = channel();
    let mut known = HashSet::new();
    for (at, node) in (0u32..).zip(&machine.nodes) {
        assert!(known.insert(&node.id), "{} twice", node.id);
        match node.parent {
            Parent::Node(parent) => assert!(parent < at, "{}", node.id),
            _ => assert_eq!(at, 0),
        }
    }
}

#[test]
fn every_type_of_the_profiles_that_have_types_comes_after_its_supertype() {
    for profile in Library::built_in().value.list() {
        let Some(types) = &profile.nodes else { continue };
        let mut known = HashSet::new();
        for kind in &types.types {
            let is_known = kind.supertype.as_ref().is_none_or(|supertype| known.contains(supertype));
            assert!(is_known, "{} {}", profile.id(), kind.node);
            known.insert(kind.node.clone());
        }
        assert_eq!(Some(&types.root), profile.type_definition.as_ref(), "{}", profile.id());
    }
}

#[test]
fn a_profile_without_types_becomes_objects_and_variables() {
    let profile = Library::built_in().value.find("nclink/cnc@3.0").expect("installed");
    let all = [
        carried("/FEED_OVERRIDE", "channel.feed-override", None),
        carried("/CONTROLLER/PROGRAM", "program.name", None),
        carried("/AXIS/X/SCREW/POSITION", "axis.position", None),
    ];
    let machine = shown(&profile, &all);
    assert_eq!(machine.nodes[0].parent, Parent::Folder("to/face".to_owned()));
    let NodeContent::Variable(variable) = &at(&machine, "/FEED_OVERRIDE").content else { panic!("a variable") };
    assert_eq!(variable.built_in, BuiltInType::Double, "{variable:?}");
    assert_eq!(origin(&machine, "/FEED_OVERRIDE/EngineeringUnits"), &Origin::Fixed(Fixed::Unit("P1".to_owned())));
    assert!(matches!(at(&machine, "/CONTROLLER").content, NodeContent::Object(_)));
    assert!(matches!(at(&machine, "/AXIS/X/SCREW/POSITION").content, NodeContent::Variable(_)));
    assert_eq!(machine.nodes.len(), 1 + 1 + 1 + 2 + 4 + 1, "{:#?}", machine.nodes);
}
