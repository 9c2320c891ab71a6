//! Transactions.
//!
//! On SQLite one connection writes. A commit waits for the disk; callers therefore hand in their work, the writer runs all
//! that is there inside one transaction, each in a savepoint of its own, commits once, and answers everybody after that.
//! On PostgreSQL each caller has a transaction of its own, which is run again where the database asks for that.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::RngExt;
use sqlx::{AnyConnection, AnyPool, Connection};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::error::{Error, Result};

/// A future that borrows the connection.
pub type Running<'c, T> = Pin<Box<dyn Future<Output = T> + Send + 'c>>;

/// Told after the commit how that went.
type Answer = Box<dyn FnOnce(std::result::Result<(), String>) + Send>;

/// One caller's work: whether its savepoint stays, and how to tell the caller.
type Work = Box<dyn for<'c> FnOnce(&'c mut AnyConnection) -> Running<'c, (bool, Answer)> + Send>;

/// No more than this many callers wait for one commit.
const GROUP: usize = 256;

/// A transaction that others got in the way of is run so often.
const TRIES: u32 = 8;

/// What PostgreSQL plans in a transaction it may keep for long, and the table it saw was small: every change has an index.
const BEGIN: &str = "BEGIN; SET LOCAL enable_seqscan = off";

pub enum Writer {
    Grouped(Grouped),
    Pooled(AnyPool),
}

pub struct Grouped {
    work: Mutex<Option<mpsc::Sender<Work>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub fn grouped(connection: AnyConnection) -> Self {
        let (send, receive) = mpsc::channel(GROUP);
        let task = tokio::spawn(write_all(connection, receive));
        Self::Grouped(Grouped {
            work: Mutex::new(Some(send)),
            task: Mutex::new(Some(task)),
        })
    }

    pub fn pooled(pool: AnyPool) -> Self {
        Self::Pooled(pool)
    }

    /// Runs work in a transaction; returns once that is on the disk. An error undoes all of it. The work may be run
    /// several times, of which only the last one stays.
    pub async fn write<P, T, F>(&self, given: P, work: F) -> Result<T>
    where
        P: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'c> Fn(&'c mut AnyConnection, &'c P) -> Running<'c, Result<T>> + Send + Sync + 'static,
    {
        match self {
            Self::Grouped(grouped) => grouped.write(given, work).await,
            Self::Pooled(pool) => write_pooled(pool, &given, &work).await,
        }
    }

    pub async fn close(&self) {
        match self {
            Self::Grouped(grouped) => grouped.close().await,
            Self::Pooled(pool) => pool.close().await,
        }
    }
}

/// A transaction of the caller's own, run again where others got in its way.
async fn write_pooled<P, T, F>(pool: &AnyPool, given: &P, work: &F) -> Result<T>
where
    P: Sync,
    F: for<'c> Fn(&'c mut AnyConnection, &'c P) -> Running<'c, Result<T>> + Sync,
{
    let mut tries = 0;
    loop {
        let mut transaction = pool.begin_with(BEGIN).await?;
        let result = work(&mut transaction, given).await;
        let error = match result {
            Ok(result) => match transaction.commit().await {
                Ok(()) => return Ok(result),
                Err(error) => Error::from(error),
            },
            Err(error) => {
                // The connection may be gone; then there is nothing to undo.
                let _ = transaction.rollback().await;
                error
            }
        };
        tries += 1;
        if !matches!(error, Error::Busy(_)) || tries == TRIES {
            return Err(error);
        }
        let wait = rand::rng().random_range(1..=10_u64 << tries.min(4));
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}

impl Grouped {
    async fn write<P, T, F>(&self, given: P, work: F) -> Result<T>
    where
        P: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'c> Fn(&'c mut AnyConnection, &'c P) -> Running<'c, Result<T>> + Send + Sync + 'static,
    {
        let (tell, told) = oneshot::channel();
        let given = Arc::new(given);
        let work: Work = Box::new(move |connection| {
            Box::pin(async move {
                let result = work(connection, &given).await;
                let keep = result.is_ok();
                let answer: Answer = Box::new(move |committed| {
                    let result = match committed {
                        Err(error) if keep => Err(Error::Store(error)),
                        _ => result,
                    };
                    // A caller that went away does not hear; what it asked for is done all the same.
                    let _ = tell.send(result);
                });
                (keep, answer)
            })
        });
        let sender = self.work.lock().ok().and_then(|sender| sender.clone());
        let closed = || Error::Store("the queue is closed".to_owned());
        sender.ok_or_else(closed)?.send(work).await.map_err(|_| closed())?;
        told.await
            .map_err(|_| Error::Store("the transaction could not begin".to_owned()))?
    }

    async fn close(&self) {
        drop(self.work.lock().ok().and_then(|mut sender| sender.take()));
        let task = self.task.lock().ok().and_then(|mut task| task.take());
        if let Some(task) = task {
            // The task ends when the channel does; it has nothing to tell.
            let _ = task.await;
        }
    }
}

async fn write_all(mut connection: AnyConnection, mut work: mpsc::Receiver<Work>) {
    let mut group = Vec::with_capacity(GROUP);
    while work.recv_many(&mut group, GROUP).await > 0 {
        let mut answers = Vec::with_capacity(group.len());
        let committed = write_group(&mut connection, &mut group, &mut answers).await;
        if committed.is_err() {
            // Whatever state the transaction is in, the next group begins with none.
            let _ = sqlx::query("ROLLBACK").execute(&mut connection).await;
        }
        let committed = committed.map_err(|error| error.to_string());
        for answer in answers {
            answer(committed.clone());
        }
        group.clear();
    }
    let _ = connection.close().await;
}

async fn write_group(
    connection: &mut AnyConnection,
    group: &mut Vec<Work>,
    answers: &mut Vec<Answer>,
) -> std::result::Result<(), sqlx::Error> {
    let (mut next, mut last) = ("BEGIN IMMEDIATE; SAVEPOINT work", "");
    for work in group.drain(..) {
        sqlx::raw_sql(next).execute(&mut *connection).await?;
        let (keep, answer) = work(connection).await;
        answers.push(answer);
        (next, last) = if keep {
            ("RELEASE work; SAVEPOINT work", "RELEASE work; COMMIT")
        } else {
            let next = "ROLLBACK TO work; RELEASE work; SAVEPOINT work";
            (next, "ROLLBACK TO work; RELEASE work; COMMIT")
        };
    }
    sqlx::raw_sql(last).execute(&mut *connection).await?;
    Ok(())
}
