//! A TCP proxy on loopback that does to connections what networks, firewalls and machines without power do.
//!
//! | what | how |
//! |---|---|
//! | the line is cut | [`Proxy::cut`]: every connection ends, none is let in until [`Proxy::heal`] |
//! | half open, a black hole | [`Proxy::swallow`], [`Proxy::swallow_only`]: nothing passes, or in one direction only; no FIN |
//! | somebody takes connections and never answers | [`Proxy::mute`] |
//! | reset in mid-message | [`Proxy::reset_at`]: RST behind the n-th byte from now |
//! | a bit turns over | [`Proxy::flip_at`] |
//! | one packet gets lost, its connection stays | [`Proxy::swallow_next`] |
//! | slow, or a byte a second | [`Proxy::limit`] |
//! | far away | [`Proxy::delay`] |
//!
//! A seed chooses among them with [`Proxy::misbehave`].

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

#[cfg(test)]
mod tests;

/// From the client to the server, or back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// Between clients and one server. Dropped, it ends with all its connections.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    rules: watch::Sender<Rules>,
    armed: Mutex<Option<Armed>>,
    stop: CancellationToken,
}

/// What holds for every connection now.
#[derive(Clone, Debug, Default)]
struct Rules {
    is_refusing: bool,
    is_mute: bool,
    /// Connections of an earlier generation are cut.
    generation: u64,
    up: Way,
    down: Way,
}

/// One direction.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    is_swallowing: bool,
    delay: Duration,
    /// Bytes a second; `None`: as fast as it goes.
    rate: Option<u32>,
}

/// Something that happens once, behind so many more bytes of one direction.
#[derive(Clone, Copy, Debug)]
struct Armed {
    direction: Direction,
    after: u64,
    what: Once,
}

#[derive(Clone, Copy, Debug)]
enum Once {
    Reset,
    /// This bit of the byte, counted from the least.
    Flip(u8),
    /// What was sent in one piece and begins like this.
    Swallow(&'static [u8]),
}

/// What passes of some bytes.
enum Passing {
    All,
    /// Behind so many of them the connection is reset.
    Until(usize),
    Nothing,
}

/// Why a connection is over.
enum End {
    /// One of the two went, or the proxy says so.
    Closed,
    Reset,
}

const BUFFER: usize = 65_536;
/// A limited direction passes bytes this often.
const BEAT: Duration = Duration::from_millis(50);

impl Proxy {
    /// Listens at a free port and passes everything on to `target`.
    pub fn start(target: u16) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            rules: watch::Sender::new(Rules::default()),
            armed: Mutex::default(),
            stop: CancellationToken::new(),
        });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let own = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("proxy".to_owned()).spawn(move || {
            runtime.block_on(async {
                let stop = own.stop.clone();
                tokio::select! {
                    biased;
                    () = stop.cancelled() => {}
                    () = serve(listener, target, own) => {}
                }
            });
        })?;
        Ok(Self { port, shared, thread: Some(thread) })
    }

    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Cuts every connection; refuses new ones until [`Self::heal`].
    pub fn cut(&self) {
        self.change(|rules| {
            rules.is_refusing = true;
            rules.generation += 1;
        });
    }

    /// Connections stay open, and nothing passes any more.
    pub fn swallow(&self) {
        self.change(|rules| {
            rules.up.is_swallowing = true;
            rules.down.is_swallowing = true;
        });
    }

    /// Connections stay open, and nothing passes in this direction any more.
    pub fn swallow_only(&self, direction: Direction) {
        self.change(|rules| rules.way(direction).is_swallowing = true);
    }

    /// Connections are cut; new ones are taken and lead nowhere.
    pub fn mute(&self) {
        self.change(|rules| {
            rules.is_mute = true;
            rules.generation += 1;
        });
    }

    /// At most so many bytes a second pass in this direction.
    pub fn limit(&self, direction: Direction, bytes_per_second: u32) {
        self.change(|rules| rules.way(direction).rate = Some(bytes_per_second.max(1)));
    }

    /// Everything takes so much longer in this direction.
    pub fn delay(&self, direction: Direction, delay: Duration) {
        self.change(|rules| rules.way(direction).delay = delay);
    }

    /// Behind `after` more bytes in this direction the connection that brought the last of them is reset (RST).
    pub fn reset_at(&self, direction: Direction, after: u64) {
        *self.armed() = Some(Armed { direction, after, what: Once::Reset });
    }

    /// Behind `after` more bytes in this direction a bit of the next one turns over.
    pub fn flip_at(&self, direction: Direction, after: u64, bit: u8) {
        *self.armed() = Some(Armed { direction, after, what: Once::Flip(bit % 8) });
    }

    /// The next piece in this direction that begins with these bytes does not arrive.
    pub fn swallow_next(&self, direction: Direction, start: &'static [u8]) {
        *self.armed() = Some(Armed { direction, after: 0, what: Once::Swallow(start) });
    }

    /// Whether what was armed has happened.
    #[must_use]
    pub fn has_fired(&self) -> bool {
        self.armed().is_none()
    }

    /// Everything passes again; connections that had been through something are cut.
    pub fn heal(&self) {
        *self.armed() = None;
        self.change(|rules| *rules = Rules { generation: rules.generation + 1, ..Rules::default() });
    }

    /// Limits and delays are taken away; connections stay.
    pub fn hurry(&self) {
        self.change(|rules| {
            for way in [&mut rules.up, &mut rules.down] {
                *way = Way { is_swallowing: way.is_swallowing, ..Way::default() };
            }
        });
    }

    /// One of its faults, chosen by a random number; says which. [`Self::heal`] ends it.
    pub fn misbehave(&self, random: u64) -> &'static str {
        let direction = if random.is_multiple_of(2) { Direction::Up } else { Direction::Down };
        let amount = random >> 8;
        match random / 2 % 7 {
            0 => {
                self.cut();
                "cut"
            }
            1 => {
                self.swallow();
                "black hole"
            }
            2 => {
                self.swallow_only(direction);
                "black hole in one direction"
            }
            3 => {
                self.mute();
                "silent"
            }
            4 => {
                self.reset_at(direction, amount % 5_000);
                "reset"
            }
            5 => {
                self.limit(direction, 1 + (amount % 2_000) as u32);
                "slow"
            }
            _ => {
                self.delay(direction, Duration::from_millis(amount % 500));
                "far away"
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut Rules)) {
        self.shared.rules.send_modify(change);
    }

    fn armed(&self) -> MutexGuard<'_, Option<Armed>> {
        self.shared.armed()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.stop.cancel();
        if let Some(thread) = self.thread.take() {
            // A panic was reported where it happened.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn armed(&self) -> MutexGuard<'_, Option<Armed>> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// These bytes are about to pass: what happens once may happen to them.
    fn passing(&self, direction: Direction, bytes: &mut [u8]) -> Passing {
        let mut armed = self.armed();
        let Some(one) = armed.as_mut().filter(|one| one.direction == direction) else { return Passing::All };
        if let Once::Swallow(start) = one.what {
            return if bytes.starts_with(start) {
                *armed = None;
                Passing::Nothing
            } else {
                Passing::All
            };
        }
        if one.after >= bytes.len() as u64 {
            one.after -= bytes.len() as u64;
            return Passing::All;
        }
        let (at, what) = (one.after as usize, one.what);
        *armed = None;
        match what {
            Once::Reset => return Passing::Until(at),
            Once::Flip(bit) => bytes[at] ^= 1 << bit,
            Once::Swallow(_) => {}
        }
        Passing::All
    }
}

