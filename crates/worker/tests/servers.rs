//! Several servers of one service: when one dies, the worker asks the next.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod house;

use serde_json::json;

use house::start;

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_asks_the_next_server_when_one_is_gone() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let first: url::Url = gone.parse().unwrap();
    let running = start(|config| config.servers.insert(0, first)).await;
    // The server that is gone also named itself as the place for the output.
    let output =
        json!({"output": {"file_name": "J1.mp4", "put_url": format!("{gone}/output?signature=s"), "extension": "mp4"}});
    running.offer_with(&json!({}), "mp4", &output);
    running.finished().await;
    let headers = running.server.with(|heard| {
        assert!(heard.output.is_some());
        heard.output_headers.clone()
    });
    // Presigned addresses of a store take what they were signed for, with a length and nothing else.
    assert!(
        headers.contains_key("content-length") && !headers.contains_key("transfer-encoding"),
        "{headers:?}"
    );
    assert!(
        !headers.contains_key("content-type") && !headers.contains_key("authorization"),
        "{headers:?}"
    );
    running.stop().await;
}
