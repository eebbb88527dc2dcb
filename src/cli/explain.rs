//! `qiao explain CODE`: what a code means and the way out.

use super::{Exit, Face};
use crate::finding::{Code, catalogue, nearest, visible};
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

pub fn run(arguments: &ExplainArgs, face: &Face) -> Exit {
    let code = Code(Cow::Owned(arguments.code.to_ascii_uppercase()));
    let Some(text) = catalogue::text(face.language, &code.0, None, &[]).filter(|_| code.0.contains('-')) else {
        return unknown(&code, face);
    };
    let title = code.title(face.language).unwrap_or_default();
    let fix = code.fix(face.language);
    if face.json {
        face.json_line(&json!({ "code": code.0, "title": title, "text": text, "fix": fix }));
        return Exit::Good;
    }
    face.say(&format!("{code}  {title}\n\n{text}"));
    if let Some(fix) = fix {
        face.say(&format!("\n{fix}"));
    }
    Exit::Good
}

fn unknown(code: &Code, face: &Face) -> Exit {
    let known = catalogue::ids();
    let near = nearest(&code.0, known.iter().map(String::as_str).filter(|id| id.starts_with("QIAO-")));
    if face.json {
        face.json_line(&json!({ "code": code.0, "known": false, "nearest": near }));
    } else {
        let code = visible(&code.0);
        face.say(&match near {
            Some(near) => face.text("cli-explain-nearest", &[("code", &code), ("nearest", near)]),
            None => face.text("cli-explain-unknown", &[("code", &code)]),
        });
    }
    Exit::Usage
}
