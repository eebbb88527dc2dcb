//! Strings of JSON: escaping, unescaping without a copy, and numbers as text.

/// Appends `text` escaped for JSON; whether anything had to be. Only what RFC 8259 §7 demands: quote, backslash and
/// control characters.
pub(crate) fn escape(out: &mut String, text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut done = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte >= 0x20 && *byte != b'"' && *byte != b'\\' {
            continue;
        }
        out.push_str(&text[done..at]);
        done = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0C => out.push_str("\\f"),
            other => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                out.push_str("\\u00");
                out.push(char::from(DIGITS[usize::from(other >> 4)]));
                out.push(char::from(DIGITS[usize::from(other & 15)]));
            }
        }
    }
    out.push_str(&text[done..]);
    done > 0
}

/// The characters of an escaped JSON string, one by one. The text must have been checked: what is no escape is
/// passed on as it stands.
#[derive(Clone, Debug)]
pub(crate) struct Unescaped<'a> {
    rest: std::str::Chars<'a>,
}

impl<'a> Unescaped<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { rest: text.chars() }
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.rest.as_str().get(..4)?;
        let unit = u32::from_str_radix(digits, 16).ok()?;
        self.rest = self.rest.as_str()[4..].chars();
        Some(unit)
    }

    fn code_point(&mut self) -> Option<char> {
        let high = self.unit()?;
        if !(0xD800..0xDC00).contains(&high) {
            return char::from_u32(high);
        }
        let low = self.rest.as_str().strip_prefix("\\u")?;
        self.rest = low.chars();
        let low = self.unit()?.checked_sub(0xDC00)?;
        char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + low)
    }
}

impl Iterator for Unescaped<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self.rest.next()? {
            '\\' => match self.rest.next()? {
                'n' => Some('\n'),
                'r' => Some('\r'),
                't' => Some('\t'),
                'b' => Some('\u{8}'),
                'f' => Some('\u{c}'),
                'u' => Some(self.code_point().unwrap_or(char::REPLACEMENT_CHARACTER)),
                other => Some(other),
            },
            plain => Some(plain),
        }
    }
}

/// Whether an escaped string says `expected`, without building it.
pub(crate) fn escaped_equals(escaped: &str, expected: &str) -> bool {
    Unescaped::new(escaped).eq(expected.chars())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_escaped_reads_back_and_is_json(text in "\\PC*|[\u{0}-\u{7f}]*|.*") {
            let mut escaped = String::new();
            let had_to = escape(&mut escaped, &text);
            prop_assert_eq!(had_to, escaped != text);
            prop_assert!(escaped_equals(&escaped, &text));
            let parsed: String = serde_json::from_str(&format!("\"{escaped}\"")).expect("JSON");
            prop_assert_eq!(parsed, text);
        }
    }

    #[test]
    fn surrogate_pairs_are_one_character() {
        assert!(escaped_equals("\\ud83e\\udd80 \\u00e9\\/", "🦀 é/"));
    }
}
