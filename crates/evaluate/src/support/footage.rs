//! Footage as it is interpreted, and compositions' own settings. Which file formats are read is said by `media`.

use super::Topic::{Composition, Footage};
use super::{Feature, approximated, drawn, not_drawn};

pub(super) const FOOTAGE: &[Feature] = &[
    drawn(
        Footage,
        "alpha",
        "Alpha: straight, premultiplied with a colour, ignored",
    ),
    not_drawn(
        Footage,
        "invertAlpha",
        "Inverted alpha",
        "the footage's alpha is not inverted",
    ),
    not_drawn(
        Footage,
        "fields",
        "Separated fields",
        "the footage's fields are not separated",
    ),
    not_drawn(
        Footage,
        "pulldown",
        "3:2 pulldown removed",
        "3:2 pulldown is not removed",
    ),
    not_drawn(
        Footage,
        "frameRate",
        "Another frame rate assumed",
        "the film plays at its file's own frame rate, not at the one assumed",
    ),
    drawn(Footage, "loops", "Loops"),
    approximated(
        Footage,
        "pixelAspect",
        "Pixels that are not square",
        "the footage's pixels are drawn square",
    ),
    not_drawn(
        Footage,
        "layer",
        "One layer of a layered file (Photoshop, Illustrator)",
        "the one layer of the layered file is not read by itself",
    ),
    not_drawn(
        Footage,
        "sequence",
        "Image sequences",
        "image sequences are not read yet",
    ),
    not_drawn(Footage, "sound", "Sound", "sound is not in the film"),
];

pub(super) const COMPOSITIONS: &[Feature] = &[
    drawn(Composition, "size", "Size, duration, frame rate, background"),
    drawn(Composition, "workArea", "Work area"),
    drawn(Composition, "preserveFrameRate", "Preserve frame rate when nested"),
    approximated(
        Composition,
        "pixelAspect",
        "Pixels that are not square",
        "the composition's pixels are drawn square",
    ),
    approximated(
        Composition,
        "workingSpace",
        "Colour management: working space",
        "colours are taken as sRGB, the project's working space is another",
    ),
    approximated(
        Composition,
        "linearBlending",
        "Colour management: linear light",
        "colours are blended as they are, not in linear light",
    ),
    approximated(
        Composition,
        "depth",
        "16 and 32 bits per channel",
        "drawn with 8 bits per channel; colours brighter than white are cut",
    ),
];
