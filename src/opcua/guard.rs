//! Looks at every chunk header before the stack sees it.
//!
//! The stack reads as many bytes as a chunk header announces, up to 4 GiB, and takes an OpenSecureChannel response in
//! clear text or under any certificate, whatever the channel's policy. So between the socket and the stack each chunk
//! is held to the size that was agreed on, and an OpenSecureChannel response to the policy and the very certificate
//! that was pinned (OPC 10000-6 §6.7.2). A stranger on the wire gets nothing larger than [`OPEN_BYTES_MAX`] decoded.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf, Take};

/// An OpenSecureChannel response holds two nonces and a certificate chain.
pub const OPEN_BYTES_MAX: u32 = 16 * 1024;
/// Acknowledge and Error messages: OPC 10000-6 §7.1.2.4 limits the reason to 4,096 bytes.
const CONTROL_BYTES_MAX: u32 = 8 * 1024;
const HEADER_BYTES: usize = 8;

/// What the peer has to show on its OpenSecureChannel responses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// URI of the security policy.
    pub policy: String,
    /// DER of the server's certificate; empty for the policy `None`.
    pub certificate: Vec<u8>,
}

/// Why a chunk was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("a chunk of {bytes} bytes, where at most {limit} were agreed on")]
    TooLarge { bytes: u32, limit: u32 },
    #[error("a chunk of the kind {kind:?}, which no server sends")]
    Kind { kind: String },
    #[error("the security policy {found:?} instead of the one agreed on")]
    Policy { found: String },
    #[error("another certificate than the pinned one")]
    Certificate,
    #[error("a damaged OpenSecureChannel header")]
    Damaged,
}

/// Where a refusal is left for whoever asks why the link went down.
pub type RefusalSlot = Arc<Mutex<Option<Refusal>>>;

/// A byte stream that is looked at.
#[derive(Debug)]
pub struct Guarded<R> {
    inner: Take<R>,
    state: State,
    chunk_max: u32,
    pinned: Pinned,
    refused: RefusalSlot,
}

#[derive(Debug)]
enum State {
    /// Gathers a header, or a whole OpenSecureChannel chunk.
    Gather { bytes: Vec<u8>, have: usize },
    /// Hands out what was gathered; then so many bytes of body follow.
    Release { bytes: Vec<u8>, at: usize, body: u64 },
    /// Passes the body through.
    Body { left: u64 },
}

impl State {
    fn header() -> Self {
        Self::Gather { bytes: vec![0; HEADER_BYTES], have: 0 }
    }
}

impl<R: AsyncRead + Unpin> Guarded<R> {
    pub fn new(inner: R, chunk_max: u32, pinned: Pinned, refused: RefusalSlot) -> Self {
        Self { inner: inner.take(0), state: State::header(), chunk_max, pinned, refused }
    }

    /// What follows once `bytes` are gathered: more to gather, or bytes to hand out.
    fn judge(&self, bytes: Vec<u8>) -> Result<State, Refusal> {
        let size = u32::from_le_bytes(chunk(&bytes, 4)?);
        let limit = match &bytes[..3] {
            b"MSG" | b"CLO" => self.chunk_max,
            b"OPN" => OPEN_BYTES_MAX,
            b"ACK" | b"ERR" => CONTROL_BYTES_MAX,
            other => return Err(Refusal::Kind { kind: String::from_utf8_lossy(other).into_owned() }),
        };
        if size > limit {
            return Err(Refusal::TooLarge { bytes: size, limit });
        }
        let body = (size as usize).checked_sub(HEADER_BYTES).ok_or(Refusal::Damaged)?;
        if &bytes[..3] != b"OPN" {
            return Ok(State::Release { bytes, at: 0, body: body as u64 });
        }
        if bytes.len() < size as usize {
            // One final chunk, always: it is smaller than any buffer a peer may offer.
            if bytes[3] != b'F' {
                return Err(Refusal::Damaged);
            }
            let have = bytes.len();
            let mut bytes = bytes;
            bytes.resize(size as usize, 0);
            return Ok(State::Gather { bytes, have });
        }
        self.check_open(&bytes)?;
        Ok(State::Release { bytes, at: 0, body: 0 })
    }

    /// OPC 10000-6 §6.7.2.3: channel id, policy URI, sender certificate.
    fn check_open(&self, bytes: &[u8]) -> Result<(), Refusal> {
        let (policy, at) = block(bytes, HEADER_BYTES + 4)?;
        if policy != self.pinned.policy.as_bytes() {
            return Err(Refusal::Policy { found: String::from_utf8_lossy(policy).chars().take(80).collect() });
        }
        let (certificate, _) = block(bytes, at)?;
        // The leaf stands first; a chain may follow it.
        if !self.pinned.certificate.is_empty() && !certificate.starts_with(&self.pinned.certificate) {
            return Err(Refusal::Certificate);
        }
        Ok(())
    }
}

fn chunk<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], Refusal> {
    bytes.get(at..at + N).and_then(|bytes| bytes.try_into().ok()).ok_or(Refusal::Damaged)
}

