//! Promise: whatever a stranger sends to the gateway's own server, the process lives, its memory stays flat, and clients
//! that were let in are served meanwhile. The rows are those of `docs/reference/attacks.md`.

use super::rig::face::{Client, PASSWORD};
use super::rig::gateway::{Gateway, Site};
use super::rig::peer::Peer;
use super::rig::{free_port, wait_for};
use serde_json::json;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);
const NONE: &str = "http://opcfoundation.org/UA/SecurityPolicy#None";
const BASIC: &str = "http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256";
/// Memory that an attack may cost for good: allocators keep some of what they had.
const GROWTH_KIB: u64 = 24 * 1024;

/// A gateway with a face in a process of its own, and a client that is served.
struct Stand {
    site: Site,
    gateway: Gateway,
    served: Client,
    address: SocketAddr,
}

impl Stand {
    #[track_caller]
    fn new() -> Self {
        Self::with("sign-and-encrypt")
    }

    #[track_caller]
    fn with(security: &str) -> Self {
        let site = Site::new(&format!(
            "connections:\n  local: {{ mqtt: {{ embedded: \"127.0.0.1:{}\" }} }}\n  face: {{ opcua-server: {{ listen: \
             \"127.0.0.1:0\", security: {security}, users: {{ mes: {{ password: {{ file: password }} }} }} }} }}\nflows:\n  \
             - {{ name: one, from: local, each: {{ topic: \"line/{{machine}}/state\" }}, to: face }}\n",
            free_port()
        ));
        std::fs::write(site.path("password"), PASSWORD).expect("written");
        let gateway = site.run();
        let url = gateway.until("the face listens", |gateway| {
            let status = gateway.status()?;
            let face = status["connections"].as_array()?.iter().find(|one| one["name"] == "face")?.clone();
            (face["state"] == "connected").then(|| face["address"].as_str().map(str::to_owned))?
        });
        let address = url.trim_start_matches("opc.tcp://").trim_end_matches('/').parse().expect("an address");
        let folder = site.path("served");
        std::fs::create_dir_all(&folder).expect("a folder");
        let folder = folder.to_str().expect("UTF-8").to_owned();
        let peer = Peer::start("face_client.py", &["--folder", &folder, "--name", "served"]);
        let certificate = peer.ready["certificate"].as_str().expect("a file").to_owned();
        let trusted = site.command(&["cert", "trust", "--face", &certificate]);
        assert!(trusted.status.success(), "{trusted:?}");
        let mut served = Client { peer, url };
        assert_eq!(served.connect("Basic256Sha256", "SignAndEncrypt", Some(("mes", PASSWORD))), None);
        Self { site, gateway, served, address }
    }

    /// Sends the attack; afterwards the gateway lives, is no larger than before, and serves. Gives what the attack gave.
    #[track_caller]
    fn survives<T: Send>(&mut self, what: &str, attack: impl FnOnce(SocketAddr) -> T + Send) -> T {
        let before = self.memory();
        let address = self.address;
        let attacker = std::thread::scope(|scope| {
            let attacker = scope.spawn(move || attack(address));
            // Somebody else is served meanwhile.
            loop {
                let began = Instant::now();
                self.serves(what);
                assert!(began.elapsed() < Duration::from_secs(5), "{what}: {:?}", began.elapsed());
                if attacker.is_finished() {
                    break attacker.join();
                }
            }
        });
        let found = attacker.unwrap_or_else(|_| panic!("{what}: the attack itself failed"));
        self.serves(what);
        let mut after = self.memory();
        let limit = before + GROWTH_KIB;
        let began = Instant::now();
        while after > limit && began.elapsed() < PATIENCE {
            std::thread::park_timeout(Duration::from_millis(200));
            after = self.memory();
        }
        println!("{what}: memory {before} KiB before, {after} KiB after");
        assert!(after <= limit, "{what}: {before} KiB before, {after} KiB after");
        found
    }

    #[track_caller]
    fn serves(&mut self, what: &str) {
        let answer = self.served.ask(&json!({ "do": "read", "nodes": ["i=2259"] }));
        assert_eq!(answer["values"][0][1], "Good", "{what}: {answer} {}", self.gateway.log());
    }

