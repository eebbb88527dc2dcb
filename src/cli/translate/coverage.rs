//! The table of a translation, for an engineer on each side to sign.

use super::because;
use crate::cli::Face;
use crate::profile::Profile;
use crate::translate::{Route, Routes};
use serde_json::json;
use std::fmt::Write as _;

/// What the table is written in.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Format {
    Markdown,
    Html,
}

pub(super) fn print(source: &Profile, target: &Profile, routes: &Routes, format: Format, face: &Face) {
    let table = routes.table();
    if face.json {
        for route in &table {
            face.json_line(&as_json(route, face));
        }
        return;
    }
    let heads =
        ["concept", "source", "target", "fate", "rule"].map(|word| face.text(&format!("translate-head-{word}"), &[]));
    let rows: Vec<[String; 5]> = table.iter().map(|route| row(route, face)).collect();
    let title = format!("{} → {}", source.id(), target.id());
    let signed = face.text("translate-signed", &[]);
    let page = match format {
        Format::Markdown => markdown(&title, &heads, &rows, &signed),
        Format::Html => html(&title, &heads, &rows, &signed, face),
    };
    face.say(page.trim_end());
}

fn row(route: &Route, face: &Face) -> [String; 5] {
    let concept = route
        .concept
        .as_ref()
        .map_or_else(String::new, |concept| format!("{} / {} ({})", concept.titles.de, concept.titles.zh, concept.id));
    [
        concept,
        route.source.clone().unwrap_or_default(),
        route.targets.join(", "),
        face.text(&format!("translate-{}", route.fate.kind.name()), &[]),
        because(&route.fate.because, face),
    ]
}

fn as_json(route: &Route, face: &Face) -> serde_json::Value {
    json!({
        "concept": route.concept.as_ref().map(|concept| concept.id.clone()),
        "source": route.source,
        "targets": route.targets,
        "fate": route.fate.kind.name(),
        "because": because(&route.fate.because, face),
    })
}

fn markdown(title: &str, heads: &[String; 5], rows: &[[String; 5]], signed: &str) -> String {
    let mut page = format!("# {title}\n\n| {} |\n|---|---|---|---|---|\n", heads.join(" | "));
    for row in rows {
        let cells = row.each_ref().map(|cell| cell.replace('|', "\\|").replace('<', "&lt;").replace('\n', " "));
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    }
    let _ = writeln!(page, "\n{signed}");
    page
}

const STYLE: &str = "body{font:15px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem;color:#1b1f24}\
table{border-collapse:collapse;width:100%}th,td{border:1px solid #ccd2d9;padding:.35rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
th{background:#eef1f4;position:sticky;top:0}p{margin-top:3rem}@media print{th{position:static}}";

fn html(title: &str, heads: &[String; 5], rows: &[[String; 5]], signed: &str, face: &Face) -> String {
    let cells = |row: &[String; 5], tag: &str| {
        row.iter().map(|cell| format!("<{tag}>{}</{tag}>", escaped(cell))).collect::<String>()
    };
    let body: String = rows.iter().map(|row| format!("<tr>{}</tr>\n", cells(row, "td"))).collect();
    let (title, language) = (escaped(title), face.language.tag());
    format!(
        "<!doctype html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head>\n\
         <body><h1>{title}</h1>\n<table><thead><tr>{}</tr></thead><tbody>\n{body}</tbody></table>\n<p>{}</p></body></html>\n",
        cells(heads, "th"),
        escaped(signed)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
