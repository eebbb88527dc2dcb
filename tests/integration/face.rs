//! Promise: clients that nobody here wrote come in by certificate and password, and by nothing less; they browse, read and
//! subscribe; what one of them does too much of takes nothing from another.

use super::rig::face::{Client, PASSWORD, Stand, connection, node};
use super::rig::wait_for;
use qiao::config::plan::{Anonymous, SecurityMode};
use qiao::finding::Finding;
use qiao::opcua::certificate::{TrustState, list, reject};
use serde_json::json;
use std::sync::Mutex;
use std::time::{Duration, Instant};

const POLICIES: [&str; 3] = ["Basic256Sha256", "Aes128Sha256RsaOaep", "Aes256Sha256RsaPss"];
/// As node-opcua spells them.
const NODE_POLICIES: [&str; 3] = ["Basic256Sha256", "Aes128_Sha256_RsaOaep", "Aes256_Sha256_RsaPss"];
const USER: Option<(&str, &str)> = Some(("mes", PASSWORD));

fn secured() -> Stand {
    Stand::new(connection(SecurityMode::Sign, Anonymous::Refuse))
}

#[track_caller]
fn works(client: &mut Client, stand: &Stand) {
    assert_eq!(client.read("Speed"), (17.5.into(), "Good".to_owned()));
    let names = client.ask(&json!({ "do": "browse", "node": "i=85" }))["names"].to_string();
    assert!(names.contains("Speed") && names.contains("Server"), "{names}");
    let _ = stand;
}

#[test]
fn asyncua_comes_in_with_every_policy_and_mode() {
    let stand = secured();
    let mut client = stand.client("face_client.py", "asyncua");
    for policy in POLICIES {
        for mode in ["Sign", "SignAndEncrypt"] {
            assert_eq!(client.connect(policy, mode, USER), None, "{policy} {mode}");
            works(&mut client, &stand);
            client.ask(&json!({ "do": "close" }));
        }
    }
}

#[test]
fn node_opcua_comes_in_with_every_policy_and_mode() {
    let stand = secured();
    let mut client = stand.client("face_client.mjs", "node");
    for policy in NODE_POLICIES {
        for mode in ["Sign", "SignAndEncrypt"] {
            assert_eq!(client.connect(policy, mode, USER), None, "{policy} {mode}");
            works(&mut client, &stand);
            client.ask(&json!({ "do": "close" }));
        }
    }
}

#[test]
fn every_change_is_told_to_those_who_subscribed() {
    let stand = secured();
    let mut clients = [stand.client("face_client.py", "asyncua"), stand.client("face_client.mjs", "node")];
    for client in &mut clients {
        assert_eq!(client.connect("Basic256Sha256", "SignAndEncrypt", USER), None);
        let node = client.spelled("Speed");
        let answer = client.ask(&json!({ "do": "subscribe", "nodes": [node] }));
        assert!(answer.get("error").is_none(), "{answer}");
        wait_for("the present value", || client.changes().contains(&17.5).then_some(()));
    }
    for value in 0..50 {
        stand.set(f64::from(value));
    }
    for client in &clients {
        wait_for("the last value", || client.changes().contains(&49.0).then_some(()));
        let told: Vec<f64> = client.changes().into_iter().skip(1).collect();
        assert!(told.windows(2).all(|pair| pair[0] < pair[1]), "in order: {told:?}");
    }
    assert_eq!(stand.face.space().remove([node("Speed").as_str()]), 1);
    assert_eq!(clients[0].read("Speed").1, "BadNodeIdUnknown");
}

#[test]
fn nobody_comes_in_with_less() {
    let stand = Stand::new(connection(SecurityMode::SignAndEncrypt, Anonymous::Refuse));
    let mut client = stand.client("face_client.py", "asyncua");
    let refused = |client: &mut Client, policy: &str, mode: &str, user| {
        let error = client.connect(policy, mode, user);
        client.ask(&json!({ "do": "close" }));
        error.unwrap_or_else(|| panic!("{policy} {mode} {user:?} came in"))
    };
    let wrong = refused(&mut client, "Basic256Sha256", "SignAndEncrypt", Some(("mes", "wrong password")));
    assert!(wrong.contains("BadIdentityTokenRejected") || wrong.contains("identity"), "{wrong}");
    refused(&mut client, "Basic256Sha256", "SignAndEncrypt", Some(("nobody", PASSWORD)));
    refused(&mut client, "Basic256Sha256", "SignAndEncrypt", None);
    refused(&mut client, "Basic256Sha256", "Sign", USER);
    refused(&mut client, "", "", USER);
    assert_eq!(client.connect("Basic256Sha256", "SignAndEncrypt", USER), None);
}

