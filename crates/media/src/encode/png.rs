//! PNG: RGBA with straight alpha, 8 bits, lightly packed.

use ::png::{BitDepth, ColorType, Compression, Encoder};
use filmpress_pixels::Pixmap;

use super::{Codec, CodecKind};
use crate::MediaError;

pub(super) const CODECS: &[Codec] = &[Codec {
    id: "image_png",
    extension: "png",
    summary: "PNG, with alpha",
    alpha: true,
    kind: CodecKind::Still(encode),
}];

fn encode(pixmap: &Pixmap) -> Result<Vec<u8>, MediaError> {
    let straight = pixmap.to_straight();
    let data = straight.as_flattened();
    let mut out = Vec::with_capacity(data.len() / 4);
    let mut encoder = Encoder::new(&mut out, pixmap.width(), pixmap.height());
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    encoder
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(data)?;
            writer.finish()
        })
        .map_err(|error| MediaError::Encoder(format!("PNG: {error}")))?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{Alpha, still};

    #[test]
    fn what_is_written_reads_back_the_same() {
        let data: Vec<_> = (0..37 * 21u32)
            .map(|i| filmpress_pixels::premultiply([i as u8, (i * 7) as u8, (i * 13) as u8, (i * 3) as u8]))
            .collect();
        let pixmap = Pixmap::from_premultiplied(37, 21, data).unwrap();
        let bytes = encode(&pixmap).unwrap();
        assert!(still(&bytes, Alpha::Straight).unwrap() == pixmap);
    }
}
