//! Glow: what is bright shines over its surroundings.
//!
//! Measured on After Effects' output by others: the threshold is a ramp an eighth of the range wide; colours are compared
//! channel by channel, alpha is not; the blur has 0.404 of the radius as its deviation; intensity brightens the glow's
//! colours up to its alpha; and with "Composite Original: Behind" a translucent layer counts twice.

use filmpress_composition::BlendingMode as Mode;

use super::{Definition, Draws, Parameters, Space, Stage};
use crate::blend::blend_row;
use crate::blur::{self, BoxBlur, Edges};
use crate::draw::Compose;
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Glo2"],
    read: |p| Box::new(Glow::read(p)),
};

/// Standard deviation for a radius of 1, pixels.
const SIGMA: f64 = 0.404;
/// Width of the ramp from dark to shining, in 255ths.
const RAMP: f64 = 30.6;
/// What glow and original make together: the menu Glow Operation, without its first entry, None.
const OPERATIONS: [Mode; 24] = [
    Mode::Normal,
    Mode::Add,
    Mode::Multiply,
    Mode::Screen,
    Mode::Overlay,
    Mode::SoftLight,
    Mode::HardLight,
    Mode::LinearLight,
    Mode::VividLight,
    Mode::PinLight,
    Mode::ColorDodge,
    Mode::ClassicColorDodge,
    Mode::LinearDodge,
    Mode::ColorBurn,
    Mode::ClassicColorBurn,
    Mode::LinearBurn,
    Mode::Darken,
    Mode::Lighten,
    Mode::Difference,
    Mode::ClassicDifference,
    Mode::Exclusion,
    Mode::Hue,
    Mode::Saturation,
    Mode::Color,
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Original {
    OnTop,
    Behind,
    None,
}

struct Glow {
    /// How much each value of a channel shines, 0..255.
    shining: [u8; 256],
    /// The layer's alpha shines instead of its colours.
    from_alpha: bool,
    /// Standard deviations in x and y, pixels of the layer.
    sigmas: [f64; 2],
    intensity: f64,
    original: Original,
    /// `None`: glow and original are not combined.
    operation: Option<Mode>,
    /// For each strength of the glow its colour, premultiplied; `None` for the layer's own colours.
    colors: Option<Box<[[u8; 4]; 256]>>,
}

impl Glow {
    fn read(p: &Parameters) -> Self {
        let threshold = p.number(2, 153.0);
        let sigma = p.number(3, 10.0).max(0.0) * SIGMA;
        let intensity = p.number(4, 1.0).clamp(0.0, 255.0);
        Self {
            shining: std::array::from_fn(|v| {
                let share = ((v as f64 - threshold) / RAMP + 0.5).clamp(0.0, 1.0);
                (share * 255.0).round() as u8
            }),
            from_alpha: p.menu(1, 2) == 1,
            sigmas: match p.menu(14, 1) {
                2 => [sigma, 0.0],
                3 => [0.0, sigma],
                _ => [sigma, sigma],
            },
            intensity,
            original: match p.menu(5, 2) {
                1 => Original::OnTop,
                3 => Original::None,
                _ => Original::Behind,
            },
            operation: match p.menu(6, 3) {
                0 => Some(Mode::Add),
                1 => None,
                n => Some(OPERATIONS.get(n as usize - 2).copied().unwrap_or(Mode::Add)),
            },
            colors: (p.menu(7, 1) != 1).then(|| colors(p, intensity)),
        }
    }

    fn blurs(&self, space: &Space) -> [BoxBlur; 2] {
        [0, 1].map(|i| BoxBlur::gaussian(self.sigmas[i] * space.scale[i]))
    }

    /// What shines, before it is blurred; premultiplied.
    fn source(&self, input: &Raster, stage: &mut Stage) -> Raster {
        let mut source = stage.copy(input, input.rect());
        let shining = &self.shining;
        for pixel in source.pixels_mut().iter_mut().filter(|p| p[3] != 0) {
            let [r, g, b, a] = *pixel;
            *pixel = match (self.colors.is_some(), self.from_alpha) {
                (true, true) => [share(a, shining[usize::from(a)]); 4],
                (true, false) => {
                    let luma = (299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b) + 500) / 1000;
                    [shining[luma.min(255) as usize]; 4]
                }
                (false, true) => pixel.map(|v| share(v, shining[usize::from(a)])),
                (false, false) => {
                    let [r, g, b] = [r, g, b].map(|v| {
                        let straight = (u32::from(v) * 255 + u32::from(a) / 2) / u32::from(a);
                        share(a, shining[straight.min(255) as usize])
                    });
                    [r, g, b, a]
                }
            };
        }
        source
    }

    /// Intensity and colours on what was blurred.
    fn color(&self, glow: &mut Raster) {
        match &self.colors {
            Some(colors) => {
                for pixel in glow.pixels_mut() {
                    *pixel = colors[usize::from(pixel[3])];
                }
            }
            None if self.intensity != 1.0 => {
                let brighter: [u8; 256] = std::array::from_fn(|v| (v as f64 * self.intensity).round().min(255.0) as u8);
                for pixel in glow.pixels_mut().iter_mut().filter(|p| p[3] != 0) {
                    let [r, g, b, a] = *pixel;
                    let [r, g, b] = [r, g, b].map(|v| brighter[usize::from(v)].min(a));
                    *pixel = [r, g, b, a];
                }
            }
            None => {}
        }
    }

    /// Puts glow and original together, in `glow`.
    fn composite(&self, glow: &mut Raster, original: &Raster) {
        let Some(mode) = self.operation else {
            glow.copy_from(original);
            return;
        };
        let rect = glow.rect();
        let mut row = Vec::with_capacity(rect.width());
        for (y, glow) in glow.rows_mut() {
            row.clear();
            row.extend_from_slice(original.row(y));
            if mode == Mode::Add {
                // Colours may be brighter than alpha until all is together.
                for (o, g) in row.iter().zip(glow.iter_mut()) {
                    *g = added(*o, *g, self.original);
                }
                continue;
            }
            let compose = Compose {
                mode,
                ..Compose::normal(1.0)
            };
            blend_row(compose, &mut row, glow, rect.x0, y);
            for (combined, (o, g)) in row.iter().zip(original.row(y).iter().zip(glow.iter_mut())) {
                *g = match self.original {
                    Original::OnTop => over(*o, *combined),
                    _ => over(*combined, *o),
                };
            }
        }
    }
}

