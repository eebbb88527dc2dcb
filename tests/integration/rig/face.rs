//! A face of the gateway in this process, and clients that nobody here wrote.

use super::peer::Peer;
use qiao::config::plan::{Anonymous, FaceConnection, FaceUser, Secret, SecurityMode};
use qiao::finding::Finding;
use qiao::model::{BrowseName, BuiltInType, Scalar, Timestamp};
use qiao::opcua::certificate::{Role, Store, trust};
use qiao::opcua::server::space::{Held, Link, NewKind, NewNode, NewVariable, NodeHandle, Reading};
use qiao::opcua::server::{Face, FacePlan};
use qiao::port::Clock;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

pub const NAMESPACE: &str = "urn:qiao:test:nodes";
pub const PASSWORD: &str = "Brücke 桥 17";

/// What a face is made of; `mes` is the one user, with the role `operator`.
pub fn connection(security: SecurityMode, anonymous: Anonymous) -> FaceConnection {
    let user = |name: &str, role: &str| FaceUser {
        name: name.to_owned(),
        password: Secret::new(PASSWORD.to_owned()),
        role: role.to_owned(),
    };
    FaceConnection {
        listen: ([127, 0, 0, 1], 0).into(),
        security,
        users: vec![user("mes", "operator"), user("scada", "observer")],
        anonymous,
        history: Duration::from_secs(3600),
        stale_after: None,
        node_sets: Vec::new(),
        max_sessions: 20,
    }
}

/// A face with `Objects/Speed`, which holds 17.5, in a folder of its own.
pub struct Stand {
    pub face: Face,
    pub speed: NodeHandle,
    folder: TempDir,
}

impl Stand {
    #[track_caller]
    pub fn new(connection: FaceConnection) -> Self {
        Self::telling(connection, |_| {})
    }

    /// `log` hears what the face tells.
    #[track_caller]
    pub fn telling(connection: FaceConnection, log: fn(&Finding)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let face = Face::start(plan(folder.path(), connection, log)).expect("it starts");
        let value = Held::good(Scalar::F64(17.5), Vec::new());
        let speed = face.space().insert(&[variable("Speed", Some(value), true)]).expect("inserted")[0];
        Self { face, speed, folder }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A client of this script, whose certificate is trusted.
    #[track_caller]
    pub fn client(&self, script: &str, name: &str) -> Client {
        let client = self.stranger(script, name);
        self.trust(&client);
        client
    }

    /// The same, not trusted.
    #[track_caller]
    pub fn stranger(&self, script: &str, name: &str) -> Client {
        let folder = self.folder().join(format!("client-{name}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let folder = folder.to_str().expect("UTF-8").to_owned();
        Client { peer: Peer::start(script, &["--folder", &folder, "--name", name]), url: self.face.url() }
    }

    #[track_caller]
    pub fn trust(&self, client: &Client) {
        let certificate = client.peer.ready["certificate"].as_str().expect("a file");
        trust(&self.store(), certificate).expect("trusted");
    }

    pub fn store(&self) -> Store {
        Store::of(&self.folder().join("pki"), Role::Server)
    }

    pub fn set(&self, value: f64) {
        let now = Clock::start().now().wall;
        assert_eq!(self.face.space().set([(self.speed, reading(value, now))]), []);
    }
}

/// A good value of a Double.
pub fn reading(value: f64, time: Timestamp) -> Reading<'static> {
    Reading {
        status: 0,
        source_time: time,
        server_time: time,
        scalar: Scalar::F64(value),
        kind: BuiltInType::Null,
        arena: &[],
    }
}

pub fn plan(folder: &Path, connection: FaceConnection, log: fn(&Finding)) -> FacePlan {
    FacePlan {
        name: "face".to_owned(),
        gateway: "test".to_owned(),
        connection: Arc::new(connection),
        configuration: folder.join("qiao.yaml"),
        pki: folder.join("pki"),
        namespaces: vec![NAMESPACE.to_owned()],
        language: "en".to_owned(),
        clock: Clock::start(),
        counters: Arc::default(),
        log,
    }
}

/// A Double below Objects.
pub fn variable(name: &str, value: Option<Held>, is_writable: bool) -> NewNode {
    NewNode {
        id: node(name),
        parent: "i=85".to_owned(),
        link: Link::Organized,
        browse_name: BrowseName { namespace: NAMESPACE.into(), name: name.to_owned() },
        display_name: Vec::new(),
        description: Vec::new(),
        kind: NewKind::Variable(NewVariable {
            type_definition: "i=63".to_owned(),
            data_type: "i=11".to_owned(),
            value_rank: -1,
            is_writable,
            has_history: false,
            value,
        }),
        references: Vec::new(),
    }
}

pub fn node(name: &str) -> String {
    format!("nsu={NAMESPACE};s={name}")
}

/// A client that nobody here wrote.
pub struct Client {
    pub peer: Peer,
    pub url: String,
}

impl Client {
    /// Gives it a command and waits for its answer.
    #[track_caller]
    pub fn ask(&mut self, command: &Value) -> Value {
        let before = self.answers().len();
        self.peer.tell(&command.to_string());
        super::wait_for(&format!("an answer to {command}"), || {
            self.peer.lives();
            self.answers().into_iter().nth(before)
        })
    }

    fn answers(&self) -> Vec<Value> {
        self.peer.said().into_iter().filter(|said| said.get("did").is_some()).collect()
    }

    /// Logs in; gives the error, if there is one.
    #[track_caller]
    pub fn connect(&mut self, policy: &str, mode: &str, user: Option<(&str, &str)>) -> Option<String> {
        let mut command = json!({ "do": "connect", "url": self.url, "policy": policy, "mode": mode });
        if let Some((user, password)) = user {
            command["user"] = user.into();
            command["password"] = password.into();
        }
        let answer = self.ask(&command);
        answer.get("error").map(|error| format!("{error} {}", answer["text"]))
    }

    /// The value and the status of a node.
    #[track_caller]
    pub fn read(&mut self, name: &str) -> (Value, String) {
        let answer = self.ask(&json!({ "do": "read", "nodes": [self.spelled(name)] }));
        let value = answer["values"][0].as_array().unwrap_or_else(|| panic!("{answer}")).clone();
        (value[0].clone(), value[1].as_str().unwrap_or_default().to_owned())
    }

    /// The node as the clients are told it: of the test's own namespace when it is a bare name.
    pub fn spelled(&self, name: &str) -> String {
        if name.contains('=') { name.to_owned() } else { node(name) }
    }

    /// The changes that it was told of.
    pub fn changes(&self) -> Vec<f64> {
        self.peer.said().iter().filter_map(|said| said.get("changed")?.get(1)?.as_f64()).collect()
    }
}
