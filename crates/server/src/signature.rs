//! URLs that carry their own permission: for one method, one path, until one instant.

use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use axum::http::{StatusCode, Uri};
use filmpress_queue::token::hex;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use time::OffsetDateTime;

use crate::error::{Answer, ApiError};

/// Signs paths and checks them. Servers with the same key take each other's URLs.
pub struct Signer {
    key: [u8; 32],
}

impl Signer {
    /// With this key.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The key of a data folder, made at the first start.
    pub fn open(file: &Path) -> std::io::Result<Self> {
        let mut key = [0; 32];
        match std::fs::File::open(file) {
            Ok(mut file) => file.read_exact(&mut key)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                rand::fill(&mut key);
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(file)?;
                file.write_all(&key)?;
                file.sync_all()?;
            }
            Err(error) => return Err(error),
        }
        Ok(Self { key })
    }

    /// The path with its permission: `/a/b?expires=…&signature=…`.
    pub fn sign(&self, method: &str, path: &str, life: Duration) -> String {
        let expires = (OffsetDateTime::now_utc() + life).unix_timestamp();
        let signature = hex(&self
            .mac(&format!("{method}\n{path}\n{expires}"))
            .finalize()
            .into_bytes());
        format!("{path}?expires={expires}&signature={signature}")
    }

    /// Refuses a request whose URL was not signed for it, or too long ago.
    pub fn check(&self, method: &str, uri: &Uri) -> Answer<()> {
        let refuse = |why: &str| Err(ApiError::new(StatusCode::FORBIDDEN, "SIGNATURE_INVALID", why));
        let query = |key: &str| {
            let pairs = uri
                .query()
                .unwrap_or_default()
                .split('&')
                .filter_map(|pair| pair.split_once('='));
            pairs.into_iter().find(|(name, _)| *name == key).map(|(_, value)| value)
        };
        let (Some(expires), Some(signature)) = (query("expires"), query("signature").and_then(unhex)) else {
            return refuse("this URL needs the signature it was given out with");
        };
        if self
            .mac(&format!("{method}\n{}\n{expires}", uri.path()))
            .verify_slice(&signature)
            .is_err()
        {
            return refuse("the signature of this URL does not fit: use the URL exactly as it was given out");
        }
        match expires.parse::<i64>() {
            Ok(expires) if expires >= OffsetDateTime::now_utc().unix_timestamp() => Ok(()),
            _ => refuse("this URL has expired: ask for a new one"),
        }
    }

    /// The path of an output. It is told to the client when the job is accepted and does not expire; nobody else can
    /// work it out.
    pub fn output_path(&self, file_name: &str) -> String {
        let tag = self.mac(&format!("output\n{file_name}")).finalize().into_bytes();
        format!("/outputs/{}/{file_name}", hex(tag.get(..16).unwrap_or_default()))
    }

    /// Whether a path is that of an output.
    pub fn is_output(&self, tag: &str, file_name: &str) -> bool {
        let Some(tag) = unhex(tag).filter(|tag| tag.len() == 16) else {
            return false;
        };
        self.mac(&format!("output\n{file_name}"))
            .verify_truncated_left(&tag)
            .is_ok()
    }

    fn mac(&self, message: &str) -> Hmac<Sha256> {
        mac(self.key, message)
    }
}

/// HMAC-SHA256 of a message, to be finished or compared.
pub fn mac(key: [u8; 32], message: &str) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block(key));
    mac.update(message.as_bytes());
    mac
}

/// HMAC fills a short key up with zeros to the hash's block; done here, there is no length left to be wrong.
fn block(key: [u8; 32]) -> hmac::digest::Key<Hmac<Sha256>> {
    let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
    for (to, from) in block.iter_mut().zip(key) {
        *to = from;
    }
    block
}

/// A key for signing as a file or a variable has it: 64 hexadecimal digits, or 32 bytes as they are.
pub fn read_key(given: &[u8]) -> Option<[u8; 32]> {
    let written = std::str::from_utf8(given).ok().and_then(|text| unhex(text.trim()));
    let written = written.and_then(|bytes| bytes.try_into().ok());
    written.or_else(|| given.try_into().ok())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
    let bytes = text.as_bytes();
    if !bytes.len().is_multiple_of(2) || bytes.len() > 128 {
        return None;
    }
    bytes
        .chunks_exact(2)
        .map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.last()?)?))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Signer;

    fn signer() -> Signer {
        Signer { key: [7; 32] }
    }

    #[test]
    fn a_url_is_good_for_its_method_its_path_and_its_time_only() {
        let signed = signer().sign("PUT", "/uploads/x", Duration::from_mins(1));
        let check = |method: &str, url: &str| signer().check(method, &url.parse().unwrap()).map_err(|e| e.body.error);
        check("PUT", &signed).unwrap();
        check("PUT", &format!("{signed}&x-id=PutObject")).unwrap();
        assert!(check("GET", &signed).unwrap_err().contains("does not fit"));
        assert!(
            check("PUT", &signed.replace("/x", "/y"))
                .unwrap_err()
                .contains("does not fit")
        );
        assert!(
            check("PUT", &signed.replace("expires=", "expires=9"))
                .unwrap_err()
                .contains("does not fit")
        );
        assert!(check("PUT", "/uploads/x").unwrap_err().contains("needs the signature"));
        let other = Signer { key: [8; 32] };
        assert!(other.check("PUT", &signed.parse().unwrap()).is_err());
        let path = "/uploads/x";
        let mac = super::hex(&super::Mac::finalize(signer().mac(&format!("PUT\n{path}\n1000"))).into_bytes());
        assert!(
            check("PUT", &format!("{path}?expires=1000&signature={mac}"))
                .unwrap_err()
                .contains("expired")
        );
    }

    #[test]
    fn outputs_cannot_be_guessed() {
        let path = signer().output_path("J.mp4");
        let (tag, name) = path.strip_prefix("/outputs/").unwrap().split_once('/').unwrap();
        assert!(signer().is_output(tag, name));
        assert!(!signer().is_output(tag, "K.mp4"));
        assert!(!signer().is_output(&tag[..2], name), "a short tag is no tag");
        assert!(!signer().is_output("", name));
    }

    #[test]
    fn the_key_outlives_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        let first = Signer::open(&file).unwrap().output_path("x");
        assert_eq!(Signer::open(&file).unwrap().output_path("x"), first);
        assert_ne!(first, signer().output_path("x"));
    }
}
