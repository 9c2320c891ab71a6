//! Width and height of a picture, from the first bytes of its file.

/// The formats recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Png,
    Jpeg,
    WebP,
    Gif,
}

/// Format, width and height in pixels; `None` when it is no picture this crate knows, or its header is cut short.
pub(super) fn read(bytes: &[u8]) -> Option<(Format, u32, u32)> {
    let (format, size) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        (Format::Png, (be32(bytes, 16)?, be32(bytes, 20)?))
    } else if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        (Format::Jpeg, jpeg(bytes)?)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        (Format::WebP, webp(bytes)?)
    } else if bytes.starts_with(b"GIF8") {
        (Format::Gif, (u32::from(le16(bytes, 6)?), u32::from(le16(bytes, 8)?)))
    } else {
        return None;
    };
    (size.0 > 0 && size.1 > 0).then_some((format, size.0, size.1))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

/// The size is in the frame header, the first segment of type C0 to CF that is not a table (C4, C8, CC).
/// Pictures stored lying down (EXIF orientation 5 to 8) count as stored; they are turned when they are decoded.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let be16 = |at: usize| Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xFF => at += 1,
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => return Some((be16(at + 7)?, be16(at + 5)?)),
            0x01 | 0xD0..=0xD7 => at += 2,
            0xD9 | 0xDA => return None,
            _ => at += 2 + (be16(at + 2)? as usize).max(2),
        }
    }
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8 " => {
            let side = |at| Some(u32::from(le16(bytes, at)? & 0x3FFF));
            Some((side(26)?, side(28)?))
        }
        b"VP8L" => {
            let bits = u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?);
            Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        b"VP8X" => {
            let side = |at| Some((u32::from(le16(bytes, at)?) | u32::from(*bytes.get(at + 2)?) << 16) + 1);
            Some((side(24)?, side(27)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_from_headers() {
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([0, 0, 2, 0, 0, 0, 1, 0]);
        assert_eq!(read(&png), Some((Format::Png, 512, 256)));
        assert_eq!(read(&png[..22]), None, "cut short");

        // An APP0 segment, then a progressive frame header: 480 wide, 270 high.
        let jpeg = [
            0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 9, 9, 0xFF, 0xC2, 0, 11, 8, 1, 14, 1, 224, 3,
        ];
        assert_eq!(read(&jpeg), Some((Format::Jpeg, 480, 270)));
        assert_eq!(read(&jpeg[..12]), None);

        let mut lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f".to_vec();
        lossless.extend((0x63_u32 | 0x31_u32 << 14).to_le_bytes());
        assert_eq!(read(&lossless), Some((Format::WebP, 100, 50)));
        let mut extended = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
        extended.extend([0x3F, 0x0B, 0, 0x2B, 0x01, 0]);
        assert_eq!(read(&extended), Some((Format::WebP, 2880, 300)));

        assert_eq!(read(b"GIF89a\x0a\0\x14\0"), Some((Format::Gif, 10, 20)));
        assert_eq!(read(b"<svg/>"), None);
        assert_eq!(read(&[0xFF, 0xD8, 0xFF, 0xFF, 0xFF, 0xFF]), None);
    }
}
