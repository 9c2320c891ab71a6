//! Signatures after the Standard Webhooks specification: `v1,` and the base64 of HMAC-SHA256 over id, time and body.
//!
//! A team's secret is `whsec_` and the base64 of 32 bytes. It is made from the server's keys when it is first used, so
//! that two servers that are first at the same time make the same one, and is at random ever after. For a day after a
//! change, everything is signed with both the new and the old one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::app::App;
use crate::sealing::{Sealer, WEBHOOK_SECRET};
use crate::signature::mac;

/// How long an old secret goes on being used beside its successor.
const OVERLAP: Duration = Duration::DAY;

/// What begins a secret.
const PREFIX: &str = "whsec_";

/// What a team's webhooks are signed with.
#[derive(Clone, Serialize, Deserialize)]
pub struct SigningSecret {
    key: String,
    /// The one before, and until when (Unix seconds) it still counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<(String, i64)>,
}

impl SigningSecret {
    fn first(sealer: &Sealer, team: &str) -> Self {
        Self {
            key: STANDARD.encode(sealer.derived(&format!("webhooks of {team}"))),
            before: None,
        }
    }

    /// A new one.
    pub fn random() -> Self {
        Self {
            key: STANDARD.encode(rand::random::<[u8; 32]>()),
            before: None,
        }
    }

    /// A new one after this.
    pub fn next(&self, now: OffsetDateTime) -> Self {
        Self {
            before: Some((self.key.clone(), (now + OVERLAP).unix_timestamp())),
            ..Self::random()
        }
    }

    /// As receivers are given it.
    pub fn reveal(&self) -> String {
        format!("{PREFIX}{}", self.key)
    }

    /// Until when the one before is used too, if it is.
    pub fn overlaps_until(&self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let (_, until) = self.before.as_ref()?;
        OffsetDateTime::from_unix_timestamp(*until)
            .ok()
            .filter(|until| *until > now)
    }

    /// The value of `webhook-signature`: a signature a secret, with blanks between.
    pub fn signatures(&self, id: &str, timestamp: i64, body: &str) -> String {
        let old = self.before.as_ref().filter(|(_, until)| *until > timestamp);
        let keys = std::iter::once(&self.key).chain(old.map(|(key, _)| key));
        let signatures: Vec<_> = keys
            .filter_map(|key| {
                let key: [u8; 32] = STANDARD.decode(key).ok()?.try_into().ok()?;
                let mac = mac(key, &format!("{id}.{timestamp}.{body}"));
                Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
            })
            .collect();
        signatures.join(" ")
    }

    /// Sealed, as the database keeps it.
    pub fn sealed(&self, sealer: &Sealer, team: &str) -> Vec<u8> {
        // Two strings and a number always are JSON.
        let text = serde_json::to_string(self).unwrap_or_default();
        sealer.seal(team, WEBHOOK_SECRET, &text)
    }

    fn opened(sealer: &Sealer, team: &str, sealed: &[u8]) -> Result<Self, String> {
        let text = sealer.open(team, WEBHOOK_SECRET, sealed);
        let text = text.map_err(|error| format!("the team's webhook secret: {error}"))?;
        serde_json::from_str(&text).map_err(|_| "the team's webhook secret is unreadable".to_owned())
    }
}

/// The secret of a team, made if it has none.
pub async fn of_team(app: &App, team: &str) -> Result<SigningSecret, String> {
    let told = |error: filmpress_queue::Error| error.to_string();
    let record = app.queue.team(team).await.map_err(told)?;
    if let Some(sealed) = record.webhook_secret {
        return SigningSecret::opened(&app.sealer, team, &sealed);
    }
    let made = SigningSecret::first(&app.sealer, team);
    let sealed = made.sealed(&app.sealer, team);
    app.queue.set_webhook_secret(team, sealed).await.map_err(told)?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::SigningSecret;
    use crate::sealing::{Keys, Sealer};

    #[test]
    fn signs_as_the_specification_says() {
        let secret = SigningSecret {
            key: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=".into(),
            before: None,
        };
        let signed = secret.signatures("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        // openssl dgst -sha256 -mac HMAC -macopt hexkey:31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b031f290f6bf06298a -binary | base64, over the same text
        assert_eq!(signed, EXPECTED);
    }

    const EXPECTED: &str = "v1,455+aOk04wwxufzYeT7AdJGy67Jm9L1UV9h0WvJANVo=";

    #[test]
    fn the_old_secret_counts_for_a_day() {
        let now = OffsetDateTime::from_unix_timestamp(1_000_000).unwrap();
        let old = SigningSecret::random();
        let new = old.next(now);
        assert_ne!(old.reveal(), new.reveal());
        assert!(new.reveal().starts_with("whsec_"));
        let by_old = old.signatures("id", 1_000_001, "{}");
        assert_eq!(
            new.signatures("id", 1_000_001, "{}").split(' ').nth(1),
            Some(by_old.as_str())
        );
        let later = 1_000_000 + 86_400;
        assert_eq!(new.signatures("id", later, "{}").split(' ').count(), 1);
        assert!(new.overlaps_until(now).is_some() && old.overlaps_until(now).is_none());
    }

    #[test]
    fn two_servers_make_the_same_first_secret_and_can_open_it() {
        let sealer = |text: &str| Sealer::new(Keys::from_text(&text.repeat(64)).unwrap());
        let (one, two) = (
            SigningSecret::first(&sealer("a"), "T"),
            SigningSecret::first(&sealer("a"), "T"),
        );
        assert_eq!(one.reveal(), two.reveal());
        assert_ne!(one.reveal(), SigningSecret::first(&sealer("a"), "U").reveal());
        assert_ne!(one.reveal(), SigningSecret::first(&sealer("b"), "T").reveal());
        let sealed = one.sealed(&sealer("a"), "T");
        assert_eq!(
            SigningSecret::opened(&sealer("a"), "T", &sealed).unwrap().reveal(),
            one.reveal()
        );
        assert!(SigningSecret::opened(&sealer("a"), "U", &sealed).is_err());
    }
}
