//! The byte stream to a broker: look-up, TCP, a proxy's way through, TLS, WebSocket, each step with its own error; and
//! two packets mended on the way in.
//!
//! The MQTT 5 client drops packets that the standard allows to be cut short: a DISCONNECT without properties
//! (MQTT 5.0 §3.14.2.2.1), which is how mosquitto tells why it hangs up, and the CONNACK of a broker that knows only
//! 3.1.1 (§3.2 there), which is how it refuses the version. Both get the empty property list that is left out.

use super::tls::{self, Fault};
use super::trouble::{LinkError, from_io};
use super::{proxy, web_socket};
use crate::config::plan::{MqttConnection, MqttVersion};
use rumqttc::tokio_rustls::TlsConnector;
use rustls::pki_types::ServerName;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// For one address to take the connection; then the host's next one is tried.
const ONE_ADDRESS: Duration = Duration::from_secs(5);

/// An open byte stream to a broker.
#[derive(Debug)]
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    mender: Option<Mender>,
    /// Mended bytes that did not fit into the reader's buffer.
    left: Vec<u8>,
}

/// What MQTT goes over.
trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin + std::fmt::Debug {}

impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin + std::fmt::Debug> Stream for S {}

/// Opens the stream. The caller limits the time.
pub(super) async fn dial(plan: &MqttConnection) -> Result<Wire, LinkError> {
    let config = match &plan.tls {
        Some(tls) => Some(tls::client_config(tls).map_err(LinkError::Tls)?),
        None => None,
    };
    let host = bare(&plan.host);
    let tcp = match &plan.proxy {
        None => reach(host, plan.port).await?,
        // The proxy looks the broker's name up.
        Some(proxy) => {
            let tcp = reach(bare(&proxy.host), proxy.port).await.map_err(proxy::not_there)?;
            proxy::open(tcp, proxy, host, plan.port).await.map_err(LinkError::Proxy)?
        }
    };
    // Batches are flushed by us; waiting for more would only delay the last one.
    tcp.set_nodelay(true).map_err(|error| from_io(&error))?;
    let stream: Box<dyn Stream> = match config {
        None => Box::new(tcp),
        Some(config) => {
            let name = ServerName::try_from(host.to_owned()).map_err(|_| LinkError::Tls(Fault::BadHostName))?;
            let connected = TlsConnector::from(config).connect(name, tcp).await;
            Box::new(connected.map_err(|error| handshake_failed(&error))?)
        }
    };
    let stream: Box<dyn Stream> = match &plan.web_socket {
        None => stream,
        Some(_) => Box::new(web_socket::open(stream, plan).await?),
    };
    let mender = (plan.version == MqttVersion::V5).then(Mender::default);
    Ok(Wire { stream, mender, left: Vec::new() })
}

/// Host and port of the proxy, for findings; empty when there is none.
pub(super) fn proxy_name(plan: &MqttConnection) -> String {
    plan.proxy.as_ref().map_or_else(String::new, |proxy| format!("{}:{}", proxy.host, proxy.port))
}

