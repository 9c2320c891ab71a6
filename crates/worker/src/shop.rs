//! What all jobs of a process share.

use std::path::PathBuf;
use std::sync::Arc;

use filmpress_render::Cache;

use crate::config::Config;
use crate::footage::PictureCache;
use crate::run::WorkerError;
use crate::sources::{Loader, Policy};
use crate::templates::Templates;
use crate::transfer::Transfer;

/// Largest asset, in bytes; templates named by jobs come through the same door.
pub(crate) const MAX_SOURCE: u64 = 2 << 30;
/// Most bytes of decoded pictures, and of drawn ones, kept for later jobs.
const MAX_PICTURES: u64 = 256 << 20;
/// The part of a job's memory that each of these two may have.
const PART_OF_MEMORY: u64 = 8;

/// What all jobs of a process share: caches, and the ways files come in and go out.
#[derive(Clone, Debug)]
pub struct Shop {
    /// What the worker was started with.
    pub config: Arc<Config>,
    /// Files of our own server.
    pub transfer: Transfer,
    /// Loads what jobs name.
    pub loader: Loader,
    /// Templates of earlier jobs.
    pub templates: Templates,
    /// Decoded pictures.
    pub pictures: PictureCache,
    /// Drawn pictures of groups that come again.
    pub drawn: Cache,
    /// Threads one job draws on.
    pub threads: usize,
}

impl Shop {
    /// Makes the folders and opens the caches.
    pub(crate) fn open(config: Config) -> Result<Self, WorkerError> {
        let templates = Templates::new(config.folder.join("templates"), config.cache_bytes)
            .map_err(|error| WorkerError::folder(&config.folder, error))?;
        let all = match config.threads {
            0 => filmpress_render::sequence::available_threads(),
            n => n,
        };
        let loader = Loader::new(Policy {
            reach: config.reach,
            max_bytes: MAX_SOURCE,
            ..Policy::default()
        })?;
        let pictures = match config.limits.memory {
            0 => MAX_PICTURES,
            memory => MAX_PICTURES.min(memory / PART_OF_MEMORY),
        };
        Ok(Self {
            transfer: Transfer::new(&config.servers)?,
            loader,
            templates,
            pictures: PictureCache::new(pictures as usize),
            drawn: Cache::with_capacity(pictures as usize),
            threads: (all / config.jobs.max(1)).max(1),
            config: Arc::new(config),
        })
    }
}

/// Where scratch folders are in a worker's folder.
pub(crate) fn scratch_folder(config: &Config) -> PathBuf {
    config.folder.join("scratch")
}
