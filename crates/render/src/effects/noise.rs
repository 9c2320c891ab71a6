//! Noise: every pixel of the layer lighter or darker, or of another colour, by chance.

use filmpress_pixels::{premultiply, unpremultiply};

use super::{Definition, Draws, Parameters, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Noise", "ADBE Noise2"],
    read: |p| Box::new(Noise::read(p)),
};

struct Noise {
    /// 0..1.
    amount: f32,
    /// Each channel by itself.
    colored: bool,
    /// Values stop at black and white; else they go round.
    clip: bool,
    /// Another one at each time.
    seed: u64,
}

impl Noise {
    fn read(p: &Parameters) -> Self {
        Self {
            amount: (p.number(1, 0.0) / 100.0).clamp(0.0, 1.0) as f32,
            colored: p.flag(2, true),
            clip: p.flag(3, true),
            seed: mixed(p.effect().time.to_bits()),
        }
    }

    /// What is added to the channels of a pixel of the layer, in steps of 8 bits.
    fn at(&self, x: i32, y: i32, amount: f32) -> [i32; 3] {
        let place = (u64::from(x as u32) << 32) | u64::from(y as u32);
        let random = mixed(self.seed ^ mixed(place));
        [0, 16, 32].map(|shift| {
            let random = (random >> if self.colored { shift } else { 0 }) & 0xffff;
            ((random as f32 / 65_535.0 - 0.5) * amount * 255.0).round() as i32
        })
    }
}

/// A number that looks like another one at random.
fn mixed(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

impl Draws for Noise {
    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let mut picture = stage.fit(input, out);
        let space = stage.space;
        // Where several pixels of the layer meet in one they would cancel each other out.
        let [sx, sy] = space.scale.map(|s| s.min(1.0));
        let amount = self.amount * (sx * sy).sqrt() as f32;
        if amount <= 0.0 {
            return picture;
        }
        for (y, row) in picture.rows_mut() {
            for (x, pixel) in (out.x0..).zip(row) {
                if pixel[3] == 0 {
                    continue;
                }
                let own = space
                    .unpoint([f64::from(x) + 0.5, f64::from(y) + 0.5])
                    .map(|v| v.floor() as i32);
                let added = self.at(own[0], own[1], amount);
                let mut straight = unpremultiply(*pixel);
                for i in 0..3 {
                    let v = i32::from(straight[i]) + added[i];
                    straight[i] = if self.clip { v.clamp(0, 255) } else { v.rem_euclid(256) } as u8;
                }
                *pixel = premultiply(straight);
            }
        }
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_even_and_as_large_as_the_amount() {
        let noise = Noise {
            amount: 1.0,
            colored: true,
            clip: true,
            seed: 7,
        };
        let values: Vec<i32> = (0..4000).flat_map(|i| noise.at(i % 50, i / 50, 0.4)).collect();
        let mean = values.iter().sum::<i32>() as f32 / values.len() as f32;
        assert!(mean.abs() < 1.0, "{mean}");
        assert!(values.iter().all(|v| v.abs() <= 51));
        assert!(values.iter().any(|v| *v > 45) && values.iter().any(|v| *v < -45));
        let [r, g, b] = noise.at(3, 4, 1.0);
        assert!(r != g || g != b);
    }
}
