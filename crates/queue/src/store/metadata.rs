//! What was found in templates, as it was read from the database before.

use std::sync::Arc;

use filmpress_job::TemplateMetadata;
use moka::future::Cache;
use time::OffsetDateTime;

use crate::record::{TemplateRecord, TemplateStatus};

/// Most of it, in bytes of the JSON it was read from.
const MOST: u64 = 64 << 20;

#[derive(Clone)]
struct Known {
    /// Of the template's file.
    sha256: Option<String>,
    status: TemplateStatus,
    /// When anything of the template last changed.
    updated_at: OffsetDateTime,
    metadata: Arc<TemplateMetadata>,
    /// Bytes of JSON.
    length: usize,
}

/// What is known of templates, by their ids. Clones share it.
#[derive(Clone)]
pub struct Metadata(Cache<String, Known>);

impl Default for Metadata {
    fn default() -> Self {
        let weight = |id: &String, known: &Known| u32::try_from(id.len() + known.length).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(MOST).weigher(weight).build())
    }
}

impl Metadata {
    /// What is known of a template as the database has it now.
    pub async fn get(&self, template: &TemplateRecord) -> Option<Arc<TemplateMetadata>> {
        let known = self.0.get(&template.id).await?;
        let is_same = known.updated_at == template.updated_at
            && known.status == template.status
            && known.sha256.as_ref() == sha256(template);
        is_same.then_some(known.metadata)
    }

    /// Keeps what was read of a template, so many bytes of JSON.
    pub async fn add(&self, template: &TemplateRecord, length: usize) {
        let known = Known {
            sha256: sha256(template).cloned(),
            status: template.status,
            updated_at: template.updated_at,
            metadata: Arc::clone(&template.metadata),
            length,
        };
        self.0.insert(template.id.clone(), known).await;
    }
}

fn sha256(template: &TemplateRecord) -> Option<&String> {
    template.file.as_ref().map(|file| &file.sha256)
}
