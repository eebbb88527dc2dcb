//! The door: takes connections, judges every chunk before the server sees it, and hands on what is good.
//!
//! The crate's server has no hook for certificates, no limit on connections and no deadline for a message. So it listens
//! on loopback alone, and whoever comes has to come through here.

use super::admission::{Full, Place};
use super::chunk::{self, HEADER, Header, Kind, OpenHeader, Part};
use super::facts::add;
use super::gate::{Fault, Gate, NONE, Pass};
use super::ward::Ward;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

/// Requests that wait for their answer on one connection; the client waits for room beyond.
const IN_FLIGHT_MAX: usize = 100;
/// A client that does not read for this long is cut off.
const UNREAD: Duration = Duration::from_secs(30);
/// A channel that could not be opened is answered after this time, whatever the reason: nobody learns it from the clock.
const REFUSAL_AFTER: Duration = Duration::from_millis(250);
const CHUNK_MAX: usize = 1 << 17;
const BAD_SECURITY_CHECKS_FAILED: u32 = 0x8013_0000;
const BAD_TCP_NOT_ENOUGH_RESOURCES: u32 = 0x8081_0000;

/// Takes connections until told to stop; those that are open then end with it.
pub(super) async fn run(listener: TcpListener, inner: SocketAddr, ward: Arc<Ward>, stop: CancellationToken) {
    let mut visitors = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            // A connection that panicked was told by its runtime; it held nothing but its own place.
            Some(_) = visitors.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, from)) => admit(stream, from, inner, &ward, &stop, &mut visitors),
            Err(error) => {
                // Out of descriptors: those who are inside go on, and others wait.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn admit(
    mut stream: TcpStream,
    from: SocketAddr,
    inner: SocketAddr,
    ward: &Arc<Ward>,
    stop: &CancellationToken,
    visitors: &mut JoinSet<()>,
) {
    add(&ward.counters.connections);
    let place = match ward.admission.arrive(from.ip()) {
        Ok(place) => place,
        Err(full) => {
            ward.full(full, from);
            visitors.spawn(async move {
                let _ = timeout(Duration::from_secs(1), stream.write_all(&not_enough())).await;
            });
            return;
        }
    };
    let (ward, stop) = (Arc::clone(ward), stop.child_token());
    visitors.spawn(async move {
        // Whoever keeps an eye on it learns that it is over.
        let _over = stop.clone().drop_guard();
        let visitor = Visitor { from, ward: Arc::clone(&ward), stop };
        if let Err(End::Fault(fault)) = visitor.serve(stream, inner, place).await {
            ward.misbehaved(fault, from);
        }
    });
}

fn not_enough() -> Vec<u8> {
    chunk::error(BAD_TCP_NOT_ENOUGH_RESOURCES, "")
}

/// Why a connection came to its end.
#[derive(Debug)]
enum End {
    Fault(Fault),
    /// The server refused the channel.
    Unopened,
    /// There is no room inside.
    Full,
    /// Told already, or nothing to tell: the peer hung up, or was not let in.
    Over,
}

impl From<Fault> for End {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        Self::Over
    }
}

/// One connection.
struct Visitor {
    from: SocketAddr,
    ward: Arc<Ward>,
    stop: CancellationToken,
}

/// What both directions of a connection know of each other.
#[derive(Debug, Default)]
struct Traffic {
    in_flight: AtomicUsize,
    answered: Notify,
    /// An OpenSecureChannel was handed on.
    is_asked: AtomicBool,
    /// The server answered the first one.
    is_open: AtomicBool,
}

