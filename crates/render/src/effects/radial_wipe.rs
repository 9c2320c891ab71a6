//! Radial Wipe.

use filmpress_evaluate::frame::FillRule;
use kurbo::BezPath;

use super::cover::{cover, transition};
use super::gaussian_blur::SIGMA;
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::blur::{self, BoxBlur};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Radial Wipe"],
    read: |p| Box::new(RadialWipe::read(p)),
};

struct RadialWipe {
    /// 0..1.
    completion: f64,
    /// What is left: from this angle on, degrees clockwise from straight up.
    from: f64,
    center: Option<[f64; 2]>,
    /// Standard deviation of the edges, pixels of the layer.
    sigma: f64,
}

impl RadialWipe {
    fn read(p: &Parameters) -> Self {
        let completion = (p.number(1, 0.0) / 100.0).clamp(0.0, 1.0);
        let gone = completion * 360.0;
        let start = p.number(2, 0.0);
        Self {
            completion,
            from: match p.menu(4, 1) {
                2 => start,
                3 => start + gone / 2.0,
                _ => start + gone,
            },
            center: p.point(3),
            sigma: p.number(5, 0.0).max(0.0) * SIGMA,
        }
    }

    /// What is left of the plane, as far as `reach` from the centre.
    fn left(&self, [x, y]: [f64; 2], reach: f64) -> BezPath {
        let mut path = BezPath::new();
        path.move_to((x, y));
        let span = 360.0 * (1.0 - self.completion);
        // Chords of an eighth of a turn stay outside of what is within reach.
        let steps = (span / 45.0).ceil().max(1.0) as u32;
        for i in 0..=steps {
            let angle = (self.from + span * f64::from(i) / f64::from(steps)).to_radians();
            path.line_to((x + libm::sin(angle) * reach, y - libm::cos(angle) * reach));
        }
        path.close_path();
        path
    }
}

impl Draws for RadialWipe {
    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        transition(input, out, self.completion, stage, |picture, stage| {
            let space = stage.space;
            let sigmas = space.scale.map(|s| s * self.sigma);
            let around = blur::reach(out, &sigmas.map(BoxBlur::gaussian));
            let center = self.center.unwrap_or_else(|| space.center());
            let mut shape = stage.raster(around);
            let path = self.left(center, reach(center, around, &space));
            stage.fill(&path, FillRule::NonZero, [255; 4], &mut shape);
            let mut alphas = stage.alphas(&shape, around);
            stage.give(shape);
            stage.blur_plane(&mut alphas, sigmas);
            cover(picture, stage, |y, x0, row| {
                row.copy_from_slice(alphas.row(y, x0, x0 + row.len() as i32));
            });
            stage.give_plane(alphas);
        })
    }
}

/// More than the distance from a point of the layer to any pixel of `rect`, pixels of the layer.
fn reach([x, y]: [f64; 2], rect: IRect, space: &Space) -> f64 {
    let corners = [
        (rect.x0, rect.y0),
        (rect.x1, rect.y0),
        (rect.x1, rect.y1),
        (rect.x0, rect.y1),
    ];
    let distance = |(cx, cy): (i32, i32)| {
        let [cx, cy] = space.unpoint([f64::from(cx), f64::from(cy)]);
        (cx - x).abs() + (cy - y).abs()
    };
    corners.into_iter().map(distance).fold(1.0, f64::max) * 1.5
}
