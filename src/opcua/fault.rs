//! Why there is no link, and how soon to try again.

use crate::finding::Finding;
use crate::port::LinkState;
use ::opcua::types::{Error, StatusCode};

/// Why an attempt failed or a link ended.
#[derive(Debug)]
pub struct Fault {
    /// What to tell, and whether somebody has to act.
    pub state: LinkState,
    pub pace: Pace,
    /// Told beside it: the first fault does not hide the second.
    pub others: Vec<Finding>,
}

/// How soon to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// After a pause that doubles.
    BackOff,
    /// After a pause of a few seconds, for as long as it takes somebody to act.
    Slow,
    /// After a minute or more: the server is full, and every attempt costs it something.
    Rest,
}

/// What was being done when a service failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Endpoints,
    Channel,
    Session,
    Activation,
    Service,
}

impl Fault {
    #[must_use]
    pub fn lost(finding: Finding) -> Self {
        Self { state: LinkState::Lost(Box::new(finding)), pace: Pace::BackOff, others: Vec::new() }
    }

    #[must_use]
    pub fn refused(finding: Finding) -> Self {
        Self { state: LinkState::Refused(Box::new(finding)), pace: Pace::Slow, others: Vec::new() }
    }

    #[must_use]
    pub fn at(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// Sorts a failed service by its status code. `subject` is what the finding names: a user, an own certificate.
    #[must_use]
    pub fn of(error: &Error, step: Step, place: &str, endpoint: &str, subject: &Subject<'_>) -> Self {
        let status = code(error.status());
        let finding = |code| Finding::error(code, place).with("endpoint", endpoint).with("status", status);
        match status {
            StatusCode::BadUserAccessDenied
            | StatusCode::BadIdentityTokenRejected
            | StatusCode::BadIdentityTokenInvalid => Self::refused(finding("QIAO-O004").with("user", subject.user)),
            // What servers answer a client whose certificate they do not trust. Some of them on purpose do not say why.
            StatusCode::BadSecurityChecksFailed
            | StatusCode::BadCertificateUntrusted
            | StatusCode::BadCertificateInvalid
            | StatusCode::BadCertificateTimeInvalid
            | StatusCode::BadCertificateUriInvalid
            | StatusCode::BadCertificateUseNotAllowed
            | StatusCode::BadCertificateChainIncomplete
            | StatusCode::BadCertificateRevocationUnknown
            | StatusCode::BadCertificateRevoked
            | StatusCode::BadApplicationSignatureInvalid
                if step != Step::Endpoints && step != Step::Service =>
            {
                Self::refused(
                    finding("QIAO-O016")
                        .with("fingerprint", subject.own_fingerprint)
                        .with("file", subject.own_certificate_file)
                        .with("uri", subject.own_application_uri),
                )
            }
            StatusCode::BadSecurityPolicyRejected
            | StatusCode::BadSecurityModeRejected
            | StatusCode::BadConfigurationError => Self::refused(finding("QIAO-O018").with("reason", error)),
            StatusCode::BadTooManySessions | StatusCode::BadTcpNotEnoughResources => {
                Self::lost(finding("QIAO-O005")).at(Pace::Rest)
            }
            _ if step == Step::Endpoints => Self::lost(finding("QIAO-O001").with("reason", error)),
            _ if step == Step::Service => Self::lost(finding("QIAO-O020").with("reason", error)),
            _ => Self::lost(finding("QIAO-O018").with("reason", error)),
        }
    }
}

/// What findings about a refused attempt name.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The user's name, or what stands for one.
    pub user: &'a str,
    pub own_fingerprint: &'a str,
    pub own_certificate_file: &'a str,
    pub own_application_uri: &'a str,
}

/// A status code without its info bits.
#[must_use]
pub fn code(status: StatusCode) -> StatusCode {
    StatusCode::from(status.bits() & 0xFFFF_0000)
}
