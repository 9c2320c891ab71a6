//! A text set in lines: every glyph in its place, ready to be drawn or animated.

use std::ops::Range;
use std::sync::Arc;

use filmpress_composition::CharacterStyle;
use kurbo::{Affine, BezPath, Point, Rect, Shape};

/// A glyph in its place.
#[derive(Clone, Debug)]
pub struct PlacedGlyph {
    /// Its outline, in units of its own, y down.
    pub outline: Arc<BezPath>,
    /// From the outline's units to layer space.
    pub transform: Affine,
    /// Where its character stands on the baseline, layer space.
    pub origin: Point,
    /// How far the next character stands from it, pixels, tracking included.
    pub advance: f64,
    /// The characters it stands for, as places in the document's text.
    pub characters: Range<usize>,
    /// Which character it is, line breaks not counted.
    pub index: usize,
    /// Which character it is, line breaks and spaces not counted; of spaces that of the next character.
    pub index_without_spaces: usize,
    /// Which word it is in, from 0 over the whole text.
    pub word: usize,
    /// Which of [`TextLayout::lines`] it is in.
    pub line: usize,
    /// Which of [`TextLayout::styles`] it is drawn in.
    pub style: usize,
    /// Extra boldness as the width of a stroke around it, pixels; 0 for none.
    pub embolden: f64,
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Left end, layer space.
    pub left: f64,
    /// The baseline, layer space.
    pub baseline: f64,
    /// Width in pixels, without the spaces it ends in.
    pub width: f64,
    /// The characters in it, as places in the document's text.
    pub characters: Range<usize>,
    /// How much of a change of width goes to the left: 0 for lines that start at the left, 0.5 for centred ones, 1
    /// for those that end at the right.
    pub alignment: f64,
}

/// How many things a text is made of, for selectors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Characters without line breaks.
    pub characters: usize,
    /// Characters without line breaks and spaces.
    pub characters_without_spaces: usize,
    /// Words.
    pub words: usize,
    /// Lines.
    pub lines: usize,
}

/// A text set in lines, in layer space: point text starts its first baseline at the origin.
#[derive(Clone, Debug, Default)]
pub struct TextLayout {
    /// Glyphs in the order of their characters.
    pub glyphs: Vec<PlacedGlyph>,
    /// The looks.
    pub styles: Vec<CharacterStyle>,
    /// The lines.
    pub lines: Vec<Line>,
    /// How many things it is made of.
    pub counts: Counts,
}

impl TextLayout {
    /// The rectangle around all outlines, without strokes; `None` when nothing shows.
    pub fn bounds(&self) -> Option<Rect> {
        self.glyphs
            .iter()
            .filter(|glyph| !glyph.outline.elements().is_empty())
            .map(|glyph| (glyph.transform * &*glyph.outline).bounding_box())
            .reduce(|a, b| a.union(b))
    }
}
