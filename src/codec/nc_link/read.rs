//! What a normalised message says, and what it lacks.

use super::super::plain_json::{children, name, string};
use super::super::tape::{Tape, TapeKind, TapeNode};
use super::Kind;
use crate::finding::Finding;
use crate::model::Timestamp;
use std::borrow::Cow;

/// Why a text is not a message of the kind its topic says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub pointer: String,
    pub what: FaultKind,
}

/// See [`Fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It is missing, or not what must stand there.
    Missing,
    /// As many columns as paths, as many rows in each as the two intervals say.
    Shape,
    /// Values in an encoding that is not known here.
    Encoding,
}

impl Fault {
    fn missing(pointer: &str) -> Self {
        Self { pointer: pointer.to_owned(), what: FaultKind::Missing }
    }

    /// The code of its finding.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.what {
            FaultKind::Missing => "QIAO-V331",
            FaultKind::Shape => "QIAO-V332",
            FaultKind::Encoding => "QIAO-V333",
        }
    }

    /// As a finding; `place` is the topic or file.
    #[must_use]
    pub fn finding(&self, place: impl Into<String>) -> Finding {
        Finding::error(self.code(), place).with("pointer", &self.pointer)
    }
}

/// Members that a kind of message must have; `*` for elements.
const MEMBERS: &[(Kind, &[(&str, Shape)])] = &[
    (Kind::QueryRequest, &[("/ids", Shape::Array), ("/ids/*/id", Shape::Text)]),
    (Kind::QueryResponse, &[("/values", Shape::Array), ("/values/*/id", Shape::Text), ("/values/*/code", Shape::Text)]),
    (
        Kind::SetRequest,
        &[("/values", Shape::Array), ("/values/*/id", Shape::Text), ("/values/*/params", Shape::Object)],
    ),
    (
        Kind::SetResponse,
        &[("/results", Shape::Array), ("/results/*/id", Shape::Text), ("/results/*/code", Shape::Text)],
    ),
    (Kind::ProbeQueryResponse, &[("/code", Shape::Text)]),
    (Kind::ProbeSetRequest, &[("/probe", Shape::Object)]),
    (Kind::ProbeSetResponse, &[("/code", Shape::Text)]),
    (Kind::RegisterResponse, &[("/code", Shape::Text)]),
    (Kind::Event, &[("/id", Shape::Text), ("/time", Shape::Text), ("/event/key", Shape::Text)]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Text,
    Array,
    Object,
}

impl Shape {
    fn is(self, kind: TapeKind) -> bool {
        match self {
            Self::Text => matches!(kind, TapeKind::Plain | TapeKind::Escaped),
            Self::Array => kind == TapeKind::Array,
            Self::Object => kind == TapeKind::Object,
        }
    }
}

/// Everything that a normalised message of this kind lacks.
#[must_use]
pub fn check(kind: Kind, tape: &Tape) -> Vec<Fault> {
    if kind == Kind::Sample {
        return Sample::read(tape).err().into_iter().collect();
    }
    let mut faults = Vec::new();
    let members = MEMBERS.iter().find(|(of, _)| *of == kind).map_or(&[][..], |(_, members)| members);
    let is = |node: Option<&TapeNode>, shape: &Shape| node.is_some_and(|node| shape.is(node.kind()));
    for (pointer, shape) in members {
        let Some((list, member)) = pointer.split_once("/*/") else {
            let found = tape.find(pointer).and_then(|at| tape.nodes().get(at as usize));
            if !is(found, shape) {
                faults.push(Fault::missing(pointer));
            }
            continue;
        };
        // Element by element, not by pointer: a list may be long.
        for (at, (element, _)) in tape.find(list).into_iter().flat_map(|list| children(tape, list)).enumerate() {
            let found = children(tape, element).find(|(_, node)| name(tape, node) == member);
            if !is(found.map(|(_, node)| node), shape) {
                faults.push(Fault::missing(&format!("{list}/{at}/{member}")));
            }
        }
    }
    faults
}

/// A sample: rows at a fixed distance, column by column.
#[derive(Clone, Debug)]
pub struct Sample<'t> {
    tape: &'t Tape,
    pub channel: Cow<'t, str>,
    /// Of the first row.
    pub begin: Timestamp,
    /// Milliseconds between two rows, at least 1.
    pub interval: u32,
    /// Milliseconds between two messages; where it is not told, what the rows take.
    pub upload_interval: u32,
    paths: Option<u32>,
    data: u32,
    rows: u32,
}

