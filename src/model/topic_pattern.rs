//! What an MQTT source subscribes to, and what the levels of a topic mean: `line/{line}/{machine}/+/state`.

use std::fmt::Write as _;

/// A topic filter (MQTT 5.0 §4.7) some of whose single-level wildcards bear a name.
///
/// `{machine}` tells machines apart, `{enterprise}` … `{cell}` place them; `+`, `{field}` and a `#` at the end name
/// fields; any other name becomes a field of its own that holds the level's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicPattern {
    text: String,
    levels: Vec<Level>,
    /// Among whose subscribers the broker shares out what comes.
    group: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Level {
    Literal(String),
    Named(Part),
    /// Any number of levels, none included; only at the end.
    Rest,
}

/// What a shared subscription begins with (MQTT 5.0 §4.8.2).
const SHARE: &str = "$share/";

/// What one named level says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Machine,
    Enterprise,
    Site,
    Area,
    Line,
    Cell,
    /// It belongs to the names of the fields: `+` and `{field}`.
    Field,
    /// A field of its own.
    Other(String),
}

/// Why a text is no topic pattern. Bytes count from the start of the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    #[error("a topic pattern has at least one character")]
    Empty,
    #[error("a topic pattern has at most 65535 bytes, this one has {bytes}")]
    TooLong { bytes: usize },
    /// A wildcard or name that is not a whole level, or `#` before the end (MQTT 5.0 §4.7.1).
    #[error("{found:?} stands alone in its level, and `#` in the last one (byte {at})")]
    NotAlone { found: char, at: usize },
    #[error("a brace without its partner, or without a name between them (byte {at})")]
    Brace { at: usize },
    #[error("`{{{name}}}` stands twice")]
    Twice { name: String },
    #[error("a topic does not contain {found:?} (byte {at})")]
    Forbidden { found: char, at: usize },
    /// `$share/` without a name of at least one character and no wildcard, or without a filter behind it (MQTT 5.0 §4.8.2).
    #[error("a shared subscription is `$share/`, the name of a group, and a topic filter")]
    Shared,
}

impl TopicPattern {
    /// Reads a pattern; one without a wildcard is a plain topic.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if text.is_empty() {
            return Err(PatternError::Empty);
        }
        if text.len() > usize::from(u16::MAX) {
            return Err(PatternError::TooLong { bytes: text.len() });
        }
        let (group, filter) = match text.strip_prefix(SHARE) {
            None => (None, text),
            Some(rest) => {
                let (group, filter) = rest.split_once('/').ok_or(PatternError::Shared)?;
                let is_name = !group.is_empty() && !group.contains(['+', '#', '{', '}']);
                if !is_name || group.contains(char::is_control) || filter.is_empty() {
                    return Err(PatternError::Shared);
                }
                (Some(group.to_owned()), filter)
            }
        };
        let (mut levels, mut at) = (Vec::new(), text.len() - filter.len());
        let count = filter.split('/').count();
        for (number, level) in filter.split('/').enumerate() {
            let read = read_level(level, at, number + 1 == count)?;
            if let Level::Named(part) = &read
                && *part != Part::Field
                && levels.contains(&read)
            {
                return Err(PatternError::Twice { name: part.name().to_owned() });
            }
            levels.push(read);
            at += level.len() + 1;
        }
        Ok(Self { text: text.to_owned(), levels, group })
    }

    /// The group of subscribers among which each message goes to one (MQTT 5.0 §4.8.2); `None`: every subscriber gets all.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What a broker is asked for: every name as `+`.
    #[must_use]
    pub fn filter(&self) -> String {
        let level = |level: &Level| match level {
            Level::Literal(text) => text.clone(),
            Level::Named(_) => "+".to_owned(),
            Level::Rest => "#".to_owned(),
        };
        let filter = self.levels.iter().map(level).collect::<Vec<_>>().join("/");
        self.group.as_ref().map_or(filter.clone(), |group| format!("{SHARE}{group}/{filter}"))
    }

    /// Whether some topic could match both. Says yes when in doubt.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        for pair in 0..self.levels.len().max(other.levels.len()) {
            match (self.levels.get(pair), other.levels.get(pair)) {
                (Some(Level::Rest), _) | (_, Some(Level::Rest)) => return true,
                (Some(Level::Literal(one)), Some(Level::Literal(other))) if one != other => return false,
                (None, _) | (_, None) => return false,
                _ => {}
            }
        }
        true
    }

    /// Whether machines are told apart; otherwise everything is one machine.
    #[must_use]
    pub fn has_machine(&self) -> bool {
        self.levels.contains(&Level::Named(Part::Machine))
    }

    /// What the named levels of a topic hold, in order; `None` when the topic does not match. Wildcards at the start
    /// do not match what begins with `$` (MQTT 5.0 §4.7.2).
    #[must_use]
    pub fn captures<'t>(&self, topic: &'t str) -> Option<Vec<(&Part, &'t str)>> {
        let is_literal = matches!(self.levels.first(), Some(Level::Literal(_)));
        if topic.starts_with('$') && !is_literal {
            return None;
        }
        let mut found = Vec::new();
        let mut rest = Some(topic);
        for level in &self.levels {
            if *level == Level::Rest {
                found.extend(rest.into_iter().flat_map(|rest| rest.split('/')).map(|level| (&Part::Field, level)));
                return Some(found);
            }
            let (own, behind) = match rest?.split_once('/') {
                Some((own, behind)) => (own, Some(behind)),
                None => (rest?, None),
            };
            match level {
                Level::Literal(text) if text != own => return None,
                Level::Literal(_) | Level::Rest => {}
                Level::Named(part) => found.push((part, own)),
            }
            rest = behind;
        }
        rest.is_none().then_some(found)
    }

    /// The root that a topic belongs to: the pattern with the machine and its place filled in. Equal for all topics
    /// of one machine.
    #[must_use]
    pub fn root(&self, captures: &[(&Part, &str)]) -> String {
        let mut captures = captures.iter();
        let mut root = String::new();
        for (number, level) in self.levels.iter().enumerate() {
            if number > 0 {
                root.push('/');
            }
            // Writing into a String cannot fail.
            let _ = match level {
                Level::Literal(text) => write!(root, "{text}"),
                Level::Rest => write!(root, "#"),
                Level::Named(part) => match captures.next() {
                    Some((_, text)) if part.is_identity() => write!(root, "{text}"),
                    _ => write!(root, "+"),
                },
            };
        }
        root
    }

    /// The last level, when it is no wildcard: the name of the one value of a plain topic.
    #[must_use]
    pub fn last_literal(&self) -> Option<&str> {
        match self.levels.last() {
            Some(Level::Literal(text)) => Some(text),
            _ => None,
        }
    }

    /// Whether a topic that begins with `literal` levels could match; levels that hold a wildcard themselves (`None`)
    /// match any. For the guard against loops: says yes when in doubt.
    #[must_use]
    pub fn may_match(&self, topic: &[Option<&str>]) -> bool {
        for (at, level) in self.levels.iter().enumerate() {
            match (level, topic.get(at)) {
                (Level::Rest, _) => return true,
                (_, None) => return false,
                (Level::Literal(own), Some(Some(other))) if own != other => return false,
                _ => {}
            }
        }
        self.levels.len() == topic.len()
    }
}

