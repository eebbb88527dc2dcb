//! Promise: an unknown server is refused with its fingerprint and the exact command that trusts it; with that command, and
//! nothing else, its data flow.

use super::rig::gateway::Site;
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use super::rig::subscriber::Subscriber;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every file below a folder.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
}

#[test]
fn the_command_in_the_refusal_is_all_it_takes() {
    let site = Site::new("");
    let keys = site.path("server");
    std::fs::create_dir(&keys).expect("a folder");
    let server = Peer::start("secure_server.py", &["--folder", keys.to_str().expect("UTF-8")]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let secret = site.path("password");
    std::fs::write(&secret, "Brücke 桥\n").expect("written");
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).expect("set");
    // Nothing is said about security: the safe choice is the default.
    site.configure(&format!(
        "connections:
  lathe: {{ opcua: {{ endpoint: \"{}\", user: qiao, password: {{ file: password }} }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: f, from: lathe, each: {{ node: \"i=85\" }}, select: [{{ node: \"nsu=urn:qiao:test:secure;s=Fixed\" }}], to: plant }}
",
        server.endpoint(),
        broker.port
    ));
    let gateway = site.run();
    let refusal = gateway.until("the refusal", |gateway| {
        gateway.log().lines().find(|line| line.contains("QIAO-O006")).map(str::to_owned)
    });
    let fingerprint = refusal.split_once("(SHA-256) ").and_then(|(_, rest)| rest.split_once(',')).expect("one").0;
    assert_eq!(fingerprint.len(), 64, "{refusal}");
    assert!(subscriber.messages().iter().all(|message| !message.topic.ends_with("/data")), "nothing flowed");
    assert_eq!(gateway.page("/readyz").expect("a page").0, 503);

    // As the user does: copied, and pasted into a shell that stands elsewhere.
    let command = &refusal[refusal.find("qiao cert trust").expect("the command")..];
    let command = command.split(" code=").next().unwrap_or(command);
    let binary = env!("CARGO_BIN_EXE_qiao");
    let typed = command.replacen("qiao", binary, 1);
    let done = Command::new("sh").args(["-c", &typed]).current_dir("/").output().expect("a shell");
    assert!(done.status.success(), "{typed}: {}", String::from_utf8_lossy(&done.stderr));
    gateway.ready();
    gateway.until("the value", |_| {
        subscriber
            .messages()
            .into_iter()
            .find(|message| message.topic.ends_with("/data") && message.text.contains("Fixed"))
    });

    let listed = site.command(&["cert", "list", "--json"]);
    let text = String::from_utf8_lossy(&listed.stdout).into_owned();
    let listed: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let states: Vec<_> = listed.iter().filter_map(|one| one["state"].as_str()).collect();
    assert_eq!(states.len(), 2, "{text}");
    assert!(states.contains(&"own") && states.contains(&"trusted"), "{text}");
    assert!(!gateway.log().contains("Brücke"), "no secret is shown");

    let mut pki = Vec::new();
    files(&site.path("data"), &mut pki);
    let is_key =
        |path: &PathBuf| std::fs::read(path).is_ok_and(|text| text.windows(11).any(|part| part == b"PRIVATE KEY"));
    let secrets: Vec<_> = pki.into_iter().filter(is_key).collect();
    assert_eq!(secrets.len(), 1, "one private key: {secrets:?}");
    let mode = std::fs::metadata(&secrets[0]).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
