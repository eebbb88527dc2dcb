//! Promise: a disk that is full or cannot be used, and a process that is short of something or stopped for a while, cost no
//! message, are told in clear words, and need no restart once they are well again.
//!
//! Real file systems: a `tmpfs` in a mount namespace of the gateway's own (`unshare`), where the system allows that; the
//! same faults on a simulated disk are in `spool::durable::tests`.

use super::rig::gateway::{Gateway, Site};
use super::spool::{Bridge, bridge, connected, waiting};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

/// Whether this user may mount something for himself.
fn may_mount() -> bool {
    let may = Command::new("unshare").args(["-rm", "true"]).output().is_ok_and(|output| output.status.success());
    if !may {
        eprintln!("no namespaces here: only the simulated disk was tested");
    }
    may
}

/// Starts a gateway whose `data` is a small file system of its own.
fn run_on_tmpfs(site: &Site, options: &str) -> Gateway {
    std::fs::create_dir_all(site.path("data")).expect("made");
    let mount = format!("mount -t tmpfs -o {options} tmpfs data && exec \"$0\" \"$@\"");
    site.run_through(&["unshare", "-rm", "sh", "-c", &mount])
}

/// A path as the gateway sees it.
fn inside(gateway: &Gateway, site: &Site, name: &str) -> PathBuf {
    let path = site.path(name);
    PathBuf::from(format!("/proc/{}/root{}", gateway.id(), path.display()))
}

fn disk_says(gateway: &Gateway, fact: &str) -> Option<()> {
    (gateway.status()?["spool"]["disk"][fact] == true).then_some(())
}

/// Everything arrives, in order, without a restart, and the account is balanced.
fn recovers(bridge: &Bridge, mut gateway: Gateway, count: u64) {
    bridge.proxy.heal();
    bridge.all_arrive(&gateway, 0..count);
    gateway.until("the account is balanced", |gateway| {
        let status = gateway.status()?;
        let flow = &status["flows"][0];
        (flow["imbalance"] == 0 && flow["spooled-values"] == 0 && flow["delivered-messages"] == count).then_some(())
    });
    let status = gateway.status().expect("it answers");
    assert_eq!((&status["spool"]["disk"]["gaps"], status["restarts"].to_string()), (&0.into(), "{}".to_owned()));
    assert_eq!(gateway.stop(), Some(0), "{}", gateway.log());
}

#[test]
fn row_69_a_disk_that_is_full_makes_sources_wait_and_goes_on_when_there_is_room() {
    if !may_mount() {
        return;
    }
    let bridge = bridge("5", "limits: { memory: 1MiB, spool: 16MiB }\n");
    let gateway = run_on_tmpfs(&bridge.site, "size=24m");
    gateway.ready();
    bridge.publish(0..50);
    bridge.all_arrive(&gateway, 0..50);
    bridge.proxy.cut();
    // Somebody else fills the disk.
    let filler = inside(&gateway, &bridge.site, "data/filler");
    let mut file = std::fs::File::create(&filler).expect("made");
    while file.write_all(&[7; 65_536]).is_ok() {}
    drop(file);
    bridge.publish(50..5000);
    gateway.until("it is told", |gateway| disk_says(gateway, "is-full"));
    assert!(gateway.log().contains("QIAO-S008"), "{}", gateway.log());
    std::fs::remove_file(filler).expect("removed");
    recovers(&bridge, gateway, 5000);
}

#[test]
fn row_70_a_disk_without_a_name_left_makes_sources_wait_and_goes_on_when_there_is_one() {
    if !may_mount() {
        return;
    }
    let bridge = bridge("5", "limits: { memory: 1MiB, spool: 16MiB }\n");
    let gateway = run_on_tmpfs(&bridge.site, "size=64m,nr_inodes=64");
    gateway.ready();
    bridge.publish(0..50);
    bridge.all_arrive(&gateway, 0..50);
    bridge.proxy.cut();
    let folder = inside(&gateway, &bridge.site, "data/filler");
    std::fs::create_dir(&folder).expect("made");
    let mut number = 0;
    while std::fs::write(folder.join(number.to_string()), "").is_ok() {
        number += 1;
    }
    bridge.publish(50..5000);
    gateway.until("it is told", |gateway| disk_says(gateway, "is-full"));
    std::fs::remove_dir_all(folder).expect("removed");
    recovers(&bridge, gateway, 5000);
}

