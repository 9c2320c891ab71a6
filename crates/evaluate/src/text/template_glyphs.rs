//! Outlines of characters that a template carries itself.

use std::collections::HashMap;
use std::sync::Arc;

use filmpress_composition::{BezierPath, CharacterStyle, Glyph};
use kurbo::{BezPath, Point};

use super::style_name::normalise;

/// A character's outline and advance.
#[derive(Clone, Debug)]
pub(super) struct TemplateGlyph {
    /// In em, y down, origin on the baseline.
    pub outline: Arc<BezPath>,
    /// In em.
    pub advance: f64,
}

/// The template's glyphs by font and character.
#[derive(Clone, Debug, Default)]
pub(super) struct TemplateGlyphs {
    fonts: HashMap<(String, String), HashMap<char, TemplateGlyph>>,
}

impl TemplateGlyphs {
    pub fn new(glyphs: &[Glyph]) -> Self {
        let mut fonts: HashMap<_, HashMap<_, _>> = HashMap::new();
        for glyph in glyphs {
            let mut chars = glyph.text.chars();
            let (Some(c), None) = (chars.next(), chars.next()) else {
                continue;
            };
            let mut outline = BezPath::new();
            for path in &glyph.outlines {
                append(&mut outline, path);
            }
            let key = (normalise(&glyph.font_family), normalise(&glyph.font_style));
            fonts.entry(key).or_default().entry(c).or_insert(TemplateGlyph {
                outline: Arc::new(outline),
                advance: if glyph.advance.is_finite() {
                    glyph.advance / 100.0
                } else {
                    0.0
                },
            });
        }
        Self { fonts }
    }

    /// The glyphs of a look's font, where the template carries any.
    pub fn font(&self, style: &CharacterStyle) -> Option<&HashMap<char, TemplateGlyph>> {
        if self.fonts.is_empty() {
            return None;
        }
        self.fonts
            .get(&(normalise(&style.font_family), normalise(&style.font_style)))
    }
}

/// Adds a closed outline given in 1/100 em.
fn append(outline: &mut BezPath, path: &BezierPath) {
    let n = path
        .vertices
        .len()
        .min(path.in_tangents.len())
        .min(path.out_tangents.len());
    if n < 2 {
        return;
    }
    let at = |p: [f64; 2], by: [f64; 2]| Point::new((p[0] + by[0]) / 100.0, (p[1] + by[1]) / 100.0);
    outline.move_to(at(path.vertices[0], [0.0; 2]));
    for i in 0..n {
        let next = (i + 1) % n;
        let (from, to) = (path.vertices[i], path.vertices[next]);
        let (leaving, arriving) = (path.out_tangents[i], path.in_tangents[next]);
        if leaving == [0.0; 2] && arriving == [0.0; 2] {
            outline.line_to(at(to, [0.0; 2]));
        } else {
            outline.curve_to(at(from, leaving), at(to, arriving), at(to, [0.0; 2]));
        }
    }
    outline.close_path();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(text: &str, family: &str, style: &str) -> Glyph {
        Glyph {
            text: text.to_owned(),
            font_family: family.to_owned(),
            font_style: style.to_owned(),
            advance: 50.0,
            outlines: vec![BezierPath::polygon(vec![[0.0, 0.0], [50.0, 0.0], [25.0, -70.0]], true)],
        }
    }

    #[test]
    fn glyphs_are_found_by_family_style_and_character() {
        let glyphs = TemplateGlyphs::new(&[
            glyph("A", "Futura PT", "Demi"),
            glyph("B", "Futura PT", "Book"),
            glyph("AB", "Futura PT", "Demi"),
        ]);
        let style = CharacterStyle {
            font_family: "Futura PT".to_owned(),
            font_style: "demi".to_owned(),
            ..CharacterStyle::default()
        };
        let font = glyphs.font(&style).unwrap();
        assert_eq!(font.len(), 1);
        assert_eq!(font[&'A'].advance, 0.5);
        let bounds = kurbo::Shape::bounding_box(&*font[&'A'].outline);
        assert_eq!((bounds.x1, bounds.y0), (0.5, -0.7));
        assert!(glyphs.font(&CharacterStyle::default()).is_none());
    }
}
