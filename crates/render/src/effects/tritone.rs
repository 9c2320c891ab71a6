//! Tritone: three colours for shadows, midtones and highlights.

use super::color::{by_color, luma, mix3};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Tritone"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    let [highlights, midtones, shadows] = [
        p.color(1, [1.0; 4]),
        p.color(2, [127.0 / 255.0, 100.0 / 255.0, 70.0 / 255.0, 1.0]),
        p.color(3, [0.0, 0.0, 0.0, 1.0]),
    ]
    .map(|[r, g, b, _]| [r, g, b]);
    let original = (p.number(4, 0.0) / 100.0).clamp(0.0, 1.0) as f32;
    by_color(move |rgb| mix3(tone(luma(rgb), shadows, midtones, highlights), rgb, original))
}

fn tone(luma: f32, shadows: [f32; 3], midtones: [f32; 3], highlights: [f32; 3]) -> [f32; 3] {
    if luma < 0.5 {
        mix3(shadows, midtones, luma * 2.0)
    } else {
        mix3(midtones, highlights, luma * 2.0 - 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_the_midtone() {
        let at = |luma| tone(luma, [0.0; 3], [0.2, 0.4, 0.6], [1.0; 3]);
        assert_eq!(at(0.0), [0.0; 3]);
        assert_eq!(at(0.5), [0.2, 0.4, 0.6]);
        assert_eq!(at(0.25), [0.1, 0.2, 0.3]);
        assert_eq!(at(1.0), [1.0; 3]);
    }
}
