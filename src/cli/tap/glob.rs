//! Which machines and fields one wants to see.

/// A pattern over names: `*` stands for anything, `?` for one sign; upper and lower case are the same.
#[derive(Clone, Debug)]
pub(super) struct Glob(Vec<char>);

impl Glob {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_lowercase().chars().collect())
    }

    /// A filter as one types it: what contains the text, unless it has a pattern of its own.
    pub(super) fn typed(text: &str) -> Self {
        if text.contains(['*', '?']) { Self::new(text) } else { Self::new(&format!("*{text}*")) }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.to_lowercase().chars().collect();
        let (mut at, mut place) = (0, 0);
        // Where to go on with one sign more for the last `*`: linear in practice, at worst pattern times text.
        let mut back: Option<(usize, usize)> = None;
        while at < text.len() {
            match self.0.get(place) {
                Some('*') => {
                    back = Some((place + 1, at));
                    place += 1;
                }
                Some(sign) if *sign == '?' || *sign == text[at] => {
                    place += 1;
                    at += 1;
                }
                _ => {
                    let Some((behind, from)) = back else { return false };
                    back = Some((behind, from + 1));
                    place = behind;
                    at = from + 1;
                }
            }
        }
        self.0[place..].iter().all(|sign| *sign == '*')
    }
}

/// Whether any of the names matches; without a pattern all do.
pub(super) fn any(glob: Option<&Glob>, names: &[&str]) -> bool {
    glob.is_none_or(|glob| names.iter().any(|name| glob.matches(name)))
}