async fn reach(host: &str, port: u16) -> Result<TcpStream, LinkError> {
    let found = tokio::net::lookup_host((host, port)).await;
    let addresses: Vec<SocketAddr> = found.map_err(|error| LinkError::NameNotFound(error.to_string()))?.collect();
    connect(&addresses).await
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, LinkError> {
    let mut failed = LinkError::NameNotFound("no address".into());
    for address in addresses {
        match tokio::time::timeout(ONE_ADDRESS, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failed = LinkError::Unreachable(error.to_string()),
            Err(_) => failed = LinkError::Unreachable(format!("{address} does not answer")),
        }
    }
    Err(failed)
}

fn handshake_failed(error: &io::Error) -> LinkError {
    match from_io(error) {
        // A listener that does not speak TLS hangs up on the first record it cannot read.
        LinkError::Closed => LinkError::Tls(Fault::NotTls),
        other => other,
    }
}

/// An IPv6 address without the brackets of a URL.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}

/// Follows the packets of the incoming stream.
#[derive(Debug, Default)]
struct Mender {
    at: At,
}

#[derive(Debug, Default)]
enum At {
    #[default]
    Header,
    /// Within the Remaining Length: the packet's first byte, the value and the shift so far.
    Length { first: u8, value: usize, shift: u32 },
    /// So many bytes of the packet are to come; with a zero behind them or not.
    Body { left: usize, is_short: bool },
}

const CONNACK: u8 = 0x20;
const DISCONNECT: u8 = 0xe0;

impl Mender {
    /// Corrects the lengths of short packets in place, and says behind which bytes a zero is missing.
    fn mend(&mut self, bytes: &mut [u8]) -> Vec<usize> {
        let mut missing = Vec::new();
        let mut position = 0;
        while let Some(byte) = bytes.get_mut(position) {
            position += 1;
            self.at = match self.at {
                At::Header => At::Length { first: *byte, value: 0, shift: 0 },
                At::Length { first, value, shift } => {
                    let length = value | usize::from(*byte & 0x7f) << shift;
                    let is_short = matches!((first, length, shift), (CONNACK, 2, 0) | (DISCONNECT, 1, 0));
                    if *byte & 0x80 != 0 && shift < 21 {
                        At::Length { first, value: length, shift: shift + 7 }
                    } else if length == 0 {
                        At::Header
                    } else {
                        *byte += u8::from(is_short);
                        At::Body { left: length, is_short }
                    }
                }
                At::Body { left, is_short } => {
                    // This byte, and as many more of the packet as are here.
                    let skipped = (left - 1).min(bytes.len() - position);
                    position += skipped;
                    match left - 1 - skipped {
                        0 => {
                            if is_short {
                                missing.push(position);
                            }
                            At::Header
                        }
                        left => At::Body { left, is_short },
                    }
                }
            };
        }
        missing
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.left.is_empty() {
            let count = self.left.len().min(buffer.remaining());
            buffer.put_slice(&self.left[..count]);
            self.left.drain(..count);
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let Some(mender) = &mut self.mender else { return Poll::Ready(Ok(())) };
        let fresh = &mut buffer.filled_mut()[before..];
        let missing = mender.mend(fresh);
        if missing.is_empty() {
            return Poll::Ready(Ok(()));
        }
        let mut mended = Vec::with_capacity(fresh.len() + missing.len());
        let mut from = 0;
        for until in missing {
            mended.extend_from_slice(&fresh[from..until]);
            mended.push(0);
            from = until;
        }
        mended.extend_from_slice(&fresh[from..]);
        buffer.set_filled(before);
        let count = mended.len().min(buffer.remaining());
        buffer.put_slice(&mended[..count]);
        self.left = mended.split_off(count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs bytes through the mender in pieces of this many bytes.
    fn mended(bytes: &[u8], piece: usize) -> Vec<u8> {
        let mut mender = Mender::default();
        let mut out = Vec::new();
        for chunk in bytes.chunks(piece) {
            let mut chunk = chunk.to_vec();
            let missing = mender.mend(&mut chunk);
            for (index, byte) in chunk.iter().enumerate() {
                out.push(*byte);
                out.extend(missing.iter().filter(|until| **until == index + 1).map(|_| 0));
            }
        }
        out
    }

    #[test]
    fn short_packets_get_their_empty_property_list_and_others_stay_as_they_are() {
        let long = [&[0x30, 0xc8, 1, 0, 1, b'a', 0][..], &[0xe0; 196]].concat();
        let table: [(&[u8], &[u8]); 7] = [
            (&[0xe0, 1, 0x8e], &[0xe0, 2, 0x8e, 0]),
            (&[0xe0, 2, 0x8e, 0], &[0xe0, 2, 0x8e, 0]),
            (&[0xe0, 0], &[0xe0, 0]),
            (&[0x20, 2, 0, 1], &[0x20, 3, 0, 1, 0]),
            (&[0x20, 3, 0, 0, 0], &[0x20, 3, 0, 0, 0]),
            (&[0x40, 2, 0, 1, 0xd0, 0, 0xe0, 1, 0x8b], &[0x40, 2, 0, 1, 0xd0, 0, 0xe0, 2, 0x8b, 0]),
            (&long, &long),
        ];
        for (given, expected) in table {
            for piece in [1, 2, 3, given.len()] {
                assert_eq!(mended(given, piece), expected, "{given:02x?} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn brackets_of_an_ipv6_address_are_taken_off() {
        assert_eq!((bare("[::1]"), bare("broker.hall3"), bare("10.0.0.7")), ("::1", "broker.hall3", "10.0.0.7"));
    }
}
