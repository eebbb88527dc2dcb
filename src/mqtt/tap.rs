//! Listens in on a broker: how much passes, and the newest message of every topic. For the demo's live view, on
//! loopback; loses nothing of value when it loses something.

use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, QoS};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Topics beyond this many are counted and not kept.
const TOPICS_MAX: usize = 200;
/// Bytes of a packet it takes.
const PACKET_MAX: u32 = 4 << 20;
/// Between two tries to connect.
const PAUSE: Duration = Duration::from_secs(1);

/// What passed so far.
#[derive(Debug, Default)]
pub struct Tap {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    messages: u64,
    newest: BTreeMap<String, Vec<u8>>,
}

impl Tap {
    /// Messages that passed, retained ones at the beginning included.
    #[must_use]
    pub fn messages(&self) -> u64 {
        self.seen().messages
    }

    /// The newest message of a topic; empty when it was taken back.
    #[must_use]
    pub fn newest(&self, topic: &str) -> Option<Vec<u8>> {
        self.seen().newest.get(topic).cloned()
    }

    /// Listens until told to stop; connects again when the link is lost.
    pub async fn run(&self, broker: SocketAddr, name: &str, stop: CancellationToken) {
        let work = async {
            loop {
                self.listen(broker, name).await;
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => {}
            () = work => {}
        }
    }

    async fn listen(&self, broker: SocketAddr, name: &str) {
        let mut options = MqttOptions::new(name, (broker.ip().to_string(), broker.port()));
        options.set_max_packet_size(Some(PACKET_MAX));
        let (client, mut events) = AsyncClient::builder(options).capacity(8).build();
        if client.try_subscribe("#", QoS::AtMostOnce).is_err() {
            return;
        }
        while let Ok(event) = events.poll().await {
            if let Event::Incoming(Incoming::Publish(publish)) = event {
                self.take(String::from_utf8_lossy(&publish.topic).into_owned(), &publish.payload);
            }
        }
    }

    /// Takes note of one message.
    pub fn take(&self, topic: String, payload: &[u8]) {
        let mut seen = self.seen();
        seen.messages += 1;
        if seen.newest.len() < TOPICS_MAX || seen.newest.contains_key(&topic) {
            seen.newest.insert(topic, payload.to_vec());
        }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_counted_and_a_bounded_number_of_topics_is_kept() {
        let tap = Tap::default();
        for number in 0..TOPICS_MAX + 5 {
            tap.take(format!("topic/{number}"), b"old");
        }
        tap.take("topic/0".to_owned(), b"new");
        assert_eq!(tap.messages(), TOPICS_MAX as u64 + 6);
        assert_eq!(tap.newest("topic/0").as_deref(), Some(b"new".as_slice()));
        assert_eq!(tap.newest(&format!("topic/{TOPICS_MAX}")), None);
    }
}
