//! One child process: started, spoken to, listened to, ended with all it started.

use std::collections::VecDeque;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;

use super::messages::{Said, Told};
use crate::config::{ChildProgram, Config};
use crate::redact::Redactor;

/// Variables of the worker's environment that a child needs; tokens and keys are not among them.
const KEPT: &[&str] = &[
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "FILMPRESS_LOG",
    "LD_LIBRARY_PATH",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SystemRoot",
    "TEMP",
    "TMP",
    "TMPDIR",
];
/// Longest message of a child: one whose drawing went wild must not fill the worker.
const MAX_LINE: usize = 8 << 20;
/// Messages read ahead.
const AHEAD: usize = 64;
/// Lines of its standard error remembered.
const LAST_WORDS: usize = 5;
/// How long a process whose output has ended may take to be gone.
const GONE: Duration = Duration::from_secs(5);

/// A child process. Dropped, it is ended.
pub(super) struct Child {
    process: tokio::process::Child,
    group: Option<u32>,
    input: ChildStdin,
    said: mpsc::Receiver<Said>,
    last_words: Arc<Mutex<VecDeque<String>>>,
    /// What its standard error must not show.
    redactor: Arc<Mutex<Redactor>>,
    /// Jobs it was given.
    pub jobs: u32,
}

impl Child {
    /// Starts a process and tells it what to work with.
    pub(super) async fn start(program: &ChildProgram, config: &Config) -> std::io::Result<Self> {
        let mut command = Command::new(&program.program);
        command
            .args(&program.arguments)
            .env_clear()
            .envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
            // The allocator maps memory ahead, a gigabyte at once if not told otherwise, and the limit of a job counts that.
            .env("MIMALLOC_ARENA_RESERVE", "64MiB")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // A group of its own: encoders it starts are counted and ended with it, and Ctrl-C is the worker's to hear.
        #[cfg(unix)]
        command.process_group(0);
        let mut process = command.spawn()?;
        let missing = || std::io::Error::other("a pipe is missing");
        let input = process.stdin.take().ok_or_else(missing)?;
        let output = process.stdout.take().ok_or_else(missing)?;
        let errors = process.stderr.take().ok_or_else(missing)?;
        let (last_words, redactor) = (Arc::default(), Arc::default());
        tokio::spawn(pass_on(errors, Arc::clone(&last_words), Arc::clone(&redactor)));
        let (sender, said) = mpsc::channel(AHEAD);
        tokio::spawn(listen(output, sender));
        let mut child = Self {
            group: process.id(),
            process,
            input,
            said,
            last_words,
            redactor,
            jobs: 0,
        };
        child.tell(&Told::Begin(Box::new(config.clone()))).await?;
        Ok(child)
    }

    /// From now on nothing it writes to its standard error shows these values.
    pub(super) fn redact(&self, redactor: &Redactor) {
        *self.redactor.lock().unwrap_or_else(PoisonError::into_inner) = redactor.clone();
    }

    /// The process group.
    pub(super) fn group(&self) -> u32 {
        self.group.unwrap_or(0)
    }

    pub(super) async fn tell(&mut self, told: &Told) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(told)?;
        line.push(b'\n');
        self.input.write_all(&line).await?;
        self.input.flush().await
    }

    /// The next message; `None` once the process is gone or says what no child says. May be dropped and called again.
    pub(super) async fn next(&mut self) -> Option<Said> {
        self.said.recv().await
    }

    /// Whether it still runs.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// Ends it and all it started.
    pub(super) fn kill(&mut self) {
        // Only while it has not been waited for: later the number may be another's.
        #[cfg(unix)]
        if let Some(group) = self
            .process
            .id()
            .and_then(|id| rustix::process::Pid::from_raw(id as i32))
        {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.process.start_kill();
    }

    /// How it ended; one that does not end is killed.
    pub(super) async fn ended(&mut self) -> Option<ExitStatus> {
        if tokio::time::timeout(GONE, until_zombie(self.group())).await.is_err() {
            tracing::warn!("a child process closed its output and stays; killing it");
        }
        // Encoders first, while the group's number is surely ours.
        #[cfg(unix)]
        if let Some(group) = self
            .process
            .id()
            .and_then(|id| rustix::process::Pid::from_raw(id as i32))
        {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        tokio::time::timeout(GONE, self.process.wait()).await.ok()?.ok()
    }

    /// The last it wrote to its standard error.
    pub(super) fn last_words(&self) -> String {
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        words.iter().map(String::as_str).collect::<Vec<_>>().join(" | ")
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until a process has ended by itself, without taking its number away.
async fn until_zombie(process: u32) {
    loop {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let state = stat.rsplit_once(") ").and_then(|(_, after)| after.chars().next());
        if matches!(state, None | Some('Z' | 'X')) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Reads messages until the output ends or makes no sense.
async fn listen(output: ChildStdout, sender: mpsc::Sender<Said>) {
    let mut reader = BufReader::new(output);
    while let Ok(Some(line)) = line(&mut reader, MAX_LINE).await {
        match serde_json::from_slice(&line) {
            Ok(said) => {
                if sender.send(said).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                tracing::error!(%error, "a child process says what no child says");
                return;
            }
        }
    }
}

/// Passes standard error on to ours, and remembers its end.
async fn pass_on(
    errors: impl AsyncRead + Unpin,
    last_words: Arc<Mutex<VecDeque<String>>>,
    redactor: Arc<Mutex<Redactor>>,
) {
    let mut reader = BufReader::new(errors);
    while let Ok(Some(line)) = line(&mut reader, 1 << 16).await {
        let redactor = redactor.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let text = redactor.clean(String::from_utf8_lossy(&line).trim_end()).into_owned();
        let mut ours = std::io::stderr().lock();
        let _ = std::io::Write::write_all(&mut ours, format!("{text}\n").as_bytes());
        drop(ours);
        let mut words = last_words.lock().unwrap_or_else(PoisonError::into_inner);
        words.push_back(text.chars().take(500).collect());
        if words.len() > LAST_WORDS {
            words.pop_front();
        }
    }
}

/// The next line, without its end; an error if it is longer than `limit`.
async fn line(reader: &mut (impl AsyncBufReadExt + Unpin), limit: usize) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    loop {
        let available = reader.fill_buf().await?;
        if available.is_empty() {
            return Ok((!line.is_empty()).then_some(line));
        }
        let end = available.iter().position(|byte| *byte == b'\n');
        let part = available.get(..end.unwrap_or(available.len())).unwrap_or_default();
        if line.len() + part.len() > limit {
            return Err(std::io::Error::other("a line is too long"));
        }
        line.extend_from_slice(part);
        let used = end.map_or(available.len(), |end| end + 1);
        reader.consume(used);
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_end_where_they_do_or_are_too_long() {
        let mut reader = BufReader::with_capacity(3, &b"one\n\ntwo too\nthree"[..]);
        assert_eq!(line(&mut reader, 7).await.unwrap().unwrap(), b"one");
        assert_eq!(line(&mut reader, 7).await.unwrap().unwrap(), b"");
        assert_eq!(line(&mut reader, 7).await.unwrap().unwrap(), b"two too");
        assert!(line(&mut reader, 4).await.is_err());
    }
}
