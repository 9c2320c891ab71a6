//! The same service on an S3 store: files go there and come from there, by presigned URLs, though it fails now and then.

use filmpress_server::{S3Config, StorageConfig};
use reqwest::Method;
use serde_json::json;

use crate::house::House;
use crate::s3_store::{Faults, Store};

/// A store with one bucket, in this process.
struct Bucket {
    folder: tempfile::TempDir,
    config: S3Config,
}

impl Bucket {
    async fn start(faults: Faults) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), &["films"], "key", "s3cr3t", faults).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let config = S3Config {
            endpoint: format!("http://{}", listener.local_addr().unwrap()),
            public_endpoint: None,
            redirect: true,
            region: "us-east-1".into(),
            bucket: "films".into(),
            prefix: "press".into(),
            path_style: true,
            access_key: "key".into(),
            secret_key: "s3cr3t".into(),
            session_token: None,
        };
        tokio::spawn(async move { axum::serve(listener, store.router()).await });
        Self { folder, config }
    }

    /// The keys in the bucket, without what begins all.
    fn keys(&self) -> Vec<String> {
        let root = self.folder.path().join("films/press");
        let (mut folders, mut keys) = (vec![root.clone()], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    keys.push(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        keys.sort();
        keys
    }
}

async fn house(bucket: &Bucket) -> House {
    let storage = StorageConfig::S3(bucket.config.clone());
    House::with(|config| config.storage = storage).await
}

#[tokio::test]
async fn files_are_in_the_bucket_and_nowhere_else() {
    let bucket = Bucket::start(Faults::default()).await;
    let house = house(&bucket).await;
    let id = house.job(json!({})).await;
    let claim = house.claim().await.unwrap();
    let template = claim.template.as_ref().unwrap();
    assert!(
        template.url.starts_with(&bucket.config.endpoint),
        "workers go to the store: {}",
        template.url
    );
    let fetched = house.http.get(&template.url).send().await.unwrap();
    assert_eq!(fetched.text().await.unwrap(), "PROJECT Main");

    let finish = json!({"attempt": 1, "render_duration": 1.0});
    let path = format!("/jobs/{id}/finish");
    assert_eq!(house.worker(&path, &finish).await.status(), 400, "nothing was put yet");
    assert!(claim.output.put_url.starts_with(&bucket.config.endpoint));
    let put = house.http.put(&claim.output.put_url).body("film").send().await.unwrap();
    assert!(put.status().is_success(), "{}", put.status());
    let elsewhere = claim.output.put_url.replace("/outputs/", "/templates/");
    assert_eq!(
        house.http.put(elsewhere).body("x").send().await.unwrap().status(),
        403,
        "the URL is for its key alone"
    );
    assert_eq!(house.worker(&path, &finish).await.status(), 204);

    let job = house.get(&format!("/api/v2/jobs/{id}")).await;
    let output = house.http.get(job["outputUrl"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(
        (output.status().as_u16(), &output.headers()["cache-control"]),
        (307, &"no-store".parse().unwrap())
    );
    let film = house
        .http
        .get(output.headers()["location"].to_str().unwrap())
        .send()
        .await
        .unwrap();
    assert_eq!(film.headers()["content-type"], "video/mp4");
    assert_eq!(
        film.headers()["content-disposition"],
        format!("inline; filename=\"{id}.mp4\"").as_str()
    );
    assert_eq!(film.text().await.unwrap(), "film");
    let id_of_template = house.get("/api/v2/templates").await[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let url = house.get(&format!("/api/v2/templates/{id_of_template}/download")).await;
    assert!(
        url["url"].as_str().unwrap().starts_with(&bucket.config.endpoint),
        "{url}"
    );

    let keys = bucket.keys();
    assert_eq!(keys.len(), 2, "{keys:?}");
    assert_eq!(keys[0], format!("outputs/{id}/1.mp4"));
    for folder in ["templates", "outputs", "incoming"] {
        assert!(!house.folder.path().join(folder).exists(), "{folder}");
    }
    assert_eq!(
        std::fs::read_dir(house.folder.path().join("tmp")).unwrap().count(),
        0,
        "copies are removed"
    );
    assert_eq!(house.by("", Method::GET, "/readyz", None).await.0, 200);
}

#[tokio::test]
async fn a_store_that_fails_one_time_in_three_loses_nothing() {
    let faults = Faults {
        every: 3,
        ..Faults::default()
    };
    let bucket = Bucket::start(faults).await;
    let house = house(&bucket).await;
    for round in 0..3 {
        let id = house.job(json!({})).await;
        let claim = house.claim().await.unwrap();
        let film = format!("film {round}");
        let mut put = 500;
        while put == 500 {
            put = house
                .http
                .put(&claim.output.put_url)
                .body(film.clone())
                .send()
                .await
                .unwrap()
                .status()
                .as_u16();
        }
        let finish = json!({"attempt": 1, "render_duration": 1.0});
        assert_eq!(house.worker(&format!("/jobs/{id}/finish"), &finish).await.status(), 204);
        assert_eq!(
            std::fs::read_to_string(bucket.folder.path().join(format!("films/press/outputs/{id}/1.mp4"))).unwrap(),
            film
        );
    }
    let keys = bucket.keys();
    assert_eq!(
        keys.iter().filter(|key| key.starts_with("incoming/")).count(),
        0,
        "{keys:?}"
    );
    assert_eq!(
        keys.iter().filter(|key| key.starts_with("templates/")).count(),
        1,
        "the same bytes once: {keys:?}"
    );
}

#[tokio::test]
async fn large_files_go_in_parts_and_come_back_whole_and_in_ranges() {
    let faults = Faults {
        every: 4,
        ..Faults::default()
    };
    let mut bucket = Bucket::start(faults).await;
    bucket.config.redirect = false;
    let house = house(&bucket).await;
    let (_, made) = house
        .post("/api/v2/templates", &json!({"type": "aep", "displayName": "Large"}))
        .await;
    let mut large = b"PROJECT Main".to_vec();
    large.resize(40 << 20, b' ');
    large.extend(b"end");
    let url = made["uploadInfo"]["url"].as_str().unwrap();
    assert_eq!(
        house.http.put(url).body(large.clone()).send().await.unwrap().status(),
        200
    );
    let path = format!("/api/v2/templates/{}", made["id"].as_str().unwrap());
    house.until(&path, |template| template["status"] == "uploaded").await;
    let url = house.get(&format!("{path}/download")).await["url"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        url.starts_with(&house.running.local_url()),
        "clients get it from us: {url}"
    );
    let whole = house.http.get(&url).send().await.unwrap();
    assert_eq!(whole.headers()["content-disposition"], "attachment");
    assert!(
        whole.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("sandbox")
    );
    assert!(whole.bytes().await.unwrap() == large);
    let part = house.http.get(&url).header("range", "bytes=-3").send().await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.text().await.unwrap(), "end");
}

#[tokio::test]
async fn a_store_that_is_gone_is_told_and_comes_back() {
    let bucket = Bucket::start(Faults::default()).await;
    let mut gone = bucket.config.clone();
    gone.bucket = "elsewhere".into();
    let house = House::with(|config| config.storage = StorageConfig::S3(gone)).await;
    let (status, ready) = house.by("", Method::GET, "/readyz", None).await;
    assert_eq!(
        (status, &ready["checks"]),
        (503, &json!({"database": "ok", "storage": "failed"})),
        "{ready}"
    );
    let (_, made) = house
        .post("/api/v2/templates", &json!({"type": "aep", "displayName": "T"}))
        .await;
    let refused = house
        .put(made["uploadInfo"]["url"].as_str().unwrap(), "PROJECT Main")
        .await;
    assert_eq!(refused.status(), 500);
    assert!(!refused.text().await.unwrap().contains("s3cr3t"));
}
