//! Promise: a command reaches a machine at most once, under the rules of its entry, and every one is answered. Real machines
//! that count what is written, a real broker, senders that nobody here wrote.

mod kills;
mod loops;
mod outcomes;
mod plant;
mod relays;

use plant::{Plant, REPLY, feed, id, in_seconds, node, now, told};
use serde_json::{Value, json};

#[test]
fn a_command_is_done_once_and_answered_where_it_asks() {
    let mut plant = Plant::start(&feed(", read-back: { within: 2s }"), "");
    let id = plant.command(json!(80));
    let answer = plant.answer(&id);
    assert_eq!(
        (&answer["outcome"], &answer["id"], answer["value"].as_f64()),
        (&json!("done"), &json!(id), Some(80.0)),
        "{answer}"
    );
    assert_eq!(plant.answers(&id)[0]["got"], REPLY);
    assert_eq!(plant.writes(), [json!({ "wrote": "Override", "value": 80.0 })]);
    // Without a response topic the answer goes to the topic of the entry.
    let other = self::id();
    let command = json!({ "id": other, "issued": now(), "value": 81.5 });
    plant.publish(json!({ "topic": "qiao/test/command/feed", "payload": command.to_string() }));
    assert_eq!(told(&plant.answer(&other)), ("done".to_owned(), String::new()));
    assert_eq!(plant.answers(&other)[0]["got"], "qiao/test/reply/feed");
    let status = plant.gateway.until("counted", |_| Some(plant.write_status()).filter(|status| status["done"] == 2));
    assert_eq!((&status["last"]["outcome"], &status["last"]["sender"]), (&json!("done"), &json!("mes")));
    let metrics = plant.gateway.page("/metrics").expect("metrics").1;
    assert!(metrics.contains("qiao_commands_total{write=\"feed\",outcome=\"done\"} 2"), "{metrics}");
}

#[test]
fn with_mqtt_3_1_1_a_command_is_answered_on_the_topic_of_the_entry() {
    let mut plant = Plant::with("written_server.mjs", &feed(""), "", ", version: \"3.1.1\"", &["--v311"]);
    let id = plant.command(json!(42.5));
    assert_eq!(told(&plant.answer(&id)), ("done".to_owned(), String::new()));
    assert_eq!(plant.answers(&id)[0]["got"], "qiao/test/reply/feed");
    assert_eq!(plant.writes(), [json!({ "wrote": "Override", "value": 42.5 })]);
}

