//! What one connection may send, and when: judged chunk by chunk before the server sees it. Pure; time comes in.

use super::chunk::{self, Header, Kind, OpenHeader, Part};
use crate::opcua::serving::{CHUNKS_MAX, MESSAGE_BYTES_MAX};
use std::time::Duration;

/// From the first byte to an open channel.
pub(super) const HANDSHAKE: Duration = Duration::from_secs(5);
/// For one message whose first chunk is there, and for one chunk whose first byte is.
pub(super) const MESSAGE: Duration = Duration::from_secs(10);
/// How long a client that is not known may look around.
pub(super) const DISCOVERY: Duration = Duration::from_secs(20);
/// A channel that brings nothing for this long is cut; its token has run out long before.
pub(super) const SILENCE: Duration = Duration::from_secs(2 * 3600);
/// Largest chunk before anybody is known, and all that they may send.
const EARLY_CHUNK: usize = 16 * 1024;
const EARLY_BYTES: usize = 64 * 1024;
const HELLO: usize = 4096 + 64;
/// A chunk is no longer than this (OPC 10000-6 §6.7.1 knows no other limit than the buffers, which are as large).
const CHUNK: usize = 65_535;
/// Renewals of one channel that may come at once, and how far apart they come in the long run.
const RENEWALS: u32 = 5;
const RENEWAL_EVERY: Duration = Duration::from_secs(10);
/// `GetEndpoints`, `FindServers`, `FindServersOnNetwork`.
const DISCOVERY_SERVICES: [u32; 3] = [428, 422, 12_208];

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Not what may come now.
    Order,
    /// Not a chunk.
    Malformed,
    TooLarge,
    /// More chunks than a message may have.
    TooManyChunks,
    /// More than a stranger may send.
    Budget,
    /// A policy that is not offered, or another one than that of the channel.
    Policy,
    /// Another certificate than that of the channel, or one that is not let in.
    Certificate,
    /// Not encrypted for us.
    Sealed,
    /// Something else than looking around without security.
    NotSecured,
    TooManyRenewals,
    /// Nothing whole came in time.
    Late,
}

impl Fault {
    /// The protocol's code for it, and its name in findings.
    pub(super) fn told(self) -> (u32, &'static str) {
        match self {
            Self::Order => (0x807E_0000, "order"),
            Self::Malformed => (0x807E_0000, "malformed"),
            Self::TooLarge => (0x8080_0000, "too-large"),
            Self::TooManyChunks => (0x8080_0000, "too-many-chunks"),
            Self::Budget => (0x8080_0000, "budget"),
            Self::Policy => (0x8055_0000, "policy"),
            Self::Certificate => (0x8013_0000, "certificate"),
            Self::Sealed => (0x8013_0000, "sealed"),
            Self::NotSecured => (0x8055_0000, "not-secured"),
            Self::TooManyRenewals => (0x8013_0000, "too-many-renewals"),
            Self::Late => (0x800A_0000, "late"),
        }
    }
}

/// What to do with a chunk.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pass<'a> {
    /// Hand it on.
    On,
    /// Judge the certificate first. Without one it is a channel without security.
    Judge(OpenHeader<'a>),
}

/// One connection.
#[derive(Debug)]
pub(super) struct Gate {
    /// Channels without security may do more than look around.
    is_open: bool,
    state: State,
    bytes: usize,
    chunks: usize,
    message: usize,
    message_since: Option<Duration>,
    began: Duration,
    last: Duration,
    renewals: u32,
    renewed: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Hello,
    Open,
    Channel { policy: String, certificate: Vec<u8> },
}

/// No security.
pub(super) const NONE: &str = "http://opcfoundation.org/UA/SecurityPolicy#None";
/// What is offered beside it.
pub(super) const OFFERED: [&str; 3] = [
    "http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256",
    "http://opcfoundation.org/UA/SecurityPolicy#Aes128_Sha256_RsaOaep",
    "http://opcfoundation.org/UA/SecurityPolicy#Aes256_Sha256_RsaPss",
];

impl Gate {
    pub(super) fn new(is_open: bool, now: Duration) -> Self {
        Self {
            is_open,
            state: State::Hello,
            bytes: 0,
            chunks: 0,
            message: 0,
            message_since: None,
            began: now,
            last: now,
            renewals: 0,
            renewed: now,
        }
    }

    /// Whether the client is one that was let in.
    pub(super) fn is_known(&self) -> bool {
        matches!(&self.state, State::Channel { policy, .. } if self.is_open || policy != NONE)
    }

    /// When it is over if nothing whole comes before.
    pub(super) fn deadline(&self, is_in_chunk: bool) -> Duration {
        let whole = match (self.message_since, is_in_chunk) {
            (Some(since), _) => since + MESSAGE,
            (None, true) => self.last + MESSAGE,
            (None, false) => self.last + SILENCE,
        };
        match &self.state {
            State::Hello | State::Open => self.began + HANDSHAKE,
            State::Channel { .. } if !self.is_known() => self.began + DISCOVERY,
            State::Channel { .. } => whole,
        }
    }

