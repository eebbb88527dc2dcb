//! Creates subscriptions and monitored items; every result is looked at.

use super::discover::ItemBinding;
use super::item::Place;
use super::item_request::{item, lacks_range, queue};
use super::limits::{Operation, ServerLimits};
use super::model_event;
use super::order::{Granted, ITEMS_PER_SUBSCRIPTION, Made, Order, Terms};
use crate::finding::Finding;
use crate::model::Timestamp;
use ::opcua::client::services::{CreateMonitoredItems, CreateSubscription, ModifySubscription};
use ::opcua::client::{Session, UARequest};
use ::opcua::types::{MonitoredItemCreateResult, StatusCode, TimestampsToReturn};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

/// A silent subscription says that it lives this often.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// Carries out an order and tells what becomes of it. Ends early when nobody listens.
pub async fn make(session: Arc<Session>, limits: Arc<ServerLimits>, order: Order, told: mpsc::Sender<Made>) {
    let created = AtomicI64::new(Timestamp::NONE.0);
    let maker = Maker { session: &session, limits: &limits, order: &order, told: &told, created };
    // Whoever does not listen any more needs no answer.
    let _ = maker.run().await;
}

struct Maker<'a> {
    session: &'a Session,
    limits: &'a ServerLimits,
    order: &'a Order,
    told: &'a mpsc::Sender<Made>,
    /// When the server last created items, by its clock: ticks of a [`Timestamp`].
    created: AtomicI64,
}

/// Nobody listens any more.
struct Unheard;

/// Items whose request differs from what they got.
#[derive(Default)]
struct Revisions {
    count: u32,
    /// Not told yet.
    slots: Vec<u32>,
    example: Option<(u32, String, String)>,
}

