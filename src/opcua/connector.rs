//! The way to a server: every address of its name is tried, with a limit, and the bytes are looked at by [`guard`].
//!
//! [`guard`]: super::guard

use super::guard::{Guarded, Pinned, RefusalSlot};
use super::transport::{self, Channel};
use ::opcua::client::ConnectionSource;
use ::opcua::client::transport::{Connector, RequestRecv, SecureChannelState, TransportConfiguration};
use ::opcua::core::comms::tcp_codec::TcpCodec;
use ::opcua::core::comms::url::hostname_port_from_url;
use ::opcua::types::{EndpointDescription, Error, StatusCode};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_util::codec::FramedRead;

/// The port of OPC UA over TCP.
const PORT: u16 = 4840;
/// A machine that does not answer a TCP handshake in this time is not there.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// How to reach one server, and what it has to show.
#[derive(Clone, Debug)]
pub struct Road {
    /// The configured address, whatever the server advertises.
    pub url: String,
    pub pinned: Pinned,
    /// Why the guard closed the connection, if it did.
    pub refused: RefusalSlot,
}

/// Host and port of `opc.tcp://host:port/path`; an IPv6 address comes without its brackets.
pub fn host_and_port(url: &str) -> Result<(String, u16), StatusCode> {
    let (host, port) = hostname_port_from_url(url, PORT)?;
    Ok((host.trim_matches(['[', ']']).to_owned(), port))
}

impl Road {
    #[must_use]
    pub fn new(url: &str, pinned: Pinned) -> Self {
        Self { url: url.to_owned(), pinned, refused: RefusalSlot::default() }
    }
}

async fn tcp(url: &str) -> Result<TcpStream, Error> {
    let failed = |reason: String| Error::new(StatusCode::BadCommunicationError, reason);
    let (host, port) = host_and_port(url).map_err(|status| Error::new(status, "not an OPC UA address"))?;
    let addresses = tokio::net::lookup_host((host.as_str(), port));
    let addresses = tokio::time::timeout(CONNECT_WITHIN, addresses)
        .await
        .map_err(|_| failed(format!("the name {host} was not resolved in time")))?
        .map_err(|error| failed(format!("the name {host} is not known: {error}")))?;
    let mut last = failed(format!("the name {host} has no address"));
    for address in addresses {
        match tokio::time::timeout(CONNECT_WITHIN, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Requests are small and waited for: sending them late helps nobody.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => last = failed(format!("{address}: {error}")),
            Err(_) => last = failed(format!("{address}: no answer within {} s", CONNECT_WITHIN.as_secs())),
        }
    }
    Err(last)
}

impl Connector for Road {
    type Transport = Channel;

    async fn connect(
        &self,
        channel: Arc<SecureChannelState>,
        outgoing: RequestRecv,
        configuration: TransportConfiguration,
    ) -> Result<Channel, Error> {
        let chunk_max = u32::try_from(configuration.recv_buffer_size).unwrap_or(u32::MAX);
        let options = channel.secure_channel().read().decoding_options();
        let (reader, writer) = tokio::io::split(tcp(&self.url).await?);
        let reader = Guarded::new(reader, chunk_max, self.pinned.clone(), Arc::clone(&self.refused));
        let stream = (FramedRead::new(reader, TcpCodec::new(options)), writer);
        transport::open(stream, self.url.clone(), (channel, outgoing), &configuration).await
    }

    fn default_endpoint(&self) -> EndpointDescription {
        EndpointDescription::from(self.url.as_str())
    }
}

impl ConnectionSource for Road {
    type Builder = Self;

    fn get_connector(&self, _: &EndpointDescription) -> Result<Self, Error> {
        Ok(self.clone())
    }
}
