//! Ids and topics of machines.

use super::*;

fn topics(rig: &Rig) -> Vec<String> {
    rig.stages.status().machines.into_iter().map(|machine| machine.topic).collect()
}

#[test]
fn a_rule_names_and_places_a_machine() {
    let located = FlowPlan { topic: Some("{site}/{line}/{machine}".to_owned()), ..flow(tool_profile()) };
    let mut named = plan(vec![located]);
    let location = Location { site: Some("qing/dao".to_owned()), line: Some("4".to_owned()), ..Location::default() };
    let matches = "nsu=urn:m;s=M1".to_owned();
    named.machines.push(MachineRule {
        matches,
        connection: None,
        name: Some("lathe-7".to_owned()),
        location,
        binding: None,
    });
    let mut rig = Rig::of(Arc::new(named));
    rig.find(two_tools());
    assert_eq!(topics(&rig), ["qing%2Fdao/4/lathe-7", "%_/%_/M2"]);
    assert_eq!(rig.codes(), ["QIAO-V208"], "nobody said where M2 stands");
    assert_eq!(rig.on("qiao/g/lathe-7/status").len(), 1);
}

/// What two servers with equal node ids call their machines under these rules: of which connection, and the name.
fn twin_servers(rules: &[(Option<u16>, &str)]) -> (Vec<String>, Vec<String>, Vec<String>) {
    let flow_of = |name: &str, source| FlowPlan { name: name.to_owned(), source, ..flow(tool_profile()) };
    let mut plan = plan(vec![flow_of("first", 0), flow_of("second", 2)]);
    plan.machines.extend(rules.iter().map(|(connection, name)| MachineRule {
        matches: "nsu=urn:m;s=M1".to_owned(),
        connection: *connection,
        name: Some((*name).to_owned()),
        location: Location::default(),
        binding: None,
    }));
    let plan = Arc::new(plan);
    let prepared = Prepared::new(&plan).expect("schemas");
    let mut first = Rig::with(Arc::clone(&plan), 0, Arc::clone(&prepared));
    let mut second = Rig::with(plan, 2, prepared);
    let one = |flow| {
        let mut found = discovery(EPOCH, &["M1"], two_tools().items[..4].to_vec());
        found.machines[0].flow = flow;
        found
    };
    first.find(one(0));
    second.find(one(1));
    let codes = second.codes().into_iter().map(str::to_owned).collect();
    (topics(&first), topics(&second), codes)
}

#[test]
fn equal_machines_of_two_servers_are_told_apart_by_their_connection() {
    let no_codes: [&str; 0] = [];
    let (first, second, codes) = twin_servers(&[(Some(2), "lathe-2"), (Some(0), "lathe-1")]);
    assert_eq!((first, second), (vec!["tool/g/lathe-1".to_owned()], vec!["tool/g/lathe-2".to_owned()]));
    assert_eq!(codes, no_codes);

    let (first, second, codes) = twin_servers(&[(None, "any"), (Some(2), "lathe-2")]);
    assert_eq!(
        (first, second),
        (vec!["tool/g/any".to_owned()], vec!["tool/g/lathe-2".to_owned()]),
        "the exact one first"
    );
    assert_eq!(codes, no_codes);

    // Without a connection both are meant, and both would bear one name.
    let (first, second, codes) = twin_servers(&[(None, "any")]);
    assert_eq!((first, second), (vec!["tool/g/any".to_owned()], Vec::new()));
    assert_eq!(codes, ["QIAO-V205", "QIAO-V206"]);
}

#[test]
fn an_id_by_node_is_encoded() {
    let by_node = Profile { machine_id: crate::profile::MachineId::Node, ..tool_profile() };
    let mut rig = Rig::new(vec![flow(by_node)]);
    rig.find(discovery(EPOCH, &["M 1"], vec![item(0, "Id/Serial")]));
    assert_eq!(topics(&rig), ["tool/g/nsu=urn:m;s=M_201"]);
}

#[test]
fn two_machines_with_one_id_or_one_topic_are_refused_and_both_are_named() {
    let mut rig = Rig::new(vec![flow(tool_profile())]);
    let mut twins = two_tools();
    twins.machines[1].browse_name = twins.machines[0].browse_name.clone();
    rig.find(twins.clone());
    assert_eq!(topics(&rig), Vec::<String>::new());
    let of = |finding: &Finding| {
        (finding.code.0.to_string(), finding.arguments[0].1.clone(), finding.arguments[1].1.clone())
    };
    let told: Vec<_> = rig.found.iter().map(of).filter(|(code, ..)| code == "QIAO-V205").collect();
    assert_eq!(told.len(), 2);
    assert!(told[0].1.contains("s=M1") && told[0].2.contains("s=M2"), "{told:?}");
    rig.forget();
    rig.find(Discovery { epoch: EPOCH + 1, ..twins });
    assert_eq!(rig.codes(), Vec::<&str>::new(), "told once");

    let same_topic = FlowPlan { topic: Some("hall/tools".to_owned()), ..flow(tool_profile()) };
    let mut rig = Rig::new(vec![same_topic]);
    rig.find(two_tools());
    assert_eq!(rig.codes(), ["QIAO-V206", "QIAO-V206"]);
    assert_eq!(topics(&rig), Vec::<String>::new());
}

#[test]
fn a_machine_with_the_name_of_one_behind_another_source_is_refused_and_the_first_runs_on() {
    let second = FlowPlan { name: "second".to_owned(), source: 2, ..flow(tool_profile()) };
    let plan = Arc::new(plan(vec![flow(tool_profile()), second]));
    let prepared = Prepared::new(&plan).expect("schemas");
    let mut first = Rig::with(Arc::clone(&plan), 0, Arc::clone(&prepared));
    let mut second = Rig::with(plan, 2, prepared);
    first.find(two_tools());
    let mut found = two_tools();
    found.machines.iter_mut().for_each(|machine| machine.flow = 1);
    found.machines[1].browse_name.name = "M3".to_owned();
    second.find(found.clone());
    assert_eq!(topics(&second), ["tool/g/M3"]);
    assert_eq!(second.codes(), ["QIAO-V205", "QIAO-V206"]);
    assert_eq!(topics(&first), ["tool/g/M1", "tool/g/M2"]);
    first.find(Discovery { epoch: EPOCH + 1, ..Discovery::default() });
    second.find(Discovery { epoch: EPOCH + 1, ..found });
    assert_eq!(topics(&second), ["tool/g/M1", "tool/g/M3"], "the name is free again");
}

#[test]
fn a_topic_that_does_not_fit_is_a_finding_and_the_neighbour_runs() {
    let mut rig = Rig::new(vec![flow(tool_profile())]);
    let mut found = two_tools();
    found.machines[0].browse_name.name = "x".repeat(70_000);
    rig.find(found);
    assert_eq!(rig.codes(), ["QIAO-V207"]);
    assert_eq!(topics(&rig), ["tool/g/M2"]);
}
