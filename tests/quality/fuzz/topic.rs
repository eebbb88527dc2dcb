//! Topic templates and topic patterns.
//!
//! What holds: whatever a machine or a place is called, a filled template keeps its levels and its literal beginning,
//! and two names never give one topic; a pattern matches what MQTT 5.0 §4.7 says it does; a fault lies in the text.

use qiao::model::TopicName;
use qiao::model::topic::TopicError;
use qiao::model::topic_pattern::{PatternError, TopicPattern};
use qiao::route::{Template, TemplateError, Values, escape};

/// Lines: the template or pattern, a topic, then what fills it.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let (Some(first), Some(topic)) = (lines.next(), lines.next()) else { return };
    let values: Vec<&str> = lines.take(10).collect();
    match Template::parse(first) {
        Ok(template) => filled(first, &template, &values),
        Err(error) => assert!(is_inside(first, place_of(&error)), "{error:?}"),
    }
    match TopicPattern::parse(first) {
        Ok(pattern) => matched(&pattern, topic),
        Err(PatternError::NotAlone { at, .. } | PatternError::Brace { at } | PatternError::Forbidden { at, .. }) => {
            assert!(is_inside(first, at), "byte {at}");
        }
        Err(_) => {}
    }
    for (one, two) in values.iter().zip(values.iter().skip(1)) {
        assert_eq!(escape(one) == escape(two), one == two, "{one:?} and {two:?}");
    }
}

fn filled(text: &str, template: &Template, names: &[&str]) {
    let name = |at: usize| names.get(at).copied();
    let values = Values {
        gateway: name(0).unwrap_or_default(),
        machine: name(1).unwrap_or_default(),
        flow: name(2).unwrap_or_default(),
        profile: name(3).unwrap_or_default(),
        enterprise: name(4),
        site: name(5),
        area: name(6),
        line: name(7),
        cell: name(8),
        channel: name(9),
        condition: name(10),
    };
    assert_eq!(template.as_str(), text);
    let missing = template.missing(&values);
    assert!(missing.iter().all(|name| text.contains(&format!("{{{name}}}"))), "{missing:?}");
    let topic = match template.fill(&values) {
        Ok(topic) => topic,
        Err(error) => {
            assert!(matches!(error, TopicError::TooLong { .. }), "{error}");
            return;
        }
    };
    let topic = topic.as_str();
    assert_eq!(topic.split('/').count(), text.split('/').count(), "{topic:?} leaves its level");
    let beginning = &text[..text.find('{').unwrap_or(text.len())];
    assert!(topic.starts_with(beginning) && !topic.starts_with('$'), "{topic:?}");
    assert!(TopicName::parse(topic).is_ok() && !topic.contains(['+', '#', '\0']), "{topic:?}");
    for (level, written) in topic.split('/').zip(text.split('/')) {
        if written.starts_with('{') {
            assert!(!matches!(level, "" | "." | ".."), "{topic:?}");
        }
    }
}

fn matched(pattern: &TopicPattern, topic: &str) {
    let filter = pattern.filter();
    assert!(TopicPattern::parse(&filter).is_ok(), "{filter:?} is no filter");
    if TopicName::parse(topic).is_err() {
        return;
    }
    let captures = pattern.captures(topic);
    assert_eq!(captures.is_some(), is_match(&filter, topic), "{filter:?} {topic:?}");
    let Some(captures) = captures else { return };
    assert!(captures.iter().all(|(_, level)| !level.contains('/')), "{captures:?}");
    let _ = pattern.root(&captures);
    let levels: Vec<Option<&str>> = topic.split('/').map(Some).collect();
    assert!(pattern.may_match(&levels), "the guard against loops does not see {topic:?}");
}

/// MQTT 5.0 §4.7, once more and in another way.
fn is_match(filter: &str, topic: &str) -> bool {
    if topic.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let (filter, topic): (Vec<&str>, Vec<&str>) = (filter.split('/').collect(), topic.split('/').collect());
    let is_open = filter.last() == Some(&"#");
    let fixed = &filter[..filter.len() - usize::from(is_open)];
    let is_long_enough = if is_open { topic.len() >= fixed.len() } else { topic.len() == fixed.len() };
    is_long_enough && fixed.iter().zip(&topic).all(|(one, other)| *one == "+" || one == other)
}

fn place_of(error: &TemplateError) -> usize {
    match error {
        TemplateError::Unknown { at, .. } | TemplateError::Brace { at } | TemplateError::Forbidden { at, .. } => *at,
        TemplateError::Empty | TemplateError::Reserved | TemplateError::TooLong { .. } => 0,
    }
}

fn is_inside(text: &str, at: usize) -> bool {
    at <= text.len() && text.is_char_boundary(at)
}
