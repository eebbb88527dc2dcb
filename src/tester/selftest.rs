//! Ten faults, one after the other, on this machine: what was done, what had to follow, what followed.

use super::check::{Fault, Verdict};
use super::proxy::Direction;
use super::stand::{Stand, StandError};
use serde::Serialize;
use std::path::Path;
use std::time::{Duration, Instant};

/// What is done to the gateway or its peers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Harm {
    /// The line to the server is cut for a second and comes back.
    LineCut,
    /// The server is gone without a word: nothing passes, and nobody hangs up.
    HalfOpen,
    /// The connection to the server is reset in the middle of a message.
    ResetInMessage,
    /// A bit of a signed message turns over on the way.
    BitFlip,
    /// The server is stopped and started again: sessions and subscriptions are gone.
    ServerRestart,
    /// The broker is stopped and started again: it remembers nothing.
    BrokerRestart,
    /// The broker has the messages, and its acknowledgements are lost.
    LostAcknowledgement,
    /// The broker keeps its connection and says nothing any more.
    SilentBroker,
    /// The broker takes a tenth of what comes.
    SlowBroker,
    /// `kill -9` of the gateway while messages wait in its spool.
    Kill,
}

/// All of them, in the order in which they are done.
pub const HARMS: [Harm; 10] = [
    Harm::LineCut,
    Harm::ResetInMessage,
    Harm::BitFlip,
    Harm::HalfOpen,
    Harm::ServerRestart,
    Harm::LostAcknowledgement,
    Harm::BrokerRestart,
    Harm::SlowBroker,
    Harm::SilentBroker,
    Harm::Kill,
];

/// What has to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// Every value arrives, and no gap is told.
    NothingLost,
    /// Every value arrives, some messages twice with their key.
    NothingLostSomeTwice,
    /// Every value arrives, or a gap tells of it.
    NothingInSilence,
}

/// What followed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Outcome {
    pub harm: Harm,
    pub expected: Expected,
    pub is_good: bool,
    /// From the end of the fault until everything had arrived or was told; `None`: it never had.
    pub healed_ms: Option<u64>,
    /// Values that had to arrive since the fault before, those that did, and those in gaps that were told.
    pub made: u64,
    pub arrived: u64,
    pub declared: u64,
    /// Values that are missing and that nobody told of, and whatever else is wrong.
    pub undeclared: u64,
    pub wrong: u64,
    pub gaps: u64,
    /// Values that came again with their key.
    pub repeats: u64,
    /// The first faults, in English, why a fault could not be done, and what the gateway told meanwhile.
    pub details: Vec<String>,
}

impl Expected {
    /// As it is named in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NothingLost => "nothing-lost",
            Self::NothingLostSomeTwice => "nothing-lost-some-twice",
            Self::NothingInSilence => "nothing-in-silence",
        }
    }
}

/// How long healing may take.
const HEAL: Duration = Duration::from_secs(30);
/// Faults that are shown of one outcome.
const DETAILS: usize = 5;
/// Lines of the gateway's log that are shown with it.
const TOLD: usize = 20;

impl Harm {
    /// As it is named on the command line and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LineCut => "line-cut",
            Self::HalfOpen => "half-open",
            Self::ResetInMessage => "reset-in-message",
            Self::BitFlip => "bit-flip",
            Self::ServerRestart => "server-restart",
            Self::BrokerRestart => "broker-restart",
            Self::LostAcknowledgement => "lost-acknowledgement",
            Self::SilentBroker => "silent-broker",
            Self::SlowBroker => "slow-broker",
            Self::Kill => "kill",
        }
    }

    #[must_use]
    pub fn expected(self) -> Expected {
        match self {
            Self::LineCut | Self::ResetInMessage | Self::BitFlip | Self::HalfOpen | Self::SlowBroker => {
                Expected::NothingLost
            }
            Self::LostAcknowledgement => Expected::NothingLostSomeTwice,
            Self::BrokerRestart | Self::SilentBroker => Expected::NothingLost,
            Self::ServerRestart | Self::Kill => Expected::NothingInSilence,
        }
    }

    /// Does it, and undoes it.
    fn happen(self, stand: &mut Stand) -> Result<(), StandError> {
        let since = stand.now();
        let second = Duration::from_secs(1);
        match self {
            Self::LineCut => {
                stand.plc.cut();
                stand.pass(second);
                stand.plc.heal();
            }
            Self::ResetInMessage => {
                stand.plc.reset_at(Direction::Down, 700);
                stand.until("the connection is reset", |stand| stand.plc.has_fired())?;
            }
            Self::BitFlip => {
                stand.plc.flip_at(Direction::Down, 777, 3);
                stand.until("the bit turns over", |stand| stand.plc.has_fired())?;
            }
            Self::HalfOpen => {
                stand.plc.swallow();
                stand.until("the gateway notices the silence", |stand| {
                    stand.has_told(since, |told| told.code.starts_with("QIAO-O"))
                })?;
                stand.plc.heal();
            }
            Self::ServerRestart => {
                stand.stop_server();
                stand.start_server()?;
            }
            Self::LostAcknowledgement => {
                stand.plant.swallow_only(Direction::Down);
                stand.pass(second);
                stand.plant.heal();
            }
            Self::BrokerRestart => {
                stand.plant.cut();
                // What the broker has acknowledged is with the consumer then.
                stand.pass(second / 2);
                stand.restart_broker()?;
                stand.plant.heal();
            }
            Self::SlowBroker => {
                stand.plant.limit(Direction::Up, 1500);
                stand.pass(second * 3);
                stand.plant.hurry();
            }
            Self::SilentBroker => {
                stand.plant.swallow();
                stand.until("the gateway notices the silence", |stand| {
                    stand.has_told(since, |told| told.code.starts_with("QIAO-M"))
                })?;
                stand.plant.heal();
            }
            Self::Kill => {
                stand.plant.cut();
                stand.pass(second);
                stand.kill_gateway();
                stand.plant.heal();
                stand.start_gateway()?;
            }
        }
        Ok(())
    }
}

