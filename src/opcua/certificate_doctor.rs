//! `qiao cert doctor`: what is wrong with our certificates, before a server says so.

use super::certificate::Day;
use super::certificate_own::OwnCertificate;
use super::certificate_revocation;
use super::certificate_store::{Listed, Store, TrustState, list};
use crate::finding::Finding;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// An expiry nearer than this is a warning.
const EXPIRY_WARNING_DAYS: i64 = 60;

/// What the doctor saw.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    pub certificates: Vec<Listed>,
    /// Empty: healthy.
    pub findings: Vec<Finding>,
}

/// Looks at the own key pair (readable, secret, valid) and at the trusted certificates (valid, soon expired).
#[must_use]
pub fn doctor(store: &Store, now: Day) -> Diagnosis {
    let mut findings = Vec::new();
    match OwnCertificate::read(store) {
        Ok(own) => {
            expect_mode(&own.key_file, 0o600, &mut findings);
            for state in TrustState::ALL {
                expect_mode(&store.folder(state), 0o700, &mut findings);
            }
        }
        Err(error) => {
            findings.push(Finding::error("QIAO-O017", store.root().display().to_string()).with("reason", error))
        }
    }
    let certificates = list(store);
    for listed in certificates.iter().filter(|listed| listed.state != TrustState::Rejected) {
        findings.extend(validity(listed, now));
    }
    for list in certificate_revocation::list(store) {
        if list.next_update.is_some_and(|until| until < now) {
            let finding = Finding::warning("QIAO-O157", list.file.display().to_string());
            findings.push(finding.with("issuer", list.issuer).with("until", list.next_update.unwrap_or(now)));
        }
    }
    Diagnosis { certificates, findings }
}

fn validity(listed: &Listed, now: Day) -> Option<Finding> {
    let certificate = &listed.certificate;
    let place = listed.file.display().to_string();
    if now < certificate.not_before || now > certificate.not_after {
        let finding = Finding::error("QIAO-O007", place);
        return Some(
            finding.with("from", certificate.not_before).with("until", certificate.not_after).with("today", now),
        );
    }
    let days = certificate.not_after.days_after(now);
    (days < EXPIRY_WARNING_DAYS)
        .then(|| Finding::warning("QIAO-O034", place).with("days", days).with("until", certificate.not_after))
}

/// Others may not read what is secret.
fn expect_mode(path: &Path, mode: u32, findings: &mut Vec<Finding>) {
    let Ok(facts) = std::fs::metadata(path) else { return };
    let found = facts.permissions().mode() & 0o777;
    if found & !mode != 0 {
        let finding = Finding::error("QIAO-O035", path.display().to_string());
        findings.push(finding.with("found", format!("{found:o}")).with("mode", format!("{mode:o}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Day = Day { unix: 1_790_000_000 };

    #[track_caller]
    fn sees(store: &Store, now: Day, codes: &[&str]) {
        let diagnosis = doctor(store, now);
        assert_eq!(diagnosis.findings.iter().map(|f| f.code.0.as_ref()).collect::<Vec<_>>(), codes);
    }

    #[test]
    fn the_doctor_finds_a_missing_key_an_open_one_and_what_expires() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::client(folder.path());
        sees(&store, NOW, &["QIAO-O017"]);
        let own = OwnCertificate::ensure(&store, "hall-3", NOW).expect("made");
        sees(&store, NOW, &[]);
        let end = own.certificate.not_after.unix;
        sees(&store, Day { unix: end - 30 * 86_400 }, &["QIAO-O034"]);
        sees(&store, Day { unix: end + 1 }, &["QIAO-O007"]);
        std::fs::set_permissions(&own.key_file, std::fs::Permissions::from_mode(0o644)).expect("changed");
        sees(&store, NOW, &["QIAO-O035"]);
    }
}