    /// Resident memory now, in KiB.
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.gateway.id())).expect("it lives");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
        line.trim().trim_end_matches(" kB").parse().expect("a number")
    }

    /// The certificate of the client that is served: anybody on the way has seen it.
    fn certificate(&self) -> Vec<u8> {
        std::fs::read(self.served.peer.ready["certificate"].as_str().expect("a file")).expect("there")
    }

    /// Our own certificate of the server role, and its thumbprint.
    fn own(&self) -> (Vec<u8>, Vec<u8>) {
        let own = std::fs::read(self.site.path("data/pki/server/own/certificate.der")).expect("the server's");
        let thumbprint = opcua::crypto::X509::from_der(&own).expect("a certificate").thumbprint().value().to_vec();
        (own, thumbprint)
    }

    fn counter(&self, name: &str) -> u64 {
        let status = self.gateway.status().expect("it answers");
        let face = status["connections"].as_array().expect("a list").iter().find(|one| one["name"] == "face").cloned();
        face.expect("a face")["counters"][name].as_u64().expect("a counter")
    }
}

#[test]
fn the_gateway_shows_its_connections_and_flows_to_those_who_are_inside() {
    let mut stand = Stand::new();
    let node = |path: &str| format!("nsu=urn:qiao:gateway;s=gateway/{path}");
    let nodes = ["Connections/face/State", "Connections/local/State", "Flows/one/ReceivedValues", "Version"].map(node);
    let answer = wait_for("the figures", || {
        let answer = stand.served.ask(&json!({ "do": "read", "nodes": nodes }));
        (answer["values"][1][0] == "connected").then_some(answer)
    });
    let shown: Vec<_> = answer["values"].as_array().expect("a list").iter().map(|one| one[0].clone()).collect();
    assert_eq!(shown, [json!("connected"), json!("connected"), json!(0), json!(env!("CARGO_PKG_VERSION"))]);
    let names = stand.served.ask(&json!({ "do": "browse", "node": "i=85" }))["names"].to_string();
    assert!(names.contains("\"test\""), "{names}");
    assert!(stand.gateway.log().contains(&stand.served.url), "the address is told at the start");
}

/// A connection by hand (OPC 10000-6 §6.7, §7.1).
struct Raw {
    stream: TcpStream,
    channel: u32,
    token: u32,
    sequence: u32,
}

impl Raw {
    fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        stream.set_write_timeout(Some(PATIENCE)).expect("a limit");
        Self { stream, channel: 0, token: 0, sequence: 1 }
    }

    fn hello(address: SocketAddr) -> Self {
        let mut raw = Self::connect(address);
        let mut hello = Vec::new();
        for limit in [0_u32, 65_535, 65_535, 0, 0] {
            hello.extend_from_slice(&limit.to_le_bytes());
        }
        text(&mut hello, format!("opc.tcp://{address}").as_bytes());
        raw.write(b"HELF", &hello);
        raw
    }

    /// An open channel without security, good for looking around.
    fn open(address: SocketAddr) -> Option<Self> {
        let mut raw = Self::hello(address);
        raw.answer().filter(|answer| &answer[..3] == b"ACK")?;
        raw.write(b"OPNF", &opening(NONE, &[], &open_request(raw.sequence)));
        let answer = raw.answer().filter(|answer| &answer[..3] == b"OPN")?;
        let policy = u32::from_le_bytes(answer[12..16].try_into().ok()?) as usize;
        let token = 16 + policy + 8 + 8 + 4 + 8 + 4 + 4 + 1 + 4 + 3 + 4;
        let word = |at: usize| answer.get(at..at + 4).map(|bytes| u32::from_le_bytes(bytes.try_into().expect("four")));
        (raw.channel, raw.token) = (word(token)?, word(token + 4)?);
        Some(raw)
    }

    /// Gives whether it could be sent.
    fn message(&mut self, kind: &[u8; 4], body: &[u8]) -> bool {
        self.sequence += 1;
        let mut bytes = Vec::with_capacity(body.len() + 16);
        for word in [self.channel, self.token, self.sequence, 2] {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        bytes.extend_from_slice(body);
        self.write(kind, &bytes)
    }

    fn write(&mut self, kind: &[u8; 4], body: &[u8]) -> bool {
        let mut message = kind.to_vec();
        message.extend_from_slice(&(body.len() as u32 + 8).to_le_bytes());
        message.extend_from_slice(body);
        self.stream.write_all(&message).is_ok()
    }

    fn answer(&mut self) -> Option<Vec<u8>> {
        let mut head = [0; 8];
        self.stream.read_exact(&mut head).ok()?;
        let length = u32::from_le_bytes(head[4..].try_into().expect("four bytes")) as usize;
        let mut rest = vec![0; length.checked_sub(8)?];
        self.stream.read_exact(&mut rest).ok()?;
        Some([head.to_vec(), rest].concat())
    }

    /// Waits for its end; gives the code of the error that was told.
    fn ended(&mut self) -> Option<u32> {
        let mut code = None;
        while let Some(answer) = self.answer() {
            if &answer[..3] == b"ERR" {
                code = answer.get(8..12).map(|bytes| u32::from_le_bytes(bytes.try_into().expect("four")));
            }
        }
        code
    }
}

