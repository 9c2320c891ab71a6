//! Effects. Those missing here are not drawn either; they are listed so that the page tells.

use super::Topic::Effect;
use super::{Feature, Ignored, approximated, close, drawn, not_drawn};

/// Effects that hold parameters for expressions and draw nothing.
pub(super) const CONTROLS: &[Feature] = &[
    drawn(Effect, "ADBE Slider Control", "Slider Control"),
    drawn(Effect, "ADBE Checkbox Control", "Checkbox Control"),
    drawn(Effect, "ADBE Color Control", "Color Control"),
    drawn(Effect, "ADBE Point Control", "Point Control"),
    drawn(Effect, "ADBE Point3D Control", "3D Point Control"),
    drawn(Effect, "ADBE Angle Control", "Angle Control"),
    drawn(Effect, "ADBE Layer Control", "Layer Control"),
    drawn(Effect, "ADBE Dropdown Control", "Dropdown Menu Control"),
];

/// Settings that make no difference here: a warning says so where they are not at the value that is drawn.
pub(super) const IGNORED: &[Ignored] = &[
    ignored("Keylight 906", 10, 0.0, "Screen Pre-blur is not followed"),
    ignored("Keylight 906", 15, 0.0, "Screen Shrink/Grow is not followed"),
    ignored("Keylight 906", 16, 0.0, "Screen Softness is not followed"),
    ignored("Keylight 906", 17, 0.0, "Screen Despot Black is not followed"),
    ignored("Keylight 906", 18, 0.0, "Screen Despot White is not followed"),
    ignored("Keylight 906", 36, 0.0, "Foreground Colour Correction is not followed"),
    ignored("Keylight 906", 52, 0.0, "Edge Colour Correction is not followed"),
];

const fn ignored(match_name: &'static str, parameter: u32, drawn_as: f64, message: &'static str) -> Ignored {
    Ignored {
        match_name,
        parameter,
        drawn_as,
        message,
    }
}

const fn no(match_name: &'static str, name: &'static str) -> Feature {
    not_drawn(Effect, match_name, name, "effect is not drawn")
}

