//! Foreign text made safe to show: it can neither move the cursor, nor turn the reading order, nor hide.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Writes every control, bidirectional and invisible format character of `text` as `\u{…}` (`\n`, `\r`, `\t` as such).
/// Names come from machines and files: a terminal must not obey them.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            // Writing to a string does not fail.
            c if is_hidden(c) => _ = write!(shown, "\\u{{{:x}}}", u32::from(c)),
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Controls (C0, DEL, C1), and what Unicode uses to turn, join, hide or tag text (UAX #9 §2, UTR #36 §3).
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_move_the_cursor_or_turn_the_reading_order() {
        for (text, shown) in [
            ("lathe-7", "lathe-7"),
            ("车床 Fräse", "车床 Fräse"),
            ("a\nb\tc", "a\\nb\\tc"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("gpj.\u{202e}exe", "gpj.\\u{202e}exe"),
            ("\u{feff}x\u{9b}", "\\u{feff}x\\u{9b}"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }
}
