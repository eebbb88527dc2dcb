//! One look at a server: what is there and what it says now, without a subscription and without a session left behind.

use crate::config::plan::{ConnectionKind, Plan};
use crate::finding::Finding;
use crate::model::tree::Node;
use crate::model::unit::{UNECE_NAMESPACE, Unit};
use crate::model::{Batch, Discovery, Sample, Scalar, StatusCode};
use crate::opcua::{self, Counters, Selection};
use crate::port::{Clock, Desk, LinkState, SourceEvent};
use std::path::absolute;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Events that may wait until they are looked at.
const EVENTS: usize = 16;
/// Characters of a value that are shown.
const SHOWN: usize = 120;

/// What was seen of one server.
#[derive(Debug, Default)]
pub struct Looked {
    /// `None`: it did not come to that.
    pub discovery: Option<Arc<Discovery>>,
    /// Values by slot; `None` where nothing came.
    pub values: Vec<Option<Seen>>,
    pub findings: Vec<Finding>,
    /// Why there was no link, or why it was lost.
    pub fault: Option<Finding>,
}

/// A value as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub text: String,
    pub status: StatusCode,
    /// The value is an `EUInformation`: code or display name of the unit.
    pub unit: Option<String>,
}

/// Looks at the server of a connection. `event` is handed what the stages would be.
///
/// Nothing of it is an error: what went wrong stands in [`Looked::fault`].
pub async fn look(
    plan: &Plan,
    at: u16,
    selections: Vec<Selection>,
    counters: &Arc<Counters>,
    stop: &CancellationToken,
    mut event: impl FnMut(SourceEvent),
) -> Looked {
    let mut looked = Looked::default();
    let Some(connection) = plan.connections.get(usize::from(at)) else { return looked };
    let Some(source) = source_plan(plan, at, selections, counters, Clock::start()) else { return looked };
    let (sender, mut events) = mpsc::channel(EVENTS);
    let handle = match opcua::look(source, sender, stop.clone()) {
        Ok(handle) => handle,
        Err(error) => {
            looked.fault = Some(Finding::error("QIAO-R008", &connection.name).with("error", error));
            return looked;
        }
    };
    while let Some(told) = events.recv().await {
        match &told {
            SourceEvent::Link(LinkState::Lost(finding) | LinkState::Refused(finding)) => {
                looked.fault = Some((**finding).clone());
                continue;
            }
            SourceEvent::Link(_) => continue,
            SourceEvent::Found(discovery) => {
                looked.values = vec![None; discovery.items.len()];
                looked.discovery = Some(Arc::clone(discovery));
            }
            SourceEvent::Batch(batch) => looked.take(batch),
            SourceEvent::Gap(gap) => looked.findings.push(gap.finding.clone()),
            SourceEvent::Finding(finding) => looked.findings.push(finding.clone()),
        }
        event(told);
    }
    if let Err(panicked) = handle.ended().await {
        looked.fault = Some(Finding::error("QIAO-R008", &connection.name).with("error", panicked));
    }
    looked
}

/// What a source of this connection needs that people watch: like the gateway's own, but without its browse cache, as of a
/// look one expects the truth of now. `None`: the connection is no OPC UA server.
pub(super) fn source_plan(
    plan: &Plan,
    at: u16,
    selections: Vec<Selection>,
    counters: &Arc<Counters>,
    clock: Clock,
) -> Option<opcua::SourcePlan> {
    let connection = plan.connections.get(usize::from(at))?;
    let ConnectionKind::OpcUa(server) = &connection.kind else { return None };
    Some(opcua::SourcePlan {
        index: at,
        name: connection.name.clone(),
        gateway: plan.gateway.name.clone(),
        connection: server.clone(),
        selections,
        fills_gaps: false,
        pki: plan.gateway.data_dir.join("pki"),
        configuration: absolute(&plan.gateway.file).unwrap_or_else(|_| plan.gateway.file.clone()),
        cache: None,
        subscriptions: None,
        clock,
        counters: Arc::clone(counters),
        desk: Desk::default(),
    })
}

impl Looked {
    fn take(&mut self, batch: &Batch) {
        for sample in &batch.samples {
            if let Some(value) = self.values.get_mut(sample.slot as usize) {
                *value = Some(Seen::of(sample, &batch.arena));
            }
        }
    }

    /// The value of a slot.
    #[must_use]
    pub fn value(&self, slot: u32) -> Option<&Seen> {
        self.values.get(slot as usize)?.as_ref()
    }
}

impl Seen {
    fn of(sample: &Sample, arena: &[u8]) -> Self {
        let (mut text, mut unit) = (String::new(), None);
        match sample.scalar {
            Scalar::Null => {}
            Scalar::Bool(value) => text = value.to_string(),
            Scalar::I64(_, value) => text = value.to_string(),
            Scalar::U64(_, value) => text = value.to_string(),
            Scalar::F32(value) => text = value.to_string(),
            Scalar::F64(value) => text = value.to_string(),
            Scalar::Time(time) => text = time.to_string(),
            Scalar::Text(_, span) => text = String::from_utf8_lossy(span.of(arena)).chars().take(SHOWN).collect(),
            Scalar::Bytes(span) => text = format!("{} bytes", span.length),
            Scalar::Tree(span) => match Node::read(span.of(arena)) {
                Some(Node::LocalizedText { text: found, .. }) => {
                    text = found.unwrap_or_default().chars().take(SHOWN).collect();
                }
                Some(Node::QualifiedName { name, .. }) => text = name.to_owned(),
                Some(Node::Enumeration { value, .. }) => text = value.to_string(),
                Some(structure @ Node::Structure { .. }) => {
                    unit = unit_of(&structure);
                    text = unit.clone().unwrap_or_else(|| "…".to_owned());
                }
                _ => text = "…".to_owned(),
            },
        }
        Self { text, status: StatusCode(sample.status), unit }
    }
}

/// The unit that an `EUInformation` stands for: its common code where it is one of UNECE's, else as it is displayed.
fn unit_of(structure: &Node<'_>) -> Option<String> {
    let Node::Structure { fields, .. } = structure else { return None };
    let (mut namespace, mut id, mut display) = ("", None, None);
    for (name, field) in fields.clone() {
        match (name, field) {
            ("NamespaceUri", Node::Text(_, uri)) => namespace = uri,
            ("UnitId", Node::I64(_, number)) => id = i32::try_from(number).ok(),
            ("DisplayName", Node::LocalizedText { text, .. }) => display = text.map(str::to_owned),
            _ => {}
        }
    }
    let code = id.filter(|_| namespace == UNECE_NAMESPACE).and_then(Unit::code_of);
    // A structure without a unit's parts is none.
    id.and(code.or(display.filter(|text| !text.is_empty())))
}
