//! Effects: one file each.
//!
//! An effect is applied to a layer's picture in the pixels of a [`Space`], after masks, before transform. It is asked
//! three things: how far it reaches beyond what is there, what of its input it needs for a rectangle of its output, and to
//! draw that rectangle. So a blur at the edge of the frame computes what shows and nothing else.
//!
//! **To add one**: `effects/x.rs` with `pub(super) const DEFINITION: Definition` and a type that implements [`Draws`];
//! `mod x;` and its line in [`TABLE`] below; its line in `evaluate/src/support/effects.rs` (`drawn`, `close`, or
//! `approximated`, and `IGNORED` for settings that are not followed); cases in `tests/cases/effects/`.
//!
//! Parameters come by the number at the end of their match names, in After Effects' own units.

mod bezier_warp;
mod black_and_white;
mod blending;
mod block_dissolve;
mod blurred;
mod box_blur;
mod brightness_contrast;
mod bulge;
mod cc_radial_blur;
mod cc_toner;
mod chain;
mod change_color;
mod change_to_color;
mod channel_blur;
mod channel_mixer;
mod checkerboard;
mod circle;
mod color;
mod color_balance;
mod color_balance_hls;
mod color_key;
mod corner_pin;
mod cover;
mod curves;
mod directional_blur;
mod displacement_map;
mod drop_shadow;
mod echo;
mod edge_key;
mod ellipse;
mod exposure;
mod extract;
mod fast_blur;
mod fill;
mod four_color_gradient;
mod fractal_noise;
mod gaussian_blur;
mod glow;
mod gradient_wipe;
mod grid;
mod hue_saturation;
mod invert;
mod keylight;
mod lattice;
mod leave_color;
mod levels;
mod linear_color_key;
mod linear_wipe;
mod luma_key;
mod lumetri;
mod matte;
mod matte_choker;
mod minimax;
mod mirror;
mod mosaic;
mod motion_tile;
mod noise;
mod noise_field;
mod offset;
mod parameters;
mod periodic;
mod photo_filter;
mod polar_coordinates;
mod posterize;
mod radial_blur;
mod radial_wipe;
mod ramp;
mod random;
mod remap;
mod ripple;
mod roughen_edges;
mod set_channels;
mod set_matte;
mod sharpen;
mod shift_channels;
mod simple_choker;
mod solid_composite;
mod space;
mod spherize;
mod stage;
mod stroke;
mod sweep;
mod threshold;
mod tint;
mod transform;
mod tritone;
mod turbulence;
mod turbulent_displace;
mod twirl;
mod unsharp_mask;
mod venetian_blinds;
mod vibrance;
mod wave_warp;

use filmpress_evaluate::frame::Effect;

use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(crate) use chain::Chain;
pub(crate) use parameters::Parameters;
pub(crate) use space::Space;
pub(crate) use stage::Stage;

/// An effect with its values.
pub(crate) trait Draws {
    /// The pixels that may show, when those of the input may show inside `ink`.
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        let _ = space;
        ink
    }

    /// The pixels of the input that count for those of the output inside `out`.
    fn needs(&self, out: IRect, space: &Space) -> IRect {
        let _ = space;
        out
    }

    /// Draws `out`, and nothing else. `input` holds what was needed, as far as there is anything; it is transparent
    /// beyond its rectangle, which may be any, also none. The result's rectangle is `out`.
    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster;
}

/// What makes an effect of parameters.
pub(crate) struct Definition {
    /// After Effects' match names, older versions' too; Lottie files use the same.
    pub match_names: &'static [&'static str],
    /// Reads the parameters.
    pub read: fn(&Parameters) -> Box<dyn Draws>,
}

