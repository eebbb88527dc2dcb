//! Whether an authority that is trusted stands behind a certificate: chain, signatures, usage, revocation.
//!
//! `webpki` builds and verifies the path (RFC 5280 §6), as it does for TLS. What it leaves to its caller, and OPC 10000-4
//! §6.1.3 asks for, is checked here: validity and key usage of the authority itself, and key usage of those between.
//! Without a list of its authority a certificate may have been revoked long ago, so it is not believed.

use super::certificate::{Certificate, Day, Role};
use rustls::pki_types::{CertificateDer, TrustAnchor, UnixTime};
use std::time::Duration;
use webpki::{
    CertRevocationList, EndEntityCert, Error, ExpirationPolicy, KeyUsage, OwnedCertRevocationList,
    RevocationOptionsBuilder, UnknownStatusPolicy, VerifiedPath, anchor_from_trusted_cert,
};

/// What is known of those who sign certificates.
#[derive(Debug)]
pub(super) struct Authorities {
    /// What we are to those whom they vouch for.
    pub role: Role,
    /// Trusted: whoever they vouch for is.
    pub trusted: Vec<Certificate>,
    /// Known, and trusted only if one of the former stands behind them.
    pub known: Vec<Certificate>,
    /// Lists of what was revoked, as DER, newest first.
    pub lists: Vec<Vec<u8>>,
}

/// Why no trusted authority stands behind a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// The way from issuer to issuer leads to none that is trusted.
    NoIssuer,
    /// A signature is not its issuer's.
    Forged,
    /// Signed by a method or with a key that can be forged.
    Weak,
    /// An issuer's certificate has expired or is not valid yet.
    IssuerOutOfDate,
    /// An issuer is none, or not for this.
    IssuerMayNotSign,
    /// An authority's own certificate where a server's should be.
    NoLeaf,
    Revoked,
    /// No list, or none that is valid now, says whether it was revoked.
    NoList,
    /// Something else that RFC 5280 demands.
    Invalid(&'static str),
}

impl Authorities {
    /// Whether one of them stands behind `certificate`. `sent` is what the server sent with it.
    pub(super) fn vouch(&self, certificate: &Certificate, sent: &[Certificate], today: Day) -> Result<(), Broken> {
        let lists = self.lists();
        let lists: Vec<&CertRevocationList<'_>> = lists.iter().collect();
        let strict = RevocationOptionsBuilder::new(&lists).ok().map(|options| {
            options
                .with_status_policy(UnknownStatusPolicy::Deny)
                .with_expiration_policy(ExpirationPolicy::Enforce)
                .build()
        });
        let is_listed = strict.is_some();
        self.verify(certificate, sent, today, strict)?;
        if is_listed { Ok(()) } else { Err(Broken::NoList) }
    }

    /// Whether a list, however old, says that `certificate` is revoked. Of what nobody lists nothing is said.
    pub(super) fn revoke(&self, certificate: &Certificate, sent: &[Certificate], today: Day) -> bool {
        let lists = self.lists();
        let lists: Vec<&CertRevocationList<'_>> = lists.iter().collect();
        let Ok(options) = RevocationOptionsBuilder::new(&lists) else { return false };
        let options = options
            .with_status_policy(UnknownStatusPolicy::Allow)
            .with_expiration_policy(ExpirationPolicy::Ignore)
            .build();
        self.verify(certificate, sent, today, Some(options)) == Err(Broken::Revoked)
    }

