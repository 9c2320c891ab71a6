//! Vibrance: saturation, more for pale colours than for strong ones.

use super::color::{by_color, extremes, luma};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Vibrance"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    let [vibrance, saturation] = [1, 2].map(|number| (p.number(number, 0.0) / 100.0).clamp(-1.0, 1.0) as f32);
    by_color(move |rgb| {
        let (least, most) = extremes(rgb);
        let pale = 1.0 - (most - least);
        let scale = (1.0 + vibrance * pale) * (1.0 + saturation);
        let grey = luma(rgb);
        rgb.map(|v| grey + (v - grey) * scale)
    })
}
