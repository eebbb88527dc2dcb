//! `qiao test`: does a file, a folder or what comes in conform to a profile? The judge says; this reads and shows.

mod evidence;

use super::profile::{Own, library};
use super::progress::Steps;
use super::{Exit, Face};
use crate::conformance::report::{html, junit};
use crate::conformance::{Judge, Judged, Report, Verdict};
use crate::finding::{Finding, visible};
use crate::port::clock::Clock;
use crate::profile::Library;
use serde_json::json;
use std::cell::RefCell;
use std::path::PathBuf;

/// Test whether messages conform to a profile: schema and rules
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  qiao test message.json --profile umati/machine-tool@1.02\n  \
qiao test recorded/ --profile auto --report html=report.html --report junit=report.xml\n  \
mosquitto_sub -t '#' -C 100 | qiao test - --profile core/data-set-message@1.0")]
pub struct TestArgs {
    /// A file with one JSON message or one a line, a folder of such files, or `-` for standard input
    #[arg(value_name = "FILE|FOLDER|-")]
    target: PathBuf,
    /// Name and version, such as umati/machine-tool@1.02; `auto` takes the one that recognises the message
    #[arg(long, value_name = "PROFILE")]
    profile: String,
    /// Write a report: json=FILE, junit=FILE or html=FILE; may be given several times
    #[arg(long = "report", value_name = "KIND=FILE", value_parser = report_file)]
    reports: Vec<ReportFile>,
    #[command(flatten)]
    own: Own,
}

/// A report to be written.
#[derive(Clone, Debug)]
struct ReportFile {
    kind: Kind,
    path: PathBuf,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Json,
    Junit,
    Html,
}

fn report_file(text: &str) -> Result<ReportFile, String> {
    let (kind, path) = text.split_once('=').unwrap_or((text, ""));
    let kind = match kind {
        "json" => Kind::Json,
        "junit" => Kind::Junit,
        "html" => Kind::Html,
        other => return Err(format!("`{other}` is no kind of report; there are json, junit, html")),
    };
    if path.is_empty() {
        return Err("a report needs a file, as in html=report.html".to_owned());
    }
    Ok(ReportFile { kind, path: PathBuf::from(path) })
}

pub fn run(arguments: &TestArgs, face: &Face) -> Exit {
    let Some((library, exit)) = library(&arguments.own, face) else { return Exit::Usage };
    if exit != Exit::Good {
        return Exit::Usage;
    }
    let Some(mut judge) = judge(&arguments.profile, &library, face) else { return Exit::Usage };
    let mut report = Report { made_at: Clock::start().now().wall.to_string(), ..Report::default() };
    let steps = RefCell::new(Steps::new(face, "test-progress"));
    let told = evidence::each(&arguments.target, &|done, of| steps.borrow_mut().at(done, of), &mut |evidence| {
        let judged = judge.judge(&evidence);
        if face.json || !judged.faults.is_empty() {
            steps.borrow().beside(|| show(&judged, face));
        }
        report.add(judged);
    });
    drop(steps);
    for finding in told {
        face.finding(&finding);
        report.unread.push(finding);
    }
    summary(&report, face);
    for file in &arguments.reports {
        let text = match file.kind {
            Kind::Json => format!("{:#}\n", report.as_json(face.language)),
            Kind::Junit => junit::write(&report, face.language),
            Kind::Html => html::write(&report, face.language),
        };
        if let Err(error) = std::fs::write(&file.path, text) {
            face.warn(&Finding::error("QIAO-J010", file.path.display().to_string()).with("detail", error));
            return Exit::CouldNotTell;
        }
    }
    match report.verdict() {
        Verdict::Pass => Exit::Good,
        Verdict::Fail => Exit::Failed,
        Verdict::Inconclusive => Exit::CouldNotTell,
    }
}

fn judge<'l>(profile: &str, library: &'l Library, face: &Face) -> Option<Judge<'l>> {
    if profile == "auto" {
        return Some(Judge::by_detection(library));
    }
    let Some(folder) = library.folder(profile) else {
        let near = library.nearest(profile).unwrap_or("none").to_owned();
        face.finding(&Finding::error("QIAO-P030", "").with("profile", profile).with("nearest", near));
        return None;
    };
    Some(Judge::by(library, std::sync::Arc::clone(folder)))
}

/// Every fault with its place; below it where that is written and what to change.
fn show(judged: &Judged, face: &Face) {
    if face.json {
        return face.json_line(&judged.as_json(face.language));
    }
    for fault in &judged.faults {
        let place = format!("{}:{}:{}", judged.source, fault.place.line, fault.place.column);
        let pointer = if fault.pointer.is_empty() { "/" } else { &fault.pointer };
        let text = fault.text.in_language(face.language);
        face.say(&format!("{} {} {}  {}", fault.code, visible(&place), visible(pointer), visible(text)));
        let below = [fault.clause.as_str(), fault.fix.in_language(face.language)];
        let below: Vec<_> = below.into_iter().filter(|text| !text.is_empty()).map(visible).collect();
        if !below.is_empty() {
            face.say(&format!("    {}", below.join(" · ")));
        }
    }
    if judged.more > 0 {
        face.say(&format!("    {}", face.text("test-more", &[("count", &judged.more.to_string())])));
    }
}

fn summary(report: &Report, face: &Face) {
    if face.json {
        return face.json_line(&json!({ "summary": report.summary_as_json(face.language) }));
    }
    let [count, pass, fail, inconclusive] =
        [report.messages(), report.passed, report.failed, report.inconclusive].map(|count| count.to_string());
    face.say(
        &face.text(
            "test-summary",
            &[("count", &count), ("pass", &pass), ("fail", &fail), ("inconclusive", &inconclusive)],
        ),
    );
}
