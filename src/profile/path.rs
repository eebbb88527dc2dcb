//! The two ends of a mapping entry as text: JSON pointers and browse paths, both with `{placeholder}` steps.

use super::PathStep;
use crate::model::BrowseName;

/// One step of a pointer in a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointerStep<'p> {
    /// A member name, `~0` and `~1` still escaped.
    Name(&'p str),
    /// The browse name of the node bound to this placeholder; in a document any member or element.
    Placeholder(&'p str),
    /// The element of an array whose `member` has the text `value`; `member` is a pointer without its first `/`, both
    /// still escaped.
    Select { member: &'p str, value: &'p str },
}

/// RFC 6901, with whole steps in braces or `[member=value]`. `Err` says what is wrong.
pub fn pointer_steps(pointer: &str) -> Result<Vec<PointerStep<'_>>, String> {
    let Some(rest) = pointer.strip_prefix('/') else {
        return if pointer.is_empty() { Ok(Vec::new()) } else { Err("it does not begin with `/`".to_owned()) };
    };
    rest.split('/').map(pointer_step).collect()
}

fn pointer_step(step: &str) -> Result<PointerStep<'_>, String> {
    let inner = step.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Some((member, value)) = inner.and_then(|inner| inner.split_once('=')) {
        if member.is_empty() || value.is_empty() {
            return Err(format!("`{step}`: an element is chosen as `[member=value]`"));
        }
        check_escapes(step)?;
        return Ok(PointerStep::Select { member, value });
    }
    if let Some(name) = placeholder(step)? {
        return Ok(PointerStep::Placeholder(name));
    }
    check_escapes(step)?;
    Ok(PointerStep::Name(step))
}

fn check_escapes(step: &str) -> Result<(), String> {
    let mut characters = step.chars();
    while let Some(c) = characters.next() {
        if c == '~' && !matches!(characters.next(), Some('0' | '1')) {
            return Err("`~` is written `~0`".to_owned());
        }
    }
    Ok(())
}

/// `~1` and `~0` undone (RFC 6901 §4).
#[must_use]
pub fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// The name in `{name}`; braces anywhere else are an error.
fn placeholder(step: &str) -> Result<Option<&str>, String> {
    let inner = step.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    match inner {
        Some(name) if is_word(name) => Ok(Some(name)),
        None if !step.contains(['{', '}']) => Ok(None),
        _ => Err(format!("`{step}`: a placeholder is a whole step, such as `{{channel}}`")),
    }
}

/// `Step/Step/…`: a step is a browse name as [`BrowseName::parse`] reads it, or `{placeholder}`. Placeholders come
/// without types; a name without `nsu=` matches in any namespace.
pub(super) fn browse_steps(path: &str) -> Result<Vec<PathStep>, String> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (step, behind) = browse_step(rest)?;
        steps.push(step);
        rest = match behind {
            Some("") => return Err("it ends with `/`".to_owned()),
            Some(behind) => behind,
            None => "",
        };
    }
    Ok(steps)
}

/// The first step, which is the shortest text up to a `/` that is one: a namespace URI holds slashes of its own.
fn browse_step(text: &str) -> Result<(PathStep, Option<&str>), String> {
    let ends = text.match_indices('/').map(|(at, _)| at).chain([text.len()]);
    if text.starts_with('/') {
        return Err("an empty step".to_owned());
    }
    let mut why = String::new();
    for end in ends {
        let behind = text.get(end + 1..);
        let is_literal = text.starts_with("nsu=") || text[..end].contains('\\');
        if !is_literal && let Some(name) = placeholder(&text[..end])? {
            return Ok((PathStep::Placeholder { name: name.to_owned(), types: Vec::new() }, behind));
        }
        match BrowseName::parse(&text[..end]) {
            // `nsu=http://host:4840` is the beginning of a URI with a port.
            Ok(BrowseName { name, .. }) if behind.is_some() && name.bytes().all(|byte| byte.is_ascii_digit()) => {}
            Ok(BrowseName { namespace, name }) => {
                let namespace = text.starts_with("nsu=").then(|| namespace.to_string());
                return Ok((PathStep::Name { namespace, name }, behind));
            }
            Err(error) => why = error.to_string(),
        }
    }
    Err(why)
}

/// Lower-case words joined by `-`: names of placeholders and enumerations.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
}

/// Words joined by dots: names of concepts.
pub(super) fn is_concept(text: &str) -> bool {
    text.contains('.') && text.split('.').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> PathStep {
        PathStep::Name { namespace: None, name: name.to_owned() }
    }

    #[track_caller]
    fn check(path: &str, expected: Option<Vec<PathStep>>) {
        assert_eq!(browse_steps(path).ok(), expected, "{path}");
    }

    #[test]
    fn a_browse_path_has_names_namespaces_and_placeholders() {
        let qualified = |namespace: &str, name: &str| PathStep::Name {
            namespace: Some(namespace.to_owned()),
            name: name.to_owned(),
        };
        check("", Some(vec![]));
        check("A/B c", Some(vec![name("A"), name("B c")]));
        check("A/{x-y}", Some(vec![name("A"), PathStep::Placeholder { name: "x-y".to_owned(), types: vec![] }]));
        check("A\\/B/\\{C\\}", Some(vec![name("A/B"), name("{C}")]));
        check("nsu=http://a.example/x/:B/C", Some(vec![qualified("http://a.example/x/", "B"), name("C")]));
        check("nsu=urn:a:b:C", Some(vec![qualified("urn:a:b", "C")]));
        for wrong in ["A//B", "/A", "A/", "A/{x", "A/x{y}", "A/*", "{X}", "A\\", "nsu=urn:"] {
            check(wrong, None);
        }
    }

    #[test]
    fn a_pointer_has_names_and_whole_placeholders() {
        use PointerStep::{Name, Placeholder};
        assert_eq!(pointer_steps(""), Ok(vec![]));
        assert_eq!(pointer_steps("/<Tool>/{tool}/a~1b"), Ok(vec![Name("<Tool>"), Placeholder("tool"), Name("a~1b")]));
        let chosen = PointerStep::Select { member: "keys~10~1value", value: "urn:a~1b=c" };
        assert_eq!(pointer_steps("/s/[keys~10~1value=urn:a~1b=c]/v"), Ok(vec![Name("s"), chosen, Name("v")]));
        for wrong in ["a", "/a{b}", "/{}", "/a~2", "/[=x]", "/[a=]"] {
            assert!(pointer_steps(wrong).is_err(), "{wrong}");
        }
    }
}
