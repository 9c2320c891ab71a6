//! The fonts the texts ask for.

use std::collections::{BTreeMap, BTreeSet};

use filmpress_composition::CharacterStyle;
use filmpress_evaluate::text::Resolved;
use filmpress_formats::Template;

use super::{Gather, Listed, cut, texts};
use crate::limits;
use crate::report::{FontReport, FontState};

/// Name, family, style: what a font is known by.
type Key = (String, String, String);

struct Asked {
    style: CharacterStyle,
    layers: usize,
    used_by: Vec<String>,
    without_glyph: BTreeSet<char>,
}

pub(super) fn list(gather: &Gather<'_>, template: &Template) -> Listed<FontReport> {
    let mut asked: BTreeMap<Key, Asked> = BTreeMap::new();
    let mut more = BTreeSet::new();
    for (seen, _, layer) in gather.layers() {
        let mut counted: BTreeSet<Key> = BTreeSet::new();
        for document in texts::documents(layer) {
            for (text, style) in texts::stretches(document) {
                let key = (style.font.clone(), style.font_family.clone(), style.font_style.clone());
                if asked.len() >= limits::ENTRIES && !asked.contains_key(&key) {
                    if more.len() < limits::ENTRIES {
                        more.insert(key);
                    }
                    continue;
                }
                let font = asked.entry(key.clone()).or_insert_with(|| Asked {
                    style: style.clone(),
                    layers: 0,
                    used_by: Vec::new(),
                    without_glyph: BTreeSet::new(),
                });
                font.without_glyph.extend(gather.without_glyph(&style, text));
                if counted.insert(key) {
                    font.layers += 1;
                    if font.used_by.len() < limits::NAMED {
                        font.used_by
                            .push(cut(&format!("{} > {}", seen.item.name, layer.name), limits::NAME));
                    }
                }
            }
        }
    }
    let mut list = Listed::new(limits::ENTRIES);
    list.more = more.len();
    for ((name, family, style), font) in asked {
        list.push(one(gather, template, [name, family, style], font));
    }
    list
}

fn one(gather: &Gather<'_>, template: &Template, [name, family, style]: [String; 3], font: Asked) -> FontReport {
    let carried = |g: &filmpress_composition::Glyph| g.font_family == family && g.font_style == style;
    let is_carried = !family.is_empty() && gather.project.glyphs.iter().any(carried);
    let resolved = gather.fonts.resolve(&font.style);
    let (state, face, font_file) = match resolved {
        Resolved::Found { font, file, .. } => (FontState::Present, Some(font), Some(file)),
        _ if is_carried => (FontState::Carried, None, None),
        Resolved::Substituted { by } => (FontState::Substituted, Some(by), None),
        Resolved::Missing => (FontState::Missing, None, None),
    };
    let in_template = font_file
        .as_ref()
        .is_some_and(|file| template.fonts.iter().any(|f| f.name == *file));
    FontReport {
        name: cut(&name, limits::NAME),
        family: cut(&family, limits::NAME),
        style: cut(&style, limits::NAME),
        state,
        face,
        font_file,
        in_template,
        layers: font.layers,
        used_by: font.used_by,
        without_glyph: font.without_glyph.into_iter().take(limits::INNER).collect(),
    }
}
