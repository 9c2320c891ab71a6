//! CC Toner: luminance through two, three or five colours.

use super::color::{by_color, luma, mix3};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["CC Toner"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    let color = |number: u32, default: [f32; 3]| {
        let [r, g, b, _] = p.color(number, [default[0], default[1], default[2], 1.0]);
        [r, g, b]
    };
    let highlights = color(2, [1.0; 3]);
    let brights = color(3, [0.75; 3]);
    let midtones = color(4, [127.0 / 255.0, 100.0 / 255.0, 70.0 / 255.0]);
    let darktones = color(5, [0.25; 3]);
    let shadows = color(6, [0.0; 3]);
    let tones = match p.menu(1, 2) {
        1 => vec![shadows, highlights],
        3 => vec![shadows, darktones, midtones, brights, highlights],
        4 => vec![midtones; 2],
        _ => vec![shadows, midtones, highlights],
    };
    let original = (p.number(7, 0.0) / 100.0).clamp(0.0, 1.0) as f32;
    by_color(move |rgb| mix3(tone(luma(rgb), &tones), rgb, original))
}

/// Colours at equal distances, at least two.
fn tone(luma: f32, tones: &[[f32; 3]]) -> [f32; 3] {
    let place = luma.clamp(0.0, 1.0) * (tones.len() - 1) as f32;
    let first = (place as usize).min(tones.len() - 2);
    mix3(tones[first], tones[first + 1], place - first as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_are_at_equal_distances() {
        let tones = [[0.0; 3], [0.2; 3], [1.0; 3]];
        assert_eq!([0.0, 0.25, 0.5, 1.0].map(|l| tone(l, &tones)[0]), [0.0, 0.1, 0.2, 1.0]);
    }
}
