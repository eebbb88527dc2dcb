//! Values that never change: units, ranges, names of numbers.

use super::super::space::Held;
use crate::model::exposed::Fixed;
use crate::model::tree::TreeWriter;
use crate::model::unit::{UNECE_NAMESPACE, Unit};
use crate::model::{BuiltInType, Scalar, StatusCode};

/// The variable should get its value from elsewhere, and nothing is set up to give it (OPC 10000-4 §7.38).
const BAD_NOT_CONNECTED: StatusCode = StatusCode(0x808A_0000);

/// As a good value.
pub(super) fn value(fixed: &Fixed) -> Held {
    let mut arena = Vec::new();
    let mut tree = TreeWriter::new(&mut arena);
    match fixed {
        Fixed::Unit(code) => unit(code, &mut tree),
        Fixed::Range { low, high } => tree.structure("i=884", 2, |tree| {
            tree.field("Low");
            tree.f64(*low);
            tree.field("High");
            tree.f64(*high);
        }),
        Fixed::Names(names) => tree.array(BuiltInType::LocalizedText, names.len() as u32, |tree| {
            names.iter().for_each(|name| tree.localized_text(None, name.as_str()));
        }),
        Fixed::Numbers(numbers) => tree.array(BuiltInType::ExtensionObject, numbers.len() as u32, |tree| {
            for (number, name) in numbers {
                tree.structure("i=7594", 2, |tree| {
                    tree.field("Value");
                    tree.i64(BuiltInType::Int64, *number);
                    tree.field("DisplayName");
                    tree.localized_text(None, name.as_str());
                });
            }
        }),
    }
    let span = tree.finish();
    Held::good(Scalar::Tree(span), arena)
}

/// A unit that no table knows is told by its code alone.
fn unit(code: &str, tree: &mut TreeWriter<'_>) {
    let known = Unit::by_code(code);
    let id = known.map_or_else(|| code.bytes().take(3).fold(0, |id, byte| id << 8 | i32::from(byte)), Unit::id);
    tree.structure("i=887", 4, |tree| {
        tree.field("NamespaceUri");
        tree.text(BuiltInType::String, UNECE_NAMESPACE);
        tree.field("UnitId");
        tree.i64(BuiltInType::Int32, id.into());
        tree.field("DisplayName");
        tree.localized_text(None, known.map_or(code, |unit| unit.symbol));
        tree.field("Description");
        tree.localized_text(None, known.map_or(code, |unit| unit.symbol));
    });
}

/// What a node shows that nothing fills.
pub(super) fn nothing() -> Held {
    Held { status: BAD_NOT_CONNECTED.0, ..Held::good(Scalar::Null, Vec::new()) }
}
