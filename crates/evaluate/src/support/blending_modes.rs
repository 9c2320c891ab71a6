//! Blending modes, by After Effects' name.

use super::Topic::BlendingMode;
use super::{Feature, approximated, drawn};

const fn mode(name: &'static str) -> Feature {
    drawn(BlendingMode, name, name)
}

pub(super) const MODES: &[Feature] = &[
    mode("Normal"),
    approximated(
        BlendingMode,
        "Dissolve",
        "Dissolve",
        "blending mode Dissolve leaves out other pixels than After Effects does",
    ),
    approximated(
        BlendingMode,
        "Dancing Dissolve",
        "Dancing Dissolve",
        "blending mode Dancing Dissolve leaves out other pixels than After Effects does",
    ),
    mode("Darken"),
    mode("Multiply"),
    mode("Color Burn"),
    approximated(
        BlendingMode,
        "Classic Color Burn",
        "Classic Color Burn",
        "blending mode Classic Color Burn is drawn as Color Burn",
    ),
    mode("Linear Burn"),
    mode("Darker Color"),
    mode("Add"),
    mode("Lighten"),
    mode("Screen"),
    mode("Color Dodge"),
    approximated(
        BlendingMode,
        "Classic Color Dodge",
        "Classic Color Dodge",
        "blending mode Classic Color Dodge is drawn as Color Dodge",
    ),
    mode("Linear Dodge"),
    mode("Lighter Color"),
    mode("Overlay"),
    mode("Soft Light"),
    mode("Hard Light"),
    mode("Linear Light"),
    mode("Vivid Light"),
    mode("Pin Light"),
    mode("Hard Mix"),
    mode("Difference"),
    approximated(
        BlendingMode,
        "Classic Difference",
        "Classic Difference",
        "blending mode Classic Difference is drawn as Difference",
    ),
    mode("Exclusion"),
    mode("Subtract"),
    mode("Divide"),
    mode("Hue"),
    mode("Saturation"),
    mode("Color"),
    mode("Luminosity"),
    mode("Stencil Alpha"),
    mode("Stencil Luma"),
    mode("Silhouette Alpha"),
    mode("Silhouette Luma"),
    mode("Alpha Add"),
    approximated(
        BlendingMode,
        "Luminescent Premul",
        "Luminescent Premul",
        "colors of blending mode Luminescent Premul are cut at their alpha where nothing is below",
    ),
];
