//! Whatever happens in whatever order: each accepted job reaches exactly one terminal state and stays there, and each that
//! has a webhook is told of once.

use std::collections::HashMap;

use filmpress_job::{ErrorCode, JobStatus};
use filmpress_queue::{DeliveryFilter, Error};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::json;

use crate::house::{House, beat, webhook};

on_both!(every_job_ends_once_and_is_told_of_once);

#[derive(Clone, Debug)]
enum Happening {
    Create { hooked: bool },
    CreateParent { hooked: bool, children: usize },
    Claim { worker: u8 },
    Heartbeat { job: usize, attempt: u32 },
    Finish { job: usize, attempt: u32 },
    Fail { job: usize, attempt: u32, code: usize },
    Cancel { jobs: Vec<usize>, running: bool },
    TimePasses { seconds: i64 },
    Sweep,
    WorkersVanish { worker: u8 },
}

const CODES: [ErrorCode; 6] = [
    ErrorCode::LayerNotFound,
    ErrorCode::AssetDownloadFailed,
    ErrorCode::WorkerLost,
    ErrorCode::MemoryLimit,
    ErrorCode::Internal,
    ErrorCode::RenderFailed,
];

fn happening() -> impl Strategy<Value = Happening> {
    let (job, attempt) = (0..12_usize, 0..3_u32);
    prop_oneof![
        2 => any::<bool>().prop_map(|hooked| Happening::Create { hooked }),
        2 => (any::<bool>(), 1..4_usize).prop_map(|(hooked, children)| Happening::CreateParent { hooked, children }),
        6 => (0..3_u8).prop_map(|worker| Happening::Claim { worker }),
        2 => (job.clone(), attempt.clone()).prop_map(|(job, attempt)| Happening::Heartbeat { job, attempt }),
        4 => (job.clone(), attempt.clone()).prop_map(|(job, attempt)| Happening::Finish { job, attempt }),
        3 => (job.clone(), attempt, 0..CODES.len())
            .prop_map(|(job, attempt, code)| Happening::Fail { job, attempt, code }),
        1 => (prop::collection::vec(job, 1..3), any::<bool>())
            .prop_map(|(jobs, running)| Happening::Cancel { jobs, running }),
        2 => (0..90_i64).prop_map(|seconds| Happening::TimePasses { seconds }),
        1 => Just(Happening::Sweep),
        1 => (0..3_u8).prop_map(|worker| Happening::WorkersVanish { worker }),
    ]
}

/// The jobs of one case: whether each has a webhook, and what it ended as.
#[derive(Default)]
struct Lives {
    ids: Vec<String>,
    hooked: HashMap<String, bool>,
    ended: HashMap<String, (JobStatus, Option<time::OffsetDateTime>, Option<String>)>,
}

async fn every_job_ends_once_and_is_told_of_once(house: &mut House) {
    let cases = 40;
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let house = &*house;
    tokio::task::block_in_place(|| {
        TestRunner::new(config)
            .run(&prop::collection::vec(happening(), 1..50), |happenings| {
                tokio::runtime::Handle::current().block_on(case(house, happenings))
            })
            .unwrap();
    });
}

async fn case(house: &House, happenings: Vec<Happening>) -> Result<(), TestCaseError> {
    let mut lives = Lives::default();
    for happening in happenings {
        happen(house, &mut lives, happening).await?;
        lives.look(house).await?;
    }
    // Everything that is left is seen to, by workers without a past.
    for round in 0..200 {
        if lives.ended.len() == lives.ids.len() {
            break;
        }
        prop_assert!(round < 199, "something never ends");
        house.clock.forward(100);
        house.queue.sweep().await.unwrap();
        while let Some(job) = house.claim_as(&format!("new{}", house.clock_text())).await {
            house.finish(&job.id, job.state.attempt).await.unwrap();
        }
        lives.look(house).await?;
    }
    for id in &lives.ids {
        let filter = DeliveryFilter {
            job: Some(id.clone()),
            ..DeliveryFilter::default()
        };
        let told = house.queue.deliveries(&house.team, &filter).await.unwrap();
        prop_assert_eq!(told.len(), usize::from(lives.hooked[id]), "{}", id);
        if let Some(told) = told.first() {
            prop_assert_eq!(told.event.as_str(), lives.ended[id].0.as_str());
        }
        let attempts = house.queue.attempts(&house.team, id).await.unwrap();
        prop_assert!(
            attempts.iter().all(|attempt| attempt.outcome.is_some()),
            "{:?}",
            attempts
        );
    }
    Ok(())
}

