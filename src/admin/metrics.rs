//! `/metrics`: the status as OpenMetrics text. Labels are connections and flows of the configuration, never nodes or
//! topics, so that their number stays small.

use crate::runtime::status::{ConnectionState, Status};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use std::fmt;

pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The status as OpenMetrics text.
pub fn text(status: Status) -> Result<String, fmt::Error> {
    let mut registry = Registry::with_prefix("qiao");
    registry.register_collector(Box::new(Facts(status)));
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry)?;
    Ok(text)
}

#[derive(Debug)]
struct Facts(Status);

type Row<'a, N = u64> = (Vec<(&'static str, &'a str)>, N);

impl Collector for Facts {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let status = &self.0;
        let out = &mut encoder;
        let build = vec![("version", status.version.as_str()), ("gateway", status.gateway.as_str())];
        gauges(out, "build_info", "Version and name of this gateway", [(build, 1)])?;
        gauges(out, "uptime_seconds", "Seconds since the start", [(vec![], status.uptime_s)])?;
        gauges(out, "clock_unset", "1 while the clock was never set", [(vec![], u64::from(status.is_clock_unset))])?;
        counters(out, "clock_jumps", "How often the clock was set since the start", [(vec![], status.clock_jumps)])?;
        gauges(out, "resident_memory_bytes", "Resident memory of the process", [(vec![], status.memory_bytes)])?;
        gauges(
            out,
            "live",
            "1 while every pipeline gives signs of life",
            [(vec![], u64::from(status.health.is_live))],
        )?;
        gauges(out, "ready", "1 while data can flow through a flow", [(vec![], u64::from(status.health.is_ready))])?;
        let durability = vec![("durability", status.spool.durability.as_str())];
        gauges(out, "spool_limit_bytes", "Room of the spool", [(durability.clone(), status.spool.limit_bytes)])?;
        gauges(out, "spool_used_bytes", "Used room of the spool", [(durability, status.spool.used_bytes)])?;
        self.disk(out)?;
        let quarantine = [("written", status.quarantine.written_records), ("failed", status.quarantine.failed_records)];
        let quarantine = quarantine.map(|(fate, count)| (vec![("fate", fate)], count));
        counters(out, "quarantine_records", "Records for the quarantine by what became of them", quarantine)?;
        self.connections(out)?;
        self.flows(out)?;
        self.commands(out)?;
        let restarts = status.restarts.iter().map(|(unit, count)| (vec![("unit", unit.as_str())], *count));
        counters(out, "unit_restarts", "Units that died and were started again", restarts)
    }
}

impl Facts {
    fn disk(&self, out: &mut DescriptorEncoder) -> fmt::Result {
        let Some(disk) = &self.0.spool.disk else { return Ok(()) };
        for (name, help, value) in [
            ("spool_disk_limit_bytes", "What the spool may take on disk", disk.limit_bytes),
            ("spool_disk_used_bytes", "What the spool takes on disk, reserved room included", disk.used_bytes),
            ("spool_disk_segments", "Files of the spool", disk.segments),
            ("spool_disk_records", "Messages that wait on disk alone", disk.records),
            ("spool_disk_payload_bytes", "Bytes of the messages that wait on disk alone", disk.payload_bytes),
            ("spool_disk_busy_seconds", "How long the disk has been busy with one group of messages", disk.busy_s),
            ("spool_disk_full", "1 while sources wait because there is no room on disk", u64::from(disk.is_full)),
        ] {
            gauges(out, name, help, [(vec![], value)])?;
        }
        for (name, help, value) in [
            ("spool_commits", "Groups of messages that were written and synced at once", disk.commits),
            ("spool_commit_nanoseconds", "Time spent writing and syncing", disk.commit_ns),
            ("spool_syncs", "Syncs of files of the spool", disk.syncs),
            ("spool_failed_syncs", "Syncs that failed; what they were to keep was written anew", disk.failed_syncs),
            ("spool_gaps", "Losses in the spool on disk that were told", disk.gaps),
            ("spool_lost_records", "Messages dropped for room or age, damaged or missing on disk", disk.lost_records),
            ("spool_damaged_bytes", "Bytes on disk that are no message any more", disk.damaged_bytes),
        ] {
            counters(out, name, help, [(vec![], value)])?;
        }
        Ok(())
    }

