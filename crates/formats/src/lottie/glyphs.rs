//! Outlines of characters that the file carries itself.

use filmpress_composition::{BezierPath, Glyph, Kind};

use super::json::{self, Object};
use super::path;
use super::reader::Reader;

impl Reader<'_> {
    /// The glyphs of `chars`. Their outlines are drawn at 100 pixels per em, which is our unit too.
    pub fn glyphs(&mut self, root: &Object) -> Vec<Glyph> {
        let mut glyphs = Vec::new();
        for char in self.objects(root, "chars") {
            let Some(text) = json::text(char, "ch").filter(|t| !t.is_empty()) else {
                self.warn(Kind::Malformed, "a character outline without `ch` is left out");
                continue;
            };
            let mut outlines = Vec::new();
            let data = char.get("data").and_then(crate::json::Value::as_object);
            if let Some(data) = data {
                if data.contains_key("refId") {
                    self.warn(
                        Kind::Unsupported,
                        format!("character `{text}` is drawn by a composition, which is not read"),
                    );
                }
                for shape in json::objects(data, "shapes") {
                    collect(shape, &mut outlines);
                }
            }
            glyphs.push(Glyph {
                text,
                font_family: json::name(char, "fFamily").unwrap_or_default(),
                font_style: json::name(char, "style").unwrap_or_default(),
                advance: self.number(char, "w").unwrap_or(0.0),
                outlines,
            });
        }
        glyphs
    }
}

/// All paths of a shape and the groups in it. Outlines of letters are closed whatever old files say.
fn collect(shape: &Object, outlines: &mut Vec<BezierPath>) {
    if let Some(ks) = shape.get("ks") {
        let content = ks.get("k").unwrap_or(ks);
        if let Some(mut outline) = path::path(content, true) {
            outline.closed = true;
            outlines.push(outline);
        }
    }
    for item in json::objects(shape, "it") {
        collect(item, outlines);
    }
}
