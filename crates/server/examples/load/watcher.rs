//! Somebody who keeps looking at jobs while others post and claim.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::connection::Connection;
use crate::row::{self, Durations};
use crate::{Failure, Target};

/// Between two looks: 200 a second would be a busy dashboard.
const PAUSE: Duration = Duration::from_millis(5);

/// A thread that does `GET /jobs/{id}` over and over.
pub struct Watcher {
    ends: Arc<AtomicBool>,
    thread: JoinHandle<Result<Durations, Failure>>,
}

impl Watcher {
    /// Starts, if there are ids to look at.
    pub fn start(target: &Target) -> Result<Option<Self>, Failure> {
        let Some(file) = &target.ids else { return Ok(None) };
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let ids: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut connection = Connection::open(&target.url, &target.token)?;
        let ends = Arc::new(AtomicBool::new(false));
        let asked = ends.clone();
        let thread = std::thread::spawn(move || {
            let mut took = Vec::new();
            // A stride that is prime visits them all, far apart.
            for at in (0..).step_by(7919) {
                if asked.load(Ordering::Relaxed) {
                    break;
                }
                let Some(id) = ids.get(at % ids.len().max(1)) else {
                    break;
                };
                let path = format!("/api/v2/jobs/{id}");
                let begun = Instant::now();
                connection.call("GET", &path, "")?.expect(200)?;
                took.push(begun.elapsed());
                std::thread::sleep(PAUSE);
            }
            Ok(Durations::of(took))
        });
        Ok(Some(Self { ends, thread }))
    }

    /// Ends and prints its line; whether the 99th percentile stayed under what is wanted.
    pub fn end(self, label: &str) -> Result<bool, Failure> {
        self.ends.store(true, Ordering::Relaxed);
        let took = self.thread.join().map_err(|_| "the watcher panicked")??;
        let what = format!("GET /jobs/{{id}} meanwhile, p99, {label}");
        let detail = format!("{} requests, {}", took.count(), took.summary());
        Ok(row::print(
            &what,
            took.percentile(0.99),
            "ms",
            Some(10.0),
            false,
            &detail,
        ))
    }
}