impl<'t> Sample<'t> {
    /// A normalised sample.
    pub fn read(tape: &'t Tape) -> Result<Self, Fault> {
        let node = |at: u32| tape.nodes().get(at as usize);
        let find = |pointer: &str| tape.find(pointer).and_then(|at| Some((at, node(at)?)));
        let number = |pointer: &str| {
            let value = find(pointer).and_then(|(_, node)| tape.text_of(node).parse::<u32>().ok());
            value.filter(|value| *value > 0).ok_or_else(|| Fault::missing(pointer))
        };
        let id = find("/id").filter(|(_, node)| Shape::Text.is(node.kind())).ok_or_else(|| Fault::missing("/id"))?;
        let begin = find("/beginTime").filter(|(_, node)| node.kind() == TapeKind::Plain);
        let begin = begin.and_then(|(_, node)| tape.text_of(node).parse::<i64>().ok());
        let data = find("/data").filter(|(_, node)| node.kind() == TapeKind::Array);
        let (data, columns) = data.ok_or_else(|| Fault::missing("/data"))?;
        let paths = find("/paths");
        let shape = |pointer: String| Fault { pointer, what: FaultKind::Shape };
        if paths.is_some_and(|(_, paths)| paths.count() != columns.count()) {
            return Err(shape("/data".to_owned()));
        }
        let interval = number("/interval")?;
        let upload_interval = match find("/uploadInterval") {
            Some(_) => number("/uploadInterval")?,
            None => find("/data/0/data").map_or(0, |(_, column)| column.count().saturating_mul(interval)),
        };
        let rows = upload_interval / interval;
        for (at, (column, _)) in children(tape, data).enumerate() {
            let place = |member: &str| format!("/data/{at}/{member}");
            if find(&place("encoding")).is_some_and(|(_, node)| tape.text_of(node) != "raw") {
                return Err(Fault { pointer: place("encoding"), what: FaultKind::Encoding });
            }
            match rows_of(tape, column).and_then(node) {
                Some(list) if list.count() == rows => {}
                Some(_) => return Err(shape(place("data"))),
                None => return Err(Fault::missing(&place("data"))),
            }
        }
        Ok(Self {
            tape,
            channel: string(tape, id.1),
            begin: Timestamp::from_unix_millis(begin.ok_or_else(|| Fault::missing("/beginTime"))?),
            interval,
            upload_interval,
            paths: paths.map(|(at, _)| at),
            data,
            rows,
        })
    }

    /// Rows of every column.
    #[must_use]
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// When a row was taken.
    #[must_use]
    pub fn time(&self, row: u32) -> Timestamp {
        let after = i64::from(row) * i64::from(self.interval) * 10_000;
        Timestamp(self.begin.0.saturating_add(after))
    }

    /// The paths of the columns, if the message names them.
    pub fn paths(&self) -> impl Iterator<Item = Cow<'t, str>> {
        let tape = self.tape;
        self.paths.into_iter().flat_map(move |at| children(tape, at)).map(move |(_, node)| string(tape, node))
    }

    /// The columns; of each the indexes of its values on the tape, row by row.
    pub fn columns(&self) -> impl Iterator<Item = impl Iterator<Item = u32> + use<'t>> + use<'t> {
        let tape = self.tape;
        children(tape, self.data).map(move |(column, _)| {
            let rows = rows_of(tape, column);
            rows.into_iter().flat_map(move |rows| children(tape, rows)).map(|(at, _)| at)
        })
    }
}

/// An event: an item changed.
#[derive(Clone, Debug)]
pub struct Event<'t> {
    /// Id of the item in the device's model.
    pub id: Cow<'t, str>,
    /// Type or path of the item.
    pub key: Cow<'t, str>,
    pub time: Timestamp,
    /// Index of the new value on the tape.
    pub value: u32,
}

impl<'t> Event<'t> {
    /// A normalised event.
    pub fn read(tape: &'t Tape) -> Result<Self, Fault> {
        if let Some(fault) = check(Kind::Event, tape).into_iter().next() {
            return Err(fault);
        }
        let text = |pointer: &str| {
            let node = tape.find(pointer).and_then(|at| tape.nodes().get(at as usize));
            node.map(|node| string(tape, node)).ok_or_else(|| Fault::missing(pointer))
        };
        let time = text("/time")?.parse::<i64>().map_err(|_| Fault::missing("/time"))?;
        Ok(Self {
            id: text("/id")?,
            key: text("/event/key")?,
            time: Timestamp::from_unix_millis(time),
            value: tape.find("/event/value").ok_or_else(|| Fault::missing("/event/value"))?,
        })
    }
}

/// The array of a column.
fn rows_of(tape: &Tape, column: u32) -> Option<u32> {
    let data = |(_, node): &(u32, &TapeNode)| tape.key_of(node) == "data" && node.kind() == TapeKind::Array;
    children(tape, column).find(data).map(|(at, _)| at)
}