/// `a` times `b`, both 0..255.
fn share(a: u8, b: u8) -> u8 {
    filmpress_pixels::mul_div_255(a, b)
}

/// One premultiplied pixel over another.
fn over(above: [u8; 4], below: [u8; 4]) -> [u8; 4] {
    let rest = 255 - above[3];
    let mut out = [0; 4];
    for i in 0..4 {
        out[i] = above[i].saturating_add(share(below[i], rest));
    }
    out
}

/// Glow added to the original, and both put together with the original once more.
fn added(original: [u8; 4], glow: [u8; 4], how: Original) -> [u8; 4] {
    let [o, g] = [original, glow].map(|p| p.map(|v| f32::from(v) / 255.0));
    let alpha = o[3] + g[3] - o[3] * g[3];
    let whole = alpha + o[3] - alpha * o[3];
    let mut out = [0.0; 4];
    for i in 0..3 {
        let sum = o[i] + g[i];
        out[i] = match how {
            Original::OnTop => o[i] + sum * (1.0 - o[3]),
            _ => sum + o[i] * (1.0 - alpha),
        };
        out[i] = out[i].min(whole);
    }
    out[3] = whole;
    out.map(|v| (v * 255.0 + 0.5) as u8)
}

/// The colours A and B by the strength of the glow.
fn colors(p: &Parameters, intensity: f64) -> Box<[[u8; 4]; 256]> {
    let a = p.color(12, [1.0; 4]);
    let b = p.color(13, [0.0, 0.0, 0.0, 1.0]);
    let looping = p.menu(8, 3);
    let loops = p.number(9, 1.0).clamp(1.0, 127.0);
    let phase = p.number(10, 0.0) / 360.0;
    let midpoint = p.number(11, 0.5).clamp(0.01, 0.99);
    let bend = libm::log(0.5) / libm::log(midpoint);
    Box::new(std::array::from_fn(|v| {
        let strength = (v as f64 / 255.0 * intensity).min(1.0);
        let mut x = strength * loops + phase;
        x -= x.floor();
        // How much of A.
        let share = match looping {
            1 => 1.0 - x,
            2 => x,
            4 => (2.0 * x - 1.0).abs(),
            _ => 1.0 - (2.0 * x - 1.0).abs(),
        };
        let share = 1.0 - libm::pow(1.0 - share, bend);
        let channel = |i: usize| {
            let mixed = f64::from(b[i]) + (f64::from(a[i]) - f64::from(b[i])) * share;
            (mixed * strength * 255.0).round() as u8
        };
        [channel(0), channel(1), channel(2), (strength * 255.0).round() as u8]
    }))
}

impl Draws for Glow {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        blur::reach(ink, &self.blurs(space))
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        blur::reach(out, &self.blurs(space))
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let source = self.source(&input, stage);
        let blurs = self.blurs(&stage.space);
        let mut glow = blur::picture(source, &blurs, Edges::Transparent, out, stage);
        self.color(&mut glow);
        if self.original == Original::None {
            stage.give(input);
            return glow;
        }
        let original = stage.fit(input, out);
        self.composite(&mut glow, &original);
        stage.give(original);
        glow
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_translucent_original_behind_its_glow_counts_twice() {
        // Without a glow: alpha 1 - (1 - 0.5)^2.
        assert_eq!(added([64, 0, 0, 128], [0; 4], Original::Behind), [96, 0, 0, 192]);
        // An opaque one is brighter by the glow, no more.
        assert_eq!(
            added([100, 50, 0, 255], [30, 30, 0, 30], Original::Behind),
            [130, 80, 0, 255]
        );
        assert_eq!(added([0; 4], [30, 20, 0, 60], Original::Behind), [30, 20, 0, 60]);
        assert_eq!(
            added([100, 0, 0, 255], [90, 0, 0, 255], Original::OnTop),
            [100, 0, 0, 255]
        );
    }
}
