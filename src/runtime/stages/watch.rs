//! The list in which a machine keeps the alarms that are active: what changes in it is told by events.

use super::Stages;
use super::alarms::{MOST_ALARMS, fate};
use super::bench::{Bench, key};
use super::bridge::Aim;
use super::outbox::Outbox;
use super::suspect::Suspect;
use super::wish::{Role, Wish};
use crate::assemble::bind::Candidate;
use crate::assemble::layout::NO_SLOT;
use crate::codec::ua_json::read_event;
use crate::codec::{Reading, umati_json};
use crate::config::plan::OnViolation;
use crate::finding::Finding;
use crate::model::{Now, Sample, StatusCode, Timestamp};
use crate::profile::unescape;
use crate::translate::{AlarmList, AlarmWay, Change, FateKind, Occasion, Routes};
use crate::validate::Checker;
use base64::Engine as _;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// One machine's list.
#[derive(Debug)]
pub(super) struct Watch {
    pub(super) flow: u16,
    flow_name: String,
    /// Place among the watches of its source.
    index: u32,
    /// The machine's id, and its root.
    id: String,
    pub(super) node: String,
    /// Of what the source speaks.
    profile_id: String,
    checker: Arc<Checker>,
    on_violation: OnViolation,
    list: AlarmList,
    routes: Arc<Routes>,
    /// Where its events stand in their message.
    base: String,
    topic: String,
    /// In which the ids of its nodes are unique.
    namespace: String,
    /// Slots that hold the list.
    pub(super) slots: Vec<u32>,
    /// Place among the streams of what tells its events.
    pub(super) target: Option<u32>,
    /// What was active when the list was heard last.
    known: Option<Vec<Value>>,
    /// Events so far.
    number: u64,
}

impl Stages {
    /// Adds the watch over a machine's list, if one is watched, and takes its slots out of what becomes fields.
    pub(super) fn add_watch(&mut self, wish: &Wish<'_>, nodes: &mut Vec<Candidate<'_>>, before: &mut Vec<Watch>) {
        let Some(publish_as) = wish.flow.publish_as.as_ref().filter(|_| wish.role == Role::Source) else { return };
        let at = wish.flow.profiles.iter().position(|profile| profile.id() == wish.profile.id());
        let routes = at.and_then(|at| publish_as.routes.get(at));
        let Some((routes, AlarmWay::ToEvents(list))) = routes.and_then(|routes| Some((routes, routes.alarms()?)))
        else {
            return;
        };
        let Some(checker) = self.prepared.checker(&wish.profile.id()) else { return };
        let path: Vec<String> = list.pointer.split('/').skip(1).map(unescape).collect();
        let is_list = |node: &Candidate<'_>| node.target.path.0.iter().map(|name| &name.name).eq(&path);
        let slots = nodes.iter().filter(|node| is_list(node)).map(|node| node.slot).collect();
        nodes.retain(|node| !is_list(node));
        let is_it = |old: &Watch| {
            old.flow == wish.found.flow && old.node == wish.found.node && old.profile_id == wish.profile.id()
        };
        let old = before.iter().position(is_it).map(|at| before.swap_remove(at));
        // What was told needs not be told again, whatever became of the link.
        let (known, number) = old.map_or((None, 0), |old| (old.known, old.number));
        self.watches.push(Watch {
            flow: wish.found.flow,
            flow_name: wish.flow.name.clone(),
            index: self.watches.len() as u32,
            id: wish.id.clone(),
            node: wish.found.node.clone(),
            profile_id: wish.profile.id(),
            checker,
            on_violation: wish.flow.on_violation,
            list: list.clone(),
            routes: Arc::clone(routes),
            base: wish.published.mapping.open.clone().unwrap_or_default(),
            topic: wish.topic().to_string(),
            namespace: format!("urn:qiao:{}:{}", self.bench.gateway, self.bench.source),
            slots,
            target: None,
            known,
            number,
        });
    }

    /// Whether a list of the machine is watched.
    pub(super) fn is_watched(&self, wish: &Wish<'_>) -> bool {
        self.watches.iter().any(|watch| watch.flow == wish.found.flow && watch.node == wish.found.node)
    }

    /// The events of a machine's lists are told by this stream.
    pub(super) fn lead_watches(&mut self, wish: &Wish<'_>, target: u32) {
        let its = self.watches.iter_mut();
        its.filter(|watch| watch.flow == wish.found.flow && watch.node == wish.found.node)
            .for_each(|watch| watch.target = Some(target));
    }
}