impl Visitor {
    async fn serve(self, stream: TcpStream, inner: SocketAddr, door: Place) -> Result<(), End> {
        let _ = stream.set_nodelay(true);
        let server = TcpStream::connect(inner).await?;
        let _ = server.set_nodelay(true);
        let ((from_client, mut to_client), (from_server, to_server)) = (stream.into_split(), server.into_split());
        let (traffic, began) = (Traffic::default(), Instant::now());
        let ended = {
            let up = self.up(from_client, to_server, door, &traffic);
            let down = down(from_server, &mut to_client, &traffic);
            tokio::select! {
                biased;
                () = self.stop.cancelled() => Err(End::Over),
                ended = up => ended,
                ended = down => ended,
            }
        };
        let reply = match &ended {
            // What was wrong with a channel that does not come about shows neither in words nor in time.
            Err(End::Fault(Fault::Certificate | Fault::Sealed) | End::Unopened) => {
                add(&self.ward.counters.refused_channels);
                next_moment(began).await;
                Some(chunk::error(BAD_SECURITY_CHECKS_FAILED, ""))
            }
            Err(End::Fault(fault)) => Some(chunk::error(fault.told().0, "")),
            Err(End::Full) => Some(not_enough()),
            Err(End::Over) | Ok(()) => None,
        };
        if let Some(reply) = reply {
            let _ = timeout(Duration::from_secs(1), to_client.write_all(&reply)).await;
        }
        let _ = to_client.shutdown().await;
        ended
    }

    /// From the client to the server.
    async fn up(
        &self,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        door: Place,
        traffic: &Traffic,
    ) -> Result<(), End> {
        let now = || self.ward.clock.now().monotonic;
        let mut gate = Gate::new(self.ward.is_open, now());
        let mut places = vec![door];
        let mut buffer = Vec::new();
        loop {
            let header = read_header(&mut from, &gate, &now).await?;
            gate.announce(header, now())?;
            buffer.truncate(HEADER);
            read_body(&mut from, header, &gate, &now, &mut buffer).await?;
            // The server decrypts at once, and answers before it does anything else.
            let verdict = gate.judge(header, &buffer, now())?;
            if let Pass::Judge(opening) = verdict {
                let entered = self.judge(&opening).await?;
                gate.opened(&opening);
                if let Some(entered) = entered {
                    places.clear();
                    places.push(entered);
                }
            }
            if header.kind == Kind::Message && header.part == Part::Final {
                while traffic.in_flight.load(Ordering::Acquire) >= IN_FLIGHT_MAX {
                    let room = timeout(UNREAD, traffic.answered.notified()).await;
                    if room.is_err() {
                        return Err(Fault::Late.into());
                    }
                }
                traffic.in_flight.fetch_add(1, Ordering::AcqRel);
            }
            if header.kind == Kind::Open {
                traffic.is_asked.store(true, Ordering::Release);
            }
            timeout(UNREAD, to.write_all(&buffer)).await.map_err(|_| Fault::Late)??;
        }
    }

    /// Whether whoever opens a channel may come in; the place that it then has, but for one who only looks around.
    async fn judge(&self, opening: &OpenHeader<'_>) -> Result<Option<Place>, End> {
        let now = self.ward.clock.now();
        if opening.policy == NONE {
            if !self.ward.is_open {
                return Ok(None);
            }
            let client = format!("address {}", self.from.ip());
            return self.enter(&client).map(Some);
        }
        if !self.ward.is_for_us(opening) {
            return Err(Fault::Sealed.into());
        }
        // A thread of its own: chains are checked and files are read.
        let (ward, chain) = (Arc::clone(&self.ward), opening.certificate.to_vec());
        let judged = tokio::task::spawn_blocking(move || ward.judge(&chain, now.wall)).await;
        match judged {
            Ok(Ok(fingerprint)) => {
                // A certificate is no secret: whoever shows another one's takes no place of its owner.
                let place = self.enter(&format!("{fingerprint} {}", self.from.ip()))?;
                self.ward.watch(&fingerprint, opening.certificate, self.stop.clone());
                Ok(Some(place))
            }
            Ok(Err(refused)) => {
                self.ward.stranger(&refused, self.from);
                Err(End::Fault(Fault::Certificate))
            }
            Err(_) => Err(End::Over),
        }
    }

    fn enter(&self, client: &str) -> Result<Place, End> {
        self.ward.admission.enter(client, self.ward.clock.now().monotonic).map_err(|full: Full| {
            self.ward.full(full, self.from);
            End::Full
        })
    }
}