impl Maker<'_> {
    async fn tell(&self, made: Made) -> Result<(), Unheard> {
        self.told.send(made).await.map_err(|_| Unheard)
    }

    async fn run(&self) -> Result<(), Unheard> {
        let mut waiting: VecDeque<u32> = self.order.slots.iter().copied().collect();
        let mut join = self.order.join;
        let mut revisions = Revisions::default();
        let mut has_watch = self.order.has_watch;
        while !waiting.is_empty() || has_watch {
            let (subscription, room) = match join.take().filter(|(_, room)| *room > 0) {
                Some(join) => join,
                None => match self.subscription().await {
                    Ok(granted) => {
                        self.tell(Made::Subscription(granted)).await?;
                        (granted.id, ITEMS_PER_SUBSCRIPTION)
                    }
                    Err(status) => {
                        self.tell(Made::Failed { slots: waiting.drain(..).collect(), status }).await?;
                        if has_watch {
                            self.tell(Made::Watch(Err(status))).await?;
                        }
                        break;
                    }
                },
            };
            let batch: Vec<u32> = waiting.drain(..room.min(waiting.len())).collect();
            let full = self.items(subscription, &batch, &mut revisions).await?;
            if std::mem::take(&mut has_watch) {
                // After the items: their first values are waited for, changes of the model are not.
                self.tell(Made::Watch(self.watch(subscription).await)).await?;
            }
            if !batch.is_empty()
                && full.len() == batch.len()
                && self.order.join.is_none_or(|(joined, _)| joined != subscription)
            {
                // Not even one fits into a subscription of its own.
                let status = StatusCode::BadTooManyMonitoredItems;
                let results = full.iter().map(|slot| (*slot, Err(status))).collect();
                let revised = Vec::new();
                self.tell(Made::Items { subscription, results, revised, time: self.created() }).await?;
                self.tell(Made::Failed { slots: waiting.drain(..).collect(), status }).await?;
            } else {
                // A server may hold fewer items a subscription than we ask for.
                for slot in full.into_iter().rev() {
                    waiting.push_front(slot);
                }
            }
        }
        if let Some((slot, asked, granted)) = revisions.example {
            let finding = Finding::warning("QIAO-O026", &self.order.terms.connection).with("count", revisions.count);
            self.tell(Made::Finding(
                finding.with("node", self.node(slot)).with("asked", asked).with("granted", granted),
            ))
            .await?;
        }
        self.tell(Made::Done).await
    }

    async fn subscription(&self) -> Result<Granted, StatusCode> {
        let terms = &self.order.terms;
        let interval = terms.publishing_interval;
        let (keep_alive, lifetime) = counts(terms);
        let answer = CreateSubscription::new(self.session)
            .publishing_interval(interval)
            .max_keep_alive_count(keep_alive)
            .max_lifetime_count(lifetime)
            .max_notifications_per_publish(terms.values_per_message)
            .publishing_enabled(true)
            .send(self.session.channel())
            .await
            .map_err(|error| error.status())?;
        let revised = Duration::from_secs_f64(answer.revised_publishing_interval.clamp(1.0, 86_400_000.0) / 1000.0);
        let granted = Granted {
            id: answer.subscription_id,
            interval: revised,
            keep_alive: revised.saturating_mul(answer.revised_max_keep_alive_count.max(1)),
            lifetime: revised.saturating_mul(answer.revised_lifetime_count.max(1)),
        };
        let mut findings = Vec::new();
        if terms.is_slower(granted.interval) {
            let finding = Finding::warning("QIAO-O025", &terms.connection);
            let finding = finding.with("asked", format!("{} ms", interval.as_millis()));
            findings.push(finding.with("granted", format!("{} ms", revised.as_millis())));
        }
        if terms.is_shorter(granted.lifetime) {
            let finding = Finding::warning("QIAO-O134", &terms.connection).with("asked", terms.lifetime.as_secs());
            findings.push(finding.with("granted", granted.lifetime.as_secs()));
        }
        for finding in findings {
            // If nobody listens, the next message finds out.
            let _ = self.tell(Made::Finding(finding)).await;
        }
        Ok(granted)
    }

    /// Has the server tell of changes of its model.
    async fn watch(&self, subscription: u32) -> Result<Place, StatusCode> {
        let mut refused = StatusCode::BadUnknownResponse;
        for request in model_event::requests() {
            let created = CreateMonitoredItems::new(subscription, self.session)
                .timestamps_to_return(TimestampsToReturn::Neither)
                .items_to_create(vec![request])
                .send(self.session.channel())
                .await
                .map_err(|error| error.status())?;
            match created.results.first().map(|created| answer(&created.result)) {
                Some(Ok(id)) => return Ok(Place { subscription, id }),
                Some(Err(status)) => refused = status,
                None => {}
            }
        }
        Err(refused)
    }

    /// Creates items; returns those the subscription had no room for.
    async fn items(&self, subscription: u32, slots: &[u32], revisions: &mut Revisions) -> Result<Vec<u32>, Unheard> {
        let (mut results, mut plain, mut full) = (Vec::new(), Vec::new(), Vec::new());
        if slots.is_empty() {
            return Ok(full);
        }
        for (slot, result) in self.create(subscription, slots, true).await {
            match result.status_code {
                StatusCode::BadTooManyMonitoredItems => full.push(slot),
                StatusCode::BadMonitoredItemFilterUnsupported
                | StatusCode::BadMonitoredItemFilterInvalid
                | StatusCode::BadFilterNotAllowed
                | StatusCode::BadDeadbandFilterInvalid
                    if self.binding(slot).is_some_and(is_filtered) =>
                {
                    plain.push(slot);
                }
                _ => {
                    self.compare(slot, &result, revisions);
                    results.push((slot, answer(&result)));
                }
            }
        }
        let rangeless = slots.iter().copied().filter(|slot| self.binding(*slot).is_some_and(lacks_range));
        let has_deadband = |slot: &u32| self.binding(*slot).is_some_and(|binding| binding.deadband.is_some());
        let without: Vec<u32> = rangeless.chain(plain.iter().copied().filter(has_deadband)).collect();
        if let Some(first) = without.first() {
            let finding = Finding::warning("QIAO-O029", &self.order.terms.connection);
            self.tell(Made::Finding(finding.with("count", without.len()).with("node", self.node(*first)))).await?;
        }
        if !plain.is_empty() {
            for (slot, result) in self.create(subscription, &plain, false).await {
                self.compare(slot, &result, revisions);
                results.push((slot, answer(&result)));
            }
        }
        let revised = std::mem::take(&mut revisions.slots);
        self.tell(Made::Items { subscription, results, revised, time: self.created() }).await?;
        Ok(full)
    }

    fn created(&self) -> Timestamp {
        Timestamp(self.created.load(Ordering::Relaxed))
    }

    async fn create(&self, subscription: u32, slots: &[u32], filtered: bool) -> Vec<(u32, MonitoredItemCreateResult)> {
        let call = |chunk: Vec<u32>| async move {
            let publishing = self.order.terms.publishing_interval;
            let requests =
                chunk.iter().filter_map(|slot| Some(item(*slot, self.binding(*slot)?, publishing, filtered)));
            let answer = CreateMonitoredItems::new(subscription, self.session)
                .timestamps_to_return(TimestampsToReturn::Both)
                .items_to_create(requests.collect())
                .send(self.session.channel())
                .await?;
            self.created.store(answer.response_header.timestamp.ticks(), Ordering::Relaxed);
            Ok(answer.results.into_iter().map(|created| created.result).collect())
        };
        let done = self.limits.chunked(Operation::MonitoredItems, slots, call).await;
        let missing = done.failed.unwrap_or(StatusCode::BadUnexpectedError);
        let missing = MonitoredItemCreateResult { status_code: missing, ..MonitoredItemCreateResult::default() };
        let results = done.results.into_iter().chain(std::iter::repeat(missing));
        slots.iter().copied().zip(results).collect()
    }

    /// An item's name outside of this module: never with an index.
    fn node(&self, slot: u32) -> &str {
        self.order.discovery.items.get(slot as usize).map_or("", |item| item.node.as_str())
    }

    fn binding(&self, slot: u32) -> Option<&ItemBinding> {
        self.order.bindings.get(slot as usize)
    }

    /// Notices what the server made of a request.
    fn compare(&self, slot: u32, result: &MonitoredItemCreateResult, revisions: &mut Revisions) {
        let Some(binding) = self.binding(slot).filter(|_| result.status_code.is_good()) else { return };
        let asked_sampling = binding.sampling.map(|sampling| sampling.as_secs_f64() * 1000.0);
        let asked_queue = queue(binding, self.order.terms.publishing_interval);
        let is_slower = asked_sampling.is_some_and(|asked| result.revised_sampling_interval > asked.max(1.0) * 1.01);
        if is_slower || result.revised_queue_size < asked_queue {
            revisions.count += 1;
            revisions.slots.push(slot);
            let text = |sampling: f64, queue: u32| format!("{sampling} ms, {queue}");
            revisions.example.get_or_insert_with(|| {
                let granted = text(result.revised_sampling_interval, result.revised_queue_size);
                (slot, text(asked_sampling.unwrap_or(result.revised_sampling_interval), asked_queue), granted)
            });
        }
    }
}

