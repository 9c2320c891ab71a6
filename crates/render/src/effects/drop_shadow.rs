//! Drop Shadow.

use filmpress_pixels::premultiply;

use super::gaussian_blur::SIGMA;
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::blur::{self, BoxBlur};
use crate::raster_picture::Raster;
use crate::rect::IRect;
use crate::surface::Plane;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Drop Shadow"],
    read: |p| Box::new(DropShadow::read(p)),
};

struct DropShadow {
    /// Straight RGB.
    color: [u8; 3],
    /// 0..1.
    opacity: f64,
    /// From the layer to its shadow, pixels.
    shift: [f64; 2],
    /// Standard deviation, pixels.
    sigma: f64,
    shadow_only: bool,
}

impl DropShadow {
    fn read(p: &Parameters) -> Self {
        let [r, g, b, _] = p.color(1, [0.0, 0.0, 0.0, 1.0]);
        // Degrees clockwise from straight up.
        let angle = p.number(3, 135.0).to_radians();
        let distance = p.number(4, 5.0);
        Self {
            color: [r, g, b].map(|v| (v * 255.0).round() as u8),
            opacity: (p.number(2, 127.5) / 255.0).clamp(0.0, 1.0),
            shift: [libm::sin(angle) * distance, -libm::cos(angle) * distance],
            sigma: p.number(5, 0.0).max(0.0) * SIGMA,
            shadow_only: p.flag(6, false),
        }
    }

    fn shift(&self, space: &Space) -> [f64; 2] {
        [self.shift[0] * space.scale[0], self.shift[1] * space.scale[1]]
    }

    fn sigmas(&self, space: &Space) -> [f64; 2] {
        space.scale.map(|s| s * self.sigma)
    }

    fn blurs(&self, space: &Space) -> [BoxBlur; 2] {
        self.sigmas(space).map(BoxBlur::gaussian)
    }
}

/// `rect` moved by an amount that need not be whole.
fn moved(rect: IRect, [x, y]: [f64; 2]) -> IRect {
    if rect.is_empty() {
        return rect;
    }
    let (fx, fy) = (x.floor() as i32, y.floor() as i32);
    let (cx, cy) = (x.ceil() as i32, y.ceil() as i32);
    IRect::new(
        rect.x0.saturating_add(fx),
        rect.y0.saturating_add(fy),
        rect.x1.saturating_add(cx),
        rect.y1.saturating_add(cy),
    )
}

/// A plane between its pixels, their corners at whole numbers.
fn between(plane: &Plane, x: f64, y: f64) -> u8 {
    let (x0, y0) = (x.floor(), y.floor());
    let (u, v) = (x - x0, y - y0);
    let (x0, y0) = (x0 as i32, y0 as i32);
    let at = |x: i32, y: i32| f64::from(plane.at(x, y));
    if u < 1e-3 && v < 1e-3 {
        return plane.at(x0, y0);
    }
    let upper = at(x0, y0) * (1.0 - u) + at(x0 + 1, y0) * u;
    let lower = at(x0, y0 + 1) * (1.0 - u) + at(x0 + 1, y0 + 1) * u;
    (upper * (1.0 - v) + lower * v).round() as u8
}

impl Draws for DropShadow {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        let shadow = moved(blur::reach(ink, &self.blurs(space)), self.shift(space));
        if self.shadow_only { shadow } else { shadow.union(ink) }
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        let back = self.shift(space).map(|v| -v);
        moved(blur::reach(out, &self.blurs(space)), back).union(out)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let shift = self.shift(&stage.space);
        let source = blur::reach(moved(out, shift.map(|v| -v)), &self.blurs(&stage.space));
        let mut alphas = stage.alphas(&input, source);
        stage.blur_plane(&mut alphas, self.sigmas(&stage.space));
        let mut picture = stage.raster(out);
        let [r, g, b] = self.color;
        let colors: [[u8; 4]; 256] =
            std::array::from_fn(|a| premultiply([r, g, b, (a as f64 * self.opacity).round() as u8]));
        for (y, row) in picture.rows_mut() {
            for (x, pixel) in (out.x0..).zip(row) {
                *pixel = colors[usize::from(between(&alphas, f64::from(x) - shift[0], f64::from(y) - shift[1]))];
            }
        }
        stage.give_plane(alphas);
        if !self.shadow_only {
            picture.over(&input);
        }
        stage.give(input);
        picture
    }
}
