//! What the golden files of `tests/config` do not show: defaults, and texts of any kind.

use super::*;
use crate::config::FileFacts;
use crate::config::plan::{
    ConnectionKind, Decode, Identity, Leaving, MqttVersion, PolicyChoice, RootSelector, SecurityMode,
};
use crate::profile::Files;
use proptest::prelude::*;

struct Nowhere;

impl World for Nowhere {
    fn file(&self, _: &Path) -> Result<FileFacts, String> {
        Err("no such file".to_owned())
    }
    fn names(&self, _: &Path) -> Result<Vec<String>, String> {
        Err("no such folder".to_owned())
    }
    fn environment(&self, _: &str) -> Option<String> {
        None
    }
    fn folder(&self, _: &Path) -> Result<Files, String> {
        Err("no such folder".to_owned())
    }
    fn language(&self) -> Language {
        Language::German
    }
}

const SMALLEST: &str = "gateway: { name: a }\n\
connections: { plc: { opcua: { endpoint: 'opc.tcp://plc' } }, hub: { mqtt: { broker: 'mqtts://hub' } } }\n\
flows: [{ name: one, from: plc, to: hub }]\n";

#[test]
fn what_is_left_out_takes_the_safe_default() {
    let checked = check("qiao.yaml", SMALLEST, Path::new("/etc/qiao"), &Nowhere);
    assert!(checked.findings.is_empty(), "{:?}", checked.findings);
    let plan = checked.value.expect("a plan");
    assert_eq!(plan.gateway.data_dir, Path::new("/etc/qiao/data"));
    assert_eq!((plan.gateway.http, plan.gateway.language), (None, Language::German));
    let ConnectionKind::OpcUa(plc) = &plan.connections[0].kind else { panic!("opcua") };
    assert_eq!((plc.security, plc.policy), (SecurityMode::SignAndEncrypt, PolicyChoice::Auto));
    assert!(matches!(plc.identity, Identity::Anonymous) && plc.accept_certificate.is_none());
    let ConnectionKind::Mqtt(hub) = &plan.connections[1].kind else { panic!("mqtt") };
    assert_eq!((hub.host.as_str(), hub.port, hub.qos, hub.version), ("hub", 8883, 1, MqttVersion::V5));
    assert_eq!((hub.client_id.as_str(), hub.tls.is_some()), ("qiao-a-hub", true));
    let [flow] = plan.flows.as_slice() else { panic!("one flow") };
    // Nothing written: the profile says what is selected.
    assert!(matches!(flow.each, RootSelector::Whole) && flow.select.is_empty());
    assert_eq!((flow.source, flow.sink, flow.profiles[0].id().as_str()), (0, 1, "core/data-set-message@1.0"));
}

#[test]
fn messages_of_nc_link_are_taken_apart_with_all_that_their_devices_say_elsewhere() {
    let flow = "{ name: one, from: hub, to: far, each: { topic: 'hall/{line}/Sample/{machine}/+' }, profile: \
                nclink/cnc@3.0, topic: 'out/{machine}', publish-as: umati/machine-tool@1.02 }";
    let text = format!(
        "gateway: {{ name: a }}\nconnections: {{ far: {{ mqtt: {{ broker: 'mqtts://far' }} }}, hub: {{ mqtt: {{ broker: \
         'mqtts://hub' }} }} }}\nflows: [{flow}]\n"
    );
    let checked = check("qiao.yaml", &text, Path::new("/etc/qiao"), &Nowhere);
    let plan = checked.value.unwrap_or_else(|| panic!("{:?}", checked.findings));
    let input = plan.flows[0].input.as_ref().expect("topics");
    assert_eq!(input.decode, Decode::Profile);
    assert!(input.has_times() && input.is_nc_link());
    let patterns: Vec<&str> = input.patterns().map(crate::model::TopicPattern::as_str).collect();
    let expected = [
        "hall/{line}/Sample/{machine}/+",
        "hall/{line}/Event/{machine}",
        "hall/{line}/Probe/Query/Response/{machine}/#",
    ];
    assert_eq!(patterns, expected);
    let status = input.profile.as_ref().expect("a profile").mapping.fields[0].path.clone();
    assert_eq!(status.len(), 1, "its place in the message");
}

