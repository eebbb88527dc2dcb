//! A TCP relay on loopback that breaks what it carries at a chosen place, in a chosen direction.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What it does to the connections that it carries; changed while it runs.
#[derive(Debug, Default)]
pub struct Faults {
    /// What the client sends does not arrive, and nobody is told.
    pub swallows_up: AtomicBool,
    /// What the server sends does not arrive, and nobody is told.
    pub swallows_down: AtomicBool,
    /// A client's request to renew its secure channel does not arrive.
    pub swallows_renewals: AtomicBool,
    /// The connection is reset behind so many bytes of the server, counted over all connections; 0: never.
    pub reset_behind: AtomicU64,
    /// How often one of these came to pass.
    pub happened: AtomicUsize,
    passed: AtomicU64,
}

/// Between a client and a server, as long as it is held.
#[derive(Debug)]
pub struct Relay {
    pub port: u16,
    pub faults: Arc<Faults>,
    _carrying: JoinSet<()>,
}

impl Relay {
    /// Listens at a free port and passes everything on to `target`.
    pub async fn to(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let port = listener.local_addr().expect("bound").port();
        let faults = Arc::new(Faults::default());
        let (mut carrying, shared) = (JoinSet::new(), Arc::clone(&faults));
        carrying.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(("127.0.0.1", target)).await else { continue };
                open.spawn(carry(client, server, Arc::clone(&shared)));
            }
        });
        Self { port, faults, _carrying: carrying }
    }
}

async fn carry(mut client: TcpStream, mut server: TcpStream, faults: Arc<Faults>) {
    let (mut up, mut down) = (vec![0; 65_536], vec![0; 65_536]);
    let mut has_channel = false;
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let Ok(count @ 1..) = read else { return };
                let is_renewal = has_channel && up.starts_with(b"OPN");
                has_channel |= up.starts_with(b"OPN");
                if is_renewal && faults.swallows_renewals.swap(false, Ordering::SeqCst) {
                    faults.happened.fetch_add(1, Ordering::SeqCst);
                    continue;
                }
                if !faults.swallows_up.load(Ordering::SeqCst) && server.write_all(&up[..count]).await.is_err() {
                    return;
                }
            }
            read = server.read(&mut down) => {
                let Ok(count @ 1..) = read else { return };
                let before = faults.passed.fetch_add(count as u64, Ordering::SeqCst);
                let behind = faults.reset_behind.load(Ordering::SeqCst);
                if (before + 1..=before + count as u64).contains(&behind) {
                    let whole = usize::try_from(behind - before).expect("within the buffer");
                    let _ = client.write_all(&down[..whole]).await;
                    // Without lingering, closing is a reset.
                    let _ = client.set_zero_linger();
                    faults.happened.fetch_add(1, Ordering::SeqCst);
                    return;
                }
                if !faults.swallows_down.load(Ordering::SeqCst) && client.write_all(&down[..count]).await.is_err() {
                    return;
                }
            }
        }
    }
}