#[test]
fn every_wrong_command_is_refused_with_its_own_reason_and_stands_in_the_audit() {
    let writes = [
        feed(", step: 0.5, max-change: 20"),
        format!("  - {{ name: count, from: plant, to: lathe, node: \"{}\", type: int16, min: 0, max: 9, roles: [operator] }}\n", node("Count")),
        format!("  - {{ name: gone, from: plant, to: lathe, node: \"{}\", type: double, min: 0, max: 9, roles: [operator] }}\n", node("Nowhere")),
        format!("  - {{ name: fixed, from: plant, to: lathe, node: \"{}\", type: double, min: 0, max: 9, roles: [operator] }}\n", node("Fixed")),
        format!("  - {{ name: chief, from: plant, to: lathe, node: \"{}\", type: int32, min: 0, max: 9, roles: [chief] }}\n", node("N1")),
        format!(
            "  - {{ name: locked, from: plant, to: lathe, node: \"{}\", type: int32, min: 0, max: 99, roles: [operator], interlock: {{ node: \"{}\", equals: false }} }}\n",
            node("N2"),
            node("Door")
        ),
        format!("  - {{ name: slow, from: plant, to: lathe, node: \"{}\", type: int32, min: 0, max: 9, rate: 1/1h, roles: [operator] }}\n", node("N0")),
    ]
    .concat();
    let mut plant = Plant::start(&writes, "");
    let long_ago = in_seconds(-60);
    let table: Vec<(&str, Value, &str)> = vec![
        ("feed", json!({ "issued": long_ago, "value": 80 }), "QIAO-W011"),
        ("feed", json!({ "issued": in_seconds(60), "value": 80 }), "QIAO-W012"),
        ("feed", json!({ "value": "80" }), "QIAO-W022"),
        ("feed", json!({ "value": 130 }), "QIAO-W026"),
        ("feed", json!({ "value": 80.3 }), "QIAO-W027"),
        ("feed", json!({ "value": 110 }), "QIAO-W030"),
        ("feed", json!({ "value": 80, "expected": 74 }), "QIAO-W032"),
        ("feed", json!({ "value": 80, "ttl": 900_000 }), "QIAO-W039"),
        ("feed", json!({ "value": 80, "colour": 1 }), "QIAO-W002"),
        ("feed", json!({}), "QIAO-W003"),
        ("count", json!({ "value": 5 }), "QIAO-W037"),
        ("gone", json!({ "value": 5 }), "QIAO-W063"),
        ("fixed", json!({ "value": 5 }), "QIAO-W063"),
        ("chief", json!({ "value": 5 }), "QIAO-W010"),
        ("locked", json!({ "value": 8 }), "QIAO-W034"),
    ];
    for (entry, body, code) in &table {
        let id = id();
        let mut command = json!({ "id": id, "issued": now() });
        command.as_object_mut().expect("an object").extend(body.as_object().expect("an object").clone());
        plant.publish(json!({ "topic": format!("qiao/test/command/{entry}"), "payload": command.to_string(), "respond": REPLY, "correlation": id }));
        let answer = plant.answer(&id);
        assert_eq!(told(&answer), ("refused".to_owned(), (*code).to_owned()), "{entry} {body}: {answer}");
        assert!(!answer["text"].as_str().unwrap_or_default().is_empty(), "{answer}");
    }
    assert_eq!(plant.writes(), Vec::<Value>::new(), "nothing was written");
    // Too fast, and a repetition.
    let topic = "qiao/test/command/slow";
    let (first, second) = (id(), id());
    for (id, value) in [(&first, 1), (&second, 2), (&first, 1), (&first, 3)] {
        let issued = if value == 3 { "2026-12-01T00:00:00Z".to_owned() } else { now() };
        let command = json!({ "id": id, "issued": issued, "value": value });
        plant.publish(json!({ "topic": topic, "payload": command.to_string(), "respond": REPLY, "correlation": id }));
        // The first one is written down before another comes under its id.
        plant.answer(id);
    }
    assert_eq!(told(&plant.answer(&second)).1, "QIAO-W036");
    plant.gateway.until("three answers", |_| (plant.answers(&first).len() == 3).then_some(()));
    let answers: Vec<_> = plant.answers(&first).iter().map(|said| told(&said["message"])).collect();
    assert_eq!(answers[0], ("done".to_owned(), String::new()));
    assert_eq!((&*answers[1].1, &*answers[2].1), ("QIAO-W015", "QIAO-W015"), "another command under a used id");
    assert_eq!(plant.writes(), [json!({ "wrote": "N0", "value": 1 })]);
    let audit = format!("{:?}", plant.audit());
    for (entry, _, code) in table.iter().filter(|(_, _, code)| *code != "QIAO-W003") {
        assert!(audit.contains(code), "{entry} {code}: {audit}");
    }
    plant.verified();
}

#[test]
fn row_49_a_poison_message_is_refused_acknowledged_and_does_not_come_again() {
    let mut plant = Plant::start(&feed(""), "");
    let deep = "[".repeat(400) + &"]".repeat(400);
    let id = id();
    let twice = format!("{{\"id\":\"{id}\",\"issued\":\"{}\",\"value\":80,\"value\":90}}", now());
    let poisons = [
        json!({ "payload": "no json" }),
        json!({ "payload": deep }),
        json!({ "payload": twice }),
        json!({ "hex": "7b226964223a22ff22" }),
        json!({ "zeros": 900_000 }),
        json!({ "payload": "" }),
    ];
    for poison in &poisons {
        let mut order = json!({ "topic": "qiao/test/command/feed", "respond": REPLY, "correlation": "poison" });
        order.as_object_mut().expect("an object").extend(poison.as_object().expect("an object").clone());
        plant.publish(order);
    }
    plant.gateway.until("all are answered", |_| (plant.answers("poison").len() == poisons.len()).then_some(()));
    for said in plant.answers("poison") {
        assert_eq!(told(&said["message"]).0, "refused", "{said}");
    }
    for _ in 0..3 {
        plant.gateway.kill();
        plant.gateway = plant.site.run();
        plant.until_open();
    }
    assert_eq!(plant.outcome(json!(80)).0, "done");
    assert_eq!(plant.answers("poison").len(), poisons.len(), "none comes again");
    assert_eq!(plant.writes().len(), 1);
}

