//! Units by their common code (UNECE Recommendation 20), as far as machines of a factory use them, and what turns one
//! into another.
//!
//! A factor is kept as a fraction wherever the unit is defined by one (an inch is 25.4 mm), so that nothing is rounded
//! but the result.

use super::linear::Linear;

/// What a unit measures; only units of one dimension turn into each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// Counts, ratios, per cent.
    One,
    Length,
    Speed,
    Angle,
    Rotation,
    Frequency,
    Temperature,
    Time,
    Power,
    Energy,
    Pressure,
    Force,
    Torque,
    Mass,
    Volume,
    Flow,
    Current,
    Voltage,
    Charge,
    Resistance,
    Area,
    SpecificEnergy,
}

/// A unit.
#[derive(Debug, PartialEq)]
pub struct Unit {
    /// Common code of UNECE Recommendation 20: one to three letters or digits.
    pub code: &'static str,
    /// As it is written behind a number.
    pub symbol: &'static str,
    pub dimension: Dimension,
    /// To the dimension's first unit in the table.
    to_base: Linear,
}

/// The namespace of units that are named by UNECE code (OPC 10000-8 §5.6.3.3).
pub const UNECE_NAMESPACE: &str = "http://www.opcfoundation.org/UA/units/un/cefact";

const fn unit(code: &'static str, symbol: &'static str, dimension: Dimension, times: i64, over: i64) -> Unit {
    Unit { code, symbol, dimension, to_base: Linear::fraction(times, over) }
}

const fn irrational(code: &'static str, symbol: &'static str, dimension: Dimension, scale: f64) -> Unit {
    Unit { code, symbol, dimension, to_base: Linear::Float { scale, offset: 0.0 } }
}

const fn shifted(code: &'static str, symbol: &'static str, times: i64, plus: i64, over: i64) -> Unit {
    Unit { code, symbol, dimension: Dimension::Temperature, to_base: Linear::Exact { times, plus, over } }
}

const DEGREES_PER_RADIAN: f64 = 180.0 / std::f64::consts::PI;

