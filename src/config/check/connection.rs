//! Connections: each by itself, then those that get in each other's way.

use super::{Checking, given, url};
use crate::config::file::{CertificateFault, ConnectionFile, MqttFile, OpcUaFile, TimeFile};
use crate::config::plan::{
    CertificateException, Connection, ConnectionKind, EmbeddedBroker, History, HttpProxy, Identity, MqttConnection,
    MqttVersion, OpcUaConnection, PolicyChoice, SecurityMode, TimeSource, Tls,
};
use crate::config::read::{At, ByName};
use crate::config::scalar::{Name, Scalar as _};
use crate::config::yaml::{Key, Place};
use crate::finding::Severity;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

impl Checking<'_> {
    /// `None` when one of them has no plan.
    pub(super) fn connections(&mut self, typed: &ByName<ConnectionFile>, gateway: &str) -> Option<Vec<Connection>> {
        let mut connections = Vec::new();
        let mut clients: HashMap<(String, u16, String), Place> = HashMap::new();
        for (key, typed) in &typed.0 {
            if Name::parse(&key.text).is_err() {
                self.reading.error("QIAO-C010", key.place, &[("value", &key.text), ("expected", Name::EXPECTED)]);
            }
            let kind = match typed {
                Some(ConnectionFile::OpcUa(typed)) => self.opcua(typed).map(ConnectionKind::OpcUa),
                Some(ConnectionFile::Mqtt(typed)) => {
                    let kind = self.mqtt(typed, gateway, key);
                    if let Some(ConnectionKind::Mqtt(mqtt)) = &kind {
                        self.client_id_clash(&mut clients, mqtt, typed);
                    }
                    kind
                }
                Some(ConnectionFile::Face(typed)) => self.face(typed).map(|face| ConnectionKind::Face(Arc::new(face))),
                None => None,
            };
            connections.push(kind.map(|kind| Connection { name: key.text.clone(), kind }));
        }
        connections.into_iter().collect()
    }

    fn opcua(&mut self, typed: &At<OpcUaFile>) -> Option<OpcUaConnection> {
        let (table, typed) = (typed.place, &typed.value);
        let endpoint = given(&typed.endpoint);
        if let Some(endpoint) = endpoint {
            let is_right = url::parse(&endpoint.value).is_some_and(|url| url.scheme == "opc.tcp");
            if !is_right {
                let shown = url::without_secret(&endpoint.value);
                self.reading.error("QIAO-C027", endpoint.place, &[("address", &shown)]);
            }
        }
        let security = typed.security.as_ref().map_or(SecurityMode::SignAndEncrypt, |at| at.value.0);
        let is_open = security == SecurityMode::NoneIAcceptTheRisk;
        // Nobody is on the way to this machine itself.
        let travels = endpoint.and_then(|at| url::parse(&at.value)).is_none_or(|url| !url::is_loopback(url.host));
        if let Some(security) = typed.security.as_ref().filter(|_| is_open && travels) {
            self.reading.warning("QIAO-C034", security.place, &[]);
        }
        if let Some(policy) = typed.policy.as_ref().filter(|_| is_open) {
            self.apart(policy.place, "policy", "security: none-i-accept-the-risk");
        }
        if let Some(password) = typed.password.as_ref().filter(|_| is_open) {
            // It never travels in clear: `opcua::identity` sends it encrypted for a trusted certificate, or not at all.
            self.reading.warning("QIAO-C033", password.place, &[]);
        }
        let identity = self.identity(typed, table);
        let accept_certificate = typed.accept_certificate.as_ref().and_then(|at| {
            let despite = given(&at.value.despite)?;
            let until = given(&at.value.until)?;
            if despite.value.is_empty() {
                self.reading.error("QIAO-C015", despite.place, &[("key", "despite")]);
            }
            self.reading.warning("QIAO-C041", at.place, &[("until", &until.value.0)]);
            let has = |fault| despite.value.iter().any(|at| at.value.0 == fault);
            Some(CertificateException {
                expired: has(CertificateFault::Expired),
                other_host: has(CertificateFault::OtherHost),
                until: until.value.0.clone(),
            })
        });
        let publishing = self.period(typed.publishing_interval.as_ref(), Duration::from_millis(500), ["10ms", "1h"]);
        let session_timeout = self.period(typed.session_timeout.as_ref(), Duration::from_secs(60), ["1s", "1h"]);
        let browse_again = self.period(typed.browse_again.as_ref(), Duration::from_secs(600), ["1s", "24h"]);
        Some(OpcUaConnection {
            endpoint: endpoint?.value.clone(),
            security,
            policy: typed.policy.as_ref().map_or(PolicyChoice::Auto, |at| at.value.0),
            identity: identity?,
            time: time(typed.time.as_ref()),
            accept_certificate,
            session_timeout,
            publishing_interval: publishing,
            max_nodes: typed.max_nodes.as_ref().map_or(100_000, |at| u32::try_from(at.value.0).unwrap_or(u32::MAX)),
            browse_again,
            history: typed.history.as_ref().map_or(History::FillGaps, |at| at.value.0),
        })
    }

    fn identity(&mut self, typed: &OpcUaFile, table: Place) -> Option<Identity> {
        self.pair(table, ("user", typed.user.as_ref().map(place)), ("password", typed.password.as_ref().map(place)));
        let password = typed.password.as_ref().map(|at| self.secret(&at.value));
        if let Some(pair) = &typed.user_certificate {
            if let Some(user) = &typed.user {
                self.apart(user.place, "user", "user-certificate");
            }
            let certificate = given(&pair.value.certificate).map(|path| self.needed_file(path));
            let key = given(&pair.value.key).map(|path| self.key_file(path));
            return Some(Identity::Certificate { certificate: certificate?, key: key? });
        }
        match (&typed.user, password) {
            (Some(user), Some(password)) => Some(Identity::UserName { user: user.value.clone(), password: password? }),
            _ => Some(Identity::Anonymous),
        }
    }

    fn mqtt(&mut self, typed: &At<MqttFile>, gateway: &str, name: &Key) -> Option<ConnectionKind> {
        let (place, typed) = (typed.place, &typed.value);
        match (&typed.broker, &typed.embedded) {
            (Some(broker), None) => self.broker(typed, place, broker, gateway, name).map(ConnectionKind::Mqtt),
            (broker, Some(embedded)) => {
                let strangers = others(typed).into_iter().chain([("broker", broker.as_ref().map(|at| at.place))]);
                for (key, place) in strangers.filter_map(|(key, place)| Some((key, place?))) {
                    self.apart(place, key, "embedded");
                }
                let listen = embedded.value.0;
                if !listen.ip().is_loopback() {
                    self.reading.error("QIAO-C044", embedded.place, &[("address", &listen.to_string())]);
                }
                Some(ConnectionKind::EmbeddedBroker(EmbeddedBroker { listen }))
            }
            (None, None) => {
                if !["broker", "embedded"].iter().any(|key| self.reading.is_unreadable(place, key)) {
                    self.reading.error("QIAO-C014", place, &[("known", "broker, embedded")]);
                }
                None
            }
        }
    }

    fn broker(
        &mut self,
        typed: &MqttFile,
        table: Place,
        broker: &At<String>,
        gateway: &str,
        name: &Key,
    ) -> Option<MqttConnection> {
        let address = url::parse(&broker.value).filter(|url| match url.scheme {
            "mqtt" | "mqtts" => matches!(url.path, "" | "/"),
            "ws" | "wss" => !url.path.contains('#') && (url.path.is_empty() || url.path.starts_with('/')),
            _ => false,
        });
        if address.is_none() {
            let shown = url::without_secret(&broker.value);
            self.reading.error("QIAO-C028", broker.place, &[("address", &shown)]);
        }
        let is_plain = address.as_ref().is_some_and(|url| matches!(url.scheme, "mqtt" | "ws"));
        let tls_keys = [("ca", &typed.ca), ("certificate", &typed.certificate), ("key", &typed.key)];
        for (key, at) in tls_keys.into_iter().filter_map(|(key, at)| Some((key, at.as_ref()?))) {
            if is_plain {
                self.apart(at.place, key, address.as_ref().map_or("mqtt://", |url| plain_prefix(url.scheme)));
            }
        }
        let ca = typed.ca.as_ref().map(|path| self.needed_file(path));
        let certificate = typed.certificate.as_ref().map(|path| self.needed_file(path));
        let key = typed.key.as_ref().map(|path| self.key_file(path));
        self.pair(
            table,
            ("certificate", typed.certificate.as_ref().map(place)),
            ("key", typed.key.as_ref().map(place)),
        );
        self.pair(table, ("user", typed.user.as_ref().map(place)), ("password", typed.password.as_ref().map(place)));
        let password = typed.password.as_ref().map(|at| self.secret(&at.value));
        let travels = address.as_ref().is_some_and(|url| is_plain && !url::is_loopback(url.host));
        if let Some(at) = typed.password.as_ref().filter(|_| travels) {
            self.reading.warning("QIAO-C035", at.place, &[]);
        }
        if let Some(qos) = typed.qos.as_ref().filter(|qos| qos.value.0 == 0) {
            self.reading.note(Severity::Note, "QIAO-C038", qos.place, &[]);
        }
        let proxy = self.proxy(typed, table);
        let keep_alive = self.period(typed.keep_alive.as_ref(), Duration::from_secs(30), ["5s", "18h"]);
        let max_packet = self.size(typed.max_packet.as_ref(), 1 << 20, ["1KiB", "256MiB"]);
        let address = address?;
        let user = match (&typed.user, password) {
            (Some(user), Some(password)) => Some((user.value.clone(), password?)),
            _ => None,
        };
        let web_socket = address.scheme.starts_with("ws").then(|| match address.path {
            // What brokers listen at by default, and the only path that is named in their manuals.
            "" | "/" => "/mqtt".to_owned(),
            path => path.to_owned(),
        });
        let port = match (&web_socket, is_plain) {
            (None, true) => 1883,
            (None, false) => 8883,
            (Some(_), true) => 80,
            (Some(_), false) => 443,
        };
        Some(MqttConnection {
            host: address.host.to_owned(),
            port: address.port.unwrap_or(port),
            version: typed.version.as_ref().map_or(MqttVersion::V5, |at| at.value.0),
            tls: (!is_plain).then_some(Tls { ca, client: certificate.zip(key) }),
            client_id: client_id(typed, gateway, name),
            user,
            qos: u8::from(typed.qos.as_ref().is_none_or(|qos| qos.value.0 == 1)),
            keep_alive,
            max_packet: u32::try_from(max_packet).unwrap_or(u32::MAX),
            web_socket,
            proxy: proxy?,
        })
    }

    /// `None`: it is wrong.
    fn proxy(&mut self, typed: &MqttFile, table: Place) -> Option<Option<HttpProxy>> {
        let user = typed.proxy_user.as_ref();
        self.pair(table, ("proxy-user", user.map(place)), ("proxy-password", typed.proxy_password.as_ref().map(place)));
        let password = typed.proxy_password.as_ref().map(|at| self.secret(&at.value));
        let Some(proxy) = &typed.proxy else {
            if let Some(user) = user.filter(|_| !self.reading.is_unreadable(table, "proxy")) {
                self.reading.error("QIAO-C036", user.place, &[("key", "proxy-user"), ("partner", "proxy")]);
            }
            return Some(None);
        };
        let address = url::parse(&proxy.value).filter(|url| url.scheme == "http" && matches!(url.path, "" | "/"));
        let Some((address, port)) = address.and_then(|url| Some((url.clone(), url.port?))) else {
            self.reading.error("QIAO-M094", proxy.place, &[("address", &url::without_secret(&proxy.value))]);
            return None;
        };
        if let Some(at) = typed.proxy_password.as_ref().filter(|_| !url::is_loopback(address.host)) {
            self.reading.warning("QIAO-M095", at.place, &[]);
        }
        let user = match (user, password) {
            (Some(user), Some(password)) => Some((user.value.clone(), password?)),
            _ => None,
        };
        Some(Some(HttpProxy { host: address.host.to_owned(), port, user }))
    }

    /// A broker throws out the first of two clients with one id; they would throw out each other for ever.
    fn client_id_clash(
        &mut self,
        clients: &mut HashMap<(String, u16, String), Place>,
        mqtt: &MqttConnection,
        typed: &At<MqttFile>,
    ) {
        let place = typed.value.client_id.as_ref().map_or(typed.place, |at| at.place);
        // One client publishes, one subscribes, one says who is online.
        let own = ["", "-in", "-beside"].map(|end| format!("{}{end}", mqtt.client_id));
        let own = own.map(|id| (mqtt.host.clone(), mqtt.port, id));
        if let Some((client, first)) = own.iter().find_map(|client| Some((client, clients.get(client)?))) {
            let first = self.reading.shown(*first);
            self.reading.error("QIAO-C026", place, &[("client", &client.2), ("first", &first)]);
        }
        for client in own {
            clients.entry(client).or_insert(place);
        }
    }

    /// Two keys of which neither makes sense alone.
    fn pair(&mut self, table: Place, one: (&str, Option<Place>), other: (&str, Option<Place>)) {
        match (one, other) {
            ((key, Some(place)), (partner, None)) | ((partner, None), (key, Some(place)))
                if !self.reading.is_unreadable(table, partner) =>
            {
                self.reading.error("QIAO-C036", place, &[("key", key), ("partner", partner)]);
            }
            _ => {}
        }
    }

    /// A key that makes no sense beside another.
    fn apart(&mut self, place: Place, key: &str, other: &str) {
        self.reading.error("QIAO-C037", place, &[("key", key), ("other", other)]);
    }
}