    fn connections(&self, out: &mut DescriptorEncoder) -> fmt::Result {
        let connections = &self.0.connections;
        let connected = connections.iter().map(|connection| {
            let labels = vec![("connection", connection.name.as_str()), ("kind", connection.kind.as_str())];
            (labels, u64::from(connection.state == ConnectionState::Connected))
        });
        gauges(out, "connected", "1 while the connection is up", connected)?;
        let waiting = connections.iter().map(|c| (vec![("connection", c.name.as_str())], c.waiting_messages));
        gauges(out, "waiting_messages", "Messages that wait for a sink", waiting)?;
        let skews = connections.iter().filter_map(|c| Some((vec![("connection", c.name.as_str())], c.clock_skew_ms?)));
        each(out, "clock_skew_milliseconds", "The server's clock minus ours", skews, ConstGauge::<i64>::new)?;
        let mut names: Vec<&String> = connections.iter().flat_map(|connection| connection.counters.keys()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let rows = connections.iter().filter_map(|connection| {
                let count = connection.counters.get(name)?;
                Some((vec![("connection", connection.name.as_str())], *count))
            });
            // What can fall is a gauge; its name says so.
            if name.ends_with("_current") {
                gauges(out, name.trim_end_matches("_current"), help(name), rows)?;
            } else {
                counters(out, name, help(name), rows)?;
            }
        }
        Ok(())
    }

    fn flows(&self, out: &mut DescriptorEncoder) -> fmt::Result {
        let flows = &self.0.flows;
        let values = flows.iter().flat_map(|flow| {
            let name = flow.name.as_str();
            [
                ("received", flow.received_values),
                ("delivered", flow.delivered_values),
                ("quarantined", flow.quarantined_values),
                ("superseded", flow.superseded_values),
                ("filtered", flow.filtered_values),
                ("withheld", flow.withheld_values),
                ("rejected", flow.rejected_values),
                ("lost", flow.lost_values),
                ("dropped", flow.dropped_values),
                ("recovered", flow.recovered_values),
                ("parked", flow.parked_values),
            ]
            .map(|(fate, count)| (vec![("flow", name), ("fate", fate)], count))
        });
        counters(out, "values", "Source values by what became of them", values)?;
        let translated = flows.iter().filter(|flow| flow.publish_as.is_some()).flat_map(|flow| {
            let values = &flow.translated_values;
            [
                ("exact", values.exact),
                ("converted", values.converted),
                ("approximated", values.approximated),
                ("absent", values.absent),
            ]
            .map(|(fate, count)| (vec![("flow", flow.name.as_str()), ("fate", fate)], count))
        });
        counters(out, "translated_values", "Source values by what the translation made of them", translated)?;
        let withheld = flows.iter().flat_map(|flow| {
            let row = |concept| (vec![("flow", flow.name.as_str()), ("concept", concept)], 1);
            flow.withheld_concepts.iter().map(String::as_str).map(row)
        });
        gauges(out, "concept_withheld", "Concepts that do not leave by a flow", withheld)?;
        let now = flows.iter().flat_map(|flow| {
            let name = flow.name.as_str();
            [("spooled", flow.spooled_values), ("held", flow.held_values)]
                .map(|(place, count)| (vec![("flow", name), ("place", place)], count))
        });
        gauges(out, "values_inside", "Source values inside the gateway", now)?;
        let imbalance = flows.iter().map(|flow| (vec![("flow", flow.name.as_str())], flow.imbalance.unsigned_abs()));
        gauges(out, "conservation_imbalance", "Source values without a known fate; not 0 is an alarm", imbalance)?;
        let messages = flows.iter().flat_map(|flow| {
            let name = flow.name.as_str();
            [("delivered", flow.delivered_messages), ("quarantined", flow.quarantined_messages)]
                .map(|(fate, count)| (vec![("flow", name), ("fate", fate)], count))
        });
        counters(out, "messages", "Messages by what became of them", messages)?;
        let violations = flows.iter().map(|flow| (vec![("flow", flow.name.as_str())], flow.violations));
        counters(out, "violations", "Violations of a profile's schema or rules", violations)?;
        let gaps = flows.iter().map(|flow| (vec![("flow", flow.name.as_str())], flow.gaps));
        counters(out, "gaps", "Times at which values were or may have been lost", gaps)?;
        let filled = flows.iter().map(|flow| (vec![("flow", flow.name.as_str())], flow.back_filled_values));
        counters(out, "back_filled_values", "Source values read from the source's history after a gap", filled)
    }
}

impl Facts {
    fn commands(&self, out: &mut DescriptorEncoder) -> fmt::Result {
        let Some(commands) = &self.0.commands else { return Ok(()) };
        let outcomes = commands.writes.iter().flat_map(|write| {
            [("done", write.done), ("refused", write.refused), ("unknown", write.unknown)]
                .map(|(outcome, count)| (vec![("write", write.name.as_str()), ("outcome", outcome)], count))
        });
        counters(out, "commands", "Commands to machines by what became of them", outcomes)?;
        let now = commands.writes.iter().map(|write| (vec![("write", write.name.as_str())], write.under_way));
        gauges(out, "commands_under_way", "Commands that were sent and are not answered", now)?;
        let open = commands
            .writes
            .iter()
            .map(|write| (vec![("write", write.name.as_str())], u64::from(write.breaker_open_since.is_some())));
        gauges(out, "command_breaker_open", "1 while a loop is stopped and waits for a human", open)?;
        gauges(
            out,
            "commands_recorded",
            "1 while journal and audit can be written",
            [(vec![], u64::from(commands.is_recorded))],
        )?;
        let off = [(vec![], u64::from(commands.is_switched_off))];
        gauges(out, "commands_switched_off", "1 while the local switch forbids every write", off)?;
        counters(
            out,
            "command_echoes",
            "Values that came back from a machine after a write",
            [(vec![], commands.echoes)],
        )
    }
}

