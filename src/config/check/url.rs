//! Addresses of servers and brokers.

/// Scheme, host and port of `scheme://host[:port][/path]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Url<'t> {
    pub scheme: &'t str,
    /// Without the brackets of an IPv6 address.
    pub host: &'t str,
    pub port: Option<u16>,
    /// From the `/` on; empty when there is none.
    pub path: &'t str,
}

/// `None`: it is no such address. A user name or password inside is refused: secrets have a place of their own.
pub(super) fn parse(text: &str) -> Option<Url<'_>> {
    let (scheme, rest) = text.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = match authority.strip_prefix('[') {
        Some(inner) => {
            let (host, behind) = inner.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, if behind.is_empty() { None } else { Some(behind.strip_prefix(':')?) })
        }
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let port = match port {
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            Some(digits.parse().ok().filter(|port| *port > 0)?)
        }
        Some(_) => return None,
        None => None,
    };
    let is_host = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | ':');
    (!host.is_empty() && host.chars().all(is_host)).then_some(Url { scheme, host, port, path })
}

/// The text with everything before an `@` hidden: it may be a password.
pub(super) fn without_secret(text: &str) -> String {
    match (text.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, behind))) => format!("{scheme}://…@{behind}"),
        _ => text.to_owned(),
    }
}

/// Whether a host is this machine: what is sent there does not travel.
pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_a_host_and_perhaps_a_port() {
        let url = |scheme, host, port, path| Some(Url { scheme, host, port, path });
        for (text, expected) in [
            ("opc.tcp://10.0.0.7:4840", url("opc.tcp", "10.0.0.7", Some(4840), "")),
            ("opc.tcp://plc/path", url("opc.tcp", "plc", None, "/path")),
            ("mqtt://[::1]:1883", url("mqtt", "::1", Some(1883), "")),
            ("mqtt://broker:0", None),
            ("mqtt://broker:70000", None),
            ("mqtt://broker:+1", None),
            ("mqtt://broker:", None),
            ("mqtt://:1883", None),
            ("mqtt://me:secret@broker", None),
            ("broker:1883", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert_eq!(without_secret("mqtt://me:secret@broker"), "mqtt://…@broker");
    }
}
