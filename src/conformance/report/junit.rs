//! A report as JUnit XML, as CI servers read it: one suite a source, one case a message.

use super::super::judge::{Judged, Verdict};
use super::{Report, escape};
use crate::finding::Language;
use std::fmt::Write as _;

/// The whole document. What could not be told is an `error`, not a `failure`.
#[must_use]
pub fn write(report: &Report, language: Language) -> String {
    let errors = report.inconclusive + report.unread.len();
    let tests = report.messages() + report.unread.len();
    let mut page = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    line(
        &mut page,
        &format!(
            "<testsuites name=\"qiao test\" tests=\"{tests}\" failures=\"{}\" errors=\"{errors}\">",
            report.failed
        ),
    );
    for suite in report.judged.chunk_by(|one, next| one.source == next.source) {
        let of = |verdict| suite.iter().filter(|judged| judged.verdict == verdict).count();
        let name = suite.first().map_or("", |judged| &judged.source);
        line(
            &mut page,
            &format!(
                "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" timestamp=\"{}\">",
                escape(name),
                suite.len(),
                of(Verdict::Fail),
                of(Verdict::Inconclusive),
                escape(report.made_at.trim_end_matches('Z')),
            ),
        );
        for judged in suite {
            case(&mut page, judged, language);
        }
        line(&mut page, "  </testsuite>");
    }
    for finding in &report.unread {
        let (place, text) = (escape(&finding.place), escape(&finding.text(language)));
        line(&mut page, &format!("  <testsuite name=\"{place}\" tests=\"1\" failures=\"0\" errors=\"1\">"));
        line(&mut page, &format!("    <testcase classname=\"qiao\" name=\"{place}\">"));
        line(&mut page, &format!("      <error type=\"{}\" message=\"{text}\"/>", finding.code));
        line(&mut page, "    </testcase>\n  </testsuite>");
    }
    line(&mut page, "</testsuites>");
    page
}

fn case(page: &mut String, judged: &Judged, language: Language) {
    let class = judged.profile.as_deref().unwrap_or("-");
    let head = format!("    <testcase classname=\"{}\" name=\"{}\"", escape(class), escape(&judged.name()));
    if judged.faults.is_empty() {
        return line(page, &format!("{head}/>"));
    }
    line(page, &format!("{head}>"));
    let told: Vec<String> = judged
        .faults
        .iter()
        .map(|fault| {
            format!(
                "{} {}:{}:{} {} {} [{}] {}",
                fault.code,
                judged.source,
                fault.place.line,
                fault.place.column,
                fault.pointer,
                fault.text.in_language(language),
                fault.clause,
                fault.fix.in_language(language),
            )
        })
        .collect();
    let body = told.iter().map(|text| escape(text)).collect::<Vec<_>>().join("\n");
    let element = match judged.verdict {
        Verdict::Fail => "failure",
        Verdict::Inconclusive => "error",
        Verdict::Pass => {
            line(page, &format!("      <system-out>{body}</system-out>"));
            return line(page, "    </testcase>");
        }
    };
    // The first fault that decides is the headline.
    let is_headline = |fault: &&super::Fault| fault.is_open == (judged.verdict == Verdict::Inconclusive);
    let first = judged.faults.iter().find(is_headline).or(judged.faults.first());
    let (code, text) = first.map_or(("", ""), |fault| (&fault.code, fault.text.in_language(language)));
    line(page, &format!("      <{element} type=\"{}\" message=\"{}\">{body}</{element}>", escape(code), escape(text)));
    line(page, "    </testcase>");
}

fn line(page: &mut String, text: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(page, "{text}");
}
