//! All profiles of a process, by id.

use super::concepts::Concepts;
use super::folder::{self, Files, Folder};
use super::{Profile, is_error};
use crate::finding::{Checked, Finding, nearest};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

#[derive(rust_embed::Embed)]
#[folder = "schemas"]
#[exclude = "**/.*"]
#[exclude = "**/golden/**"]
struct Embedded;

/// Profiles by `name@version`, and the concepts they share.
#[derive(Clone, Debug, Default)]
pub struct Library {
    concepts: Concepts,
    folders: BTreeMap<String, Arc<Folder>>,
}

impl Library {
    /// What lies in this binary. A test holds that nothing is wrong with it.
    #[must_use]
    pub fn built_in() -> Checked<Self> {
        static BUILT_IN: LazyLock<Checked<Library>> =
            LazyLock::new(|| Library::default().with_folder("schemas", &Library::built_in_files()));
        BUILT_IN.clone()
    }

    /// The files of `schemas/` as they were when this binary was built.
    #[must_use]
    pub fn built_in_files() -> Files {
        Embedded::iter().filter_map(|path| Some((path.to_string(), Embedded::get(&path)?.data.into_owned()))).collect()
    }

    /// Adds the concepts of a folder's `concepts/` and the profiles below it, each at
    /// `<family>/<profile>/<version>/`. A faulty one is left out, with its
    /// findings; its neighbours are not.
    #[must_use]
    pub fn with_folder(mut self, shown_as: &str, files: &Files) -> Checked<Self> {
        let read = self.concepts.with_files(shown_as, files);
        self.concepts = read.value;
        let mut findings = read.findings;
        for path in profile_folders(files) {
            let inside: Files = files
                .iter()
                .filter_map(|(file, bytes)| {
                    let rest = file.strip_prefix(&path)?;
                    let rest = if path.is_empty() { rest } else { rest.strip_prefix('/')? };
                    Some((rest.to_owned(), bytes.clone()))
                })
                .collect();
            let shown = [shown_as, &path].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
            let read = folder::read(&shown, &inside, &self.concepts);
            let is_good = !read.findings.iter().any(is_error);
            findings.extend(read.findings);
            if let Some(folder) = read.value.filter(|_| is_good) {
                findings.extend(check_place(&folder.profile, &path, &shown));
                findings.extend(self.add(folder, &shown));
            }
        }
        Checked { value: self, findings }
    }

    fn add(&mut self, folder: Folder, shown: &str) -> Option<Finding> {
        let id = folder.profile.id();
        if self.folders.contains_key(&id) {
            return Some(Finding::error("QIAO-P031", format!("{shown}/profile.yaml")).with("profile", id));
        }
        self.folders.insert(id, Arc::new(folder));
        None
    }

    /// The hub.
    #[must_use]
    pub const fn concepts(&self) -> &Concepts {
        &self.concepts
    }

    /// The profile with this id, such as `umati/machine-tool@1.02`.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Arc<Profile>> {
        Some(Arc::clone(&self.folder(id)?.profile))
    }

    /// The profile with this id and what stands in its folder.
    #[must_use]
    pub fn folder(&self, id: &str) -> Option<&Arc<Folder>> {
        self.folders.get(id)
    }

    /// What was probably meant by an id that is not here.
    #[must_use]
    pub fn nearest(&self, id: &str) -> Option<&str> {
        nearest(id, self.folders.keys().map(String::as_str))
    }

    /// All profiles, by id.
    pub fn list(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.folders.values().map(|folder| &folder.profile)
    }
}

/// Paths of all folders that hold a `profile.yaml`.
fn profile_folders(files: &Files) -> BTreeSet<String> {
    files
        .keys()
        .filter_map(|file| match file.strip_suffix("profile.yaml")? {
            "" => Some(String::new()),
            folder => folder.strip_suffix('/').map(str::to_owned),
        })
        .collect()
}

/// Where a profile lies says which one it is.
fn check_place(profile: &Profile, path: &str, shown: &str) -> Option<Finding> {
    let expected = format!("{}/{}", profile.name, profile.version);
    let is_there = path == expected || path.ends_with(&format!("/{expected}"));
    (!is_there).then(|| {
        Finding::error("QIAO-P013", format!("{shown}/profile.yaml")).with("expected", expected).with("found", path)
    })
}
