//! Declared conversions: bits, scale and offset, units, enumeration tables. Compiled once, nothing allocated per value.
//!
//! What cannot be converted is never guessed: the value goes, its status turns bad, and somebody is told why.

use crate::model::linear::{Linear, Number};
use crate::model::tree::Node;
use crate::model::{BuiltInType, Sample, Scalar, StatusCode};

/// What turns a value of a node into the value of a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversion {
    /// Looked at first.
    pub bits: Option<Bits>,
    pub then: Then,
}

/// What becomes of the value, or of its bits.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Then {
    #[default]
    Same,
    /// Scale, offset and units in one.
    Linear(Linear),
    Table(Table),
}

/// Bits of a whole number, the lowest is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    pub first: u8,
    /// Included; at least `first`, at most 63.
    pub last: u8,
}

/// What each state of a node means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// By number, sorted.
    numbers: Vec<(i64, Meaning)>,
    /// By text, sorted.
    texts: Vec<(Box<str>, Meaning)>,
}

/// What a state means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The number of an enumeration.
    Number(i32),
    Bool(bool),
}

/// Why a value cannot be converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unconvertible {
    /// A text where a number belongs, a number where bits belong.
    Type,
    /// The value, or what it becomes, is no number or does not fit.
    Range,
    /// The table does not know the state.
    State,
    /// The number has fewer bits.
    Bits,
}

impl Unconvertible {
    /// The word by which the message chooses its text.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Range => "range",
            Self::State => "state",
            Self::Bits => "bits",
        }
    }

    /// The status of the value that is not there.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Type | Self::Bits => StatusCode::BAD_TYPE_MISMATCH,
            Self::Range | Self::State => StatusCode::BAD_OUT_OF_RANGE,
        }
    }
}

impl Table {
    /// `None` when a state stands in it twice. A state that is written as a number is known by number and by text.
    #[must_use]
    pub fn new(states: &[(String, Meaning)]) -> Option<Self> {
        let number = |(state, meaning): &(String, Meaning)| Some((state.parse::<i64>().ok()?, *meaning));
        let mut numbers: Vec<_> = states.iter().filter_map(number).collect();
        let mut texts: Vec<(Box<str>, Meaning)> =
            states.iter().map(|(state, meaning)| (state.as_str().into(), *meaning)).collect();
        numbers.sort_unstable_by_key(|(number, _)| *number);
        texts.sort_unstable_by(|left, right| left.0.cmp(&right.0));
        let is_twice = numbers.windows(2).any(|pair| pair[0].0 == pair[1].0)
            || texts.windows(2).any(|pair| pair[0].0 == pair[1].0);
        (!is_twice).then_some(Self { numbers, texts })
    }

    fn of_number(&self, number: i128) -> Option<Meaning> {
        let number = i64::try_from(number).ok()?;
        let at = self.numbers.binary_search_by_key(&number, |(number, _)| *number).ok()?;
        Some(self.numbers[at].1)
    }

    fn of_text(&self, text: &str) -> Option<Meaning> {
        let at = self.texts.binary_search_by(|(known, _)| (**known).cmp(text)).ok()?;
        Some(self.texts[at].1)
    }
}

/// A value while it is converted.
#[derive(Clone, Copy)]
enum Raw<'a> {
    Bool(bool),
    Whole(i128),
    Float(f64),
    Text(&'a str),
}