/// Whether the request asks the server to leave something out, which it may not be able to.
fn is_filtered(binding: &ItemBinding) -> bool {
    binding.deadband.is_some() || binding.events.as_ref().is_some_and(|events| events.has_filter())
}

/// The id of an item that was created, or why it was not.
fn answer(result: &MonitoredItemCreateResult) -> Result<u32, StatusCode> {
    if result.status_code.is_bad() { Err(result.status_code) } else { Ok(result.monitored_item_id) }
}

/// Keep-alive and lifetime count; the latter is at least three times the former (OPC 10000-4 §5.14.2.2).
fn counts(terms: &Terms) -> (u32, u32) {
    let interval = terms.publishing_interval.as_nanos().max(1_000_000);
    let times = |span: Duration| u32::try_from(span.as_nanos().div_ceil(interval)).unwrap_or(u32::MAX);
    let keep_alive = times(KEEP_ALIVE).max(1);
    (keep_alive, times(terms.lifetime).max(keep_alive.saturating_mul(3)))
}

/// The request that has an existing subscription keep smaller messages.
#[must_use]
pub fn modified(request: ModifySubscription, terms: &Terms) -> ModifySubscription {
    let (keep_alive, lifetime) = counts(terms);
    request
        .publishing_interval(terms.publishing_interval)
        .max_keep_alive_count(keep_alive)
        .max_lifetime_count(lifetime)
        .max_notifications_per_publish(terms.values_per_message)
}
