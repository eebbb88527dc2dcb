//! One record of the audit: a line of JSON that ends with its own hash.
//!
//! `{"seq":7,"at":"…","kind":"before",…,"prev":"…","hash":"…"}`: `hash` is the SHA-256 of the line up to the comma before
//! it, and `prev` the `hash` of the line before: whoever changes, takes out, puts in or moves a line breaks the chain there.

use crate::model::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

pub type Hash = [u8; 32];

/// What stands before the hash, and behind it.
const BEFORE: &str = ",\"hash\":\"";
const BEHIND: &str = "\"}";

/// A line as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub seq: u64,
    pub at: Timestamp,
    pub kind: String,
    pub prev: Hash,
    pub hash: Hash,
    /// All of it.
    pub members: Map<String, Value>,
}

/// The line of a record, without its end, and its hash.
pub(super) fn write(seq: u64, at: Timestamp, kind: &str, facts: Map<String, Value>, prev: &Hash) -> (String, Hash) {
    let mut members = Map::new();
    members.insert("seq".to_owned(), seq.into());
    members.insert("at".to_owned(), at.to_string().into());
    members.insert("kind".to_owned(), kind.into());
    members.extend(facts);
    members.insert("prev".to_owned(), hex(prev).into());
    let mut text = Value::Object(members).to_string();
    // The brace at its end comes back behind the hash.
    text.pop();
    let hash: Hash = Sha256::digest(text.as_bytes()).into();
    (format!("{text}{BEFORE}{}{BEHIND}", hex(&hash)), hash)
}

/// A line without its end; `None`: it is not what was written.
#[must_use]
pub fn read(line: &[u8]) -> Option<Line> {
    let text = std::str::from_utf8(line).ok()?;
    let (body, hash) = text.strip_suffix(BEHIND)?.rsplit_once(BEFORE)?;
    let own: Hash = Sha256::digest(body.as_bytes()).into();
    // In the digits in which it was written, too.
    if hash != hex(&own) {
        return None;
    }
    let Value::Object(members) = serde_json::from_str(text).ok()? else { return None };
    let word = |name: &str| members.get(name).and_then(Value::as_str);
    Some(Line {
        seq: members.get("seq")?.as_u64()?,
        at: Timestamp::parse(word("at")?).ok()?,
        kind: word("kind")?.to_owned(),
        prev: unhex(word("prev")?)?,
        hash: own,
        members,
    })
}

/// 64 hexadecimal digits.
#[must_use]
pub fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// From 64 hexadecimal digits.
#[must_use]
pub fn unhex(text: &str) -> Option<Hash> {
    let bytes = text.as_bytes();
    if bytes.len() != 64 || !bytes.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut hash = [0; 32];
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(hash)
}
