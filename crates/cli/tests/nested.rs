//! Jobs made of jobs, with secrets and posters, through the whole service: real server, real workers, real films.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test may fail")]

mod house;

use filmpress_media::decode::{Alpha, Film};
use filmpress_media::{Programs, probe_film};
use house::{Service, has_ffmpeg};
use serde_json::{Value, json};

/// A composition filled by a solid called `Photo`, one second of 320 x 180.
fn template(color: &str) -> Vec<u8> {
    let lottie = json!({"v": "5.7.0", "fr": 20, "ip": 0, "op": 20, "w": 320, "h": 180, "nm": "Main", "assets": [], "layers": [
        {"ind": 1, "ty": 1, "nm": "Photo", "sw": 320, "sh": 180, "sc": color, "ip": 0, "op": 20, "st": 0, "sr": 1, "bm": 0,
         "ks": {"o": {"a": 0, "k": 100}, "r": {"a": 0, "k": 0}, "a": {"a": 0, "k": [0, 0, 0]},
                "s": {"a": 0, "k": [100, 100, 100]}, "p": {"a": 0, "k": [0, 0, 0]}}}]});
    lottie.to_string().into_bytes()
}

/// A file of the service's.
async fn fetched(service: &Service, folder: &std::path::Path, url: &Value) -> std::path::PathBuf {
    let answer = service.client.get(url.as_str().unwrap()).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{url}");
    let path = folder.join("fetched");
    std::fs::write(&path, answer.bytes().await.unwrap()).unwrap();
    path
}

/// The colour in the middle of a film at a time.
fn middle(path: &std::path::Path, seconds: f64) -> [u8; 4] {
    let film = Film::open(path, "mov", Alpha::Straight, &Programs::default()).unwrap();
    film.at(seconds).unwrap().row(90)[160]
}

fn is_near(a: [u8; 4], b: [u8; 4]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 12)
}

const RED: [u8; 4] = [255, 0, 0, 255];
const BLUE: [u8; 4] = [0, 0, 255, 255];

#[tokio::test]
async fn nested_and_joined_jobs_become_one_film() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start_with(folder.path(), None, &["--workers", "2"]);
    let red = service.upload("lottie", template("#ff0000")).await;
    let blue = service.upload("lottie", template("#0000ff")).await;
    let job = |template: &Value| json!({"type": "job", "layerName": "Photo", "template": {"id": template["id"], "composition": "Main"}});
    // Blue inside of red: nothing of the parent's own solid is left.
    let body = json!({"template": {"id": red["id"], "composition": "Main"}, "assets": [job(&blue)], "poster": true});
    let (status, parent) = service.post("/jobs", &body).await;
    assert_eq!((status, &parent["status"]), (201, &json!("pending")), "{parent}");
    let parent = service.finished(&parent).await;
    assert_eq!(parent["status"], "finished", "{parent}");
    let film = fetched(&service, folder.path(), &parent["outputUrl"]).await;
    assert!(is_near(middle(&film, 0.5), BLUE), "{:?}", middle(&film, 0.5));
    let poster = std::fs::read(fetched(&service, folder.path(), &parent["posterUrl"]).await).unwrap();
    let poster = filmpress_media::decode::still(&poster, Alpha::Straight).unwrap();
    assert!(is_near(poster.row(90)[160], BLUE));

    // Red, then the film of before by its address, then blue.
    let clip = |template: &Value| json!({"type": "job", "template": {"id": template["id"], "composition": "Main"}});
    let video = json!({"type": "video", "src": parent["outputUrl"]});
    let body = json!({"assets": [clip(&red), video, clip(&blue)]});
    let (status, join) = service.post("/jobs/join", &body).await;
    assert_eq!((status, join["children"].as_array().unwrap().len()), (201, 2), "{join}");
    let join = service.finished(&join).await;
    assert_eq!(join["status"], "finished", "{join}");
    let film = fetched(&service, folder.path(), &join["outputUrl"]).await;
    assert_eq!(probe_film(&film, &Programs::default()).unwrap().frames, 60);
    let seen = [0.5, 1.5, 2.5].map(|seconds| middle(&film, seconds));
    assert!(
        is_near(seen[0], RED) && is_near(seen[1], BLUE) && is_near(seen[2], BLUE),
        "{seen:?}"
    );

    // A child that fails takes its parent with it.
    let mut bad = job(&blue);
    bad["assets"] = json!([{"type": "data", "layerName": "Photo", "property": "Opacity.Nowhere", "value": 1}]);
    let body = json!({"template": {"id": red["id"], "composition": "Main"}, "assets": [bad]});
    let (_, parent) = service.post("/jobs", &body).await;
    let parent = service.finished(&parent).await;
    assert_eq!(
        (&parent["status"], &parent["error"]["code"]),
        (&json!("error"), &json!("CHILD_FAILED")),
        "{parent}"
    );
}

#[tokio::test]
async fn a_secret_reaches_the_picture_and_no_answer_log_or_file() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), None);
    let template = service.upload("lottie", template("#ff0000")).await;
    // One blue pixel, stretched over nothing: it shows in the corner.
    let value = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==";
    let body = json!({"name": "PICTURE", "value": value});
    let request = service
        .client
        .put(format!("{}/api/v2/secrets", service.url))
        .bearer_auth(&service.token);
    assert_eq!(request.json(&body).send().await.unwrap().status(), 201);
    let image = json!({"type": "image", "layerName": "Photo", "src": "${secrets.PICTURE}"});
    let body = json!({"template": {"id": template["id"], "composition": "Main"}, "assets": [image]});
    let (status, job) = service.post("/jobs", &body).await;
    assert_eq!(status, 201, "{job}");
    let job = service.finished(&job).await;
    assert_eq!(job["status"], "finished", "{job}");
    assert!(!job.to_string().contains("base64"), "{job}");

    // What cannot be read is told without what it is.
    let data = json!({"type": "data", "layerName": "Photo", "property": "Opacity", "value": "${secrets.PICTURE}"});
    let body = json!({"template": {"id": template["id"], "composition": "Main"}, "assets": [data]});
    let (status, job) = service.post("/jobs", &body).await;
    assert_eq!(status, 201, "{job}");
    let job = service.finished(&job).await;
    assert_eq!(job["error"]["code"], "PROPERTY_NOT_FOUND", "{job}");
    assert!(!job.to_string().contains("base64"), "{job}");
    let url = format!("{}/api/v2/jobs/{}/logs", service.url, job["id"].as_str().unwrap());
    let log = service
        .client
        .get(url)
        .bearer_auth(&service.token)
        .send()
        .await
        .unwrap();
    let log = log.text().await.unwrap();
    assert!(log.contains("***") && !log.contains("base64"), "{log}");
}
