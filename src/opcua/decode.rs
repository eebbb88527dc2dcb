//! Values to samples.
use ::opcua::client::Session;
use ::opcua::types::{DataValue, ExtensionObject};
use crate::model::Batch;
use crate::finding::Finding;

/// Makes the session keep `DataChangeNotification`s as bytes, so that [`Decoder::notification`] reads them without a
/// detour. Call once, right after the session was built, before it connects.
pub fn keep_notifications_raw(session: &Session);

/// Decodes values of one session.
#[derive(Debug)]
pub struct Decoder { }

impl Decoder {
    /// A value from a Read response or a typed notification.
    pub fn sample(&mut self, slot: u32, value: &DataValue, batch: &mut Batch);

    /// One element of `NotificationMessage::notification_data`, when it is a data change kept raw: its values go to
    /// `batch`, in order. `slot_of` maps client handles; an unknown handle is counted. `None`: not a raw data change
    /// (status change, events): match it yourself.
    pub fn notification(&mut self, data: &ExtensionObject, slot_of: impl Fn(u32) -> Option<u32>, batch: &mut Batch)
        -> Option<Notification>;

    /// Findings since the last call: what could not be decoded, once per item.
    pub fn take_findings(&mut self) -> Vec<Finding>;
}

/// What became of one notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Values written to the batch.
    pub values: u32,
    /// Values whose client handle nobody knows.
    pub unknown: u32,
    /// Values announced by the server that could not be read because the bytes before them are damaged: a gap.
    pub lost: u32,
}
