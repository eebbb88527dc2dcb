//! What the discovery tests stand on: a session of the stack's own, selections, and values as text.

use crate::integration::rig::LIMIT;
use crate::integration::rig::peer::Peer;
use opcua::client::services::{CreateMonitoredItems, CreateSubscription, Publish};
use opcua::client::{ClientBuilder, IdentityToken, Session, UARequest};
use opcua::crypto::SecurityPolicy;
use opcua::types::{
    MessageSecurityMode, MonitoredItemCreateRequest, MonitoringParameters, NodeId, ReadValueId, TimestampsToReturn,
    UserTokenPolicy,
};
use qiao::config::plan::{ItemPattern, ItemSelector, RootSelector};
use qiao::model::discovery::{FoundItem, ItemMode};
use qiao::model::tree::Node;
use qiao::model::{Batch, BrowseGlob, Sample, Scalar};
use qiao::opcua::Selection;
use qiao::opcua::browse::Browser;
use qiao::opcua::connector::Road;
use qiao::opcua::decode::keep_notifications_raw;
use qiao::opcua::discover::{DiscoverRequest, Found, discover};
use qiao::opcua::guard::Pinned;
use qiao::opcua::limits::ServerLimits;
use qiao::opcua::read::read_values;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A connected session; its loop ends with it.
pub struct Connected {
    pub session: Arc<Session>,
    pub limits: ServerLimits,
    pub endpoint: String,
    events: tokio::task::JoinSet<opcua::types::StatusCode>,
}

impl Connected {
    pub async fn to(peer: &Peer) -> Self {
        Self::at(peer.endpoint()).await
    }

    pub async fn at(endpoint: String) -> Self {
        let pki = tempfile::tempdir().expect("a folder");
        let client = ClientBuilder::new()
            .application_name("qiao test")
            .application_uri("urn:qiao:test")
            .pki_dir(pki.path())
            .session_retry_limit(0)
            .recreate_subscriptions(false)
            .max_array_length(1_000_000)
            .max_message_size(16 << 20)
            .max_chunk_count(512)
            .max_string_length(1 << 20)
            .max_byte_string_length(1 << 20)
            .client()
            .expect("a client");
        let token = UserTokenPolicy::anonymous();
        let road =
            Road::new(&endpoint, Pinned { policy: SecurityPolicy::None.to_uri().to_owned(), certificate: vec![] });
        let builder = client.session_builder().with_connector(road).user_identity_token(IdentityToken::Anonymous);
        let (session, events) = builder
            .connect_to_endpoint_directly((endpoint.as_str(), "None", MessageSecurityMode::None, token))
            .and_then(|builder| builder.build(client.certificate_store().clone()))
            .expect("an endpoint");
        keep_notifications_raw(&session);
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(events.run());
        let connected = tokio::time::timeout(LIMIT, session.wait_for_connection()).await;
        assert!(connected.expect("the server answers"), "connected to {endpoint}");
        Self { session, limits: ServerLimits::new(), endpoint, events: tasks }
    }

    pub async fn find(&self, selections: &[Selection]) -> Found {
        self.find_within(selections, 100_000, None).await
    }

    pub async fn find_within(&self, selections: &[Selection], max_nodes: u32, cache: Option<PathBuf>) -> Found {
        let request = DiscoverRequest {
            connection: "plc",
            endpoint: &self.endpoint,
            selections,
            max_nodes,
            cache,
            is_fresh: false,
            epoch: 7,
        };
        let stop = CancellationToken::new();
        let found = sendable(discover(&self.session, &self.limits, &request, &|_| {}, &stop));
        tokio::time::timeout(LIMIT, found).await.expect("found in time").expect("discovers")
    }

    /// Reads every item once.
    pub async fn read(&self, found: &mut Found) -> Batch {
        let stop = CancellationToken::new();
        let browser = Browser { session: &self.session, limits: &self.limits, stop: &stop, references_max: 1 };
        let nodes: Vec<NodeId> = found.bindings.iter().map(|binding| binding.node.clone()).collect();
        let mut batch = Batch::default();
        let values = sendable(read_values(&browser, &nodes)).await.expect("reads");
        (0..).zip(&values).for_each(|(slot, value)| found.decoder.sample(slot, value, &mut batch));
        batch
    }

    /// Monitors every item and takes the first notifications, until each item has a value.
    pub async fn monitor(&self, found: &mut Found) -> Batch {
        let subscription = CreateSubscription::new(&self.session)
            .publishing_interval(Duration::from_millis(50))
            .max_lifetime_count(1_000)
            .max_keep_alive_count(10)
            .publishing_enabled(true)
            .send(self.session.channel())
            .await
            .expect("subscribes");
        // The stack puts a handle of its own in the place of 0.
        let items = (1u32..).zip(&found.bindings).map(|(handle, binding)| MonitoredItemCreateRequest {
            item_to_monitor: ReadValueId::from(binding.node.clone()),
            monitoring_mode: opcua::types::MonitoringMode::Reporting,
            requested_parameters: MonitoringParameters { client_handle: handle, queue_size: 1, ..Default::default() },
        });
        let items = items.collect();
        CreateMonitoredItems::new(subscription.subscription_id, &self.session)
            .items_to_create(items)
            .timestamps_to_return(TimestampsToReturn::Both)
            .send(self.session.channel())
            .await
            .expect("creates");
        let mut batch = Batch::default();
        let has = |batch: &Batch, slot: usize| batch.samples.iter().any(|sample| sample.slot as usize == slot);
        while !(0..found.bindings.len()).all(|slot| has(&batch, slot)) {
            let publish = Publish::new(&self.session).send(self.session.channel());
            let answer = tokio::time::timeout(LIMIT, publish).await.expect("in time").expect("publishes");
            for data in answer.notification_message.notification_data.unwrap_or_default() {
                let done = found
                    .decoder
                    .notification(&data, |handle| Some(handle - 1), &mut batch)
                    .expect("a data change, kept raw");
                assert_eq!((done.unknown, done.lost), (0, 0));
            }
        }
        batch
    }

