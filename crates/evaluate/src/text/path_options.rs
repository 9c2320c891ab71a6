//! Text along a path: each character stands on a mask's path where it would stand on the line.

use kurbo::{Affine, BezPath, ParamCurve, ParamCurveArclen, ParamCurveDeriv, PathSeg, Point, Vec2};

use super::characters::finite;
use super::layout::TextLayout;

/// The `Path Options` of a text layer at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PathOptions {
    /// The path is followed from its end.
    pub reverse: bool,
    /// Characters turn with the path.
    pub perpendicular: bool,
    /// The text is spread over the whole path.
    pub force_alignment: bool,
    /// Where the text starts, pixels after the start of the path.
    pub first_margin: f64,
    /// Where it ends, pixels after the end of the path.
    pub last_margin: f64,
}

impl Default for PathOptions {
    fn default() -> Self {
        Self {
            reverse: false,
            perpendicular: true,
            force_alignment: false,
            first_margin: 0.0,
            last_margin: 0.0,
        }
    }
}

/// How exactly lengths are measured, pixels.
const ACCURACY: f64 = 0.01;

/// Segments of a path that are followed.
const MAX_SEGMENTS: usize = 10_000;

/// A path to be walked on.
struct Course {
    /// With the length before each.
    segments: Vec<(f64, PathSeg)>,
    length: f64,
    closed: bool,
}

impl Course {
    fn new(path: &BezPath, closed: bool, reverse: bool) -> Self {
        let mut list: Vec<PathSeg> = path.segments().take(MAX_SEGMENTS).collect();
        if reverse {
            list.reverse();
            for segment in &mut list {
                *segment = segment.reverse();
            }
        }
        let mut length = 0.0;
        let mut segments = Vec::new();
        for segment in list {
            let own = segment.arclen(ACCURACY);
            if own > 1e-9 && own.is_finite() {
                segments.push((length, segment));
                length += own;
            }
        }
        Self {
            segments,
            length,
            closed,
        }
    }

    /// The point at a length from the start, and the direction there. Closed paths go round and round, open ones
    /// straight on.
    fn at(&self, along: f64) -> Option<(Point, Vec2)> {
        let inside = if self.closed {
            along.rem_euclid(self.length)
        } else {
            along.clamp(0.0, self.length)
        };
        let after = self.segments.partition_point(|(start, _)| *start <= inside);
        let (start, segment) = self.segments.get(after.checked_sub(1)?)?;
        let t = segment.inv_arclen(inside - start, ACCURACY).clamp(0.0, 1.0);
        let direction = direction(segment, t);
        let beyond = if self.closed { 0.0 } else { along - inside };
        Some((segment.eval(t) + direction * beyond, direction))
    }
}

/// The unit tangent of a segment that is longer than nothing.
fn direction(segment: &PathSeg, t: f64) -> Vec2 {
    let cubic = segment.to_cubic();
    // At the very end of a segment whose handle is drawn in the tangent is that of the curve just beside it.
    [t, t.clamp(1e-4, 1.0 - 1e-4)]
        .into_iter()
        .map(|t| cubic.deriv().eval(t).to_vec2())
        .find(|v| v.hypot2() > 1e-12)
        .map_or(Vec2::new(1.0, 0.0), |v| v / libm::sqrt(v.hypot2()))
}

