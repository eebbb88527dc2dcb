//! Which endpoint of a server is used: mode and policy as configured, never less.

use super::certificate::Certificate;
use super::identity::{self, SECURE};
use crate::config::plan::{OpcUaConnection, PolicyChoice, SecurityMode};
use crate::finding::Finding;
use ::opcua::crypto::SecurityPolicy;
use ::opcua::types::{ByteString, EndpointDescription, MessageSecurityMode, UserTokenPolicy};

/// OPC 10000-7, UA-TCP UA-SC UA-Binary.
const TRANSPORT_PROFILE: &str = "http://opcfoundation.org/UA-Profile/Transport/uatcp-uasc-uabinary";

/// The endpoint that is used.
#[derive(Clone, Debug)]
pub struct Choice {
    /// As the server described it, but with the configured address and the certificate alone, without its chain.
    pub endpoint: EndpointDescription,
    pub policy: SecurityPolicy,
    pub token: UserTokenPolicy,
    /// The certificate the server shows; not checked yet.
    pub certificate: Option<Certificate>,
}

impl Choice {
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.policy != SecurityPolicy::None
    }
}

/// The mode and the policies that are acceptable, best first.
fn wanted(connection: &OpcUaConnection) -> (MessageSecurityMode, Vec<SecurityPolicy>) {
    let mode = match connection.security {
        SecurityMode::NoneIAcceptTheRisk => return (MessageSecurityMode::None, vec![SecurityPolicy::None]),
        SecurityMode::Sign => MessageSecurityMode::Sign,
        SecurityMode::SignAndEncrypt => MessageSecurityMode::SignAndEncrypt,
    };
    let policies = match connection.policy {
        PolicyChoice::Auto => SECURE.to_vec(),
        PolicyChoice::Basic256Sha256 => vec![SecurityPolicy::Basic256Sha256],
        PolicyChoice::Aes128Sha256RsaOaep => vec![SecurityPolicy::Aes128Sha256RsaOaep],
        PolicyChoice::Aes256Sha256RsaPss => vec![SecurityPolicy::Aes256Sha256RsaPss],
    };
    (mode, policies)
}

/// Chooses among what the server offers, or says what is wrong.
pub fn choose(place: &str, connection: &OpcUaConnection, offered: &[EndpointDescription]) -> Result<Choice, Finding> {
    let (mode, policies) = wanted(connection);
    let rank = |endpoint: &EndpointDescription| {
        let profile = endpoint.transport_profile_uri.as_ref();
        let policy = SecurityPolicy::from_uri(endpoint.security_policy_uri.as_ref());
        let fits = endpoint.security_mode == mode && (profile.is_empty() || profile == TRANSPORT_PROFILE);
        policies.iter().position(|wanted| fits && *wanted == policy)
    };
    let mut acceptable: Vec<_> = offered.iter().filter_map(|endpoint| Some((rank(endpoint)?, endpoint))).collect();
    acceptable.sort_by_key(|(rank, _)| *rank);
    let mut problem = None;
    for (rank, endpoint) in acceptable {
        match identity::choose(&connection.identity, endpoint, place) {
            Ok(token) => return describe(place, connection, endpoint, policies[rank], token),
            Err(finding) => problem = problem.or(Some(finding)),
        }
    }
    Err(problem.unwrap_or_else(|| {
        let wanted: Vec<_> = policies.iter().map(|policy| shown(mode, *policy)).collect();
        let mut listed: Vec<_> = offered
            .iter()
            .map(|one| shown(one.security_mode, SecurityPolicy::from_uri(one.security_policy_uri.as_ref())))
            .collect();
        listed.sort();
        listed.dedup();
        Finding::error("QIAO-O002", place)
            .with("endpoint", &connection.endpoint)
            .with("wanted", wanted.join(", "))
            .with("offered", if listed.is_empty() { "-".to_owned() } else { listed.join(", ") })
    }))
}

fn describe(
    place: &str,
    connection: &OpcUaConnection,
    offered: &EndpointDescription,
    policy: SecurityPolicy,
    token: UserTokenPolicy,
) -> Result<Choice, Finding> {
    let bytes = offered.server_certificate.as_ref();
    let needed = policy != SecurityPolicy::None || identity::needs_certificate(&connection.identity);
    let certificate = match Certificate::read(bytes) {
        Ok(certificate) => Some(certificate),
        Err(_) if !needed => None,
        Err(error) => {
            return Err(Finding::error("QIAO-O014", place)
                .with("endpoint", &connection.endpoint)
                .with("reason", error));
        }
    };
    let endpoint = EndpointDescription {
        endpoint_url: connection.endpoint.as_str().into(),
        server_certificate: certificate.as_ref().map_or_else(ByteString::null, |one| ByteString::from(one.der.clone())),
        ..offered.clone()
    };
    Ok(Choice { endpoint, policy, token, certificate })
}

