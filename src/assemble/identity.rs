//! How a machine gets its id when the configuration gives it no name.

use crate::model::FoundMachine;
use crate::profile::MachineId;
use std::fmt::Write as _;

/// The id by the profile's rule.
#[must_use]
pub fn machine_id(rule: &MachineId, machine: &FoundMachine) -> String {
    match rule {
        MachineId::Node => encode(&machine.node),
        MachineId::BrowseName => machine.browse_name.name.clone(),
    }
}

/// Every character but letters and digits of ASCII and `- . ~ : ; =` as `_XX` per byte of its UTF-8, upper case:
/// the encoding of machine ids in umati v2 topics.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-.~:;=".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(encoded, "_{byte:02X}");
        }
    }
    encoded
}

/// Undoes [`encode`]; `None` when it is not such a text.
#[must_use]
pub fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'_' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let (high, low) = (digit()?, digit()?);
                bytes.push(u8::try_from(high << 4 | low).ok()?);
            }
            plain if plain.is_ascii_alphanumeric() || b"-.~:;=".contains(&plain) => bytes.push(plain),
            _ => return None,
        }
    }
    String::from_utf8(bytes).ok()
}

/// A machine id of an umati v2 topic in the one spelling of [`encode`]: some gateways encode the colon too. `None` when
/// it is no node id, and so may stand as it is.
#[must_use]
pub fn one_spelling(text: &str) -> Option<String> {
    if !text.starts_with("nsu=") {
        return None;
    }
    decode(text).map(|node| encode(&node))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_id_becomes_one_level_of_a_topic() {
        assert_eq!(encode("nsu=http://acme.example/M7/;i=5001"), "nsu=http:_2F_2Facme.example_2FM7_2F;i=5001");
        assert_eq!(encode("nsu=urn:x;s=Drehe_1 é"), "nsu=urn:x;s=Drehe_5F1_20_C3_A9");
        assert_eq!(decode("nsu=urn:x;s=Drehe_5F1_20_C3_A9").as_deref(), Some("nsu=urn:x;s=Drehe_1 é"));
        for no_id in ["a_", "a_0", "a_0G", "a b", "_FF", "_+F"] {
            assert_eq!(decode(no_id), None, "{no_id}");
        }
    }

    #[test]
    fn both_encodings_of_an_id_are_one() {
        let one = "nsu=http:_2F_2Facme.example_2FM7_2F;i=5001";
        assert_eq!(one_spelling(one).as_deref(), Some(one));
        assert_eq!(one_spelling("nsu=http_3A_2F_2Facme.example_2FM7_2F;i=5001").as_deref(), Some(one));
        assert_eq!((one_spelling("press_20"), one_spelling("nsu=urn:x_")), (None, None), "not encoded");
    }
}
