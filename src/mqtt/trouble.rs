//! Every way a broker can fail us: as a cause for the counters, a finding for people, and what follows from it.

use super::tls;
use crate::finding::Finding;
use std::io;
use std::time::Duration;

/// Why a connection, or an attempt at one, came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// No address, no route, nobody listening.
    Unreachable,
    /// TLS: certificates, names, versions, or no TLS at all.
    Tls,
    /// The broker answered the CONNECT with a refusal.
    Refused,
    /// The link broke, or the broker closed it.
    Closed,
    /// The broker is connected and does not answer.
    Silent,
    /// Another client with the same id took the session.
    TakenOver,
    /// The broker broke the protocol.
    Protocol,
}

impl Cause {
    pub const ALL: [Self; 7] =
        [Self::Unreachable, Self::Tls, Self::Refused, Self::Closed, Self::Silent, Self::TakenOver, Self::Protocol];

    /// The word for it in metrics.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Tls => "tls",
            Self::Refused => "refused",
            Self::Closed => "closed",
            Self::Silent => "silent",
            Self::TakenOver => "taken-over",
            Self::Protocol => "protocol",
        }
    }
}

/// What the client reports, in words of both protocol versions.
#[derive(Debug)]
pub(super) enum LinkError {
    NameNotFound(String),
    Unreachable(String),
    Tls(tls::Fault),
    /// No WebSocket for MQTT there.
    WebSocket(String),
    Proxy(ProxyFault),
    /// CONNACK with an error.
    Refused(Refusal),
    /// The peer closed the connection and said nothing.
    Closed,
    /// DISCONNECT from the broker (MQTT 5).
    Disconnected(Farewell),
    /// A PINGREQ stayed without an answer.
    NoPong,
    /// The broker did not answer in time, at the stage of connecting.
    NoAnswer,
    Protocol(String),
    /// The broker sends a packet beyond our limit.
    TooLarge,
    /// Any other input/output error.
    Lost(String),
}

/// What is wrong with the proxy on the way (RFC 9110 §9.3.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ProxyFault {
    Unreachable(String),
    /// It wants a user and a password, or others (407).
    Credentials,
    /// It says no; its status line. `is_final`: it will say so again.
    Refused {
        status: String,
        is_final: bool,
    },
}

/// A refusal of the CONNECT (MQTT 5.0 §3.2.2.2, 3.1.1 §3.2.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Credentials,
    NotAuthorised,
    ClientId,
    Unavailable,
    Version,
    /// The will is retained and the broker keeps nothing (0x9A).
    Retain,
    /// The will is QoS 1 and the broker knows only QoS 0 (0x9B).
    Qos,
    Other(&'static str),
}

/// A DISCONNECT of the broker (MQTT 5.0 §3.14.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Farewell {
    pub(super) reason: String,
    pub(super) is_taken_over: bool,
    /// The reason is about a packet we sent.
    pub(super) blames_packet: bool,
}

/// What is wrong, and what follows from it.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    pub(super) cause: Cause,
    pub(super) finding: Finding,
    /// Trying again helps only after somebody has acted.
    pub(super) needs_action: bool,
    /// The message that was under way alone may be the reason.
    pub(super) blames_message: bool,
    /// The broker will send a packet again that is beyond our limit.
    pub(super) is_too_large: bool,
    /// What to leave out of the next CONNECT.
    pub(super) unsupported: Option<Refusal>,
}

impl Trouble {
    pub(super) fn new(cause: Cause, finding: Finding) -> Self {
        Self { cause, finding, needs_action: false, blames_message: false, is_too_large: false, unsupported: None }
    }

    /// Somebody has to change something before another try can help.
    pub(super) fn acting(mut self) -> Self {
        self.needs_action = true;
        self
    }

    fn blaming(mut self) -> Self {
        self.blames_message = true;
        self
    }
}

/// Where an error happened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene<'a> {
    /// Address of the broker, as configured.
    pub(super) broker: &'a str,
    /// Host and port of the proxy; empty when there is none.
    pub(super) proxy: &'a str,
    pub(super) host: &'a str,
    pub(super) client_id: &'a str,
    /// Whether the CONNECT had been accepted.
    pub(super) is_established: bool,
    /// Seconds a broker has for an answer.
    pub(super) patience: u64,
}

