//! How far long work has come (the browses of servers, files to be judged), on a terminal; nothing when standard error is piped.

use super::Face;
use crate::finding::visible;
use crate::runtime::facts::{Facts, SourceCounters};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _, Write};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

/// All bars of the process. The log writes beside them.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);
/// How often the facts are looked at.
const LOOK: Duration = Duration::from_millis(250);
/// What takes no longer needs no bar.
const LONG: Duration = Duration::from_secs(1);

/// Shows a line for every server that is being browsed for more than a second. Drop it to end.
pub(super) async fn show(facts: &Arc<Facts>, face: &Face) {
    if BARS.is_hidden() {
        return;
    }
    let mut browsing: BTreeMap<u16, (Duration, Option<ProgressBar>)> = BTreeMap::new();
    loop {
        tokio::time::sleep(LOOK).await;
        let now = facts.clock.now().monotonic;
        for (at, source) in &facts.sources {
            // A broker has nothing to browse.
            let SourceCounters::OpcUa(counters) = &source.counters else { continue };
            if counters.is_browsing.get() == 0 {
                if let Some((_, Some(bar))) = browsing.remove(at) {
                    bar.finish_and_clear();
                    BARS.remove(&bar);
                }
                continue;
            }
            let (since, bar) = browsing.entry(*at).or_insert((now, None));
            if now < *since + LONG {
                continue;
            }
            let bar =
                bar.get_or_insert_with(|| BARS.add(ProgressBar::new_spinner().with_style(style("{spinner} {msg}"))));
            let name = facts.plan.connections.get(usize::from(*at)).map_or("", |connection| &connection.name);
            let (nodes, pending) = (counters.browse_nodes.get().to_string(), counters.browse_pending.get().to_string());
            let said = [("name", visible(name).into_owned()), ("nodes", nodes), ("pending", pending)];
            let said: Vec<(&str, &str)> = said.iter().map(|(key, value)| (*key, value.as_str())).collect();
            bar.set_message(face.text("run-browsing", &said));
            bar.tick();
        }
    }
}

/// The templates are ours; if one were wrong, the usual one would do.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

/// A line that counts nodes; nothing when nobody watches.
#[derive(Debug)]
pub(super) struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// `label` is a text of the messages.
    pub(super) fn new(face: &Face, label: &str) -> Self {
        let bar = face.is_watched().then(|| {
            let bar = BARS.add(ProgressBar::new_spinner().with_style(style("{spinner} {msg} {pos}")));
            bar.with_message(face.text(label, &[]))
        });
        Self { bar }
    }

    /// Shows `count` until the work is done.
    pub(super) async fn during<T>(&self, work: impl Future<Output = T>, count: impl Fn() -> u64) -> T {
        let Some(bar) = &self.bar else { return work.await };
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => {
                    bar.finish_and_clear();
                    return done;
                }
                () = tokio::time::sleep(LOOK) => {
                    bar.set_position(count());
                    bar.tick();
                }
            }
        }
    }
}

/// Fewer need no bar.
const MANY: usize = 100;

/// A line that says how many of many are done; nothing when standard error is piped. Drop it to end.
#[derive(Debug)]
pub(super) struct Steps {
    label: String,
    bar: Option<ProgressBar>,
}

impl Steps {
    /// `label` is a text of the messages.
    pub(super) fn new(face: &Face, label: &str) -> Self {
        Self { label: face.text(label, &[]), bar: None }
    }

    pub(super) fn at(&mut self, done: usize, of: usize) {
        if of < MANY || BARS.is_hidden() {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = BARS.add(ProgressBar::new(of as u64).with_style(style("{msg} {pos}/{len} {wide_bar} {eta}")));
            bar.with_message(self.label.clone())
        });
        bar.set_position(done as u64);
    }

    /// Writes lines with the bar out of their way.
    pub(super) fn beside(&self, write: impl FnOnce()) {
        if self.bar.is_some() && io::stdout().is_terminal() { BARS.suspend(write) } else { write() }
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
            BARS.remove(bar);
        }
    }
}

/// A line that says what is being done; nothing when nobody watches. Drop it to end.
#[derive(Debug)]
pub(super) struct Doing {
    bar: Option<ProgressBar>,
}

impl Doing {
    pub(super) fn new(face: &Face, what: &str) -> Self {
        let bar = face.is_watched().then(|| {
            let bar = BARS.add(ProgressBar::new_spinner().with_style(style("{spinner} {elapsed} {msg}")));
            bar.enable_steady_tick(LOOK);
            bar.with_message(what.to_owned())
        });
        Self { bar }
    }

    pub(super) fn now(&self, what: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(what.to_owned());
        }
    }

    /// Writes lines with the bar out of their way.
    pub(super) fn beside(&self, write: impl FnOnce()) {
        if self.bar.is_some() { BARS.suspend(write) } else { write() }
    }
}

impl Drop for Doing {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
            BARS.remove(bar);
        }
    }
}

/// Standard error, with the bars out of the way while a line is written.
#[derive(Debug)]
pub(super) struct Beside;

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        BARS.suspend(|| io::stderr().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
