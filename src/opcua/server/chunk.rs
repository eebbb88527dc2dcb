//! What a chunk says of itself before anything of it is decrypted (OPC 10000-6 §6.7.2, §7.1.2). Pure.

/// Length of the header that every chunk begins with.
pub(super) const HEADER: usize = 8;
/// Texts of a header are short; a certificate chain is the longest part.
const POLICY_MAX: usize = 255;
const CHAIN_MAX: usize = 12 * 1024;
const THUMBPRINT_MAX: usize = 64;

/// What a chunk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Hello,
    Open,
    Message,
    Close,
}

/// Whether a message goes on behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Intermediate,
    Final,
    Aborted,
}

/// The header of a chunk that a client sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) part: Part,
    /// Of the whole chunk, this header included.
    pub(super) size: usize,
}

impl Header {
    /// `None`: nothing that a client may send.
    pub(super) fn read(bytes: [u8; HEADER]) -> Option<Self> {
        let kind = match &bytes[..3] {
            b"HEL" => Kind::Hello,
            b"OPN" => Kind::Open,
            b"MSG" => Kind::Message,
            b"CLO" => Kind::Close,
            _ => return None,
        };
        let part = match bytes[3] {
            b'C' => Part::Intermediate,
            b'F' => Part::Final,
            b'A' => Part::Aborted,
            _ => return None,
        };
        let size = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]) as usize;
        // Only messages are cut in parts. A chunk that is all header, or less, would never bring anybody on.
        let is_whole = kind == Kind::Message || part == Part::Final;
        (is_whole && size > HEADER).then_some(Self { kind, part, size })
    }
}

/// The security header of an OpenSecureChannel chunk; it is in clear, whatever the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OpenHeader<'a> {
    pub(super) policy: &'a str,
    /// Leaf first, issuers behind it; empty: none.
    pub(super) certificate: &'a [u8],
    /// For which of our certificates what follows is encrypted.
    pub(super) thumbprint: &'a [u8],
    /// Bytes behind the header.
    pub(super) rest: usize,
}

impl<'a> OpenHeader<'a> {
    /// `None`: malformed.
    pub(super) fn read(chunk: &'a [u8]) -> Option<Self> {
        // Behind the header stands the channel's id.
        let mut rest = chunk.get(HEADER + 4..)?;
        let policy = std::str::from_utf8(block(&mut rest, POLICY_MAX)?).ok()?;
        let certificate = block(&mut rest, CHAIN_MAX)?;
        let thumbprint = block(&mut rest, THUMBPRINT_MAX)?;
        Some(Self { policy, certificate, thumbprint, rest: rest.len() })
    }
}

/// Bytes with their length before them; -1 stands for none.
fn block<'a>(rest: &mut &'a [u8], most: usize) -> Option<&'a [u8]> {
    let (length, behind) = rest.split_first_chunk::<4>()?;
    let length = i32::from_le_bytes(*length);
    *rest = behind;
    if length == -1 {
        return Some(&[]);
    }
    let length = usize::try_from(length).ok().filter(|length| *length <= most)?;
    let (block, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(block)
}

/// What an unencrypted message asks for: the number of its type in namespace 0. `None`: none, or malformed.
pub(super) fn service(chunk: &[u8]) -> Option<u32> {
    // Channel, token, sequence number, request id.
    match chunk.get(HEADER + 16..)? {
        [0, number, ..] => Some(u32::from(*number)),
        [1, 0, low, high, ..] => Some(u32::from(u16::from_le_bytes([*low, *high]))),
        [2, 0, 0, a, b, c, d, ..] => Some(u32::from_le_bytes([*a, *b, *c, *d])),
        _ => None,
    }
}

/// An error as the protocol has it: code and reason, then the connection ends.
pub(super) fn error(code: u32, reason: &str) -> Vec<u8> {
    let size = HEADER + 8 + reason.len();
    let mut bytes = Vec::with_capacity(size);
    bytes.extend_from_slice(b"ERRF");
    bytes.extend_from_slice(&(size as u32).to_le_bytes());
    bytes.extend_from_slice(&code.to_le_bytes());
    bytes.extend_from_slice(&(reason.len() as u32).to_le_bytes());
    bytes.extend_from_slice(reason.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(kind: &[u8; 4], size: u32) -> Option<Header> {
        let mut bytes = [0; HEADER];
        bytes[..4].copy_from_slice(kind);
        bytes[4..].copy_from_slice(&size.to_le_bytes());
        Header::read(bytes)
    }

    #[test]
    fn only_what_a_client_may_send_has_a_header() {
        let right = header(b"MSGC", 100);
        assert_eq!(right, Some(Header { kind: Kind::Message, part: Part::Intermediate, size: 100 }));
        for (kind, size) in [(b"MSGF", 0), (b"MSGF", 8), (b"OPNC", 100), (b"HELC", 100), (b"ACKF", 100), (b"MSGX", 100)]
        {
            assert_eq!(header(kind, size), None, "{kind:?} {size}");
        }
        assert_eq!(header(b"MSGF", u32::MAX).map(|header| header.size), Some(u32::MAX as usize));
    }

    #[test]
    fn the_header_of_a_channel_is_read_and_every_cut_of_it_is_malformed() {
        let mut chunk = b"OPNF\0\0\0\0\x01\0\0\0".to_vec();
        for block in [&b"http://policy"[..], b"DER", b"thumb"] {
            chunk.extend_from_slice(&(block.len() as u32).to_le_bytes());
            chunk.extend_from_slice(block);
        }
        let right = OpenHeader { policy: "http://policy", certificate: b"DER", thumbprint: b"thumb", rest: 0 };
        assert_eq!(OpenHeader::read(&chunk), Some(right));
        assert!((0..chunk.len()).all(|end| OpenHeader::read(&chunk[..end]).is_none()));
        chunk[12..16].copy_from_slice(&i32::MIN.to_le_bytes());
        assert_eq!(OpenHeader::read(&chunk), None);
    }

    #[test]
    fn an_unencrypted_message_tells_its_service_in_every_spelling() {
        let message = |body: &[u8]| [&[0; HEADER + 16][..], body].concat();
        assert_eq!(service(&message(&[1, 0, 0xAC, 1, 0])), Some(428));
        assert_eq!(service(&message(&[2, 0, 0, 0xAC, 1, 0, 0])), Some(428));
        assert_eq!(service(&message(&[0, 12])), Some(12));
        for strange in [&[][..], &[1, 1, 0xAC, 1], &[3, 0, 0, 1], &[1, 0, 0xAC]] {
            assert_eq!(service(&message(strange)), None);
        }
    }
}
