//! Promise: `qiao selftest` shows on the user's own machine that nothing is lost in silence, and leaves nothing behind.

use super::rig::gateway::qiao;
use serde_json::Value;
use std::process::{Command, Stdio};

/// Folders that a self-test of this process would have left.
fn left(process: u32) -> Vec<String> {
    let name = format!("qiao-selftest-{process}-");
    let entries = std::fs::read_dir(std::env::temp_dir()).expect("a folder").filter_map(Result::ok);
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|entry| entry.starts_with(&name)).collect()
}

#[test]
fn all_ten_faults_are_survived_as_promised_and_nothing_is_left() {
    let child = Command::new(env!("CARGO_BIN_EXE_qiao"))
        .args(["selftest", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let process = child.id();
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{text}{complained}");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let (last, faults) = lines.split_last().expect("lines");
    assert_eq!((&last["faults"], &last["good"], faults.len()), (&10.into(), &10.into(), 10), "{text}");
    for fault in faults {
        assert!(fault["made"].as_u64() > Some(0) && fault["healed-ms"].is_u64(), "{fault}");
        assert_eq!((&fault["undeclared"], &fault["wrong"]), (&0.into(), &0.into()), "{fault}");
    }
    assert!(left(process).is_empty(), "{:?}", left(process));
}

#[test]
fn one_fault_is_shown_to_people_in_their_language() {
    let output = qiao(&["selftest", "--fault", "lost-acknowledgement", "--lang", "zh"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("代理（broker）的确认丢失") && text.contains("1 个故障中的 1 个"), "{text}");
    assert_eq!(qiao(&["selftest", "--fault", "earthquake"]).status.code(), Some(2));
}
