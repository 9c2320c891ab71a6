//! `/api/v3`: what is in templates, in pages.

use reqwest::Method;
use serde_json::{Value, json};

use crate::house::House;

#[tokio::test]
async fn templates_are_listed_without_what_is_in_them() {
    let house = House::new().await;
    let id = house.template().await;
    let one = house.get(&format!("/api/v3/templates/{id}")).await;
    let mut keys: Vec<_> = one.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        ["createdAt", "displayName", "error", "id", "status", "type", "updatedAt"]
    );
    assert_eq!((&one["id"], &one["status"]), (&json!(id), &json!("uploaded")));
    assert_eq!(house.get("/api/v3/templates").await, json!([one]));
}

#[tokio::test]
async fn compositions_and_layers_have_every_key() {
    let house = House::new().await;
    let path = format!("/api/v3/templates/{}", house.template().await);
    let compositions = house.get(&format!("{path}/compositions")).await;
    assert_eq!(
        compositions,
        json!([{"aeid": "1", "name": "Main", "width": 1920, "height": 1080, "duration": 5.0, "frame_rate": 25.0,
            "data": {}}])
    );
    let layers = house.get(&format!("{path}/layers")).await;
    assert_eq!(
        layers,
        json!([{"composition_id": 1, "aeid": 2, "name": "Title", "left": 0.0, "top": 0.0, "width": 100.0, "height": 50.0,
            "start_time": 0.0, "in_point": 0.0, "out_point": 5.0, "layer_type": "text", "source_type": null,
            "source_comp_id": null, "parent_id": null, "data": {"index": 1}}])
    );
}

#[tokio::test]
async fn layers_come_in_pages() {
    let house = House::new().await;
    let id = house.template_of("PROJECT Main 1200").await;
    let path = format!("/api/v3/templates/{id}/layers");
    let indices = |list: Value| -> Vec<u64> {
        list.as_array()
            .unwrap()
            .iter()
            .map(|layer| layer["data"]["index"].as_u64().unwrap())
            .collect()
    };
    let page = async |query: &str| indices(house.get(&format!("{path}{query}")).await);
    assert_eq!(page("").await, (1..=300).collect::<Vec<_>>());
    assert_eq!(page("?limit=2&offset=1198").await, [1199, 1200]);
    assert_eq!(page("?limit=5000").await.len(), 1000, "capped without a word");
    assert_eq!(page("?limit=99999999999999999999999").await.len(), 1000);
    assert_eq!(page("?offset=1200").await, [] as [u64; 0]);
    let compositions = house
        .get(&format!("/api/v3/templates/{id}/compositions?limit=1&offset=1"))
        .await;
    assert_eq!(compositions, json!([]));
    for list in ["layers", "compositions"] {
        for (query, fields) in [
            ("limit=0", vec!["limit"]),
            ("limit=x&offset=-1", vec!["limit", "offset"]),
            ("offset=1.5", vec!["offset"]),
            ("limit=", vec!["limit"]),
        ] {
            let path = format!("/api/v3/templates/{id}/{list}?{query}");
            let refused = house.call(Method::GET, &path, &house.token, None).await;
            assert_eq!(refused.status(), 400, "{path}");
            let refused: Value = refused.json().await.unwrap();
            let told: Vec<_> = refused["details"]
                .as_array()
                .unwrap()
                .iter()
                .map(|d| d["field"].clone())
                .collect();
            assert_eq!(told, fields, "{path}");
        }
    }
}

#[tokio::test]
async fn what_is_no_id_is_told_from_what_is_not_there() {
    let house = House::new().await;
    let rival = house.rival().await;
    let id = house.template().await;
    for rest in ["", "/compositions", "/layers"] {
        for (given, token, status, code) in [
            ("01ARZ3NDEKTSV4RRFFQ69G5FAV", &house.token, 404, "TEMPLATE_NOT_FOUND"),
            ("01arz3ndektsv4rrffq69g5fav", &house.token, 400, "VALIDATION_FAILED"),
            ("X", &house.token, 400, "VALIDATION_FAILED"),
            (&id, &rival, 404, "TEMPLATE_NOT_FOUND"),
        ] {
            let path = format!("/api/v3/templates/{given}{rest}");
            let refused = house.call(Method::GET, &path, token, None).await;
            assert_eq!(refused.status(), status, "{path}");
            assert_eq!(refused.json::<Value>().await.unwrap()["code"], code, "{path}");
        }
        let path = format!("/api/v3/templates/{id}{rest}");
        assert_eq!(house.call(Method::GET, &path, "wrong", None).await.status(), 401);
    }
    let list: Value = house
        .call(Method::GET, "/api/v3/templates", &rival, None)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(list, json!([]));
}

#[tokio::test]
async fn a_template_without_a_file_has_nothing_in_it() {
    let house = House::new().await;
    let (_, made) = house
        .post("/api/v2/templates", &json!({"type": "aep", "displayName": "A"}))
        .await;
    let path = format!("/api/v3/templates/{}", made["id"].as_str().unwrap());
    assert_eq!(house.get(&path).await["status"], "awaiting_upload");
    assert_eq!(house.get(&format!("{path}/layers")).await, json!([]));
    assert_eq!(house.get(&format!("{path}/compositions")).await, json!([]));
}
