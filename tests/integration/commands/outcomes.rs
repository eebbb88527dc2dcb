//! What becomes of a command when the machine, its server or the link does not play along.

use super::plant::{Plant, REPLY, connections, feed, id, is_open, node, now, published, sender_at, told};
use crate::integration::rig::gateway::Site;
use crate::integration::rig::mosquitto::Mosquitto;
use crate::integration::rig::peer::Peer;
use crate::integration::rig::proxy::Proxy;
use serde_json::{Value, json};

#[test]
fn row_58_the_echo_of_a_write_is_published_once_and_marked() {
    let flow = super::plant::FLOW;
    let mut plant = Plant::start(&feed(""), flow);
    let heard = |plant: &Plant, value: f64| -> Vec<Value> {
        let of = published(&plant.sender).into_iter().filter(|(found, _)| *found == value);
        of.map(|(_, mark)| mark).collect()
    };
    plant.gateway.until("the value before", |_| (!heard(&plant, 75.0).is_empty()).then_some(()));
    assert_eq!(plant.outcome(json!(80)).0, "done");
    plant.gateway.until("the echo", |_| (!heard(&plant, 80.0).is_empty()).then_some(()));
    plant.machine.tell("set Override 81");
    plant.gateway.until("a value of the machine's own", |_| (!heard(&plant, 81.0).is_empty()).then_some(()));
    assert_eq!(heard(&plant, 80.0), [json!("gateway")], "once, marked");
    assert_eq!(heard(&plant, 81.0), [Value::Null]);
    let ours = plant.writes().into_iter().filter(|said| said["value"] == 80.0).count();
    assert_eq!(ours, 1, "never written back");
    assert_eq!(plant.gateway.status().expect("a status")["commands"]["echoes"], 1);
}

#[test]
fn row_59_of_two_writers_with_one_expectation_one_wins_and_the_order_is_that_of_the_journal() {
    let mut plant = Plant::start(&feed(""), "");
    let mut other = sender_at(plant.broker.port, &[]);
    let (first, second) = (id(), id());
    let order = |id: &str, value: u32| {
        let command = json!({ "id": id, "issued": now(), "value": value, "expected": 75 });
        json!({ "topic": "qiao/test/command/feed", "payload": command.to_string(), "respond": REPLY, "correlation": id })
    };
    plant.publish(order(&first, 80));
    other.tell(&order(&second, 90).to_string());
    let outcomes = [told(&plant.answer(&first)), told(&plant.answer(&second))];
    let done = outcomes.iter().filter(|(outcome, _)| outcome == "done").count();
    let refused = outcomes.iter().filter(|(_, code)| code == "QIAO-W032").count();
    assert_eq!((done, refused), (1, 1), "{outcomes:?}");
    // Without an expectation the last in the journal is the last at the machine.
    let ids: Vec<String> = (0..6).map(|step| plant.command(json!(10 + step))).collect();
    for id in &ids {
        assert_eq!(told(&plant.answer(id)).0, "done");
    }
    let values: Vec<f64> = plant.writes().iter().skip(1).filter_map(|said| said["value"].as_f64()).collect();
    assert_eq!(values, [10.0, 11.0, 12.0, 13.0, 14.0, 15.0]);
}

#[test]
fn row_60_one_of_ten_that_fails_fails_alone() {
    let entry = |number: usize| {
        format!(
            "  - {{ name: n{number}, from: plant, to: lathe, node: \"{}\", type: int32, min: 0, max: 9, roles: [operator] }}\n",
            node(&format!("N{number}"))
        )
    };
    let mut plant = Plant::start(&(0..10).map(entry).collect::<String>(), "");
    plant.machine.tell("refuse N4");
    let ids: Vec<String> = (0..10).map(|_| id()).collect();
    for (number, id) in ids.iter().enumerate() {
        let command = json!({ "id": id, "issued": now(), "value": 5 });
        plant.publish(json!({ "topic": format!("qiao/test/command/n{number}"), "payload": command.to_string(), "respond": REPLY, "correlation": id }));
    }
    for (number, id) in ids.iter().enumerate() {
        let answer = plant.answer(id);
        let expected = if number == 4 { ("refused", "QIAO-W041") } else { ("done", "") };
        assert_eq!(told(&answer), (expected.0.to_owned(), expected.1.to_owned()), "{number}: {answer}");
        assert_eq!(answer["text"].as_str().unwrap_or_default().contains("BadOutOfRange"), number == 4, "{answer}");
    }
    assert_eq!(plant.writes().len(), 9);
}

