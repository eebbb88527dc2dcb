//! The languages a face speaks.

/// The language of a face.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    English,
    German,
    Chinese,
}

impl Language {
    /// Every language; English first, because the others fall back on it.
    pub const ALL: [Self; 3] = [Self::English, Self::German, Self::Chinese];

    /// `en`, `de`, `zh`: what `--lang` and the configuration take, and the folder of its messages.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Chinese => "zh",
        }
    }

    /// The reverse of [`Language::tag`].
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// From a POSIX locale such as `zh_CN.UTF-8` or `de_AT@euro`; anything unknown, `C` included, is `None`.
    #[must_use]
    pub fn from_locale(locale: &str) -> Option<Self> {
        let tag = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        Self::from_tag(&tag.to_ascii_lowercase())
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.tag())
    }
}