impl Conversion {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.bits.is_none() && self.then == Then::Same
    }

    /// The sample as the field holds it; `arena` is what its span points into. Status and times stay, unless it cannot be
    /// converted: then the value is gone and the status bad. A value whose status is bad already is not looked at, and
    /// goes too, because it is no value of the field.
    #[must_use]
    pub fn apply(&self, sample: &Sample, arena: &[u8]) -> (Sample, Option<Unconvertible>) {
        if self.is_same() {
            return (*sample, None);
        }
        if StatusCode(sample.status).is_bad() {
            return (Sample { scalar: Scalar::Null, ..*sample }, None);
        }
        match self.convert(sample.scalar, arena) {
            Ok(scalar) => (Sample { scalar, ..*sample }, None),
            Err(why) => (Sample { scalar: Scalar::Null, status: why.status().0, ..*sample }, Some(why)),
        }
    }

    /// Whether values of this type can be converted at all.
    ///
    /// # Errors
    /// Every value of the type would be refused for this reason.
    pub fn fits(&self, kind: BuiltInType) -> Result<(), Unconvertible> {
        let is_whole = (BuiltInType::SByte.number()..=BuiltInType::UInt64.number()).contains(&kind.number());
        let is_number = is_whole || matches!(kind, BuiltInType::Boolean | BuiltInType::Float | BuiltInType::Double);
        // A variable of any type may send numbers.
        if matches!(kind, BuiltInType::Variant | BuiltInType::Null) {
            return Ok(());
        }
        match self.bits {
            Some(_) if !is_whole => return Err(Unconvertible::Type),
            Some(bits) if bits.last >= width(kind) => return Err(Unconvertible::Bits),
            Some(_) => return Ok(()),
            None => {}
        }
        let is_text = matches!(kind, BuiltInType::String | BuiltInType::LocalizedText);
        match self.then {
            Then::Same => Ok(()),
            Then::Linear(_) if is_number => Ok(()),
            Then::Table(_) if is_number || is_text => Ok(()),
            _ => Err(Unconvertible::Type),
        }
    }

    fn convert(&self, scalar: Scalar, arena: &[u8]) -> Result<Scalar, Unconvertible> {
        let raw = match self.bits {
            Some(bits) => bits.of(scalar)?,
            None => raw(scalar, arena).ok_or(Unconvertible::Type)?,
        };
        match &self.then {
            Then::Same => Ok(match raw {
                Raw::Bool(value) => Scalar::Bool(value),
                Raw::Whole(value) => Scalar::U64(BuiltInType::UInt64, value as u64),
                Raw::Float(_) | Raw::Text(_) => scalar,
            }),
            Then::Linear(linear) => {
                let number = match raw {
                    Raw::Bool(value) => linear.of_whole(value.into()),
                    Raw::Whole(value) => linear.of_whole(value),
                    Raw::Float(value) => linear.of_float(value),
                    Raw::Text(_) => return Err(Unconvertible::Type),
                };
                match number.ok_or(Unconvertible::Range)? {
                    Number::Whole(value) => Ok(Scalar::I64(BuiltInType::Int64, value)),
                    Number::Float(value) => Ok(Scalar::F64(value)),
                }
            }
            Then::Table(table) => {
                let meaning = match raw {
                    Raw::Bool(value) => {
                        table.of_text(if value { "true" } else { "false" }).or(table.of_number(value.into()))
                    }
                    Raw::Whole(value) => table.of_number(value),
                    Raw::Float(value) => whole(value).and_then(|value| table.of_number(value)),
                    Raw::Text(text) => table.of_text(text),
                };
                match meaning.ok_or(Unconvertible::State)? {
                    Meaning::Number(value) => Ok(Scalar::I64(BuiltInType::Int32, value.into())),
                    Meaning::Bool(value) => Ok(Scalar::Bool(value)),
                }
            }
        }
    }
}

impl Bits {
    /// One bit is true or false, more of them are a whole number.
    fn of(self, scalar: Scalar) -> Result<Raw<'static>, Unconvertible> {
        let (kind, value) = match scalar {
            // Two's complement: the bits of a negative number are those on the wire.
            Scalar::I64(kind, value) => (kind, value as u64),
            Scalar::U64(kind, value) => (kind, value),
            _ => return Err(Unconvertible::Type),
        };
        if self.last >= width(kind) {
            return Err(Unconvertible::Bits);
        }
        if self.first == self.last {
            return Ok(Raw::Bool(value >> self.first & 1 == 1));
        }
        let count = self.last - self.first + 1;
        let mask = u64::MAX.checked_shr(64 - u32::from(count)).unwrap_or_default();
        Ok(Raw::Whole((value >> self.first & mask).into()))
    }
}

fn width(kind: BuiltInType) -> u8 {
    match kind {
        BuiltInType::SByte | BuiltInType::Byte => 8,
        BuiltInType::Int16 | BuiltInType::UInt16 => 16,
        BuiltInType::Int32 | BuiltInType::UInt32 | BuiltInType::StatusCode => 32,
        _ => 64,
    }
}

fn raw(scalar: Scalar, arena: &[u8]) -> Option<Raw<'_>> {
    match scalar {
        Scalar::Bool(value) => Some(Raw::Bool(value)),
        Scalar::I64(_, value) => Some(Raw::Whole(value.into())),
        Scalar::U64(_, value) => Some(Raw::Whole(value.into())),
        Scalar::F32(value) => Some(Raw::Float(value.into())),
        Scalar::F64(value) => Some(Raw::Float(value)),
        Scalar::Text(_, span) => std::str::from_utf8(span.of(arena)).ok().map(Raw::Text),
        Scalar::Tree(span) => match Node::read(span.of(arena))? {
            Node::LocalizedText { text, .. } => text.map(Raw::Text),
            Node::Enumeration { value, .. } => Some(Raw::Whole(value.into())),
            _ => None,
        },
        Scalar::Null | Scalar::Time(_) | Scalar::Bytes(_) => None,
    }
}

/// A state that a controller keeps in a floating-point number; anything between two states is none.
fn whole(value: f64) -> Option<i128> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i128)
}

#[cfg(test)]
#[path = "convert_tests.rs"]
mod tests;
