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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_id_becomes_one_level_of_a_topic() {
        assert_eq!(encode("nsu=http://acme.example/M7/;i=5001"), "nsu=http:_2F_2Facme.example_2FM7_2F;i=5001");
        assert_eq!(encode("nsu=urn:x;s=Drehe_1 é"), "nsu=urn:x;s=Drehe_5F1_20_C3_A9");
    }
}
