//! The gateway with real peers: one file per promise.

mod rig;
