//! Promise: from a server nobody has described to checked messages, with what the tool prints and a spreadsheet.

use crate::integration::rig::gateway::{Site, qiao};
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::subscriber::{Message, Subscriber};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the binary; shows everything when it ends otherwise than expected.
#[track_caller]
fn run(arguments: &[&str], exit: i32) -> String {
    let output = qiao(arguments);
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}\n{text}");
    text
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Fills in a table as a person with a German spreadsheet would.
#[track_caller]
fn edit(table: &Path, edits: &Value) {
    let script = format!("{}/tests/peers/edit_table.py", env!("CARGO_MANIFEST_DIR"));
    let python = std::env::var("QIAO_PEERS_PYTHON").expect("start tests/run.sh");
    let mut child =
        Command::new(python).arg(script).arg(table).stdin(Stdio::piped()).spawn().expect("Python is installed");
    child.stdin.take().expect("piped").write_all(edits.to_string().as_bytes()).expect("written");
    assert!(child.wait().expect("it ends").success());
}

const SPINDLE: &str = "/Monitoring/<MonitoredElement>/Spindel 1";
const STATE: &str = "/Production/ActiveProgram/State/CurrentState";

/// What makes a umati message of the vendor's machine.
fn edits() -> Value {
    json!([
        { "field": "/Identification/Manufacturer", "value": "{\"locale\": \"de\", \"text\": \"Südwerk\"}" },
        { "field": "/Identification/ProductInstanceUri", "value": "urn:suedwerk.example:vn:0815" },
        { "path": "Ident/SN", "field": "identity.serial-number" },
        { "path": "Mode", "field": "machine.operation-mode", "enumeration": "AUTO=Automatic|HAND=Manual|EINR=2" },
        { "path": "Ident/Betriebszeit", "field": "/Monitoring/MachineTool/PowerOnDuration",
          "source-unit": "MIN", "scale": "0,1" },
        { "path": "Status/Word1", "field": "/Monitoring/MachineTool/IsWarmUp", "bit": "3" },
        { "path": "Status/Word1", "field": format!("{SPINDLE}/IsRotating"), "bit": "0" },
        { "field": format!("{SPINDLE}/Name"), "value": "Spindel 1" },
        { "path": "Achsen/Vorschub", "field": "/Monitoring/MachineTool/FeedOverride/value",
          "source-unit": "%", "scale": "0,1" },
        { "field": "/Monitoring/MachineTool/FeedOverride/properties/EURange", "value": "{\"Low\": 0, \"High\": 150}" },
        { "path": "Status/Programm", "field": "/Production/ActiveProgram/Name" },
        { "field": "/Production/ActiveProgram/NumberInList", "value": "0" },
        { "path": "Status/Zustand", "field": format!("{STATE}/properties/Number"), "enumeration": "läuft=1|steht=3" },
        { "path": "Status/Zustand", "field": format!("{STATE}/value") },
        { "field": format!("{STATE}/properties/Id"), "value": "null" },
        { "path": "Achsen/Laufzeit", "field": "/MachineryBuildingBlocks/OperationCounters/OperationDuration",
          "source-unit": "HUR" },
        { "path": "Achsen/Teile", "field": "/MachineryBuildingBlocks/OperationCounters/PartsProducedInLifetime" },
    ])
}

/// A table of the vendor's nodes, filled in, and the configuration that binds it.
#[track_caller]
fn bound(server: &Peer, broker: &Mosquitto) -> (Site, std::path::PathBuf) {
    let site = Site::new("");
    std::fs::remove_file(site.config()).expect("a new site");
    let (config, table) = (shown(&site.config()), site.path("plc.csv"));
    let (endpoint, url) = (server.endpoint(), format!("mqtt://127.0.0.1:{}", broker.port));
    let told = run(
        &[
            "init",
            &endpoint,
            &url,
            "-c",
            &config,
            "--security",
            "none-i-accept-the-risk",
            "--each",
            "/Objects/PLC",
            "--csv",
            &shown(&table),
            "--profile",
            "umati/machine-tool@1.02",
            "--name",
            "test",
        ],
        0,
    );
    assert!(told.contains("PLC (3000)") && told.contains("The broker lets us in."), "{told}");
    (site, table)
}

