//! A disk that keeps only what was synced, fails when it is told to, blocks, and loses power.

mod file;
mod power;

pub use power::{REORDERS, Reorder};

use super::disk::{Disk, DiskFile, DiskLock};
use file::FakeFile;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// What happens at one call that changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The power fails: this call is done in part or not at all, every later one fails.
    PowerLoss,
    /// The call fails with this error and does nothing; a sync has lost what it was to keep.
    Error(io::ErrorKind),
    /// A write is done in part, then fails with this error; any other call as with [`Fault::Error`].
    Short(io::ErrorKind),
}

/// A disk in memory. Clones are the same disk.
#[derive(Clone, Debug)]
pub struct FakeDisk {
    state: Arc<Mutex<State>>,
    gate: Arc<Gate>,
}

/// Holds up everything that changes something.
#[derive(Debug, Default)]
struct Gate {
    is_closed: Mutex<bool>,
    opened: Condvar,
}

#[derive(Clone, Debug, Default)]
struct State {
    files: Vec<Inode>,
    /// What programs see, and what survives.
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    /// Names that came and went since their directory was synced, in the order in which they did.
    unsynced_names: Vec<(u64, PathBuf, Option<usize>)>,
    directories: BTreeSet<PathBuf>,
    locks: BTreeSet<PathBuf>,
    knows_no_locks: bool,
    capacity: u64,
    /// Calls that changed something or synced.
    calls: u64,
    faults: BTreeMap<u64, Fault>,
    reads: u64,
    read_faults: BTreeMap<u64, io::ErrorKind>,
    is_off: bool,
    random: u64,
    /// The disk as it was at each call, if it is recorded.
    recorded: Option<Vec<State>>,
}

/// Content is shared between copies of a disk until one of them changes it.
#[derive(Clone, Debug, Default)]
struct Inode {
    content: Arc<Vec<u8>>,
    durable: Arc<Vec<u8>>,
    /// Since the last sync, with the number of the call.
    unsynced: Vec<(u64, Change)>,
}

impl Inode {
    fn of(content: Vec<u8>) -> Self {
        let content = Arc::new(content);
        Self { durable: Arc::clone(&content), content, unsynced: Vec::new() }
    }
}

#[derive(Clone, Debug)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Length(usize),
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes } => {
                if content.len() < at + bytes.len() {
                    content.resize(at + bytes.len(), 0);
                }
                content[*at..at + bytes.len()].copy_from_slice(bytes);
            }
            Self::Length(length) => content.resize(*length, 0),
        }
    }
}

impl FakeDisk {
    #[must_use]
    pub fn new(seed: u64, capacity: u64) -> Self {
        Self::of(State { capacity, random: seed | 1, ..State::default() })
    }

    fn of(state: State) -> Self {
        Self { state: Arc::new(Mutex::new(state)), gate: Arc::default() }
    }

