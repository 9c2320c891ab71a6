//! Transform: the layer's picture moved, scaled, skewed and turned once more.

use filmpress_evaluate::frame::Sampling;
use kurbo::Affine;

use super::remap::{EVERYTHING, around, numbers};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Geometry2"],
    read: |p| Box::new(Transform::read(p)),
};

struct Transform {
    /// Points of the layer; its centre where the file has none.
    anchor: Option<[f64; 2]>,
    position: Option<[f64; 2]>,
    /// Scale, skew and rotation, about the anchor.
    linear: Affine,
    /// 0..1.
    opacity: f64,
    sampling: Sampling,
}

fn rotation(degrees: f64) -> Affine {
    let angle = (degrees % 360.0).to_radians();
    let (s, c) = (libm::sin(angle), libm::cos(angle));
    Affine::new([c, s, -s, c, 0.0, 0.0])
}

/// As the skew of shape groups; no further than 85 degrees.
fn skew(amount: f64, axis: f64) -> Affine {
    let lean = libm::tan(amount.clamp(-85.0, 85.0).to_radians());
    rotation(-axis) * Affine::new([1.0, 0.0, -lean, 1.0, 0.0, 0.0]) * rotation(axis)
}

impl Transform {
    fn read(p: &Parameters) -> Self {
        let height = p.number(3, 100.0) / 100.0;
        let width = if p.flag(11, true) {
            height
        } else {
            p.number(4, 100.0) / 100.0
        };
        Self {
            anchor: p.point(1),
            position: p.point(2),
            linear: rotation(p.number(7, 0.0))
                * skew(p.number(5, 0.0), p.number(6, 0.0))
                * Affine::scale_non_uniform(width, height),
            opacity: (p.number(8, 100.0) / 100.0).clamp(0.0, 1.0),
            sampling: if p.menu(12, 1) == 2 {
                Sampling::Bicubic
            } else {
                Sampling::Bilinear
            },
        }
    }

    /// From the pixels of the input to those of the output.
    fn affine(&self, space: &Space) -> Affine {
        let [ax, ay] = self.anchor.unwrap_or(space.center());
        let [px, py] = self.position.unwrap_or(space.center());
        let layer = Affine::translate((px, py)) * self.linear * Affine::translate((-ax, -ay));
        if layer == Affine::IDENTITY {
            return layer;
        }
        space.transform() * layer * space.transform().inverse()
    }
}

/// What a transform makes of a rectangle, with `margin` pixels around it.
fn through(affine: Affine, rect: IRect, margin: i32) -> IRect {
    if rect.is_empty() {
        return rect;
    }
    around(affine.transform_rect_bbox(numbers(rect)))
        .inflate(margin)
        .intersect(EVERYTHING)
}

impl Draws for Transform {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        through(self.affine(space), ink, 1)
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        let affine = self.affine(space);
        if affine.determinant().abs() < 1e-12 {
            return IRect::default();
        }
        // Pictures that shrink much are halved first: pixels beyond the edge count.
        let back = affine.inverse();
        let [a, b, c, d, ..] = back.as_coeffs();
        let far = (a.abs() + c.abs()).max(b.abs() + d.abs());
        through(back, out, 3 + (2.0 * far).min(4096.0).ceil() as i32)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let affine = self.affine(&stage.space);
        let mut picture = if affine == Affine::IDENTITY {
            stage.fit(input, out)
        } else {
            stage.transformed(input, affine, self.sampling, out)
        };
        if self.opacity < 1.0 {
            picture.fade(self.opacity);
        }
        picture
    }
}

#[cfg(test)]
mod tests {
    use kurbo::Point;

    use super::*;

    fn space() -> Space {
        Space {
            size: [200.0, 100.0],
            scale: [0.5, 0.5],
            origin: [10.0, 0.0],
        }
    }

    #[test]
    fn about_the_anchor_at_the_position() {
        let transform = Transform {
            anchor: None,
            position: Some([120.0, 50.0]),
            linear: rotation(90.0) * Affine::scale(2.0),
            opacity: 1.0,
            sampling: Sampling::Bilinear,
        };
        let affine = transform.affine(&space());
        // The layer's centre goes to the position; 10 to its right becomes 20 below.
        let to = |x: f64, y: f64| {
            let [x, y] = space().point([x, y]);
            affine * Point::new(x, y)
        };
        assert!(to(100.0, 50.0).distance(Point::new(70.0, 25.0)) < 1e-9);
        assert!(to(110.0, 50.0).distance(Point::new(70.0, 35.0)) < 1e-9);
    }

    #[test]
    fn nothing_left_needs_nothing() {
        let transform = Transform {
            anchor: None,
            position: None,
            linear: Affine::scale(0.0),
            opacity: 1.0,
            sampling: Sampling::Bilinear,
        };
        assert!(transform.needs(IRect::new(0, 0, 10, 10), &space()).is_empty());
    }
}
