//! `qiao translate`: a message of one profile becomes one of another, with the declaration of what was lost; or, for
//! two profiles, the table that both sides can sign.

mod coverage;

use super::profile::Own;
use super::{Exit, Face};
use crate::codec::{Limits, Tape};
use crate::finding::{Finding, Severity};
use crate::model::unit::Unit;
use crate::profile::{Condition, Library, PointerStep, Profile, Test, pointer_steps};
use crate::translate::{Because, FateKind, Routes, Translated, leaves, matched};
use crate::validate::Checker;
use serde_json::{Value, json};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A message larger than this is refused before anybody parses it.
const MAX_MESSAGE: u64 = 64 * 1024 * 1024;
/// Faults of a result that are told, at most.
const FAULTS_SHOWN: usize = 100;

/// Translate a message between two standards and declare what is lost
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  qiao translate --from auto --to nclink/cnc@3.0 machine.json\n  \
qiao translate --from umati/machine-tool@1.02 --to nclink/cnc@3.0 --coverage --format html > coverage.html\n  \
qiao translate --from auto --to aas/digital-nameplate@3.0 --set identity.serial-number=NW-1001 machine.json\n\n\
The message goes to standard output, what was lost and what is wrong to standard error; with --json all of it is one line \
of standard output. Codes and fates are the same in every language, rules and reasons (because) are in that of --lang.\n\
Exit code 0: translated; 1: the result is not valid, or no value of --set found a place; 2: wrong usage; 3: the profile of the \
message cannot be told.")]
pub struct TranslateArgs {
    /// Profile of the message, such as umati/machine-tool@1.02; auto: told by the message
    #[arg(long, value_name = "PROFILE")]
    from: String,
    /// Profile to translate to
    #[arg(long, value_name = "PROFILE")]
    to: String,
    /// The message; - reads it from standard input
    #[arg(required_unless_present = "coverage")]
    file: Option<PathBuf>,
    /// Value of a concept that the message lacks, as CONCEPT=VALUE; may be given several times
    #[arg(long, value_name = "CONCEPT=VALUE", conflicts_with = "coverage")]
    set: Vec<String>,
    /// Print the table of all fields instead of translating a message
    #[arg(long)]
    coverage: bool,
    /// Form of the table
    #[arg(long, value_name = "FORM", default_value = "markdown", requires = "coverage")]
    format: coverage::Format,
    /// Only these concepts leave, separated by commas
    #[arg(long, value_name = "CONCEPTS", value_delimiter = ',')]
    only: Option<Vec<String>>,
    /// These concepts do not leave
    #[arg(long, value_name = "CONCEPTS", value_delimiter = ',')]
    drop: Vec<String>,
    #[command(flatten)]
    own: Own,
}

pub fn run(arguments: &TranslateArgs, face: &Face) -> Exit {
    let Some((library, exit)) = super::profile::library(&arguments.own, face) else { return Exit::Usage };
    if exit != Exit::Good {
        return Exit::Usage;
    }
    translate(arguments, &library, face).unwrap_or_else(|(finding, exit)| {
        face.finding(&finding);
        exit
    })
}

/// What stops a command, and how it then ends.
type Stop = (Finding, Exit);

fn translate(arguments: &TranslateArgs, library: &Library, face: &Face) -> Result<Exit, Stop> {
    let target = find(&arguments.to, library)?;
    let named = arguments.only.iter().flatten().chain(&arguments.drop);
    for concept in named {
        known(concept, library)?;
    }
    let given = arguments.set.iter().map(|text| given(text, library)).collect::<Result<Vec<_>, _>>()?;
    let plan = |source: Arc<Profile>| {
        Routes::plan(source, Arc::clone(&target), library.concepts().clone())
            .withholding(arguments.only.clone(), arguments.drop.clone())
    };
    if arguments.coverage {
        let source = find(&arguments.from, library)?;
        let routes = plan(Arc::clone(&source));
        coverage::print(&source, &target, &routes, arguments.format, face);
        return Ok(Exit::Good);
    }
    let Some(file) = &arguments.file else { return Ok(Exit::Usage) };
    let message = read(file)?;
    let source =
        if arguments.from == "auto" { detect(&message, file, library)? } else { find(&arguments.from, library)? };
    let translated = plan(source).document(&message, &given);
    let faults = faults(&target, &translated);
    let unplaced: Vec<Finding> =
        translated.not_given.iter().map(|(concept, why)| unplaced(concept, why, face)).collect();
    let is_good = faults.is_empty() && (unplaced.is_empty() || !translated.given.is_empty());
    show(&translated, &[unplaced, faults].concat(), face);
    Ok(if is_good { Exit::Good } else { Exit::Failed })
}

