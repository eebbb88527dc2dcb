//! The fault lab's proxy, for tests, in which not getting a port is a failure.

use std::ops::Deref;

/// Between a client and a server on loopback. Dropped, it ends with its connections.
#[derive(Debug)]
pub struct Proxy(qiao::tester::proxy::Proxy);

impl Proxy {
    /// Listens at a free port and passes everything on to `target`.
    pub fn to(target: u16) -> Self {
        Self(qiao::tester::proxy::Proxy::start(target).expect("loopback has a free port"))
    }
}

impl Deref for Proxy {
    type Target = qiao::tester::proxy::Proxy;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
