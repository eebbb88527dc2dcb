//! `qiao selftest`: ten faults on loopback, on the user's own machine, and the account of each.

use super::progress::Doing;
use super::{Exit, Face};
use crate::finding::Finding;
use crate::tester::selftest::{HARMS, Harm, Outcome, run as harm_all};
use clap::Args;
use clap::builder::PossibleValuesParser;
use ratatui::text::Span;
use serde_json::json;
use std::time::Instant;

/// Prove on this machine that nothing is lost in silence: ten faults in about a minute
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  qiao selftest\n  qiao selftest --fault kill --fault silent-broker\n\nStarts a source, a broker, a consumer and a gateway on loopback, at free ports and in a temporary folder; a gateway that runs is not touched. Nothing is left behind."
)]
pub struct SelftestArgs {
    /// Only this fault; may be given several times
    #[arg(long = "fault", value_name = "FAULT", value_parser = PossibleValuesParser::new(HARMS.map(Harm::name)))]
    faults: Vec<String>,
}

/// Columns of numbers, and how wide each is.
const COLUMNS: [(&str, usize); 7] =
    [("healed", 11), ("made", 9), ("arrived", 9), ("declared", 11), ("missing", 10), ("wrong", 9), ("twice", 9)];
/// Width of the verdict's column.
const VERDICT: usize = 8;

pub fn run(arguments: &SelftestArgs, face: &Face) -> Exit {
    let executable = match std::env::current_exe() {
        Ok(executable) => executable,
        Err(error) => return could_not(&error, face),
    };
    let is_wanted =
        |harm: &Harm| arguments.faults.is_empty() || arguments.faults.iter().any(|name| name == harm.name());
    let harms: Vec<Harm> = HARMS.into_iter().filter(is_wanted).collect();
    let began = Instant::now();
    face.say(&face.text("selftest-begins", &[("count", &harms.len().to_string())]));
    let doing = Doing::new(face, &face.text("selftest-setting-up", &[]));
    let mut is_headed = false;
    let told = |harm: Harm, outcome: Option<&Outcome>| match outcome {
        None => doing.now(&face.text(&format!("selftest-harm-{}", harm.name()), &[])),
        Some(outcome) => doing.beside(|| {
            if !std::mem::replace(&mut is_headed, true) {
                face.say(&head(face));
            }
            show(outcome, face);
        }),
    };
    let outcomes = harm_all(&executable, &harms, told);
    drop(doing);
    let outcomes = match outcomes {
        Ok(outcomes) => outcomes,
        Err(error) => return could_not(&error, face),
    };
    let good = outcomes.iter().filter(|outcome| outcome.is_good).count();
    let is_good = good == harms.len();
    let seconds = began.elapsed().as_secs();
    if face.json {
        face.json_line(&json!({ "faults": harms.len(), "good": good, "seconds": seconds }));
    } else {
        let facts =
            [("good", &*good.to_string()), ("count", &harms.len().to_string()), ("seconds", &seconds.to_string())];
        face.say(&face.text(if is_good { "selftest-good" } else { "selftest-bad" }, &facts));
    }
    if is_good { Exit::Good } else { Exit::Failed }
}

fn could_not(error: &dyn std::error::Error, face: &Face) -> Exit {
    face.finding(&Finding::error("QIAO-L001", "").with("error", error));
    Exit::CouldNotTell
}

fn head(face: &Face) -> String {
    let mut line = padded(&face.text("selftest-column-verdict", &[]), VERDICT);
    for (name, width) in COLUMNS {
        line += &right(&face.text(&format!("selftest-column-{name}"), &[]), width);
    }
    format!("{line}  {}", face.text("selftest-column-fault", &[]))
}

fn show(outcome: &Outcome, face: &Face) {
    if face.json {
        face.json_line(&json!(outcome));
    } else {
        let verdict = face.text(if outcome.is_good { "selftest-held" } else { "selftest-broken" }, &[]);
        let healed =
            outcome.healed_ms.map_or("–".to_owned(), |healed| format!("{}.{} s", healed / 1000, healed / 100 % 10));
        let counts =
            [outcome.made, outcome.arrived, outcome.declared, outcome.undeclared, outcome.wrong, outcome.repeats];
        let cells = std::iter::once(healed).chain(counts.iter().map(u64::to_string));
        let cells: String = cells.zip(COLUMNS).map(|(cell, (_, width))| right(&cell, width)).collect();
        let harm = face.text(&format!("selftest-harm-{}", outcome.harm.name()), &[]);
        let expected = face.text(&format!("selftest-expected-{}", outcome.expected.name()), &[]);
        face.say(&format!("{}{cells}  {harm}: {expected}", padded(&verdict, VERDICT)));
    }
    if !outcome.is_good {
        let finding = Finding::error("QIAO-L002", outcome.harm.name());
        let finding =
            finding.with("missing", outcome.undeclared).with("wrong", outcome.wrong).with("gaps", outcome.gaps);
        face.finding(&finding);
        outcome.details.iter().for_each(|detail| face.say(&format!("    {detail}")));
    }
}

/// Signs of some scripts are two columns wide.
fn width(text: &str) -> usize {
    Span::raw(text).width()
}

fn padded(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

fn right(text: &str, to: usize) -> String {
    format!("{}{text}", " ".repeat(to.saturating_sub(width(text))))
}
