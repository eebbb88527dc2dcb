//! `qiao cert`: which certificates are trusted, and what is wrong with ours.

use super::{Exit, Face, config_file};
use crate::finding::{Finding, Severity, visible};
use crate::opcua::certificate::{self, Day, Listed, Store, StoreError, TrustState};
use crate::port::Clock;
use clap::{Args, Subcommand};
use std::path::PathBuf;

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
    /// Trust a server's certificate; a running gateway connects within seconds
    Trust {
        /// SHA-256 fingerprint (the first 16 digits suffice), or a certificate's file
        certificate: String,
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

pub fn run(arguments: &CertArgs, face: &Face) -> Exit {
    let Some((plan, face)) = config_file::plan(&arguments.config, face) else { return Exit::Usage };
    let store = Store::client(&plan.gateway.data_dir.join("pki"));
    let now = Day::of(Clock::start().now().wall);
    match &arguments.command {
        CertCommand::List => {
            list(&certificate::list(&store), &face);
            Exit::Good
        }
        CertCommand::Trust { certificate } => done(certificate::trust(&store, certificate), "cert-trust-done", &face),
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

fn list(listed: &[Listed], face: &Face) {
    if listed.is_empty() {
        face.say(&face.text("cert-none", &[]));
    }
    listed.iter().for_each(|one| line(one, face));
}

fn line(listed: &Listed, face: &Face) {
    let certificate = &listed.certificate;
    let state = match listed.state {
        TrustState::Own => "own",
        TrustState::Trusted => "trusted",
        TrustState::Rejected => "rejected",
    };
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
        StoreError::NoCertificate { .. } => ("QIAO-O039", Exit::Failed),
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
