//! `qiao profile new`: a folder to begin with, made from a profile that is there, whose examples are valid from the start.

use super::{Own, check};
use crate::cli::{Exit, Face, folder};
use crate::finding::{Finding, visible};
use crate::profile::{Files, Library};
use std::path::Path;

/// What is to be made.
#[derive(Debug)]
pub(super) struct New<'a> {
    /// `family/profile`.
    pub name: &'a str,
    pub version: &'a str,
    /// `name@version` of the profile to begin with.
    pub from: &'a str,
    /// The folder that holds the families.
    pub below: &'a Path,
}

pub(super) fn run(new: &New<'_>, own: &Own, face: &Face) -> Exit {
    let is_word =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let is_name = new.name.split_once('/').is_some_and(|(family, profile)| is_word(family) && is_word(profile));
    let is_version = new.version.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    for (is_good, value, example) in [(is_name, new.name, "acme/press"), (is_version, new.version, "1.0")] {
        if !is_good {
            face.finding(&Finding::error("QIAO-P012", "").with("value", value).with("example", example));
            return Exit::Usage;
        }
    }
    let Some((library, _)) = super::library(own, face) else { return Exit::Usage };
    let Some(source) = source(new.from, own) else {
        let near = library.nearest(new.from).unwrap_or("none").to_owned();
        face.finding(&Finding::error("QIAO-P030", "").with("profile", new.from).with("nearest", near));
        return Exit::Usage;
    };
    let to = new.below.join(new.name).join(new.version);
    if to.exists() {
        face.finding(&Finding::error("QIAO-P078", to.display().to_string()));
        return Exit::Usage;
    }
    for (name, bytes) in source {
        let path = to.join(&name);
        let bytes = renamed(&name, bytes, new);
        let written = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, bytes));
        if let Err(error) = written {
            face.finding(&Finding::error("QIAO-P032", path.display().to_string()).with("detail", error));
            return Exit::Failed;
        }
    }
    let exit = check::run(&to, true, None, own, face);
    let shown = to.display().to_string();
    face.say(&face.text(
        "profile-new-next",
        &[("folder", &visible(&shown)), ("below", &visible(&new.below.display().to_string()))],
    ));
    exit
}

/// The files to begin with: of the built-in profiles, or of a folder of one's own. Golden translations and the generated
/// page belong to the profile they were made for.
fn source(from: &str, own: &Own) -> Option<Files> {
    let (name, version) = from.split_once('@')?;
    let mut all = vec![Library::built_in_files()];
    all.extend(own.profiles.iter().filter_map(|path| folder::read(path).ok()));
    let wanted = format!("{name}/{version}/profile.yaml");
    all.into_iter().find_map(|files| {
        let found = files.keys().find(|file| **file == wanted || file.ends_with(&format!("/{wanted}")))?;
        let prefix = found.trim_end_matches("profile.yaml").to_owned();
        let inside =
            files.into_iter().filter_map(|(file, bytes)| Some((file.strip_prefix(&prefix)?.to_owned(), bytes)));
        Some(inside.filter(|(file, _)| file != "README.md" && !file.starts_with("golden/")).collect())
    })
}

/// The new id where the old one stood, and titles that ask to be filled in.
fn renamed(file: &str, bytes: Vec<u8>, new: &New<'_>) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(&bytes) else { return bytes };
    match file {
        "schema.json" => {
            let (old, id) = (format!("urn:qiao:schema:{}", new.from), format!("{}@{}", new.name, new.version));
            text.replace(&old, &format!("urn:qiao:schema:{id}")).into_bytes()
        }
        "profile.yaml" => {
            let mut lines: Vec<String> = Vec::new();
            let mut is_in_title = false;
            for line in text.lines() {
                if is_in_title && line.starts_with(' ') {
                    continue;
                }
                is_in_title = line.starts_with("title:");
                lines.push(match line.split_once(':').map_or("", |(key, _)| key) {
                    "profile" => format!("profile: {}", new.name),
                    "version" => format!("version: \"{}\"", new.version),
                    "title" => format!("title: {{ en: {0}, de: {0}, zh: {0} }}", new.name),
                    _ => line.to_owned(),
                });
            }
            (lines.join("\n") + "\n").into_bytes()
        }
        _ => bytes,
    }
}
