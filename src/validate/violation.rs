//! One place of a message that does not conform: which, to what, and with which facts.

use super::representation::TapeValue;
use super::schema::{escape, short};
use crate::codec::tape::Tape;
use crate::finding::{Code, Finding, Severity};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::json::{Node, Object};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;
use std::borrow::Cow;

/// One place of a message that does not conform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer of the offending value in the message; of what is missing, the object it is missing from.
    pub pointer: String,
    /// JSON pointer of the keyword in the schema.
    pub schema_pointer: String,
    /// The keyword, such as `maximum`.
    pub keyword: &'static str,
    /// `QIAO-V1xx`, one per keyword.
    pub code: &'static str,
    /// Facts for the text: `value` (cut when long), `limit`, `expected`, `name`, …
    pub arguments: Vec<(&'static str, String)>,
}

impl Violation {
    /// As a finding at the place in the message.
    #[must_use]
    pub fn finding(&self, severity: Severity) -> Finding {
        Finding {
            code: Code(Cow::Borrowed(self.code)),
            severity,
            place: if self.pointer.is_empty() { "/".to_owned() } else { self.pointer.clone() },
            arguments: self.arguments.clone(),
        }
    }

    /// The name of the member that is missing, when that is what is wrong.
    #[must_use]
    pub fn missing(&self) -> Option<&str> {
        let (_, name) = self.arguments.iter().find(|(argument, _)| *argument == "name")?;
        (self.keyword == "required").then_some(name)
    }
}

/// The violations that one error of the validator stands for.
pub(super) fn from_error(tape: &Tape, error: &ValidationError<'_>) -> Vec<Violation> {
    let pointer = error.instance_path().as_str();
    let value = || tape.find(pointer).and_then(|at| tape.nodes().get(at as usize)).map(|node| tape.json_of(node));
    let one = |code, keyword, arguments| Violation {
        pointer: pointer.to_owned(),
        schema_pointer: error.schema_path().as_str().to_owned(),
        keyword,
        code,
        arguments,
    };
    let plain = |code, keyword| vec![one(code, keyword, vec![("value", short(value().unwrap_or_default()))])];
    let with = |code, keyword, name, fact: String| {
        vec![one(code, keyword, vec![("value", short(value().unwrap_or_default())), (name, fact)])]
    };
    let limit = |code, keyword, limit: &dyn ToString| with(code, keyword, "limit", limit.to_string());
    // A member that should not be there is a violation of its own, at its own place.
    let unexpected = |code, keyword, names: &[String]| {
        let of = |name: &String| Violation {
            pointer: format!("{pointer}/{}", escape(name)),
            ..one(code, keyword, vec![("name", short(name))])
        };
        names.iter().map(of).collect()
    };
    use ValidationErrorKind as Kind;
    match error.kind() {
        Kind::Type { kind } => with("QIAO-V101", "type", "expected", types(kind)),
        Kind::Enum { options } => with("QIAO-V102", "enum", "expected", listed(options)),
        Kind::Constant { expected_value } => with("QIAO-V103", "const", "expected", short(&expected_value.to_string())),
        Kind::Required { property } => {
            let name = property.as_str().map_or_else(|| property.to_string(), str::to_owned);
            vec![one("QIAO-V104", "required", vec![("name", name)])]
        }
        Kind::AdditionalProperties { unexpected: names } => unexpected("QIAO-V105", "additionalProperties", names),
        Kind::UnevaluatedProperties { unexpected: names } => unexpected("QIAO-V106", "unevaluatedProperties", names),
        Kind::Minimum { limit: fact } => limit("QIAO-V107", "minimum", fact),
        Kind::Maximum { limit: fact } => limit("QIAO-V108", "maximum", fact),
        Kind::ExclusiveMinimum { limit: fact } => limit("QIAO-V109", "exclusiveMinimum", fact),
        Kind::ExclusiveMaximum { limit: fact } => limit("QIAO-V110", "exclusiveMaximum", fact),
        Kind::MultipleOf { multiple_of } => limit("QIAO-V111", "multipleOf", multiple_of),
        Kind::MinLength { limit: fact } => limit("QIAO-V112", "minLength", fact),
        Kind::MaxLength { limit: fact } => limit("QIAO-V113", "maxLength", fact),
        Kind::Pattern { pattern } => with("QIAO-V114", "pattern", "expected", short(pattern)),
        Kind::Format { format } => with("QIAO-V115", "format", "expected", format.clone()),
        Kind::MinItems { limit: fact } => limit("QIAO-V116", "minItems", fact),
        Kind::MaxItems { limit: fact } => limit("QIAO-V117", "maxItems", fact),
        Kind::UniqueItems => plain("QIAO-V118", "uniqueItems"),
        Kind::Contains => plain("QIAO-V119", "contains"),
        Kind::MinProperties { limit: fact } => limit("QIAO-V120", "minProperties", fact),
        Kind::MaxProperties { limit: fact } => limit("QIAO-V121", "maxProperties", fact),
        Kind::PropertyNames { error } => {
            let name = error.instance().as_str().map_or_else(String::new, short);
            vec![one("QIAO-V122", "propertyNames", vec![("name", name)])]
        }
        Kind::AnyOf { context } => meant(tape, pointer, context).unwrap_or_else(|| plain("QIAO-V123", "anyOf")),
        Kind::OneOfNotValid { context } => meant(tape, pointer, context).unwrap_or_else(|| plain("QIAO-V124", "oneOf")),
        Kind::OneOfMultipleValid { .. } => plain("QIAO-V125", "oneOf"),
        Kind::Not { .. } => plain("QIAO-V126", "not"),
        // Without `properties` beside it the validator says so once, at the object.
        Kind::FalseSchema if is_closed(error.schema_path().as_str()) && !names_at(tape, pointer).is_empty() => {
            unexpected("QIAO-V105", "additionalProperties", &names_at(tape, pointer))
        }
        Kind::FalseSchema => plain("QIAO-V127", "false"),
        Kind::AdditionalItems { limit: fact } => limit("QIAO-V128", "items", fact),
        Kind::UnevaluatedItems { .. } => plain("QIAO-V129", "unevaluatedItems"),
        Kind::ContentEncoding { content_encoding } => {
            with("QIAO-V130", "contentEncoding", "expected", content_encoding.clone())
        }
        Kind::FromUtf8 { .. } => plain("QIAO-V131", "contentEncoding"),
        Kind::ContentMediaType { content_media_type } => {
            with("QIAO-V132", "contentMediaType", "expected", content_media_type.clone())
        }
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => plain("QIAO-V133", "pattern"),
        Kind::Custom { .. } | Kind::Referencing(_) => {
            with("QIAO-V134", "other", "reason", short(&error.masked().to_string()))
        }
    }
}

