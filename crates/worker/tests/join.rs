//! Joins: clips from anywhere in one film.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod house;

use std::process::Command;

use filmpress_job::address::Reach;
use serde_json::{Value, json};

use house::{Answer, ffmpeg, info, is_near, pixel, start};

/// Codec, samples a second, channels and seconds of the sound; `None` without.
fn sound(path: &std::path::Path) -> Option<(String, f64)> {
    let report = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", "a:0", "-show_streams", "-of", "json"])
        .arg(path)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&report.stdout).unwrap();
    let stream = report["streams"].get(0)?;
    assert_eq!(
        (stream["sample_rate"].as_str(), stream["channels"].as_u64()),
        (Some("48000"), Some(2))
    );
    Some((
        stream["codec_name"].as_str().unwrap().to_owned(),
        stream["duration"].as_str().unwrap().parse().unwrap(),
    ))
}

/// The loudest sample of a part of a film, in dB.
fn loudest(path: &std::path::Path, from: &str, seconds: &str) -> f64 {
    let output = Command::new("ffmpeg")
        .args(["-hide_banner", "-nostdin", "-ss", from, "-t", seconds, "-i"])
        .arg(path)
        .args(["-vn", "-af", "volumedetect", "-f", "null", "-"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let line = said.lines().find_map(|line| line.split_once("max_volume: ")).unwrap();
    line.1.trim_end_matches(" dB").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn clips_of_every_kind_become_one_film() {
    let running = start(|config| config.reach = Reach::Loopback).await;
    let folder = running.folder.path();
    let clip =
        |arguments: &str, name: &str| running.serve(name, std::fs::read(ffmpeg(folder, arguments, name)).unwrap());
    let sources = [
        // The first says size and rate: 320x180 at 25 a second, one second, no sound.
        clip(
            "-f lavfi -i color=0xff0000:s=320x180:r=25:d=1 -c:v libx264 -pix_fmt yuv420p",
            "a.mp4",
        ),
        // Square, 30000/1001 a second, mono sound that begins late and is shorter than the picture.
        clip(
            "-f lavfi -i color=0x00ff00:s=200x200:r=30000/1001:d=2 -itsoffset 0.5 -f lavfi -i sine=d=1:r=44100 -c:v libvpx -c:a libvorbis",
            "b.webm",
        ),
        // Sound longer than the picture.
        clip(
            "-f lavfi -i color=0x0000ff:s=640x360:r=12:d=1 -f lavfi -i sine=d=3 -c:v libx264 -pix_fmt yuv420p -c:a aac",
            "c.mov",
        ),
    ];
    let mut assets: Vec<Value> = sources.iter().map(|src| json!({"type": "video", "src": src})).collect();
    // The output of a nested job, last: it is the same file as the first.
    assets.push(json!({"type": "job", "template": {"id": "C", "composition": "Main"}}));
    let children = json!({"children": [{"asset": 3, "job_id": "C1", "url": sources[0], "extension": "mp4"}]});
    running.offer_join(&json!({"assets": assets}), &children);
    let finish = running.finished().await;
    let film = running.output("joined.mp4");
    let info = info(&film);
    assert_eq!(
        (
            info.codec.as_str(),
            info.pixel_format.as_str(),
            info.width,
            info.height,
            info.frame_rate.as_str()
        ),
        ("h264", "yuv420p", 320, 180, "25/1")
    );
    assert_eq!(
        (info.frames, &finish["frames"]),
        (125, &json!(125)),
        "1 + 2 + 1 + 1 seconds"
    );
    let (codec, seconds) = sound(&film).unwrap();
    assert_eq!(codec, "aac");
    assert!((seconds - 5.0).abs() < 0.05, "{seconds}");
    let colour = |seconds, at| pixel(&film, seconds, at);
    assert!(is_near(colour(0.96, (160, 90)), [255, 0, 0, 255]));
    assert!(
        is_near(colour(1.0, (160, 90)), [0, 255, 0, 255]),
        "{:?}",
        colour(1.0, (160, 90))
    );
    assert!(
        is_near(colour(1.5, (20, 90)), [0, 0, 0, 255]),
        "letterboxed: {:?}",
        colour(1.5, (20, 90))
    );
    assert!(
        is_near(colour(3.0, (5, 5)), [0, 0, 255, 255]),
        "{:?}",
        colour(3.0, (5, 5))
    );
    assert!(is_near(colour(4.5, (160, 90)), [255, 0, 0, 255]));
    for (from, seconds, is_loud) in [
        ("0", "1.3", false),
        ("1.6", "0.8", true),
        ("2.6", "0.35", false),
        ("3.1", "0.8", true),
        ("4.1", "0.8", false),
    ] {
        let volume = loudest(&film, from, seconds);
        assert_eq!(volume > -30.0, is_loud, "from {from} s: {volume} dB");
    }
    let progress: Vec<f64> = running.server.with(|heard| {
        heard
            .heartbeats
            .iter()
            .map(|beat| beat["progress"].as_f64().unwrap())
            .collect()
    });
    assert!(progress.is_sorted(), "{progress:?}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clips_without_sound_make_a_film_without_and_bad_ones_are_named() {
    let running = start(|config| config.reach = Reach::Loopback).await;
    let folder = running.folder.path();
    let mute = "-f lavfi -i testsrc=s=160x90:r=10:d=1 -c:v libx264 -pix_fmt yuv420p";
    let good = running.serve("good.mp4", std::fs::read(ffmpeg(folder, mute, "good.mp4")).unwrap());
    let join = |sources: &[&str]| {
        let assets: Vec<Value> = sources.iter().map(|src| json!({"type": "video", "src": src})).collect();
        running.offer_join(&json!({"assets": assets}), &json!({}));
    };
    join(&[&good, &good]);
    running.finished().await;
    let film = running.output("joined.mp4");
    assert_eq!((info(&film).frames, sound(&film)), (20, None));

    // The left half transparent, the right half green.
    let alpha = "-f lavfi -i color=0x00ff00:s=160x90:r=10:d=1,format=yuva444p10le,geq=lum=lum(X\\,Y):cb=cb(X\\,Y):cr=cr(X\\,Y):a=if(lt(X\\,80)\\,0\\,1023) \
        -c:v prores_ks -profile:v 4444 -pix_fmt yuva444p10le";
    let url = running.serve("a.mov", std::fs::read(ffmpeg(folder, alpha, "a.mov")).unwrap());
    join(&[&url]);
    running.finished().await;
    let film = running.output("joined.mp4");
    let at = |x| pixel(&film, 0.5, (x, 45));
    assert!(is_near(at(20), [0, 0, 0, 255]), "{:?}", at(20));
    assert!(is_near(at(120), [0, 255, 0, 255]), "{:?}", at(120));

    let text = running.serve("text.mp4", b"no film at all".to_vec());
    join(&[&good, &text]);
    let (kind, body) = running.end().await;
    assert_eq!(kind, "fail");
    let error = &body["error"];
    assert_eq!(
        (&error["code"], &error["retryable"]),
        (&json!("ASSET_INVALID"), &json!(false)),
        "{error}"
    );
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .starts_with("assets[1]: clip 2: it is not a film"),
        "{error}"
    );
    join(&[&good, &running.url("files/gone.mp4")]);
    let (_, body) = running.end().await;
    assert_eq!(body["error"]["code"], "ASSET_DOWNLOAD_FAILED", "{body}");
    assert!(body["error"]["message"].as_str().unwrap().contains("(404)"), "{body}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_join_stops_in_the_middle() {
    let running = start(|config| config.reach = Reach::Loopback).await;
    let folder = running.folder.path();
    let long = "-f lavfi -i testsrc=s=1280x720:r=30:d=4 -c:v libx264 -preset ultrafast -pix_fmt yuv420p";
    let url = running.serve("long.mp4", std::fs::read(ffmpeg(folder, long, "long.mp4")).unwrap());
    let assets: Vec<Value> = (0..50).map(|_| json!({"type": "video", "src": url})).collect();
    running.server.with(|heard| heard.answer = Answer::Cancel);
    running.offer_join(&json!({"assets": assets}), &json!({}));
    // The next job is taken up soon: six thousand frames would take minutes.
    running.offer_join(
        &json!({"assets": [{"type": "video", "src": running.url("files/gone")}]}),
        &json!({}),
    );
    let (_, body) = running.end().await;
    assert_eq!(body["error"]["code"], "ASSET_DOWNLOAD_FAILED", "{body}");
    running.stop().await;
}
