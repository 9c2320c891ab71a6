//! Lumetri Color: Basic Correction, saturation and vibrance, Faded Film.

use super::color::{by_color, extremes, luma, mix, mix3};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Lumetri"],
    read,
};

/// The power that makes light of values.
const LIGHT: f32 = 2.4;

/// Its sliders as shares, -1..1, but for those said.
struct Lumetri {
    /// What exposure, temperature and tint make of the light of each channel.
    gains: [f32; 3],
    contrast: f32,
    highlights: f32,
    shadows: f32,
    whites: f32,
    blacks: f32,
    faded: f32,
    vibrance: f32,
    /// 1 for as it is.
    saturation: f32,
}

fn read(p: &Parameters) -> Box<dyn Draws> {
    let share = |number: u32| (p.number(number, 0.0) / 100.0).clamp(-1.0, 1.0) as f32;
    let scale = |number: u32| (p.number(number, 100.0) / 100.0).clamp(0.0, 2.0) as f32;
    let (temperature, tint) = (share(7) * 0.5, share(8) * 0.5);
    let exposure = p.number(11, 0.0).clamp(-10.0, 10.0) as f32;
    let lumetri = Lumetri {
        // Warm is more red and less blue, tint from green to magenta; as light as before.
        gains: [temperature + tint / 2.0, -tint / 2.0, tint / 2.0 - temperature].map(|v| libm::exp2f(v + exposure)),
        contrast: share(12),
        highlights: share(13),
        shadows: share(14),
        whites: share(15),
        blacks: share(16),
        faded: share(28).max(0.0),
        vibrance: share(30),
        saturation: scale(20) * scale(31),
    };
    // A table of what each channel does by itself.
    let tables = lumetri.gains.map(|gain| {
        let mut table = [0.0_f32; 256];
        for (v, to) in table.iter_mut().enumerate() {
            *to = lumetri.tone(libm::powf(libm::powf(v as f32 / 255.0, LIGHT) * gain, 1.0 / LIGHT));
        }
        table
    });
    by_color(move |rgb| {
        let toned = [0, 1, 2].map(|i| tables[i][(rgb[i] * 255.0 + 0.5) as usize & 255]);
        lumetri.saturated(toned)
    })
}

impl Lumetri {
    fn tone(&self, v: f32) -> f32 {
        // Ends first, then what lies between, then the middle.
        let mut v = v + self.whites * 0.25 * v * v + self.blacks * 0.25 * (1.0 - v.min(1.0)) * (1.0 - v.min(1.0));
        v = v.clamp(0.0, 1.0);
        v += self.highlights * v * v * (1.0 - v) + self.shadows * v * (1.0 - v) * (1.0 - v);
        let bend = self.contrast * 0.6;
        v += bend * v * (1.0 - v) * (2.0 * v - 1.0);
        mix(v, 0.15 + v * 0.75, self.faded).clamp(0.0, 1.0)
    }

    fn saturated(&self, rgb: [f32; 3]) -> [f32; 3] {
        let (least, most) = extremes(rgb);
        let scale = self.saturation * (1.0 + self.vibrance * (1.0 - (most - least)));
        mix3([luma(rgb); 3], rgb, scale)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_rise_and_stay_within() {
        for sign in [-1.0, 0.0, 1.0] {
            let lumetri = Lumetri {
                gains: [1.0; 3],
                contrast: sign,
                highlights: -sign,
                shadows: sign,
                whites: 0.0,
                blacks: 0.0,
                faded: 0.0,
                vibrance: 0.0,
                saturation: 1.0,
            };
            let values: Vec<f32> = (0..=50).map(|v| lumetri.tone(v as f32 / 50.0)).collect();
            assert_eq!((values[0], values[50]), (0.0, 1.0));
            assert!(values.is_sorted(), "{sign} {values:?}");
        }
    }
}
