//! The data dictionary of NC-Link, as far as a device model writes it (draft of T/CMTBA 1008.4, by a secondary source).

use crate::model::unit::Unit;
use std::borrow::Cow;

/// A type of data item and the unit in which its numbers count when the model names none.
const DEFAULT_UNITS: &[(&str, &str)] = &[
    ("ANGLE", "rad"),
    ("ANGULAR_VELOCITY", "deg/s"),
    ("CURRENT", "A"),
    ("DISPLACEMENT", "mm"),
    ("ENERGY", "Wh"),
    ("FEED_OVERRIDE", "%"),
    ("FEED_SPEED", "mm/s"),
    ("FREQUENCY", "Hz"),
    ("LENGTH", "mm"),
    ("MASS", "kg"),
    ("PATH_LEFT_LENGTH", "mm"),
    ("POSITION", "mm"),
    ("POWER", "W"),
    ("POWER_FACTOR", "%"),
    ("PRESSURE", "Pa"),
    ("RESISTANCE", "Ω"),
    ("SPEED", "mm/min"),
    ("SPINDLE_OVERRIDE", "%"),
    ("TEMPERATURE", "℃"),
    ("TORQUE", "N·m"),
];

/// Units by common code where the dictionary writes them otherwise than the table of units does.
const SPELT: &[(&str, &str)] = &[
    ("4H", "μm"),
    ("B84", "μA"),
    ("CEL", "℃"),
    ("DD", "deg"),
    ("E96", "deg/s"),
    ("FAH", "℉"),
    ("KWH", "kWh"),
    ("WHR", "Wh"),
];

/// Counts carry no unit.
const COUNTS: &[&str] = &["C62", "EA", "H87"];

/// Types whose value has elements or members; all others are scalars.
const CONTAINERS: &[(&str, &str)] =
    &[("FILE", "HASH"), ("PARAMETER", "HASH"), ("SHELF_UNIT", "LIST"), ("TOOL", "LIST"), ("VARIABLE", "LIST")];

/// What `units` of a data item says; `None` where it counts in the dictionary's own unit, or is a count.
#[must_use]
pub(super) fn units(of: &str, code: &str) -> Option<Cow<'static, str>> {
    if COUNTS.contains(&code) {
        return None;
    }
    let spelt = SPELT.iter().find(|(known, _)| *known == code).map(|(_, unit)| *unit);
    let unit = spelt.or_else(|| Unit::by_code(code).map(|unit| unit.symbol));
    let unit = unit.map_or_else(|| Cow::Owned(code.to_owned()), Cow::Borrowed);
    let default = DEFAULT_UNITS.iter().find(|(known, _)| *known == of).map(|(_, unit)| *unit);
    (default != Some(&*unit)).then_some(unit)
}

/// What `datatype` of a data item says; `None` for a scalar.
#[must_use]
pub(super) fn datatype(of: &str) -> Option<&'static str> {
    CONTAINERS.iter().find(|(known, _)| *known == of).map(|(_, datatype)| *datatype)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_named_only_where_it_is_not_the_dictionarys_own() {
        let table = [
            ("FEED_SPEED", "C16", None),
            ("FEED_SPEED", "H81", Some("mm/min")),
            ("POSITION", "MMT", None),
            ("POSITION", "DD", Some("deg")),
            ("POWER", "WTT", None),
            ("POWER", "KWT", Some("kW")),
            ("ENERGY", "WHR", None),
            ("TORQUE", "NU", None),
            ("FEED_OVERRIDE", "P1", None),
            ("SPINDLE_SPEED", "RPM", Some("r/min")),
            ("PART_COUNT", "C62", None),
            ("TEMPERATURE", "CEL", None),
            ("ODD", "ZZ", Some("ZZ")),
        ];
        for (of, code, expected) in table {
            assert_eq!(units(of, code).as_deref(), expected, "{of} in {code}");
        }
        assert_eq!((datatype("VARIABLE"), datatype("STATUS")), (Some("LIST"), None));
    }
}
