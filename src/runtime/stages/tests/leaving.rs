//! What does not leave is in no byte of any message, and everything else is as it was.

use super::*;
use crate::config::plan::Secret;
use crate::model::Span;
use crate::model::tree::TreeWriter;

const CANARY: &[u8] = b"canary-4711";

/// The tool with a concept for some of its fields.
fn profile() -> Profile {
    let mut profile = tool_profile();
    let mut mapping = (*profile.mapping).clone();
    for (pointer, concept) in
        [("/Id/Serial", "identity.serial-number"), ("/Mode", "machine.operation-mode"), ("/Power", "machine.power")]
    {
        let field = mapping.fields.iter_mut().find(|field| field.pointer == pointer).expect("a field");
        field.concept = Some(concept.to_owned());
    }
    profile.mapping = Arc::new(mapping);
    profile
}

fn rig(leaving: Leaving) -> Rig {
    let mut rig = Rig::new(vec![FlowPlan { leaving, ..flow(profile()) }]);
    rig.find(two_tools());
    rig
}

fn serial(length: u32) -> Sample {
    sample(0, StatusCode::GOOD, Scalar::Text(BuiltInType::String, Span { start: 0, length }))
}

fn concepts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// First values of the first tool, its serial number being the canary.
fn fill(rig: &mut Rig) {
    rig.batch_of(EPOCH, &[serial(11), int(1, 1), int(2, 50), int(3, 2)], CANARY);
    rig.pass(Duration::from_secs(2));
}

/// Everything that was sent, topics included.
fn sent(rig: &Rig) -> String {
    format!("{:?}", rig.messages)
}

#[test]
fn a_dropped_concept_is_in_no_byte_sent_and_the_message_was_valid_before() {
    let mut rig = rig(Leaving { drop: concepts(&["identity.serial-number"]), ..Leaving::default() });
    fill(&mut rig);
    rig.batch(&[int(1, 2)]);
    rig.pass(Duration::from_secs(12));
    rig.lost();
    let messages = rig.on("tool/g/M1");
    assert!(messages.len() >= 3, "{}", sent(&rig));
    assert_eq!((messages[0].get("Id"), &messages[0]["Mode"], &messages[0]["Power"]), (None, &1.into(), &50.into()));
    assert!(!sent(&rig).contains("canary"), "{}", sent(&rig));
    assert!(rig.quarantined.is_empty(), "what is mandatory was there when it was judged");
    assert_eq!(rig.totals().withheld, 1);
    rig.balance();
}

#[test]
fn without_a_rule_everything_leaves() {
    let mut rig = rig(Leaving::default());
    fill(&mut rig);
    assert!(sent(&rig).contains("canary-4711"), "{}", sent(&rig));
    assert_eq!(rig.totals().withheld, 0);
}

#[test]
fn only_lets_nothing_else_leave() {
    let mut rig = rig(Leaving { only: Some(concepts(&["machine.power"])), ..Leaving::default() });
    fill(&mut rig);
    let message = rig.on("tool/g/M1")[0];
    assert_eq!(message["Power"], 50);
    assert_eq!((message.get("Mode"), message.get("Id"), message.get("Elements")), (None, None, None));
    assert_eq!((rig.totals().withheld, rig.totals().handed_over), (3, 1));
    rig.balance();
}

#[test]
fn pseudonyms_are_equal_for_equal_values_and_tell_nothing_without_the_key() {
    let pseudonym = |key: &str, length: u32| {
        let leaving = Leaving {
            pseudonyms: concepts(&["identity.serial-number"]),
            key: Some(Secret::new(key.to_owned())),
            ..Leaving::default()
        };
        let mut rig = rig(leaving);
        rig.batch_of(EPOCH, &[serial(length), int(1, 1), int(2, 50), int(3, 2)], CANARY);
        rig.batch(&[int(1, 2)]);
        rig.pass(Duration::from_secs(2));
        assert!(!sent(&rig).contains("canary"), "{}", sent(&rig));
        let messages = rig.on("tool/g/M1");
        assert!(messages.iter().all(|message| message["Id"] == messages[0]["Id"]), "the image keeps the value");
        rig.balance();
        messages[0]["Id"]["Serial"].as_str().expect("text").to_owned()
    };
    let one = pseudonym("0123456789abcdef", 11);
    // HMAC-SHA-256 over the concept, a zero byte and the text, its first half.
    assert_eq!(one, "e1b75042a21841f8e374ef1ad5273aba");
    assert_eq!(pseudonym("0123456789abcdef", 11), one);
    assert_ne!(pseudonym("0123456789abcdef", 10), one);
    assert_ne!(pseudonym("0123456789abcdeg", 11), one);
}

#[test]
fn a_text_with_a_language_stays_one() {
    let leaving = Leaving {
        pseudonyms: concepts(&["identity.serial-number"]),
        key: Some(Secret::new("0123456789abcdef".to_owned())),
        ..Leaving::default()
    };
    let mut profile = profile();
    let mut schema = (*profile.schema).clone();
    schema["properties"]["Id"]["properties"]["Serial"] = serde_json::json!({ "type": "object" });
    profile.schema = Arc::new(schema);
    let mut rig = Rig::new(vec![FlowPlan { leaving, ..flow(profile) }]);
    rig.find(two_tools());
    let mut arena = Vec::new();
    let mut tree = TreeWriter::new(&mut arena);
    tree.localized_text("de", "canary-4711");
    let span = tree.finish();
    let values = [sample(0, StatusCode::GOOD, Scalar::Tree(span)), int(1, 1), int(2, 50), int(3, 2)];
    rig.batch_of(EPOCH, &values, &arena);
    assert_eq!(
        rig.on("tool/g/M1")[0]["Id"]["Serial"],
        serde_json::json!({ "locale": "", "text": "e1b75042a21841f8e374ef1ad5273aba" })
    );
}

#[test]
fn that_something_changed_that_does_not_leave_is_not_told() {
    let leaving = Leaving { only: Some(concepts(&["machine.power"])), ..Leaving::default() };
    let mut rig = Rig::new(vec![FlowPlan { leaving, ..flow(open_profile()) }]);
    rig.find(discovery(EPOCH, &["M1"], vec![item(0, "a"), item(0, "b")]));
    rig.batch(&[int(0, 4711), int(1, 4711)]);
    rig.forget();
    rig.batch(&[int(0, 4712)]);
    rig.batch(&[int(1, 4713), int(1, 4714)]);
    assert_eq!(rig.messages, []);
    assert_eq!(rig.totals().withheld, 5);
    rig.balance();
}
