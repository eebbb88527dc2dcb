//! Who is let in: certificates of clients, held against the store of the face, and watched as long as they are inside.

use super::admission::{Admission, Full};
use super::chunk::OpenHeader;
use super::facts::{Counters, Teller, add};
use super::gate::Fault;
use super::pins::Pins;
use crate::finding::Finding;
use crate::model::Timestamp;
use crate::opcua::certificate::{Certificate, Day, Store, issuers};
use crate::opcua::certificate_check::{Expectation, client_faults};
use crate::port::Clock;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

/// What everybody at the door shares.
#[derive(Debug)]
pub(super) struct Ward {
    /// Name of the connection, for the findings.
    pub(super) name: String,
    pub(super) configuration: PathBuf,
    pub(super) store: Store,
    pub(super) pins: Pins,
    pub(super) is_open: bool,
    /// Thumbprint of our own certificate, and bytes of a block that is encrypted for it.
    pub(super) own: (Vec<u8>, usize),
    pub(super) clock: Clock,
    pub(super) admission: Arc<Admission>,
    pub(super) counters: Arc<Counters>,
    pub(super) teller: Arc<Teller>,
    /// Those who are inside, by fingerprint.
    pub(super) inside: Mutex<HashMap<String, Inside>>,
}

/// One client that is inside.
#[derive(Debug)]
pub(super) struct Inside {
    chain: Vec<u8>,
    connections: Vec<CancellationToken>,
}

/// A certificate that is not let in, and everything that is wrong with it, the first thing first.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) fingerprint: String,
    pub(super) findings: Vec<Finding>,
}

impl Ward {
    /// Judges the certificate of a client, its issuers behind it; gives its fingerprint. One that is not known is kept, so
    /// that a human can trust it.
    pub(super) fn judge(&self, chain: &[u8], now: Timestamp) -> Result<String, Refused> {
        let certificate = Certificate::read(chain).map_err(|error| Refused {
            fingerprint: String::new(),
            findings: vec![Finding::warning("QIAO-F007", &self.name).with("reason", error.reason)],
        })?;
        let today = Day::of(now);
        let trust = self.store.trust_in(&certificate, &issuers(chain), today);
        let expected = Expectation {
            connection: &self.name,
            configuration: &self.configuration,
            host: "",
            application_uri: "",
            today,
            exception: None,
            trust,
        };
        let findings = client_faults(&certificate, &expected);
        if findings.is_empty() {
            let pinned = self.pins.pin(&certificate);
            return pinned.map(|()| certificate.fingerprint.clone()).map_err(|error| Refused {
                fingerprint: certificate.fingerprint,
                findings: vec![Finding::error("QIAO-F003", &self.name).with("reason", error)],
            });
        }
        if !trust.is_given()
            && let Err(error) = self.store.remember(&certificate)
        {
            tracing::warn!(%error, "a certificate could not be kept");
        }
        Err(Refused { fingerprint: certificate.fingerprint, findings })
    }

    /// Whether what follows a header can be meant for our key at all: the crate slices without looking.
    pub(super) fn is_for_us(&self, opening: &OpenHeader<'_>) -> bool {
        let (thumbprint, block) = &self.own;
        opening.thumbprint == thumbprint && opening.rest >= *block && opening.rest.is_multiple_of(*block)
    }

    /// Keeps an eye on a client that came in.
    pub(super) fn watch(&self, fingerprint: &str, chain: &[u8], connection: CancellationToken) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let one = inside
            .entry(fingerprint.to_owned())
            .or_insert_with(|| Inside { chain: chain.to_vec(), connections: Vec::new() });
        one.connections.retain(|connection| !connection.is_cancelled());
        one.connections.push(connection);
    }

    /// Cuts off everybody whom nobody stands for any more.
    pub(super) fn look_again(&self, now: Timestamp) {
        let chains: Vec<(String, Vec<u8>)> = {
            let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
            inside.retain(|_, one| {
                one.connections.retain(|connection| !connection.is_cancelled());
                !one.connections.is_empty()
            });
            inside.iter().map(|(fingerprint, one)| (fingerprint.clone(), one.chain.clone())).collect()
        };
        for (fingerprint, chain) in chains {
            let Err(refused) = self.judge(&chain, now) else { continue };
            self.pins.forget(&fingerprint);
            let gone = self.inside.lock().unwrap_or_else(PoisonError::into_inner).remove(&fingerprint);
            gone.into_iter().flat_map(|one| one.connections).for_each(|connection| connection.cancel());
            let now = self.clock.now().monotonic;
            refused.findings.iter().take(1).for_each(|finding| {
                self.teller.tell(finding, &fingerprint, now);
            });
        }
    }

    /// Tells of somebody who is not let in.
    pub(super) fn stranger(&self, refused: &Refused, from: SocketAddr) {
        add(&self.counters.refused_certificates);
        let now = self.clock.now().monotonic;
        for finding in &refused.findings {
            let finding = finding.clone().with("from", from.ip());
            self.teller.tell(&finding, &refused.fingerprint, now);
        }
    }

    /// Tells of a connection for which there is no room.
    pub(super) fn full(&self, full: Full, from: SocketAddr) {
        add(&self.counters.refused_connections);
        let finding = Finding::warning("QIAO-F009", &self.name).with("from", from.ip()).with("why", full.name());
        self.teller.tell(&finding, &format!("{} {}", from.ip(), full.name()), self.clock.now().monotonic);
    }

    /// Tells of a connection that was cut off for what it sent.
    pub(super) fn misbehaved(&self, fault: Fault, from: SocketAddr) {
        // Told with the certificate itself.
        if fault == Fault::Certificate {
            return;
        }
        add(&self.counters.misbehaved);
        let (_, why) = fault.told();
        let finding = Finding::warning("QIAO-F008", &self.name).with("from", from.ip()).with("why", why);
        self.teller.tell(&finding, &format!("{} {why}", from.ip()), self.clock.now().monotonic);
    }
}
