//! `qiao explain CODE`: what a code means and the way out.

use super::{Exit, Face};
use crate::finding::{Code, Language, catalogue, nearest, visible};
use serde_json::json;
use std::borrow::Cow;

/// Say what a code means: an error, a finding or a rule
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  qiao explain QIAO-C012\n  qiao explain QIAO-C012 --lang zh")]
pub struct ExplainArgs {
    /// A code as it was printed, such as QIAO-C012
    #[arg(value_name = "CODE")]
    code: String,
}

/// What is said of a code, wherever it is written down.
struct Page {
    code: String,
    title: String,
    text: String,
    fix: Option<String>,
}

pub fn run(arguments: &ExplainArgs, face: &Face) -> Exit {
    let asked = arguments.code.trim();
    let Some(Page { code, title, text, fix }) = page(asked, face.language) else { return unknown(asked, face) };
    if face.json {
        face.json_line(&json!({ "code": code, "title": title, "text": text, "fix": fix }));
        return Exit::Good;
    }
    face.say(&format!("{code}  {title}\n\n{text}"));
    if let Some(fix) = fix {
        face.say(&format!("\n{fix}"));
    }
    Exit::Good
}

/// The one place that knows where codes are written down: the catalogue. Upper and lower case are one.
fn page(asked: &str, language: Language) -> Option<Page> {
    let code = Code(Cow::Owned(asked.to_ascii_uppercase()));
    let text = catalogue::text(language, &code.0, None, &[]).filter(|_| code.0.starts_with(PREFIX))?;
    let title = code.title(language).unwrap_or_default();
    let fix = code.fix(language);
    Some(Page { code: code.0.into_owned(), title, text, fix })
}

const PREFIX: &str = "QIAO-";

fn unknown(asked: &str, face: &Face) -> Exit {
    let known: Vec<String> = catalogue::ids().into_iter().filter(|id| id.starts_with(PREFIX)).collect();
    let near = |asked: &str| nearest(asked, known.iter().map(String::as_str));
    // `V101`, as one says it.
    let near = near(asked).or_else(|| near(&format!("{PREFIX}{asked}")));
    if face.json {
        face.json_line(&json!({ "code": asked, "known": false, "nearest": near }));
        return Exit::Usage;
    }
    let code = visible(asked);
    face.say(&match near {
        Some(near) => face.text("cli-explain-nearest", &[("code", &code), ("nearest", near)]),
        // What a quarantine entry shows as its rule.
        None if asked.starts_with('/') => face.text("cli-explain-pointer", &[("pointer", &code)]),
        None => face.text("cli-explain-unknown", &[("code", &code)]),
    });
    Exit::Usage
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_catalogue_has_a_page_and_no_other_word_has() {
        for id in catalogue::ids() {
            let page = page(&id.to_ascii_lowercase(), Language::German);
            assert_eq!(page.is_some(), id.starts_with(PREFIX), "{id}");
            let is_whole = page.is_none_or(|page| {
                !page.title.is_empty() && !page.text.is_empty() && page.fix.is_some_and(|fix| !fix.is_empty())
            });
            assert!(is_whole, "{id}");
        }
    }
}
