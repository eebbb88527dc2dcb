//! Promise: `kill -9` at any moment loses nothing that is not told, and changes nothing. Real servers, a real broker, a
//! consumer with a ledger, and a checker that shares no code with the gateway's way (`qiao::tester`).

mod round;
mod tally;

use round::{Server, round, stopped, while_it_starts};
use tally::Tally;

/// In a long run, of one pair of peers; a run that is stopped loses no more.
const ROUND: u32 = 25;
const SEED: u64 = 76;

#[test]
fn row_76_killed_at_random_moments_beside_node_opcua_nothing_is_lost_in_silence() {
    killed(Server::NodeOpcua, 22);
}

#[test]
fn row_76_killed_at_random_moments_beside_asyncua_nothing_is_lost_in_silence() {
    // It takes ten seconds until this server's silence is noticed.
    killed(Server::Asyncua, 8);
}

fn killed(server: Server, kills: u32) {
    let round = round(server, kills, SEED);
    println!("{server:?}, seed {SEED}: {round}");
    assert_eq!(round.verdict.faults, [], "{server:?}, seed {SEED}: {round}");
    // This one gives a subscription to the next process, with all that was not acknowledged.
    assert!(server != Server::NodeOpcua || round.verdict.declared == 0, "{server:?}, seed {SEED}: {round}");
}

#[test]
fn row_77_killed_again_and_again_while_it_starts_and_recovers_it_delivers_what_lay_on_disk() {
    let round = while_it_starts(Server::NodeOpcua, 12, SEED + 1);
    println!("{round}");
    assert_eq!(round.verdict.faults, [], "{round}");
    assert!(round.verdict.late > 0, "it lay on disk: {round}");
}

#[test]
fn row_78_stopped_under_load_it_loses_nothing_and_sends_nothing_twice() {
    let round = stopped(Server::NodeOpcua, 4, SEED + 2);
    println!("{round}");
    assert_eq!((&*round.verdict.faults, round.verdict.resent), (&[][..], 0), "{round}");
}

/// `tests/soak/kills.sh` runs it. What was done stands in the file, so that it can be stopped and goes on.
#[test]
#[ignore = "takes hours for thousands of kills: tests/soak/kills.sh --count N"]
fn as_many_kills_as_asked_for() {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let count = variable("QIAO_KILLS_COUNT").map_or(10_000, |count| count.parse().expect("a number of kills"));
    let path = variable("QIAO_KILLS_STATE").unwrap_or_else(|| "target/kills.json".to_owned());
    let mut tally = Tally::open(path.as_ref());
    println!("{tally}");
    while tally.kills() < count {
        let (server, seed) = tally.next();
        let kills = if server == Server::Asyncua { ROUND / 3 } else { ROUND };
        let kills = kills.min(u32::try_from(count - tally.kills()).unwrap_or(ROUND));
        let round = round(server, kills, seed);
        println!("round {}, {server:?}, seed {seed}: {round}", tally.rounds() + 1);
        tally.add(server, seed, &round);
        println!("{tally}");
    }
    assert!(tally.is_sound(), "{tally}");
}
