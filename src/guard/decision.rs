//! Whether a command may be done.

use super::bounds;
use super::clock::{self, WallWatch};
use super::command::{self, Bare, Body, Command, CommandId, Origin};
use super::outcome::Outcome;
use super::rate::Used;
use super::refusal::{Refusal, Refused};
use super::sender;
use super::value::{Value, shown};
use crate::config::plan::{Access, CommandSource, Interlock, Takes, WritePlan, WriteTarget, Writes};
use crate::model::{BuiltInType, Now, StatusCode, Timestamp};
use std::time::Duration;

/// Who commands, proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Name of the sender in the configuration.
    pub name: String,
}

/// What the journal knows of an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// [`Command::digest`] of the command that used it.
    pub digest: [u8; 32],
    /// `None`: it is under way.
    pub outcome: Option<Outcome>,
}

impl Known {
    /// Stands for a digest that was lost: which command it was is not known, and no other may have its id.
    pub const OF_ANY: [u8; 32] = [0; 32];
}

/// Whether something may go on.
#[derive(Clone, Debug)]
pub enum Verdict<T> {
    Go(T),
    Refuse(Refusal),
    /// It was decided before: this was the outcome, and it is told again.
    Repeat(Outcome),
}

/// A command whose sender may give it; what the machine holds is not looked at yet.
#[derive(Clone, Debug)]
pub struct Admitted {
    command: Command,
    actor: Actor,
    needs: Needs,
}

/// What must be read before the decision, of an OPC UA server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Data type and dimensions of the node, or of the method's arguments.
    pub kinds: bool,
    /// The value of the node.
    pub present: bool,
    /// The value of the interlock.
    pub interlock: bool,
}

/// A value as it was read.
#[derive(Clone, Debug)]
pub enum Reading {
    NotRead,
    Good(Value),
    /// Uncertain, bad, or not to be had.
    Not(StatusCode),
}

/// What is known at the moment of the decision. What is not known is a no.
#[derive(Clone, Debug)]
pub struct Facts {
    pub now: Now,
    /// How far this machine's clock is from those it was compared with; `None`: it was compared with none.
    pub clock_off: Option<Duration>,
    /// The local switch forbids every write.
    pub is_switched_off: bool,
    /// Journal and audit can be written.
    pub is_recorded: bool,
    /// There is a connection to the machine; `connection` is its name.
    pub is_connected: bool,
    pub connection: String,
    /// Type and dimensions of the node, or of each argument, as its server says; no dimensions: one value.
    pub kinds: Vec<(BuiltInType, Vec<u32>)>,
    pub present: Reading,
    pub interlock: Reading,
}

/// Leave to send one command once. Only [`Guard::decide`] makes one, only the journal takes one.
#[must_use]
#[derive(Debug)]
pub struct Permit {
    command: Command,
    actor: Actor,
    present: Option<Value>,
}

/// The rules of the configuration, and how often each was used.
#[derive(Debug)]
pub struct Guard {
    writes: Writes,
    gateway: String,
    clock: WallWatch,
    used: Vec<Used>,
}

impl Guard {
    /// `now`: when this gateway begins to listen: what was issued before it is refused. `latest`: the newest time of the
    /// journal: a clock that is behind it was set back.
    #[must_use]
    pub fn new(writes: Writes, gateway: &str, now: Now, latest: Timestamp) -> Self {
        let used = writes.entries.iter().map(|entry| Used::new(entry.rate)).collect();
        let clock = WallWatch::new(now, latest, writes.clock_skew);
        Self { writes, gateway: gateway.to_owned(), clock, used }
    }

    #[must_use]
    pub fn entry(&self, entry: usize) -> Option<&WritePlan> {
        self.writes.entries.get(entry)
    }

    /// Counts a command of a former process against the rate of its entry.
    pub fn remember(&mut self, entry: &str, when: Timestamp, now: Now) {
        let found = self.writes.entries.iter().position(|known| known.name == entry);
        if let Some(used) = found.and_then(|at| self.used.get_mut(at)) {
            used.remember(when, now);
        }
    }

    /// Reads the message of a command for an entry.
    pub fn read(&self, entry: usize, bytes: &[u8]) -> Result<Command, Box<Refused>> {
        command::read(&self.gateway, (entry, self.plan(entry)?), bytes)
    }

    /// A command that came without an envelope; issued when it arrived.
    pub fn bare(
        &self,
        entry: usize,
        id: CommandId,
        what: Bare<'_>,
        arrived: Timestamp,
    ) -> Result<Command, Box<Refused>> {
        command::bare(&self.gateway, (entry, self.plan(entry)?), id, what, arrived)
    }

    fn plan(&self, entry: usize) -> Result<&WritePlan, Box<Refused>> {
        let nothing = || Refusal::NoEntry { what: entry.to_string() };
        self.entry(entry).ok_or_else(|| Box::new(Refused { id: None, sender: None, refusal: nothing() }))
    }

