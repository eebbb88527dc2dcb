//! Several files, one configuration: what `include` names is read, and its keys are put beside those of the main file.
//!
//! Lists and tables of names are joined; a name that stands in two files, and a key that stands once, is refused with
//! both places. Files come through [`World`], in the order of their patterns, sorted by name within one.

use super::read::Reading;
use super::text;
use super::world::World;
use super::yaml::{self, Content, Key, Node, Place};
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

/// Keys of the main file alone: there is one gateway.
const MAIN_ONLY: [&str; 4] = ["gateway", "limits", "writes", "senders"];
/// Keys that hold a table of names.
const TABLES: [&str; 2] = ["connections", "templates"];
/// Keys that hold a list.
const LISTS: [&str; 5] = ["include", "machines", "flows", "profiles", "use"];
/// An include of an include of an include.
const LEVELS_MAX: usize = 4;
const FILES_MAX: usize = 1_000;
/// All files together, in bytes.
const BYTES_MAX: usize = 4 * text::SIZE_LIMIT;

/// Reads a configuration and all that it includes into one tree. `None`: the main file cannot be read at all.
pub(super) fn gather(bytes: &[u8], main: &Path, world: &dyn World, reading: &mut Reading<'_>) -> Option<Node> {
    let text = text::decode(bytes, 0, reading)?;
    let root = yaml::parse(text, 0, reading)?;
    let Content::Table(entries) = root.content else { return Some(root) };
    let mut gathering = Gathering { reading, world, seen: HashMap::new(), bytes: bytes.len(), entries: Vec::new() };
    gathering.seen.insert(plain(main), root.place);
    gathering.take(entries, 0, main.parent().unwrap_or(Path::new("")), 1);
    let mut entries = gathering.entries;
    out_of_connections(&mut entries, reading);
    // What a use makes is added there.
    if let Some(place) = entries.iter().find(|(key, _)| key.text == "use").map(|(key, _)| key.place) {
        for (name, content) in [("connections", Content::Table(Vec::new())), ("flows", Content::List(Vec::new()))] {
            if !entries.iter().any(|(key, _)| key.text == name) {
                entries.push((Key { text: name.to_owned(), place }, Node { place, content }));
            }
        }
    }
    Some(Node { place: root.place, content: Content::Table(entries) })
}

struct Gathering<'g, 'r> {
    reading: &'g mut Reading<'r>,
    world: &'g dyn World,
    /// Every file read so far, and where it was asked for.
    seen: HashMap<PathBuf, Place>,
    bytes: usize,
    entries: Vec<(Key, Node)>,
}

impl Gathering<'_, '_> {
    /// The entries of one file, then those of the files that it includes.
    fn take(&mut self, entries: Vec<(Key, Node)>, file: u16, folder: &Path, level: usize) {
        let mut patterns = Vec::new();
        for (key, node) in entries {
            if let (true, Content::List(items)) = (key.text == "include", &node.content) {
                // Anything but a text is refused with the rest of the record.
                patterns.extend(items.iter().filter_map(|item| match &item.content {
                    Content::Text { text, .. } if !text.is_empty() => Some((text.clone(), item.place)),
                    _ => None,
                }));
            }
            self.merge(key, node, file);
        }
        for (pattern, place) in patterns {
            if level >= LEVELS_MAX {
                let limit = LEVELS_MAX.to_string();
                self.reading.error("QIAO-C079", place, &[("what", "levels"), ("limit", &limit)]);
                continue;
            }
            for path in self.matching(folder, &pattern, place) {
                self.include(&path, place, level + 1);
            }
        }
    }

    /// Puts one key beside those that are there.
    fn merge(&mut self, key: Key, mut node: Node, file: u16) {
        let first = self.entries.iter_mut().find(|(known, _)| known.text == key.text);
        if file > 0 && MAIN_ONLY.contains(&key.text.as_str()) {
            let main = first.as_ref().map(|(first, _)| first.place);
            let (given, at) = (if main.is_some() { "yes" } else { "no" }, main.map(|at| self.reading.shown(at)));
            let facts = [("key", key.text.as_str()), ("given", given), ("first", at.as_deref().unwrap_or(""))];
            self.reading.error("QIAO-C080", key.place, &facts);
            if main.is_none() {
                self.entries.push((key, node));
            }
            return;
        }
        let Some((_, known)) = first.filter(|_| is_joined(&key.text)) else {
            self.entries.push((key, node));
            return;
        };
        let is_right = |node: &Node| match node.content {
            Content::Table(_) => TABLES.contains(&key.text.as_str()),
            Content::List(_) => LISTS.contains(&key.text.as_str()),
            _ => false,
        };
        // One of another kind is said to be so; the right one stays.
        if !is_right(known) {
            std::mem::swap(known, &mut node);
        }
        match (&mut known.content, node.content) {
            (Content::Table(all), Content::Table(more)) => join(all, more, self.reading),
            (Content::List(all), Content::List(more)) => all.extend(more),
            (_, content) => {
                let expected = if TABLES.contains(&key.text.as_str()) { "table" } else { "list" };
                self.reading.wrong_kind(&Node { place: node.place, content }, expected);
            }
        }
    }

