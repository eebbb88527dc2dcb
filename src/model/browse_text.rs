//! The text form of browse paths and globs: escapes, namespaces, alternatives.

use super::browse::{ALTERNATIVES_MAX, Piece};
use std::fmt::{self, Write};

/// Why a text is no path or glob; `at` counts bytes from its beginning.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrowseTextError {
    #[error("a pattern has at least one step")]
    Empty,
    #[error("a step is empty (byte {at}); write `\\/` for a slash inside a name")]
    EmptyStep { at: usize },
    #[error("`\\` stands before `/ * {{ }} , : = \\` only (byte {at})")]
    BadEscape { at: usize },
    #[error("`nsu=` is followed by a URI, `:` and a name (byte {at})")]
    NoName { at: usize },
    #[error("`{{` and `}}` come in pairs, one level deep (byte {at})")]
    Braces { at: usize },
    #[error("`**` stands alone in its step (byte {at})")]
    DeepInStep { at: usize },
    #[error("the alternatives of one step are more than {most}")]
    TooManyAlternatives { most: usize },
    #[error("a pattern has at most {most} steps")]
    TooManySteps { most: usize },
    #[error("a path holds no pattern; write `\\*`, `\\{{`, `\\}}` for these characters")]
    Pattern,
    #[error("a browse name is one step")]
    NotOneStep,
}

/// One step as written.
#[derive(Debug)]
pub(super) enum RawStep {
    Deep,
    One { namespace: Option<String>, alternatives: Vec<Vec<Piece>> },
}

/// One character: where it stands, what it is, and whether it was escaped.
#[derive(Clone, Copy)]
struct Token {
    at: usize,
    character: char,
    is_plain: bool,
}

impl Token {
    fn is(self, special: char) -> bool {
        self.is_plain && self.character == special
    }
}

/// All steps; one leading `/` is skipped.
pub(super) fn parse(text: &str) -> Result<Vec<RawStep>, BrowseTextError> {
    let tokens = tokens(text)?;
    let mut rest = match tokens.split_first() {
        Some((first, rest)) if first.is('/') => rest,
        _ => &tokens[..],
    };
    if rest.is_empty() {
        return Err(BrowseTextError::Empty);
    }
    let mut steps = Vec::new();
    loop {
        let (namespace, name) = namespace(&mut rest)?;
        let at = name.first().or(rest.first()).map_or(text.len(), |token| token.at);
        steps.push(step(namespace, name, at)?);
        match rest.split_first() {
            None => return Ok(steps),
            Some((_, behind)) => rest = behind,
        }
    }
}

/// One step; a name of its own beginning with `nsu=` is written `nsu\=`.
pub(super) fn write_step(f: &mut fmt::Formatter<'_>, namespace: Option<&str>, name: &str) -> fmt::Result {
    if let Some(uri) = namespace {
        f.write_str("nsu=")?;
        let needs_escapes = |character| matches!(character, '*' | '{' | '}' | ',' | ':' | '\\');
        match http_scheme(uri) {
            Some(scheme) if !uri[scheme..].contains(needs_escapes) => f.write_str(uri)?,
            _ => escape(f, uri)?,
        }
        f.write_str(":")?;
    }
    if namespace.is_none()
        && let Some(rest) = name.strip_prefix("nsu=")
    {
        f.write_str("nsu\\=")?;
        return escape(f, rest);
    }
    escape(f, name)
}

fn escape(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for character in text.chars() {
        if matches!(character, '/' | '*' | '{' | '}' | ',' | ':' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(character)?;
    }
    Ok(())
}

fn tokens(text: &str) -> Result<Vec<Token>, BrowseTextError> {
    let mut tokens = Vec::with_capacity(text.len());
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        let (character, is_plain) = match character {
            '\\' => match characters.next() {
                Some((_, special @ ('/' | '*' | '{' | '}' | ',' | ':' | '=' | '\\'))) => (special, false),
                _ => return Err(BrowseTextError::BadEscape { at }),
            },
            other => (other, true),
        };
        tokens.push(Token { at, character, is_plain });
    }
    Ok(tokens)
}

fn begins_with(tokens: &[Token], text: &str) -> bool {
    let mut tokens = tokens.iter();
    text.chars().all(|character| tokens.next().is_some_and(|token| token.is(character)))
}

fn text_of(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.character).collect()
}

/// Length of `http://` or `https://`.
fn http_scheme(uri: &str) -> Option<usize> {
    ["http://", "https://"].into_iter().find(|scheme| uri.starts_with(scheme)).map(str::len)
}

