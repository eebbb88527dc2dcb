//! How the messages of a profile may be spelt.

use crate::codec::nc_link::Spellings;
use crate::profile::{Form, Profile};

/// The profile's own spellings, what its tables accept, and what stands in text.
#[must_use]
pub fn spellings(profile: &Profile) -> Spellings {
    let mut all = Spellings::default();
    profile.spellings.iter().for_each(|(other, name)| all.name(other, name));
    for field in &profile.mapping.fields {
        let Some(of) = field.pointer.rsplit('/').find(|step| !step.starts_with('{')) else { continue };
        let entries = field.meaning.table.as_ref().map_or(&[][..], |table| table.entries.as_slice());
        for entry in entries {
            let Some(word) = entry.wire.as_str() else { continue };
            entry.accept.iter().for_each(|other| all.value(of, other.to_string(), word));
        }
        if field.is_text || field.meaning.form == Form::DecimalText {
            all.text(of);
        }
    }
    all
}
