//! Chunks to responses and requests to chunks, over one guarded TCP connection (OPC 10000-6 §6.7, §7.1).
//!
//! The stack's own transport decodes what it received in the same breath, without a limit on nesting. This one does
//! the same work with the stack's parts, and has `answer` decode.

use super::answer;
use super::guard::Guarded;
use ::opcua::client::transport::{
    OutgoingMessage, RequestRecv, SecureChannelState, Transport, TransportConfiguration, TransportPollResult,
};
use ::opcua::core::comms::buffer::SendBuffer;
use ::opcua::core::comms::message_chunk::{MessageChunk, MessageIsFinalType};
use ::opcua::core::comms::sequence_number::SequenceNumberHandle;
use ::opcua::core::comms::tcp_codec::{Message, TcpCodec};
use ::opcua::core::comms::tcp_types::{AcknowledgeMessage, HelloMessage, MIN_CHUNK_SIZE};
use ::opcua::core::{RequestMessage, ResponseMessage};
use ::opcua::crypto::SecurityPolicy;
use ::opcua::types::{Error, OpenSecureChannelResponse, SimpleBinaryEncodable, StatusCode};
use futures::StreamExt;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;
use tokio::io::{AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_util::codec::FramedRead;

/// What is read from and written to.
pub(super) type Incoming = FramedRead<Guarded<ReadHalf<TcpStream>>, TcpCodec>;
pub(super) type Outgoing = WriteHalf<TcpStream>;

/// One connection, between Hello and its end.
pub struct Channel {
    state: Arc<SecureChannelState>,
    requests: RequestRecv,
    /// By request id.
    waiting: HashMap<u32, Waiting>,
    incoming: Incoming,
    outgoing: Outgoing,
    sending: SendBuffer,
    sequence: SequenceNumberHandle,
    chunks_max: usize,
    /// A CloseSecureChannel request, which nobody answers, is on its way.
    is_closing: bool,
    ended: Option<StatusCode>,
    url: String,
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel").field("url", &self.url).field("waiting", &self.waiting.len()).finish_non_exhaustive()
    }
}

/// A request whose response has not come, or not in full.
struct Waiting {
    answer: oneshot::Sender<Result<ResponseMessage, Error>>,
    deadline: Instant,
    bodies: Vec<MessageChunk>,
}

/// Hello and Acknowledge (OPC 10000-6 §7.1.2).
pub(super) async fn open(
    (mut incoming, mut outgoing): (Incoming, Outgoing),
    url: String,
    (state, requests): (Arc<SecureChannelState>, RequestRecv),
    wanted: &TransportConfiguration,
) -> Result<Channel, Error> {
    let hello = HelloMessage::new(
        &url,
        wanted.send_buffer_size,
        wanted.recv_buffer_size,
        wanted.max_message_size,
        wanted.max_chunk_count,
    );
    outgoing.write_all(&hello.encode_to_vec()).await.map_err(|error| lost(&error))?;
    outgoing.flush().await.map_err(|error| lost(&error))?;
    let acknowledged = match incoming.next().await {
        Some(Ok(Message::Acknowledge(acknowledged))) => acknowledged,
        Some(Ok(Message::Error(error))) => return Err(Error::new(error.error, error.reason.as_ref().to_owned())),
        Some(Err(error)) => return Err(lost(&error)),
        None => return Err(Error::new(StatusCode::BadConnectionClosed, "closed instead of an Acknowledge")),
        Some(Ok(_)) => return Err(Error::new(StatusCode::BadTcpMessageTypeInvalid, "no Acknowledge")),
    };
    check(&acknowledged)?;
    let legacy = state.secure_channel().read().security_policy().legacy_sequence_numbers();
    let mut sending = SendBuffer::new(wanted.send_buffer_size, wanted.max_message_size, wanted.max_chunk_count, legacy);
    sending.revise(
        acknowledged.receive_buffer_size as usize,
        acknowledged.max_message_size as usize,
        acknowledged.max_chunk_count as usize,
    );
    Ok(Channel {
        state,
        requests,
        waiting: HashMap::new(),
        incoming,
        outgoing,
        sending,
        sequence: SequenceNumberHandle::new(legacy),
        chunks_max: wanted.max_chunk_count,
        is_closing: false,
        ended: None,
        url,
    })
}

