//! Turns at what one at a time does, among all servers.

use std::time::Duration;

use super::row::millis;
use crate::error::Result;
use crate::queue::Queue;

impl Queue {
    /// Takes a turn at a task, or goes on with it, for so long; false while it is another's.
    pub async fn take_turn(&self, task: &str, holder: &str, life: Duration) -> Result<bool> {
        let now = self.clock.now();
        let given = (task.to_owned(), holder.to_owned(), millis(now), millis(now + life));
        self.write(given, |connection, (task, holder, now, until)| {
            Box::pin(async move {
                let taken = sqlx::query(
                    "INSERT INTO turns (task, holder, until) VALUES ($1, $2, $4)
                     ON CONFLICT (task) DO UPDATE SET holder = excluded.holder, until = excluded.until
                     WHERE turns.holder = excluded.holder OR turns.until <= $3",
                )
                .bind(task)
                .bind(holder)
                .bind(*now)
                .bind(*until)
                .execute(connection)
                .await?;
                Ok(taken.rows_affected() == 1)
            })
        })
        .await
    }

    /// Gives a turn back before its time, if it still is the holder's.
    pub async fn end_turn(&self, task: &str, holder: &str) -> Result<()> {
        let given = (task.to_owned(), holder.to_owned());
        self.write(given, |connection, (task, holder)| {
            Box::pin(async move {
                sqlx::query("DELETE FROM turns WHERE task = $1 AND holder = $2")
                    .bind(task)
                    .bind(holder)
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}
