//! What is wrong with a configuration as a whole, and the plan it makes when nothing is.
//!
//! Every fault is found in one go.

mod beside;
mod circle;
mod connection;
mod envelope;
mod face;
mod flow;
mod input;
mod leaving;
pub(super) mod node_id;
mod publish;
mod rule;
mod secret;
mod shown;
#[cfg(test)]
mod tests;
mod url;
mod write;

use super::bind;
use super::file::{ConnectionFile, File, GatewayFile, LimitsFile, LocationFile, MachineFile};
use super::plan::{Connection, Gateway, Limits, Location, MachineRule, Plan, Replay, WhenFull};
use super::read::{At, ByName, Needed, Read as _, Reading};
use super::scalar::{Address, FilePath, Name, Period, Scalar, Size};
use super::world::World;
use super::yaml::{self, Key, Node, Place};
use super::{include, template, text};
use crate::finding::{Checked, Finding, Language, Severity};
use crate::profile::{Files, Library, Profile, locate};
use crate::validate::Checker;
use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Reads and checks a configuration and the files that it includes.
///
/// `file` is its name as shown in places, `directory` what its paths are relative to. The value is `None` when one of
/// the findings is an error. Findings stand by file and place.
#[must_use]
pub fn check(
    file: &str,
    bytes: &(impl AsRef<[u8]> + ?Sized),
    directory: &Path,
    world: &dyn World,
) -> Checked<Option<Plan>> {
    let reading = Reading::new(file);
    let mut checking = Checking { reading, directory, world, is_whole: true, tables: Vec::new() };
    let main = directory.join(Path::new(file).file_name().unwrap_or_default());
    let root = include::gather(bytes.as_ref(), &main, world, &mut checking.reading);
    let typed = root.and_then(|root| {
        template::outside(&root, &mut checking.reading);
        File::read(&root, &mut checking.reading)
    });
    let plan = typed.and_then(|mut typed| {
        checking.is_whole = template::expand(&mut typed, &mut checking.reading);
        checking.plan(&typed)
    });
    let mut findings = checking.reading.into_findings();
    findings.append(&mut checking.tables);
    let is_good = findings.iter().all(|finding| finding.severity < Severity::Error);
    Checked { value: plan.filter(|_| is_good), findings }
}

/// The language a configuration names, even when the rest of it is wrong: its faults are told in that language.
#[must_use]
pub fn language_of(bytes: &(impl AsRef<[u8]> + ?Sized)) -> Option<Language> {
    let mut reading = Reading::new("");
    let text = text::decode(bytes.as_ref(), 0, &mut reading)?;
    let root = yaml::parse(text, 0, &mut reading)?;
    let (_, gateway) = reading.table(&root)?.iter().find(|(key, _)| key.text == "gateway")?;
    let fields = reading.table(gateway)?;
    let (_, language) = fields.iter().find(|(key, _)| key.text == "language")?;
    let yaml::Content::Text { text, .. } = &language.content else { return None };
    Language::from_tag(text)
}

/// Where the gateway answers over HTTP, whatever else is wrong with the configuration: nothing else of it is looked at.
/// Findings tell why it cannot be said, if that is so.
#[must_use]
pub fn http_of(file: &str, bytes: &(impl AsRef<[u8]> + ?Sized)) -> Checked<Option<SocketAddr>> {
    let mut reading = Reading::new(file);
    let text = text::decode(bytes.as_ref(), 0, &mut reading);
    let root = text.and_then(|text| yaml::parse(text, 0, &mut reading));
    let entry = |table: &[(Key, Node)], name: &str| {
        table.iter().find(|(key, _)| key.text == name).map(|(_, node)| node.clone())
    };
    let gateway = root.and_then(|root| entry(reading.table(&root)?, "gateway"));
    let http = gateway.and_then(|gateway| entry(reading.table(&gateway)?, "http"));
    let address = http.and_then(|http| At::<Address>::read(&http, &mut reading));
    Checked { value: address.map(|address| address.value.0), findings: reading.into_findings() }
}

