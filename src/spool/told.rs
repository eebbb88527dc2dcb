//! What a log notices, and why it cannot be opened, as findings.

use super::durable::gaps::{Gap, Reason};
use super::durable::{Notice, OpenError};
use crate::finding::Finding;

/// What people are told; `None`: nothing they could act on.
#[must_use]
pub fn finding(notice: &Notice, connection: &str) -> Option<Finding> {
    let finding = match notice {
        Notice::Gap(gap) => self::gap(gap, connection),
        Notice::TailCut { bytes } => Finding::warning("QIAO-S005", connection).with("bytes", bytes),
        Notice::CursorDamaged => Finding::warning("QIAO-S006", connection),
        Notice::GapsDamaged { gaps } => Finding::warning("QIAO-S020", connection).with("gaps", gaps),
        Notice::Poisoned { segment, error } => {
            Finding::error("QIAO-S007", connection).with("segment", segment).with("error", error)
        }
        Notice::Unsummarised { segment, error } => {
            tracing::debug!(connection, segment, error, "a segment has no summary");
            return None;
        }
        Notice::Stranger { file } => Finding::warning("QIAO-S011", file.display().to_string()),
        Notice::Kept { file } => Finding::warning("QIAO-S012", file.display().to_string()),
    };
    Some(finding)
}

/// A loss and its reason.
#[must_use]
pub fn gap(gap: &Gap, connection: &str) -> Finding {
    let severity = if gap.reason == Reason::Cut { Finding::warning } else { Finding::error };
    severity("QIAO-S004", connection.to_owned())
        .with("reason", reason(gap.reason))
        .with("records", gap.records)
        .with("first", gap.first)
        .with("last", gap.last)
}

/// The word for a reason in texts and metrics.
#[must_use]
pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Full => "full",
        Reason::Age => "age",
        Reason::Damaged => "damaged",
        Reason::Missing => "missing",
        Reason::Cut => "cut",
        Reason::Uncertain => "uncertain",
    }
}

/// Why a log cannot be opened.
#[must_use]
pub fn refusal(error: &OpenError) -> Finding {
    match error {
        OpenError::Taken { path } => Finding::error("QIAO-S001", path.display().to_string()),
        OpenError::Foreign { path, version } => {
            Finding::error("QIAO-S002", path.display().to_string()).with("version", version)
        }
        OpenError::Disk { path, error } => Finding::error("QIAO-S003", path.display().to_string()).with("error", error),
    }
}
