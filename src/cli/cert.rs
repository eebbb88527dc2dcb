//! `qiao cert`: which certificates are trusted, and what is wrong with ours.

use super::{Exit, Face, config_file};
use crate::config::plan::ConnectionKind;
use crate::finding::{Finding, Severity, visible};
use crate::opcua::certificate::{self, Day, Listed, RevocationList, Role, Store, StoreError, TrustState};
use crate::port::Clock;
use clap::{Args, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};

/// Trust OPC UA servers and clients, and look after our own key pairs
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
    /// Of the gateway's own OPC UA server: the clients that it lets in, and its own key pair
    #[arg(long, global = true)]
    face: bool,
}

#[derive(Debug, Subcommand)]
enum CertCommand {
    /// Own, trusted, and not trusted certificates, with their fingerprints
    List,
    /// Trust the certificate of a server or a client, or an authority's; it counts within seconds
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
    let pki = plan.gateway.data_dir.join("pki");
    let store = Store::of(&pki, if arguments.face { Role::Server } else { Role::Client });
    // Whoever gives a fingerprint need not know which role saw it.
    let other = Store::of(&pki, if arguments.face { Role::Client } else { Role::Server });
    let has_face = plan.connections.iter().any(|one| matches!(one.kind, ConnectionKind::Face(_)));
    let stores = if arguments.face || has_face { vec![&store, &other] } else { vec![&store] };
    let now = Day::of(Clock::start().now().wall);
    match &arguments.command {
        CertCommand::List => {
            list(&stores, &face);
            let lists = stores.iter().flat_map(|store| certificate::revocation_lists(store));
            lists.for_each(|one| revocations(&one, &face));
            Exit::Good
        }
        CertCommand::Trust { certificate, kind } => trust(&store, &other, certificate, *kind, &face),
        CertCommand::Reject { fingerprint } => {
            let rejected = match certificate::reject(&store, fingerprint) {
                Err(StoreError::Unknown { .. }) => {
                    certificate::reject(&other, fingerprint).map(|listed| (listed, other.role()))
                }
                rejected => rejected.map(|listed| (listed, store.role())),
            };
            done(rejected, "cert-reject-done", &face)
        }
        CertCommand::Renew => match certificate::renew(&store, &plan.gateway.name, now) {
            Ok(own) => {
                let file = own.certificate_file.display().to_string();
                let listed =
                    Listed { state: TrustState::Own, file: own.certificate_file, certificate: own.certificate };
                line(&listed, store.role(), &face);
                face.say(&face.text("cert-renew-done", &[("file", &file)]));
                Exit::Good
            }
            Err(error) => failed(&error, &face),
        },
        CertCommand::Doctor => doctor(&stores, now, &face),
    }
}

fn trust(store: &Store, other: &Store, certificate: &str, kind: Kind, face: &Face) -> Exit {
    let file = Path::new(certificate);
    let of = |listed: Listed| (listed, store.role());
    match kind {
        Kind::Server => {
            let trusted = match certificate::trust(store, certificate) {
                Err(StoreError::Unknown { .. }) => {
                    certificate::trust(other, certificate).map(|listed| (listed, other.role()))
                }
                trusted => trusted.map(of),
            };
            done(trusted, "cert-trust-done", face)
        }
        Kind::Authority => {
            done(certificate::admit(store, file, TrustState::Authority).map(of), "cert-trust-done", face)
        }
        Kind::Issuer => done(certificate::admit(store, file, TrustState::Issuer).map(of), "cert-admit-done", face),
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

fn list(stores: &[&Store], face: &Face) {
    let mut is_empty = true;
    for store in stores {
        for listed in certificate::list(store) {
            is_empty = false;
            line(&listed, store.role(), face);
        }
    }
    if is_empty {
        face.say(&face.text("cert-none", &[]));
    }
}

fn line(listed: &Listed, role: Role, face: &Face) {
    let certificate = &listed.certificate;
    let state = listed.state.name();
    if face.json {
        face.json_line(&serde_json::json!({
            "state": state,
            "role": role.name(),
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
    let state = face.text(&format!("cert-{state}"), &[]);
    let of = if role == Role::Server { format!(" {}", face.text("cert-of-face", &[])) } else { String::new() };
    face.say(&format!("{}  {state}{of}", certificate.fingerprint));
    face.say(&format!("    {}  {valid}", visible(&certificate.subject)));
    let names: Vec<_> = certificate.application_uris.iter().chain(&certificate.hosts).map(String::as_str).collect();
    face.say(&format!("    {}", visible(&names.join(", "))));
}

fn done(done: Result<(Listed, Role), StoreError>, text: &str, face: &Face) -> Exit {
    match done {
        Ok((listed, role)) => {
            line(&listed, role, face);
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

fn doctor(stores: &[&Store], now: Day, face: &Face) -> Exit {
    list(stores, face);
    let findings: Vec<Finding> = stores.iter().flat_map(|store| certificate::doctor(store, now).findings).collect();
    face.findings(&findings);
    if findings.is_empty() {
        face.say(&face.text("cert-healthy", &[]));
    }
    let is_wrong = findings.iter().any(|finding| finding.severity == Severity::Error);
    if is_wrong { Exit::Failed } else { Exit::Good }
}
