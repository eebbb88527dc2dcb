//! Promise: a profile is a folder and needs no code; one that cannot be used is refused at the start, with its place.

use super::rig::gateway::{Site, qiao};
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use super::rig::subscriber::Subscriber;
use std::path::PathBuf;

/// The plain profile under a name of its own, in `site/profiles`, as `qiao profile new` makes it.
pub fn own_profile(site: &Site) -> PathBuf {
    let profiles = site.path("profiles");
    let profiles = profiles.to_str().expect("UTF-8");
    let made = ["profile", "new", "acme/press", "--from", "core/data-set-message@1.0", "--version", "2.1", profiles];
    let done = qiao(&[&made[..], &["--lang", "en"]].concat());
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success() && said.contains("nothing is wrong") && said.contains("profiles: ["), "{said}");
    assert_eq!(qiao(&made).status.code(), Some(2), "nothing is overwritten");
    // Filled in as data only.
    let folder = site.path("profiles/acme/press/2.1");
    let manifest = folder.join("profile.yaml");
    let text = std::fs::read_to_string(&manifest).expect("UTF-8");
    let filled = text.replace("en: acme/press, de: acme/press, zh: acme/press", "en: Press, de: Presse, zh: 压力机");
    assert_ne!(filled, text);
    std::fs::write(&manifest, filled).expect("written");
    let folder_name = folder.to_str().expect("UTF-8");
    let done = qiao(&["profile", "check", "--write-readme", folder_name]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    folder
}

