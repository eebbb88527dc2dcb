//! From a configuration to a link: an acceptable endpoint, a certificate that is trusted, a session.

use super::certificate::{Day, OwnCertificate};
use super::certificate_check::{Expectation, check};
use super::connector::host_and_port;
use super::endpoint::{self, Choice};
use super::fault::Fault;
use super::link::Link;
use super::session::{Caller, Opened};
use super::source::Source;
use crate::finding::{Finding, Severity};
use crate::port::SourceEvent;

impl Source {
    /// Who we are; read anew for every attempt, so that a renewed key pair needs no restart.
    pub(super) fn caller(&self) -> Result<Caller, Fault> {
        let today = Day::of(self.plan.clock.now().wall);
        let own = OwnCertificate::ensure(&self.store, &self.plan.gateway, today).map_err(|error| {
            let place = self.store.root().display().to_string();
            Fault::refused(Finding::error("QIAO-O017", place).with("reason", error))
        })?;
        Ok(Caller {
            connection_name: self.plan.name.clone(),
            gateway: self.plan.gateway.clone(),
            connection: self.plan.connection.clone(),
            own,
            clock: self.plan.clock,
        })
    }

    /// Finds an endpoint that is acceptable, checks its certificate, opens a session.
    pub(super) async fn connect(&mut self) -> Result<(Link, Choice, bool), Fault> {
        let caller = self.caller()?;
        let offered = caller.endpoints().await?;
        let choice = endpoint::choose(&self.plan.name, &self.plan.connection, &offered).map_err(Fault::refused)?;
        self.check(&choice).await?;
        loop {
            let ticket = self.kept.as_ref().map(|(_, ticket)| ticket.clone());
            match caller.open(&choice, ticket, self.skew.ticks).await? {
                Opened::New(link) => return Ok((link, choice, false)),
                Opened::TakenOver(link) => return Ok((link, choice, true)),
                Opened::Again { skew } => self.skew.ticks = skew,
            }
        }
    }

    /// Whether the server's certificate may be used, where it matters.
    async fn check(&mut self, choice: &Choice) -> Result<(), Fault> {
        let matters = choice.is_secure() || super::identity::needs_certificate(&self.plan.connection.identity);
        let Some(certificate) = choice.certificate.as_ref().filter(|_| matters) else { return Ok(()) };
        let host = host_and_port(&self.plan.connection.endpoint).map(|(host, _)| host).unwrap_or_default();
        let today = Day::of(self.plan.clock.now().wall);
        let trust = self.store.trust_in(certificate, &choice.issuers, today);
        let mut findings = check(
            certificate,
            &Expectation {
                connection: &self.plan.name,
                configuration: &self.plan.configuration,
                host: &host,
                application_uri: choice.endpoint.server.application_uri.as_ref(),
                today,
                exception: self.plan.connection.accept_certificate.as_ref(),
                trust,
            },
        );
        if !trust.is_given()
            && let Err(error) = self.store.remember(certificate)
        {
            findings.push(Finding::error("QIAO-O017", self.store.root().display().to_string()).with("reason", error));
        }
        let Some(first) = findings.iter().position(|finding| finding.severity == Severity::Error) else {
            // An exception is told each time it is used.
            for finding in findings {
                let _ = self.outside.emit(SourceEvent::Finding(finding)).await;
            }
            return Ok(());
        };
        let first = findings.remove(first);
        Err(Fault { others: findings, ..Fault::refused(first) })
    }
}
