//! What stands beside messages: which machines there are, which are not shown and why, which are online.
//!
//! All sources of a gateway that publish below one base of one sink write on one [`Board`]. The stages write there
//! that something changed; one client of the sink's broker reads it, so that no older list follows a newer one. Asked
//! when machines come and go, and when what a list shows of a machine changes; never per value.

use super::Stages;
use super::wish::{Wish, identity_of};
use crate::assemble::identity;
use crate::codec::{Tape, tape::TapeKind};
use crate::config::beside::bases;
use crate::config::plan::Plan;
use crate::finding::Finding;
use crate::model::TopicName;
use crate::mqtt::herald::Standing;
use crate::profile::beside::{Fact, MACHINE, MachineList, VERSION};
use crate::profile::{Beside, Profile};
use crate::route::escape;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// The boards of a gateway: one for every sink and base.
#[derive(Debug, Default)]
pub struct Boards(Vec<Arc<Board>>);

/// What stands beside the messages below one base of one sink.
#[derive(Debug)]
pub struct Board {
    sink: u16,
    base: String,
    /// From 1, among those of its sink.
    number: usize,
    /// Of every profile that publishes here.
    kinds: Vec<Arc<Beside>>,
    notices: Mutex<BTreeMap<Key, Notice>>,
    changes: watch::Sender<u64>,
}

/// Index of the source, and what distinguishes the machines of one source, flow and profile.
type Key = (u16, String);

/// One machine.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Notice {
    kind: Arc<Beside>,
    /// Its id as it stands in topics.
    machine: String,
    topic: String,
    parent: String,
    /// JSON object of what lists show of it.
    data: String,
    /// Why it is not shown; `None`: its messages are published.
    error: Option<String>,
}

/// Where a stream or relay says what became of its messages.
#[derive(Debug)]
pub(super) struct Stand {
    board: Arc<Board>,
    key: Key,
    notice: Notice,
    /// The object of the last message that the data was taken from.
    seen: String,
    /// Members of that object whose value is one field, by name; `true`: it has properties, and stands in `value`.
    plain: BTreeMap<String, bool>,
    is_written: bool,
}

impl Boards {
    /// A board for every place where a flow of the plan publishes something beside its messages.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let mut boards: Vec<Board> = Vec::new();
        for flow in &plan.flows {
            for profile in flow.published() {
                let found = bases(flow, profile, &plan.gateway.name, &plan.machines);
                let (Some(kind), Some(Ok(bases))) = (&profile.beside, found) else { continue };
                for base in bases {
                    let at = boards.iter().position(|board| (board.sink, &board.base) == (flow.sink, &base));
                    let at = at.unwrap_or_else(|| {
                        let number = boards.iter().filter(|board| board.sink == flow.sink).count() + 1;
                        boards.push(Board::new(flow.sink, base, number));
                        boards.len() - 1
                    });
                    if let Some(board) = boards.get_mut(at).filter(|board| !board.kinds.contains(kind)) {
                        board.kinds.push(Arc::clone(kind));
                    }
                }
            }
        }
        Self(boards.into_iter().map(Arc::new).collect())
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Board>> {
        self.0.iter()
    }

    /// What one machine's messages of one profile are to the board they stand beside, if there is one.
    pub(super) fn stand(&self, source: u16, wish: &Wish<'_>) -> Option<Stand> {
        let kind = wish.profile.beside.as_ref().filter(|_| wish.is_published())?;
        let machine = escape(&wish.id);
        let base = wish.topic().as_str().strip_suffix(&kind.behind.replace(MACHINE, &machine))?;
        let board = self.0.iter().find(|board| (board.sink, board.base.as_str()) == (wish.flow.sink, base))?;
        let notice = Notice {
            kind: Arc::clone(kind),
            machine,
            topic: wish.topic().as_str().to_owned(),
            parent: identity::encode(&wish.found.parent),
            data: "{}".to_owned(),
            error: None,
        };
        let (board, key) = (Arc::clone(board), (source, identity_of(wish)));
        let plain = plain(wish.profile, &kind.data);
        Some(Stand { board, key, notice, seen: String::new(), plain, is_written: false })
    }

    /// Takes down what stands of machines of a source that are not among these.
    pub(super) fn retain(&self, source: u16, there: &BTreeSet<Key>) {
        for board in &self.0 {
            board.change(|notices| notices.retain(|key, _| key.0 != source || there.contains(key)));
        }
    }

