//! Ellipse: a ring whose colour changes from its middle line to its sides.

use filmpress_pixels::premultiply;

use super::blending::{cut_to_frame, frame_reach};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE ELLIPSE"],
    read: |p| Box::new(Ellipse::read(p)),
};

struct Ellipse {
    center: Option<[f64; 2]>,
    /// Half of its width and height, pixels of the layer.
    radii: [f64; 2],
    /// Of the ring, pixels of the layer.
    thickness: f64,
    /// How much of the ring's thickness fades out, 0..1.
    softness: f64,
    /// Straight RGB 0..255: of the middle line and of the sides.
    colors: [[f64; 3]; 2],
    on_original: bool,
}

impl Ellipse {
    fn read(p: &Parameters) -> Self {
        let color = |number, default| {
            let [r, g, b, _] = p.color(number, default);
            [r, g, b].map(|v| f64::from(v) * 255.0)
        };
        Self {
            center: p.point(1),
            radii: [2, 3].map(|number| (p.number(number, 100.0) / 2.0).abs().max(0.05)),
            thickness: p.number(4, 10.0).max(0.0),
            softness: p.number(5, 0.5).clamp(0.0, 1.0),
            colors: [color(6, [1.0; 4]), color(7, [0.0, 0.0, 1.0, 1.0])],
            on_original: p.flag(8, false),
        }
    }

    /// The pixel at a distance from the middle line; `pixel` is the length of a pixel there.
    fn pixel(&self, distance: f64, pixel: f64) -> [u8; 4] {
        let half = self.thickness / 2.0;
        let soft = (half * self.softness).max(pixel);
        // Half a pixel more outside, for smooth edges of hard rings.
        let outer = half + (soft - half * self.softness) / 2.0;
        let cover = ((outer - distance) / soft).clamp(0.0, 1.0);
        if cover <= 0.0 {
            return [0; 4];
        }
        let t = if half > 0.0 { (distance / half).min(1.0) } else { 0.0 };
        let mix = |c: usize| (self.colors[0][c] + (self.colors[1][c] - self.colors[0][c]) * t + 0.5) as u8;
        premultiply([mix(0), mix(1), mix(2), (cover * 255.0 + 0.5) as u8])
    }
}

impl Draws for Ellipse {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        frame_reach(ink, space)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let space = stage.space;
        let [cx, cy] = self.center.unwrap_or_else(|| space.center());
        let [a, b] = self.radii;
        let step = 1.0 / space.scale[0];
        let length = 1.0 / (space.scale[0] * space.scale[1]).sqrt();
        let mut drawn = stage.raster(out);
        if self.thickness > 0.0 {
            for (y, line) in drawn.rows_mut() {
                let [x0, y] = space.unpoint([f64::from(out.x0) + 0.5, f64::from(y) + 0.5]);
                let v = (y - cy) / b;
                for (i, pixel) in line.iter_mut().enumerate() {
                    let u = (x0 - cx + step * i as f64) / a;
                    // The distance to the ellipse, to the first order.
                    let f = (u * u + v * v).sqrt();
                    let slope = ((u / a) * (u / a) + (v / b) * (v / b)).sqrt();
                    let distance = if slope > 0.0 {
                        (f - 1.0).abs() * f / slope
                    } else {
                        a.min(b)
                    };
                    *pixel = self.pixel(distance, length);
                }
            }
            cut_to_frame(&mut drawn, &space);
        }
        if !self.on_original {
            stage.give(input);
            return drawn;
        }
        let mut picture = stage.fit(input, out);
        picture.over(&drawn);
        stage.give(drawn);
        picture
    }
}
