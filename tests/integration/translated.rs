//! Promise: what a machine tool of the German side says reaches the Chinese side in its own words, and nothing else does.

use crate::integration::rig::gateway::{Gateway, Site, qiao};
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::subscriber::{Message, Subscriber};
use serde_json::Value;

struct Line {
    server: Peer,
    subscriber: Subscriber,
    site: Site,
    gateway: Gateway,
    // Ends last.
    _broker: Mosquitto,
}

impl Line {
    fn start(keys: &str) -> Self {
        let server = Peer::start("machine_tools.mjs", &[]);
        let broker = Mosquitto::open();
        let subscriber = Subscriber::start(broker.port, "#", &[]);
        let site = Site::new(&format!(
            "connections:
  hall: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
machines:
  - {{ match: \"nsu=urn:qiao:test:machine-tools;s=machine-2\", name: mill-2 }}
flows:
  - name: tools
    from: hall
    each: {{ type: \"nsu=http://opcfoundation.org/UA/MachineTool/;i=13\" }}
    profile: umati/machine-tool@1.02
    publish-as: nclink/cnc@3.0
    {keys}
    to: plant
",
            server.endpoint(),
            broker.port
        ));
        let gateway = site.run();
        gateway.ready();
        Self { server, subscriber, site, gateway, _broker: broker }
    }

    /// Waits for a sample whose column of this path ends with such a value.
    #[track_caller]
    fn wait_for(&self, topic: &str, path: &str, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let found = |message: &Message| {
            if message.topic != topic || message.text.is_empty() {
                return None;
            }
            let sample = message.json();
            let at = sample["paths"].as_array()?.iter().position(|other| other == path)?;
            let last = sample["data"][at]["data"].as_array()?.last()?.clone();
            wanted(&last).then_some(sample)
        };
        self.gateway.until(what, |_| self.subscriber.messages().iter().find_map(found))
    }

    /// What the gateway's own judge says of everything that was captured below a topic.
    fn judged(&self, prefix: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let messages = self.subscriber.messages();
        let samples = messages.iter().filter(|message| message.topic.starts_with(prefix) && !message.text.is_empty());
        for (at, message) in samples.enumerate() {
            std::fs::write(folder.path().join(format!("{at}.json")), &message.text).expect("written");
        }
        let path = folder.path().to_str().expect("UTF-8").to_owned();
        let judged = qiao(&["test", &path, "--profile", "nclink/cnc@3.0"]);
        let text = String::from_utf8_lossy(&judged.stdout).into_owned();
        assert_eq!(judged.status.code(), Some(0), "{text}");
        text
    }
}

const STATE: &str = "Sample/Machine 1/state";
const SECOND: &str = "Sample/mill-2/state";

#[test]
fn umati_machines_become_samples_in_the_words_of_nc_link_and_nothing_else_leaves() {
    let mut line = Line::start("drop: program.name");
    line.wait_for(STATE, "/WORK_MODE", "the mode of the first machine", |value| value == "auto");
    let sample = line.wait_for(SECOND, "/FEED_OVERRIDE", "the override of the second", |value| value == 100.0);
    assert_eq!((&sample["interval"], &sample["uploadInterval"]), (&1000.into(), &1000.into()));
    assert!(sample["beginTime"].as_str().is_some_and(|time| time.len() == 13 && time.ends_with("000")), "{sample}");

    line.server.tell("set 1 Int32 2 Monitoring/MachineTool/OperationMode");
    line.wait_for(STATE, "/WORK_MODE", "setup is manual there", |value| value == "manual");
    line.server.tell("set 1 Double 42.5 Monitoring/Channel 1/FeedOverride");
    line.wait_for(STATE, "/FEED_OVERRIDE", "the override that was set", |value| *value == 42.5);
    line.subscriber.clear();
    line.server.tell("set 1 Int32 5 Monitoring/MachineTool/OperationMode");
    line.wait_for(STATE, "/WORK_MODE", "no word, no value", Value::is_null);
    assert!(line.gateway.log().contains("QIAO-V260"), "{}", line.gateway.log());
    line.server.tell("set 1 Int32 1 Monitoring/MachineTool/OperationMode");
    line.subscriber.clear();
    line.wait_for(STATE, "/WORK_MODE", "it comes back", |value| value == "auto");

    let status = line.gateway.until("a status in balance", |gateway| {
        let status = gateway.status()?;
        (status["flows"][0]["imbalance"] == 0).then_some(status)
    });
    let flow = &status["flows"][0];
    assert_eq!(flow["publish-as"], "nclink/cnc@3.0");
    for fate in ["converted", "approximated", "absent"] {
        assert!(flow["translated-values"][fate].as_u64().is_some_and(|count| count > 0), "{fate}: {flow}");
    }
    assert!(flow["withheld-values"].as_u64().is_some_and(|count| count > 0), "{flow}");
    let (_, metrics) = line.gateway.page("/metrics").expect("metrics");
    assert!(metrics.contains("qiao_translated_values_total{flow=\"tools\",fate=\"approximated\"}"), "{metrics}");

    let all = line.subscriber.messages();
    let samples = all.iter().filter(|message| message.topic.starts_with("Sample/")).count();
    assert!(samples > 0 && all.iter().all(|message| !message.topic.starts_with("umati/")), "only what is published");
    assert!(all.iter().all(|message| !message.text.contains("GEHAEUSE")), "the program's name does not leave");
    line.judged("Sample/");
}

#[test]
fn each_stage_of_a_translated_flow_can_be_listened_to() {
    let line = Line::start("");
    line.wait_for(STATE, "/WORK_MODE", "it runs", |value| value == "auto");
    let tap = |stage: &str, wanted: &str| {
        let output = line.site.command(&["tap", "--flow", "tools", "--stage", stage, "--json", "--count", "4"]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains(wanted), "{stage}: {text}\n{}", String::from_utf8_lossy(&output.stderr));
    };
    tap("assembled", "umati/machine-tool");
    tap("translated", "Sample/");
}

/// There and back: samples of one broker become machines of umati at another. What NC-Link does not tell, the
/// configuration gives.
#[test]
fn what_went_to_nc_link_comes_back_as_umati_with_equal_values_on_the_grid() {
    let mut server = Peer::start("machine_tools.mjs", &["--count", "1"]);
    let (line, home) = (Mosquitto::open(), Mosquitto::open());
    let (samples, machines) = (Subscriber::start(line.port, "#", &[]), Subscriber::start(home.port, "umati/#", &[]));
    let site = Site::new(&format!(
        "connections:
  hall: {{ opcua: {{ endpoint: \"{}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  line: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
  home: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
machines:
  - {{ match: \"nsu=urn:qiao:test:machine-tools;s=machine-1\", name: mill-1 }}
  - {{ match: \"Sample/mill-1/+\", connection: line, name: home-1, bind: given.csv }}
flows:
  - {{ name: there, from: hall, to: line, each: \"/Objects/Machines/*\", profile: umati/machine-tool@1.02, publish-as: nclink/cnc@3.0 }}
  - {{ name: back, from: line, to: home, each: {{ topic: \"Sample/{{machine}}/+\" }}, profile: nclink/cnc@3.0, publish-as: umati/machine-tool@1.02 }}
",
        server.endpoint(),
        line.port,
        home.port
    ));
    let given = "path,node,field,value\n\
        ,,/Identification/ProductInstanceUri,urn:nordwerk.example:hx500:NW-1001\n\
        ,,/Production/ActiveProgram/NumberInList,0\n\
        ,,/Monitoring/<MonitoredElement>/1/Name,Channel 1\n\
        ,,/Monitoring/<MonitoredElement>/1/ChannelState,null\n\
        ,,/Monitoring/<MonitoredElement>/1/ChannelMode,null\n\
        ,,/Monitoring/<MonitoredElement>/1/FeedOverride/properties/EURange,\"{\"\"Low\"\": 0, \"\"High\"\": 150}\"\n\
        ,,/Production/ActiveProgram/State/CurrentState/properties/Number,1\n\
        ,,/Production/ActiveProgram/State/CurrentState/value,null\n\
        ,,/Production/ActiveProgram/State/CurrentState/properties/Id,null\n";
    std::fs::write(site.path("given.csv"), given).expect("written");
    let gateway = site.run();
    gateway.ready();
    let topic = "umati/v2/test/MachineToolType/home-1";
    let wait = |what: &str, wanted: &dyn Fn(&Value) -> bool| {
        gateway.until(what, |_| {
            let message = machines.on(topic).into_iter().rfind(|message| !message.text.is_empty())?.json();
            wanted(&message).then_some(message)
        })
    };
    let machine = wait("the machine at home", &|machine| machine["Monitoring"]["MachineTool"]["OperationMode"] == 1);
    assert_eq!(machine["Identification"]["Manufacturer"]["text"], "Nordwerk Maschinenbau", "asked for with the model");
    assert_eq!(machine["Identification"]["SerialNumber"], "NW-1001");
    assert_eq!(machine["Production"]["ActiveProgram"]["Name"], "GEHAEUSE_1.MPF");
    let channel = "/Monitoring/<MonitoredElement>/1/FeedOverride";
    assert_eq!(machine.pointer(&format!("{channel}/value")), Some(&Value::from(100.0)), "{}", gateway.log());
    assert_eq!(machine.pointer(&format!("{channel}/properties/EngineeringUnits/UnitId")), Some(&Value::from(20529)));
    server.tell("set 1 Double 42.5 Monitoring/Channel 1/FeedOverride");
    server.tell("set 1 Int32 0 Monitoring/MachineTool/OperationMode");
    wait("the values that were set", &|machine| {
        machine.pointer(&format!("{channel}/value")) == Some(&Value::from(42.5))
            && machine["Monitoring"]["MachineTool"]["OperationMode"] == 0
    });
    assert!(samples.messages().iter().any(|message| message.topic == "Sample/mill-1/state"));
    let status = gateway.until("both flows in balance", |gateway| {
        let status = gateway.status()?;
        let flows = status["flows"].as_array()?.clone();
        flows.iter().all(|flow| flow["imbalance"] == 0).then_some(flows)
    });
    assert_eq!(status[0]["quarantined-messages"], 0, "{status:?}");
}
