//! One declaration makes all there is of a record: the type with its places, its reader, its schema. The comments are
//! the manual: they become the descriptions in `config/qiao.schema.json`.

/// A table with known keys. `Option<At<…>>` may be absent, `Needed<…>` may not.
macro_rules! record {
    ($($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, schemars::JsonSchema)]
        #[schemars(rename_all = "kebab-case", deny_unknown_fields)]
        pub struct $name {
            $($(#[$note])* pub $field: $kind,)*
        }

        impl $crate::config::read::Read for $name {
            fn read(
                node: &$crate::config::yaml::Node,
                reading: &mut $crate::config::read::Reading<'_>,
            ) -> Option<Self> {
                const KEYS: &[&str] = &[$(stringify!($field)),*];
                let fields = $crate::config::read::Fields::of(node, KEYS, reading)?;
                Some(Self { $($field: fields.take(stringify!($field), reading),)* })
            }
        }
    )*};
}

/// A table with exactly one of several keys.
macro_rules! choice {
    ($($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $variant:ident($kind:ty) = $word:literal,)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, schemars::JsonSchema)]
        pub enum $name {
            $($(#[$note])* #[schemars(rename = $word)] $variant($kind),)*
        }

        impl $crate::config::read::Read for $name {
            fn read(
                node: &$crate::config::yaml::Node,
                reading: &mut $crate::config::read::Reading<'_>,
            ) -> Option<Self> {
                let (word, node) = reading.choice(node, &[$($word),*])?;
                match word {
                    $($word => <$kind>::read(node, reading).map(Self::$variant),)*
                    _ => None,
                }
            }
        }
    )*};
}

/// The words of an enumeration of the plan, the default first.
macro_rules! words {
    ($($kind:ty { $($word:literal => $value:expr,)* })*) => {$(
        impl $crate::config::word::Words for $kind {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, $value)),*];
        }
    )*};
}

pub(super) use {choice, record, words};