/// A block with its length before it (-1: none), and where the next one begins.
fn block(bytes: &[u8], at: usize) -> Result<(&[u8], usize), Refusal> {
    let length = usize::try_from(i32::from_le_bytes(chunk(bytes, at)?)).unwrap_or(0);
    let start = at + 4;
    let end = start.checked_add(length).ok_or(Refusal::Damaged)?;
    Ok((bytes.get(start..end).ok_or(Refusal::Damaged)?, end))
}

impl<R: AsyncRead + Unpin> AsyncRead for Guarded<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            let this = &mut *self;
            match &mut this.state {
                State::Release { bytes, at, body } => {
                    let count = (bytes.len() - *at).min(buf.remaining());
                    buf.put_slice(&bytes[*at..*at + count]);
                    *at += count;
                    if *at == bytes.len() {
                        this.state = if *body == 0 { State::header() } else { State::Body { left: *body } };
                    }
                    return Poll::Ready(Ok(()));
                }
                State::Body { left } => {
                    this.inner.set_limit(*left);
                    let before = buf.filled().len();
                    ready!(Pin::new(&mut this.inner).poll_read(cx, buf))?;
                    *left -= (buf.filled().len() - before) as u64;
                    if *left == 0 {
                        this.state = State::header();
                    }
                    return Poll::Ready(Ok(()));
                }
                State::Gather { bytes, have } => {
                    let mut part = ReadBuf::new(&mut bytes[*have..]);
                    ready!(Pin::new(this.inner.get_mut()).poll_read(cx, &mut part))?;
                    let count = part.filled().len();
                    if count == 0 {
                        let torn = if *have == 0 { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
                        return Poll::Ready(torn);
                    }
                    *have += count;
                    if *have < bytes.len() {
                        continue;
                    }
                    let gathered = std::mem::take(bytes);
                    match this.judge(gathered) {
                        Ok(next) => this.state = next,
                        Err(refusal) => {
                            let error = io::Error::new(io::ErrorKind::InvalidData, refusal.clone());
                            *this.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(refusal);
                            return Poll::Ready(Err(error));
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = "http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256";

    fn message(kind: &[u8; 4], size: u32, body: &[u8]) -> Vec<u8> {
        [kind.as_slice(), &size.to_le_bytes(), body].concat()
    }

    fn open(policy: &str, certificate: &[u8]) -> Vec<u8> {
        let mut body = 7_u32.to_le_bytes().to_vec();
        for part in [policy.as_bytes(), certificate, b"thumbprint"] {
            body.extend_from_slice(&(part.len() as u32).to_le_bytes());
            body.extend_from_slice(part);
        }
        message(b"OPNF", 8 + body.len() as u32, &body)
    }

    async fn through(bytes: &[u8]) -> Result<Vec<u8>, Option<Refusal>> {
        let pinned = Pinned { policy: POLICY.to_owned(), certificate: b"pinned".to_vec() };
        let refused = RefusalSlot::default();
        let mut guarded = Guarded::new(bytes, 100, pinned, Arc::clone(&refused));
        let mut out = Vec::new();
        match guarded.read_to_end(&mut out).await {
            Ok(_) => Ok(out),
            Err(_) => Err(refused.lock().expect("not poisoned").take()),
        }
    }

    #[tokio::test]
    async fn what_was_agreed_on_passes_unchanged() {
        let bytes = [
            message(b"ACKF", 28, &[1; 20]),
            open(POLICY, b"pinned"),
            open(POLICY, b"pinned and its chain"),
            message(b"MSGC", 100, &[2; 92]),
            message(b"MSGF", 8, &[]),
            message(b"MSGF", 9, &[3]),
        ]
        .concat();
        assert_eq!(through(&bytes).await, Ok(bytes));
        assert_eq!(through(b"MSG").await, Err(None));
    }

    #[tokio::test]
    async fn what_was_not_is_refused_before_it_is_read() {
        let table = [
            (message(b"MSGF", 101, &[]), Refusal::TooLarge { bytes: 101, limit: 100 }),
            (message(b"MSGF", u32::MAX, &[]), Refusal::TooLarge { bytes: u32::MAX, limit: 100 }),
            (message(b"OPNF", 20_000, &[]), Refusal::TooLarge { bytes: 20_000, limit: OPEN_BYTES_MAX }),
            (message(b"MSGF", 3, &[]), Refusal::Damaged),
            (message(b"OPNC", 50, &[0; 42]), Refusal::Damaged),
            (message(b"OPNF", 50, &[0xFF; 42]), Refusal::Policy { found: String::new() }),
            (message(b"HELF", 50, &[0; 42]), Refusal::Kind { kind: "HEL".to_owned() }),
            (
                open("http://opcfoundation.org/UA/SecurityPolicy#None", b""),
                Refusal::Policy { found: "http://opcfoundation.org/UA/SecurityPolicy#None".to_owned() },
            ),
            (open(POLICY, b"another"), Refusal::Certificate),
            (open(POLICY, b""), Refusal::Certificate),
        ];
        for (bytes, refusal) in table {
            assert_eq!(through(&bytes).await, Err(Some(refusal)));
        }
    }
}
