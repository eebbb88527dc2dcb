//! YAML as it was typed: a tree that knows where every key and value stands, and every duplicate key.
//!
//! Texts keep their spelling: whether `4840` is a number or a name is decided by the key it stands at, not by YAML.
//! Anchors, aliases and tags are refused: a configuration says what it means where it is read.

use super::read::Reading;
use super::slip::{self, Slip};
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, options};
use std::collections::HashMap;

/// Levels of lists and tables: far more than any configuration needs, far less than a stack holds.
const DEPTH_LIMIT: usize = 32;

/// Where something stands. Ordered by file, line, column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Number of the file, in the order of reading: 0 is the configuration itself, the others were included.
    pub file: u16,
    /// From 1.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// Where a template was used that this comes from: number in [`Reading`], from 1; 0: it stands as it was typed.
    pub used: u32,
}

impl Place {
    /// `file:line:column`.
    #[must_use]
    pub fn in_file(self, file: &str) -> String {
        format!("{file}:{}:{}", self.line, self.column)
    }

    /// `line` from 1, `column` from 0.
    pub(super) fn at(file: u16, line: usize, column: usize) -> Self {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { file, line: number(line.max(1)), column: number(column.saturating_add(1)), used: 0 }
    }
}

/// A value of any kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub place: Place,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Nothing after the key, `~` or `null`.
    Nothing,
    Text {
        text: String,
        /// Without quotes: may be read as a number.
        is_plain: bool,
    },
    List(Vec<Node>),
    Table(Vec<(Key, Node)>),
    /// Refused already; nobody says more about it.
    Refused,
}

/// A key of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub text: String,
    pub place: Place,
}

/// Reads one document. `None`: it cannot be read at all, and why is among the findings.
pub fn parse(text: &str, file: u16, reading: &mut Reading<'_>) -> Option<Node> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let limits = options! {
        flow_nesting_limit: DEPTH_LIMIT,
        block_nesting_limit: DEPTH_LIMIT,
        emit_unresolved_aliases: true,
        emit_comments: false,
    };
    let faults_before = reading.findings.len();
    let events = Parser::new_from_str_with_options(text, limits);
    match (Builder { events, file, reading }).document() {
        Ok(root) => {
            if root.is_none() {
                reading.error("QIAO-C003", Place::at(file, 1, 0), &[]);
            }
            root
        }
        Err(error) => {
            // What was found before may be a consequence of the same slip.
            reading.findings.truncate(faults_before);
            let place = Place::at(file, error.marker().line(), error.marker().col());
            let Slip { word, found, meant } = slip::of(&error, text);
            let facts = [("slip", word), ("found", &found), ("meant", meant), ("reason", &error.info())];
            reading.error("QIAO-C001", place, &facts);
            None
        }
    }
}

struct Builder<'r, 'f, I> {
    events: I,
    file: u16,
    reading: &'r mut Reading<'f>,
}

impl<'a, I: Iterator<Item = Result<(Event<'a>, Span), ScanError>>> Builder<'_, '_, I> {
    /// The first document; a second one is a finding.
    fn document(&mut self) -> Result<Option<Node>, ScanError> {
        let mut root = None;
        while let Some(next) = self.events.next() {
            let (event, span) = next?;
            match event {
                Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
                Event::DocumentStart(..) if root.is_some() => {
                    self.refuse("QIAO-C004", &span);
                    break;
                }
                Event::DocumentStart(..) => {}
                event => root = Some(self.node(event, &span)?),
            }
        }
        Ok(root.filter(|root| root.content != Content::Nothing))
    }

    fn node(&mut self, event: Event<'a>, span: &Span) -> Result<Node, ScanError> {
        let place = self.place(span);
        let (anchor, is_tagged) = match &event {
            Event::Scalar(_, _, anchor, tag) => (*anchor, tag.is_some()),
            Event::SequenceStart(_, anchor, tag) | Event::MappingStart(_, anchor, tag) => (*anchor, tag.is_some()),
            _ => (0, false),
        };
        if anchor != 0 || is_tagged {
            self.refuse("QIAO-C002", span);
        }
        let content = match event {
            Event::Scalar(text, ScalarStyle::Plain, ..) if matches!(&*text, "" | "~" | "null") => Content::Nothing,
            Event::Scalar(text, ScalarStyle::Plain, ..) if slip::false_start(&text).is_some() => {
                let (found, meant) = slip::false_start(&text).unwrap_or_default();
                self.reading.error("QIAO-C093", place, &[("found", &found), ("meant", meant)]);
                Content::Refused
            }
            Event::Scalar(text, style, ..) => {
                Content::Text { text: text.into_owned(), is_plain: matches!(style, ScalarStyle::Plain) }
            }
            Event::SequenceStart(..) => self.list()?,
            Event::MappingStart(..) => self.table()?,
            _ => {
                self.refuse("QIAO-C002", span);
                Content::Refused
            }
        };
        Ok(Node { place, content })
    }

    fn list(&mut self) -> Result<Content, ScanError> {
        let mut items = Vec::new();
        while let Some(next) = self.events.next() {
            let (event, span) = next?;
            if matches!(event, Event::SequenceEnd) {
                break;
            }
            items.push(self.node(event, &span)?);
        }
        Ok(Content::List(items))
    }

    fn table(&mut self) -> Result<Content, ScanError> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        let mut known: HashMap<String, Place> = HashMap::new();
        while let Some(next) = self.events.next() {
            let (event, span) = next?;
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let key = self.node(event, &span)?;
            let Some(next) = self.events.next() else { break };
            let (event, span) = next?;
            let value = self.node(event, &span)?;
            let Content::Text { text, .. } = key.content else {
                if key.content != Content::Refused {
                    self.reading.error("QIAO-C005", key.place, &[]);
                }
                continue;
            };
            if let Some(first) = known.get(&text) {
                let first = self.reading.shown(*first);
                self.reading.error("QIAO-C006", key.place, &[("key", &text), ("first", &first)]);
                continue;
            }
            known.insert(text.clone(), key.place);
            entries.push((Key { text, place: key.place }, value));
        }
        Ok(Content::Table(entries))
    }

    fn place(&self, span: &Span) -> Place {
        Place::at(self.file, span.start.line(), span.start.col())
    }

    fn refuse(&mut self, code: &'static str, span: &Span) {
        self.reading.error(code, self.place(span), &[]);
    }
}
