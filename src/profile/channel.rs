//! `channels:` of a manifest: which fields are sampled together, and how often.

use super::report::{Place, Report};
use super::section::{self, Section};
use super::yaml::Node;
use super::{Mapping, MessageKind};
use std::time::Duration;

/// Fields that go into one message as columns, on one grid of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleChannel {
    /// Last part of its topic, too.
    pub id: String,
    /// Milliseconds between two rows; at least 1.
    pub interval: u32,
    /// Milliseconds between two messages; a whole multiple of `interval`.
    pub upload_interval: u32,
    /// Pointers of the mapping, with their placeholders: a column for each element that there is.
    pub fields: Vec<String>,
}

/// Rows that one message may have.
pub const MOST_ROWS: u32 = 10_000;

/// With where each of their fields stands.
pub(super) type Placed = (SampleChannel, Vec<Place>);

/// A profile of samples has channels, no other has.
pub(super) fn read(section: &mut Section<'_>, message: Option<MessageKind>, report: &mut Report) -> Vec<Placed> {
    let place = section.place;
    let listed = section.list("channels", report);
    let is_sample = message == Some(MessageKind::Sample);
    match listed.first() {
        None if is_sample => drop(report.error("QIAO-P008", place).argument("key", "channels")),
        Some(first) if message.is_some() && !is_sample => {
            report.error("QIAO-P088", first.place).argument("channel", "channels").argument("fault", "unwanted");
        }
        _ => {}
    }
    let mut channels: Vec<Placed> = Vec::new();
    for node in listed {
        let Some(channel) = channel(node, report) else { continue };
        if channels.iter().any(|(other, _)| other.id == channel.0.id) {
            report.error("QIAO-P088", node.place).argument("channel", &channel.0.id).argument("fault", "twice");
        }
        channels.push(channel);
    }
    channels
}

fn channel(node: &Node, report: &mut Report) -> Option<Placed> {
    let mut section = Section::open(node, report)?;
    let id = section.required_text("id", report);
    let [interval, upload] = ["interval", "upload-interval"].map(|key| {
        section.required(key, report);
        section.duration(key, report)
    });
    let fields = section.required("fields", report).map(|node| section::texts(node, report));
    section.close(report);
    let (id, fields) = (id?, fields?);
    if !super::path::is_word(id.text) {
        report.error("QIAO-P012", id.place).argument("value", id.text).argument("example", "state");
    }
    let [Some(interval), Some(upload_interval)] = [millis(interval?), millis(upload?)] else {
        report.error("QIAO-P088", node.place).argument("channel", id.text).argument("fault", "interval");
        return None;
    };
    if !upload_interval.is_multiple_of(interval) || upload_interval / interval > MOST_ROWS {
        report.error("QIAO-P088", node.place).argument("channel", id.text).argument("fault", "interval");
    }
    let places = fields.iter().map(|word| word.place).collect();
    let fields = fields.iter().map(|word| word.text.to_owned()).collect();
    Some((SampleChannel { id: id.text.to_owned(), interval, upload_interval, fields }, places))
}

/// Whole milliseconds, at least one.
fn millis(duration: Duration) -> Option<u32> {
    let is_whole = duration.subsec_nanos().is_multiple_of(1_000_000);
    u32::try_from(duration.as_millis()).ok().filter(|millis| *millis > 0 && is_whole)
}

/// Every field of a channel is one of the mapping that samples may hold, and stands in one channel alone.
pub(super) fn check(channels: &[Placed], mapping: &Mapping, report: &mut Report) {
    let known: Vec<&str> = mapping.fields.iter().map(|field| field.pointer.as_str()).collect();
    let mut seen = Vec::new();
    for (channel, places) in channels {
        for (field, place) in channel.fields.iter().zip(places) {
            if !known.contains(&field.as_str()) {
                report.error("QIAO-P087", *place).argument("pointer", field).nearest(field, known.iter().copied());
            } else if seen.contains(&field) {
                report.error("QIAO-P088", *place).argument("channel", &channel.id).argument("fault", "field");
            }
            seen.push(field);
        }
    }
}
