//! Blurs of pictures and planes: box blurs one after another, three of them close to a Gaussian.
//!
//! The time does not depend on the radius. Widths need not be whole pixels: the outermost two count in part, so deviations
//! are exact and nothing jumps while a blur is animated. Lanes of a vector are rows (blurring along x) or columns (along y).

mod boxes;
mod passes;

pub(crate) use boxes::BoxBlur;
pub(crate) use passes::{BlurScratch, Edges};

use crate::effects::Stage;
use crate::raster_picture::Raster;
use crate::rect::IRect;
use crate::surface::Plane;

/// The pixels that a blur of `rect` may touch, or needs; for box blurs along x and y.
pub(crate) fn reach(rect: IRect, blurs: &[BoxBlur; 2]) -> IRect {
    if rect.is_empty() {
        return rect;
    }
    let [x, y] = [blurs[0].reach(), blurs[1].reach()];
    IRect::new(
        rect.x0.saturating_sub(x),
        rect.y0.saturating_sub(y),
        rect.x1.saturating_add(x),
        rect.y1.saturating_add(y),
    )
}

/// Blurs a picture along x and y; the result covers `out`.
pub(crate) fn picture(input: Raster, blurs: &[BoxBlur; 2], edges: Edges, out: IRect, stage: &mut Stage) -> Raster {
    if blurs.iter().all(BoxBlur::is_nothing) || out.is_empty() || input.rect().is_empty() {
        return stage.fit(input, out);
    }
    let rows = passes::rows_needed(input.rect(), &blurs[1], edges, out);
    let mut between = stage.raster(IRect::new(out.x0, rows.0, out.x1, rows.1));
    let mut result = stage.raster(out);
    let mut scratch = std::mem::take(&mut stage.draw.scratch.blur);
    let (from, to) = (input.rect(), between.rect());
    passes::along_x(
        &passes::Bytes::of(from, 4, bytemuck::cast_slice(input.pixels())),
        to,
        bytemuck::cast_slice_mut(between.pixels_mut()),
        &blurs[0],
        edges,
        &mut scratch,
    );
    passes::along_y(
        &passes::Bytes::of(to, 4, bytemuck::cast_slice(between.pixels())),
        out,
        bytemuck::cast_slice_mut(result.pixels_mut()),
        &blurs[1],
        edges,
        &mut scratch,
    );
    stage.draw.scratch.blur = scratch;
    stage.give(between);
    stage.give(input);
    result
}

/// Blurs a plane by standard deviations in x and y, pixels; what lies outside counts as 0.
pub(crate) fn plane(plane: &mut Plane, sigmas: [f64; 2], scratch: &mut BlurScratch) {
    plane_by(plane, sigmas.map(BoxBlur::gaussian), scratch);
}

/// Blurs a plane by box blurs along x and y; what lies outside counts as 0.
pub(crate) fn plane_by(plane: &mut Plane, blurs: [BoxBlur; 2], scratch: &mut BlurScratch) {
    let rect = plane.rect;
    if rect.is_empty() || blurs.iter().all(BoxBlur::is_nothing) {
        return;
    }
    let mut between = std::mem::take(&mut scratch.between);
    between.clear();
    between.resize(rect.width() * rect.height(), 0);
    let data = plane.touch_all();
    passes::along_x(
        &passes::Bytes::of(rect, 1, data),
        rect,
        &mut between,
        &blurs[0],
        Edges::Transparent,
        scratch,
    );
    passes::along_y(
        &passes::Bytes::of(rect, 1, &between),
        rect,
        data,
        &blurs[1],
        Edges::Transparent,
        scratch,
    );
    scratch.between = between;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::surface::Pool;

    fn blurred(w: i32, h: i32, sigmas: [f64; 2], on: impl Fn(i32, i32) -> bool) -> Plane {
        let mut plane = Pool::default().plane(IRect::new(0, 0, w, h));
        for (i, v) in plane.touch_all().iter_mut().enumerate() {
            *v = if on(i as i32 % w, i as i32 / w) { 255 } else { 0 };
        }
        super::plane(&mut plane, sigmas, &mut BlurScratch::default());
        plane
    }

    #[test]
    fn an_edge_becomes_the_normal_distribution() {
        let plane = blurred(101, 3, [6.0, 0.0], |x, _| x > 50);
        // Half-way at the edge, about 84 % one deviation inside, 2.3 % two outside.
        let at = |x: usize| f32::from(plane.row(0, 0, 101)[x]) / 255.0;
        assert!((at(50) + at(51) - 1.0).abs() < 0.02);
        assert!((at(56) - 0.82).abs() < 0.03, "{}", at(56));
        assert!((at(38) - 0.02).abs() < 0.02, "{}", at(38));
    }

    #[test]
    fn both_axes_blur_alike_and_lose_nothing() {
        let a = blurred(90, 80, [4.3, 2.0], |x, y| (x, y) == (45, 40));
        let b = blurred(80, 90, [2.0, 4.3], |x, y| (x, y) == (40, 45));
        for y in 0..80 {
            for x in 0..90 {
                assert!(a.row(y, x, x + 1)[0].abs_diff(b.row(x, y, y + 1)[0]) <= 1);
            }
        }
        let square = blurred(90, 80, [3.0, 3.0], |x, y| {
            (30..60).contains(&x) && (30..50).contains(&y)
        });
        let sum: u64 = (0..80).flat_map(|y| square.row(y, 0, 90).to_vec()).map(u64::from).sum();
        let whole = 30 * 20 * 255;
        assert!(sum.abs_diff(whole) * 200 < whole, "{sum} of {whole}");
    }
}
