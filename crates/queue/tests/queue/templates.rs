//! Templates and who reads them.

use filmpress_job::TemplateMetadata;
use filmpress_queue::{Error, NewTemplate, Policy, StoredFile, TemplateStatus};
use serde_json::json;

use crate::house::{House, team};

on_both!(
    a_template_is_read_once_it_has_a_file,
    one_server_reads_a_template_until_its_time_is_over,
    a_template_from_elsewhere_is_loaded_first,
    a_template_in_use_stays,
    a_file_goes_when_nothing_names_it,
);

async fn a_template_is_read_once_it_has_a_file(house: &mut House) {
    let new = NewTemplate {
        team: house.team.clone(),
        kind: "aep".into(),
        display_name: "Card".into(),
        src: None,
    };
    let template = house.queue.create_template(&new).await.unwrap();
    assert_eq!(template.status, TemplateStatus::AwaitingUpload);
    let file = |key: &str| StoredFile {
        key: key.into(),
        sha256: "00".into(),
        size: 3,
    };
    assert_eq!(
        house.queue.set_template_file(&template.id, &file("1")).await.unwrap(),
        None
    );
    house.restart().await;
    assert_eq!(house.queue.templates_to_read().await.unwrap()[0].id, template.id);
    assert_eq!(
        house
            .queue
            .set_template_file(&template.id, &file("2"))
            .await
            .unwrap()
            .as_deref(),
        Some("1")
    );
    let found = TemplateMetadata {
        warnings: vec!["Main > Glow: unsupported".into()],
        ..TemplateMetadata::default()
    };
    house
        .queue
        .set_template_read(&template.id, "1", Ok(found.clone()))
        .await
        .unwrap();
    let stale = house.queue.template(None, &template.id).await.unwrap();
    assert_eq!(
        stale.status,
        TemplateStatus::Processing,
        "what was found in a replaced file is not this one's"
    );
    house
        .queue
        .set_template_read(&template.id, "2", Ok(found.clone()))
        .await
        .unwrap();
    let read = house.queue.template(None, &template.id).await.unwrap();
    assert_eq!((read.status, &*read.metadata), (TemplateStatus::Uploaded, &found));
    house
        .queue
        .set_template_read(&template.id, "2", Err("broken".into()))
        .await
        .unwrap();
    let broken = house.queue.template(None, &template.id).await.unwrap();
    assert_eq!(
        (broken.status, broken.error.as_deref()),
        (TemplateStatus::Error, Some("broken"))
    );
    assert!(matches!(
        house.queue.set_template_file("nope", &file("3")).await,
        Err(Error::NotFound { what: "template", .. })
    ));
}

async fn template(house: &House, src: Option<&str>) -> String {
    let new = NewTemplate {
        team: house.team.clone(),
        kind: "aep".into(),
        display_name: "Card".into(),
        src: src.map(str::to_owned),
    };
    house.queue.create_template(&new).await.unwrap().id
}

fn file(key: &str) -> StoredFile {
    StoredFile {
        key: key.into(),
        sha256: "00".into(),
        size: 3,
    }
}

async fn one_server_reads_a_template_until_its_time_is_over(house: &mut House) {
    let id = template(house, None).await;
    house.queue.set_template_file(&id, &file("1")).await.unwrap();
    let other = house.open_another(Policy::default()).await;
    let (a, b) = tokio::join!(house.queue.templates_to_read(), other.templates_to_read());
    let got = a.unwrap().len() + b.unwrap().len();
    assert_eq!(got, 1, "one of two has it");
    house.clock.forward(200);
    house.queue.still_reading(&[id.clone()]).await.unwrap();
    house.clock.forward(200);
    assert!(
        other.templates_to_read().await.unwrap().is_empty(),
        "it is still being read"
    );
    house.clock.forward(100);
    assert_eq!(
        other.templates_to_read().await.unwrap().len(),
        1,
        "the first one fell silent"
    );
    other
        .set_template_read(&id, "1", Ok(TemplateMetadata::default()))
        .await
        .unwrap();
    house.clock.forward(1000);
    assert!(house.queue.templates_to_read().await.unwrap().is_empty());
    other.close().await;
}

async fn a_template_from_elsewhere_is_loaded_first(house: &mut House) {
    let id = template(house, Some("https://h/a.aep")).await;
    let waiting = house.queue.templates_to_read().await.unwrap().remove(0);
    assert_eq!(
        (waiting.status, waiting.src.as_deref()),
        (TemplateStatus::Downloading, Some("https://h/a.aep"))
    );
    house.queue.set_template_failed(&id, "404\0").await.unwrap();
    let failed = house.queue.template(None, &id).await.unwrap();
    assert_eq!(
        (failed.status, failed.error.as_deref()),
        (TemplateStatus::Error, Some("404\u{FFFD}"))
    );
    house.queue.set_template_file(&id, &file("1")).await.unwrap();
    house.queue.set_template_failed(&id, "late").await.unwrap();
    assert_eq!(
        house.queue.template(None, &id).await.unwrap().status,
        TemplateStatus::Processing
    );
}

async fn a_template_in_use_stays(house: &mut House) {
    let id = template(house, None).await;
    let new = filmpress_queue::NewJob {
        template: Some(id.clone()),
        ..house.new_job(&json!({}))
    };
    let job = house.queue.create_job(&new).await.unwrap().job.id;
    let rival = team(&house.queue, "rival").await;
    assert!(matches!(
        house.queue.delete_template(&rival, &id).await,
        Err(Error::NotFound { what: "template", .. })
    ));
    assert!(matches!(
        house.queue.delete_template(&house.team, &id).await,
        Err(Error::InUse { by: 1, .. })
    ));
    house.claim().await.unwrap();
    assert!(house.queue.delete_template(&house.team, &id).await.is_err());
    house.finish(&job, 1).await.unwrap();
    assert_eq!(house.queue.delete_template(&house.team, &id).await.unwrap(), None);
    assert!(house.queue.template(None, &id).await.is_err());
}

async fn a_file_goes_when_nothing_names_it(house: &mut House) {
    let (a, b) = (template(house, None).await, template(house, None).await);
    for id in [&a, &b] {
        house
            .queue
            .set_template_file(id, &file("templates/aa/same"))
            .await
            .unwrap();
    }
    assert_eq!(
        house
            .queue
            .set_template_file(&a, &file("templates/bb/other"))
            .await
            .unwrap(),
        None,
        "the other template still has it"
    );
    let keys = ["templates/aa/same", "templates/bb/other", "templates/cc/none"].map(str::to_owned);
    assert_eq!(house.queue.unreferenced(&keys).await.unwrap(), ["templates/cc/none"]);
    let renamed = house.queue.rename_template(&house.team, &b, "Name").await.unwrap();
    assert_eq!(renamed.display_name, "Name");
    assert_eq!(
        house.queue.delete_template(&house.team, &b).await.unwrap().as_deref(),
        Some("templates/aa/same")
    );
    assert_eq!(house.queue.unreferenced(&keys).await.unwrap().len(), 2);
}
