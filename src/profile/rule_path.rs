//! Where a rule looks: a JSON pointer that may begin with `$` and whose steps may be `*` or `[member=value]`.

/// A place, or many, of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RulePath {
    /// Begins with `$`: seen from the whole message, not from the place that `where` found.
    pub is_from_message: bool,
    pub steps: Vec<RuleStep>,
}

/// One step of a [`RulePath`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleStep {
    /// This member, or the element with this index.
    Name(String),
    /// `*`: every member or element.
    Any,
    /// `[member=value]`: every element whose member, itself a path of names, has this text.
    Having { member: Vec<String>, value: String },
}

/// Steps of one path, at most.
const STEPS_MAX: usize = 32;

impl RulePath {
    /// `""` is the place itself, `$` the whole message. In names, and inside of brackets, `~1` is `/` and `~0` is `~`.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (is_from_message, rest) = text.strip_prefix('$').map_or((false, text), |rest| (true, rest));
        let Some(rest) = rest.strip_prefix('/') else {
            return if rest.is_empty() {
                Ok(Self { is_from_message, steps: Vec::new() })
            } else {
                Err("it begins neither with `/` nor with `$`")
            };
        };
        let steps = split(rest)?.into_iter().map(step).collect::<Result<Vec<_>, _>>()?;
        if steps.len() > STEPS_MAX {
            return Err("it has more than 32 steps");
        }
        Ok(Self { is_from_message, steps })
    }

    /// Whether it may name more than one place.
    #[must_use]
    pub fn is_many(&self) -> bool {
        self.steps.iter().any(|step| !matches!(step, RuleStep::Name(_)))
    }
}

/// At every `/` that stands in no brackets.
fn split(text: &str) -> Result<Vec<&str>, &'static str> {
    let mut parts = Vec::new();
    let (mut start, mut is_bracketed) = (0, false);
    for (at, c) in text.char_indices() {
        match c {
            '[' if at == start => is_bracketed = true,
            ']' if is_bracketed && matches!(text.as_bytes().get(at + 1), None | Some(b'/')) => is_bracketed = false,
            '/' if !is_bracketed => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    if is_bracketed {
        return Err("a bracket is not closed");
    }
    parts.push(&text[start..]);
    Ok(parts)
}

fn step(text: &str) -> Result<RuleStep, &'static str> {
    if text == "*" {
        return Ok(RuleStep::Any);
    }
    let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) else {
        return Ok(RuleStep::Name(unescape(text)?));
    };
    let (member, value) = inner.split_once('=').ok_or("between brackets stands `member=value`")?;
    let member = unescape(member)?;
    let member: Vec<String> = member.trim_start_matches('/').split('/').map(str::to_owned).collect();
    if member.iter().any(String::is_empty) {
        return Err("between brackets stands `member=value`");
    }
    Ok(RuleStep::Having { member, value: unescape(value)? })
}

fn unescape(text: &str) -> Result<String, &'static str> {
    let mut rest = text.chars();
    let mut plain = String::with_capacity(text.len());
    while let Some(c) = rest.next() {
        match (c, c == '~') {
            (_, true) => match rest.next() {
                Some('0') => plain.push('~'),
                Some('1') => plain.push('/'),
                _ => return Err("`~` is written `~0`"),
            },
            (c, false) => plain.push(c),
        }
    }
    Ok(plain)
}

/// As it is written in `rules.yaml`.
impl std::fmt::Display for RulePath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.is_from_message {
            f.write_str("$")?;
        }
        let escape = |text: &str| text.replace('~', "~0").replace('/', "~1");
        for step in &self.steps {
            match step {
                RuleStep::Any => f.write_str("/*")?,
                RuleStep::Name(name) => write!(f, "/{}", escape(name))?,
                RuleStep::Having { member, value } => {
                    let member = member.join("/");
                    write!(f, "/[{}={}]", escape(&member), escape(value))?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[RuleStep]) {
        let path = RulePath::parse(text).expect("a path");
        assert_eq!(path.steps, expected, "{text}");
        assert_eq!(path.is_from_message, text.starts_with('$'));
    }

    #[test]
    fn a_path_has_names_stars_and_elements_with_a_member() {
        let name = |text: &str| RuleStep::Name(text.to_owned());
        let having = |member: &[&str], value: &str| RuleStep::Having {
            member: member.iter().map(|part| (*part).to_owned()).collect(),
            value: value.to_owned(),
        };
        check("", &[]);
        check("$", &[]);
        check("/a~1b/*/0", &[name("a/b"), RuleStep::Any, name("0")]);
        check("$/a/[idShort=X]/value", &[name("a"), having(&["idShort"], "X"), name("value")]);
        check(
            "/[semanticId~1keys~10~1value=https://a.example/x/1]",
            &[having(&["semanticId", "keys", "0", "value"], "https://a.example/x/1")],
        );
        check("/[id=0112/2///61987#ABA565#009]", &[having(&["id"], "0112/2///61987#ABA565#009")]);
        for wrong in ["a", "$a", "/a~2", "/[a]", "/[a=b", "/[=b]"] {
            assert!(RulePath::parse(wrong).is_err(), "{wrong}");
        }
        assert!(RulePath::parse(&"/a".repeat(STEPS_MAX + 1)).is_err());
        assert_eq!(RulePath::parse("$/a~1b/*/[x~1y=z]").expect("a path").to_string(), "$/a~1b/*/[x~1y=z]");
    }
}