fn check(acknowledged: &AcknowledgeMessage) -> Result<(), Error> {
    if acknowledged.protocol_version > 0 {
        return Err(Error::new(StatusCode::BadProtocolVersionUnsupported, "a newer protocol than 0"));
    }
    let smallest = acknowledged.send_buffer_size.min(acknowledged.receive_buffer_size) as usize;
    if smallest < MIN_CHUNK_SIZE {
        let reason = format!("buffers of {smallest} bytes, where {MIN_CHUNK_SIZE} is the least");
        return Err(Error::new(StatusCode::BadTcpInternalError, reason));
    }
    Ok(())
}

fn lost(error: &std::io::Error) -> Error {
    Error::new(StatusCode::BadConnectionClosed, error.to_string())
}

impl Transport for Channel {
    /// Does one thing. What is awaited loses nothing when it is dropped.
    async fn poll(&mut self) -> TransportPollResult {
        if let Some(status) = self.ended {
            return TransportPollResult::Closed(status);
        }
        match self.step().await {
            Ok(done) => done,
            Err(error) => {
                let status = error.status();
                if status != StatusCode::Good {
                    tracing::debug!(url = %self.url, %error, "the channel is closed");
                }
                self.end(status);
                TransportPollResult::Closed(status)
            }
        }
    }

    fn connected_url(&self) -> &str {
        &self.url
    }
}

impl Channel {
    async fn step(&mut self) -> Result<TransportPollResult, Error> {
        if self.sending.should_encode_chunks() {
            let encoded = self.sending.encode_next_chunk(&self.state.secure_channel().read());
            encoded.map_err(|status| Error::new(status, "securing a chunk"))?;
        }
        let is_sending = self.sending.can_read();
        if self.is_closing && !is_sending {
            return Err(Error::new(StatusCode::Good, "closed by ourselves"));
        }
        let deadline = self.waiting.values().map(|waiting| waiting.deadline).min();
        tokio::select! {
            biased;
            sent = self.sending.read_into_async(&mut self.outgoing), if is_sending => {
                sent.map_err(|error| lost(&error))?;
                Ok(TransportPollResult::OutgoingMessageSent)
            }
            request = self.requests.recv(), if !is_sending => match request {
                Some(request) => self.send(request),
                None => Err(Error::new(StatusCode::Good, "nobody is left to ask")),
            },
            message = self.incoming.next() => self.received(message),
            () = until(deadline) => {
                self.expire(deadline);
                Ok(TransportPollResult::RecoverableError(StatusCode::BadTimeout))
            }
        }
    }

    fn send(&mut self, message: OutgoingMessage) -> Result<TransportPollResult, Error> {
        self.is_closing |= matches!(message.request, RequestMessage::CloseSecureChannel(_));
        let id = self.sending.next_request_id();
        let written = self.sending.write(id, message.request, &self.state.secure_channel().read());
        match (written, message.callback) {
            (Ok(_), Some(answer)) => {
                let waiting = Waiting { answer, deadline: message.deadline, bodies: Vec::new() };
                self.waiting.insert(id, waiting);
            }
            (Ok(_), None) => {}
            // A request that is too large fails alone.
            (Err(error), answer) if error.full_context().is_some() => {
                let status = error.status();
                if let Some(answer) = answer {
                    let _ = answer.send(Err(error));
                }
                return Ok(TransportPollResult::RecoverableError(status));
            }
            (Err(error), _) => return Err(error),
        }
        Ok(TransportPollResult::OutgoingMessage)
    }

    fn received(&mut self, message: Option<Result<Message, std::io::Error>>) -> Result<TransportPollResult, Error> {
        match message {
            Some(Ok(Message::Chunk(chunk))) => self.chunk(chunk)?,
            Some(Ok(Message::Error(error))) => {
                return Err(Error::new(error.error, error.reason.as_ref().to_owned()));
            }
            Some(Ok(_)) => return Err(Error::new(StatusCode::BadTcpMessageTypeInvalid, "neither chunk nor error")),
            Some(Err(error)) => return Err(lost(&error)),
            None => return Err(Error::new(StatusCode::BadCommunicationError, "closed by the server")),
        }
        Ok(TransportPollResult::IncomingMessage)
    }

