//! Templates: parts of a configuration that repeat, with parameters.
//!
//! `${name}` in a text or key of a template stands for the argument of that name. It is filled in when the file has been
//! read already: an argument can change what a text says, never how the file is built. A text that is one parameter and
//! nothing else takes the argument as it was typed, number or text. `{machine}` of topics and `{a,b}` of browse paths
//! mean what they always mean, because a parameter is written with `$` before it.

use super::file::{ConnectionFile, File, FlowFile, MachineFile, Parameter, Part, TemplateFile, UseFile};
use super::include::join;
use super::read::{At, ByName, Read, Reading};
use super::scalar::{Name, Scalar as _};
use super::yaml::{Content, Key, Node, Place};
use std::collections::{BTreeMap, BTreeSet};

/// Texts that all uses of templates together may make.
const NODES_MAX: usize = 1_000_000;
/// The key of a use that names its template.
const TEMPLATE: &str = "template";

/// What one use fills in; `None`: the argument is wrong or missing, and that was said.
type Arguments = BTreeMap<String, Option<Node>>;

/// A piece of a text in a template.
#[derive(Debug, PartialEq)]
enum Piece<'t> {
    Text(&'t str),
    Parameter(&'t str),
}

/// Adds what the templates make to what was typed. `false`: something is missing from it, and why was noted.
pub(super) fn expand(file: &mut File, reading: &mut Reading<'_>) -> bool {
    let nothing = ByName(Vec::new());
    let templates = file.templates.take();
    let templates = templates.as_ref().map_or(&nothing, |templates| &templates.value);
    for (_, template) in &templates.0 {
        if let Some(template) = template {
            declared(template, reading);
        }
    }
    let uses = file.r#use.take().map(|uses| uses.value).unwrap_or_default();
    if let Some(place) = too_many(&uses, templates) {
        reading.error("QIAO-C079", place, &[("what", "nodes"), ("limit", &NODES_MAX.to_string())]);
        return false;
    }
    let mut is_whole = true;
    for one in &uses {
        let name = &one.value.template;
        let Some((_, template)) = templates.0.iter().find(|(key, _)| key.text == name.value) else {
            let known = templates.0.iter().map(|(key, _)| key.text.as_str());
            reading.unknown("QIAO-C081", name.place, &name.value, known);
            is_whole = false;
            continue;
        };
        let Some(template) = template else {
            is_whole = false;
            continue;
        };
        let arguments = arguments(template, one, reading);
        is_whole &= arguments.values().all(Option::is_some);
        Filling { arguments: &arguments, at: one.place, reading }.all(template, file);
    }
    let is_known = |one: &At<UseFile>| templates.0.iter().any(|(key, _)| key.text == one.value.template.value);
    // A use of a template that is not there may have meant one that is.
    for (key, _) in templates.0.iter().filter(|_| uses.iter().all(is_known)) {
        if !uses.iter().any(|one| one.value.template.value == key.text) {
            reading.warning("QIAO-C082", key.place, &[("name", &key.text)]);
        }
    }
    is_whole
}

/// Where the uses make more than anybody wants, if they do.
fn too_many(uses: &[At<UseFile>], templates: &ByName<TemplateFile>) -> Option<Place> {
    let sizes: BTreeMap<&str, usize> = templates
        .0
        .iter()
        .filter_map(|(key, template)| {
            let mut nodes = 0;
            for node in template.as_ref()?.parts().into_iter().flatten() {
                walk(&Key { text: String::new(), place: node.place }, node, |_, _| nodes += 1);
            }
            Some((key.text.as_str(), nodes))
        })
        .collect();
    let mut all = 0_usize;
    let over = uses.iter().find(|one| {
        all = all.saturating_add(sizes.get(one.value.template.value.as_str()).copied().unwrap_or(0));
        all > NODES_MAX
    });
    over.map(|one| one.place)
}

/// Warns of what looks like a parameter where nothing is filled in.
pub(super) fn outside(root: &Node, reading: &mut Reading<'_>) {
    let Content::Table(entries) = &root.content else { return };
    for (key, node) in entries.iter().filter(|(key, _)| key.text != "templates") {
        let found = |place, text: &str| {
            if let Some((_, rest)) = text.split_once("${").filter(|(_, rest)| rest.contains('}')) {
                let name = rest.split('}').next().unwrap_or_default();
                reading.warning("QIAO-C091", place, &[("name", name)]);
            }
        };
        walk(key, node, found);
    }
}

/// Every text below a key, the key first.
fn walk(key: &Key, node: &Node, mut found: impl FnMut(Place, &str)) {
    fn below(node: &Node, found: &mut dyn FnMut(Place, &str)) {
        match &node.content {
            Content::Text { text, .. } => found(node.place, text),
            Content::List(items) => items.iter().for_each(|item| below(item, found)),
            Content::Table(entries) => {
                for (key, node) in entries {
                    found(key.place, &key.text);
                    below(node, found);
                }
            }
            Content::Nothing | Content::Refused => {}
        }
    }
    found(key.place, &key.text);
    below(node, &mut found);
}

impl TemplateFile {
    fn parts(&self) -> [Option<&Node>; 3] {
        [
            self.connections.as_ref().map(|part| &part.value.node),
            self.machines.as_ref().map(|part| &part.value.node),
            self.flows.as_ref().map(|part| &part.value.node),
        ]
    }
}

/// What is wrong with a template by itself, whether it is used or not.
fn declared(template: &TemplateFile, reading: &mut Reading<'_>) {
    let nothing = ByName(Vec::new());
    let parameters = template.parameters.as_ref().map_or(&nothing, |parameters| &parameters.value);
    for (key, _) in &parameters.0 {
        if !is_name(key) && key.text != TEMPLATE {
            reading.error("QIAO-C010", key.place, &[("value", &key.text), ("expected", Name::EXPECTED)]);
        } else if key.text == TEMPLATE {
            reading.error("QIAO-C089", key.place, &[("name", &key.text)]);
        }
    }
    let mut used = BTreeSet::new();
    for node in template.parts().into_iter().flatten() {
        let key = Key { text: String::new(), place: node.place };
        walk(&key, node, |place, text| match pieces(text) {
            Ok(pieces) => {
                for piece in pieces {
                    let Piece::Parameter(name) = piece else { continue };
                    if !parameters.0.iter().any(|(key, _)| key.text == name) {
                        let known = parameters.0.iter().map(|(key, _)| key.text.as_str());
                        reading.unknown("QIAO-C085", place, name, known);
                    }
                    used.insert(name.to_owned());
                }
            }
            Err(()) => reading.error("QIAO-C086", place, &[("text", text)]),
        });
    }
    let right = parameters.0.iter().filter(|(key, parameter)| is_name(key) && parameter.is_some());
    for (key, _) in right.filter(|(key, _)| !used.contains(&key.text)) {
        reading.warning("QIAO-C088", key.place, &[("name", &key.text)]);
    }
}

/// Whether a parameter can be called so.
fn is_name(key: &Key) -> bool {
    key.text != TEMPLATE && Name::parse(&key.text).is_ok()
}

/// The arguments of one use, each of the type that its parameter has.
fn arguments(template: &TemplateFile, one: &At<UseFile>, reading: &mut Reading<'_>) -> Arguments {
    let nothing = ByName(Vec::new());
    let parameters = template.parameters.as_ref().map_or(&nothing, |parameters| &parameters.value);
    let given = &one.value.arguments;
    for (key, _) in given.iter().filter(|(key, _)| !parameters.0.iter().any(|(known, _)| known.text == key.text)) {
        let known = parameters.0.iter().map(|(key, _)| key.text.as_str());
        reading.unknown("QIAO-C084", key.place, &key.text, known);
    }
    let mut arguments = Arguments::new();
    for (key, parameter) in &parameters.0 {
        let argument = given.iter().find(|(name, _)| name.text == key.text).map(|(_, node)| node);
        let value = match (parameter, argument) {
            // Its declaration is wrong, and that was said.
            (None, _) => None,
            _ if !is_name(key) => None,
            (Some(parameter), Some(node)) => parameter.value.kind.takes(node, reading).then(|| node.clone()),
            (Some(At { value: Parameter { default: Some(default), .. }, .. }), None) => {
                // It is not written at the use, but the use is where to write another.
                Some(Node { place: one.place, content: default.content.clone() })
            }
            (Some(_), None) => {
                let facts = [("name", key.text.as_str()), ("template", &one.value.template.value)];
                reading.error("QIAO-C083", one.place, &facts);
                None
            }
        };
        arguments.insert(key.text.clone(), value);
    }
    arguments
}

/// One use of a template under way.
struct Filling<'f, 'r> {
    arguments: &'f Arguments,
    /// Where the template is used.
    at: Place,
    reading: &'f mut Reading<'r>,
}

impl<'f> Filling<'f, '_> {
    fn all(&mut self, template: &TemplateFile, file: &mut File) {
        if let Some(made) =
            template.connections.as_ref().and_then(|part| self.part::<ByName<ConnectionFile>>(&part.value))
            && let Some(all) = &mut file.connections.0
        {
            join(&mut all.value.0, made.0, self.reading);
        }
        if let Some(made) = template.machines.as_ref().and_then(|part| self.part::<Vec<At<MachineFile>>>(&part.value)) {
            let place = self.at;
            file.machines.get_or_insert_with(|| At { value: Vec::new(), place }).value.extend(made);
        }
        if let Some(made) = template.flows.as_ref().and_then(|part| self.part::<Vec<At<FlowFile>>>(&part.value))
            && let Some(all) = &mut file.flows.0
        {
            all.value.extend(made);
        }
    }

    fn part<T: Read>(&mut self, part: &Part<T>) -> Option<T> {
        let node = self.node(&part.node);
        T::read(&node, self.reading)
    }

    fn node(&mut self, node: &Node) -> Node {
        let mut used_at = self.at;
        let content = match &node.content {
            Content::Text { text, is_plain } => match self.fill(text) {
                None => Content::Refused,
                Some(Filled { whole: Some(argument), .. }) => {
                    used_at = argument.place;
                    argument.content.clone()
                }
                Some(Filled { text, at, .. }) => {
                    used_at = at.unwrap_or(used_at);
                    Content::Text { text, is_plain: *is_plain }
                }
            },
            Content::List(items) => Content::List(items.iter().map(|item| self.node(item)).collect()),
            Content::Table(entries) => Content::Table(self.table(entries)),
            other => other.clone(),
        };
        Node { place: self.reading.used(node.place, used_at), content }
    }

    /// A key that cannot be filled in is left out; why was said. Two that become one are refused.
    fn table(&mut self, entries: &[(Key, Node)]) -> Vec<(Key, Node)> {
        let mut all: Vec<(Key, Node)> = Vec::new();
        for (key, node) in entries {
            let Some(filled) = self.fill(&key.text) else { continue };
            let place = self.reading.used(key.place, filled.at.unwrap_or(self.at));
            let node = self.node(node);
            join(&mut all, vec![(Key { text: filled.text, place }, node)], self.reading);
        }
        all
    }

    /// `None`: an argument is missing, or the text is malformed, and that was said.
    fn fill(&self, text: &str) -> Option<Filled<'f>> {
        let mut filled = Filled { text: String::with_capacity(text.len()), whole: None, at: None };
        let pieces = pieces(text).ok()?;
        let is_alone = pieces.len() == 1;
        for piece in pieces {
            match piece {
                Piece::Text(text) => filled.text.push_str(text),
                Piece::Parameter(name) => {
                    let argument = self.arguments.get(name)?.as_ref()?;
                    let Content::Text { text, .. } = &argument.content else { return None };
                    filled.text.push_str(text);
                    filled.at = Some(argument.place);
                    filled.whole = Some(argument).filter(|_| is_alone);
                }
            }
        }
        Some(filled)
    }
}

