//! The server on threads of its own: builds the address space, writes what changed, serves until told to stop.

use super::behaviour::Behaviour;
use super::companion::{self, MODELS};
use super::endpoint::{self, Pki};
use super::layout::{self, FEED_OVERRIDE_MAX, Moving};
use super::load::LoadSource;
use super::numbers::NumberSource;
use super::readings::Value;
use super::space::Space;
use super::{Options, STOP_WITHIN, SimulatorError, machine_name};
use crate::model::Timestamp;
use crate::opcua::serving;
use crate::port::Clock;
use ::opcua::server::address_space::{AddressSpace, add_namespaces, validate_node_write};
use ::opcua::server::diagnostics::NamespaceMetadata;
use ::opcua::server::node_manager::memory::{InMemoryNodeManager, InMemoryNodeManagerBuilder, InMemoryNodeManagerImpl};
use ::opcua::server::node_manager::{RequestContext, ServerContext, WriteNode};
use ::opcua::server::{CreateMonitoredItem, Server, ServerHandle};
use ::opcua::sync::RwLock;
use ::opcua::types::{DataValue, DateTime, NodeId, StatusCode, Variant};
use async_trait::async_trait;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How often changes are written.
const TICK: Duration = Duration::from_millis(50);
/// States of the machines are written every so many ticks, what moves all the time more rarely.
const TICKS_PER_STATE: u32 = 2;
const TICKS_PER_MOTION: u32 = 10;
const TICKS_PER_NUMBER: u32 = 2;
const TICKS_PER_SWEEP: u32 = 1200;

/// Runs the whole life of the server; reports once whether it listens.
pub(super) fn run(
    options: Options,
    clock: Clock,
    stop: CancellationToken,
    report: &Sender<Result<SocketAddr, SimulatorError>>,
) {
    // Nobody listens any more when `Simulator::start` has gone: then there is nobody to tell.
    let failed = |error| drop(report.send(Err(error)));
    let runtime = match serving::runtime("simulator") {
        Ok(runtime) => runtime,
        Err(error) => return failed(SimulatorError::Server { reason: error.to_string() }),
    };
    let pki = match Pki::ensure(&options) {
        Ok(pki) => pki,
        Err(error) => return failed(error),
    };
    runtime.block_on(async {
        let (listener, address) = match listen(options.listen).await {
            Ok(listening) => listening,
            Err(error) => return failed(error),
        };
        match build(&options, &pki, address, clock) {
            Ok((server, handle, world)) => {
                let _ = report.send(Ok(address));
                serve(server, &handle, listener, world, &pki, &stop).await;
            }
            Err(error) => failed(error),
        }
    });
    runtime.shutdown_timeout(STOP_WITHIN);
}

async fn listen(wanted: SocketAddr) -> Result<(TcpListener, SocketAddr), SimulatorError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => SimulatorError::AddressTaken { address: wanted },
        _ => SimulatorError::Listen { address: wanted, error },
    };
    serving::listen(wanted).await.map_err(failed)
}

/// What moves, and where it is shown.
struct World {
    clock: Clock,
    /// Wall clock and monotonic clock at the machines' time zero.
    started: Timestamp,
    began: Duration,
    machines: Vec<Machine>,
    wishes: Wishes,
    load: LoadSource,
    numbers: NumberSource,
}

struct Machine {
    behaviour: Behaviour,
    moving: Vec<(Moving, Value)>,
    /// The node at which its feed override is set.
    feed_override: NodeId,
}

/// Feed overrides that clients set and no machine took yet, by its index.
type Wishes = Arc<Mutex<Vec<(usize, f64)>>>;