    pub async fn close(mut self) {
        let _ = self.session.disconnect().await;
        self.events.shutdown().await;
    }
}

/// The runtime moves sources between threads.
pub fn sendable<T: Send>(future: T) -> T {
    future
}

pub fn glob(text: &str) -> BrowseGlob {
    BrowseGlob::parse(text).expect("a glob")
}

pub fn path(text: &str) -> ItemSelector {
    ItemSelector { what: ItemPattern::Path(glob(text)), sampling: None, queue: None, deadband: None }
}

pub fn node(text: &str) -> ItemSelector {
    ItemSelector { what: ItemPattern::Node(text.to_owned()), ..path("**") }
}

pub fn selection(each: RootSelector, select: Vec<ItemSelector>) -> Selection {
    Selection { flow: 3, each, select, mapped: Vec::new(), bound: Vec::new(), events: None }
}

pub fn below(each: &str, select: Vec<ItemSelector>) -> Vec<Selection> {
    vec![selection(RootSelector::Path(glob(each)), select)]
}

/// `machine name/path` of every target, with how it comes.
pub fn targets(found: &Found) -> BTreeMap<String, ItemMode> {
    let machine = |number: u32| &found.discovery.machines[number as usize].browse_name.name;
    let all = found.discovery.items.iter().flat_map(|item| item.targets.iter().map(move |target| (item, target)));
    all.map(|(item, target)| (format!("{}/{}", machine(target.machine), target.path), item.mode)).collect()
}

pub fn item<'a>(found: &'a Found, name: &str) -> (usize, &'a FoundItem) {
    let is = |item: &&FoundItem| item.targets.iter().any(|target| target.path.to_string() == name);
    let slot = found.discovery.items.iter().position(|item| is(&item));
    let slot = slot.unwrap_or_else(|| panic!("{name} is among {:?}", targets(found).keys()));
    (slot, &found.discovery.items[slot])
}

pub fn codes(found: &Found) -> Vec<String> {
    found.findings.iter().map(|finding| format!("{} {}", finding.code.0, finding.place)).collect()
}

pub fn sample<'a>(found: &Found, batch: &'a Batch, name: &str) -> &'a Sample {
    let (slot, _) = item(found, name);
    batch.samples.iter().find(|sample| sample.slot as usize == slot).unwrap_or_else(|| panic!("{name} has a value"))
}

/// A value as text, structures field by field.
pub fn shown(found: &Found, batch: &Batch, name: &str) -> String {
    match sample(found, batch, name).scalar {
        Scalar::Tree(span) => show(&Node::read(span.of(&batch.arena)).expect("a tree")),
        Scalar::Text(_, span) => String::from_utf8_lossy(span.of(&batch.arena)).into_owned(),
        Scalar::Bytes(span) => format!("{:?}", span.of(&batch.arena)),
        Scalar::I64(_, value) => value.to_string(),
        Scalar::U64(_, value) => value.to_string(),
        Scalar::F64(value) => value.to_string(),
        Scalar::F32(value) => value.to_string(),
        other => format!("{other:?}"),
    }
}

pub fn show(node: &Node<'_>) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match node {
        Node::Null(_) => "null".to_owned(),
        Node::I64(_, value) => value.to_string(),
        Node::U64(_, value) => value.to_string(),
        Node::F64(value) => value.to_string(),
        Node::Time(time) => time.0.to_string(),
        Node::Text(_, text) => format!("{text:?}"),
        Node::LocalizedText { locale, text } => {
            format!("{}:{}", locale.unwrap_or_default(), text.unwrap_or_default())
        }
        Node::Enumeration { value, name } => format!("{name}_{value}"),
        Node::Array { items, .. } => format!("[{}]", list(items.clone().map(|item| show(&item)).collect())),
        Node::Matrix { dimensions, items, .. } => {
            format!("{dimensions:?}[{}]", list(items.clone().map(|item| show(&item)).collect()))
        }
        Node::Structure { fields, .. } | Node::Union { fields, .. } => {
            format!("{{{}}}", list(fields.clone().map(|(name, node)| format!("{name}: {}", show(&node))).collect()))
        }
        Node::Opaque { body, .. } => format!("opaque {body:?}"),
        Node::DataValue { status, value, .. } => format!("{} {status:x}", show(value)),
        other => format!("{other:?}"),
    }
}
