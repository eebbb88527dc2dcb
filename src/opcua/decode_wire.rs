//! Reading the binary encoding (OPC 10000-6 §5.2) from a slice: bounded, no allocation but for string node ids.

use crate::model::Timestamp;
use ::opcua::types::{ByteString, ExpandedNodeId, Guid, Identifier, NodeId, UAString};

/// Deepest nesting of Variants, DataValues, structures and diagnostics (OPC 10000-6 §5.1.10 asks for 100 levels).
pub(super) const DEPTH_MAX: u32 = 100;

/// Why bytes are no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// They end before the value does, or a length goes beyond them.
    Ends,
    /// A number that the encoding does not know.
    Invalid,
    /// Nested deeper than [`DEPTH_MAX`].
    TooDeep,
    /// Well-formed, but not described by the data type's definition.
    Undescribed,
}

/// What is still to be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wire<'a> {
    bytes: &'a [u8],
}

macro_rules! numbers {
    ($($name:ident),*) => {$(
        pub(super) fn $name(&mut self) -> Result<$name, Fault> {
            self.chunk().map($name::from_le_bytes)
        }
    )*};
}

impl<'a> Wire<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    pub(super) fn remaining(&self) -> usize {
        self.bytes.len()
    }

    numbers!(u8, i8, u16, i16, u32, i32, u64, i64, f32, f64);

    pub(super) fn time(&mut self) -> Result<Timestamp, Fault> {
        // `i64::MIN` is our "no time"; the encoding gives every time at or before 1601 the same meaning (§5.2.2.5).
        self.i64().map(|ticks| Timestamp(ticks.max(i64::MIN + 1)))
    }

    pub(super) fn chunk<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (head, rest) = self.bytes.split_first_chunk::<N>().ok_or(Fault::Ends)?;
        self.bytes = rest;
        Ok(*head)
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Fault> {
        let (head, rest) = self.bytes.split_at_checked(length).ok_or(Fault::Ends)?;
        self.bytes = rest;
        Ok(head)
    }

    /// Bytes with a length before them; -1 is null.
    pub(super) fn block(&mut self) -> Result<Option<&'a [u8]>, Fault> {
        match usize::try_from(self.i32()?) {
            Ok(length) => self.take(length).map(Some),
            Err(_) => Ok(None),
        }
    }

    /// Number of elements of an array; -1 is null. Every element takes a byte at least, so a length beyond the bytes
    /// is refused before anything is built for it.
    pub(super) fn count(&mut self) -> Result<Option<u32>, Fault> {
        match u32::try_from(self.i32()?) {
            Ok(count) if count as usize > self.bytes.len() => Err(Fault::Ends),
            Ok(count) => Ok(Some(count)),
            Err(_) => Ok(None),
        }
    }

    /// OPC 10000-6 §5.2.2.9, flags of the expanded form taken off.
    fn node(&mut self, form: u8) -> Result<NodeId, Fault> {
        let (namespace, identifier) = match form {
            0 => (0, Identifier::Numeric(self.u8()?.into())),
            1 => (self.u8()?.into(), Identifier::Numeric(self.u16()?.into())),
            2 => (self.u16()?, Identifier::Numeric(self.u32()?)),
            3 => (self.u16()?, Identifier::String(self.ua_string()?)),
            4 => (self.u16()?, Identifier::Guid(Guid::from_bytes(self.chunk()?))),
            5 => (self.u16()?, Identifier::ByteString(ByteString { value: self.block()?.map(<[u8]>::to_vec) })),
            _ => return Err(Fault::Invalid),
        };
        Ok(NodeId { namespace, identifier })
    }

    pub(super) fn node_id(&mut self) -> Result<NodeId, Fault> {
        let form = self.u8()?;
        self.node(form)
    }

    pub(super) fn expanded_node_id(&mut self) -> Result<ExpandedNodeId, Fault> {
        let form = self.u8()?;
        let node_id = self.node(form & 0x3F)?;
        let namespace_uri = if form & 0x80 != 0 { self.ua_string()? } else { UAString::null() };
        let server_index = if form & 0x40 != 0 { self.u32()? } else { 0 };
        Ok(ExpandedNodeId { node_id, namespace_uri, server_index })
    }

    fn ua_string(&mut self) -> Result<UAString, Fault> {
        match self.block()? {
            None => Ok(UAString::null()),
            Some(bytes) => std::str::from_utf8(bytes).map(UAString::from).map_err(|_| Fault::Invalid),
        }
    }
}
