//! `qiao cert`: which certificates are trusted, and what is wrong with ours.

use super::{Exit, Face, config_file};
use crate::finding::{Finding, Severity, visible};
use crate::opcua::certificate::{self, Day, Listed, RevocationList, Store, StoreError, TrustState};
use crate::port::Clock;
use clap::{Args, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};

/// Trust OPC UA servers, and look after our own key pair
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  qiao cert list\n  qiao cert trust 3f2a9c0d5e6b7a81\n  qiao cert doctor -c qiao.yaml"
)]
pub struct CertArgs {
    #[command(subcommand)]
    command: CertCommand,
    /// Configuration file
    #[arg(short = 'c', long = "config", value_name = "FILE", default_value = "qiao.yaml", global = true)]
    config: PathBuf,
}

#[derive(Debug, Subcommand)]
enum CertCommand {
    /// Own, trusted, and not trusted certificates, with their fingerprints
    List,
    /// Trust a server's certificate, or an authority's; a running gateway connects within seconds
    Trust {
        /// SHA-256 fingerprint (the first 16 digits suffice), or the file of a certificate or of a revocation list
        certificate: String,
        /// What the file is
        #[arg(long = "as", value_name = "KIND", default_value = "server")]
        kind: Kind,
    },
    /// Take trust back; a running gateway closes the link within seconds
    Reject {
        /// SHA-256 fingerprint (the first 16 digits suffice)
        fingerprint: String,
    },
    /// Make a new key pair of our own; servers have to trust it anew
    Renew,
    /// Say what is wrong: keys that others may read, certificates that have expired or soon will
    Doctor,
}

/// What one trusts
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// A server's own certificate
    Server,
    /// An authority: every server that it vouches for is trusted, as long as its revocation list is here
    Authority,
    /// An issuer between an authority and its servers, which they do not send; trusted by the authority alone
    Issuer,
    /// A revocation list of an authority or an issuer
    Crl,
}

pub fn run(arguments: &CertArgs, face: &Face) -> Exit {
    let Some((plan, face)) = config_file::plan(&arguments.config, face) else { return Exit::Usage };
    let store = Store::client(&plan.gateway.data_dir.join("pki"));
    let now = Day::of(Clock::start().now().wall);
    match &arguments.command {
        CertCommand::List => {
            list(&certificate::list(&store), &face);
            certificate::revocation_lists(&store).iter().for_each(|one| revocations(one, &face));
            Exit::Good
        }
        CertCommand::Trust { certificate, kind } => trust(&store, certificate, *kind, &face),
        CertCommand::Reject { fingerprint } => {
            done(certificate::reject(&store, fingerprint), "cert-reject-done", &face)
        }
        CertCommand::Renew => match certificate::renew(&store, &plan.gateway.name, now) {
            Ok(own) => {
                let file = own.certificate_file.display().to_string();
                let listed =
                    Listed { state: TrustState::Own, file: own.certificate_file, certificate: own.certificate };
                line(&listed, &face);
                face.say(&face.text("cert-renew-done", &[("file", &file)]));
                Exit::Good
            }
            Err(error) => failed(&error, &face),
        },
        CertCommand::Doctor => doctor(&store, now, &face),
    }
}

fn trust(store: &Store, certificate: &str, kind: Kind, face: &Face) -> Exit {
    let file = Path::new(certificate);
    match kind {
        Kind::Server => done(certificate::trust(store, certificate), "cert-trust-done", face),
        Kind::Authority => done(certificate::admit(store, file, TrustState::Authority), "cert-trust-done", face),
        Kind::Issuer => done(certificate::admit(store, file, TrustState::Issuer), "cert-admit-done", face),
        Kind::Crl => match certificate::admit_list(store, file) {
            Ok(list) => {
                revocations(&list, face);
                face.say(&face.text("cert-admit-done", &[]));
                Exit::Good
            }
            Err(error) => failed(&error, face),
        },
    }
}

fn revocations(list: &RevocationList, face: &Face) {
    let until = list.next_update.map_or_else(|| "-".to_owned(), Day::date);
    if face.json {
        face.json_line(&serde_json::json!({
            "state": "crl",
            "issuer": list.issuer,
            "from": list.this_update.to_string(),
            "until": list.next_update.map(|day| day.to_string()),
            "revoked": list.count,
            "file": list.file,
        }));
        return;
    }
    let (issuer, count, from) = (visible(&list.issuer), list.count.to_string(), list.this_update.date());
    face.say(&face.text("cert-crl", &[("issuer", &issuer), ("count", &count), ("from", &from), ("until", &until)]));
}

fn list(listed: &[Listed], face: &Face) {
    if listed.is_empty() {
        face.say(&face.text("cert-none", &[]));
    }
    listed.iter().for_each(|one| line(one, face));
}

fn line(listed: &Listed, face: &Face) {
    let certificate = &listed.certificate;
    let state = listed.state.name();
    if face.json {
        face.json_line(&serde_json::json!({
            "state": state,
            "fingerprint": certificate.fingerprint,
            "subject": certificate.subject,
            "issuer": certificate.issuer,
            "from": certificate.not_before.to_string(),
            "until": certificate.not_after.to_string(),
            "application-uris": certificate.application_uris,
            "hosts": certificate.hosts,
            "key-bits": certificate.key_bits,
            "file": listed.file,
        }));
        return;
    }
    let (from, until) = (certificate.not_before.date(), certificate.not_after.date());
    let valid = face.text("cert-valid", &[("from", &from), ("until", &until)]);
    face.say(&format!("{}  {}", certificate.fingerprint, face.text(&format!("cert-{state}"), &[])));
    face.say(&format!("    {}  {valid}", visible(&certificate.subject)));
    let names: Vec<_> = certificate.application_uris.iter().chain(&certificate.hosts).map(String::as_str).collect();
    face.say(&format!("    {}", visible(&names.join(", "))));
}

fn done(done: Result<Listed, StoreError>, text: &str, face: &Face) -> Exit {
    match done {
        Ok(listed) => {
            line(&listed, face);
            face.say(&face.text(text, &[]));
            Exit::Good
        }
        Err(error) => failed(&error, face),
    }
}

fn failed(error: &StoreError, face: &Face) -> Exit {
    let (code, exit) = match error {
        StoreError::Unknown { .. } | StoreError::Ambiguous { .. } | StoreError::NoFingerprint { .. } => {
            ("QIAO-O039", Exit::Usage)
        }
        StoreError::NoCertificate { .. } | StoreError::NoAuthority { .. } | StoreError::NoRevocationList { .. } => {
            ("QIAO-O039", Exit::Failed)
        }
        StoreError::File { .. } | StoreError::KeyPair { .. } => ("QIAO-O017", Exit::CouldNotTell),
    };
    face.warn(&Finding::error(code, "").with("reason", error));
    exit
}

fn doctor(store: &Store, now: Day, face: &Face) -> Exit {
    let diagnosis = certificate::doctor(store, now);
    list(&diagnosis.certificates, face);
    face.findings(&diagnosis.findings);
    if diagnosis.findings.is_empty() {
        face.say(&face.text("cert-healthy", &[]));
    }
    let is_wrong = diagnosis.findings.iter().any(|finding| finding.severity == Severity::Error);
    if is_wrong { Exit::Failed } else { Exit::Good }
}