/// A value of `--set` that went nowhere.
fn unplaced(concept: &str, because: &Because, face: &Face) -> Finding {
    let finding = Finding::warning("QIAO-X004", "").with("concept", concept);
    finding.with("reason", self::because(std::slice::from_ref(because), face))
}

fn find(id: &str, library: &Library) -> Result<Arc<Profile>, Stop> {
    library.find(id).ok_or_else(|| {
        let near = library.nearest(id).unwrap_or("none");
        (Finding::error("QIAO-P030", "").with("profile", id).with("nearest", near), Exit::Usage)
    })
}

fn known(concept: &str, library: &Library) -> Result<(), Stop> {
    let near = library.concepts().nearest(concept).unwrap_or("none");
    let finding = || Finding::error("QIAO-P035", "").with("concept", concept).with("nearest", near);
    library.concepts().find(concept).map(|_| ()).ok_or_else(|| (finding(), Exit::Usage))
}

/// `concept=value`: JSON where it is a number or boolean, text otherwise.
fn given(text: &str, library: &Library) -> Result<(String, Value), Stop> {
    let (concept, value) = text.split_once('=').unwrap_or((text, ""));
    known(concept, library)?;
    let parsed = serde_json::from_str::<Value>(value).ok();
    let is_text = library.concepts().find(concept).is_some_and(|concept| {
        matches!(concept.kind, crate::profile::ConceptKind::Text | crate::profile::ConceptKind::LocalizedText)
    });
    let plain = parsed.filter(|value| !is_text && (value.is_number() || value.is_boolean()));
    Ok((concept.to_owned(), plain.unwrap_or_else(|| value.into())))
}

fn read(file: &Path) -> Result<Value, Stop> {
    let shown = file.display().to_string();
    let stop = |detail: String| (Finding::error("QIAO-X001", shown.clone()).with("detail", detail), Exit::Usage);
    let source: Box<dyn std::io::Read> = if file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).map_err(|error| stop(error.to_string()))?)
    };
    let mut text = String::new();
    source.take(MAX_MESSAGE + 1).read_to_string(&mut text).map_err(|error| stop(error.to_string()))?;
    if text.len() as u64 > MAX_MESSAGE {
        return Err(stop(format!("> {} MiB", MAX_MESSAGE >> 20)));
    }
    serde_json::from_str(&text).map_err(|error| stop(error.to_string()))
}

/// The profile with most conditions that all hold; several with as many are told.
fn detect(message: &Value, file: &Path, library: &Library) -> Result<Arc<Profile>, Stop> {
    let leaves = leaves(message);
    let holds = |condition: &Condition| {
        let steps = pointer_steps(&condition.at).unwrap_or_default();
        leaves.iter().any(|leaf| is_met(message, &steps, &leaf.steps, &condition.test))
    };
    let fits = |profile: &&Arc<Profile>| !profile.detect.is_empty() && profile.detect.iter().all(holds);
    let most = library.list().filter(fits).map(|profile| profile.detect.len()).max().unwrap_or(0);
    let best: Vec<&Arc<Profile>> = library.list().filter(fits).filter(|profile| profile.detect.len() == most).collect();
    match best[..] {
        [profile] => Ok(Arc::clone(profile)),
        _ => {
            let ids: Vec<String> = best.iter().map(|profile| profile.id()).collect();
            let finding = Finding::error("QIAO-X002", file.display().to_string());
            Err((finding.with("count", ids.len()).with("profiles", ids.join(", ")), Exit::CouldNotTell))
        }
    }
}

