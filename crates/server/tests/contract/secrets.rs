//! Secrets: kept, listed without values, deleted.

use reqwest::Method;
use serde_json::{Value, json};

use crate::house::{House, files};

async fn put(house: &House, token: &str, body: &Value) -> (u16, Value) {
    let response = house.call(Method::PUT, "/api/v2/secrets", token, Some(body)).await;
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_secret_is_kept_and_never_shown() {
    let house = House::new().await;
    let value = "hush-4711-hush";
    let (status, made) = put(&house, &house.token, &json!({"name": "S3_KEY", "value": value})).await;
    assert_eq!((status, &made["name"]), (201, &json!("S3_KEY")));
    assert_eq!(made["id"].as_str().map(str::len), Some(26));
    assert!(made["createdAt"].as_str().unwrap().ends_with('Z'));
    let list = house.get("/api/v2/secrets").await;
    assert_eq!(list, json!([made]));
    assert!(!list.to_string().contains(value));

    // Nothing of it is on the disk as it is.
    for file in files(house.folder.path()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(
            !bytes.windows(value.len()).any(|part| part == value.as_bytes()),
            "{}",
            file.display()
        );
    }

    let path = format!("/api/v2/secrets/{}", made["id"].as_str().unwrap());
    let deleted = house.call(Method::DELETE, &path, &house.token, None).await;
    assert_eq!(
        (deleted.status().as_u16(), deleted.bytes().await.unwrap().len()),
        (200, 0)
    );
    assert_eq!(house.get("/api/v2/secrets").await, json!([]));
    let again = house.call(Method::DELETE, &path, &house.token, None).await;
    assert_eq!(again.status(), 404);
    assert_eq!(again.json::<Value>().await.unwrap()["code"], "SECRET_NOT_FOUND");
}

#[tokio::test]
async fn a_name_is_taken_once_in_a_team() {
    let house = House::new().await;
    let rival = house.rival().await;
    let body = json!({"name": "KEY", "value": "one"});
    assert_eq!(put(&house, &house.token, &body).await.0, 201);
    let (status, refused) = put(&house, &house.token, &json!({"name": "KEY", "value": "two"})).await;
    assert_eq!(status, 409);
    assert_eq!(refused["error"], "A secret with this name already exists in your team");
    assert_eq!(refused["code"], "SECRET_ALREADY_EXISTS");
    assert_eq!(
        put(&house, &rival, &body).await.0,
        201,
        "another team has names of its own"
    );
    let listed = house.get("/api/v2/secrets").await;
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    let path = format!("/api/v2/secrets/{}", listed[0]["id"].as_str().unwrap());
    assert_eq!(house.call(Method::DELETE, &path, &rival, None).await.status(), 404);
    assert_eq!(house.get("/api/v2/secrets").await, listed);
}

#[tokio::test]
async fn what_is_wrong_with_a_secret_is_told_without_its_value() {
    let house = House::new().await;
    for (body, fields) in [
        (json!({}), vec!["name", "value"]),
        (json!({"name": "a b", "value": 4711}), vec!["value", "name"]),
        (json!({"name": "KEY", "value": "hush".repeat(20_000)}), vec!["value"]),
        (json!("hush"), vec!["name", "value"]),
    ] {
        let (status, refused) = put(&house, &house.token, &body).await;
        assert_eq!((status, &refused["code"]), (400, &json!("VALIDATION_FAILED")));
        let told: Vec<_> = refused["details"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| d["field"].as_str().unwrap())
            .collect();
        assert_eq!(told, fields);
        let text = refused.to_string();
        assert!(!text.contains("hush") && !text.contains("4711"), "{text}");
    }
    assert_eq!(house.get("/api/v2/secrets").await, json!([]));
}
