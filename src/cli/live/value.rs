//! Finding a mapped field in a message, and writing it for people.

use super::super::Face;
use crate::finding::visible;
use crate::profile::Enumeration;
use serde_json::Value;

/// The value at a mapped pointer; a `{placeholder}` step stands for the first member below which the rest exists.
pub(super) fn find<'m>(message: &'m Value, pointer: &str) -> Option<&'m Value> {
    let Some(rest) = pointer.strip_prefix('/') else { return Some(message) };
    let (step, rest) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    if step.starts_with('{') && step.ends_with('}') {
        return message.as_object()?.values().find_map(|member| find(member, rest));
    }
    find(message.get(step.replace("~1", "/").replace("~0", "~"))?, rest)
}

/// A single value; enumerations by name, truth by word, nothing for anything larger.
pub(super) fn text(value: &Value, enumeration: Option<&Enumeration>, face: &Face) -> Option<String> {
    match value {
        Value::Null => Some("–".to_owned()),
        Value::Bool(true) => Some(face.text("live-yes", &[])),
        Value::Bool(false) => Some(face.text("live-no", &[])),
        Value::String(text) => Some(visible(text).into_owned()),
        Value::Number(number) => {
            let name = number.as_i64().and_then(|number| {
                enumeration?.members.iter().find(|(value, _)| *value == number).map(|(_, name)| name.clone())
            });
            Some(name.unwrap_or_else(|| short(number)))
        }
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// `100.0` reads as `100`.
fn short(number: &serde_json::Number) -> String {
    let text = number.to_string();
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Language;
    use serde_json::json;

    #[test]
    fn a_placeholder_stands_for_the_first_member_that_has_the_rest() {
        let message = json!({ "Parts": { "A": { "Name": "a" }, "B": { "Name": "b", "Override": { "value": 90.0 } } } });
        let cases = [
            ("/Parts/{part}/Override/value", Some(json!(90.0))),
            ("/Parts/{part}/Name", Some(json!("a"))),
            ("/Parts/{part}/Speed", None),
            ("/Parts/B/Name", Some(json!("b"))),
        ];
        for (pointer, expected) in cases {
            assert_eq!(find(&message, pointer), expected.as_ref(), "{pointer}");
        }
    }

    #[test]
    fn values_are_written_for_people() {
        let face = Face { language: Language::German, is_language_fixed: true, json: false };
        let states = Enumeration { name: "state".into(), members: vec![(1, "Running".into())] };
        let cases = [
            (json!(1), Some(&states), Some("Running")),
            (json!(7), Some(&states), Some("7")),
            (json!(100.0), None, Some("100")),
            (json!(true), None, Some("ja")),
            (json!(null), None, Some("–")),
            (json!({}), None, None),
        ];
        for (value, enumeration, expected) in cases {
            assert_eq!(text(&value, enumeration, &face).as_deref(), expected, "{value}");
        }
    }
}
