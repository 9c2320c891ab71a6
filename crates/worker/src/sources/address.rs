//! Connects only where a [`Reach`] allows.

use std::net::SocketAddr;

use filmpress_job::address::Reach;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// What a person is told when an address is refused.
pub(super) const REFUSAL: &str =
    "its address is not a public one; allow private sources in the worker's settings to load from it";

/// Whether the URL's host is written as an address out of reach. Names are judged when they are resolved.
pub(super) fn is_forbidden_literal(url: &Url, reach: Reach) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => !reach.allows(address.into()),
        Some(Host::Ipv6(address)) => !reach.allows(address.into()),
        Some(Host::Domain(_)) => false,
        None => true,
    }
}

/// Resolves names as the system does and forgets addresses out of reach, so that the address judged is the address
/// connected to.
pub(super) struct Within(pub Reach);

impl Resolve for Within {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let all = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = all.filter(|address| reach.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(REFUSAL.into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_hosts_in_every_notation() {
        let forbidden = |text: &str, reach| is_forbidden_literal(&Url::parse(text).unwrap(), reach);
        for text in [
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
        ] {
            assert!(forbidden(text, Reach::Public), "{text}");
            assert!(!forbidden(text, Reach::Loopback), "{text}");
        }
        assert!(forbidden("http://169.254.169.254/latest", Reach::Loopback));
        assert!(!forbidden("https://example.org/", Reach::Public));
    }
}
