//! What `POST /jobs` makes of a body: names, uploads, warnings, children, and the same answer twice.

use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{fields, nested};
use crate::house::House;

#[tokio::test]
async fn an_output_has_the_name_asked_for_and_a_poster_beside_it() {
    let house = House::new().await;
    let body = house.body(&json!({"outputName": "spring-sale", "poster": true})).await;
    let job = house.accepted("/api/v2/jobs", &body).await;
    let id = job["id"].as_str().unwrap();
    let (output, poster) = (job["outputUrl"].as_str().unwrap(), job["posterUrl"].as_str().unwrap());
    assert!(output.ends_with(&format!("/{id}.spring-sale.mp4")), "{output}");
    assert!(poster.ends_with(&format!("/{id}.poster.jpg")), "{poster}");
    let claim = house.claim().await.unwrap();
    assert_eq!(claim.output.file_name, "spring-sale.mp4");
    house.render(&claim, "film").await;
    let film = house.http.get(output).send().await.unwrap();
    assert_eq!(
        (film.status().as_u16(), film.text().await.unwrap().as_str()),
        (200, "film")
    );
}

#[tokio::test]
async fn an_upload_goes_to_the_clients_own_store() {
    let house = House::new().await;
    let upload = json!({"provider": "s3", "prefix": "renders/42", "outputUrl": "https://cdn.example/media",
        "params": {"region": "auto", "bucket": "films", "accessKeyId": "id", "accessKeySecret": "secret"}});
    let body = house.body(&json!({"upload": upload})).await;
    let job = house.accepted("/api/v2/jobs", &body).await;
    let id = job["id"].as_str().unwrap();
    assert_eq!(
        job["outputUrl"],
        format!("https://cdn.example/media/renders/42/{id}.mp4")
    );
    assert!(
        !job.to_string().contains("accessKey"),
        "an answer has no credentials: {job}"
    );
    let claim = house.claim().await.unwrap();
    assert_eq!(claim.payload.upload().unwrap().params.access_key_secret, "secret");

    let bad = json!({"upload": {"provider": "gs", "prefix": "../x", "colour": 1,
        "params": {"bucket": "a b", "endpoint": "host", "region": "r", "accessKeyId": ""}}});
    let (status, refused) = house.post("/api/v2/jobs", &house.body(&bad).await).await;
    assert_eq!(status, 400);
    assert_eq!(
        fields(&refused),
        [
            "upload.colour",
            "upload.provider",
            "upload.params.endpoint",
            "upload.prefix",
            "upload.params.bucket",
            "upload.params.accessKeyId",
            "upload.params.accessKeySecret"
        ]
    );
}

#[tokio::test]
async fn every_codec_of_the_contract_is_taken() {
    let house = House::new().await;
    let template = house.template().await;
    for (codec, extension) in [
        ("video_h264_cbr_1mbps", "mp4"),
        ("video_h264_vbr_40mbps", "mp4"),
        ("video_prores_422", "mov"),
        ("video_prores_4444", "mov"),
        ("image_png", "png"),
        ("image_jpeg", "jpg"),
    ] {
        let mut settings = json!({"codec": codec});
        if codec.starts_with("image") {
            settings["frames"] = json!(0);
        }
        let job = house
            .accepted(
                "/api/v2/jobs",
                &json!({"template": {"id": template}, "settings": settings}),
            )
            .await;
        assert!(
            job["outputUrl"].as_str().unwrap().ends_with(extension),
            "{codec}: {job}"
        );
    }
    let aep = json!({"template": {"id": template}, "settings": {"type": "aep"}});
    let (status, refused) = house.post("/api/v2/jobs", &aep).await;
    assert_eq!((status.as_u16(), fields(&refused)), (400, vec!["settings.type"]));
}