fn configuration(endpoint: &str, broker: u16) -> String {
    format!(
        "profiles: [profiles]
connections:
  plc: {{ opcua: {{ endpoint: \"{endpoint}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{broker}\" }} }}
flows:
  - {{ name: f, from: plc, each: \"/Objects/Plant\", profile: acme/press@2.1, to: plant }}
"
    )
}

#[test]
fn a_folder_beside_the_configuration_is_a_profile_like_the_built_in_ones() {
    let server = Peer::start("limited_server.mjs", &["--count", "3"]);
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = Site::new(&configuration(&server.endpoint(), broker.port));
    let folder = own_profile(&site);
    let listed = qiao(&["profile", "list", "--profiles", site.path("profiles").to_str().expect("UTF-8")]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("acme/press@2.1") && listed.contains("core/data-set-message@1.0"), "{listed}");
    let gateway = site.run();
    let first = gateway.until("a message", |_| subscriber.on("qiao/test/Plant/data").first().cloned());
    let properties = first.properties.to_string();
    assert!(properties.contains("acme/press") && properties.contains("2.1"), "{properties}");
    drop(gateway);

    // Its own rule is kept: a schema that takes no number at all lets nothing through.
    let schema = folder.join("schema.json");
    let text = std::fs::read_to_string(&schema).expect("UTF-8");
    let strict = text.replacen("\"type\": \"object\",", "\"type\": \"object\", \"maxProperties\": 1,", 1);
    assert_ne!(strict, text);
    std::fs::write(&schema, strict).expect("written");
    subscriber.clear();
    let gateway = site.run();
    gateway.until("it is in quarantine", |gateway| {
        (gateway.status()?["flows"][0]["quarantined-messages"].as_u64()? > 0).then_some(())
    });
    assert!(subscriber.on("qiao/test/Plant/data").iter().all(|message| message.text.is_empty() || message.is_retained));
}

#[test]
fn a_schema_that_cannot_be_used_is_refused_before_anything_runs() {
    let site = Site::new(&configuration("opc.tcp://127.0.0.1:1", 1));
    let schema = own_profile(&site).join("schema.json");
    let good = std::fs::read_to_string(&schema).expect("UTF-8");
    let check = site.command(&["check", "--lang", "en"]);
    assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stdout));
    let member = |text: &str| good.replacen("\"properties\": {", &format!("\"properties\": {{ \"Extra\": {text},"), 1);
    let table = [
        ("no schema", member(r#"{ "type": "nonsense" }"#), "QIAO-V004"),
        ("a remote reference", member(r#"{ "$ref": "https://example.org/schema.json" }"#), "QIAO-V006"),
        ("a file", member(r#"{ "$ref": "file:///etc/passwd" }"#), "QIAO-V006"),
        ("a pattern that never ends", member(r#"{ "type": "string", "pattern": "^(a+)+\\1$" }"#), "QIAO-V008"),
        ("no JSON", good.replacen('{', "{,", 1), "QIAO-P004"),
    ];
    for (what, text, code) in table {
        assert_ne!(text, good, "{what}");
        std::fs::write(&schema, text).expect("written");
        for command in ["check", "run"] {
            let done = site.command(&[command, "--lang", "en"]);
            let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
            assert_eq!(done.status.code(), Some(2), "{command}, {what}: {said}");
            let line = said.lines().find(|line| line.contains(code)).unwrap_or_else(|| panic!("{what}: {said}"));
            let place = line.split_once("schema.json:").unwrap_or_else(|| panic!("{what}: {line}")).1;
            let numbers = place.split([':', ' ']).take(2).filter(|part| part.parse::<u32>().is_ok()).count();
            assert_eq!(numbers, 2, "{what} is told with line and column: {line}");
        }
    }
}

#[test]
fn a_new_version_is_told_whether_it_is_compatible() {
    let site = Site::new("");
    let folder = own_profile(&site);
    let folder_name = folder.to_str().expect("UTF-8");
    let against = |old: &str| {
        let done = qiao(&["profile", "check", folder_name, "--against", old, "--lang", "en"]);
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let (code, said) = against("core/data-set-message@1.0");
    assert!(code == Some(0) && said.matches("QIAO-P075").count() == 2, "{said}");
    let schema = folder.join("schema.json");
    let text = std::fs::read_to_string(&schema).expect("UTF-8");
    let strict = text.replacen("\"type\": \"object\",", "\"type\": \"object\", \"maxProperties\": 20,", 1);
    assert_ne!(strict, text);
    std::fs::write(&schema, strict).expect("written");
    // Narrower: new messages are old ones. The message has fewer members than that, so nothing refutes the other way.
    let (code, said) = against("core/data-set-message@1.0");
    assert!(said.contains("QIAO-P075  Forward") && said.contains("QIAO-P077  Backward"), "{said}");
    assert_eq!(code, Some(3), "{said}");
    std::fs::write(&schema, text).expect("written");
    let (code, said) = against("core/data-set-message@9");
    assert!(code == Some(2) && said.contains("QIAO-P030"), "{said}");
}

#[test]
fn concepts_beside_the_families_count_wherever_the_profile_is_named() {
    let site = Site::new("");
    let folder = site.path("profiles/acme/plate/1.0");
    let shown = folder.to_str().expect("UTF-8");
    let profiles = site.path("profiles");
    let profiles = profiles.to_str().expect("UTF-8");
    for (file, bytes) in
        qiao::cli::folder::read(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/profiles/acme/plate/1.0"))
            .expect("files")
    {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, bytes).expect("written");
    }
    let mapping = "fields:\n  - { to: /serial, concept: plate.colour-of-print }\n";
    std::fs::write(folder.join("mapping.yaml"), mapping).expect("written");
    let run = |arguments: &[&str]| {
        let done = qiao(&[arguments, &["--lang", "en"]].concat());
        (
            done.status.code(),
            String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr),
        )
    };
    let (code, said) = run(&["profile", "check", "--write-readme", shown]);
    assert!(code == Some(1) && said.contains("QIAO-P035"), "{said}");

    let concept =
        "concepts:\n  plate.colour-of-print:\n    title: { en: Colour, de: Farbe, zh: 颜色 }\n    type: text\n";
    std::fs::create_dir(site.path("profiles/concepts")).expect("made");
    std::fs::write(site.path("profiles/concepts/plate.yaml"), concept).expect("written");
    let (code, said) = run(&["profile", "check", "--write-readme", shown]);
    assert!(code == Some(0) && said.contains("nothing is wrong"), "{said}");
    let (code, said) = run(&["profile", "check", "--profiles", profiles, shown]);
    assert!(code == Some(0), "what both name is one declaration: {said}");
    let (code, said) = run(&["profile", "show", "acme/plate@1.0", "--profiles", profiles]);
    assert!(code == Some(0) && said.contains("plate.colour-of-print"), "{said}");

    // A fault of the concepts is told, with its place.
    std::fs::write(site.path("profiles/concepts/plate.yaml"), concept.replace("type: text", "type: colour"))
        .expect("written");
    let (code, said) = run(&["profile", "check", shown]);
    assert!(code == Some(1) && said.contains("concepts/plate.yaml:4:11") && said.contains("QIAO-P035"), "{said}");
}
