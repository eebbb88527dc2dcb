//! A value on its way: from the wire of one profile into the hub, and onto the wire of another.

use super::{Because, Fate, FateKind};
use crate::model::Timestamp;
use crate::model::linear::{Decimal, Linear, Number};
use crate::model::unit::Unit;
use crate::profile::{Concept, ConceptKind, Field, Form, Written};
use serde_json::{Value, json};

/// A value of the hub.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Hub {
    /// Value of an enumeration, in the hub's words.
    Word(String),
    /// Language (empty: not told) and text.
    Texts(Vec<(String, String)>),
    /// As it was written, with its unit.
    Number {
        text: String,
        unit: Option<&'static Unit>,
    },
    Time(Timestamp),
    /// A day of which the hour was not told, where others tell a time.
    Day(String),
    /// Text, boolean, date.
    Plain(Value),
}

/// Takes a wire value into the hub. `Err` is the reason why it cannot be.
pub(super) fn read(
    value: &Value,
    field: &Field,
    concept: &Concept,
    unit: Result<Option<&'static Unit>, &'static str>,
    fate: &mut Fate,
) -> Result<Hub, Because> {
    const UNREADABLE: Because = Because::Word("translate-unreadable");
    if value.is_null() {
        return Err(Because::Word("translate-no-value"));
    }
    if let Some(table) = &field.meaning.table {
        let read = table.read(value).ok_or(Because::Word("translate-unknown-word"))?;
        if read.is_other_spelling {
            fate.worsen(FateKind::Converted, Because::Word("translate-other-spelling"));
        }
        return Ok(Hub::Word(read.value.to_owned()));
    }
    let text = || value.as_str().map(str::to_owned).ok_or(UNREADABLE);
    match (field.meaning.form, concept.kind) {
        (Form::Localized, _) => {
            let part = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            Ok(Hub::Texts(vec![(part("locale"), part("text"))]))
        }
        (Form::Languages, _) => {
            let listed = value.as_array().ok_or(UNREADABLE)?;
            let part = |item: &Value, key: &str| item.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            Ok(Hub::Texts(listed.iter().map(|item| (part(item, "language"), part(item, "text"))).collect()))
        }
        (Form::LanguagesAny, _) | (_, ConceptKind::LocalizedText) if value.is_string() => {
            Ok(Hub::Texts(vec![(String::new(), text()?)]))
        }
        // Written plainly, a localized text is what OPC UA makes of it.
        (_, ConceptKind::LocalizedText | ConceptKind::Text) if value.get("text").is_some() => {
            let part = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            Ok(Hub::Texts(vec![(part("locale"), part("text"))]))
        }
        (_, ConceptKind::Integer | ConceptKind::Number) => {
            let written = match value {
                Value::Number(number) => number.to_string(),
                Value::String(text) if field.meaning.form == Form::DecimalText => text.trim().to_owned(),
                _ => return Err(UNREADABLE),
            };
            Decimal::parse(&written).ok_or(UNREADABLE)?;
            Ok(Hub::Number { text: written, unit: unit.map_err(Because::Word)? })
        }
        (Form::EpochMs | Form::EpochMsText, _) => {
            let millis = value.as_i64().or_else(|| value.as_str()?.parse().ok()).ok_or(UNREADABLE)?;
            Ok(Hub::Time(Timestamp::from_unix_millis(millis)))
        }
        (Form::Date, ConceptKind::Time) => Ok(Hub::Day(text()?)),
        (_, ConceptKind::Date) => Ok(Hub::Plain(text()?.into())),
        (_, ConceptKind::Time) => Timestamp::parse(&text()?).map(Hub::Time).map_err(|_| UNREADABLE),
        (_, ConceptKind::Boolean) if !value.is_boolean() => Err(UNREADABLE),
        (_, ConceptKind::Text) => Ok(Hub::Plain(text()?.into())),
        _ => Ok(Hub::Plain(value.clone())),
    }
}

/// Writes a value of the hub as a field of the target holds it.
pub(super) fn write(
    hub: &Hub,
    field: &Field,
    concept: &Concept,
    unit: Option<&'static Unit>,
    fate: &mut Fate,
) -> Result<Value, Because> {
    match hub {
        Hub::Word(word) => match field.meaning.table.as_ref().map(|table| table.write(word)) {
            Some(Written::Exact(wire)) => Ok(wire.clone()),
            Some(Written::Approximate(entry)) => {
                fate.worsen(FateKind::Approximated, Because::Word("translate-many-to-one"));
                Ok(entry.wire.clone())
            }
            Some(Written::Absent(titles)) => Err(Because::Titles(titles.clone())),
            Some(Written::Unknown) | None => Err(Because::Word("translate-unknown-word")),
        },
        Hub::Number { text, unit: from } => {
            let text = convert(text, *from, unit, fate)?;
            if field.meaning.form == Form::DecimalText {
                return Ok(text.into());
            }
            let exact = serde_json::from_str::<Value>(&text).ok().filter(Value::is_number);
            let value = exact.ok_or(Because::Word("translate-unreadable"))?;
            if concept.kind == ConceptKind::Integer && !value.is_i64() && !value.is_u64() {
                return Err(Because::Word("translate-not-whole"));
            }
            if Decimal::parse(&value.to_string()) != Decimal::parse(&text) {
                fate.worsen(FateKind::Approximated, Because::Word("translate-rounded"));
            }
            Ok(value)
        }
        Hub::Texts(texts) => write_texts(texts, field, fate),
        Hub::Time(time) => write_time(*time, field, fate),
        Hub::Day(day) if field.meaning.form == Form::Date => Ok(day.as_str().into()),
        Hub::Day(day) => {
            let start = Timestamp::start_of_day(day).map_err(|_| Because::Word("translate-unreadable"))?;
            fate.worsen(FateKind::Approximated, Because::Word("translate-start-of-day"));
            write_time(start, field, fate)
        }
        Hub::Plain(value) => match (field.meaning.form, value.as_str()) {
            (Form::Localized | Form::Languages, Some(text)) => {
                write_texts(&[(String::new(), text.to_owned())], field, fate)
            }
            _ => Ok(value.clone()),
        },
    }
}

