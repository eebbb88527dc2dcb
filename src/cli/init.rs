//! `qiao init`: from an unknown server to a configuration that works.

mod draft;
mod export;
mod recognise;
mod tables;

use super::progress::Progress;
use super::{Exit, Face, config_file};
use crate::config::plan::{ConnectionKind, Plan, RootSelector};
use crate::finding::{Finding, Severity, visible};
use crate::model::BrowseGlob;
use crate::mqtt;
use crate::opcua::certificate::{self, Store};
use crate::opcua::{Counters, Selection};
use crate::profile::Library;
use crate::runtime::look::{Looked, look};
use clap::{Args, ValueEnum};
use draft::{Broker, Draft, Each, Flow};
use recognise::{Recognised, Search, everything};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tables::MachineTable;
use tokio_util::sync::CancellationToken;

/// Look at an OPC UA server and write a configuration that works with it
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  qiao init opc.tcp://192.168.0.7:4840 mqtts://broker.hall3:8883\n  qiao init opc.tcp://192.168.0.7:4840 --csv lathe.csv --profile umati/machine-tool@1.02\n  qiao init --csv lathe.csv -c qiao.yaml\n\n\
The first writes qiao.yaml; the second also the server's nodes as a table to fill in; the third writes the table anew, with what the configuration binds now.\n\
Exit code 0: written; 1: nothing was written; 2: wrong usage; 3: the server did not let us in."
)]
pub struct InitArgs {
    /// Address of the OPC UA server, such as opc.tcp://192.168.0.7:4840
    #[arg(required_unless_present = "csv")]
    endpoint: Option<String>,
    /// Address of the MQTT broker, such as mqtts://broker:8883 [default: the built-in one at 127.0.0.1:1883]
    broker: Option<String>,
    /// Configuration file
    #[arg(short = 'c', long = "config", value_name = "FILE", default_value = "qiao.yaml")]
    config: PathBuf,
    /// Overwrite files that exist
    #[arg(long)]
    force: bool,
    /// Name of the gateway
    #[arg(long, default_value = "qiao")]
    name: String,
    /// sign-and-encrypt, sign or none-i-accept-the-risk [default: sign-and-encrypt]
    #[arg(long, value_name = "MODE")]
    security: Option<String>,
    /// User at the server; its password is in a file
    #[arg(long, requires = "password_file")]
    user: Option<String>,
    /// File that holds the password of --user and nothing else
    #[arg(long, value_name = "FILE", requires = "user")]
    password_file: Option<String>,
    /// Trust the server's certificate with this SHA-256 fingerprint
    #[arg(long, value_name = "FINGERPRINT")]
    trust: Option<String>,
    /// User at the broker; its password is in a file
    #[arg(long, requires = "broker_password_file")]
    broker_user: Option<String>,
    /// File that holds the password of --broker-user and nothing else
    #[arg(long, value_name = "FILE", requires = "broker_user")]
    broker_password_file: Option<String>,
    /// PEM file with the certificate authority of the broker
    #[arg(long, value_name = "FILE")]
    ca: Option<String>,
    /// What a machine is: a browse path such as "/Objects/Lathe", or a node id with namespace URI
    #[arg(long, value_name = "ROOT")]
    each: Option<String>,
    /// Profile of the messages [default: that of the machines that were recognised, else core/data-set-message@1.0]
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// Write the nodes of each machine as a table for a spreadsheet, which `bind` reads back
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// What separates the cells of the table [default: semicolon in German, else comma]
    #[arg(long, value_name = "WORD")]
    separator: Option<Separator>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Separator {
    Comma,
    Semicolon,
    Tab,
}

/// The work ends with this exit code; everything was said.
type Done<T> = Result<T, Exit>;

pub fn run(arguments: &InitArgs, face: &Face) -> Exit {
    let runtime = tokio::runtime::Builder::new_multi_thread().thread_name("qiao-init").enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            face.finding(&Finding::error("QIAO-R008", "").with("error", error));
            return Exit::CouldNotTell;
        }
    };
    let done = runtime.block_on(async {
        match &arguments.endpoint {
            Some(endpoint) => Init { arguments, face: *face }.configure(endpoint).await,
            None => tables::export_again(arguments, face).await,
        }
    });
    runtime.shutdown_background();
    done.err().unwrap_or(Exit::Good)
}

