//! Values that the configuration converts, or gives itself.

use super::bench::{Bench, key};
use super::outbox::Outbox;
use super::stream::Stream;
use crate::assemble::bind::Candidate;
use crate::assemble::{BoundField, Layout};
use crate::config::bind::Binding;
use crate::finding::Finding;
use crate::model::tree::TreeWriter;
use crate::model::{BuiltInType, Now, Sample, Scalar, Span, StatusCode, Timestamp};
use serde_json::Value;

impl Stream {
    /// The value as the field holds it. What cannot be converted is told once for each reason, then counted.
    pub(super) fn converted(
        &self,
        field: u32,
        sample: &Sample,
        arena: &[u8],
        bench: &mut Bench,
        now: Now,
        out: &mut Outbox,
    ) -> Sample {
        let row = self.field(field).and_then(|bound| bound.declared);
        let row = row.zip(self.binding.as_ref()).and_then(|(row, binding)| binding.rows.get(row as usize));
        let Some(row) = row else { return *sample };
        let (converted, fault) = row.conversion.apply(sample, arena);
        if let Some(fault) = fault {
            let make = || {
                Finding { severity: crate::finding::Severity::Warning, ..self.about("QIAO-B028", field) }
                    .with("kind", fault.name())
                    .with("value", shown(sample, arena))
                    .with("status", StatusCode(converted.status))
            };
            bench.tell(key("QIAO-B028", self.index, (field, fault)), now, out, make);
        }
        converted
    }

    /// Takes the values that the configuration gives: they are there before any node says something.
    pub(super) fn take_declared(&mut self) {
        let Some(binding) = &self.binding else { return };
        declare(binding, &self.layout, |field, sample, arena| {
            self.image.store(&self.layout, field, sample, arena);
        });
        // They are no values of a source: nobody counts them.
        self.image.settle();
    }
}

/// Tells the values that the configuration gives, by field.
pub(super) fn declare(binding: &Binding, layout: &Layout, mut tell: impl FnMut(u32, &Sample, &[u8])) {
    let mut arena = Vec::new();
    for (field, bound) in (0..).zip(layout.fields()) {
        let row = bound.declared.and_then(|row| binding.rows.get(row as usize));
        let Some(value) = row.and_then(|row| row.value.as_ref()) else { continue };
        arena.clear();
        let scalar = scalar(value, &mut arena);
        let none = Timestamp::NONE;
        let sample = Sample { slot: bound.slot, status: 0, source_time: none, server_time: none, scalar };
        tell(field, &sample, &arena);
    }
}

/// Fields whose conversion cannot work with what their nodes send.
pub(super) fn unfit(layout: &Layout, binding: Option<&Binding>, nodes: &[Candidate<'_>]) -> Vec<Finding> {
    let Some(binding) = binding else { return Vec::new() };
    let unfit = |field: &BoundField| {
        let row = field.declared?;
        let (declared, row) = (binding.fields.get(row as usize)?, binding.rows.get(row as usize)?);
        let item = nodes.iter().find(|candidate| candidate.slot == field.slot)?.item;
        let why = row.conversion.fits(item.data_type.built_in).err()?;
        let finding = Finding::error("QIAO-B029", &declared.place).with("node", &item.node);
        let finding = finding.with("type", format!("{:?}", item.data_type.built_in)).with("kind", why.name());
        Some(finding.with("pointer", &field.pointer))
    };
    layout.fields().iter().filter_map(unfit).collect()
}

/// A value of the configuration as a source would give it.
fn scalar(value: &Value, arena: &mut Vec<u8>) -> Scalar {
    match value {
        Value::Null => Scalar::Null,
        Value::Bool(value) => Scalar::Bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => Scalar::I64(BuiltInType::Int64, number),
            (None, Some(number)) => Scalar::U64(BuiltInType::UInt64, number),
            (None, None) => Scalar::F64(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => {
            arena.extend_from_slice(text.as_bytes());
            Scalar::Text(BuiltInType::String, Span { start: 0, length: text.len() as u32 })
        }
        Value::Array(_) | Value::Object(_) => {
            let mut tree = TreeWriter::new(arena);
            write(value, &mut tree);
            Scalar::Tree(tree.finish())
        }
    }
}

fn write(value: &Value, tree: &mut TreeWriter<'_>) {
    match value {
        Value::Null => tree.null(BuiltInType::Null),
        Value::Bool(value) => tree.bool(*value),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(number), _) => tree.i64(BuiltInType::Int64, number),
            (None, Some(number)) => tree.u64(BuiltInType::UInt64, number),
            (None, None) => tree.f64(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => tree.text(BuiltInType::String, text),
        Value::Array(items) => tree.array(BuiltInType::Variant, items.len() as u32, |tree| {
            items.iter().for_each(|item| write(item, tree));
        }),
        Value::Object(members) => tree.structure("", members.len() as u32, |tree| {
            for (name, member) in members {
                tree.field(name);
                write(member, tree);
            }
        }),
    }
}

/// A value in a finding.
fn shown(sample: &Sample, arena: &[u8]) -> String {
    match sample.scalar {
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::I64(_, value) => value.to_string(),
        Scalar::U64(_, value) => value.to_string(),
        Scalar::F32(value) => value.to_string(),
        Scalar::F64(value) => value.to_string(),
        Scalar::Text(_, span) => String::from_utf8_lossy(span.of(arena)).chars().take(80).collect(),
        Scalar::Time(_) | Scalar::Bytes(_) | Scalar::Tree(_) => "…".to_owned(),
    }
}
