//! How far a browse has come, for somebody who watches.

use super::Face;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// How often it is drawn.
const REDRAW: Duration = Duration::from_millis(120);

/// A line that counts nodes; nothing when nobody watches.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// `label` is a text of the messages.
    #[must_use]
    pub fn new(face: &Face, label: &str) -> Self {
        let bar = face.is_watched().then(|| {
            let bar = ProgressBar::new_spinner();
            // The template is ours; if it were wrong, the usual one would do.
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {pos}") {
                bar.set_style(style);
            }
            bar.with_message(face.text(label, &[]))
        });
        Self { bar }
    }

    /// Shows `count` until the work is done.
    pub async fn during<T>(&self, work: impl Future<Output = T>, count: impl Fn() -> u64) -> T {
        let Some(bar) = &self.bar else { return work.await };
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => {
                    bar.finish_and_clear();
                    return done;
                }
                () = tokio::time::sleep(REDRAW) => {
                    bar.set_position(count());
                    bar.tick();
                }
            }
        }
    }
}
