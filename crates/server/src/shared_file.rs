//! Files stored by their content: several rows may name one, of several teams.
//!
//! That a file comes again and that it goes, as the last row that named it does, must not cross. Who brings a file holds
//! its turn until a row names it; who removes one holds the turn while it looks whether really nothing names it.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use filmpress_queue::{StoredFile, new_id};

use crate::app::App;
use crate::error::Answer;

/// Who holds a turn and falls silent is passed over after this long. Moving a large file within a bucket takes less.
const TURN: Duration = Duration::from_mins(2);

/// Another's turn is mostly over sooner.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A file in its place, which nothing names yet.
pub struct Placed {
    file: StoredFile,
    turn: Turn,
}

/// Stores a body under a key made of its content: `templates/ab/ab….aep` for the folder `templates` and the extension
/// `aep`. What is there already is the same.
pub async fn place(app: &Arc<App>, folder: &str, extension: &str, body: Body, limit: u64) -> Answer<Placed> {
    let incoming = format!("incoming/{}", new_id());
    let mut file = app.storage.put(&incoming, body, limit).await?;
    let begin = file.sha256.get(..2).unwrap_or_default();
    file.key = format!("{folder}/{begin}/{}.{extension}", file.sha256);
    let placed = async {
        let turn = Turn::take(app, &file.key).await?;
        app.storage.rename(&incoming, &file.key).await?;
        Answer::Ok(turn)
    };
    match placed.await {
        Ok(turn) => Ok(Placed { file, turn }),
        Err(error) => {
            app.storage.remove(&incoming).await;
            Err(error)
        }
    }
}

impl Placed {
    pub fn file(&self) -> &StoredFile {
        &self.file
    }

    /// Ends the turn, now that a row names the file, or could not be written: then the file goes, unless another has it.
    pub async fn settle<T>(self, named: Result<T, filmpress_queue::Error>) -> Answer<T> {
        if named.is_err() {
            self.turn.remove_unnamed(&self.file.key).await?;
        }
        Ok(named?)
    }
}

/// Removes a file that a row named until now, unless one does again. What cannot be removed is logged: what the row told
/// of is done.
pub async fn remove(app: &Arc<App>, key: &str) {
    let removed = async { Turn::take(app, key).await?.remove_unnamed(key).await };
    if let Err(error) = removed.await {
        tracing::warn!("removing `{key}`: {}", error.body.error);
    }
}

/// The right to bring or remove a file, given back when this goes.
struct Turn {
    app: Arc<App>,
    task: String,
    holder: String,
}

impl Turn {
    async fn take(app: &Arc<App>, key: &str) -> Answer<Self> {
        let this = Self {
            app: app.clone(),
            task: format!("file:{key}"),
            holder: new_id(),
        };
        while !app.queue.take_turn(&this.task, &this.holder, TURN).await? {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(this)
    }

    async fn remove_unnamed(&self, key: &str) -> Answer<()> {
        for key in self.app.queue.unreferenced(&[key.to_owned()]).await? {
            self.app.storage.remove(&key).await;
        }
        Ok(())
    }
}

/// A request may be dropped at any point, as its client hangs up.
impl Drop for Turn {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let (app, task, holder) = (
            self.app.clone(),
            std::mem::take(&mut self.task),
            std::mem::take(&mut self.holder),
        );
        runtime.spawn(async move {
            if let Err(error) = app.queue.end_turn(&task, &holder).await {
                tracing::warn!("ending the turn `{task}`: {error}");
            }
        });
    }
}
