//! What came in on a session, so that it is known again when the broker sends it once more (MQTT 5.0 §4.4, 3.1.1 §4.4).
//!
//! The rule: a PUBLISH with the DUP flag is an earlier one of the same session when packet identifier, topic, payload and
//! RETAIN are the same, and the earlier one went to the pipeline. It does not go there again: it is answered as the earlier
//! one was, as soon as that has its receipt. Everything else with the DUP flag may be one that an earlier process passed on,
//! or one that never came: it goes on like any other message, and is counted.

use super::message::Incoming;
use crate::model::delivery::Refusal;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher as _, RandomState};

/// More than a broker sends before the first of them is acknowledged; what is forgotten is passed on when it comes again.
const REMEMBERED: usize = 1024;

/// Messages of this session that may come again.
#[derive(Debug, Default)]
pub(super) struct Redelivery {
    hashers: [RandomState; 2],
    /// By packet identifier.
    known: HashMap<u16, Known>,
    /// Packet identifier and number of what came, in order; of an identifier only the newest number counts.
    order: VecDeque<(u16, u64)>,
    came: u64,
}

#[derive(Debug)]
struct Known {
    number: u64,
    digest: [u64; 2],
    /// The connection on which it came first.
    connection: u64,
    /// Its receipt came, and this is how it was answered.
    answer: Option<Answer>,
    /// It came again on this connection before its receipt did.
    awaited_on: Option<u64>,
}

/// How a message was answered.
type Answer = Option<Refusal>;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    New,
    /// The pipeline has it; its receipt answers this one, too. `is_owed`: the broker waits for one answer more than before.
    OnItsWay {
        is_owed: bool,
    },
    /// The pipeline had it, and this was the answer.
    Answered(Answer),
}

impl Redelivery {
    /// The broker does not know our session any more: it sends nothing again.
    pub(super) fn forget(&mut self) {
        self.known.clear();
        self.order.clear();
    }

    /// A message with QoS 1 came on this connection.
    pub(super) fn came(&mut self, message: &Incoming, connection: u64) -> Arrival {
        let digest = [0, 1].map(|at: usize| {
            let Incoming { topic, payload, is_retained, .. } = message;
            self.hashers[at].hash_one((topic, payload, is_retained))
        });
        if let Some(known) = self.known.get_mut(&message.packet)
            && message.is_repeated
            && known.digest == digest
        {
            return match known.answer {
                Some(answer) => Arrival::Answered(answer),
                None => {
                    let is_owed = known.connection != connection && known.awaited_on != Some(connection);
                    known.awaited_on = Some(connection);
                    Arrival::OnItsWay { is_owed }
                }
            };
        }
        self.came += 1;
        let number = self.came;
        self.known.insert(message.packet, Known { number, digest, connection, answer: None, awaited_on: None });
        self.order.push_back((message.packet, number));
        if self.order.len() > REMEMBERED
            && let Some((packet, number)) = self.order.pop_front()
            && self.known.get(&packet).is_some_and(|known| known.number == number)
        {
            self.known.remove(&packet);
        }
        Arrival::New
    }

    /// The receipt of a message that came on connection `came_on`; whether the connection that stands `now` waits for it.
    pub(super) fn receipted(&mut self, packet: u16, came_on: u64, now: u64, answer: Answer) -> bool {
        let known = self.known.get_mut(&packet).filter(|known| known.connection == came_on);
        let Some(known) = known else { return came_on == now };
        known.answer = Some(answer);
        came_on == now || known.awaited_on == Some(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(packet: u16, payload: &str, is_repeated: bool) -> Incoming {
        Incoming {
            topic: b"line/m1".to_vec(),
            qos: 1,
            packet,
            is_retained: false,
            is_repeated,
            content_type: None,
            user_properties: Vec::new(),
            reply: None,
            payload: payload.as_bytes().to_vec(),
        }
    }

    #[test]
    fn the_same_packet_with_the_same_bytes_and_the_dup_flag_is_known_again_and_nothing_else_is() {
        let invalid = Some(Refusal::Invalid);
        let mut session = Redelivery::default();
        assert_eq!(session.came(&message(7, "a", false), 1), Arrival::New);
        assert!(session.receipted(7, 1, 1, invalid));
        assert_eq!(session.came(&message(7, "a", true), 2), Arrival::Answered(invalid));
        assert_eq!(session.came(&message(8, "a", true), 2), Arrival::New, "another packet");
        assert_eq!(session.came(&message(7, "b", true), 2), Arrival::New, "other bytes");
        assert_eq!(session.came(&message(7, "b", false), 2), Arrival::New, "no DUP: the identifier is used anew");
        session.forget();
        assert_eq!(session.came(&message(7, "b", true), 3), Arrival::New, "another session");
    }

    #[test]
    fn a_receipt_that_comes_late_answers_the_message_that_came_again_and_no_other() {
        let mut session = Redelivery::default();
        assert_eq!(session.came(&message(7, "a", false), 1), Arrival::New);
        assert_eq!(session.came(&message(7, "a", true), 2), Arrival::OnItsWay { is_owed: true });
        assert_eq!(session.came(&message(7, "a", true), 2), Arrival::OnItsWay { is_owed: false });
        assert!(session.receipted(7, 1, 2, None), "the connection that stands waits for it");
        assert_eq!(session.came(&message(8, "a", false), 2), Arrival::New);
        assert!(!session.receipted(8, 2, 3, None), "it has not come again on the third");
        assert_eq!(session.came(&message(8, "a", true), 3), Arrival::Answered(None));
        // The identifier belongs to another message meanwhile.
        assert_eq!(session.came(&message(9, "a", false), 3), Arrival::New);
        assert_eq!(session.came(&message(9, "b", false), 4), Arrival::New);
        assert!(!session.receipted(9, 3, 4, None));
        assert!(session.receipted(9, 4, 4, None));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut session = Redelivery::default();
        for packet in 1..=3 * REMEMBERED as u16 {
            assert_eq!(session.came(&message(packet, "a", false), 1), Arrival::New);
        }
        assert_eq!((session.known.len(), session.order.len()), (REMEMBERED, REMEMBERED));
    }
}