impl Watch {
    /// Takes the list as it is now.
    pub(super) fn take(&mut self, sample: &Sample, arena: &[u8], bench: &mut Bench, now: Now, out: &mut Outbox) {
        bench.totals(self.flow).received += 1;
        let Some(alarms) = read(sample, arena, bench).and_then(AlarmList::alarms) else {
            // That it says nothing does not say that nothing is active.
            return self.pass_over(FateKind::Absent, bench);
        };
        let alarms = self.sifted(alarms, bench, now, out);
        let known = self.known.take();
        let changes = self.list.changes(known.as_deref().unwrap_or_default(), &alarms);
        let time = if sample.source_time.is_none() { now.wall } else { sample.source_time };
        if changes.is_empty() {
            self.pass_over(FateKind::Exact, bench);
        } else {
            // A list counts once for each event.
            bench.totals(self.flow).received += changes.len() as u64 - 1;
        }
        for change in changes {
            self.tell(change, known.is_none(), time, bench, now);
        }
        self.known = Some(alarms);
    }

    fn pass_over(&self, fate: FateKind, bench: &mut Bench) {
        let totals = bench.totals(self.flow);
        totals.filtered += 1;
        totals.fates.add(fate);
    }

    /// The alarms that are what their profile says, each once, and as many as there is room for. One that is not stands as
    /// it stood before.
    fn sifted(&self, alarms: Vec<Value>, bench: &mut Bench, now: Now, out: &mut Outbox) -> Vec<Value> {
        if alarms.len() > MOST_ALARMS {
            let about = || Finding::warning("QIAO-V275", self.id.clone()).with("machine", &self.id);
            bench.tell(key("QIAO-V275", self.index, &self.node), now, out, || about().with("limit", MOST_ALARMS));
        }
        let mut kept = Vec::new();
        for alarm in alarms.into_iter().take(MOST_ALARMS) {
            bench.tape.clear();
            bench.tape.json(&self.list.image(vec![alarm.clone()]));
            if self.checker.is_valid(&bench.tape) {
                kept.push(alarm);
                continue;
            }
            let violations = self.checker.violations(&bench.tape, super::stream::MOST_REMARKS);
            self.suspect().refuse(self.flow, &violations, &self.node, bench, now, out);
            if self.on_violation == OnViolation::Mark {
                kept.push(alarm);
                continue;
            }
            bench.totals(self.flow).received += 1;
            let number = self.list.number(&alarm);
            let before =
                self.known.iter().flatten().find(|known| number.is_some() && self.list.number(known) == number);
            kept.extend(before.cloned());
        }
        self.list.distinct(kept)
    }

    fn suspect(&self) -> Suspect<'_> {
        Suspect {
            flow_name: &self.flow_name,
            machine: &self.id,
            profile_id: &self.profile_id,
            topic: &self.topic,
            index: self.index,
            on_violation: self.on_violation,
        }
    }

    /// Makes the event of a change.
    fn tell(&mut self, change: Change<'_>, is_refresh: bool, time: Timestamp, bench: &mut Bench, now: Now) {
        let (Change::Cleared(alarm) | Change::Raised(alarm) | Change::Altered(alarm)) = change;
        self.number += 1;
        let image = self.list.image(vec![alarm.clone()]);
        let event = self.event_id(alarm, now);
        let occasion = Occasion {
            machine: &self.id,
            namespace: &self.namespace,
            event: &event,
            time: &time.to_string(),
            is_refresh,
        };
        let translated = self.routes.event_of_alarm(&image, change, &occasion);
        let fields = translated.message.pointer(&self.base).and_then(Value::as_object);
        let scalar = fields.and_then(|fields| read_event(fields, &mut bench.onward.arena));
        let (Some(scalar), Some(target)) = (scalar, self.target) else {
            return self.pass_over(FateKind::Absent, bench);
        };
        bench.totals(self.flow).fates.add(fate(&translated));
        let server_time = Timestamp::NONE;
        let sample = Sample { slot: NO_SLOT, status: StatusCode::GOOD.0, source_time: time, server_time, scalar };
        bench.onward.values.push((Aim::Stream(target), 0, sample));
    }

    /// Different for every event of every machine.
    fn event_id(&self, alarm: &Value, now: Now) -> String {
        let mut hash = Sha256::new();
        for part in [&self.namespace, &self.node, &alarm.to_string(), &now.wall.to_string()] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.update(self.number.to_le_bytes());
        let id = hash.finalize();
        base64::engine::general_purpose::STANDARD.encode(id.get(..16).unwrap_or_default())
    }
}

/// The list as JSON; `None`: there is no value.
fn read(sample: &Sample, arena: &[u8], bench: &mut Bench) -> Option<Value> {
    let status = StatusCode(sample.status);
    let (source_time, server_time) = (sample.source_time, sample.server_time);
    let reading = Reading { scalar: sample.scalar, arena, status, source_time, server_time, enumeration: None };
    bench.tape.clear();
    let is_usable = !status.is_bad() && umati_json::value(&mut bench.tape, &reading).is_ok();
    is_usable.then(|| serde_json::from_str(bench.tape.as_str()).ok())?
}