    /// Calls so far that changed something.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.state().calls
    }

    /// Calls so far that opened a file or read from one.
    #[must_use]
    pub fn reads(&self) -> u64 {
        self.state().reads
    }

    /// The call with this number, counted from 0, meets a fault.
    pub fn fault_at(&self, call: u64, fault: Fault) {
        self.state().faults.insert(call, fault);
    }

    /// The read with this number, counted from 0, fails.
    pub fn fault_at_read(&self, read: u64, kind: io::ErrorKind) {
        self.state().read_faults.insert(read, kind);
    }

    pub fn set_capacity(&self, capacity: u64) {
        self.state().capacity = capacity;
    }

    /// As some network file systems.
    pub fn forget_locks(&self) {
        self.state().knows_no_locks = true;
    }

    /// Calls that change something wait from now on, as on a disk that does not answer, until [`Self::let_go`].
    pub fn hold(&self) {
        *self.gate.is_closed.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }

    pub fn let_go(&self) {
        *self.gate.is_closed.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.gate.opened.notify_all();
    }

    fn pass_gate(&self) {
        let closed = self.gate.is_closed.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.gate.opened.wait_while(closed, |is_closed| *is_closed));
    }

    /// Keeps from now on what the disk looks like at each call: done, and not yet synced.
    pub fn record(&self) {
        self.state().recorded = Some(Vec::new());
    }

    /// Of each call since the last time, the disk at that moment.
    #[must_use]
    pub fn recorded(&self) -> Vec<Self> {
        let recorded = self.state().recorded.as_mut().map(std::mem::take).unwrap_or_default();
        recorded.into_iter().map(Self::of).collect()
    }

    /// The process dies, the machine does not: every write is there, locks are free.
    #[must_use]
    pub fn kill(&self) -> Self {
        let state = self.state();
        let (random, capacity, directories) = (state.random, state.capacity, state.directories.clone());
        let after = State { capacity, random, directories, files: state.files.clone(), ..State::default() };
        let (names, durable_names) = (state.names.clone(), state.durable_names.clone());
        Self::of(State { names, durable_names, unsynced_names: state.unsynced_names.clone(), ..after })
    }

    /// A copy of everything, as if somebody had taken a backup.
    #[must_use]
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let state = self.state();
        state.names.iter().map(|(path, file)| (path.clone(), state.files[*file].content.to_vec())).collect()
    }

    /// Puts a file there, durably.
    pub fn put(&self, path: &Path, content: Vec<u8>) {
        let mut state = self.state();
        let file = state.files.len();
        state.files.push(Inode::of(content));
        state.names.insert(path.to_owned(), file);
        state.durable_names.insert(path.to_owned(), file);
    }

    /// Takes a file away, durably.
    pub fn take(&self, path: &Path) {
        let mut state = self.state();
        state.names.remove(path);
        state.durable_names.remove(path);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn next(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn chance(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    /// Counts a call that changes something; an error: it does nothing.
    fn call(&mut self) -> io::Result<Option<Fault>> {
        self.is_on()?;
        let fault = self.faults.remove(&self.calls);
        self.calls += 1;
        self.is_off = fault == Some(Fault::PowerLoss);
        Ok(fault)
    }

    /// The same of a call that is done or not; when the power fails it is.
    fn whole_call(&mut self) -> io::Result<()> {
        match self.call()? {
            Some(fault) if fault != Fault::PowerLoss => Err(refused(fault)),
            _ => Ok(()),
        }
    }

    /// A call that opens or reads.
    fn read(&mut self) -> io::Result<()> {
        self.is_on()?;
        self.reads += 1;
        let read = self.reads - 1;
        self.read_faults.remove(&read).map_or(Ok(()), |kind| Err(kind.into()))
    }

    /// A name comes or goes; after a loss of power it is as it was or as it is.
    fn name(&mut self, path: &Path, file: Option<usize>) {
        match file {
            Some(file) => self.names.insert(path.to_owned(), file),
            None => self.names.remove(path),
        };
        self.unsynced_names.push((self.calls, path.to_owned(), file));
    }

    /// The call is done, and nothing of it is durable.
    fn note(&mut self) {
        if self.recorded.is_some() {
            let now = Self { recorded: None, locks: BTreeSet::new(), is_off: false, ..self.clone_without_record() };
            self.recorded.get_or_insert_default().push(now);
        }
    }

    fn clone_without_record(&mut self) -> Self {
        let recorded = self.recorded.take();
        let clone = self.clone();
        self.recorded = recorded;
        clone
    }

    fn is_on(&self) -> io::Result<()> {
        if self.is_off { Err(off()) } else { Ok(()) }
    }

    fn used(&self) -> u64 {
        self.names.values().map(|file| self.files[*file].content.len() as u64).sum()
    }

    fn file(&self, path: &Path) -> io::Result<usize> {
        self.is_on()?;
        self.names.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn off() -> io::Error {
    io::Error::other("the power is off")
}

fn refused(fault: Fault) -> io::Error {
    match fault {
        Fault::PowerLoss => off(),
        Fault::Error(kind) | Fault::Short(kind) => kind.into(),
    }
}

impl Disk for FakeDisk {
    fn make_directory(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.is_on()?;
        state.directories.insert(path.to_owned());
        Ok(())
    }

    fn create(&self, path: &Path, bytes: u64) -> io::Result<Box<dyn DiskFile>> {
        self.pass_gate();
        let mut state = self.state();
        if state.names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.whole_call()?;
        if state.used() + bytes > state.capacity {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let file = state.files.len();
        let content = Arc::new(vec![0; bytes as usize]);
        let unsynced = vec![(state.calls, Change::Length(bytes as usize))];
        state.files.push(Inode { content, durable: Arc::default(), unsynced });
        state.name(path, Some(file));
        state.note();
        state.is_on()?;
        Ok(Box::new(FakeFile { disk: self.clone(), file }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.state();
        state.read()?;
        let file = state.file(path)?;
        drop(state);
        Ok(Box::new(FakeFile { disk: self.clone(), file }))
    }

    fn open_to_read(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.open(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let mut state = self.state();
        state.read()?;
        if !state.directories.contains(directory) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let inside = state.names.keys().filter(|path| path.parent() == Some(directory));
        Ok(inside.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.whole_call()?;
        let file = state.names.get(from).copied().ok_or(io::ErrorKind::NotFound)?;
        state.name(from, None);
        state.name(to, Some(file));
        state.note();
        state.is_on()
    }

    fn unlink(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.whole_call()?;
        state.names.get(path).ok_or(io::ErrorKind::NotFound)?;
        state.name(path, None);
        state.note();
        state.is_on()
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        self.pass_gate();
        let mut state = self.state();
        state.note();
        if let Some(fault) = state.call()? {
            return Err(refused(fault));
        }
        state.unsynced_names.retain(|(_, name, _)| name.parent() != Some(path));
        state.durable_names.retain(|name, _| name.parent() != Some(path));
        let inside: Vec<_> = state.names.iter().filter(|(name, _)| name.parent() == Some(path)).collect();
        let inside: Vec<_> = inside.into_iter().map(|(name, file)| (name.clone(), *file)).collect();
        state.durable_names.extend(inside);
        Ok(())
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn DiskLock>>> {
        let mut state = self.state();
        state.is_on()?;
        if state.knows_no_locks {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let is_free = state.locks.insert(path.to_owned());
        Ok(is_free.then(|| Box::new(FakeLock { disk: self.clone(), path: path.to_owned() }) as Box<dyn DiskLock>))
    }

    fn free_space(&self, _path: &Path) -> io::Result<u64> {
        let state = self.state();
        state.is_on()?;
        Ok(state.capacity.saturating_sub(state.used()))
    }
}

#[derive(Debug)]
struct FakeLock {
    disk: FakeDisk,
    path: PathBuf,
}

impl DiskLock for FakeLock {}

impl Drop for FakeLock {
    fn drop(&mut self) {
        self.disk.state().locks.remove(&self.path);
    }
}