    /// Sender, role, replay, time: everything that can be said without asking the machine.
    pub fn admit(&mut self, command: Command, origin: &Origin, known: Option<&Known>, now: Now) -> Verdict<Admitted> {
        match self.look(&command, origin, known, now) {
            Ok(Ok(actor)) => {
                let needs = self.entry(command.entry).map_or_else(Needs::default, |entry| needs(entry, &command));
                Verdict::Go(Admitted { command, actor, needs })
            }
            Ok(Err(outcome)) => Verdict::Repeat(outcome),
            Err(refusal) => Verdict::Refuse(refusal),
        }
    }

    fn look(
        &mut self,
        command: &Command,
        origin: &Origin,
        known: Option<&Known>,
        now: Now,
    ) -> Result<Result<Actor, Outcome>, Refusal> {
        let entry = self.writes.entries.get(command.entry).filter(|entry| is_from(&entry.from, origin));
        let entry = entry.ok_or_else(|| Refusal::NoEntry { what: command.entry.to_string() })?;
        if matches!(origin, Origin::Topic { is_retained: true, .. } | Origin::NcLink { is_retained: true, .. }) {
            return Err(Refusal::Retained);
        }
        let sender = sender::prove(&self.writes.senders, entry, command, origin)?;
        if let Some(known) = known {
            let id = || command.id.to_string();
            return match &known.outcome {
                _ if known.digest != command.digest() && known.digest != Known::OF_ANY => {
                    Err(Refusal::IdUsed { id: id() })
                }
                Some(outcome) => Ok(Err(outcome.clone())),
                None => Err(Refusal::UnderWay { id: id() }),
            };
        }
        if self.writes.access == Access::ReadOnly {
            return Err(Refusal::ReadOnly);
        }
        let actor = Actor { name: sender.name.clone() };
        self.clock.look(now)?;
        in_time(entry, command, &self.clock, now)?;
        Ok(Ok(actor))
    }

    /// The last word. Counts against the entry's rate when it is a yes.
    pub fn decide(&mut self, admitted: Admitted, facts: &Facts) -> Verdict<Permit> {
        match self.judge(&admitted, facts) {
            Ok(present) => Verdict::Go(Permit { command: admitted.command, actor: admitted.actor, present }),
            Err(refusal) => Verdict::Refuse(refusal),
        }
    }

    fn judge(&mut self, admitted: &Admitted, facts: &Facts) -> Result<Option<Value>, Refusal> {
        let command = &admitted.command;
        let nothing = || Refusal::NoEntry { what: command.entry.to_string() };
        let entry = self.writes.entries.get(command.entry).ok_or_else(nothing)?;
        if facts.is_switched_off {
            return Err(Refusal::SwitchedOff);
        }
        if !facts.is_recorded {
            return Err(Refusal::NotRecorded);
        }
        // Reading took time: it is looked at again.
        self.clock.look(facts.now)?;
        if let Some(off) = facts.clock_off.filter(|off| *off > self.writes.clock_skew) {
            return Err(clock::unsure(off, self.writes.clock_skew));
        }
        in_time(entry, command, &self.clock, facts.now)?;
        if !facts.is_connected {
            return Err(Refusal::NotConnected { connection: facts.connection.clone() });
        }
        if admitted.needs.kinds {
            same_kinds(entry, &facts.kinds)?;
        }
        let present = present(entry, admitted, &facts.present)?;
        if let (Some(expected), Some(present)) = (&command.expected, &present)
            && !present.is(expected)
        {
            return Err(Refusal::NotExpected { expected: expected.json(), present: present.json() });
        }
        far(entry, command, present.as_ref())?;
        if let Some(interlock) = &entry.interlock {
            locked(interlock, &facts.interlock)?;
        }
        let used = self.used.get_mut(command.entry).ok_or_else(nothing)?;
        used.take(facts.now.monotonic)?;
        Ok(present)
    }
}

fn is_from(source: &CommandSource, origin: &Origin) -> bool {
    match (source, origin) {
        (CommandSource::Topic { connection: own, .. }, Origin::Topic { connection, .. })
        | (CommandSource::NcLink { connection: own, .. }, Origin::NcLink { connection, .. })
        | (CommandSource::Face { connection: own, .. }, Origin::Face { connection, .. }) => own == connection,
        _ => false,
    }
}

fn needs(entry: &WritePlan, command: &Command) -> Needs {
    let is_ua = matches!(entry.to, WriteTarget::Node { .. } | WriteTarget::Method { .. });
    let has_max_change = matches!(entry.takes, Takes::Value { max_change: Some(_), .. });
    Needs { kinds: is_ua, present: command.expected.is_some() || has_max_change, interlock: entry.interlock.is_some() }
}

