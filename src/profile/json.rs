//! JSON read strictly: a member twice is refused, and any pointer can be told as line and column.

use super::report::{Place, Report};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Reads one JSON text. `None`, with a finding, when it is none.
pub(super) fn parse(text: &str, report: &mut Report) -> Option<Value> {
    match parse_strict(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let place = place_of(text, &error);
            // The place is printed before the text, not in it.
            let detail = error.to_string();
            let detail = detail.split(" at line ").next().unwrap_or_default();
            report.error("QIAO-P004", place).argument("detail", detail);
            None
        }
    }
}

/// The reader counts columns in bytes, people in characters.
fn place_of(text: &str, error: &serde_json::Error) -> Place {
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let read = line.bytes().take(error.column());
    let begins_character = |byte: &u8| byte & 0xC0 != 0x80;
    Place { line: error.line().max(1), column: read.filter(begins_character).count().max(1) }
}

fn parse_strict(text: &str) -> Result<Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// A [`Value`] without members that stand twice.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number beyond double precision"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(Strict)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            if members.contains_key(&name) {
                return Err(A::Error::custom(format_args!("member {name:?} stands twice")));
            }
            members.insert(name, access.next_value_seed(Strict)?);
        }
        Ok(Value::Object(members))
    }
}

/// Where the value at `pointer` begins in `text`, which is known to be JSON; its nearest existing parent otherwise.
#[must_use]
pub fn locate(text: &str, pointer: &str) -> Place {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    scan.space();
    for step in pointer.split('/').skip(1) {
        let before = scan.at;
        if scan.enter(&step.replace("~1", "/").replace("~0", "~")).is_none() {
            scan.at = before;
            break;
        }
    }
    Place::of_byte(text, scan.at)
}

/// A walk over JSON that is known to be well-formed.
struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// From the start of a container to the start of one of its parts.
    fn enter(&mut self, step: &str) -> Option<()> {
        let is_object = match self.peek()? {
            b'{' => true,
            b'[' => false,
            _ => return None,
        };
        self.at += 1;
        let mut index = 0_usize;
        loop {
            self.space();
            if matches!(self.peek()?, b'}' | b']') {
                return None;
            }
            let is_it = if is_object {
                let start = self.at;
                self.skip()?;
                let name: String = serde_json::from_slice(self.bytes.get(start..self.at)?).ok()?;
                self.space();
                self.at += 1;
                self.space();
                name == step
            } else {
                index.to_string() == step
            };
            if is_it {
                return Some(());
            }
            self.skip()?;
            self.space();
            self.at += usize::from(self.peek()? == b',');
            index += 1;
        }
    }

    /// Over one value.
    fn skip(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => self.string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                b',' | b':' => self.at += 1,
                byte if byte.is_ascii_whitespace() => self.at += 1,
                _ => {
                    while self
                        .peek()
                        .is_some_and(|byte| !matches!(byte, b',' | b'}' | b']' | b':') && !byte.is_ascii_whitespace())
                    {
                        self.at += 1;
                    }
                }
            }
            if depth == 0 {
                return Some(());
            }
        }
    }

    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'\\' => self.at += 2,
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                _ => self.at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pointer: &str, line: usize, column: usize) {
        let text = "{\n  \"a\": [1, {\"b/c\": \"x\\\"}\"}],\n  \"d\": {}\n}\n";
        assert_eq!(locate(text, pointer), Place { line, column }, "{pointer}");
    }

    #[test]
    fn the_column_of_a_fault_counts_characters() {
        // Found by the fuzz target `profile`.
        for text in ["{\n\"speed\" 1}", "{\n\"Größe\" 1}", "{\n\"温度温度温\" 1}"] {
            let mut report = Report::new("schema.json");
            assert_eq!(parse(text, &mut report), None);
            assert_eq!(report.findings[0].place, "schema.json:2:9", "{text}");
        }
    }

    #[test]
    fn a_pointer_is_told_as_line_and_column() {
        check("", 1, 1);
        check("/a", 2, 8);
        check("/a/0", 2, 9);
        check("/a/1/b~1c", 2, 20);
        check("/d", 3, 8);
    }

    #[test]
    fn a_pointer_that_leads_nowhere_is_told_as_its_nearest_parent() {
        check("/a/7", 2, 8);
        check("/d/x/y", 3, 8);
    }

    #[test]
    fn a_member_twice_is_refused_with_its_place() {
        let mut report = Report::new("x.json");
        assert!(parse("{\"a\": 1,\n \"a\": 2}", &mut report).is_none());
        assert_eq!(report.findings[0].place, "x.json:2:4");
    }
}