fn text(bytes: &mut Vec<u8>, text: &[u8]) {
    bytes.extend_from_slice(&(text.len() as i32).to_le_bytes());
    bytes.extend_from_slice(text);
}

/// Channel, security header, and what follows.
fn opening(policy: &str, certificate: &[u8], rest: &[u8]) -> Vec<u8> {
    sealed(policy, certificate, &[7; 20], rest)
}

/// The same, encrypted for the certificate with this thumbprint.
fn sealed(policy: &str, certificate: &[u8], thumbprint: &[u8], rest: &[u8]) -> Vec<u8> {
    let mut bytes = 0_u32.to_le_bytes().to_vec();
    text(&mut bytes, policy.as_bytes());
    if certificate.is_empty() {
        bytes.extend_from_slice(&[0xFF; 8]);
    } else {
        text(&mut bytes, certificate);
        text(&mut bytes, thumbprint);
    }
    bytes.extend_from_slice(rest);
    bytes
}

fn open_request(sequence: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(&sequence.to_le_bytes());
    bytes.extend_from_slice(&1_u32.to_le_bytes());
    bytes.extend_from_slice(&header(446, &[]));
    for word in [0_u32, 0, 1, u32::MAX, 600_000] {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes
}

/// Type id and RequestHeader, with this as additional header.
fn header(type_id: u16, additional: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x01, 0x00];
    bytes.extend_from_slice(&type_id.to_le_bytes());
    bytes.extend_from_slice(&[0x00, 0x00]);
    bytes.extend_from_slice(&[0; 8]);
    bytes.extend_from_slice(&1_u32.to_le_bytes());
    bytes.extend_from_slice(&0_u32.to_le_bytes());
    bytes.extend_from_slice(&(-1_i32).to_le_bytes());
    bytes.extend_from_slice(&10_000_u32.to_le_bytes());
    if additional.is_empty() {
        bytes.extend_from_slice(&[0; 3])
    } else {
        bytes.extend_from_slice(additional)
    }
    bytes
}

fn get_endpoints(additional: &[u8]) -> Vec<u8> {
    let mut request = header(428, additional);
    text(&mut request, b"opc.tcp://127.0.0.1");
    request.extend_from_slice(&[0xFF; 8]);
    request
}

#[test]
fn attack_chunks_without_a_final_one() {
    let mut stand = Stand::new();
    stand.survives("chunks without a final one", |address| {
        for _ in 0..20 {
            let mut raw = Raw::open(address).expect("a channel");
            while raw.message(b"MSGC", &vec![0; 60_000]) {}
        }
    });
}

#[test]
fn attack_a_hoard_of_chunks_before_anybody_is_known() {
    let mut stand = Stand::new();
    stand.survives("a hoard before anybody is known", |address| {
        let mut held = Vec::new();
        for _ in 0..1_000 {
            let Ok(stream) = TcpStream::connect(address) else { continue };
            let _ = stream.set_write_timeout(Some(Duration::from_millis(50)));
            let mut raw = Raw { stream, channel: 0, token: 0, sequence: 1 };
            // A body that never comes, as large as the header can say.
            let _ = raw.stream.write_all(b"HELF\xff\xff\xff\x7f");
            held.push(raw);
        }
        let mut waiting = Vec::new();
        for _ in 0..10 {
            let stream = TcpStream::connect(address).expect("a connection");
            stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
            waiting.push(stream);
        }
        // Nobody says anything; the door does not wait for ever.
        let began = Instant::now();
        for mut stream in waiting {
            let _ = stream.read_to_end(&mut Vec::new());
        }
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    });
    assert!(stand.counter("face_refused_connections") + stand.counter("face_misbehaved") > 900);
}

