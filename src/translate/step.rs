//! What turns the values of one field into those of another: compiled once, nothing looked up and, apart from texts,
//! nothing allocated per value.

use super::FateKind;
use crate::codec::Reading;
use crate::model::linear::{Decimal, Linear, Number};
use crate::model::tree::{Node, TreeWriter};
use crate::model::unit::Unit;
use crate::model::{BuiltInType, Scalar, Span, Timestamp};
use crate::profile::{Concept, ConceptKind, Field, Form, Titles, Written};
use serde_json::Value;
use std::io::Write as _;

/// From a field of a source's message to one of a target's.
#[derive(Clone, Debug)]
pub struct Step {
    way: Way,
    /// In what the target counts.
    unit: Option<&'static Unit>,
}

#[derive(Clone, Debug)]
enum Way {
    Words(Words),
    Number { from_text: bool, to_text: bool, is_whole: bool, linear: Result<Linear, &'static str> },
    Time { from: Form, to: Form },
    Day,
    Text { is_localized: bool },
    Bool,
}

/// Why there is no value for the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit<'s> {
    /// Text of the catalogue with this id.
    Word(&'static str),
    /// In the words of a mapping.
    Titles(&'s Titles),
}

/// Wire words of the source and what the target says for them.
#[derive(Clone, Debug, Default)]
struct Words {
    /// Sorted.
    numbers: Vec<(i64, Said)>,
    /// Sorted.
    texts: Vec<(Box<str>, Said)>,
    bools: [Option<Said>; 2],
}

#[derive(Clone, Debug)]
struct Said {
    word: Word,
    kind: FateKind,
}

#[derive(Clone, Debug)]
enum Word {
    Number(i64),
    Text(Box<str>),
    Localized { locale: Box<str>, text: Box<str> },
    Bool(bool),
    Nothing(Titles),
    Unknown,
}

const UNREADABLE: Unfit<'static> = Unfit::Word("translate-unreadable");

impl Step {
    /// `None`: no value ever gets through, because one side has no words for the concept or needs another form.
    #[must_use]
    pub fn compile(source: &Field, target: &Field, concept: &Concept, unit: Option<&'static Unit>) -> Option<Self> {
        let (from, to) = (source.meaning.form, target.meaning.form);
        let is_document = |form: Form| form == Form::Languages;
        if source.meaning.derive.is_some() || is_document(from) || is_document(to) {
            return None;
        }
        let way = match concept.kind {
            ConceptKind::Enumeration => Way::Words(Words::new(source, target)?),
            ConceptKind::Integer | ConceptKind::Number => Way::Number {
                from_text: from == Form::DecimalText,
                to_text: to == Form::DecimalText,
                is_whole: concept.kind == ConceptKind::Integer,
                linear: Ok(Linear::SAME),
            },
            ConceptKind::Time if to == Form::Date => Way::Day,
            ConceptKind::Time => Way::Time { from, to },
            ConceptKind::Date => Way::Day,
            ConceptKind::Text | ConceptKind::LocalizedText => Way::Text { is_localized: to == Form::Localized },
            ConceptKind::Boolean => Way::Bool,
        };
        Some(Self { way, unit })
    }

    /// Says in what the source counts; `Err`: that is stated and not understood, or not stated at all.
    pub fn count_in(&mut self, source: Result<Option<&'static Unit>, &'static str>) {
        if let Way::Number { linear, .. } = &mut self.way {
            *linear = source.and_then(|source| between(source, self.unit));
        }
    }

    /// The value as the target's field holds it, and how well that says it. What its span points into stands behind what `arena` held.
    ///
    /// # Errors
    /// Why it cannot be said there; nothing is guessed.
    pub fn apply(&self, reading: &Reading<'_>, arena: &mut Vec<u8>) -> Result<(Scalar, FateKind), Unfit<'_>> {
        if is_nothing(reading) {
            return Ok((Scalar::Null, FateKind::Exact));
        }
        if let Way::Words(words) = &self.way {
            return words.apply(reading, arena);
        }
        let scalar = self.say(reading, arena)?;
        Ok((scalar, self.fate_of(reading)))
    }

    /// How well a value is said that can be said.
    fn fate_of(&self, reading: &Reading<'_>) -> FateKind {
        match (&self.way, reading.scalar) {
            (Way::Number { linear: Ok(linear), .. }, _) if !linear.is_same() => FateKind::Converted,
            // The hour is left out, or was never told.
            (Way::Day, Scalar::Time(_)) | (Way::Time { from: Form::Date, .. }, Scalar::Text(..)) => {
                FateKind::Approximated
            }
            (Way::Time { to: Form::EpochMs | Form::EpochMsText, .. }, Scalar::Time(time))
                if time.unix_nanos().rem_euclid(1_000_000) != 0 =>
            {
                FateKind::Approximated
            }
            _ => FateKind::Exact,
        }
    }

    fn say(&self, reading: &Reading<'_>, arena: &mut Vec<u8>) -> Result<Scalar, Unfit<'static>> {
        match &self.way {
            // They were said before.
            Way::Words(_) => Err(UNREADABLE),
            Way::Number { from_text, to_text, is_whole, linear } => {
                let linear = linear.map_err(Unfit::Word)?;
                let number = number(reading, *from_text)?;
                let scalar = convert(number, linear)?;
                if *is_whole && !matches!(scalar, Scalar::I64(..) | Scalar::U64(..)) {
                    return Err(Unfit::Word("translate-not-whole"));
                }
                Ok(if *to_text { decimal_text(scalar, arena) } else { scalar })
            }
            Way::Time { from, to } => {
                let time = time(reading, *from)?;
                Ok(match to {
                    Form::EpochMs => Scalar::I64(BuiltInType::Int64, time.unix_millis()),
                    Form::EpochMsText => {
                        let start = arena.len();
                        // Writing to a vector does not fail.
                        let _ = write!(arena, "{}", time.unix_millis());
                        text_from(start, arena)
                    }
                    _ => Scalar::Time(time),
                })
            }
            Way::Day => match reading.scalar {
                Scalar::Time(time) => Ok(time.write(|text| push_text(text.get(..10).unwrap_or(text), arena))),
                _ => text(reading).map(|(_, text)| push_text(text, arena)).ok_or(UNREADABLE),
            },
            Way::Text { is_localized } => {
                let (locale, text) = text(reading).ok_or(UNREADABLE)?;
                if !is_localized {
                    return Ok(push_text(text, arena));
                }
                Ok(localized(locale, text, arena))
            }
            Way::Bool => match reading.scalar {
                Scalar::Bool(value) => Ok(Scalar::Bool(value)),
                _ => Err(UNREADABLE),
            },
        }
    }
}

/// The unit that an `EUInformation` states (OPC 10000-8 §5.6.3.3).
#[must_use]
pub fn stated_unit(reading: &Reading<'_>) -> Option<&'static Unit> {
    let Scalar::Tree(span) = reading.scalar else { return None };
    let Node::Structure { fields, .. } = Node::read(span.of(reading.arena))? else { return None };
    let mut fields = fields;
    let id = fields.find_map(|(name, value)| match value {
        Node::I64(_, id) if name.eq_ignore_ascii_case("UnitId") => i32::try_from(id).ok(),
        _ => None,
    })?;
    Unit::by_code(&Unit::code_of(id)?)
}

/// What one unit makes of the other; both absent, or numbers that count nothing, are the same.
fn between(from: Option<&'static Unit>, to: Option<&'static Unit>) -> Result<Linear, &'static str> {
    match (from, to) {
        (Some(from), Some(to)) => from.to(to).ok_or("translate-unit-unfit"),
        (one, other) if one.or(other).is_none_or(|unit| unit.code == "C62") => Ok(Linear::SAME),
        _ => Err("translate-unit-unknown"),
    }
}

impl Words {
    fn new(source: &Field, target: &Field) -> Option<Self> {
        let (from, to) = (source.meaning.table.as_ref()?, target.meaning.table.as_ref()?);
        let mut words = Self::default();
        for entry in &from.entries {
            let said = match to.write(&entry.is) {
                Written::Exact(wire) => Said { word: Word::of(wire), kind: FateKind::Exact },
                Written::Approximate(entry) => Said { word: Word::of(&entry.wire), kind: FateKind::Approximated },
                Written::Absent(titles) => Said { word: Word::Nothing(titles.clone()), kind: FateKind::Absent },
                Written::Unknown => Said { word: Word::Unknown, kind: FateKind::Absent },
            };
            for wire in std::iter::once(&entry.wire).chain(&entry.accept) {
                match wire {
                    Value::Bool(value) => words.bools[usize::from(*value)] = Some(said.clone()),
                    Value::Number(number) => words.numbers.push((number.as_i64()?, said.clone())),
                    Value::String(text) => words.texts.push((text.as_str().into(), said.clone())),
                    _ => words.texts.push((localized_wire(wire)?.1.into(), said.clone())),
                }
            }
        }
        words.numbers.sort_by_key(|(number, _)| *number);
        words.texts.sort_by(|left, right| left.0.cmp(&right.0));
        Some(words)
    }

    fn of_number(&self, number: i64) -> Option<&Said> {
        let at = self.numbers.binary_search_by_key(&number, |(known, _)| *known).ok()?;
        Some(&self.numbers[at].1)
    }

    fn of_text(&self, text: &str) -> Option<&Said> {
        let at = self.texts.binary_search_by(|(known, _)| (**known).cmp(text)).ok()?;
        Some(&self.texts[at].1)
    }

    fn apply(&self, reading: &Reading<'_>, arena: &mut Vec<u8>) -> Result<(Scalar, FateKind), Unfit<'_>> {
        let said = match reading.scalar {
            Scalar::Bool(value) => self.bools[usize::from(value)].as_ref(),
            Scalar::I64(_, value) => self.of_number(value),
            Scalar::U64(_, value) => i64::try_from(value).ok().and_then(|value| self.of_number(value)),
            Scalar::Tree(span) => match Node::read(span.of(reading.arena)) {
                Some(Node::Enumeration { value, .. }) => self.of_number(value),
                _ => text(reading).and_then(|(_, text)| self.of_text(text)),
            },
            _ => text(reading).and_then(|(_, text)| self.of_text(text)),
        };
        let Some(Said { word, kind }) = said else { return Err(Unfit::Word("translate-unknown-word")) };
        let scalar = match word {
            Word::Number(value) => Scalar::I64(BuiltInType::Int64, *value),
            Word::Text(text) => push_text(text, arena),
            Word::Localized { locale, text } => localized(locale, text, arena),
            Word::Bool(value) => Scalar::Bool(*value),
            Word::Nothing(titles) => return Err(Unfit::Titles(titles)),
            Word::Unknown => return Err(Unfit::Word("translate-unknown-word")),
        };
        Ok((scalar, *kind))
    }
}

impl Word {
    fn of(wire: &Value) -> Self {
        match wire {
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => number.as_i64().map_or(Self::Unknown, Self::Number),
            Value::String(text) => Self::Text(text.as_str().into()),
            Value::Object(_) => localized_wire(wire)
                .map_or(Self::Unknown, |(locale, text)| Self::Localized { locale: locale.into(), text: text.into() }),
            _ => Self::Unknown,
        }
    }
}

/// Locale and text of a word that is a localized text.
fn localized_wire(wire: &Value) -> Option<(&str, &str)> {
    let part = |key: &str| wire.get(key).and_then(Value::as_str);
    Some((part("locale").unwrap_or_default(), part("text")?))
}

fn localized(locale: &str, text: &str, arena: &mut Vec<u8>) -> Scalar {
    let mut tree = TreeWriter::new(arena);
    tree.localized_text(Some(locale), text);
    Scalar::Tree(tree.finish())
}

/// A number as the source holds it.
fn number(reading: &Reading<'_>, from_text: bool) -> Result<Scalar, Unfit<'static>> {
    match reading.scalar {
        Scalar::I64(..) | Scalar::U64(..) | Scalar::F32(_) | Scalar::F64(_) if !from_text => Ok(reading.scalar),
        Scalar::Text(..) if from_text => {
            let (_, text) = text(reading).ok_or(UNREADABLE)?;
            let text = text.trim();
            Decimal::parse(text).ok_or(UNREADABLE)?;
            let whole = text.parse::<i64>().map(|value| Scalar::I64(BuiltInType::Int64, value));
            let whole = whole.or_else(|_| text.parse::<u64>().map(|value| Scalar::U64(BuiltInType::UInt64, value)));
            whole.or_else(|_| text.parse::<f64>().map(Scalar::F64)).map_err(|_| UNREADABLE)
        }
        // Some adapters write numbers where their dictionary has text.
        Scalar::I64(..) | Scalar::U64(..) => Ok(reading.scalar),
        _ => Err(UNREADABLE),
    }
}

fn convert(number: Scalar, linear: Linear) -> Result<Scalar, Unfit<'static>> {
    if linear.is_same() {
        return Ok(number);
    }
    let converted = match number {
        Scalar::I64(_, value) => linear.of_whole(value.into()),
        Scalar::U64(_, value) => linear.of_whole(value.into()),
        Scalar::F32(value) => linear.of_float(value.into()),
        Scalar::F64(value) => linear.of_float(value),
        _ => None,
    };
    match converted.ok_or(Unfit::Word("translate-out-of-range"))? {
        Number::Whole(value) => Ok(Scalar::I64(BuiltInType::Int64, value)),
        Number::Float(value) => Ok(Scalar::F64(value)),
    }
}

fn decimal_text(number: Scalar, arena: &mut Vec<u8>) -> Scalar {
    let start = arena.len();
    let _ = match number {
        Scalar::I64(_, value) => write!(arena, "{value}"),
        Scalar::U64(_, value) => write!(arena, "{value}"),
        Scalar::F32(value) => write!(arena, "{value}"),
        Scalar::F64(value) => write!(arena, "{value}"),
        _ => Ok(()),
    };
    text_from(start, arena)
}

fn time(reading: &Reading<'_>, from: Form) -> Result<Timestamp, Unfit<'static>> {
    match (reading.scalar, from) {
        (Scalar::Time(time), _) => Ok(time),
        (Scalar::I64(_, millis), Form::EpochMs | Form::EpochMsText) => Ok(Timestamp::from_unix_millis(millis)),
        (_, Form::EpochMs | Form::EpochMsText) => {
            let millis = text(reading).and_then(|(_, text)| text.parse().ok()).ok_or(UNREADABLE)?;
            Ok(Timestamp::from_unix_millis(millis))
        }
        (_, Form::Date) => text(reading).and_then(|(_, day)| Timestamp::start_of_day(day).ok()).ok_or(UNREADABLE),
        _ => text(reading).and_then(|(_, text)| Timestamp::parse(text).ok()).ok_or(UNREADABLE),
    }
}

/// No value, or a text that is none (OPC 10000-6 §5.2.2.14 has both parts optional).
fn is_nothing(reading: &Reading<'_>) -> bool {
    match reading.scalar {
        Scalar::Null => true,
        Scalar::Tree(span) => {
            matches!(Node::read(span.of(reading.arena)), Some(Node::LocalizedText { text: None, .. } | Node::Null(_)))
        }
        _ => false,
    }
}

/// A text with its language, which is empty when it is not told.
fn text<'a>(reading: &Reading<'a>) -> Option<(&'a str, &'a str)> {
    match reading.scalar {
        Scalar::Text(_, span) => std::str::from_utf8(span.of(reading.arena)).ok().map(|text| ("", text)),
        Scalar::Tree(span) => match Node::read(span.of(reading.arena))? {
            Node::LocalizedText { locale, text } => Some((locale.unwrap_or_default(), text?)),
            _ => None,
        },
        _ => None,
    }
}

fn push_text(text: &str, arena: &mut Vec<u8>) -> Scalar {
    let start = arena.len();
    arena.extend_from_slice(text.as_bytes());
    text_from(start, arena)
}

fn text_from(start: usize, arena: &[u8]) -> Scalar {
    Scalar::Text(BuiltInType::String, Span { start: start as u32, length: (arena.len() - start) as u32 })
}

#[cfg(test)]
#[path = "step_tests.rs"]
mod tests;
