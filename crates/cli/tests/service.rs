//! The service as its clients see it: the program started, a template uploaded, jobs posted, the film fetched.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail, or say that it was skipped"
)]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::Command;

mod house;

use serde_json::{Value, json};

use house::{Service, has_ffmpeg, name_card};

#[tokio::test]
async fn from_a_template_to_a_film() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path(), None);
    let template = service.upload("lottie", name_card()).await;
    assert_eq!(template["compositions"], json!(["Name card", "Panel"]));
    let job = |assets: Value, settings: Value| json!({"template": {"id": template["id"], "composition": "Name card"}, "assets": assets, "settings": settings});

    // The client's own server for webhooks and pictures, on loopback as this service is.
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let webhook = format!("http://{}/hook", receiver.local_addr().unwrap());
    let heard = std::thread::spawn(move || {
        let (stream, _) = receiver.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        std::io::Read::read_exact(&mut reader, &mut body).unwrap();
        std::io::Write::write_all(&mut &stream, b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").unwrap();
        serde_json::from_slice::<Value>(&body).unwrap()
    });

    let assets = json!([
        {"type": "text", "layerName": "Name", "value": "Grace Hopper"},
        {"type": "data", "layerName": "Accent", "property": "Color", "value": [0.2, 0.6, 0.4]}
    ]);
    let settings = json!({"type": "video", "codec": "video_h264_vbr_5mbps", "quality": "draft", "frames": [60, 71]});
    let mut film = job(assets.clone(), settings);
    film["webhook"] = json!({"url": webhook, "data": {"order": 7}});
    let (status, made) = service.post("/jobs", &film).await;
    assert_eq!(status, 201, "{made}");
    let done = service.finished(&made).await;
    assert_eq!(
        (&done["status"], &done["progress"]),
        (&json!("finished"), &json!(100.0)),
        "{done}"
    );
    assert_eq!(done["outputUrl"], made["outputUrl"], "as predicted at creation");
    let out = folder.path().join("fetched.mp4");
    let fetched = service
        .client
        .get(done["outputUrl"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    std::fs::write(&out, fetched.bytes().await.unwrap()).unwrap();
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-count_packets", "-of", "csv=p=0", "-show_entries"])
        .arg("stream=codec_name,width,height,nb_read_packets")
        .arg(&out)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&probe.stdout).trim(), "h264,1920,1080,12");
    let part = service
        .client
        .get(done["outputUrl"].as_str().unwrap())
        .header("range", "bytes=4-7");
    let part = part.send().await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(&part.bytes().await.unwrap()[..], b"ftyp");
    let told = heard.join().unwrap();
    assert_eq!(
        (&told["id"], &told["status"], &told["order"]),
        (&made["id"], &json!("finished"), &json!(7)),
        "{told}"
    );

    // The text really is in the picture: with and without it, the same frame differs.
    let mut stills = Vec::new();
    for assets in [assets, json!([])] {
        let (_, made) = service
            .post(
                "/jobs",
                &job(assets, json!({"type": "image", "codec": "image_png", "frames": 132})),
            )
            .await;
        let done = service.finished(&made).await;
        let still = service
            .client
            .get(done["outputUrl"].as_str().unwrap())
            .send()
            .await
            .unwrap();
        stills.push(still.bytes().await.unwrap());
    }
    assert!(stills[0].starts_with(b"\x89PNG") && stills[0] != stills[1]);
}

#[tokio::test]
async fn what_is_wrong_is_said_early_and_in_nexrenders_words() {
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), None);
    let template = service.upload("lottie", name_card()).await;
    let mut job = json!({
        "template": {"id": template["id"], "composition": "Name card"},
        "assets": [{"type": "text", "layerName": "Nmae", "value": "x"}],
        "settings": {"type": "image", "codec": "image_png", "frames": 0}
    });
    let (_, made) = service.post("/jobs", &job).await;
    let done = service.finished(&made).await;
    assert_eq!(done["status"], "error");
    let error = done["stats"]["error"].as_str().unwrap();
    assert!(
        error.starts_with("nexrender: Couldn't find any layers by provided name (Nmae) inside a composition: *")
            && error.contains("`Logo`")
            && error.contains("did you mean `Name`?"),
        "{error}"
    );

    job["assets"] = json!([{"type": "script", "src": "https://example.org/a.jsx"}, {"type": "text", "value": "x"}]);
    let (status, refused) = service.post("/jobs", &job).await;
    assert_eq!(status, 400);
    let fields: Vec<_> = refused["details"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| &d["field"])
        .collect();
    assert_eq!(
        fields,
        [&json!("assets[0].type"), &json!("assets[1].layerName")],
        "{refused}"
    );

    job["assets"] = json!([]);
    job["template"]["id"] = json!("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    assert_eq!(service.post("/jobs", &job).await.0, 404);

    let declared_wrongly = service.upload("aep", name_card()).await;
    assert_eq!(declared_wrongly["status"], "error");
    assert!(
        declared_wrongly["error"]
            .as_str()
            .unwrap()
            .contains("declared as `aep`"),
        "{declared_wrongly}"
    );

    service.token.push('0');
    assert_eq!(service.get("/jobs").await.0, 401);
}

#[tokio::test]
async fn a_killed_server_finishes_its_jobs_after_the_restart() {
    if !has_ffmpeg() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut service = Service::start(folder.path(), None);
    let template = service.upload("lottie", name_card()).await;
    let job = json!({
        "template": {"id": template["id"], "composition": "Name card"},
        "settings": {"type": "video", "codec": "video_h264_vbr_1mbps", "quality": "draft", "frames": [0, 119]}
    });
    let (status, made) = service.post("/jobs", &job).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("/jobs/{}", made["id"].as_str().unwrap());
    // In the middle of drawing, not before and not after.
    service
        .until(&path, |job| {
            let progress = job["progress"].as_f64().unwrap();
            assert_ne!(job["status"], "finished", "too late to kill it");
            job["status"] == "render:dorender" && progress > 10.0
        })
        .await;
    service.process.kill().unwrap();
    service.process.wait().unwrap();

    let again = Service::start(folder.path(), Some(service.token.clone()));
    let done = again.finished(&made).await;
    assert_eq!(done["status"], "finished", "{done}");
    let url = done["outputUrl"].as_str().unwrap();
    // A server on a free port is elsewhere after a restart; the path is the same.
    let path = url.splitn(4, '/').nth(3).unwrap();
    let film = again.client.get(format!("{}/{path}", again.url)).send().await.unwrap();
    assert_eq!(film.status(), 200);
    assert_eq!(&film.bytes().await.unwrap()[4..8], b"ftyp");
}
