//! Roughen Edges: noise eats into a layer from its edges.

use filmpress_pixels::row;
use kurbo::Affine;

use super::noise_field::{CELL, Evolution, Field, FractalType, Noise, NoiseType};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::blur::{self, BoxBlur};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Roughen Edges"],
    read: |p| Box::new(RoughenEdges::read(p)),
};

/// How large the noise is beside that of Fractal Noise at the same scale.
const FINENESS: f64 = 0.5;

struct RoughenEdges {
    /// How far from the edges it goes, pixels of the layer.
    border: f64,
    sharpness: f32,
    /// 0..1.
    influence: f32,
    /// 1 is After Effects' 100.
    scale: [f64; 2],
    offset: [f64; 2],
    complexity: f64,
    evolution: Evolution,
}

impl RoughenEdges {
    fn read(p: &Parameters) -> Self {
        let scale = (p.number(5, 100.0) / 100.0).clamp(1e-3, 1e4);
        // Above 0 it is wider, below 0 higher.
        let stretch = p.number(6, 0.0).clamp(-100.0, 100.0);
        let scale = if stretch >= 0.0 {
            [scale * (1.0 + stretch), scale]
        } else {
            [scale, scale * (1.0 - stretch)]
        };
        let cycle = p.flag(12, false).then(|| p.number(13, 1.0));
        Self {
            border: p.number(2, 8.0).clamp(0.0, 500.0),
            sharpness: p.number(3, 1.0).clamp(0.0, 10.0) as f32,
            influence: p.number(4, 1.0).clamp(0.0, 1.0) as f32,
            scale,
            offset: p.point(7).unwrap_or([0.0; 2]),
            complexity: p.number(8, 2.0).clamp(1.0, 10.0),
            evolution: Evolution::new(p.number(9, 0.0), cycle, p.number(14, 0.0)),
        }
    }

    fn sigmas(&self, space: &Space) -> [f64; 2] {
        space.scale.map(|s| s * self.border / 4.0)
    }

    fn noise(&self) -> Noise {
        let [x, y] = self.offset;
        Noise {
            kind: NoiseType::SoftLinear,
            fractal: FractalType::Basic,
            map: Affine::scale(1.0 / (CELL * FINENESS))
                * Affine::scale_non_uniform(1.0 / self.scale[0], 1.0 / self.scale[1])
                * Affine::translate((-x, -y)),
            complexity: self.complexity,
            influence: 0.7,
            finer: Affine::scale(1.0 / 0.56),
            evolution: self.evolution,
        }
    }
}

impl Draws for RoughenEdges {
    fn needs(&self, out: IRect, space: &Space) -> IRect {
        blur::reach(out, &self.sigmas(space).map(BoxBlur::gaussian))
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        if self.border <= 0.0 || out.is_empty() {
            return stage.fit(input, out);
        }
        let space = stage.space;
        let mut depths = stage.alphas(&input, self.needs(out, &space));
        stage.blur_plane(&mut depths, self.sigmas(&space));
        let mut picture = stage.fit(input, out);
        let mut field = Field::new(&self.noise(), space.transform(), out);
        let mut noise = vec![0.0; out.width()];
        let mut alphas = std::mem::take(&mut stage.draw.scratch.alphas);
        alphas.clear();
        alphas.resize(out.width(), 0);
        // From where it begins to give way to where nothing is left, in shares of the border.
        let steep = 2.0 * self.sharpness.max(0.05) * 4.0;
        for (y, line) in picture.rows_mut() {
            if line.iter().all(|pixel| pixel[3] == 0) {
                continue;
            }
            field.row(y, &mut noise);
            let depths = depths.row(y, out.x0, out.x1);
            for (((alpha, depth), noise), pixel) in alphas.iter_mut().zip(depths).zip(&noise).zip(&*line) {
                // A blurred edge is half as opaque where the edge was, and whole about half a border further in.
                let depth = 2.0 * f32::from(*depth) / f32::from(pixel[3]).max(1.0) - 1.0;
                // Noise seldom comes near its ends.
                let noise = ((noise - 0.5) * 1.8).clamp(-0.5, 0.5);
                let limit = 0.45 + noise * 0.9 * self.influence;
                let left = (depth - limit) * steep + 0.5;
                *alpha = (left.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
            }
            row::mask(line, &alphas);
        }
        stage.draw.scratch.alphas = alphas;
        stage.give_plane(depths);
        picture
    }
}
