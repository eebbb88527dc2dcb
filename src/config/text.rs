//! From the bytes of a file to its text: UTF-8, and nothing that merely looks like it.

use super::read::Reading;
use super::yaml::Place;

/// A configuration is text that somebody typed; what is larger is another file.
pub const SIZE_LIMIT: usize = 4 << 20;

/// `None`: it is no UTF-8 or too large, and that was noted.
pub(super) fn decode<'b>(bytes: &'b [u8], file: u16, reading: &mut Reading<'_>) -> Option<&'b str> {
    let start = Place::at(file, 1, 0);
    if bytes.len() > SIZE_LIMIT {
        let limit = (SIZE_LIMIT >> 20).to_string();
        reading.error("QIAO-C079", start, &[("what", "bytes"), ("limit", &limit)]);
        return None;
    }
    // Byte order marks of UTF-16; without one, a zero beside the first letter gives it away.
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) || bytes.iter().take(2).any(|b| *b == 0) {
        reading.error("QIAO-C075", start, &[("encoding", "utf-16")]);
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let right = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
            let line = right.matches('\n').count() + 1;
            let column = right.rsplit('\n').next().unwrap_or_default().chars().count();
            reading.error("QIAO-C075", Place::at(file, line, column), &[("encoding", "other")]);
            None
        }
    }
}
