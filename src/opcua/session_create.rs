//! CreateSession and ActivateSession: the server proves who it is, and we who we are (OPC 10000-4 §5.6).

use super::endpoint::{self, Choice};
use super::fault::{Fault, Step};
use super::identity::{self, NONCE_BYTES_MIN};
use super::link::{Link, header};
use super::session::{CHUNK_BYTES, Caller, REQUEST_WITHIN};
use super::skew;
use crate::finding::Finding;
use ::opcua::core::ResponseMessage;
use ::opcua::crypto::{PrivateKey, X509, create_signature_data, random, verify_signature_data};
use ::opcua::types::{
    ActivateSessionRequest, ApplicationDescription, ApplicationType, ByteString, CreateSessionRequest,
    CreateSessionResponse, Error, NodeId, ResponseHeader, SignatureData, StatusCode,
};
use std::time::Duration;

impl Caller {
    /// Creates a session that is not active yet.
    pub(super) async fn create(&self, link: &mut Link, choice: &Choice) -> Result<(), Fault> {
        let place = &self.connection_name;
        let nonce = random::byte_string(NONCE_BYTES_MIN);
        link.session.channel().set_auth_token(NodeId::null());
        let own_der = self.own.certificate.der.clone();
        let request = CreateSessionRequest {
            request_header: header(&link.session, NodeId::null()),
            client_description: ApplicationDescription {
                application_uri: self.own.application_uri.as_str().into(),
                product_uri: "urn:qiao".into(),
                application_name: format!("qiao {}", self.gateway).as_str().into(),
                application_type: ApplicationType::Client,
                ..ApplicationDescription::default()
            },
            endpoint_url: self.connection.endpoint.as_str().into(),
            session_name: format!("qiao {} {}", self.gateway, self.connection_name).as_str().into(),
            client_nonce: nonce.clone(),
            client_certificate: if choice.is_secure() { ByteString::from(own_der) } else { ByteString::null() },
            requested_session_timeout: self.connection.session_timeout.as_secs_f64() * 1000.0,
            max_response_message_size: u32::try_from(link.limits.chunks * CHUNK_BYTES).unwrap_or(u32::MAX),
            ..CreateSessionRequest::default()
        };
        let answer = link.session.channel().send(request, REQUEST_WITHIN).await.and_then(|answer| match answer {
            ResponseMessage::CreateSession(answer) => good(&answer.response_header).map(|()| *answer),
            other => Err(unexpected(&other)),
        });
        let answer = answer.map_err(|error| self.fault(&error, Step::Session, Some(link.road())))?;
        link.ticket.token = answer.authentication_token.clone();
        if !endpoint::is_confirmed(choice, answer.server_endpoints.as_deref().unwrap_or_default()) {
            return Err(Fault::refused(Finding::error("QIAO-O037", place).with("endpoint", &self.connection.endpoint)));
        }
        self.verify(choice, &answer, &nonce).map_err(|error| {
            let finding = Finding::error("QIAO-O019", place).with("endpoint", &self.connection.endpoint);
            Fault::refused(finding.with("reason", error))
        })?;
        link.skew = skew::shown(&answer.response_header.timestamp, self.clock.now().wall);
        link.session_timeout = Some(Duration::from_secs_f64(answer.revised_session_timeout.clamp(0.0, 1e9) / 1000.0));
        link.ticket.nonce = answer.server_nonce;
        Ok(())
    }

    /// The server is who its certificate says: it signs our nonce with the key of the pinned certificate.
    fn verify(&self, choice: &Choice, answer: &CreateSessionResponse, nonce: &ByteString) -> Result<(), Error> {
        let wrong = |reason: &str| Err(Error::new(StatusCode::BadSecurityChecksFailed, reason.to_owned()));
        if choice.is_secure() {
            let Some(certificate) = &choice.certificate else { return wrong("no certificate") };
            if !answer.server_certificate.as_ref().starts_with(&certificate.der) {
                return wrong("the session shows another certificate than the endpoint");
            }
            if answer.server_nonce.as_ref().len() < NONCE_BYTES_MIN {
                return wrong("the server's nonce is shorter than 32 bytes");
            }
            let server = X509::from_byte_string(&choice.endpoint.server_certificate)?;
            let own = X509::from_der(&self.own.certificate.der)
                .map_err(|_| Error::new(StatusCode::BadCertificateInvalid, "own certificate"))?;
            verify_signature_data(&answer.server_signature, choice.policy, &server, &own, nonce.as_ref())?;
        }
        Ok(())
    }

    /// Activates the session of the link's ticket on its channel.
    pub(super) async fn activate(&self, link: &mut Link, choice: &Choice) -> Result<(), Error> {
        let server = choice.certificate.as_ref().map(|one| X509::from_byte_string(&ByteString::from(one.der.clone())));
        let server = server.transpose()?;
        let nonce = &link.ticket.nonce;
        let client_signature = match &server {
            Some(server) if choice.is_secure() => {
                let key = PrivateKey::read_pem_file(&self.own.key_file)
                    .map_err(|_| Error::new(StatusCode::BadConfigurationError, "own key cannot be read"))?;
                create_signature_data(&key, choice.policy, &server.as_byte_string(), nonce)?
            }
            _ => SignatureData::null(),
        };
        let (user_identity_token, user_token_signature) =
            identity::token(&self.connection.identity, &choice.token, &choice.endpoint, server.as_ref(), nonce)?;
        link.session.channel().set_auth_token(link.ticket.token.clone());
        let request = ActivateSessionRequest {
            request_header: header(&link.session, link.ticket.token.clone()),
            client_signature,
            user_identity_token,
            user_token_signature,
            ..ActivateSessionRequest::default()
        };
        let nonce = match link.session.channel().send(request, REQUEST_WITHIN).await? {
            ResponseMessage::ActivateSession(answer) => {
                good(&answer.response_header)?;
                answer.server_nonce
            }
            other => return Err(unexpected(&other)),
        };
        // A nonce that comes twice would let a recorded password or signature be used again.
        if choice.is_secure() && (nonce.as_ref().len() < NONCE_BYTES_MIN || nonce == link.ticket.nonce) {
            return Err(Error::new(StatusCode::BadNonceInvalid, "the server's nonce is short or was used before"));
        }
        link.ticket.nonce = nonce;
        Ok(())
    }
}

/// The service's own result.
fn good(header: &ResponseHeader) -> Result<(), Error> {
    if header.service_result.is_bad() {
        Err(Error::new(header.service_result, "refused by the server"))
    } else {
        Ok(())
    }
}

/// A fault of the server, or an answer to another question.
fn unexpected(answer: &ResponseMessage) -> Error {
    match answer {
        ResponseMessage::ServiceFault(fault) => {
            Error::new(fault.response_header.service_result, "refused by the server")
        }
        other => Error::new(StatusCode::BadUnknownResponse, format!("answered with {}", other.type_name())),
    }
}
