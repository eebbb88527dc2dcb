//! What the crate asks of our nodes: values, monitored items, writes, calls, history.

use super::space::{Asker, Call, Held, HistoryAsk, Hooks, Shared, Write};
use super::value;
use crate::model::{StatusCode as Status, Timestamp};
use crate::opcua::certificate::fingerprint;
use crate::opcua::serving;
use ::opcua::nodes::NodeType;
use ::opcua::server::address_space::{AccessLevel, AddressSpace};
use ::opcua::server::diagnostics::NamespaceMetadata;
use ::opcua::server::node_manager::memory::InMemoryNodeManagerImpl;
use ::opcua::server::node_manager::{HistoryNode, MethodCall, RequestContext, ServerContext, WriteNode};
use ::opcua::server::{ContinuationPoint, CreateMonitoredItem};
use ::opcua::sync::RwLock;
use ::opcua::types::{
    AttributeId, DataValue, DateTime, HistoryData, NumericRange, ReadRawModifiedDetails, StatusCode,
    TimestampsToReturn, Variant,
};
use async_trait::async_trait;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Values of one history page, for a client that says nothing.
const HISTORY_PAGE: usize = 1_000;

/// Users by name, with their role.
pub(super) type Roles = BTreeMap<String, String>;

/// Our nodes, all in memory.
pub(super) struct Nodes {
    pub(super) namespaces: Vec<NamespaceMetadata>,
    pub(super) shared: Arc<Shared>,
    pub(super) roles: Arc<Roles>,
    pub(super) items: Items,
}

/// How many items each client monitors: one cannot have them all.
#[derive(Debug)]
pub(super) struct Items {
    most: usize,
    /// Sessions that ever monitored something, by client.
    sessions: Mutex<HashMap<String, Vec<u32>>>,
}

impl Items {
    pub(super) fn new(most: usize) -> Self {
        Self { most, sessions: Mutex::default() }
    }

    /// How many more this client may monitor.
    fn left(&self, context: &RequestContext) -> usize {
        let client = client(context);
        let mut all = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |session: u32| {
            let subscriptions = context.subscriptions.get_session_subscriptions(session)?;
            let subscriptions = subscriptions.lock();
            let ids = subscriptions.subscription_ids();
            Some(ids.into_iter().filter_map(|id| subscriptions.get(id)).map(|one| one.len()).sum::<usize>())
        };
        // Sessions whose subscriptions are gone are forgotten, whoever's they were.
        all.retain(|_, sessions| {
            sessions.retain(|session| count(*session).is_some());
            !sessions.is_empty()
        });
        let sessions = all.entry(client).or_default();
        if !sessions.contains(&context.session_id) {
            sessions.push(context.session_id);
        }
        let used: usize = sessions.iter().filter_map(|session| count(*session)).sum();
        self.most.saturating_sub(used)
    }
}

/// Who a client is, as far as limits go: its certificate, or its user without one.
fn client(context: &RequestContext) -> String {
    let session = context.session().read();
    match session.client_certificate().and_then(|certificate| certificate.to_der().ok()) {
        Some(der) => fingerprint(&der),
        None => context.user_token().0.clone(),
    }
}

impl Nodes {
    fn asker(&self, context: &RequestContext) -> Asker {
        let token = context.user_token();
        let user = (!token.is_anonymous()).then(|| token.0.clone());
        let session = context.session().read();
        let certificate = session.client_certificate().and_then(|certificate| certificate.to_der().ok());
        Asker {
            role: user.as_ref().and_then(|user| self.roles.get(user).cloned()),
            user,
            session: context.session_id(),
            application: session.application_description().application_uri.to_string(),
            fingerprint: certificate.map(|der| fingerprint(&der)),
        }
    }

    fn hooks(&self) -> &Hooks {
        &self.shared.hooks
    }

    async fn write_one(&self, asker: &Asker, space: &RwLock<AddressSpace>, node: &WriteNode) -> StatusCode {
        let value = node.value();
        let Some(hook) = self.hooks().write.get().cloned() else { return StatusCode::BadNotWritable };
        let handle = self.shared.known.read().unwrap_or_else(PoisonError::into_inner).handle(&value.node_id);
        let is_writable = {
            let space = space.read();
            match space.find(&value.node_id) {
                Some(NodeType::Variable(variable)) => variable.access_level().contains(AccessLevel::CURRENT_WRITE),
                Some(_) => false,
                None => return StatusCode::BadNodeIdUnknown,
            }
        };
        let Some(handle) = handle.filter(|_| value.attribute_id == AttributeId::Value) else {
            return StatusCode::BadNotWritable;
        };
        let id = self.shared.namespaces.node_text(&value.node_id);
        if !is_writable {
            return StatusCode::from(hook.refused(asker, id).await.0);
        }
        // Source times are passed over: clients send them unasked. A quality says that the value is none to be written.
        let is_plain = value.value.status.is_none_or(|status| status.is_good());
        if !is_plain || !matches!(value.index_range, NumericRange::None) {
            return StatusCode::BadWriteNotSupported;
        }
        let Some(held) = value::held(value.value.clone(), &self.shared.namespaces) else {
            return StatusCode::BadTypeMismatch;
        };
        // Who may, and which values, is the hook's to say, so that what is refused is recorded.
        let status = hook.write(asker, Write { node: handle, id, value: held }).await;
        StatusCode::from(status.0)
    }

