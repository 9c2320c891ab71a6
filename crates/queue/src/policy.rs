//! How long and how often: every duration the queue goes by.

use std::time::Duration;

/// How long and how often.
#[derive(Clone, Debug)]
pub struct Policy {
    /// How long a worker keeps a job without a heartbeat.
    pub lease: Duration,
    /// How many attempts a job may spend, lost and failed ones together.
    pub max_attempts: u32,
    /// How long a job waits after its first, second ... retryable failure; the last one holds for all further.
    pub backoff: Vec<Duration>,
    /// Progress is written no more often than this.
    pub progress_interval: Duration,
    /// How long a webhook waits after its first, second ... failed try. After as many tries more it is given up.
    pub webhook_retries: Vec<Duration>,
    /// After so many distinct jobs in a row that failed at a worker, it is given none for a while.
    pub quarantine_after: u32,
    /// For so long.
    pub quarantine: Duration,
    /// An idempotency key is known for so long.
    pub idempotency: Duration,
    /// A server that reads a template keeps it for so long; then another reads it.
    pub reading_lease: Duration,
    /// What is kept for how long.
    pub retention: Retention,
}

/// What is kept for how long after a job has ended; `None`: for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Outputs and posters.
    pub outputs: Option<Duration>,
    /// The jobs themselves.
    pub jobs: Option<Duration>,
    /// Logs, and what assets were filled with.
    pub logs: Option<Duration>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            lease: Duration::from_mins(1),
            max_attempts: 3,
            backoff: vec![Duration::from_secs(5), Duration::from_secs(20)],
            progress_interval: Duration::from_secs(1),
            // The first three are the contract's; together they reach over 24 hours.
            webhook_retries: vec![
                Duration::from_secs(30),
                Duration::from_secs(90),
                Duration::from_mins(3),
                Duration::from_mins(10),
                Duration::from_mins(30),
                Duration::from_hours(1),
                Duration::from_hours(2),
                Duration::from_hours(4),
                Duration::from_hours(8),
                Duration::from_mins(520),
            ],
            quarantine_after: 5,
            quarantine: Duration::from_mins(5),
            idempotency: Duration::from_hours(24),
            reading_lease: Duration::from_mins(5),
            retention: Retention::default(),
        }
    }
}

impl Policy {
    /// The wait after so many spent attempts.
    pub fn backoff_after(&self, spent: u32) -> Duration {
        let index = (spent.max(1) as usize - 1).min(self.backoff.len().saturating_sub(1));
        self.backoff.get(index).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Policy;

    #[test]
    fn webhooks_are_tried_for_a_day() {
        let policy = Policy::default();
        let window: Duration = policy.webhook_retries.iter().sum();
        assert!((24..26).contains(&(window.as_secs() / 3600)), "{window:?}");
        assert!(policy.webhook_retries.is_sorted());
    }

    #[test]
    fn the_last_backoff_holds_for_all_further() {
        let policy = Policy::default();
        assert_eq!(policy.backoff_after(1), Duration::from_secs(5));
        assert_eq!(policy.backoff_after(9), Duration::from_secs(20));
        assert_eq!(
            Policy {
                backoff: vec![],
                ..policy
            }
            .backoff_after(1),
            Duration::ZERO
        );
    }
}
