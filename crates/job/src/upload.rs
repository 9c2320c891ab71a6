//! `upload`: the client's own S3-compatible store, where the output goes instead of ours.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A client's own store. Every text may hold `${secrets.NAME}`, which only the worker replaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Upload {
    /// `s3`, the only one there is.
    #[serde(default = "s3")]
    pub provider: String,
    /// What the object's key begins with, such as `renders/campaign-42/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// The address under which the store's objects are read, without which it is the endpoint's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_url: Option<String>,
    /// Which store, and the right to write there.
    pub params: UploadParams,
}

/// An S3-compatible store, and the right to write there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadParams {
    /// The store's address.
    #[serde(default = "amazon")]
    pub endpoint: String,
    /// Its region; `auto` where there are none.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// A canned ACL for the object, such as `public-read`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acl: Option<String>,
    /// The key's id.
    pub access_key_id: String,
    /// The key.
    pub access_key_secret: String,
    /// Whether the bucket is a part of the path (`https://host/bucket/key`) and not of the host's name. Without it:
    /// for every endpoint but Amazon's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force_path_style: Option<bool>,
}

fn s3() -> String {
    "s3".to_owned()
}

fn amazon() -> String {
    UploadParams::AMAZON.to_owned()
}

impl Upload {
    /// The object's key for an output file.
    pub fn key(&self, file_name: &str) -> String {
        let prefix = self.prefix.as_deref().unwrap_or_default().trim_start_matches('/');
        if prefix.is_empty() || prefix.ends_with('/') {
            format!("{prefix}{file_name}")
        } else {
            format!("{prefix}/{file_name}")
        }
    }

    /// Where the output will be read. Secrets are left as they are written: they belong to the worker.
    pub fn url(&self, file_name: &str) -> String {
        let key = self.key(file_name);
        match self.output_url.as_deref().map(|url| url.trim_end_matches('/')) {
            Some(base) if !base.is_empty() => format!("{base}/{key}"),
            _ => {
                let (endpoint, bucket) = (self.params.endpoint.trim_end_matches('/'), &self.params.bucket);
                match endpoint.split_once("://") {
                    Some((scheme, host)) if !self.params.is_path_style() => format!("{scheme}://{bucket}.{host}/{key}"),
                    _ => format!("{endpoint}/{bucket}/{key}"),
                }
            }
        }
    }
}

impl UploadParams {
    /// The endpoint that is meant where none is named.
    pub const AMAZON: &'static str = "https://s3.amazonaws.com";

    /// Whether the bucket is a part of the path.
    pub fn is_path_style(&self) -> bool {
        self.force_path_style
            .unwrap_or_else(|| !self.endpoint.contains("amazonaws.com"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Upload;

    fn upload(extra: &serde_json::Value) -> Upload {
        let mut body =
            json!({"params": {"region": "auto", "bucket": "films", "accessKeyId": "i", "accessKeySecret": "s"}});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn the_address_is_told_before_the_output_is_there() {
        let cdn = upload(&json!({"outputUrl": "https://cdn.example/media/", "prefix": "renders/42"}));
        assert_eq!(cdn.url("J.mp4"), "https://cdn.example/media/renders/42/J.mp4");
        let own = upload(&json!({"prefix": "/a/"}));
        assert_eq!(own.url("J.mp4"), "https://films.s3.amazonaws.com/a/J.mp4");
        let mut r2 = upload(&json!({}));
        r2.params.endpoint = "https://x.r2.example/".to_owned();
        assert_eq!(r2.url("J.mp4"), "https://x.r2.example/films/J.mp4");
    }
}
