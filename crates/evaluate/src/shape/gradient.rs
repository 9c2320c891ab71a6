//! Gradient fill and gradient stroke.

use std::sync::Arc;

use filmpress_composition::{Gradient, Group, Property, Value};

use super::fill::{rule, visible};
use super::stroke::Line;
use super::{Look, Painter};
use crate::compile::Compile;
use crate::frame::{FillRule, GradientPaint, GradientShape, Paint, PathStyle};
use crate::interpolate::{Blended, Moving, Number, Track};
use crate::support::Topic;

#[derive(Debug)]
struct Colors {
    radial: bool,
    start: Track<Moving>,
    end: Track<Moving>,
    highlight_length: Track<Number>,
    highlight_angle: Track<Number>,
    stops: Track<Blended<Arc<Gradient>>>,
}

impl Colors {
    fn compile(c: &mut Compile, item: &Group) -> Self {
        for (name, default) in [("ADBE Vector Grad Scale", 100.0), ("ADBE Vector Grad Rotation", 0.0)] {
            let changes = |p: &Property| {
                let is_default = |value: &Value| value.as_vector().is_none_or(|v| v.iter().all(|x| *x == default));
                !p.keyframes.is_empty() || !is_default(&p.value)
            };
            if item.property(name).is_some_and(changes) {
                c.feature(Topic::Shape, name);
            }
        }
        Self {
            radial: c.menu(item, "ADBE Vector Grad Type") == 2,
            start: c.point(item, "ADBE Vector Grad Start Pt"),
            end: c.point(item, "ADBE Vector Grad End Pt"),
            highlight_length: c.number(item, "ADBE Vector Grad HiLite Length"),
            highlight_angle: c.number(item, "ADBE Vector Grad HiLite Angle"),
            stops: c.gradient(item, "ADBE Vector Grad Colors"),
        }
    }

    fn paint(&self, time: f64) -> Paint {
        let point = |track: &Track<Moving>| {
            let [x, y, _] = track.at(time);
            [x, y]
        };
        let (start, end) = (point(&self.start), point(&self.end));
        let shape = if self.radial {
            GradientShape::Radial {
                start,
                end,
                highlight_length: (self.highlight_length.at(time) / 100.0).clamp(-1.0, 1.0),
                highlight_angle: self.highlight_angle.at(time),
            }
        } else {
            GradientShape::Linear { start, end }
        };
        Paint::Gradient(Arc::new(GradientPaint {
            shape,
            stops: self.stops.at(time),
        }))
    }

    fn is_animated(&self) -> bool {
        self.start.is_animated()
            || self.end.is_animated()
            || self.highlight_length.is_animated()
            || self.highlight_angle.is_animated()
            || self.stops.is_animated()
    }
}

#[derive(Debug)]
struct GradientFill {
    rule: FillRule,
    colors: Colors,
    opacity: Track<Number>,
}

pub(super) fn compile_fill(c: &mut Compile, item: &Group) -> Box<dyn Painter> {
    Box::new(GradientFill {
        rule: rule(c, item),
        colors: Colors::compile(c, item),
        opacity: c.number(item, "ADBE Vector Fill Opacity"),
    })
}

impl Painter for GradientFill {
    fn look(&self, time: f64) -> Option<Look> {
        Some(Look {
            opacity: visible(self.opacity.at(time))?,
            style: PathStyle::Fill(self.rule),
            paint: self.colors.paint(time),
        })
    }

    fn is_animated(&self) -> bool {
        self.colors.is_animated() || self.opacity.is_animated()
    }
}

#[derive(Debug)]
struct GradientStroke {
    line: Line,
    colors: Colors,
    opacity: Track<Number>,
}

pub(super) fn compile_stroke(c: &mut Compile, item: &Group) -> Box<dyn Painter> {
    Box::new(GradientStroke {
        line: Line::compile(c, item),
        colors: Colors::compile(c, item),
        opacity: c.number(item, "ADBE Vector Stroke Opacity"),
    })
}

impl Painter for GradientStroke {
    fn look(&self, time: f64) -> Option<Look> {
        Some(Look {
            opacity: visible(self.opacity.at(time))?,
            style: self.line.style(time)?,
            paint: self.colors.paint(time),
        })
    }

    fn is_animated(&self) -> bool {
        self.colors.is_animated() || self.opacity.is_animated() || self.line.is_animated()
    }
}