/// What a counter of a connection counts.
fn help(name: &str) -> &'static str {
    match name.trim_end_matches("_current") {
        "decode_failures" => "Values that could not be decoded",
        "history_values" => "Values that were read from the server's history after a gap",
        "items_cyclic" => "Items that the server cannot monitor and that are read cyclically, now",
        "items_failed" => "Monitored items that the server refused, now",
        "items_revised" => {
            "Monitored items that the server samples less often, or with a shorter queue, than asked, now"
        }
        "items_ok" => "Monitored items that report, now",
        "notifications" => "Notification messages of the server",
        "overflows" => "Values with the overflow bit: the server's queue was too short",
        "publish_in_flight" => "Publish requests that wait for an answer, now",
        "reconnects" => "Times the session was lost",
        "republished" => "Notification messages that were fetched again",
        "sequence_gaps" => "Notification messages that are lost",
        "server_state" => "ServerStatus.State as last heard, 0 is Running",
        "service_errors" => "Service calls the server answered with an error",
        "source_values" => "Values that the source handed over",
        "spool_nanoseconds" => "Time spent handing messages to the spool, waiting for room included",
        "subscriptions_revised" => "Subscriptions published less often, or kept for a shorter time, than asked, now",
        "subscriptions_transferred" => "Subscriptions that a new session took over",
        "stages_nanoseconds" => "Time spent decoding, checking and writing messages",
        "mqtt_acknowledged" => "Messages the broker confirmed",
        "mqtt_best_effort" => "Messages written with QoS 0, which nobody confirms",
        "mqtt_connects" => "Connections to the broker",
        "mqtt_in_flight" => "Messages that wait for the broker's confirmation, now",
        "mqtt_oldest_unacknowledged_ms" => "Age of the oldest message without a confirmation, now",
        "mqtt_parked" => "Messages that can never be sent",
        "mqtt_published" => "Messages written to the broker, repeats and presence included",
        "mqtt_refused" => "Messages the broker refused",
        name if name.starts_with("mqtt_reconnects") => "Connections that were lost for this cause",
        _ => "Of the connection",
    }
}

fn counters<'a>(
    out: &mut DescriptorEncoder,
    name: &str,
    help: &str,
    rows: impl IntoIterator<Item = Row<'a>>,
) -> fmt::Result {
    each(out, name, help, rows, ConstCounter::new)
}

fn gauges<'a>(
    out: &mut DescriptorEncoder,
    name: &str,
    help: &str,
    rows: impl IntoIterator<Item = Row<'a>>,
) -> fmt::Result {
    each(out, name, help, rows, |value| ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX)))
}

fn each<'a, N: Default, M: EncodeMetric>(
    out: &mut DescriptorEncoder,
    name: &str,
    help: &str,
    rows: impl IntoIterator<Item = Row<'a, N>>,
    make: impl Fn(N) -> M,
) -> fmt::Result {
    let mut family = out.encode_descriptor(name, help, None, make(N::default()).metric_type())?;
    for (labels, value) in rows {
        // A row without labels is the only one of its metric.
        if labels.is_empty() {
            return make(value).encode(family);
        }
        make(value).encode(family.encode_family(&labels)?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::status::{ConnectionStatus, FlowStatus};

    #[test]
    fn every_fact_has_its_line() {
        let status = Status {
            connections: vec![ConnectionStatus {
                name: "lathe".to_owned(),
                kind: "opcua".to_owned(),
                state: ConnectionState::Connected,
                clock_skew_ms: Some(-7_200_000),
                counters: [("notifications".to_owned(), 7), ("items_ok_current".to_owned(), 3)].into(),
                ..ConnectionStatus::default()
            }],
            flows: vec![FlowStatus { name: "f\"1".to_owned(), received_values: 9, ..FlowStatus::default() }],
            ..Status::default()
        };
        let text = text(status).expect("encodes");
        for line in [
            "qiao_connected{connection=\"lathe\",kind=\"opcua\"} 1",
            "qiao_notifications_total{connection=\"lathe\"} 7",
            "qiao_items_ok{connection=\"lathe\"} 3",
            "qiao_clock_skew_milliseconds{connection=\"lathe\"} -7200000",
            "qiao_values_total{flow=\"f\\\"1\",fate=\"received\"} 9",
            "qiao_uptime_seconds 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
    }
}
