//! Taking away from a picture, row by row: what transitions do.

use filmpress_pixels::row;

use super::Stage;
use crate::raster_picture::Raster;
use crate::rect::IRect;

/// Multiplies every pixel by its alpha: `alphas(y, x0, out)` writes those of row `y` from column `x0` on.
pub(super) fn cover(picture: &mut Raster, stage: &mut Stage, mut alphas: impl FnMut(i32, i32, &mut [u8])) {
    let rect = picture.rect();
    let mut scratch = std::mem::take(&mut stage.draw.scratch.alphas);
    scratch.clear();
    scratch.resize(rect.width(), 0);
    for (y, row) in picture.rows_mut() {
        alphas(y, rect.x0, &mut scratch);
        row::mask(row, &scratch);
    }
    stage.draw.scratch.alphas = scratch;
}

/// A transition over `out`, `completion` 0..1 of the way: all of the picture is left before it begins and nothing once it
/// has ended; in between `draw` takes away.
pub(super) fn transition(
    input: Raster,
    out: IRect,
    completion: f64,
    stage: &mut Stage,
    draw: impl FnOnce(&mut Raster, &mut Stage),
) -> Raster {
    let mut picture = stage.fit(input, out);
    if completion >= 1.0 {
        picture.pixels_mut().fill([0; 4]);
    } else if completion > 0.0 && !out.is_empty() {
        draw(&mut picture, stage);
    }
    picture
}

/// A share 0..1 as an alpha.
#[inline(always)]
pub(super) fn alpha(share: f32) -> u8 {
    // The cast saturates.
    (share * 255.0 + 0.5) as u8
}
