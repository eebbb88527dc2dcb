//! Who we are to a server: the user token policy to use, and the token itself. A password never travels in clear.

use super::certificate_store;
use crate::config::plan::Identity;
use crate::finding::Finding;
use ::opcua::crypto::{PrivateKey, SecurityPolicy, X509, create_signature_data, legacy_encrypt_secret};
use ::opcua::types::{
    AnonymousIdentityToken, ByteString, EndpointDescription, Error, ExtensionObject, MessageSecurityMode,
    SignatureData, StatusCode, UAString, UserNameIdentityToken, UserTokenPolicy, UserTokenType, X509IdentityToken,
};

/// The policies that protect anything, best first.
pub const SECURE: [SecurityPolicy; 3] =
    [SecurityPolicy::Aes256Sha256RsaPss, SecurityPolicy::Aes128Sha256RsaOaep, SecurityPolicy::Basic256Sha256];

/// Nonces that passwords are bound to and signatures are made over (OPC 10000-4 §5.6.2): 32 bytes at least.
pub const NONCE_BYTES_MIN: usize = 32;

fn token_type(identity: &Identity) -> UserTokenType {
    match identity {
        Identity::Anonymous => UserTokenType::Anonymous,
        Identity::UserName { .. } => UserTokenType::UserName,
        Identity::Certificate { .. } => UserTokenType::Certificate,
    }
}

/// The name that findings give to an identity.
#[must_use]
pub fn name(identity: &Identity) -> String {
    match identity {
        Identity::Anonymous => "anonymous".to_owned(),
        Identity::UserName { user, .. } => user.clone(),
        Identity::Certificate { certificate, .. } => certificate.display().to_string(),
    }
}

/// Whether the server's certificate matters even on a channel without security: a password is encrypted for it, a
/// user's signature made over it.
#[must_use]
pub fn needs_certificate(identity: &Identity) -> bool {
    !matches!(identity, Identity::Anonymous)
}

/// The policy a token is protected with: its own, or the channel's (OPC 10000-4 §7.42).
fn effective(policy: &UserTokenPolicy, channel: SecurityPolicy) -> SecurityPolicy {
    if policy.security_policy_uri.is_empty() {
        channel
    } else {
        SecurityPolicy::from_uri(policy.security_policy_uri.as_ref())
    }
}

/// How good a policy is for this identity: lower is better, `None` is not acceptable.
fn rank(policy: &UserTokenPolicy, identity: &Identity, endpoint: &EndpointDescription) -> Option<usize> {
    let channel = SecurityPolicy::from_uri(endpoint.security_policy_uri.as_ref());
    let effective = effective(policy, channel);
    let secure = SECURE.iter().position(|secure| *secure == effective);
    match identity {
        Identity::Anonymous => Some(0),
        Identity::Certificate { .. } => secure,
        // Without encryption of its own, the password relies on the channel's.
        Identity::UserName { .. } => secure.or_else(|| {
            let is_encrypted =
                endpoint.security_mode == MessageSecurityMode::SignAndEncrypt && SECURE.contains(&channel);
            (effective == SecurityPolicy::None && is_encrypted).then_some(SECURE.len())
        }),
    }
}

/// The best user token policy of `endpoint` for `identity`, or what is wrong.
pub fn choose(identity: &Identity, endpoint: &EndpointDescription, place: &str) -> Result<UserTokenPolicy, Finding> {
    let policies = endpoint.user_identity_tokens.as_deref().unwrap_or_default();
    let wanted = token_type(identity);
    // A server that lists nothing takes anybody.
    if policies.is_empty() && wanted == UserTokenType::Anonymous {
        return Ok(UserTokenPolicy { token_type: wanted, ..UserTokenPolicy::default() });
    }
    let of_type = || policies.iter().filter(|policy| policy.token_type == wanted);
    let best =
        of_type().filter_map(|policy| Some((rank(policy, identity, endpoint)?, policy))).min_by_key(|(rank, _)| *rank);
    if let Some((_, policy)) = best {
        return Ok(policy.clone());
    }
    // Offered, but only unprotected.
    let code = if of_type().next().is_some() { "QIAO-O015" } else { "QIAO-O003" };
    let mut offered: Vec<String> = policies.iter().map(|policy| kind(policy.token_type).to_owned()).collect();
    offered.dedup();
    Err(Finding::error(code, place)
        .with("identity", name(identity))
        .with("wanted", kind(wanted))
        .with("offered", if offered.is_empty() { "-".to_owned() } else { offered.join(", ") }))
}

fn kind(token: UserTokenType) -> &'static str {
    match token {
        UserTokenType::Anonymous => "Anonymous",
        UserTokenType::UserName => "UserName",
        UserTokenType::Certificate => "Certificate",
        UserTokenType::IssuedToken => "IssuedToken",
    }
}