#[rustfmt::skip]
static UNITS: &[Unit] = {
    use Dimension as D;
    &[
        unit("C62", "1", D::One, 1, 1),
        unit("H87", "pc", D::One, 1, 1),
        unit("EA", "each", D::One, 1, 1),
        unit("P1", "%", D::One, 1, 100),
        unit("NX", "‰", D::One, 1, 1000),
        unit("59", "ppm", D::One, 1, 1_000_000),
        unit("MTR", "m", D::Length, 1, 1),
        unit("DMT", "dm", D::Length, 1, 10),
        unit("CMT", "cm", D::Length, 1, 100),
        unit("MMT", "mm", D::Length, 1, 1000),
        unit("4H", "µm", D::Length, 1, 1_000_000),
        unit("C45", "nm", D::Length, 1, 1_000_000_000),
        unit("KMT", "km", D::Length, 1000, 1),
        unit("INH", "in", D::Length, 127, 5000),
        unit("FOT", "ft", D::Length, 381, 1250),
        unit("MTS", "m/s", D::Speed, 1, 1),
        unit("2X", "m/min", D::Speed, 1, 60),
        unit("KMH", "km/h", D::Speed, 5, 18),
        unit("2M", "cm/s", D::Speed, 1, 100),
        unit("C16", "mm/s", D::Speed, 1, 1000),
        unit("H81", "mm/min", D::Speed, 1, 60_000),
        unit("IU", "in/s", D::Speed, 127, 5000),
        unit("M63", "in/min", D::Speed, 127, 300_000),
        unit("FS", "ft/s", D::Speed, 381, 1250),
        unit("FR", "ft/min", D::Speed, 381, 75_000),
        unit("DD", "°", D::Angle, 1, 1),
        unit("D61", "'", D::Angle, 1, 60),
        unit("D62", "\"", D::Angle, 1, 3600),
        unit("A91", "gon", D::Angle, 9, 10),
        irrational("C81", "rad", D::Angle, DEGREES_PER_RADIAN),
        unit("RPM", "r/min", D::Rotation, 1, 1),
        unit("M46", "r/min", D::Rotation, 1, 1),
        unit("RPS", "r/s", D::Rotation, 60, 1),
        unit("E96", "°/s", D::Rotation, 1, 6),
        irrational("2A", "rad/s", D::Rotation, DEGREES_PER_RADIAN / 6.0),
        unit("HTZ", "Hz", D::Frequency, 1, 1),
        unit("KHZ", "kHz", D::Frequency, 1000, 1),
        unit("MHZ", "MHz", D::Frequency, 1_000_000, 1),
        shifted("KEL", "K", 1, 0, 1),
        shifted("CEL", "°C", 20, 5463, 20),
        shifted("FAH", "°F", 500, 229_835, 900),
        unit("SEC", "s", D::Time, 1, 1),
        unit("C26", "ms", D::Time, 1, 1000),
        unit("B98", "µs", D::Time, 1, 1_000_000),
        unit("C47", "ns", D::Time, 1, 1_000_000_000),
        unit("MIN", "min", D::Time, 60, 1),
        unit("HUR", "h", D::Time, 3600, 1),
        unit("DAY", "d", D::Time, 86_400, 1),
        unit("WEE", "wk", D::Time, 604_800, 1),
        unit("MON", "mo", D::Time, 2_629_800, 1),
        unit("ANN", "a", D::Time, 31_557_600, 1),
        unit("WTT", "W", D::Power, 1, 1),
        unit("C31", "mW", D::Power, 1, 1000),
        unit("KWT", "kW", D::Power, 1000, 1),
        unit("MAW", "MW", D::Power, 1_000_000, 1),
        unit("JOU", "J", D::Energy, 1, 1),
        unit("KJO", "kJ", D::Energy, 1000, 1),
        unit("3B", "MJ", D::Energy, 1_000_000, 1),
        unit("WHR", "W·h", D::Energy, 3600, 1),
        unit("KWH", "kW·h", D::Energy, 3_600_000, 1),
        unit("MWH", "MW·h", D::Energy, 3_600_000_000, 1),
        unit("PAL", "Pa", D::Pressure, 1, 1),
        unit("A97", "hPa", D::Pressure, 100, 1),
        unit("MBR", "mbar", D::Pressure, 100, 1),
        unit("KPA", "kPa", D::Pressure, 1000, 1),
        unit("BAR", "bar", D::Pressure, 100_000, 1),
        unit("MPA", "MPa", D::Pressure, 1_000_000, 1),
        unit("ATM", "atm", D::Pressure, 101_325, 1),
        irrational("PS", "psi", D::Pressure, 6_894.757_293_168_361),
        unit("NEW", "N", D::Force, 1, 1),
        unit("B47", "kN", D::Force, 1000, 1),
        unit("B73", "MN", D::Force, 1_000_000, 1),
        unit("NU", "N·m", D::Torque, 1, 1),
        unit("B48", "kN·m", D::Torque, 1000, 1),
        unit("KGM", "kg", D::Mass, 1, 1),
        unit("GRM", "g", D::Mass, 1, 1000),
        unit("MGM", "mg", D::Mass, 1, 1_000_000),
        unit("TNE", "t", D::Mass, 1000, 1),
        unit("LBR", "lb", D::Mass, 45_359_237, 100_000_000),
        unit("LTR", "l", D::Volume, 1, 1),
        unit("MLT", "ml", D::Volume, 1, 1000),
        unit("HLT", "hl", D::Volume, 100, 1),
        unit("MMQ", "mm³", D::Volume, 1, 1_000_000),
        unit("CMQ", "cm³", D::Volume, 1, 1000),
        unit("DMQ", "dm³", D::Volume, 1, 1),
        unit("MTQ", "m³", D::Volume, 1000, 1),
        unit("L2", "l/min", D::Flow, 1, 1),
        unit("MQH", "m³/h", D::Flow, 50, 3),
        unit("MQS", "m³/s", D::Flow, 60_000, 1),
        unit("AMP", "A", D::Current, 1, 1),
        unit("4K", "mA", D::Current, 1, 1000),
        unit("B84", "µA", D::Current, 1, 1_000_000),
        unit("B22", "kA", D::Current, 1000, 1),
        unit("VLT", "V", D::Voltage, 1, 1),
        unit("2Z", "mV", D::Voltage, 1, 1000),
        unit("D82", "µV", D::Voltage, 1, 1_000_000),
        unit("KVT", "kV", D::Voltage, 1000, 1),
        unit("AMH", "A·h", D::Charge, 1, 1),
        unit("E09", "mA·h", D::Charge, 1, 1000),
        unit("TAH", "kA·h", D::Charge, 1000, 1),
        unit("OHM", "Ω", D::Resistance, 1, 1),
        unit("E45", "mΩ", D::Resistance, 1, 1000),
        unit("B94", "µΩ", D::Resistance, 1, 1_000_000),
        unit("B49", "kΩ", D::Resistance, 1000, 1),
        unit("MTK", "m²", D::Area, 1, 1),
        unit("DMK", "dm²", D::Area, 1, 100),
        unit("CMK", "cm²", D::Area, 1, 10_000),
        unit("MMK", "mm²", D::Area, 1, 1_000_000),
        unit("J2", "J/kg", D::SpecificEnergy, 1, 1),
        unit("B42", "kJ/kg", D::SpecificEnergy, 1000, 1),
        unit("JK", "MJ/kg", D::SpecificEnergy, 1_000_000, 1),
    ]
};