/// All effects, in the order of their files' names.
const TABLE: &[Definition] = &[
    bezier_warp::DEFINITION,
    black_and_white::DEFINITION,
    block_dissolve::DEFINITION,
    box_blur::DEFINITION,
    brightness_contrast::DEFINITION,
    bulge::DEFINITION,
    cc_radial_blur::DEFINITION,
    cc_toner::DEFINITION,
    change_color::DEFINITION,
    change_to_color::DEFINITION,
    channel_blur::DEFINITION,
    channel_mixer::DEFINITION,
    checkerboard::DEFINITION,
    circle::DEFINITION,
    color_balance::DEFINITION,
    color_balance_hls::DEFINITION,
    color_key::DEFINITION,
    corner_pin::DEFINITION,
    curves::DEFINITION,
    directional_blur::DEFINITION,
    displacement_map::DEFINITION,
    drop_shadow::DEFINITION,
    echo::DEFINITION,
    ellipse::DEFINITION,
    exposure::DEFINITION,
    extract::DEFINITION,
    fast_blur::DEFINITION,
    fill::DEFINITION,
    four_color_gradient::DEFINITION,
    fractal_noise::DEFINITION,
    gaussian_blur::DEFINITION,
    glow::DEFINITION,
    gradient_wipe::DEFINITION,
    grid::DEFINITION,
    hue_saturation::DEFINITION,
    invert::DEFINITION,
    keylight::DEFINITION,
    leave_color::DEFINITION,
    levels::DEFINITION,
    levels::INDIVIDUAL,
    linear_color_key::DEFINITION,
    linear_wipe::DEFINITION,
    luma_key::DEFINITION,
    lumetri::DEFINITION,
    matte_choker::DEFINITION,
    minimax::DEFINITION,
    mirror::DEFINITION,
    mosaic::DEFINITION,
    motion_tile::DEFINITION,
    noise::DEFINITION,
    offset::DEFINITION,
    photo_filter::DEFINITION,
    polar_coordinates::DEFINITION,
    posterize::DEFINITION,
    radial_blur::DEFINITION,
    radial_wipe::DEFINITION,
    ramp::DEFINITION,
    ripple::DEFINITION,
    roughen_edges::DEFINITION,
    set_channels::DEFINITION,
    set_matte::DEFINITION,
    sharpen::DEFINITION,
    shift_channels::DEFINITION,
    simple_choker::DEFINITION,
    solid_composite::DEFINITION,
    spherize::DEFINITION,
    stroke::DEFINITION,
    threshold::DEFINITION,
    tint::DEFINITION,
    transform::DEFINITION,
    tritone::DEFINITION,
    turbulent_displace::DEFINITION,
    twirl::DEFINITION,
    unsharp_mask::DEFINITION,
    venetian_blinds::DEFINITION,
    vibrance::DEFINITION,
    wave_warp::DEFINITION,
];

/// The effect with its values; `None` for those that draw nothing here.
fn read(effect: &Effect) -> Option<Box<dyn Draws>> {
    let definition = TABLE.iter().find(|d| d.match_names.contains(&&*effect.match_name))?;
    Some((definition.read)(&Parameters::new(effect)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use filmpress_evaluate::support::{Support, Topic, features, is_control};

    use super::*;

    /// Done by evaluation: they change time.
    const EVALUATED: &[&str] = &["ADBE Posterize Time"];

    #[test]
    fn what_is_said_to_be_drawn_is_drawn() {
        let drawn: BTreeSet<&str> = features()
            .filter(|f| f.topic == Topic::Effect && !matches!(f.support, Support::NotDrawn(_)))
            .map(|f| f.match_name)
            .filter(|name| !is_control(name) && !EVALUATED.contains(name))
            .collect();
        let here: BTreeSet<&str> = TABLE.iter().flat_map(|d| d.match_names).copied().collect();
        assert_eq!(
            drawn, here,
            "evaluate/src/support/effects.rs on the left, TABLE on the right"
        );
        assert_eq!(
            here.len(),
            TABLE.iter().map(|d| d.match_names.len()).sum::<usize>(),
            "a name twice"
        );
    }
}
