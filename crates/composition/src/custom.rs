//! Values of effects whose controls are not numbers.

/// Data of an effect's own, as far as its layout is known.
#[derive(Clone, Debug, PartialEq)]
pub enum CustomValue {
    /// Curves (`ADBE CurvesCustom`).
    Curves(Box<Curves>),
    /// The channel ranges of Hue/Saturation (`ADBE HUE SATURATION`).
    HueSaturation(HueSaturation),
    /// The channels of Levels (`ADBE Easy Levels2`).
    Levels(Levels),
}

/// The curves of the Curves effect, as tables from input to output, 0..255: all channels together, red, green, blue,
/// alpha. A colour goes through its own table, then through the one of all channels.
#[derive(Clone, Debug, PartialEq)]
pub struct Curves {
    /// The tables.
    pub tables: [[u8; 256]; 5],
}

/// The sliders of Levels: input black, input white, gamma, output black, output white (0..1, gamma 1 for none), for RGB,
/// red, green, blue, alpha.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Levels {
    /// The sliders of each channel.
    pub channels: [[f32; 5]; 5],
}

/// The settings of Hue/Saturation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HueSaturation {
    /// All colours.
    pub master: HueShift,
    /// Reds, yellows, greens, cyans, blues, magentas: the hues where the range begins to count, counts wholly, ends
    /// to count wholly and ends, in degrees, with what is done to them.
    pub ranges: [([f32; 4], HueShift); 6],
}

/// What is done to a range of hues.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HueShift {
    /// Turn of the hue, degrees.
    pub hue: f32,
    /// Saturation, -100..100.
    pub saturation: f32,
    /// Lightness, -100..100.
    pub lightness: f32,
}