async fn read_header(from: &mut OwnedReadHalf, gate: &Gate, now: &impl Fn() -> Duration) -> Result<Header, End> {
    let mut bytes = [0; HEADER];
    // Between two chunks a client may be silent; within one it may not.
    let count = within(gate.deadline(false), now, from.read(&mut bytes)).await??;
    if count == 0 {
        return Err(End::Over);
    }
    let deadline = gate.deadline(true);
    within(deadline, now, from.read_exact(&mut bytes[count..])).await??;
    Header::read(bytes).ok_or_else(|| Fault::Malformed.into())
}

async fn read_body(
    from: &mut OwnedReadHalf,
    header: Header,
    gate: &Gate,
    now: &impl Fn() -> Duration,
    buffer: &mut Vec<u8>,
) -> Result<(), End> {
    // Grows with what comes, not with what was announced.
    buffer.clear();
    buffer.extend_from_slice(&spelled(header));
    let deadline = gate.deadline(true);
    let mut rest = (&mut *from).take((header.size - HEADER) as u64);
    within(deadline, now, rest.read_to_end(buffer)).await??;
    if buffer.len() == header.size { Ok(()) } else { Err(End::Over) }
}

/// The header's bytes.
fn spelled(header: Header) -> [u8; HEADER] {
    let kind = match header.kind {
        Kind::Hello => b"HEL",
        Kind::Open => b"OPN",
        Kind::Message => b"MSG",
        Kind::Close => b"CLO",
    };
    let part = match header.part {
        Part::Intermediate => b'C',
        Part::Final => b'F',
        Part::Aborted => b'A',
    };
    let [a, b, c, d] = (header.size as u32).to_le_bytes();
    [kind[0], kind[1], kind[2], part, a, b, c, d]
}

async fn within<T>(deadline: Duration, now: &impl Fn() -> Duration, work: impl Future<Output = T>) -> Result<T, Fault> {
    let left = deadline.saturating_sub(now());
    timeout_at(Instant::now() + left, work).await.map_err(|_| Fault::Late)
}

/// Refusals are answered at fixed moments after a connection began.
async fn next_moment(began: Instant) {
    let slot = began.elapsed().as_millis() / REFUSAL_AFTER.as_millis().max(1) + 1;
    tokio::time::sleep_until(began + REFUSAL_AFTER * u32::try_from(slot).unwrap_or(u32::MAX)).await;
}

/// From the server to the client. What the server says of a channel that does not come about is said in one way only.
async fn down(mut from: OwnedReadHalf, to: &mut OwnedWriteHalf, traffic: &Traffic) -> Result<(), End> {
    let mut buffer = Vec::new();
    // However it refuses: with an error, or by dying of what it was sent.
    let over = || {
        let is_refusal = traffic.is_asked.load(Ordering::Acquire) && !traffic.is_open.load(Ordering::Acquire);
        if is_refusal { End::Unopened } else { End::Over }
    };
    loop {
        let mut header = [0; HEADER];
        from.read_exact(&mut header).await.map_err(|_| over())?;
        let size = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
        if !(HEADER..=CHUNK_MAX).contains(&size) {
            return Err(End::Over);
        }
        buffer.resize(size, 0);
        buffer[..HEADER].copy_from_slice(&header);
        from.read_exact(&mut buffer[HEADER..]).await.map_err(|_| over())?;
        let (kind, is_final) = (&header[..3], header[3] == b'F');
        if kind == b"OPN" {
            traffic.is_open.store(true, Ordering::Release);
        }
        if kind == b"ERR" && traffic.is_asked.load(Ordering::Acquire) && !traffic.is_open.load(Ordering::Acquire) {
            return Err(End::Unopened);
        }
        timeout(UNREAD, to.write_all(&buffer)).await.map_err(|_| Fault::Late)??;
        if kind == b"MSG" && is_final {
            let _ = traffic.in_flight.fetch_update(Ordering::AcqRel, Ordering::Acquire, |count| count.checked_sub(1));
            traffic.answered.notify_one();
        }
    }
}
