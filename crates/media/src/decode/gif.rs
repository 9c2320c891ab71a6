//! GIF: the first frame, on the file's canvas.

use ::gif::{ColorOutput, DecodeOptions, Decoder, MemoryLimit};

use super::{Format, MAX_PIXELS, Size};

pub(super) const FORMAT: Format = Format {
    name: "GIF",
    matches: |bytes| bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a"),
    size,
    decode,
};

fn decoder(bytes: &[u8]) -> Result<Decoder<&[u8]>, String> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    options.set_memory_limit(MemoryLimit::Bytes(
        std::num::NonZeroU64::MIN.saturating_add(MAX_PIXELS * 4),
    ));
    options.read_info(bytes).map_err(|e| e.to_string())
}

fn size(bytes: &[u8]) -> Result<(u32, u32), String> {
    let decoder = decoder(bytes)?;
    Ok((u32::from(decoder.width()), u32::from(decoder.height())))
}

fn decode(bytes: &[u8], size: Size) -> Result<Vec<[u8; 4]>, String> {
    let mut decoder = decoder(bytes)?;
    let frame = decoder
        .read_next_frame()
        .map_err(|e| e.to_string())?
        .ok_or("it has no frame")?;
    let mut out = vec![[0; 4]; size.pixels()];
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let canvas = out.chunks_exact_mut(size.width as usize).skip(top);
    let rows = frame
        .buffer
        .as_chunks::<4>()
        .0
        .chunks_exact(usize::from(frame.width).max(1));
    for (to, from) in canvas.zip(rows) {
        for (to, from) in to.iter_mut().skip(left).zip(from) {
            *to = *from;
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::super::{Alpha, probe_still, still};
    use ::gif::{Encoder, Frame};

    #[test]
    fn the_first_frame_lies_on_its_canvas() {
        let mut bytes = Vec::new();
        {
            let mut encoder = Encoder::new(&mut bytes, 3, 2, &[255, 0, 0, 0, 0, 255]).unwrap();
            for index in [0, 1] {
                let frame = Frame {
                    left: 1,
                    top: 1,
                    width: 1,
                    height: 1,
                    buffer: vec![index].into(),
                    ..Frame::default()
                };
                encoder.write_frame(&frame).unwrap();
            }
        }
        assert_eq!(probe_still(&bytes).unwrap(), (3, 2));
        let pixmap = still(&bytes, Alpha::Straight).unwrap();
        let mut want = [[0; 4]; 6];
        want[4] = [255, 0, 0, 255];
        assert_eq!(pixmap.pixels(), want);
        assert!(still(&bytes[..14], Alpha::Straight).is_err());
    }
}
