//! A job from POST to film, and the lists it appears in.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::house::House;

#[tokio::test]
async fn a_job_goes_from_queued_to_its_film() {
    let house = House::new().await;
    let template = house.template().await;
    let asset = json!({"type": "text", "layerName": "Title", "value": "Ada"});
    let body = json!({"template": {"id": template, "composition": "Main"}, "assets": [asset], "campaign": 7});
    let (status, job) = house.post("/api/v2/jobs", &body).await;
    assert_eq!(status, 201);
    let id = job["id"].as_str().unwrap();
    assert_eq!(
        (&job["status"], &job["progress"], &job["templateId"]),
        (&json!("queued"), &json!(0.0), &json!(template))
    );
    let stats = job["stats"].as_object().unwrap();
    let mut keys: Vec<_> = stats.keys().map(String::as_str).collect();
    keys.sort_unstable();
    let mut all = [
        "createdAt",
        "updatedAt",
        "startedAt",
        "finishedAt",
        "errorAt",
        "totalAssets",
        "renderDuration",
        "error",
    ];
    all.sort_unstable();
    assert_eq!(keys, all);
    assert_eq!((&stats["totalAssets"], &stats["startedAt"]), (&json!(1), &json!(null)));
    let output = job["outputUrl"].as_str().unwrap().to_owned();
    assert!(output.ends_with(&format!("/{id}.mp4")), "{output}");
    assert_eq!(
        house.http.get(&output).send().await.unwrap().status(),
        404,
        "not there before it is finished"
    );

    let claim = house.claim().await.unwrap();
    assert_eq!((claim.job_id.as_str(), claim.attempt, claim.lease_seconds), (id, 1, 60));
    let template = claim.template.as_ref().unwrap();
    assert_eq!(claim.payload.assets(), [asset]);
    assert_eq!(claim.payload.render().unwrap().extra["campaign"], 7);
    assert_eq!(
        (template.kind.as_deref(), claim.output.extension.as_str()),
        (Some("aep"), "mp4")
    );
    let file = house
        .http
        .get(&template.url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(file, "PROJECT Main");
    assert_eq!(template.sha256.as_ref().map(String::len), Some(64));
    assert_eq!(template.file_name.rsplit('.').next(), Some("aep"));

    let path = format!("/api/v2/jobs/{id}");
    for progress in [10.0, 55.5] {
        let beat = json!({"attempt": 1, "phase": "render", "progress": progress});
        let answer: Value = house
            .worker(&format!("/jobs/{id}/heartbeat"), &beat)
            .await
            .json()
            .await
            .unwrap();
        assert_eq!(answer, json!({"cancel": false}));
        let job = house.get(&path).await;
        assert_eq!(
            (&job["status"], &job["progress"]),
            (&json!("render:dorender"), &json!(progress))
        );
        assert!(job["stats"]["startedAt"].is_string());
    }
    assert_eq!(house.http.get(&output).send().await.unwrap().status(), 404);
    house.render(&claim, "0123456789").await;
    let job = house.get(&path).await;
    assert_eq!(
        (&job["status"], &job["progress"], &job["outputUrl"]),
        (&json!("finished"), &json!(100.0), &json!(output))
    );
    assert_eq!(
        (&job["stats"]["renderDuration"], &job["stats"]["error"]),
        (&json!(1.25), &json!(null))
    );
    assert_eq!(
        (&job["missingFonts"], &job["warnings"]),
        (&json!(["Soleil"]), &json!(["Main > Glow: unsupported"]))
    );
    assert!(job["stats"]["finishedAt"].is_string());
    let log = house
        .call(Method::GET, &format!("{path}/logs"), &house.token, None)
        .await;
    assert!(
        log.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain")
    );
    assert_eq!(
        log.headers()["content-disposition"],
        format!("inline; filename=\"{id}.log\"")
    );
    assert!(log.text().await.unwrap().contains("drew 3 frames"));
}

#[tokio::test]
async fn a_film_is_served_whole_and_in_ranges() {
    let house = House::new().await;
    let id = house.job(json!({})).await;
    house.render(&house.claim().await.unwrap(), "0123456789").await;
    let output = house.get(&format!("/api/v2/jobs/{id}")).await["outputUrl"]
        .as_str()
        .unwrap()
        .to_owned();
    let whole = house.http.get(&output).send().await.unwrap();
    let header = |name: &str| whole.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(
        (header("content-type"), header("accept-ranges")),
        ("video/mp4".into(), "bytes".into())
    );
    assert_eq!(
        (header("x-content-type-options"), header("content-length")),
        ("nosniff".into(), "10".into())
    );
    assert_eq!(whole.text().await.unwrap(), "0123456789");
    let part = house
        .http
        .get(&output)
        .header("range", "bytes=2-4")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (
            part.status().as_u16(),
            part.headers()["content-range"].to_str().unwrap()
        ),
        (206, "bytes 2-4/10")
    );
    assert_eq!(part.text().await.unwrap(), "234");
    assert_eq!(
        house
            .http
            .get(&output)
            .header("range", "bytes=20-")
            .send()
            .await
            .unwrap()
            .status(),
        416
    );
    assert_eq!(house.http.head(&output).send().await.unwrap().status(), 200);
    let (front, name) = output.rsplit_once('/').unwrap();
    let bent = format!("{}0/{name}", &front[..front.len() - 1]);
    if bent != output {
        assert_eq!(house.http.get(&bent).send().await.unwrap().status(), 404);
    }
    assert_eq!(
        house
            .http
            .get(format!("{front}/other.mp4"))
            .send()
            .await
            .unwrap()
            .status(),
        404
    );
}

