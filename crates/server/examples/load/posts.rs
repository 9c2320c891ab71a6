//! Clients that post jobs.

use std::fs::OpenOptions;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use crate::connection::Connection;
use crate::row::{self, Durations};
use crate::watcher::Watcher;
use crate::{Failure, Target};

/// `POST /jobs`, as fast as it goes.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    target: Target,
    /// The template of the jobs.
    #[arg(long)]
    template: String,
    /// Its composition.
    #[arg(long, default_value = "Trial card")]
    composition: String,
    /// Connections at once.
    #[arg(long, default_value_t = 8)]
    clients: u64,
    /// Jobs in all.
    #[arg(long, default_value_t = 20_000)]
    jobs: u64,
    /// Fewer jobs a second are a failure.
    #[arg(long)]
    at_least: Option<f64>,
    /// Where the ids of the jobs go, one a line; added to what is there.
    #[arg(long, value_name = "FILE")]
    write_ids: Option<std::path::PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<bool, Failure> {
    let target = &arguments.target;
    let watcher = Watcher::start(target)?;
    let next = AtomicU64::new(0);
    let begun = Instant::now();
    let done: Vec<Result<Client, Failure>> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..arguments.clients)
            .map(|_| scope.spawn(|| post(arguments, &next)))
            .collect();
        let joined = clients
            .into_iter()
            .map(|client| client.join().map_err(|_| "a client panicked")?);
        joined.collect()
    });
    let seconds = begun.elapsed().as_secs_f64();
    let (mut took, mut ids) = (Vec::new(), Vec::new());
    for client in done {
        let client = client?;
        took.extend(client.took);
        ids.extend(client.ids);
    }
    if let Some(file) = &arguments.write_ids {
        let mut file = OpenOptions::new().create(true).append(true).open(file)?;
        file.write_all((ids.join("\n") + "\n").as_bytes())?;
    }
    let took = Durations::of(took);
    let what = format!("POST /jobs, {}", target.label);
    let detail = format!("{} jobs, {} clients, {}", ids.len(), arguments.clients, took.summary());
    let mut is_met = row::print(
        &what,
        ids.len() as f64 / seconds,
        "jobs/s",
        arguments.at_least,
        true,
        &detail,
    );
    if let Some(watcher) = watcher {
        is_met &= watcher.end(&format!("POST, {}", target.label))?;
    }
    Ok(is_met)
}

struct Client {
    took: Vec<Duration>,
    ids: Vec<String>,
}

fn post(arguments: &Arguments, next: &AtomicU64) -> Result<Client, Failure> {
    let mut connection = Connection::open(&arguments.target.url, &arguments.target.token)?;
    let mut client = Client {
        took: Vec::new(),
        ids: Vec::new(),
    };
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= arguments.jobs {
            return Ok(client);
        }
        let body = json!({
            "template": {"id": arguments.template, "composition": arguments.composition},
            "assets": [
                {"type": "text", "layerName": "Name", "value": format!("Client {number}")},
                {"type": "text", "layerName": "Role", "value": "Load"},
                {"type": "data", "layerName": "Accent", "property": "Color", "value": [1, 0.35, 0.23]},
            ],
            "settings": {"type": "video", "codec": "video_h264_vbr_5mbps"},
            "webhook": {"url": "http://127.0.0.1:9/hook", "data": {"number": number}},
        });
        let body = body.to_string();
        let begun = Instant::now();
        let answer = connection.call("POST", "/api/v2/jobs", &body)?.expect(201)?;
        client.took.push(begun.elapsed());
        let answer = answer.json()?;
        let id = answer.get("id").and_then(serde_json::Value::as_str);
        client.ids.push(id.ok_or("a job without an id")?.to_owned());
    }
}
