//! Promise: what each alarm of a machine says now stands on a topic of its own, for whoever comes later; and nothing stands
//! there that nobody knows to be so.

use super::rig::gateway::{Gateway, Site};
use super::rig::mosquitto::Mosquitto;
use super::rig::peer::Peer;
use super::rig::proxy::Proxy;
use super::rig::subscriber::{Message, Subscriber};
use super::rig::wait_for;
use serde_json::{Value, json};

const TOPICS: &str = "qiao/test/Tank/conditions/+";

struct Hall {
    server: Peer,
    broker: Mosquitto,
    subscriber: Subscriber,
    site: Site,
}

impl Hall {
    fn new(proxied: Option<&Proxy>, server: Peer) -> Self {
        let broker = Mosquitto::open();
        let subscriber = broker.subscribe(TOPICS, &[]);
        let port = proxied.map_or(server.port(), |proxy| proxy.port());
        let site = Site::new(&format!(
            "connections:
  hall: {{ opcua: {{ endpoint: \"opc.tcp://127.0.0.1:{port}\", security: none-i-accept-the-risk, publishing-interval: 100ms }} }}
  plant: {{ mqtt: {{ broker: \"mqtt://127.0.0.1:{}\" }} }}
flows:
  - {{ name: f, from: hall, to: plant, each: \"/Objects/Tank\", profile: [core/event@1.0, core/condition@1.0], events: {{}} }}
",
            broker.port
        ));
        Self { server, broker, subscriber, site }
    }

    #[track_caller]
    fn newest(&self, gateway: &Gateway, what: &str, wanted: impl Fn(&Message) -> bool) -> Message {
        gateway.until(what, |_| self.subscriber.messages().last().filter(|message| wanted(message)).cloned())
    }

    /// What somebody finds who subscribes now; a sentinel behind it says that there is nothing more.
    fn standing(&self) -> Vec<Message> {
        let late = self.broker.subscribe(TOPICS, &[]);
        let publisher = std::process::Command::new("mosquitto_pub")
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &self.broker.port.to_string(),
                "-t",
                "qiao/test/Tank/conditions/end",
                "-m",
                "{}",
            ])
            .status();
        assert!(publisher.expect("mosquitto_pub is installed").success());
        late.wait("the end", |message| message.topic.ends_with("/end"));
        late.messages().into_iter().filter(|message| !message.topic.ends_with("/end")).collect()
    }
}

fn done(peer: &mut Peer, command: &str) -> Value {
    let before = peer.said().len();
    peer.tell(command);
    wait_for(&format!("{command} is done"), || peer.said().get(before).cloned())
}

fn field(message: &Message, name: &str) -> Value {
    if message.text.is_empty() { Value::Null } else { message.json()["Payload"][name]["Value"].clone() }
}

fn is(name: &'static str, value: Value) -> impl Fn(&Message) -> bool {
    move |message| field(message, name) == value
}

#[test]
fn an_alarm_stands_on_its_topic_from_before_the_start_until_it_is_over() {
    let mut hall = Hall::new(None, Peer::start("alarm_server.mjs", &[]));
    let mut gateway = hall.site.run();
    let first = hall.newest(&gateway, "the alarm from before", is("ActiveState/Id", json!(true)));
    assert_eq!(field(&first, "Refreshed"), true);
    assert_eq!(field(&first, "AckedState/Id"), false);
    assert_eq!(field(&first, "SuppressedOrShelved"), false, "{}", first.text);
    let standing = hall.standing();
    assert_eq!((standing.len(), &standing[0].text), (1, &first.text), "for whoever comes later");
    // Nobody saw it: the state of before goes on as a branch, on a topic of its own, until somebody does.
    done(&mut hall.server, "level 50");
    let branch = gateway.until("its branch", |_| {
        let is_branch = |message: &Message| field(message, "BranchId").as_str().is_some_and(|branch| branch != "i=0");
        hall.subscriber.messages().into_iter().rfind(is_branch)
    });
    assert_eq!(field(&branch, "AckedState/Id"), false);
    assert_eq!(field(&branch, "ConditionId"), field(&first, "ConditionId"));
    assert_ne!(branch.topic, first.topic);
    gateway.until("only the branch stands", |_| {
        let standing = hall.standing();
        (standing.len() == 1 && standing[0].topic == branch.topic).then_some(())
    });
    done(&mut hall.server, "acknowledge-branches");
    gateway.until("nothing stands", |_| hall.standing().is_empty().then_some(()));
    done(&mut hall.server, "level 75");
    hall.newest(&gateway, "it is active again", is("ActiveState/Id", json!(true)));
    // This server says by Retain that nobody has to see an acknowledged alarm, though it is active; it stands all the same.
    done(&mut hall.server, "acknowledge");
    let seen = hall.newest(&gateway, "it is acknowledged", is("AckedState/Id", json!(true)));
    assert_eq!((field(&seen, "ActiveState/Id"), field(&seen, "Retain")), (json!(true), json!(false)));
    done(&mut hall.server, "level 50");
    hall.newest(&gateway, "it is over", |message| message.text.is_empty());
    assert!(hall.standing().is_empty());
    done(&mut hall.server, "level 95");
    let again = hall.newest(&gateway, "it is active again", is("ActiveState/Id", json!(true)));
    assert_eq!(again.topic, first.topic, "the same condition has the same topic");
    // A stop leaves nothing behind.
    assert_eq!(gateway.stop(), Some(0));
    assert!(hall.standing().is_empty(), "{:?}", hall.standing());
}

#[test]
fn while_the_link_is_lost_nothing_stands_and_what_ended_meanwhile_does_not_come_back() {
    for ends in [false, true] {
        let server = Peer::start("alarm_server.mjs", &[]);
        let proxy = Proxy::to(server.port());
        let mut hall = Hall::new(Some(&proxy), server);
        let gateway = hall.site.run();
        hall.newest(&gateway, "the alarm", is("ActiveState/Id", json!(true)));
        proxy.cut();
        hall.newest(&gateway, "nothing stands there", |message| message.text.is_empty());
        assert!(hall.standing().is_empty());
        if ends {
            done(&mut hall.server, "acknowledge");
            done(&mut hall.server, "level 50");
        }
        let before = hall.subscriber.messages().len();
        proxy.heal();
        if ends {
            hall.newest(&gateway, "it is over", |message| message.text.is_empty());
            gateway.until("all was told", |gateway| {
                let status = gateway.status()?;
                (status["flows"][0]["received-values"].as_u64()? >= 4).then_some(())
            });
            assert!(hall.standing().is_empty());
            assert!(hall.subscriber.messages()[before..].iter().all(|message| field(message, "Retain") != false));
        } else {
            hall.newest(&gateway, "it stands again", is("ActiveState/Id", json!(true)));
            assert_eq!(hall.standing().len(), 1);
        }
    }
}

#[test]
fn what_may_have_ended_untold_is_taken_back_until_it_is_told_again() {
    let mut hall = Hall::new(None, Peer::start("alarm_server.mjs", &[]));
    let gateway = hall.site.run();
    hall.newest(&gateway, "the alarm", is("ActiveState/Id", json!(true)));
    for (kind, code) in [("RefreshRequiredEventType", "QIAO-O170"), ("EventQueueOverflowEventType", "QIAO-O072")] {
        let before = hall.subscriber.messages().len();
        done(&mut hall.server, &format!("system {kind}"));
        gateway.until("it is taken back and told again", |gateway| {
            let texts: Vec<Message> = hall.subscriber.messages().split_off(before);
            let is_taken_back = texts.first().is_some_and(|message| message.text.is_empty());
            let is_told = texts.last().is_some_and(is("Refreshed", json!(true)));
            (is_taken_back && is_told && gateway.log().contains(code)).then_some(())
        });
    }
}

#[test]
fn what_a_killed_gateway_left_is_taken_back_by_the_next_when_it_is_over() {
    let mut hall = Hall::new(None, Peer::start("alarm_server.mjs", &[]));
    let mut gateway = hall.site.run();
    let first = hall.newest(&gateway, "the alarm", is("ActiveState/Id", json!(true)));
    gateway.signal("KILL");
    gateway.ended();
    drop(gateway);
    assert_eq!(hall.standing().len(), 1, "nobody took it back");
    // Somebody else's message beside it, and one that no gateway knows.
    for (topic, payload) in [("qiao/test/Tank/conditions/old-00000000", "{}"), ("qiao/test/Tank/other", "{}")] {
        super::mqtt_source::publish(&hall.broker, topic, payload.as_bytes(), &["-r"]);
    }
    done(&mut hall.server, "acknowledge");
    done(&mut hall.server, "level 50");
    let gateway = hall.site.run();
    gateway.until("nothing stands there", |_| hall.standing().is_empty().then_some(()));
    let other = hall.broker.subscribe("qiao/test/Tank/other", &[]);
    assert_eq!(other.wait("the message beside it", |_| true).text, "{}");
    done(&mut hall.server, "level 95");
    let again = hall.newest(&gateway, "it is active again", is("ActiveState/Id", json!(true)));
    assert_eq!(again.topic, first.topic);
    assert!(!gateway.log().contains("QIAO-M110"), "{}", gateway.log());
}
