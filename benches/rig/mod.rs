//! What benchmarks of a whole gateway stand on: real peers as child processes, and its own status.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub type Failure = Box<dyn std::error::Error>;

/// A child that ends with us.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A number that follows a name on the command line.
pub fn argument(name: &str, default: u64) -> u64 {
    let arguments: Vec<String> = std::env::args().collect();
    let at = arguments.iter().position(|argument| argument == name);
    at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(default)
}

pub fn broker(directory: &Path, port: u16) -> Result<Running, Failure> {
    let config = directory.join("mosquitto.conf");
    std::fs::write(
        &config,
        format!(
            "listener {port} 127.0.0.1\nallow_anonymous true\nuser root\nmax_queued_messages 0\nmax_inflight_messages 0\n"
        ),
    )?;
    let path = format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default());
    let child = Command::new("mosquitto")
        .env("PATH", path)
        .arg("-c")
        .arg(config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let running = Running(child);
    until(Duration::from_secs(10), || std::net::TcpStream::connect(("127.0.0.1", port)).ok())
        .ok_or("mosquitto does not listen")?;
    Ok(running)
}

/// A simulated plant; `port` 0: any.
pub fn server(directory: &Path, port: u16, load: [u64; 3]) -> Result<(Running, String), Failure> {
    let [machines, variables, rate] = load;
    let mut child = Command::new(env!("CARGO_BIN_EXE_qiao"))
        .args(["simulate", "--lang", "en", "--listen", &format!("127.0.0.1:{port}"), "--folder"])
        .arg(directory.join("simulator"))
        .args(["--machines", &machines.to_string(), "--variables", &variables.to_string(), "--rate", &rate.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let output = child.stdout.take().ok_or("stdout is piped")?;
    let running = Running(child);
    for line in BufReader::new(output).lines() {
        let line = line?;
        if let Some(at) = line.find("opc.tcp://") {
            let endpoint = line[at..].split([' ', '"', ',']).next().unwrap_or_default().to_owned();
            return Ok((running, endpoint));
        }
    }
    Err("the load server did not say where it listens".into())
}

pub fn status(http: u16) -> Option<Value> {
    let text = ureq::get(format!("http://127.0.0.1:{http}/status")).call().ok()?.body_mut().read_to_string().ok()?;
    serde_json::from_str(&text).ok()
}

pub fn flow(status: &Value, name: &str) -> u64 {
    status["flows"][0][name].as_u64().unwrap_or(0)
}

pub fn free_port() -> Result<u16, Failure> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

pub fn until<T>(limit: Duration, mut fact: impl FnMut() -> Option<T>) -> Option<T> {
    let began = Instant::now();
    while began.elapsed() < limit {
        if let Some(found) = fact() {
            return Some(found);
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
    None
}

/// A gateway that was started with this configuration.
pub fn gateway(directory: &Path, config: &Path) -> Result<Running, Failure> {
    let child = Command::new(env!("CARGO_BIN_EXE_qiao"))
        .args(["run", "-c"])
        .arg(config)
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(directory.join("log"))?)
        .spawn()?;
    Ok(Running(child))
}
