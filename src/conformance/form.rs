//! Forms of text that a pattern cannot tell: check digits, URIs.

/// The last digit of a GS1 key: weights 3 and 1 from the right, to the next ten (GS1 General Specifications §7.9).
/// `false` for everything but 8 to 18 digits.
pub(super) fn has_gs1_check_digit(text: &str) -> bool {
    if !(8..=18).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let weighted = |(place, byte): (usize, u8)| u32::from(byte - b'0') * if place % 2 == 0 { 1 } else { 3 };
    text.bytes().rev().enumerate().map(weighted).sum::<u32>() % 10 == 0
}

/// A scheme, a colon and something behind it, of the characters of RFC 3986 §2, `%` before two hexadecimal digits.
pub(super) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_character = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let has_escapes = rest
        .split('%')
        .skip(1)
        .all(|part| part.len() >= 2 && part.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()));
    is_scheme && !rest.is_empty() && rest.bytes().all(is_character) && has_escapes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_digit_is_counted() {
        for good in ["4006381333931", "73513537", "00012345600012", "106141412345678908"] {
            assert!(has_gs1_check_digit(good), "{good}");
        }
        for wrong in ["4006381333932", "4006381339331", "400638133393X", "", "7", "4006381333931 "] {
            assert!(!has_gs1_check_digit(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_uri_has_a_scheme_and_no_spaces() {
        for good in ["https://nordwerk.example/a?b=c#d", "urn:epc:id:sgtin:0614141.107346.2017", "a+b:c", "x:%20"] {
            assert!(is_uri(good), "{good}");
        }
        for wrong in ["nordwerk.example/a", "https:", "1a:b", ":a", "https://a b", "https://ä", "x:%2", "x:%zz", ""] {
            assert!(!is_uri(wrong), "{wrong}");
        }
    }
}
