//! Circle: a disk or a ring.

use filmpress_pixels::{premultiply, row};

use super::blending::{Blending, cut_to_frame, frame_reach};
use super::cover::alpha;
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Circle"],
    read: |p| Box::new(Circle::read(p)),
};

struct Circle {
    center: Option<[f64; 2]>,
    /// Radii, pixels of the layer; the inner one is 0 for a disk.
    outer: f64,
    inner: f64,
    /// Widths of the soft edges, pixels of the layer.
    outer_feather: f64,
    inner_feather: f64,
    inverted: bool,
    /// Straight.
    color: [u8; 4],
    blending: Blending,
}

impl Circle {
    fn read(p: &Parameters) -> Self {
        let radius = p.number(2, 75.0).max(0.0);
        let slider = p.number(4, 10.0).max(0.0);
        let edge = p.menu(3, 1);
        let ring = |thickness: f64| [radius + thickness / 2.0, (radius - thickness / 2.0).max(0.0)];
        let [outer, inner] = match edge {
            2 => [radius.max(slider), radius.min(slider)],
            3 => ring(slider),
            4 | 5 => ring(slider / 100.0 * radius),
            _ => [radius, 0.0],
        };
        let feather = |number| {
            let feather = p.number(number, 0.0).max(0.0);
            if edge == 5 { feather / 100.0 * radius } else { feather }
        };
        let [r, g, b, _] = p.color(10, [1.0; 4]).map(|v| (v * 255.0).round() as u8);
        let opacity = (p.number(11, 100.0) / 100.0).clamp(0.0, 1.0);
        Self {
            center: p.point(1),
            outer,
            inner,
            outer_feather: feather(6),
            inner_feather: feather(7),
            inverted: p.flag(9, false),
            color: [r, g, b, (opacity * 255.0).round() as u8],
            blending: Blending::of_shapes(p, 12, 1),
        }
    }

    /// How much of a place is covered, `distance` from the centre; `pixel` is the length of a pixel there.
    fn cover(&self, distance: f32, pixel: f32) -> f32 {
        let edge = |radius: f64, feather: f64| {
            let soft = (feather as f32).max(pixel).max(1e-6);
            ((radius as f32 - distance) / soft + 0.5).clamp(0.0, 1.0)
        };
        let outside = edge(self.outer, self.outer_feather);
        let hole = if self.inner > 0.0 {
            edge(self.inner, self.inner_feather)
        } else {
            0.0
        };
        let cover = (outside - hole).max(0.0);
        if self.inverted { 1.0 - cover } else { cover }
    }
}

impl Draws for Circle {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        frame_reach(ink, space)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let layer = stage.fit(input, out);
        let space = stage.space;
        let [cx, cy] = self.center.unwrap_or_else(|| space.center());
        let color = premultiply(self.color);
        let mut drawn = stage.raster(out);
        let [px, py] = space.scale.map(|s| 1.0 / s);
        for (y, line) in drawn.rows_mut() {
            let [x0, y] = space.unpoint([f64::from(out.x0) + 0.5, f64::from(y) + 0.5]);
            let dy = y - cy;
            for (i, pixel) in line.iter_mut().enumerate() {
                let dx = x0 - cx + px * i as f64;
                let distance = (dx * dx + dy * dy).sqrt();
                // How fast the distance changes from pixel to pixel.
                let (ex, ey) = (dx * px, dy * py);
                let length = if distance > 0.0 {
                    (ex * ex + ey * ey).sqrt() / distance
                } else {
                    px
                };
                *pixel = row::scale(color, alpha(self.cover(distance as f32, length as f32)));
            }
        }
        cut_to_frame(&mut drawn, &space);
        self.blending.combine(layer, drawn, false, stage)
    }
}
