//! `qiao explain CODE`: what a code means, why it happens and the way out.

use super::{Exit, Face};
use crate::finding::page::{self, Page};
use crate::finding::{nearest, visible};
use serde_json::json;

/// Say what a code means: an error, a finding or a rule
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  qiao explain QIAO-C012\n  qiao explain QIAO-C012 --lang zh\n  qiao explain")]
pub struct ExplainArgs {
    /// A code as it was printed, such as QIAO-C012; without one all codes are listed
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub fn run(arguments: &ExplainArgs, face: &Face) -> Exit {
    let Some(asked) = arguments.code.as_deref().map(str::trim) else { return list(face) };
    let Some(page) = Page::of(asked, face.language) else { return unknown(asked, face) };
    let Page { code, title, text, cause, fix, example } = page;
    if face.json {
        face.json_line(&json!({
            "code": code, "title": title, "text": text, "cause": cause, "fix": fix, "example": example,
        }));
        return Exit::Good;
    }
    face.say(&format!("{code}  {title}\n\n{text}"));
    for (heading, text) in [("cli-explain-cause", cause), ("cli-explain-fix", fix)] {
        if !text.is_empty() {
            face.say(&format!("\n{}\n  {text}", face.text(heading, &[])));
        }
    }
    if !example.is_empty() {
        face.say(&format!("\n{}\n  {}", face.text("cli-explain-example", &[]), example.join("\n  ")));
    }
    Exit::Good
}

/// Every code with its title, by family.
fn list(face: &Face) -> Exit {
    let mut family = String::new();
    for code in page::codes() {
        let title = Page::of(&code, face.language).map(|page| page.title).unwrap_or_default();
        if face.json {
            face.json_line(&json!({ "code": code, "title": title }));
            continue;
        }
        if page::family(&code) != family {
            let gap = if family.is_empty() { "" } else { "\n" };
            page::family(&code).clone_into(&mut family);
            face.say(&format!("{gap}{}", face.text("cli-explain-family", &[("family", &family)])));
        }
        face.say(&format!("  {code}  {title}"));
    }
    Exit::Good
}

fn unknown(asked: &str, face: &Face) -> Exit {
    let known = page::codes();
    let near = |asked: &str| nearest(asked, known.iter().map(String::as_str));
    // `V101`, as one says it.
    let near = near(asked).or_else(|| near(&format!("QIAO-{asked}")));
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
