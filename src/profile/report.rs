//! Findings about one file of a profile, each with its place.

use crate::finding::{Finding, nearest};

/// Line and column in a file, both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

impl Place {
    pub const START: Self = Self { line: 1, column: 1 };

    /// Line and column of a byte of `text`.
    #[must_use]
    pub fn of_byte(text: &str, at: usize) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

/// What is wrong with one file.
#[derive(Debug)]
pub(super) struct Report {
    /// As a human finds it, such as `schemas/umati/machine-tool/1.02/mapping.yaml`.
    file: String,
    pub findings: Vec<Finding>,
}

/// A finding that was just reported, to add facts to.
pub(super) struct Reported<'a>(&'a mut Finding);

impl Reported<'_> {
    pub(super) fn argument(self, name: &'static str, value: impl ToString) -> Self {
        self.0.arguments.push((name, value.to_string()));
        self
    }

    /// What was probably meant instead of `name`; `none` when nothing is near.
    pub(super) fn nearest<'n>(self, name: &str, known: impl IntoIterator<Item = &'n str>) -> Self {
        let near = nearest(name, known).unwrap_or("none").to_owned();
        self.argument("nearest", near)
    }
}

impl Report {
    pub(super) fn new(file: impl Into<String>) -> Self {
        Self { file: file.into(), findings: Vec::new() }
    }

    pub(super) fn error(&mut self, code: &'static str, place: Place) -> Reported<'_> {
        let place = self.shown(place);
        self.add(Finding::error(code, place))
    }

    pub(super) fn warning(&mut self, code: &'static str, place: Place) -> Reported<'_> {
        let place = self.shown(place);
        self.add(Finding::warning(code, place))
    }

    /// About the file as a whole.
    pub(super) fn whole(&mut self, code: &'static str) -> Reported<'_> {
        self.add(Finding::error(code, self.file.clone()))
    }

    /// `file:line:column`.
    pub(super) fn shown(&self, place: Place) -> String {
        format!("{}:{}:{}", self.file, place.line, place.column)
    }

    fn add(&mut self, finding: Finding) -> Reported<'_> {
        self.findings.push(finding);
        let last = self.findings.len() - 1;
        Reported(&mut self.findings[last])
    }
}