fn in_time(entry: &WritePlan, command: &Command, clock: &WallWatch, now: Now) -> Result<(), Refusal> {
    if let Some(until) = &entry.until
        && clock::is_over(until, now.wall)
    {
        return Err(Refusal::EntryOver { until: until.clone() });
    }
    if let Some(ttl) = command.ttl.filter(|ttl| *ttl > entry.ttl) {
        return Err(Refusal::TtlTooLong { ttl: clock::shown(ttl), limit: clock::shown(entry.ttl) });
    }
    if entry.needs_expected && command.expected.is_none() {
        return Err(Refusal::NothingExpected);
    }
    clock.in_time(command.issued, command.ttl.unwrap_or(entry.ttl), now)
}

fn same_kinds(entry: &WritePlan, found: &[(BuiltInType, Vec<u32>)]) -> Result<(), Refusal> {
    let own: Vec<(BuiltInType, &[u32])> = match &entry.takes {
        Takes::Value { rule, .. } => vec![(rule.kind, &rule.dimensions)],
        Takes::Arguments(arguments) => {
            arguments.iter().map(|argument| (argument.rule.kind, &*argument.rule.dimensions)).collect()
        }
    };
    let is_same = own.len() == found.len() && own.iter().zip(found).all(|(own, found)| fits(*own, found));
    if is_same {
        return Ok(());
    }
    let node = match &entry.to {
        WriteTarget::Node { node, .. } => node.clone(),
        WriteTarget::Method { method, .. } => method.clone(),
        WriteTarget::Topic { topic, .. } => topic.clone(),
        WriteTarget::NcLink { path, .. } => path.clone(),
    };
    let list = |kinds: Vec<String>| if kinds.is_empty() { "-".to_owned() } else { kinds.join(", ") };
    let expected = list(own.iter().map(|(kind, dimensions)| shown(*kind, dimensions)).collect());
    let found = list(found.iter().map(|(kind, dimensions)| shown(*kind, dimensions)).collect());
    Err(Refusal::NodeOfOtherType { node, expected, found })
}

/// A dimension of 0 is one whose length the server leaves open (OPC 10000-3 §5.6.2).
fn fits((kind, dimensions): (BuiltInType, &[u32]), (other, found): &(BuiltInType, Vec<u32>)) -> bool {
    let is_same = |(own, found): (&u32, &u32)| *found == 0 || own == found;
    kind == *other && dimensions.len() == found.len() && dimensions.iter().zip(found).all(is_same)
}

/// What is there; where it is needed it has to be good, and of the entry's type.
fn present(entry: &WritePlan, admitted: &Admitted, reading: &Reading) -> Result<Option<Value>, Refusal> {
    let value = match reading {
        Reading::Good(value) => value,
        _ if !admitted.needs.present => return Ok(None),
        Reading::Not(status) => return Err(Refusal::PresentUnknown { status: status.to_string() }),
        Reading::NotRead => return Err(Refusal::PresentUnknown { status: "-".to_owned() }),
    };
    if admitted.needs.present {
        same_kinds(entry, &value.shape().map_or_else(Vec::new, |shape| vec![shape]))?;
    }
    Ok(Some(value.clone()))
}

fn far(entry: &WritePlan, command: &Command, present: Option<&Value>) -> Result<(), Refusal> {
    let (Takes::Value { max_change: Some(most), .. }, Body::Value(value)) = (&entry.takes, &command.body) else {
        return Ok(());
    };
    let Some(present) = present else { return Err(Refusal::PresentUnknown { status: "-".to_owned() }) };
    if bounds::is_too_far(value, present, *most) {
        let most = bounds::shown_quantity(*most);
        return Err(Refusal::TooFar { value: value.json(), present: present.json(), most });
    }
    Ok(())
}

fn locked(interlock: &Interlock, reading: &Reading) -> Result<(), Refusal> {
    let node = || interlock.node.clone();
    match reading {
        Reading::Good(value) if value.is_literal(&interlock.equals) => Ok(()),
        Reading::Good(value) => {
            let needed = bounds::shown_literal(&interlock.equals);
            Err(Refusal::Interlock { node: node(), present: value.json(), needed })
        }
        Reading::Not(status) => Err(Refusal::InterlockUnknown { node: node(), status: status.to_string() }),
        Reading::NotRead => Err(Refusal::InterlockUnknown { node: node(), status: "-".to_owned() }),
    }
}

impl Admitted {
    #[must_use]
    pub fn command(&self) -> &Command {
        &self.command
    }

    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    #[must_use]
    pub fn needs(&self) -> Needs {
        self.needs
    }
}

impl Permit {
    #[must_use]
    pub fn command(&self) -> &Command {
        &self.command
    }

    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What the machine held when it was decided, if that was read.
    #[must_use]
    pub fn present(&self) -> Option<&Value> {
        self.present.as_ref()
    }
}
