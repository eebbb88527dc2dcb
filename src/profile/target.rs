//! From a filled JSON pointer, or a concept, to the field of a profile that it names.

use super::{Field, MessageKind, Profile};

/// A place in the messages of a profile that something may fill.
#[derive(Clone, Debug)]
pub struct FieldTarget<'p> {
    /// `None`: the mapping is open, and takes a member of any name here.
    pub field: Option<&'p Field>,
    /// JSON pointer with its placeholders filled.
    pub pointer: String,
    /// Its steps, unescaped, each with the placeholder that stood there.
    pub steps: Vec<(String, Option<&'p str>)>,
}

impl Profile {
    /// The field that a pointer with filled placeholders (`/Monitoring/…/Spindle 1/IsRotating`) or a concept
    /// (`machine.operation-mode`) names. `None`: it names none, or the concept stands for several.
    #[must_use]
    pub fn target(&self, text: &str) -> Option<FieldTarget<'_>> {
        if !text.starts_with('/') {
            let mut all = self.mapping.fields.iter().filter(|field| field.concept.as_deref() == Some(text));
            let field = all.next().filter(|field| !field.pointer.contains('{'))?;
            return if all.next().is_some() { None } else { self.target(&field.pointer) };
        }
        let steps: Vec<String> = steps(text);
        if steps.iter().any(String::is_empty) {
            return None;
        }
        let matched = |field: &'_ Field| {
            let patterns = self::steps(&field.pointer);
            let is_step = |(pattern, step): (&String, &String)| placeholder(pattern).is_some() || pattern == step;
            patterns.len() == steps.len() && patterns.iter().zip(&steps).all(is_step)
        };
        let field = self.mapping.fields.iter().find(|field| matched(field));
        let is_open = || {
            // An event's fields are the event's own.
            let open = self.mapping.open.as_deref().filter(|_| self.message != MessageKind::Event);
            let base = open.map(self::steps);
            base.is_some_and(|base| steps.len() == base.len() + 1 && steps.starts_with(&base))
        };
        if field.is_none() && !is_open() {
            return None;
        }
        let placeholders: Vec<Option<&str>> = match field {
            Some(field) => field.pointer.split('/').skip(1).map(placeholder).collect(),
            None => vec![None; steps.len()],
        };
        Some(FieldTarget { field, pointer: text.to_owned(), steps: steps.into_iter().zip(placeholders).collect() })
    }
}

/// The steps of a JSON pointer, unescaped (RFC 6901 §4).
fn steps(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect()
}

fn placeholder(step: &str) -> Option<&str> {
    step.strip_prefix('{')?.strip_suffix('}')
}

#[cfg(test)]
mod tests {
    use crate::profile::Library;

    #[test]
    fn a_filled_pointer_or_a_concept_names_one_field() {
        let library = Library::built_in().value;
        let umati = library.find("umati/machine-tool@1.02").expect("installed");
        let core = library.find("core/data-set-message@1.0").expect("installed");
        let named = |text: &str| umati.target(text).and_then(|found| Some(found.field?.pointer.clone()));
        let mode = "/Monitoring/MachineTool/OperationMode";
        assert_eq!(named(mode).as_deref(), Some(mode));
        assert_eq!(named("machine.operation-mode").as_deref(), Some(mode));
        assert_eq!(
            named("/Monitoring/<MonitoredElement>/Kanal 1/ChannelState").as_deref(),
            Some("/Monitoring/<MonitoredElement>/{channel}/ChannelState")
        );
        for nothing in ["channel.state", "machine.nothing", "/Monitoring", "/Monitoring//OperationMode", "", "/"] {
            assert_eq!(named(nothing), None, "{nothing}");
        }
        let open = core.target("/Payload/a~1b").expect("any name");
        assert!(open.field.is_none() && open.steps[1].0 == "a/b");
        assert!(core.target("/Payload").is_none() && core.target("/Payload/a/b").is_none());
    }
}