fn place<T>(at: &At<T>) -> Place {
    at.place
}

fn client_id(typed: &MqttFile, gateway: &str, name: &Key) -> String {
    typed.client_id.as_ref().map_or_else(|| format!("qiao-{gateway}-{}", name.text), |at| at.value.clone())
}

/// How an address without encryption begins.
fn plain_prefix(scheme: &str) -> &'static str {
    if scheme == "ws" { "ws://" } else { "mqtt://" }
}

/// Every key of an MQTT connection that has no meaning for the built-in broker.
fn others(typed: &MqttFile) -> [(&'static str, Option<Place>); 13] {
    [
        ("version", typed.version.as_ref().map(place)),
        ("client-id", typed.client_id.as_ref().map(place)),
        ("user", typed.user.as_ref().map(place)),
        ("password", typed.password.as_ref().map(place)),
        ("qos", typed.qos.as_ref().map(place)),
        ("ca", typed.ca.as_ref().map(place)),
        ("certificate", typed.certificate.as_ref().map(place)),
        ("key", typed.key.as_ref().map(place)),
        ("proxy", typed.proxy.as_ref().map(place)),
        ("proxy-user", typed.proxy_user.as_ref().map(place)),
        ("proxy-password", typed.proxy_password.as_ref().map(place)),
        ("keep-alive", typed.keep_alive.as_ref().map(place)),
        ("max-packet", typed.max_packet.as_ref().map(place)),
    ]
}

fn time(typed: Option<&At<TimeFile>>) -> TimeSource {
    match typed.map(|at| &at.value) {
        None | Some(TimeFile::Source) => TimeSource::Source,
        Some(TimeFile::Server) => TimeSource::Server,
        Some(TimeFile::Arrival) => TimeSource::Arrival,
        Some(TimeFile::Offset(offset)) => TimeSource::Offset { minutes: offset.value.0 },
    }
}
