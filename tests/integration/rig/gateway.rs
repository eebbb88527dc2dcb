//! A gateway as its user starts it: the binary, a configuration file, a data directory.

use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

/// Runs the binary to its end.
pub fn qiao(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qiao"))
        .args(arguments)
        .env_remove("LANG")
        .env_remove("LC_ALL")
        .output()
        .expect("the binary starts")
}

/// A folder with a configuration, and what runs from it.
#[derive(Debug)]
pub struct Site {
    directory: tempfile::TempDir,
    pub http: u16,
}

impl Site {
    /// `configuration` is the part below `gateway:`; the gateway is named `test`, its data lies in `data`.
    pub fn new(configuration: &str) -> Self {
        let site = Self { directory: tempfile::tempdir().expect("a temporary directory"), http: super::free_port() };
        site.configure(configuration);
        site
    }

    /// Replaces the configuration.
    pub fn configure(&self, configuration: &str) {
        let text = format!(
            "gateway: {{ name: test, data-dir: data, http: \"127.0.0.1:{http}\" }}\n{configuration}",
            http = self.http
        );
        std::fs::write(self.config(), text).expect("the configuration can be written");
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub fn config(&self) -> PathBuf {
        self.path("qiao.yaml")
    }

    /// Runs `qiao COMMAND… -c CONFIG` to its end.
    pub fn command(&self, arguments: &[&str]) -> Output {
        let config = self.config();
        let mut all = arguments.to_vec();
        all.extend(["-c", config.to_str().expect("UTF-8 path")]);
        qiao(&all)
    }

    /// Starts `qiao run`.
    pub fn run(&self) -> Gateway {
        self.run_with(&[])
    }

    /// Starts `qiao run` with these variables in its environment, as the manual says it: in the folder of its
    /// configuration, with relative paths.
    pub fn run_with(&self, environment: &[(&str, &str)]) -> Gateway {
        Gateway::start(self.directory.path(), self.http, &[], environment)
    }

    /// Starts `qiao run` through another program, which becomes it: `prlimit --nofile=64`, `unshare -rm`.
    pub fn run_through(&self, wrapper: &[&str]) -> Gateway {
        Gateway::start(self.directory.path(), self.http, wrapper, &[])
    }
}

/// A running gateway.
#[derive(Debug)]
pub struct Gateway {
    child: Child,
    log: Arc<Mutex<String>>,
    http: u16,
}

impl Gateway {
    fn start(folder: &Path, http: u16, wrapper: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut words = wrapper.to_vec();
        words.extend([env!("CARGO_BIN_EXE_qiao"), "run", "--lang", "en", "-c", "qiao.yaml"]);
        let mut child = Command::new(words[0])
            .args(&words[1..])
            .current_dir(folder)
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let log = Arc::new(Mutex::new(String::new()));
        let errors = child.stderr.take().expect("stderr is piped");
        std::thread::spawn({
            let log = Arc::clone(&log);
            move || {
                for line in BufReader::new(errors).lines().map_while(Result::ok) {
                    let mut log = log.lock().expect("no panic");
                    log.push_str(&line);
                    log.push('\n');
                }
            }
        });
        Self { child, log, http }
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it ends by itself; gives its exit code.
    #[track_caller]
    pub fn ended(&mut self) -> Option<i32> {
        super::wait_for("the gateway ends", || self.child.try_wait().ok().flatten()).code()
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status();
        assert!(sent.expect("kill is there").success(), "SIG{signal}");
    }

    pub fn log(&self) -> String {
        self.log.lock().expect("no panic").clone()
    }

    /// Status code and body of a page of its own HTTP face; `None` while nobody answers.
    pub fn page(&self, path: &str) -> Option<(u16, String)> {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut response = agent.get(format!("http://127.0.0.1:{}{path}", self.http)).call().ok()?;
        Some((response.status().as_u16(), response.body_mut().read_to_string().ok()?))
    }

    /// Its status; `None` while nobody answers.
    pub fn status(&self) -> Option<Value> {
        serde_json::from_str(&self.page("/status")?.1).ok()
    }

    /// Waits until data can flow.
    #[track_caller]
    pub fn ready(&self) {
        self.until("the gateway is ready", |gateway| (gateway.page("/readyz")?.0 == 200).then_some(()));
    }

    /// Waits for a fact; shows the log when it does not come.
    #[track_caller]
    pub fn until<T>(&self, what: &str, mut fact: impl FnMut(&Self) -> Option<T>) -> T {
        let began = std::time::Instant::now();
        loop {
            if let Some(found) = fact(self) {
                return found;
            }
            assert!(
                began.elapsed() < super::LIMIT,
                "in vain: {what}\n--- status {:#?}\n--- log\n{}",
                self.status(),
                self.log()
            );
            std::thread::park_timeout(std::time::Duration::from_millis(30));
        }
    }

    /// Asks it to stop, as systemd does, and waits for its end; gives its exit code.
    pub fn stop(&mut self) -> Option<i32> {
        self.end("TERM")
    }

    /// Presses Ctrl-C, and waits for its end; gives its exit code.
    pub fn interrupt(&mut self) -> Option<i32> {
        self.end("INT")
    }

    fn end(&mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        super::wait_for(&format!("the gateway ends after SIG{signal}"), || self.child.try_wait().ok().flatten()).code()
    }

    /// The most memory that it held at once, in KiB; `None` where the system does not tell (`proc(5)`, `VmHWM`).
    pub fn memory_most(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok())
    }

    /// Time on a processor so far, of all its threads; `None` where the system does not tell (`proc(5)`, `utime`, `stime`).
    pub fn processor_time(&self) -> Option<std::time::Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // Behind the name, which may hold blanks; in hundredths of a second.
        let spent: u64 =
            stat.rsplit(')').next()?.split_whitespace().skip(11).take(2).map_while(|n| n.parse::<u64>().ok()).sum();
        Some(std::time::Duration::from_millis(spent * 10))
    }

    /// As the power cord would.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.kill();
    }
}
