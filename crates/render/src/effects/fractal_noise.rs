//! Fractal Noise: layers of smooth random values, each finer and weaker than the one before.

use kurbo::Affine;

use super::blending::Blending;
use super::noise_field::{CELL, Evolution, Field, FractalType, Noise, NoiseType};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Fractal Noise"],
    read: |p| Box::new(FractalNoise::read(p)),
};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Overflow {
    Clip,
    SoftClamp,
    WrapBack,
}

struct FractalNoise {
    fractal: FractalType,
    noise: NoiseType,
    inverted: bool,
    /// 1 is After Effects' 100.
    contrast: f32,
    brightness: f32,
    overflow: Overflow,
    /// Degrees clockwise.
    rotation: f64,
    /// 1 is After Effects' 100.
    scale: [f64; 2],
    offset: Option<[f64; 2]>,
    /// Layers of noise; the last one counts in part.
    complexity: f64,
    /// Weight and size of each layer of noise relative to the one before.
    sub_influence: f64,
    sub_scaling: f64,
    /// Degrees clockwise.
    sub_rotation: f64,
    sub_offset: [f64; 2],
    evolution: Evolution,
    /// 0..1.
    opacity: f64,
    blending: Blending,
}

impl FractalNoise {
    fn read(p: &Parameters) -> Self {
        let percent = |number, default| p.number(number, default) / 100.0;
        let size = |number| percent(number, 100.0).clamp(1e-3, 1e4);
        let scale = if p.flag(9, true) {
            [size(10), size(10)]
        } else {
            [size(11), size(12)]
        };
        let cycle = p.flag(25, false).then(|| p.number(26, 1.0));
        Self {
            fractal: match p.menu(1, 1) {
                3 => FractalType::TurbulentSmooth,
                4 => FractalType::TurbulentBasic,
                5 => FractalType::TurbulentSharp,
                _ => FractalType::Basic,
            },
            noise: match p.menu(2, 3) {
                1 => NoiseType::Block,
                2 => NoiseType::Linear,
                4 => NoiseType::Spline,
                _ => NoiseType::SoftLinear,
            },
            inverted: p.flag(3, false),
            contrast: percent(4, 100.0) as f32,
            brightness: percent(5, 0.0) as f32,
            overflow: match p.menu(6, 4) {
                2 => Overflow::SoftClamp,
                3 => Overflow::WrapBack,
                _ => Overflow::Clip,
            },
            rotation: p.number(8, 0.0),
            scale,
            offset: p.point(13),
            complexity: p.number(15, 6.0).clamp(1.0, 20.0),
            sub_influence: percent(17, 70.0).clamp(0.0, 100.0),
            sub_scaling: percent(18, 56.0).clamp(0.1, 100.0),
            sub_rotation: p.number(19, 0.0),
            sub_offset: p.point(20).unwrap_or([0.0; 2]),
            evolution: Evolution::new(p.number(23, 0.0), cycle, p.number(27, 0.0)),
            opacity: percent(29, 100.0).clamp(0.0, 1.0),
            blending: Blending::of_noise(p, 30, 2),
        }
    }

    /// The noise in the layer.
    fn field(&self, space: &Space) -> Noise {
        let [x, y] = self.offset.unwrap_or_else(|| space.center());
        let [ox, oy] = self.sub_offset.map(|v| v / CELL);
        Noise {
            kind: self.noise,
            fractal: self.fractal,
            map: Affine::scale(1.0 / CELL)
                * Affine::rotate(-self.rotation.to_radians())
                * Affine::scale_non_uniform(1.0 / self.scale[0], 1.0 / self.scale[1])
                * Affine::translate((-x, -y)),
            complexity: self.complexity,
            influence: self.sub_influence,
            finer: Affine::scale(1.0 / self.sub_scaling)
                * Affine::rotate(-self.sub_rotation.to_radians())
                * Affine::translate((-ox, -oy)),
            evolution: self.evolution,
        }
    }

    /// The grey of a sum of noise, 0..1.
    #[inline(always)]
    fn grey(&self, n: f32) -> f32 {
        let n = if self.inverted { 1.0 - n } else { n };
        let v = (n - 0.5) * self.contrast + 0.5 + self.brightness;
        match self.overflow {
            Overflow::Clip => v,
            Overflow::SoftClamp => {
                let s = 2.0 * v - 1.0;
                0.5 + 0.5 * s / (1.0 + s * s).sqrt()
            }
            Overflow::WrapBack => {
                let t = v.rem_euclid(2.0);
                if t > 1.0 { 2.0 - t } else { t }
            }
        }
    }
}

impl Draws for FractalNoise {
    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let layer = stage.fit(input, out);
        let mut drawn = stage.raster(out);
        let space = stage.space;
        let mut field = Field::new(&self.field(&space), space.transform(), out);
        let opaque = self.opacity as f32 * 255.0;
        let mut sums = vec![0.0f32; out.width()];
        for (y, line) in drawn.rows_mut() {
            if layer.row(y).iter().all(|pixel| pixel[3] == 0) {
                continue;
            }
            field.row(y, &mut sums);
            for (pixel, sum) in line.iter_mut().zip(&sums) {
                let grey = (self.grey(*sum).clamp(0.0, 1.0) * opaque + 0.5) as u8;
                *pixel = [grey, grey, grey, (opaque + 0.5) as u8];
            }
        }
        self.blending.combine(layer, drawn, true, stage)
    }
}