#[test]
fn what_stays_here_may_be_said_of_the_source_and_is_missed_only_in_what_is_published() {
    let codes = |keys: &str| {
        let text = format!(
            "gateway: {{ name: a }}\nconnections: {{ lathe: {{ opcua: {{ endpoint: 'opc.tcp://plc' }} }}, far: {{ mqtt: {{ broker: \
             'mqtts://far' }} }} }}\nflows: [{{ name: one, from: lathe, to: far, profile: umati/machine-tool@1.02, {keys} }}]\n"
        );
        let checked = check("qiao.yaml", &text, Path::new("/etc/qiao"), &Nowhere);
        checked.findings.iter().map(|finding| finding.code.0.to_string()).collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(codes("drop: [program.name, channel.dry-run], publish-as: nclink/cnc@3.0"), none);
    assert_eq!(codes("drop: program.name"), ["QIAO-C101"], "umati must have it");
    assert_eq!(codes("drop: axis.position"), ["QIAO-C100"]);
    assert_eq!(codes("drop: axis.position, publish-as: nclink/cnc@3.0"), none, "NC-Link speaks of it");
}

/// Has a folder with a concept of a person.
struct Persons;

impl World for Persons {
    fn file(&self, path: &Path) -> Result<FileFacts, String> {
        Nowhere.file(path)
    }
    fn names(&self, folder: &Path) -> Result<Vec<String>, String> {
        Nowhere.names(folder)
    }
    fn environment(&self, name: &str) -> Option<String> {
        Nowhere.environment(name)
    }
    fn folder(&self, _: &Path) -> Result<Files, String> {
        let text = "concepts:\n  shift.leader:\n    title: { en: Shift leader, de: Schichtleiter, zh: 班长 }\n    \
            type: text\n    person: yes\n";
        Ok(Files::from([("concepts/own.yaml".to_owned(), text.as_bytes().into())]))
    }
    fn language(&self) -> Language {
        Language::English
    }
}

#[test]
fn what_speaks_of_a_person_stays_unless_it_is_named() {
    let text = format!("{SMALLEST}profiles: [own]\n");
    let checked = check("qiao.yaml", text.as_bytes(), Path::new("/etc/qiao"), &Persons);
    let plan = checked.value.expect("a plan");
    let flow = &plan.flows[0];
    assert!(!flow.leaving.allows(Some("shift.leader")), "{:?}", flow.leaving);
    assert!(flow.leaving.allows(Some("program.name")) && flow.leaving.allows(None));

    let leader = || vec!["shift.leader".to_owned()];
    for mut named in
        [Leaving { only: Some(leader()), ..Leaving::default() }, Leaving { pseudonyms: leader(), ..Leaving::default() }]
    {
        named.keep_unless_named(&leader());
        assert!(named.allows(Some("shift.leader")), "{named:?}");
    }
}

#[test]
fn a_template_holds_a_flow_from_a_broker() {
    let text = "gateway: { name: a }\n\
connections: { in: { mqtt: { broker: 'mqtts://in' } }, out: { mqtt: { broker: 'mqtts://out' } } }\n\
templates:\n  \
  line:\n    \
    parameters: { line: name, fields: number }\n    \
    flows:\n      \
      - { name: '${line}', from: in, each: { topic: 'hall/${line}/{machine}/+' }, decode: json,\n          \
          time: { member: '/${line}/ts', format: unix-ms }, max-fields: '${fields}', to: out, topic: '${line}/{machine}' }\n\
use: [{ template: line, line: l1, fields: 7 }, { template: line, line: l2, fields: 8 }]\n";
    let checked = check("qiao.yaml", text, Path::new(""), &Nowhere);
    assert!(checked.findings.is_empty(), "{:?}", checked.findings);
    let flows = checked.value.expect("a plan").flows;
    let told = flows.iter().map(|flow| {
        let input = flow.input.as_ref().expect("from a broker");
        let time = input.time.as_ref().expect("a member");
        format!("{} {} {} {}", flow.name, input.pattern.as_str(), time.member, input.max_fields)
    });
    assert_eq!(told.collect::<Vec<_>>(), ["l1 hall/l1/{machine}/+ /l1/ts 7", "l2 hall/l2/{machine}/+ /l2/ts 8"]);
}

#[test]
fn this_machine_has_many_names_and_is_one_broker() {
    for (one, other, is_circle) in [
        ("broker: 'mqtt://localhost'", "broker: 'mqtt://127.0.0.1:1883'", true),
        ("broker: 'mqtt://[::1]'", "broker: 'mqtt://localhost/'", true),
        ("embedded: '127.0.0.1:1884'", "broker: 'mqtt://localhost:1884'", true),
        ("broker: 'mqtts://Hub'", "broker: 'mqtts://hub:8883'", true),
        ("broker: 'mqtt://localhost'", "broker: 'mqtt://127.0.0.1:1884'", false),
        ("broker: 'mqtts://hub'", "broker: 'mqtts://far'", false),
        ("embedded: '127.0.0.1:0'", "embedded: '127.0.0.1:0'", false),
    ] {
        let text = format!(
            "gateway: {{ name: a }}\nconnections: {{ one: {{ mqtt: {{ {one} }} }}, other: {{ mqtt: {{ {other} }} }} }}\n\
             flows: [{{ name: f, from: one, each: {{ topic: 'a/#' }}, to: other, topic: 'a/{{machine}}' }}]\n"
        );
        let checked = check("qiao.yaml", &text, Path::new(""), &Nowhere);
        let is_told = checked.findings.iter().any(|finding| &*finding.code.0 == "QIAO-C068");
        assert_eq!(is_told, is_circle, "{one}, {other}: {:?}", checked.findings);
    }
}

#[test]
fn a_flow_that_translates_events_need_not_say_what_they_speak() {
    let text = "gateway: { name: a }\nconnections: { plc: { opcua: { endpoint: 'opc.tcp://plc' } }, hub: { mqtt: { broker: 'mqtts://hub' } } }\n\
                flows: [{ name: f, from: plc, to: hub, events: {}, publish-as: nclink/cnc@3.0 }]\n";
    let checked = check("qiao.yaml", text, Path::new(""), &Nowhere);
    let plan = checked.value.unwrap_or_else(|| panic!("{:?}", checked.findings));
    let spoken: Vec<String> = plan.flows[0].profiles.iter().map(|profile| profile.id()).collect();
    assert_eq!(spoken, ["core/event@1.0"]);
}

#[test]
fn a_wrong_configuration_still_chooses_the_language() {
    for (text, expected) in [
        ("gateway: { language: zh, nmae: a }", Some(Language::Chinese)),
        ("gateway: { name: a }", None),
        ("gateway: { language: fr }", None),
        ("gateway: [", None),
        ("", None),
    ] {
        assert_eq!(language_of(text), expected, "{text}");
    }
}

#[test]
fn deep_nesting_is_refused_not_followed() {
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000)] {
        let checked = check("qiao.yaml", &text, Path::new(""), &Nowhere);
        assert!(checked.findings.iter().any(|finding| finding.code.0 == "QIAO-C001"), "{:?}", checked.findings);
    }
}