#[test]
fn row_50_a_retained_command_is_refused_with_an_answer() {
    let mut plant = Plant::start(&feed(""), "");
    let id = id();
    let command = json!({ "id": id, "issued": now(), "value": 80 });
    plant.publish(json!({ "topic": "qiao/test/command/feed", "payload": command.to_string(), "retain": true, "respond": REPLY, "correlation": id }));
    assert_eq!(told(&plant.answer(&id)), ("refused".to_owned(), "QIAO-W005".to_owned()));
    // What the broker keeps is not asked for.
    plant.gateway.stop();
    plant.gateway = plant.site.run();
    plant.until_open();
    assert_eq!(plant.outcome(json!(85)).0, "done");
    assert_eq!(plant.writes(), [json!({ "wrote": "Override", "value": 85.0 })]);
    assert!(format!("{:?}", plant.audit()).contains("QIAO-W005"));
}

#[test]
fn row_50_with_mqtt_3_1_1_a_command_that_the_broker_kept_is_refused() {
    let mut plant = Plant::with("written_server.py", &feed(""), "", ", version: \"3.1.1\"", &["--v311"]);
    plant.gateway.stop();
    // Neither a session nor a message is left there.
    plant.broker.restart();
    plant.sender = plant::sender_at(plant.broker.port, &["--v311"]);
    let id = id();
    let command = json!({ "id": id, "issued": now(), "value": 80 });
    plant.publish(json!({ "topic": "qiao/test/command/feed", "payload": command.to_string(), "retain": true }));
    plant.gateway.until("the broker has it", |_| {
        plant.sender.said().iter().any(|said| said["acknowledged"].is_u64()).then_some(())
    });
    plant.gateway = plant.site.run();
    plant.until_open();
    assert_eq!(told(&plant.answer(&id)), ("refused".to_owned(), "QIAO-W005".to_owned()));
    assert_eq!(plant.writes(), Vec::<Value>::new());
}

#[test]
fn row_52_an_expired_command_and_a_clock_that_is_off_are_refused() {
    let mut plant = Plant::start(&feed(", ttl: 2s"), "");
    let id = id();
    plant.send(&id, &json!({ "id": id, "issued": in_seconds(30), "value": 80 }));
    assert_eq!(told(&plant.answer(&id)).1, "QIAO-W012");
    // It waits at the broker while the gateway is away, and is told so when it is back.
    let expired = self::id();
    plant.gateway.kill();
    plant.send(&expired, &json!({ "id": expired, "issued": now(), "value": 80 }));
    plant.gateway.until("the broker has it", |_| {
        (plant.sender.said().iter().filter(|said| said["acknowledged"].is_u64()).count() == 2).then_some(())
    });
    plant.gateway = plant.site.run();
    plant.until_open();
    let (outcome, code) = told(&plant.answer(&expired));
    assert_eq!(outcome, "refused");
    assert!(["QIAO-W011", "QIAO-W014"].contains(&code.as_str()), "{code}");
    assert_eq!(plant.writes(), Vec::<Value>::new());
}

