//! What every OPC UA server in this process shares: the simulated machine and the gateway's own face.

use ::opcua::server::CreateMonitoredItem;
use ::opcua::server::address_space::AddressSpace;
use ::opcua::server::node_manager::RequestContext;
use ::opcua::sync::RwLock;
use ::opcua::types::{StatusCode, TimestampsToReturn};
use std::io;
use std::net::SocketAddr;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

/// Stack of every thread that decodes messages or drops what was decoded: the decoder of this crate version does not
/// bound the nesting of a value inside a value. Virtual memory, only touched when needed.
pub(super) const STACK_BYTES: usize = 256 << 20;
/// What one message may hold, both ways. A chunk may be as long as a whole message for this crate, and a message may
/// have [`CHUNKS_MAX`] of them, so the decoder sees up to 256 KiB. One level of nesting costs two bytes of message and
/// up to 1.6 kB of stack, so that the deepest message needs less than [`STACK_BYTES`].
pub(super) const MESSAGE_BYTES_MAX: usize = 131_070;
pub(super) const CHUNKS_MAX: usize = 2;
/// Revised sampling interval: shorter than the time between any two changes. The crate writes another source time into a
/// value that comes between two samples; so every change is a sample, and the queue holds them until the next publish.
const SAMPLING_MS: f64 = 0.001;

/// A runtime whose threads hold whatever a message may nest.
pub(super) fn runtime(name: &str) -> io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .thread_name(name)
        .thread_stack_size(STACK_BYTES)
        .enable_all()
        .build()
}

/// Listens; port 0 takes a free one.
pub(super) async fn listen(wanted: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(wanted).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// An address as a client writes it.
pub(super) fn url(address: SocketAddr) -> String {
    format!("opc.tcp://{address}/")
}

/// Gives a new item the present value of its node.
pub(super) fn monitor(context: &RequestContext, space: &RwLock<AddressSpace>, item: &mut CreateMonitoredItem) {
    let value = space.read().read(context, item.item_to_monitor(), 0.0, TimestampsToReturn::Both);
    if value.status() != StatusCode::BadAttributeIdInvalid {
        item.set_initial_value(value);
    }
    item.set_status(StatusCode::Good);
    item.revise_sampling_interval(SAMPLING_MS);
}
