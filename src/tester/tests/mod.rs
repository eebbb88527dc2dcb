//! The checker against runs with faults planted on purpose, and whole simulated runs.

mod crashes;
mod planted;
mod world;

use super::check::{Arrived, Fault, Made, Sample};
use crate::model::Timestamp;
use crate::opcua::simulator::sequence;

const START: Timestamp = Timestamp(Timestamp::UNIX_EPOCH.0 + 17_000_000_000_000_000);
const MILLISECOND: i64 = 10_000;

/// Whether a fault is the right one for what was planted.
type IsIt = fn(&Fault) -> bool;

/// Source time of a number: one every 40 ms.
fn time(number: u32) -> Timestamp {
    Timestamp(START.0 + i64::from(number) * 40 * MILLISECOND)
}

fn made(nodes: usize, numbers: u32) -> Made {
    Made { nodes: (0..nodes).map(|at| format!("N{at}")).collect(), times: (0..numbers).map(time).collect() }
}

fn sample(node: &str, number: u32) -> Sample {
    Sample { node: node.to_owned(), value: Some(sequence::value(node, number)), status: 0, source: time(number) }
}

/// A message with one number of every node.
fn message(made: &Made, number: u32) -> Arrived {
    let samples = made.nodes.iter().map(|node| sample(node, number)).collect();
    Arrived { key: format!("g s {number}"), content: u64::from(number), is_late: false, life: 0, samples: Ok(samples) }
}
