//! The template's file, and what is known of it.

use std::sync::Arc;

use filmpress_job::protocol::TemplateSource;
use filmpress_job::{ErrorCode, JobCreation, JobError, Phase, TemplateMetadata};
use filmpress_queue::{Error, JobRecord};

use super::{Lack, URL_LIFE};
use crate::app::App;
use crate::storage::Audience;

/// The source, and the template's metadata where it is one of the team's.
pub(super) async fn of(
    app: &App,
    base: &str,
    job: &JobRecord,
    render: &JobCreation,
) -> Result<(TemplateSource, Option<Arc<TemplateMetadata>>), Lack> {
    if let Some(src) = &render.template.src {
        let source = TemplateSource {
            id: render.template.id.clone(),
            // Without a kind the worker knows that the address is the job's own, and not to be trusted.
            kind: None,
            url: src.clone(),
            sha256: None,
            file_name: file_name(src),
        };
        return Ok((source, None));
    }
    let id = job.template.as_deref().unwrap_or("?");
    let gone = || {
        let text = format!("template `{id}` has no file");
        let error = JobError::new(ErrorCode::TemplateDownloadFailed, Phase::Fetch, text);
        Lack::Job(error.retryable(false))
    };
    let template = match app.queue.template(None, id).await {
        Ok(template) => template,
        Err(Error::NotFound { .. }) => return Err(gone()),
        Err(error) => return Err(error.into()),
    };
    let file = template.file.ok_or_else(gone)?;
    let source = TemplateSource {
        url: app.get_url(Audience::Workers, base, &file.key, URL_LIFE),
        kind: Some(template.kind),
        sha256: Some(file.sha256),
        file_name: file.key.rsplit('/').next().unwrap_or_default().to_owned(),
        id: template.id,
    };
    Ok((source, Some(template.metadata)))
}

/// A plain name that keeps the extension of an address: by it formats are told that their content does not tell.
fn file_name(src: &str) -> String {
    let path = src.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let plain: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c))
        .collect();
    format!("template-{plain}")
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn names_have_no_folders_and_keep_their_extension() {
        assert_eq!(file_name("https://h/a/My%20Card.aep?sig=/x"), "template-My20Card.aep");
        assert_eq!(file_name("https://h"), "template-h");
        assert_eq!(file_name("https://h/"), "template-");
    }
}
