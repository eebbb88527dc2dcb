//! The log: lines for people or JSON lines on standard error, chosen by `--log` or `QIAO_LOG`.
//!
//! A reader of standard error that is slow or gone must never hold up the data: lines pass through a bounded queue to
//! a thread of their own; when it is full they are dropped, and how many is said as soon as there is room again.

use crate::finding::{Finding, Language, Severity, visible};
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Lines that may wait for standard error.
const QUEUE_LINES: usize = 4096;
/// How long the end of the process waits for what is still queued.
const FLUSH: Duration = Duration::from_millis(500);

/// What the OPC UA stack says of a configuration that is not used here helps nobody.
const QUIET: &str = "opcua_client::config=error";

/// Index in [`Language::ALL`]: the log speaks the configuration's language as soon as it is known.
static LANGUAGE: AtomicU8 = AtomicU8::new(0);

/// The log may be set up once in a process.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    #[error("QIAO-C050 `{filter}` is no log level: {reason}; write error, warn, info, debug or trace")]
    Filter { filter: String, reason: String },
    #[error("the log is already set up")]
    Twice,
}

/// Keep it until the end of the process: dropping it writes what is still queued, for half a second at most.
#[derive(Debug)]
#[must_use = "dropping it ends the log"]
pub struct LogGuard {
    flushed: Receiver<()>,
    queue: SyncSender<Message>,
}

impl Drop for LogGuard {
    fn drop(&mut self) {
        let _ = self.queue.try_send(Message::End);
        let _ = self.flushed.recv_timeout(FLUSH);
    }
}

/// Sets up the log. `filter`: `--log`, else `QIAO_LOG`, else `usual`; a level, or `qiao::opcua=debug,info` and the like.
pub fn init(filter: Option<&str>, usual: &str, json: bool) -> Result<LogGuard, LogError> {
    let from_environment = std::env::var("QIAO_LOG").ok();
    let asked = filter.or(from_environment.as_deref()).filter(|text| !text.is_empty());
    let usual = format!("{usual},{QUIET}");
    let filter = asked.unwrap_or(&usual);
    let wrong = |reason: String| LogError::Filter { filter: visible(filter).into_owned(), reason };
    let filter = EnvFilter::builder().parse(filter).map_err(|error| wrong(error.to_string()))?;
    let (queue, waiting) = sync_channel(QUEUE_LINES);
    let (done, flushed) = sync_channel(1);
    let lost = Arc::new(AtomicU64::new(0));
    let lines = Lines { queue: queue.clone(), lost: Arc::clone(&lost) };
    std::thread::Builder::new()
        .name("log".to_owned())
        .spawn(move || {
            write_lines(&waiting, &lost, &mut super::progress::Beside);
            let _ = done.try_send(());
        })
        .map_err(|error| wrong(error.to_string()))?;
    // A write error must not be reported to standard error, which is what failed.
    let base = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(lines)
        .with_ansi(false)
        .log_internal_errors(false);
    let set = if json {
        base.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    } else {
        base.try_init()
    };
    set.map_err(|_| LogError::Twice)?;
    Ok(LogGuard { flushed, queue })
}

/// From now on findings are logged in this language.
pub fn set_language(language: Language) {
    let index = Language::ALL.iter().position(|one| *one == language).unwrap_or(0);
    LANGUAGE.store(u8::try_from(index).unwrap_or(0), Ordering::Relaxed);
}

/// Logs a finding with code and place as fields of their own.
pub fn finding(finding: &Finding) {
    let language = Language::ALL[usize::from(LANGUAGE.load(Ordering::Relaxed)).min(Language::ALL.len() - 1)];
    let text = finding.text(language);
    let place = visible(&finding.place);
    let code = &finding.code.0;
    match finding.severity {
        Severity::Error => tracing::error!(%code, %place, "{text}"),
        Severity::Warning => tracing::warn!(%code, %place, "{text}"),
        Severity::Note => tracing::info!(%code, %place, "{text}"),
    }
}

#[derive(Debug)]
enum Message {
    Line(Vec<u8>),
    End,
}

/// Writes until told that this is the end.
fn write_lines(waiting: &Receiver<Message>, lost: &AtomicU64, out: &mut dyn Write) {
    while let Ok(Message::Line(line)) = waiting.recv() {
        let _ = out.write_all(&line);
        let lost = lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            let _ = writeln!(out, "{lost} log lines were dropped: standard error was too slow");
        }
    }
    let _ = out.flush();
}

/// The way to the queue.
#[derive(Clone, Debug)]
struct Lines {
    queue: SyncSender<Message>,
    lost: Arc<AtomicU64>,
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { bytes: Vec::with_capacity(160), lines: self.clone() }
    }
}

/// One event; goes to the queue when it is complete.
#[derive(Debug)]
struct Line {
    bytes: Vec<u8>,
    lines: Lines,
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let line = Message::Line(std::mem::take(&mut self.bytes));
        if self.lines.queue.try_send(line).is_err() {
            self.lines.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_is_stuck_costs_lines_not_time() {
        let (queue, waiting) = sync_channel(2);
        let lines = Lines { queue: queue.clone(), lost: Arc::default() };
        for number in 0..5 {
            writeln!(lines.make_writer(), "{number}").expect("a buffer takes all");
        }
        let lost = Arc::clone(&lines.lost);
        assert_eq!(lost.load(Ordering::Relaxed), 3);
        let mut out = Vec::new();
        let writer = std::thread::spawn(move || {
            write_lines(&waiting, &lost, &mut out);
            out
        });
        queue.send(Message::End).expect("the writer lives");
        let text = String::from_utf8(writer.join().expect("no panic")).expect("UTF-8");
        assert_eq!(text, "0\n3 log lines were dropped: standard error was too slow\n1\n");
    }
}
