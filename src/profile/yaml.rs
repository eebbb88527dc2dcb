//! YAML as a tree with places: every fault of a file can be told at once, with line and column.
//!
//! Scalars stay text as written (`1.02` is not a float here); what a text means is decided by who asks for it. Anchors,
//! aliases, tags and several documents are refused: profiles are tables, and a table needs none of them.

use super::report::{Place, Report};
use serde_saphyr::granit_parser::{Event, Parser, ScanError, Span};

/// Lists and maps inside each other, at most.
const MAX_DEPTH: usize = 32;

/// One value of a file and where it begins.
#[derive(Debug)]
pub(super) struct Node {
    pub place: Place,
    pub content: Content,
    /// A text without quotes: `3` and `true` may be meant as number and boolean.
    pub is_plain: bool,
}

#[derive(Debug)]
pub(super) enum Content {
    /// Nothing was written.
    Empty,
    Text(String),
    List(Vec<Node>),
    /// In the order of the file; keys are unique.
    Map(Vec<(Key, Node)>),
}

#[derive(Debug)]
pub(super) struct Key {
    pub place: Place,
    pub text: String,
}

/// A list or map that is still open.
enum Open {
    List(Place, Vec<Node>),
    Map { place: Place, entries: Vec<(Key, Node)>, key: Option<Key> },
}

/// Reads one document. `None` when the text is not YAML at all; other faults leave a tree to look at.
pub(super) fn parse(text: &str, report: &mut Report) -> Option<Node> {
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                syntax(&error, report);
                return None;
            }
        };
        let place = place_of(&span);
        if event.tag().is_some() || event.anchor_id().is_some() || event.is_alias() {
            report.error("QIAO-P005", place);
        }
        let done = match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    report.error("QIAO-P005", place);
                    return root;
                }
                None
            }
            Event::Scalar(text, style, ..) => {
                let is_plain = style == serde_saphyr::granit_parser::ScalarStyle::Plain;
                let content = match text.as_ref() {
                    "" | "~" | "null" if is_plain => Content::Empty,
                    text => Content::Text(text.to_owned()),
                };
                Some(Node { place, content, is_plain })
            }
            Event::SequenceStart(..) => {
                open.push(Open::List(place, Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Map { place, entries: Vec::new(), key: None });
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(|ended| match ended {
                Open::List(place, items) => Node { place, content: Content::List(items), is_plain: false },
                Open::Map { place, entries, .. } => Node { place, content: Content::Map(entries), is_plain: false },
            }),
            _ => None,
        };
        if open.len() > MAX_DEPTH {
            report.error("QIAO-P003", place).argument("limit", format!("{MAX_DEPTH} levels"));
            return None;
        }
        if let Some(node) = done {
            put(node, &mut open, &mut root, report);
        }
    }
    Some(root.unwrap_or(Node { place: Place::START, content: Content::Empty, is_plain: false }))
}

/// Hands a finished node to the list or map around it.
fn put(node: Node, open: &mut [Open], root: &mut Option<Node>, report: &mut Report) {
    match open.last_mut() {
        None => *root = Some(node),
        Some(Open::List(_, items)) => items.push(node),
        Some(Open::Map { entries, key, .. }) => match key.take() {
            None => {
                let text = match node.content {
                    Content::Text(text) => text,
                    _ => {
                        report.error("QIAO-P005", node.place);
                        String::new()
                    }
                };
                *key = Some(Key { place: node.place, text });
            }
            Some(key) => match entries.iter().find(|(other, _)| other.text == key.text) {
                Some((first, _)) => {
                    report.error("QIAO-P006", key.place).argument("key", &key.text).argument("first", first.place.line);
                }
                None => entries.push((key, node)),
            },
        },
    }
}

fn syntax(error: &ScanError, report: &mut Report) {
    let marker = error.marker();
    let place = Place { line: marker.line(), column: marker.col() + 1 };
    report.error("QIAO-P004", place).argument("detail", error.kind());
}

fn place_of(span: &Span) -> Place {
    Place { line: span.start.line(), column: span.start.col() + 1 }
}
