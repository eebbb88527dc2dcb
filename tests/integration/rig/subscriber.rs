//! A subscriber nobody here wrote: `mosquitto_sub`, printing every message with its properties.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// One message as it arrived.
#[derive(Clone, Debug)]
pub struct Message {
    pub topic: String,
    pub is_retained: bool,
    pub qos: u64,
    /// The payload as text.
    pub text: String,
    /// MQTT 5 properties, as `mosquitto_sub` names them.
    pub properties: Value,
}

impl Message {
    /// The payload as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{}: {error}: {}", self.topic, self.text))
    }
}

/// A running subscriber.
#[derive(Debug)]
pub struct Subscriber {
    child: Child,
    messages: Arc<Mutex<Vec<Message>>>,
}

impl Subscriber {
    /// Subscribes to everything at a broker on this port; `arguments` for TLS, users.
    pub fn start(port: u16, filter: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new("mosquitto_sub")
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-V", "mqttv5", "-q", "1", "-F", "%j", "-t", filter])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("mosquitto_sub is installed (tests/run.sh does that)");
        let output = child.stdout.take().expect("stdout is piped");
        let messages = Arc::new(Mutex::new(Vec::new()));
        std::thread::spawn({
            let messages = Arc::clone(&messages);
            move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    // The time stamp that it prints is not valid JSON (a missing quote in some versions): `tst` is first.
                    let Some(message) = parse(&line) else { panic!("mosquitto_sub printed: {line}") };
                    messages.lock().expect("no panic").push(message);
                }
            }
        });
        Self { child, messages }
    }

    /// Everything that arrived so far.
    pub fn messages(&self) -> Vec<Message> {
        self.messages.lock().expect("no panic").clone()
    }

    /// Everything that arrived so far on one topic.
    pub fn on(&self, topic: &str) -> Vec<Message> {
        self.messages().into_iter().filter(|message| message.topic == topic).collect()
    }

    /// Waits for a message that satisfies `wanted`.
    #[track_caller]
    pub fn wait(&self, what: &str, wanted: impl Fn(&Message) -> bool) -> Message {
        super::wait_for(what, || self.messages().into_iter().find(|message| wanted(message)))
    }

    /// Forgets what arrived so far.
    pub fn clear(&self) {
        self.messages.lock().expect("no panic").clear();
    }
}

fn parse(line: &str) -> Option<Message> {
    let json: Value = serde_json::from_str(line).ok().or_else(|| {
        let from = line.find("\"topic\"")?;
        serde_json::from_str(&format!("{{{}", &line[from..])).ok()
    })?;
    Some(Message {
        topic: json["topic"].as_str()?.to_owned(),
        is_retained: json["retain"].as_u64() == Some(1),
        qos: json["qos"].as_u64()?,
        // An empty payload is printed as null.
        text: if json["payload"].is_null() {
            String::new()
        } else {
            json["payload"].as_str().map_or_else(|| json["payload"].to_string(), str::to_owned)
        },
        properties: json["properties"].clone(),
    })
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
