//! What is wrong with a configuration as a whole, and the plan it makes when nothing is.
//!
//! Every fault is found in one go. Files, environment and folders come through [`World`].

mod connection;
mod flow;
mod input;
mod node_id;
mod secret;
#[cfg(test)]
mod tests;
mod url;

use super::file::{File, GatewayFile, LimitsFile, LocationFile, MachineFile};
use super::plan::{Gateway, Limits, Location, MachineRule, Plan};
use super::read::{At, ByName, Needed, Read as _, Reading};
use super::scalar::{FilePath, Name, Period, Scalar, Size};
use super::yaml::{self, Place};
use crate::finding::{Checked, Finding, Language, Severity};
use crate::profile::{Files, Library, Profile};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// What a configuration refers to outside its own text.
pub trait World {
    /// The bytes of a file; the error is shown as it is.
    fn file(&self, path: &Path) -> Result<FileFacts, String>;
    /// An environment variable.
    fn environment(&self, name: &str) -> Option<String>;
    /// Every file below a folder; the error is shown as it is.
    fn folder(&self, path: &Path) -> Result<Files, String>;
    /// The language where the configuration names none.
    fn language(&self) -> Language;
}

/// What a file holds, and who may read it.
#[derive(Clone, Debug)]
pub struct FileFacts {
    pub bytes: Vec<u8>,
    /// Users other than its owner and group may read it.
    pub is_open: bool,
}

/// Reads and checks a configuration.
///
/// `file` is its name as shown in places, `directory` what its paths are relative to. The value is `None` when one of
/// the findings is an error.
#[must_use]
pub fn check(file: &str, text: &str, directory: &Path, world: &dyn World) -> Checked<Option<Plan>> {
    let reading = Reading::new(file);
    let mut checking = Checking { reading, directory, world };
    let root = yaml::parse(text, &mut checking.reading);
    let typed = root.and_then(|root| File::read(&root, &mut checking.reading));
    let plan = typed.and_then(|typed| checking.plan(&typed));
    let mut findings = checking.reading.findings;
    findings.sort_by_key(|(place, _)| *place);
    let findings: Vec<Finding> = findings.into_iter().map(|(_, finding)| finding).collect();
    let is_good = findings.iter().all(|finding| finding.severity < Severity::Error);
    Checked { value: plan.filter(|_| is_good), findings }
}

/// The language a configuration names, even when the rest of it is wrong: its faults are told in that language.
#[must_use]
pub fn language_of(text: &str) -> Option<Language> {
    let mut reading = Reading::new("");
    let root = yaml::parse(text, &mut reading)?;
    let (_, gateway) = reading.table(&root)?.iter().find(|(key, _)| key.text == "gateway")?;
    let fields = reading.table(gateway)?;
    let (_, language) = fields.iter().find(|(key, _)| key.text == "language")?;
    let yaml::Content::Text { text, .. } = &language.content else { return None };
    Language::from_tag(text)
}

/// One check under way.
struct Checking<'a> {
    reading: Reading<'a>,
    directory: &'a Path,
    world: &'a dyn World,
}

