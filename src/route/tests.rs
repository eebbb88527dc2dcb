use super::*;
use proptest::prelude::*;

#[track_caller]
fn refused(text: &str, expected: TemplateError) {
    assert_eq!(Template::parse(text).map(|_| ()), Err(expected), "template {text:?}");
}

#[track_caller]
fn filled(template: &str, machine: &str, expected: &str) {
    let values =
        Values { gateway: "hall-3", machine, flow: "f", profile: "core", line: Some("4"), ..Values::default() };
    let template = Template::parse(template).expect("a template");
    assert_eq!(template.fill(&values).expect("a topic").as_str(), expected, "machine {machine:?}");
}

#[test]
fn row_48_a_template_is_refused_with_the_place_and_the_nearest_name() {
    let unknown = |name: &str, at, nearest| TemplateError::Unknown { name: name.to_owned(), at, nearest };
    refused("", TemplateError::Empty);
    refused("$SYS/{machine}", TemplateError::Reserved);
    refused("a/{machin}/b", unknown("machin", 2, Some("machine")));
    refused("温度/{Machine}", unknown("Machine", 7, Some("machine")));
    refused("a/{temperature}", unknown("temperature", 2, None));
    refused("a/{}", unknown("", 2, None));
    refused("a/{machine", TemplateError::Brace { at: 2 });
    refused("a/{mach{ine}}", TemplateError::Brace { at: 2 });
    refused("a/machine}", TemplateError::Brace { at: 9 });
    refused("a/+/{machine}", TemplateError::Forbidden { found: '+', at: 2 });
    refused("{machine}/#", TemplateError::Forbidden { found: '#', at: 10 });
    refused("a\0b", TemplateError::Forbidden { found: '\0', at: 1 });
    refused(&"x".repeat(65_536), TemplateError::TooLong { bytes: 65_536 });
}

#[test]
fn row_48_a_value_stays_in_its_level_and_readable_text_stays_readable() {
    filled("Sample/{machine}/status", "lathe-7", "Sample/lathe-7/status");
    filled("{gateway}/{line}-{machine}", "Fräse 温度", "hall-3/4-Fräse 温度");
    filled("p/{machine}", "a/b+c#d%e\0\u{85}", "p/a%2Fb%2Bc%23d%25e%00%C2%85");
    filled("p/{machine}", "", "p/%_");
    filled("p/{machine}", "..", "p/%2E%2E");
    filled("p/{machine}", "v1.2", "p/v1.2");
    filled("{machine}/x", "$share/g", "%24share%2Fg/x");
    filled("p/{machine}", "\u{FFFF}", "p/%EF%BF%BF");
    filled("p/{machine}", "a\u{202E}b\u{200B}c", "p/a%E2%80%AEb%E2%80%8Bc");
    filled("p/{machine}", "/a/", "p/%2Fa%2F");
    filled("p/{machine}", "nsu=http:_2F_2Facme_2F;i=5", "p/nsu=http:_2F_2Facme_2F;i=5");
}

#[test]
fn row_48_a_place_nobody_named_is_reported_and_a_topic_too_long_is_an_error() {
    let template = Template::parse("{site}/{line}/{cell}/{machine}").expect("a template");
    let values = Values { machine: "m", line: Some("4"), cell: Some(""), ..Values::default() };
    assert_eq!(template.missing(&values), ["site", "cell"]);
    assert_eq!(template.fill(&values).expect("a topic").as_str(), "%_/4/%_/m");
    let long = "/".repeat(30_000);
    let values = Values { machine: &long, ..values };
    assert_eq!(template.fill(&values), Err(TopicError::TooLong { bytes: 90_000 + 8 }));
}

proptest! {
    #[test]
    fn row_48_no_name_leaves_the_prefix_or_changes_the_number_of_levels(machine in any::<String>(), site in any::<String>()) {
        let template = Template::parse("plant/{machine}/data/{site}").expect("a template");
        let values = Values { machine: &machine, site: Some(&site), ..Values::default() };
        let topic = template.fill(&values).expect("a topic");
        let levels: Vec<&str> = topic.as_str().split('/').collect();
        prop_assert_eq!(levels.len(), 4);
        prop_assert_eq!((levels[0], levels[2]), ("plant", "data"));
        prop_assert!(!levels[1].is_empty() && !levels[1].starts_with('$') && levels[1] != ".." && levels[1] != ".");
        prop_assert!(!topic.as_str().chars().any(|c| matches!(c, '+' | '#') || crate::finding::is_hidden(c)));
    }

    #[test]
    fn row_48_two_names_that_differ_never_share_a_topic(left in "[./$%_a+温]{0,4}", right in "[./$%_a+温]{0,4}") {
        prop_assert_eq!(left == right, escape(&left) == escape(&right));
    }
}
