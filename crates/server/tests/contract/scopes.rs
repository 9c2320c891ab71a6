//! What tokens may do: by scope, by kind, until they end.

use std::time::Duration;

use filmpress_queue::{NewToken, Scope};
use reqwest::Method;
use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::house::House;

#[tokio::test]
async fn each_scope_may_do_what_those_before_it_may_and_no_more() {
    let house = House::new().await;
    let template = house.template().await;
    let job = json!({"template": {"id": template, "composition": "Main"}});
    let (read, submit, admin) = (
        house.token_of("studio", Scope::Read).await,
        house.token_of("studio", Scope::Submit).await,
        house.token_of("studio", Scope::Admin).await,
    );
    let calls = [
        (Method::GET, "/api/v2/jobs", None, Scope::Read),
        (Method::GET, "/api/v2/templates", None, Scope::Read),
        (Method::GET, "/api/v2/team", None, Scope::Read),
        (Method::GET, "/api/v2/usage", None, Scope::Read),
        (Method::GET, "/api/v2/webhooks/deliveries", None, Scope::Read),
        (Method::POST, "/api/v2/jobs", Some(&job), Scope::Submit),
        (Method::GET, "/api/v2/tokens", None, Scope::Admin),
        (Method::GET, "/api/v2/users", None, Scope::Admin),
        (Method::GET, "/api/v2/audit", None, Scope::Admin),
        (Method::GET, "/api/v2/webhooks/secret", None, Scope::Admin),
        (Method::POST, "/api/v2/webhooks/secret/rotate", None, Scope::Admin),
    ];
    for (method, path, body, needed) in calls {
        for (scope, token) in [(Scope::Read, &read), (Scope::Submit, &submit), (Scope::Admin, &admin)] {
            let (status, answer) = house.by(token, method.clone(), path, body).await;
            if scope >= needed {
                assert!(
                    (200..300).contains(&status),
                    "{scope:?} {method} {path}: {status} {answer}"
                );
            } else {
                assert_eq!(
                    (status, &answer["code"]),
                    (403, &json!("SCOPE_TOO_SMALL")),
                    "{scope:?} {method} {path}"
                );
                let told = answer["error"].as_str().unwrap();
                assert!(told.contains(&format!("needs `{}`", needed.as_str())), "{told}");
            }
        }
    }
}

#[tokio::test]
async fn kinds_of_tokens_open_their_own_doors_only() {
    let house = House::new().await;
    let operator = house.operator().await;
    let (_, worker) = house.running.queue().create_token(&NewToken::worker()).await.unwrap();
    let status = async |token: &str, method: Method, path: &str| house.by(token, method, path, None).await.0;
    assert_eq!(status(&operator, Method::GET, "/api/admin/teams").await, 200);
    assert_eq!(status(&operator, Method::GET, "/api/v2/jobs").await, 401);
    assert_eq!(status(&house.token, Method::GET, "/api/admin/teams").await, 403);
    assert_eq!(status(worker.reveal(), Method::GET, "/api/admin/teams").await, 401);
    assert_eq!(status(worker.reveal(), Method::GET, "/api/v2/jobs").await, 401);
    let claim = json!({"worker": "w", "wait_seconds": 0});
    for (token, expected) in [
        (worker.reveal(), 204),
        (operator.as_str(), 401),
        (house.token.as_str(), 401),
    ] {
        let (status, _) = house.by(token, Method::POST, "/api/worker/claim", Some(&claim)).await;
        assert_eq!(status, expected);
    }
}

