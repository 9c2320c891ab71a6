//! Storing a body of unknown length: in one request if it is small, else in parts, each held in memory until it is there.

use axum::body::{Body, Bytes};
use filmpress_queue::record::StoredFile;

use super::send::{What, send, text};
use super::{S3, S3Error};
use crate::error::Answer;
use crate::storage::arriving::Arriving;

/// Parts of less than 5 MiB are refused by most stores.
const SMALLEST_PART: u64 = 16 << 20;

/// No store takes more than 10 000; some want all of one size, so that it must be chosen beforehand.
const MOST_PARTS: u64 = 9_500;

/// The size of parts of which there are not too many for any body up to the limit.
fn part_size(limit: u64) -> usize {
    let needed = limit.div_ceil(MOST_PARTS).next_multiple_of(1 << 20);
    usize::try_from(needed.max(SMALLEST_PART)).unwrap_or(usize::MAX)
}

/// Cuts what arrives into parts of one size, but for the last.
struct Parts {
    arriving: Arriving,
    size: usize,
    waiting: Vec<u8>,
}

impl Parts {
    async fn next(&mut self) -> Answer<Option<Bytes>> {
        while self.waiting.len() < self.size {
            match self.arriving.next().await? {
                Some(bytes) => self.waiting.extend_from_slice(&bytes),
                None if self.waiting.is_empty() => return Ok(None),
                None => return Ok(Some(std::mem::take(&mut self.waiting).into())),
            }
        }
        let rest = self.waiting.split_off(self.size);
        Ok(Some(std::mem::replace(&mut self.waiting, rest).into()))
    }
}

pub async fn put(s3: &S3, key: &str, body: Body, limit: u64) -> Answer<StoredFile> {
    let mut parts = Parts {
        arriving: Arriving::new(body, limit),
        size: part_size(limit),
        waiting: Vec::new(),
    };
    let first = parts.next().await?.unwrap_or_default();
    if first.len() < parts.size {
        // Nothing more comes, and that is known by asking: the limit and the end of the body are looked at there.
        let name = s3.name(key);
        let action = s3.inner.put_object(Some(&s3.credentials), &name);
        send(&s3.client, What { action: "put", key }, &action, &first, &[]).await?;
    } else {
        in_parts(s3, key, first, &mut parts).await?;
    }
    Ok(parts.arriving.stored_at(key))
}

async fn in_parts(s3: &S3, key: &str, first: Bytes, parts: &mut Parts) -> Answer<()> {
    let name = s3.name(key);
    let what = What { action: "begin", key };
    let action = s3.inner.create_multipart_upload(Some(&s3.credentials), &name);
    let begun = text(what, send(&s3.client, what, &action, &Bytes::new(), &[]).await?).await?;
    let begun = rusty_s3::actions::CreateMultipartUpload::parse_response(&begun).map_err(|e| what.unexpected(&e))?;
    let id = begun.upload_id();
    let done = send_parts(s3, key, id, first, parts).await;
    if done.is_err() {
        // What was sent would be kept, and paid for, for ever.
        let action = s3.inner.abort_multipart_upload(Some(&s3.credentials), &name, id);
        let what = What { action: "give up", key };
        if let Err(error) = send(&s3.client, what, &action, &Bytes::new(), &[]).await {
            tracing::warn!("{error}");
        }
    }
    done
}

async fn send_parts(s3: &S3, key: &str, id: &str, first: Bytes, parts: &mut Parts) -> Answer<()> {
    let name = s3.name(key);
    let mut tags = Vec::new();
    let mut part = Some(first);
    while let Some(bytes) = part {
        let what = What {
            action: "put a part of",
            key,
        };
        let number = u16::try_from(tags.len() + 1).map_err(|error| what.unexpected(&error))?;
        let action = s3.inner.upload_part(Some(&s3.credentials), &name, number, id);
        let answer = send(&s3.client, what, &action, &bytes, &[]).await?;
        let tag = answer.headers().get("etag").and_then(|tag| tag.to_str().ok());
        tags.push(tag.ok_or_else(|| what.unexpected(&"no ETag"))?.to_owned());
        part = parts.next().await?;
    }
    let what = What {
        action: "complete",
        key,
    };
    let tags: Vec<_> = tags.iter().map(String::as_str).collect();
    let complete = |tags: Vec<_>| {
        s3.inner
            .complete_multipart_upload(Some(&s3.credentials), &name, id, tags.into_iter())
    };
    let body = Bytes::from(complete(tags.clone()).body());
    let answer = match send(&s3.client, what, &complete(tags), &body, &[]).await {
        // It was done, and only the answer lost: there is no upload to complete any more, but a file.
        Err(S3Error::Refused { status: 404, .. }) if s3.size(key).await? == Some(parts.arriving.size()) => {
            return Ok(());
        }
        other => text(what, other?).await?,
    };
    // The store begins to answer before it knows how this ends.
    if answer.contains("<Error>") {
        return Err(what.unexpected(&super::send::error_code(&answer)).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::{MOST_PARTS, Parts, SMALLEST_PART, part_size};
    use crate::storage::arriving::Arriving;

    #[test]
    fn parts_are_neither_too_small_nor_too_many() {
        assert_eq!(part_size(1) as u64, SMALLEST_PART);
        for limit in [2_u64 << 30, 400 << 30, 4 << 40] {
            assert!(limit.div_ceil(part_size(limit) as u64) <= MOST_PARTS, "{limit}");
        }
    }

    #[tokio::test]
    async fn all_parts_but_the_last_have_one_size() {
        let mut parts = Parts {
            arriving: Arriving::new(Body::from("abcdefgh"), 100),
            size: 3,
            waiting: Vec::new(),
        };
        let mut got = Vec::new();
        while let Some(part) = parts.next().await.unwrap() {
            got.push(String::from_utf8(part.to_vec()).unwrap());
        }
        assert_eq!(got, ["abc", "def", "gh"]);
        assert_eq!(parts.arriving.stored_at("k").size, 8);
    }
}
