//! Node ids as a configuration writes them: `nsu=URI;s=…`, never by index (OPC 10000-6 §5.3.1.10).

use super::Checking;
use crate::config::read::At;

/// Whether it has the form of a node id.
pub(super) fn is_node_id(text: &str) -> bool {
    parse(text).is_ok()
}

impl Checking<'_> {
    /// Notes what is wrong with a node id.
    pub(super) fn node_id(&mut self, node: &At<String>) {
        if let Err(fault) = parse(&node.value) {
            self.reading.error("QIAO-C029", node.place, &[("node", &node.value), ("fault", fault)]);
        }
    }
}

/// `index`: it names a namespace by index, which changes when the server restarts. `form`: it is no node id.
pub(in crate::config) fn parse(text: &str) -> Result<(), &'static str> {
    let identifier = match text.split_once(';') {
        Some((namespace, identifier)) if namespace.len() > 4 && namespace.starts_with("nsu=") => identifier,
        Some((namespace, _)) if namespace.starts_with("ns=") => return Err("index"),
        _ => text,
    };
    let is_right = match identifier.split_at_checked(2) {
        Some(("i=", number)) => number.bytes().all(|b| b.is_ascii_digit()) && number.parse::<u32>().is_ok(),
        Some(("s=", name)) => !name.is_empty(),
        Some(("g=", guid)) => is_guid(guid),
        Some(("b=", base64)) => {
            use base64::Engine as _;
            base64::prelude::BASE64_STANDARD.decode(base64).is_ok_and(|bytes| !bytes.is_empty())
        }
        _ => false,
    };
    if is_right { Ok(()) } else { Err("form") }
}

fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_namespace_is_named_by_uri() {
        for (text, expected) in [
            ("i=85", Ok(())),
            ("s=a;b=c", Ok(())),
            ("nsu=urn:acme:lathe;s=Lathe7", Ok(())),
            ("nsu=http://opcfoundation.org/UA/MachineTool/;i=13", Ok(())),
            ("nsu=urn:x;g=72962b91-fa75-4ae6-8d28-b404dc7daf63", Ok(())),
            ("nsu=urn:x;b=AQL/", Ok(())),
            ("ns=2;s=Lathe7", Err("index")),
            ("nsu=;i=1", Err("form")),
            ("i=4294967296", Err("form")),
            ("i=-1", Err("form")),
            ("Lathe7", Err("form")),
            ("nsu=urn:x;g=72962b91", Err("form")),
            ("车床", Err("form")),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
