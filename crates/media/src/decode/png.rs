//! PNG: all colour types and depths, transparency chunks, interlacing. Of an APNG, the default image.

use std::io::Cursor;

use ::png::{BitDepth, ColorType, Decoder, Limits, Transformations};

use super::{Format, Size};

pub(super) const FORMAT: Format = Format {
    name: "PNG",
    matches: |bytes| bytes.starts_with(b"\x89PNG\r\n\x1A\n"),
    size,
    decode,
};

fn decoder(bytes: &[u8]) -> Decoder<Cursor<&[u8]>> {
    // Memory beside the picture itself: text and profile chunks, the row buffers.
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: 1 << 30 });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder
}

fn size(bytes: &[u8]) -> Result<(u32, u32), String> {
    let mut decoder = decoder(bytes);
    let info = decoder.read_header_info().map_err(|e| e.to_string())?;
    Ok(info.size())
}

fn decode(bytes: &[u8], size: Size) -> Result<Vec<[u8; 4]>, String> {
    let mut decoder = decoder(bytes);
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(|e| e.to_string())?;
    let length = reader.output_buffer_size().ok_or("it is too large")?;
    // Deflate packs at best 1032 to 1: less data than that cannot hold the picture, so do not allocate for it.
    if length / 1100 > bytes.len() {
        return Err("most of the picture is missing".to_owned());
    }
    let mut raw = vec![0; length];
    let info = reader.next_frame(&mut raw).map_err(|e| e.to_string())?;
    let raw = &raw[..info.buffer_size()];
    let samples: Vec<u8>;
    let samples = match info.bit_depth {
        BitDepth::Sixteen => {
            samples = raw.as_chunks::<2>().0.iter().map(|s| eight_bits(*s)).collect();
            &samples
        }
        _ => raw,
    };
    let mut out = Vec::with_capacity(size.pixels());
    match info.color_type {
        ColorType::Grayscale => out.extend(samples.iter().map(|&v| [v, v, v, 255])),
        ColorType::GrayscaleAlpha => out.extend(samples.as_chunks().0.iter().map(|&[v, a]| [v, v, v, a])),
        ColorType::Rgb | ColorType::Indexed => {
            out.extend(samples.as_chunks().0.iter().map(|&[r, g, b]| [r, g, b, 255]));
        }
        ColorType::Rgba => out.extend_from_slice(samples.as_chunks().0),
    }
    Ok(out)
}

/// A big-endian 16-bit sample, rounded to 8 bits.
fn eight_bits(sample: [u8; 2]) -> u8 {
    ((u32::from(u16::from_be_bytes(sample)) * 255 + 32_895) >> 16) as u8
}

#[cfg(test)]
mod tests {
    use super::super::{Alpha, probe_still, still};
    use super::*;
    use ::png::Encoder;

    fn file(color: ColorType, depth: BitDepth, extra: impl FnOnce(&mut Encoder<&mut Vec<u8>>), data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, 2, 1);
        encoder.set_color(color);
        encoder.set_depth(depth);
        extra(&mut encoder);
        encoder.write_header().unwrap().write_image_data(data).unwrap();
        out
    }

    fn pixels(bytes: &[u8]) -> Vec<[u8; 4]> {
        assert_eq!(probe_still(bytes).unwrap(), (2, 1));
        still(bytes, Alpha::Straight).unwrap().pixels().to_vec()
    }

    #[test]
    fn all_colour_types_and_depths() {
        use BitDepth::{Eight, One, Sixteen};
        let plain = |_: &mut Encoder<&mut Vec<u8>>| {};
        let red_and_half_green = [[255, 0, 0, 255], [0, 128, 0, 128]];
        assert_eq!(
            pixels(&file(ColorType::Rgba, Eight, plain, &[255, 0, 0, 255, 0, 255, 0, 128])),
            red_and_half_green
        );
        let wide = [0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff, 0, 0, 0x80, 0x80];
        assert_eq!(
            pixels(&file(ColorType::Rgba, Sixteen, plain, &wide)),
            red_and_half_green
        );
        assert_eq!(
            pixels(&file(ColorType::Rgb, Eight, plain, &[1, 2, 3, 4, 5, 6])),
            [[1, 2, 3, 255], [4, 5, 6, 255]]
        );
        assert_eq!(
            pixels(&file(ColorType::Grayscale, One, plain, &[0b0100_0000])),
            [[0, 0, 0, 255], [255; 4]]
        );
        assert_eq!(
            pixels(&file(ColorType::GrayscaleAlpha, Eight, plain, &[200, 255, 255, 51])),
            [[200, 200, 200, 255], [51; 4]]
        );
        let palette = |e: &mut Encoder<&mut Vec<u8>>| {
            e.set_palette(vec![255, 0, 0, 0, 255, 0]);
            e.set_trns(vec![255, 128]);
        };
        assert_eq!(
            pixels(&file(ColorType::Indexed, One, palette, &[0b0100_0000])),
            red_and_half_green
        );
        let key = |e: &mut Encoder<&mut Vec<u8>>| e.set_trns(vec![0, 9]);
        assert_eq!(
            pixels(&file(ColorType::Grayscale, Eight, key, &[9, 10])),
            [[0; 4], [10, 10, 10, 255]]
        );
    }

    #[test]
    fn sixteen_bits_round() {
        for v in 0..=u16::MAX {
            let exact = (f64::from(v) / 257.0).round() as u8;
            assert_eq!(eight_bits(v.to_be_bytes()), exact, "{v}");
        }
    }

    #[test]
    fn broken_files_and_giants_are_refused_before_memory_is_taken() {
        let good = file(ColorType::Rgba, BitDepth::Eight, |_| {}, &[255; 8]);
        for length in 8..good.len() - 12 {
            assert!(still(&good[..length], Alpha::Straight).is_err(), "cut to {length}");
        }
        let sized = |w: u32, h: u32| {
            let mut out = Vec::new();
            let mut writer = Encoder::new(&mut out, w, h).write_header().unwrap();
            writer.write_chunk(::png::chunk::IDAT, &[0x78, 0x01]).unwrap();
            drop(writer);
            still(&out, Alpha::Straight).unwrap_err().to_string()
        };
        assert!(sized(30_001, 1).contains("30001x1 is over the limit"));
        assert!(sized(20_000, 20_000).contains("20000x20000 is over the limit"));
        assert!(sized(11_000, 11_000).contains("missing"));
    }
}
