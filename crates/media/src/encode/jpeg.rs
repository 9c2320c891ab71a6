//! JPEG: 4:4:4, quality 92.

use filmpress_pixels::Pixmap;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::{Codec, CodecKind};
use crate::MediaError;

pub(super) const CODECS: &[Codec] = &[Codec {
    id: "image_jpeg",
    extension: "jpg",
    summary: "JPEG",
    alpha: false,
    kind: CodecKind::Still(encode),
}];

const QUALITY: u8 = 92;

fn encode(pixmap: &Pixmap) -> Result<Vec<u8>, MediaError> {
    let error = |reason: String| MediaError::Encoder(format!("JPEG: {reason}"));
    let side = |n: u32| u16::try_from(n).map_err(|e| error(e.to_string()));
    let (width, height) = (side(pixmap.width())?, side(pixmap.height())?);
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder
        .encode(pixmap.bytes(), width, height, ColorType::Rgba)
        .map_err(|e| error(e.to_string()))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{Alpha, still};

    #[test]
    fn colours_survive() {
        let pixmap = Pixmap::from_premultiplied(30, 20, vec![[200, 30, 90, 255]; 600]).unwrap();
        let back = still(&encode(&pixmap).unwrap(), Alpha::Straight).unwrap();
        assert_eq!((back.width(), back.height()), (30, 20));
        for pixel in back.pixels() {
            assert!(
                pixel.iter().zip([200, 30, 90, 255]).all(|(a, b)| a.abs_diff(b) <= 3),
                "{pixel:?}"
            );
        }
    }
}