#[test]
fn attack_many_channels_on_one_connection() {
    let mut stand = Stand::new();
    stand.survives("many channels on one connection", |address| {
        for _ in 0..5 {
            let mut raw = Raw::open(address).expect("a channel");
            let mut count = 0;
            while count < 1_000 && raw.write(b"OPNF", &opening(NONE, &[], &open_request(100 + count))) {
                count += 1;
            }
            assert!(raw.ended().is_some(), "it is cut off");
        }
    });
}

#[test]
fn attack_values_nested_without_end() {
    // In the one request that a stranger may send, and in every one where that was spelled out.
    let bodies: [(&str, Vec<u8>); 2] = [
        // An extension object in an extension object; a variant in a data value in a variant.
        ("additional header", [0x01, 0x00, 0x01, 0x03, 0x01].to_vec()),
        ("diagnostics", vec![0x40]),
    ];
    let mut closed = Stand::new();
    closed.survives("nested, to a closed face", |address| {
        for (_, level) in &bodies {
            let mut raw = Raw::open(address).expect("a channel");
            let nested: Vec<u8> = level.iter().copied().cycle().take(15_000).collect();
            raw.message(b"MSGF", &get_endpoints(&nested));
            let _ = raw.answer();
            // Anything else than looking around ends the connection.
            let mut raw = Raw::open(address).expect("a channel");
            raw.message(b"MSGF", &[header(673, &[]), nested].concat());
            assert_eq!(raw.ended(), Some(0x8055_0000));
        }
    });
    let mut open = Stand::with("none-i-accept-the-risk");
    // The stack that the deepest value takes stays with its thread: memory grows once, for each of two threads, and not again.
    let before = open.memory();
    let attack = |address: SocketAddr| {
        let cases: [(&[u8], &[u8]); 2] = [(b"", &[0x01, 0x17]), (&[0x01, 0x19], &[0x40])];
        for (head, level) in cases {
            let mut raw = Raw::open(address).expect("a channel");
            let mut request = header(673, &[]);
            request.extend_from_slice(&1_i32.to_le_bytes());
            request.extend_from_slice(&[0x00, 84]);
            request.extend_from_slice(&13_u32.to_le_bytes());
            request.extend_from_slice(&(-1_i32).to_le_bytes());
            request.extend_from_slice(head);
            request.extend(level.iter().copied().cycle().take(120_000));
            let half = request.len() / 2;
            raw.message(b"MSGC", &request[..half]);
            raw.message(b"MSGF", &request[half..]);
            let _ = raw.answer();
        }
    };
    for _ in 0..8 {
        attack(open.address);
    }
    assert!(open.memory() < before + 2 * 256 * 1024, "{} KiB", open.memory());
    open.survives("nested, to an open face, again", attack);
}

#[test]
fn attack_an_array_with_an_impossible_shape() {
    let mut stand = Stand::with("none-i-accept-the-risk");
    stand.survives("impossible arrays", |address| {
        for dimensions in [[0_i32, 5], [i32::MAX, i32::MAX], [-1, -1], [65_536, 65_536]] {
            let mut raw = Raw::open(address).expect("a channel");
            let mut request = header(673, &[]);
            request.extend_from_slice(&1_i32.to_le_bytes());
            request.extend_from_slice(&[0x00, 84]);
            request.extend_from_slice(&13_u32.to_le_bytes());
            request.extend_from_slice(&(-1_i32).to_le_bytes());
            // A Variant that is an Int32 matrix without values.
            request.extend_from_slice(&[0x01, 0xC6]);
            request.extend_from_slice(&0_i32.to_le_bytes());
            request.extend_from_slice(&2_i32.to_le_bytes());
            dimensions.iter().for_each(|one| request.extend_from_slice(&one.to_le_bytes()));
            raw.message(b"MSGF", &request);
            let _ = raw.answer();
        }
        for length in [i32::MAX, -2, 1 << 24] {
            let mut raw = Raw::open(address).expect("a channel");
            raw.message(b"MSGF", &[header(629, &[]), length.to_le_bytes().to_vec()].concat());
            let _ = raw.answer();
        }
    });
}

#[test]
fn attack_a_browse_path_without_end() {
    let mut stand = Stand::with("none-i-accept-the-risk");
    stand.survives("a browse path of 8000 steps", |address| {
        let mut raw = Raw::open(address).expect("a channel");
        let mut request = header(554, &[]);
        request.extend_from_slice(&1_i32.to_le_bytes());
        request.extend_from_slice(&[0x00, 85]);
        request.extend_from_slice(&8_000_i32.to_le_bytes());
        for _ in 0..8_000 {
            // Any reference, forward or back, with subtypes, to Server.
            request.extend_from_slice(&[0x00, 33, 0x00, 0x01, 0x00, 0x00]);
            text(&mut request, b"S");
        }
        raw.message(b"MSGF", &request[..60_000.min(request.len())]);
        let _ = raw.answer();
    });
}

