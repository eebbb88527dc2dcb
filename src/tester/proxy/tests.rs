//! The proxy between a client and an echo.

use super::*;
use std::io::{Read as _, Write as _};

const PATIENCE: Duration = Duration::from_secs(20);

/// Gives back what it is sent; ends with its connections.
fn echo() -> u16 {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("bound").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().take(4).map_while(Result::ok) {
            std::thread::spawn(move || {
                let mut reader = stream.try_clone()?;
                io::copy(&mut reader, &mut &stream)
            });
        }
    });
    port
}

fn connect(proxy: &Proxy) -> std::net::TcpStream {
    let stream = std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, proxy.port())).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    stream
}

fn send(stream: &mut std::net::TcpStream, bytes: &[u8]) {
    stream.write_all(bytes).expect("written");
}

fn receive(stream: &mut std::net::TcpStream, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).expect("received");
    bytes
}

/// Nothing comes for a while.
fn is_silent(stream: &mut std::net::TcpStream) -> bool {
    stream.set_read_timeout(Some(Duration::from_millis(200))).expect("set");
    let silent = stream.read(&mut [0]).is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    silent
}

/// The connection has ended: with FIN, or with RST when there was something unread.
fn is_over(stream: &mut std::net::TcpStream) -> bool {
    match stream.read(&mut [0]) {
        Ok(count) => count == 0,
        Err(error) => error.kind() == io::ErrorKind::ConnectionReset,
    }
}

#[test]
fn what_passes_is_reset_flipped_and_slowed_where_it_was_told_to_be() {
    let proxy = Proxy::start(echo()).expect("a proxy");
    let mut stream = connect(&proxy);
    send(&mut stream, b"hello");
    assert_eq!(receive(&mut stream, 5), b"hello");

    proxy.flip_at(Direction::Up, 6, 0);
    send(&mut stream, b"0000");
    assert_eq!(receive(&mut stream, 4), b"0000", "two more pass");
    send(&mut stream, b"0000");
    assert_eq!(receive(&mut stream, 4), b"0010", "counted over both");
    assert!(proxy.has_fired());

    proxy.limit(Direction::Down, 20);
    let began = std::time::Instant::now();
    send(&mut stream, b"0123456789");
    assert_eq!(receive(&mut stream, 10), b"0123456789");
    assert!(began.elapsed() > Duration::from_millis(400), "{:?}", began.elapsed());
    proxy.hurry();

    proxy.reset_at(Direction::Down, 3);
    send(&mut stream, b"abcdef");
    assert_eq!(receive(&mut stream, 3), b"abc", "so many pass");
    let error = stream.read(&mut [0]).expect_err("reset");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
}

#[test]
fn a_black_hole_takes_everything_and_a_cut_lets_nobody_in_until_it_is_healed() {
    let proxy = Proxy::start(echo()).expect("a proxy");
    let mut stream = connect(&proxy);
    send(&mut stream, b"a");
    assert_eq!(receive(&mut stream, 1), b"a");
    proxy.swallow_only(Direction::Down);
    send(&mut stream, b"b");
    assert!(is_silent(&mut stream));
    proxy.heal();
    assert!(is_over(&mut stream), "what was swallowed leaves no connection to go on with");

    proxy.mute();
    let mut stream = connect(&proxy);
    send(&mut stream, b"c");
    assert!(is_silent(&mut stream));
    proxy.cut();
    assert!(is_over(&mut stream));
    assert!(is_over(&mut connect(&proxy)), "not let in");
    proxy.heal();
    let mut stream = connect(&proxy);
    send(&mut stream, b"d");
    assert_eq!(receive(&mut stream, 1), b"d");
}

#[test]
fn one_piece_gets_lost_and_its_connection_stays() {
    let proxy = Proxy::start(echo()).expect("starts");
    let mut stream = connect(&proxy);
    proxy.swallow_next(Direction::Up, b"OPN");
    send(&mut stream, b"MSG1");
    assert_eq!((&*receive(&mut stream, 4), proxy.has_fired()), (&b"MSG1"[..], false));
    send(&mut stream, b"OPN2");
    assert!(is_silent(&mut stream) && proxy.has_fired());
    send(&mut stream, b"OPN3");
    assert_eq!(receive(&mut stream, 4), b"OPN3", "once");
}