    /// The files that a pattern names, sorted by name.
    fn matching(&mut self, folder: &Path, pattern: &str, place: Place) -> Vec<PathBuf> {
        let (below, name) = pattern.rsplit_once('/').map_or(("", pattern), |(below, name)| (below, name));
        let fault = match name {
            _ if below.contains(['*', '?']) => "folder",
            "" | "." | ".." => "no-name",
            _ => "",
        };
        if !fault.is_empty() {
            self.reading.error("QIAO-C076", place, &[("pattern", pattern), ("fault", fault)]);
            return Vec::new();
        }
        if !name.contains(['*', '?']) {
            return vec![folder.join(pattern)];
        }
        // An absolute pattern stands for itself; `/*.yaml` has nothing before its slash.
        let folder = folder.join(if below.is_empty() && pattern.starts_with('/') { "/" } else { below });
        let mut names = match self.world.names(&folder) {
            Ok(names) => names,
            Err(reason) => {
                let shown = folder.display().to_string();
                self.reading.error("QIAO-C040", place, &[("path", &shown), ("reason", &reason)]);
                return Vec::new();
            }
        };
        names.retain(|found| !found.starts_with('.') && is_match(name, found));
        names.sort();
        if names.is_empty() {
            self.reading.warning("QIAO-C077", place, &[("pattern", pattern)]);
        }
        names.into_iter().map(|name| folder.join(name)).collect()
    }

    fn include(&mut self, path: &Path, place: Place, level: usize) {
        let shown = path.display().to_string();
        if let Some(first) = self.seen.get(&plain(path)) {
            let first = self.reading.shown(*first);
            self.reading.error("QIAO-C078", place, &[("path", &shown), ("first", &first)]);
            return;
        }
        self.seen.insert(plain(path), place);
        let facts = match self.world.file(path) {
            Ok(facts) => facts,
            Err(reason) => {
                self.reading.error("QIAO-C040", place, &[("path", &shown), ("reason", &reason)]);
                return;
            }
        };
        self.bytes = self.bytes.saturating_add(facts.bytes.len());
        let over = match () {
            () if self.seen.len() > FILES_MAX => Some(("files", FILES_MAX)),
            () if self.bytes > BYTES_MAX => Some(("bytes", BYTES_MAX >> 20)),
            () => None,
        };
        if let Some((what, limit)) = over {
            self.reading.error("QIAO-C079", place, &[("what", what), ("limit", &limit.to_string())]);
            return;
        }
        let Some(file) = self.reading.add_file(shown) else { return };
        let root =
            text::decode(&facts.bytes, file, self.reading).and_then(|text| yaml::parse(text, file, self.reading));
        match root {
            Some(Node { content: Content::Table(entries), .. }) => {
                self.take(entries, file, path.parent().unwrap_or(Path::new("")), level);
            }
            Some(root) => self.reading.wrong_kind(&root, "table"),
            None => {}
        }
    }
}

fn is_joined(key: &str) -> bool {
    TABLES.contains(&key) || LISTS.contains(&key)
}

/// Adds the names of one table to another; one that both have is refused.
pub(super) fn join<T>(all: &mut Vec<(Key, T)>, more: Vec<(Key, T)>, reading: &mut Reading<'_>) {
    let known: HashMap<String, Place> = all.iter().map(|(key, _)| (key.text.clone(), key.place)).collect();
    for (key, value) in more {
        match known.get(&key.text) {
            Some(first) => {
                let first = reading.shown(*first);
                reading.error("QIAO-C006", key.place, &[("key", &key.text), ("first", &first)]);
            }
            None => all.push((key, value)),
        }
    }
}

/// A key of the whole that slid below `connections` by its indentation is told so, and read where it belongs.
fn out_of_connections(entries: &mut Vec<(Key, Node)>, reading: &mut Reading<'_>) {
    let belongs_above = |key: &str| is_joined(key) || MAIN_ONLY.contains(&key);
    let mut slid = Vec::new();
    for (_, node) in entries.iter_mut().filter(|(key, _)| key.text == "connections") {
        let Content::Table(connections) = &mut node.content else { continue };
        let is_connection = |node: &Node| match &node.content {
            Content::Table(kinds) => kinds.iter().any(|(key, _)| matches!(key.text.as_str(), "opcua" | "mqtt")),
            _ => false,
        };
        slid.extend(connections.extract_if(.., |(key, node)| belongs_above(&key.text) && !is_connection(node)));
    }
    for (key, node) in slid {
        reading.error("QIAO-C099", key.place, &[("key", &key.text)]);
        if !entries.iter().any(|(known, _)| known.text == key.text) {
            entries.push((key, node));
        }
    }
}

/// `*`: any part of a name; `?`: one character.
fn is_match(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // Where to go on when the last star has to take one character more.
    let mut retry: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => (p, n) = (p + 1, n + 1),
            _ => match retry {
                Some((star, taken)) => {
                    retry = Some((star, taken + 1));
                    (p, n) = (star + 1, taken + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// The same path without `.` and `..`: `conf.d/../a.yaml` is `a.yaml`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => _ = plain.pop(),
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_part_of_a_name() {
        for (pattern, name, expected) in [
            ("*.yaml", "a.yaml", true),
            ("*.yaml", "a.yaml~", false),
            ("*.yaml", ".yaml", true),
            ("lathe-?.yaml", "lathe-1.yaml", true),
            ("lathe-?.yaml", "lathe-10.yaml", false),
            ("*-*-x", "a-b-c-x", true),
            ("车*", "车床.yaml", true),
            ("*", "", true),
            ("?", "", false),
        ] {
            assert_eq!(is_match(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn one_file_has_one_name() {
        for (path, expected) in [
            ("./a.yaml", "a.yaml"),
            ("conf.d/../a.yaml", "a.yaml"),
            ("../a.yaml", "../a.yaml"),
            ("../../a.yaml", "../../a.yaml"),
        ] {
            assert_eq!(plain(Path::new(path)), Path::new(expected));
        }
    }
}