impl Part {
    fn named(name: &str) -> Self {
        match name {
            "machine" => Self::Machine,
            "enterprise" => Self::Enterprise,
            "site" => Self::Site,
            "area" => Self::Area,
            "line" => Self::Line,
            "cell" => Self::Cell,
            "field" => Self::Field,
            other => Self::Other(other.to_owned()),
        }
    }

    /// As it stands between braces.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Machine => "machine",
            Self::Enterprise => "enterprise",
            Self::Site => "site",
            Self::Area => "area",
            Self::Line => "line",
            Self::Cell => "cell",
            Self::Field => "field",
            Self::Other(name) => name,
        }
    }

    /// Whether it says which machine it is, or where that one stands.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        !matches!(self, Self::Field | Self::Other(_))
    }
}

impl std::fmt::Display for TopicPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

fn read_level(level: &str, at: usize, is_last: bool) -> Result<Level, PatternError> {
    match level {
        "+" => return Ok(Level::Named(Part::Field)),
        "#" if is_last => return Ok(Level::Rest),
        _ => {}
    }
    if let Some((offset, found)) = level.char_indices().find(|(_, c)| matches!(c, '+' | '#')) {
        return Err(PatternError::NotAlone { found, at: at + offset });
    }
    if let Some((offset, found)) = level.char_indices().find(|(_, c)| c.is_control()) {
        return Err(PatternError::Forbidden { found, at: at + offset });
    }
    let Some(brace) = level.find(['{', '}']) else { return Ok(Level::Literal(level.to_owned())) };
    let inner = level.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    match inner {
        Some(name) if !name.is_empty() && !name.contains(['{', '}']) => Ok(Level::Named(Part::named(name))),
        Some(_) => Err(PatternError::Brace { at: at + brace }),
        None if level.starts_with('{') && level.contains('}') => Err(PatternError::NotAlone { found: '{', at }),
        None if level.find('{').is_some_and(|open| level[open..].contains('}')) => {
            Err(PatternError::NotAlone { found: '{', at: at + brace })
        }
        None => Err(PatternError::Brace { at: at + brace }),
    }
}

