//! After Effects' blending modes.

/// How a layer, shape group, fill or stroke combines with what is below it; After Effects' complete list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are After Effects' own and say it all")]
pub enum BlendingMode {
    #[default]
    Normal,
    Dissolve,
    DancingDissolve,
    Darken,
    Multiply,
    ColorBurn,
    ClassicColorBurn,
    LinearBurn,
    DarkerColor,
    Add,
    Lighten,
    Screen,
    ColorDodge,
    ClassicColorDodge,
    LinearDodge,
    LighterColor,
    Overlay,
    SoftLight,
    HardLight,
    LinearLight,
    VividLight,
    PinLight,
    HardMix,
    Difference,
    ClassicDifference,
    Exclusion,
    Subtract,
    Divide,
    Hue,
    Saturation,
    Color,
    Luminosity,
    StencilAlpha,
    StencilLuma,
    SilhouetteAlpha,
    SilhouetteLuma,
    AlphaAdd,
    LuminescentPremul,
}

/// Mode and its English name in After Effects' menu.
const NAMES: [(BlendingMode, &str); 38] = {
    use BlendingMode as B;
    [
        (B::Normal, "Normal"),
        (B::Dissolve, "Dissolve"),
        (B::DancingDissolve, "Dancing Dissolve"),
        (B::Darken, "Darken"),
        (B::Multiply, "Multiply"),
        (B::ColorBurn, "Color Burn"),
        (B::ClassicColorBurn, "Classic Color Burn"),
        (B::LinearBurn, "Linear Burn"),
        (B::DarkerColor, "Darker Color"),
        (B::Add, "Add"),
        (B::Lighten, "Lighten"),
        (B::Screen, "Screen"),
        (B::ColorDodge, "Color Dodge"),
        (B::ClassicColorDodge, "Classic Color Dodge"),
        (B::LinearDodge, "Linear Dodge"),
        (B::LighterColor, "Lighter Color"),
        (B::Overlay, "Overlay"),
        (B::SoftLight, "Soft Light"),
        (B::HardLight, "Hard Light"),
        (B::LinearLight, "Linear Light"),
        (B::VividLight, "Vivid Light"),
        (B::PinLight, "Pin Light"),
        (B::HardMix, "Hard Mix"),
        (B::Difference, "Difference"),
        (B::ClassicDifference, "Classic Difference"),
        (B::Exclusion, "Exclusion"),
        (B::Subtract, "Subtract"),
        (B::Divide, "Divide"),
        (B::Hue, "Hue"),
        (B::Saturation, "Saturation"),
        (B::Color, "Color"),
        (B::Luminosity, "Luminosity"),
        (B::StencilAlpha, "Stencil Alpha"),
        (B::StencilLuma, "Stencil Luma"),
        (B::SilhouetteAlpha, "Silhouette Alpha"),
        (B::SilhouetteLuma, "Silhouette Luma"),
        (B::AlphaAdd, "Alpha Add"),
        (B::LuminescentPremul, "Luminescent Premul"),
    ]
};

impl BlendingMode {
    /// All modes, in the order of After Effects' menu.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(mode, _)| *mode)
    }

    /// The English name in After Effects' menu.
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(mode, _)| *mode == self)
            .map_or("Normal", |(_, name)| name)
    }
}
