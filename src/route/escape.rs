//! How a value becomes part of one topic level.

use crate::finding::is_hidden;
use std::fmt::Write as _;

/// A value as part of one topic level: never empty, never two values alike that were not alike.
///
/// Percent-encoding (`%` and two upper-case hexadecimal digits per byte of UTF-8) of what would leave its level or
/// trouble a reader: `/ + # %`, control characters, what turns, joins or hides text (bidirectional marks, spaces without
/// width), Unicode non-characters (MQTT 5.0 §1.5.4), a leading `$` (§4.7.2
/// keeps it for the broker), and every dot of a value that is nothing but dots. The empty value becomes `%_`, which
/// nothing else becomes. All other text, spaces and Chinese included, stays as it is.
#[must_use]
pub fn escape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    push(&mut text, value);
    text
}

/// Appends the escaped value.
pub(super) fn push(topic: &mut String, value: &str) {
    if value.is_empty() {
        topic.push_str("%_");
    }
    let is_dots = value.bytes().all(|byte| byte == b'.');
    for (at, c) in value.char_indices() {
        if is_forbidden(c) || matches!(c, '/' | '%') || (c == '$' && at == 0) || is_dots {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing into a String cannot fail.
                let _ = write!(topic, "%{byte:02X}");
            }
        } else {
            topic.push(c);
        }
    }
}

/// What stands in no topic of ours, not even in the literal part of a template.
pub(super) fn is_forbidden(c: char) -> bool {
    let number = u32::from(c);
    let is_noncharacter = (0xFDD0..=0xFDEF).contains(&number) || number & 0xFFFE == 0xFFFE;
    matches!(c, '+' | '#') || is_hidden(c) || is_noncharacter
}
