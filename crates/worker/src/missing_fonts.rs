//! Which fonts a composition's texts ask for and do not get.

use std::collections::{BTreeSet, HashSet};

use filmpress_composition::{ItemId, Layer, Project, TextDocument, Value};
use filmpress_evaluate::text::{FontBook, Resolved};

/// The names of the fonts, as the texts have them, that are replaced by others; sorted. Fonts whose outlines the
/// template carries itself are not missing.
pub fn missing_fonts(project: &Project, composition: ItemId, fonts: &FontBook) -> Vec<String> {
    let mut missing = BTreeSet::new();
    let mut asked = HashSet::new();
    let mut met = HashSet::from([composition]);
    let mut compositions = vec![composition];
    while let Some(id) = compositions.pop() {
        let Some(composition) = project.composition(id) else {
            continue;
        };
        for layer in &composition.layers {
            compositions.extend(layer.source().filter(|source| met.insert(*source)));
            documents(layer, &mut |document| {
                for style in document.runs.iter().map(|run| &run.style) {
                    if !asked.insert((style.font.clone(), style.font_family.clone(), style.font_style.clone())) {
                        continue;
                    }
                    let carried = |glyph: &filmpress_composition::Glyph| {
                        glyph.font_family == style.font_family && glyph.font_style == style.font_style
                    };
                    let found = matches!(fonts.resolve(style), Resolved::Found { .. });
                    if !found && !project.glyphs.iter().any(carried) {
                        missing.insert(style.font.clone());
                    }
                }
            });
        }
    }
    missing.into_iter().collect()
}

/// Every text document of a layer, those of keyframes too.
fn documents(layer: &Layer, f: &mut impl FnMut(&TextDocument)) {
    layer.properties.visit(&mut |_, property| {
        let keyed = property.keyframes.iter().map(|keyframe| &keyframe.value);
        for value in keyed.chain([&property.value]) {
            if let Value::Text(document) = value {
                f(document);
            }
        }
    });
}
