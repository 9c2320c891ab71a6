//! What only a database shared by several servers has to stand.

use std::sync::Arc;

use filmpress_job::JobStatus;
use filmpress_queue::{Database, Error, Policy, Queue};
use serde_json::json;

use crate::house::{House, Place, execute, server};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_servers_start_at_once_on_nothing() {
    let Some(house) = House::postgres().await else { return };
    execute(&house, "DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
    let database = house.place.database();
    let open = || Queue::open(&database);
    let (a, b, c, d) = tokio::join!(open(), open(), open(), open());
    for queue in [a, b, c, d] {
        let queue = queue.unwrap();
        queue.ping().await.unwrap();
        queue.close().await;
    }
    house.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_goes_on_after_its_connections_were_cut() {
    let Some(house) = House::postgres().await else { return };
    let id = house.job(json!({})).await;
    let Place::Server { url, name } = &house.place else {
        unreachable!()
    };
    let cut = async || {
        let mut server = server(url).await;
        let cut: i64 =
            sqlx::query_scalar("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1")
                .bind(name)
                .fetch_one(&mut server)
                .await
                .unwrap();
        assert!(cut > 0);
    };
    cut().await;
    assert_eq!(house.status(&id).await, JobStatus::Queued);
    cut().await;
    assert_eq!(house.claim().await, Some((id.clone(), 1)));
    cut().await;
    house.finish(&id, 1).await.unwrap();
    house.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_not_there_is_said_without_its_password() {
    let nowhere = Database::of("postgres://me:hunter2@127.0.0.1:1/db");
    let Err(Error::Store(why)) = Queue::open(&nowhere).await else {
        panic!("there is nothing at port 1")
    };
    assert!(!why.contains("hunter2"), "{why}");
}

/// Children end, parents are cancelled, leases run out, all at once and over two servers: nobody waits for ever, and
/// everybody ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn families_under_fire_do_not_lock_each_other() {
    let Some(house) = House::postgres().await else { return };
    let other = Arc::new(house.open_another(Policy::default()).await);
    let mut parents = Vec::new();
    for _ in 0..20 {
        parents.push(house.parent(crate::house::webhook(), 4).await);
    }
    let house = Arc::new(house);
    let mut tasks = tokio::task::JoinSet::new();
    for (index, (parent, children)) in parents.clone().into_iter().enumerate() {
        let (queue, team) = (other.clone(), house.team.clone());
        let named = if index % 2 == 0 {
            parent
        } else {
            children[index % 4].clone()
        };
        tasks.spawn(async move {
            match queue.cancel(&team, &[named], true).await {
                Ok(_) | Err(Error::NotCancellable { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        });
    }
    for worker in 0..4 {
        let house = house.clone();
        tasks.spawn(async move {
            while let Some(job) = house.claim_as(&format!("w{worker}")).await {
                match house.finish(&job.id, job.state.attempt).await {
                    Ok(()) | Err(Error::Refused(_)) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
    while let Some(job) = house.claim_as("last").await {
        house.finish(&job.id, job.state.attempt).await.unwrap();
    }
    for (parent, children) in &parents {
        for id in children.iter().chain([parent]) {
            assert!(house.status(id).await.is_terminal(), "{id}");
        }
    }
    let mut told = house.told().await;
    told.sort();
    told.dedup();
    assert_eq!(told.len(), parents.len());
    other.close().await;
    drop(other);
    Arc::into_inner(house).unwrap().end().await;
}