#[tokio::test]
async fn a_failure_is_told_with_its_text_and_code() {
    let house = House::new().await;
    let id = house.job(json!({})).await;
    let claim = house.claim().await.unwrap();
    let text =
        "nexrender: Couldn't find any layers by provided name (X) inside a composition: *; layers there: `Title`";
    let error =
        json!({"code": "LAYER_NOT_FOUND", "phase": "prepare", "message": text, "retryable": false, "hint": "look"});
    let fail = json!({"attempt": claim.attempt, "error": error, "log": "tried"});
    assert_eq!(house.worker(&format!("/jobs/{id}/fail"), &fail).await.status(), 204);
    let job = house.get(&format!("/api/v2/jobs/{id}")).await;
    assert_eq!(
        (&job["status"], &job["stats"]["error"]),
        (&json!("error"), &json!(text))
    );
    assert_eq!(
        (&job["error"]["code"], &job["error"]["hint"]),
        (&json!("LAYER_NOT_FOUND"), &json!("look"))
    );
    assert!(job["stats"]["errorAt"].is_string() && job["stats"]["finishedAt"].is_null());
    assert!(house.claim().await.is_none());
}

#[tokio::test]
async fn a_worker_waits_for_a_job_and_gets_it_at_once() {
    let house = House::new().await;
    let template = house.template().await;
    let begun = Instant::now();
    let request = json!({"worker": "1", "wait_seconds": 30});
    let body = json!({"template": {"id": template}});
    let (claim, posted) = tokio::join!(house.worker("/claim", &request), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        house.post("/api/v2/jobs", &body).await
    });
    assert_eq!((claim.status().as_u16(), posted.0.as_u16()), (200, 201));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_stale_worker_is_refused_everywhere() {
    let house = House::new().await;
    let id = house.job(json!({})).await;
    let claim = house.claim().await.unwrap();
    let stale = json!({"attempt": 2, "phase": "render", "progress": 1.0, "render_duration": 1.0,
        "error": {"code": "INTERNAL", "phase": "render", "message": "m", "retryable": true}});
    for verb in ["heartbeat", "finish", "fail"] {
        let refused = house.worker(&format!("/jobs/{id}/{verb}"), &stale).await;
        assert_eq!(refused.status(), 409, "{verb}");
        assert_eq!(refused.json::<Value>().await.unwrap()["code"], "STALE_ATTEMPT");
    }
    let early = json!({"attempt": 1, "render_duration": 1.0});
    assert_eq!(
        house.worker(&format!("/jobs/{id}/finish"), &early).await.status(),
        400,
        "no output was put"
    );
    house.render(&claim, "film").await;
    assert_eq!(
        house.put(&claim.output.put_url, "other film").await.status(),
        409,
        "what is finished stays"
    );
    assert_eq!(
        house.worker(&format!("/jobs/{id}/finish"), &early).await.status(),
        204,
        "said twice, meant once"
    );
    assert_eq!(house.worker("/jobs/NOPE/heartbeat", &stale).await.status(), 404);
}

