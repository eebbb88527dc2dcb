//! A broker that does what a test tells it, byte by byte: for the faults that real brokers have on bad days only.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// What a client sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    Connect {
        level: u8,
    },
    /// `user`: the user properties (MQTT 5).
    Publish {
        packet: u16,
        qos: u8,
        topic: String,
        payload: Vec<u8>,
        user: Vec<(String, String)>,
    },
    Acknowledge {
        packet: u16,
    },
    Subscribe {
        packet: u16,
    },
    Ping,
    Disconnect,
    Other(u8),
}

impl Heard {
    /// Topic and packet id of a publish.
    pub fn publish(&self) -> Option<(&str, u16)> {
        match self {
            Self::Publish { topic, packet, .. } => Some((topic, *packet)),
            _ => None,
        }
    }
}

/// What the broker answers.
#[derive(Clone, Debug)]
pub enum Reply {
    Bytes(Vec<u8>),
    Nothing,
    /// These bytes, and an end.
    Last(Vec<u8>),
    Close,
}

/// A listener that answers by script; ends when it is dropped.
#[derive(Debug)]
pub struct FakeBroker {
    pub port: u16,
    heard: Arc<Mutex<Vec<(usize, Heard)>>>,
    streams: Arc<Mutex<Vec<TcpStream>>>,
    is_over: Arc<AtomicBool>,
}

impl FakeBroker {
    /// `script` is asked for the answer to each packet; the first argument is the number of the connection, from 0.
    pub fn start(script: impl Fn(usize, &Heard) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let broker = Self {
            port: listener.local_addr().expect("bound").port(),
            heard: Arc::default(),
            streams: Arc::default(),
            is_over: Arc::default(),
        };
        let (heard, streams, is_over) =
            (Arc::clone(&broker.heard), Arc::clone(&broker.streams), Arc::clone(&broker.is_over));
        let script = Arc::new(script);
        std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let Ok(stream) = stream else { continue };
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                streams.lock().expect("no panic").push(stream.try_clone().expect("a clone"));
                let (heard, script) = (Arc::clone(&heard), Arc::clone(&script));
                std::thread::spawn(move || serve(stream, number, &heard, &*script));
            }
        });
        broker
    }

    /// Everything it heard so far, with the number of the connection.
    pub fn heard(&self) -> Vec<(usize, Heard)> {
        self.heard.lock().expect("no panic").clone()
    }

    /// Connections that sent a CONNECT so far.
    pub fn connects(&self) -> usize {
        self.heard().iter().filter(|(_, heard)| matches!(heard, Heard::Connect { .. })).count()
    }

    /// How often a message was published to this topic.
    pub fn published(&self, topic: &str) -> usize {
        self.heard().iter().filter(|(_, heard)| heard.publish().is_some_and(|(name, _)| name == topic)).count()
    }

    /// Ends the newest connection.
    pub fn hang_up(&self) {
        let streams = self.streams.lock().expect("no panic");
        let _ = streams.last().expect("a connection").shutdown(std::net::Shutdown::Both);
    }

    /// Sends bytes to the newest connection, unasked.
    pub fn say(&self, bytes: &[u8]) {
        let streams = self.streams.lock().expect("no panic");
        streams.last().expect("a connection").write_all(bytes).expect("written");
    }
}

