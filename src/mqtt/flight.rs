//! What is under way on one connection, and which PUBACK belongs to it. No clock, no socket: time comes in.

use crate::spool::Record;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// What a PUBLISH carries.
#[derive(Debug)]
pub(super) enum Cargo {
    /// "online", the first message of every connection.
    Birth,
    /// "offline", the last one of a clean stop.
    Farewell,
    Record(Record),
}

/// Messages under way: handed to the client, then written, then acknowledged.
#[derive(Debug, Default)]
pub(super) struct Flight {
    /// Handed to the client, in order.
    unwritten: VecDeque<Handed>,
    /// QoS 1, written and not acknowledged, in order; acknowledged ones behind a gap have no cargo any more.
    written: VecDeque<Written>,
    /// How many of `written` have no cargo any more.
    holes: usize,
    last_written: Option<Instant>,
    last_acknowledged: Option<Instant>,
    /// Since when a later message is acknowledged and an earlier one is not.
    gap_since: Option<Instant>,
}

#[derive(Debug)]
struct Handed {
    cargo: Cargo,
    qos: u8,
    at: Instant,
}

#[derive(Debug)]
struct Written {
    packet: u16,
    cargo: Option<Cargo>,
    at: Instant,
}

/// The client's report does not fit what it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mismatch;

impl Flight {
    pub(super) fn hand_over(&mut self, cargo: Cargo, qos: u8, at: Instant) {
        self.unwritten.push_back(Handed { cargo, qos, at });
    }

    /// The next message in order was written, under this packet id (0: QoS 0). QoS 0 cargo is done and comes back.
    pub(super) fn wrote(&mut self, packet: u16, now: Instant) -> Result<Option<Cargo>, Mismatch> {
        let handed = self.unwritten.pop_front().ok_or(Mismatch)?;
        if (handed.qos == 0) != (packet == 0) {
            return Err(Mismatch);
        }
        self.last_written = Some(now);
        if packet == 0 {
            return Ok(Some(handed.cargo));
        }
        self.written.push_back(Written { packet, cargo: Some(handed.cargo), at: now });
        Ok(None)
    }

    /// The PUBACK of this packet id arrived: the cargo it belongs to.
    pub(super) fn acknowledged(&mut self, packet: u16, now: Instant) -> Result<Cargo, Mismatch> {
        let at = self.written.iter().position(|one| one.packet == packet && one.cargo.is_some()).ok_or(Mismatch)?;
        let cargo = self.written[at].cargo.take().ok_or(Mismatch)?;
        self.last_acknowledged = Some(now);
        self.holes += 1;
        if at > 0 {
            self.gap_since.get_or_insert(now);
            return Ok(cargo);
        }
        while matches!(self.written.front(), Some(Written { cargo: None, .. })) {
            self.written.pop_front();
            self.holes -= 1;
        }
        self.gap_since = (self.holes > 0).then_some(now);
        Ok(cargo)
    }

    /// Handed over and not written.
    pub(super) fn unwritten(&self) -> usize {
        self.unwritten.len()
    }

    /// Everything under way.
    pub(super) fn len(&self) -> usize {
        self.unwritten.len() + self.written.len() - self.holes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.unwritten.is_empty() && self.written.is_empty()
    }

    /// When the oldest record under way was handed over or written.
    pub(super) fn oldest_record(&self) -> Option<Instant> {
        let written = self.written.iter().filter_map(|one| Some((one.cargo.as_ref()?, one.at)));
        let handed = self.unwritten.iter().map(|one| (&one.cargo, one.at));
        written.chain(handed).find(|(cargo, _)| matches!(cargo, Cargo::Record(_))).map(|(_, at)| at)
    }

    /// The record under way, if it is the only message under way.
    pub(super) fn lone_record(&self) -> Option<&Record> {
        let written = self.written.iter().filter_map(|one| one.cargo.as_ref());
        let mut all = written.chain(self.unwritten.iter().map(|one| &one.cargo));
        match (all.next(), all.next()) {
            (Some(Cargo::Record(record)), None) => Some(record),
            _ => None,
        }
    }

