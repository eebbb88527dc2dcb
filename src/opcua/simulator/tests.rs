//! The simulator seen by a client of the same crate: what it says arrives, complete and in order.

use super::{APPLICATION_URI, Load, MACHINE_NAMESPACE, Options, Security, Simulator};
use crate::port::Clock;
use ::opcua::client::{ClientBuilder, DataChangeCallback, IdentityToken, Session};
use ::opcua::types::{
    BrowseDescription, EndpointDescription, MessageSecurityMode, MonitoredItemCreateRequest, MonitoringMode,
    MonitoringParameters, NodeId, ReadValueId, TimestampsToReturn, UserTokenPolicy, Variant,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

const LIMIT: Duration = Duration::from_secs(60);
const MACHINE_INDEX: u16 = 6;

fn simulator(folder: &tempfile::TempDir, machines: usize, load: Option<Load>) -> Simulator {
    let options = Options {
        listen: "127.0.0.1:0".parse().expect("an address"),
        machines,
        seed: 1,
        makes_mistakes: true,
        load,
        numbers: None,
        folder: folder.path().to_owned(),
        security: Security::None,
        user: None,
    };
    Simulator::start(options, Clock::start()).expect("it starts")
}

async fn session(simulator: &Simulator, folder: &tempfile::TempDir) -> Arc<Session> {
    let mut client = ClientBuilder::new()
        .application_name("test")
        .application_uri("urn:test")
        .pki_dir(folder.path().join("client"))
        .max_array_length(100_000)
        .client()
        .expect("a client");
    let endpoint: EndpointDescription =
        (simulator.url().as_str(), "None", MessageSecurityMode::None, UserTokenPolicy::anonymous()).into();
    let (session, events) =
        client.connect_to_matching_endpoint(endpoint, IdentityToken::Anonymous).await.expect("an endpoint");
    events.spawn();
    assert!(tokio::time::timeout(LIMIT, session.wait_for_connection()).await.expect("in time"));
    session
}

async fn subscribe(session: &Session, nodes: &[NodeId], sampling: f64) -> mpsc::UnboundedReceiver<(u32, Variant)> {
    let (values, received) = mpsc::unbounded_channel();
    let callback = DataChangeCallback::new(move |value, item| {
        // Handle 0 stands for "choose one", so they count from 1.
        let _ = values.send((item.client_handle() - 1, value.value.unwrap_or_default()));
    });
    let interval = Duration::from_millis(100);
    let subscription = session.create_subscription(interval, 1000, 100, 0, 0, true, callback).await.expect("one");
    for (at, nodes) in nodes.chunks(1000).enumerate() {
        let items = nodes.iter().zip(at as u32 * 1000 + 1..).map(|(node, handle)| MonitoredItemCreateRequest {
            item_to_monitor: ReadValueId::new_value(node.clone()),
            monitoring_mode: MonitoringMode::Reporting,
            requested_parameters: MonitoringParameters {
                client_handle: handle,
                sampling_interval: sampling,
                queue_size: 100,
                discard_oldest: true,
                ..MonitoringParameters::default()
            },
        });
        let created = session.create_monitored_items(subscription, TimestampsToReturn::Both, items.collect()).await;
        assert!(created.expect("an answer").iter().all(|item| item.result.status_code.is_good()));
    }
    received
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscriber_gets_every_change_of_the_load_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let simulator = simulator(&folder, 2, Some(Load { variables: 600, rate: 10 }));
    let session = session(&simulator, &folder).await;
    let nodes: Vec<_> =
        (0..1200_u32).map(|number| NodeId::new(MACHINE_INDEX, (number / 600 + 1) * 1_000_001 + number % 600)).collect();
    let mut received = subscribe(&session, &nodes, 10.0).await;
    let mut last = vec![None; nodes.len()];
    for _ in 0..1200 * 20 {
        let change = tokio::time::timeout(LIMIT, received.recv()).await.expect("in time");
        let Some((handle, Variant::Double(count))) = change else { panic!("a Double") };
        let last = &mut last[handle as usize];
        assert!(last.is_none_or(|last| last + 1.0 == count), "variable {handle}: {count} after {last:?}");
        *last = Some(count);
    }
    let _ = session.disconnect().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn machines_lie_below_the_machines_folder_with_their_type() {
    let folder = tempfile::tempdir().expect("a folder");
    let simulator = simulator(&folder, 3, None);
    let session = session(&simulator, &folder).await;
    let namespaces = session.read_namespace_array().await.expect("namespaces");
    let namespace = |uri| namespaces.get_index(uri).expect("a namespace");
    assert_eq!(namespace(APPLICATION_URI), 1);
    assert_eq!(namespace(MACHINE_NAMESPACE), MACHINE_INDEX);
    let machine_tool = NodeId::new(namespace("http://opcfoundation.org/UA/MachineTool/"), 13_u32);
    let folder_id = NodeId::new(namespace("http://opcfoundation.org/UA/Machinery/"), 1001_u32);
    let browse = BrowseDescription { node_id: folder_id, result_mask: 63, ..BrowseDescription::default() };
    let found = session.browse(&[browse], 0, None).await.expect("an answer").remove(0);
    let machines = found.references.unwrap_or_default().into_iter();
    let mut machines: Vec<_> = machines
        .filter(|reference| reference.is_forward && reference.type_definition.node_id == machine_tool)
        .map(|reference| reference.browse_name.name.to_string())
        .collect();
    machines.sort();
    assert_eq!(machines, simulator.machines());
    let _ = session.disconnect().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_move_by_themselves() {
    let folder = tempfile::tempdir().expect("a folder");
    let simulator = simulator(&folder, 1, None);
    let session = session(&simulator, &folder).await;
    let node = NodeId::new(MACHINE_INDEX, "mill-1/Production/ActiveProgram/State/CurrentState/Number");
    let mut received = subscribe(&session, &[node], 100.0).await;
    // Initializing, then Running: the first edge every program takes.
    for expected in [0_u32, 1] {
        let change = tokio::time::timeout(LIMIT, received.recv()).await.expect("in time");
        assert_eq!(change, Some((0, Variant::UInt32(expected))));
    }
    let _ = session.disconnect().await;
}