#[test]
fn attack_requests_that_wait_for_one_more_byte() {
    let mut stand = Stand::new();
    stand.survives("requests that wait for one more byte", |address| {
        let mut held = Vec::new();
        for _ in 0..200 {
            let Some(mut raw) = Raw::open(address) else { continue };
            let request = get_endpoints(&[]);
            let mut chunk = b"MSGF".to_vec();
            chunk.extend_from_slice(&(request.len() as u32 + 24 + 1).to_le_bytes());
            for word in [raw.channel, raw.token, 2, 2] {
                chunk.extend_from_slice(&word.to_le_bytes());
            }
            chunk.extend_from_slice(&request);
            let _ = raw.stream.write_all(&chunk);
            held.push(raw);
        }
        let mut last = held.pop().expect("one got in");
        let began = Instant::now();
        last.ended();
        assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
    });
}

#[test]
fn attack_text_that_is_no_text() {
    let mut stand = Stand::with("none-i-accept-the-risk");
    stand.survives("broken UTF-8", |address| {
        for broken in [&b"\xff\xfe\xfd"[..], b"\xc0\x80", b"\xed\xa0\x80", b"opc.tcp://\x00\x1b[31m"] {
            let mut raw = Raw::connect(address);
            let mut hello = vec![0; 20];
            text(&mut hello, broken);
            raw.write(b"HELF", &hello);
            let _ = raw.answer();
            let mut raw = Raw::open(address).expect("a channel");
            let mut request = header(461, &[]);
            for _ in 0..3 {
                text(&mut request, broken);
            }
            request.extend_from_slice(&[0; 60]);
            raw.message(b"MSGF", &request);
            let _ = raw.answer();
        }
    });
    assert!(!stand.gateway.log().contains('\u{1b}'), "no control character in the log");
}

#[test]
fn attack_sizes_that_lead_nowhere() {
    let mut stand = Stand::new();
    stand.survives("sizes of nothing", |address| {
        for size in [0_u32, 1, 7, 8, 9, u32::MAX, 0x8000_0000] {
            for kind in [b"HELF", b"OPNF", b"MSGF", b"CLOF", b"RHEF", b"ACKF", b"ERRF", b"\0\0\0\0"] {
                let mut raw = Raw::connect(address);
                let _ = raw.stream.write_all(kind);
                let _ = raw.stream.write_all(&size.to_le_bytes());
                let _ = raw.stream.shutdown(std::net::Shutdown::Write);
                raw.ended();
            }
        }
    });
}

#[test]
fn attack_certificates_that_go_round_or_are_none() {
    let mut stand = Stand::new();
    let (known, (_, thumbprint)) = (stand.certificate(), stand.own());
    stand.survives("certificates that go round, or are none", |address| {
        let mut cases: Vec<Vec<u8>> = vec![
            vec![0x30; 4_000],
            [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF].to_vec(),
            // The same one as its own issuer, again and again.
            known.iter().copied().cycle().take(11_000).collect(),
        ];
        for at in (0..known.len()).step_by(known.len() / 40) {
            let mut changed = known.clone();
            changed[at] ^= 0xFF;
            cases.push(changed);
        }
        for certificate in cases {
            let mut raw = Raw::hello(address);
            if raw.answer().is_none() {
                continue;
            }
            raw.write(b"OPNF", &sealed(BASIC, &certificate, &thumbprint, &[9; 512]));
            raw.ended();
        }
    });
    // They do not fill the disk.
    let rejected = std::fs::read_dir(stand.site.path("data/pki/server/rejected")).expect("a folder").count();
    assert!(rejected <= 64, "{rejected}");
}