/// Whether the endpoints that came with the session (OPC 10000-4 §5.6.2) still hold the chosen one: a list that was
/// tampered with on its way, in clear text, does not survive this.
#[must_use]
pub fn is_confirmed(choice: &Choice, by_session: &[EndpointDescription]) -> bool {
    let leaf = choice.certificate.as_ref().map(|certificate| certificate.der.as_slice()).unwrap_or_default();
    by_session.is_empty()
        || by_session.iter().any(|one| {
            one.security_mode == choice.endpoint.security_mode
                && one.security_policy_uri == choice.endpoint.security_policy_uri
                // Servers may leave out what is not to be compared.
                && (one.server.application_uri.is_empty()
                    || one.server.application_uri == choice.endpoint.server.application_uri)
                && (one.server_certificate.as_ref().is_empty() || one.server_certificate.as_ref().starts_with(leaf))
                && one.user_identity_tokens.as_deref().is_none_or(|tokens| {
                    tokens.is_empty() || tokens.iter().any(|token| token.policy_id == choice.token.policy_id)
                })
        })
}

fn shown(mode: MessageSecurityMode, policy: SecurityPolicy) -> String {
    match (mode, policy) {
        (MessageSecurityMode::None, _) => "none-i-accept-the-risk".to_owned(),
        (MessageSecurityMode::Sign, policy) => format!("sign/{}", policy.to_str()),
        (MessageSecurityMode::SignAndEncrypt, policy) => format!("sign-and-encrypt/{}", policy.to_str()),
        (MessageSecurityMode::Invalid, _) => "invalid".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::plan::{Identity, TimeSource};
    use std::time::Duration;

    fn connection(security: SecurityMode, policy: PolicyChoice) -> OpcUaConnection {
        OpcUaConnection {
            endpoint: "opc.tcp://10.0.0.7:4840".to_owned(),
            security,
            policy,
            identity: Identity::Anonymous,
            time: TimeSource::Source,
            accept_certificate: None,
            session_timeout: Duration::from_secs(60),
            publishing_interval: Duration::from_millis(500),
            max_nodes: 1000,
            browse_again: Duration::from_secs(600),
        }
    }

    fn offer(mode: MessageSecurityMode, policy: SecurityPolicy) -> EndpointDescription {
        EndpointDescription {
            endpoint_url: "opc.tcp://inner-name:4840".into(),
            security_mode: mode,
            security_policy_uri: policy.to_uri().into(),
            server_certificate: ByteString::from(super::super::certificate::tests::server(|_| {}).der),
            ..EndpointDescription::default()
        }
    }

    fn everything() -> Vec<EndpointDescription> {
        use MessageSecurityMode::{None as Clear, Sign, SignAndEncrypt};
        let mut offers = vec![offer(Clear, SecurityPolicy::None)];
        for policy in [SecurityPolicy::Basic128Rsa15, SecurityPolicy::Basic256, SECURE[2], SECURE[1], SECURE[0]] {
            offers.extend([offer(Sign, policy), offer(SignAndEncrypt, policy)]);
        }
        offers
    }

    #[test]
    fn the_best_of_what_is_acceptable_is_taken_at_the_configured_address() {
        let table = [
            (SecurityMode::SignAndEncrypt, PolicyChoice::Auto, SecurityPolicy::Aes256Sha256RsaPss),
            (SecurityMode::Sign, PolicyChoice::Auto, SecurityPolicy::Aes256Sha256RsaPss),
            (SecurityMode::SignAndEncrypt, PolicyChoice::Basic256Sha256, SecurityPolicy::Basic256Sha256),
            (SecurityMode::Sign, PolicyChoice::Aes128Sha256RsaOaep, SecurityPolicy::Aes128Sha256RsaOaep),
            (SecurityMode::NoneIAcceptTheRisk, PolicyChoice::Auto, SecurityPolicy::None),
        ];
        for (security, policy, expected) in table {
            let choice = choose("lathe", &connection(security, policy), &everything()).expect("an endpoint");
            assert_eq!(choice.policy, expected);
            assert_eq!(choice.endpoint.endpoint_url.as_ref(), "opc.tcp://10.0.0.7:4840");
        }
    }

    #[test]
    fn row_33_nothing_less_than_configured_is_taken_and_what_is_offered_is_said() {
        let weak: Vec<_> = everything()
            .into_iter()
            .filter(|one| !SECURE.contains(&SecurityPolicy::from_uri(one.security_policy_uri.as_ref())))
            .collect();
        for security in [SecurityMode::Sign, SecurityMode::SignAndEncrypt] {
            let finding = choose("lathe", &connection(security, PolicyChoice::Auto), &weak).expect_err("nothing");
            assert_eq!(finding.code.0, "QIAO-O002");
            let offered = finding.arguments.iter().find(|(name, _)| *name == "offered").expect("a list");
            assert!(offered.1.contains("none-i-accept-the-risk") && offered.1.contains("sign/Basic256"), "{offered:?}");
        }
        let only_secure = [offer(MessageSecurityMode::Sign, SecurityPolicy::Basic256Sha256)];
        let none = connection(SecurityMode::NoneIAcceptTheRisk, PolicyChoice::Auto);
        assert!(choose("lathe", &none, &only_secure).is_err());
    }

    #[test]
    fn row_33_an_endpoint_list_that_was_tampered_with_is_not_confirmed() {
        let auto = connection(SecurityMode::SignAndEncrypt, PolicyChoice::Auto);
        let choice = choose("lathe", &auto, &everything()).expect("an endpoint");
        assert!(is_confirmed(&choice, &everything()));
        assert!(is_confirmed(&choice, &[]));
        assert!(!is_confirmed(&choice, &everything()[..3]));
        let mut other = everything();
        for one in &mut other {
            one.server.application_uri = "urn:other".into();
        }
        assert!(!is_confirmed(&choice, &other));
    }
}