pub(super) fn judge(error: LinkError, scene: Scene<'_>) -> Trouble {
    let finding = |code| Finding::error(code, scene.broker);
    match error {
        LinkError::NameNotFound(reason) => {
            Trouble::new(Cause::Unreachable, finding("QIAO-M002").with("host", scene.host).with("reason", reason))
        }
        LinkError::Unreachable(reason) => Trouble::new(Cause::Unreachable, finding("QIAO-M001").with("reason", reason)),
        LinkError::Tls(fault) => Trouble::new(Cause::Tls, tls::finding(&fault, scene.broker, scene.host)).acting(),
        LinkError::WebSocket(reason) => {
            Trouble::new(Cause::Protocol, finding("QIAO-M090").with("reason", reason)).acting()
        }
        LinkError::Proxy(fault) => {
            let finding = |code| finding(code).with("proxy", scene.proxy);
            match fault {
                ProxyFault::Unreachable(reason) => {
                    Trouble::new(Cause::Unreachable, finding("QIAO-M091").with("reason", reason))
                }
                ProxyFault::Credentials => Trouble::new(Cause::Refused, finding("QIAO-M092")).acting(),
                ProxyFault::Refused { status, is_final } => {
                    let trouble = Trouble::new(Cause::Refused, finding("QIAO-M093").with("status", status));
                    if is_final { trouble.acting() } else { trouble }
                }
            }
        }
        LinkError::Refused(refusal) => refused(refusal, scene),
        LinkError::NoAnswer => Trouble::new(Cause::Silent, finding("QIAO-M003").with("seconds", scene.patience)),
        LinkError::NoPong => Trouble::new(Cause::Silent, finding("QIAO-M014").with("seconds", scene.patience)),
        LinkError::Closed if !scene.is_established => Trouble::new(Cause::Closed, finding("QIAO-M004")),
        LinkError::Closed => Trouble::new(Cause::Closed, finding("QIAO-M011").with("reason", "closed")).blaming(),
        LinkError::Lost(reason) => Trouble::new(Cause::Closed, finding("QIAO-M011").with("reason", reason)),
        LinkError::Disconnected(farewell) if farewell.is_taken_over => {
            Trouble::new(Cause::TakenOver, finding("QIAO-M012").with("client", scene.client_id)).acting()
        }
        LinkError::Disconnected(farewell) => {
            let trouble = Trouble::new(Cause::Closed, finding("QIAO-M016").with("reason", farewell.reason));
            if farewell.blames_packet { trouble.blaming() } else { trouble }
        }
        LinkError::TooLarge => Trouble { is_too_large: true, ..Trouble::new(Cause::Protocol, finding("QIAO-M065")) },
        LinkError::Protocol(reason) => {
            Trouble::new(Cause::Protocol, finding("QIAO-M015").with("reason", reason)).blaming()
        }
    }
}

/// Another client pushes us out again and again: it is left the place for this long.
pub(super) fn taken_over(broker: &str, client_id: &str, count: usize, pause: Duration) -> Finding {
    let finding = Finding::error("QIAO-M097", broker).with("client", client_id).with("count", count);
    finding.with("seconds", pause.as_secs().max(1))
}

fn refused(refusal: Refusal, scene: Scene<'_>) -> Trouble {
    let finding = |code| Finding::error(code, scene.broker);
    let trouble = Trouble::new(
        Cause::Refused,
        match refusal {
            Refusal::Credentials => finding("QIAO-M005"),
            Refusal::NotAuthorised => finding("QIAO-M006"),
            Refusal::ClientId => finding("QIAO-M007").with("client", scene.client_id),
            Refusal::Unavailable => finding("QIAO-M008"),
            Refusal::Version => finding("QIAO-M009"),
            Refusal::Retain => finding("QIAO-M010").with("reason", "retain not supported"),
            Refusal::Qos => finding("QIAO-M010").with("reason", "QoS not supported"),
            Refusal::Other(reason) => finding("QIAO-M010").with("reason", reason),
        },
    );
    match refusal {
        Refusal::Unavailable => trouble,
        Refusal::Retain | Refusal::Qos => Trouble { unsupported: Some(refusal), ..trouble },
        _ => trouble.acting(),
    }
}

