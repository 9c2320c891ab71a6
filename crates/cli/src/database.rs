//! The queue's database, opened by commands beside the server.

use filmpress_queue::{AuditEntry, Database, Queue};
use filmpress_server::SecretsKeys;
use filmpress_server::sealing::Keys;
use serde_json::Value;

use crate::failure::Failure;
use crate::settings::Settings;

/// Opens the database that the settings name, made if there is none, and closes it when `work` is done.
pub async fn with<T>(settings: &Settings, work: impl AsyncFnOnce(&Queue) -> Result<T, Failure>) -> Result<T, Failure> {
    let database = if let Some(url) = settings.text("database-url") {
        Database::of(url)
    } else {
        let data = settings.data()?;
        std::fs::create_dir_all(&data).map_err(|e| Failure::new(format!("{}: {e}", data.display())))?;
        filmpress_server::database_file(&data)
    };
    let queue = Queue::open(&database).await.map_err(Failure::new)?;
    let done = work(&queue).await;
    queue.close().await;
    done
}

/// Notes what the command line changed.
pub async fn audit(
    queue: &Queue,
    team: Option<&str>,
    action: &str,
    object: &str,
    detail: Value,
) -> Result<(), Failure> {
    let entry = AuditEntry {
        team: team.map(str::to_owned),
        actor: "cli".to_owned(),
        action: action.to_owned(),
        object: object.to_owned(),
        detail,
    };
    queue.audit(&entry).await.map_err(Failure::new)
}

/// Where the keys are that seal secrets.
pub fn keys(settings: &Settings) -> Result<SecretsKeys, Failure> {
    if let Some(file) = settings.file("secrets-key") {
        return Ok(SecretsKeys::File(file.to_owned()));
    }
    let Some(text) = settings.text("secrets-key") else {
        return Ok(SecretsKeys::DataFolder);
    };
    let keys = Keys::from_text(text).map_err(|error| Failure::usage(format!("secrets-key: {error}")))?;
    Ok(SecretsKeys::Given(keys))
}
