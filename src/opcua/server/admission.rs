//! How many may stand at the door and be inside, altogether and each: nobody takes the place of all others.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Connections that are not let in yet.
const STRANGERS: usize = 64;
const STRANGERS_EACH: usize = 10;
/// Channels that one client may open at once in the long run: so many, and one more each second.
const OPENINGS: f64 = 20.0;
const OPENINGS_PER_SECOND: f64 = 1.0;
/// Clients whose openings are remembered.
const REMEMBERED: usize = 4096;

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// Too many stand at the door.
    Door,
    /// Too many of this address do.
    Address,
    /// As many clients as there may be are connected.
    Clients,
    /// This one has as many connections as it may.
    Client,
    /// This one opens channels too fast.
    Fast,
}

impl Full {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Address => "address",
            Self::Clients => "clients",
            Self::Client => "client",
            Self::Fast => "fast",
        }
    }
}

/// Who is where.
#[derive(Debug)]
pub(super) struct Admission {
    inside: usize,
    inside_each: usize,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    strangers: HashMap<IpAddr, usize>,
    strangers_all: usize,
    /// By certificate and address, or by address alone.
    clients: HashMap<String, usize>,
    clients_all: usize,
    openings: HashMap<String, Openings>,
}

/// A bucket that fills with time.
#[derive(Clone, Copy, Debug)]
struct Openings {
    left: f64,
    at: Duration,
}

/// A place that is held; dropping it gives it back.
#[derive(Debug)]
pub(super) struct Place {
    admission: Arc<Admission>,
    what: Held,
}

#[derive(Debug)]
enum Held {
    Door(IpAddr),
    Inside(String),
}

impl Admission {
    /// So many clients in all, half of them one alone.
    pub(super) fn new(clients: usize) -> Arc<Self> {
        let inside = clients.max(1);
        Arc::new(Self { inside, inside_each: inside.div_ceil(2), counts: Mutex::default() })
    }

    /// A place at the door.
    pub(super) fn arrive(self: &Arc<Self>, address: IpAddr) -> Result<Place, Full> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.strangers_all >= STRANGERS {
            return Err(Full::Door);
        }
        let each = counts.strangers.entry(address).or_default();
        if *each >= STRANGERS_EACH {
            return Err(Full::Address);
        }
        *each += 1;
        counts.strangers_all += 1;
        Ok(Place { admission: Arc::clone(self), what: Held::Door(address) })
    }

    /// A place inside, for one whose certificate was found good.
    pub(super) fn enter(self: &Arc<Self>, client: &str, now: Duration) -> Result<Place, Full> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.clients_all >= self.inside {
            return Err(Full::Clients);
        }
        if counts.clients.get(client).is_some_and(|count| *count >= self.inside_each) {
            return Err(Full::Client);
        }
        if !counts.may_open(client, now) {
            return Err(Full::Fast);
        }
        *counts.clients.entry(client.to_owned()).or_default() += 1;
        counts.clients_all += 1;
        Ok(Place { admission: Arc::clone(self), what: Held::Inside(client.to_owned()) })
    }

    /// Connections of clients that were let in.
    pub(super) fn inside(&self) -> usize {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clients_all
    }
}

impl Counts {
    fn may_open(&mut self, client: &str, now: Duration) -> bool {
        if self.openings.len() >= REMEMBERED {
            self.openings.retain(|_, openings| openings.left_at(now) < OPENINGS);
        }
        let openings = self.openings.entry(client.to_owned()).or_insert(Openings { left: OPENINGS, at: now });
        let left = openings.left_at(now);
        *openings = Openings { left: if left >= 1.0 { left - 1.0 } else { left }, at: now };
        left >= 1.0
    }
}

impl Openings {
    fn left_at(&self, now: Duration) -> f64 {
        let more = now.saturating_sub(self.at).as_secs_f64() * OPENINGS_PER_SECOND;
        (self.left + more).min(OPENINGS)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.admission.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match &self.what {
            Held::Door(address) => {
                counts.strangers_all = counts.strangers_all.saturating_sub(1);
                if let Some(each) = counts.strangers.get_mut(address) {
                    *each = each.saturating_sub(1);
                    if *each == 0 {
                        counts.strangers.remove(address);
                    }
                }
            }
            Held::Inside(client) => {
                counts.clients_all = counts.clients_all.saturating_sub(1);
                if let Some(each) = counts.clients.get_mut(client) {
                    *each = each.saturating_sub(1);
                    if *each == 0 {
                        counts.clients.remove(client);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(100);

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    #[test]
    fn one_address_does_not_fill_the_door_and_strangers_do_not_fill_the_house() {
        let admission = Admission::new(4);
        let mut places: Vec<Place> = (0..STRANGERS_EACH).map(|_| admission.arrive(address(1)).expect("room")).collect();
        assert_eq!(admission.arrive(address(1)).err(), Some(Full::Address));
        for last in 2..=7 {
            places.extend((0..STRANGERS_EACH).filter_map(|_| admission.arrive(address(last)).ok()));
        }
        assert_eq!(admission.arrive(address(9)).err(), Some(Full::Door));
        assert!(admission.enter("a", NOW).is_ok());
        places.clear();
        assert!(admission.arrive(address(1)).is_ok());
    }

    #[test]
    fn one_client_has_half_of_the_places_at_most() {
        let admission = Admission::new(4);
        let places: Vec<Place> = (0..2).map(|_| admission.enter("a", NOW).expect("room")).collect();
        assert_eq!(admission.enter("a", NOW).err(), Some(Full::Client));
        let others: Vec<Place> = ["b", "c"].map(|one| admission.enter(one, NOW).expect("room")).into();
        assert_eq!(admission.enter("d", NOW).err(), Some(Full::Clients));
        assert_eq!(admission.inside(), 4);
        drop((places, others));
        assert_eq!(admission.inside(), 0);
    }

    #[test]
    fn a_client_that_opens_channels_in_a_loop_is_slowed_down() {
        let admission = Admission::new(4);
        let opened = (0..1000).filter(|_| admission.enter("a", NOW).is_ok()).count();
        assert_eq!(opened, OPENINGS as usize);
        assert!(admission.enter("b", NOW).is_ok());
        assert!(admission.enter("a", NOW + Duration::from_secs(1)).is_ok());
        assert_eq!(admission.enter("a", NOW + Duration::from_secs(1)).err(), Some(Full::Fast));
    }
}