#[test]
fn a_wrong_password_is_answered_ever_more_slowly_and_a_right_one_at_once() {
    static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    fn log(finding: &Finding) {
        TOLD.lock().expect("no panic").push(finding.to_string());
    }
    let stand = Stand::telling(connection(SecurityMode::SignAndEncrypt, Anonymous::Refuse), log);
    let mut client = stand.client("face_client.py", "asyncua");
    let mut taken = Vec::new();
    for _ in 0..4 {
        let began = Instant::now();
        assert!(client.connect("Basic256Sha256", "SignAndEncrypt", Some(("mes", "wrong"))).is_some());
        taken.push(began.elapsed());
        client.ask(&json!({ "do": "close" }));
    }
    // 0.5 s, then waiting for the one before and twice as long.
    assert!(taken[3] > Duration::from_secs(4) && taken[3] > taken[0] * 2, "{taken:?}");
    let told = TOLD.lock().expect("no panic").clone();
    assert_eq!(told.iter().filter(|line| line.contains("QIAO-F010")).count(), 1, "{told:?}");
    assert_eq!(client.connect("Basic256Sha256", "SignAndEncrypt", Some(("scada", PASSWORD))), None);
}

#[test]
fn a_stranger_is_shown_with_the_command_that_lets_it_in_and_taken_back_it_is_cut_off() {
    static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    fn log(finding: &Finding) {
        TOLD.lock().expect("no panic").push(finding.to_string());
    }
    let stand = Stand::telling(connection(SecurityMode::SignAndEncrypt, Anonymous::Refuse), log);
    let mut client = stand.stranger("face_client.py", "stranger");
    assert!(client.connect("Basic256Sha256", "SignAndEncrypt", USER).is_some());
    let rejected: Vec<_> =
        list(&stand.store()).into_iter().filter(|listed| listed.state == TrustState::Rejected).collect();
    assert_eq!(rejected.len(), 1);
    let fingerprint = rejected[0].certificate.fingerprint.clone();
    let told = TOLD.lock().expect("no panic").join("\n");
    let command = format!("qiao cert trust {fingerprint} -c ");
    assert!(told.contains("QIAO-F005") && told.contains(&command), "{told}");
    qiao::opcua::certificate::trust(&stand.store(), &fingerprint).expect("trusted");
    assert_eq!(client.connect("Basic256Sha256", "SignAndEncrypt", USER), None);
    works(&mut client, &stand);
    reject(&stand.store(), &fingerprint).expect("rejected");
    wait_for("the client is cut off", || {
        let answer = client.ask(&json!({ "do": "read", "nodes": ["i=2258"] }));
        answer.get("error").is_some().then_some(())
    });
}

#[test]
fn without_security_one_reads_where_that_was_spelled_out_and_writes_nothing() {
    let stand = Stand::new(connection(SecurityMode::NoneIAcceptTheRisk, Anonymous::Read));
    for script in ["face_client.py", "face_client.mjs"] {
        let mut client = stand.stranger(script, "open");
        assert_eq!(client.connect("", "", None), None, "{script}");
        works(&mut client, &stand);
        client.ask(&json!({ "do": "close" }));
        // A password is not taken where everybody could read it.
        assert!(client.connect("", "", USER).is_some(), "{script}");
        client.ask(&json!({ "do": "close" }));
    }
    let mut client = stand.stranger("face_client.py", "writer");
    assert_eq!(client.connect("", "", None), None);
    let node = client.spelled("Speed");
    let answer = client.ask(&json!({ "do": "write", "node": node, "value": 1.0 }));
    assert!(
        answer["text"].to_string().contains("BadUserAccessDenied") || answer["error"] == "BadNotWritable",
        "{answer}"
    );
}

#[test]
fn a_client_that_floods_with_sessions_and_subscriptions_takes_nothing_from_another() {
    let stand = Stand::new(connection(SecurityMode::SignAndEncrypt, Anonymous::Refuse));
    let mut served = stand.client("face_client.py", "served");
    assert_eq!(served.connect("Basic256Sha256", "SignAndEncrypt", USER), None);
    let node = served.spelled("Speed");
    served.ask(&json!({ "do": "subscribe", "nodes": [node] }));
    let mut flooding = stand.client("face_client.py", "flooding");
    assert_eq!(flooding.connect("Basic256Sha256", "SignAndEncrypt", Some(("scada", PASSWORD))), None);
    flooding.peer.tell(&json!({ "do": "flood", "sessions": 40, "subscriptions": 100 }).to_string());
    let mut worst = Duration::ZERO;
    let mut count = 100.0;
    let flooded = wait_for("the flood is over", || {
        count += 1.0;
        let began = Instant::now();
        stand.set(count);
        wait_for("the other client is told", || served.changes().contains(&count).then_some(()));
        worst = worst.max(began.elapsed());
        flooding.peer.said().into_iter().find(|said| said["did"] == "flood")
    });
    assert!(flooded["sessions"].as_u64().is_some_and(|count| count <= 10), "half of the places: {flooded}");
    assert!(worst < Duration::from_secs(3), "{worst:?}");
    // And there is still room for somebody else.
    let mut late = stand.client("face_client.py", "late");
    assert_eq!(late.connect("Aes256Sha256RsaPss", "SignAndEncrypt", USER), None);
    assert_eq!(late.read("Speed").1, "Good");
}

