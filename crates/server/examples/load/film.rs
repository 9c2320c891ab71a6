//! One film after the other: from the call to the webhook that says it is finished.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::{Value, json};

use crate::connection::Connection;
use crate::row::{self, Durations};
use crate::{Failure, Target};

/// One film after the other, each from the call to its webhook.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    target: Target,
    /// The template of the films.
    #[arg(long)]
    template: String,
    /// Its composition.
    #[arg(long, default_value = "Trial card")]
    composition: String,
    /// Films that are measured, after one that warms up.
    #[arg(long, default_value_t = 10)]
    runs: usize,
    /// The median must be under this, in seconds.
    #[arg(long)]
    under: Option<f64>,
}

pub fn run(arguments: &Arguments) -> Result<bool, Failure> {
    let target = &arguments.target;
    let receiver = TcpListener::bind("127.0.0.1:0")?;
    let hook = format!("http://{}/hook", receiver.local_addr()?);
    let mut connection = Connection::open(&target.url, &target.token)?;
    let mut took = Vec::new();
    for run in 0..=arguments.runs {
        let body = json!({
            "template": {"id": arguments.template, "composition": arguments.composition},
            // Another text each time: nothing is answered from a cache of whole films.
            "assets": [{"type": "text", "layerName": "Name", "value": format!("Run {run}")}],
            "settings": {"type": "video", "codec": "video_h264_vbr_15mbps"},
            "webhook": {"url": hook},
        });
        let begun = Instant::now();
        connection
            .call("POST", "/api/v2/jobs", &body.to_string())?
            .expect(201)?;
        let told = received(&receiver)?;
        let elapsed = begun.elapsed();
        if told.get("status") != Some(&json!("finished")) {
            return Err(format!("the job did not finish: {told}").into());
        }
        if run > 0 {
            took.push(elapsed);
        }
    }
    let took = Durations::of(took);
    let what = format!("POST to finished webhook, {}", target.label);
    let seconds = took.percentile(0.5) / 1000.0;
    let detail = format!("median of {} films, {}", took.count(), took.summary());
    Ok(row::print(&what, seconds, "s", arguments.under, false, &detail))
}

/// Waits for a webhook and says 204.
fn received(receiver: &TcpListener) -> Result<Value, Failure> {
    let (stream, _) = receiver.accept()?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut stream = reader.into_inner();
    stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")?;
    Ok(serde_json::from_slice(&body)?)
}