fn is_met(message: &Value, steps: &[PointerStep<'_>], leaf: &[String], test: &Test) -> bool {
    if matched(message, steps, leaf).is_none() {
        return false;
    }
    let place: String =
        leaf.iter().take(steps.len()).map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect();
    let Some(value) = message.pointer(&place) else { return false };
    match test {
        Test::Exists => true,
        Test::Equals(expected) => value == expected,
        Test::Matches(pattern) => value.as_str().is_some_and(|text| pattern.is_match(text)),
    }
}

/// What is wrong with a result: mandatory members that nothing filled, and whatever else its schema refuses.
fn faults(target: &Profile, translated: &Translated) -> Vec<Finding> {
    let Ok(checker) = Checker::compile(&target.schema) else { return Vec::new() };
    let text = translated.message.to_string();
    let Ok(tape) = Tape::parse(text.as_bytes(), Limits::default()) else { return Vec::new() };
    let violations = checker.violations(&tape, FAULTS_SHOWN);
    violations
        .iter()
        .map(|wrong| {
            let Some(name) = wrong.missing() else { return wrong.finding(Severity::Error) };
            let pointer = format!("{}/{}", wrong.pointer, name.replace('~', "~0").replace('/', "~1"));
            let concept = filling(target, &translated.message, &pointer).unwrap_or_else(|| "none".to_owned());
            Finding::error("QIAO-X003", pointer).with("concept", concept)
        })
        .collect()
}

/// The concepts that would fill a missing member, or something in it.
fn filling(target: &Profile, message: &Value, pointer: &str) -> Option<String> {
    let steps: Vec<String> = pointer.split('/').skip(1).map(crate::profile::unescape).collect();
    let mut probe = message.clone();
    let (last, parent) = steps.split_last()?;
    let around =
        parent.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect::<String>();
    probe.pointer_mut(&around)?.as_object_mut()?.insert(last.clone(), Value::Null);
    let fields = target.mapping.fields.iter().filter(|field| {
        let pattern = pointer_steps(&field.pointer).unwrap_or_default();
        let head = pattern.get(..steps.len()).unwrap_or_default();
        !head.is_empty() && matched(&probe, head, &steps).is_some()
    });
    let concepts: Vec<&str> = fields.filter_map(|field| field.concept.as_deref()).take(8).collect();
    (!concepts.is_empty()).then(|| concepts.join(", "))
}

fn show(translated: &Translated, findings: &[Finding], face: &Face) {
    let count = |kind| translated.losses.iter().filter(|loss| loss.fate.kind == kind).count();
    if face.json {
        let losses: Vec<Value> = translated.losses.iter().map(|loss| loss_as_json(loss, face)).collect();
        let given: Vec<Value> =
            translated.given.iter().map(|(concept, at)| json!({ "concept": concept, "pointer": at })).collect();
        let faults: Vec<Value> = findings.iter().map(|finding| face.finding_as_json(finding)).collect();
        face.json_line(&json!({
            "message": translated.message, "losses": losses, "given": given, "findings": faults,
        }));
        return;
    }
    face.say(&serde_json::to_string_pretty(&translated.message).unwrap_or_default());
    let counts = [FateKind::Exact, FateKind::Converted, FateKind::Approximated, FateKind::Absent]
        .map(|kind| count(kind).to_string());
    let facts =
        [("exact", &*counts[0]), ("converted", &*counts[1]), ("approximated", &*counts[2]), ("absent", &*counts[3])];
    eprintln!("{}", face.text("translate-summary", &facts));
    for loss in translated.losses.iter().filter(|loss| loss.fate.kind > FateKind::Exact) {
        let kind = face.text(&format!("translate-{}", loss.fate.kind.name()), &[]);
        let why = because(&loss.fate.because, face);
        let target = loss.target.as_deref().map(|target| format!(" → {target}")).unwrap_or_default();
        eprintln!("  {kind:<12} {}{target}  {why}", loss.pointer);
    }
    for (concept, at) in &translated.given {
        eprintln!("  {}", face.text("translate-given", &[("concept", concept), ("pointer", at)]));
    }
    findings.iter().for_each(|finding| face.warn(finding));
}

/// One line of a loss declaration.
fn loss_as_json(loss: &crate::translate::Loss, face: &Face) -> Value {
    json!({
        "pointer": loss.pointer,
        "concept": loss.concept,
        "target": loss.target,
        "fate": loss.fate.kind.name(),
        "because": because(&loss.fate.because, face),
    })
}

/// Rules and reasons in the language of the face.
fn because(all: &[Because], face: &Face) -> String {
    let one = |because: &Because| match because {
        Because::Titles(titles) => titles.in_language(face.language).to_owned(),
        Because::Word(id) => face.text(id, &[]),
        Because::Unit { from, to } => format!("{} → {}", unit(from), unit(to)),
        Because::Form { from, to } => {
            let [from, to] = [from, to].map(|form| face.text(&format!("translate-form-{form}"), &[]));
            format!("{from} → {to}")
        }
    };
    all.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Symbol and common code.
fn unit(code: &str) -> String {
    Unit::by_code(code).map_or_else(|| code.to_owned(), |unit| format!("{} ({code})", unit.symbol))
}
