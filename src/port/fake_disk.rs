//! A disk that keeps only what was synced, fails when it is told to, and loses power.

use super::disk::{Disk, DiskFile, DiskLock};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What happens at one call that changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The power fails: this call is done in part or not at all, every later one fails.
    PowerLoss,
    /// The call fails with this error; a write may have been done in part, a sync has lost what it was to keep.
    Error(io::ErrorKind),
}

/// A disk in memory. Clones are the same disk.
#[derive(Clone, Debug)]
pub struct FakeDisk(Arc<Mutex<State>>);

/// Small, so that short writes have several.
const SECTOR: usize = 64;

#[derive(Debug, Default)]
struct State {
    files: Vec<Inode>,
    /// What programs see, and what survives.
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    directories: BTreeSet<PathBuf>,
    locks: BTreeSet<PathBuf>,
    capacity: u64,
    /// Calls that changed something or synced.
    calls: u64,
    faults: BTreeMap<u64, Fault>,
    is_off: bool,
    random: u64,
}

#[derive(Clone, Debug, Default)]
struct Inode {
    content: Vec<u8>,
    durable: Vec<u8>,
    /// Since the last sync.
    unsynced: Vec<Change>,
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
        Self(Arc::new(Mutex::new(State { capacity, random: seed | 1, ..State::default() })))
    }

    /// Calls so far that changed something.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.state().calls
    }

    /// The call with this number, counted from 0, meets a fault.
    pub fn fault_at(&self, call: u64, fault: Fault) {
        self.state().faults.insert(call, fault);
    }

    pub fn set_capacity(&self, capacity: u64) {
        self.state().capacity = capacity;
    }

    /// Power goes and comes back: what was not synced survives in any combination, the last writes torn.
    #[must_use]
    pub fn reboot(&self, seed: u64) -> Self {
        let mut state = self.state();
        state.random = (seed << 1) | 1;
        let mut after = State { capacity: state.capacity, random: (seed << 1) | 1, ..State::default() };
        after.directories = state.directories.clone();
        // A name that was made or unmade without a sync of its directory is there or not.
        let mut names: BTreeMap<PathBuf, usize> = state.durable_names.clone();
        let all: BTreeSet<PathBuf> = state.names.keys().chain(state.durable_names.keys()).cloned().collect();
        for path in all {
            let (now, durable) = (state.names.get(&path).copied(), state.durable_names.get(&path).copied());
            if now != durable && state.chance(2) {
                match now {
                    Some(file) => names.insert(path, file),
                    None => names.remove(&path),
                };
            }
        }
        for (path, file) in names {
            let inode = state.files[file].clone();
            let mut content = inode.durable;
            state.keep_some(&inode.unsynced, &mut content);
            after.names.insert(path.clone(), after.files.len());
            after.files.push(Inode { durable: content.clone(), content, unsynced: Vec::new() });
        }
        after.durable_names = after.names.clone();
        Self(Arc::new(Mutex::new(after)))
    }

    /// The process dies, the machine does not: every write is there, locks are free.
    #[must_use]
    pub fn kill(&self) -> Self {
        let state = self.state();
        let mut after = State { capacity: state.capacity, random: state.random, ..State::default() };
        after.directories = state.directories.clone();
        after.files = state.files.clone();
        after.names = state.names.clone();
        after.durable_names = state.durable_names.clone();
        Self(Arc::new(Mutex::new(after)))
    }

    /// A copy of everything, as if somebody had taken a backup.
    #[must_use]
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let state = self.state();
        state.names.iter().map(|(path, file)| (path.clone(), state.files[*file].content.clone())).collect()
    }

    /// Puts a file there, durably.
    pub fn put(&self, path: &Path, content: Vec<u8>) {
        let mut state = self.state();
        let file = state.files.len();
        state.files.push(Inode { durable: content.clone(), content, unsynced: Vec::new() });
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
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// Each change is kept, lost, cut short, or there in some of its sectors.
    fn keep_some(&mut self, changes: &[Change], content: &mut Vec<u8>) {
        for change in changes {
            match (self.below(4), change) {
                (0, _) | (2.., Change::Length(_)) => {}
                (1, change) => change.apply(content),
                (2, Change::Write { at, bytes }) => {
                    let keep = self.below(bytes.len() as u64 + 1) as usize;
                    Change::Write { at: *at, bytes: bytes[..keep].to_vec() }.apply(content);
                }
                (_, Change::Write { at, bytes }) => {
                    for (number, sector) in bytes.chunks(SECTOR).enumerate() {
                        if self.chance(2) {
                            let at = at + number * SECTOR;
                            Change::Write { at, bytes: sector.to_vec() }.apply(content);
                        }
                    }
                }
            }
        }
    }

    /// Counts a call that changes something.
    fn call(&mut self) -> Option<Fault> {
        if self.is_off {
            return Some(Fault::PowerLoss);
        }
        let fault = self.faults.remove(&self.calls);
        self.calls += 1;
        self.is_off = fault == Some(Fault::PowerLoss);
        fault
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
        Fault::Error(kind) => kind.into(),
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
        let mut state = self.state();
        if state.names.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let fault = state.call();
        if let Some(fault) = fault.filter(|fault| *fault != Fault::PowerLoss) {
            return Err(refused(fault));
        }
        if state.used() + bytes > state.capacity {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let file = state.files.len();
        let content = vec![0; bytes as usize];
        let unsynced = vec![Change::Length(bytes as usize)];
        state.files.push(Inode { content, durable: Vec::new(), unsynced });
        state.names.insert(path.to_owned(), file);
        state.is_on()?;
        Ok(Box::new(FakeFile { disk: self.clone(), file }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = self.state().file(path)?;
        Ok(Box::new(FakeFile { disk: self.clone(), file }))
    }

    fn open_to_read(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.open(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<String>> {
        let state = self.state();
        state.is_on()?;
        if !state.directories.contains(directory) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let inside = state.names.keys().filter(|path| path.parent() == Some(directory));
        Ok(inside.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        let fault = state.call();
        if let Some(fault) = fault.filter(|fault| *fault != Fault::PowerLoss) {
            return Err(refused(fault));
        }
        let file = state.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.names.insert(to.to_owned(), file);
        state.is_on()
    }

    fn unlink(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        let fault = state.call();
        if let Some(fault) = fault.filter(|fault| *fault != Fault::PowerLoss) {
            return Err(refused(fault));
        }
        state.names.remove(path).ok_or(io::ErrorKind::NotFound)?;
        state.is_on()
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        if let Some(fault) = state.call() {
            return Err(refused(fault));
        }
        state.durable_names.retain(|name, _| name.parent() != Some(path));
        let inside: Vec<_> = state.names.iter().filter(|(name, _)| name.parent() == Some(path)).collect();
        let inside: Vec<_> = inside.into_iter().map(|(name, file)| (name.clone(), *file)).collect();
        state.durable_names.extend(inside);
        Ok(())
    }

    fn lock(&self, path: &Path) -> io::Result<Option<Box<dyn DiskLock>>> {
        let mut state = self.state();
        state.is_on()?;
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

#[derive(Debug)]
struct FakeFile {
    disk: FakeDisk,
    file: usize,
}

impl FakeFile {
    fn change(&self, change: Change) -> io::Result<()> {
        let mut state = self.disk.state();
        let was_off = state.is_off;
        let fault = state.call();
        if was_off {
            return Err(off());
        }
        let change = match (fault, change) {
            (Some(_), Change::Write { at, bytes }) => {
                let keep = state.below(bytes.len() as u64 + 1) as usize;
                Change::Write { at, bytes: bytes[..keep].to_vec() }
            }
            (Some(fault), Change::Length(_)) => return Err(refused(fault)),
            (None, change) => change,
        };
        let inode = &mut state.files[self.file];
        change.apply(&mut inode.content);
        inode.unsynced.push(change);
        fault.map_or(Ok(()), |fault| Err(refused(fault)))
    }
}

impl DiskFile for FakeFile {
    fn bytes(&self) -> io::Result<u64> {
        let state = self.disk.state();
        state.is_on()?;
        Ok(state.files[self.file].content.len() as u64)
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let state = self.disk.state();
        state.is_on()?;
        let rest = state.files[self.file].content.get(at as usize..).unwrap_or_default();
        let count = rest.len().min(into.len());
        into[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn write_at(&self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.change(Change::Write { at: at as usize, bytes: bytes.to_vec() })
    }

    fn truncate(&self, bytes: u64) -> io::Result<()> {
        self.change(Change::Length(bytes as usize))
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.disk.state();
        let was_off = state.is_off;
        let fault = state.call();
        if was_off {
            return Err(off());
        }
        let changes = std::mem::take(&mut state.files[self.file].unsynced);
        let mut durable = std::mem::take(&mut state.files[self.file].durable);
        match fault {
            None => changes.iter().for_each(|change| change.apply(&mut durable)),
            // What is lost now no later sync brings back, although programs still read it.
            Some(Fault::Error(_)) => state.keep_some(&changes, &mut durable),
            Some(Fault::PowerLoss) => state.files[self.file].unsynced = changes,
        }
        state.files[self.file].durable = durable;
        fault.map_or(Ok(()), |fault| Err(refused(fault)))
    }
}
