//! Creates subscriptions and monitored items; every result is looked at.

use super::discover::ItemBinding;
use super::limits::{Operation, ServerLimits};
use crate::config::plan::Deadband;
use crate::finding::Finding;
use crate::model::Discovery;
use ::opcua::client::services::{CreateMonitoredItems, CreateSubscription, ModifySubscription};
use ::opcua::client::{Session, UARequest};
use ::opcua::types::{
    AttributeId, DataChangeFilter, DataChangeTrigger, DeadbandType, ExtensionObject, MonitoredItemCreateRequest,
    MonitoredItemCreateResult, MonitoringMode, MonitoringParameters, ReadValueId, StatusCode, TimestampsToReturn,
};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// One subscription holds no more: what one costs when it is lost stays bounded.
const ITEMS_PER_SUBSCRIPTION: usize = 5_000;
/// A silent subscription says that it lives this often.
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// A queue holds so many times what one publishing interval brings.
const QUEUE_MARGIN: u32 = 2;
/// A queue of one loses values without a mark (OPC 10000-4 §5.13.1.5).
const QUEUE_MIN: u32 = 2;
const QUEUE_MAX: u32 = 10_000;
/// When nobody says how fast an item is sampled.
const QUEUE_DEFAULT: u32 = 10;

/// How a subscription is asked for.
#[derive(Clone, Debug)]
pub struct Terms {
    /// Name of the connection, for findings.
    pub connection: String,
    pub publishing_interval: Duration,
    /// Kept by the server for so long without a Publish request.
    pub lifetime: Duration,
    /// Values one message may hold; keeps it below the message limit.
    pub values_per_message: u32,
}

/// A subscription as the server granted it.
#[derive(Clone, Copy, Debug)]
pub struct Granted {
    pub id: u32,
    pub keep_alive: Duration,
}

/// The server's answer for one item.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub slot: u32,
    /// `Good`, or why it is not monitored.
    pub status: StatusCode,
    /// The server's own number for it; 0 when it is not monitored.
    pub item: u32,
}

impl Answer {
    fn new(slot: u32, result: &MonitoredItemCreateResult) -> Self {
        Self { slot, status: result.status_code, item: result.monitored_item_id }
    }
}

/// What became of the work so far.
#[derive(Debug)]
pub enum Made {
    Subscription(Granted),
    /// The server's answer for each item.
    Items {
        subscription: u32,
        answers: Vec<Answer>,
    },
    /// Without a subscription there are no items: why, and which.
    Failed {
        slots: Vec<u32>,
        status: StatusCode,
    },
    Finding(Finding),
    /// Nothing more comes.
    Done,
}

/// What is to be monitored.
#[derive(Debug)]
pub struct Order {
    pub slots: Vec<u32>,
    pub discovery: Arc<Discovery>,
    /// By slot.
    pub bindings: Arc<Vec<ItemBinding>>,
    /// Items may join this subscription, so many of them.
    pub join: Option<(u32, usize)>,
    pub terms: Terms,
}

impl Order {
    /// Room for one more item in a subscription of so many.
    #[must_use]
    pub fn room(items: usize) -> usize {
        ITEMS_PER_SUBSCRIPTION.saturating_sub(items)
    }
}

/// Carries out an order and tells what becomes of it. Ends early when nobody listens.
pub async fn make(session: Arc<Session>, limits: Arc<ServerLimits>, order: Order, told: mpsc::Sender<Made>) {
    let maker = Maker { session: &session, limits: &limits, order: &order, told: &told };
    // Whoever does not listen any more needs no answer.
    let _ = maker.run().await;
}

struct Maker<'a> {
    session: &'a Session,
    limits: &'a ServerLimits,
    order: &'a Order,
    told: &'a mpsc::Sender<Made>,
}

/// Nobody listens any more.
struct Unheard;

