//! What the job's children have made, from our own store alone: workers trust these addresses wherever they lead.

use filmpress_job::protocol::ChildOutput;
use filmpress_queue::JobRecord;

use super::{Lack, URL_LIFE};
use crate::app::App;
use crate::storage::Audience;

pub(super) async fn of(app: &App, base: &str, job: &JobRecord) -> Result<Vec<ChildOutput>, Lack> {
    let has_children = |asset: &serde_json::Value| asset.get("type").is_some_and(|kind| kind == "job");
    if !job.payload.assets().iter().any(has_children) {
        return Ok(Vec::new());
    }
    let children = app.queue.children(&job.id).await?;
    let output = |child: JobRecord| {
        let asset = child.asset?;
        let key = child.state.output?;
        Some(ChildOutput {
            asset,
            url: app.get_url(Audience::Workers, base, &key, URL_LIFE),
            extension: child.payload.extension().to_owned(),
            job_id: child.id,
        })
    };
    Ok(children.into_iter().filter_map(output).collect())
}
