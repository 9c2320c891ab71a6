//! Template, assets and fonts as bytes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use filmpress_job::assets::{self, Asset, Sources};
use filmpress_job::protocol::Claim;
use filmpress_job::{ErrorCode, JobError, Phase};
use tokio::task::JoinSet;
use url::Url;

use super::Shop;
use crate::server::ServerError;
use crate::sources::{Loader, shown};
use crate::templates::{ReadTemplate, sha256};

/// Downloads at a time.
const AT_ONCE: usize = 6;
/// Pauses before each further try at our own server.
const PAUSES: [u64; 3] = [1, 3, 9];
/// Largest template, and largest font, in bytes.
const MAX_TEMPLATE: u64 = 2 << 30;
const MAX_FONT: u64 = 256 << 20;

/// Bytes of a file, shared.
type Bytes = Arc<[u8]>;

/// Everything a job needs, as bytes.
pub(super) struct Fetched {
    pub template: TemplateFile,
    /// The job's assets in order, with what was found at their `src`.
    pub assets: Vec<(Box<dyn Asset>, Option<Bytes>)>,
    /// File names and bytes.
    pub fonts: Vec<(String, Bytes)>,
}

/// A template's file.
pub(super) enum TemplateFile {
    /// It was read for an earlier job.
    Read(ReadTemplate),
    Bytes {
        sha256: String,
        bytes: Vec<u8>,
    },
}

pub(super) async fn fetch(shop: &Shop, claim: &Claim) -> Result<Fetched, JobError> {
    let (job, _) = super::job(claim)?;
    let assets = assets::parse(&job.assets, Sources::Web).map_err(|problems| {
        let all: Vec<_> = problems.iter().map(ToString::to_string).collect();
        JobError::new(ErrorCode::Unsupported, Phase::Fetch, all.join("; "))
    })?;
    let template = template(shop, claim);
    let sources = assets.iter().filter_map(|asset| asset.src()).map(str::to_owned);
    let downloads = downloads(&shop.loader, sources.collect());
    let fonts = fonts(shop, claim);
    let (template, mut downloads, fonts) = tokio::try_join!(template, downloads, fonts)?;
    let assets = assets
        .into_iter()
        .map(|asset| {
            let bytes = asset.src().and_then(|src| downloads.get_mut(src)).cloned();
            (asset, bytes)
        })
        .collect();
    Ok(Fetched {
        template,
        assets,
        fonts,
    })
}

async fn template(shop: &Shop, claim: &Claim) -> Result<TemplateFile, JobError> {
    let (_, source) = super::job(claim)?;
    if let Some(hash) = &source.sha256 {
        if let Some(read) = shop.templates.known(hash) {
            return Ok(TemplateFile::Read(read));
        }
        if let Some(bytes) = on_disk(shop, hash).await {
            let sha256 = hash.clone();
            return Ok(TemplateFile::Bytes { sha256, bytes });
        }
    }
    let failed = |message: String, retryable: bool| {
        JobError::new(ErrorCode::TemplateDownloadFailed, Phase::Fetch, message).retryable(retryable)
    };
    let own = Url::parse(&source.url).ok().filter(|url| shop.transfer.owns(url));
    let bytes = match &own {
        Some(url) => from_server(shop, url, MAX_TEMPLATE)
            .await
            .map_err(|(message, retryable)| failed(format!("Template failed to download: {message}"), retryable))?,
        None => shop
            .loader
            .load(&source.url)
            .await
            .map_err(|error| failed(format!("Template failed to download: {error}"), error.is_retryable()))?,
    };
    let bytes = Arc::new(bytes);
    let (templates, kept) = (shop.templates.clone(), bytes.clone());
    // Files of jobs' own addresses may be gone or different next time: only the server's are kept.
    let keep = own.is_some();
    let hash = tokio::task::spawn_blocking(move || {
        let hash = sha256(&kept);
        if keep {
            templates.keep_file(&hash, &kept);
        }
        hash
    })
    .await
    .map_err(|error| failed(super::panic_text(error), true))?;
    if source.sha256.as_ref().is_some_and(|expected| *expected != hash) {
        return Err(failed("the template's file arrived damaged".to_owned(), true));
    }
    let bytes = Arc::try_unwrap(bytes).unwrap_or_else(|shared| shared.to_vec());
    Ok(TemplateFile::Bytes { sha256: hash, bytes })
}

async fn on_disk(shop: &Shop, hash: &str) -> Option<Vec<u8>> {
    let (templates, hash) = (shop.templates.clone(), hash.to_owned());
    tokio::task::spawn_blocking(move || templates.file(&hash)).await.ok()?
}

/// Bytes of our own server. The error says whether another attempt may succeed.
async fn from_server(shop: &Shop, url: &Url, limit: u64) -> Result<Vec<u8>, (String, bool)> {
    let mut pauses = PAUSES.iter();
    loop {
        match (shop.transfer.get(url, limit).await, pauses.next()) {
            (Ok(Some(bytes)), _) => return Ok(bytes),
            (Ok(None), _) => return Err((format!("it is larger than {limit} bytes"), false)),
            (Err(error), Some(&pause)) if error.is_passing() => {
                tracing::warn!(%error, url = shown(url.as_str()), "download failed; trying again");
                tokio::time::sleep(Duration::from_secs(pause)).await;
            }
            (Err(error), _) => {
                let retryable = error.is_passing() || matches!(error, ServerError::Unauthorized);
                return Err((error.to_string(), retryable));
            }
        }
    }
}

/// Loads each source once.
async fn downloads(loader: &Loader, sources: Vec<String>) -> Result<HashMap<String, Bytes>, JobError> {
    let mut found: HashMap<String, Bytes> = HashMap::new();
    let mut wanted = sources;
    wanted.sort_unstable();
    wanted.dedup();
    let mut tasks = JoinSet::new();
    loop {
        while tasks.len() < AT_ONCE
            && let Some(source) = wanted.pop()
        {
            let loader = loader.clone();
            tasks.spawn(async move {
                let result = loader.load(&source).await;
                (source, result)
            });
        }
        let Some(joined) = tasks.join_next().await else {
            return Ok(found);
        };
        let failed = |message: String| JobError::new(ErrorCode::AssetDownloadFailed, Phase::Fetch, message);
        let (source, result) = joined.map_err(|error| failed(super::panic_text(error)))?;
        match result {
            Ok(bytes) => {
                found.insert(source, bytes.into());
            }
            Err(error) => {
                let message = format!("Asset failed to download: {error}");
                return Err(failed(message)
                    .retryable(error.is_retryable())
                    .hint("check that the asset's `src` answers from where the worker runs"));
            }
        }
    }
}

/// The team's fonts. One that cannot be had fails the job for now: with another font the film would be wrong.
async fn fonts(shop: &Shop, claim: &Claim) -> Result<Vec<(String, Bytes)>, JobError> {
    let mut fonts = Vec::new();
    for font in &claim.fonts {
        let failed = |message: String| {
            let message = format!("Font '{}' not available: {message}", font.file_name);
            JobError::new(ErrorCode::FontMissing, Phase::Fetch, message).retryable(true)
        };
        let url = Url::parse(&font.url).map_err(|error| failed(error.to_string()))?;
        let bytes = if shop.transfer.owns(&url) {
            from_server(shop, &url, MAX_FONT)
                .await
                .map_err(|(message, _)| failed(message))?
        } else {
            shop.loader
                .load(&font.url)
                .await
                .map_err(|error| failed(error.to_string()))?
        };
        fonts.push((font.file_name.clone(), bytes.into()));
    }
    Ok(fonts)
}
