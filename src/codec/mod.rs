//! Wire encodings: one file per encoding, not per standard.
//!
//! Everything that is written or read goes over a [`tape::Tape`]: the JSON text and, beside it, a flat index of its
//! nodes. Validation walks the index; strings point into the text; nothing is built twice.

pub mod data_set_message;
pub mod key;
pub mod nc_link;
pub mod parse;
pub mod plain_json;
pub mod tape;
pub(crate) mod text;
pub mod ua_json;
pub mod umati_json;
pub mod value;
pub mod values;

pub use key::{Key, KeyId};
pub use parse::{Limits, ParseError};
pub use tape::{Tape, TapeFault, TapeMark};
pub use value::{EncodeError, Reading};
