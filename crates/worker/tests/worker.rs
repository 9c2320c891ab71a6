//! The worker against a server that speaks the protocol and notes what it hears.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod house;

use std::time::Duration;

use filmpress_media::{Programs, probe_film};
use filmpress_worker::Config;
use serde_json::json;

use house::{Answer, start};

fn png() -> String {
    // One red pixel.
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_run_from_claim_to_finish() {
    let running = start(|_| {}).await;
    let assets = json!([{"type": "image", "layerName": "Photo", "src": png()}]);
    running.offer(
        &json!({"assets": assets, "settings": {"codec": "video_h264_vbr_5mbps"}}),
        "mp4",
    );
    let (kind, finish) = running.end().await;
    assert_eq!(kind, "finish", "{finish}");
    assert_eq!(finish["attempt"], 3);
    assert!(finish["render_duration"].as_f64().unwrap() > 0.0);
    assert!(finish["log"].as_str().unwrap().contains("40 frames of 640x360"));
    let film = running.folder.path().join("film.mp4");
    std::fs::write(&film, running.server.with(|heard| heard.output.take()).unwrap()).unwrap();
    let info = probe_film(&film, &Programs::default()).unwrap();
    assert_eq!(
        (info.codec.as_str(), info.width, info.height, info.frames),
        ("h264", 640, 360, 40)
    );

    // A range of frames of the same template: an archive; nothing is downloaded that is known by its hash.
    running.offer(&json!({"settings": {"type": "image", "frames": [5, 7]}}), "zip");
    let (kind, finish) = running.end().await;
    assert_eq!(kind, "finish", "{finish}");
    let archive = running.server.with(|heard| heard.output.take()).unwrap();
    assert!(archive.starts_with(b"PK"));

    // A preview: small, whole.
    running.offer(&json!({"preview": true}), "mp4");
    assert_eq!(running.end().await.0, "finish");
    std::fs::write(&film, running.server.with(|heard| heard.output.take()).unwrap()).unwrap();
    let info = probe_film(&film, &Programs::default()).unwrap();
    assert_eq!((info.width, info.height, info.frames), (640, 360, 40));
    let progress: Vec<f64> = running.server.with(|heard| {
        heard
            .heartbeats
            .iter()
            .map(|beat| beat["progress"].as_f64().unwrap())
            .collect()
    });
    assert!(progress.iter().all(|p| (0.0..=100.0).contains(p)), "{progress:?}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_have_their_code_phase_and_words() {
    let running = start(|_| {}).await;
    let text = |name: &str| json!([{"type": "text", "layerName": name, "value": "x"}]);
    let error = running.failure(json!({"assets": text("Headline")})).await;
    assert_eq!(
        (&error["code"], &error["phase"]),
        (&json!("LAYER_NOT_FOUND"), &json!("prepare"))
    );
    assert_eq!(error["retryable"], false);
    let message = error["message"].as_str().unwrap();
    let nexrenders = "nexrender: Couldn't find any layers by provided name (Headline) inside a composition: *";
    assert!(
        message.starts_with(nexrenders) && message.contains("`Square`"),
        "{message}"
    );

    let error = running.failure(json!({"template": {"composition": "Mian"}})).await;
    assert_eq!(error["code"], "COMPOSITION_NOT_FOUND");
    assert!(error["message"].as_str().unwrap().contains("`Main`"), "{error}");

    let gone = json!([{"type": "image", "layerName": "Photo", "src": "http://127.0.0.1:9/a.png"}]);
    let error = running.failure(json!({"assets": gone})).await;
    assert_eq!(
        (&error["code"], &error["phase"]),
        (&json!("ASSET_DOWNLOAD_FAILED"), &json!("fetch"))
    );
    assert_eq!(error["retryable"], false, "loopback is out of reach: {error}");
    assert!(
        error["message"].as_str().unwrap().contains("not a public one"),
        "{error}"
    );

    let error = running.failure(json!({"template": {"src": "data:,hello"}})).await;
    assert_eq!(error["phase"], "prepare");
    assert!(error["message"].as_str().unwrap().contains("not a template"), "{error}");

    let error = running
        .failure(json!({"template": {"src": format!("{}/nothing", running.address)}}))
        .await;
    assert_eq!(
        (&error["code"], &error["retryable"]),
        (&json!("TEMPLATE_DOWNLOAD_FAILED"), &json!(false))
    );
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("not a public one"),
        "a job's own address, though the server's: {error}"
    );

    let away = json!({"template": {"id": "T", "kind": "aep", "url": running.url("files/none"), "file_name": "t.aep"}});
    running.offer_with(&json!({}), "mp4", &away);
    let (_, body) = running.end().await;
    let error = &body["error"];
    assert_eq!(
        (&error["code"], &error["retryable"]),
        (&json!("TEMPLATE_DOWNLOAD_FAILED"), &json!(false))
    );
    assert!(error["message"].as_str().unwrap().contains("404"), "{error}");

    let error = running
        .failure(json!({"settings": {"type": "image", "frames": 40}}))
        .await;
    assert_eq!(error["code"], "RENDER_FAILED");
    assert!(error["message"].as_str().unwrap().contains("frames 0 to 39"), "{error}");
    running.stop().await;
}

/// An encoder that never reads: the job would last for ever.
fn deaf_encoder(config: &mut Config) {
    let path = config.folder.join("deaf");
    std::fs::write(&path, "#!/bin/sh\nexec sleep 1000\n").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    config.programs.ffmpeg = path;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_nobody_wants_ends_without_a_word() {
    for answer in [Answer::Cancel, Answer::Stale] {
        let running = start(deaf_encoder).await;
        running.server.with(|heard| heard.answer = answer);
        running.offer(&json!({}), "mp4");
        // The next job is taken up as soon as the server has said so, and fails for its own reason.
        running.offer(&json!({"template": {"src": "data:,hello"}}), "mp4");
        let (kind, body) = running.end().await;
        assert_eq!(kind, "fail");
        assert!(
            body["error"]["message"].as_str().unwrap().contains("not a template"),
            "{body}"
        );
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_gets_nowhere_is_given_up_and_a_closing_worker_hands_its_job_back() {
    let running = start(|config| {
        deaf_encoder(config);
        config.limits.frame = Duration::from_secs(1);
    })
    .await;
    let error = running.failure(json!({})).await;
    assert_eq!(
        (&error["code"], &error["phase"], &error["retryable"]),
        (&json!("TIMEOUT"), &json!("render"), &json!(true))
    );
    assert!(
        error["message"].as_str().unwrap().contains("no progress for 1 s"),
        "{error}"
    );
    running.stop().await;

    let running = start(deaf_encoder).await;
    running.offer(&json!({}), "mp4");
    running
        .server
        .until(|heard| heard.heartbeats.iter().any(|beat| beat["phase"] == "render"))
        .await;
    let server = running.server.clone();
    running.stop().await;
    let (kind, body) = server.with(|heard| heard.ends.remove(0));
    assert_eq!(kind, "fail");
    assert_eq!(
        (&body["error"]["code"], &body["error"]["retryable"]),
        (&json!("WORKER_LOST"), &json!(true))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_ends_the_worker() {
    let running = start(|config| config.token = "wrong".to_owned()).await;
    let error = running.worker.await.unwrap().unwrap_err().to_string();
    assert!(error.contains("does not accept the worker's token"), "{error}");
}
