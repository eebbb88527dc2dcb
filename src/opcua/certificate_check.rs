//! Whether a server's certificate may be used: who stands for it, time, key, usage, application URI, host.
//!
//! OPC 10000-4 §6.1.3 lists the steps. Somebody stands for it when a human trusts exactly this one (its fingerprint lies in
//! `trusted`), or when an authority in `authorities` does. What is accepted is pinned: the channel has to show the very same.

use super::certificate::{Certificate, Day};
use super::certificate_chain::Broken;
use crate::config::plan::CertificateException;
use crate::finding::Finding;
use std::path::Path;

/// What a certificate is held against.
#[derive(Debug)]
pub struct Expectation<'a> {
    /// Name of the connection, for the findings.
    pub connection: &'a str,
    /// The configuration's own file.
    pub configuration: &'a Path,
    /// Host of the configured address.
    pub host: &'a str,
    /// Application URI of the endpoint's server.
    pub application_uri: &'a str,
    pub today: Day,
    pub exception: Option<&'a CertificateException>,
    pub trust: Trust,
}

/// Who stands for a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// A human: it lies in `trusted`, and no list revokes it.
    Pinned,
    /// An authority that is trusted.
    Vouched,
    /// Nobody.
    Unknown,
    /// An authority could, and does not, or no more.
    Broken(Broken),
}

impl Trust {
    /// Whether it may be used, as far as trust goes.
    pub fn is_given(self) -> bool {
        matches!(self, Self::Pinned | Self::Vouched)
    }
}

/// Everything that is wrong with `certificate`; it may be used when no finding is an error. The first finding is the
/// one to act on first.
#[must_use]
pub fn check(certificate: &Certificate, expected: &Expectation<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let place = expected.connection;
    match expected.trust {
        Trust::Pinned | Trust::Vouched => {}
        Trust::Unknown => findings.push(
            Finding::error("QIAO-O006", place)
                .with("fingerprint", &certificate.fingerprint)
                .with("subject", &certificate.subject)
                .with("from", certificate.not_before)
                .with("until", certificate.not_after)
                .with("command", trust_command(certificate, expected.configuration)),
        ),
        Trust::Broken(broken) => findings.push(unbelieved(broken, certificate, expected)),
    }
    if expected.today < certificate.not_before || expected.today > certificate.not_after {
        let finding = Finding::error("QIAO-O007", place)
            .with("from", certificate.not_before)
            .with("until", certificate.not_after)
            .with("today", expected.today);
        findings.push(excused(finding, expected, |exception| exception.expired));
    }
    if !certificate.is_for_host(expected.host) {
        let finding =
            Finding::error("QIAO-O008", place).with("host", expected.host).with("hosts", listing(&certificate.hosts));
        findings.push(excused(finding, expected, |exception| exception.other_host));
    }
    if !certificate.application_uris.iter().any(|uri| uri == expected.application_uri) {
        findings.push(
            Finding::error("QIAO-O009", place)
                .with("endpoint", expected.application_uri)
                .with("certificate", listing(&certificate.application_uris)),
        );
    }
    // The same range for all three policies that are offered: OPC 10000-7, Basic256Sha256 and its successors.
    if !certificate.key_bits.is_some_and(|bits| (2048..=4096).contains(&bits)) {
        let bits = certificate.key_bits.map_or_else(|| "-".to_owned(), |bits| bits.to_string());
        findings.push(Finding::error("QIAO-O010", place).with("bits", bits));
    }
    let is_usable = certificate.may_secure_channel && certificate.may_serve;
    if !is_usable && expected.trust != Trust::Broken(Broken::NoLeaf) {
        findings.push(Finding::error("QIAO-O011", place).with("subject", &certificate.subject));
    }
    if certificate.has_weak_signature && expected.trust != Trust::Broken(Broken::Weak) {
        findings.push(Finding::error("QIAO-O012", place).with("subject", &certificate.subject));
    }
    findings
}

