//! Text, its animators and their selectors.

use super::Topic::{AnimatorProperty, Text, TextSelector};
use super::{Feature, approximated, drawn, not_drawn};

pub(super) const TEXT: &[Feature] = &[
    drawn(Text, "pointText", "Point text"),
    drawn(Text, "boxText", "Paragraph text, its box and vertical alignment"),
    drawn(Text, "runs", "Several looks in one text"),
    drawn(
        Text,
        "font",
        "Fonts: OpenType and TrueType, collections, variable fonts' named instances",
    ),
    drawn(Text, "glyphs", "Glyph outlines a Lottie file carries itself"),
    drawn(Text, "scripts", "Complex scripts, right-to-left text, colourless emoji"),
    drawn(
        Text,
        "justification",
        "Justification, indents, space before and after, leading",
    ),
    drawn(
        Text,
        "character",
        "Size, tracking, kerning, baseline shift, scale, faux bold and italic, capitals",
    ),
    drawn(Text, "fillStroke", "Fill and stroke"),
    not_drawn(
        Text,
        "vertical",
        "Vertical text",
        "vertical text is set in horizontal lines",
    ),
    drawn(Text, "script", "Superscript and subscript"),
    approximated(
        Text,
        "tsume",
        "Tsume",
        "the space around characters is not reduced (tsume)",
    ),
    approximated(Text, "noBreak", "No Break", "lines may break where No Break forbids it"),
    approximated(Text, "hyphenate", "Hyphenation", "words are not hyphenated"),
    approximated(
        Text,
        "hangingPunctuation",
        "Roman hanging punctuation",
        "punctuation does not hang over the edges",
    ),
    approximated(
        Text,
        "everyLineComposer",
        "Every-line composer",
        "lines are broken one by one, not by looking at the whole paragraph",
    ),
    approximated(
        Text,
        "topToTopLeading",
        "Top-to-top leading",
        "leading is measured between baselines, not between tops",
    ),
    approximated(
        Text,
        "firstBaseline",
        "First baseline of a box other than by ascent",
        "the first baseline of the box is placed by the font's ascent",
    ),
    approximated(
        Text,
        "boxJustify",
        "Vertical justification of a box",
        "the lines of the box are not spread over its height",
    ),
    approximated(
        Text,
        "boxInset",
        "Inset of a box",
        "the space inside the edges of the box is not kept free",
    ),
    approximated(
        Text,
        "autoFit",
        "Auto-fit of a box",
        "the box keeps its height whatever the text",
    ),
    drawn(Text, "ADBE Text Path Options", "Text along a mask's path"),
    drawn(Text, "ADBE Text More Options", "Anchor point grouping and alignment"),
];

const fn property(match_name: &'static str, name: &'static str) -> Feature {
    drawn(AnimatorProperty, match_name, name)
}

const fn no_property(match_name: &'static str, name: &'static str, why: &'static str) -> Feature {
    not_drawn(AnimatorProperty, match_name, name, why)
}

pub(super) const ANIMATOR_PROPERTIES: &[Feature] = &[
    property("ADBE Text Anchor Point 3D", "Anchor Point"),
    property("ADBE Text Position 3D", "Position"),
    property("ADBE Text Scale 3D", "Scale"),
    property("ADBE Text Skew", "Skew"),
    property("ADBE Text Skew Axis", "Skew Axis"),
    property("ADBE Text Rotation", "Rotation"),
    property("ADBE Text Opacity", "Opacity"),
    property("ADBE Text Fill Color", "Fill Color"),
    property("ADBE Text Fill Opacity", "Fill Opacity"),
    property("ADBE Text Stroke Color", "Stroke Color"),
    property("ADBE Text Stroke Opacity", "Stroke Opacity"),
    property("ADBE Text Stroke Width", "Stroke Width"),
    property("ADBE Text Tracking Amount", "Tracking Amount"),
    property("ADBE Text Track Type", "Tracking Type"),
    property("ADBE Text Line Spacing", "Line Spacing"),
    no_property(
        "ADBE Text Rotation X",
        "X Rotation",
        "text animator property `X Rotation` is not drawn",
    ),
    no_property(
        "ADBE Text Rotation Y",
        "Y Rotation",
        "text animator property `Y Rotation` is not drawn",
    ),
    no_property(
        "ADBE Text Fill Hue",
        "Fill Hue",
        "text animator property `Fill Hue` is not drawn",
    ),
    no_property(
        "ADBE Text Fill Saturation",
        "Fill Saturation",
        "text animator property `Fill Saturation` is not drawn",
    ),
    no_property(
        "ADBE Text Fill Brightness",
        "Fill Brightness",
        "text animator property `Fill Brightness` is not drawn",
    ),
    no_property(
        "ADBE Text Stroke Hue",
        "Stroke Hue",
        "text animator property `Stroke Hue` is not drawn",
    ),
    no_property(
        "ADBE Text Stroke Saturation",
        "Stroke Saturation",
        "text animator property `Stroke Saturation` is not drawn",
    ),
    no_property(
        "ADBE Text Stroke Brightness",
        "Stroke Brightness",
        "text animator property `Stroke Brightness` is not drawn",
    ),
    no_property("ADBE Text Blur", "Blur", "text animator property `Blur` is not drawn"),
    no_property(
        "ADBE Text Line Anchor",
        "Line Anchor",
        "text animator property `Line Anchor` is not drawn",
    ),
    no_property(
        "ADBE Text Character Offset",
        "Character Offset",
        "text animator property `Character Offset` is not drawn",
    ),
    no_property(
        "ADBE Text Character Replace",
        "Character Value",
        "text animator property `Character Value` is not drawn",
    ),
];

pub(super) const SELECTORS: &[Feature] = &[
    drawn(TextSelector, "ADBE Text Selector", "Range Selector"),
    approximated(
        TextSelector,
        "ADBE Text Randomize Order",
        "Range Selector: Randomize Order",
        "the random order of characters is another one than After Effects'",
    ),
    approximated(
        TextSelector,
        "ADBE Text Wiggly Selector",
        "Wiggly Selector",
        "the wiggly selector wiggles with other random numbers than After Effects'",
    ),
    not_drawn(
        TextSelector,
        "ADBE Text Expressible Selector",
        "Expression Selector",
        "expression selector; it selects everything",
    ),
];