    /// Whether a chunk with this header may come now; its bytes need not be there yet.
    pub(super) fn announce(&mut self, header: Header, now: Duration) -> Result<(), Fault> {
        self.last = now;
        match (&self.state, header.kind) {
            (State::Hello, Kind::Hello) if header.size <= HELLO => {}
            (State::Hello, Kind::Hello) => return Err(Fault::TooLarge),
            (State::Open, Kind::Open) | (State::Channel { .. }, Kind::Open | Kind::Message | Kind::Close) => {}
            _ => return Err(Fault::Order),
        }
        let is_known = self.is_known();
        let most = if is_known && header.kind == Kind::Message { CHUNK } else { EARLY_CHUNK };
        if header.size > most {
            return Err(Fault::TooLarge);
        }
        self.bytes = self.bytes.saturating_add(header.size);
        if !is_known && self.bytes > EARLY_BYTES {
            return Err(Fault::Budget);
        }
        Ok(())
    }

    /// Judges a whole chunk.
    pub(super) fn judge<'a>(&mut self, header: Header, chunk: &'a [u8], now: Duration) -> Result<Pass<'a>, Fault> {
        self.last = now;
        match header.kind {
            Kind::Hello => {
                self.state = State::Open;
                Ok(Pass::On)
            }
            Kind::Close => Ok(Pass::On),
            Kind::Open => self.open(chunk, now),
            Kind::Message => self.part(header, chunk, now).map(|()| Pass::On),
        }
    }

    fn open<'a>(&mut self, chunk: &'a [u8], now: Duration) -> Result<Pass<'a>, Fault> {
        let opening = OpenHeader::read(chunk).ok_or(Fault::Malformed)?;
        if let State::Channel { policy, certificate } = &self.state {
            // A renewal: by whom the channel is, and as it is.
            if policy != opening.policy {
                return Err(Fault::Policy);
            }
            if certificate != opening.certificate {
                return Err(Fault::Certificate);
            }
            let fewer = (now.saturating_sub(self.renewed).as_secs() / RENEWAL_EVERY.as_secs()) as u32;
            if fewer > 0 {
                self.renewals = self.renewals.saturating_sub(fewer);
                self.renewed = now;
            }
            self.renewals += 1;
            return if self.renewals > RENEWALS { Err(Fault::TooManyRenewals) } else { Ok(Pass::On) };
        }
        if opening.policy == NONE {
            return if opening.certificate.is_empty() || self.is_open {
                Ok(Pass::Judge(opening))
            } else {
                Err(Fault::Policy)
            };
        }
        if !OFFERED.contains(&opening.policy) {
            return Err(Fault::Policy);
        }
        if opening.certificate.is_empty() { Err(Fault::Certificate) } else { Ok(Pass::Judge(opening)) }
    }

    /// The certificate was judged, and the channel may be opened.
    pub(super) fn opened(&mut self, opening: &OpenHeader<'_>) {
        let (policy, certificate) = (opening.policy.to_owned(), opening.certificate.to_vec());
        self.state = State::Channel { policy, certificate };
    }

    fn part(&mut self, header: Header, chunk: &[u8], now: Duration) -> Result<(), Fault> {
        if !self.is_known() {
            // Without security one may look around and nothing else; no such request is longer than one chunk.
            let is_discovery = chunk::service(chunk).is_some_and(|service| DISCOVERY_SERVICES.contains(&service));
            return if header.part == Part::Final && is_discovery { Ok(()) } else { Err(Fault::NotSecured) };
        }
        if header.part == Part::Aborted {
            (self.chunks, self.message, self.message_since) = (0, 0, None);
            return Ok(());
        }
        self.chunks += 1;
        self.message += header.size;
        if self.chunks > CHUNKS_MAX {
            return Err(Fault::TooManyChunks);
        }
        if self.message > MESSAGE_BYTES_MAX {
            return Err(Fault::TooLarge);
        }
        if header.part == Part::Final {
            (self.chunks, self.message, self.message_since) = (0, 0, None);
        } else {
            self.message_since.get_or_insert(now);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(100);

    fn opening(policy: &str, certificate: &[u8]) -> Vec<u8> {
        let mut chunk = b"OPNF\0\0\0\0\x01\0\0\0".to_vec();
        for block in [policy.as_bytes(), certificate, b""] {
            chunk.extend_from_slice(&(block.len() as u32).to_le_bytes());
            chunk.extend_from_slice(block);
        }
        chunk
    }

    fn header(kind: Kind, part: Part, size: usize) -> Header {
        Header { kind, part, size }
    }

    fn send(gate: &mut Gate, header: Header, chunk: &[u8], now: Duration) -> Result<(), Fault> {
        gate.announce(header, now)?;
        if let Pass::Judge(opening) = gate.judge(header, chunk, now)? {
            gate.opened(&opening);
        }
        Ok(())
    }

    fn opened(is_open: bool, policy: &str, certificate: &[u8]) -> Result<Gate, Fault> {
        let mut gate = Gate::new(is_open, START);
        send(&mut gate, header(Kind::Hello, Part::Final, 60), &[], START)?;
        let chunk = opening(policy, certificate);
        send(&mut gate, header(Kind::Open, Part::Final, chunk.len()), &chunk, START)?;
        Ok(gate)
    }

    fn message(gate: &mut Gate, part: Part, size: usize) -> Result<(), Fault> {
        send(gate, header(Kind::Message, part, size), &[0; 64], START)
    }

    #[test]
    fn only_policies_that_are_offered_open_a_channel() {
        for policy in OFFERED {
            assert!(opened(false, policy, b"DER").is_ok_and(|gate| gate.is_known()));
            assert_eq!(opened(false, policy, b"").err(), Some(Fault::Certificate));
        }
        for policy in ["Basic128Rsa15", "Basic256", ""] {
            let policy = format!("http://opcfoundation.org/UA/SecurityPolicy#{policy}");
            assert_eq!(opened(true, &policy, b"DER").err(), Some(Fault::Policy));
        }
    }

    #[test]
    fn without_security_one_may_look_around_and_nothing_else() {
        let mut gate = opened(false, NONE, b"").expect("a channel");
        assert!(!gate.is_known());
        let ask = |number: u16| [&[0; 24][..], &[1, 0], &number.to_le_bytes(), &[0; 8]].concat();
        let whole = header(Kind::Message, Part::Final, 36);
        assert_eq!(send(&mut gate, whole, &ask(428), START), Ok(()));
        assert_eq!(send(&mut gate, whole, &ask(422), START), Ok(()));
        assert_eq!(send(&mut gate, whole, &ask(461), START), Err(Fault::NotSecured));
        assert_eq!(message(&mut gate, Part::Intermediate, 36), Err(Fault::NotSecured));
        assert_eq!(gate.deadline(false), START + DISCOVERY);
        let mut open = opened(true, NONE, b"").expect("a channel");
        assert_eq!(send(&mut open, whole, &ask(461), START), Ok(()));
    }

    #[test]
    fn a_message_has_an_end_in_chunks_in_bytes_and_in_time() {
        let mut gate = opened(false, OFFERED[0], b"DER").expect("a channel");
        assert_eq!(gate.deadline(false), START + SILENCE);
        assert_eq!(message(&mut gate, Part::Intermediate, 60_000), Ok(()));
        assert_eq!(gate.deadline(false), START + MESSAGE);
        assert_eq!(message(&mut gate, Part::Final, 60_000), Ok(()));
        assert_eq!(gate.deadline(false), START + SILENCE);
        for _ in 0..CHUNKS_MAX {
            assert_eq!(message(&mut gate, Part::Intermediate, 60), Ok(()));
        }
        assert_eq!(message(&mut gate, Part::Intermediate, 60), Err(Fault::TooManyChunks));
        let mut gate = opened(false, OFFERED[0], b"DER").expect("a channel");
        assert_eq!(message(&mut gate, Part::Final, 65_536), Err(Fault::TooLarge));
    }

    #[test]
    fn a_stranger_has_a_budget() {
        let mut gate = opened(false, NONE, b"").expect("a channel");
        let ask = [&[0; 24][..], &[1, 0, 0xAC, 1], &[0; 8]].concat();
        let outcome =
            (0..10).try_for_each(|_| send(&mut gate, header(Kind::Message, Part::Final, 16_000), &ask, START));
        assert_eq!(outcome, Err(Fault::Budget));
        let mut gate = Gate::new(false, START);
        assert_eq!(gate.announce(header(Kind::Hello, Part::Final, 100_000), START), Err(Fault::TooLarge));
        assert_eq!(gate.announce(header(Kind::Message, Part::Final, 100), START), Err(Fault::Order));
    }

    #[test]
    fn a_channel_is_renewed_by_whom_it_is_and_not_without_end() {
        let gate = || opened(false, OFFERED[0], b"DER").expect("a channel");
        let renew = |gate: &mut Gate, policy: &str, certificate: &[u8], now| {
            let chunk = opening(policy, certificate);
            send(gate, header(Kind::Open, Part::Final, chunk.len()), &chunk, now)
        };
        assert_eq!(renew(&mut gate(), NONE, b"", START), Err(Fault::Policy));
        assert_eq!(renew(&mut gate(), OFFERED[1], b"DER", START), Err(Fault::Policy));
        assert_eq!(renew(&mut gate(), OFFERED[0], b"OTHER", START), Err(Fault::Certificate));
        let mut steady = gate();
        for number in 1..50 {
            assert_eq!(renew(&mut steady, OFFERED[0], b"DER", START + RENEWAL_EVERY * number), Ok(()));
        }
        let mut hasty = gate();
        let outcome = (0..50).try_for_each(|_| renew(&mut hasty, OFFERED[0], b"DER", START));
        assert_eq!(outcome, Err(Fault::TooManyRenewals));
    }
}
