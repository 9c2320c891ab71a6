//! Calls that are made at the same time are answered together: one look at the database, one transaction for all of them.
//!
//! Whoever calls while nothing is under way is served at once, and those who call meanwhile are the next group.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use crate::error::{Error, Result};

/// No more than this many calls are one group.
const GROUP: usize = 64;

type Call<Q, A> = (Q, oneshot::Sender<Result<A>>);

/// Where calls of one kind come together.
pub struct Gather<Q, A>(mpsc::Sender<Call<Q, A>>);

impl<Q: Send + 'static, A: Send + 'static> Gather<Q, A> {
    /// With the work that answers a group: in the order of the questions, an answer for each.
    ///
    /// Many callers who each wait for their answer split into two groups that take turns for ever. Where a group costs much
    /// more than one call more in it, `linger` brings them together: a group waits so long at most until it is as large
    /// as the last two were together. A lone caller never waits.
    pub fn new<F, R>(linger: Duration, work: F) -> Self
    where
        F: Fn(Vec<Q>) -> R + Send + Sync + 'static,
        R: Future<Output = Vec<Result<A>>> + Send + 'static,
    {
        let (send, mut receive) = mpsc::channel::<Call<Q, A>>(GROUP);
        tokio::spawn(async move {
            let mut group = Vec::with_capacity(GROUP);
            let mut expected = 1;
            while receive.recv_many(&mut group, GROUP).await > 0 {
                if !linger.is_zero() && group.len() < expected {
                    let until = Instant::now() + linger;
                    while let Some(missing @ 1..) = expected.checked_sub(group.len())
                        && let Ok(1..) = timeout_at(until, receive.recv_many(&mut group, missing)).await
                    {
                    }
                }
                // Who went away before it began asks for nothing any more.
                group.retain(|(_, caller)| !caller.is_closed());
                let asked = group.len();
                let (questions, callers): (Vec<_>, Vec<_>) = group.drain(..).unzip();
                for (answer, caller) in work(questions).await.into_iter().zip(callers) {
                    // A caller that goes away meanwhile does not hear; what it asked for is done all the same.
                    let _ = caller.send(answer);
                }
                // Those just answered are likely to come again, beside those who wait already.
                expected = (asked + receive.len()).min(GROUP);
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

/// The same error for everybody in place of their answers.
pub fn fail_all<T>(count: usize, error: &Error) -> Vec<Result<T>> {
    let why = error.to_string();
    (0..count).map(|_| Err(Error::Store(why.clone()))).collect()
}

/// Answers questions of which some are the same by one look at what all of them ask for.
pub async fn look<Q, A, R>(questions: Vec<Q>, found: impl FnOnce(Vec<Q>) -> R) -> Vec<Result<A>>
where
    Q: Clone + Eq + Hash,
    A: Clone + Default,
    R: Future<Output = Result<HashMap<Q, A>>>,
{
    let mut asked = questions.clone();
    let mut met = HashSet::new();
    asked.retain(|question| met.insert(question.clone()));
    match found(asked).await {
        Ok(found) => questions
            .iter()
            .map(|question| Ok(found.get(question).cloned().unwrap_or_default()))
            .collect(),
        Err(error) => fail_all(questions.len(), &error),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::{Gather, look};

    #[tokio::test]
    async fn everybody_gets_the_own_answer_however_they_are_grouped() {
        for linger in [Duration::ZERO, Duration::from_millis(2)] {
            let groups = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&groups);
            let gather = Arc::new(Gather::new(linger, move |numbers: Vec<usize>| {
                counted.fetch_add(1, Ordering::Relaxed);
                look(numbers, async |numbers: Vec<usize>| {
                    Ok(numbers.into_iter().map(|n| (n, n * 2)).collect())
                })
            }));
            let callers = (0..8).map(|caller| {
                let gather = Arc::clone(&gather);
                tokio::spawn(async move {
                    for n in 0..50 {
                        assert_eq!(gather.ask(n * caller).await.unwrap(), n * caller * 2);
                    }
                })
            });
            for caller in callers.collect::<Vec<_>>() {
                caller.await.unwrap();
            }
            let groups = groups.load(Ordering::Relaxed);
            assert!((50..=400).contains(&groups), "{groups} groups");
        }
    }
}
