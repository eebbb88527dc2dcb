//! What the gateway shows of itself on its own server: connections and their state, flows with their account, and what is
//! not as it should be, below `Objects/<gateway>`.

use super::face::FaceFacts;
use super::facts::Facts;
use super::status::{ConnectionState, Status};
use super::supervisor::Ended;
use crate::model::tree::TreeWriter;
use crate::model::{BrowseName, BuiltInType, Scalar, Timestamp};
use crate::opcua::server::space::{Held, Link, NewKind, NewNode, NewVariable, NodeHandle};
use crate::opcua::server::{GATEWAY_NAMESPACE, Space};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often the figures are written.
const EVERY: Duration = Duration::from_secs(1);
/// Findings that are shown.
const FINDINGS_MAX: usize = 50;
const OBJECTS: &str = "i=85";
const FOLDER: &str = "i=61";
const BASE_OBJECT: &str = "i=58";
const BASE_DATA_VARIABLE: &str = "i=63";

/// Writes the figures as long as the face is there.
pub async fn run(facts: Arc<Facts>, face: FaceFacts, stop: CancellationToken) -> Ended {
    let mut spaces = face.space.subscribe();
    loop {
        let space = spaces.borrow_and_update().clone();
        let shown = async {
            match space {
                Some(space) => show(&facts, &space).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => return Ended::Stopped,
            changed = spaces.changed() => if changed.is_err() { return Ended::Stopped },
            why = shown => return Ended::Failed(why),
        }
    }
}

/// Gives why it cannot be shown.
async fn show(facts: &Facts, space: &Space) -> String {
    let status = facts.status();
    let mut board = Board::default();
    board.folder(OBJECTS, &status.gateway);
    let figures = figures(&status, facts.clock.now().wall);
    let mut last: Vec<Held> = Vec::new();
    for (path, figure) in &figures {
        board.figure(path, figure);
        last.push(figure.clone());
    }
    let handles = match space.insert(&board.nodes) {
        Ok(handles) => handles,
        Err(error) => return error.to_string(),
    };
    let variables: Vec<NodeHandle> = board.variables.iter().filter_map(|at| handles.get(*at).copied()).collect();
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        ticks.tick().await;
        let now = self::figures(&facts.status(), facts.clock.now().wall);
        let figures: Vec<Held> = now.into_iter().map(|(_, figure)| figure).collect();
        let changed = variables.iter().zip(figures.iter().zip(&last));
        let changed = changed.filter(|(_, (new, old))| new.scalar != old.scalar || new.arena != old.arena);
        space.set(changed.map(|(handle, (new, _))| (*handle, new.reading())));
        last = figures;
    }
}

/// Every figure with the path below the gateway's object; the same paths in the same order, as long as the plan is.
fn figures(status: &Status, now: Timestamp) -> Vec<(Vec<String>, Held)> {
    let mut all = Vec::new();
    let mut add = |path: &[&str], held: Held| {
        let held = Held { source_time: now, server_time: now, ..held };
        all.push((path.iter().map(|name| (*name).to_owned()).collect(), held));
    };
    add(&["Version"], Held::text(&status.version));
    add(&["UptimeSeconds"], count(status.uptime_s));
    add(&["IsLive"], Held::good(Scalar::Bool(status.health.is_live), Vec::new()));
    add(&["IsReady"], Held::good(Scalar::Bool(status.health.is_ready), Vec::new()));
    add(&["Findings"], texts(&status.health.reasons));
    for connection in &status.connections {
        let path = |name| ["Connections", connection.name.as_str(), name];
        let state = match connection.state {
            ConnectionState::Connecting => "connecting",
            ConnectionState::Connected => "connected",
            ConnectionState::Lost => "lost",
            ConnectionState::Refused => "refused",
        };
        let code = connection.reason.as_ref().map_or("", |reason| &reason.code);
        add(&path("State"), Held::text(state));
        add(&path("ReasonCode"), Held::text(code));
        add(&path("WaitingMessages"), count(connection.waiting_messages));
    }
    for flow in &status.flows {
        let path = |name| ["Flows", flow.name.as_str(), name];
        let values = [
            ("ReceivedValues", flow.received_values),
            ("DeliveredValues", flow.delivered_values),
            ("SpooledValues", flow.spooled_values),
            ("HeldValues", flow.held_values),
            ("QuarantinedValues", flow.quarantined_values),
            ("SupersededValues", flow.superseded_values),
            ("FilteredValues", flow.filtered_values),
            ("WithheldValues", flow.withheld_values),
            ("RejectedValues", flow.rejected_values),
            ("DroppedValues", flow.dropped_values),
            ("LostValues", flow.lost_values),
            ("ParkedValues", flow.parked_values),
            ("DeliveredMessages", flow.delivered_messages),
            ("Violations", flow.violations),
            ("Gaps", flow.gaps),
        ];
        values.into_iter().for_each(|(name, value)| add(&path(name), count(value)));
    }
    all
}