#[test]
fn three_thousand_vendor_nodes_become_umati_fields_by_a_spreadsheet() {
    let mut server = Peer::start("vendor_server.py", &[]);
    let broker = Mosquitto::open();
    let (site, table) = bound(&server, &broker);
    let config = shown(&site.config());
    let text = std::fs::read_to_string(&table).expect("a table");
    assert!(text.starts_with("\u{feff}path,node,type,unit,sample,field,"), "{}", &text[..200]);
    assert!(text.contains("\r\nIdent/Betriebszeit,nsu=urn:qiao:test:vendor;s=Ident/Betriebszeit,Int32,MIN,54000,,"));
    assert!(text.contains(", =2+3,"), "a text is no formula");
    assert!(text.lines().count() > 3000, "{}", text.lines().count());

    edit(&table, &edits());
    let checked = run(&["check", "--online", "--json", "-c", &config], 0);
    let lines: Vec<Value> = checked.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let example = lines.iter().find(|line| line["example"].is_object()).unwrap_or_else(|| panic!("{checked}"));
    assert_eq!(example["example"]["Monitoring"]["MachineTool"]["PowerOnDuration"], 90.0);
    assert!(broker.log().matches("Received PUBLISH").count() == 0, "a check publishes nothing");

    let gateway = site.run();
    let subscriber = Subscriber::start(broker.port, "umati/#", &[]);
    let is_message = |message: &Message| message.topic.starts_with("umati/v2/test/MachineToolType/");
    let message = gateway.until("a umati message", |_| subscriber.messages().into_iter().find(is_message));
    let found = message.json();
    assert_eq!(found["Identification"]["Manufacturer"]["text"], "Südwerk");
    assert_eq!(found["Identification"]["SerialNumber"], "VN-0815");
    let tool = &found["Monitoring"]["MachineTool"];
    assert_eq!((&tool["OperationMode"], &tool["IsWarmUp"]), (&json!(1), &json!(true)), "{found:#}");
    // 54000 tenths of a minute are 90 hours, 875 tenths of a per cent 87.5 %, 1.5 hours 5,400,000 ms.
    assert_eq!(tool["PowerOnDuration"], 90.0);
    assert_eq!(tool["FeedOverride"]["value"], 87.5);
    assert_eq!(tool["FeedOverride"]["properties"]["EngineeringUnits"]["UnitId"], 20_529);
    let counters = &found["MachineryBuildingBlocks"]["OperationCounters"];
    assert_eq!(counters["OperationDuration"], 5_400_000.0);
    assert_eq!(counters["PartsProducedInLifetime"], 4_000_000_000_u64);
    let spindle = &found["Monitoring"]["<MonitoredElement>"]["Spindel 1"];
    assert_eq!((&spindle["IsRotating"], &spindle["Name"]), (&json!(true), &json!("Spindel 1")));
    assert_eq!(spindle["$TypeDefinition"], "nsu=http://opcfoundation.org/UA/MachineTool/;i=22");
    let state = &found["Production"]["ActiveProgram"]["State"]["CurrentState"];
    assert_eq!((&state["properties"]["Number"], &state["value"]["text"]), (&json!(1), &json!("läuft")));

    server.tell("set Achsen/Vorschub 1005");
    server.tell("set Mode \"FEST\"");
    gateway.until("the change, and a state that no table knows", |_| {
        subscriber.messages().into_iter().filter(is_message).filter(|m| !m.text.is_empty()).find(|message| {
            let tool = &message.json()["Monitoring"]["MachineTool"];
            tool["FeedOverride"]["value"] == 100.5
        })
    });
    gateway.until("the unknown state is told", |gateway| gateway.log().contains("QIAO-B028").then_some(()));
}

#[test]
fn an_export_of_what_is_bound_reads_back_the_same() {
    let server = Peer::start("vendor_server.py", &["--nodes", "40"]);
    let broker = Mosquitto::open();
    let site = Site::new("");
    std::fs::remove_file(site.config()).expect("a new site");
    let (config, table) = (shown(&site.config()), site.path("plc.csv"));
    let url = format!("mqtt://127.0.0.1:{}", broker.port);
    let open = "none-i-accept-the-risk";
    let profile = "umati/machine-tool@1.02";
    let endpoint = server.endpoint();
    let first =
        ["init", &endpoint, &url, "-c", &config, "--security", open, "--csv", &shown(&table), "--profile", profile];
    run(&first, 0);
    run(&first, 2);
    edit(&table, &edits());
    let again = site.path("again.csv");
    run(&["init", "--csv", &shown(&again), "-c", &config, "--separator", "semicolon"], 0);
    let read = |path: &Path| {
        let library = qiao::profile::Library::built_in().value;
        let profiles = [library.find(profile).expect("installed")];
        let bytes = std::fs::read(path).expect("a table");
        let read = qiao::config::bind::read("t.csv", &bytes, &profiles);
        assert!(read.findings.is_empty(), "{:#?}", read.findings);
        let fields = read.value.fields.into_iter().map(|field| (field.field, field.source));
        let rows = read.value.rows.into_iter().map(|row| (row.conversion, row.value, row.unit.map(|unit| unit.code)));
        let mut all: Vec<_> = fields.zip(rows).collect();
        all.sort_by(|left, right| left.0.0.cmp(&right.0.0));
        all
    };
    assert_eq!(read(&table), read(&again));
}

