//! Logs of every format that is read lie in `tests/spool`: each is drained, and the newest is what is written today.

use super::*;
use crate::model::MessageProperties;
use std::path::PathBuf;

fn stored(version: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/spool/format-{version}"))
}

const FILES: [&str; 3] = ["0000000001.segment", "cursor", "gaps"];

/// A log with everything a record can have; the second record is delivered.
fn written() -> FakeDisk {
    let disk = FakeDisk::new(1, 1 << 20);
    let mut log = reopen(&disk, 4000, 1 << 20).expect("opens");
    let properties = MessageProperties {
        content_type: "application/json".to_owned(),
        profile: "core/data-set-message".to_owned(),
        schema_version: "1.0".to_owned(),
        is_back_filled: false,
        is_echo: false,
        is_repeated: false,
    };
    for (kind, properties) in [(TopicKind::Log, None), (TopicKind::State, Some(Arc::new(properties)))] {
        for number in 1..=2u32 {
            let topic = Arc::new(TopicName::parse("plant/温度").expect("a topic"));
            let delivery = Delivery {
                flow: 0,
                sink: 0,
                topic,
                kind,
                qos: 1,
                properties: properties.clone(),
                payload: 0..0,
                values: number,
            };
            log.stage(1_700_000_000_000, &"flow".into(), &delivery, format!("{{\"number\":{number}}}").as_bytes());
        }
        log.commit(moment(0), &mut Vec::new()).expect("commits");
    }
    drain(&mut log);
    log.tell(Gap { reason: Reason::Age, first: 1, last: 1, records: 1, time_ms: 1_700_000_000_000 }).expect("told");
    log.finish(1).expect("closes");
    disk
}

#[test]
fn row_86_what_is_written_today_is_the_stored_format() {
    let files = written().files();
    for name in FILES {
        let content = &files[&Path::new(DIRECTORY).join(name)];
        let path = stored(super::super::segment::VERSION).join(name);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(stored(super::super::segment::VERSION)).expect("a folder");
            std::fs::write(&path, content).expect("written");
        }
        let known = std::fs::read(&path).expect("UPDATE=1 writes it; a change of it is a new version of the format");
        assert!(known == *content, "{name}: another format needs another version");
    }
}

#[test]
fn row_86_every_stored_format_is_drained() {
    for version in super::super::segment::OLDEST..=super::super::segment::VERSION {
        let disk = FakeDisk::new(1, 1 << 20);
        disk.make_directory(Path::new(DIRECTORY)).expect("made");
        for name in FILES {
            disk.put(&Path::new(DIRECTORY).join(name), std::fs::read(stored(version).join(name)).expect("stored"));
        }
        let mut log = reopen(&disk, 4000, 1 << 20).expect("opens");
        assert_eq!(log.notices(), []);
        assert_eq!((log.gaps.known.len(), log.held().0["flow"].values), (1, 5));
        assert_eq!(drain(&mut log), ["{\"number\":2}", "{\"number\":2}"], "a log record, and the newest state");
    }
}
