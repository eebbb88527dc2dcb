//! A new session goes on with the subscriptions of one that the server has closed, or of an earlier process that ended
//! without taking leave (OPC 10000-4 §5.14.7). Nothing is gone on with on trust: the server has to be the one it was, and
//! every item is held against what it says it has.

use super::browse::Browser;
use super::cache::ServerIdentity;
use super::estate::{Book, Estate, Record};
use super::feed::Feed;
use super::identity;
use super::inherit::Granting;
use super::link::Link;
use super::namespace::Namespaces;
use super::outside::Over;
use super::publish::{Loop, Publisher};
use super::recheck::Cause;
use super::republish;
use super::source::{End, Source, SourcePlan};
use crate::finding::Finding;
use crate::port::SourceEvent;
use ::opcua::client::services::{Call, DeleteSubscriptions, TransferSubscriptions};
use ::opcua::client::{Session, UARequest};
use ::opcua::types::{CallMethodRequest, MethodId, NodeId, ObjectId, StatusCode, Variant};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::time::Duration;

/// A subscription that was taken over says something within its keep-alive time and this; some servers have it stalled.
const STALLED_MARGIN: Duration = Duration::from_secs(5);

/// What the server said of each subscription: the numbers that it keeps, or why it was not handed over.
type Answers = Vec<(u32, Result<Vec<u32>, StatusCode>)>;