/// A text with its arguments.
struct Filled<'a> {
    text: String,
    /// It is this argument and nothing else.
    whole: Option<&'a Node>,
    /// Where the last argument was written.
    at: Option<Place>,
}

/// `a-${b}` as it is read; `$${` is a `${` that stands for itself. An error: a `${` without its brace or its name.
fn pieces(text: &str) -> Result<Vec<Piece<'_>>, ()> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, behind) = (&rest[..at], &rest[at + 2..]);
        if let Some(literal) = before.strip_suffix('$') {
            pieces.extend([Piece::Text(literal), Piece::Text(&rest[at..at + 2])]);
            rest = behind;
            continue;
        }
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        let (name, behind) = behind.split_once('}').filter(|(name, _)| !name.is_empty()).ok_or(())?;
        pieces.push(Piece::Parameter(name));
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Piece::{Parameter, Text};

    #[test]
    fn a_parameter_stands_between_its_braces() {
        for (text, expected) in [
            ("", Ok(vec![])),
            ("${a}", Ok(vec![Parameter("a")])),
            ("x-${a}/${b}", Ok(vec![Text("x-"), Parameter("a"), Text("/"), Parameter("b")])),
            ("{machine}/$a", Ok(vec![Text("{machine}/$a")])),
            ("$${a}", Ok(vec![Text(""), Text("${"), Text("a}")])),
            ("${a", Err(())),
            ("${}", Err(())),
        ] {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }
}