proptest! {
    #[test]
    fn any_text_is_read_to_its_end(text in "\\PC*") {
        let checked = check("qiao.yaml", &text, Path::new(""), &Nowhere);
        prop_assert!(checked.value.is_none() && !checked.findings.is_empty());
    }

    #[test]
    fn a_good_text_with_a_slip_gives_a_plan_or_a_finding(at in 0..SMALLEST.len(), slip in "[:{}\\[\\], \n\t'\"&*!#a-c0-9-]{0,3}") {
        let text = format!("{}{slip}{}", &SMALLEST[..at], &SMALLEST[at + 1..]);
        let checked = check("qiao.yaml", &text, Path::new(""), &Nowhere);
        prop_assert_eq!(checked.value.is_some(), checked.is_good());
        prop_assert!(checked.value.is_some() || !checked.findings.is_empty());
    }
}

#[test]
fn the_address_of_the_http_face_is_read_alone_and_a_wrong_one_is_told() {
    let of = |text: &str| {
        let checked = super::http_of("qiao.yaml", text);
        let codes = checked.findings.iter().map(|finding| finding.code.0.to_string()).collect::<Vec<_>>();
        (checked.value.map(|address| address.port()), codes)
    };
    let others = "connections: { plc: { opcua: { password: { file: /no/such/file } } } }\nunknown: 1\n";
    assert_eq!(of(&format!("gateway: {{ nam: x, http: \"127.0.0.1:8080\" }}\n{others}")), (Some(8080), vec![]));
    assert_eq!(of(&format!("gateway: {{ name: x }}\n{others}")), (None, vec![]));
    assert_eq!(of(others), (None, vec![]));
    for wrong in ["gateway: { http: nonsense }", "gateway: [", "gateway: 7"] {
        let (port, codes) = of(wrong);
        assert!(port.is_none() && codes.len() == 1, "{wrong}: {codes:?}");
    }
}

#[test]
fn an_entry_of_writes_is_planned_as_it_is_written_and_whole_numbers_stay_exact() {
    use crate::config::plan::{CommandSource, Quantity, Rate, Takes, WriteTarget};
    let text = SMALLEST.replace("{ name: a }", "{ name: a, access: read-only }")
        + "senders: { panel: { roles: [operator], known-by: { whoever-may-publish-at: hub } } }\n\
           writes: [{ name: count, from: hub, to: plc, node: 'nsu=urn:a;s=N', type: int64, min: -9223372036854775808, \
           max: 9007199254740993, roles: [operator] }]\n";
    let checked = check("qiao.yaml", &text, Path::new(""), &Nowhere);
    let codes: Vec<&str> = checked.findings.iter().map(|finding| &*finding.code.0).collect();
    assert_eq!(codes, ["QIAO-C153"]);
    let writes = checked.value.expect("a plan").writes;
    assert_eq!((writes.access, writes.clock_skew), (super::super::plan::Access::ReadOnly, Duration::from_secs(2)));
    let [entry] = writes.entries.as_slice() else { panic!("one entry") };
    let (topic, reply) = ("qiao/a/command/count".to_owned(), "qiao/a/reply/count".to_owned());
    assert_eq!(entry.from, CommandSource::Topic { connection: 1, topic, reply });
    assert_eq!(entry.to, WriteTarget::Node { connection: 0, node: "nsu=urn:a;s=N".to_owned() });
    let Takes::Value { rule, max_change: None } = &entry.takes else { panic!("a value") };
    assert_eq!(rule.min, Some(Quantity::Whole(i64::MIN.into())));
    assert_eq!(rule.max, Some(Quantity::Whole(9_007_199_254_740_993)));
    assert_eq!((entry.rate, entry.ttl), (Rate { count: 6, per: Duration::from_secs(60) }, Duration::from_secs(5)));
    assert!(entry.interlock.is_none() && entry.until.is_none() && !entry.needs_expected);
    assert!(check("qiao.yaml", SMALLEST, Path::new(""), &Nowhere).value.expect("a plan").writes.entries.is_empty());
}
