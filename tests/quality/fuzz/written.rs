//! A log of a spool that was written once, and what it holds.

use super::disk::MemoryDisk;
use qiao::model::delivery::TopicKind;
use qiao::model::{Delivery, TopicName};
use qiao::spool::durable::load::Loaded;
use qiao::spool::durable::open::open;
use qiao::spool::durable::record::Entry;
use qiao::spool::durable::{Log, Moment, OpenError, Options, Quota};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

pub const DIRECTORY: &str = "/spool/plant";
const SEGMENT: u64 = 700;
const RECORDS: u64 = 24;
/// So many of them were delivered.
pub const RELEASED: u64 = 5;

/// A message: topic, kind, payload.
pub type Message = (String, TopicKind, Vec<u8>);

/// The files, and every message by its sequence.
#[derive(Debug)]
pub struct Written {
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    pub messages: BTreeMap<u64, Message>,
}

pub fn moment() -> Moment {
    Moment { wall_ms: 1_000_000, run_ms: 0 }
}

pub fn reopen(disk: &MemoryDisk) -> Result<Log, OpenError> {
    let (options, quota) = (Options { segment_bytes: SEGMENT }, Arc::new(Quota::new(1 << 24)));
    open(Arc::new(disk.clone()), Path::new(DIRECTORY), options, quota, moment(), 77)
}

pub fn stage(log: &mut Log, message: &Message) -> u64 {
    let topic = Arc::new(TopicName::parse(&message.0).expect("a topic"));
    let delivery =
        Delivery { flow: 0, sink: 0, topic, kind: message.1, qos: 1, properties: None, payload: 0..0, values: 1 };
    log.stage(1_000_000, &"flow".into(), &delivery, &message.2)
}

/// Everything that is left, in order.
pub fn drain(log: &mut Log) -> Vec<(u64, Entry)> {
    let mut loaded = Vec::new();
    log.load(u64::MAX, moment(), &mut loaded).expect("the disk has no faults");
    let entries = loaded.into_iter().filter_map(|one| match one {
        Loaded::Entry { sequence, entry } => Some((sequence, entry)),
        Loaded::Superseded { .. } | Loaded::Lost(_) => None,
    });
    entries.collect()
}

/// A few closed segments and an open one; the first records are delivered.
pub fn written() -> &'static Written {
    static WRITTEN: OnceLock<Written> = OnceLock::new();
    WRITTEN.get_or_init(|| {
        let disk = MemoryDisk::default();
        let mut log = reopen(&disk).expect("opens");
        let mut messages = BTreeMap::new();
        for number in 1..=RECORDS {
            let (topic, kind) = match number % 5 {
                0 | 1 => (format!("state/{}", number % 5), TopicKind::State),
                _ => ("log".to_owned(), TopicKind::Log),
            };
            let payload = format!("{number} {}", "x".repeat(number as usize * 7 % 60)).into_bytes();
            let message = (topic, kind, payload);
            messages.insert(stage(&mut log, &message), message);
            if number % 3 == 0 {
                log.commit(moment(), &mut Vec::new()).expect("commits");
            }
        }
        drain(&mut log);
        log.advance(RELEASED).expect("advances");
        drop(log);
        let files = disk.files();
        assert!(files.len() >= 5, "several segments, a cursor, gaps: {:?}", files.keys());
        Written { files, messages }
    })
}