#[test]
fn what_a_binding_has_wrong_is_told_at_once_before_anything_runs() {
    let server = Peer::start("vendor_server.py", &["--nodes", "40"]);
    let broker = Mosquitto::open();
    let site = Site::new("");
    let uri = "nsu=urn:qiao:test:vendor";
    let table = format!(
        "path,node,field,source-unit,scale,bit\n\
         ,{uri};s=Ident/S,identity.serial-number,,,\n\
         Status/Programm,,/Monitoring/MachineTool/PowerOnDuration,,2,\n\
         ,{uri};s=Ident/Betriebszeit,/MachineryBuildingBlocks/OperationCounters/OperationDuration,SEC,,\n\
         Status/Word1,,/Monitoring/MachineTool/IsWarmUp,,,16\n"
    );
    std::fs::write(site.path("plc.csv"), table).expect("written");
    site.configure(&format!(
        "connections:
  plc: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
machines: [{{ match: \"{uri};s=PLC\", bind: plc.csv }}]
flows: [{{ name: a, from: plc, each: \"/Objects/PLC\", profile: umati/machine-tool@1.02, to: plant }}]
",
        server.endpoint(),
        broker.port
    ));
    let told = run(&["check", "--online", "-c", &shown(&site.config())], 1);
    for part in [
        "plc.csv:2:3  There is no node",
        "Did you mean `nsu=urn:qiao:test:vendor;s=Ident/SN`?",
        "QIAO-B029",
        "sends String",
        "it has fewer bits",
        "QIAO-I012",
        "counts in MIN, the table declares SEC",
        "QIAO-V202 /Production/ActiveProgram/Name",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
}

#[test]
fn what_does_not_answer_cannot_be_told() {
    let nobody = crate::integration::rig::free_port();
    let site = Site::new(&format!(
        "connections:
  plc: {{ opcua: {{ endpoint: \"opc.tcp://127.0.0.1:{nobody}\", security: none-i-accept-the-risk }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{nobody}\" }} }}
flows: [{{ name: a, from: plc, to: plant }}]
"
    ));
    let told = run(&["check", "--online", "-c", &shown(&site.config())], 3);
    assert!(told.contains("QIAO-O001 plc") && told.contains("plant: does not let us in"), "{told}");
}

#[test]
fn a_check_leaves_no_session_and_holds_the_load_against_the_limits() {
    // Whoever left one session behind would find no other.
    let server = Peer::start("limited_server.mjs", &["--count", "30", "--sessions", "1", "--monitored", "20"]);
    let broker = Mosquitto::open();
    let site = Site::new(&format!(
        "connections:
  plc: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows: [{{ name: a, from: plc, each: \"/Objects/Plant\", to: plant }}]
",
        server.endpoint(),
        broker.port
    ));
    for _ in 0..3 {
        let told = run(&["check", "--online", "-c", &shown(&site.config())], 1);
        assert!(told.contains("QIAO-I010 plc") && told.contains("30 variables would be monitored"), "{told}");
        assert!(told.contains("\"V0\": {") && told.contains("One error, 0 warnings"), "{told}");
    }
}

#[test]
fn machine_tools_are_recognised_and_the_configuration_runs_as_it_was_written() {
    let server = Peer::start("machine_tools.mjs", &[]);
    let broker = Mosquitto::open();
    let site = Site::new("");
    std::fs::remove_file(site.config()).expect("a new site");
    let config = shown(&site.config());
    let url = format!("mqtt://127.0.0.1:{}", broker.port);
    let told = run(
        &["init", &server.endpoint(), &url, "-c", &config, "--security", "none-i-accept-the-risk", "--name", "test"],
        0,
    );
    assert!(told.contains("Recognised as umati/machine-tool@1.02: Machine 1, Machine 2"), "{told}");
    let text = std::fs::read_to_string(site.config()).expect("a configuration");
    assert!((8..=20).contains(&text.lines().count()), "{text}");
    run(&["check", "-c", &config], 0);
    let gateway = site.run();
    let subscriber = Subscriber::start(broker.port, "umati/#", &[]);
    let is_message = |message: &Message| message.topic.starts_with("umati/v2/test/MachineToolType/");
    let message = gateway.until("a umati message", |_| subscriber.messages().into_iter().find(is_message));
    let library = qiao::profile::Library::built_in().value;
    let profile = library.find("umati/machine-tool@1.02").expect("installed");
    let validator = jsonschema::validator_for(&profile.schema).expect("a schema");
    let faults: Vec<String> = validator.iter_errors(&message.json()).map(|error| error.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn an_unknown_certificate_is_shown_with_the_way_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Peer::start("secure_server.py", &["--folder", &shown(folder.path())]);
    let config = shown(&folder.path().join("qiao.yaml"));
    let endpoint = server.endpoint();
    let told = run(&["init", &endpoint, "-c", &config], 3);
    let fingerprint = told.split("--trust ").nth(1).expect("the way on").split_whitespace().next().expect("digits");
    assert!(told.contains("QIAO-O006") && fingerprint.len() == 64, "{told}");
    let told = run(&["init", &endpoint, "-c", &config, "--trust", fingerprint], 0);
    assert!(told.contains("No machine of a known type") && told.contains("Counter (1)"), "{told}");
    run(&["check", "-c", &config], 0);
}
