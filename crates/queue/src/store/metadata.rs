//! What was found in templates, as it was read from the database before.

use std::sync::Arc;

use filmpress_job::TemplateMetadata;
use moka::future::Cache;

/// Most of it, in bytes of the JSON it was read from.
const MOST: u64 = 64 << 20;

/// What is known of a template.
#[derive(Clone)]
pub struct Known {
    /// Of its file.
    pub sha256: String,
    /// When anything of the template last changed.
    pub updated_at: i64,
    pub metadata: Arc<TemplateMetadata>,
    /// Bytes of JSON.
    pub length: usize,
}

impl Known {
    /// Whether it is of a template with this file, last changed then.
    pub fn is_of(&self, sha256: &str, updated_at: i64) -> bool {
        self.sha256 == sha256 && self.updated_at == updated_at
    }
}

/// What is known of templates, by their ids. Whether it still holds is for the database to say.
pub struct Metadata(Cache<String, Known>);

impl Default for Metadata {
    fn default() -> Self {
        let weight = |id: &String, known: &Known| u32::try_from(id.len() + known.length).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(MOST).weigher(weight).build())
    }
}

impl Metadata {
    pub async fn get(&self, id: &str) -> Option<Known> {
        self.0.get(id).await
    }

    pub async fn add(&self, id: &str, known: Known) {
        self.0.insert(id.to_owned(), known).await;
    }
}
