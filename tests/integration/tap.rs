//! Promise: `qiao tap` shows what a source gives, what would be published and what arrives, leaves nothing behind, and
//! says what it did not show.

use crate::integration::rig::gateway::Site;
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::wait_for;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// A running `qiao tap --json`.
struct Tap {
    child: Child,
    lines: Arc<Mutex<Vec<Value>>>,
}

impl Tap {
    fn start(site: &Site, arguments: &[&str]) -> Self {
        let mut child = command(site, arguments).arg("--json").spawn().expect("the binary starts");
        let output = child.stdout.take().expect("piped");
        let lines = Arc::new(Mutex::new(Vec::new()));
        std::thread::spawn({
            let lines = Arc::clone(&lines);
            move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    let line = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
                    lines.lock().expect("no panic").push(line);
                }
            }
        });
        Self { child, lines }
    }

    fn lines(&self) -> Vec<Value> {
        self.lines.lock().expect("no panic").clone()
    }

    /// Lines of one kind.
    fn of(&self, what: &str) -> Vec<Value> {
        self.lines().into_iter().filter(|line| line["what"] == what).collect()
    }

    #[track_caller]
    fn wait(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let began = std::time::Instant::now();
        loop {
            if let Some(found) = self.lines().into_iter().find(&wanted) {
                return found;
            }
            assert!(began.elapsed() < crate::integration::rig::LIMIT, "in vain: {what}\n{:#?}", self.lines());
            std::thread::park_timeout(std::time::Duration::from_millis(20));
        }
    }

    /// Ctrl-C; gives the exit code.
    #[track_caller]
    fn interrupt(&mut self, signal: &str) -> Option<i32> {
        let _ = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        self.end()
    }

    #[track_caller]
    fn end(&mut self) -> Option<i32> {
        wait_for("the tap ends", || self.child.try_wait().ok().flatten()).code()
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(site: &Site, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qiao"));
    command.args(["tap", "--lang", "en", "-c"]).arg(site.config()).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn site(endpoint: &str, broker: u16, flow: &str) -> Site {
    Site::new(&format!(
        "connections:
  plc: {{ opcua: {{ endpoint: \"{endpoint}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{broker}\" }} }}
flows: [{flow}]
"
    ))
}

#[test]
fn every_value_is_told_as_the_server_holds_it() {
    let server = Peer::start("types_server.py", &[]);
    // Nobody publishes: the broker need not even be there.
    let site = site(&server.endpoint(), 9, "{ name: types, from: plc, each: \"/Objects/Types\", to: plant }");
    let mut tap = Tap::start(&site, &[]);
    let expected = server.ready["expected"].as_object().expect("READY says what the server holds").clone();
    let value = |name: &str| tap.of("value").into_iter().find(|line| line["field"] == name);
    wait_for("every value", || expected.keys().all(|name| value(name).is_some()).then_some(()));
    for (name, expected) in &expected {
        let found = value(name).expect("it came");
        assert_eq!(found["machine"], "Types");
        let code = expected["Status"].as_u64().unwrap_or(0);
        assert_eq!(found["status-code"], code, "{name}: {found}");
        assert_eq!(found["source-time"], expected["SourceTimestamp"], "{name}: {found}");
        assert_eq!(found.get("dimensions"), expected.get("Dimensions"), "{name}: {found}");
        assert!(found["received"].is_string() && found["node"].is_string(), "{found}");
        // A structure is written with its type, and the value of a bad status is not to be used.
        match name.as_str() {
            "Tool" | "Bad" => {}
            _ => assert_eq!(found["value"], expected["Value"], "{name}: {found}"),
        }
    }
    assert_eq!(value("Bad").expect("it came")["status"].as_str().map(|name| &name[..3]), Some("Bad"));
    assert_eq!(value("Double").expect("it came")["type"], "Double");
    assert_eq!(tap.interrupt("-INT"), Some(0));
    let end = tap.wait("the last line", |line| line["what"] == "end");
    assert_eq!((&end["heard"], &end["filtered"]), (&end["shown"], &json!(0)), "{end}");
    assert!(!site.path("data/lock").exists() && !site.path("data/quarantine").exists());
}

#[test]
fn a_filter_picks_machines_and_fields_and_a_count_ends_it() {
    let mut server = Peer::start("machine_tools.mjs", &[]);
    let each = "{ type: \"nsu=http://opcfoundation.org/UA/MachineTool/;i=13\" }";
    let flow = format!("{{ name: tools, from: plc, each: {each}, profile: umati/machine-tool@1.02, to: plant }}");
    let site = site(&server.endpoint(), 9, &flow);
    let mut tap = Tap::start(&site, &["--machine", "machine 2", "--field", "*/FeedOverride", "--count", "3"]);
    tap.wait("the first values", |line| line["what"] == "value");
    server.tell("set 1 Double 11.5 Monitoring/MachineTool/FeedOverride");
    server.tell("set 2 Double 22.5 Monitoring/MachineTool/FeedOverride");
    tap.wait("the change", |line| line["value"] == 22.5);
    server.tell("set 2 Double 23.5 Monitoring/MachineTool/FeedOverride");
    assert_eq!(tap.end(), Some(0));
    let values = tap.of("value");
    assert_eq!(values.len(), 3, "{values:#?}");
    for line in &values {
        assert_eq!(line["machine"], "Machine 2");
        assert!(line["field"].as_str().is_some_and(|field| field.ends_with("/FeedOverride")), "{line}");
    }
    let end = tap.wait("the last line", |line| line["what"] == "end");
    assert_eq!(end["shown"], 3);
    assert!(end["filtered"].as_u64() > Some(40), "what was not shown is counted: {end}");
}

#[test]
fn messages_are_told_as_they_would_be_published_and_as_they_would_not() {
    let mut server = Peer::start("machine_tools.mjs", &[]);
    let broker = Mosquitto::open();
    let each = "{ type: \"nsu=http://opcfoundation.org/UA/MachineTool/;i=13\" }";
    let flow = format!("{{ name: tools, from: plc, each: {each}, profile: umati/machine-tool@1.02, to: plant }}");
    let site = site(&server.endpoint(), broker.port, &flow);
    let gateway = site.run();
    gateway.ready();
    let mut tap = Tap::start(&site, &["--stage", "assembled", "--flow", "tools"]);
    let first =
        tap.wait("a message", |line| line["quarantined"] == false && line["message"]["Identification"].is_object());
    assert_eq!((&first["qos"], &first["retain"], &first["quarantined"]), (&json!(1), &json!(true), &json!(false)));
    assert_eq!((&first["flow"], &first["profile"]), (&json!("tools"), &json!("umati/machine-tool@1.02")));
    assert!(first["topic"].as_str().is_some_and(|topic| topic.starts_with("umati/v2/test/MachineToolType/")));
    server.tell("set 1 Int32 17 Monitoring/MachineTool/OperationMode");
    let pointer = "/Monitoring/MachineTool/OperationMode";
    let refused = tap.wait("a message that would go to quarantine", |line| {
        line["quarantined"] == true && line["findings"][0]["place"] == pointer
    });
    assert_eq!(refused["message"]["Monitoring"]["MachineTool"]["OperationMode"], 17);
    assert!(refused["findings"][0]["code"].as_str().is_some_and(|code| code.starts_with("QIAO-V")), "{refused}");
    assert!(refused["findings"][0]["text"].as_str().is_some_and(|text| !text.contains('‹')), "{refused}");
    assert_eq!(tap.interrupt("-TERM"), Some(0));
    assert!(!broker.log().contains("qiao-test-tap"), "it publishes nothing");
    gateway.ready();
}

#[test]
fn what_arrives_at_a_broker_is_told_with_its_properties_and_held_against_its_profile() {
    let broker = Mosquitto::open();
    let site = site("opc.tcp://127.0.0.1:9", broker.port, "{ name: a, from: plc, to: plant }");
    let mut tap = Tap::start(&site, &["--connection", "plant", "--topic", "hall/#", "--profile", "auto"]);
    tap.wait("the subscription", |line| line["state"] == "connected");
    let publish = |topic: &str, payload: &str, more: &[&str]| {
        let port = broker.port.to_string();
        let basic = ["-h", "127.0.0.1", "-p", &port, "-V", "mqttv5", "-t", topic, "-m", payload];
        let status = Command::new("mosquitto_pub").args(basic).args(more).status().expect("installed");
        assert!(status.success());
    };
    let named = |profile: &'static str, version: &'static str| {
        vec![
            "-D",
            "publish",
            "user-property",
            "profile",
            profile,
            "-D",
            "publish",
            "user-property",
            "schema-version",
            version,
        ]
    };
    publish("elsewhere", "1", &[]);
    publish("hall/温度", "车床 1", &["-q", "2", "-r"]);
    publish("hall/json", "{\"a\": [1, 2.5]}", &["-q", "1", "-D", "publish", "content-type", "application/json"]);
    publish("hall/bad", "{\"a\": 1}", &named("core/data-set-message", "1.0"));
    let text = tap.wait("a text", |line| line["topic"] == "hall/温度");
    assert_eq!((&text["message"], &text["qos"], &text["size"]), (&json!("车床 1"), &json!(2), &json!(8)), "{text}");
    assert_eq!(text["findings"][0]["code"], "QIAO-T009");
    let json = tap.wait("JSON", |line| line["topic"] == "hall/json");
    assert_eq!((&json["message"]["a"][1], &json["content-type"]), (&json!(2.5), &json!("application/json")));
    assert_eq!((&json["qos"], &json["retain"]), (&json!(1), &json!(false)));
    let bad = tap.wait("a message that breaks its profile", |line| line["topic"] == "hall/bad");
    assert_eq!((&bad["profile"], &bad["schema-version"]), (&json!("core/data-set-message"), &json!("1.0")));
    assert_eq!((&bad["checked-by"], &bad["valid"]), (&json!("core/data-set-message@1.0"), &json!(false)));
    assert!(bad["findings"][0]["code"].as_str().is_some_and(|code| code.starts_with("QIAO-V")), "{bad}");
    assert_eq!(tap.interrupt("-INT"), Some(1), "a message broke its profile");
    assert!(tap.of("arrived").iter().all(|line| line["topic"] != "elsewhere"));
    // Who comes later is given what the broker keeps, and told so.
    let late = Tap::start(&site, &["--connection", "plant", "--topic", "hall/#", "--count", "1"]);
    let kept = late.wait("the retained message", |line| line["what"] == "arrived");
    assert_eq!((&kept["retain"], &kept["topic"]), (&json!(true), &json!("hall/温度")));
}

#[test]
fn it_leaves_no_session_behind_however_it_ends() {
    // Whoever left one session behind would find no other.
    let server = Peer::start("limited_server.mjs", &["--count", "30", "--sessions", "1"]);
    let site = site(&server.endpoint(), 9, "{ name: a, from: plc, each: \"/Objects/Plant\", to: plant }");
    for signal in ["-INT", "-TERM"] {
        let mut tap = Tap::start(&site, &[]);
        wait_for("every value", || (tap.of("value").len() >= 30).then_some(()));
        assert_eq!(tap.interrupt(signal), Some(0), "{signal}");
    }
    // A reader that goes away ends it too: `qiao tap | head -1`.
    // The first line comes while the session is being made; behind the last one nothing comes that could fail.
    for lines in [1, 33] {
        let mut child = command(&site, &["--json"]).spawn().expect("the binary starts");
        let output = BufReader::new(child.stdout.take().expect("piped"));
        assert_eq!(output.lines().take(lines).map_while(Result::ok).count(), lines);
        assert_eq!(wait_for("it ends", || child.try_wait().ok().flatten()).code(), Some(0), "{lines}");
    }
    let mut counted = Tap::start(&site, &["--count", "1"]);
    assert_eq!(counted.end(), Some(0));
    let mut timed = Tap::start(&site, &["--seconds", "1"]);
    assert_eq!(timed.end(), Some(0));
    assert!(timed.of("value").len() >= 30, "{:#?}", timed.lines());
}

#[test]
fn what_cannot_be_heard_is_told_with_its_exit_code() {
    let nobody = crate::integration::rig::free_port();
    let site = site(&format!("opc.tcp://127.0.0.1:{nobody}"), nobody, "{ name: a, from: plc, to: plant }");
    let table: [(&[&str], i32, &str); 8] = [
        (&[], 3, "QIAO-O001"),
        (&["--connection", "plant"], 3, "QIAO-M001"),
        (&["--flow", "b"], 2, "QIAO-T001"),
        (&["--connection", "plnt"], 2, "`plant`"),
        (&["--connection", "plant", "--stage", "assembled"], 2, "QIAO-T004"),
        (&["--connection", "plant", "--topic", "a/#/b"], 2, "QIAO-T006"),
        (&["--connection", "plc", "--topic", "a"], 2, "QIAO-T007"),
        (&["--connection", "plant", "--profile", "umati/machinetool@1.02"], 2, "`umati/machine-tool@1.02`"),
    ];
    for (arguments, exit, shown) in table {
        let output = command(&site, arguments).output().expect("the binary starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}\n{text}");
        assert!(text.contains(shown), "{arguments:?}\n{text}");
    }
}

/// A configuration whose flows read from a broker: fields, and messages that are not taken apart.
fn shop(broker: u16) -> Site {
    Site::new(&format!(
        "connections:
  shop: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{broker}\" }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:9\" }} }}
flows:
  - {{ name: cells, from: shop, to: plant, each: {{ topic: \"cell/{{machine}}/#\" }}, topic: \"out/{{machine}}\" }}
  - {{ name: whole, from: shop, to: plant, each: {{ topic: \"whole/{{machine}}\" }}, decode: message, topic: \"again/{{machine}}\" }}
"
    ))
}

fn publish(broker: &Mosquitto, topic: &str, payload: &str, more: &[&str]) {
    let port = broker.port.to_string();
    let basic = ["-h", "127.0.0.1", "-p", &port, "-V", "mqttv5", "-t", topic, "-m", payload];
    let status = Command::new("mosquitto_pub").args(basic).args(more).status().expect("installed");
    assert!(status.success());
}

#[test]
fn flows_from_a_broker_are_told_as_fields_and_as_the_messages_they_become() {
    let broker = Mosquitto::open();
    let site = shop(broker.port);
    let decoded = Tap::start(&site, &["--connection", "shop"]);
    let mut assembled = Tap::start(&site, &["--flow", "cells", "--stage", "assembled"]);
    for tap in [&decoded, &assembled] {
        tap.wait("the link", |line| line["state"] == "connected");
    }
    publish(&broker, "cell/m7/spindle", "{\"speed\": 21.5, \"tool\": {\"name\": \"drill\"}}", &["-q", "1"]);
    let speed = decoded.wait("a field", |line| line["what"] == "value" && line["value"] == 21.5);
    assert_eq!((&speed["machine"], &speed["connection"]), (&json!("m7"), &json!("shop")), "{speed}");
    assert!(speed["field"].as_str().is_some_and(|field| field.ends_with("speed")), "{speed}");
    decoded.wait("a field within a field", |line| line["value"] == "drill");
    let message = assembled.wait("a message", |line| line["what"] == "message" && line["topic"] == "out/m7");
    assert_eq!((&message["flow"], &message["quarantined"]), (&json!("cells"), &json!(false)), "{message}");
    let payload = message["message"]["Payload"].as_object().expect("an object");
    assert!(payload.values().any(|field| field["Value"] == 21.5), "{message}");
    // What is no message of its profile is not taken apart, and why is told.
    publish(&broker, "whole/m8", "{broken", &["-q", "1"]);
    let whole = decoded.wait("a message as it came", |line| line["topic"] == "whole/m8");
    assert_eq!((&whole["what"], &whole["message"], &whole["qos"]), (&json!("arrived"), &json!("{broken"), &json!(1)));
    // A topic filter is heard as before, whatever the flows read.
    let mut raw = Tap::start(&site, &["--connection", "shop", "--topic", "cell/#", "--count", "1"]);
    raw.wait("the subscription", |line| line["state"] == "connected");
    publish(&broker, "cell/m7/spindle", "{\"speed\": 22.5}", &[]);
    assert_eq!(raw.wait("the message", |line| line["what"] == "arrived")["message"]["speed"], 22.5);
    assert_eq!(raw.end(), Some(0));
    // Stops of its own accord as well as when it is told to, and the broker keeps no session for it.
    assert_eq!(assembled.interrupt("-INT"), Some(0));
    let log = broker.log();
    let ours: Vec<&str> =
        log.lines().filter(|line| line.contains("New client connected") && line.contains("-tap-")).collect();
    assert!(ours.len() >= 2 && ours.iter().all(|line| line.contains(", c1,")), "{ours:#?}");
}

#[test]
fn a_profile_of_a_folder_of_ones_own_judges_what_arrives() {
    let broker = Mosquitto::open();
    let site = shop(broker.port);
    super::own_profile::own_profile(&site);
    let configuration = std::fs::read_to_string(site.config()).expect("UTF-8");
    std::fs::write(site.config(), format!("profiles: [profiles]\n{configuration}")).expect("written");
    let arguments = ["--connection", "plant", "--topic", "x", "--profile", "acme/pres@2.1"];
    let output = command(&site, &arguments).output().expect("the binary starts");
    let text = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("`acme/press@2.1`"), "the nearest name: {text}");
    let tap = Tap::start(&site, &["--connection", "shop", "--topic", "x", "--profile", "acme/press@2.1"]);
    tap.wait("the subscription", |line| line["state"] == "connected");
    publish(&broker, "x", "{}", &[]);
    let judged = tap.wait("a message", |line| line["what"] == "arrived");
    assert_eq!((&judged["checked-by"], &judged["valid"]), (&json!("acme/press@2.1"), &json!(false)), "{judged}");
}

/// `qiao tap` on a terminal of its own; what it drew so far.
struct Screen {
    child: Child,
    drawn: Arc<Mutex<Vec<u8>>>,
}

impl Screen {
    fn start(site: &Site, arguments: &str) -> Self {
        let qiao = env!("CARGO_BIN_EXE_qiao");
        let config = site.config().display().to_string();
        let command = format!("stty rows 30 cols 120; exec '{qiao}' tap --lang en -c '{config}' {arguments}");
        let mut child = Command::new("script")
            .args(["--quiet", "--return", "--flush", "--command", &command, "/dev/null"])
            .env("TERM", "xterm-256color")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("installed");
        let mut output = child.stdout.take().expect("piped");
        let drawn = Arc::new(Mutex::new(Vec::new()));
        std::thread::spawn({
            let drawn = Arc::clone(&drawn);
            move || {
                let mut piece = [0; 4096];
                while let Ok(count @ 1..) = output.read(&mut piece) {
                    drawn.lock().expect("no panic").extend_from_slice(&piece[..count]);
                }
            }
        });
        Self { child, drawn }
    }

    fn drawn(&self) -> String {
        String::from_utf8_lossy(&self.drawn.lock().expect("no panic")).into_owned()
    }

    #[track_caller]
    fn wait(&self, text: &str) {
        wait_for(&format!("{text} on the screen"), || self.drawn().contains(text).then_some(()));
    }

    fn press(&mut self, keys: &str) {
        let input = self.child.stdin.as_mut().expect("piped");
        input.write_all(keys.as_bytes()).and_then(|()| input.flush()).expect("it reads");
    }

    #[track_caller]
    fn end(&mut self) -> Option<i32> {
        let ended = wait_for("the screen ends", || self.child.try_wait().ok().flatten()).code();
        self.wait("\u{1b}[?1049l");
        ended
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // The terminal goes, and with it whoever draws on it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_full_screen_shows_fields_and_messages_of_a_broker_and_ends_by_key_and_by_count() {
    let broker = Mosquitto::open();
    let site = shop(broker.port);
    publish(&broker, "cell/m7/spindle", "{\"speed\": 21.5, \"torque\": 31.25}", &["-r"]);
    let mut screen = Screen::start(&site, "--connection shop");
    for part in ["spindle/speed", "21.5", "31.25", "m7"] {
        screen.wait(part);
    }
    publish(&broker, "cell/m7/spindle", "{\"speed\": 41.75}", &[]);
    screen.wait("41.75");
    screen.press("q");
    assert_eq!(screen.end(), Some(0));
    let mut screen = Screen::start(&site, "--flow cells --stage assembled");
    screen.wait("out/m7");
    screen.press("q");
    assert_eq!(screen.end(), Some(0));
    // Two values are there: that is enough for one, and for two, and not for three.
    for count in [1, 2] {
        assert_eq!(Screen::start(&site, &format!("--flow cells --count {count}")).end(), Some(0));
    }
    let mut screen = Screen::start(&site, "--flow cells --count 3");
    screen.wait("31.25");
    assert_eq!(screen.child.try_wait().ok().flatten(), None, "a third one is waited for");
    publish(&broker, "cell/m7/spindle", "{\"speed\": 51.5}", &[]);
    assert_eq!(screen.end(), Some(0));
}