#[tokio::test]
async fn lists_take_every_filter() {
    let house = House::new().await;
    let first = house.job(json!({"tags": "spring"})).await;
    let second = house.job(json!({"tags": ["summer", "hot"], "priority": 3})).await;
    house.render(&house.claim().await.unwrap(), "film").await;
    let order = [first, second];
    let found = async |query: &str| -> Vec<usize> {
        let list = house.get(&format!("/api/v2/jobs{query}")).await;
        let ids = list.as_array().unwrap().iter().map(|job| job["id"].as_str().unwrap());
        ids.map(|id| order.iter().position(|known| known == id).unwrap())
            .collect()
    };
    assert_eq!(found("").await, [0, 1]);
    assert_eq!(found("?sort=newest_first&limit=1").await, [1]);
    assert_eq!(found("?sort=priority").await, [1, 0]);
    assert_eq!(found("?sort=random").await.len(), 2);
    assert_eq!(found("?from=1").await, [1]);
    assert_eq!(
        found("?states=finished,error").await,
        [1],
        "the urgent one was drawn first"
    );
    assert_eq!(found("?exclude_states=finished").await, [0]);
    assert_eq!(found("?tags=hot,cold").await, [1]);
    assert!(
        found("?from_date=2000-01-01T00:00:00Z&to_date=2001-01-01")
            .await
            .is_empty()
    );
    let minimal = house.get("/api/v2/jobs?minimal=true").await;
    assert!(minimal[0].get("stats").is_none() && minimal[0]["status"] == "queued");
    let bad = house
        .call(Method::GET, "/api/v2/jobs?limit=0&from_date=soon", &house.token, None)
        .await;
    assert_eq!(bad.status(), 400);
    assert_eq!(
        bad.json::<Value>().await.unwrap()["details"].as_array().unwrap().len(),
        2
    );
}

#[tokio::test]
async fn a_job_may_bring_its_own_template() {
    let house = House::new().await;
    let body = json!({"template": {"id": "PLACEHOLDER", "src": "https://example.org/a/card%20x.aep?v=2"}});
    let (status, job) = house.post("/api/v2/jobs", &body).await;
    assert_eq!((status.as_u16(), &job["templateId"]), (201, &json!(null)));
    let template = house.claim().await.unwrap().template.unwrap();
    assert_eq!(
        (template.url.as_str(), template.kind),
        ("https://example.org/a/card%20x.aep?v=2", None)
    );
    assert_eq!(template.file_name, "template-card20x.aep");
}

#[tokio::test]
async fn clients_are_given_the_public_address_and_local_workers_the_near_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = crate::house::config(&folder);
    config.public_url = Some("https://films.example.org/".into());
    let running = filmpress_server::Server::start(config).await.unwrap();
    let token = running
        .queue()
        .create_token(&filmpress_queue::NewToken::team("studio"))
        .await
        .unwrap()
        .1
        .reveal()
        .to_owned();
    let house = House {
        running,
        folder,
        token,
        http: reqwest::Client::new(),
    };
    let (_, made) = house
        .post("/api/v2/templates", &json!({"type": "aep", "displayName": "Card"}))
        .await;
    let upload = made["uploadUrl"].as_str().unwrap().to_owned();
    let path = upload.strip_prefix("https://films.example.org").unwrap();
    assert_eq!(house.put(path, "PROJECT Main").await.status(), 200);
    let (_, job) = house
        .post("/api/v2/jobs", &json!({"template": {"id": made["id"]}}))
        .await;
    assert!(
        job["outputUrl"]
            .as_str()
            .unwrap()
            .starts_with("https://films.example.org/outputs/")
    );
    let claim = house.claim().await.unwrap();
    assert!(
        claim
            .template
            .as_ref()
            .unwrap()
            .url
            .starts_with(&house.running.local_url()),
        "{}",
        claim.template.as_ref().unwrap().url
    );
    house.render(&claim, "film").await;
}
