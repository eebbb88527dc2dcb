//! `kill -9` between journal, send and reply: no command is done twice, none is lost in silence, the audit stays whole.

use super::plant::{Plant, feed, told};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Where a life ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    /// The broker has the command; the gateway may or may not.
    Published,
    /// The journal has grown.
    Journalled,
    /// The machine has it, and its server has not answered yet.
    Written,
    /// The outcome is on its way back.
    Answered,
    /// So many milliseconds after the command.
    After(u64),
}

const POINTS: [Point; 10] = [
    Point::Published,
    Point::Journalled,
    Point::Written,
    Point::Answered,
    Point::After(1),
    Point::After(4),
    Point::After(9),
    Point::After(17),
    Point::After(40),
    Point::Written,
];

#[test]
fn row_51_killed_thirty_times_between_journal_send_and_reply_nothing_is_written_twice_or_lost_in_silence() {
    let mut plant = Plant::start(&feed(""), "");
    let mut values: BTreeMap<u32, String> = BTreeMap::new();
    for kill in 0..30u32 {
        let point = POINTS[kill as usize % POINTS.len()];
        plant.machine.tell(if point == Point::Written { "slow 400" } else { "slow 0" });
        let (value, before) = (kill + 1, plant.writes().len());
        let grown = size(&plant);
        let id = plant.command(json!(value));
        let began = Instant::now();
        let is_reached = |plant: &Plant| match point {
            Point::Published => {
                plant.sender.said().iter().filter(|said| said["acknowledged"].is_u64()).count() > kill as usize
            }
            Point::Journalled => size(plant) > grown,
            Point::Written => plant.writes().len() > before,
            Point::Answered => !plant.answers(&id).is_empty(),
            Point::After(millis) => began.elapsed() >= Duration::from_millis(millis),
        };
        while !is_reached(&plant) {
            assert!(began.elapsed() < Duration::from_secs(30), "{point:?}\n{}", plant.gateway.log());
            std::hint::spin_loop();
        }
        plant.gateway.kill();
        values.insert(value, id);
        plant.gateway = plant.site.run();
        plant.until_open();
    }
    let mut count: BTreeMap<String, u32> = BTreeMap::new();
    for (value, id) in &values {
        let answer = plant.answer(id);
        let (outcome, code) = told(&answer);
        let times = plant.writes().iter().filter(|said| said["value"] == f64::from(*value)).count();
        *count.entry(format!("{outcome} {code}")).or_default() += 1;
        match outcome.as_str() {
            "done" => assert_eq!(times, 1, "{value}: {answer}"),
            "refused" => assert_eq!(times, 0, "{value}: {answer}"),
            "unknown" => assert!(times <= 1, "{value} was written {times} times: {answer}"),
            other => panic!("{other}: {answer}"),
        }
    }
    println!("{} kills: {count:?}", values.len());
    plant.gateway.stop();
    plant.verified();
}

/// Bytes of the journal and the audit that are used.
fn size(plant: &Plant) -> u64 {
    let data = plant.site.path("data");
    let files = |folder: &str| std::fs::read_dir(data.join(folder)).into_iter().flatten().flatten();
    let used = |path: std::path::PathBuf| {
        std::fs::read(path).map_or(0, |bytes| bytes.iter().filter(|byte| **byte != 0).count() as u64)
    };
    files("commands").chain(files("audit")).map(|entry| used(entry.path())).sum()
}
