//! Echo: a layer with what it was at other times.

use std::sync::Arc;

use filmpress_evaluate::frame::Group;
use filmpress_pixels::{mul_div_255, row};

use super::{Definition, Draws, Parameters, Space, Stage};
use crate::affected;
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Echo"],
    read: |p| Box::new(Echo::read(p)),
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Operator {
    Add,
    Maximum,
    Minimum,
    Screen,
    InBack,
    InFront,
    Blend,
}

struct Echo {
    /// Nearest first.
    echoes: Vec<Arc<Group>>,
    /// Of the layer as it is now, 0..1.
    intensity: f32,
    /// From each to the next, 0..1.
    decay: f32,
    operator: Operator,
}

impl Echo {
    fn read(p: &Parameters) -> Self {
        Self {
            echoes: p.echoes().to_vec(),
            intensity: p.number(3, 1.0).clamp(0.0, 1.0) as f32,
            decay: p.number(4, 1.0).clamp(0.0, 1.0) as f32,
            operator: match p.menu(5, 1) {
                2 => Operator::Maximum,
                3 => Operator::Minimum,
                4 => Operator::Screen,
                5 => Operator::InBack,
                6 => Operator::InFront,
                7 => Operator::Blend,
                _ => Operator::Add,
            },
        }
    }
}

/// Combines every channel of two pictures of the same rectangle; `f` becomes part of the loop.
#[inline(always)]
fn channels(all: &mut Raster, echo: &Raster, f: impl Fn(u8, u8) -> u8) {
    let bytes = all.pixels_mut().as_flattened_mut().iter_mut();
    for (a, b) in bytes.zip(echo.pixels().as_flattened()) {
        *a = f(*a, *b);
    }
}

/// Combines another picture of the same rectangle into `all`.
fn combine(all: &mut Raster, echo: &Raster, operator: Operator) {
    match operator {
        Operator::Add => channels(all, echo, u8::saturating_add),
        Operator::Maximum => channels(all, echo, u8::max),
        Operator::Minimum => channels(all, echo, u8::min),
        Operator::Screen => channels(all, echo, |a, b| 255 - mul_div_255(255 - a, 255 - b)),
        Operator::InFront | Operator::Blend => all.over(echo),
        Operator::InBack => {
            for (a, b) in all.pixels_mut().iter_mut().zip(echo.pixels()) {
                *a = row::over(*a, *b);
            }
        }
    }
}

fn fade(picture: &mut Raster, intensity: f32) {
    let alpha = (intensity * 255.0).round() as u8;
    if alpha < 255 {
        for (_, row) in picture.rows_mut() {
            row::fade(row, alpha);
        }
    }
}

impl Draws for Echo {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        let echoes = self.echoes.iter().map(|echo| affected::ink_of(echo, space));
        echoes.fold(ink, IRect::union)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let mut all = stage.fit(input, out);
        let mut intensity = self.intensity;
        if self.operator == Operator::Blend {
            return self.average(all, out, stage);
        }
        fade(&mut all, intensity);
        for echo in &self.echoes {
            intensity *= self.decay;
            if intensity * 255.0 < 0.5 && self.operator != Operator::Minimum {
                break;
            }
            let mut picture = stage.group(echo, out);
            fade(&mut picture, intensity);
            combine(&mut all, &picture, self.operator);
            stage.give(picture);
        }
        all
    }
}

impl Echo {
    /// The mean of all, each counting as much as it is intense.
    fn average(&self, now: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let mut now = now;
        let mut sums: Vec<[f32; 4]> = Vec::with_capacity(now.pixels().len());
        sums.extend(now.pixels().iter().map(|p| p.map(|v| f32::from(v) * self.intensity)));
        let (mut weight, mut weights) = (self.intensity, self.intensity);
        for echo in &self.echoes {
            weight *= self.decay;
            if weight <= 0.0 {
                break;
            }
            weights += weight;
            let picture = stage.group(echo, out);
            for (sum, pixel) in sums.iter_mut().zip(picture.pixels()) {
                for (s, v) in sum.iter_mut().zip(pixel) {
                    *s += f32::from(*v) * weight;
                }
            }
            stage.give(picture);
        }
        let share = if weights > 0.0 { 1.0 / weights } else { 0.0 };
        for (pixel, sum) in now.pixels_mut().iter_mut().zip(&sums) {
            *pixel = sum.map(|v| (v * share + 0.5) as u8);
        }
        now
    }
}