pub(super) const EFFECTS: &[Feature] = &[
    close(
        Effect,
        "ADBE Gaussian Blur 2",
        "Gaussian Blur",
        "three box blurs of the same deviation",
    ),
    close(
        Effect,
        "ADBE Gaussian Blur",
        "Gaussian Blur (Legacy)",
        "three box blurs of the same deviation",
    ),
    no("ADBE Box Blur2", "Fast Box Blur"),
    no("ADBE Motion Blur", "Directional Blur"),
    no("ADBE Radial Blur", "Radial Blur"),
    no("ADBE Channel Blur", "Channel Blur"),
    no("ADBE Sharpen", "Sharpen"),
    no("ADBE Unsharp Mask2", "Unsharp Mask"),
    no("ADBE Glo2", "Glow"),
    close(
        Effect,
        "ADBE Drop Shadow",
        "Drop Shadow",
        "the softness is a blur of the same deviation",
    ),
    no("ADBE Radial Shadow", "Radial Shadow"),
    no("ADBE Bevel Alpha", "Bevel Alpha"),
    drawn(Effect, "ADBE Fill", "Fill"),
    close(
        Effect,
        "ADBE Stroke",
        "Stroke",
        "the softness of the brush falls off in a straight line",
    ),
    close(
        Effect,
        "ADBE Ramp",
        "Gradient Ramp",
        "the noise of Ramp Scatter is not After Effects' own",
    ),
    approximated(
        Effect,
        "ADBE 4ColorGradient",
        "4-Color Gradient",
        "colours mix by the inverse square of the distance",
    ),
    approximated(
        Effect,
        "ADBE Fractal Noise",
        "Fractal Noise",
        "noise of the same kind and size, with a pattern of its own; Basic and Turbulent fractals only",
    ),
    close(Effect, "ADBE Noise", "Noise", "the same amount, other pixels"),
    close(Effect, "ADBE Grid", "Grid", "soft edges are straight ramps"),
    close(
        Effect,
        "ADBE Checkerboard",
        "Checkerboard",
        "soft edges are straight ramps",
    ),
    close(Effect, "ADBE Circle", "Circle", "soft edges are straight ramps"),
    close(Effect, "ADBE Noise2", "Noise", "the same amount, other pixels"),
    approximated(
        Effect,
        "ADBE ELLIPSE",
        "Ellipse",
        "the colours change evenly from the middle of the ring to its sides",
    ),
    no("ADBE Cell Pattern", "Cell Pattern"),
    no("ADBE Numbers2", "Numbers"),
    no("ADBE Timecode", "Timecode"),
    drawn(Effect, "ADBE Tint", "Tint"),
    drawn(Effect, "ADBE CHANNEL MIXER", "Channel Mixer"),
    drawn(Effect, "ADBE Black&White", "Black & White"),
    close(
        Effect,
        "ADBE Photo Filter",
        "Photo Filter",
        "how strongly a filter colours",
    ),
    approximated(
        Effect,
        "ADBE Color Balance 2",
        "Color Balance",
        "the ranges of shadows, midtones and highlights overlap differently",
    ),
    close(
        Effect,
        "ADBE Change To Color",
        "Change to Color",
        "the softness of the tolerances",
    ),
    close(
        Effect,
        "ADBE Linear Color Key2",
        "Linear Color Key",
        "how distances between colours are measured",
    ),
    approximated(
        Effect,
        "Keylight 906",
        "Keylight (1.2)",
        "only screen colour, gain, balance, clips and the replace method are followed",
    ),
    drawn(Effect, "ADBE Tritone", "Tritone"),
    drawn(Effect, "ADBE Easy Levels2", "Levels"),
    drawn(Effect, "ADBE Pro Levels2", "Levels (Individual Controls)"),
    drawn(Effect, "ADBE CurvesCustom", "Curves"),
    close(
        Effect,
        "ADBE HUE SATURATION",
        "Hue/Saturation",
        "where ranges of hues overlap with their soft ends, and their lightness",
    ),
    drawn(Effect, "ADBE Color Balance (HLS)", "Color Balance (HLS)"),
    drawn(Effect, "ADBE Brightness & Contrast 2", "Brightness & Contrast"),
    drawn(
        Effect,
        "ADBE Brightness & Contrast",
        "Brightness & Contrast (first version)",
    ),
    drawn(Effect, "ADBE Exposure2", "Exposure"),
    approximated(
        Effect,
        "ADBE Vibrance",
        "Vibrance",
        "saturation by how pale a colour is",
    ),
    drawn(Effect, "ADBE Invert", "Invert"),
    drawn(Effect, "ADBE Posterize", "Posterize"),
    drawn(Effect, "ADBE Threshold2", "Threshold"),
    no("ADBE Mosaic", "Mosaic"),
    no("ADBE Geometry2", "Transform"),
    no("ADBE Offset", "Offset"),
    no("ADBE Tile", "Motion Tile"),
    no("ADBE Mirror", "Mirror"),
    no("ADBE Corner Pin", "Corner Pin"),
    no("ADBE Turbulent Displace", "Turbulent Displace"),
    no("ADBE Displacement Map", "Displacement Map"),
    no("ADBE Wave Warp", "Wave Warp"),
    no("ADBE Twirl", "Twirl"),
    no("ADBE Ripple", "Ripple"),
    no("ADBE Bulge", "Bulge"),
    no("ADBE Spherize", "Spherize"),
    no("ADBE BEZMESH", "Bezier Warp"),
    no("ADBE MESH WARP", "Mesh Warp"),
    no("ADBE FreePin3", "Puppet"),
    close(
        Effect,
        "ADBE Simple Choker",
        "Simple Choker",
        "the distance of large chokes",
    ),
    approximated(
        Effect,
        "ADBE Matte Choker",
        "Matte Choker",
        "blurs and steep ramps of alpha",
    ),
    drawn(Effect, "ADBE Minimax", "Minimax"),
    approximated(
        Effect,
        "ADBE Roughen Edges",
        "Roughen Edges",
        "noise of its own; the edge type Roughen for all",
    ),
    drawn(Effect, "ADBE Set Matte3", "Set Matte"),
    drawn(Effect, "ADBE Shift Channels", "Shift Channels"),
    close(
        Effect,
        "ADBE Linear Wipe",
        "Linear Wipe",
        "the soft edge is a straight ramp",
    ),
    close(Effect, "ADBE Radial Wipe", "Radial Wipe", "the feather is a blur"),
    close(
        Effect,
        "ADBE Gradient Wipe",
        "Gradient Wipe",
        "the soft edge is a straight ramp",
    ),
    close(
        Effect,
        "ADBE Venetian Blinds",
        "Venetian Blinds",
        "soft edges are straight ramps",
    ),
    close(
        Effect,
        "ADBE Block Dissolve",
        "Block Dissolve",
        "the order of the blocks is another one",
    ),
    drawn(Effect, "ADBE Echo", "Echo"),
    drawn(Effect, "ADBE Posterize Time", "Posterize Time"),
];
