//! The two ends of a mapping entry as text: JSON pointers and browse paths, both with `{placeholder}` steps.

use super::PathStep;

/// One step of a pointer in a mapping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PointerStep<'p> {
    /// A member name, `~0` and `~1` still escaped.
    Name(&'p str),
    /// The browse name of the node bound to this placeholder.
    Placeholder(&'p str),
}

/// RFC 6901, with whole steps in braces. `Err` says what is wrong.
pub(super) fn pointer_steps(pointer: &str) -> Result<Vec<PointerStep<'_>>, String> {
    let Some(rest) = pointer.strip_prefix('/') else {
        return if pointer.is_empty() { Ok(Vec::new()) } else { Err("it does not begin with `/`".to_owned()) };
    };
    rest.split('/').map(pointer_step).collect()
}

fn pointer_step(step: &str) -> Result<PointerStep<'_>, String> {
    if let Some(name) = placeholder(step)? {
        return Ok(PointerStep::Placeholder(name));
    }
    let mut characters = step.chars();
    while let Some(c) = characters.next() {
        if c == '~' && !matches!(characters.next(), Some('0' | '1')) {
            return Err("`~` is written `~0`".to_owned());
        }
    }
    Ok(PointerStep::Name(step))
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

/// `Step/Step/…`: a step is `Name`, `nsu=URI:Name` or `{placeholder}`; `\` takes the next character literally. The
/// placeholders come without types.
pub(super) fn browse_steps(path: &str) -> Result<Vec<PathStep>, String> {
    if path.is_empty() {
        return Ok(Vec::new());
    }
    split(path)?.iter().map(|step| browse_step(step)).collect()
}

/// At every `/` that is neither escaped nor part of a namespace URI (`nsu=http://…/:Name`).
fn split(path: &str) -> Result<Vec<String>, String> {
    let mut steps = Vec::new();
    let mut rest = path;
    loop {
        let (step, after) = if rest.starts_with("nsu=") { split_qualified(rest)? } else { split_plain(rest)? };
        if step.is_empty() {
            return Err("an empty step".to_owned());
        }
        steps.push(step);
        match after {
            Some(after) => rest = after,
            None => return Ok(steps),
        }
    }
}

fn split_plain(text: &str) -> Result<(String, Option<&str>), String> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '/' => return Ok((text[..at].to_owned(), Some(&text[at + 1..]))),
            _ => {}
        }
    }
    if is_escaped { Err("it ends with `\\`".to_owned()) } else { Ok((text.to_owned(), None)) }
}

/// The name begins behind the last `:` that a name can follow: a URI's own colons are followed by `/` or digits, or stand
/// before another colon of the same step.
fn split_qualified(text: &str) -> Result<(String, Option<&str>), String> {
    for (at, _) in text.match_indices(':') {
        let (name, after) = split_plain(&text[at + 1..])?;
        let is_port = name.chars().all(|c| c.is_ascii_digit());
        let is_last = !name.contains(':');
        if !name.is_empty() && !is_port && is_last {
            return Ok((format!("{}{name}", &text[..=at]), after));
        }
    }
    Err("`nsu=` without `:Name`".to_owned())
}

fn browse_step(step: &str) -> Result<PathStep, String> {
    if !step.starts_with("nsu=") && !step.contains('\\') {
        if let Some(name) = placeholder(step)? {
            return Ok(PathStep::Placeholder { name: name.to_owned(), types: Vec::new() });
        }
        if step.contains('*') {
            return Err("`*` has no place in a mapping; use a `{placeholder}`".to_owned());
        }
        return Ok(PathStep::Name { namespace: None, name: step.to_owned() });
    }
    match step.strip_prefix("nsu=").and_then(|rest| rest.rsplit_once(':')) {
        Some((namespace, name)) => {
            Ok(PathStep::Name { namespace: Some(namespace.to_owned()), name: unescape(name) })
        }
        None => Ok(PathStep::Name { namespace: None, name: unescape(step) }),
    }
}

fn unescape(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut characters = name.chars();
    while let Some(c) = characters.next() {
        text.push(if c == '\\' { characters.next().unwrap_or(c) } else { c });
    }
    text
}

/// As a glob writes a name: what has a meaning there is escaped.
pub(super) fn escape(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '/' | '*' | '{' | '}' | ',' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

/// Lower-case words joined by `-`: names of placeholders and enumerations.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.split('-').all(|part| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
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
        for wrong in ["a", "/a{b}", "/{}", "/a~2"] {
            assert!(pointer_steps(wrong).is_err(), "{wrong}");
        }
    }
}
