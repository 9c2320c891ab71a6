//! The encoder program at the other end of a pipe.

use std::io::Write;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::MediaError;
use crate::programs::last_lines;

/// How often a program that should end is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Ends an encoder from another thread: one that no longer reads holds up whoever writes to it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Killer(Arc<Mutex<Child>>);

impl Killer {
    /// Of a running program.
    pub(crate) fn of(child: Child) -> Self {
        Self(Arc::new(Mutex::new(child)))
    }

    fn lock(&self) -> MutexGuard<'_, Child> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the program, if it still runs; whoever writes to it gets an error.
    pub fn kill(&self) {
        let _ = self.lock().kill();
    }

    /// Waits for the program without keeping others from ending it.
    pub(crate) fn wait(&self) -> std::io::Result<ExitStatus> {
        loop {
            if let Some(status) = self.lock().try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(LOOK);
        }
    }
}

/// A running encoder that reads frames from its standard input. Dropped before [`Pipe::finish`], it is killed.
pub(super) struct Pipe {
    child: Killer,
    frames: Option<ChildStdin>,
    complaints: Option<JoinHandle<String>>,
}

impl Pipe {
    pub(super) fn start(program: &Path, arguments: &[String]) -> Result<Self, MediaError> {
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(MediaError::start(program))?;
        let frames = child.stdin.take();
        let complaints = child
            .stderr
            .take()
            .map(|stderr| std::thread::spawn(move || last_lines(stderr)));
        Ok(Self {
            child: Killer::of(child),
            frames,
            complaints,
        })
    }

    pub(super) fn killer(&self) -> Killer {
        self.child.clone()
    }

    /// Hands over bytes; waits while the encoder is busy.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), MediaError> {
        let Some(frames) = &mut self.frames else {
            return Err(MediaError::Encoder("it has already ended".to_owned()));
        };
        // A broken pipe only says that the program ended; its own last words say why.
        frames.write_all(bytes).map_err(|_| self.end(true))
    }

    /// Closes the pipe and waits for the encoder to end well.
    pub(super) fn finish(mut self) -> Result<(), MediaError> {
        drop(self.frames.take());
        match self.child.wait() {
            Ok(status) if status.success() => Ok(()),
            _ => Err(self.end(false)),
        }
    }

    /// Ends the program and tells what it said.
    fn end(&mut self, kill: bool) -> MediaError {
        drop(self.frames.take());
        if kill {
            // It has closed its input: it is ending by itself, or it never will.
            std::thread::sleep(Duration::from_millis(50));
            self.child.kill();
        }
        let status = match self.child.wait() {
            Ok(status) => status.to_string(),
            Err(error) => error.to_string(),
        };
        let lines = self.complaints.take().and_then(|thread| thread.join().ok());
        let said = lines.unwrap_or_default();
        MediaError::Encoder(if said.is_empty() {
            format!("ffmpeg ended with {status} and said nothing")
        } else {
            format!("ffmpeg ended with {status}: {said}")
        })
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.child.kill();
        let _ = self.child.wait();
    }
}