/// The violations of the branch that the message chose: the only one whose `const`, `enum` and `false` its members do
/// not break. `None` when none or several could be meant.
fn meant(tape: &Tape, pointer: &str, branches: &[Vec<ValidationError<'static>>]) -> Option<Vec<Violation>> {
    use ValidationErrorKind::{Constant, Enum, FalseSchema};
    let is_another = |error: &ValidationError<'_>| {
        error.instance_path().as_str() != pointer
            && match error.kind() {
                Constant { .. } | Enum { .. } => true,
                FalseSchema => !is_closed(error.schema_path().as_str()),
                _ => false,
            }
    };
    let mut candidates = branches.iter().filter(|branch| !branch.iter().any(is_another));
    let chosen = candidates.next()?;
    let is_only = candidates.next().is_none() && branches.len() > 1;
    is_only.then(|| chosen.iter().flat_map(|error| from_error(tape, error)).collect())
}

/// Whether a place in a schema is the keyword `additionalProperties`, and not a property of that name.
fn is_closed(schema_pointer: &str) -> bool {
    schema_pointer
        .strip_suffix("/additionalProperties")
        .is_some_and(|parent| !["/properties", "/patternProperties", "/$defs"].iter().any(|map| parent.ends_with(map)))
}

/// The names of an object's members.
fn names_at(tape: &Tape, pointer: &str) -> Vec<String> {
    let object = tape.find(pointer).and_then(|at| TapeValue::at(tape, at)).and_then(|value| value.as_object());
    object.map(|object| object.members().map(|(name, _)| name.into_owned()).collect()).unwrap_or_default()
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(expected) => expected.as_str().to_owned(),
        TypeKind::Multiple(set) => set.iter().map(JsonType::as_str).collect::<Vec<_>>().join(", "),
    }
}

/// The first few of the allowed values.
fn listed(options: &Value) -> String {
    const SHOWN: usize = 12;
    let Value::Array(options) = options else { return short(&options.to_string()) };
    let mut text = options.iter().take(SHOWN).map(|option| short(&option.to_string())).collect::<Vec<_>>().join(", ");
    if options.len() > SHOWN {
        text.push_str(&format!(", … ({})", options.len()));
    }
    text
}
