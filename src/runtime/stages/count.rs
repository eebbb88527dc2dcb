//! What the stages count, and what they say of themselves.

use crate::assemble::image::FieldCount;
use crate::model::Timestamp;
use crate::translate::FateKind;

/// What became of one flow's source values. A value that fills several fields counts once for each.
///
/// `received = handed_over + quarantined + superseded + filtered + withheld + rejected + lost + held`; what becomes of those that
/// were handed over, the spool counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FlowTotals {
    pub received: u64,
    /// In messages that went to the spool.
    pub handed_over: u64,
    /// In messages that went to quarantine, or left out of one and kept there.
    pub quarantined: u64,
    /// A newer value of a state took their place.
    pub superseded: u64,
    /// No field takes them, or the encoding has no place for them.
    pub filtered: u64,
    /// Their concept does not leave by this flow.
    pub withheld: u64,
    /// Broke the schema and were dropped, as `on-violation: reject` says.
    pub rejected: u64,
    /// In images when their source died; each time is a gap, too.
    pub lost: u64,
    /// In images, not yet part of a message.
    pub held: u64,
    pub messages: u64,
    pub quarantined_messages: u64,
    pub violations: u64,
    pub gaps: u64,
    /// Of those received, read from the source's history after a gap.
    pub back_filled: u64,
    /// Values whose source time is odd.
    pub odd_times: u64,
    /// What became of those that were translated.
    pub fates: Fates,
}

/// How many were translated how well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fates {
    /// The same value, written the same way.
    pub exact: u64,
    /// The same value, written otherwise.
    pub converted: u64,
    /// Nearly the same, by a stated rule.
    pub approximated: u64,
    /// Not there, for a stated reason.
    pub absent: u64,
}

impl Fates {
    pub(super) fn add(&mut self, kind: FateKind) {
        *match kind {
            FateKind::Exact => &mut self.exact,
            FateKind::Converted => &mut self.converted,
            FateKind::Approximated => &mut self.approximated,
            FateKind::Absent => &mut self.absent,
        } += 1;
    }
}

impl FlowTotals {
    /// Values that are accounted for; equals [`Self::received`], or something is wrong with us.
    #[must_use]
    pub fn accounted(&self) -> u64 {
        let gone = self.handed_over + self.quarantined + self.superseded + self.rejected + self.lost;
        gone + self.filtered + self.withheld + self.held
    }
}

/// The stages of one source at one moment.
#[derive(Clone, Debug, Default)]
pub struct StagesStatus {
    /// One row per machine and profile.
    pub machines: Vec<MachineSnapshot>,
    /// Batches of an earlier session, which were refused.
    pub stale_batches: u64,
}

/// One machine's stream of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineSnapshot {
    pub id: String,
    /// Index of the flow in the plan.
    pub flow: u16,
    /// `name@version`.
    pub profile: String,
    /// Node id of its root, with namespace URI.
    pub node: String,
    pub topic: String,
    pub is_online: bool,
    pub fields: FieldCount,
    pub messages: u64,
    pub violations: u64,
    /// [`Timestamp::NONE`] before the first.
    pub last_message: Timestamp,
}
