//! The table of a translation, for an engineer on each side to sign.

use super::because;
use crate::cli::Face;
use crate::finding::Language;
use crate::profile::{Concept, Profile};
use crate::translate::{FateKind, Route, Routes};
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
    let page = Page::new(source, target, &table, face);
    let text = match format {
        Format::Markdown => page.markdown(),
        Format::Html => page.html(),
    };
    face.say(text.trim_end());
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

const FATES: [FateKind; 4] = [FateKind::Exact, FateKind::Converted, FateKind::Approximated, FateKind::Absent];

/// What the page says, before it is written in one form or the other.
struct Page<'p> {
    face: &'p Face,
    title: String,
    /// Titles of the two profiles.
    profiles: [String; 2],
    summary: String,
    /// What becomes of the source's fields, then what nothing of the source fills.
    sections: [(String, Vec<Row>); 2],
}

struct Row {
    /// Title in the language asked for, then in German and Chinese, each once; and the concept's id.
    titles: String,
    id: String,
    source: String,
    targets: Vec<String>,
    kind: FateKind,
    /// The word for it; of a field that nothing fills another than of a value that is lost.
    fate: String,
    rule: String,
}

impl<'p> Page<'p> {
    fn new(source: &Profile, target: &Profile, table: &[Route], face: &'p Face) -> Self {
        let count = |kind| table.iter().filter(|route| route.source.is_some() && route.fate.kind == kind).count();
        let counts = FATES.map(|kind| count(kind).to_string());
        let is_open = |route: &&Route| route.source.is_none() && route.fate.kind == FateKind::Absent;
        let open = table.iter().filter(is_open).count().to_string();
        let facts = [
            ("exact", &*counts[0]),
            ("converted", &*counts[1]),
            ("approximated", &*counts[2]),
            ("absent", &*counts[3]),
            ("open", &*open),
        ];
        let rows = |is_of_source: bool| {
            let rows = table.iter().filter(|route| route.source.is_some() == is_of_source);
            rows.map(|route| row(route, face)).collect()
        };
        let word = |id: &str| face.text(id, &[]);
        Self {
            face,
            title: format!("{} → {}", source.id(), target.id()),
            profiles: [source, target].map(|profile| profile.titles.in_language(face.language).to_owned()),
            summary: face.text("translate-coverage-summary", &facts),
            sections: [
                (word("translate-coverage-source"), rows(true)),
                (word("translate-coverage-target"), rows(false)),
            ],
        }
    }

    fn word(&self, id: &str) -> String {
        self.face.text(id, &[])
    }

    fn heads(&self) -> [String; 5] {
        ["concept", "source", "target", "fate", "rule"].map(|word| self.word(&format!("translate-head-{word}")))
    }

    fn fate(&self, kind: FateKind) -> String {
        self.word(&format!("translate-{}", kind.name()))
    }

    /// Each fate and what it means.
    fn legend(&self) -> [(FateKind, String); 4] {
        FATES.map(|kind| (kind, self.word(&format!("translate-{}-means", kind.name()))))
    }

    fn markdown(&self) -> String {
        let [source, target] = &self.profiles;
        let mut page = format!("# {}\n\n{source} → {target}\n\n{}\n", self.title, self.summary);
        for (kind, meaning) in self.legend() {
            let _ = write!(page, "\n- **{}**: {meaning}", self.fate(kind));
        }
        page.push('\n');
        for (heading, rows) in self.filled() {
            let _ = writeln!(page, "\n## {heading}\n\n| {} |\n|---|---|---|---|---|", self.heads().join(" | "));
            for row in rows {
                let targets: Vec<String> = row.targets.iter().map(|target| code(target)).collect();
                let id = if row.id.is_empty() { String::new() } else { format!("{} ({})", row.titles, row.id) };
                let source = if row.source.is_empty() { String::new() } else { code(&row.source) };
                let cells = [cell(&id), source, targets.join(", "), row.fate.clone(), cell(&row.rule)];
                let _ = writeln!(page, "| {} |", cells.join(" | "));
            }
        }
        let (agreed, place, name) = self.signature();
        let _ = writeln!(page, "\n## {agreed}\n\n| {place} | {name} |\n|---|---|\n|   |   |\n|   |   |");
        page
    }