fn build(
    options: &Options,
    pki: &Pki,
    address: SocketAddr,
    clock: Clock,
) -> Result<(Server, ServerHandle, World), SimulatorError> {
    let built = Arc::new(Mutex::new(None));
    let (wanted, slot) = (options.clone(), Arc::clone(&built));
    let nodes = move |context: ServerContext, space: &mut AddressSpace| {
        let uris = MODELS.map(|model| model.uri);
        let indexes = add_namespaces(&context, space, &uris);
        let mut numbers = [0; MODELS.len()];
        numbers.copy_from_slice(&indexes);
        let world = furnish(&wanted, &mut Space::new(space, numbers), clock);
        let overrides =
            world.machines.iter().zip(0..).map(|(machine, at)| (machine.feed_override.clone(), at)).collect();
        let wishes = Arc::clone(&world.wishes);
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(world);
        Nodes { namespaces: metadata(&numbers), overrides, wishes }
    };
    let (server, handle) = endpoint::builder(options, pki, address)
        .with_node_manager(InMemoryNodeManagerBuilder::new(nodes))
        .build()
        .map_err(|reason| SimulatorError::Server { reason })?;
    let world = built.lock().unwrap_or_else(PoisonError::into_inner).take();
    let world = world.ok_or_else(|| SimulatorError::Server { reason: "no address space was built".to_owned() })?;
    Ok((server, handle, world))
}

fn furnish(options: &Options, space: &mut Space<'_>, clock: Clock) -> World {
    let now = clock.now();
    companion::write(space);
    let mut load = LoadSource::new(options.load.map_or(0, |load| load.rate));
    let machines = (1..=options.machines)
        .map(|number| {
            let behaviour = Behaviour::new(options.seed.wrapping_add(number as u64 - 1), options.makes_mistakes);
            let layout::Written { root, feed_override, moving } =
                layout::write(space, &machine_name(number), number, &behaviour, now.wall.0);
            load.add(space, &root, number, options.load.map_or(0, |load| load.variables));
            let moving = moving.into_iter().map(|moving| {
                let value = behaviour.value(moving.field);
                (moving, value)
            });
            Machine { moving: moving.collect(), behaviour, feed_override }
        })
        .collect();
    let numbers = NumberSource::new(space, options.numbers.as_ref());
    let wishes = Wishes::default();
    World { clock, started: now.wall, began: now.monotonic, machines, wishes, load, numbers }
}

fn metadata(indexes: &[u16; MODELS.len()]) -> Vec<NamespaceMetadata> {
    let all = MODELS.iter().zip(indexes).map(|(model, index)| NamespaceMetadata {
        namespace_uri: model.uri.to_owned(),
        namespace_index: *index,
        namespace_version: Some(model.version.to_owned()),
        namespace_publication_date: Some(DateTime::ymd(model.published.0, model.published.1, model.published.2)),
        // Types without their instance declarations.
        is_namespace_subset: Some(true),
        ..NamespaceMetadata::default()
    });
    all.collect()
}

async fn serve(
    server: Server,
    handle: &ServerHandle,
    listener: TcpListener,
    mut world: World,
    pki: &Pki,
    stop: &CancellationToken,
) {
    let Some(nodes) = handle.node_managers().get_of_type::<InMemoryNodeManager<Nodes>>() else { return };
    let mut serving = std::pin::pin!(server.run_with(listener));
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    let mut count = 0_u32;
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            ended = &mut serving => {
                if let Err(reason) = ended {
                    tracing::error!(%reason, "the simulator ended");
                }
                return;
            }
            _ = ticks.tick() => {}
        }
        count = count.wrapping_add(1);
        let written = world.write(count, &nodes, handle);
        if let Err(status) = written {
            tracing::error!(%status, "a simulated value was refused");
        }
        if count.is_multiple_of(TICKS_PER_SWEEP) {
            pki.forget_old_clients();
        }
    }
    handle.cancel();
    // Clients that do not hang up when told are cut off with the runtime.
    let _ = tokio::time::timeout(STOP_WITHIN, serving).await;
}

