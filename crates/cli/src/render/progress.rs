//! How far it is: a bar on a terminal, a line every few seconds otherwise.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use filmpress_worker::film::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// Time between two lines where there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(2);

/// Shows progress on standard error.
pub(super) enum Shown {
    /// A bar; made with the first report, when the total is known.
    Bar(Option<ProgressBar>),
    /// Lines; when the last one was written.
    Lines(Instant),
}

impl Shown {
    /// A bar if standard error is a terminal.
    pub fn new() -> Self {
        if std::io::stderr().is_terminal() {
            Self::Bar(None)
        } else {
            Self::Lines(Instant::now())
        }
    }

    /// Shows it.
    pub fn report(&mut self, progress: Progress) {
        match self {
            Self::Bar(bar) => {
                let bar = bar.get_or_insert_with(|| {
                    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} frames  {msg}");
                    ProgressBar::new(u64::from(progress.total))
                        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
                });
                bar.set_position(u64::from(progress.done));
                bar.set_message(rate(progress));
            }
            Self::Lines(last) if last.elapsed() >= BETWEEN_LINES => {
                *last = Instant::now();
                eprintln!("{}/{} frames  {}", progress.done, progress.total, rate(progress));
            }
            Self::Lines(_) => {}
        }
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        if let Self::Bar(Some(bar)) = self {
            bar.finish_and_clear();
        }
    }
}

fn rate(progress: Progress) -> String {
    let left = f64::from(progress.total - progress.done.min(progress.total)) / progress.frames_per_second.max(1e-6);
    format!("{:.1} frames/s  {:.0} s left", progress.frames_per_second, left.ceil())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_follows_from_the_rate() {
        let progress = Progress {
            done: 50,
            total: 200,
            frames_per_second: 25.0,
        };
        assert_eq!(rate(progress), "25.0 frames/s  6 s left");
    }
}