    /// Nothing of a source's machines is published, for this reason.
    pub(super) fn lose(&self, source: u16, error: &str) {
        for board in &self.0 {
            board.change(|notices| {
                let own = notices.iter_mut().filter(|(key, _)| key.0 == source);
                own.for_each(|(_, notice)| notice.error = Some(error.to_owned()));
            });
        }
    }
}

impl Board {
    fn new(sink: u16, base: String, number: usize) -> Self {
        Self { sink, base, number, kinds: Vec::new(), notices: Mutex::default(), changes: watch::Sender::new(0) }
    }

    /// Index of the sink's connection in the plan.
    #[must_use]
    pub fn sink(&self) -> u16 {
        self.sink
    }

    /// Rises with every change.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// How often everything is said again.
    #[must_use]
    pub fn every(&self) -> Duration {
        self.kinds.iter().map(|kind| kind.every).min().unwrap_or(Duration::from_secs(30))
    }

    /// What tells the boards of one sink apart: nothing for the first.
    #[must_use]
    pub fn ordinal(&self) -> String {
        if self.number == 1 { String::new() } else { format!("-{}", self.number) }
    }

    /// Where the gateway says that it is connected, what it says then, and what the broker says when it is not.
    #[must_use]
    pub fn client(&self) -> Option<(Arc<TopicName>, &str, &str)> {
        let sign = self.kinds.iter().find_map(|kind| kind.client.as_ref())?;
        Some((self.topic(&sign.topic)?, &sign.online, &sign.lost))
    }

    /// What is to stand on the broker now; when the gateway `is_leaving`, empty lists and nothing of any machine.
    #[must_use]
    pub fn standing(&self, is_leaving: bool) -> Standing {
        let mut standing = Standing::new();
        let mut lists: BTreeMap<Arc<TopicName>, Vec<String>> = BTreeMap::new();
        let all = |kind: &Beside| [(kind.machines.clone(), true), (kind.refused.clone(), false)];
        for kind in &self.kinds {
            for topic in all(kind).iter().filter_map(|(list, _)| self.topic(&list.as_ref()?.topic)) {
                lists.entry(topic).or_default();
            }
        }
        if !is_leaving {
            for notice in self.notices().values() {
                let is_shown = notice.error.is_none();
                let list = if is_shown { &notice.kind.machines } else { &notice.kind.refused };
                if let Some(list) = list
                    && let Some(topic) = self.topic(&list.topic)
                {
                    lists.entry(topic).or_default().push(notice.entry(list));
                }
                self.sign(notice, is_shown, &mut standing);
            }
            for note in self.kinds.iter().filter_map(|kind| kind.version.as_ref()) {
                let text = note.text.replace(VERSION, env!("CARGO_PKG_VERSION"));
                standing.extend(self.topic(&note.topic).map(|topic| (topic, text.into_bytes())));
            }
        }
        standing.extend(lists.into_iter().map(|(topic, list)| (topic, format!("[{}]", list.join(",")).into_bytes())));
        standing
    }

    /// A machine is online when any of its profiles shows it.
    fn sign(&self, notice: &Notice, is_shown: bool, standing: &mut Standing) {
        let Some(sign) = &notice.kind.online else { return };
        let Some(topic) = self.topic(&sign.topic.replace(MACHINE, &notice.machine)) else { return };
        if is_shown {
            standing.insert(topic, sign.online.clone().into_bytes());
        } else {
            standing.entry(topic).or_insert_with(|| sign.lost.clone().into_bytes());
        }
    }

    /// `None`: it would be longer than a topic may be.
    fn topic(&self, behind: &str) -> Option<Arc<TopicName>> {
        TopicName::parse(&format!("{}{behind}", self.base)).ok().map(Arc::new)
    }

    fn notices(&self) -> MutexGuard<'_, BTreeMap<Key, Notice>> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<Key, Notice>)) {
        change(&mut self.notices());
        self.changes.send_modify(|changes| *changes += 1);
    }
}

