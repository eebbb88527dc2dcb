//! The first minute of a newcomer: `qiao demo`, and the simulator alone.

use super::rig::wait_for;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// A running command with what it printed so far; killed when it is dropped.
struct Running {
    child: Child,
    printed: Arc<Mutex<String>>,
}

impl Running {
    fn start(directory: &Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_qiao"))
            .args(arguments)
            .current_dir(directory)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let output = child.stdout.take().expect("stdout is piped");
        let printed = Arc::new(Mutex::new(String::new()));
        std::thread::spawn({
            let printed = Arc::clone(&printed);
            move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    let mut printed = printed.lock().expect("no panic");
                    printed.push_str(&line);
                    printed.push('\n');
                }
            }
        });
        Self { child, printed }
    }

    fn printed(&self) -> String {
        self.printed.lock().expect("no panic").clone()
    }

    #[track_caller]
    fn says(&self, what: &str) {
        wait_for(what, || self.printed().contains(what).then_some(()));
    }

    /// Ctrl-C, and the exit code.
    fn interrupt(&mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill runs").success());
        wait_for("the end", || self.child.try_wait().expect("a child")).code()
    }

    /// The address behind a scheme in what was printed.
    #[track_caller]
    fn address(&self, scheme: &str) -> SocketAddr {
        wait_for(scheme, || {
            let printed = self.printed();
            let rest = printed.split_once(scheme)?.1;
            rest.split(|c: char| c.is_whitespace() || c == '/').next()?.parse().ok()
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_demo_shows_values_and_a_quarantined_message_and_leaves_no_port_behind() {
    let directory = tempfile::tempdir().expect("a folder");
    let mut demo = Running::start(directory.path(), &["demo", "--lang", "en"]);
    let (machine, page) = (demo.address("opc.tcp://"), demo.address("http://"));
    let broker = wait_for("the broker's address", || {
        let printed = demo.printed();
        let port = printed.split_once("mosquitto_sub -h 127.0.0.1 -p ")?.1.split_whitespace().next()?.to_owned();
        format!("127.0.0.1:{port}").parse::<SocketAddr>().ok()
    });
    demo.says("mill-1 online");
    demo.says("mode Automatic");
    // After twenty seconds one value is wrong on purpose.
    demo.says("17");
    demo.says("/Monitoring/MachineTool/OperationMode");
    assert!(!demo.printed().contains('\u{1b}'), "no escape codes: {}", demo.printed());
    for address in [machine, page, broker] {
        TcpStream::connect(address).expect("somebody listens");
    }
    assert_eq!(demo.interrupt(), Some(0), "{}", demo.printed());
    for address in [machine, page, broker] {
        drop(TcpListener::bind(address).expect("the port is free"));
    }
}

#[test]
fn the_demo_takes_other_ports_when_its_own_are_taken_and_its_configuration_is_used_again() {
    let directory = tempfile::tempdir().expect("a folder");
    // Whoever has them already has them.
    let _holders = [4840, 1883, 8080].map(|port| TcpListener::bind(("127.0.0.1", port)));
    let config = directory.path().join("qiao-demo/qiao.yaml");
    for language in ["de", "zh"] {
        let mut demo = Running::start(directory.path(), &["demo", "--lang", language]);
        demo.says("QIAO-D001 127.0.0.1:4840");
        demo.says("QIAO-D010 127.0.0.1:8080");
        demo.says("QIAO-D011 127.0.0.1:1883");
        demo.says("mill-1");
        assert_eq!(demo.interrupt(), Some(0), "{}", demo.printed());
        let text = std::fs::read_to_string(&config).expect("a configuration");
        assert!(text.contains("Die Konfiguration der Demo"), "written once, in the first start's language: {text}");
    }
}

#[test]
fn the_simulator_alone_says_where_it_is_and_ends_with_ctrl_c() {
    let directory = tempfile::tempdir().expect("a folder");
    let arguments = ["simulate", "--lang", "en", "--listen", "127.0.0.1:0", "--machines", "2", "--folder", "pki"];
    let mut simulator = Running::start(directory.path(), &arguments);
    let address = simulator.address("opc.tcp://");
    simulator.says("mill-1, mill-2");
    TcpStream::connect(address).expect("somebody listens");
    assert_eq!(simulator.interrupt(), Some(0), "{}", simulator.printed());
    drop(TcpListener::bind(address).expect("the port is free"));
}
