//! Stroke: a line along the paths, perhaps dashed.

use filmpress_composition::{Group, LineCap, LineJoin};

use super::fill::visible;
use super::stroke_width::StrokeWidth;
use super::{Look, Painter};
use crate::compile::Compile;
use crate::frame::{Paint, PathStyle, StrokeStyle};
use crate::interpolate::{Blended, Number, Track};

#[derive(Debug)]
struct Stroke {
    line: Line,
    color: Track<Blended<[f64; 4]>>,
    opacity: Track<Number>,
}

/// What strokes of every paint have.
#[derive(Debug)]
pub(super) struct Line {
    width: Track<Number>,
    /// What becomes of the width along the path.
    profile: StrokeWidth,
    cap: LineCap,
    join: LineJoin,
    miter_limit: Track<Number>,
    /// Dash and gap in turn.
    dashes: Vec<Track<Number>>,
    dash_offset: Track<Number>,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Painter> {
    Box::new(Stroke {
        line: Line::compile(c, item),
        color: c.color(item, "ADBE Vector Stroke Color"),
        opacity: c.number(item, "ADBE Vector Stroke Opacity"),
    })
}

impl Painter for Stroke {
    fn look(&self, time: f64) -> Option<Look> {
        Some(Look {
            opacity: visible(self.opacity.at(time))?,
            style: self.line.style(time)?,
            paint: Paint::Solid(self.color.at(time).map(|x| x.clamp(0.0, 1.0) as f32)),
        })
    }

    fn is_animated(&self) -> bool {
        self.color.is_animated() || self.opacity.is_animated() || self.line.is_animated()
    }
}

/// The join of a menu entry.
pub(super) fn join(entry: u32) -> LineJoin {
    match entry {
        2 => LineJoin::Round,
        3 => LineJoin::Bevel,
        _ => LineJoin::Miter,
    }
}

impl Line {
    pub fn compile(c: &mut Compile, item: &Group) -> Self {
        let mut line = Self {
            width: c.number(item, "ADBE Vector Stroke Width"),
            profile: StrokeWidth::compile(c, item),
            cap: match c.menu(item, "ADBE Vector Stroke Line Cap") {
                2 => LineCap::Round,
                3 => LineCap::Square,
                _ => LineCap::Butt,
            },
            join: join(c.menu(item, "ADBE Vector Stroke Line Join")),
            miter_limit: c.number(item, "ADBE Vector Stroke Miter Limit"),
            dashes: Vec::new(),
            dash_offset: Track::Fixed(0.0),
        };
        if let Some(dashes) = item.group("ADBE Vector Stroke Dashes") {
            line.compile_dashes(c, dashes);
        }
        line
    }

    fn compile_dashes(&mut self, c: &mut Compile, group: &Group) {
        const DASHES: [&str; 3] = [
            "ADBE Vector Stroke Dash 1",
            "ADBE Vector Stroke Dash 2",
            "ADBE Vector Stroke Dash 3",
        ];
        const GAPS: [&str; 3] = [
            "ADBE Vector Stroke Gap 1",
            "ADBE Vector Stroke Gap 2",
            "ADBE Vector Stroke Gap 3",
        ];
        for (dash, gap) in DASHES.iter().zip(GAPS) {
            let Some(dash) = group.property(dash) else { continue };
            // A dash without a gap of its own has one as long as itself.
            let gap = group.property(gap).unwrap_or(dash);
            self.dashes.push(c.given_number(dash));
            self.dashes.push(c.given_number(gap));
        }
        if let Some(offset) = group.property("ADBE Vector Stroke Offset") {
            self.dash_offset = c.given_number(offset);
        }
    }

    pub fn style(&self, time: f64) -> Option<PathStyle> {
        let width = self.width.at(time);
        if width <= 0.0 {
            return None;
        }
        let mut dashes: Vec<f64> = self.dashes.iter().map(|d| d.at(time).max(0.0)).collect();
        if dashes.iter().sum::<f64>() <= 0.0 {
            dashes.clear();
        }
        Some(PathStyle::Stroke(StrokeStyle {
            width,
            cap: self.cap,
            join: self.join,
            miter_limit: self.miter_limit.at(time).max(1.0),
            dash_offset: if dashes.is_empty() {
                0.0
            } else {
                self.dash_offset.at(time)
            },
            dashes,
            profile: self.profile.at(time),
        }))
    }

    pub fn is_animated(&self) -> bool {
        self.width.is_animated()
            || self.profile.is_animated()
            || self.miter_limit.is_animated()
            || self.dash_offset.is_animated()
            || self.dashes.iter().any(Track::is_animated)
    }
}