#[test]
fn row_61_a_write_without_an_answer_is_unknown_resolved_by_reading_back_and_never_sent_again() {
    let mut plant = Plant::start(&feed(""), "");
    plant.machine.tell("slow 7000");
    let id = plant.command(json!(80));
    let answer = plant.answer(&id);
    assert_eq!(told(&answer), ("unknown".to_owned(), "QIAO-W050".to_owned()), "{answer}");
    // The same again is answered the same, and not sent.
    let command = json!({ "id": id, "issued": "2026-12-01T00:00:00Z", "value": 80 });
    plant.send(&id, &command);
    plant.gateway.until("a second answer", |_| (plant.answers(&id).len() == 2).then_some(()));
    assert_eq!(plant.writes().len(), 1);

    let mut plant = Plant::start(&feed(", read-back: { within: 3s }"), "");
    plant.machine.tell("slow 7000");
    let id = plant.command(json!(80));
    let answer = plant.answer(&id);
    assert_eq!(
        (told(&answer).0, answer["value"].as_f64()),
        ("done".to_owned(), Some(80.0)),
        "it was seen there: {answer}"
    );
    assert_eq!(plant.writes().len(), 1);
}

#[test]
fn row_61_a_link_that_breaks_after_sending_leaves_it_unknown() {
    let mut machine = Peer::start("written_server.py", &[]);
    let proxy = Proxy::to(machine.port());
    let broker = Mosquitto::open();
    let endpoint = format!("opc.tcp://127.0.0.1:{}", proxy.port());
    let text =
        format!("{}flows: []\nwrites:\n{}{}", connections(&endpoint, broker.port, ""), feed(""), super::plant::SENDERS);
    let site = Site::new(&text);
    let sender = sender_at(broker.port, &[]);
    let gateway = site.run();
    is_open(&gateway);
    machine.tell("slow 60000");
    let mut plant = Plant { machine, broker, sender, site, gateway };
    let id = plant.command(json!(80));
    plant.gateway.until("it is written", |_| (!plant.writes().is_empty()).then_some(()));
    proxy.cut();
    assert_eq!(told(&plant.answer(&id)), ("unknown".to_owned(), "QIAO-W050".to_owned()));
    // Row 62: without a link nothing waits for one.
    let refused = plant.command(json!(90));
    assert_eq!(told(&plant.answer(&refused)), ("refused".to_owned(), "QIAO-W021".to_owned()));
    plant.machine.tell("slow 0");
    proxy.heal();
    plant.until_open();
    assert_eq!(plant.outcome(json!(91)).0, "done");
    let values: Vec<f64> = plant.writes().iter().filter_map(|said| said["value"].as_f64()).collect();
    assert_eq!(values, [80.0, 91.0], "neither came later");
}

#[test]
fn row_62_a_command_to_a_machine_that_is_away_is_refused_at_once_and_does_not_wait() {
    let mut plant = Plant::start(&feed(""), "");
    let port = plant.machine.port().to_string();
    plant.machine.kill();
    plant.gateway.until("it is seen", |gateway| (gateway.status()?["commands"]["is-ready"] == false).then_some(()));
    let began = std::time::Instant::now();
    assert_eq!(plant.outcome(json!(80)), ("refused".to_owned(), "QIAO-W021".to_owned()));
    assert!(began.elapsed().as_secs() < 4, "at once");
    plant.machine = Peer::start("written_server.py", &["--port", &port]);
    plant.until_open();
    assert_eq!(plant.outcome(json!(90)).0, "done");
    assert_eq!(plant.writes(), [json!({ "wrote": "Override", "value": 90.0 })]);
}

#[test]
fn a_value_that_comes_late_is_waited_for_and_one_that_never_comes_is_told() {
    let mut plant = Plant::start(&feed(", read-back: { within: 3s, tolerance: 0.1 }"), "");
    plant.machine.tell("lazy 800");
    let id = plant.command(json!(80));
    assert_eq!(told(&plant.answer(&id)).0, "done");
    plant.machine.tell("deaf");
    let id = plant.command(json!(90));
    let answer = plant.answer(&id);
    assert_eq!(told(&answer), ("unknown".to_owned(), "QIAO-W051".to_owned()));
    assert_eq!(answer["value"], 80.0, "what the machine holds: {answer}");
}

#[test]
fn commands_that_come_faster_than_they_are_done_are_refused_with_their_own_reason() {
    let mut plant = Plant::start(&feed(""), "");
    plant.machine.tell("slow 300");
    let ids: Vec<String> = (0..30).map(|step| plant.command(json!(step))).collect();
    let answers: Vec<(String, String)> = ids.iter().map(|id| told(&plant.answer(id))).collect();
    let full = answers.iter().filter(|(_, code)| code == "QIAO-W054").count();
    let done = answers.iter().filter(|(outcome, _)| outcome == "done").count();
    assert!(full > 0 && done > 0, "{answers:?}");
    assert_eq!(plant.writes().len(), done, "{answers:?}");
}
