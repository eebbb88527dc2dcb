//! The simulator as a server among strangers: bytes meant to kill it, a taken port, a clean stop.

use qiao::opcua::simulator::{MACHINES_MAX, Options, Security, Simulator, SimulatorError};
use qiao::port::Clock;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(20);
/// Longest chunk and most chunks of a message that the simulator takes.
const CHUNK_MAX: usize = 131_070;
const CHUNKS_MAX: usize = 2;

fn options(folder: &TempDir) -> Options {
    Options {
        listen: "127.0.0.1:0".parse().expect("an address"),
        machines: 1,
        seed: 1,
        makes_mistakes: true,
        load: None,
        numbers: None,
        folder: folder.path().join("simulator"),
        security: Security::None,
        user: None,
    }
}

fn start(folder: &TempDir) -> Simulator {
    Simulator::start(options(folder), Clock::start()).expect("it starts")
}

#[test]
fn values_nested_to_the_limit_neither_kill_the_simulator_nor_stop_it_from_serving() {
    let folder = tempfile::tempdir().expect("a folder");
    let simulator = start(&folder);
    // DataValue with a Variant that is a DataValue, and so on; DiagnosticInfo with an inner DiagnosticInfo, and so on.
    let cases: [(&str, &[u8], &[u8]); 2] =
        [("DataValue", b"", &[0x01, 0x17]), ("DiagnosticInfo", &[0x01, 0x19], &[0x40])];
    for (name, head, level) in cases {
        for chunks in 1..=CHUNKS_MAX {
            let mut channel = Channel::open(simulator.address());
            let room = chunks * (CHUNK_MAX - Channel::OVERHEAD) - 200;
            let mut value = head.to_vec();
            value.extend(level.iter().cycle().take((room - head.len()) / level.len() * level.len()));
            value.push(0);
            channel.send(&write_request(&value), chunks);
            // An answer, a fault or the end of the connection: anything but the end of the process.
            let _ = channel.answer();
            assert!(simulator.is_running(), "{name} in {chunks} chunks");
            assert!(endpoints(simulator.address()).contains(&simulator.url()), "after {name} in {chunks} chunks");
        }
    }
}

#[test]
fn a_chunk_and_a_message_over_the_limit_end_the_connection_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let simulator = start(&folder);
    let request = write_request(&vec![0; CHUNK_MAX * 3]);
    for chunks in [1, 4] {
        let mut channel = Channel::open(simulator.address());
        channel.send(&request, chunks);
        let answer = channel.answer();
        assert!(answer.is_none_or(|answer| &answer[..3] == b"ERR"), "in {chunks} chunks");
        assert!(!endpoints(simulator.address()).is_empty());
    }
}

#[test]
fn endpoint_addresses_are_told_in_full() {
    let folder = tempfile::tempdir().expect("a folder");
    let simulator = start(&folder);
    let url = format!("{}/", simulator.url());
    let answer = endpoints(simulator.address());
    // Once as the endpoint's address, once as the discovery address.
    assert_eq!(answer.matches(&url).count(), 2, "{answer}");
}

#[test]
fn a_taken_port_is_named_and_a_stop_frees_the_port() {
    let folder = tempfile::tempdir().expect("a folder");
    let simulator = start(&folder);
    let address = simulator.address();
    let again = Simulator::start(Options { listen: address, ..options(&folder) }, Clock::start());
    assert!(matches!(again, Err(SimulatorError::AddressTaken { address: taken }) if taken == address));
    // A client that stays connected does not hold the stop up for ever.
    let _channel = Channel::open(address);
    simulator.stop();
    drop(TcpListener::bind(address).expect("the port is free"));
}

#[test]
fn more_machines_than_fit_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let many = Options { machines: MACHINES_MAX + 1, ..options(&folder) };
    let error = Simulator::start(many, Clock::start()).expect_err("too many");
    assert_eq!(error.finding().code.0, "QIAO-D003");
}

#[test]
fn the_private_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let secured = Options { security: Security::Secured, ..options(&folder) };
    let simulator = Simulator::start(secured, Clock::start()).expect("it starts");
    let key = folder.path().join("simulator/private/key.pem");
    assert_eq!(key.metadata().expect("a key").permissions().mode() & 0o777, 0o600);
    let offered = endpoints(simulator.address());
    assert!(offered.contains("#Aes256_Sha256_RsaPss") && offered.contains("#Basic256Sha256"), "{offered}");
    assert!(!offered.contains("SecurityPolicy#None"), "{offered}");
}

/// What the server answers to GetEndpoints, as text with the binary parts left out.
fn endpoints(address: SocketAddr) -> String {
    let mut channel = Channel::open(address);
    let mut request = header(428);
    text(&mut request, &format!("opc.tcp://{address}"));
    request.extend_from_slice(&[0xFF; 8]);
    channel.send(&request, 1);
    let answer = channel.answer().expect("an answer");
    answer.iter().map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { ' ' }).collect()
}

