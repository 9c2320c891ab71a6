//! Another try where that may help.

use std::time::Duration;

/// Does `work` until it succeeds, until its error is not a passing one, or until the pauses are used up.
pub(crate) async fn retried<T, E, F>(
    pauses: &[Duration],
    is_passing: impl Fn(&E) -> bool,
    mut work: impl FnMut() -> F,
) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let mut pauses = pauses.iter();
    loop {
        match (work().await, pauses.next()) {
            (Err(error), Some(pause)) if is_passing(&error) => tokio::time::sleep(*pause).await,
            (result, _) => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn what_passes_is_tried_again_and_what_does_not_is_not() {
        let tries = Cell::new(0);
        let run = async |pauses: usize, succeeds_at: u32, passes: bool| {
            tries.set(0);
            retried(
                &vec![Duration::ZERO; pauses],
                |_: &u32| passes,
                || {
                    tries.set(tries.get() + 1);
                    let now = tries.get();
                    async move { if now >= succeeds_at { Ok(now) } else { Err(now) } }
                },
            )
            .await
        };
        assert_eq!(run(3, 3, true).await, Ok(3));
        assert_eq!(run(3, 9, true).await, Err(4));
        assert_eq!(run(3, 2, false).await, Err(1));
    }
}