#[tokio::test]
async fn revoked_and_expired_tokens_are_no_good() {
    let house = House::new().await;
    let (status, made) = house
        .post("/api/v2/tokens", &json!({"scope": "read", "label": "board"}))
        .await;
    assert_eq!(status, 201, "{made}");
    let token = made["token"].as_str().unwrap();
    // Twice: the second time the server remembers who this is.
    for _ in 0..2 {
        assert_eq!(house.by(token, Method::GET, "/api/v2/jobs", None).await.0, 200);
    }
    let path = format!("/api/v2/tokens/{}", made["id"].as_str().unwrap());
    assert_eq!(house.by(&house.token, Method::DELETE, &path, None).await.0, 204);
    assert_eq!(
        house.by(token, Method::GET, "/api/v2/jobs", None).await.0,
        401,
        "at once"
    );
    assert_eq!(house.by(&house.token, Method::DELETE, &path, None).await.0, 404);

    let ended = NewToken {
        expires_at: Some(OffsetDateTime::now_utc() - Duration::from_secs(1)),
        ..NewToken::team("studio")
    };
    let (_, ended) = house.running.queue().create_token(&ended).await.unwrap();
    assert_eq!(house.by(ended.reveal(), Method::GET, "/api/v2/jobs", None).await.0, 401);
    let past = json!({"expiresAt": "2020-01-01", "scope": "root", "colour": 1});
    let (status, refused) = house.post("/api/v2/tokens", &past).await;
    assert_eq!(status, 400);
    let fields: Vec<_> = refused["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| &problem["field"])
        .collect();
    assert_eq!(
        fields,
        [&json!("scope"), &json!("expiresAt"), &json!("colour")],
        "{refused}"
    );
}

#[tokio::test]
async fn tokens_of_a_user_go_with_the_user() {
    let house = House::new().await;
    let (status, user) = house
        .post("/api/v2/users", &json!({"name": "ada", "scope": "submit"}))
        .await;
    assert_eq!(status, 201, "{user}");
    assert_eq!(house.post("/api/v2/users", &json!({"name": "ada"})).await.0, 409);
    assert_eq!(house.post("/api/v2/users", &json!({"name": " "})).await.0, 400);
    let (status, refused) = house
        .post("/api/v2/tokens", &json!({"user": user["id"], "scope": "admin"}))
        .await;
    assert_eq!(
        (status, &refused["details"][0]["field"]),
        (400, &json!("scope")),
        "more than the user's"
    );
    assert_eq!(house.post("/api/v2/tokens", &json!({"user": "nobody"})).await.0, 404);
    let (status, made) = house
        .post("/api/v2/tokens", &json!({"user": user["id"], "scope": "submit"}))
        .await;
    assert_eq!((status, &made["user"]), (201, &user["id"]), "{made}");
    let token = made["token"].as_str().unwrap();
    assert_eq!(house.by(token, Method::GET, "/api/v2/jobs", None).await.0, 200);
    let listed = house.get("/api/v2/users").await;
    assert_eq!(
        (&listed[0]["name"], &listed[0]["scope"]),
        (&json!("ada"), &json!("submit"))
    );
    let path = format!("/api/v2/users/{}", user["id"].as_str().unwrap());
    assert_eq!(house.by(&house.token, Method::DELETE, &path, None).await.0, 204);
    assert_eq!(house.by(token, Method::GET, "/api/v2/jobs", None).await.0, 401);
    assert_eq!(house.get("/api/v2/users").await, json!([]));
}

#[tokio::test]
async fn lists_and_logs_of_tokens_have_no_token_in_them() {
    let house = House::new().await;
    let (_, made) = house.post("/api/v2/tokens", &json!({"label": "board"})).await;
    let token = made["token"].as_str().unwrap();
    let listed = house.get("/api/v2/tokens").await;
    assert_eq!(listed.as_array().unwrap().len(), 2);
    let audit = house.get("/api/v2/audit").await;
    assert_eq!(
        (&audit[0]["action"], &audit[0]["object"]),
        (&json!("token.create"), &made["id"])
    );
    assert!(audit[0]["actor"].as_str().unwrap().starts_with("token:"), "{audit}");
    for text in [listed.to_string(), audit.to_string()] {
        assert!(!text.contains(token) && !text.contains(&house.token));
    }
    let older = house.get(&format!("/api/v2/audit?before={}", audit[0]["seq"])).await;
    assert_eq!(
        older.as_array().map(Vec::len),
        Some(audit.as_array().unwrap().len() - 1)
    );
    let (status, refused) = house
        .by(&house.token, Method::GET, "/api/v2/audit?limit=0&before=x", None)
        .await;
    assert_eq!((status, refused["details"].as_array().map(Vec::len)), (400, Some(2)));
    assert_eq!(Value::Null, refused["details"][2]);
}