    /// Whether the broker has been silent for longer than `patience`: it takes no bytes, or sends no PUBACK, or has
    /// passed one message over (MQTT 5.0 §4.6: PUBACKs come in the order of the PUBLISHes).
    pub(super) fn is_stuck(&self, patience: Duration, now: Instant) -> bool {
        let waited = |since: Option<Instant>, progress: Option<Instant>| {
            since.map(|since| progress.map_or(since, |progress| since.max(progress)))
        };
        let writing = waited(self.unwritten.front().map(|one| one.at), self.last_written);
        let acknowledging = waited(self.written.front().map(|one| one.at), self.last_acknowledged);
        [writing, acknowledging, self.gap_since].into_iter().flatten().any(|at| now.duration_since(at) > patience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TopicName;
    use crate::model::delivery::TopicKind;
    use crate::spool::MessageKey;
    use std::sync::Arc;

    fn record(position: u64, qos: u8) -> Cargo {
        Cargo::Record(Record {
            position,
            key: MessageKey { stream: 1, sequence: position, taken_ms: None },
            flow: 0,
            topic: Arc::new(TopicName::parse("a").expect("a topic")),
            kind: TopicKind::Log,
            qos,
            properties: None,
            payload: Arc::from(&b"x"[..]),
            values: 1,
            is_replayed: false,
        })
    }

    fn position(cargo: Cargo) -> u64 {
        match cargo {
            Cargo::Record(record) => record.position,
            other => panic!("{other:?} is no record"),
        }
    }

    /// Hands over and writes QoS 1 records with packet ids like their positions.
    fn flying(positions: &[u16], now: Instant) -> Flight {
        let mut flight = Flight::default();
        for at in positions {
            flight.hand_over(record(u64::from(*at), 1), 1, now);
            assert!(flight.wrote(*at, now).expect("in order").is_none());
        }
        flight
    }

    #[tokio::test]
    async fn a_puback_finds_its_own_record_and_no_other() {
        let now = Instant::now();
        let mut flight = flying(&[1, 2, 3], now);
        assert_eq!(flight.acknowledged(2, now).map(position), Ok(2));
        assert_eq!(flight.acknowledged(2, now).map(position), Err(Mismatch), "twice");
        assert_eq!(flight.acknowledged(9, now).map(position), Err(Mismatch), "unknown");
        assert_eq!(flight.acknowledged(1, now).map(position), Ok(1));
        assert_eq!(flight.len(), 1);
        assert_eq!(flight.acknowledged(3, now).map(position), Ok(3));
        assert!(flight.is_empty());
    }

    #[tokio::test]
    async fn qos_0_is_done_when_written_and_a_report_of_another_qos_is_refused() {
        let now = Instant::now();
        let mut flight = Flight::default();
        flight.hand_over(record(1, 0), 0, now);
        flight.hand_over(record(2, 1), 1, now);
        assert_eq!(flight.wrote(0, now).expect("in order").map(position), Some(1));
        assert_eq!(flight.wrote(0, now).map(|_| ()), Err(Mismatch));
        assert_eq!(flight.wrote(1, now).map(|_| ()), Err(Mismatch), "nothing was handed over");
    }

    #[tokio::test]
    async fn silence_is_noticed_when_nothing_is_acknowledged_written_or_one_is_passed_over() {
        let patience = Duration::from_secs(20);
        let start = Instant::now();
        let later = |seconds| start + Duration::from_secs(seconds);

        let idle = Flight::default();
        assert!(!idle.is_stuck(patience, later(1000)), "nothing is under way");

        let mut slow = flying(&[1, 2, 3], start);
        assert!(!slow.is_stuck(patience, later(20)));
        assert!(slow.is_stuck(patience, later(21)), "no PUBACK");
        assert!(slow.acknowledged(1, later(15)).is_ok());
        assert!(!slow.is_stuck(patience, later(30)), "slow is not silent");

        let mut passed_over = flying(&[1, 2, 3], start);
        assert!(passed_over.acknowledged(2, later(5)).is_ok());
        assert!(passed_over.acknowledged(3, later(24)).is_ok());
        assert!(!passed_over.is_stuck(patience, later(25)));
        assert!(passed_over.is_stuck(patience, later(26)), "1 was passed over at 5");

        let mut blocked = Flight::default();
        blocked.hand_over(record(1, 0), 0, start);
        assert!(blocked.is_stuck(patience, later(21)), "the socket takes nothing");
    }

    #[tokio::test]
    async fn only_a_record_that_is_alone_can_be_blamed() {
        let now = Instant::now();
        assert_eq!(flying(&[7], now).lone_record().map(|record| record.position), Some(7));
        assert!(flying(&[7, 8], now).lone_record().is_none());
        let mut with_birth = flying(&[7], now);
        with_birth.hand_over(Cargo::Birth, 1, now);
        assert!(with_birth.lone_record().is_none());
    }
}
