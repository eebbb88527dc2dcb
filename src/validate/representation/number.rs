//! Numbers of a tape: by value, never rounded on the way in.

use crate::codec::tape::{TapeKind, TapeNode};
use jsonschema::json::JsonNumber;
use serde_json::Number;
use std::borrow::Cow;

/// A number as written; exact where a primitive holds it.
#[derive(Clone, Copy, Debug)]
pub(in crate::validate) struct TapeNumber<'a> {
    pub(super) node: &'a TapeNode,
    pub(super) text: &'a str,
}

impl TapeNumber<'_> {
    fn integer(&self) -> Option<i128> {
        match self.node.kind() {
            TapeKind::I64 => Some(i128::from(self.node.payload() as i64)),
            TapeKind::U64 => Some(i128::from(self.node.payload())),
            _ => None,
        }
    }

    pub(super) fn equals(&self, other: &Self) -> bool {
        match (self.integer(), other.integer()) {
            (Some(left), Some(right)) => left == right,
            (None, None) => self.as_f64() == other.as_f64(),
            (Some(integer), None) => is_float(other, integer),
            (None, Some(integer)) => is_float(self, integer),
        }
    }
}

/// Whether a float says exactly this integer (which has at most 65 bits).
fn is_float(float: &TapeNumber<'_>, integer: i128) -> bool {
    float.as_f64().is_some_and(|float| float.fract() == 0.0 && float.abs() < 1e30 && float as i128 == integer)
}

impl JsonNumber for TapeNumber<'_> {
    fn as_u64(&self) -> Option<u64> {
        u64::try_from(self.integer()?).ok()
    }

    fn as_i64(&self) -> Option<i64> {
        i64::try_from(self.integer()?).ok()
    }

    fn as_f64(&self) -> Option<f64> {
        match self.node.kind() {
            TapeKind::I64 => Some(self.node.payload() as i64 as f64),
            TapeKind::U64 => Some(self.node.payload() as f64),
            TapeKind::F64 => Some(f64::from_bits(self.node.payload())),
            // What is sent are the digits, and they say another f64 than the f32 widened.
            TapeKind::F32 => self.text.parse().ok(),
            _ => None,
        }
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.text)
    }

    fn to_number(&self) -> Cow<'_, Number> {
        let number = match self.integer() {
            Some(integer) => Number::from_i128(integer),
            None => self.as_f64().and_then(Number::from_f64),
        };
        Cow::Owned(number.unwrap_or_else(|| Number::from(0)))
    }

    fn is_integer(&self) -> bool {
        match self.node.kind() {
            TapeKind::F64 => f64::from_bits(self.node.payload()).fract() == 0.0,
            TapeKind::F32 => f32::from_bits(self.node.payload() as u32).fract() == 0.0,
            _ => true,
        }
    }
}
