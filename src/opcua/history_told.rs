//! What became of holes, as people are told.

use crate::finding::Finding;
use crate::model::{StatusCode, Timestamp};

/// What became of holes since it was last told.
#[derive(Debug, Default)]
pub struct Tally {
    /// Values that were read.
    values: u64,
    /// What they span, and holes that they fill.
    span: Option<(Timestamp, Timestamp)>,
    /// Parts that stay missing.
    open: Part,
    /// Items that have no history.
    without: Part,
}

#[derive(Debug, Default)]
struct Part {
    count: usize,
    first: Option<(String, (Timestamp, Timestamp), StatusCode)>,
}

impl Part {
    fn add(&mut self, node: &str, between: (Timestamp, Timestamp), status: StatusCode) {
        self.count += 1;
        self.first.get_or_insert_with(|| (node.to_owned(), between, status));
    }

    /// A finding about it, if there is anything to tell.
    fn tell(self, finding: impl FnOnce() -> Finding) -> Option<Finding> {
        let (node, (from, until), status) = self.first?;
        let finding = finding().with("count", self.count).with("node", node).with("status", status);
        Some(finding.with("from", from).with("until", until))
    }
}

/// Of holes that no gap was told for, nothing is told: the values beside them are marked.
impl Tally {
    /// Values were read, the first and the last of these times.
    pub fn read(&mut self, values: u64, span: (Timestamp, Timestamp), is_told: bool) {
        self.values += if is_told { values } else { 0 };
        self.filled(span, is_told);
    }

    /// Nothing is missing in between.
    pub fn filled(&mut self, between: (Timestamp, Timestamp), is_told: bool) {
        if is_told {
            let (from, until) = self.span.unwrap_or(between);
            self.span = Some((from.min(between.0), until.max(between.1)));
        }
    }

    /// A part of a hole stays missing.
    pub fn open(&mut self, node: &str, between: (Timestamp, Timestamp), status: StatusCode, is_told: bool) {
        if is_told {
            self.open.add(node, between, status);
        }
    }

    /// There is no history of an item.
    pub fn without(&mut self, node: &str, between: (Timestamp, Timestamp), status: StatusCode, is_told: bool) {
        if is_told {
            self.without.add(node, between, status);
        }
    }

    /// What there is to tell of a connection, once.
    pub fn tell(&mut self, connection: &str) -> Vec<Finding> {
        let told = std::mem::take(self);
        let filled = told.span.map(|(from, until)| {
            let finding = Finding::note("QIAO-O140", connection).with("values", told.values);
            finding.with("from", from).with("until", until)
        });
        let open = told.open.tell(|| Finding::warning("QIAO-O141", connection));
        let without = told.without.tell(|| Finding::note("QIAO-O142", connection));
        [filled, open, without].into_iter().flatten().collect()
    }
}