impl World {
    /// Writes what changed since the last tick.
    fn write(
        &mut self,
        count: u32,
        nodes: &InMemoryNodeManager<Nodes>,
        handle: &ServerHandle,
    ) -> Result<(), StatusCode> {
        let now = self.clock.now();
        let elapsed = now.monotonic.saturating_sub(self.began);
        let time = DateTime::from(now.wall.0);
        for (machine, value) in self.wishes.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            if let Some(machine) = self.machines.get_mut(machine) {
                machine.behaviour.set_feed_override(value);
            }
        }
        if count.is_multiple_of(TICKS_PER_STATE) {
            let (started, with_motion) = (self.started.0, count.is_multiple_of(TICKS_PER_MOTION));
            let changed = self.machines.iter_mut().flat_map(|machine| machine.changes(elapsed, started, with_motion));
            nodes.set_values(handle.subscriptions(), changed.map(|(node, value)| (node, None, at(value, time))))?;
        }
        if count.is_multiple_of(TICKS_PER_NUMBER) {
            self.numbers.count(now.wall, |values, time| {
                let time = DateTime::from(time.0);
                let values = values.into_iter().map(|(node, value)| (node, None, at(value, time)));
                nodes.set_values(handle.subscriptions(), values)
            })?;
        }
        loop {
            let due = self.load.due(elapsed);
            if due.len() == 0 {
                return Ok(());
            }
            let values = due.map(|(node, value)| (node, None, at(value.into(), time)));
            nodes.set_values(handle.subscriptions(), values)?;
        }
    }
}

impl Machine {
    fn changes(
        &mut self,
        elapsed: Duration,
        started: i64,
        with_motion: bool,
    ) -> impl Iterator<Item = (&NodeId, Variant)> {
        self.behaviour.advance(elapsed);
        let behaviour = &self.behaviour;
        let moving = self.moving.iter_mut().filter(move |(moving, _)| with_motion || !moving.field.is_motion());
        moving.filter_map(move |(moving, last)| {
            let value = behaviour.value(moving.field);
            if value == *last {
                return None;
            }
            *last = value;
            Some((&moving.node, moving.part.of(value, started)))
        })
    }
}

fn at(value: Variant, time: DateTime) -> DataValue {
    DataValue {
        value: Some(value),
        status: Some(StatusCode::Good),
        source_timestamp: Some(time),
        server_timestamp: Some(time),
        ..DataValue::default()
    }
}

/// The nodes of the simulator, all in memory; what can be set is set by its machine.
struct Nodes {
    namespaces: Vec<NamespaceMetadata>,
    /// The feed overrides, with the index of their machine.
    overrides: HashMap<NodeId, usize>,
    wishes: Wishes,
}

impl Nodes {
    fn set(&self, context: &RequestContext, space: &RwLock<AddressSpace>, wish: &WriteNode) -> StatusCode {
        let asked = wish.value();
        let space = space.read();
        let types = context.get_type_tree_for_user();
        let Some(node) = space.find(&asked.node_id) else { return StatusCode::BadNodeIdUnknown };
        if let Err(status) = validate_node_write(node, context, asked, types.get()) {
            return status;
        }
        let Some(machine) = self.overrides.get(&asked.node_id) else { return StatusCode::BadNotWritable };
        match asked.value.value {
            Some(Variant::Double(value)) if (0.0..=FEED_OVERRIDE_MAX).contains(&value) => {
                self.wishes.lock().unwrap_or_else(PoisonError::into_inner).push((*machine, value));
                StatusCode::Good
            }
            Some(Variant::Double(_)) => StatusCode::BadOutOfRange,
            _ => StatusCode::BadTypeMismatch,
        }
    }
}

#[async_trait]
impl InMemoryNodeManagerImpl for Nodes {
    /// Everything was written when the address space was built.
    async fn init(&self, _space: &mut AddressSpace, _context: ServerContext) {}

    fn name(&self) -> &str {
        "simulator"
    }

    async fn create_value_monitored_items(
        &self,
        context: &RequestContext,
        space: &RwLock<AddressSpace>,
        items: &mut [&mut &mut CreateMonitoredItem],
    ) {
        items.iter_mut().for_each(|item| serving::monitor(context, space, item));
    }

    async fn write(
        &self,
        context: &RequestContext,
        space: &RwLock<AddressSpace>,
        nodes: &mut [&mut WriteNode],
    ) -> Result<(), StatusCode> {
        for node in nodes {
            let status = self.set(context, space, node);
            node.set_status(status);
        }
        Ok(())
    }

    fn namespaces(&self) -> Vec<NamespaceMetadata> {
        self.namespaces.clone()
    }
}
