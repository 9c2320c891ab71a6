//! What is sent: the client's method, URL, headers and body, with the values of secrets where their names are.

use std::collections::BTreeSet;

use filmpress_job::protocol::Secrets;
use filmpress_job::secrets;
use filmpress_queue::Delivery;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use time::OffsetDateTime;

use super::SigningSecret;
use crate::app::App;

/// A webhook with everything in it, to be sent and forgotten.
pub struct Filled {
    pub id: String,
    pub method: Method,
    pub url: String,
    pub headers: Vec<(String, String)>,
    /// `GET` has none.
    pub body: Option<String>,
}

/// Puts the values of the team's secrets where their names are.
pub async fn fill(app: &App, delivery: &Delivery) -> Result<Filled, String> {
    let names: Vec<String> = names(delivery).into_iter().collect();
    let mut values = Secrets::default();
    if !names.is_empty() {
        let sealed = app.queue.sealed_secrets(&delivery.team, &names).await;
        for (name, sealed) in sealed.map_err(|error| error.to_string())? {
            let value = app.sealer.open(&delivery.team, &name, &sealed);
            let value = value.map_err(|error| format!("secret `{name}`: {error}"))?;
            values.0.insert(name, value);
        }
    }
    filled(delivery, &values)
}

fn names(delivery: &Delivery) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut found = |_: &str, name: &str| {
        names.insert(name.to_owned());
    };
    secrets::names(&delivery.url).for_each(|name| found("", name));
    secrets::each(&Value::Object(delivery.headers.clone()), "", &mut found);
    if let Some(body) = body_with_places(delivery) {
        secrets::each(&body, "", &mut found);
    }
    names
}

/// The body, if it names a secret.
fn body_with_places(delivery: &Delivery) -> Option<Value> {
    secrets::names(&delivery.body).next()?;
    serde_json::from_str(&delivery.body).ok()
}

fn filled(delivery: &Delivery, values: &Secrets) -> Result<Filled, String> {
    let unknown = |error: secrets::UnknownSecret| error.to_string();
    let method = Method::from_bytes(delivery.method.as_bytes()).map_err(|error| error.to_string())?;
    let mut headers = Vec::new();
    for (name, value) in &delivery.headers {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        headers.push((name.clone(), secrets::replace(&value, values).map_err(unknown)?));
    }
    let body = match body_with_places(delivery) {
        Some(mut body) => {
            secrets::replace_in(&mut body, values).map_err(unknown)?;
            body.to_string()
        }
        None => delivery.body.clone(),
    };
    Ok(Filled {
        id: delivery.id.clone(),
        url: secrets::replace(&delivery.url, values).map_err(unknown)?,
        headers,
        body: (method != Method::GET).then_some(body),
        method,
    })
}

/// The length and the framing are the HTTP client's business, not the sender's.
const FRAMING: [&str; 8] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The client's headers, but ours where both have one: receivers tell repeats and forgeries by them.
pub fn headers(filled: &Filled, signing: &SigningSecret) -> HeaderMap {
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let body = filled.body.as_deref().unwrap_or_default();
    let own = [
        ("webhook-id", filled.id.clone()),
        ("webhook-timestamp", now.to_string()),
        ("webhook-signature", signing.signatures(&filled.id, now, body)),
    ];
    let theirs = filled
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()));
    for (name, value) in theirs
        .filter(|(name, _)| !FRAMING.contains(&name.to_ascii_lowercase().as_str()))
        .chain(own)
    {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) {
            headers.insert(name, value);
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use filmpress_job::protocol::Secrets;
    use filmpress_queue::Delivery;
    use serde_json::{Value, json};

    use super::{filled, headers, names};
    use crate::webhooks::SigningSecret;

    fn delivery(headers: &Value, body: &str) -> Delivery {
        Delivery {
            id: "msg_1".into(),
            team: "T".into(),
            job: Some("J".into()),
            method: "POST".into(),
            url: "http://h/${secrets.PATH}".into(),
            headers: headers.as_object().unwrap().clone(),
            body: body.into(),
            attempt: 1,
        }
    }

    fn values(pairs: &[(&str, &str)]) -> Secrets {
        Secrets(
            pairs
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect(),
        )
    }

    #[test]
    fn clients_add_headers_but_do_not_forge_ours() {
        let theirs = json!({"X-Key": "k", "X-Count": 3, "Content-Type": "text/x", "Webhook-Id": "forged", "Host": "h",
            "Webhook-Signature": "v1,forged"});
        let filled = filled(&delivery(&theirs, "{}"), &values(&[("PATH", "p")])).unwrap();
        let headers = headers(&filled, &SigningSecret::random());
        assert_eq!(
            (&headers["x-key"], &headers["x-count"]),
            (&"k".parse().unwrap(), &"3".parse().unwrap())
        );
        assert_eq!(
            (&headers["content-type"], &headers["webhook-id"]),
            (&"text/x".parse().unwrap(), &"msg_1".parse().unwrap())
        );
        assert_ne!(headers["webhook-signature"], "v1,forged");
        assert!(!headers.contains_key("host"));
    }

    #[test]
    fn secrets_go_into_url_headers_and_body_and_stay_json() {
        let delivery = delivery(
            &json!({"Authorization": "Bearer ${secret.TOKEN}"}),
            r#"{"order":"${secrets.QUOTED}","n":1}"#,
        );
        assert_eq!(
            names(&delivery).into_iter().collect::<Vec<_>>(),
            ["PATH", "QUOTED", "TOKEN"]
        );
        let all = values(&[("PATH", "p"), ("TOKEN", "t"), ("QUOTED", "a\"b\n")]);
        let filled = filled(&delivery, &all).unwrap();
        assert_eq!(filled.url, "http://h/p");
        assert_eq!(filled.headers, [("Authorization".to_owned(), "Bearer t".to_owned())]);
        let body: Value = serde_json::from_str(&filled.body.unwrap()).unwrap();
        assert_eq!(body, json!({"order": "a\"b\n", "n": 1}));
        let error = super::filled(&delivery, &values(&[("PATH", "p")])).err().unwrap();
        assert_eq!(error, "there is no secret `TOKEN`");
    }
}