impl Unit {
    /// The unit with this common code, or with this symbol, both as written in the table.
    #[must_use]
    pub fn find(text: &str) -> Option<&'static Self> {
        // The micro sign has two code points.
        let text = text.replace('μ', "µ");
        UNITS.iter().find(|unit| unit.code == text).or_else(|| UNITS.iter().find(|unit| unit.symbol == text))
    }

    /// The unit with this common code.
    #[must_use]
    pub fn by_code(code: &str) -> Option<&'static Self> {
        UNITS.iter().find(|unit| unit.code == code)
    }

    /// All codes.
    pub fn codes() -> impl Iterator<Item = &'static str> + Clone {
        UNITS.iter().map(|unit| unit.code)
    }

    /// What turns a number in this unit into one in `other`; `None` when they measure different things.
    #[must_use]
    pub fn to(&self, other: &Self) -> Option<Linear> {
        if self.dimension != other.dimension {
            return None;
        }
        Some(if self == other { Linear::SAME } else { self.to_base.then(other.to_base.inverse()?) })
    }

    /// The number of the unit in `EUInformation` (OPC 10000-8 §5.6.3.3): the bytes of its code.
    #[must_use]
    pub fn id(&self) -> i32 {
        self.code.bytes().fold(0, |id, byte| id << 8 | i32::from(byte))
    }

    /// The code that a `UnitId` stands for.
    #[must_use]
    pub fn code_of(id: i32) -> Option<String> {
        let bytes: Vec<u8> = id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        let is_code = (1..=3).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_alphanumeric);
        is_code.then(|| String::from_utf8(bytes).ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::linear::Number;
    use std::collections::HashSet;

    #[track_caller]
    fn check(number: f64, from: &str, to: &str, expected: Option<f64>) {
        let (source, target) = (Unit::find(from).expect("known"), Unit::find(to).expect("known"));
        let found = source.to(target).and_then(|linear| linear.of_float(number));
        assert_eq!(found, expected.map(Number::Float), "{number} {from} in {to}");
    }

    #[test]
    fn units_of_one_dimension_turn_into_each_other_exactly() {
        check(1.0, "INH", "MMT", Some(25.4));
        check(1234.5, "MMT", "MTR", Some(1.2345));
        check(600.0, "H81", "MTS", Some(0.01));
        check(90.0, "KMH", "MTS", Some(25.0));
        check(0.5, "C62", "P1", Some(50.0));
        check(20.0, "CEL", "KEL", Some(293.15));
        check(212.0, "FAH", "CEL", Some(100.0));
        check(-40.0, "CEL", "FAH", Some(-40.0));
        check(1.5, "HUR", "C26", Some(5_400_000.0));
        check(1.0, "KWH", "3B", Some(3.6));
        check(1.0, "BAR", "KPA", Some(100.0));
        check(3000.0, "RPM", "RPS", Some(50.0));
        check(1.0, "LBR", "GRM", Some(453.592_37));
        check(std::f64::consts::PI, "rad", "DD", Some(180.0));
        check(250.0, "ml", "l", Some(0.25));
        check(1.0, "MMT", "SEC", None);
        check(1.0, "RPM", "HTZ", None);
    }

    #[test]
    fn a_code_and_its_number_are_the_same() {
        assert_eq!(Unit::find("P1").expect("per cent").id(), 20_529);
        let mut codes = HashSet::new();
        for unit in UNITS {
            assert_eq!(Unit::code_of(unit.id()).as_deref(), Some(unit.code));
            assert!(codes.insert(unit.code), "{} twice", unit.code);
            let there = unit.to(&UNITS[0]).or_else(|| unit.to(unit));
            assert!(there.is_some());
        }
        assert_eq!((Unit::code_of(0), Unit::code_of(-1), Unit::find("µm")), (None, None, Unit::find("4H")));
    }
}
