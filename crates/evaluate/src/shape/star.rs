//! Star and polygon: clockwise from the top, before rotation.

use filmpress_composition::Group;
use kurbo::{Point, Vec2};

use super::Source;
use super::contour::{Contour, Vertex};
use crate::angle;
use crate::compile::Compile;
use crate::interpolate::{Moving, Number, Track};
use crate::limits;

#[derive(Debug)]
struct Star {
    is_polygon: bool,
    points: Track<Number>,
    position: Track<Moving>,
    rotation: Track<Number>,
    inner_radius: Track<Number>,
    outer_radius: Track<Number>,
    inner_roundness: Track<Number>,
    outer_roundness: Track<Number>,
    reversed: bool,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Source> {
    Box::new(Star {
        is_polygon: c.menu(item, "ADBE Vector Star Type") == 2,
        points: c.number(item, "ADBE Vector Star Points"),
        position: c.point(item, "ADBE Vector Star Position"),
        rotation: c.number(item, "ADBE Vector Star Rotation"),
        inner_radius: c.number(item, "ADBE Vector Star Inner Radius"),
        outer_radius: c.number(item, "ADBE Vector Star Outer Radius"),
        inner_roundness: c.number(item, "ADBE Vector Star Inner Roundess"),
        outer_roundness: c.number(item, "ADBE Vector Star Outer Roundess"),
        reversed: super::is_reversed(c, item),
    })
}

impl Source for Star {
    fn contour(&self, time: f64) -> Contour {
        let points = self.points.at(time).clamp(3.0, limits::STAR_POINTS);
        let [x, y, _] = self.position.at(time);
        let outer = Ring {
            radius: self.outer_radius.at(time),
            roundness: self.outer_roundness.at(time) / 100.0,
        };
        let inner = (!self.is_polygon).then(|| Ring {
            radius: self.inner_radius.at(time),
            roundness: self.inner_roundness.at(time) / 100.0,
        });
        let contour = star(Point::new(x, y), points, self.rotation.at(time), &outer, inner.as_ref());
        if self.reversed {
            contour.reversed_from_start()
        } else {
            contour
        }
    }

    fn is_animated(&self) -> bool {
        self.position.is_animated()
            || [
                &self.points,
                &self.rotation,
                &self.inner_radius,
                &self.outer_radius,
                &self.inner_roundness,
                &self.outer_roundness,
            ]
            .iter()
            .any(|track| track.is_animated())
    }
}

struct Ring {
    radius: f64,
    roundness: f64,
}

/// A star of outer and inner vertices in turn, or a polygon of outer ones only. Polygons have whole numbers of points;
/// the part of a point that a star has beside its whole ones is its first: narrower and shorter by as much.
fn star(centre: Point, points: f64, rotation: f64, outer: &Ring, inner: Option<&Ring>) -> Contour {
    let points = if inner.is_some() { points } else { points.floor() };
    let part = points - points.floor();
    let per_point = 360.0 / points;
    let mut angle = rotation - 90.0;
    if part > 0.0 {
        angle += per_point / 2.0 * (1.0 - part);
    }
    let count = match inner {
        Some(_) => 2.0 * points.ceil(),
        None => points,
    } as usize;
    let mut vertices = Vec::with_capacity(count);
    for i in 0..count {
        let ring = match inner {
            Some(inner) if i % 2 == 1 => inner,
            _ => outer,
        };
        let is_part = part > 0.0 && i == 0;
        let (radius, share) = match inner {
            Some(inner) if is_part => (inner.radius + (ring.radius - inner.radius) * part, part),
            _ => (ring.radius, 1.0),
        };
        let (s, c) = angle::sin_cos(angle);
        // Full roundness reaches a quarter of the way round the ring to the next vertex of the same ring (half of
        // it for stars, whose rings alternate).
        let reach = core::f64::consts::TAU * radius / (points * 4.0) * ring.roundness * share;
        let tangent = Vec2::new(-s, c) * reach;
        vertices.push(Vertex::new(centre + Vec2::new(c, s) * radius, -tangent, tangent));
        angle += match inner {
            Some(_) if is_part => per_point / 2.0 * part,
            Some(_) => per_point / 2.0,
            None => per_point,
        };
    }
    Contour { vertices, closed: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARP: Ring = Ring {
        radius: 100.0,
        roundness: 0.0,
    };

    #[test]
    fn the_first_point_is_at_the_top() {
        let inner = Ring {
            radius: 50.0,
            roundness: 0.0,
        };
        let s = star(Point::ZERO, 5.0, 0.0, &SHARP, Some(&inner));
        assert_eq!(s.vertices.len(), 10);
        assert_eq!(s.vertices[0].point, Point::new(0.0, -100.0));
        assert!(s.vertices[1].point.x > 0.0, "clockwise");
        assert!((s.vertices[1].point.to_vec2().length() - 50.0).abs() < 1e-9);
    }

    #[test]
    fn a_part_of_a_point_comes_first() {
        let inner = Ring {
            radius: 50.0,
            roundness: 0.0,
        };
        let s = star(Point::ZERO, 4.5, 0.0, &SHARP, Some(&inner));
        assert_eq!(s.vertices.len(), 10);
        let polar = |i: usize| {
            let v = s.vertices[i].point.to_vec2();
            (angle::of_direction([v.x, v.y]), v.length())
        };
        let near = |(a, r): (f64, f64), angle: f64, radius: f64| (a - angle).abs() < 1e-9 && (r - radius).abs() < 1e-9;
        // 80 degrees a point: the half point lies 20 beyond the top and takes 40.
        assert!(near(polar(0), -70.0, 75.0), "{:?}", polar(0));
        assert!(
            near(polar(1), -50.0, 50.0) && near(polar(9), -90.0, 50.0),
            "{:?}",
            polar(9)
        );
        assert!(near(polar(2), -10.0, 100.0), "{:?}", polar(2));
    }

    #[test]
    fn a_polygon_has_only_outer_points() {
        let p = star(Point::ZERO, 4.9, 90.0, &SHARP, None);
        assert_eq!(p.vertices.len(), 4);
        assert_eq!(p.vertices[0].point, Point::new(100.0, 0.0));
        assert_eq!(p.vertices[1].point, Point::new(0.0, 100.0));
    }
}