fn count(value: u64) -> Held {
    Held::good(Scalar::U64(BuiltInType::UInt64, value), Vec::new())
}

fn texts(texts: &[String]) -> Held {
    let shown = &texts[..texts.len().min(FINDINGS_MAX)];
    let mut arena = Vec::new();
    let mut tree = TreeWriter::new(&mut arena);
    tree.array(BuiltInType::String, shown.len() as u32, |tree| {
        shown.iter().for_each(|text| tree.text(BuiltInType::String, text));
    });
    let span = tree.finish();
    Held::good(Scalar::Tree(span), arena)
}

/// The nodes, parents before children.
#[derive(Default)]
struct Board {
    nodes: Vec<NewNode>,
    folders: Vec<Vec<String>>,
    /// Where the variables are among the nodes, in the order of the figures.
    variables: Vec<usize>,
}

impl Board {
    fn folder(&mut self, parent: &str, name: &str) {
        let kind = NewKind::Object { type_definition: BASE_OBJECT.to_owned(), notifies: false };
        self.node(ROOT.to_owned(), parent.to_owned(), Link::Organized, name, kind);
    }

    fn figure(&mut self, path: &[String], held: &Held) {
        let Some((name, above)) = path.split_last() else { return };
        for depth in 1..=above.len() {
            let folder = &above[..depth];
            if !self.folders.iter().any(|known| known == folder) {
                self.folders.push(folder.to_vec());
                let kind = NewKind::Object { type_definition: FOLDER.to_owned(), notifies: false };
                let link = Link::Organized;
                self.node(id(folder), id(&folder[..depth - 1]), link, &folder[depth - 1], kind);
            }
        }
        let (data_type, value_rank) = match held.scalar {
            Scalar::Bool(_) => ("i=1", -1),
            Scalar::U64(..) => ("i=9", -1),
            Scalar::Tree(_) => ("i=12", 1),
            _ => ("i=12", -1),
        };
        let kind = NewKind::Variable(NewVariable {
            type_definition: BASE_DATA_VARIABLE.to_owned(),
            data_type: data_type.to_owned(),
            value_rank,
            writers: Vec::new(),
            has_history: false,
            value: Some(held.clone()),
        });
        self.variables.push(self.nodes.len());
        self.node(id(path), id(above), Link::Component, name, kind);
    }

    fn node(&mut self, id: String, parent: String, link: Link, name: &str, kind: NewKind) {
        self.nodes.push(NewNode {
            id,
            parent,
            link,
            browse_name: BrowseName { namespace: GATEWAY_NAMESPACE.into(), name: name.to_owned() },
            display_name: Vec::new(),
            description: Vec::new(),
            kind,
            references: Vec::new(),
        });
    }
}

const ROOT: &str = "nsu=urn:qiao:gateway;s=gateway";

fn id(path: &[String]) -> String {
    if path.is_empty() { ROOT.to_owned() } else { format!("{ROOT}/{}", path.join("/")) }
}

#[cfg(test)]
mod tests {
    use super::super::status::{ConnectionStatus, FlowStatus};
    use super::*;

    #[test]
    fn every_figure_has_its_place_below_folders_that_come_before_it() {
        let status = Status {
            gateway: "hall-3".to_owned(),
            connections: vec![ConnectionStatus { name: "lathe".to_owned(), ..ConnectionStatus::default() }],
            flows: vec![FlowStatus { name: "one".to_owned(), ..FlowStatus::default() }],
            ..Status::default()
        };
        let mut board = Board::default();
        board.folder(OBJECTS, &status.gateway);
        let figures = figures(&status, Timestamp::NONE);
        figures.iter().for_each(|(path, held)| board.figure(path, held));
        assert!(ROOT.contains(GATEWAY_NAMESPACE));
        assert_eq!(board.variables.len(), figures.len());
        let mut known = vec![OBJECTS.to_owned()];
        for node in &board.nodes {
            assert!(known.contains(&node.parent) && !known.contains(&node.id), "{}", node.id);
            known.push(node.id.clone());
        }
        let found = |id: &str| known.iter().any(|known| known == &format!("{ROOT}/{id}"));
        assert!(found("Connections/lathe/State") && found("Flows/one/ReceivedValues") && found("Findings"));
    }

    #[test]
    fn findings_are_bounded() {
        let many: Vec<String> = (0..1000).map(|number| number.to_string()).collect();
        let held = texts(&many);
        let Scalar::Tree(span) = held.scalar else { panic!("a tree") };
        let Some(crate::model::tree::Node::Array { items, .. }) = crate::model::tree::Node::read(span.of(&held.arena))
        else {
            panic!("an array")
        };
        assert_eq!(Iterator::count(items), FINDINGS_MAX);
    }
}
