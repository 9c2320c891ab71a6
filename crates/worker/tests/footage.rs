//! Films as footage of a job: from addresses, and from the jobs it is made of.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod house;

use filmpress_job::address::Reach;
use serde_json::{Value, json};

use house::{ffmpeg, info, is_near, pixel, start};

/// What lies below the layers of the template.
const WHITE: [u8; 4] = [255; 4];

fn child(url: &str, extension: &str) -> Value {
    json!({"children": [{"asset": 1, "job_id": "C1", "url": url, "extension": extension}]})
}

/// A text that is not there, forgiven, and then a nested job: its asset is number 1.
fn nested() -> Value {
    json!({"settings": {"codec": "video_h264_vbr_5mbps"}, "assets": [
        {"type": "text", "layerName": "Nowhere", "value": "x", "continueOnMissing": true},
        {"type": "job", "layerName": "Photo", "template": {"id": "C", "composition": "Main"}}]})
}

#[tokio::test(flavor = "multi_thread")]
async fn the_output_of_a_nested_job_is_footage_of_its_parent() {
    // Public addresses only: what the server names is trusted all the same.
    let running = start(|config| config.reach = Reach::Public).await;
    let folder = running.folder.path();
    let source = "-f lavfi -i color=0x0000ff:s=100x50:r=20:d=1 -c:v libx264 -pix_fmt yuv420p";
    let film = std::fs::read(ffmpeg(folder, source, "child.mp4")).unwrap();
    let url = running.serve("child.mp4", film);
    running.offer_with(&nested(), "mp4", &child(&url, "mp4"));
    let finish = running.finished().await;
    assert_eq!(finish["frames"], 40);
    let output = running.output("parent.mp4");
    assert_eq!(finish["output_bytes"], std::fs::metadata(&output).unwrap().len());
    assert!(is_near(pixel(&output, 0.0, (50, 225)), [0, 0, 255, 255]));
    assert!(
        is_near(pixel(&output, 0.0, (110, 225)), WHITE),
        "its own size, not the layer's"
    );
    assert!(is_near(pixel(&output, 0.9, (50, 225)), [0, 0, 255, 255]));
    assert!(
        is_near(pixel(&output, 1.5, (50, 225)), WHITE),
        "no more of it after its end"
    );
    let log = finish["log"].as_str().unwrap();
    assert!(log.contains("warning") && log.contains("Nowhere"), "{log}");

    // A still of a child, and one whose output is not there.
    let url = running.serve(
        "child.png",
        std::fs::read(ffmpeg(
            folder,
            "-f lavfi -i color=0xffff00:s=20x20 -frames:v 1",
            "c.png",
        ))
        .unwrap(),
    );
    running.offer_with(&nested(), "mp4", &child(&url, "png"));
    running.finished().await;
    let output = running.output("parent.mp4");
    assert!(is_near(pixel(&output, 1.5, (10, 210)), [255, 255, 0, 255]));
    running.offer_with(&nested(), "mp4", &child(&running.url("files/gone"), "mp4"));
    let (kind, body) = running.end().await;
    assert_eq!(kind, "fail");
    assert_eq!(body["error"]["code"], "ASSET_DOWNLOAD_FAILED");
    assert!(
        body["error"]["message"].as_str().unwrap().contains("nested job"),
        "{body}"
    );
    running.offer(&nested(), "mp4");
    let (_, body) = running.end().await;
    assert_eq!(body["error"]["code"], "CHILD_FAILED", "{body}");
    running.stop().await;
}

fn video(src: &str) -> Value {
    json!({"settings": {"codec": "video_h264_vbr_5mbps"}, "assets": [{"type": "video", "layerName": "Photo", "src": src}]})
}