/// Sorts an input/output error; a TLS error may be wrapped in it (TLS 1.3 tells of a refused client certificate only
/// with the first read).
pub(super) fn from_io(error: &io::Error) -> LinkError {
    use io::ErrorKind as Kind;
    if let Some(fault) = tls::fault(error) {
        return LinkError::Tls(fault);
    }
    match error.kind() {
        Kind::ConnectionReset | Kind::BrokenPipe | Kind::ConnectionAborted | Kind::UnexpectedEof => LinkError::Closed,
        _ => LinkError::Lost(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Language;
    use crate::mqtt::tls::Fault;

    const SCENE: Scene<'static> = Scene {
        broker: "mqtt://b:1883",
        proxy: "p:3128",
        host: "b",
        client_id: "g",
        is_established: false,
        patience: 10,
    };

    #[test]
    fn each_way_to_fail_has_its_own_code_and_says_whether_somebody_must_act() {
        let farewell = |is_taken_over, blames_packet| {
            LinkError::Disconnected(Farewell { reason: "x".into(), is_taken_over, blames_packet })
        };
        let no = |is_final| LinkError::Proxy(ProxyFault::Refused { status: "x".into(), is_final });
        let table: [(LinkError, &str, Cause, bool, bool); 22] = [
            (LinkError::TooLarge, "QIAO-M065", Cause::Protocol, false, false),
            (LinkError::WebSocket("x".into()), "QIAO-M090", Cause::Protocol, true, false),
            (LinkError::Proxy(ProxyFault::Unreachable("x".into())), "QIAO-M091", Cause::Unreachable, false, false),
            (LinkError::Proxy(ProxyFault::Credentials), "QIAO-M092", Cause::Refused, true, false),
            (no(true), "QIAO-M093", Cause::Refused, true, false),
            (no(false), "QIAO-M093", Cause::Refused, false, false),
            (LinkError::Unreachable("x".into()), "QIAO-M001", Cause::Unreachable, false, false),
            (LinkError::NameNotFound("x".into()), "QIAO-M002", Cause::Unreachable, false, false),
            (LinkError::NoAnswer, "QIAO-M003", Cause::Silent, false, false),
            (LinkError::Closed, "QIAO-M004", Cause::Closed, false, false),
            (LinkError::Refused(Refusal::Credentials), "QIAO-M005", Cause::Refused, true, false),
            (LinkError::Refused(Refusal::NotAuthorised), "QIAO-M006", Cause::Refused, true, false),
            (LinkError::Refused(Refusal::ClientId), "QIAO-M007", Cause::Refused, true, false),
            (LinkError::Refused(Refusal::Unavailable), "QIAO-M008", Cause::Refused, false, false),
            (LinkError::Refused(Refusal::Version), "QIAO-M009", Cause::Refused, true, false),
            (LinkError::Refused(Refusal::Retain), "QIAO-M010", Cause::Refused, false, false),
            (LinkError::Lost("x".into()), "QIAO-M011", Cause::Closed, false, false),
            (farewell(true, false), "QIAO-M012", Cause::TakenOver, true, false),
            (LinkError::NoPong, "QIAO-M014", Cause::Silent, false, false),
            (LinkError::Protocol("x".into()), "QIAO-M015", Cause::Protocol, false, true),
            (farewell(false, true), "QIAO-M016", Cause::Closed, false, true),
            (farewell(false, false), "QIAO-M016", Cause::Closed, false, false),
        ];
        for (error, code, cause, needs_action, blames_message) in table {
            let told = format!("{error:?}");
            let trouble = judge(error, SCENE);
            assert_eq!(trouble.finding.code.0, code, "{told}");
            assert_eq!((trouble.cause, trouble.needs_action), (cause, needs_action), "{told}");
            assert_eq!(trouble.blames_message, blames_message, "{told}");
            assert_is_told(&trouble.finding);
        }
        let closed = judge(LinkError::Closed, Scene { is_established: true, ..SCENE });
        assert_eq!((closed.finding.code.0.as_ref(), closed.blames_message), ("QIAO-M011", true));
    }

    /// Every language has a text for it, and the text has all its facts.
    fn assert_is_told(finding: &Finding) {
        for language in [Language::English, Language::German, Language::Chinese] {
            let text = finding.text(language);
            assert!(!text.is_empty() && !text.contains('‹'), "{finding:?}: {text}");
            assert!(finding.fix(language).is_some_and(|fix| !fix.contains('‹')), "{finding:?}");
        }
    }

    #[test]
    fn each_fault_of_tls_is_told() {
        let file = |is_client| Fault::File { path: "/a.pem".into(), reason: "x".into(), is_client };
        let faults = [
            Fault::Expired { days: 3 },
            Fault::NotYetValid,
            Fault::UnknownIssuer,
            Fault::WrongHost { presented: "a".into() },
            Fault::NotTls,
            Fault::ClientRefused("x".into()),
            Fault::BadHostName,
            file(true),
            file(false),
            Fault::NoSystemRoots,
            Fault::Other("x".into()),
        ];
        for fault in faults {
            assert_is_told(&tls::finding(&fault, "mqtts://b:8883", "b"));
        }
    }

    #[test]
    fn every_cause_has_its_own_label_and_its_place_in_the_counters() {
        for (index, cause) in Cause::ALL.into_iter().enumerate() {
            assert_eq!(cause as usize, index);
            assert_eq!(Cause::ALL.iter().filter(|other| other.label() == cause.label()).count(), 1);
        }
    }
}
