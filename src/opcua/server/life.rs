//! The life of a face, on threads of its own: opens the door, serves, looks after both, ends.

use super::admission::Admission;
use super::door;
use super::endpoint::{self, ITEMS_EACH};
use super::facts::Teller;
use super::login::{self, Login};
use super::nodes::{Items, Nodes};
use super::nodeset::{self, NodeSet};
use super::pins::Pins;
use super::space::{Shared, Space, Writers};
use super::ward::Ward;
use super::{FaceError, FacePlan};
use crate::config::plan::SecurityMode;
use crate::opcua::certificate::{Day, OwnCertificate, Role, Store};
use crate::opcua::namespace::Namespaces;
use crate::opcua::serving;
use ::opcua::crypto::X509;
use ::opcua::server::address_space::{AddressSpace, add_namespaces};
use ::opcua::server::diagnostics::NamespaceMetadata;
use ::opcua::server::node_manager::ServerContext;
use ::opcua::server::node_manager::memory::{InMemoryNodeManager, InMemoryNodeManagerBuilder};
use ::opcua::server::{Server, ServerHandle};
use ::opcua::types::{ServerState, VariableId, Variant};
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long a stop waits for clients to be told before connections are cut.
pub(super) const STOP_WITHIN: Duration = Duration::from_secs(3);
/// How often figures are read.
const TICK: Duration = Duration::from_millis(500);
/// Whether those who are inside may stay is asked every so many ticks.
const TICKS_PER_LOOK: u32 = 6;

/// What a start gives.
pub(super) struct Started {
    pub(super) address: SocketAddr,
    pub(super) space: Space,
}

/// Runs the whole life of a face; reports once whether it listens.
pub(super) fn run(plan: FacePlan, stop: CancellationToken, report: &Sender<Result<Started, FaceError>>) {
    // Nobody listens any more when `Face::start` has gone: then there is nobody to tell.
    let failed = |error| drop(report.send(Err(error)));
    let runtime = match serving::runtime("face") {
        Ok(runtime) => runtime,
        Err(error) => return failed(FaceError::Server { reason: error.to_string() }),
    };
    runtime.block_on(async {
        match prepare(&plan).await {
            Ok(prepared) => {
                let (address, space) = (prepared.address, prepared.space.clone());
                prepared.serve(stop, || drop(report.send(Ok(Started { address, space })))).await;
            }
            Err(error) => failed(error),
        }
    });
    runtime.shutdown_timeout(STOP_WITHIN);
}

struct Prepared {
    address: SocketAddr,
    listener: TcpListener,
    inner: TcpListener,
    inner_address: SocketAddr,
    server: Server,
    handle: ServerHandle,
    space: Space,
    ward: Arc<Ward>,
}

async fn prepare(plan: &FacePlan) -> Result<Prepared, FaceError> {
    let keys = |reason: String| FaceError::Keys { reason };
    let store = Store::of(&plan.pki, Role::Server);
    let own = OwnCertificate::ensure(&store, &plan.gateway, Day::of(plan.clock.now().wall));
    let own = own.map_err(|error| keys(error.to_string()))?;
    let wanted = plan.connection.listen;
    let listening = serving::listen(wanted).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => FaceError::AddressTaken { address: wanted },
        _ => FaceError::Listen { address: wanted, error },
    });
    let (listener, address) = listening?;
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    let inner = serving::listen(loopback).await;
    let (inner, inner_address) = inner.map_err(|error| FaceError::Listen { address: loopback, error })?;
    let folder = plan.pki.join(format!("face-{}", plan.name));
    let pins = Pins::new(&std::path::absolute(&folder).unwrap_or(folder)).map_err(|error| keys(error.to_string()))?;
    let teller = Arc::new(Teller::new(plan.log));
    let counters = Arc::clone(&plan.counters);
    let writers = Arc::default();
    let login = Login::new(plan, Arc::clone(&counters), Arc::clone(&teller), Arc::clone(&writers));
    let builder = endpoint::builder(plan, &own, &pins, Arc::new(login), address);
    let (sets, faults) = nodeset::load(&plan.connection.node_sets, &plan.name);
    faults.iter().for_each(plan.log);
    let (server, handle, space) = build(plan, &own, builder, sets, writers)?;
    let parsed = X509::from_der(&own.certificate.der).map_err(|error| keys(error.to_string()))?;
    let thumbprint = parsed.thumbprint().value().to_vec();
    let ward = Ward {
        name: plan.name.clone(),
        configuration: plan.configuration.clone(),
        store,
        pins,
        own: (thumbprint, own.certificate.key_bits.unwrap_or(2048) as usize / 8),
        is_open: plan.connection.security == SecurityMode::NoneIAcceptTheRisk,
        clock: plan.clock,
        admission: Admission::new(usize::from(plan.connection.max_sessions)),
        counters,
        teller,
        inside: Mutex::default(),
    };
    let ward = Arc::new(ward);
    Ok(Prepared { address, listener, inner, inner_address, server, handle, space, ward })
}

