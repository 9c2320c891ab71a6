//! Secrets reach the picture and nothing else.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod house;

use filmpress_job::address::Reach;
use serde_json::json;

use house::{is_near, pixel, start};

const VALUE: &str = "hush hush/1";

#[tokio::test(flavor = "multi_thread")]
async fn values_are_filled_in_when_the_job_runs_and_never_said() {
    let running = start(|config| config.reach = Reach::Loopback).await;
    let folder = running.folder.path();
    let png = house::ffmpeg(folder, "-f lavfi -i color=0x0000ff:s=64x64 -frames:v 1", "blue.png");
    running.serve(VALUE, std::fs::read(png).unwrap());
    let src = format!("{}/${{secrets.NAME}}", running.url("files"));
    let image = json!({"type": "image", "layerName": "Photo", "src": src.replace("NAME", "PATH")});
    let secrets = json!({"secrets": {"PATH": "hush%20hush%2F1", "LAYER": VALUE}});
    running.offer_with(&json!({"assets": [image]}), "mp4", &secrets);
    let finish = running.finished().await;
    let output = running.output("out.mp4");
    assert!(is_near(pixel(&output, 0.0, (30, 230)), [0, 0, 255, 255]));
    assert!(!finish.to_string().contains("hush"), "{finish}");

    // Errors: an address that is not there, and a layer's name.
    let gone = json!({"type": "image", "layerName": "Photo", "src": format!("{}/gone/${{secret.LAYER}}", running.url("files"))});
    running.offer_with(&json!({"assets": [gone]}), "mp4", &secrets);
    let (kind, body) = running.end().await;
    assert_eq!(kind, "fail");
    assert!(body["error"]["message"].as_str().unwrap().contains("***"), "{body}");
    assert!(!body.to_string().contains("hush"), "{body}");
    let layer = json!({"type": "text", "layerName": "${secrets.LAYER}", "value": "x"});
    running.offer_with(&json!({"assets": [layer]}), "mp4", &secrets);
    let (_, body) = running.end().await;
    assert_eq!(body["error"]["code"], "LAYER_NOT_FOUND", "{body}");
    assert!(!body.to_string().contains("hush"), "{body}");

    // Removed after the job was made.
    running.offer(&json!({"assets": [image_of("${secrets.REMOVED}")]}), "mp4");
    let (_, body) = running.end().await;
    let error = &body["error"];
    assert_eq!(
        (&error["code"], &error["retryable"]),
        (&json!("SECRET_MISSING"), &json!(false)),
        "{error}"
    );
    assert!(error["message"].as_str().unwrap().contains("`REMOVED`"), "{error}");
    running.stop().await;
}

fn image_of(src: &str) -> serde_json::Value {
    json!({"type": "image", "layerName": "Photo", "src": src})
}
