//! Template, assets and fonts of a render.

use std::path::Path;
use std::sync::Arc;

use filmpress_job::assets::{self, Asset, Media, Sources};
use filmpress_job::protocol::{Claim, FontSource};
use filmpress_job::{ErrorCode, JobError, Phase};

use super::Shop;
use super::files::{Origin, bring};
use crate::footage::look;
use crate::sources::shown;
use crate::templates::{ReadTemplate, sha256};

/// Largest template, and largest font, in bytes.
const MAX_TEMPLATE: u64 = 2 << 30;
const MAX_FONT: u64 = 256 << 20;

/// Bytes of a file, shared.
type Bytes = Arc<[u8]>;

/// Everything a render needs.
pub(super) struct Fetched {
    pub template: TemplateFile,
    /// The job's assets in order, with what they bring.
    pub assets: Vec<(Box<dyn Asset>, Option<Media>)>,
    /// File names and bytes.
    pub fonts: Vec<(String, Bytes)>,
    /// What was found on the way.
    pub warnings: Vec<String>,
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

pub(super) async fn fetch(shop: &Shop, claim: &Claim, scratch: &Path) -> Result<Fetched, JobError> {
    let (job, _) = super::render_of(claim)?;
    let assets = assets::parse(&job.assets, Sources::Web).map_err(|problems| {
        let all: Vec<_> = problems.iter().map(ToString::to_string).collect();
        JobError::new(ErrorCode::Unsupported, Phase::Fetch, all.join("; "))
    })?;
    let origin = |(number, asset): (usize, &dyn Asset)| match asset.src() {
        Some(src) => Ok(Some(Origin::Job(src.to_owned()))),
        None if asset.is_child() => Origin::of_child(claim, number).map(Some),
        None => Ok(None),
    };
    let each = assets.iter().map(Box::as_ref).enumerate();
    let origins: Vec<Option<Origin>> = each.map(origin).collect::<Result<_, _>>()?;
    let files = bring(shop, scratch, origins.iter().flatten().cloned());
    let (template, files, fonts) = tokio::try_join!(template(shop, claim), files, fonts(shop, claim))?;
    let programs = shop.config.programs.clone();
    let looking = tokio::task::spawn_blocking(move || {
        let mut warnings = Vec::new();
        let mut looked = Vec::new();
        for (asset, origin) in assets.into_iter().zip(origins) {
            let path = origin.as_ref().and_then(|origin| files.get(origin));
            let Some(path) = path else {
                looked.push((asset, None));
                continue;
            };
            let from = match &origin {
                Some(Origin::Job(source)) => shown(source),
                _ => "the output of the nested job".to_owned(),
            };
            let (media, warning) = look(path, &programs)
                .map_err(|error| JobError::new(ErrorCode::AssetInvalid, Phase::Fetch, format!("{from}: {error}")))?;
            warnings.extend(warning.map(|warning| format!("{from}: {warning}")));
            looked.push((asset, Some(media)));
        }
        Ok((looked, warnings))
    });
    let looked = looking.await.unwrap_or_else(|error| {
        let message = super::panic_text(error);
        Err(JobError::new(ErrorCode::Internal, Phase::Fetch, message))
    });
    let (assets, warnings) = looked?;
    Ok(Fetched {
        template,
        assets,
        fonts,
        warnings,
    })
}

async fn template(shop: &Shop, claim: &Claim) -> Result<TemplateFile, JobError> {
    let (_, source) = super::render_of(claim)?;
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
        let message = format!("Template failed to download: {message}");
        JobError::new(ErrorCode::TemplateDownloadFailed, Phase::Fetch, message).retryable(retryable)
    };
    // A URL with a kind is the server's; one without is the job's own `template.src`.
    let is_servers = source.kind.is_some();
    let bytes = if is_servers {
        let got = shop.transfer.get(&source.url, MAX_TEMPLATE).await;
        got.map_err(|error| failed(error.to_string(), error.is_retryable()))?
    } else {
        let loaded = shop.loader.load(&source.url).await;
        loaded.map_err(|error| failed(error.to_string(), error.is_retryable()))?
    };
    // Files of jobs' own addresses may be gone or different next time: only the server's are kept.
    let (hash, bytes) = hashed(shop, bytes, is_servers)
        .await
        .map_err(|text| failed(text, true))?;
    if source.sha256.as_ref().is_some_and(|expected| *expected != hash) {
        return Err(failed("the file arrived damaged".to_owned(), true));
    }
    Ok(TemplateFile::Bytes { sha256: hash, bytes })
}

/// A file and its hash, kept on disk for later jobs if `keep`.
async fn hashed(shop: &Shop, bytes: Vec<u8>, keep: bool) -> Result<(String, Vec<u8>), String> {
    let templates = shop.templates.clone();
    let hashing = tokio::task::spawn_blocking(move || {
        let hash = sha256(&bytes);
        if keep {
            templates.keep_file(&hash, &bytes);
        }
        (hash, bytes)
    });
    hashing.await.map_err(super::panic_text)
}

async fn on_disk(shop: &Shop, hash: &str) -> Option<Vec<u8>> {
    let (templates, hash) = (shop.templates.clone(), hash.to_owned());
    tokio::task::spawn_blocking(move || templates.file(&hash)).await.ok()?
}

/// The team's fonts. One that cannot be had fails the job for now: with another font the film would be wrong.
async fn fonts(shop: &Shop, claim: &Claim) -> Result<Vec<(String, Bytes)>, JobError> {
    let mut fonts = Vec::new();
    for font in &claim.fonts {
        let bytes = font_file(shop, font).await.map_err(|message| {
            let message = format!("Font '{}' not available: {message}", font.file_name);
            JobError::new(ErrorCode::FontMissing, Phase::Fetch, message).retryable(true)
        })?;
        fonts.push((font.file_name.clone(), bytes.into()));
    }
    Ok(fonts)
}

async fn font_file(shop: &Shop, font: &FontSource) -> Result<Vec<u8>, String> {
    if let Some(hash) = &font.sha256
        && let Some(bytes) = on_disk(shop, hash).await
    {
        return Ok(bytes);
    }
    let got = shop.transfer.get(&font.url, MAX_FONT).await;
    let bytes = got.map_err(|error| error.to_string())?;
    let (hash, bytes) = hashed(shop, bytes, font.sha256.is_some()).await?;
    if font.sha256.as_ref().is_some_and(|expected| *expected != hash) {
        return Err("the file arrived damaged".to_owned());
    }
    Ok(bytes)
}