/// Items whose request differs from what they got.
#[derive(Default)]
struct Revisions {
    count: u32,
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
        while !waiting.is_empty() {
            let (subscription, room) = match join.take().filter(|(_, room)| *room > 0) {
                Some(join) => join,
                None => match self.subscription().await {
                    Ok(granted) => {
                        self.tell(Made::Subscription(granted)).await?;
                        (granted.id, ITEMS_PER_SUBSCRIPTION)
                    }
                    Err(status) => {
                        self.tell(Made::Failed { slots: waiting.drain(..).collect(), status }).await?;
                        break;
                    }
                },
            };
            let batch: Vec<u32> = waiting.drain(..room.min(waiting.len())).collect();
            let full = self.items(subscription, &batch, &mut revisions).await?;
            if full.len() == batch.len() && self.order.join.is_none_or(|(joined, _)| joined != subscription) {
                // Not even one fits into a subscription of its own.
                let status = StatusCode::BadTooManyMonitoredItems;
                let answers = full.iter().map(|slot| Answer { slot: *slot, status, item: 0 }).collect();
                self.tell(Made::Items { subscription, answers }).await?;
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
        if revised > interval.mul_f64(1.01) {
            let finding = Finding::warning("QIAO-O025", &terms.connection)
                .with("asked", format!("{} ms", interval.as_millis()))
                .with("granted", format!("{} ms", revised.as_millis()));
            // If nobody listens, the next message finds out.
            let _ = self.tell(Made::Finding(finding)).await;
        }
        Ok(Granted {
            id: answer.subscription_id,
            keep_alive: revised.saturating_mul(answer.revised_max_keep_alive_count.max(1)),
        })
    }

    /// Creates items; returns those the subscription had no room for.
    async fn items(&self, subscription: u32, slots: &[u32], revisions: &mut Revisions) -> Result<Vec<u32>, Unheard> {
        let (mut answers, mut plain, mut full) = (Vec::new(), Vec::new(), Vec::new());
        for (slot, result) in self.create(subscription, slots, true).await {
            match result.status_code {
                StatusCode::BadTooManyMonitoredItems => full.push(slot),
                StatusCode::BadMonitoredItemFilterUnsupported
                | StatusCode::BadMonitoredItemFilterInvalid
                | StatusCode::BadFilterNotAllowed
                | StatusCode::BadDeadbandFilterInvalid
                    if self.binding(slot).is_some_and(|binding| binding.deadband.is_some()) =>
                {
                    plain.push(slot);
                }
                _ => {
                    self.compare(slot, &result, revisions);
                    answers.push(Answer::new(slot, &result));
                }
            }
        }
        let rangeless = slots.iter().copied().filter(|slot| self.binding(*slot).is_some_and(lacks_range));
        let without: Vec<u32> = rangeless.chain(plain.iter().copied()).collect();
        if let Some(first) = without.first() {
            let finding = Finding::warning("QIAO-O029", &self.order.terms.connection);
            self.tell(Made::Finding(finding.with("count", without.len()).with("node", self.node(*first)))).await?;
        }
        if !plain.is_empty() {
            let again = self.create(subscription, &plain, false).await;
            answers.extend(again.iter().map(|(slot, result)| Answer::new(*slot, result)));
        }
        self.tell(Made::Items { subscription, answers }).await?;
        Ok(full)
    }

    async fn create(&self, subscription: u32, slots: &[u32], filtered: bool) -> Vec<(u32, MonitoredItemCreateResult)> {
        let call = |chunk: Vec<u32>| async move {
            let requests = chunk.iter().filter_map(|slot| Some(self.request(*slot, self.binding(*slot)?, filtered)));
            let answer = CreateMonitoredItems::new(subscription, self.session)
                .timestamps_to_return(TimestampsToReturn::Both)
                .items_to_create(requests.collect())
                .send(self.session.channel())
                .await?;
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

    fn request(&self, slot: u32, binding: &ItemBinding, filtered: bool) -> MonitoredItemCreateRequest {
        let filter = if filtered { filter(binding) } else { None };
        MonitoredItemCreateRequest {
            item_to_monitor: ReadValueId {
                node_id: binding.node.clone(),
                attribute_id: AttributeId::Value as u32,
                ..ReadValueId::default()
            },
            monitoring_mode: MonitoringMode::Reporting,
            requested_parameters: MonitoringParameters {
                client_handle: handle(slot),
                sampling_interval: sampling(binding),
                filter: filter.map(ExtensionObject::from_message).unwrap_or_default(),
                queue_size: queue(binding, self.order.terms.publishing_interval),
                discard_oldest: true,
            },
        }
    }

    /// Notices what the server made of a request.
    fn compare(&self, slot: u32, result: &MonitoredItemCreateResult, revisions: &mut Revisions) {
        let Some(binding) = self.binding(slot).filter(|_| result.status_code.is_good()) else { return };
        let asked_sampling = binding.sampling.map(|sampling| sampling.as_secs_f64() * 1000.0);
        let asked_queue = queue(binding, self.order.terms.publishing_interval);
        let is_slower = asked_sampling.is_some_and(|asked| result.revised_sampling_interval > asked.max(1.0) * 1.01);
        if is_slower || result.revised_queue_size < asked_queue {
            revisions.count += 1;
            let text = |sampling: f64, queue: u32| format!("{sampling} ms, {queue}");
            revisions.example.get_or_insert_with(|| {
                let granted = text(result.revised_sampling_interval, result.revised_queue_size);
                (slot, text(asked_sampling.unwrap_or(result.revised_sampling_interval), asked_queue), granted)
            });
        }
    }
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

/// The client handle of a slot: the stack gives 0 a meaning of its own.
fn handle(slot: u32) -> u32 {
    slot + 1
}

/// The slot of a client handle.
#[must_use]
pub fn slot(handle: u32) -> Option<u32> {
    handle.checked_sub(1)
}

/// -1: the publishing interval (OPC 10000-4 §5.13.1.2).
fn sampling(binding: &ItemBinding) -> f64 {
    binding.sampling.map_or(-1.0, |sampling| sampling.as_secs_f64() * 1000.0)
}

fn queue(binding: &ItemBinding, publishing: Duration) -> u32 {
    let computed = match binding.sampling {
        _ if binding.queue.is_some() => binding.queue.unwrap_or_default(),
        None => QUEUE_DEFAULT,
        Some(sampling) => {
            let samples = publishing.as_nanos().div_ceil(sampling.as_nanos().max(1_000_000));
            u32::try_from(samples).unwrap_or(QUEUE_MAX).saturating_mul(QUEUE_MARGIN)
        }
    };
    computed.clamp(if binding.queue.is_some() { 1 } else { QUEUE_MIN }, QUEUE_MAX)
}

/// A percent deadband needs a range to be a percentage of (OPC 10000-8 §6.2).
fn lacks_range(binding: &ItemBinding) -> bool {
    let has_range = binding.eu_range.is_some_and(|(low, high)| high > low);
    matches!(binding.deadband, Some(Deadband::Percent(_))) && !has_range
}

fn filter(binding: &ItemBinding) -> Option<DataChangeFilter> {
    let (kind, value) = match binding.deadband.filter(|_| !lacks_range(binding))? {
        Deadband::Absolute(value) => (DeadbandType::Absolute, value),
        Deadband::Percent(value) => (DeadbandType::Percent, value),
    };
    Some(DataChangeFilter {
        trigger: DataChangeTrigger::StatusValue,
        deadband_type: kind as u32,
        deadband_value: value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::opcua::types::NodeId;

    fn binding(sampling: Option<u64>, queue: Option<u32>) -> ItemBinding {
        let sampling = sampling.map(Duration::from_millis);
        ItemBinding { node: NodeId::new(1, 7_u32), sampling, queue, deadband: None, eu_range: None }
    }

    #[test]
    fn a_queue_holds_what_comes_in_one_publishing_interval_and_more() {
        let table = [
            (Some(100), None, 500, 10),
            (Some(500), None, 500, 2),
            (Some(2000), None, 500, 2),
            (Some(0), None, 500, 1000),
            (None, None, 500, 10),
            (Some(100), Some(1), 500, 1),
            (Some(100), Some(99_999), 500, 10_000),
        ];
        for (sampling, asked, publishing, expected) in table {
            let found = queue(&binding(sampling, asked), Duration::from_millis(publishing));
            assert_eq!(found, expected, "sampling {sampling:?}, queue {asked:?}");
        }
    }

    #[test]
    fn a_percent_deadband_needs_a_range() {
        let table = [
            (None, None, None),
            (Some(Deadband::Percent(5.0)), None, None),
            (Some(Deadband::Percent(5.0)), Some((10.0, 10.0)), None),
            (Some(Deadband::Percent(5.0)), Some((0.0, 10.0)), Some((2, 5.0))),
            (Some(Deadband::Absolute(0.5)), None, Some((1, 0.5))),
        ];
        for (deadband, eu_range, expected) in table {
            let found = filter(&ItemBinding { deadband, eu_range, ..binding(None, None) });
            assert_eq!(found.map(|filter| (filter.deadband_type, filter.deadband_value)), expected);
        }
    }
}