/// Makes the token for one activation. `server` is the pinned certificate where there is one.
pub fn token(
    identity: &Identity,
    policy: &UserTokenPolicy,
    endpoint: &EndpointDescription,
    server: Option<&X509>,
    nonce: &ByteString,
) -> Result<(ExtensionObject, SignatureData), Error> {
    let channel = SecurityPolicy::from_uri(endpoint.security_policy_uri.as_ref());
    let refused = |reason: &str| Error::new(StatusCode::BadSecurityPolicyRejected, reason.to_owned());
    match identity {
        Identity::Anonymous => {
            let token = AnonymousIdentityToken { policy_id: policy.policy_id.clone() };
            Ok((ExtensionObject::from_message(token), SignatureData::null()))
        }
        Identity::UserName { user, password } => {
            let is_encrypted = effective(policy, channel) != SecurityPolicy::None;
            if is_encrypted && (server.is_none() || nonce.as_ref().len() < NONCE_BYTES_MIN) {
                return Err(refused(
                    "a password is encrypted only for a pinned certificate and bound to a whole nonce",
                ));
            }
            let secret = legacy_encrypt_secret(
                channel,
                endpoint.security_mode,
                policy,
                nonce.as_ref(),
                &server.cloned(),
                password.reveal().as_bytes(),
            )?;
            let token = UserNameIdentityToken {
                policy_id: secret.policy,
                user_name: UAString::from(user.as_str()),
                password: secret.secret,
                encryption_algorithm: secret.encryption_algorithm,
            };
            Ok((ExtensionObject::from_message(token), SignatureData::null()))
        }
        Identity::Certificate { certificate, key } => {
            let server = server.ok_or_else(|| refused("a user certificate signs only for a pinned server"))?;
            let unreadable = |reason: String| Error::new(StatusCode::BadConfigurationError, reason);
            let own = certificate_store::read(certificate).map_err(|error| unreadable(error.to_string()))?;
            let key = PrivateKey::read_pem_file(key)
                .map_err(|_| unreadable(format!("{} holds no RSA key in PEM", key.display())))?;
            let signature = create_signature_data(&key, effective(policy, channel), &server.as_byte_string(), nonce)?;
            let token =
                X509IdentityToken { policy_id: policy.policy_id.clone(), certificate_data: ByteString::from(own.der) };
            Ok((ExtensionObject::from_message(token), signature))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::plan::Secret;

    fn user() -> Identity {
        Identity::UserName { user: "qiao".to_owned(), password: Secret::new("secret".to_owned()) }
    }

    fn endpoint(
        mode: MessageSecurityMode,
        channel: SecurityPolicy,
        tokens: &[(&str, UserTokenType, SecurityPolicy)],
    ) -> EndpointDescription {
        let policy = |(id, token_type, policy): &(&str, UserTokenType, SecurityPolicy)| UserTokenPolicy {
            policy_id: UAString::from(*id),
            token_type: *token_type,
            // `Unknown` stands for: not stated.
            security_policy_uri: if *policy == SecurityPolicy::Unknown {
                UAString::null()
            } else {
                policy.to_uri().into()
            },
            ..UserTokenPolicy::default()
        };
        EndpointDescription {
            security_mode: mode,
            security_policy_uri: channel.to_uri().into(),
            user_identity_tokens: Some(tokens.iter().map(policy).collect()),
            ..EndpointDescription::default()
        }
    }

    #[test]
    fn a_password_goes_only_where_it_is_protected() {
        use MessageSecurityMode::{None as Clear, Sign, SignAndEncrypt};
        use SecurityPolicy::{Aes256Sha256RsaPss, Basic128Rsa15, Basic256Sha256, None as NoPolicy, Unknown};
        use UserTokenType::{Anonymous, UserName};
        let table: [(_, _, &[_], _); 9] = [
            (Clear, NoPolicy, &[("a", UserName, Unknown)], Err("QIAO-O015")),
            (Clear, NoPolicy, &[("a", UserName, NoPolicy)], Err("QIAO-O015")),
            (Clear, NoPolicy, &[("a", UserName, Basic128Rsa15)], Err("QIAO-O015")),
            (Clear, NoPolicy, &[("a", UserName, NoPolicy), ("b", UserName, Basic256Sha256)], Ok("b")),
            (Sign, Basic256Sha256, &[("a", UserName, NoPolicy)], Err("QIAO-O015")),
            (Sign, Basic256Sha256, &[("a", UserName, Unknown)], Ok("a")),
            (SignAndEncrypt, Basic256Sha256, &[("a", UserName, NoPolicy)], Ok("a")),
            (SignAndEncrypt, Basic256Sha256, &[("a", UserName, Unknown), ("b", UserName, Aes256Sha256RsaPss)], Ok("b")),
            (SignAndEncrypt, Basic256Sha256, &[("a", Anonymous, Unknown)], Err("QIAO-O003")),
        ];
        for (mode, channel, tokens, expected) in table {
            let found = choose(&user(), &endpoint(mode, channel, tokens), "lathe");
            let found = found.map(|policy| policy.policy_id.to_string()).map_err(|finding| finding.code.0.to_string());
            assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{mode:?} {channel:?} {tokens:?}");
        }
    }

    #[test]
    fn nothing_is_encrypted_for_a_stranger_or_with_a_short_nonce() {
        use UserTokenType::UserName;
        let endpoint = endpoint(
            MessageSecurityMode::None,
            SecurityPolicy::None,
            &[("a", UserName, SecurityPolicy::Basic256Sha256)],
        );
        let policy = choose(&user(), &endpoint, "lathe").expect("a policy");
        let server = X509::from_der(&super::super::certificate::tests::server(|_| {}).der).expect("a certificate");
        let made = |server: Option<&X509>, nonce: usize| {
            token(&user(), &policy, &endpoint, server, &ByteString::from(vec![7; nonce])).is_ok()
        };
        assert!(made(Some(&server), 32));
        assert!(!made(None, 32));
        assert!(!made(Some(&server), 31));
    }
}
