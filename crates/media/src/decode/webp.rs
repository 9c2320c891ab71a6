//! WebP: lossy, lossless, with and without alpha. Of an animation, the first frame.

use std::io::Cursor;

use image_webp::WebPDecoder;

use super::{Format, MAX_PIXELS, Size};

pub(super) const FORMAT: Format = Format {
    name: "WebP",
    matches: |bytes| bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
    size,
    decode,
};

fn decoder(bytes: &[u8]) -> Result<WebPDecoder<Cursor<&[u8]>>, String> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    decoder.set_memory_limit(MAX_PIXELS as usize * 4);
    Ok(decoder)
}

fn size(bytes: &[u8]) -> Result<(u32, u32), String> {
    Ok(decoder(bytes)?.dimensions())
}

fn decode(bytes: &[u8], size: Size) -> Result<Vec<[u8; 4]>, String> {
    let mut decoder = decoder(bytes)?;
    if decoder.has_alpha() {
        let mut out = vec![[0; 4]; size.pixels()];
        decoder.read_image(out.as_flattened_mut()).map_err(|e| e.to_string())?;
        Ok(out)
    } else {
        let mut raw = vec![[0; 3]; size.pixels()];
        decoder.read_image(raw.as_flattened_mut()).map_err(|e| e.to_string())?;
        Ok(raw.into_iter().map(|[r, g, b]| [r, g, b, 255]).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Alpha, probe_still, still};
    use image_webp::{ColorType, WebPEncoder};

    fn file(color: ColorType, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        WebPEncoder::new(&mut out).encode(data, 2, 1, color).unwrap();
        out
    }

    #[test]
    fn lossless_with_and_without_alpha() {
        let bytes = file(ColorType::Rgba8, &[255, 0, 0, 255, 0, 255, 0, 128]);
        assert_eq!(probe_still(&bytes).unwrap(), (2, 1));
        let pixmap = still(&bytes, Alpha::Straight).unwrap();
        assert_eq!(pixmap.pixels(), [[255, 0, 0, 255], [0, 128, 0, 128]]);
        let opaque = still(&bytes, Alpha::Ignore).unwrap();
        assert_eq!(opaque.pixels(), [[255, 0, 0, 255], [0, 255, 0, 255]]);
        let bytes = file(ColorType::Rgb8, &[1, 2, 3, 4, 5, 6]);
        let pixmap = still(&bytes, Alpha::Straight).unwrap();
        assert_eq!(pixmap.pixels(), [[1, 2, 3, 255], [4, 5, 6, 255]]);
    }

    #[test]
    fn cut_files_are_errors() {
        let good = file(ColorType::Rgba8, &[255, 0, 0, 255, 0, 255, 0, 128]);
        for length in 0..good.len() - 4 {
            assert!(still(&good[..length], Alpha::Straight).is_err(), "cut to {length}");
        }
    }
}
