//! JPEG: baseline and progressive; grey, YCbCr, RGB, CMYK and YCCK.

use std::io::Cursor;

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Format, Size};

pub(super) const FORMAT: Format = Format {
    name: "JPEG",
    matches: |bytes| bytes.starts_with(b"\xFF\xD8\xFF"),
    size,
    decode,
};

fn decoder(bytes: &[u8], colors: ColorSpace) -> JpegDecoder<Cursor<&[u8]>> {
    // Sizes are ours to refuse; a picture cut short is shown as far as it goes, as every viewer does.
    let options = DecoderOptions::default()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .set_strict_mode(false)
        .jpeg_set_out_colorspace(colors);
    JpegDecoder::new_with_options(Cursor::new(bytes), options)
}

fn headers(bytes: &[u8]) -> Result<((u32, u32), ColorSpace), String> {
    let mut decoder = decoder(bytes, ColorSpace::RGB);
    decoder.decode_headers().map_err(|e| e.to_string())?;
    let info = decoder.info().ok_or("it has no header")?;
    let colors = decoder.input_colorspace().unwrap_or(ColorSpace::YCbCr);
    Ok(((u32::from(info.width), u32::from(info.height)), colors))
}

fn size(bytes: &[u8]) -> Result<(u32, u32), String> {
    headers(bytes).map(|(size, _)| size)
}

fn decode(bytes: &[u8], size: Size) -> Result<Vec<[u8; 4]>, String> {
    let (_, colors) = headers(bytes)?;
    // Adobe's programs store CMYK inverted and say so by their marker; the decoder assumes they always do.
    let plain_cmyk = colors == ColorSpace::CMYK && !has_adobe_marker(bytes);
    let wanted = if plain_cmyk { ColorSpace::CMYK } else { ColorSpace::RGB };
    let raw = decoder(bytes, wanted).decode().map_err(|e| e.to_string())?;
    let mut out = Vec::with_capacity(size.pixels());
    if plain_cmyk {
        out.extend(raw.as_chunks().0.iter().map(|&[c, m, y, k]| {
            let ink = |v: u8| filmpress_pixels::mul_div_255(255 - v, 255 - k);
            [ink(c), ink(m), ink(y), 255]
        }));
    } else {
        out.extend(raw.as_chunks().0.iter().map(|&[r, g, b]| [r, g, b, 255]));
    }
    Ok(out)
}

/// Walks the segments before the picture data.
fn has_adobe_marker(bytes: &[u8]) -> bool {
    const APP14: u8 = 0xEE;
    const START_OF_SCAN: u8 = 0xDA;
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let [0xFF, marker, high, low, ..] = *rest {
        if marker == 0xFF {
            rest = &rest[1..]; // padding
            continue;
        }
        let segment = rest.get(4..).unwrap_or_default();
        match marker {
            APP14 if segment.starts_with(b"Adobe") => return true,
            START_OF_SCAN => return false,
            _ => {
                rest = rest
                    .get(2 + usize::from(u16::from_be_bytes([high, low]))..)
                    .unwrap_or_default();
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::{Alpha, probe_still, still};
    use jpeg_encoder::{ColorType, Encoder};

    fn file(color: ColorType, pixel: &[u8], width: u16, height: u16) -> Vec<u8> {
        let mut out = Vec::new();
        let data = pixel.repeat(usize::from(width) * usize::from(height));
        Encoder::new(&mut out, 95).encode(&data, width, height, color).unwrap();
        out
    }

    fn assert_color(bytes: &[u8], want: [u8; 3]) {
        assert_eq!(probe_still(bytes).unwrap(), (19, 11));
        let pixmap = still(bytes, Alpha::Straight).unwrap();
        for pixel in pixmap.pixels() {
            let near = pixel.iter().zip(want).all(|(a, b)| a.abs_diff(b) <= 3);
            assert!(near && pixel[3] == 255, "{pixel:?}, wanted {want:?}");
        }
    }

    #[test]
    fn colours_of_every_kind() {
        assert_color(&file(ColorType::Rgb, &[200, 100, 50], 19, 11), [200, 100, 50]);
        assert_color(&file(ColorType::Luma, &[77], 19, 11), [77; 3]);
        // Cyan 200, no magenta, some yellow, little black.
        let rgb = [55 * 235 / 255, 235, 155 * 235 / 255].map(|v| v as u8);
        let cmyk = file(ColorType::Cmyk, &[200, 0, 100, 20], 19, 11);
        assert_color(&cmyk, rgb);
        assert_color(&file(ColorType::CmykAsYcck, &[200, 0, 100, 20], 19, 11), rgb);
    }

    #[test]
    fn cmyk_without_adobes_marker_is_not_inverted() {
        let mut bytes = file(ColorType::Cmyk, &[200, 0, 100, 20], 19, 11);
        let at = bytes.windows(5).position(|w| w == b"Adobe").unwrap();
        bytes[at] = b'X';
        // The same stored samples, read the other way round: ink where there was paper.
        let pixmap = still(&bytes, Alpha::Straight).unwrap();
        let stored = [55u32, 255, 155, 235];
        let want = [0, 1, 2].map(|i| ((255 - stored[i]) * (255 - stored[3]) / 255) as u8);
        for (a, b) in pixmap.pixels()[0].iter().zip(want) {
            assert!(a.abs_diff(b) <= 3, "{:?} {want:?}", pixmap.pixels()[0]);
        }
    }

    #[test]
    fn garbage_is_an_error_and_never_a_panic() {
        let good = file(ColorType::Rgb, &[200, 100, 50], 64, 64);
        for at in 0..good.len() {
            for value in [0x00, 0xFF] {
                let mut bad = good.clone();
                bad[at] = value;
                let _ = still(&bad, Alpha::Straight);
            }
        }
        assert!(still(&good[..20], Alpha::Straight).is_err());
    }
}
