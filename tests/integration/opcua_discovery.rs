//! Promise: what a server holds is found completely, within its limits, under the right names, and decoded exactly.
//! The session here is the stack's own, without security: sessions have promises of their own.

use super::opcua_link::{Connected, below, codes, glob, item, node, path, sample, selection, shown, targets};
use crate::integration::rig::observer::argument;
use crate::integration::rig::peer::Peer;
use opcua::types::NodeId;
use qiao::config::plan::{Deadband, ItemSelector, RootSelector};
use qiao::model::Scalar;
use qiao::model::discovery::ItemMode;
use qiao::model::value::BuiltInType;
use qiao::opcua::Selection;
use qiao::opcua::browse::Browser;
use qiao::opcua::discover::{DiscoverRequest, Progress, discover};
use qiao::opcua::limits::{Operation, ServerLimits};
use qiao::opcua::read::read_values;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn structures_and_unions_arrive_field_by_field_and_what_cannot_is_kept_whole() {
    let peer = Peer::start("types_server.py", &[]);
    let link = Connected::to(&peer).await;
    let mut found = link.find(&below("/Objects/Structures", vec![path("*")])).await;
    assert_eq!(codes(&found), [""; 0]);
    let read = link.read(&mut found).await;
    let monitored = link.monitor(&mut found).await;
    let stamp = 133_536_421_234_567_890i64;
    for (name, expected) in [
        (
            "Route",
            &*format!(
                "{{Start: {{X: 1.5, Label: \"a\"}}, Stops: [{{X: 2, Label: \"b\"}}, {{X: 3, Label: null}}], When: {stamp}, Mode: Setup_2, Unset: null}}"
            ),
        ),
        ("Points", "[{X: 1, Label: \"p\"}, {X: 2, Label: \"q\"}]"),
        ("MaybeA", "{A: 7, B: 8}"),
        ("MaybeC", "{B: 8, C: \"c\"}"),
        ("EitherNumber", "{Number: -5}"),
        ("EitherText", "{Text: \"t\"}"),
        ("Unit", "{NamespaceUri: null, UnitId: 4408652, DisplayName: de:°C, Description: :}"),
        ("Mixed", "[1, [\"x\"]]"),
        ("Inner", "7 808d0000"),
        ("Lost", "opaque [2, 1, 0, 0]"),
        ("LostPoint", "opaque [0, 0, 0, 0, 0, 0, 248, 63, 1, 0, 0, 0, 97]"),
    ] {
        assert_eq!(shown(&found, &read, name), expected, "{name}, read");
        assert_eq!(shown(&found, &monitored, name), expected, "{name}, monitored");
    }
    let mut told = found.decoder.take_findings(&found.discovery.items);
    told.sort_by(|one, other| one.place.cmp(&other.place));
    let told: Vec<_> = told.iter().map(|finding| (finding.place.as_str(), argument(finding, "type"))).collect();
    let [(lost, type_of_lost), of_dictionary] = told[..] else { panic!("{told:?}") };
    assert!(lost.ends_with(";s=Lost") && type_of_lost.starts_with("nsu=urn:qiao:test:types;i="), "{told:?}");
    assert_eq!(of_dictionary, ("nsu=urn:qiao:test:types;s=LostPoint", "nsu=urn:qiao:test:types;i=7002"));
    link.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_built_in_type_is_declared_and_decoded_alike_by_read_and_notification() {
    let peer = Peer::start("types_server.py", &[]);
    let link = Connected::to(&peer).await;
    let mut found = link.find(&below("/Objects/Types", vec![path("*")])).await;
    let expected = peer.ready["expected"].as_object().expect("READY says what it holds");
    assert_eq!(found.discovery.items.len(), expected.len());
    let read = link.read(&mut found).await;
    let monitored = link.monitor(&mut found).await;
    for (name, expected) in expected {
        let (_, item) = item(&found, name);
        // A bad status and an array that is not there come without a value, but their variables have a type.
        let declared = match name.as_str() {
            "Bad" => 11,
            "NullArray" => 6,
            _ => expected["UaType"].as_u64().expect("a number"),
        };
        assert_eq!(u64::from(item.data_type.built_in.number()), declared, "{name}");
        assert_eq!(shown(&found, &read, name), shown(&found, &monitored, name), "{name}");
        let (read, monitored) = (sample(&found, &read, name), sample(&found, &monitored, name));
        assert_eq!(u64::from(read.status), expected["Status"].as_u64().unwrap_or(0), "{name}");
        assert_eq!((read.status, read.source_time), (monitored.status, monitored.source_time), "{name}");
        assert!(!read.source_time.is_none(), "{name}");
    }
    let names = item(&found, "Mode").1.data_type.enumeration.clone().expect("names");
    assert_eq!(&names[..], [(0, "Manual".to_owned()), (1, "Automatic".to_owned()), (2, "Setup".to_owned())]);
    assert_eq!(shown(&found, &read, "Int64"), i64::MIN.to_string());
    assert_eq!(shown(&found, &read, "Matrix"), "[2, 3][1, 2, 3, 4, 5, 6]");
    link.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_maze_is_walked_once_and_every_way_that_a_glob_names_is_found() {
    let peer = Peer::start("types_server.py", &[]);
    let link = Connected::to(&peer).await;
    let all = link.find(&below("/Objects/Maze", vec![path("**")])).await;
    let expected = [
        ("Maze/Shortcut\\/C/Deep", ItemMode::Monitored),
        ("Maze/Shortcut\\/C/Deep/Below", ItemMode::Monitored),
        ("Maze/Shortcut\\/C/Deep/Limit", ItemMode::Monitored),
    ];
    assert_eq!(targets(&all), expected.map(|(path, mode)| (path.to_owned(), mode)).into());
    let sampled = ItemSelector { sampling: Some(Duration::from_millis(100)), ..path("**/Limit") };
    let both = vec![path("A/B/Deep"), path(r"Shortcut\/C/Deep"), path("A/B/A/B/Deep/Below"), sampled];
    let ways = link.find(&below("/Objects/Maze", both)).await;
    let found: Vec<String> = targets(&ways).into_keys().collect();
    for expected in ["Maze/A/B/Deep", "Maze/Shortcut\\/C/Deep", "Maze/A/B/A/B/Deep/Below"] {
        assert!(found.contains(&expected.to_owned()), "{expected} is among {found:?}");
    }
    assert_eq!(item(&ways, "A/B/Deep").1.targets.len(), 2, "one item, two ways");
    assert!(targets(&ways).values().all(|mode| *mode == ItemMode::Monitored), "sampling was asked for");
    let mapped = Selection { mapped: vec![glob("A/B/Deep")], ..below("/Objects/Maze", vec![path("**")]).remove(0) };
    let found: Vec<String> = targets(&link.find(&[mapped]).await).into_keys().collect();
    assert!(found.contains(&"Maze/A/B/Deep".to_owned()), "told under the mapped path too: {found:?}");
    link.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_missing_is_told_and_stops_nobody_else() {
    let peer = Peer::start("types_server.py", &[]);
    let link = Connected::to(&peer).await;
    let uri = "nsu=urn:qiao:test:types;";
    let select = vec![
        path("Double"),
        path("Nowhere/*"),
        node(&format!("{uri}s=Gone")),
        node("nsu=urn:unknown;s=Double"),
        node(&format!("{uri}s=deep")),
        node(&format!("{uri}s=types")),
        node(&format!("{uri}s=Int32")),
    ];
    let mut selections = below("/Objects/Types", select);
    selections.push(selection(RootSelector::Node(format!("{uri}s=nothing")), vec![path("**")]));
    selections.push(selection(RootSelector::Path(glob("/Objects/{No,Such}")), vec![path("**")]));
    let found = link.find(&selections).await;
    let expected = ["Types/Double", "Types/Int32"].map(|path| (path.to_owned(), ItemMode::Monitored));
    assert_eq!(targets(&found), expected.into());
    let mut codes = codes(&found);
    codes.sort();
    assert_eq!(
        codes,
        [
            "QIAO-O101 plc".to_owned(),
            "QIAO-O102 plc".to_owned(),
            "QIAO-O102 plc".to_owned(),
            "QIAO-O103 plc".to_owned(),
            format!("QIAO-O105 {uri}s=Gone"),
            format!("QIAO-O105 {uri}s=nothing"),
            format!("QIAO-O106 {uri}s=deep"),
            format!("QIAO-O112 {uri}s=types"),
        ]
    );
    let cut = link.find_within(&below("/Objects/Types", vec![path("*")]), 10, None).await;
    assert!(cut.findings.iter().any(|finding| finding.code.0 == "QIAO-O108"), "{:?}", cut.findings);
    link.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_of_a_type_are_found_with_their_types_and_paths() {
    let peer = Peer::start("machine_tools.mjs", &[]);
    let link = Connected::to(&peer).await;
    let machine_tool = "nsu=http://opcfoundation.org/UA/MachineTool/;i=13";
    let percent =
        ItemSelector { deadband: Some(Deadband::Percent(1.0)), ..path("Monitoring/MachineTool/FeedOverride") };
    let mut selections = vec![
        selection(
            RootSelector::Type("nsu=http://opcfoundation.org/UA/DI/;i=1001".to_owned()),
            vec![path("**/NodeVersion")],
        ),
        selection(RootSelector::Type(machine_tool.to_owned()), vec![path("**"), percent]),
        selection(RootSelector::Path(glob("/Objects/Machines/*")), vec![path("**/SerialNumber")]),
    ];
    let mut found = link.find(&selections).await;
    let machines: Vec<_> = found.discovery.machines.iter().filter(|machine| machine.types[0] == machine_tool).collect();
    assert_eq!(machines.len(), 4, "two machines for two flows");
    assert_eq!(machines[0].node, "nsu=urn:qiao:test:machine-tools;s=machine-1");
    assert_eq!(machines[0].path.to_string(), "Machines/Machine 1");
    assert!(machines[0].types.contains(&"i=58".to_owned()), "up to BaseObjectType: {:?}", machines[0].types);
    let (slot, serial) = item(&found, "Identification/SerialNumber");
    assert_eq!((serial.mode, serial.data_type.built_in), (ItemMode::Monitored, BuiltInType::String));
    assert_eq!(serial.targets.len(), 2, "one item for both flows");
    assert_eq!(serial.targets[0].types.len(), serial.targets[0].path.0.len());
    assert_eq!(serial.targets[0].path.0[0].namespace.as_ref(), "http://opcfoundation.org/UA/DI/");
    let (_, mode) = item(&found, "Monitoring/MachineTool/OperationMode");
    let names = mode.data_type.enumeration.clone().expect("names");
    assert!(names.contains(&(1, "Automatic".to_owned())), "{names:?}");
    let (number, _) = item(&found, "Monitoring/MachineTool/FeedOverride");
    assert_eq!(found.bindings[number].eu_range, Some((0.0, 150.0)));
    let channel = "Monitoring/Channel 1/ChannelState";
    assert!(
        item(&found, channel).1.targets[0].types[1]
            .contains(&"nsu=http://opcfoundation.org/UA/MachineTool/;i=16".to_owned())
    );
    let values = link.read(&mut found).await;
    let serial = values.samples.iter().find(|sample| sample.slot as usize == slot).expect("a value");
    let Scalar::Text(_, span) = serial.scalar else { panic!("a text") };
    assert_eq!(span.of(&values.arena), b"NW-1001");
    let program = "Production/ActiveProgram/State/CurrentState";
    assert_eq!(shown(&found, &values, program), "en:Running");
    assert_eq!(found.decoder.take_findings(&found.discovery.items), []);

    // A type stands for its subtypes: every channel is found by what its type is derived from.
    let channel_type = "nsu=http://opcfoundation.org/UA/MachineTool/;i=16";
    let chain = item(&found, "Monitoring/Channel 1/ChannelState").1.targets[0].types[1].clone();
    let at = chain.iter().position(|of| of == channel_type).expect("its own type");
    let supertype = chain[at + 1].clone();
    assert_ne!(supertype, "i=58", "{chain:?}");
    let by_supertype = link.find(&[selection(RootSelector::Type(supertype), vec![path("ChannelState")])]).await;
    let channels: Vec<_> = by_supertype.discovery.machines.iter().map(|machine| machine.types[0].as_str()).collect();
    assert_eq!(channels.iter().filter(|of| **of == channel_type).count(), 2, "{channels:?}");

    selections.truncate(2);
    selections.remove(0);
    selections[0].select.clear();
    selections[0].mapped = vec![glob("Identification/SerialNumber"), glob("Not/There")];
    let mapped = link.find(&selections).await;
    assert_eq!(mapped.discovery.items.len(), 2, "what the profile maps, in two machines");
    assert_eq!(codes(&mapped), [""; 0], "an optional field that a machine lacks is no finding");
    link.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_14_a_small_server_is_asked_within_its_limits_and_found_completely() {
    let mut peer = Peer::start("limited_server.mjs", &[]);
    let link = Connected::to(&peer).await;
    let met = AtomicU32::new(0);
    let selections = below("/Objects/Plant", vec![path("*")]);
    let request = DiscoverRequest {
        connection: "plc",
        endpoint: &link.endpoint,
        selections: &selections,
        max_nodes: 5_000,
        cache: None,
        is_fresh: false,
        epoch: 1,
    };
    let stop = CancellationToken::new();
    let progress = |progress: Progress| {
        met.fetch_max(progress.nodes, Ordering::Relaxed);
    };
    let mut found = discover(&link.session, &link.limits, &request, &progress, &stop).await.expect("discovers");
    assert_eq!(codes(&found), [""; 0]);
    assert_eq!(found.discovery.items.len(), 1_000);
    assert!(met.load(Ordering::Relaxed) >= 1_000, "progress was told");
    assert_eq!(link.limits.per_call(Operation::Read), 10);
    assert_eq!(link.limits.per_call(Operation::MonitoredItems), 50);
    let values = link.read(&mut found).await;
    for name in ["V0", "V999"] {
        assert_eq!(shown(&found, &values, name), &name[1..]);
    }

    // A server that states more than it takes: halved until it does.
    let liar = ServerLimits::new();
    liar.state(Operation::Read, 0);
    let browser = Browser { session: &link.session, limits: &liar, stop: &stop, references_max: 1 };
    let nodes: Vec<NodeId> = found.bindings.iter().map(|binding| binding.node.clone()).collect();
    let values = read_values(&browser, &nodes).await.expect("reads");
    assert_eq!((values.len(), liar.per_call(Operation::Read)), (1_000, 7));

    peer.tell("delete 5");
    crate::integration::rig::wait_for("V5 is gone", || (!peer.said().is_empty()).then_some(()));
    let after = link.find(&selections).await;
    assert_eq!(after.discovery.items.len(), 999);
    stop.cancel();
    let stopped = discover(&link.session, &link.limits, &request, &progress, &stop).await;
    assert_eq!(stopped.expect_err("stopped").status(), opcua::types::StatusCode::BadRequestCancelledByClient);
    link.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_24_children_that_no_answer_holds_at_once_are_followed_although_the_server_keeps_one_place_only() {
    let peer = Peer::start("limited_server.mjs", &["--count", "1", "--wide", "3", "--points", "1"]);
    let link = Connected::to(&peer).await;
    let found = link.find(&below("/Objects/Wide/*", vec![path("*")])).await;
    assert_eq!(codes(&found), [""; 0]);
    assert_eq!(found.discovery.machines.len(), 3);
    assert_eq!(targets(&found).len(), 3_600);
    link.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_machine_is_found_although_the_cache_fits() {
    let mut peer = Peer::start("limited_server.mjs", &["--count", "3"]);
    let folder = tempfile::tempdir().expect("a folder");
    let selections = below("/Objects/{Plant,New*}", vec![path("*")]);
    let link = Connected::to(&peer).await;
    let first = link.find_within(&selections, 1_000, Some(folder.path().to_owned())).await;
    assert_eq!(targets(&first).len(), 3);
    peer.tell("machine New1");
    crate::integration::rig::wait_for("New1 is there", || (!peer.said().is_empty()).then_some(()));
    for _ in 0..2 {
        let found = link.find_within(&selections, 1_000, Some(folder.path().to_owned())).await;
        assert!(found.is_from_cache);
        assert!(targets(&found).contains_key("New1/Value"), "{:?}", targets(&found));
        assert_eq!(targets(&found).len(), 4);
    }
    link.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn row_19_swapped_namespaces_never_lead_to_the_decoy() {
    let cache = tempfile::tempdir().expect("a folder");
    let selections = vec![
        selection(RootSelector::Path(glob("/Objects/nsu=urn:qiao:test:real:Plant")), vec![path("Count")]),
        selection(
            RootSelector::Node("nsu=urn:qiao:test:real;s=plant".to_owned()),
            vec![node("nsu=urn:qiao:test:real;s=count")],
        ),
    ];
    let port = crate::integration::rig::free_port().to_string();
    let mut indexes = Vec::new();
    for swap in [&[][..], &["--swap"]] {
        let arguments = [&["--port", &port, "--from", "100"], swap].concat();
        let peer = Peer::start("swapped_server.mjs", &arguments);
        let link = Connected::to(&peer).await;
        let mut found = link.find_within(&selections, 1_000, Some(cache.path().to_owned())).await;
        assert!(!found.is_from_cache, "another table, another cache");
        assert_eq!(codes(&found), [""; 0]);
        assert_eq!(found.discovery.items.len(), 1, "one node, two flows");
        assert_eq!(found.discovery.items[0].node, "nsu=urn:qiao:test:real;s=count");
        let values = link.read(&mut found).await;
        let Scalar::I64(_, count) = values.samples[0].scalar else { panic!("a number") };
        assert!(count >= 100, "{count} is not the decoy's");
        indexes.push(found.bindings[0].node.namespace);
        link.close().await;
    }
    assert_ne!(indexes[0], indexes[1], "the peer did swap");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cache_is_taken_only_while_every_node_is_still_the_same() {
    let mut peer = Peer::start("limited_server.mjs", &["--count", "50"]);
    let folder = tempfile::tempdir().expect("a folder");
    let cache = || Some(folder.path().join("browse"));
    let selections = below("/Objects/Plant", vec![path("*")]);
    let link = Connected::to(&peer).await;
    let first = link.find_within(&selections, 1_000, cache()).await;
    assert!(!first.is_from_cache);
    let second = link.find_within(&selections, 1_000, cache()).await;
    assert!(second.is_from_cache);
    assert_eq!(targets(&second), targets(&first));
    let file = || {
        std::fs::read_dir(folder.path().join("browse")).expect("a folder").next().expect("one file").expect("is").path()
    };
    let whole = std::fs::read(file()).expect("a cache");
    for damaged in [&whole[..whole.len() / 2], b"", b"{}", b"[1,2]", b"\xFF\xFE"] {
        std::fs::write(file(), damaged).expect("writes");
        let found = link.find_within(&selections, 1_000, cache()).await;
        assert!(!found.is_from_cache, "{} bytes of {}", damaged.len(), whole.len());
        assert_eq!(targets(&found), targets(&first));
    }
    peer.tell("delete 7");
    crate::integration::rig::wait_for("V7 is gone", || (!peer.said().is_empty()).then_some(()));
    let found = link.find_within(&selections, 1_000, cache()).await;
    assert!(!found.is_from_cache);
    assert_eq!(found.discovery.items.len(), 49);
    link.close().await;
}
