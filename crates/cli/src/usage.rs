//! What this process has used so far: CPU time and memory. Linux only; elsewhere nothing is known.

/// CPU seconds in user and system mode.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cpu {
    /// Of all threads, those that have ended too.
    pub own: f64,
    /// Of programs this one started that have ended.
    pub children: f64,
}

/// The CPU time used so far.
///
/// Linux counts it in clock ticks of 1/100 s, which is fine over seconds.
pub fn cpu() -> Option<Cpu> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name, in parentheses, may hold blanks; after it utime, stime, cutime and cstime are the 12th to the
    // 15th field.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let mut both = || -> Option<f64> {
        let user: f64 = fields.next()?.parse().ok()?;
        let system: f64 = fields.next()?.parse().ok()?;
        Some((user + system) / TICKS_PER_SECOND)
    };
    Some(Cpu {
        own: both()?,
        children: both()?,
    })
}

/// The most memory this process has held at once, in MB of 1024 * 1024 bytes.
pub fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes / 1024.0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_and_memory_grow_with_work() {
        let before = cpu().unwrap();
        let held = peak_memory().unwrap();
        let mut memory = Vec::new();
        let mut x = 0u64;
        while cpu().unwrap().own - before.own < 0.02 || memory.len() < 4_000_000 {
            x = std::hint::black_box(x.wrapping_mul(3) + 1);
            memory.push(x);
        }
        assert!(cpu().unwrap().own > before.own);
        // Other tests of this process may have held more before.
        let peak = peak_memory().unwrap();
        assert!(
            peak >= held && peak * 1_048_576.0 >= (memory.len() * 8) as f64,
            "{held} MB, then {peak} MB"
        );
    }
}