    fn lists(&self) -> Vec<CertRevocationList<'static>> {
        let lists = self.lists.iter().filter_map(|list| OwnedCertRevocationList::from_der(list).ok());
        lists.map(CertRevocationList::from).collect()
    }

    fn verify(
        &self,
        certificate: &Certificate,
        sent: &[Certificate],
        today: Day,
        revocation: Option<webpki::RevocationOptions<'_>>,
    ) -> Result<(), Broken> {
        let ders: Vec<CertificateDer<'_>> =
            self.trusted.iter().map(|one| CertificateDer::from(one.der.as_slice())).collect();
        let anchors: Vec<(TrustAnchor<'_>, &Certificate)> = ders
            .iter()
            .zip(&self.trusted)
            .filter_map(|(der, one)| Some((anchor_from_trusted_cert(der).ok()?, one)))
            .collect();
        let between: Vec<&Certificate> = sent.iter().chain(&self.known).collect();
        let between_ders: Vec<CertificateDer<'_>> =
            between.iter().map(|one| CertificateDer::from(one.der.as_slice())).collect();
        let leaf = CertificateDer::from(certificate.der.as_slice());
        let leaf = EndEntityCert::try_from(&leaf).map_err(|error| broken(&error))?;
        let only_anchors: Vec<TrustAnchor<'_>> = anchors.iter().map(|(anchor, _)| anchor.clone()).collect();
        let is_right = |path: &VerifiedPath<'_>| {
            let anchor = path.anchor();
            let behind = anchors.iter().find(|(one, _)| {
                one.subject == anchor.subject && one.subject_public_key_info == anchor.subject_public_key_info
            });
            let Some((_, authority)) = behind else { return Err(Error::UnknownIssuer) };
            may_sign(authority, today)?;
            path.intermediate_certificates().try_for_each(|one| {
                let der = one.der();
                let issuer = between.iter().find(|known| known.der.as_slice() == der.as_ref());
                issuer.map_or(Err(Error::UnknownIssuer), |issuer| may_sign(issuer, today))
            })
        };
        // Its own validity is told by itself, and hides nothing of the chain: issuers are held against today.
        let then = today.clamp(certificate.not_before, certificate.not_after.max(certificate.not_before));
        leaf.verify_for_usage(
            webpki::ALL_VERIFICATION_ALGS,
            &only_anchors,
            &between_ders,
            UnixTime::since_unix_epoch(Duration::from_secs(then.unix)),
            match self.role {
                Role::Client => KeyUsage::server_auth(),
                Role::Server => KeyUsage::client_auth(),
            },
            revocation,
            Some(&is_right),
        )
        .map(|_| ())
        .map_err(|error| broken(&error))
    }
}

/// An authority, for signing certificates, and valid now.
fn may_sign(issuer: &Certificate, today: Day) -> Result<(), Error> {
    if !issuer.is_authority || !issuer.may_sign_certificates {
        return Err(Error::EndEntityUsedAsCa);
    }
    if today < issuer.not_before || today > issuer.not_after {
        return Err(Error::InvalidCertValidity);
    }
    Ok(())
}

fn broken(error: &Error) -> Broken {
    match error {
        Error::UnknownIssuer | Error::MaximumPathDepthExceeded | Error::MaximumPathBuildCallsExceeded => {
            Broken::NoIssuer
        }
        Error::InvalidSignatureForPublicKey | Error::SignatureAlgorithmMismatch => Broken::Forged,
        Error::UnsupportedSignatureAlgorithmContext(_) | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            Broken::Weak
        }
        Error::CertExpired { .. } | Error::CertNotValidYet { .. } | Error::InvalidCertValidity => {
            Broken::IssuerOutOfDate
        }
        Error::EndEntityUsedAsCa | Error::PathLenConstraintViolated | Error::NameConstraintViolation => {
            Broken::IssuerMayNotSign
        }
        Error::RequiredEkuNotFoundContext(_) | Error::EmptyEkuExtension => Broken::IssuerMayNotSign,
        Error::CaUsedAsEndEntity => Broken::NoLeaf,
        Error::CertRevoked => Broken::Revoked,
        Error::UnknownRevocationStatus
        | Error::CrlExpired { .. }
        | Error::InvalidCrlSignatureForPublicKey
        | Error::IssuerNotCrlSigner
        | Error::UnsupportedCrlSignatureAlgorithmContext(_)
        | Error::UnsupportedCrlSignatureAlgorithmForPublicKeyContext(_) => Broken::NoList,
        Error::UnsupportedCriticalExtension => Broken::Invalid("a critical extension that is not known"),
        Error::UnsupportedCertVersion => Broken::Invalid("not an X.509 certificate of version 3"),
        Error::CertDistrusted => Broken::Invalid("signed with a key that the world knows to be lost"),
        Error::MaximumSignatureChecksExceeded | Error::MaximumNameConstraintComparisonsExceeded => {
            Broken::Invalid("too many signatures to check")
        }
        _ => Broken::Invalid("malformed"),
    }
}