#[test]
fn attack_trust_that_was_never_given() {
    let mut stand = Stand::new();
    let folder = stand.site.path("stranger");
    std::fs::create_dir_all(&folder).expect("a folder");
    let peer = Peer::start("face_client.py", &["--folder", folder.to_str().expect("UTF-8"), "--name", "stranger"]);
    let mut stranger = Client { peer, url: stand.served.url.clone() };
    for policy in ["Basic256Sha256", "Aes128Sha256RsaOaep", "Aes256Sha256RsaPss"] {
        assert!(stranger.connect(policy, "SignAndEncrypt", Some(("mes", PASSWORD))).is_some(), "{policy}");
        stranger.ask(&json!({ "do": "close" }));
    }
    stand.serves("a stranger");
    // Policies that are not offered, whoever asks.
    let known = stand.certificate();
    for policy in ["Basic128Rsa15", "Basic256", "None?", ""] {
        let mut raw = Raw::hello(stand.address);
        raw.answer().expect("an acknowledge");
        let policy = format!("http://opcfoundation.org/UA/SecurityPolicy#{policy}");
        raw.write(b"OPNF", &opening(&policy, &known, &[9; 512]));
        assert_eq!(raw.ended(), Some(0x8055_0000), "{policy}");
    }
}

#[test]
fn attack_a_client_that_does_not_read() {
    let mut stand = Stand::with("none-i-accept-the-risk");
    stand.survives("a client that does not read", |address| {
        for _ in 0..5 {
            let mut raw = Raw::open(address).expect("a channel");
            raw.stream.set_write_timeout(Some(Duration::from_millis(500))).expect("a limit");
            let request = get_endpoints(&[]);
            for _ in 0..20_000 {
                if !raw.message(b"MSGF", &request) {
                    break;
                }
            }
        }
    });
}

#[test]
fn row_102_our_own_answer_sent_back_to_us_opens_nothing() {
    let mut stand = Stand::new();
    // The gateway's own certificates, of both roles, in the place of a client's: whoever relays what one role signed to the
    // other finds another key and another name there.
    let (own, thumbprint) = stand.own();
    let trusted = stand.site.command(&[
        "cert",
        "trust",
        "--face",
        stand.site.path("data/pki/server/own/certificate.der").to_str().expect("UTF-8"),
    ]);
    assert!(trusted.status.success());
    let codes = stand.survives("our own certificate sent back", |address| {
        let mut codes = Vec::new();
        for _ in 0..10 {
            let mut raw = Raw::hello(address);
            raw.answer().expect("an acknowledge");
            raw.write(b"OPNF", &sealed(BASIC, &own, &thumbprint, &[9; 512]));
            codes.push(raw.ended());
        }
        codes
    });
    assert!(codes.iter().all(|code| *code == Some(0x8013_0000)), "{codes:?}");
    let log = stand.gateway.log();
    assert!(log.contains("QIAO-F006") && log.contains("not made for a client"), "{log}");
}

#[test]
fn row_103_a_channel_that_cannot_be_opened_is_answered_in_one_way_and_one_time() {
    let mut stand = Stand::new();
    let (known, (_, thumbprint)) = (stand.certificate(), stand.own());
    let seen = stand.survives("mutated ciphertexts", |address| {
        let mut seen: Vec<(Option<u32>, Duration)> = Vec::new();
        for number in 0..60_u32 {
            // Blocks of the right size and of wrong ones, numbers below and above the modulus.
            let length = [256, 512, 255, 16, 256, 512][number as usize % 6];
            let first = [0x00, 0x01, 0x7F, 0xFF][number as usize % 4];
            let mut cipher: Vec<u8> = (0..length).map(|at| (at * 31 + number) as u8).collect();
            cipher[0] = first;
            let bytes = sealed(BASIC, &known, &thumbprint, &cipher);
            let mut raw = Raw::hello(address);
            if raw.answer().is_none() {
                continue;
            }
            let began = Instant::now();
            raw.write(b"OPNF", &bytes);
            seen.push((raw.ended(), began.elapsed()));
        }
        seen
    });
    // Those for whom there was no room any more were told that, and nothing of the channel.
    let told: Vec<_> = seen.iter().filter(|(code, _)| code.is_some_and(|code| code != 0x8081_0000)).collect();
    assert!(told.iter().all(|(code, _)| *code == Some(0x8013_0000)) && told.len() >= 20, "{seen:?}");
    assert!(!stand.gateway.log().contains("panicked"), "{}", stand.gateway.log());
    // Nobody learns from the clock what was wrong: answers come at fixed moments.
    assert!(told.iter().all(|(_, after)| *after >= Duration::from_millis(150)), "{seen:?}");
    // Whoever tries again and again is slowed down.
    assert!(told.len() < seen.len(), "{} of {} were let so far", told.len(), seen.len());
    wait_for("it is counted", || (stand.counter("face_refused_channels") > 0).then_some(()));
}