/// Takes one step off `rest`, up to the `/` behind it: its namespace, and the tokens of its name.
fn namespace<'a>(rest: &mut &'a [Token]) -> Result<(Option<String>, &'a [Token]), BrowseTextError> {
    if !begins_with(rest, "nsu=") {
        return Ok((None, take_step(rest)));
    }
    let at = rest[0].at;
    *rest = &rest[4..];
    let scheme = ["http://", "https://"].into_iter().find(|scheme| begins_with(rest, scheme));
    let uri = if let Some(scheme) = scheme {
        let end = http_end(rest, scheme.len()).ok_or(BrowseTextError::NoName { at })?;
        let uri = &rest[..end];
        *rest = &rest[end + 1..];
        uri
    } else {
        let step = rest.iter().position(|token| token.is('/')).unwrap_or(rest.len());
        let end = rest[..step].iter().rposition(|token| token.is(':')).ok_or(BrowseTextError::NoName { at })?;
        let uri = &rest[..end];
        *rest = &rest[end + 1..];
        uri
    };
    let name = take_step(rest);
    if uri.is_empty() || name.is_empty() {
        return Err(BrowseTextError::NoName { at });
    }
    Ok((Some(text_of(uri)), name))
}

/// Where the `:` behind an http URI stands. A `:` followed by digits and `/` before the first `/` is a port.
fn http_end(tokens: &[Token], scheme: usize) -> Option<usize> {
    let colon = |from: usize| Some(from + tokens.get(from..)?.iter().position(|token| token.is(':'))?);
    let first = colon(scheme)?;
    let is_authority = !tokens[scheme..first].iter().any(|token| token.is('/'));
    let behind = &tokens[first + 1..];
    let digits = behind.iter().take_while(|token| token.character.is_ascii_digit()).count();
    let is_port = is_authority && digits > 0 && behind.get(digits).is_some_and(|token| token.is('/'));
    if is_port { colon(first + 1) } else { Some(first) }
}

fn take_step<'a>(rest: &mut &'a [Token]) -> &'a [Token] {
    let end = rest.iter().position(|token| token.is('/')).unwrap_or(rest.len());
    let (step, behind) = rest.split_at(end);
    *rest = behind;
    step
}

fn step(namespace: Option<String>, name: &[Token], at: usize) -> Result<RawStep, BrowseTextError> {
    if name.is_empty() {
        return Err(BrowseTextError::EmptyStep { at });
    }
    let is_pair = |pair: &[Token]| pair.iter().all(|token| token.is('*'));
    if let Some(pair) = name.windows(2).find(|pair| is_pair(pair)) {
        let is_alone = name.len() == 2 && namespace.is_none();
        return if is_alone { Ok(RawStep::Deep) } else { Err(BrowseTextError::DeepInStep { at: pair[0].at }) };
    }
    let alternatives = alternatives(name)?;
    if alternatives.iter().any(Vec::is_empty) {
        return Err(BrowseTextError::EmptyStep { at });
    }
    Ok(RawStep::One { namespace, alternatives })
}

/// Expands `a{b,c}d` to `abd` and `acd`.
fn alternatives(mut rest: &[Token]) -> Result<Vec<Vec<Piece>>, BrowseTextError> {
    let mut expanded: Vec<Vec<Piece>> = vec![Vec::new()];
    while let Some((token, behind)) = rest.split_first() {
        if token.is('}') {
            return Err(BrowseTextError::Braces { at: token.at });
        }
        if !token.is('{') {
            for pieces in &mut expanded {
                push(pieces, *token);
            }
            rest = behind;
            continue;
        }
        let end = behind.iter().position(|token| token.is('}')).ok_or(BrowseTextError::Braces { at: token.at })?;
        let (inside, after) = (&behind[..end], &behind[end + 1..]);
        if let Some(nested) = inside.iter().find(|token| token.is('{')) {
            return Err(BrowseTextError::Braces { at: nested.at });
        }
        let choices: Vec<&[Token]> = inside.split(|token| token.is(',')).collect();
        if expanded.len() * choices.len() > ALTERNATIVES_MAX {
            return Err(BrowseTextError::TooManyAlternatives { most: ALTERNATIVES_MAX });
        }
        let extend = |pieces: &Vec<Piece>, choice: &[Token]| {
            let mut pieces = pieces.clone();
            choice.iter().for_each(|token| push(&mut pieces, *token));
            pieces
        };
        expanded = expanded.iter().flat_map(|pieces| choices.iter().map(|choice| extend(pieces, choice))).collect();
        rest = after;
    }
    Ok(expanded)
}

fn push(pieces: &mut Vec<Piece>, token: Token) {
    match pieces.last_mut() {
        // Braces may bring two stars together; one says the same.
        Some(Piece::Star) if token.is('*') => {}
        _ if token.is('*') => pieces.push(Piece::Star),
        Some(Piece::Text(text)) => text.push(token.character),
        _ => pieces.push(Piece::Text(token.character.to_string())),
    }
}
