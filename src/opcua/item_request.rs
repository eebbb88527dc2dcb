//! How the server is asked to monitor one item.

use super::discover::ItemBinding;
use super::event;
use crate::config::plan::Deadband;
use ::opcua::types::{
    AttributeId, DataChangeFilter, DataChangeTrigger, DeadbandType, ExtensionObject, MonitoredItemCreateRequest,
    MonitoringMode, MonitoringParameters, ReadValueId,
};
use std::time::Duration;

/// A queue holds so many times what one publishing interval brings.
const QUEUE_MARGIN: u32 = 2;
/// A queue of one loses values without a mark (OPC 10000-4 §5.13.1.5).
const QUEUE_MIN: u32 = 2;
const QUEUE_MAX: u32 = 10_000;
/// When nobody says how fast an item is sampled.
const QUEUE_DEFAULT: u32 = 10;

/// The request for one item; without its deadband or filter of events where the server refused that.
#[must_use]
pub fn item(slot: u32, binding: &ItemBinding, publishing: Duration, filtered: bool) -> MonitoredItemCreateRequest {
    if let Some(events) = &binding.events {
        return event::request(slot, binding, events, filtered);
    }
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
            sampling_interval: sampling(binding, publishing),
            filter: filter.map(ExtensionObject::from_message).unwrap_or_default(),
            queue_size: queue(binding, publishing),
            discard_oldest: true,
        },
    }
}

/// The client handle of a slot: the stack gives 0 a meaning of its own.
#[must_use]
pub fn handle(slot: u32) -> u32 {
    slot + 1
}

/// The slot of a client handle.
#[must_use]
pub fn slot(handle: u32) -> Option<u32> {
    handle.checked_sub(1)
}

/// In milliseconds. Where nothing is configured the publishing interval is asked for by its number: -1 means the same
/// (OPC 10000-4 §5.13.1.2), but servers made with async-opcua then write their own time over the source's.
fn sampling(binding: &ItemBinding, publishing: Duration) -> f64 {
    binding.sampling.unwrap_or(publishing).as_secs_f64() * 1000.0
}

/// How many values the server keeps between two messages.
#[must_use]
pub fn queue(binding: &ItemBinding, publishing: Duration) -> u32 {
    if binding.events.is_some() {
        return event::QUEUE;
    }
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
#[must_use]
pub fn lacks_range(binding: &ItemBinding) -> bool {
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
        ItemBinding { node: NodeId::new(1, 7_u32), sampling, queue, deadband: None, eu_range: None, events: None }
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
    fn an_item_without_a_sampling_interval_is_sampled_as_often_as_it_is_published() {
        for (configured, expected) in [(None, 500.0), (Some(100), 100.0), (Some(0), 0.0)] {
            assert_eq!(sampling(&binding(configured, None), Duration::from_millis(500)), expected);
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
