//! A line of the table: what was measured, what came out, what is wanted.

use std::time::Duration;

/// Prints a line; whether what is wanted was met.
///
/// `limit` is what the value must reach (`at_least`) or stay under.
pub fn print(what: &str, value: f64, unit: &str, limit: Option<f64>, at_least: bool, detail: &str) -> bool {
    let is_met = limit.is_none_or(|limit| if at_least { value >= limit } else { value < limit });
    let wanted = match limit {
        None => "-".to_owned(),
        Some(limit) => format!("{} {limit} {unit}", if at_least { "at least" } else { "under" }),
    };
    let verdict = match (limit, is_met) {
        (None, _) => "-",
        (_, true) => "met",
        (_, false) => "MISSED",
    };
    let digits = if value < 100.0 { 2 } else { 0 };
    println!("{what}\t{value:.digits$} {unit}\t{wanted}\t{verdict}\t{detail}");
    is_met
}

/// Durations in order, to read percentiles from.
pub struct Durations(Vec<Duration>);

impl Durations {
    /// Sorts them.
    pub fn of(mut durations: Vec<Duration>) -> Self {
        durations.sort_unstable();
        Self(durations)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The one that this share is not longer than, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        let at = (share * last as f64).round() as usize;
        self.0.get(at).map_or(0.0, |duration| duration.as_secs_f64() * 1000.0)
    }

    /// "p50 1.2 ms, p99 3.4 ms, longest 5.6 ms".
    pub fn summary(&self) -> String {
        let at = |share| self.percentile(share);
        format!(
            "p50 {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
            at(0.5),
            at(0.99),
            at(1.0)
        )
    }
}
