//! What processes use, as Linux tells in `/proc`. Elsewhere nothing is known and nothing is limited by it.

use std::fs;
use std::path::Path;
use std::time::Duration;

/// Ticks a second of the times in `/proc/PID/stat`: part of Linux' interface, the same on every machine.
const TICKS: u64 = 100;

/// What the processes of a group use together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Usage {
    /// Bytes in memory.
    pub memory: u64,
    /// Processor time, with that of processes already gone.
    pub cpu: Duration,
}

impl Usage {
    /// Of all processes in a group.
    pub(super) fn of_group(group: u32) -> Self {
        let mut usage = Self::default();
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let name = entry.file_name();
            if !name.as_encoded_bytes().first().is_some_and(u8::is_ascii_digit) {
                continue;
            }
            let path = entry.path();
            let Some(stat) = fs::read_to_string(path.join("stat")).ok() else {
                continue;
            };
            if let Some(cpu) = cpu_of_member(&stat, group) {
                usage.cpu += cpu;
                usage.memory += memory(&path).unwrap_or(0);
            }
        }
        usage
    }
}

/// The processor time in a line of `stat`, if the process is of the group.
fn cpu_of_member(stat: &str, group: u32) -> Option<Duration> {
    // The program's name stands in brackets and may hold anything, brackets too.
    let (_, after) = stat.rsplit_once(')')?;
    let mut fields = after.split_ascii_whitespace();
    // state, parent, group ... and, eight further on, times of its own and of its ended children.
    if fields.nth(2)?.parse() != Ok(group) {
        return None;
    }
    let ticks: u64 = fields
        .skip(8)
        .take(4)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Some(Duration::from_millis(ticks * 1000 / TICKS))
}

fn memory(process: &Path) -> Option<u64> {
    kilobytes(&fs::read_to_string(process.join("status")).ok()?, "VmRSS:")
}

/// The bytes behind a name in `/proc/PID/status` or `/proc/meminfo`.
fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.split_ascii_whitespace().next()?.parse().ok()?;
    Some(kilobytes << 10)
}

/// Memory of this machine, or of the container if that has less; `None` where it cannot be told.
pub(crate) fn machine_memory() -> Option<u64> {
    let all = kilobytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemTotal:")?;
    let own = fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let own = own.and_then(|text| text.trim().parse().ok());
    Some(own.map_or(all, |own: u64| own.min(all)))
}

/// How many processes of this container the system has ended for want of memory.
pub(super) fn killed_for_memory() -> u64 {
    let events = fs::read_to_string("/sys/fs/cgroup/memory.events").unwrap_or_default();
    let count = events.lines().find_map(|line| line.strip_prefix("oom_kill "));
    count.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn groups_and_times_are_read_past_any_name() {
        let stat = "7 (a) S 9 9) S 1 42 42 0 -1 4194304 100 200 0 0 150 50 25 75 20 0 1 0 5 1 2";
        assert_eq!(cpu_of_member(stat, 42), Some(Duration::from_secs(3)));
        assert_eq!(cpu_of_member(stat, 43), None);
        assert_eq!(cpu_of_member("", 42), None);
    }

    #[test]
    fn memory_of_this_machine_and_process() {
        let own = memory(Path::new("/proc/self")).unwrap();
        assert!(own > 1 << 20 && own < machine_memory().unwrap(), "{own}");
    }
}
