//! Templates: made, uploaded, read, replaced, fetched.

use reqwest::Method;
use serde_json::json;

use crate::house::{House, files};

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
    let left = files(&house.folder.path().join("templates"));
    assert_eq!(left.len(), 1, "the old file is gone: {left:?}");
    std::fs::remove_file(&left[0]).unwrap();
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
    for (body, fields) in [
        (
            json!({"type": "psd", "src": "nowhere"}),
            vec!["type", "displayName", "src"],
        ),
        (json!({"type": 1, "displayName": " "}), vec!["type", "displayName"]),
        (
            json!({"type": "aep", "displayName": "x".repeat(201)}),
            vec!["displayName"],
        ),
        (json!([1]), vec!["type", "displayName"]),
    ] {
        let (status, refused) = house.post("/api/v2/templates", &body).await;
        assert_eq!((status.as_u16(), &refused["code"]), (400, &json!("VALIDATION_FAILED")));
        let told: Vec<_> = refused["details"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| d["field"].clone())
            .collect();
        assert_eq!(told, fields, "{refused}");
    }
    assert_eq!(house.get("/api/v2/templates").await, json!([]));
}

#[tokio::test]
async fn a_template_is_renamed() {
    let house = House::new().await;
    let path = format!("/api/v2/templates/{}", house.template().await);
    let before = house.get(&path).await;
    let patch = async |token: &str, body: serde_json::Value| {
        let response = house.call(Method::PATCH, &path, token, Some(&body)).await;
        (
            response.status().as_u16(),
            response.json::<serde_json::Value>().await.unwrap(),
        )
    };
    let (status, renamed) = patch(&house.token, json!({"displayName": "Card, blue", "status": "error"})).await;
    assert_eq!((status, &renamed["displayName"]), (200, &json!("Card, blue")));
    assert_eq!(
        (&renamed["status"], &renamed["layers"]),
        (&before["status"], &before["layers"])
    );
    assert_eq!(house.get(&path).await, renamed);
    for bad in [
        json!({}),
        json!({"displayName": ""}),
        json!({"displayName": 7}),
        json!({"displayName": "x".repeat(201)}),
    ] {
        let (status, refused) = patch(&house.token, bad).await;
        assert_eq!((status, &refused["details"][0]["field"]), (400, &json!("displayName")));
    }
    assert_eq!(patch(&house.rival().await, json!({"displayName": "Mine"})).await.0, 404);
    assert_eq!(house.get(&path).await["displayName"], "Card, blue");
}

#[tokio::test]
async fn a_template_is_deleted_once_no_job_needs_it() {
    let house = House::new().await;
    let job = house.job(json!({})).await;
    let id = house.get("/api/v2/templates").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/api/v2/templates/{id}");
    let delete = async |token: &str| house.call(Method::DELETE, &path, token, None).await;
    let refused = delete(&house.token).await;
    assert_eq!(refused.status(), 409);
    let refused: serde_json::Value = refused.json().await.unwrap();
    assert_eq!(refused["code"], "IN_USE", "{refused}");
    assert!(refused["error"].as_str().unwrap().contains(&id));
    assert_eq!(delete(&house.rival().await).await.status(), 404);
    let claim = house.claim().await.unwrap();
    house.render(&claim, "film").await;

    let deleted = delete(&house.token).await;
    assert_eq!(
        (deleted.status().as_u16(), deleted.bytes().await.unwrap().len()),
        (204, 0)
    );
    assert_eq!(delete(&house.token).await.status(), 404);
    assert_eq!(house.get("/api/v2/templates").await, json!([]));
    assert_eq!(
        files(&house.folder.path().join("templates")).len(),
        0,
        "the file is gone"
    );
    let job = house.get(&format!("/api/v2/jobs/{job}")).await;
    assert_eq!(job["status"], "finished");
    let film = house.http.get(job["outputUrl"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(film.text().await.unwrap(), "film", "what it made stays");
    let late = json!({"template": {"id": id, "composition": "Main"}});
    let (status, refused) = house.post("/api/v2/jobs", &late).await;
    assert_eq!((status.as_u16(), &refused["code"]), (404, &json!("TEMPLATE_NOT_FOUND")));
}

#[tokio::test]
async fn the_same_file_is_kept_once_and_as_long_as_it_is_needed() {
    let house = House::new().await;
    let (first, second) = (house.template().await, house.template().await);
    let folder = house.folder.path().join("templates");
    assert_eq!(files(&folder).len(), 1);
    let delete = async |id: &str| {
        house
            .call(Method::DELETE, &format!("/api/v2/templates/{id}"), &house.token, None)
            .await
    };
    assert_eq!(delete(&first).await.status(), 204);
    let url = house.get(&format!("/api/v2/templates/{second}/download")).await["url"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        house.http.get(url).send().await.unwrap().text().await.unwrap(),
        "PROJECT Main"
    );
    assert_eq!(delete(&second).await.status(), 204);
    assert_eq!(files(&folder).len(), 0);
}

#[tokio::test]
async fn the_older_path_gives_the_download_too() {
    let house = House::new().await;
    let path = format!("/api/v2/templates/{}", house.template().await);
    let answer = house.get(&format!("{path}/upload")).await;
    let file = house.http.get(answer["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(file.headers()["content-disposition"], "attachment");
    assert_eq!(file.text().await.unwrap(), "PROJECT Main");
    for stored in files(&house.folder.path().join("templates")) {
        std::fs::remove_file(stored).unwrap();
    }
    for path in [format!("{path}/upload"), format!("{path}/download")] {
        let gone = house.call(Method::GET, &path, &house.token, None).await;
        assert_eq!(gone.status(), 410, "{path}");
        assert_eq!(gone.json::<serde_json::Value>().await.unwrap()["code"], "GONE");
        assert_eq!(
            house
                .call(Method::GET, &path, &house.rival().await, None)
                .await
                .status(),
            404
        );
    }
    assert_eq!(
        house
            .call(Method::GET, "/api/v2/templates/X/upload", &house.token, None)
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn a_motion_graphics_template_names_its_controls() {
    let house = House::new().await;
    let (_, made) = house
        .post(
            "/api/v2/templates",
            &json!({"type": "mogrt", "displayName": "Lower third"}),
        )
        .await;
    assert_eq!(
        house
            .put(made["uploadUrl"].as_str().unwrap(), "PROJECT Panel")
            .await
            .status(),
        200
    );
    let path = format!("/api/v2/templates/{}", made["id"].as_str().unwrap());
    let read = house.until(&path, |template| template["status"] == "uploaded").await;
    assert_eq!(read["mogrt"], json!({"controls": ["Headline"]}));
    assert_eq!(read["warnings"], json!(["Panel: drawn in a simpler way"]));
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
