//! Stroke: a brush along masks of the layer.

use std::sync::Arc;

use filmpress_evaluate::frame::Outline;
use filmpress_pixels::{mul_div_255, row};
use kurbo::{ParamCurve, Point};

use super::cover::cover;
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;
use crate::surface::Plane;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Stroke"],
    read: |p| Box::new(Stroke::read(p)),
};

/// Most pixels all dabs of a brush paint; where they would be more, they lie further apart.
const MOST_PAINTED: f64 = 4e8;
/// Straight pieces of one curved segment.
const MOST_PIECES: f64 = 200.0;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Style {
    OnOriginal,
    OnTransparent,
    Reveal,
}

struct Stroke {
    /// Straight pieces of the outlines; those of one list share start and end.
    lines: Vec<Vec<Line>>,
    /// Straight RGB.
    color: [u8; 3],
    /// Of the brush, pixels of the layer.
    radius: f64,
    /// 0..1.
    hardness: f64,
    /// 0..1.
    opacity: f64,
    /// Of the length, 0..1, rising.
    range: [f64; 2],
    /// From dab to dab, pixels of the layer.
    spacing: f64,
    style: Style,
}

/// A straight piece of an outline and how much of the outline lies before it, pixels of the layer.
#[derive(Clone, Copy, Debug)]
struct Line {
    from: Point,
    to: Point,
    before: f64,
    length: f64,
}

impl Stroke {
    fn read(p: &Parameters) -> Self {
        let [r, g, b, _] = p.color(2, [1.0; 4]).map(|v| (v * 255.0).round() as u8);
        let all = p.flag(10, false);
        let outlines: &[Arc<Outline>] = p.outlines();
        // A layer's first mask is what the path is where nothing was chosen.
        let one = p.path(1).or_else(|| outlines.first().map(|outline| &**outline));
        let lines = if !all {
            one.map(|outline| pieces([outline])).into_iter().collect()
        } else if p.flag(11, true) {
            vec![pieces(outlines.iter().map(|outline| &**outline))]
        } else {
            outlines.iter().map(|outline| pieces([&**outline])).collect()
        };
        let [start, end] = [p.number(8, 0.0), p.number(9, 100.0)].map(|v| (v / 100.0).clamp(0.0, 1.0));
        let radius = p.number(3, 2.0).clamp(0.0, 5000.0);
        Self {
            lines,
            color: [r, g, b],
            radius,
            hardness: p.number(4, 0.75).clamp(0.0, 1.0),
            opacity: p.number(5, 1.0).clamp(0.0, 1.0),
            range: [start.min(end), start.max(end)],
            spacing: (p.number(6, 15.0).clamp(1.0, 1000.0) / 100.0 * 2.0 * radius).max(0.05),
            style: match p.menu(7, 1) {
                2 => Style::OnTransparent,
                3 => Style::Reveal,
                _ => Style::OnOriginal,
            },
        }
    }

    /// The pixels the brush may touch.
    fn touched(&self, space: &Space) -> IRect {
        let mut all: Option<kurbo::Rect> = None;
        for line in self.lines.iter().flatten() {
            let own = kurbo::Rect::from_points(line.from, line.to);
            all = Some(all.map_or(own, |all| all.union(own)));
        }
        all.map_or(IRect::default(), |rect| {
            let rect = rect.inflate(self.radius, self.radius);
            IRect::around(space.transform().transform_rect_bbox(rect)).inflate(1)
        })
    }

    /// How much the brush has painted where, over `out`.
    fn painted(&self, out: IRect, stage: &mut Stage) -> Plane {
        let mut plane = stage.draw.scratch.pool.plane(out);
        let space = stage.space;
        let brush = Brush::new(self.radius, self.hardness, &space);
        let lengths = self.lines.iter().filter_map(|lines| lines.last());
        let length: f64 = lengths.map(|line| line.before + line.length).sum();
        let dab = (2.0 * brush.reach[0] + 1.0) * (2.0 * brush.reach[1] + 1.0);
        let spacing = self
            .spacing
            .max(length * (self.range[1] - self.range[0]) * dab / MOST_PAINTED);
        for lines in &self.lines {
            let Some(whole) = lines.last().map(|line| line.before + line.length) else {
                continue;
            };
            let [from, to] = self.range.map(|share| share * whole);
            if to <= from {
                continue;
            }
            let mut at = from;
            for line in lines {
                while at <= to && at <= line.before + line.length {
                    let t = if line.length > 0.0 {
                        ((at - line.before) / line.length).clamp(0.0, 1.0)
                    } else {
                        0.0
                    };
                    let point = line.from.lerp(line.to, t);
                    brush.dab(space.point([point.x, point.y]), &mut plane);
                    at += spacing;
                }
            }
        }
        plane
    }
}

