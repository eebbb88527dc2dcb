//! `qiao explain CODE`: what a code means, why it happens and the way out.

use super::profile::{Own, library};
use super::{Exit, Face};
use crate::finding::page::{self, Page};
use crate::finding::{nearest, visible};
use crate::profile::{Library, Profile, Rule, is_rule_id};
use serde_json::json;

/// Say what a code means: an error, a finding or a rule
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  qiao explain QIAO-C012\n  qiao explain QIAO-C012 --lang zh\n  \
qiao explain ACME-PRESS-0101 --profiles my-profiles\n  qiao explain")]
pub struct ExplainArgs {
    /// A code as it was printed, such as QIAO-C012; without one all codes are listed
    #[arg(value_name = "CODE")]
    code: Option<String>,
    #[command(flatten)]
    own: Own,
}

pub fn run(arguments: &ExplainArgs, face: &Face) -> Exit {
    let Some(asked) = arguments.code.as_deref().map(str::trim) else { return list(face) };
    if is_rule_id(asked) {
        let Some((library, _)) = library(&arguments.own, face) else { return Exit::Usage };
        return explain_rule(asked, &library, face);
    }
    let Some(page) = Page::of(asked, face.language) else { return unknown(asked, page::codes(), face) };
    let Page { code, title, text, cause, fix, example, right } = page;
    if face.json {
        face.json_line(&json!({
            "code": code, "title": title, "text": text, "cause": cause, "fix": fix, "example": example, "right": right,
        }));
        return Exit::Good;
    }
    face.say(&format!("{code}  {title}\n\n{text}"));
    for (heading, text) in [("cli-explain-cause", cause), ("cli-explain-fix", fix)] {
        if !text.is_empty() {
            face.say(&format!("\n{}\n  {text}", face.text(heading, &[])));
        }
    }
    for (heading, lines) in [("cli-explain-example", example), ("cli-explain-right", right)] {
        if !lines.is_empty() {
            face.say(&format!("\n{}\n  {}", face.text(heading, &[]), lines.join("\n  ")));
        }
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

/// Every rule of the library with the profile it stands in.
fn rules(library: &Library) -> impl Iterator<Item = (&Profile, &Rule)> {
    let folders = library.list().filter_map(|profile| library.folder(&profile.id()));
    folders.flat_map(|folder| folder.rules.iter().map(|rule| (folder.profile.as_ref(), rule)))
}

/// A declared rule, with its page; in every profile that has it.
fn explain_rule(asked: &str, library: &Library, face: &Face) -> Exit {
    let found: Vec<_> = rules(library).filter(|(_, rule)| rule.id == asked).collect();
    if found.is_empty() {
        return unknown(asked, rules(library).map(|(_, rule)| rule.id.clone()).collect(), face);
    }
    for (profile, rule) in found {
        let (title, fix) = (rule.titles.in_language(face.language), rule.fix.in_language(face.language));
        if face.json {
            face.json_line(&json!({
                "code": rule.id, "profile": profile.id(), "title": title, "severity": rule.severity.name(),
                "clause": rule.clause, "fix": fix, "page": rule.page,
            }));
            continue;
        }
        face.say(&format!("{}  {}", rule.id, visible(title)));
        face.say(&format!("{} · {} · {}", profile.id(), rule.severity.name(), visible(&rule.clause)));
        face.say(&format!("\n{}\n  {}\n", face.text("cli-explain-fix", &[]), visible(fix)));
        rule.page.lines().for_each(|line| face.say(&visible(line)));
    }
    Exit::Good
}

fn unknown(asked: &str, known: Vec<String>, face: &Face) -> Exit {
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
