//! An HTTP proxy on loopback that knows CONNECT alone.

use base64::Engine as _;
use std::io::{BufRead, BufReader, Write, copy};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Its threads end with their connections.
#[derive(Debug)]
pub struct ConnectProxy {
    port: u16,
    is_over: Arc<AtomicBool>,
    opened: Arc<Mutex<Vec<String>>>,
}

impl ConnectProxy {
    /// `credentials`: `user:password` that it asks for.
    pub fn start(credentials: Option<&str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("bound").port();
        let wanted = credentials.map(|text| base64::engine::general_purpose::STANDARD.encode(text));
        let proxy = Self { port, is_over: Arc::default(), opened: Arc::default() };
        let (is_over, opened) = (Arc::clone(&proxy.is_over), Arc::clone(&proxy.opened));
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                let (wanted, opened) = (wanted.clone(), Arc::clone(&opened));
                std::thread::spawn(move || serve(client, wanted.as_deref(), &opened));
            }
        });
        proxy
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where it opened a way to, in order.
    pub fn opened(&self) -> Vec<String> {
        self.opened.lock().expect("no panic").clone()
    }
}

impl Drop for ConnectProxy {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn serve(mut client: TcpStream, wanted: Option<&str>, opened: &Mutex<Vec<String>>) -> Option<()> {
    let mut lines = BufReader::new(client.try_clone().ok()?).lines();
    let head: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let target = head.first()?.strip_prefix("CONNECT ")?.strip_suffix(" HTTP/1.1")?.to_owned();
    let given = head.iter().find_map(|line| line.strip_prefix("Proxy-Authorization: Basic "));
    if wanted != given {
        let answer =
            "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n";
        return client.write_all(answer.as_bytes()).ok();
    }
    let Ok(server) = TcpStream::connect(&target) else {
        return client.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").ok();
    };
    client.write_all(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n").ok()?;
    opened.lock().expect("no panic").push(target);
    let (mut up, mut down) = ((client.try_clone().ok()?, server.try_clone().ok()?), (server, client));
    std::thread::spawn(move || {
        let _ = copy(&mut up.0, &mut up.1);
        let _ = up.1.shutdown(Shutdown::Both);
    });
    let _ = copy(&mut down.0, &mut down.1);
    down.1.shutdown(Shutdown::Both).ok()
}
