//! What a worker is given with a job, and what it gives back.

use filmpress_fixtures::font;
use filmpress_job::protocol::{Claim, Finish};
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::nested;
use crate::house::House;

async fn secret(house: &House, name: &str, value: &str) -> Value {
    let body = json!({"name": name, "value": value});
    let (status, made) = house
        .by(&house.token, Method::PUT, "/api/v2/secrets", Some(&body))
        .await;
    assert_eq!(status, 201, "{made}");
    made
}

async fn finish(house: &House, claim: &Claim, change: impl FnOnce(&mut Finish)) -> (u16, Value) {
    let mut report = Finish {
        attempt: claim.attempt,
        ..Finish::default()
    };
    change(&mut report);
    let path = format!("/jobs/{}/finish", claim.job_id);
    let answer = house.worker(&path, &serde_json::to_value(report).unwrap()).await;
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or_default())
}

fn upload() -> Value {
    json!({"prefix": "renders", "params": {"endpoint": "https://s3.example.org", "region": "auto", "bucket": "films",
        "accessKeyId": "${secrets.ID}", "accessKeySecret": "${secret.KEY}"}})
}

#[tokio::test]
async fn secrets_go_to_the_worker_and_only_those_that_are_named() {
    let house = House::new().await;
    for (name, value) in [("ID", "the-id"), ("KEY", "the-key"), ("OTHER", "nothing-to-do-with-it")] {
        secret(&house, name, value).await;
    }
    let word = secret(&house, "WORD", "hello").await;
    let text = json!([{"type": "text", "layerName": "Title", "value": "${secrets.WORD}"}]);
    let id = house.job(json!({"assets": text, "upload": upload()})).await;
    let claim = house.claim().await.unwrap();
    let names: Vec<_> = claim.secrets.0.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(names, [("ID", "the-id"), ("KEY", "the-key"), ("WORD", "hello")]);
    assert_eq!(
        claim.payload.assets()[0]["value"],
        "${secrets.WORD}",
        "the payload stays as written"
    );
    let job = house.get(&format!("/api/v2/jobs/{id}")).await.to_string();
    assert!(!job.contains("the-key") && !job.contains("hello"), "{job}");

    // It went to the client's own store: there is nothing of it here, and the address is the store's.
    let (status, body) = finish(&house, &claim, |_| {}).await;
    assert_eq!(status, 204, "{body}");
    let job = house.get(&format!("/api/v2/jobs/{id}")).await;
    assert_eq!(job["status"], "finished");
    assert_eq!(
        job["outputUrl"],
        format!("https://s3.example.org/films/renders/{id}.mp4")
    );

    // Removed before its turn: the worker is not given it, and says so.
    let text = json!([{"type": "text", "layerName": "Title", "value": "${secrets.WORD}"}]);
    house.job(json!({"assets": text})).await;
    let path = format!("/api/v2/secrets/{}", word["id"].as_str().unwrap());
    assert_eq!(house.by(&house.token, Method::DELETE, &path, None).await.0, 200);
    assert!(house.claim().await.unwrap().secrets.is_empty());
}

#[tokio::test]
async fn a_nested_jobs_output_is_there_for_its_parent() {
    let house = House::new().await;
    let template = json!(house.template().await);
    let body = house.body(&json!({"assets": [nested(&template, &json!({}))]})).await;
    let parent = house.accepted("/api/v2/jobs", &body).await;
    assert_eq!(parent["status"], "pending");
    let child = house.claim().await.unwrap();
    assert_eq!(child.job_id, parent["children"][0]["id"].as_str().unwrap());
    assert!(child.children.is_empty());
    assert!(house.claim().await.is_none(), "the parent waits");
    house.render(&child, "child film").await;
    let claim = house.claim().await.unwrap();
    assert_eq!(claim.job_id, parent["id"].as_str().unwrap());
    let [output] = claim.children.as_slice() else {
        panic!("{:?}", claim.children)
    };
    assert_eq!(
        (output.asset, &output.job_id, output.extension.as_str()),
        (0, &child.job_id, "mp4")
    );
    let film = house.http.get(&output.url).send().await.unwrap();
    assert_eq!(
        (film.status().as_u16(), film.text().await.unwrap().as_str()),
        (200, "child film")
    );
}

#[tokio::test]
async fn an_output_is_visible_only_whole_and_with_its_poster() {
    let house = House::new().await;
    let id = house.job(json!({"poster": true, "outputName": "spring"})).await;
    let claim = house.claim().await.unwrap();
    assert_eq!(claim.output.file_name, "spring.mp4");
    let poster_url = claim.output.poster_put_url.clone().unwrap();
    assert_eq!(house.put(&claim.output.put_url, "a film").await.status(), 204);
    let (status, body) = finish(&house, &claim, |report| report.output_bytes = 7).await;
    assert_eq!(status, 400);
    assert!(body["error"].as_str().unwrap().contains("6 bytes and not 7"), "{body}");
    let (status, body) = finish(&house, &claim, |report| {
        (report.output_bytes, report.poster) = (6, true);
    })
    .await;
    assert_eq!(status, 400);
    assert!(body["error"].as_str().unwrap().contains("no poster"), "{body}");

    assert_eq!(house.put(&poster_url, "a still").await.status(), 204);
    let forged = poster_url.replace("/poster", "");
    assert_eq!(
        house.put(&forged, "a still").await.status(),
        403,
        "signed for the poster alone"
    );
    let whole = |report: &mut Finish| (report.output_bytes, report.poster, report.frames) = (6, true, 3);
    assert_eq!(finish(&house, &claim, whole).await.0, 204);
    let job = house.get(&format!("/api/v2/jobs/{id}")).await;
    for (member, content) in [("outputUrl", "a film"), ("posterUrl", "a still")] {
        let got = house.http.get(job[member].as_str().unwrap()).send().await.unwrap();
        assert_eq!(
            (got.status().as_u16(), got.text().await.unwrap().as_str()),
            (200, content),
            "{member}"
        );
    }
    // A job that wants none is given no place for one.
    house.job(json!({})).await;
    assert_eq!(house.claim().await.unwrap().output.poster_put_url, None);
}

#[tokio::test]
async fn fonts_that_the_job_names_go_with_it_and_others_stay() {
    let house = House::new().await;
    for (name, family) in [("Named.ttf", "Named"), ("Other.ttf", "Other"), ("Worded.ttf", "Worded")] {
        let bytes = font::named(family, "Regular", family);
        let mut body = format!("--edge\r\nContent-Disposition: form-data; name=\"font\"; filename=\"{name}\"\r\n\r\n")
            .into_bytes();
        body.extend(&bytes);
        body.extend(b"\r\n--edge--\r\n");
        let request = house.http.post(house.url("/api/v2/fonts")).bearer_auth(&house.token);
        let request = request.header("content-type", "multipart/form-data; boundary=edge");
        let answer = request.body(body).send().await.unwrap();
        assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
    }
    let asset = json!({"type": "data", "layerName": "Title", "property": "Source Text.font", "value": "worded"});
    house.job(json!({"fonts": ["named.TTF"], "assets": [asset]})).await;
    let claim = house.claim().await.unwrap();
    let names: Vec<_> = claim.fonts.iter().map(|font| font.file_name.as_str()).collect();
    assert_eq!(names, ["Named.ttf", "Worded.ttf"], "the named one first");
    let got = house.http.get(&claim.fonts[0].url).send().await.unwrap();
    assert_eq!(got.bytes().await.unwrap(), font::named("Named", "Regular", "Named"));
    assert_eq!(claim.fonts[0].sha256.as_ref().map(String::len), Some(64));
}
