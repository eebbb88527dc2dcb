//! A report as one HTML page: no script, nothing fetched, three languages, fit to print and sign.

use super::super::judge::{Fault, Judged, Verdict};
use super::{Report, escape};
use crate::finding::{Language, catalogue};
use crate::profile::Titles;
use std::fmt::Write as _;

const LANGUAGES: [Language; 3] = [Language::English, Language::German, Language::Chinese];

const STYLE: &str = "\
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1c2530;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.05rem;margin:1.6rem 0 .4rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #d5dbe2}
code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}
.pass{color:#17663a}.fail{color:#a11a1a}.inconclusive{color:#8a5a00}.fix{color:#43505e}
#l-en:checked~main [lang]:not([lang=en]),#l-de:checked~main [lang]:not([lang=de]),#l-zh:checked~main [lang]:not([lang=zh]){display:none}
@media print{input,label{display:none}body{margin:0;max-width:none;font-size:11px}h2,tr{break-inside:avoid}}
";

/// The whole page, opened in `language`.
#[must_use]
pub fn write(report: &Report, language: Language) -> String {
    let tag = language.tag();
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>qiao test</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    );
    for (one, name) in LANGUAGES.iter().zip(["English", "Deutsch", "中文"]) {
        let checked = if *one == language { " checked" } else { "" };
        let tag = one.tag();
        line(
            &mut page,
            &format!("<input type=\"radio\" name=\"l\" id=\"l-{tag}\"{checked}><label for=\"l-{tag}\">{name}</label>"),
        );
    }
    line(&mut page, "<main>");
    head(&mut page, report);
    for judged in report.judged.iter().filter(|judged| !judged.faults.is_empty()) {
        message(&mut page, judged);
    }
    for finding in &report.unread {
        line(&mut page, &format!("<h2 class=\"inconclusive\">{}</h2>", escape(&finding.place)));
        let text = in_three(|language| finding.text(language));
        line(&mut page, &format!("<p><code>{}</code> {text}</p>", finding.code));
    }
    passed(&mut page, report);
    rules(&mut page, report);
    line(&mut page, "</main>\n</body>\n</html>");
    page
}

fn head(page: &mut String, report: &Report) {
    let verdict = report.verdict();
    let counts = [
        ("count", report.messages().to_string()),
        ("pass", report.passed.to_string()),
        ("fail", report.failed.to_string()),
        ("inconclusive", report.inconclusive.to_string()),
    ];
    let facts: Vec<(&str, &str)> = counts.iter().map(|(name, value)| (*name, value.as_str())).collect();
    line(page, &format!("<h1>{}: {}</h1>", words("test-report", &[]), verdict_words(verdict)));
    line(page, &format!("<p>{}</p>", words("test-summary", &facts)));
    line(page, &format!("<p>qiao {} · {}</p>", env!("CARGO_PKG_VERSION"), escape(&report.made_at)));
    if report.left_out > 0 {
        let count = report.left_out.to_string();
        line(page, &format!("<p>{}</p>", words("test-left-out", &[("count", &count)])));
    }
}

fn message(page: &mut String, judged: &Judged) {
    let profile = judged.profile.as_deref().map_or_else(String::new, |id| format!(" · <code>{}</code>", escape(id)));
    line(page, &format!("<h2>{}: {}{profile}</h2>", escape(&judged.name()), verdict_words(judged.verdict)));
    line(
        page,
        &format!(
            "<table><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr>",
            words("test-rule", &[]),
            words("test-place", &[]),
            words("test-text", &[]),
            words("test-clause", &[]),
        ),
    );
    for fault in &judged.faults {
        line(page, &row(fault));
    }
    line(page, "</table>");
    if judged.more > 0 {
        let count = judged.more.to_string();
        line(page, &format!("<p>{}</p>", words("test-more", &[("count", &count)])));
    }
}

fn row(fault: &Fault) -> String {
    let class = match (fault.is_open, fault.severity) {
        (false, crate::finding::Severity::Error) => "fail",
        _ => "inconclusive",
    };
    let pointer = if fault.pointer.is_empty() { "/" } else { &fault.pointer };
    format!(
        "<tr><td class=\"{class}\"><code>{}</code></td><td><code>{}</code><br>{}:{}</td><td>{}<br><span class=\"fix\">{}</span></td><td>{}</td></tr>",
        escape(&fault.code),
        escape(pointer),
        fault.place.line,
        fault.place.column,
        titles(&fault.text),
        titles(&fault.fix),
        escape(&fault.clause),
    )
}

/// Messages with nothing to say about, by name alone.
fn passed(page: &mut String, report: &Report) {
    let names: Vec<String> = report
        .judged
        .iter()
        .filter(|judged| judged.faults.is_empty())
        .map(|judged| {
            format!(
                "<li>{} <code>{}</code></li>",
                escape(&judged.name()),
                escape(judged.profile.as_deref().unwrap_or("-"))
            )
        })
        .collect();
    if !names.is_empty() {
        line(page, &format!("<h2>{}</h2>\n<ul>{}</ul>", verdict_words(Verdict::Pass), names.join("\n")));
    }
}

fn rules(page: &mut String, report: &Report) {
    if report.rules.is_empty() {
        return;
    }
    let heads: Vec<String> = ["test-rule", "test-pass", "test-fail", "test-inconclusive", "test-not-applicable"]
        .iter()
        .map(|id| format!("<th>{}</th>", words(id, &[])))
        .collect();
    line(page, &format!("<h2>{}</h2>\n<table><tr>{}</tr>", words("test-rules", &[]), heads.concat()));
    for (id, counts) in &report.rules {
        let cells: Vec<String> = counts.iter().map(|count| format!("<td>{count}</td>")).collect();
        line(page, &format!("<tr><td><code>{}</code></td>{}</tr>", escape(id), cells.concat()));
    }
    line(page, "</table>");
}

fn verdict_words(verdict: Verdict) -> String {
    let id = match verdict {
        Verdict::Pass => "test-pass",
        Verdict::Fail => "test-fail",
        Verdict::Inconclusive => "test-inconclusive",
    };
    format!("<span class=\"{}\">{}</span>", verdict.name(), words(id, &[]))
}

fn words(id: &str, facts: &[(&str, &str)]) -> String {
    in_three(|language| catalogue::text(language, id, None, facts).unwrap_or_else(|| id.to_owned()))
}

fn titles(titles: &Titles) -> String {
    in_three(|language| titles.in_language(language).to_owned())
}

fn in_three(text: impl Fn(Language) -> String) -> String {
    let one = |language: &Language| format!("<span lang=\"{}\">{}</span>", language.tag(), escape(&text(*language)));
    LANGUAGES.iter().map(one).collect()
}

fn line(page: &mut String, text: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(page, "{text}");
}
