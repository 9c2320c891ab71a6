//! Programs that are read from, and ended when nobody wants the result any more.

use std::io::Read;
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::MediaError;
use crate::encode::Killer;
use crate::programs::last_lines;

/// How often the flag that cancels is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// The programs that run for a join. A program that hangs holds up whoever reads from it: it is ended from another
/// thread.
#[derive(Debug, Default)]
pub(super) struct Watch {
    running: Mutex<Vec<Killer>>,
}

impl Watch {
    /// Ends this one too when it comes to that.
    pub(super) fn add(&self, killer: Killer) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).push(killer);
    }

    /// Runs `work`; ends all programs when the flag rises meanwhile.
    pub(super) fn while_running<T>(&self, cancel: &AtomicBool, work: impl FnOnce() -> T) -> T {
        let (running, over) = std::sync::mpsc::channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                // The channel closes when the work is over, even by a panic.
                while over.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                    if cancel.load(Ordering::Relaxed) {
                        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
                        running.iter().for_each(Killer::kill);
                    }
                }
            });
            let _running = running;
            work()
        })
    }
}

/// A program whose standard output is read. Dropped, it is ended.
pub(super) struct Reader {
    child: Killer,
    output: ChildStdout,
    complaints: Option<JoinHandle<String>>,
}

impl Reader {
    pub(super) fn start(mut command: Command, program: &Path, watch: &Watch) -> Result<Self, MediaError> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(MediaError::start(program))?;
        let complaints = child.stderr.take().map(|e| std::thread::spawn(move || last_lines(e)));
        let output = child.stdout.take();
        let child = Killer::of(child);
        let Some(output) = output else {
            child.kill();
            return Err(MediaError::Encoder("ffmpeg has no output".to_owned()));
        };
        watch.add(child.clone());
        Ok(Self {
            child,
            output,
            complaints,
        })
    }

    /// Reads until the buffer is full or the output ends; says how much that is.
    pub(super) fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, MediaError> {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.output.read(rest) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(MediaError::Encoder(format!("ffmpeg's output: {error}"))),
            }
        }
        Ok(filled)
    }

    /// Hears how a program whose output has ended did.
    pub(super) fn finish(mut self) -> Result<(), MediaError> {
        let status = self.child.wait();
        let said = self.complaints.take().and_then(|thread| thread.join().ok());
        match status {
            Ok(status) if status.success() => Ok(()),
            _ => Err(MediaError::Malformed {
                format: "film",
                reason: said.unwrap_or_default(),
            }),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.child.kill();
        let _ = self.child.wait();
    }
}