impl Checking<'_> {
    /// Every part is looked at, whatever is wrong with the others.
    fn plan(&mut self, file: &File) -> Option<Plan> {
        let gateway = file.gateway.0.as_ref().and_then(|gateway| self.gateway(&gateway.value));
        let library = self.library(file.profiles.as_ref().map_or(&[], |list| &list.value));
        let profiles: Vec<Arc<Profile>> = library.list().cloned().collect();
        let machines = self.machines(file.machines.as_ref().map_or(&[], |list| &list.value));
        let limits = self.limits(file.limits.as_ref().map(|limits| &limits.value));
        let nothing = ByName(Vec::new());
        let typed = file.connections.0.as_ref();
        let typed_connections = typed.map_or(&nothing, |connections| &connections.value);
        if let Some(empty) = typed.filter(|typed| typed.value.0.is_empty()) {
            self.reading.error("QIAO-C015", empty.place, &[("key", "connections")]);
        }
        let gateway_name = gateway.as_ref().map_or("", |gateway| &gateway.name);
        let connections = self.connections(typed_connections, gateway_name);
        let flows = file.flows.0.as_ref();
        if let Some(empty) = flows.filter(|flows| flows.value.is_empty()) {
            self.reading.error("QIAO-C015", empty.place, &[("key", "flows")]);
        }
        let flows = flow::Flows {
            typed: flows.map_or(&[], |flows| &flows.value),
            connections: typed_connections,
            profiles: &profiles,
            gateway: gateway_name,
        };
        let flows = self.flows(&flows);
        Some(Plan { gateway: gateway?, connections: connections?, machines, flows: flows?, limits })
    }

    /// The built-in profiles and those of these folders.
    fn library(&mut self, folders: &[At<FilePath>]) -> Library {
        let built_in = Library::built_in();
        let mut findings: Vec<(Place, Finding)> = Vec::new();
        findings.extend(built_in.findings.into_iter().map(|finding| (Place::default(), finding)));
        let mut library = built_in.value;
        for folder in folders {
            let path = self.path(folder);
            let shown = path.display().to_string();
            match self.world.folder(&path) {
                Ok(files) => {
                    let checked = library.with_folder(&shown, &files);
                    library = checked.value;
                    findings.extend(checked.findings.into_iter().map(|finding| (folder.place, finding)));
                }
                Err(reason) => {
                    self.reading.error("QIAO-C040", folder.place, &[("path", &shown), ("reason", &reason)]);
                }
            }
        }
        self.reading.findings.append(&mut findings);
        library
    }

    fn gateway(&mut self, typed: &GatewayFile) -> Option<Gateway> {
        if let Some(http) = typed.http.as_ref().filter(|http| !http.value.0.ip().is_loopback()) {
            self.reading.warning("QIAO-C045", http.place, &[("address", &http.value.0.to_string())]);
        }
        let drain = self.period(typed.drain.as_ref(), Duration::from_secs(10), ["0s", "10m"]);
        Some(Gateway {
            name: typed.name.0.as_ref()?.value.0.clone(),
            language: typed.language.as_ref().map_or(self.world.language(), |at| at.value.0),
            data_dir: typed.data_dir.as_ref().map_or_else(|| self.directory.join("data"), |at| self.path(at)),
            http: typed.http.as_ref().map(|http| http.value.0),
            drain,
        })
    }

    fn limits(&mut self, typed: Option<&LimitsFile>) -> Limits {
        Limits {
            memory: self.size(typed.and_then(|typed| typed.memory.as_ref()), 256 << 20, ["1MiB", "64GiB"]),
            quarantine: self.size(typed.and_then(|typed| typed.quarantine.as_ref()), 1 << 30, ["1MiB", "1024GiB"]),
        }
    }

    fn machines(&mut self, typed: &[At<MachineFile>]) -> Vec<MachineRule> {
        let mut rules = Vec::new();
        let nodes = typed.iter().filter_map(|machine| machine.value.r#match.0.as_ref());
        self.twice(nodes.map(|at| (at.value.as_str(), at.place)));
        self.twice(typed.iter().filter_map(|machine| machine.value.name.as_ref()).map(named));
        for machine in typed {
            let Some(node) = &machine.value.r#match.0 else { continue };
            self.node_id(node);
            rules.push(MachineRule {
                matches: node.value.clone(),
                name: machine.value.name.as_ref().map(|name| name.value.0.clone()),
                location: machine.value.location.as_ref().map(|at| location(&at.value)).unwrap_or_default(),
            });
        }
        rules
    }

    /// Names that must differ.
    fn twice<'n>(&mut self, names: impl Iterator<Item = (&'n str, Place)>) {
        let mut seen: Vec<(&str, Place)> = Vec::new();
        for (name, place) in names {
            match seen.iter().find(|(known, _)| *known == name) {
                Some((_, first)) => {
                    let line = first.line.to_string();
                    self.reading.error("QIAO-C022", place, &[("name", name), ("first", &line)]);
                }
                None => seen.push((name, place)),
            }
        }
    }

    /// Relative to the configuration file.
    fn path(&self, typed: &At<FilePath>) -> PathBuf {
        self.directory.join(&typed.value.0)
    }

    fn period(&mut self, typed: Option<&At<Period>>, default: Duration, range: [&str; 2]) -> Duration {
        let Some(typed) = typed else { return default };
        self.range(typed, range, |period: &Period| period.0.as_millis());
        typed.value.0
    }

    fn size(&mut self, typed: Option<&At<Size>>, default: u64, range: [&str; 2]) -> u64 {
        let Some(typed) = typed else { return default };
        self.range(typed, range, |size: &Size| u128::from(size.0));
        typed.value.0
    }

    /// Both ends of `range` are written as a user would.
    fn range<T: Scalar + ToString>(&mut self, typed: &At<T>, range: [&str; 2], measure: impl Fn(&T) -> u128) {
        let [low, high] = range.map(|end| T::parse(end).map(|end| measure(&end)).unwrap_or_default());
        if !(low..=high).contains(&measure(&typed.value)) {
            let facts = [("value", &*typed.value.to_string()), ("low", range[0]), ("high", range[1])];
            self.reading.error("QIAO-C016", typed.place, &facts);
        }
    }
}

/// What a needed key holds, when it was given and readable.
fn given<T>(needed: &Needed<T>) -> Option<&At<T>> {
    needed.0.as_ref()
}

fn named(name: &At<Name>) -> (&str, Place) {
    (&name.value.0, name.place)
}

fn location(typed: &LocationFile) -> Location {
    let text = |at: &Option<At<String>>| at.as_ref().map(|at| at.value.clone());
    Location {
        enterprise: text(&typed.enterprise),
        site: text(&typed.site),
        area: text(&typed.area),
        line: text(&typed.line),
        cell: text(&typed.cell),
    }
}
