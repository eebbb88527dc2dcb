//! What all rounds together came to, in a file that outlives a run that is stopped.

use super::round::{Round, Server};
use qiao::tester::check::Verdict;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub struct Tally {
    path: PathBuf,
    rounds: u64,
    sides: BTreeMap<Server, Side>,
    /// Rounds with faults: the server, the seed, and the first faults.
    unsound: Vec<Value>,
}

/// Beside one of the servers.
#[derive(Debug, Default)]
struct Side {
    kills: u64,
    verdict: Verdict,
    undeclared: u64,
    wrong: u64,
    longest_start_ms: u64,
}

const SERVERS: [Server; 2] = [Server::NodeOpcua, Server::Asyncua];
/// Of the faults of one round, so many are kept.
const FAULTS_KEPT: usize = 20;

impl Tally {
    /// Goes on with the file, or begins.
    pub fn open(path: &Path) -> Self {
        let mut tally = Self { path: path.to_owned(), rounds: 0, sides: BTreeMap::new(), unsound: Vec::new() };
        if let Ok(text) = std::fs::read_to_string(path) {
            let state: Value = serde_json::from_str(&text).expect("a state file of this run; delete it to begin anew");
            tally.read(&state);
        }
        tally
    }

    fn read(&mut self, state: &Value) {
        let count = |value: &Value, name: &str| value[name].as_u64().expect("a state file of this run");
        self.rounds = count(state, "rounds");
        for server in SERVERS {
            let side = &state[format!("{server:?}")];
            if side.is_null() {
                continue;
            }
            let verdict = Verdict {
                expected: count(side, "made"),
                arrived: count(side, "arrived"),
                declared: count(side, "declared"),
                late: count(side, "late"),
                resent: count(side, "resent"),
                repeated: count(side, "repeated"),
                not_good: count(side, "not-good"),
                faults: Vec::new(),
            };
            let side = Side {
                kills: count(side, "kills"),
                verdict,
                undeclared: count(side, "undeclared"),
                wrong: count(side, "wrong"),
                longest_start_ms: count(side, "longest-start-ms"),
            };
            self.sides.insert(server, side);
        }
        self.unsound = state["unsound"].as_array().cloned().unwrap_or_default();
    }

    pub fn kills(&self) -> u64 {
        self.sides.values().map(|side| side.kills).sum()
    }

    pub fn rounds(&self) -> u64 {
        self.rounds
    }

    /// The server and the seed of the next round.
    pub fn next(&self) -> (Server, u64) {
        (SERVERS[usize::from(!self.rounds.is_multiple_of(2))], 1000 + self.rounds)
    }

    /// Nothing is wrong or undeclared; and nothing at all is lost beside the server that keeps subscriptions for the next
    /// process.
    pub fn is_sound(&self) -> bool {
        let declared = self.sides.get(&Server::NodeOpcua).map_or(0, |side| side.verdict.declared);
        self.unsound.is_empty() && declared == 0
    }

    /// Adds a round and writes the file.
    pub fn add(&mut self, server: Server, seed: u64, round: &Round) {
        self.rounds += 1;
        let side = self.sides.entry(server).or_default();
        side.kills += u64::from(round.kills);
        side.undeclared += round.verdict.undeclared();
        side.wrong += round.verdict.wrong();
        let longest = round.starts.iter().map(|start| start.as_millis() as u64).max().unwrap_or_default();
        side.longest_start_ms = side.longest_start_ms.max(longest);
        side.verdict.add(&round.verdict);
        side.verdict.faults.clear();
        if !round.verdict.faults.is_empty() {
            let faults = round.verdict.faults.iter().take(FAULTS_KEPT).map(|fault| format!("{fault:?}"));
            let faults: Vec<String> = faults.collect();
            self.unsound.push(json!({ "server": format!("{server:?}"), "seed": seed, "faults": faults }));
        }
        self.write();
    }

    /// Whole, or not at all: a run may be killed at any moment.
    fn write(&self) {
        let mut state = json!({ "rounds": self.rounds, "unsound": self.unsound });
        for (server, side) in &self.sides {
            let Verdict { expected, arrived, declared, late, resent, repeated, not_good, .. } = side.verdict;
            state[format!("{server:?}")] = json!({
                "kills": side.kills, "made": expected, "arrived": arrived, "declared": declared, "late": late,
                "resent": resent, "repeated": repeated, "not-good": not_good, "undeclared": side.undeclared,
                "wrong": side.wrong, "longest-start-ms": side.longest_start_ms,
            });
        }
        let beside = self.path.with_extension("new");
        let text = serde_json::to_string_pretty(&state).expect("JSON");
        std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &self.path)).expect("the state is kept");
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} kills in {} rounds; {} rounds with faults", self.kills(), self.rounds, self.unsound.len())?;
        for (server, side) in &self.sides {
            let Verdict { expected, arrived, declared, resent, repeated, .. } = side.verdict;
            write!(
                f,
                "\n  {server:?}: {} kills, {expected} values made, {arrived} arrived, {declared} in declared gaps, {} missing \
                 undeclared, {} wrong; {resent} sent again, {repeated} repeated; longest start {} ms",
                side.kills, side.undeclared, side.wrong, side.longest_start_ms
            )?;
        }
        self.unsound.iter().try_for_each(|round| write!(f, "\n  {round}"))
    }
}
