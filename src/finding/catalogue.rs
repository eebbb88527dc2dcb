//! The texts of every code, and the other words of the faces, in three languages: `messages/{en,de,zh}/*.ftl`.
//!
//! A message's id is the code; its value says what is wrong (the place stands before it), `.title` names it in a few
//! words, `.fix` says the way out. Where a translation is missing English serves, where that is missing too the code
//! and the facts: showing a finding never fails.

use super::{Language, visible};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::OnceLock;
use unic_langid::LanguageIdentifier;

#[derive(rust_embed::Embed)]
#[folder = "src/finding/messages"]
#[include = "*.ftl"]
struct Messages;

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: Language) -> &'static Bundle {
    static BUNDLES: [OnceLock<Bundle>; 3] = [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    let index = match language {
        Language::English => 0,
        Language::German => 1,
        Language::Chinese => 2,
    };
    BUNDLES[index].get_or_init(|| {
        let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Isolation marks are for running text in browsers; in a terminal or a log they are noise that grep trips over.
        bundle.set_use_isolating(false);
        for (_, text) in files(language) {
            // What does not parse is skipped here and found by the test below.
            let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, _)| resource);
            let _ = bundle.add_resource(resource);
        }
        bundle
    })
}

/// File name and text of every message file of a language.
fn files(language: Language) -> impl Iterator<Item = (String, String)> {
    let folder = format!("{}/", language.tag());
    Messages::iter().filter(move |path| path.starts_with(&folder)).filter_map(|path| {
        let text = String::from_utf8(Messages::get(&path)?.data.into_owned()).ok()?;
        Some((path.into_owned(), text))
    })
}

/// Every id of the catalogue: codes and the words of the faces, sorted.
#[must_use]
pub fn ids() -> Vec<String> {
    let mut ids: Vec<String> = files(Language::English).flat_map(|(_, text)| ids_of(&text)).collect();
    ids.sort();
    ids
}

/// In a message file only a message begins at the start of a line with a letter.
fn ids_of(text: &str) -> Vec<String> {
    text.lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned()))
        .collect()
}

/// The text of `id` (`attribute`: `title`, `fix`) with its facts filled in; `None` when no language has it.
/// A fact that is missing stays visible as `‹name›`.
#[must_use]
pub fn text(language: Language, id: &str, attribute: Option<&str>, facts: &[(&str, &str)]) -> Option<String> {
    one(language, id, attribute, facts).or_else(|| one(Language::English, id, attribute, facts))
}

fn one(language: Language, id: &str, attribute: Option<&str>, facts: &[(&str, &str)]) -> Option<String> {
    let bundle = bundle(language);
    let message = bundle.get_message(id)?;
    let pattern = match attribute {
        Some(name) => message.get_attribute(name)?.value(),
        None => message.value()?,
    };
    let mut arguments = FluentArgs::with_capacity(facts.len());
    for (name, value) in facts {
        arguments.set((*name).to_owned(), fact(value));
    }
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&arguments), &mut faults).into_owned();
    Some(if faults.is_empty() { text } else { with_names(&text) })
}

/// Fluent writes a fact it was not given as `{$name}`.
fn with_names(text: &str) -> String {
    let mut parts = text.split("{$");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}') {
            Some((name, rest)) => shown.extend(["‹", name, "›", rest]),
            None => shown.extend(["{$", part]),
        }
    }
    shown
}

/// Whole numbers choose a plural form; everything else, `1.02` and `007` included, stays as it was written.
fn fact(value: &str) -> FluentValue<'static> {
    const EXACT: u64 = 1 << 53;
    match value.parse::<u64>() {
        Ok(number) if number < EXACT && number.to_string() == value => {
            FluentValue::Number(FluentNumber::from(number as f64))
        }
        _ => FluentValue::String(visible(value).into_owned().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// Id → attributes and placeholders of a language.
    fn shape(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut shape: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, text) in files(language) {
            if let Err((_, faults)) = FluentResource::try_new(text.clone()) {
                panic!("{path}: {faults:?}");
            }
            let mut current = String::new();
            for line in text.lines().filter(|line| !line.starts_with('#')) {
                if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    current = line.split('=').next().unwrap_or_default().trim().to_owned();
                    assert!(shape.insert(current.clone(), BTreeSet::new()).is_none(), "{path}: {current} twice");
                }
                let parts = shape.get_mut(&current);
                let Some(parts) = parts else { continue };
                if let Some((name, _)) = line.trim().strip_prefix('.').and_then(|rest| rest.split_once('=')) {
                    parts.insert(format!(".{}", name.trim()));
                }
                for part in line.split('$').skip(1) {
                    parts.insert(format!(
                        "${}",
                        part.split(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or("")
                    ));
                }
            }
        }
        shape
    }

    #[test]
    fn every_message_exists_in_every_language_with_the_same_placeholders() {
        let english = shape(Language::English);
        for language in [Language::German, Language::Chinese] {
            let other = shape(language);
            for (id, parts) in &english {
                assert_eq!(other.get(id), Some(parts), "{id} in {language}");
            }
            for id in other.keys() {
                assert!(english.contains_key(id), "{id} is in {language}, but not in English");
            }
        }
    }

    #[test]
    fn every_code_has_a_title_and_a_way_out() {
        for (id, parts) in shape(Language::English).iter().filter(|(id, _)| id.starts_with("QIAO-")) {
            assert!(parts.contains(".title") && parts.contains(".fix"), "{id} lacks .title or .fix");
        }
    }

    #[test]
    fn a_fact_that_is_missing_stays_visible() {
        assert_eq!(with_names("{$name} is not {machine}"), "‹name› is not {machine}");
        assert_eq!(text(Language::English, "no-such-id", None, &[]), None);
    }

    #[test]
    fn only_whole_numbers_are_numbers() {
        for (value, is_number) in
            [("3", true), ("1.02", false), ("007", false), ("18446744073709551615", false), ("", false)]
        {
            assert_eq!(matches!(fact(value), FluentValue::Number(_)), is_number, "{value}");
        }
    }
}
