//! The known name that is written most alike: every "unknown …" says what was probably meant.

/// The candidate nearest to `name`; `None` when none is near enough to be helpful.
///
/// Case, `_` for `-` and a dropped or added word at the end do not count as far.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = plain(name);
    // One slip in two to four characters, two in five to seven: a word of one character resembles nothing.
    let limit = (name.chars().count() + 1) / 3;
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = plain(candidate);
            let distance = strsim::osa_distance(&name, &other);
            let is_part = name.len().min(other.len()) >= 3 && (name.starts_with(&other) || other.starts_with(&name));
            (distance <= limit || is_part).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn plain(name: &str) -> String {
    name.chars().map(|c| if c == '_' { '-' } else { half_width(c).to_ascii_lowercase() }).collect()
}

/// An input method for Chinese types `ｎａｍｅ` (U+FF01 to U+FF5E) for `name`.
fn half_width(c: char) -> char {
    let ascii = u32::from(c).checked_sub(0xfee0).filter(|ascii| (0x21..=0x7e).contains(ascii));
    ascii.and_then(char::from_u32).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_what_was_probably_meant() {
        let known = ["security", "policy", "endpoint", "session-timeout", "umati/machine-tool@1.02"];
        for (name, expected) in [
            ("securty", Some("security")),
            ("Security", Some("security")),
            ("security-mode", Some("security")),
            ("session_timeout", Some("session-timeout")),
            ("umati/machinetool@1.02", Some("umati/machine-tool@1.02")),
            ("ｐｏｌｉｃｙ", Some("policy")),
            ("url", None),
            ("4", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
    }
}
