//! The queue on a real SQLite file and on a real PostgreSQL, by a clock that the test moves: each test runs on both.
//!
//! PostgreSQL is found by `FILMPRESS_TEST_POSTGRES`, the URL of a server where databases may be made; `scripts/test` starts
//! one. Without it those tests say that they were skipped.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may unwrap")]
#![allow(clippy::print_stdout, reason = "tests that are skipped say so")]
#![allow(clippy::cloned_ref_to_slice_refs, reason = "lists of one read like lists of several")]

/// Each of the functions as a test on each of the databases.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            use crate::house::House;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$name(&mut House::sqlite().await).await;
                }
            )+
        }
        mod postgres {
            use crate::house::House;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let Some(mut house) = House::postgres().await else { return };
                    super::$name(&mut house).await;
                    house.end().await;
                }
            )+
        }
    };
}

#[path = "queue/cancel.rs"]
mod cancel;
#[path = "queue/create.rs"]
mod create;
#[path = "queue/fairness.rs"]
mod fairness;
#[path = "queue/families.rs"]
mod families;
#[path = "queue/fonts_and_secrets.rs"]
mod fonts_and_secrets;
#[path = "queue/house.rs"]
mod house;
#[path = "queue/lists.rs"]
mod lists;
#[path = "queue/lives.rs"]
mod lives;
#[path = "queue/many.rs"]
mod many;
#[path = "queue/operations.rs"]
mod operations;
#[path = "queue/outbox.rs"]
mod outbox;
#[path = "queue/postgres_alone.rs"]
mod postgres_alone;
#[path = "queue/quarantine.rs"]
mod quarantine;
#[path = "queue/retention.rs"]
mod retention;
#[path = "queue/steps.rs"]
mod steps;
#[path = "queue/teams.rs"]
mod teams;
#[path = "queue/templates.rs"]
mod templates;
#[path = "queue/upgrade.rs"]
mod upgrade;
