//! A TCP proxy on loopback: cuts connections, swallows bytes, comes back.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Between a client and a server. Its threads end with their connections.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    is_refusing: AtomicBool,
    is_swallowing: AtomicBool,
    is_swallowing_answers: AtomicBool,
    is_holding: AtomicBool,
    is_over: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// Listens at a free port and passes everything on to `target`.
    pub fn to(target: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("bound").port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if shared.is_over.load(Ordering::SeqCst) {
                    return;
                }
                if shared.is_refusing.load(Ordering::SeqCst) {
                    continue;
                }
                let Ok(server) = TcpStream::connect(("127.0.0.1", target)) else { continue };
                let both = [client.try_clone().expect("a socket"), server.try_clone().expect("a socket")];
                shared.open.lock().expect("no panic").extend(both);
                let there = (client.try_clone().expect("a socket"), server.try_clone().expect("a socket"));
                for ((from, to), is_answer) in [(there, false), ((server, client), true)] {
                    let shared = Arc::clone(&shared);
                    std::thread::spawn(move || pass(from, to, is_answer, &shared));
                }
            }
        });
        Self { port, state }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Cuts every connection; refuses new ones until [`Self::heal`].
    pub fn cut(&self) {
        self.state.is_refusing.store(true, Ordering::SeqCst);
        for stream in self.state.open.lock().expect("no panic").drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Connections stay open, and nothing passes any more.
    pub fn swallow(&self) {
        self.state.is_swallowing.store(true, Ordering::SeqCst);
    }

    /// Connections stay open, and nothing comes back any more.
    pub fn swallow_answers(&self) {
        self.state.is_swallowing_answers.store(true, Ordering::SeqCst);
    }

    /// Connections stay open, and nobody reads from them: what is sent fills the buffers of the system, and then waits.
    pub fn hold(&self) {
        self.state.is_holding.store(true, Ordering::SeqCst);
    }

    /// New connections pass again; the swallowed ones are cut.
    pub fn heal(&self) {
        self.cut();
        for fault in [&self.state.is_swallowing, &self.state.is_swallowing_answers, &self.state.is_holding] {
            fault.store(false, Ordering::SeqCst);
        }
        self.state.is_refusing.store(false, Ordering::SeqCst);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, is_answer: bool, state: &State) {
    let mut buffer = vec![0; 65_536];
    let _ = to.set_write_timeout(Some(Duration::from_secs(10)));
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        while state.is_holding.load(Ordering::SeqCst) && !state.is_over.load(Ordering::SeqCst) {
            std::thread::park_timeout(Duration::from_millis(5));
        }
        let is_swallowed = state.is_swallowing.load(Ordering::SeqCst)
            || is_answer && state.is_swallowing_answers.load(Ordering::SeqCst);
        if !is_swallowed && to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.is_over.store(true, Ordering::SeqCst);
        self.cut();
        // Wakes the listener, so that its thread sees that it is over.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}
