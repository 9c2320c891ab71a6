//! Word within this process that a job may have changed: saves event streams the wait until they look by themselves.

use tokio::sync::watch;

/// Tells those who wait that something may have changed.
pub struct News {
    count: watch::Sender<u64>,
}

impl Default for News {
    fn default() -> Self {
        Self {
            count: watch::Sender::new(0),
        }
    }
}

impl News {
    /// Something may have changed.
    pub fn tell(&self) {
        self.count.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// What comes after now. Take it before looking.
    pub fn listen(&self) -> Listener {
        Listener(self.count.subscribe())
    }
}

/// Hears the news since it was made or last heard some.
pub struct Listener(watch::Receiver<u64>);

impl Listener {
    /// Completes with the next news.
    pub async fn next(&mut self) {
        // The sender lives as long as the app; without it there is no news.
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