/// WriteRequest with one node and this encoded DataValue.
fn write_request(value: &[u8]) -> Vec<u8> {
    let mut request = header(673);
    request.extend_from_slice(&1_i32.to_le_bytes());
    request.extend_from_slice(&[0x00, 84]);
    request.extend_from_slice(&13_u32.to_le_bytes());
    request.extend_from_slice(&(-1_i32).to_le_bytes());
    request.extend_from_slice(value);
    request
}

/// Type id and RequestHeader.
fn header(type_id: u16) -> Vec<u8> {
    let mut bytes = vec![0x01, 0x00];
    bytes.extend_from_slice(&type_id.to_le_bytes());
    bytes.extend_from_slice(&[0x00, 0x00]);
    bytes.extend_from_slice(&[0; 8]);
    bytes.extend_from_slice(&1_u32.to_le_bytes());
    bytes.extend_from_slice(&0_u32.to_le_bytes());
    bytes.extend_from_slice(&(-1_i32).to_le_bytes());
    bytes.extend_from_slice(&10_000_u32.to_le_bytes());
    bytes.extend_from_slice(&[0x00, 0x00, 0x00]);
    bytes
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(&(text.len() as i32).to_le_bytes());
    bytes.extend_from_slice(text.as_bytes());
}

/// A secure channel without security, by hand (OPC 10000-6 §6.7, §7.1).
struct Channel {
    stream: TcpStream,
    id: u32,
    token: u32,
    sequence: u32,
}

impl Channel {
    /// Header, channel, token, sequence number and request id of a chunk.
    const OVERHEAD: usize = 24;

    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        stream.set_write_timeout(Some(PATIENCE)).expect("a limit");
        let mut channel = Self { stream, id: 0, token: 0, sequence: 1 };
        let mut hello = Vec::new();
        for limit in [0_u32, 65_535, 65_535, 0, 0] {
            hello.extend_from_slice(&limit.to_le_bytes());
        }
        text(&mut hello, &format!("opc.tcp://{address}"));
        channel.write(b"HELF", &hello);
        assert_eq!(&channel.answer().expect("an acknowledge")[..3], b"ACK");

        let mut open = 0_u32.to_le_bytes().to_vec();
        text(&mut open, "http://opcfoundation.org/UA/SecurityPolicy#None");
        open.extend_from_slice(&[0xFF; 8]);
        open.extend_from_slice(&1_u32.to_le_bytes());
        open.extend_from_slice(&1_u32.to_le_bytes());
        open.extend_from_slice(&header(446));
        for word in [0_u32, 0, 1, u32::MAX, 600_000] {
            open.extend_from_slice(&word.to_le_bytes());
        }
        channel.write(b"OPNF", &open);
        let answer = channel.answer().expect("a channel");
        assert_eq!(&answer[..3], b"OPN", "{answer:?}");
        // The token is the last but its birth (8 bytes), its lifetime (4) and the server's nonce (at least 4).
        let policy = u32::from_le_bytes(answer[12..16].try_into().expect("four bytes")) as usize;
        let body = 16 + policy + 8 + 8 + 4;
        let token = body + 8 + 4 + 4 + 1 + 4 + 3 + 4;
        let word = |at: usize| u32::from_le_bytes(answer[at..at + 4].try_into().expect("four bytes"));
        (channel.id, channel.token) = (word(token), word(token + 4));
        channel
    }

    /// Sends a request in so many chunks; a peer that hangs up in the middle is not our fault.
    fn send(&mut self, request: &[u8], chunks: usize) {
        let parts: Vec<&[u8]> = request.chunks(request.len().div_ceil(chunks)).collect();
        for (at, part) in parts.iter().enumerate() {
            self.sequence += 1;
            let mut body = Vec::with_capacity(part.len() + 16);
            for word in [self.id, self.token, self.sequence, 2] {
                body.extend_from_slice(&word.to_le_bytes());
            }
            body.extend_from_slice(part);
            self.write(if at + 1 == parts.len() { b"MSGF" } else { b"MSGC" }, &body);
        }
    }

    fn write(&mut self, kind: &[u8; 4], body: &[u8]) {
        let mut message = kind.to_vec();
        message.extend_from_slice(&(body.len() as u32 + 8).to_le_bytes());
        message.extend_from_slice(body);
        let _ = self.stream.write_all(&message);
    }

    /// The next message, put together from its chunks; nothing when the server hangs up.
    fn answer(&mut self) -> Option<Vec<u8>> {
        let mut whole = Vec::new();
        loop {
            let mut head = [0; 8];
            match self.stream.read_exact(&mut head) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => panic!("no answer within {PATIENCE:?}"),
                Err(_) => return None,
            }
            let length = u32::from_le_bytes(head[4..].try_into().expect("four bytes")) as usize;
            let mut rest = vec![0; length - 8];
            self.stream.read_exact(&mut rest).ok()?;
            whole.extend_from_slice(&head);
            whole.extend_from_slice(&rest);
            if head[3] != b'C' {
                return Some(whole);
            }
        }
    }
}