    fn html(&self) -> String {
        let tag = self.face.language.tag();
        let lang = if tag == Language::Chinese.tag() { "zh-Hans" } else { tag };
        let [source, target] = self.profiles.each_ref().map(|title| escaped(title));
        let title = escaped(&self.title);
        let mut page = format!(
            "<!doctype html>\n<html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
             <style>{STYLE}</style></head>\n<body><h1>{title}</h1>\n<p class=\"profiles\">{source} → {target}</p>\n<p>{}</p>\n<dl>",
            escaped(&self.summary)
        );
        for (kind, meaning) in self.legend() {
            let _ = write!(page, "<dt>{}</dt><dd>{}</dd>", label(kind, &self.fate(kind)), escaped(&meaning));
        }
        page.push_str("</dl>\n");
        for (heading, rows) in self.filled() {
            let heads: String = self.heads().iter().map(|head| format!("<th>{}</th>", escaped(head))).collect();
            let _ = writeln!(page, "<h2>{}</h2>\n<table><thead><tr>{heads}</tr></thead><tbody>", escaped(heading));
            for row in rows {
                let targets: Vec<String> = row.targets.iter().map(|target| pointer(target)).collect();
                let id = if row.id.is_empty() { String::new() } else { format!("<small>{}</small>", escaped(&row.id)) };
                let _ = writeln!(
                    page,
                    "<tr><td>{}{id}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                    escaped(&row.titles),
                    pointer(&row.source),
                    targets.join("<br>"),
                    label(row.kind, &row.fate),
                    escaped(&row.rule)
                );
            }
            page.push_str("</tbody></table>\n");
        }
        let (agreed, place, name) = self.signature();
        let (place, name) = (escaped(&place), escaped(&name));
        let line = format!("<div><span>{place}</span><span>{name}</span></div>");
        let _ = writeln!(page, "<section><h2>{}</h2>{line}{line}</section></body></html>", escaped(&agreed));
        page
    }

    /// Sections with something in them.
    fn filled(&self) -> impl Iterator<Item = &(String, Vec<Row>)> {
        self.sections.iter().filter(|(_, rows)| !rows.is_empty())
    }

    fn signature(&self) -> (String, String, String) {
        (self.word("translate-signed"), self.word("translate-sign-place"), self.word("translate-sign-name"))
    }
}

fn label(kind: FateKind, word: &str) -> String {
    format!("<b class=\"{}\">{}</b>", kind.name(), escaped(word))
}

fn row(route: &Route, face: &Face) -> Row {
    let concept = route.concept.as_deref();
    let fate =
        if route.source.is_some() || route.fate.kind < FateKind::Absent { route.fate.kind.name() } else { "open" };
    Row {
        titles: concept.map(|concept| titles(concept, face.language)).unwrap_or_default(),
        id: concept.map(|concept| concept.id.clone()).unwrap_or_default(),
        source: route.source.clone().unwrap_or_default(),
        targets: route.targets.clone(),
        kind: route.fate.kind,
        fate: face.text(&format!("translate-{fate}"), &[]),
        rule: because(&route.fate.because, face),
    }
}

/// The reader's own language first; German and Chinese are those of the two who sign.
fn titles(concept: &Concept, language: Language) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for language in [language, Language::German, Language::Chinese] {
        let title = concept.titles.in_language(language);
        if !seen.contains(&title) {
            seen.push(title);
        }
    }
    seen.join(" / ")
}

/// Text in a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('\n', " ")
}

fn code(pointer: &str) -> String {
    format!("`{}`", pointer.replace('|', "\\|"))
}

/// A pointer that may break before each of its steps.
fn pointer(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<code>{}</code>", escaped(text).replace('/', "<wbr>/")) }
}

const STYLE: &str = "body{font:15px/1.5 system-ui,'Segoe UI','Noto Sans','Noto Sans CJK SC','Microsoft YaHei',sans-serif;\
margin:2rem auto;max-width:84rem;padding:0 1rem;color:#1b1f24}h1{font-size:1.5rem;margin-bottom:0}\
h2{font-size:1.15rem;margin:2rem 0 .6rem}.profiles{color:#57606a;margin-top:.2rem}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem .8rem;margin:1rem 0}dd{margin:0}\
table{border-collapse:collapse;width:100%;table-layout:fixed}\
th,td{border:1px solid #ccd2d9;padding:.35rem .6rem;text-align:left;vertical-align:top;overflow-wrap:break-word}\
th{background:#eef1f4;position:sticky;top:0}th:nth-child(1){width:21%}th:nth-child(2){width:22%}th:nth-child(3){width:19%}\
th:nth-child(4){width:8.5rem}code{font:13px/1.4 ui-monospace,'Cascadia Mono',Consolas,'DejaVu Sans Mono',monospace}\
small{display:block;color:#57606a;font-size:.85em}b{font-weight:600;padding:.1rem .45rem;border-radius:.3rem;white-space:nowrap}\
.exact{background:#dafbe1}.converted{background:#ddf4ff}.approximated{background:#fff8c5}.absent{background:#ffebe9}\
section{break-inside:avoid}section div{display:flex;gap:3rem;margin-top:3.2rem}\
section span{flex:1;border-top:1px solid #1b1f24;padding-top:.2rem;color:#57606a}\
@page{size:A4 landscape;margin:12mm}@media print{body{margin:0;max-width:none;font-size:11px}\
th{position:static}tr{break-inside:avoid}b{border:1px solid #8c959f}}";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
