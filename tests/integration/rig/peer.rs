//! A peer that nobody here wrote, started by a script of `tests/peers`: prints `READY {json}` when it serves, one JSON
//! object per line about what it does, and takes commands, one per line.

use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};

/// A running peer.
#[derive(Debug)]
pub struct Peer {
    child: Child,
    input: ChildStdin,
    said: Arc<Mutex<Vec<Value>>>,
    complained: Arc<Mutex<String>>,
    /// What it printed behind `READY`.
    pub ready: Value,
}

impl Peer {
    /// Starts `tests/peers/<script>`: `.py` by the peers' Python, `.mjs` by Node.
    #[track_caller]
    pub fn start(script: &str, arguments: &[&str]) -> Self {
        let path = format!("{}/tests/peers/{script}", env!("CARGO_MANIFEST_DIR"));
        let variable = |name: &str| {
            std::env::var(name).unwrap_or_else(|_| {
                panic!("{name} is not set: start tests/run.sh, or eval \"$(tests/run.sh peers | tail -1)\"")
            })
        };
        let mut command = if script.ends_with(".py") {
            let mut python = Command::new(variable("QIAO_PEERS_PYTHON"));
            // Nothing is written beside the scripts.
            python.arg("-B");
            python
        } else {
            let mut node = Command::new("node");
            node.env("QIAO_PEERS_NODE", variable("QIAO_PEERS_NODE"));
            node
        };
        let mut child = command
            .arg(path)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{script} does not start: {error}"));
        let input = child.stdin.take().expect("stdin is piped");
        let output = child.stdout.take().expect("stdout is piped");
        let errors = child.stderr.take().expect("stderr is piped");
        let said = Arc::new(Mutex::new(Vec::new()));
        let complained = Arc::new(Mutex::new(String::new()));
        let ready = Arc::new(Mutex::new(None));
        std::thread::spawn({
            let (said, ready) = (Arc::clone(&said), Arc::clone(&ready));
            move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if let Some(json) = line.strip_prefix("READY") {
                        *ready.lock().expect("no panic") = serde_json::from_str(json.trim()).ok();
                    } else if let Ok(json) = serde_json::from_str(&line) {
                        said.lock().expect("no panic").push(json);
                    }
                }
            }
        });
        std::thread::spawn({
            let complained = Arc::clone(&complained);
            move || {
                for line in BufReader::new(errors).lines().map_while(Result::ok) {
                    let mut text = complained.lock().expect("no panic");
                    text.push_str(&line);
                    text.push('\n');
                }
            }
        });
        let found = super::wait_for(&format!("{script} is ready"), || {
            if let Ok(Some(status)) = child.try_wait() {
                panic!("{script} ended with {status}: {}", complained.lock().expect("no panic"));
            }
            ready.lock().expect("no panic").take()
        });
        Self { child, input, said, complained, ready: found }
    }

    /// The port it listens at.
    pub fn port(&self) -> u16 {
        self.ready["port"].as_u64().and_then(|port| u16::try_from(port).ok()).expect("READY names the port")
    }

    /// `opc.tcp://127.0.0.1:port` and the path it named.
    pub fn endpoint(&self) -> String {
        format!("opc.tcp://127.0.0.1:{}{}", self.port(), self.ready["path"].as_str().unwrap_or_default())
    }

    /// It has not ended.
    ///
    /// # Panics
    /// When it has, with what it said on standard error.
    #[track_caller]
    pub fn lives(&mut self) {
        if let Ok(Some(status)) = self.child.try_wait() {
            panic!("the peer ended with {status}: {}", self.complained.lock().expect("no panic"));
        }
    }

    /// Gives it a command.
    pub fn tell(&mut self, command: &str) {
        writeln!(self.input, "{command}").and_then(|()| self.input.flush()).expect("the peer reads its commands");
    }

    /// Everything it said so far.
    pub fn said(&self) -> Vec<Value> {
        self.said.lock().expect("no panic").clone()
    }

    /// As the power cord would: no goodbye.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.kill();
    }
}