/// The straight pieces of outlines, one after another.
fn pieces<'a>(outlines: impl IntoIterator<Item = &'a Outline>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut before = 0.0;
    let mut push = |from: Point, to: Point| {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length = (dx * dx + dy * dy).sqrt();
        if length.is_finite() {
            lines.push(Line {
                from,
                to,
                before,
                length,
            });
            before += length;
        }
    };
    for segment in outlines.into_iter().flat_map(|outline| outline.path.segments()) {
        let (from, to) = (segment.start(), segment.end());
        if let kurbo::PathSeg::Line(_) = segment {
            push(from, to);
            continue;
        }
        // Pieces about as long as the root of the curve's: exact to a small part of a pixel.
        let cubic = segment.to_cubic();
        let about = (cubic.p1 - cubic.p0).hypot2().sqrt()
            + (cubic.p2 - cubic.p1).hypot2().sqrt()
            + (cubic.p3 - cubic.p2).hypot2().sqrt();
        let count = (about.sqrt() * 2.0).ceil().clamp(1.0, MOST_PIECES) as u32;
        let mut last = from;
        for i in 1..=count {
            let next = cubic.eval(f64::from(i) / f64::from(count));
            push(last, next);
            last = next;
        }
    }
    lines
}

/// A round brush in the pixels of an effect.
struct Brush {
    /// Half of its width and height, pixels.
    reach: [f64; 2],
    /// Layer pixels in a pixel.
    step: [f64; 2],
    /// Where the edge is half as strong, from the middle, pixels of the layer.
    edge: f64,
    /// One by the width of the edge.
    steep: f64,
}

impl Brush {
    fn new(radius: f64, hardness: f64, space: &Space) -> Self {
        let step = space.scale.map(|s| 1.0 / s);
        let pixel = step[0].max(step[1]);
        let soft = (radius * (1.0 - hardness)).max(pixel);
        let edge = radius * (1.0 + hardness) / 2.0;
        Self {
            reach: step.map(|s| (edge + soft / 2.0) / s),
            step,
            edge,
            steep: 1.0 / soft,
        }
    }

    /// Paints once around a point, over what is there.
    fn dab(&self, [x, y]: [f64; 2], plane: &mut Plane) {
        let around = kurbo::Rect::new(
            x - self.reach[0],
            y - self.reach[1],
            x + self.reach[0],
            y + self.reach[1],
        );
        let rect = IRect::around(around).intersect(plane.rect);
        if rect.is_empty() {
            return;
        }
        for row in rect.y0..rect.y1 {
            let dy = (f64::from(row) + 0.5 - y) * self.step[1];
            let first = (f64::from(rect.x0) + 0.5 - x) * self.step[0];
            for (i, value) in plane.touch(row, rect.x0, rect.x1).iter_mut().enumerate() {
                let dx = first + self.step[0] * i as f64;
                let distance = (dx * dx + dy * dy).sqrt();
                let cover = ((self.edge - distance) * self.steep + 0.5).clamp(0.0, 1.0);
                let paint = (cover * 255.0 + 0.5) as u8;
                *value += mul_div_255(255 - *value, paint);
            }
        }
    }
}

impl Draws for Stroke {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        match self.style {
            Style::OnOriginal => ink.union(self.touched(space)),
            Style::OnTransparent => self.touched(space),
            Style::Reveal => ink,
        }
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let mut picture = stage.fit(input, out);
        let painted = self.painted(out, stage);
        let [r, g, b] = self.color;
        let opacity = (self.opacity * 255.0).round() as u8;
        if self.style == Style::Reveal {
            cover(&mut picture, stage, |y, x0, alphas| {
                let row = painted.row(y, x0, x0 + alphas.len() as i32);
                for (alpha, painted) in alphas.iter_mut().zip(row) {
                    *alpha = mul_div_255(*painted, opacity);
                }
            });
        } else {
            if self.style == Style::OnTransparent {
                picture.pixels_mut().fill([0; 4]);
            }
            let color = row::scale([r, g, b, 255], opacity);
            for (y, line) in picture.rows_mut() {
                row::over_constant_masked(line, color, painted.row(y, out.x0, out.x1));
            }
        }
        stage.give_plane(painted);
        picture
    }
}