/// The server with its nodes; the namespaces of flows and of the gateway itself are there from the start.
fn build(
    plan: &FacePlan,
    own: &OwnCertificate,
    builder: ::opcua::server::ServerBuilder,
    sets: Vec<NodeSet>,
    writers: Arc<Writers>,
) -> Result<(Server, ServerHandle, Space), FaceError> {
    let uris = namespaces(plan, &sets);
    let slot: Arc<Mutex<Option<Arc<Shared>>>> = Arc::default();
    let (made, wanted, language) = (Arc::clone(&slot), uris.clone(), plan.language.clone());
    let roles = Arc::new(login::roles(&plan.connection));
    let own_uri = own.application_uri.clone();
    let nodes = move |context: ServerContext, space: &mut AddressSpace| {
        let uris: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let indexes = add_namespaces(&context, space, &uris);
        let table = context.type_tree.read().namespaces().known_namespaces().clone();
        let mut all = vec![String::new(); table.values().copied().max().map_or(1, |most| usize::from(most) + 1)];
        for (uri, index) in table {
            all[usize::from(index)] = uri;
        }
        // Index 1 is the server's own, whoever wrote it into the table.
        if let Some(own) = all.get_mut(1).filter(|own| own.is_empty()) {
            own.clone_from(&own_uri);
        }
        let shared = Arc::new(Shared {
            namespaces: Namespaces::new(all),
            known: std::sync::RwLock::default(),
            hooks: Default::default(),
            writers,
            language,
        });
        for set in &sets {
            let count = set.write(space, &shared.namespaces, &shared.language);
            tracing::info!(file = %set.file.display(), nodes = count, "node set");
        }
        *made.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&shared));
        let namespaces = wanted.iter().zip(indexes).map(|(uri, index)| NamespaceMetadata {
            namespace_uri: uri.clone(),
            namespace_index: index,
            ..NamespaceMetadata::default()
        });
        Nodes { namespaces: namespaces.collect(), shared, roles, items: Items::new(ITEMS_EACH) }
    };
    let failed = |reason| FaceError::Server { reason };
    let built = builder.with_node_manager(InMemoryNodeManagerBuilder::new(nodes)).build();
    let (server, handle) = built.map_err(failed)?;
    let shared = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    let nodes = handle.node_managers().get_of_type::<InMemoryNodeManager<Nodes>>();
    let (Some(shared), Some(nodes)) = (shared, nodes) else {
        return Err(failed("no address space was built".to_owned()));
    };
    let space = Space { nodes, server: handle.clone(), shared };
    Ok((server, handle, space))
}

/// Every namespace once, that of the gateway's own nodes first.
fn namespaces(plan: &FacePlan, sets: &[NodeSet]) -> Vec<String> {
    let mut uris = vec![super::GATEWAY_NAMESPACE.to_owned()];
    for uri in sets.iter().flat_map(|set| &set.own).chain(&plan.namespaces) {
        if !uris.contains(uri) {
            uris.push(uri.clone());
        }
    }
    uris
}

impl Prepared {
    async fn serve(self, stop: CancellationToken, started: impl FnOnce()) {
        let Self { address, listener, inner, inner_address, server, handle, ward, space } = self;
        let mut serving = std::pin::pin!(server.run_with(inner));
        // The first steps are the server's: it learns its own port, which is not the one that clients know.
        let begun = async {
            while handle.info().port.load(Ordering::Relaxed) != inner_address.port() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::select! {
            biased;
            // Whoever stops does not wait for a server that never begins.
            () = stop.cancelled() => return,
            ended = &mut serving => return ended_early(ended),
            () = begun => handle.info().port.store(address.port(), Ordering::Relaxed),
        }
        let door = door::run(listener, inner_address, Arc::clone(&ward), stop.child_token());
        let mut door = Box::pin(door);
        started();
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        let mut count = 0_u32;
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => break,
                ended = &mut serving => return ended_early(ended),
                () = &mut door => break,
                _ = ticks.tick() => {}
            }
            count = count.wrapping_add(1);
            figures(&handle, &ward, &space);
            if count.is_multiple_of(TICKS_PER_LOOK) {
                ward.pins.sweep();
                let (ward, now) = (Arc::clone(&ward), ward.clock.now().wall);
                tokio::task::spawn_blocking(move || ward.look_again(now));
            }
        }
        handle.set_server_state(ServerState::Shutdown);
        handle.cancel();
        drop(door);
        // Clients that do not hang up when told are cut off with the runtime.
        let _ = tokio::time::timeout(STOP_WITHIN, serving).await;
    }
}

fn ended_early(ended: Result<(), String>) {
    let reason = ended.err().unwrap_or_default();
    tracing::error!(%reason, "the gateway's own OPC UA server ended");
}

/// Reads what the server counts.
fn figures(handle: &ServerHandle, ward: &Ward, space: &Space) {
    use VariableId as Id;
    let summary = handle.info().summary();
    let read = |id| match summary.get(id).and_then(|value| value.value) {
        Some(Variant::UInt32(count)) => u64::from(count),
        _ => 0,
    };
    let counters = &ward.counters;
    let sessions = read(Id::Server_ServerDiagnostics_ServerDiagnosticsSummary_CurrentSessionCount);
    let subscriptions = read(Id::Server_ServerDiagnostics_ServerDiagnosticsSummary_CurrentSubscriptionCount);
    let refused = read(Id::Server_ServerDiagnostics_ServerDiagnosticsSummary_RejectedRequestsCount);
    counters.sessions.store(sessions, Ordering::Relaxed);
    counters.subscriptions.store(subscriptions, Ordering::Relaxed);
    counters.refused_requests.store(refused, Ordering::Relaxed);
    counters.clients.store(ward.admission.inside() as u64, Ordering::Relaxed);
    counters.nodes.store(space.count() as u64, Ordering::Relaxed);
}
