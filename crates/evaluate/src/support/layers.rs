//! Kinds of layers, their switches and settings.

use super::Topic::{LayerKind, LayerSwitch};
use super::{Feature, approximated, close, drawn, not_drawn};

pub(super) const KINDS: &[Feature] = &[
    drawn(LayerKind, "composition", "Nested composition"),
    drawn(LayerKind, "solid", "Solid"),
    drawn(LayerKind, "footage", "Footage: still or film"),
    drawn(LayerKind, "text", "Text layer"),
    drawn(LayerKind, "shape", "Shape layer"),
    drawn(LayerKind, "null", "Null object"),
    drawn(LayerKind, "camera", "Camera: with one or two nodes"),
    approximated(
        LayerKind,
        "depthOfField",
        "Depth of field of a camera",
        "depth of field is ignored: all is in focus",
    ),
    approximated(
        LayerKind,
        "light",
        "Light",
        "lights are ignored: layers are drawn as they are without them, and cast no shadows",
    ),
    not_drawn(LayerKind, "audio", "Sound", "sound is not in the film"),
    not_drawn(
        LayerKind,
        "unknown",
        "3D model and other kinds",
        "this kind of layer is not drawn",
    ),
];

pub(super) const SWITCHES: &[Feature] = &[
    drawn(LayerSwitch, "enabled", "Video switch (the eye)"),
    drawn(LayerSwitch, "guideLayer", "Guide layer: never in the film"),
    drawn(LayerSwitch, "parent", "Parenting"),
    drawn(LayerSwitch, "stretch", "Time stretch"),
    drawn(LayerSwitch, "timeRemap", "Time remapping"),
    drawn(LayerSwitch, "quality", "Quality and sampling"),
    drawn(LayerSwitch, "preserveTransparency", "Preserve underlying transparency"),
    drawn(
        LayerSwitch,
        "collapseTransformation",
        "Collapse transformations, continuous rasterisation",
    ),
    drawn(LayerSwitch, "adjustmentLayer", "Adjustment layer"),
    close(
        LayerSwitch,
        "motionBlur",
        "Motion blur",
        "steps at the middles of even parts of the shutter's time",
    ),
    approximated(
        LayerSwitch,
        "motionBlurContents",
        "Motion blur inside of shape and text layers",
        "motion blur is of the layer's movement alone, not of what moves inside of it",
    ),
    drawn(
        LayerSwitch,
        "autoOrient",
        "Auto-orient: along the path, towards the camera or the point of interest",
    ),
    not_drawn(
        LayerSwitch,
        "frameBlending",
        "Frame blending",
        "frame blending is not drawn",
    ),
    not_drawn(
        LayerSwitch,
        "perCharacter3d",
        "Per-character 3D",
        "the characters are drawn flat, not in space",
    ),
    close(
        LayerSwitch,
        "threeDLayer",
        "3D layer: in perspective, nearer ones before further ones",
        "pixels are looked up between their neighbours and in halved copies",
    ),
    approximated(
        LayerSwitch,
        "intersection",
        "3D layers that cut through each other",
        "3D layers are turned: where they cut through each other one is drawn over the other, they are not split",
    ),
];