/// For each glyph of a text what takes it from its line to the path; empty when there is no path to speak of.
pub fn place_on_path(layout: &TextLayout, path: &BezPath, closed: bool, options: PathOptions) -> Vec<Affine> {
    let course = Course::new(path, closed, options.reverse);
    if course.segments.is_empty() {
        return Vec::new();
    }
    let (first, last) = (
        finite(options.first_margin),
        course.length + finite(options.last_margin),
    );
    let placed = layout.glyphs.iter().map(|glyph| {
        let line = layout.lines.get(glyph.line)?;
        let middle = glyph.origin.x + glyph.advance / 2.0;
        let along = if options.force_alignment {
            let share = (middle - line.left) / line.width.max(1e-9);
            first + (last - first) * share
        } else {
            // What the line starts, is centred or ends at.
            let own = line.left + line.width * line.alignment;
            first + (last - first) * line.alignment + middle - own
        };
        let (point, direction) = course.at(along)?;
        let turn = if options.perpendicular {
            Affine::new([direction.x, direction.y, -direction.y, direction.x, 0.0, 0.0])
        } else {
            Affine::IDENTITY
        };
        Some(Affine::translate(point.to_vec2()) * turn * Affine::translate((-middle, 0.0)))
    });
    placed.map(|affine| affine.unwrap_or(Affine::IDENTITY)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::layout::{Line, PlacedGlyph};
    use super::*;

    fn layout(alignment: f64) -> TextLayout {
        let left = -40.0 * alignment;
        let glyph = |i: usize| PlacedGlyph {
            outline: Arc::default(),
            transform: Affine::IDENTITY,
            origin: Point::new(left + 20.0 * i as f64, 0.0),
            advance: 20.0,
            characters: i..i + 1,
            index: i,
            index_without_spaces: i,
            word: 0,
            line: 0,
            style: 0,
            embolden: 0.0,
        };
        TextLayout {
            glyphs: vec![glyph(0), glyph(1)],
            lines: vec![Line {
                left,
                baseline: 0.0,
                width: 40.0,
                characters: 0..2,
                alignment,
            }],
            ..TextLayout::default()
        }
    }

    /// Where the middles of the two characters come to stand.
    fn middles(alignment: f64, path: &BezPath, closed: bool, options: PathOptions) -> Vec<Point> {
        let layout = layout(alignment);
        let placed = place_on_path(&layout, path, closed, options);
        placed
            .iter()
            .zip(&layout.glyphs)
            .map(|(affine, glyph)| *affine * Point::new(glyph.origin.x + 10.0, 0.0))
            .map(|p| Point::new((p.x * 100.0).round() / 100.0, (p.y * 100.0).round() / 100.0))
            .collect()
    }

    fn corner() -> BezPath {
        let mut path = BezPath::new();
        path.move_to((0.0, 0.0));
        path.line_to((20.0, 0.0));
        path.line_to((20.0, 80.0));
        path
    }

    #[test]
    fn characters_stand_on_the_path_where_they_would_on_the_line() {
        let options = PathOptions::default();
        let at = |alignment, options| middles(alignment, &corner(), false, options);
        assert_eq!(at(0.0, options), [Point::new(10.0, 0.0), Point::new(20.0, 10.0)]);
        assert_eq!(at(0.5, options), [Point::new(20.0, 20.0), Point::new(20.0, 40.0)]);
        assert_eq!(at(1.0, options), [Point::new(20.0, 50.0), Point::new(20.0, 70.0)]);
        let reverse = PathOptions {
            reverse: true,
            ..options
        };
        assert_eq!(at(0.0, reverse), [Point::new(20.0, 70.0), Point::new(20.0, 50.0)]);
        let force = PathOptions {
            force_alignment: true,
            ..options
        };
        assert_eq!(at(0.0, force), [Point::new(20.0, 5.0), Point::new(20.0, 55.0)]);
        // Before the start of an open path the text goes straight on.
        let before = PathOptions {
            first_margin: -50.0,
            ..options
        };
        assert_eq!(at(0.0, before)[0], Point::new(-40.0, 0.0));
    }

    #[test]
    fn characters_turn_with_the_path_and_go_round() {
        let square = kurbo::Shape::to_path(&kurbo::Rect::new(0.0, 0.0, 100.0, 100.0), 0.1);
        let options = PathOptions {
            first_margin: 400.0,
            ..PathOptions::default()
        };
        assert_eq!(
            middles(0.0, &square, true, options),
            middles(0.0, &square, true, PathOptions::default())
        );
        let down = place_on_path(
            &layout(0.0),
            &corner(),
            false,
            PathOptions {
                first_margin: 40.0,
                ..PathOptions::default()
            },
        );
        let [a, b, ..] = down[0].as_coeffs();
        assert!(a.abs() < 1e-9 && (b - 1.0).abs() < 1e-9);
        assert!(place_on_path(&layout(0.0), &BezPath::new(), true, PathOptions::default()).is_empty());
    }
}