/// What is wrong with the schemas of a folder of profiles, each with its line and column: one that cannot be compiled
/// would stop the gateway at its start.
fn schema_faults(folder: &str, files: &Files) -> Vec<Finding> {
    let schemas = files.iter().filter(|(name, _)| name.ends_with("/schema.json"));
    let fault = |(name, bytes): (&String, &Vec<u8>)| {
        let text = std::str::from_utf8(bytes).ok()?;
        // What is no JSON was told when the folder was read.
        let error = Checker::compile(&Arc::new(serde_json::from_str(text).ok()?)).err()?;
        let place = locate(text, error.pointer());
        let place = format!("{folder}/{name}:{}:{}", place.line, place.column);
        Some(Finding { place, ..error.finding(name) })
    };
    schemas.filter_map(fault).collect()
}

/// One check under way.
struct Checking<'a> {
    reading: Reading<'a>,
    directory: &'a Path,
    world: &'a dyn World,
    /// Every use of a template was filled in: what is missing now is missing.
    is_whole: bool,
    /// What is wrong with the tables that bind nodes; told behind what is wrong with the configuration.
    tables: Vec<Finding>,
}

impl Checking<'_> {
    /// Every part is looked at, whatever is wrong with the others.
    fn plan(&mut self, file: &File) -> Option<Plan> {
        let gateway = file.gateway.0.as_ref().and_then(|gateway| self.gateway(&gateway.value));
        let library = self.library(file.profiles.as_ref().map_or(&[], |list| &list.value));
        let profiles: Vec<Arc<Profile>> = library.list().cloned().collect();
        let typed_machines = file.machines.as_ref().map_or(&[][..], |list| &list.value);
        let limits = self.limits(file.limits.as_ref().map(|limits| &limits.value));
        let nothing = ByName(Vec::new());
        let typed = file.connections.0.as_ref();
        let typed_connections = typed.map_or(&nothing, |connections| &connections.value);
        if let Some(empty) = typed.filter(|typed| self.is_whole && typed.value.0.is_empty()) {
            self.reading.error("QIAO-C015", empty.place, &[("key", "connections")]);
        }
        let gateway_name = gateway.as_ref().map_or("", |gateway| &gateway.name);
        let connections = self.connections(typed_connections, gateway_name);
        let machines = self.machines(typed_machines, typed_connections);
        let flows = file.flows.0.as_ref();
        if let Some(empty) = flows.filter(|flows| self.is_whole && flows.value.is_empty() && file.writes.is_none()) {
            self.reading.error("QIAO-C015", empty.place, &[("key", "flows")]);
        }
        let typed_flows = flows.map_or(&[][..], |flows| &flows.value);
        let flows = flow::Flows {
            typed: typed_flows,
            connections: typed_connections,
            profiles: &profiles,
            concepts: library.concepts(),
            gateway: gateway_name,
            machines: &machines,
        };
        let writes = self.writes(file, &flows);
        let flows = self.flows(&flows, file.writes.as_ref().map_or(&[], |at| &at.value));
        // By name, so that a fault elsewhere in a flow does not make its tables speak of another profile's fields.
        let names = typed_flows.iter().flat_map(|flow| flow::named_profiles(&flow.value));
        let spoken: Vec<Arc<Profile>> = names.filter_map(|name| library.find(name)).collect();
        let known = connections.as_deref().unwrap_or_default();
        let machines = self.bindings(typed_machines, machines, known, &spoken);
        Some(Plan {
            gateway: gateway?,
            connections: connections?,
            machines,
            flows: flows?,
            writes: writes?,
            profiles,
            limits,
        })
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
                    let faults = checked.findings.into_iter().chain(schema_faults(&shown, &files));
                    findings.extend(faults.map(|finding| (folder.place, finding)));
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
            file: self.reading.file(Place::default()).into(),
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
            spool: self.size(typed.and_then(|typed| typed.spool.as_ref()), 10 << 30, ["16MiB", "16384GiB"]),
            spool_age: typed
                .and_then(|typed| typed.spool_age.as_ref())
                .map(|age| self.period(Some(age), Duration::MAX, ["1m", "87600h"])),
            when_full: typed.and_then(|typed| typed.when_full.as_ref()).map_or(WhenFull::Block, |at| at.value.0),
            replay: typed.and_then(|typed| typed.replay.as_ref()).map_or(Replay::InOrder, |at| at.value.0),
        }
    }

    fn machines(&mut self, typed: &[At<MachineFile>], all: &ByName<ConnectionFile>) -> Vec<MachineRule> {
        let mut rules = Vec::new();
        // Equal node ids behind different connections are different machines.
        for connection in typed.iter().map(connection_of).collect::<BTreeSet<_>>() {
            let own = typed.iter().filter(|machine| connection_of(machine) == connection);
            let nodes = own.filter_map(|machine| machine.value.r#match.0.as_ref());
            self.twice(nodes.map(|at| (at.value.as_str(), at.place)));
        }
        self.twice(typed.iter().filter_map(|machine| machine.value.name.as_ref()).map(named));
        for machine in typed {
            let Some(node) = &machine.value.r#match.0 else { continue };
            // What is a node id is a machine of a server, whatever it could be beside that.
            let kinds: &[&str] = if node_id::is_node_id(&node.value) { &["opcua"] } else { &[] };
            let connection = machine.value.connection.as_ref().map(|at| self.connection(at, all, kinds));
            match connection {
                Some(Some((_, "mqtt"))) => drop(self.pattern(node)),
                // Which of the two it is to be is not known.
                Some(None) => {}
                _ => self.node_id(node),
            }
            // A connection that is not there is an error: no plan comes of it.
            let Some(connection) = connection.map_or(Some(None), |found| found.map(|(at, _)| Some(at))) else {
                continue;
            };
            rules.push(MachineRule {
                matches: node.value.clone(),
                connection,
                name: machine.value.name.as_ref().map(|name| name.value.0.clone()),
                location: machine.value.location.as_ref().map(|at| location(&at.value)).unwrap_or_default(),
                binding: None,
            });
        }
        rules
    }

    /// Reads the tables that bind nodes to fields of these profiles.
    fn bindings(
        &mut self,
        typed: &[At<MachineFile>],
        mut rules: Vec<MachineRule>,
        connections: &[Connection],
        profiles: &[Arc<Profile>],
    ) -> Vec<MachineRule> {
        let index = |name: &str| connections.iter().position(|connection| connection.name == name);
        for machine in typed {
            let (Some(node), Some(file)) = (&machine.value.r#match.0, &machine.value.bind) else { continue };
            let path = self.path(file);
            let shown = path.display().to_string();
            let bytes = match self.world.file(&path) {
                Ok(facts) => facts.bytes,
                Err(reason) => {
                    self.reading.error("QIAO-B001", file.place, &[("path", &shown), ("reason", &reason)]);
                    continue;
                }
            };
            let checked = bind::read(&shown, &bytes, profiles);
            self.tables.extend(checked.findings);
            let connection = connection_of(machine).and_then(index).and_then(|at| u16::try_from(at).ok());
            let is_own = |rule: &&mut MachineRule| rule.matches == node.value && rule.connection == connection;
            if let Some(rule) = rules.iter_mut().find(is_own) {
                rule.binding = Some(Arc::new(checked.value));
            }
        }
        rules
    }

    /// Names that must differ.
    fn twice<'n>(&mut self, names: impl Iterator<Item = (&'n str, Place)>) {
        let mut seen: HashMap<&str, Place> = HashMap::new();
        for (name, place) in names {
            if let Some(first) = seen.get(name) {
                let first = self.reading.shown(*first);
                self.reading.error("QIAO-C022", place, &[("name", name), ("first", &first)]);
            } else {
                seen.insert(name, place);
            }
        }
    }

    /// Relative to the file in which it is written.
    fn path(&self, typed: &At<FilePath>) -> PathBuf {
        let folder = match typed.place.file {
            0 => self.directory,
            _ => Path::new(self.reading.file(typed.place)).parent().unwrap_or(Path::new("")),
        };
        folder.join(&typed.value.0)
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

fn connection_of(typed: &At<MachineFile>) -> Option<&str> {
    typed.value.connection.as_ref().map(|at| at.value.as_str())
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
