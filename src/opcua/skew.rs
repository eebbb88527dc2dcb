//! How far a server's clock is from ours: measured with every session and every heartbeat, told when it matters.

use super::outside::{Outside, Over};
use crate::finding::Finding;
use crate::model::Timestamp;
use crate::port::SourceEvent;
use ::opcua::types::DateTime;

/// Of 100 ns each.
const TICKS_PER_MILLISECOND: i64 = 10_000;
const TICKS_PER_SECOND: i64 = 1_000 * TICKS_PER_MILLISECOND;
/// A difference beyond this is worth a finding, and so is a change by as much.
const NOTABLE: u64 = 30 * TICKS_PER_SECOND as u64;
/// Below this the clocks agree again; less than [`NOTABLE`], so that a clock at the edge is not told of again and again.
const AGREED: u64 = 10 * TICKS_PER_SECOND as u64;

/// The server's clock minus ours, in 100 ns ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ClockSkew {
    /// As last measured; 0 before that.
    pub(super) ticks: i64,
    told: i64,
}

impl ClockSkew {
    /// Takes a measurement over, and tells it when it is far from what was told last.
    pub(super) async fn measured(&mut self, ticks: i64, outside: &Outside) -> Result<(), Over> {
        outside.counters.skew.set(ticks / TICKS_PER_MILLISECOND);
        let Some(finding) = self.judge(ticks, &outside.name) else { return Ok(()) };
        outside.emit(SourceEvent::Finding(finding)).await
    }

    fn judge(&mut self, ticks: i64, connection: &str) -> Option<Finding> {
        self.ticks = ticks;
        let finding = if ticks.unsigned_abs() > NOTABLE && ticks.abs_diff(self.told) > NOTABLE {
            self.told = ticks;
            Finding::warning("QIAO-O033", connection)
        } else if ticks.unsigned_abs() < AGREED && self.told != 0 {
            self.told = 0;
            Finding::note("QIAO-O033", connection)
        } else {
            return None;
        };
        Some(finding.with("seconds", ticks / TICKS_PER_SECOND))
    }
}

/// The difference that an answer shows; `None` for a server without a clock, which sends no time
/// (`ResponseHeader.timestamp`, OPC 10000-4 §7.33).
pub(super) fn shown(theirs: &DateTime, ours: Timestamp) -> Option<i64> {
    Some(theirs.ticks()).filter(|ticks| *ticks > 0).map(|ticks| ticks - ours.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;

    #[test]
    fn a_clock_is_told_of_when_it_goes_away_moves_on_and_comes_back_and_not_in_between() {
        let mut skew = ClockSkew::default();
        let mut seen = Vec::new();
        for seconds in [0, 29, 31, 33, 29, 31, 70, 41, 15, 9, 0, -31, -29, 5] {
            if let Some(finding) = skew.judge(seconds * TICKS_PER_SECOND, "plc") {
                seen.push((seconds, finding.severity));
            }
            assert_eq!(skew.ticks, seconds * TICKS_PER_SECOND);
        }
        let (warning, note) = (Severity::Warning, Severity::Note);
        assert_eq!(seen, [(31, warning), (70, warning), (9, note), (-31, warning), (5, note)]);
    }

    #[test]
    fn a_server_without_a_clock_shows_no_difference() {
        assert_eq!(shown(&DateTime::null(), Timestamp(5)), None);
        assert_eq!(shown(&DateTime::from(7), Timestamp(5)), Some(2));
    }
}
