//! Webhooks after the fact and around it: signatures, secrets in them, dead letters, sending again, tests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use filmpress_queue::Scope;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::house::House;
use crate::webhooks::{Receiver, Sent, json_of};

/// Checks a signature as the Standard Webhooks specification tells receivers to.
fn is_signed_with(sent: &Sent, secret: &str) -> bool {
    let (_, headers, body) = sent;
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.", text("webhook-id"), text("webhook-timestamp")).as_bytes());
    mac.update(body);
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    text("webhook-signature")
        .split(' ')
        .any(|signature| signature == expected)
}

async fn secret(house: &House) -> String {
    let secret = house.get("/api/v2/webhooks/secret").await;
    secret["secret"].as_str().unwrap().to_owned()
}

async fn finish(house: &House, webhook: &Value) -> String {
    let id = house.job(json!({"webhook": webhook})).await;
    house.render(&house.claim().await.unwrap(), "film").await;
    id
}

#[tokio::test]
async fn signatures_fit_the_teams_secret_before_and_after_it_changes() {
    let house = House::new().await;
    let (receiver, url) = Receiver::start(0).await;
    finish(&house, &json!({"url": url})).await;
    let first = receiver.until(1).await;
    let old = secret(&house).await;
    assert!(is_signed_with(&first[0], &old), "made when it was first used");
    let (status, rotated) = house.post("/api/v2/webhooks/secret/rotate", &json!({})).await;
    assert_eq!(status, 200);
    assert!(rotated["previousUntil"].is_string());
    let new = rotated["secret"].as_str().unwrap();
    assert_ne!(old, new);
    assert_eq!(secret(&house).await, new);
    finish(&house, &json!({"url": url, "method": "PUT"})).await;
    finish(&house, &json!({"url": url, "method": "GET"})).await;
    for sent in &receiver.until(3).await[1..] {
        assert!(is_signed_with(sent, &old) && is_signed_with(sent, new));
    }
    assert_eq!(house.get("/api/v2/audit").await[0]["action"], "webhook-secret.rotate");
    let rival = house.token_of("rival", Scope::Admin).await;
    let (_, theirs) = house.by(&rival, Method::GET, "/api/v2/webhooks/secret", None).await;
    assert_ne!(theirs["secret"], rotated["secret"]);
}

#[tokio::test]
async fn what_was_given_up_is_listed_and_sent_again() {
    let house = House::new().await;
    let (receiver, url) = Receiver::start(4).await;
    let id = finish(&house, &json!({"url": url, "data": {"order": 7}})).await;
    receiver.until(4).await;
    let dead = house
        .until("/api/v2/webhooks/deliveries?state=dead", |list| {
            list[0]["id"].is_string()
        })
        .await;
    let dead = &dead[0];
    assert_eq!(
        (&dead["jobId"], &dead["tries"], &dead["event"]),
        (&json!(id), &json!(4), &json!("finished")),
        "{dead}"
    );
    assert!(dead["lastError"].as_str().unwrap().contains("502"), "{dead}");
    let delivery = dead["id"].as_str().unwrap();
    let path = format!("/api/v2/webhooks/deliveries/{delivery}/redeliver");
    let (status, again) = house.by(&house.token, Method::POST, &path, None).await;
    assert_eq!((status, &again["id"]), (202, &dead["id"]), "{again}");
    let sent = receiver.until(5).await;
    assert_eq!(
        (sent[4].1["webhook-id"].to_str().unwrap(), &json_of(&sent[4])["order"]),
        (delivery, &json!(7))
    );
    let path = format!("/api/v2/webhooks/deliveries?job={id}");
    let listed = house.until(&path, |list| list[0]["state"] == "delivered").await;
    assert_eq!(
        (&listed[0]["lastStatus"], listed.as_array().map(Vec::len)),
        (&json!(204), Some(1)),
        "{listed}"
    );
    assert_eq!(house.get("/api/v2/webhooks/deliveries?state=dead").await, json!([]));
    let wrong = house
        .by(
            &house.token,
            Method::GET,
            "/api/v2/webhooks/deliveries?state=lost&limit=x",
            None,
        )
        .await;
    assert_eq!((wrong.0, wrong.1["details"].as_array().map(Vec::len)), (400, Some(2)));
}

#[tokio::test]
async fn a_test_arrives_signed() {
    let house = House::new().await;
    let (receiver, url) = Receiver::start(0).await;
    let (status, delivery) = house.post("/api/v2/webhooks/test", &json!({"url": url})).await;
    assert_eq!(
        (status, &delivery["event"], &delivery["jobId"]),
        (202, &json!("ping"), &Value::Null),
        "{delivery}"
    );
    let sent = receiver.until(1).await;
    assert!(is_signed_with(&sent[0], &secret(&house).await));
    assert_eq!(
        sent[0].1["webhook-id"].to_str().unwrap(),
        delivery["id"].as_str().unwrap()
    );
    for wrong in [
        json!({}),
        json!({"url": 1}),
        json!({"url": "ftp://h/"}),
        json!({"url": "here"}),
    ] {
        let (status, refused) = house.post("/api/v2/webhooks/test", &wrong).await;
        assert_eq!(
            (status.as_u16(), &refused["details"][0]["field"]),
            (400, &json!("url")),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn secrets_are_filled_in_when_it_is_sent_and_seen_by_the_receiver_alone() {
    let house = House::new().await;
    let team = house.running.queue().team("studio").await.unwrap();
    let sealed = house.running.sealer().seal(&team.id, "KEY", "hush-hush");
    house.running.queue().add_secret(&team.id, "KEY", sealed).await.unwrap();
    let (receiver, url) = Receiver::start(1).await;
    let webhook = json!({
        "url": format!("{url}&token=${{secrets.KEY}}"),
        "headers": {"Authorization": "Bearer ${secret.KEY}"},
        "data": {"key": "${secrets.KEY}"},
    });
    let id = finish(&house, &webhook).await;
    let sent = receiver.until(2).await;
    for sent in &sent {
        assert_eq!(
            (&sent.1["authorization"], &json_of(sent)["key"]),
            (&"Bearer hush-hush".parse().unwrap(), &json!("hush-hush"))
        );
        assert!(
            is_signed_with(sent, &secret(&house).await),
            "what is signed is what is sent"
        );
    }
    for path in [
        format!("/api/v2/jobs/{id}"),
        format!("/api/v2/webhooks/deliveries?job={id}"),
    ] {
        let shown = house.get(&path).await.to_string();
        assert!(!shown.contains("hush-hush"), "{shown}");
    }
    let listed = house.get(&format!("/api/v2/webhooks/deliveries?job={id}")).await;
    assert!(
        listed[0]["url"].as_str().unwrap().ends_with("token=${secrets.KEY}"),
        "{listed}"
    );
}
