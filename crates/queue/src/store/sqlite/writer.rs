//! The one connection that writes: what is waiting when it begins shares one commit.
//!
//! A commit waits for the disk. Callers therefore hand in their work, the writer runs all that is there inside one
//! transaction, each in a savepoint of its own, commits once, and answers everybody after that.

use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::error::{Error, Result};

/// A future that borrows the connection.
pub type Running<'c, T> = Pin<Box<dyn Future<Output = T> + Send + 'c>>;

/// Told after the commit how that went.
type Answer = Box<dyn FnOnce(std::result::Result<(), String>) + Send>;

/// One caller's work: whether its savepoint stays, and how to tell the caller.
type Work = Box<dyn for<'c> FnOnce(&'c mut SqliteConnection) -> Running<'c, (bool, Answer)> + Send>;

/// No more than this many callers wait for one commit.
const GROUP: usize = 256;

pub struct Writer {
    work: Mutex<Option<mpsc::Sender<Work>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub async fn open(options: &SqliteConnectOptions) -> Result<Self> {
        let connection = options.connect().await?;
        let (send, receive) = mpsc::channel(GROUP);
        let task = tokio::spawn(write_all(connection, receive));
        Ok(Self {
            work: Mutex::new(Some(send)),
            task: Mutex::new(Some(task)),
        })
    }

    /// Runs work in a transaction; returns once that is on the disk. An error undoes all of it.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> Running<'c, Result<T>> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            Box::pin(async move {
                let result = work(connection).await;
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

    pub async fn close(&self) {
        drop(self.work.lock().ok().and_then(|mut sender| sender.take()));
        let task = self.task.lock().ok().and_then(|mut task| task.take());
        if let Some(task) = task {
            // The task ends when the channel does; it has nothing to tell.
            let _ = task.await;
        }
    }
}

async fn write_all(mut connection: SqliteConnection, mut work: mpsc::Receiver<Work>) {
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
    connection: &mut SqliteConnection,
    group: &mut Vec<Work>,
    answers: &mut Vec<Answer>,
) -> std::result::Result<(), sqlx::Error> {
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    for work in group.drain(..) {
        sqlx::query("SAVEPOINT work").execute(&mut *connection).await?;
        let (keep, answer) = work(connection).await;
        answers.push(answer);
        if !keep {
            sqlx::query("ROLLBACK TO work").execute(&mut *connection).await?;
        }
        sqlx::query("RELEASE work").execute(&mut *connection).await?;
    }
    sqlx::query("COMMIT").execute(&mut *connection).await?;
    Ok(())
}