fn write_texts(texts: &[(String, String)], field: &Field, fate: &mut Fate) -> Result<Value, Because> {
    let (language, text) = texts.first().ok_or(Because::Word("translate-no-value"))?;
    let one_of_several = |fate: &mut Fate| {
        if texts.len() > 1 {
            fate.worsen(FateKind::Approximated, Because::Word("translate-one-language"));
        }
    };
    Ok(match field.meaning.form {
        Form::Languages => {
            if texts.iter().any(|(language, _)| language.is_empty()) {
                // The language is not told: which one it is must not be invented ("und" says so, BCP 47).
                fate.worsen(FateKind::Converted, Because::Word("translate-language-unknown"));
            }
            let said = |language: &str| if language.is_empty() { "und".to_owned() } else { language.to_owned() };
            texts.iter().map(|(language, text)| json!({"language": said(language), "text": text})).collect()
        }
        Form::Localized => {
            one_of_several(fate);
            json!({"locale": if language == "und" { "" } else { language }, "text": text})
        }
        _ => {
            one_of_several(fate);
            if !language.is_empty() {
                fate.worsen(FateKind::Approximated, Because::Word("translate-language-dropped"));
            }
            text.clone().into()
        }
    })
}

fn write_time(time: Timestamp, field: &Field, fate: &mut Fate) -> Result<Value, Because> {
    let is_whole_millis = time.unix_nanos().rem_euclid(1_000_000) == 0;
    Ok(match field.meaning.form {
        Form::EpochMs | Form::EpochMsText => {
            if !is_whole_millis {
                fate.worsen(FateKind::Approximated, Because::Word("translate-rounded"));
            }
            let millis = time.unix_millis();
            if field.meaning.form == Form::EpochMs { millis.into() } else { millis.to_string().into() }
        }
        Form::Date => {
            fate.worsen(FateKind::Approximated, Because::Word("translate-day-only"));
            time.write(|text| text.chars().take(10).collect::<String>()).into()
        }
        _ => time.write(str::to_owned).into(),
    })
}

/// A number of one unit in another; the same decimal text where nothing is to be converted.
fn convert(
    text: &str,
    from: Option<&'static Unit>,
    to: Option<&'static Unit>,
    fate: &mut Fate,
) -> Result<String, Because> {
    let (Some(from), Some(to)) = (from, to) else {
        let is_known = from.or(to).is_none_or(|unit| unit.code == "C62");
        return if is_known { Ok(text.to_owned()) } else { Err(Because::Word("translate-unit-unknown")) };
    };
    if from.code == to.code {
        return Ok(text.to_owned());
    }
    let linear = from.to(to).ok_or(Because::Word("translate-unit-unfit"))?;
    let unit = Because::Unit { from: from.code.to_owned(), to: to.code.to_owned() };
    fate.worsen(FateKind::Converted, unit);
    if linear.is_same() {
        return Ok(text.to_owned());
    }
    let decimal = Decimal::parse(text).ok_or(Because::Word("translate-unreadable"))?;
    if let Some(exact) = exactly(decimal, linear) {
        return Ok(exact);
    }
    fate.worsen(FateKind::Approximated, Because::Word("translate-rounded"));
    match linear.of_float(text.parse().map_err(|_| Because::Word("translate-unreadable"))?) {
        Some(Number::Whole(whole)) => Ok(whole.to_string()),
        Some(Number::Float(float)) => Ok(float.to_string()),
        None => Err(Because::Word("translate-out-of-range")),
    }
}

/// The decimal that a linear function makes of another one; `None` when it has no end, or is too long.
fn exactly(decimal: Decimal, linear: Linear) -> Option<String> {
    let Linear::Exact { times, plus, over } = linear else { return None };
    let power = 10_i128.checked_pow(decimal.exponent.unsigned_abs())?;
    let digits = i128::from(decimal.digits).checked_mul(times.into())?;
    let (mut above, mut below) = if decimal.exponent < 0 {
        (digits.checked_add(i128::from(plus).checked_mul(power)?)?, i128::from(over).checked_mul(power)?)
    } else {
        (digits.checked_mul(power)?.checked_add(plus.into())?, i128::from(over))
    };
    let (mut a, mut b) = (above.abs(), below);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (above, below) = (above / a.max(1), below / a.max(1));
    let mut places = 0_usize;
    while below > 1 {
        let factor = if below % 10 == 0 {
            below /= 10;
            1
        } else if below % 5 == 0 {
            below /= 5;
            2
        } else if below % 2 == 0 {
            below /= 2;
            5
        } else {
            return None;
        };
        above = above.checked_mul(factor)?;
        places += 1;
    }
    let digits = format!("{:0>width$}", above.unsigned_abs(), width = places + 1);
    let sign = if above < 0 { "-" } else { "" };
    let (whole, part) = digits.split_at(digits.len() - places);
    Some(if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}