impl Drop for FakeBroker {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        for stream in self.streams.lock().expect("no panic").iter() {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
        // Wakes the listener, so that it sees that it is over.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn serve(
    mut stream: TcpStream,
    number: usize,
    heard: &Mutex<Vec<(usize, Heard)>>,
    script: &(dyn Fn(usize, &Heard) -> Reply + Send + Sync),
) {
    let mut level = 0;
    while let Some(packet) = read(&mut stream, &mut level) {
        heard.lock().expect("no panic").push((number, packet.clone()));
        let (bytes, is_end) = match script(number, &packet) {
            Reply::Bytes(bytes) => (bytes, false),
            Reply::Nothing => (Vec::new(), false),
            Reply::Last(bytes) => (bytes, true),
            Reply::Close => (Vec::new(), true),
        };
        if stream.write_all(&bytes).is_err() || is_end {
            let _ = stream.shutdown(std::net::Shutdown::Both);
            return;
        }
    }
}

fn read(stream: &mut TcpStream, level: &mut u8) -> Option<Heard> {
    let first = byte(stream)?;
    let mut body = vec![0; length(stream)?];
    stream.read_exact(&mut body).ok()?;
    Some(match first >> 4 {
        1 => {
            *level = *body.get(6)?;
            Heard::Connect { level: *level }
        }
        3 => {
            let qos = first >> 1 & 3;
            let mut rest = body.as_slice();
            let topic = take(&mut rest, 2)?;
            let topic = take(&mut rest, usize::from(u16::from_be_bytes([topic[0], topic[1]])))?;
            let topic = String::from_utf8(topic.to_vec()).ok()?;
            let packet = if qos == 0 { 0 } else { take(&mut rest, 2).map(|id| u16::from_be_bytes([id[0], id[1]]))? };
            let mut user = Vec::new();
            if *level == 5 {
                let properties = length(&mut rest)?;
                user = user_properties(take(&mut rest, properties)?)?;
            }
            Heard::Publish { packet, qos, topic, payload: rest.to_vec(), user }
        }
        4 => Heard::Acknowledge { packet: u16::from_be_bytes([*body.first()?, *body.get(1)?]) },
        8 => Heard::Subscribe { packet: u16::from_be_bytes([*body.first()?, *body.get(1)?]) },
        12 => Heard::Ping,
        14 => Heard::Disconnect,
        other => Heard::Other(other),
    })
}

/// Of what a PUBLISH of the gateway carries (MQTT 5.0 §3.3.2.3).
fn user_properties(mut rest: &[u8]) -> Option<Vec<(String, String)>> {
    let mut user = Vec::new();
    while let Some(id) = take(&mut rest, 1) {
        match id[0] {
            0x01 => drop(take(&mut rest, 1)?),
            0x03 => drop(text(&mut rest)?),
            0x26 => user.push((text(&mut rest)?, text(&mut rest)?)),
            other => panic!("property {other:#x} is new here"),
        }
    }
    Some(user)
}

fn text(from: &mut &[u8]) -> Option<String> {
    let length = take(from, 2)?;
    let bytes = take(from, usize::from(u16::from_be_bytes([length[0], length[1]])))?;
    String::from_utf8(bytes.to_vec()).ok()
}

fn byte(from: &mut impl Read) -> Option<u8> {
    let mut one = [0];
    from.read_exact(&mut one).ok()?;
    Some(one[0])
}

/// A Variable Byte Integer (MQTT 5.0 §1.5.5).
fn length(from: &mut impl Read) -> Option<usize> {
    let mut value = 0;
    for shift in [0, 7, 14, 21] {
        let next = byte(from)?;
        value |= usize::from(next & 0x7f) << shift;
        if next & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn take<'a>(from: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = from.split_at_checked(count)?;
    *from = rest;
    Some(taken)
}

/// CONNACK of MQTT 5: the session that was kept goes on.
pub fn connack_resumed() -> Reply {
    Reply::Bytes(vec![0x20, 3, 1, 0, 0])
}

/// CONNACK of MQTT 5 with this reason and these property bytes.
pub fn connack(reason: u8, properties: &[u8]) -> Reply {
    let properties_length = u8::try_from(properties.len()).expect("short");
    let mut bytes = vec![0x20, properties_length + 3, 0, reason, properties_length];
    bytes.extend_from_slice(properties);
    Reply::Bytes(bytes)
}

/// CONNACK of MQTT 3.1.1.
pub fn connack_311(code: u8) -> Reply {
    Reply::Bytes(vec![0x20, 2, 0, code])
}

/// PUBACK of MQTT 5 with this reason.
pub fn puback(packet: u16, reason: u8) -> Reply {
    let [high, low] = packet.to_be_bytes();
    Reply::Bytes(vec![0x40, 3, high, low, reason])
}

/// PUBACK of MQTT 3.1.1.
pub fn puback_311(packet: u16) -> Reply {
    let [high, low] = packet.to_be_bytes();
    Reply::Bytes(vec![0x40, 2, high, low])
}

/// SUBACK of MQTT 5 with a reason for each filter.
pub fn suback(packet: u16, reasons: &[u8]) -> Reply {
    let [high, low] = packet.to_be_bytes();
    let mut bytes = vec![0x90, 3 + reasons.len() as u8, high, low, 0];
    bytes.extend_from_slice(reasons);
    Reply::Bytes(bytes)
}

/// SUBACK of MQTT 3.1.1 that grants one filter.
pub fn suback_311(packet: u16) -> Reply {
    let [high, low] = packet.to_be_bytes();
    Reply::Bytes(vec![0x90, 3, high, low, 1])
}

/// A PUBLISH of MQTT 5 with QoS 1.
pub fn publish(packet: u16, topic: &str, payload: &[u8], is_repeated: bool) -> Vec<u8> {
    let mut rest = (topic.len() as u16).to_be_bytes().to_vec();
    rest.extend_from_slice(topic.as_bytes());
    rest.extend_from_slice(&packet.to_be_bytes());
    rest.push(0);
    rest.extend_from_slice(payload);
    let mut bytes = vec![if is_repeated { 0x3a } else { 0x32 }, u8::try_from(rest.len()).expect("short")];
    bytes.append(&mut rest);
    bytes
}

/// What a faultless broker answers.
pub fn faultless(heard: &Heard) -> Reply {
    match heard {
        Heard::Connect { level: 5 } => connack(0, &[]),
        Heard::Connect { .. } => connack_311(0),
        // Without a reason it means success in both versions (MQTT 5.0 §3.4.2.1).
        Heard::Publish { packet, qos: 1, .. } => puback_311(*packet),
        Heard::Ping => Reply::Bytes(vec![0xd0, 0]),
        Heard::Disconnect => Reply::Close,
        Heard::Subscribe { packet } => suback(*packet, &[1]),
        Heard::Publish { .. } | Heard::Acknowledge { .. } | Heard::Other(_) => Reply::Nothing,
    }
}
