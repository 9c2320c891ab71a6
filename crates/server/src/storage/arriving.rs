//! Bytes on their way in: counted against a limit, hashed as they pass.

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use filmpress_queue::record::StoredFile;
use filmpress_queue::token::hex;
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};

use crate::error::{Answer, ApiError};

/// A body that comes in.
pub struct Arriving {
    body: Body,
    limit: u64,
    hash: Sha256,
    size: u64,
}

impl Arriving {
    pub fn new(body: Body, limit: u64) -> Self {
        Self {
            body,
            limit,
            hash: Sha256::new(),
            size: 0,
        }
    }

    /// The next bytes; `None` at the end.
    pub async fn next(&mut self) -> Answer<Option<Bytes>> {
        while let Some(frame) = self.body.frame().await {
            let broken = |_| ApiError::field("", "the upload ended before it was complete");
            let Ok(bytes) = frame.map_err(broken)?.into_data() else {
                continue;
            };
            self.size += bytes.len() as u64;
            if self.size > self.limit {
                let text = format!("the file is larger than {} bytes", self.limit);
                return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", text));
            }
            self.hash.update(&bytes);
            return Ok(Some(bytes));
        }
        if self.size == 0 {
            return Err(ApiError::field("", "the file is empty"));
        }
        Ok(None)
    }

    /// Bytes that came so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What came, once all of it did.
    pub fn stored_at(self, key: &str) -> StoredFile {
        StoredFile {
            key: key.to_owned(),
            sha256: hex(&self.hash.finalize()),
            size: self.size,
        }
    }
}
