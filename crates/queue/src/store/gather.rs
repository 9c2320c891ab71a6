//! Calls that are made at the same time are answered together: one look at the database, one transaction for all of them.
//!
//! Nobody waits for others to come: whoever calls while nothing is under way is served at once, and those who call
//! meanwhile are the next group.

use tokio::sync::{mpsc, oneshot};

use crate::error::{Error, Result};

/// No more than this many calls are one group.
const GROUP: usize = 64;

type Call<Q, A> = (Q, oneshot::Sender<Result<A>>);

/// Where calls of one kind come together.
pub struct Gather<Q, A>(mpsc::Sender<Call<Q, A>>);

impl<Q: Send + 'static, A: Send + 'static> Gather<Q, A> {
    /// With the work that answers a group: in the order of the questions, an answer for each.
    pub fn new<F, R>(work: F) -> Self
    where
        F: Fn(Vec<Q>) -> R + Send + Sync + 'static,
        R: Future<Output = Vec<Result<A>>> + Send + 'static,
    {
        let (send, mut receive) = mpsc::channel::<Call<Q, A>>(GROUP);
        tokio::spawn(async move {
            let mut group = Vec::with_capacity(GROUP);
            while receive.recv_many(&mut group, GROUP).await > 0 {
                // Who went away before it began asks for nothing any more.
                group.retain(|(_, caller)| !caller.is_closed());
                let (questions, callers): (Vec<_>, Vec<_>) = group.drain(..).unzip();
                for (answer, caller) in work(questions).await.into_iter().zip(callers) {
                    // A caller that goes away meanwhile does not hear; what it asked for is done all the same.
                    let _ = caller.send(answer);
                }
            }
        });
        Self(send)
    }

    pub async fn ask(&self, question: Q) -> Result<A> {
        let closed = || Error::Store("the queue is closed".to_owned());
        let (tell, told) = oneshot::channel();
        self.0.send((question, tell)).await.map_err(|_| closed())?;
        told.await.map_err(|_| closed())?
    }
}
