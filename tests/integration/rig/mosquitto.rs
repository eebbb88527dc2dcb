//! A real mosquitto on a free port, with a configuration of the test's own.

use super::subscriber::Subscriber;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// A mosquitto; it can be killed and started again at the same port. Keeps nothing: persistence is off.
#[derive(Debug)]
pub struct Mosquitto {
    child: Option<Child>,
    pub port: u16,
    directory: tempfile::TempDir,
    log: Arc<Mutex<String>>,
}

impl Mosquitto {
    /// Anybody may connect.
    #[track_caller]
    pub fn open() -> Self {
        Self::start("allow_anonymous true")
    }

    /// `settings`: lines of `mosquitto.conf` behind those that make it listen.
    #[track_caller]
    pub fn start(settings: &str) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mut broker = Self { child: None, port: super::free_port(), directory, log: Arc::default() };
        // By default it drops what a slow subscriber has not taken beyond 1,000 messages.
        // `user root`: as root it would otherwise become a user who cannot read the test's certificates.
        let text = format!(
            "user root\npersistence false\nmax_queued_messages 0\nlog_dest stderr\nlog_type all\nlistener {} 127.0.0.1\n{settings}\n",
            broker.port
        );
        std::fs::write(broker.directory.path().join("mosquitto.conf"), text).expect("written");
        broker.restart();
        broker
    }

    /// Starts it, or starts it again at the same port; what it knew is gone.
    #[track_caller]
    pub fn restart(&mut self) {
        self.kill();
        let mut child = command()
            .arg("-c")
            .arg(self.directory.path().join("mosquitto.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("mosquitto is installed (tests/run.sh does that)");
        let errors = child.stderr.take().expect("stderr is piped");
        std::thread::spawn({
            let log = Arc::clone(&self.log);
            move || {
                for line in BufReader::new(errors).lines().map_while(Result::ok) {
                    let mut log = log.lock().expect("no panic");
                    log.push_str(&line);
                    log.push('\n');
                }
            }
        });
        let port = self.port;
        super::wait_for("mosquitto listens", || {
            if let Ok(Some(status)) = child.try_wait() {
                panic!("mosquitto ended with {status}:\n{}", self.log());
            }
            TcpStream::connect(("127.0.0.1", port)).ok()
        });
        self.child = Some(child);
    }

    /// Reads its configuration again; its log says when it has.
    #[track_caller]
    pub fn reload(&self) {
        let count = || self.log().matches("Reloading config").count();
        let before = count();
        let child = self.child.as_ref().expect("it runs");
        let told = Command::new("kill").args(["-HUP", &child.id().to_string()]).status();
        assert!(told.expect("kill").success());
        super::wait_for("mosquitto reloads", || (count() > before).then_some(()));
    }

    /// As the power cord would: no goodbye.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// A subscriber, when the broker has taken its subscription.
    #[track_caller]
    pub fn subscribe(&self, filter: &str, arguments: &[&str]) -> Subscriber {
        let before = self.subscriptions();
        let subscriber = Subscriber::start(self.port, filter, arguments);
        super::wait_for("mosquitto_sub has subscribed", || (self.subscriptions() > before).then_some(()));
        subscriber
    }

    fn subscriptions(&self) -> usize {
        self.log().matches("Sending SUBACK").count()
    }

    /// What it wrote so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("no panic").clone()
    }
}

/// Debian keeps it where only root looks.
fn command() -> Command {
    let path = "/usr/sbin/mosquitto";
    Command::new(if std::path::Path::new(path).exists() { path } else { "mosquitto" })
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        self.kill();
    }
}