struct Init<'a> {
    arguments: &'a InitArgs,
    face: Face,
}

impl Init<'_> {
    async fn configure(&self, endpoint: &str) -> Done<()> {
        let arguments = self.arguments;
        self.is_free(&arguments.config)?;
        if let Some(csv) = &arguments.csv {
            self.is_free(csv)?;
        }
        let mut draft = self.draft(endpoint);
        let (each, profile) = (self.chosen(), arguments.profile.clone());
        draft.flows = vec![Flow { name: "all".to_owned(), why: String::new(), each, profile }];
        let plan = self.plan(&draft)?;
        let library = Library::built_in().value;
        let search = Search::new(&library);
        let looked = self.look(&plan, search.selections()).await?;
        // A type that the server does not have is no fault of it: nobody said that it should.
        let is_ours =
            |finding: &&Finding| !matches!(&*finding.code.0, "QIAO-O101" | "QIAO-O102" | "QIAO-O103" | "QIAO-O104");
        looked.findings.iter().filter(is_ours).for_each(|finding| self.face.warn(finding));
        let recognised = looked.discovery.as_deref().map(|found| search.recognise(found)).unwrap_or_default();
        self.tell(&recognised);
        draft.flows = self.flows(&recognised);
        let tables = self.tables(&plan, &draft).await?;
        for (file, root, bytes) in &tables {
            self.write(file, bytes)?;
            draft.tables.push((root.clone(), self.as_configured(file)));
        }
        self.broker(&plan).await;
        let text = draft.text(&self.face);
        self.plan(&draft)?;
        self.write(&arguments.config, text.as_bytes())?;
        self.next(&tables);
        Ok(())
    }

    /// What a user said already.
    fn draft(&self, endpoint: &str) -> Draft {
        let arguments = self.arguments;
        let file = |file: &String| self.as_configured(Path::new(file));
        let pair = |user: &Option<String>, path: &Option<String>| user.clone().zip(path.as_ref().map(file));
        Draft {
            gateway: arguments.name.clone(),
            http: free_address(8080),
            embedded: free_address(1883).unwrap_or_else(|| "127.0.0.1:1883".to_owned()),
            endpoint: endpoint.to_owned(),
            security: arguments.security.clone(),
            user: pair(&arguments.user, &arguments.password_file),
            broker: arguments.broker.as_ref().map(|url| Broker {
                url: url.clone(),
                user: pair(&arguments.broker_user, &arguments.broker_password_file),
                ca: arguments.ca.as_ref().map(file),
            }),
            ..Draft::default()
        }
    }

    /// A path that was typed here, as the configuration has to write it: it reads paths from where it lies.
    fn as_configured(&self, path: &Path) -> String {
        let folder = self.arguments.config.parent().unwrap_or(Path::new(""));
        let shown = match path.strip_prefix(folder) {
            Ok(below) => below.to_owned(),
            Err(_) => std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
        };
        shown.display().to_string()
    }

    /// The plan of a draft; its faults are those of what was typed here.
    fn plan(&self, draft: &Draft) -> Done<Plan> {
        let checked = config_file::check(&self.arguments.config, draft.text(&self.face).as_bytes(), &self.face);
        // A table that is not filled in yet binds nothing, and nobody expects it to.
        let told = checked.findings.iter().filter(|finding| finding.severity == Severity::Error);
        told.for_each(|finding| self.face.finding(finding));
        checked.value.ok_or(Exit::Usage)
    }

    /// Never overwrites what somebody wrote.
    fn is_free(&self, path: &Path) -> Done<()> {
        if self.arguments.force || !path.exists() {
            return Ok(());
        }
        self.face.finding(&Finding::error("QIAO-I001", path.display().to_string()));
        Err(Exit::Usage)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Done<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let made = folder.map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| std::fs::write(path, bytes)).map_err(|error| {
            let finding = Finding::error("QIAO-I002", path.display().to_string());
            self.face.finding(&finding.with("reason", error));
            Exit::Failed
        })?;
        let shown = path.display().to_string();
        if self.face.json {
            self.face.json_line(&json!({ "written": shown }));
        } else {
            self.face.say(&self.face.text("init-written", &[("file", &visible(&shown))]));
        }
        Ok(())
    }

    async fn look(&self, plan: &Plan, selections: Vec<Selection>) -> Done<Looked> {
        let store = Store::client(&plan.gateway.data_dir.join("pki"));
        let mut looked = self.look_once(plan, selections.clone()).await;
        let is_unknown = looked.fault.as_ref().is_some_and(|fault| &*fault.code.0 == "QIAO-O006");
        if let Some(fingerprint) = self.arguments.trust.as_ref().filter(|_| is_unknown) {
            if let Err(error) = certificate::trust(&store, fingerprint) {
                self.face.finding(&Finding::error("QIAO-O039", "").with("reason", error));
                return Err(Exit::Usage);
            }
            looked = self.look_once(plan, selections).await;
        }
        let Some(fault) = &looked.fault else { return Ok(looked) };
        for finding in std::iter::once(fault).chain(&looked.findings) {
            self.face.finding(finding);
            // The way on from an unknown certificate is said below.
            let fix = finding.fix(self.face.language).filter(|_| !self.face.json && &*finding.code.0 != "QIAO-O006");
            fix.into_iter().for_each(|fix| self.face.say(&fix));
        }
        let fact = |name: &str| fault.arguments.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        if let Some(fingerprint) = fact("fingerprint").filter(|_| &*fault.code.0 == "QIAO-O006") {
            self.face.say(&self.face.text("init-trust", &[("fingerprint", fingerprint)]));
        }
        Err(Exit::CouldNotTell)
    }

    async fn look_once(&self, plan: &Plan, selections: Vec<Selection>) -> Looked {
        let counters = Arc::<Counters>::default();
        let stop = CancellationToken::new();
        let at = (0u16..).zip(&plan.connections).find(|(_, one)| matches!(one.kind, ConnectionKind::OpcUa(_)));
        let work = look(plan, at.map_or(0, |(at, _)| at), selections, &counters, &stop, |_| {});
        Progress::new(&self.face, "online-progress").during(work, || counters.browse_nodes.get()).await
    }

    /// Says what was recognised, and what was not.
    fn tell(&self, recognised: &Recognised) {
        let face = &self.face;
        if face.json {
            let machines = recognised
                .machines
                .iter()
                .map(|(profile, names)| json!({ "profile": profile.id(), "machines": names }));
            face.json_line(&json!({
                "recognised": machines.collect::<Vec<_>>(),
                "companions": recognised.companions,
                "objects": recognised.tops.iter().map(|(name, top)| json!({ "name": name.to_string(), "variables": top.variables })).collect::<Vec<_>>(),
                "variables": recognised.variables,
            }));
            return;
        }
        face.say(&face.text("init-variables", &[("variables", &recognised.variables.to_string())]));
        for (profile, names) in &recognised.machines {
            let names = visible(&names.join(", ")).into_owned();
            face.say(&face.text("init-recognised", &[("profile", &profile.id()), ("machines", &names)]));
        }
        if !recognised.companions.is_empty() {
            let names: Vec<&str> = recognised.companions.iter().map(String::as_str).collect();
            face.say(&face.text("init-companions", &[("names", &visible(&names.join(", ")))]));
        }
        if recognised.machines.is_empty() {
            let top = |(name, top): (&crate::model::BrowseName, &recognise::Top)| format!("{name} ({})", top.variables);
            let tops: Vec<String> = recognised.tops.iter().map(top).take(20).collect();
            face.say(&face.text("init-unknown", &[("objects", &visible(&tops.join(", ")))]));
        }
    }

    fn chosen(&self) -> Option<Each> {
        let each = self.arguments.each.clone()?;
        Some(if each.starts_with('/') { Each::Path(each) } else { Each::Node(each) })
    }

    /// What will be done with what was found.
    fn flows(&self, recognised: &Recognised) -> Vec<Flow> {
        let chosen = self.chosen();
        if chosen.is_none() && !recognised.machines.is_empty() {
            let flow = |(profile, names): &(Arc<crate::profile::Profile>, Vec<String>)| {
                let names: Vec<&str> = names.iter().map(String::as_str).take(10).collect();
                let why = self.face.text("init-config-known", &[("machines", &visible(&names.join(", ")))]);
                let name = profile.name.replace('/', "-");
                let each = profile.type_definition.clone().map(Each::Type);
                let profile = self.arguments.profile.clone().unwrap_or_else(|| profile.id());
                Flow { name, why, each, profile: Some(profile) }
            };
            return recognised.machines.iter().map(flow).collect();
        }
        let why = match self.arguments.profile {
            Some(_) => self.face.text("init-config-bound", &[]),
            None => self.face.text("init-config-plain", &[]),
        };
        let each = chosen.or_else(|| recognised.each().map(Each::Path));
        vec![Flow { name: "machine".to_owned(), why, each, profile: self.arguments.profile.clone() }]
    }

    /// The table of each machine: file, root, bytes.
    async fn tables(&self, plan: &Plan, draft: &Draft) -> Done<Vec<MachineTable>> {
        let Some(csv) = &self.arguments.csv else { return Ok(Vec::new()) };
        let each = |each: &Option<Each>| match each {
            Some(Each::Path(path)) => BrowseGlob::parse(path).map_or(RootSelector::Whole, RootSelector::Path),
            Some(Each::Type(node)) => RootSelector::Type(node.clone()),
            Some(Each::Node(node)) => RootSelector::Node(node.clone()),
            None => RootSelector::Whole,
        };
        let selections = (0u16..).zip(&draft.flows).map(|(at, flow)| everything(at, each(&flow.each))).collect();
        let looked = self.look(plan, selections).await?;
        looked.findings.iter().for_each(|finding| self.face.warn(finding));
        Ok(tables::of_machines(csv, &looked, plan, self.separator()))
    }

    fn separator(&self) -> u8 {
        match (self.arguments.separator, self.face.language) {
            (Some(Separator::Comma), _) => b',',
            (Some(Separator::Tab), _) => b'\t',
            (Some(Separator::Semicolon), _) | (None, crate::finding::Language::German) => b';',
            (None, _) => b',',
        }
    }

    async fn broker(&self, plan: &Plan) {
        for connection in &plan.connections {
            if let ConnectionKind::Mqtt(mqtt) = &connection.kind {
                match mqtt::reach(mqtt).await {
                    Ok(()) => self.face.say(&self.face.text("init-broker", &[])),
                    // The configuration is right all the same: brokers come and go.
                    Err(finding) => self.face.warn(&finding),
                }
            }
        }
    }

    fn next(&self, tables: &[MachineTable]) {
        let config = self.arguments.config.display().to_string();
        let file = tables.first().map(|(file, ..)| file.display().to_string());
        if let Some(file) = file {
            self.face.say(&self.face.text("init-next-table", &[("file", &visible(&file))]));
        }
        self.face.say(&self.face.text("init-next", &[("config", &visible(&config))]));
    }
}

/// The first of ten ports that nobody listens on now.
fn free_address(first: u16) -> Option<String> {
    let is_free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    (first..first + 10).find(is_free).map(|port| format!("127.0.0.1:{port}"))
}