impl Notice {
    fn entry(&self, list: &MachineList) -> String {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let members = list.entry.iter().map(|(name, fact)| {
            let value = match fact {
                Fact::Data => self.data.clone(),
                Fact::Topic => text(&self.topic),
                Fact::Machine => text(&self.machine),
                Fact::Parent => text(&self.parent),
                Fact::Error => text(self.error.as_deref().unwrap_or_default()),
                Fact::Text(fixed) => text(fixed),
            };
            format!("{}:{value}", text(name))
        });
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    }
}

impl Stand {
    /// A whole message went out: it lies on the tape as it left.
    pub(super) fn show(&mut self, tape: &Tape) {
        let object = tape.find(&self.notice.kind.data).and_then(|at| Some((at, tape.nodes().get(at as usize)?)));
        let text = object.map_or("", |(_, node)| tape.json_of(node));
        if self.is_written && self.notice.error.is_none() && self.seen == text {
            return;
        }
        text.clone_into(&mut self.seen);
        self.notice.data = object.map_or_else(|| "{}".to_owned(), |(at, _)| self.values(tape, at));
        self.write(None);
    }

    /// Its messages are not published, for this reason.
    pub(super) fn refuse(&mut self, error: String) {
        if !self.is_written || self.notice.error.as_ref() != Some(&error) {
            self.write(Some(error));
        }
    }

    /// It stands on no list any more.
    pub(super) fn hide(&mut self) {
        self.is_written = false;
        self.board.change(|notices| drop(notices.remove(&self.key)));
    }

    fn write(&mut self, error: Option<String>) {
        self.is_written = true;
        self.notice.error = error;
        let (key, notice) = (self.key.clone(), self.notice.clone());
        self.board.change(|notices| drop(notices.insert(key, notice)));
    }

    /// The values that stand in an object of the message themselves: not those of objects in it. What no field of the
    /// profile fills is a value when it is no object.
    fn values(&self, tape: &Tape, at: u32) -> String {
        let mut members = Vec::new();
        let nodes = tape.nodes();
        let end = nodes.get(at as usize).map_or(0, |node| node.next());
        let mut next = at + 1;
        while next < end {
            let Some(node) = nodes.get(next as usize) else { break };
            let name = tape.key_of(node);
            let value = match self.plain.get(name) {
                Some(false) => Some(tape.json_of(node)),
                Some(true) => {
                    let value = tape.find(&format!("{}/{name}/value", self.notice.kind.data));
                    value.and_then(|value| nodes.get(value as usize)).map(|node| tape.json_of(node))
                }
                None => (node.kind() != TapeKind::Object).then(|| tape.json_of(node)),
            };
            members.extend(value.map(|value| format!("\"{name}\":{value}")));
            next = node.next();
        }
        format!("{{{}}}", members.join(","))
    }
}

impl Stages {
    /// Where the machines of this source stand.
    pub(super) fn stands(&mut self) -> impl Iterator<Item = &mut Stand> {
        let streams = self.streams.iter_mut().filter_map(|stream| stream.stand.as_mut());
        streams.chain(self.relays.values_mut().filter_map(|relay| relay.stand.as_mut()))
    }

    /// These do not become streams, for this reason.
    pub(super) fn turn_away<'a>(&mut self, wishes: impl Iterator<Item = Wish<'a>>, why: &Finding) {
        for wish in wishes {
            if let Some(mut stand) = self.prepared.boards.stand(self.source, &wish) {
                stand.refuse(why.text(self.bench.language));
                self.turned_away.push(stand);
            }
        }
    }

    /// Of machines that are not there any more nothing stands.
    pub(super) fn take_down(&mut self) {
        let prepared = Arc::clone(&self.prepared);
        let away: Vec<Key> = self.turned_away.iter().map(|stand| stand.key.clone()).collect();
        let there: BTreeSet<Key> = self.stands().map(|stand| stand.key.clone()).chain(away).collect();
        prepared.boards.retain(self.source, &there);
    }
}

/// Names of the members of an object that are fields of the profile; see [`Stand::plain`].
fn plain(profile: &Profile, data: &str) -> BTreeMap<String, bool> {
    let below = profile.mapping.fields.iter().filter_map(|field| field.pointer.strip_prefix(data)?.strip_prefix('/'));
    let member = |rest: &str| match rest.split_once('/') {
        None => Some((rest.to_owned(), false)),
        Some((name, "value")) => Some((name.to_owned(), true)),
        Some(_) => None,
    };
    below.filter_map(member).collect()
}