/// Everything that is wrong with the certificate of a client that wants to come in; nothing: it may.
#[must_use]
pub fn client_faults(certificate: &Certificate, expected: &Expectation<'_>) -> Vec<Finding> {
    let about = |code| {
        Finding::warning(code, expected.connection)
            .with("fingerprint", &certificate.fingerprint)
            .with("subject", &certificate.subject)
    };
    let fault = |word: &str| about("QIAO-F006").with("fault", word).with("issuer", &certificate.issuer);
    let mut findings = Vec::new();
    match expected.trust {
        Trust::Pinned | Trust::Vouched => {}
        Trust::Unknown => findings.push(
            about("QIAO-F005")
                .with("since", certificate.not_before.date())
                .with("until", certificate.not_after.date())
                .with("command", trust_command(certificate, expected.configuration)),
        ),
        Trust::Broken(broken) => findings.push(fault(match broken {
            Broken::NoIssuer => "issuer",
            Broken::Forged => "forged",
            Broken::IssuerOutOfDate => "issuer-time",
            Broken::IssuerMayNotSign => "issuer-usage",
            Broken::Revoked => "revoked",
            Broken::NoList => "no-list",
            Broken::NoLeaf => "usage",
            Broken::Weak => "weak",
            Broken::Invalid(_) => "invalid",
        })),
    }
    let is_rsa = certificate.key_bits.is_some_and(|bits| (2048..=4096).contains(&bits));
    let wrong = [
        (expected.today < certificate.not_before || expected.today > certificate.not_after, "time"),
        // Who it is: an application instance certificate has exactly one.
        (certificate.application_uris.len() != 1, "uri"),
        (!is_rsa, "key"),
        (!(certificate.may_secure_channel && certificate.may_connect), "usage"),
        (certificate.has_weak_signature, "weak"),
    ];
    findings.extend(wrong.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, word)| fault(word)));
    findings
}

/// Why the authorities do not stand for it.
fn unbelieved(broken: Broken, certificate: &Certificate, expected: &Expectation<'_>) -> Finding {
    let finding = |code| Finding::error(code, expected.connection).with("subject", &certificate.subject);
    let issuer = |code| finding(code).with("issuer", &certificate.issuer);
    match broken {
        Broken::NoIssuer => issuer("QIAO-O150").with("command", trust_command(certificate, expected.configuration)),
        Broken::Forged => issuer("QIAO-O151"),
        Broken::IssuerOutOfDate => issuer("QIAO-O152").with("today", expected.today),
        Broken::IssuerMayNotSign => issuer("QIAO-O153"),
        Broken::Revoked => issuer("QIAO-O154"),
        Broken::NoList => issuer("QIAO-O155").with("command", trust_command(certificate, expected.configuration)),
        Broken::Invalid(reason) => issuer("QIAO-O156").with("reason", reason),
        Broken::Weak => finding("QIAO-O012"),
        Broken::NoLeaf => finding("QIAO-O011"),
    }
}

/// As one types it into a shell, wherever one is.
fn trust_command(certificate: &Certificate, configuration: &Path) -> String {
    let file = configuration.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    let file = if file.chars().all(is_plain) { file } else { format!("'{}'", file.replace('\'', r"'\''")) };
    format!("qiao cert trust {} -c {file}", certificate.fingerprint)
}

/// Turns an error into a warning when an exception covers it, and says until when.
fn excused(error: Finding, expected: &Expectation<'_>, covers: fn(&CertificateException) -> bool) -> Finding {
    match expected.exception {
        // The exception is for a pinned certificate only, and its last day still counts.
        Some(exception)
            if expected.trust == Trust::Pinned
                && covers(exception)
                && expected.today.date().as_str() <= exception.until.as_str() =>
        {
            let mut warning = Finding::warning("QIAO-O013", error.place.clone());
            warning.arguments = error.arguments;
            warning.with("excused", &error.code.0).with("last", &exception.until)
        }
        _ => error,
    }
}

