//! `data:` URLs (RFC 2397).

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding may be there or not; generators disagree.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// The bytes a `data:` URL carries.
pub(super) fn decode(url: &str) -> Result<Vec<u8>, String> {
    let (head, body) = url
        .split_once(',')
        .ok_or("a data: URL has a comma between its type and its content")?;
    let mut bytes = percent_decoded(body.as_bytes());
    if head
        .rsplit(';')
        .next()
        .is_some_and(|last| last.eq_ignore_ascii_case("base64"))
    {
        bytes.retain(|b| !b.is_ascii_whitespace());
        let url_safe = bytes.iter().any(|b| matches!(b, b'-' | b'_'));
        let alphabet = if url_safe {
            &alphabet::URL_SAFE
        } else {
            &alphabet::STANDARD
        };
        bytes = GeneralPurpose::new(alphabet, LENIENT)
            .decode(&bytes)
            .map_err(|error| format!("its base64 is broken: {error}"))?;
    }
    Ok(bytes)
}

/// `%xx` to bytes; a `%` that starts nothing stays.
fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|b| char::from(*b).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if let (b'%', Some(high), Some(low)) = (byte, digit(at + 1), digit(at + 2)) {
            out.push((high * 16 + low) as u8);
            at += 3;
        } else {
            out.push(byte);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_and_plain() {
        assert_eq!(decode("data:,a%20b%2").unwrap(), b"a b%2");
        assert_eq!(decode("data:text/plain;charset=utf-8;base64,aGk=").unwrap(), b"hi");
        assert_eq!(decode("data:;base64,aGk").unwrap(), b"hi");
        assert_eq!(decode("data:;base64,aGk%3D").unwrap(), b"hi");
        assert_eq!(decode("data:;base64,aG\n k=").unwrap(), b"hi");
        assert_eq!(decode("data:;base64,-_8=").unwrap(), [0xfb, 0xff]);
        assert!(decode("data:;base64,a").unwrap_err().contains("base64"));
        assert!(decode("data:image/png").unwrap_err().contains("comma"));
    }
}
