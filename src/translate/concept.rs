//! Concepts of the hub by which alarms are told apart.

/// What the alarm is the state of.
pub const CONDITION: &str = "alarm.condition";
/// The earlier state of a condition that an alarm is, if it is not the present one.
pub const BRANCH: &str = "alarm.branch";
/// Whether it is active.
pub const IS_ACTIVE: &str = "alarm.is-active";
/// Whether somebody acknowledged it, and confirmed what was done about it.
pub const IS_ACKNOWLEDGED: &str = "alarm.is-acknowledged";
pub const IS_CONFIRMED: &str = "alarm.is-confirmed";
/// Whether somebody still has to see it.
pub const IS_RETAINED: &str = "alarm.is-retained";
/// Id of its event.
pub const EVENT: &str = "alarm.event";
pub(super) const NUMBER: &str = "alarm.code";
pub(super) const TIME: &str = "alarm.time";
pub(super) const IS_REFRESHED: &str = "alarm.is-refreshed";
pub(super) const KIND: &str = "alarm.kind";
pub(super) const ORIGIN: &str = "alarm.origin";
pub(super) const ORIGIN_NAME: &str = "alarm.origin-name";
pub(super) const TEXT: &str = "alarm.text";
pub(super) const SEVERITY: &str = "alarm.severity";
