//! Blending modes of layers.

use filmpress_composition::BlendingMode;

/// The mode with this number in a layer's settings.
pub(super) fn of_layer(number: u8) -> Option<BlendingMode> {
    use BlendingMode as B;
    Some(match number {
        // Cameras and lights have 0.
        0 | 2 => B::Normal,
        3 => B::Dissolve,
        4 => B::Add,
        5 => B::Multiply,
        6 => B::Screen,
        7 => B::Overlay,
        8 => B::SoftLight,
        9 => B::HardLight,
        10 => B::Darken,
        11 => B::Lighten,
        12 => B::ClassicDifference,
        13 => B::Hue,
        14 => B::Saturation,
        15 => B::Color,
        16 => B::Luminosity,
        17 => B::StencilAlpha,
        18 => B::StencilLuma,
        19 => B::SilhouetteAlpha,
        20 => B::SilhouetteLuma,
        21 => B::LuminescentPremul,
        22 => B::AlphaAdd,
        23 => B::ClassicColorDodge,
        24 => B::ClassicColorBurn,
        25 => B::Exclusion,
        26 => B::Difference,
        27 => B::ColorDodge,
        28 => B::ColorBurn,
        29 => B::LinearDodge,
        30 => B::LinearBurn,
        31 => B::LinearLight,
        32 => B::VividLight,
        33 => B::PinLight,
        34 => B::HardMix,
        35 => B::LighterColor,
        36 => B::DarkerColor,
        37 => B::Subtract,
        38 => B::Divide,
        _ => return None,
    })
}