    async fn call_one(&self, asker: &Asker, call: &MethodCall) -> Result<Vec<Variant>, StatusCode> {
        let hook = self.hooks().call.get().cloned().ok_or(StatusCode::BadNotImplemented)?;
        let table = &self.shared.namespaces;
        let handle = self.shared.known.read().unwrap_or_else(PoisonError::into_inner).handle(call.method_id());
        let argument =
            |value: &Variant| value::held(DataValue { value: Some(value.clone()), ..DataValue::default() }, table);
        let wanted = Call {
            method: handle.ok_or(StatusCode::BadMethodInvalid)?,
            object: table.node_text(call.object_id()),
            id: table.node_text(call.method_id()),
            arguments: call
                .arguments()
                .iter()
                .map(argument)
                .collect::<Option<_>>()
                .ok_or(StatusCode::BadInvalidArgument)?,
        };
        let results = hook.call(asker, wanted).await.map_err(|status: Status| StatusCode::from(status.0))?;
        let results = results.iter().map(|held| value::variant(&held.reading(), table));
        results.collect::<Option<_>>().ok_or(StatusCode::BadInternalError)
    }

    fn history_one(
        &self,
        details: &ReadRawModifiedDetails,
        node: &mut HistoryNode,
        stamps: TimestampsToReturn,
    ) -> Result<(), StatusCode> {
        let hook = self.hooks().history.get().ok_or(StatusCode::BadHistoryOperationUnsupported)?;
        let known = self.shared.known.read().unwrap_or_else(PoisonError::into_inner);
        let handle = known.handle(node.node_id()).ok_or(StatusCode::BadNodeIdUnknown)?;
        drop(known);
        if !matches!(node.index_range(), NumericRange::None) {
            return Err(StatusCode::BadIndexRangeInvalid);
        }
        let after = match node.continuation_point() {
            None => None,
            Some(point) => Some(*point.get::<u64>().ok_or(StatusCode::BadContinuationPointInvalid)?),
        };
        let wanted = details.num_values_per_node as usize;
        let ask = HistoryAsk {
            node: handle,
            from: stamp(&details.start_time),
            to: stamp(&details.end_time),
            most: if wanted == 0 { HISTORY_PAGE } else { wanted.min(HISTORY_PAGE) },
            with_bounds: details.return_bounds,
            after,
        };
        if ask.from.is_none() && (ask.to.is_none() || wanted == 0) {
            return Err(StatusCode::BadHistoryOperationInvalid);
        }
        let page = hook.read(&ask).map_err(|status| StatusCode::from(status.0))?;
        let is_empty = page.values.is_empty();
        let values = page.values.iter().filter_map(|held| self.past(held, stamps)).collect();
        node.set_result(HistoryData { data_values: Some(values) });
        node.set_next_continuation_point(page.next.map(|next| ContinuationPoint::new(Box::new(next))));
        node.set_status(if is_empty { StatusCode::GoodNoData } else { StatusCode::Good });
        Ok(())
    }

    fn past(&self, held: &Held, stamps: TimestampsToReturn) -> Option<DataValue> {
        let mut value = value::data_value(&held.reading(), &self.shared.namespaces)?;
        if matches!(stamps, TimestampsToReturn::Server | TimestampsToReturn::Neither) {
            value.source_timestamp = None;
        }
        if matches!(stamps, TimestampsToReturn::Source | TimestampsToReturn::Neither) {
            value.server_timestamp = None;
        }
        Some(value)
    }
}

/// The zero of OPC UA's time stands for "not said".
fn stamp(time: &DateTime) -> Timestamp {
    if time.is_null() { Timestamp::NONE } else { Timestamp((*time).into()) }
}

#[async_trait]
impl InMemoryNodeManagerImpl for Nodes {
    async fn init(&self, _space: &mut AddressSpace, _context: ServerContext) {}

    fn name(&self) -> &str {
        "qiao"
    }

    fn namespaces(&self) -> Vec<NamespaceMetadata> {
        self.namespaces.clone()
    }

    async fn create_value_monitored_items(
        &self,
        context: &RequestContext,
        space: &RwLock<AddressSpace>,
        items: &mut [&mut &mut CreateMonitoredItem],
    ) {
        let left = self.items.left(context);
        for (at, item) in items.iter_mut().enumerate() {
            if at < left {
                serving::monitor(context, space, item);
            } else {
                item.set_status(StatusCode::BadTooManyMonitoredItems);
            }
        }
    }

    async fn write(
        &self,
        context: &RequestContext,
        space: &RwLock<AddressSpace>,
        nodes: &mut [&mut WriteNode],
    ) -> Result<(), StatusCode> {
        let asker = self.asker(context);
        // In their order, and one that takes long holds up none of the others.
        let each = nodes.iter().map(|node| self.write_one(&asker, space, node));
        let statuses = futures::future::join_all(each).await;
        for (node, status) in nodes.iter_mut().zip(statuses) {
            node.set_status(status);
        }
        Ok(())
    }

    async fn call(
        &self,
        context: &RequestContext,
        _space: &RwLock<AddressSpace>,
        calls: &mut [&mut &mut MethodCall],
    ) -> Result<(), StatusCode> {
        let asker = self.asker(context);
        for call in calls {
            match self.call_one(&asker, call).await {
                Ok(outputs) => {
                    call.set_outputs(outputs);
                    call.set_status(StatusCode::Good);
                }
                Err(status) => call.set_status(status),
            }
        }
        Ok(())
    }

    async fn history_read_raw_modified(
        &self,
        _context: &RequestContext,
        details: &ReadRawModifiedDetails,
        nodes: &mut [&mut &mut HistoryNode],
        stamps: TimestampsToReturn,
    ) -> Result<(), StatusCode> {
        if details.is_read_modified {
            return Err(StatusCode::BadHistoryOperationUnsupported);
        }
        for node in nodes {
            if let Err(status) = self.history_one(details, node, stamps) {
                node.set_status(status);
            }
        }
        Ok(())
    }
}
