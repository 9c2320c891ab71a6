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
    drawn(Shape, "ADBE Vector Stroke Dashes", "Dashes"),
    not_drawn(
        Shape,
        "ADBE Vector Stroke Taper",
        "Taper",
        "the stroke is drawn at even width",
    ),
    not_drawn(
        Shape,
        "ADBE Vector Stroke Wave",
        "Wave",
        "the stroke is drawn without its wave",
    ),
    drawn(Shape, "ADBE Vector Filter - Trim", "Trim Paths"),
    drawn(Shape, "ADBE Vector Filter - Merge", "Merge Paths: Merge, Add"),
    approximated(
        Shape,
        "mergeSubtract",
        "Merge Paths: Subtract",
        "Merge Paths in mode Subtract is drawn as Merge",
    ),
    approximated(
        Shape,
        "mergeIntersect",
        "Merge Paths: Intersect",
        "Merge Paths in mode Intersect is drawn as Merge",
    ),
    approximated(
        Shape,
        "mergeExclude",
        "Merge Paths: Exclude Intersections",
        "Merge Paths in mode Exclude Intersections is drawn as Merge",
    ),
    drawn(Shape, "ADBE Vector Filter - RC", "Round Corners"),
    drawn(Shape, "ADBE Vector Filter - Offset", "Offset Paths"),
    not_drawn(
        Shape,
        "ADBE Vector Offset Copies",
        "Offset Paths: Copies",
        "only the first copy of Offset Paths is drawn",
    ),
    drawn(Shape, "ADBE Vector Filter - PB", "Pucker & Bloat"),
    drawn(Shape, "ADBE Vector Filter - Zigzag", "Zig Zag"),
    drawn(Shape, "ADBE Vector Filter - Repeater", "Repeater"),
    not_drawn(Shape, "ADBE Vector Filter - Twist", "Twist", "Twist is not drawn"),
    not_drawn(
        Shape,
        "ADBE Vector Filter - Roughen",
        "Wiggle Paths",
        "Wiggle Paths is not drawn",
    ),
    not_drawn(
        Shape,
        "ADBE Vector Filter - Wiggler",
        "Wiggle Transform",
        "Wiggle Transform is not drawn",
    ),
];