#[tokio::test(flavor = "multi_thread")]
async fn films_come_from_addresses_with_their_alpha_and_without_their_sound() {
    let running = start(|config| config.reach = Reach::Loopback).await;
    let folder = running.folder.path();
    // Left half transparent, right half green.
    let alpha = "-f lavfi -i color=0x00ff00:s=64x64:r=20:d=2,format=yuva444p10le,geq=lum=lum(X\\,Y):cb=cb(X\\,Y):cr=cr(X\\,Y):a=if(lt(X\\,32)\\,0\\,1023) \
        -f lavfi -i sine=d=2 -c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le -c:a pcm_s16le";
    let url = running.serve("a.mov", std::fs::read(ffmpeg(folder, alpha, "a.mov")).unwrap());
    running.offer(&video(&url), "mp4");
    let finish = running.finished().await;
    let output = running.output("out.mp4");
    assert!(
        is_near(pixel(&output, 1.0, (50, 230)), [0, 255, 0, 255]),
        "{:?}",
        pixel(&output, 1.0, (50, 230))
    );
    assert!(
        is_near(pixel(&output, 1.0, (10, 230)), WHITE),
        "{:?}",
        pixel(&output, 1.0, (10, 230))
    );
    let warnings = finish["warnings"].to_string();
    assert!(warnings.contains("sound"), "{warnings}");

    // A GIF that moves, in an asset called `image`: red, then blue.
    let gif = "-f lavfi -i color=0xff0000:s=40x40:r=10:d=0.5 -f lavfi -i color=0x0000ff:s=40x40:r=10:d=0.5 \
        -filter_complex [0][1]concat";
    let url = running.serve("a.gif", std::fs::read(ffmpeg(folder, gif, "a.gif")).unwrap());
    running.offer(
        &json!({"assets": [{"type": "image", "layerName": "Photo", "src": url}]}),
        "mp4",
    );
    running.finished().await;
    let output = running.output("out.mp4");
    // GIF has few colours: the strongest channel tells.
    let (early, late) = (pixel(&output, 0.1, (20, 220)), pixel(&output, 0.8, (20, 220)));
    assert!(early[0] > 200 && early[2] < 50, "{early:?}");
    assert!(late[2] > 200 && late[0] < 50, "{late:?}");

    // Neither a picture nor a film, and half a film.
    let url = running.serve("a.txt", b"hello".to_vec());
    let error = running.failure(video(&url)).await;
    assert_eq!(error["code"], "ASSET_INVALID");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("is not a picture or a film"),
        "{error}"
    );
    let mut half = std::fs::read(folder.join("a.mov")).unwrap();
    half.truncate(half.len() / 3);
    let url = running.serve("half.mov", half);
    let error = running.failure(video(&url)).await;
    assert_eq!(
        (&error["code"], &error["retryable"]),
        (&json!("ASSET_INVALID"), &json!(false))
    );
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_job_names_is_held_to_public_addresses_whoever_is_there() {
    let running = start(|config| config.reach = Reach::Public).await;
    let url = running.serve("a.mp4", Vec::new());
    let error = running.failure(video(&url)).await;
    assert_eq!(
        (&error["code"], &error["retryable"]),
        (&json!("ASSET_DOWNLOAD_FAILED"), &json!(false))
    );
    assert!(
        error["message"].as_str().unwrap().contains("not a public one"),
        "{error}"
    );
    running.offer_join(&json!({"assets": [{"type": "video", "src": url}]}), &json!({}));
    let (_, body) = running.end().await;
    assert!(
        body["error"]["message"].as_str().unwrap().contains("not a public one"),
        "{body}"
    );
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_layers_fonts_and_posters_go_as_the_job_says() {
    let running = start(|_| {}).await;
    let text = json!([{"type": "text", "layerName": "Nowhere", "value": "x"}]);
    running.offer(
        &json!({"assets": text, "continueOnMissing": true, "poster": true, "posterFrame": 39}),
        "mp4",
    );
    let finish = running.finished().await;
    assert_eq!(finish["poster"], true);
    let nexrenders = "nexrender: Couldn't find any layers by provided name (Nowhere) inside a composition: *";
    assert!(finish["warnings"].to_string().contains(nexrenders), "{finish}");
    let film = running.output("film.mp4");
    assert_eq!(info(&film).frames, 40);
    let poster = running.server.with(|heard| heard.poster.take()).unwrap();
    let poster = filmpress_media::decode::still(&poster, filmpress_media::decode::Alpha::Straight).unwrap();
    assert_eq!((poster.width(), poster.height()), (640, 360));
    // The square is at the right end in the last frame, in the middle of the way in the middle one.
    let red = [255, 0, 0, 255];
    assert!(is_near(poster.row(50)[590], red) && is_near(poster.row(50)[320], WHITE));
    running.offer(&json!({"poster": true}), "mp4");
    running.finished().await;
    let poster = running.server.with(|heard| heard.poster.take()).unwrap();
    let poster = filmpress_media::decode::still(&poster, filmpress_media::decode::Alpha::Straight).unwrap();
    assert!(is_near(poster.row(50)[330], red), "{:?}", poster.row(50)[330]);
    running.stop().await;
}