/// Whether a topic is one on which a gateway tells of itself or of its machines: never an input.
#[must_use]
pub fn is_presence(topic: &str, gateway: &str) -> bool {
    let own = topic.strip_prefix("qiao/").and_then(|rest| rest.strip_prefix(gateway));
    own.is_some_and(|rest| rest.starts_with('/') && rest.ends_with("/status") && rest.split('/').count() <= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> TopicPattern {
        TopicPattern::parse(text).expect("a pattern")
    }

    #[track_caller]
    fn check(text: &str, topic: &str, expected: Option<&str>) {
        let pattern = pattern(text);
        let captures = pattern.captures(topic);
        let shown = captures.as_ref().map(|captures| {
            captures.iter().map(|(part, text)| format!("{}={text}", part.name())).collect::<Vec<_>>().join(" ")
        });
        assert_eq!(shown.as_deref(), expected, "{text} {topic}");
    }

    #[test]
    fn the_levels_of_a_topic_are_told_apart_as_the_standard_says() {
        check("line/{line}/{machine}/state", "line/4/m7/state", Some("line=4 machine=m7"));
        check("line/{line}/{machine}/state", "line/4/m7", None);
        check("line/{line}/{machine}/state", "line/4/m7/state/x", None);
        check("line/{line}/{machine}/state", "line//m7/state", Some("line= machine=m7"));
        check("{machine}/#", "m7/spindle/speed", Some("machine=m7 field=spindle field=speed"));
        check("{machine}/#", "m7", Some("machine=m7"));
        check("a/#", "a", Some(""));
        check("a/#", "ab", None);
        check("+/{shift}", "温度/früh", Some("field=温度 shift=früh"));
        check("#", "$SYS/broker", None);
        check("+/x", "$SYS/x", None);
        check("$SYS/+", "$SYS/x", Some("field=x"));
        check("/a", "/a", Some(""));
        check("/a", "a", None);
    }

    #[test]
    fn one_machine_has_one_root() {
        let pattern = pattern("l/{line}/{machine}/{sensor}/+/#");
        let root = |topic| pattern.root(&pattern.captures(topic).expect("matches"));
        assert_eq!(root("l/4/m7/s1/a/b/c"), "l/4/m7/+/+/#");
        assert_eq!(root("l/4/m7/s2/x"), "l/4/m7/+/+/#");
        assert_ne!(root("l/5/m7/s2/x"), root("l/4/m7/s2/x"));
        assert_eq!(pattern.filter(), "l/+/+/+/+/#");
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_its_place() {
        for (text, expected) in [
            ("", PatternError::Empty),
            ("a/b#", PatternError::NotAlone { found: '#', at: 3 }),
            ("a/#/b", PatternError::NotAlone { found: '#', at: 2 }),
            ("a+/b", PatternError::NotAlone { found: '+', at: 1 }),
            ("a/x{machine}", PatternError::NotAlone { found: '{', at: 3 }),
            ("a/{machine}x", PatternError::NotAlone { found: '{', at: 2 }),
            ("a/{machine", PatternError::Brace { at: 2 }),
            ("a/{}", PatternError::Brace { at: 2 }),
            ("{machine}/{machine}", PatternError::Twice { name: "machine".to_owned() }),
            ("a\u{0}", PatternError::Forbidden { found: '\0', at: 1 }),
            ("$share/g", PatternError::Shared),
            ("$share/g/", PatternError::Shared),
            ("$share//a", PatternError::Shared),
            ("$share/+/a", PatternError::Shared),
            ("$share/g/a/x{machine}", PatternError::NotAlone { found: '{', at: 12 }),
        ] {
            assert_eq!(TopicPattern::parse(text), Err(expected), "{text:?}");
        }
        assert!(TopicPattern::parse(&"a".repeat(65_536)).is_err());
    }

    #[test]
    fn a_shared_subscription_is_its_filter_for_a_group() {
        let shared = pattern("$share/qiao/l/{machine}/#");
        assert_eq!((shared.group(), shared.filter().as_str()), (Some("qiao"), "$share/qiao/l/+/#"));
        let captures = shared.captures("l/m7/a").expect("matches");
        assert_eq!(shared.root(&captures), pattern("l/{machine}/#").root(&captures), "the machine is the same");
        assert!(shared.captures("$share/qiao/l/m7/a").is_none());
        for (one, other, expected) in [
            ("$share/g/l/{machine}/#", "l/+/x", true),
            ("a/+", "a/b", true),
            ("a/#", "a", true),
            ("a/b", "a/c", false),
            ("a/+", "a/+/c", false),
            ("+/x", "y/#", true),
        ] {
            assert_eq!(pattern(one).overlaps(&pattern(other)), expected, "{one} {other}");
            assert_eq!(pattern(other).overlaps(&pattern(one)), expected, "{other} {one}");
        }
    }

    #[test]
    fn an_output_that_could_come_back_is_recognised() {
        let may = |text: &str, topic: &[Option<&str>]| pattern(text).may_match(topic);
        assert!(may("#", &[Some("a"), None]));
        assert!(may("plant/{machine}/#", &[Some("plant"), None]));
        assert!(may("plant/{machine}/x", &[Some("plant"), None, None]));
        assert!(!may("plant/{machine}/x", &[Some("plant"), None, Some("y")]));
        assert!(!may("plant/{machine}/x", &[Some("out"), None, Some("x")]));
        assert!(!may("plant/{machine}/x", &[Some("plant"), None]));
        assert!(!may("plant/+", &[Some("plant"), None, None]));
    }

    #[test]
    fn presence_is_no_input() {
        assert!(is_presence("qiao/g/status", "g") && is_presence("qiao/g/m7/status", "g"));
        assert!(!is_presence("qiao/g/m7/data", "g") && !is_presence("qiao/h/status", "g"));
        assert!(!is_presence("qiao/g/a/b/status", "g") && !is_presence("qiao/gx/status", "g"));
    }
}