#[test]
fn row_70_a_process_without_a_file_descriptor_left_goes_on_when_there_is_one() {
    let bridge = bridge("5", "limits: { memory: 1MiB, spool: 16MiB }\n");
    let gateway = bridge.site.run();
    gateway.ready();
    bridge.publish(0..50);
    bridge.all_arrive(&gateway, 0..50);
    bridge.proxy.cut();
    let limit = |soft: &str| {
        let (process, limit) = (gateway.id().to_string(), format!("--nofile={soft}:"));
        let set = Command::new("prlimit").args(["--pid", &process, &limit]).status();
        assert!(set.expect("prlimit is there").success());
    };
    // Nothing that is open is closed by that.
    limit("3");
    bridge.publish(50..5000);
    gateway.until("it is told", |gateway| gateway.log().contains("QIAO-S009").then_some(()));
    limit("1024");
    recovers(&bridge, gateway, 5000);
}

#[test]
fn row_75_a_spool_of_a_format_that_is_not_known_is_refused_in_clear_words_and_left_as_it_is() {
    let bridge = bridge("5", "");
    let mut gateway = bridge.site.run();
    gateway.ready();
    bridge.proxy.cut();
    bridge.publish(0..20);
    gateway.until("they wait", |gateway| waiting(gateway).filter(|waiting| *waiting >= 20));
    gateway.kill();
    let segment = bridge.site.path("data/spool/plant/0000000001.segment");
    let known = std::fs::read(&segment).expect("read");
    let mut foreign = known.clone();
    foreign[8..12].copy_from_slice(&9u32.to_le_bytes());
    let check = crc32c::crc32c(&foreign[..44]);
    foreign[44..48].copy_from_slice(&check.to_le_bytes());
    std::fs::write(&segment, &foreign).expect("written");
    for _ in 0..2 {
        let mut gateway = bridge.site.run();
        assert_eq!(gateway.ended(), Some(1), "{}", gateway.log());
        assert!(gateway.log().contains("QIAO-S002") && gateway.log().contains("format 9"), "{}", gateway.log());
        assert!(std::fs::read(&segment).expect("read") == foreign);
    }
    // The release that knows it drains it.
    std::fs::write(&segment, &known).expect("written");
    let gateway = bridge.site.run();
    bridge.proxy.heal();
    bridge.all_arrive(&gateway, 0..20);
}

#[test]
fn row_75_a_segment_that_is_gone_is_told_and_the_others_are_delivered() {
    let bridge = bridge("5", "limits: { memory: 1MiB, spool: 16MiB }\n");
    let mut gateway = bridge.site.run();
    gateway.ready();
    bridge.proxy.cut();
    // Of some 1,000 messages each.
    bridge.publish(0..8000);
    gateway.until("they wait", |gateway| waiting(gateway).filter(|waiting| *waiting >= 8000));
    gateway.kill();
    std::fs::remove_file(bridge.site.path("data/spool/plant/0000000002.segment")).expect("removed");
    let mut gateway = bridge.site.run();
    bridge.proxy.heal();
    gateway
        .until("nothing waits", |gateway| (bridge.arrived().contains(&7999) && waiting(gateway)? == 0).then_some(()));
    let gap = &bridge.list()["gaps"][0];
    let missing = gap["records"].as_u64().expect("a gap");
    assert_eq!((gap["reason"].as_str(), bridge.arrived().len() as u64 + missing), (Some("missing"), 8000), "{gap}");
    assert!(bridge.arrived().is_sorted() && gateway.log().contains("QIAO-S004"), "{}", gateway.log());
    assert_eq!(gateway.stop(), Some(0), "{}", gateway.log());
}