#[tokio::test]
async fn what_is_known_to_go_wrong_is_a_warning_or_with_strict_a_refusal() {
    let house = House::new().await;
    let assets = json!([{"type": "text", "layerName": "Titel", "value": "v"}, {"type": "text", "layerName": "Title", "value": "v"}]);
    let mut body = house.body(&json!({"assets": assets})).await;
    body["template"]["composition"] = json!("Mian");
    let job = house.accepted("/api/v2/jobs", &body).await;
    let warnings = job["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(warnings[0].as_str().unwrap().contains("did you mean `Main`?"));
    assert!(
        warnings[1].as_str().unwrap().starts_with(
            "assets[0].layerName: nexrender: Couldn't find any layers by provided name (Titel) inside a composition: *"
        ),
        "{warnings:?}"
    );
    body["strict"] = json!(true);
    let (status, refused) = house.post("/api/v2/jobs", &body).await;
    assert_eq!((status.as_u16(), &refused["code"]), (400, &json!("PREFLIGHT_FAILED")));
    assert_eq!(fields(&refused), ["template.composition", "assets[0].layerName"]);
}

#[tokio::test]
async fn a_job_can_be_checked_without_making_it() {
    let house = House::new().await;
    let good = house.body(&json!({})).await;
    let (status, answer) = house.post("/api/v2/jobs/validate", &good).await;
    assert_eq!(
        (status.as_u16(), answer),
        (200, json!({"valid": true, "problems": [], "missingFonts": []}))
    );
    let mut wrong = good.clone();
    wrong["assets"] = json!([{"type": "text", "layerName": "Nobody", "value": "v"}]);
    let (_, answer) = house.post("/api/v2/jobs/validate", &wrong).await;
    let problem = &answer["problems"][0];
    assert_eq!(
        (
            &answer["valid"],
            &problem["field"],
            &problem["code"],
            &problem["severity"]
        ),
        (
            &json!(false),
            &json!("assets[0].layerName"),
            &json!("LAYER_NOT_FOUND"),
            &json!("error")
        )
    );
    let (status, answer) = house
        .post("/api/v2/jobs/validate", &json!({"template": {}, "priority": "high"}))
        .await;
    let codes: Vec<_> = answer["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["code"].clone())
        .collect();
    assert_eq!((status.as_u16(), codes), (200, vec![json!("VALIDATION_FAILED"); 2]));
    let unknown = json!({"template": {"id": crate::desk::NOBODY}});
    let (_, answer) = house.post("/api/v2/jobs/validate", &unknown).await;
    assert_eq!(answer["problems"][0]["field"], "template.id");
    assert_eq!(house.get("/api/v2/jobs").await, json!([]), "none was made");
    let broken = house
        .http
        .post(house.url("/api/v2/jobs/validate"))
        .bearer_auth(&house.token)
        .body("{");
    assert_eq!(broken.send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_secret_that_is_not_there_refuses_the_job() {
    let house = House::new().await;
    let assets = json!([{"type": "text", "layerName": "Title", "value": "${secrets.NOBODY}"}]);
    let webhook = json!({"url": "https://h.example/", "headers": {"X": "${secret.NOBODY}"}});
    let body = house.body(&json!({"assets": assets, "webhook": webhook})).await;
    let (status, refused) = house.post("/api/v2/jobs", &body).await;
    assert_eq!(
        (status.as_u16(), fields(&refused)),
        (400, vec!["assets[0].value", "webhook.headers.X"])
    );
    let place = json!({"template": {"id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "composition": "${secrets.A}"}});
    let (_, refused) = house.post("/api/v2/jobs", &place).await;
    assert_eq!(fields(&refused), ["template.composition"]);
}

#[tokio::test]
async fn nested_jobs_are_made_with_their_parent_and_done_before_it() {
    let house = House::new().await;
    let inner = json!(house.template().await);
    let assets = json!([
        nested(
            &inner,
            &json!({"assets": [{"type": "text", "layerName": "Title", "value": "v"}]})
        ),
        nested(&inner, &json!({"settings": {"type": "image", "frames": 0}}))
    ]);
    let body = house.body(&json!({"assets": assets})).await;
    let parent = house.accepted("/api/v2/jobs", &body).await;
    assert_eq!(parent["status"], "pending");
    let children = parent["children"].as_array().unwrap();
    assert_eq!(children.len(), 2);
    assert!(children.iter().all(|child| child["status"] == "queued"));
    assert_eq!(extension(&children[0]["outputUrl"]), Some("mp4"));
    assert_eq!(extension(&children[1]["outputUrl"]), Some("png"));
    for _ in 0..2 {
        assert_eq!(house.status(&parent["id"]).await, "pending");
        let claim = house.claim().await.unwrap();
        assert_ne!(json!(claim.job_id), parent["id"]);
        house.render(&claim, "clip").await;
    }
    let claim = house.claim().await.unwrap();
    assert_eq!(json!(claim.job_id), parent["id"]);
    let child = house
        .get(&format!("/api/v2/jobs/{}", children[0]["id"].as_str().unwrap()))
        .await;
    assert_eq!(
        (&child["status"], &child["parentId"]),
        (&json!("finished"), &parent["id"])
    );

    let mut unknown = body.clone();
    unknown["assets"][1]["template"]["id"] = json!(crate::desk::NOBODY);
    assert_eq!(
        house.refused(Method::POST, "/api/v2/jobs", Some(&unknown)).await,
        (404, "TEMPLATE_NOT_FOUND".into())
    );
}

#[tokio::test]
async fn clips_are_joined() {
    let house = House::new().await;
    let template = json!(house.template().await);
    let clip = json!({"type": "job", "template": {"id": template, "composition": "Main"}});
    let film = json!({"type": "video", "src": "https://example.org/a.mp4"});
    let body = json!({"assets": [clip, film], "settings": {"preset": "mp4"}, "tags": "a"});
    let join = house.accepted("/api/v2/jobs/join", &body).await;
    assert_eq!(
        (&join["status"], &join["templateId"]),
        (&json!("pending"), &json!(null))
    );
    assert_eq!(join["children"].as_array().unwrap().len(), 1);
    assert_eq!(extension(&join["outputUrl"]), Some("mp4"));
    let plain = house.accepted("/api/v2/jobs/join", &json!({"assets": [film]})).await;
    assert_eq!(plain["status"], "queued", "nothing to wait for");

    let (status, refused) = house
        .post("/api/v2/jobs/join", &json!({"assets": [], "settings": {"x": 1}}))
        .await;
    assert_eq!((status.as_u16(), fields(&refused)), (400, vec!["assets", "settings.x"]));
    let mut unknown = body;
    unknown["assets"][0]["template"]["id"] = json!(crate::desk::NOBODY);
    assert_eq!(
        house.refused(Method::POST, "/api/v2/jobs/join", Some(&unknown)).await,
        (404, "TEMPLATE_NOT_FOUND".into())
    );
}

#[tokio::test]
async fn the_same_request_twice_makes_one_job() {
    let house = House::new().await;
    let body = house.body(&json!({"tags": ["a"]})).await;
    let send = async |path: &str, key: &str, body: &Value| {
        let request = house.http.post(house.url(path)).bearer_auth(&house.token);
        let response = request.header("idempotency-key", key).json(body).send().await.unwrap();
        let replayed = response.headers().contains_key("idempotent-replayed");
        (
            response.status().as_u16(),
            replayed,
            response.json::<Value>().await.unwrap(),
        )
    };
    let first = send("/api/v2/jobs", "K-1", &body).await;
    let again = send("/api/v2/jobs", "K-1", &body).await;
    assert_eq!((first.0, first.1, again.0, again.1), (201, false, 201, true));
    assert_eq!(first.2["id"], again.2["id"]);
    assert_ne!(send("/api/v2/jobs", "K-2", &body).await.2["id"], first.2["id"]);
    let mut other = body.clone();
    other["priority"] = json!(1);
    let conflict = send("/api/v2/jobs", "K-1", &other).await;
    assert_eq!((conflict.0, &conflict.2["code"]), (409, &json!("IDEMPOTENCY_CONFLICT")));
    let elsewhere = send(
        "/api/v2/jobs/join",
        "K-1",
        &json!({"assets": [{"type": "video", "src": "https://h/a.mp4"}]}),
    )
    .await;
    assert_eq!(elsewhere.0, 409);
    let bad = send("/api/v2/jobs", "a b", &body).await;
    assert_eq!((bad.0, fields(&bad.2)), (400, vec!["Idempotency-Key"]));
    assert_eq!(house.get("/api/v2/jobs").await.as_array().unwrap().len(), 2);
}

/// What the address of an output ends with.
fn extension(url: &Value) -> Option<&str> {
    url.as_str()?.rsplit_once('.').map(|(_, extension)| extension)
}
