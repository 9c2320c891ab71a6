//! Sees what hangs, and tells faults with what brings them back.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

/// The processor time this thread has had. A thread that others keep from running does not hang.
pub fn thread_time() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    match text.split(' ').next().map(str::parse) {
        Some(Ok(nanoseconds)) => Duration::from_nanos(nanoseconds),
        // Not on Linux: by the clock.
        _ => START.get_or_init(Instant::now).elapsed(),
    }
}

/// Longer than this is a fault.
const HANG: Duration = Duration::from_secs(5);
/// Longer than this ends the program.
const FATAL: Duration = Duration::from_mins(2);

/// One damaged file.
#[derive(Clone)]
pub struct Run {
    /// The file.
    pub path: PathBuf,
    /// Its damage.
    pub seed: u64,
}

type Slots = Arc<Vec<Mutex<Option<(Run, Instant)>>>>;

/// What the workers are at.
pub struct Watch {
    slots: Slots,
}

static FAULTS: AtomicUsize = AtomicUsize::new(0);
static RUNNING: Mutex<Option<Slots>> = Mutex::new(None);

impl Watch {
    /// Starts to watch so many workers.
    pub fn start(workers: usize) -> Self {
        let slots: Slots = Arc::new((0..workers).map(|_| Mutex::new(None)).collect());
        if let Ok(mut running) = RUNNING.lock() {
            *running = Some(slots.clone());
        }
        let watched = slots.clone();
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_secs(1));
                for slot in &*watched {
                    let Ok(slot) = slot.lock() else { continue };
                    if let Some((run, since)) = &*slot
                        && since.elapsed() > FATAL
                    {
                        eprintln!("hang of two minutes: --seed {} {}", run.seed, run.path.display());
                        std::process::exit(3);
                    }
                }
            }
        });
        Self { slots }
    }

    /// A worker begins.
    pub fn begin(&self, worker: usize, run: Run) {
        if let Some(Ok(mut slot)) = self.slots.get(worker).map(Mutex::lock) {
            *slot = Some((run, Instant::now()));
        }
    }

    /// A worker is done.
    pub fn end(&self, worker: usize, took: Duration) {
        let run = self.slots.get(worker).and_then(|slot| slot.lock().ok()?.take());
        if took > HANG
            && let Some((run, _)) = run
        {
            self.fault("hang", &format!("{took:?}, --seed {} {}", run.seed, run.path.display()));
        }
    }

    /// Tells a fault.
    #[allow(clippy::unused_self, reason = "the watch is who tells")]
    pub fn fault(&self, kind: &str, what: &str) {
        FAULTS.fetch_add(1, Ordering::Relaxed);
        eprintln!("{kind}: {what}");
    }

    /// How many were told.
    #[allow(clippy::unused_self, reason = "the watch is who counted")]
    pub fn faults(&self) -> usize {
        FAULTS.load(Ordering::Relaxed)
    }
}

/// The words of a panic, in one line; the worker tells the seed.
pub fn note_panic(message: &str) {
    eprintln!("{}", message.replace('\n', " "));
}

/// Tells what everyone was at and ends the program.
pub fn fatal(why: &str) {
    if let Ok(Some(slots)) = RUNNING.try_lock().as_deref() {
        for slot in slots.iter() {
            if let Ok(Some((run, _))) = slot.try_lock().as_deref() {
                eprintln!("{why}: --seed {} {}", run.seed, run.path.display());
            }
        }
    }
    std::process::exit(3);
}
