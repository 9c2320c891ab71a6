//! Templates: made, uploaded, read, replaced, fetched.

use reqwest::Method;
use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn a_template_goes_from_awaiting_upload_to_uploaded() {
    let house = House::new().await;
    let (status, made) = house
        .post("/api/v2/templates", &json!({"type": "aep", "displayName": "Card"}))
        .await;
    assert_eq!(status, 201);
    assert_eq!(
        (&made["status"], &made["type"], &made["displayName"]),
        (&json!("awaiting_upload"), &json!("aep"), &json!("Card"))
    );
    assert_eq!(made["error"], json!(null));
    assert_eq!(made["template"]["uploadInfo"], made["uploadInfo"]);
    assert_eq!(made["uploadUrl"], made["uploadInfo"]["url"]);
    let info = &made["uploadInfo"];
    assert_eq!(
        (&info["method"], &info["expiresIn"], &info["fields"]),
        (&json!("PUT"), &json!(3600), &json!({}))
    );
    let path = format!("/api/v2/templates/{}", made["id"].as_str().unwrap());

    // Clients of different ages send different headers, and no token.
    let url = info["url"].as_str().unwrap();
    let put = house
        .http
        .put(url)
        .header("x-amz-meta-custom", "1")
        .header("content-type", "application/octet-stream");
    assert_eq!(put.body("PROJECT Main").send().await.unwrap().status(), 200);
    let read = house.until(&path, |template| template["status"] == "uploaded").await;
    assert_eq!(
        (&read["compositions"], &read["layers"]),
        (&json!(["Main"]), &json!(["Title"]))
    );
    assert!(read.get("uploadInfo").is_none());
    assert_eq!(house.get("/api/v2/templates").await, json!([read]));
}

#[tokio::test]
async fn a_file_is_replaced_and_fetched_by_fresh_urls() {
    let house = House::new().await;
    let path = format!("/api/v2/templates/{}", house.template().await);
    let info = house
        .call(Method::PUT, &format!("{path}/upload"), &house.token, None)
        .await;
    let info: serde_json::Value = info.json().await.unwrap();
    assert_eq!(
        house.put(info["url"].as_str().unwrap(), "PROJECT Other").await.status(),
        200
    );
    house
        .until(&path, |template| template["compositions"] == json!(["Other"]))
        .await;
    let url = house.get(&format!("{path}/download")).await["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let fetched = house.http.get(&url).send().await.unwrap();
    assert_eq!(fetched.status(), 200);
    assert_eq!(fetched.text().await.unwrap(), "PROJECT Other");
    let files = walk(&house.folder.path().join("templates"));
    assert_eq!(files.len(), 1, "the old file is gone: {files:?}");
    std::fs::remove_file(&files[0]).unwrap();
    assert_eq!(
        house
            .call(Method::GET, &format!("{path}/download"), &house.token, None)
            .await
            .status(),
        410
    );
    assert_eq!(house.http.get(&url).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_why() {
    let house = House::new().await;
    for (file, error) in [("rubbish", "this is no zip"), ("PANIC", "stopped unexpectedly")] {
        let (_, made) = house
            .post("/api/v2/templates", &json!({"type": "zip", "displayName": "Card"}))
            .await;
        let id = made["id"].as_str().unwrap();
        house.put(made["uploadUrl"].as_str().unwrap(), file).await;
        let read = house
            .until(&format!("/api/v2/templates/{id}"), |template| {
                template["status"] == "error"
            })
            .await;
        assert!(read["error"].as_str().unwrap().contains(error), "{read}");
        let (status, refused) = house.post("/api/v2/jobs", &json!({"template": {"id": id}})).await;
        assert_eq!(
            (status.as_u16(), &refused["details"][0]["field"]),
            (400, &json!("template.id"))
        );
        assert!(
            refused["details"][0]["message"].as_str().unwrap().contains(error),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_new_template_is_told() {
    let house = House::new().await;
    let (status, refused) = house
        .post("/api/v2/templates", &json!({"type": "psd", "src": "https://h/a.aep"}))
        .await;
    assert_eq!((status.as_u16(), &refused["code"]), (400, &json!("VALIDATION_FAILED")));
    let fields: Vec<_> = refused["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|detail| detail["field"].clone())
        .collect();
    assert_eq!(fields, ["displayName", "type", "src"]);
    assert!(
        refused["details"][2]["message"]
            .as_str()
            .unwrap()
            .contains("not built yet")
    );
    assert_eq!(house.post("/api/v2/templates", &json!([1])).await.0, 400);
    assert_eq!(house.get("/api/v2/templates").await, json!([]));
}

#[tokio::test]
async fn upload_urls_are_good_for_what_they_were_made_for() {
    let house = House::new().await;
    let (_, made) = house
        .post("/api/v2/templates", &json!({"type": "aep", "displayName": "A"}))
        .await;
    let (_, other) = house
        .post("/api/v2/templates", &json!({"type": "aep", "displayName": "B"}))
        .await;
    let url = made["uploadUrl"].as_str().unwrap();
    let (id, other) = (made["id"].as_str().unwrap(), other["id"].as_str().unwrap());
    let bent = [
        url.replace(id, other),
        url.split('?').next().unwrap().to_owned(),
        url.replace("signature=", "signature=00"),
    ];
    for bent in bent {
        let refused = house.put(&bent, "PROJECT X").await;
        assert_eq!(refused.status(), 403, "{bent}");
        assert_eq!(
            refused.json::<serde_json::Value>().await.unwrap()["code"],
            "SIGNATURE_INVALID"
        );
    }
    assert_eq!(house.put(url, "").await.status(), 400, "an empty file is none");
    let path = format!("/api/v2/templates/{id}");
    assert_eq!(house.get(&path).await["status"], "awaiting_upload");
    assert_eq!(
        house
            .call(Method::GET, &format!("{path}/download"), &house.token, None)
            .await
            .status(),
        404
    );
    let (status, refused) = house.post("/api/v2/jobs", &json!({"template": {"id": id}})).await;
    assert_eq!(status, 400, "{refused}");
    assert!(refused["error"].as_str().unwrap().contains("has no file yet"));
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path) } else { vec![path] }
        })
        .collect()
}
