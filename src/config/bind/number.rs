//! Numbers as spreadsheets write them.

use crate::model::linear::Decimal;

/// Reads `0.1`; also `0,1` when the cells are not separated by commas. A number with both has a thousands separator, and
/// which of the two that is nobody can know.
pub(super) fn parse(text: &str, is_comma_separated: bool) -> Option<Decimal> {
    // Spreadsheets write a real minus sign, and blanks around.
    let text = text.trim().replace('\u{2212}', "-");
    match text.find(',') {
        Some(_) if is_comma_separated || text.contains('.') || text.matches(',').count() > 1 => None,
        Some(_) => Decimal::parse(&text.replace(',', ".")),
        None => Decimal::parse(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_comma_is_read_where_it_separates_no_cells() {
        let tenth = Some(Decimal { digits: 1, exponent: -1 });
        for (text, is_comma_separated, expected) in [
            ("0.1", true, tenth),
            ("0,1", false, tenth),
            ("0,1", true, None),
            (" 0,10 ", false, tenth),
            ("−17,5", false, Some(Decimal { digits: -175, exponent: -1 })),
            ("1,00E-03", false, Some(Decimal { digits: 1, exponent: -3 })),
            ("1.234,5", false, None),
            ("1,234,567", false, None),
            ("1 000", false, None),
        ] {
            assert_eq!(parse(text, is_comma_separated), expected, "{text:?}");
        }
    }
}