    fn chunk(&mut self, chunk: MessageChunk) -> Result<(), Error> {
        let (chunk, info, options) = {
            let secure = self.state.secure_channel().read();
            let chunk = secure.verify_and_remove_security(chunk.data)?;
            let info = chunk.chunk_info(&secure)?;
            let (id, found) = (secure.secure_channel_id(), info.message_header.secure_channel_id);
            if id != 0 && id != found {
                return Err(Error::new(StatusCode::BadSecureChannelIdInvalid, format!("channel {found}, not {id}")));
            }
            let options = secure.decoding_options();
            (chunk, info, options)
        };
        self.sequence.validate_and_increment(info.sequence_header.sequence_number)?;
        let id = info.sequence_header.request_id;
        // An answer that came too late, or that nobody asked for.
        let Some(mut waiting) = self.waiting.remove(&id) else { return Ok(()) };
        if info.message_header.is_final == MessageIsFinalType::FinalError {
            let error = match chunk.final_error_body(&info, &options) {
                Ok(error) => Error::new(error.status, error.reason.as_ref().to_owned()),
                Err(_) => Error::new(StatusCode::BadCommunicationError, "given up by the server"),
            };
            let _ = waiting.answer.send(Err(error));
            return Ok(());
        }
        waiting.bodies.push(MessageChunk { data: chunk.data.slice(info.body_offset..) });
        if waiting.bodies.len() > self.chunks_max {
            let reason = format!("a response of more than {} chunks", self.chunks_max);
            let _ = waiting.answer.send(Err(Error::new(StatusCode::BadEncodingLimitsExceeded, reason)));
            return Ok(());
        }
        if info.message_header.is_final == MessageIsFinalType::Intermediate {
            self.waiting.insert(id, waiting);
            return Ok(());
        }
        let response = {
            let secure = self.state.secure_channel().read();
            let context = secure.context();
            answer::response(&waiting.bodies, &context.context())?
        };
        // New keys count from the next chunk on.
        if let ResponseMessage::OpenSecureChannel(opened) = &response {
            self.opened(opened)?;
        }
        // Whoever asked may have gone.
        let _ = waiting.answer.send(Ok(response));
        Ok(())
    }

    /// OPC 10000-4 §5.6.2: the token of the channel, and the keys that both nonces give (OPC 10000-6 §6.7.5).
    fn opened(&self, response: &OpenSecureChannelResponse) -> Result<(), Error> {
        let result = response.response_header.service_result;
        if !result.is_good() {
            return Err(Error::new(result, "OpenSecureChannel was refused"));
        }
        let mut secure = self.state.secure_channel().write();
        let (id, token) = (secure.secure_channel_id(), &response.security_token);
        if id != 0 && id != token.channel_id {
            return Err(Error::new(StatusCode::BadSecureChannelIdInvalid, "renewed under another channel id"));
        }
        secure.set_security_token(token.clone());
        if secure.security_policy() != SecurityPolicy::None {
            secure.validate_secure_channel_nonce_length(&response.server_nonce)?;
            secure.set_remote_nonce_from_byte_string(&response.server_nonce)?;
            secure.derive_keys();
        }
        Ok(())
    }

    fn expire(&mut self, deadline: Option<Instant>) {
        let due = |waiting: &mut Waiting| deadline.is_some_and(|deadline| waiting.deadline <= deadline);
        for (_, waiting) in self.waiting.extract_if(|_, waiting| due(waiting)) {
            let _ = waiting.answer.send(Err(Error::new(StatusCode::BadTimeout, "no answer in time")));
        }
    }

    /// Tells everybody who waits.
    fn end(&mut self, status: StatusCode) {
        self.ended = Some(status);
        let told = if status.is_good() { StatusCode::BadConnectionClosed } else { status };
        self.requests.close();
        let unsent = std::iter::from_fn(|| self.requests.try_recv().ok()).filter_map(|request| request.callback);
        for answer in self.waiting.drain().map(|(_, waiting)| waiting.answer).chain(unsent) {
            let _ = answer.send(Err(Error::new(told, "the channel is closed")));
        }
    }
}

async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}