/// Digest of what the configuration wants of a server, and as whom.
#[must_use]
pub fn wanted(plan: &SourcePlan) -> String {
    let connection = &plan.connection;
    let user = identity::name(&connection.identity);
    let all = format!(
        "{:?} {:?} {:?} {user} {}",
        plan.selections, connection.publishing_interval, connection.session_timeout, plan.gateway
    );
    Sha256::digest(all).iter().take(16).fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

async fn transfer(session: &Session, ids: &[u32], has_initial_values: bool) -> Result<Answers, StatusCode> {
    let request = TransferSubscriptions::new(session).subscription_ids(ids.to_vec());
    let request = request.send_initial_values(has_initial_values);
    let answer = request.send(session.channel()).await.map_err(|error| error.status())?;
    let mut results = answer.results.unwrap_or_default().into_iter();
    let answers = ids.iter().map(|id| {
        let answer = match results.next() {
            // It is this session's already: the answer to an earlier request was lost.
            Some(one) if one.status_code.is_good() || one.status_code == StatusCode::BadNothingToDo => {
                Ok(one.available_sequence_numbers.unwrap_or_default())
            }
            Some(one) => Err(one.status_code),
            None => Err(StatusCode::BadUnknownResponse),
        };
        (*id, answer)
    });
    Ok(answers.collect())
}

/// Why nothing was handed over at all; `None`: something was.
fn refusal(answers: &Result<Answers, StatusCode>) -> Option<StatusCode> {
    match answers {
        Ok(answers) if answers.iter().any(|(_, answer)| answer.is_ok()) => None,
        Ok(answers) => Some(answers.iter().find_map(|(_, answer)| answer.as_ref().err().copied()).unwrap_or_default()),
        Err(status) => Some(*status),
    }
}

/// Whoever may not have them any more, the server need not keep them.
async fn discard(session: &Session, ids: &[u32]) {
    if !ids.is_empty() {
        // If it fails, they end with their lifetime.
        let _ = DeleteSubscriptions::new(session).subscription_ids(ids.to_vec()).send(session.channel()).await;
    }
}

/// The server's ids and our handles of a subscription's items (OPC 10000-5 §9.1, `GetMonitoredItems`); `None`: it does not
/// tell.
async fn monitored(session: &Session, id: u32) -> Option<Vec<(u32, u32)>> {
    let call = CallMethodRequest {
        object_id: NodeId::from(ObjectId::Server),
        method_id: NodeId::from(MethodId::Server_GetMonitoredItems),
        input_arguments: Some(vec![Variant::UInt32(id)]),
    };
    let answer = Call::new(session).method(call).send(session.channel()).await.ok()?;
    let result = answer.results?.into_iter().next().filter(|result| result.status_code.is_good())?;
    let mut lists = result.output_arguments?.into_iter().map(|argument| match argument {
        Variant::Array(array) => array
            .values
            .iter()
            .map(|value| if let Variant::UInt32(number) = value { Some(*number) } else { None })
            .collect::<Option<Vec<u32>>>(),
        _ => None,
    });
    let (servers, handles) = (lists.next()??, lists.next()??);
    (servers.len() == handles.len()).then(|| servers.into_iter().zip(handles).collect())
}

impl Source {
    /// What a new session begins with, and whether something of before goes on in it.
    pub(super) async fn begin(&mut self, link: &Link) -> Result<(Feed, bool), End> {
        if let Some((mut feed, ticket)) = self.kept.take() {
            match self.go_on(link, &mut feed).await {
                Ok(true) => return Ok((feed, true)),
                Ok(false) => {
                    self.left = feed.history.leave(&feed.discovery.items);
                    let finding = Finding::error("QIAO-O021", &self.plan.name);
                    self.outside.gap(finding, Vec::new()).await?;
                    if let Some(mut book) = self.book() {
                        book.remove();
                    }
                }
                Err(end) => {
                    self.kept = Some((feed, ticket));
                    return Err(end);
                }
            }
            return Ok((self.find(link).await?, false));
        }
        let Some(mut book) = self.book() else { return Ok((self.find(link).await?, false)) };
        let reason = match book.read() {
            Ok(None) => return Ok((self.find(link).await?, false)),
            Ok(Some((estate, records))) => match self.inherit(link, &estate, &records).await? {
                Ok(feed) => return Ok((feed, true)),
                Err(reason) => reason,
            },
            Err(error) => {
                tracing::debug!(connection = %self.plan.name, %error, "the file of subscriptions is not used");
                "damaged".to_owned()
            }
        };
        let feed = self.find(link).await?;
        let finding = Finding::error("QIAO-O131", &self.plan.name).with("reason", reason);
        self.outside.gap(finding, Vec::new()).await?;
        // Told once.
        book.remove();
        Ok((feed, false))
    }

    /// The file for the next process.
    pub(super) fn book(&self) -> Option<Book> {
        self.plan.subscriptions.as_ref().map(|folder| Book::at(folder.join(&self.plan.name)))
    }

    async fn identity(&self, link: &Link) -> Result<ServerIdentity, End> {
        let stop = self.outside.stop.clone();
        let browser = Browser { session: &link.session, limits: &self.limits, stop: &stop, references_max: usize::MAX };
        let asked = async {
            let namespaces = Namespaces::read(&link.session).await?;
            ServerIdentity::read(&browser, &self.plan.connection.endpoint, &namespaces).await
        };
        asked.await.map_err(|error| self.failed(&error))
    }

    /// A link was lost together with its session: its subscriptions go on in the new one. The epoch, the slots and what is
    /// owed stay.
    async fn go_on(&mut self, link: &Link, feed: &mut Feed) -> Result<bool, End> {
        let ids: Vec<u32> = feed.subscriptions.iter().map(|subscription| subscription.id).collect();
        if ids.is_empty() || self.identity(link).await? != feed.identity {
            return Ok(false);
        }
        let answers = transfer(&link.session, &ids, false).await;
        if let Some(status) = refusal(&answers) {
            tracing::info!(connection = %self.plan.name, %status, "subscriptions were not taken over");
            discard(&link.session, &ids).await;
            return Ok(false);
        }
        let found = self.survey(link).find(self.epoch, false).await.map_err(|error| self.failed(&error))?;
        if found.identity != feed.identity {
            discard(&link.session, &ids).await;
            return Ok(false);
        }
        let now = self.outside.now();
        if feed.is_distrusted(&found) {
            feed.recheck.ask(Cause::Suspected, now);
        } else {
            let adopted = feed.adopt(found, Cause::Told, now);
            feed.orphans.extend(adopted.orphans);
            if let Some(discovery) = adopted.discovery {
                self.outside.emit(SourceEvent::Found(discovery)).await?;
            }
            for finding in adopted.findings {
                self.outside.emit(SourceEvent::Finding(finding)).await?;
            }
        }
        for (id, answer) in answers.unwrap_or_default() {
            let at = feed.position(id);
            match (answer, at) {
                (Ok(available), Some(at)) => {
                    feed.subscriptions[at].available = available;
                    feed.subscriptions[at].transferred = Some(now);
                    feed.subscriptions[at].has_spoken = false;
                }
                (Err(status), _) => republish::gone(feed, id, status, &self.outside).await?,
                (Ok(_), None) => {}
            }
        }
        feed.is_book_old = true;
        Ok(true)
    }

    /// Takes over what an earlier process left; or why not.
    async fn inherit(&mut self, link: &Link, estate: &Estate, records: &[Record]) -> Result<Result<Feed, String>, End> {
        if estate.wanted != wanted(&self.plan) {
            return Ok(Err("configuration".to_owned()));
        }
        if estate.terms != link.ticket.terms {
            return Ok(Err("security".to_owned()));
        }
        if self.identity(link).await? != estate.identity {
            return Ok(Err("server".to_owned()));
        }
        let ids: Vec<u32> = estate.subscriptions.iter().map(|left| left.id).collect();
        if ids.is_empty() {
            return Ok(Err("ended".to_owned()));
        }
        let answers = transfer(&link.session, &ids, true).await;
        if let Some(status) = refusal(&answers) {
            discard(&link.session, &ids).await;
            return Ok(Err(status.to_string()));
        }
        self.epoch += 1;
        let found = self.survey(link).find(self.epoch, false).await.map_err(|error| self.failed(&error))?;
        if found.identity != estate.identity {
            discard(&link.session, &ids).await;
            return Ok(Err("server".to_owned()));
        }
        let (mut granted, mut refused): (Vec<Granting>, _) = (Vec::new(), Vec::new());
        for (id, answer) in answers.unwrap_or_default() {
            match answer {
                Ok(available) => granted.push((id, available)),
                Err(status) => refused.push((id, status)),
            }
        }
        let (terms, interval, now) = (self.terms(link), self.plan.connection.browse_again, self.outside.now());
        let mut feed = Feed::inherit(found, estate, records, granted, terms, interval, now);
        feed.book = self.book();
        self.tell_found(&feed).await?;
        for (id, status) in refused {
            let of_it = estate.items.iter().zip(0..).filter(|(left, _)| left.place.is_some_and(|(of, _)| of == id));
            let slots = of_it.map(|(_, slot)| slot).collect();
            let finding = Finding::error("QIAO-O023", &self.plan.name).with("subscription", id).with("status", status);
            self.outside.gap(finding, slots).await?;
        }
        feed.has_uncertain_items = estate.is_making;
        Ok(Ok(feed))
    }
}

impl Publisher<'_> {
    /// Keeps the file for the next process up to date.
    pub(super) fn keep_book(&mut self, state: &Loop) {
        if !std::mem::take(&mut self.feed.is_book_old) {
            return;
        }
        let Some(mut book) = self.feed.book.take() else { return };
        let estate = self.feed.estate(self.link.ticket.terms.clone(), self.wanted.to_owned(), state.is_making);
        let sequences = self.feed.subscriptions.iter().map(|one| (one.id, &one.sequence));
        if let Err(error) = book.write(&estate, sequences) {
            tracing::warn!(connection = %self.outside.name, %error, "the file of subscriptions was not written");
        }
        self.feed.book = Some(book);
    }

    /// After a take-over by another session: every item is there under the id and the handle that it had, or is created
    /// anew. What the server does not tell is left to the proof, unless it may keep more than we know of.
    pub(super) async fn verify(&mut self, state: &mut Loop) -> Result<(), Over> {
        let is_uncertain = std::mem::take(&mut self.feed.has_uncertain_items);
        let taken: Vec<u32> =
            self.feed.subscriptions.iter().filter(|one| one.transferred.is_some()).map(|one| one.id).collect();
        for id in &taken {
            let missing = match monitored(&self.link.session, *id).await {
                Some(listed) => self.feed.verify(*id, &listed),
                None if is_uncertain => {
                    let slots = self.feed.slots_of(*id).collect();
                    self.replace(state, *id);
                    slots
                }
                None => Vec::new(),
            };
            if !missing.is_empty() {
                self.feed.history.cut(missing.iter().copied());
                let finding = Finding::error("QIAO-O133", &self.outside.name).with("subscription", id);
                self.outside.gap(finding.with("count", missing.len()), missing).await?;
            }
            if self.feed.has_events(*id) {
                self.feed.refresh.want(*id);
            }
        }
        if !taken.is_empty() {
            self.outside.counters.transferred.add(taken.len() as u64);
            let finding = Finding::note("QIAO-O132", &self.outside.name).with("count", taken.len());
            self.outside.emit(SourceEvent::Finding(finding)).await?;
        }
        Ok(())
    }

    /// Some servers hand a subscription over and then send nothing more of it: its items are created anew.
    pub(super) async fn unstall(&mut self, state: &mut Loop, now: Duration) -> Result<(), Over> {
        let Some(publishing) = state.publishing_since else { return Ok(()) };
        let subscriptions = self.feed.subscriptions.iter();
        let stalled: Vec<u32> = subscriptions
            .filter(|one| {
                one.transferred.is_some_and(|since| now > since.max(publishing) + one.keep_alive + STALLED_MARGIN)
            })
            .map(|one| one.id)
            .collect();
        for id in stalled {
            let slots: Vec<u32> = self.feed.slots_of(id).collect();
            self.feed.lose(id);
            self.replace(state, id);
            let finding = Finding::error("QIAO-O136", &self.outside.name).with("subscription", id);
            self.outside.gap(finding, slots).await?;
        }
        Ok(())
    }
}
