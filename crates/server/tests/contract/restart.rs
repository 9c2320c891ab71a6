//! What a server finds when it comes back.

use filmpress_server::{Running, Server, StartError};
use serde_json::json;

use crate::house::{House, config};

/// Ends a server without telling it, as `kill -9` would, and starts another on its folder.
pub async fn kill_and_start(house: House) -> House {
    let House {
        running,
        folder,
        token,
        http,
    } = house;
    drop(running);
    House {
        running: start_again(&folder).await,
        folder,
        token,
        http,
    }
}

/// Aborted tasks let go of the folder when they are next run: at once, but not within the same instant.
async fn start_again(folder: &tempfile::TempDir) -> Running {
    for _ in 0..1000 {
        match Server::start(config(folder)).await {
            Ok(running) => return running,
            Err(StartError::InUse(_)) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
    panic!("the folder is still in use");
}

#[tokio::test]
async fn a_job_under_way_is_waiting_again_at_once() {
    let house = House::new().await;
    let running = house.job(json!({})).await;
    let first = house.claim().await.unwrap();
    let waiting = house.job(json!({"priority": -1})).await;
    let house = kill_and_start(house).await;
    for id in [&running, &waiting] {
        assert_eq!(house.get(&format!("/api/v2/jobs/{id}")).await["status"], "queued");
    }
    let second = house.claim().await.unwrap();
    assert_eq!((second.job_id.as_str(), second.attempt), (running.as_str(), 2));
    let late = json!({"attempt": first.attempt, "phase": "render", "progress": 99.0});
    assert_eq!(
        house
            .worker(&format!("/jobs/{running}/heartbeat"), &late)
            .await
            .status(),
        409
    );
    house.render(&second, "film").await;
    let output = house.get(&format!("/api/v2/jobs/{running}")).await["outputUrl"]
        .as_str()
        .unwrap()
        .to_owned();
    // The port is another after a restart of this test; the rest of the address is the same.
    let path = output.splitn(4, '/').nth(3).unwrap();
    let film = house.http.get(house.url(&format!("/{path}"))).send().await.unwrap();
    assert_eq!(film.text().await.unwrap(), "film");
}

#[tokio::test]
async fn a_remote_workers_job_stays_its_own() {
    let house = House::new().await;
    let id = house.job(json!({})).await;
    let token = house
        .running
        .queue()
        .create_token(&filmpress_queue::NewToken::worker())
        .await
        .unwrap()
        .1;
    let body = json!({"worker": "local:1"});
    let claim = house
        .call(reqwest::Method::POST, "/api/worker/claim", token.reveal(), Some(&body))
        .await;
    assert_eq!(claim.status(), 200);
    let house = kill_and_start(house).await;
    assert_eq!(
        house.get(&format!("/api/v2/jobs/{id}")).await["status"],
        "render:dorender"
    );
    let beat = json!({"attempt": 1, "phase": "render", "progress": 50.0});
    let path = format!("/api/worker/jobs/{id}/heartbeat");
    assert_eq!(
        house
            .call(reqwest::Method::POST, &path, token.reveal(), Some(&beat))
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn one_folder_one_server() {
    let house = House::new().await;
    match Server::start(config(&house.folder)).await {
        Err(StartError::InUse(_)) => {}
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("two servers on one folder"),
    }
    let House { running, folder, .. } = house;
    running.shutdown().await;
    Server::start(config(&folder)).await.unwrap();
}

#[tokio::test]
async fn a_template_half_read_is_read_again() {
    let house = House::new().await;
    let id = house.template().await;
    let file = house.running.queue().template(None, &id).await.unwrap().file.unwrap();
    house.running.queue().set_template_file(&id, &file).await.unwrap();
    assert_eq!(
        house.get(&format!("/api/v2/templates/{id}")).await["status"],
        "processing"
    );
    let house = kill_and_start(house).await;
    house
        .until(&format!("/api/v2/templates/{id}"), |template| {
            template["status"] == "uploaded"
        })
        .await;
}