#[test]
fn what_the_server_says_of_itself_is_true_and_no_reference_leads_nowhere() {
    let stand = secured();
    let mut client = stand.client("face_client.mjs", "node");
    assert_eq!(client.connect("Basic256Sha256", "SignAndEncrypt", USER), None);
    assert_eq!(client.read("i=2261").0, "qiao");
    assert_eq!(client.read("i=2264").0, env!("CARGO_PKG_VERSION"));
    assert_eq!(client.read("i=2259"), (0.into(), "Good".to_owned()));
    assert_eq!(client.read("i=2267"), (255.into(), "Good".to_owned()));
    let crawled = client.ask(&json!({ "do": "crawl", "node": "i=85" }));
    assert!(crawled["count"].as_u64().is_some_and(|count| count > 50), "{crawled}");
    assert_eq!(crawled["dangling"], json!([]), "{crawled}");
}

#[test]
fn a_node_set_of_the_user_is_shown_with_its_types_and_one_that_is_broken_holds_up_nothing() {
    static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());
    fn log(finding: &Finding) {
        TOLD.lock().expect("no panic").push(finding.to_string());
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (good, broken) = (folder.path().join("acme.xml"), folder.path().join("broken.xml"));
    std::fs::write(&broken, "<UANodeSet><NamespaceUris>").expect("written");
    std::fs::write(
        &good,
        r#"<?xml version="1.0" encoding="utf-8"?>
<UANodeSet xmlns="http://opcfoundation.org/UA/2011/03/UANodeSet.xsd">
  <NamespaceUris><Uri>urn:acme:press</Uri></NamespaceUris>
  <Models><Model ModelUri="urn:acme:press" Version="1.0"><RequiredModel ModelUri="http://opcfoundation.org/UA/" /></Model></Models>
  <Aliases><Alias Alias="HasSubtype">i=45</Alias><Alias Alias="HasTypeDefinition">i=40</Alias></Aliases>
  <UAObjectType NodeId="ns=1;i=1" BrowseName="1:PressType"><DisplayName>PressType</DisplayName>
    <References><Reference ReferenceType="HasSubtype" IsForward="false">i=58</Reference></References></UAObjectType>
  <UAObject NodeId="ns=1;i=2" BrowseName="1:Press"><DisplayName>Press</DisplayName>
    <References><Reference ReferenceType="i=35" IsForward="false">i=85</Reference>
      <Reference ReferenceType="HasTypeDefinition">ns=1;i=1</Reference></References></UAObject>
  <UAVariable NodeId="ns=1;s=Force" BrowseName="1:Force" DataType="i=11"><DisplayName>Force</DisplayName>
    <References><Reference ReferenceType="i=47" IsForward="false">ns=1;i=2</Reference>
      <Reference ReferenceType="HasTypeDefinition">i=63</Reference></References>
    <Value><Double>12.5</Double></Value></UAVariable>
</UANodeSet>"#,
    )
    .expect("written");
    let mut own = connection(SecurityMode::SignAndEncrypt, Anonymous::Refuse);
    own.node_sets = vec![broken, good];
    let stand = Stand::telling(own, log);
    let mut client = stand.client("face_client.mjs", "node");
    assert_eq!(client.connect("Basic256Sha256", "SignAndEncrypt", USER), None);
    assert_eq!(client.read("nsu=urn:acme:press;s=Force"), (12.5.into(), "Good".to_owned()));
    let names = client.ask(&json!({ "do": "browse", "node": "i=58" }))["names"].to_string();
    assert!(names.contains("PressType"), "{names}");
    let told = TOLD.lock().expect("no panic").join("\n");
    assert!(told.contains("QIAO-F011") && told.contains("broken.xml"), "{told}");
    let crawled = client.ask(&json!({ "do": "crawl", "node": "i=85" }));
    assert_eq!(crawled["dangling"], json!([]), "{crawled}");
}
