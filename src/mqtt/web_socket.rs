//! MQTT over WebSocket (MQTT 5.0 §6, RFC 6455): packets in binary messages, whose borders mean nothing.

use super::trouble::{LinkError, from_io};
use crate::config::plan::MqttConnection;
use async_tungstenite::WebSocketStream;
use async_tungstenite::tokio::{TokioAdapter, client_async_with_config};
use async_tungstenite::tungstenite::client::IntoClientRequest as _;
use async_tungstenite::tungstenite::http::HeaderValue;
use async_tungstenite::tungstenite::protocol::WebSocketConfig;
use async_tungstenite::tungstenite::{Bytes, Error, Message};
use futures::{Sink, Stream};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A message may hold several packets; it is kept whole until it is read.
const MESSAGE_MIN: usize = 1 << 20;

/// The byte stream inside the messages.
#[derive(Debug)]
pub(super) struct WebSocket<S> {
    inner: WebSocketStream<TokioAdapter<S>>,
    /// Of the message that is being read.
    left: Bytes,
}

/// Opens it over a stream that stands. The subprotocol is `mqtt` for both versions (MQTT 5.0 §6, [MQTT-6.0.0-3]).
pub(super) async fn open<S>(stream: S, plan: &MqttConnection) -> Result<WebSocket<S>, LinkError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut request = plan.address().into_client_request().map_err(sort)?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("mqtt"));
    let most = usize::try_from(plan.max_packet).unwrap_or(usize::MAX).max(MESSAGE_MIN);
    let config = WebSocketConfig::default().max_message_size(Some(most)).max_frame_size(Some(most));
    let (inner, _) = client_async_with_config(request, stream, Some(config)).await.map_err(sort)?;
    Ok(WebSocket { inner, left: Bytes::new() })
}

fn sort(error: Error) -> LinkError {
    match error {
        Error::Io(error) => from_io(&error),
        Error::Http(answer) => LinkError::WebSocket(format!("HTTP {}", answer.status())),
        other => LinkError::WebSocket(other.to_string()),
    }
}

fn broken(error: Error) -> io::Error {
    match error {
        Error::Io(error) => error,
        Error::ConnectionClosed | Error::AlreadyClosed => io::ErrorKind::ConnectionReset.into(),
        other => io::Error::new(io::ErrorKind::InvalidData, other),
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for WebSocket<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // No bytes would mean the end: pings, and messages without any, are passed over.
        while self.left.is_empty() {
            match ready!(Pin::new(&mut self.inner).poll_next(context)) {
                None | Some(Ok(Message::Close(_))) => return Poll::Ready(Ok(())),
                Some(Ok(Message::Binary(bytes))) => self.left = bytes,
                Some(Ok(Message::Text(_))) => {
                    // [MQTT-6.0.0-1]
                    let reason = "a text message, which MQTT over WebSocket does not have";
                    return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, reason)));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Err(broken(error))),
            }
        }
        let count = self.left.len().min(buffer.remaining());
        buffer.put_slice(&self.left.split_to(count));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for WebSocket<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(Pin::new(&mut self.inner).poll_ready(context)).map_err(broken)?;
        let message = Message::Binary(Bytes::copy_from_slice(bytes));
        Pin::new(&mut self.inner).start_send(message).map_err(broken)?;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context).map_err(broken)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_close(context).map_err(broken)
    }
}
