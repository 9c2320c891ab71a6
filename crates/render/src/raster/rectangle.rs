//! Upright rectangles to spans, without the way over lines and cells: solids, backgrounds, images, clips.

use kurbo::{Affine, BezPath, PathEl, Point, Rect};

use super::cells::{Row, Spans, to_alpha};
use super::lines::{SUB, SUB_BITS, sub};
use crate::rect::{IRect, upright};

/// The rectangle on the device that `path` is under `transform`, if it is one.
pub(crate) fn as_rectangle(path: &BezPath, transform: Affine) -> Option<Rect> {
    let elements = path.elements();
    if !(4..=6).contains(&elements.len()) || !upright(&transform) {
        return None;
    }
    let mut corners = [Point::ZERO; 4];
    for (i, el) in elements.iter().enumerate() {
        match (i, el) {
            (0, PathEl::MoveTo(p)) => corners[0] = *p,
            (1..=3, PathEl::LineTo(p)) => corners[i] = *p,
            (4, PathEl::LineTo(p)) if *p == corners[0] => {}
            (4.., PathEl::ClosePath) => {}
            _ => return None,
        }
    }
    let [a, b, c, d] = corners;
    let is_rectangle = (a.x == b.x && b.y == c.y && c.x == d.x && d.y == a.y)
        || (a.y == b.y && b.x == c.x && c.y == d.y && d.x == a.x);
    let rect = transform.transform_rect_bbox(Rect::from_points(a, c));
    (is_rectangle && rect.is_finite()).then_some(rect)
}

/// Hands the coverage of `rect` inside `clip` to `out`; the same values as the lines of its sides give.
pub(crate) fn fill_rectangle(rect: Rect, clip: IRect, out: &mut impl Spans) {
    let [x0, y0, x1, y1] = [rect.x0, rect.y0, rect.x1, rect.y1].map(sub);
    if x0 >= x1 || y0 >= y1 {
        return;
    }
    let (left, right) = (x0 >> SUB_BITS, (x1 - 1) >> SUB_BITS);
    let covered = |i: i32, from: i32, to: i32| to.min((i + 1) * SUB) - from.max(i * SUB);
    // Fully covered columns; at least the two outer ones may be partly so.
    let inner = (
        if x0 & (SUB - 1) == 0 { left } else { left + 1 }.max(clip.x0),
        if x1 & (SUB - 1) == 0 { right + 1 } else { right }.min(clip.x1),
    );
    let partial_left = (x0 & (SUB - 1) != 0 && left >= clip.x0 && left < clip.x1).then(|| covered(left, x0, x1));
    let partial_right =
        (x1 & (SUB - 1) != 0 && right >= clip.x0 && right < clip.x1 && (right > left || x0 & (SUB - 1) == 0))
            .then(|| covered(right, x0, x1));
    let row_of = |dy: i32| {
        let side = |x: i32, dx: Option<i32>| dx.map(|dx| (x, to_alpha(2 * dx * dy))).filter(|(_, alpha)| *alpha != 0);
        let alpha = to_alpha(2 * SUB * dy);
        Row {
            left: side(left, partial_left),
            inner: (inner.0 < inner.1 && alpha != 0).then_some((inner.0, inner.1, alpha)),
            right: side(right, partial_right),
        }
    };
    let (top, bottom) = ((y0 >> SUB_BITS).max(clip.y0), (((y1 - 1) >> SUB_BITS) + 1).min(clip.y1));
    let mut y = top;
    while y < bottom {
        let dy = covered(y, y0, y1);
        // All rows between the first and the last are covered in full.
        let end = if dy == SUB {
            (y1 >> SUB_BITS).clamp(y + 1, bottom)
        } else {
            y + 1
        };
        out.rows(y, end, row_of(dy));
        y = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::{Lines, Sweep, fill};
    use filmpress_evaluate::frame::FillRule;
    use kurbo::Shape;

    #[derive(Default, PartialEq, Debug)]
    struct Grid(Vec<u8>);

    impl Spans for Grid {
        fn run(&mut self, y: i32, x0: i32, x1: i32, alpha: u8) {
            for x in x0..x1 {
                self.0[(y * 12 + x) as usize] = alpha;
            }
        }
        fn edge(&mut self, y: i32, x: i32, alphas: &[u8]) {
            for (i, a) in alphas.iter().enumerate() {
                self.0[(y * 12 + x) as usize + i] = *a;
            }
        }
    }

    #[test]
    fn covers_what_its_lines_cover() {
        let clip = IRect::new(1, 1, 11, 9);
        let numbers = [-3.0, 0.7, 1.0, 1.3, 1.6, 4.0, 4.001, 4.5, 8.9, 9.0, 10.25, 11.0, 30.0];
        for x0 in numbers {
            for x1 in numbers {
                for (y0, y1) in [(2.25, 7.5), (1.0, 9.0), (-5.0, 40.0), (3.2, 3.6), (3.2, 4.1)] {
                    let rect = Rect::new(x0, y0, x1, y1).abs();
                    let path = rect.to_path(0.1);
                    let mut grids = [Grid(vec![0; 120]), Grid(vec![0; 120])];
                    let (mut lines, mut sweep) = (Lines::default(), Sweep::default());
                    lines.start(clip);
                    fill(&path, Affine::IDENTITY, &mut lines);
                    sweep.fill(&lines, FillRule::NonZero, &mut grids[0]);
                    let found = as_rectangle(&path, Affine::IDENTITY).unwrap();
                    fill_rectangle(found, clip, &mut grids[1]);
                    assert_eq!(grids[0], grids[1], "{rect:?}");
                }
            }
        }
    }

    #[test]
    fn only_rectangles_are_rectangles() {
        let turned = Affine::rotate(0.3);
        let path = Rect::new(0.0, 0.0, 4.0, 5.0).to_path(0.1);
        assert!(as_rectangle(&path, turned).is_none());
        assert!(as_rectangle(&path, Affine::new([0.0, 2.0, -1.0, 0.0, 3.0, 3.0])).is_some());
        let mut bow = BezPath::new();
        bow.move_to((0.0, 0.0));
        bow.line_to((4.0, 4.0));
        bow.line_to((4.0, 0.0));
        bow.line_to((0.0, 4.0));
        assert!(as_rectangle(&bow, Affine::IDENTITY).is_none());
    }
}
