//! Which slip of the keyboard made a text something else than YAML.

use serde_saphyr::granit_parser::{ErrorKind, ScanError};

/// What was probably done.
pub(super) struct Slip {
    /// Chooses the text of `QIAO-C001`; `other`: nothing is known but what the parser says.
    pub word: &'static str,
    /// The character at fault, where one is.
    pub found: String,
    /// The character that was meant, where it is known.
    pub meant: &'static str,
}

/// What an input method for Chinese types, and what YAML takes.
const FULL_WIDTH: [(char, &str); 15] = [
    ('：', ":"),
    ('，', ","),
    ('｛', "{"),
    ('｝', "}"),
    ('［', "["),
    ('］', "]"),
    ('【', "["),
    ('】', "]"),
    ('＃', "#"),
    ('－', "-"),
    ('“', "\""),
    ('”', "\""),
    ('‘', "'"),
    ('’', "'"),
    ('\u{3000}', " "),
];

/// Quotation marks of running text: YAML takes them for letters.
const TYPOGRAPHIC: [char; 13] = ['“', '”', '‘', '’', '„', '‚', '«', '»', '「', '」', '『', '＂', '＇'];

/// What a text without quotes begins with although YAML gives it no meaning, and what was meant.
pub(super) fn false_start(text: &str) -> Option<(String, &'static str)> {
    match text.chars().next()? {
        '\u{3000}' => Some(("U+3000".to_owned(), " ")),
        quote if TYPOGRAPHIC.contains(&quote) => Some((quote.to_string(), "\"")),
        _ => None,
    }
}

/// `name:hall-3`: a key and its value that no blank keeps apart.
pub(super) fn is_without_blank(text: &str) -> bool {
    let is_key = |key: &str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    text.split_once(':').is_some_and(|(key, value)| is_key(key) && !value.is_empty() && !value.starts_with("//"))
}

/// The first full-width character outside quotes and comments, and what was meant.
pub(super) fn full_width(text: &str) -> Option<(char, &'static str)> {
    let mut quote = None;
    let mut before = ' ';
    for c in text.chars() {
        match quote {
            Some(end) if c == end => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c == '#' && before.is_whitespace() => return None,
            None => {
                if let Some(found) = FULL_WIDTH.iter().find(|(known, _)| *known == c) {
                    return Some(*found);
                }
            }
        }
        before = c;
    }
    None
}

/// What made the parser give up; `text` is the whole text.
pub(super) fn of(error: &ScanError, text: &str) -> Slip {
    let line = error.marker().line();
    // A missing colon is noticed one line later.
    let near = text.lines().skip(line.saturating_sub(2)).take(2);
    if let Some((found, meant)) = near.filter_map(full_width).next() {
        return Slip { word: "full-width", found: found.to_string(), meant };
    }
    let found = match error.kind() {
        ErrorKind::UnexpectedCharacter { character } => character.to_string(),
        _ => String::new(),
    };
    let before = before(text, line, error.marker().col());
    let word = match word(error.kind()) {
        // `topic: {site}/{machine}` ends behind its first brace.
        "indentation" | "bracket" if before.trim_end().ends_with(['}', ']']) && before.contains(": {") => "braces",
        "colon" if !before.contains(": ") && is_open(text, line) => "bracket",
        "colon" if !before.contains(": ") => "line-before",
        word => word,
    };
    Slip { word, found, meant: "" }
}

/// The part of a line before a column.
fn before(text: &str, line: usize, column: usize) -> String {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    line.chars().take(column).collect()
}

/// Whether a bracket is open at the beginning of a line; quotes are not looked at, a guess is enough.
fn is_open(text: &str, line: usize) -> bool {
    let above = text.lines().take(line.saturating_sub(1)).flat_map(str::chars);
    let depth = above.fold(0_i64, |depth, c| match c {
        '[' | '{' => depth + 1,
        ']' | '}' => depth - 1,
        _ => depth,
    });
    depth > 0
}

fn word(kind: &ErrorKind) -> &'static str {
    use ErrorKind as E;
    match kind {
        E::TabNotAllowed
        | E::TabInBlockIndentation
        | E::TabAtBlockScalarStart
        | E::TabInIndentation
        | E::TabInPlainScalar
        | E::InvalidBlockEntryWhitespace
        | E::InvalidMappingValueWhitespace => "tab",
        E::UnexpectedEofFlowSequence
        | E::UnexpectedEofFlowMapping
        | E::UnexpectedEofImplicitFlowMapping
        | E::ExpectedFlowMappingSeparator
        | E::ExpectedFlowSequenceSeparator
        | E::MisplacedFlowCollectionEnd
        | E::MismatchedFlowCollectionEnd { .. }
        | E::UnclosedFlowCollection { .. }
        | E::InvalidFlowScalarIndent
        | E::FlowMappingValueAdjacentCollection => "bracket",
        E::UnclosedQuotedScalar
        | E::InvalidTrailingSingleQuotedScalar
        | E::InvalidTrailingDoubleQuotedScalar
        | E::InvalidQuotedScalarIndent
        | E::DocumentIndicatorInQuotedScalar => "quote",
        E::UnknownQuotedScalarEscape | E::InvalidQuotedScalarHexEscape | E::InvalidUnicodeEscape => "escape",
        E::InvalidIndentation
        | E::ExpectedBlockMappingKey
        | E::ExpectedBlockSequenceEntry
        | E::BlockSequenceEntryNotAllowed
        | E::BlockEntryInFlowCollection => "indentation",
        E::SimpleKeyExpected | E::InvalidSimpleKey | E::ExpectedDocumentStart => "no-colon",
        E::MissingAnchorOrAliasName => "star",
        E::MappingValueNotAllowed | E::MappingKeyNotAllowed | E::InvalidColonPlacement => "colon",
        E::UnexpectedCharacter { .. } => "character",
        E::RecursionLimitExceeded => "deep",
        _ => "other",
    }
}
