//! Leave Color: all colours but those near one become grey.

use super::change_color::nearness;
use super::color::{by_color, luma, mix3};
use super::linear_color_key::distance;
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Leave Color"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    let share = |number: u32, default: f64| (p.number(number, default) / 100.0).clamp(0.0, 1.0) as f32;
    let amount = share(1, 0.0);
    let [r, g, b, _] = p.color(2, [1.0, 0.0, 0.0, 1.0]);
    let (tolerance, softness) = (share(3, 15.0), share(4, 0.0));
    let match_by = p.menu(5, 1);
    by_color(move |rgb| {
        let left = nearness(distance(rgb, [r, g, b], match_by), tolerance, softness);
        mix3(rgb, [luma(rgb); 3], amount * (1.0 - left))
    })
}
