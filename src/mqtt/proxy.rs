//! A way through an HTTP proxy: CONNECT, then the bytes are ours (RFC 9110 §9.3.6).

use super::trouble::{LinkError, ProxyFault};
use crate::config::plan::HttpProxy;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Bytes of an answer's head.
const HEAD_MAX: usize = 8 * 1024;
/// Characters of a status line that are shown.
const SHOWN_MAX: usize = 120;

/// The way to the proxy itself failed.
pub(super) fn not_there(error: LinkError) -> LinkError {
    match error {
        LinkError::NameNotFound(reason) | LinkError::Unreachable(reason) => {
            LinkError::Proxy(ProxyFault::Unreachable(reason))
        }
        other => other,
    }
}

/// Has the proxy open a way to the broker.
pub(super) async fn open(
    mut tcp: TcpStream,
    proxy: &HttpProxy,
    host: &str,
    port: u16,
) -> Result<TcpStream, ProxyFault> {
    let broken = |error: io::Error| ProxyFault::Unreachable(error.to_string());
    tcp.write_all(request(proxy, host, port).as_bytes()).await.map_err(broken)?;
    let status = head(&mut tcp).await.map_err(broken)?;
    match status.split_ascii_whitespace().nth(1).and_then(|code| code.parse::<u16>().ok()) {
        Some(200..=299) => Ok(tcp),
        Some(407) => Err(ProxyFault::Credentials),
        code => {
            // 5xx: it could not reach the broker, which may pass.
            let is_final = code.is_none_or(|code| code < 500);
            Err(ProxyFault::Refused { status: status.chars().take(SHOWN_MAX).collect(), is_final })
        }
    }
}

fn request(proxy: &HttpProxy, host: &str, port: u16) -> String {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let mut text = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n");
    if let Some((user, password)) = &proxy.user {
        // RFC 7617: Basic.
        let secret = STANDARD.encode(format!("{user}:{}", password.reveal()));
        text.push_str(&format!("Proxy-Authorization: Basic {secret}\r\n"));
    }
    text.push_str("\r\n");
    text
}

/// Reads the answer's head and nothing behind it; gives its first line.
async fn head(tcp: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= HEAD_MAX {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "its answer has no end"));
        }
        head.push(tcp.read_u8().await?);
    }
    let first = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    Ok(String::from_utf8_lossy(first).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_version_6_stands_in_brackets() {
        let proxy = HttpProxy { host: "p".into(), port: 3128, user: None };
        assert_eq!(request(&proxy, "::1", 1883), "CONNECT [::1]:1883 HTTP/1.1\r\nHost: [::1]:1883\r\n\r\n");
    }
}