impl Rules {
    fn of(&self, direction: Direction) -> Way {
        match direction {
            Direction::Up => self.up,
            Direction::Down => self.down,
        }
    }

    fn way(&mut self, direction: Direction) -> &mut Way {
        match direction {
            Direction::Up => &mut self.up,
            Direction::Down => &mut self.down,
        }
    }
}

async fn serve(listener: std::net::TcpListener, target: u16, shared: Arc<Shared>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        let rules = shared.rules.subscribe();
        let (is_refusing, is_mute) = {
            let rules = rules.borrow();
            (rules.is_refusing, rules.is_mute)
        };
        if is_refusing {
            continue;
        }
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            let generation = rules.borrow().generation;
            let mut cut = rules.clone();
            let cut = async move { drop(cut.wait_for(|rules| rules.generation != generation).await) };
            let talk = async {
                if is_mute {
                    return std::future::pending().await;
                }
                connection(client, target, &shared, &rules).await;
            };
            tokio::select! {
                () = cut => {}
                () = talk => {}
            }
        });
    }
}

async fn connection(mut client: TcpStream, target: u16, shared: &Shared, rules: &watch::Receiver<Rules>) {
    let Ok(mut server) = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).await else { return };
    // Small packets are not held back: that is for the faults to do.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let end = {
        let ((from_client, to_client), (from_server, to_server)) = (client.split(), server.split());
        tokio::select! {
            end = pass(from_client, to_server, Direction::Up, shared, rules) => end,
            end = pass(from_server, to_client, Direction::Down, shared, rules) => end,
        }
    };
    if matches!(end, End::Reset) {
        // Closed like this, a socket sends RST.
        let _ = (client.set_zero_linger(), server.set_zero_linger());
    }
}

async fn pass(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    direction: Direction,
    shared: &Shared,
    rules: &watch::Receiver<Rules>,
) -> End {
    let mut buffer = vec![0; BUFFER];
    loop {
        let Ok(count @ 1..) = from.read(&mut buffer).await else { return End::Closed };
        let way = rules.borrow().of(direction);
        if way.is_swallowing {
            continue;
        }
        tokio::time::sleep(way.delay).await;
        let bytes = &mut buffer[..count];
        let passing = shared.passing(direction, bytes);
        let whole = match passing {
            Passing::All => count,
            Passing::Until(whole) => whole,
            Passing::Nothing => continue,
        };
        if write(&mut to, &bytes[..whole], direction, rules).await.is_err() {
            return End::Closed;
        }
        if matches!(passing, Passing::Until(_)) {
            return End::Reset;
        }
    }
}

/// Writes as fast as the direction lets it.
async fn write(
    to: &mut WriteHalf<'_>,
    mut bytes: &[u8],
    direction: Direction,
    rules: &watch::Receiver<Rules>,
) -> io::Result<()> {
    // What a slow direction may pass, in bytes times seconds.
    let mut credit = 0.0;
    while !bytes.is_empty() {
        let rate = rules.borrow().of(direction).rate;
        let now = match rate {
            None => bytes.len(),
            Some(rate) => {
                tokio::time::sleep(BEAT).await;
                credit += f64::from(rate) * BEAT.as_secs_f64();
                (credit as usize).min(bytes.len())
            }
        };
        credit -= now as f64;
        to.write_all(&bytes[..now]).await?;
        bytes = &bytes[now..];
    }
    Ok(())
}
