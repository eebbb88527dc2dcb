//! A thread of its own for each source: nothing of the OPC UA stack lives anywhere else.
//!
//! What a peer sends is decoded with at most `answer::DECODE_STACK_MAX` of stack
//! (`super::answer`), so that a stack several times as large holds whatever is done with it afterwards: the crate drops,
//! copies and encodes nested values level by level too. The memory is virtual until it is used.

use std::future::Future;
use std::io;
use std::thread;
use tokio::sync::oneshot;

/// Stack of a thread that decodes what peers send.
pub const STACK_BYTES: usize = 8 << 20;

/// A source at work on its own thread.
#[derive(Debug)]
pub struct Handle {
    name: String,
    ended: oneshot::Receiver<()>,
}

/// The source's thread died of a bug; the log has the reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the OPC UA source `{name}` ended by a bug; it can be started again")]
pub struct Panicked {
    pub name: String,
}

impl Handle {
    /// Waits until the source has ended. Stop it by its token.
    pub async fn ended(self) -> Result<(), Panicked> {
        self.ended.await.map_err(|_| Panicked { name: self.name })
    }
}

/// Runs `work` on a thread of its own, in a runtime of its own; both end with it.
pub fn start<F>(name: &str, work: impl FnOnce() -> F + Send + 'static) -> io::Result<Handle>
where
    F: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        // Names of hosts are looked up there; no value of the stack gets there.
        .max_blocking_threads(4)
        .build()?;
    let (done, ended) = oneshot::channel();
    thread::Builder::new().name(format!("opcua {name}")).stack_size(STACK_BYTES).spawn(move || {
        runtime.block_on(work());
        // A lookup that still waits must not hold anybody up.
        runtime.shutdown_background();
        // Nobody may be waiting any more.
        let _ = done.send(());
    })?;
    Ok(Handle { name: name.to_owned(), ended })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_end_and_a_bug_are_told_apart() {
        let ended = start("good", || async {}).expect("a thread").ended().await;
        assert_eq!(ended, Ok(()));
        let died = start("bad", || async { panic!("a bug") }).expect("a thread").ended().await;
        assert_eq!(died, Err(Panicked { name: "bad".to_owned() }));
    }
}