/// Does all ten, or those of `harms`; `told` hears of each before it begins and when it is over. `executable` is the gateway.
///
/// # Errors
/// The stand could not be set up.
pub fn run(
    executable: &Path,
    harms: &[Harm],
    mut told: impl FnMut(Harm, Option<&Outcome>),
) -> Result<Vec<Outcome>, StandError> {
    let mut stand = Stand::set_up(executable)?;
    let mut before = stand.account(stand.last().saturating_sub(LAG));
    let mut outcomes = Vec::new();
    for harm in harms.iter().copied() {
        told(harm, None);
        let (outcome, after) = one(&mut stand, harm, &before);
        told(harm, Some(&outcome));
        let is_over = outcome.healed_ms.is_none();
        outcomes.push(outcome);
        if is_over {
            // Nothing can be said of what would follow.
            break;
        }
        before = after;
    }
    Ok(outcomes)
}

/// So many numbers may be on their way.
const LAG: u32 = 20;

type Account = (Verdict, usize);

fn one(stand: &mut Stand, harm: Harm, before: &Account) -> (Outcome, Account) {
    let since = stand.now();
    stand.harm();
    let happened = harm.happen(stand);
    let (healed, after) = match &happened {
        Ok(()) => heal(stand),
        Err(_) => (None, stand.account(stand.last())),
    };
    let (verdict, gaps) = (&after.0, (after.1 - before.1) as u64);
    let faults = &verdict.faults[before.0.faults.len().min(verdict.faults.len())..];
    let repeats = verdict.resent - before.0.resent;
    let is_as_expected = match harm.expected() {
        Expected::NothingLost => gaps == 0,
        Expected::NothingLostSomeTwice => gaps == 0 && repeats > 0,
        Expected::NothingInSilence => true,
    };
    let undeclared = faults.iter().filter(|fault| matches!(fault, Fault::Undeclared { .. })).count() as u64;
    let mut details: Vec<String> = faults.iter().take(DETAILS).map(|fault| format!("{fault:?}")).collect();
    details.extend(happened.err().map(|error| error.to_string()));
    let is_good = healed.is_some() && faults.is_empty() && is_as_expected;
    if !is_good {
        details.extend(
            stand.told(since).into_iter().take(TOLD).map(|told| format!("{} {} {}", told.at, told.code, told.text)),
        );
    }
    let outcome = Outcome {
        harm,
        expected: harm.expected(),
        is_good,
        healed_ms: healed.map(|healed| u64::try_from(healed.as_millis()).unwrap_or(u64::MAX)),
        made: verdict.expected - before.0.expected,
        arrived: verdict.arrived - before.0.arrived,
        declared: verdict.declared - before.0.declared,
        undeclared,
        wrong: faults.len() as u64 - undeclared,
        gaps,
        repeats,
        details,
    };
    (outcome, after)
}

/// Waits until what is made now arrives and nothing before it is missing without having been told.
fn heal(stand: &mut Stand) -> (Option<Duration>, Account) {
    let (began, now) = (Instant::now(), stand.now());
    if stand.until("live values", |stand| stand.is_live(now)).is_err() {
        return (None, stand.account(stand.last()));
    }
    let last = stand.last().saturating_sub(1);
    loop {
        let account = stand.account(last);
        if account.0.undeclared() == 0 {
            return (Some(began.elapsed()), account);
        }
        if began.elapsed() > HEAL {
            return (None, account);
        }
        stand.pass(Duration::from_millis(100));
    }
}
