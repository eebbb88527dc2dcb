//! A loop that no check can see ends by itself, and stays ended until a human says so.

use super::plant::{FLOW, Plant, SENDERS, connections, feed, is_open, sender_at};
use crate::integration::rig::gateway::Site;
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use serde_json::json;
use std::time::{Duration, Instant};

#[test]
fn row_57_a_script_that_turns_values_into_commands_is_stopped_before_its_twentieth_write() {
    let mut plant = Plant::start(&feed(""), FLOW);
    plant.publish(json!({ "echo": { "from": "out/Machine", "to": "qiao/test/command/feed", "member": "Payload/Override/Value", "add": 0.25 } }));
    // The first value of the machine begins it.
    plant.machine.tell("set Override 10");
    let began = Instant::now();
    let is_open_breaker = |plant: &Plant| plant.write_status()["breaker-open-since"].is_string();
    plant.gateway.until("the breaker opens", |_| is_open_breaker(&plant).then_some(()));
    println!("{:?}, {} writes", began.elapsed(), plant.writes().len());
    assert!(plant.writes().len() < 20, "{}", plant.writes().len());
    let told = plant.gateway.status().expect("a status")["health"]["reasons"].to_string();
    assert!(told.contains("QIAO-W055"), "{told}");
    assert!(plant.gateway.log().contains("QIAO-W055"), "{}", plant.gateway.log());
    plant.publish(json!({ "quiet": true }));
    assert_eq!(plant.outcome(json!(50)).1, "QIAO-W056");
    // It outlives the process.
    let writes = plant.writes().len();
    plant.gateway.kill();
    plant.gateway = plant.site.run();
    plant.until_open();
    assert_eq!(plant.outcome(json!(51)).1, "QIAO-W056");
    assert_eq!(plant.writes().len(), writes);
    std::fs::remove_file(plant.site.path("data").join("breakers/feed")).expect("a human closes it");
    plant.gateway.until("it is closed", |_| (!is_open_breaker(&plant)).then_some(()));
    assert_eq!(plant.outcome(json!(52)).0, "done");
}

/// Each gateway publishes its machine; what one says becomes a command for the other.
#[test]
fn row_57_two_gateways_crossed_over_a_broker_stop_in_less_than_twenty_writes_and_two_seconds() {
    let broker = Mosquitto::open();
    let side = |name: &str| {
        let machine = Peer::start("written_server.py", &[]);
        let flow = FLOW.replace("out/", &format!("{name}/"));
        let feed = feed("").replace("from: plant,", &format!("from: plant, topic: \"command/{name}\","));
        let mqtt = format!(", client-id: {name}");
        let site = Site::new(&format!(
            "{}{flow}writes:\n{feed}{SENDERS}",
            connections(&machine.endpoint(), broker.port, &mqtt)
        ));
        let gateway = site.run();
        is_open(&gateway);
        (machine, site, gateway)
    };
    let (mut left, left_site, left_gateway) = side("left");
    let (right, right_site, right_gateway) = side("right");
    let mut script = sender_at(broker.port, &[]);
    for (from, to) in [("left", "right"), ("right", "left")] {
        let echo = json!({ "echo": { "from": format!("{from}/Machine"), "to": format!("command/{to}"), "member": "Payload/Override/Value", "add": 0.25 } });
        script.tell(&echo.to_string());
    }
    left.tell("set Override 10");
    let began = Instant::now();
    let is_open_breaker = |gateway: &crate::integration::rig::gateway::Gateway| {
        gateway.status().is_some_and(|status| status["commands"]["writes"][0]["breaker-open-since"].is_string())
    };
    left_gateway.until("a breaker opens", |_| {
        (is_open_breaker(&left_gateway) || is_open_breaker(&right_gateway)).then_some(())
    });
    let took = began.elapsed();
    let count = |machine: &Peer| machine.said().iter().filter(|said| said["wrote"].is_string()).count();
    println!("{took:?}, {} and {} writes", count(&left), count(&right));
    assert!(count(&left) < 20 && count(&right) < 20, "{} and {}", count(&left), count(&right));
    assert!(took < Duration::from_secs(10), "{took:?}");
    drop((left_site, right_site));
}