#[test]
fn row_80_a_data_directory_that_cannot_be_written_is_refused_in_clear_words() {
    let bridge = bridge("5", "");
    let data = bridge.site.path("data");
    std::fs::create_dir_all(&data).expect("made");
    let refused = |mut gateway: Gateway, why: &str| {
        assert_eq!(gateway.ended(), Some(1), "{}", gateway.log());
        let log = gateway.log();
        let told = log.lines().find(|line| line.contains("QIAO-R003")).unwrap_or_else(|| panic!("{log}"));
        assert!(told.contains(why) && told.contains("data"), "{told}");
    };
    if may_mount() {
        let mount = "mount --bind data data && mount -o remount,bind,ro data && exec \"$0\" \"$@\"";
        refused(bridge.site.run_through(&["unshare", "-rm", "sh", "-c", mount]), "Read-only file system");
    }
    // Of somebody else, as far as rights go; root has them all unless they are taken from him.
    let is_root = std::fs::metadata("/proc/self").expect("there").uid() == 0;
    let wrapper = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o500)).expect("set");
    refused(bridge.site.run_through(if is_root { &wrapper } else { &[] }), "Permission denied");
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o700)).expect("set");
    let gateway = bridge.site.run();
    connected(&gateway);
}

/// Longer than a pipeline may be silent.
const STOPPED: Duration = Duration::from_secs(12);

#[test]
fn row_81_a_process_that_was_stopped_for_a_while_goes_on_without_a_cascade() {
    let bridge = bridge("5", "");
    let path = bridge.site.path("notify");
    let socket = UnixDatagram::bind(&path).expect("a socket");
    socket.set_read_timeout(Some(super::rig::LIMIT)).expect("a socket");
    let environment = [("NOTIFY_SOCKET", path.to_str().expect("UTF-8")), ("WATCHDOG_USEC", "3000000")];
    let mut gateway = bridge.site.run_with(&environment);
    gateway.ready();
    bridge.publish(0..100);
    bridge.all_arrive(&gateway, 0..100);
    gateway.signal("STOP");
    let began = Instant::now();
    bridge.publish(100..200);
    while began.elapsed() < STOPPED {
        std::thread::park_timeout(STOPPED - began.elapsed());
    }
    socket.set_nonblocking(true).expect("a socket");
    let mut bytes = [0; 4096];
    while socket.recv(&mut bytes).is_ok() {}
    socket.set_nonblocking(false).expect("a socket");
    gateway.signal("CONT");
    let went_on = Instant::now();
    let heard = socket.recv(&mut bytes).expect("a sign of life");
    assert!(String::from_utf8_lossy(&bytes[..heard]).contains("WATCHDOG=1"));
    assert!(went_on.elapsed() < Duration::from_secs(2), "at once: {:?}", went_on.elapsed());
    bridge.publish(200..300);
    bridge.all_arrive(&gateway, 0..300);
    let status = gateway.status().expect("it answers");
    assert_eq!((&status["health"]["is-live"], status["restarts"].to_string()), (&true.into(), "{}".to_owned()));
    for connection in status["connections"].as_array().expect("a list") {
        let connects = connection["counters"]["mqtt_connects"].as_u64().unwrap_or(0);
        assert!(connection["state"] == "connected" && connects <= 2, "{connection}");
    }
    assert_eq!(gateway.stop(), Some(0), "{}", gateway.log());
}

#[test]
fn row_82_a_gateway_with_little_memory_sheds_load_before_it_runs_out_of_it() {
    let bridge = bridge("5", "limits: { memory: 2MiB, spool: 64MiB }\n");
    // All it may ever allocate, its threads' stacks included.
    let mut gateway = bridge.site.run_through(&["prlimit", "--data=300000000"]);
    gateway.ready();
    bridge.proxy.cut();
    bridge.publish(0..20_000);
    gateway.until("they wait", |gateway| waiting(gateway).filter(|waiting| *waiting >= 20_000));
    let most = gateway.memory_most().expect("the system tells");
    let used = gateway.status().expect("it answers")["spool"]["used-bytes"].as_u64().expect("a number");
    assert!(used <= 2 << 20, "{used}");
    bridge.proxy.heal();
    gateway.until("everything is delivered", |gateway| {
        (gateway.status()?["flows"][0]["delivered-messages"] == 20_000).then_some(())
    });
    let grown = gateway.memory_most().expect("the system tells") - most;
    assert!(grown < 16 << 10, "{grown} KiB more than while they waited");
    assert_eq!(gateway.stop(), Some(0), "{}", gateway.log());
}
