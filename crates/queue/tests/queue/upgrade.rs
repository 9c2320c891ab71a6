//! Data folders of earlier versions.

use std::collections::HashMap;

use filmpress_job::JobStatus;
use filmpress_queue::{
    Database, DeliveryFilter, DeliveryState, Outcome, Principal, Queue, Scope, TemplateStatus, token,
};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection};

/// The tables as they were, made by the migrations there were, noted as the migrator notes them.
async fn of_version_two(file: &std::path::Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    let mut all = sqlx::migrate!("migrations/sqlite");
    let earlier: Vec<_> = all.iter().filter(|migration| migration.version <= 2).cloned().collect();
    assert_eq!(earlier.len(), 2);
    all.migrations = earlier.into();
    all.run(&mut connection).await.unwrap();
    connection
}

#[tokio::test]
async fn a_database_of_an_earlier_version_opens_and_keeps_what_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("filmpress.db");
    let mut connection = of_version_two(&file).await;
    let hash = format!("X'{}'", token::hex(&token::hash("fp_old")));
    let rows = format!(
        r#"
        INSERT INTO teams VALUES ('T1', 'studio', 1000);
        INSERT INTO tokens VALUES ('K1', 'team', 'T1', {hash}, 1000);
        INSERT INTO tokens VALUES ('K2', 'worker', NULL, X'00', 1000);
        INSERT INTO templates (id, team_id, kind, display_name, status, file, sha256, size, compositions, created_at,
                               updated_at)
            VALUES ('P1', 'T1', 'aep', 'Card', 'uploaded', 'templates/P1/1', 'ab', 7, '["Main"]', 1000, 1000),
                   ('P2', 'T1', 'aep', 'None', 'awaiting_upload', NULL, NULL, NULL, '[]', 1000, 1000);
        INSERT INTO jobs (id, team_id, template_id, payload, tags, priority, total_assets, output_url, created_at,
                          updated_at, status, attempt, not_before, progress, finished_at, render_duration, output, worker,
                          lease_until, phase)
            VALUES ('J1', 'T1', 'P1', '{{"template":{{"id":"P1"}},"webhook":{{"url":"http://h/"}}}}', '[]', 0, 0, 'http://o/1',
                    1000, 2000, 'finished', 1, 1000, 100, 2000, 1.5, 'outputs/J1/1.mp4', NULL, NULL, NULL),
                   ('J2', 'T1', 'P1', '{{"template":{{"id":"P1"}}}}', '[]', 0, 0, 'http://o/2',
                    1000, 2000, 'queued', 0, 1000, 0, NULL, NULL, NULL, NULL, NULL, NULL),
                   ('J3', 'T1', 'P1', '{{"template":{{"id":"P1"}}}}', '[]', 0, 0, 'http://o/3',
                    1000, 2000, 'render:dorender', 1, 1000, 30, NULL, NULL, NULL, 'local:1', 61000, 'render');
        INSERT INTO attempts VALUES ('J1', 1, 'local:1', 1000, 2000, 'finished', NULL, 'drawn'),
                                    ('J3', 1, 'local:1', 1000, NULL, NULL, NULL, NULL);
        INSERT INTO outbox (id, job_id, status, method, url, headers, body, tries, next_at, created_at)
            VALUES ('msg_1', 'J1', 'finished', 'POST', 'http://h/', '{{}}', '{{"id":"J1"}}', 1, 3000, 2000);
        "#
    );
    sqlx::raw_sql(AssertSqlSafe(rows))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();

    let queue = Queue::open(&Database::Sqlite(file.clone())).await.unwrap();
    let expected = Principal::Team {
        team: "T1".into(),
        token: "K1".into(),
        scope: Scope::Admin,
    };
    assert_eq!(queue.authenticate("fp_old").await.unwrap(), Some(expected));
    assert_eq!(queue.tokens(None).await.unwrap().len(), 1);
    let done = queue.job(Some("T1"), "J1").await.unwrap();
    assert_eq!(
        (done.state.status, done.state.output.as_deref()),
        (JobStatus::Finished, Some("outputs/J1/1.mp4"))
    );
    assert_eq!(queue.logs("T1", "J1").await.unwrap(), [(1, "drawn".to_owned())]);
    assert_eq!(
        queue.attempts("T1", "J1").await.unwrap()[0].outcome,
        Some(Outcome::Finished)
    );
    let sent = queue.deliveries("T1", &DeliveryFilter::default()).await.unwrap();
    assert_eq!(
        (sent[0].id.as_str(), sent[0].state, sent[0].tries),
        ("msg_1", DeliveryState::Waiting, 1)
    );
    let day = time::macros::date!(1970 - 01 - 01);
    assert_eq!(
        queue.usage("T1", day, day).await.unwrap()[0].finished,
        1,
        "what ended then is known to have"
    );
    assert_eq!(queue.take_back_from("local:").await.unwrap(), 1);
    let by = filmpress_queue::ClaimBy {
        worker: "w".into(),
        tags: vec![],
    };
    assert_eq!(queue.claim(&by).await.unwrap().unwrap().id, "J2");
    assert_eq!(queue.claim(&by).await.unwrap().unwrap().id, "J3");
    let template = queue.template(Some("T1"), "P1").await.unwrap();
    assert_eq!(template.status, TemplateStatus::Uploaded, "it can be used meanwhile");
    let to_read: Vec<_> = queue
        .templates_to_read()
        .await
        .unwrap()
        .into_iter()
        .map(|template| template.id)
        .collect();
    assert_eq!(to_read, ["P1"], "more is asked of it now: it is read again");
    queue.close().await;

    // Once up to date is up to date: and no key of another table is broken.
    let queue = Queue::open(&Database::Sqlite(file.clone())).await.unwrap();
    queue.close().await;
    let mut connection = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    let broken = sqlx::raw_sql("PRAGMA foreign_key_check")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert!(broken.is_empty());
}

/// The two sets of migrations make the same tables.
#[tokio::test]
async fn both_databases_have_the_same_columns() {
    let Some(house) = crate::house::House::postgres().await else {
        return;
    };
    let Database::Postgres(url) = house.place.database() else {
        unreachable!()
    };
    let mut server = crate::house::server(&url).await;
    let rows = sqlx::query(
        "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'",
    )
    .fetch_all(&mut server)
    .await
    .unwrap();
    server.close().await.unwrap();
    let mut there = HashMap::<String, Vec<String>>::new();
    for row in rows {
        there.entry(row.get(0)).or_default().push(row.get(1));
    }
    house.end().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("filmpress.db");
    Queue::open(&Database::Sqlite(file.clone()))
        .await
        .unwrap()
        .close()
        .await;
    let mut connection = SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    let rows = sqlx::query(
        "SELECT tables.name, columns.name FROM sqlite_schema AS tables JOIN pragma_table_info(tables.name) AS columns
         WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite%'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let mut here = HashMap::<String, Vec<String>>::new();
    for row in rows {
        here.entry(row.get(0)).or_default().push(row.get(1));
    }
    for columns in there.values_mut().chain(here.values_mut()) {
        columns.sort();
    }
    assert!(here.len() > 12);
    assert_eq!(here, there);
}