/// Some names suffice to see that another one is meant; a certificate may hold thousands.
fn listing(names: &[String]) -> String {
    const SHOWN: usize = 8;
    match names {
        [] => "-".to_owned(),
        few if few.len() <= SHOWN => few.join(", "),
        _ => format!("{}, … ({})", names[..SHOWN].join(", "), names.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::certificate::tests::server;
    use super::*;
    use crate::finding::Severity;

    const TODAY: Day = Day { unix: 1_790_000_000 }; // 2026-09-21

    fn expectation() -> Expectation<'static> {
        Expectation {
            connection: "lathe",
            configuration: Path::new("/etc/qiao/Halle 3/qiao.yaml"),
            host: "plc-7",
            application_uri: "urn:plc-7:acme:lathe",
            today: TODAY,
            exception: None,
            trust: Trust::Pinned,
        }
    }

    #[track_caller]
    fn errors(certificate: &Certificate, expected: &Expectation<'_>, codes: &[&str]) {
        let found = check(certificate, expected);
        let found: Vec<_> = found.iter().filter(|f| f.severity == Severity::Error).map(|f| f.code.0.as_ref()).collect();
        assert_eq!(found, codes);
    }

    #[test]
    fn a_pinned_certificate_without_fault_is_accepted() {
        assert_eq!(check(&server(|_| {}), &expectation()), []);
    }

    #[test]
    fn the_command_that_trusts_works_from_every_folder() {
        let good = server(|_| {});
        let found = check(&good, &Expectation { trust: Trust::Unknown, ..expectation() });
        let command = found[0].arguments.iter().find(|(name, _)| *name == "command").map(|(_, text)| text.to_string());
        let expected = format!("qiao cert trust {} -c '/etc/qiao/Halle 3/qiao.yaml'", good.fingerprint);
        assert_eq!(command, Some(expected));
    }

    #[test]
    fn each_fault_is_named_and_the_first_does_not_hide_the_second() {
        let good = server(|_| {});
        errors(&good, &Expectation { trust: Trust::Unknown, ..expectation() }, &["QIAO-O006"]);
        errors(&good, &Expectation { today: Day { unix: 1_900_000_000 }, ..expectation() }, &["QIAO-O007"]);
        errors(&good, &Expectation { today: Day { unix: 1_600_000_000 }, ..expectation() }, &["QIAO-O007"]);
        errors(&good, &Expectation { host: "10.0.0.8", ..expectation() }, &["QIAO-O008"]);
        errors(&good, &Expectation { application_uri: "urn:other", ..expectation() }, &["QIAO-O009"]);
        let wrong_use = server(|p| {
            p.key_usages = vec![rcgen::KeyUsagePurpose::CrlSign];
            p.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        });
        errors(&wrong_use, &Expectation { host: "elsewhere", ..expectation() }, &["QIAO-O008", "QIAO-O011"]);
    }

    #[test]
    fn a_client_is_let_in_by_the_same_rules_and_every_fault_is_named() {
        let words = |certificate: &Certificate, expected: &Expectation<'_>| -> Vec<String> {
            let found = client_faults(certificate, expected);
            let word = |finding: &Finding| {
                let fault = finding.arguments.iter().find(|(name, _)| *name == "fault");
                fault.map_or_else(|| finding.code.0.to_string(), |(_, word)| word.clone())
            };
            found.iter().map(word).collect()
        };
        let good = server(|_| {});
        assert_eq!(words(&good, &expectation()), [""; 0]);
        assert_eq!(words(&good, &Expectation { trust: Trust::Unknown, ..expectation() }), ["QIAO-F005"]);
        let revoked = Expectation { trust: Trust::Broken(Broken::Revoked), ..expectation() };
        assert_eq!(words(&good, &revoked), ["revoked"]);
        assert_eq!(words(&good, &Expectation { today: Day { unix: 1_900_000_000 }, ..expectation() }), ["time"]);
        let nobody = server(|p| p.subject_alt_names.retain(|name| !matches!(name, rcgen::SanType::URI(_))));
        assert_eq!(words(&nobody, &expectation()), ["uri"]);
        let only_server = server(|p| p.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth]);
        assert_eq!(words(&only_server, &expectation()), ["usage"]);
    }

    #[test]
    fn row_87_the_day_of_each_connection_decides_whatever_it_was_before() {
        let good = server(|_| {});
        for (days, codes) in [(0, &[][..]), (400 * 10, &["QIAO-O007"]), (0, &[])] {
            errors(&good, &Expectation { today: Day { unix: TODAY.unix + days * 86_400 }, ..expectation() }, codes);
        }
    }

    #[test]
    fn row_88_a_clock_that_was_never_set_is_named_as_what_the_certificate_was_held_against() {
        let found = check(&server(|_| {}), &Expectation { today: Day { unix: 9 }, ..expectation() });
        let today = found[0].arguments.iter().find(|(name, _)| *name == "today").map(|(_, day)| day.as_str());
        assert_eq!((found.len(), &*found[0].code.0, today), (1, "QIAO-O007", Some("1970-01-01T00:00:09Z")));
    }

    #[test]
    fn an_exception_excuses_what_it_names_until_its_last_day_and_only_for_a_pinned_certificate() {
        let good = server(|_| {});
        let exception = CertificateException { expired: false, other_host: true, until: TODAY.date() };
        let other_host = Expectation { host: "elsewhere", exception: Some(&exception), ..expectation() };
        errors(&good, &other_host, &[]);
        assert_eq!(check(&good, &other_host)[0].code.0, "QIAO-O013");
        errors(&good, &Expectation { trust: Trust::Unknown, ..other_host }, &["QIAO-O006", "QIAO-O008"]);
        let tomorrow = Day { unix: TODAY.unix + 86_400 };
        let exception = Some(&exception);
        errors(&good, &Expectation { host: "elsewhere", exception, today: tomorrow, ..expectation() }, &["QIAO-O008"]);
        errors(&good, &Expectation { today: Day { unix: 1_900_000_000 }, exception, ..expectation() }, &["QIAO-O007"]);
    }
}
