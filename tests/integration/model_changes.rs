//! Promise: machines that come and go while the gateway runs are found and told as gone, and nobody else notices.

use crate::integration::rig::gateway::{Gateway, Site};
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::proxy::Proxy;
use crate::integration::rig::subscriber::{Message, Subscriber};
use serde_json::Value;

struct Hall {
    subscriber: Subscriber,
    gateway: Gateway,
    _broker: Mosquitto,
    _site: Site,
}

fn hall(endpoint: &str, more: &str, flow: &str) -> Hall {
    let broker = Mosquitto::open();
    let subscriber = Subscriber::start(broker.port, "#", &[]);
    let site = Site::new(&format!(
        "connections:
  hall: {{ opcua: {{ endpoint: \"{endpoint}\", security: none-i-accept-the-risk, publishing-interval: 100ms{more} }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: f, from: hall, to: plant, {flow} }}
",
        broker.port
    ));
    let gateway = site.run();
    Hall { subscriber, gateway, _broker: broker, _site: site }
}

impl Hall {
    #[track_caller]
    fn wait(&self, what: &str, wanted: impl Fn(&Message) -> bool) -> Message {
        self.gateway.until(what, |_| self.subscriber.messages().into_iter().find(&wanted))
    }

    /// Waits for the presence of a machine; `machine`: how its id ends.
    #[track_caller]
    fn presence(&self, machine: &str, state: &str) {
        self.wait(&format!("{machine} is {state}"), |message| {
            is_presence(message, machine) && message.json()["state"] == state
        });
    }

    /// Waits for a value of a machine.
    #[track_caller]
    fn value(&self, machine: &str, pointer: &str, value: &Value) {
        self.wait(&format!("{machine} has {value} at {pointer}"), |message| {
            (message.topic.ends_with(machine) || message.topic.ends_with(&format!("{machine}/data")))
                && !message.text.is_empty()
                && message.json().pointer(pointer) == Some(value)
        });
    }

    fn counter(&self, name: &str) -> u64 {
        self.gateway.until("a status", |gateway| gateway.status()?["connections"][0]["counters"][name].as_u64())
    }

    /// Since the subscriber's memory was cleared nothing was said of a machine but, now and then, the same values.
    #[track_caller]
    fn is_undisturbed(&self, machine: &str, pointer: &str, value: &Value) {
        let messages = self.subscriber.messages();
        for message in
            messages.iter().filter(|message| message.topic.contains(machine) && !message.topic.contains("/online/"))
        {
            assert!(!is_presence(message, machine), "{message:?}");
            assert_eq!(message.json().pointer(pointer), Some(value), "{message:?}");
        }
    }
}

fn is_presence(message: &Message, machine: &str) -> bool {
    message.topic.starts_with("qiao/test/") && message.topic.ends_with(&format!("{machine}/status"))
}

const SERIAL: &str = "/Identification/SerialNumber";
const OVERRIDE: &str = "/Monitoring/MachineTool/FeedOverride/value";

#[test]
fn row_22_a_server_that_tells_of_changes_is_believed_at_once_and_the_neighbour_is_not_interrupted() {
    let mut server = Peer::start("machine_tools.mjs", &[]);
    let flow =
        "each: { type: \"nsu=http://opcfoundation.org/UA/MachineTool/;i=13\" }, profile: umati/machine-tool@1.02";
    let hall = hall(&server.endpoint(), "", flow);
    for (machine, serial) in [("machine-1", "NW-1001"), ("machine-2", "NW-1002")] {
        hall.value(machine, SERIAL, &serial.into());
    }
    hall.subscriber.clear();
    server.tell("add 3");
    hall.presence("machine-3", "online");
    hall.value("machine-3", SERIAL, &"NW-1003".into());
    server.tell("set 3 Double 33.5 Monitoring/MachineTool/FeedOverride");
    hall.value("machine-3", OVERRIDE, &33.5.into());
    server.tell("remove 2");
    hall.presence("machine-2", "gone");
    hall.wait("its state is taken back", |message| message.topic.contains("machine-2") && message.text.is_empty());
    // What one is told of the neighbour is its own change, and nothing else.
    hall.is_undisturbed("machine-1", OVERRIDE, &95.5.into());
    server.tell("set 1 Double 61.25 Monitoring/MachineTool/FeedOverride");
    hall.value("machine-1", OVERRIDE, &61.25.into());
    // The same node, made anew.
    hall.subscriber.clear();
    server.tell("add 2");
    hall.presence("machine-2", "online");
    hall.value("machine-2", SERIAL, &"NW-1002".into());
    server.tell("set 2 Double 22.5 Monitoring/MachineTool/FeedOverride");
    hall.value("machine-2", OVERRIDE, &22.5.into());
    assert_eq!((hall.counter("reconnects"), hall.counter("sequence_gaps")), (0, 0));
}

#[test]
fn row_22_a_server_that_tells_nothing_is_browsed_again_and_machines_are_waited_for() {
    let mut server = Peer::start("plant_server.py", &["--machines", ""]);
    let hall = hall(&server.endpoint(), ", browse-again: 1s", "each: \"/Objects/Plant/*\"");
    let lacks = |gateway: &Gateway| gateway.log().contains("QIAO-O102").then_some(());
    hall.gateway.until("no machine is there yet", lacks);
    server.tell("add A");
    hall.presence("/A", "online");
    server.tell("add B");
    hall.presence("/B", "online");
    for (machine, value) in [("/A", 5.0), ("/B", 6.0)] {
        server.tell(&format!("set {} {value}", &machine[1..]));
        hall.value(machine, "/Payload/Value/Value", &value.into());
    }
    hall.subscriber.clear();
    server.tell("remove A");
    hall.presence("/A", "gone");
    server.tell("set B 7");
    hall.value("/B", "/Payload/Value/Value", &7.0.into());
    hall.subscriber.clear();
    server.tell("add A");
    hall.presence("/A", "online");
    server.tell("set A 8");
    hall.value("/A", "/Payload/Value/Value", &8.0.into());
    hall.is_undisturbed("/B", "/Payload/Value/Value", &7.0.into());
    assert_eq!((hall.counter("reconnects"), hall.counter("sequence_gaps")), (0, 0));
}

#[test]
fn row_22_a_node_that_goes_away_is_looked_for_without_waiting_for_the_interval() {
    let mut server = Peer::start("limited_server.mjs", &["--count", "3"]);
    let hall = hall(&server.endpoint(), ", browse-again: 24h", "each: \"/Objects/Plant\"");
    let items = |good: u64, missed: u64| {
        move |gateway: &Gateway| {
            let counters = &gateway.status()?["connections"][0]["counters"];
            let count = |name: &str| counters[name].as_u64();
            (count("items_ok_current")? == good && count("items_failed_current")? == missed).then_some(())
        }
    };
    hall.gateway.until("three items", items(3, 0));
    // How far the first browse came is a fact that a bar can show.
    assert!(hall.counter("browse_nodes_current") >= 3);
    assert_eq!(hall.counter("browsing_current"), 0);
    server.tell("delete 1");
    hall.gateway.until("two items, and one that is missed", items(2, 1));
    server.tell("restore 1");
    hall.gateway.until("three items again", items(3, 0));
    server.tell("set 2 4.5");
    hall.value("/Plant", "/Payload/V2/Value", &4.5.into());
}

#[test]
fn a_machine_whose_values_never_change_is_online_again_as_soon_as_its_session_is_taken_over() {
    let server = Peer::start("limited_server.mjs", &["--count", "3"]);
    let proxy = Proxy::to(server.port());
    let endpoint = format!("opc.tcp://127.0.0.1:{}", proxy.port());
    let hall = hall(&endpoint, "", "each: \"/Objects/Plant\"");
    hall.presence("/Plant", "online");
    hall.value("/Plant", "/Payload/V2/Value", &2.0.into());
    proxy.cut();
    hall.presence("/Plant", "offline");
    hall.subscriber.clear();
    proxy.heal();
    hall.presence("/Plant", "online");
    hall.value("/Plant", "/Payload/V2/Value", &2.0.into());
    assert_eq!((hall.counter("reconnects"), hall.counter("sequence_gaps")), (1, 0), "the session was taken over");
}
