//! Files of our own server, by signed URLs: templates and fonts in, outputs out. No token goes with them.

use std::path::Path;
use std::time::Duration;

use reqwest::Client;
use url::Url;

use crate::server::{ServerError, checked, client};

/// How long one file may take.
const TIMEOUT: Duration = Duration::from_hours(1);

/// Takes and brings files by the server's signed URLs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Transfer {
    client: Client,
    server: Url,
}

impl Transfer {
    /// For the files of this server.
    pub fn new(server: &Url) -> Result<Self, ServerError> {
        Ok(Self {
            client: client(server)?,
            server: server.clone(),
        })
    }

    /// Whether a URL leads to the server.
    pub fn owns(&self, url: &Url) -> bool {
        self.server.origin() == url.origin()
    }

    /// Puts the bytes of a file to a signed URL. One try.
    pub async fn put(&self, url: &str, file: &Path) -> Result<(), ServerError> {
        let file = tokio::fs::File::open(file).await.map_err(ServerError::File)?;
        let length = file.metadata().await.map_err(ServerError::File)?.len();
        let request = self
            .client
            .put(url)
            .timeout(TIMEOUT)
            .header(reqwest::header::CONTENT_TYPE, "application/octet-stream")
            .header(reqwest::header::CONTENT_LENGTH, length)
            .body(file);
        checked(request.send().await?).await.map(drop)
    }

    /// The bytes behind a URL of the server, at most `limit`; `None` if there are more. One try.
    pub async fn get(&self, url: &Url, limit: u64) -> Result<Option<Vec<u8>>, ServerError> {
        let request = self.client.get(url.clone()).timeout(TIMEOUT);
        let mut response = checked(request.send().await?).await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if (bytes.len() + chunk.len()) as u64 > limit {
                return Ok(None);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Some(bytes))
    }
}
