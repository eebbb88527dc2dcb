//! A gateway as a process of its own, so that it can be killed as the power cord would; and what its log tells.

use crate::model::Timestamp;
use serde_json::Value;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// A running gateway. Dropping it kills it.
#[derive(Debug)]
pub struct Process {
    child: Child,
    told: Arc<Mutex<Vec<Told>>>,
}

/// A line of its log that has a code, or that is no JSON at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub at: Timestamp,
    pub code: String,
    pub text: String,
}

/// Lines that are kept, at most; a gateway that says more is not well.
const LINES_MAX: usize = 100_000;

/// Codes that say that values were or may have been lost.
const GAPS: [&str; 12] = [
    "QIAO-M064",
    "QIAO-O021",
    "QIAO-O022",
    "QIAO-O023",
    "QIAO-O028",
    "QIAO-O031",
    "QIAO-O072",
    "QIAO-O131",
    "QIAO-O133",
    "QIAO-O136",
    "QIAO-S004",
    "QIAO-V244",
];

impl Told {
    /// Whether it tells of a gap.
    #[must_use]
    pub fn is_gap(&self) -> bool {
        GAPS.contains(&self.code.as_str())
    }

    /// The same of a line for people: time first, `code=…` somewhere.
    #[must_use]
    pub fn of_line(line: &str) -> Option<Self> {
        let at = Timestamp::parse(line.split(' ').next()?).ok()?;
        let code = line.split_once("code=")?.1.split(' ').next()?;
        Some(Self { at, code: code.to_owned(), text: line.to_owned() })
    }
}

impl Process {
    /// Starts `qiao run` with `folder/qiao.yaml`.
    pub fn start(executable: &Path, folder: &Path) -> io::Result<Self> {
        let mut child = Command::new(executable)
            .args([
                "run",
                "--json",
                "--lang",
                "en",
                "--log",
                "info,opcua_client=error,opcua_core=error",
                "-c",
                "qiao.yaml",
            ])
            .current_dir(folder)
            // It is no unit of systemd, even when whoever started us is.
            .env_remove("NOTIFY_SOCKET")
            .env_remove("WATCHDOG_USEC")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let told = Arc::new(Mutex::new(Vec::new()));
        if let Some(errors) = child.stderr.take() {
            let told = Arc::clone(&told);
            std::thread::Builder::new().name("gateway log".to_owned()).spawn(move || {
                for line in BufReader::new(errors).lines().map_while(Result::ok) {
                    let mut told: std::sync::MutexGuard<'_, Vec<Told>> =
                        told.lock().unwrap_or_else(PoisonError::into_inner);
                    if told.len() < LINES_MAX {
                        told.extend(parse(&line));
                    }
                }
            })?;
        }
        Ok(Self { child, told })
    }

    /// What it told so far.
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether it has ended by itself, and how.
    pub fn has_ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// As the power cord would: SIGKILL, which no process can catch.
    pub fn kill(&mut self) {
        // One that is dead already needs no more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn parse(line: &str) -> Option<Told> {
    let Ok(json) = serde_json::from_str::<Value>(line) else {
        return Some(Told { at: Timestamp::NONE, code: String::new(), text: line.to_owned() });
    };
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    // Microseconds, as `tracing` writes them.
    let at = Timestamp::parse(&text("timestamp")).ok()?;
    let code = text("code");
    (!code.is_empty()).then(|| Told { at, code, text: text("message") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_code_is_kept_and_one_that_tells_of_a_gap_is_known() {
        let line = r#"{"timestamp":"2026-12-01T12:00:00.123456Z","level":"ERROR","message":"lost","code":"QIAO-O021","place":"plc","target":"qiao"}"#;
        let told = parse(line).expect("it has a code");
        assert_eq!((told.code.as_str(), told.text.as_str(), told.is_gap()), ("QIAO-O021", "lost", true));
        assert!(parse(r#"{"timestamp":"2026-12-01T12:00:00.123456Z","level":"INFO","message":"started"}"#).is_none());
        assert!(!parse("thread 'main' panicked").expect("kept").is_gap());
        let line = "2026-12-01T13:20:44.030133Z ERROR qiao::cli::log: The link was lost. code=QIAO-O023 place=plc";
        let told = Told::of_line(line).expect("it has a code");
        assert!(told.is_gap() && told.at == Timestamp::parse("2026-12-01T13:20:44.030133Z").expect("a time"));
    }
}
