//! Exit codes: a contract with scripts.

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, nothing is wrong.
    Good,
    /// 1: something was found wrong, or the work failed.
    Failed,
    /// 2: the command line or the configuration is wrong.
    Usage,
    /// 3: it could not be told: a peer did not answer, a file could not be read.
    CouldNotTell,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Good => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::CouldNotTell => 3,
        })
    }
}
