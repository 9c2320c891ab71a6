//! Contents of shape layers.

use super::Topic::Shape;
use super::{Feature, approximated, drawn, not_drawn};

pub(super) const SHAPES: &[Feature] = &[
    drawn(Shape, "ADBE Vector Group", "Group"),
    drawn(Shape, "ADBE Vector Shape - Group", "Path"),
    drawn(Shape, "ADBE Vector Shape - Rect", "Rectangle"),
    drawn(Shape, "ADBE Vector Shape - Ellipse", "Ellipse"),
    drawn(Shape, "ADBE Vector Shape - Star", "Polystar"),
    drawn(Shape, "ADBE Vector Graphic - Fill", "Fill"),
    drawn(Shape, "ADBE Vector Graphic - Stroke", "Stroke"),
    drawn(Shape, "ADBE Vector Graphic - G-Fill", "Gradient Fill"),
    drawn(Shape, "ADBE Vector Graphic - G-Stroke", "Gradient Stroke"),
    not_drawn(
        Shape,
        "ADBE Vector Grad Scale",
        "Gradients: Scale",
        "the gradient is drawn without its Scale",
    ),
    not_drawn(
        Shape,
        "ADBE Vector Grad Rotation",
        "Gradients: Rotation",
        "the gradient is drawn without its Rotation",
    ),
    drawn(Shape, "ADBE Vector Stroke Dashes", "Dashes"),
    drawn(Shape, "ADBE Vector Stroke Taper", "Taper"),
    approximated(
        Shape,
        "taperEase",
        "Taper: Start Ease, End Ease",
        "the curve of the taper's ease is close to After Effects', not the same",
    ),
    approximated(
        Shape,
        "ADBE Vector Stroke Wave",
        "Wave",
        "the curve of the wave is close to After Effects', not the same",
    ),
    drawn(Shape, "ADBE Vector Filter - Trim", "Trim Paths"),
    drawn(Shape, "ADBE Vector Filter - Merge", "Merge Paths"),
    drawn(Shape, "ADBE Vector Filter - RC", "Round Corners"),
    drawn(Shape, "ADBE Vector Filter - Offset", "Offset Paths"),
    drawn(Shape, "ADBE Vector Filter - PB", "Pucker & Bloat"),
    drawn(Shape, "ADBE Vector Filter - Zigzag", "Zig Zag"),
    drawn(Shape, "ADBE Vector Filter - Repeater", "Repeater"),
    approximated(
        Shape,
        "ADBE Vector Filter - Twist",
        "Twist",
        "how the turn of Twist falls off from its centre is close to After Effects', not the same",
    ),
    approximated(
        Shape,
        "ADBE Vector Filter - Roughen",
        "Wiggle Paths",
        "Wiggle Paths wiggles with other random numbers than After Effects",
    ),
    approximated(
        Shape,
        "ADBE Vector Filter - Wiggler",
        "Wiggle Transform",
        "Wiggle Transform wiggles with other random numbers than After Effects",
    ),
];
