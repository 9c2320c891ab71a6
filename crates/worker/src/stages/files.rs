//! Files that a job needs, to where it can use them. What a job names comes through the guarded loader; what the server
//! names is trusted.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use filmpress_job::protocol::{ChildOutput, Claim};
use filmpress_job::{ErrorCode, JobError, Phase};
use tokio::task::JoinSet;

use crate::shop::{MAX_SOURCE, Shop};

/// Downloads at a time.
const AT_ONCE: usize = 6;

/// Where a file comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    /// An address that the job names.
    Job(String),
    /// An address that the server names, for the output of a child.
    Server(String),
}

impl Origin {
    /// The output of the child for an asset.
    pub(super) fn of_child(claim: &Claim, asset: usize) -> Result<Self, JobError> {
        let of_asset = |child: &&ChildOutput| child.asset == asset;
        let child = claim.children.iter().find(of_asset).ok_or_else(|| {
            let message = format!("the output of the nested job of assets[{asset}] is not known");
            JobError::new(ErrorCode::ChildFailed, Phase::Fetch, message)
        })?;
        Ok(Self::Server(child.url.clone()))
    }
}

/// Brings each file once, into `folder`.
pub(super) async fn bring(
    shop: &Shop,
    folder: &Path,
    wanted: impl IntoIterator<Item = Origin>,
) -> Result<HashMap<Origin, PathBuf>, JobError> {
    let mut found = HashMap::new();
    let mut left = Vec::new();
    for origin in wanted {
        if !found.contains_key(&origin) {
            let path = folder.join(format!("source-{}", found.len()));
            found.insert(origin.clone(), path.clone());
            left.push((origin, path));
        }
    }
    let mut left = left.into_iter();
    let mut tasks = JoinSet::new();
    loop {
        while tasks.len() < AT_ONCE
            && let Some((origin, path)) = left.next()
        {
            let shop = shop.clone();
            tasks.spawn(async move { one(&shop, &origin, &path).await });
        }
        match tasks.join_next().await {
            None => return Ok(found),
            Some(Ok(result)) => result?,
            Some(Err(error)) => {
                let message = super::panic_text(error);
                return Err(JobError::new(ErrorCode::AssetDownloadFailed, Phase::Fetch, message));
            }
        }
    }
}

async fn one(shop: &Shop, origin: &Origin, to: &Path) -> Result<(), JobError> {
    let failed = |message| JobError::new(ErrorCode::AssetDownloadFailed, Phase::Fetch, message);
    match origin {
        Origin::Job(source) => shop.loader.save(source, to).await.map_err(|error| {
            failed(format!("Asset failed to download: {error}"))
                .retryable(error.is_retryable())
                .hint("check that the asset's `src` answers from where the worker runs")
        }),
        Origin::Server(url) => shop.transfer.save(url, to, MAX_SOURCE).await.map_err(|error| {
            failed(format!("the output of a nested job failed to download: {error}")).retryable(error.is_retryable())
        }),
    }
}