impl Lives {
    fn add(&mut self, id: String, hooked: bool) {
        self.hooked.insert(id.clone(), hooked);
        self.ids.push(id);
    }

    fn id(&self, job: usize) -> Option<String> {
        self.ids.get(job % self.ids.len().max(1)).cloned()
    }

    /// What has ended is as it was when it ended; what waits for others has a reason to.
    async fn look(&mut self, house: &House) -> Result<(), TestCaseError> {
        for id in &self.ids {
            let job = house.get(id).await;
            let state = job.state;
            if state.status.is_terminal() {
                let now = (state.status, state.ended_at(), state.output);
                let then = self.ended.entry(id.clone()).or_insert(now.clone());
                prop_assert_eq!(&*then, &now);
            } else {
                prop_assert!(!self.ended.contains_key(id), "{} came back", id);
            }
            if state.status == JobStatus::Pending {
                let children = house.queue.children(id).await.unwrap();
                let waits = children.iter().any(|child| !child.state.status.is_terminal());
                let broken = children
                    .iter()
                    .any(|child| matches!(child.state.status, JobStatus::Error | JobStatus::Cancelled));
                prop_assert!(waits && !broken, "{} waits for nothing", id);
            }
        }
        Ok(())
    }
}

async fn happen(house: &House, lives: &mut Lives, happening: Happening) -> Result<(), TestCaseError> {
    let hook = |hooked| if hooked { webhook() } else { json!({}) };
    let allowed = |result: Result<(), Error>| match result {
        Ok(()) | Err(Error::Refused(_) | Error::NotCancellable { .. }) => Ok(()),
        Err(error) => Err(TestCaseError::fail(error.to_string())),
    };
    match happening {
        Happening::Create { hooked } => lives.add(house.job(hook(hooked)).await, hooked),
        Happening::CreateParent { hooked, children } => {
            let (parent, children) = house.parent(hook(hooked), children).await;
            lives.add(parent, hooked);
            for child in children {
                lives.add(child, false);
            }
        }
        Happening::Claim { worker } => {
            house.claim_as(&format!("w{worker}")).await;
        }
        Happening::TimePasses { seconds } => house.clock.forward(seconds),
        Happening::Sweep => {
            house.queue.sweep().await.unwrap();
        }
        Happening::WorkersVanish { worker } => {
            house.queue.take_back_from(&format!("w{worker}")).await.unwrap();
        }
        Happening::Heartbeat { job, attempt } => {
            if let Some(id) = lives.id(job) {
                allowed(house.queue.heartbeat(&id, &beat(attempt, 50.0)).await.map(|_| ()))?;
            }
        }
        Happening::Finish { job, attempt } => {
            if let Some(id) = lives.id(job) {
                allowed(house.finish(&id, attempt).await)?;
            }
        }
        Happening::Fail { job, attempt, code } => {
            if let Some(id) = lives.id(job) {
                allowed(house.fail(&id, attempt, CODES[code]).await.map(|_| ()))?;
            }
        }
        Happening::Cancel { jobs, running } => {
            let mut named: Vec<_> = jobs.into_iter().filter_map(|job| lives.id(job)).collect();
            named.dedup();
            allowed(house.queue.cancel(&house.team, &named, running).await.map(|_| ()))?;
        }
    }
    Ok(())
}