#[test]
fn an_answer_goes_nowhere_where_it_would_be_taken_for_a_command() {
    let mut plant = Plant::start(&feed(""), "");
    for topic in ["qiao/test/command/feed", "$SYS/broker", "qiao/test/status", "Set/Request/mill"] {
        let id = id();
        let command = json!({ "id": id, "issued": now(), "value": 80 });
        plant.publish(json!({ "topic": "qiao/test/command/feed", "payload": command.to_string(), "respond": topic, "correlation": id }));
        assert_eq!(told(&plant.answer(&id)), ("refused".to_owned(), "QIAO-W053".to_owned()), "{topic}");
        assert_eq!(plant.answers(&id)[0]["got"], "qiao/test/reply/feed");
    }
    assert_eq!(plant.writes(), Vec::<Value>::new());
}

#[test]
fn the_local_switch_forbids_every_write_and_no_message_lifts_it() {
    let mut plant = Plant::start(&feed(""), "");
    let switch = plant.site.path("data").join("writes-off");
    std::fs::write(&switch, "maintenance of cell 7").expect("written");
    plant
        .gateway
        .until("it is seen", |gateway| (gateway.status()?["commands"]["is-switched-off"] == true).then_some(()));
    assert_eq!(plant.outcome(json!(80)), ("refused".to_owned(), "QIAO-W019".to_owned()));
    assert!(
        plant.gateway.status().expect("a status")["health"]["reasons"].to_string().contains("maintenance of cell 7")
    );
    std::fs::remove_file(&switch).expect("removed");
    plant
        .gateway
        .until("it is seen", |gateway| (gateway.status()?["commands"]["is-switched-off"] == false).then_some(()));
    assert_eq!(plant.outcome(json!(80)).0, "done");
}

#[test]
fn a_method_is_called_with_arguments_of_its_own_types() {
    let call = |arguments: &str| {
        format!(
            "  - {{ name: start, from: plant, to: lathe, call: {{ object: \"{}\", method: \"{}\", arguments: [{arguments}] }}, roles: [operator], rate: 100/1h }}\n",
            node("Machine"),
            node("Start")
        )
    };
    let right = "{ name: program, type: string }, { name: count, type: int32, min: 1, max: 10 }";
    let wrong = "{ name: program, type: string }, { name: count, type: int64, min: 1, max: 10 }";
    let mut plant = Plant::start(&call(right), "");
    let send = |plant: &mut Plant, arguments: Value| {
        let id = id();
        let command = json!({ "id": id, "issued": now(), "arguments": arguments });
        plant.publish(json!({ "topic": "qiao/test/command/start", "payload": command.to_string(), "respond": REPLY, "correlation": id }));
        plant.answer(&id)
    };
    let done = send(&mut plant, json!({ "program": "O2000", "count": 3 }));
    assert_eq!((&done["outcome"], &done["value"]), (&json!("done"), &json!([4])), "{done}");
    assert_eq!(told(&send(&mut plant, json!({ "program": "O2000", "count": 30 }))).1, "QIAO-W026");
    let called: Vec<Value> = plant.machine.said().into_iter().filter(|said| said["called"].is_array()).collect();
    assert_eq!(called, [json!({ "called": ["O2000", 3] })]);
    let mut plant = Plant::start(&call(wrong), "");
    assert_eq!(told(&send(&mut plant, json!({ "program": "O2000", "count": 3 }))).1, "QIAO-W037");
}

#[test]
fn a_stop_answers_what_is_under_way_and_refuses_what_waits() {
    let mut plant = Plant::start(&feed(""), "");
    plant.machine.tell("slow 1000");
    let first = plant.command(json!(80));
    plant.gateway.until("it is written", |_| (!plant.writes().is_empty()).then_some(()));
    let second = plant.command(json!(90));
    plant.gateway.until("it waits", |_| {
        (plant.sender.said().iter().filter(|said| said["acknowledged"].is_u64()).count() == 2).then_some(())
    });
    assert_eq!(plant.gateway.stop(), Some(0));
    assert_eq!(told(&plant.answer(&first)).0, "done");
    plant.gateway = plant.site.run();
    plant.until_open();
    let answer = told(&plant.answer(&second));
    assert_eq!(answer.0, "refused", "{answer:?}");
    assert_eq!(plant.writes().len(), 1);
}
