//! The configuration that is written: about fifteen lines, each with the reason why it is there.

use crate::cli::Face;
use std::fmt::Write as _;

/// What goes into it.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub gateway: String,
    /// Status page; `None`: no port of the usual ones is free.
    pub http: Option<String>,
    pub endpoint: String,
    pub security: Option<String>,
    /// User, and the file with the password.
    pub user: Option<(String, String)>,
    /// `None`: the built-in one.
    pub broker: Option<Broker>,
    /// Where the built-in one listens.
    pub embedded: String,
    pub flows: Vec<Flow>,
    /// Node id of the root, and its table.
    pub tables: Vec<(String, String)>,
}

#[derive(Debug)]
pub(super) struct Broker {
    pub url: String,
    pub user: Option<(String, String)>,
    pub ca: Option<String>,
}

#[derive(Debug)]
pub(super) struct Flow {
    pub name: String,
    /// What was found, for the comment above.
    pub why: String,
    /// A browse path, or `{ type: … }`; `None`: all of Objects.
    pub each: Option<Each>,
    pub profile: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) enum Each {
    Path(String),
    Type(String),
    Node(String),
}

impl Draft {
    pub(super) fn text(&self, face: &Face) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write(&mut text, face);
        text
    }

    fn write(&self, text: &mut String, face: &Face) -> std::fmt::Result {
        let comment = |id: &str| face.text(id, &[("endpoint", &self.endpoint)]);
        writeln!(text, "# {}", comment("init-config-head"))?;
        let http = self.http.as_ref().map(|http| format!(", http: {}", quoted(http))).unwrap_or_default();
        writeln!(text, "gateway: {{ name: {}, data-dir: qiao-data{http} }}", self.gateway)?;
        writeln!(text, "connections:\n  # {}", comment("init-config-server"))?;
        let security = self.security.as_ref().map(|word| format!(", security: {word}")).unwrap_or_default();
        let user = self.user.as_ref().map(credentials).unwrap_or_default();
        writeln!(text, "  machine: {{ opcua: {{ endpoint: {}{security}{user} }} }}", quoted(&self.endpoint))?;
        match &self.broker {
            Some(broker) => {
                writeln!(text, "  # {}", comment("init-config-broker"))?;
                let user = broker.user.as_ref().map(credentials).unwrap_or_default();
                let ca = broker.ca.as_ref().map(|ca| format!(", ca: {}", quoted(ca))).unwrap_or_default();
                writeln!(text, "  broker: {{ mqtt: {{ broker: {}{user}{ca} }} }}", quoted(&broker.url))?;
            }
            None => {
                writeln!(text, "  # {}", comment("init-config-embedded"))?;
                writeln!(text, "  broker: {{ mqtt: {{ embedded: {} }} }}", quoted(&self.embedded))?;
            }
        }
        if !self.tables.is_empty() {
            writeln!(text, "machines:\n  # {}", comment("init-config-table"))?;
        }
        for (node, file) in &self.tables {
            writeln!(text, "  - {{ match: {}, bind: {} }}", quoted(node), quoted(file))?;
        }
        writeln!(text, "flows:")?;
        for flow in &self.flows {
            writeln!(text, "  # {}", flow.why.replace(['\n', '\r'], " "))?;
            writeln!(text, "  - name: {}\n    from: machine", flow.name)?;
            match &flow.each {
                Some(Each::Path(path)) => writeln!(text, "    each: {}", quoted(path))?,
                Some(Each::Type(node)) => writeln!(text, "    each: {{ type: {} }}", quoted(node))?,
                Some(Each::Node(node)) => writeln!(text, "    each: {{ node: {} }}", quoted(node))?,
                None => {}
            }
            if let Some(profile) = &flow.profile {
                writeln!(text, "    profile: {profile}")?;
            }
            writeln!(text, "    to: broker")?;
        }
        Ok(())
    }
}

fn credentials((user, file): &(String, String)) -> String {
    format!(", user: {}, password: {{ file: {} }}", quoted(user), quoted(file))
}

/// A text in double quotes; JSON's are YAML's.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
