//! The HTTP client for URLs that clients name: it connects only to addresses it may reach, and follows no redirects.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use filmpress_job::address::Reach;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use url::{Host, Url};

/// A client for URLs that clients name.
#[derive(Clone)]
pub struct GuardedClient {
    client: reqwest::Client,
    reach: Reach,
}

impl GuardedClient {
    pub fn new(reach: Reach, timeout: Duration) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .user_agent(concat!("filmpress/", env!("CARGO_PKG_VERSION")))
            .timeout(timeout)
            .redirect(Policy::none())
            // A proxy would connect in our place, past the guard.
            .no_proxy()
            .dns_resolver(Guard { reach })
            .build()?;
        Ok(Self { client, reach })
    }

    /// A request to a URL, unless that names an address out of reach. Names are looked at when they are resolved.
    pub fn request(&self, method: reqwest::Method, url: &str) -> Result<reqwest::RequestBuilder, String> {
        let url = Url::parse(url).map_err(|error| format!("`{url}` is not a URL: {error}"))?;
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(name)) if is_this_machine(name) => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            Some(Host::Domain(_)) => None,
            None => return Err(format!("`{url}` names no host")),
        };
        match literal {
            Some(address) if !self.reach.allows(address) => Err(out_of_reach(address)),
            _ => Ok(self.client.request(method, url)),
        }
    }
}

/// Names that mean the machine itself, whatever a resolver knows of them (RFC 6761).
fn is_this_machine(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

fn out_of_reach(address: IpAddr) -> String {
    format!("{address} is not a public address")
}

struct Guard {
    reach: Reach,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let (allowed, refused): (Vec<_>, Vec<_>) = found.into_iter().partition(|found| reach.allows(found.ip()));
            match refused.first() {
                Some(refused) if allowed.is_empty() => Err(out_of_reach(refused.ip()).into()),
                _ => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}

/// An error with all its causes in one line: the outermost alone says "error sending request".
pub fn all_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.contains(&next) {
            text = format!("{text}: {next}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use filmpress_job::address::Reach;
    use reqwest::dns::Resolve;

    use super::{Guard, GuardedClient};

    #[tokio::test]
    async fn private_addresses_are_out_of_reach_by_number_and_by_name() {
        let client = GuardedClient::new(Reach::Public, Duration::from_secs(2)).unwrap();
        for url in [
            "http://127.0.0.1:9/",
            "http://[::1]/",
            "http://169.254.169.254/x",
            "http://2130706433/",
            "http://localhost:9/",
        ] {
            let refused = client.request(reqwest::Method::GET, url).unwrap_err();
            assert!(refused.contains("not a public address"), "{url}: {refused}");
        }
        // What a name leads to is looked at when it is resolved.
        let resolving = |reach| Guard { reach }.resolve("localhost".parse().unwrap());
        let refused = resolving(Reach::Public).await.err().unwrap().to_string();
        assert!(refused.contains("not a public address"), "{refused}");
        assert!(
            resolving(Reach::Loopback)
                .await
                .unwrap()
                .all(|found| found.ip().is_loopback())
        );
        let loopback = GuardedClient::new(Reach::Loopback, Duration::from_secs(2)).unwrap();
        assert!(loopback.request(reqwest::Method::GET, "http://127.0.0.1:9/").is_ok());
        assert!(loopback.request(reqwest::Method::GET, "http://10.0.0.1/").is_err());
    }
}
