//! Responses from their bytes, on a bounded stack.
//!
//! The crate decodes a `DataValue` inside a Variant inside a `DataValue`, and diagnostics inside diagnostics, without a
//! limit on their depth: two bytes a level, up to 1.6 kB of stack. What it cannot do is decode without reading, so
//! every read looks how far the stack has grown since the message began and fails when that is too much. No kind of
//! nesting gets past it, whatever the message is and however large, and what was decoded can be dropped as well.
//!
//! Values that are read are handed on as bytes, as those of notifications are (`super::decode`).

use ::opcua::core::comms::message_chunk::MessageChunk;
use ::opcua::core::{Message, ResponseMessage};
use ::opcua::types::type_loader::ByteStringBody;
use ::opcua::types::{
    BinaryDecodable, ByteString, Context, Error, ExtensionObject, NodeId, ObjectId, ReadResponse, ResponseHeader,
};
use std::hint::black_box;
use std::io::{self, Read};

/// Stack that decoding one message may use: several hundred levels, where OPC 10000-6 §5.1.10 asks for 100.
pub(super) const DECODE_STACK_MAX: usize = 1 << 20;

/// Bytes of one message, chunk after chunk.
pub(super) struct Body<'a> {
    bytes: &'a [u8],
    rest: std::slice::Iter<'a, MessageChunk>,
    /// Where the stack stood when the message began.
    began: usize,
}

impl<'a> Body<'a> {
    /// `chunks` hold the body alone, without headers, padding and signature.
    fn new(chunks: &'a [MessageChunk]) -> Self {
        Self { bytes: &[], rest: chunks.iter(), began: stack() }
    }

    /// A part of a message.
    pub(super) fn part(bytes: &'a [u8]) -> Self {
        Self { bytes, rest: [].iter(), began: stack() }
    }
}

/// Where the stack of this thread stands now.
#[inline]
fn stack() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(black_box(&here)).addr()
}

impl Read for Body<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // Whichever way it grows.
        if stack().abs_diff(self.began) > DECODE_STACK_MAX {
            return Err(io::Error::other("values are nested too deep"));
        }
        while self.bytes.is_empty() {
            let Some(next) = self.rest.next() else { return Ok(0) };
            self.bytes = &next.data;
        }
        self.bytes.read(buffer)
    }
}

/// A whole response. The results of a Read response stay bytes: see [`read_results`].
///
/// # Errors
/// It is damaged, nested too deep, larger in a part than the context allows, or no response.
pub(super) fn response(chunks: &[MessageChunk], context: &Context<'_>) -> Result<ResponseMessage, Error> {
    let mut body = Body::new(chunks);
    let node = NodeId::decode(&mut body, context)?;
    let id = node.as_object_id().map_err(|_| Error::decoding(format!("{node} is no message")))?;
    if id != ObjectId::ReadResponse_Encoding_DefaultBinary {
        return ResponseMessage::decode_by_object_id(&mut body, id, context);
    }
    let mut response_header = ResponseHeader::decode(&mut body, context)?;
    let mut results = Vec::with_capacity(chunks.iter().map(|chunk| chunk.data.len()).sum());
    body.read_to_end(&mut results)?;
    response_header.additional_header = ExtensionObject::new(ByteStringBody::new(ByteString::from(results), id.into()));
    Ok(ReadResponse { response_header, results: None, diagnostic_infos: None }.into())
}

/// The bytes of the results of a Read response that [`response`] made.
pub(super) fn read_results(answer: &ReadResponse) -> &[u8] {
    let results = answer.response_header.additional_header.inner_as::<ByteStringBody>();
    results.map_or(&[], |results| results.raw_body().as_ref())
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
