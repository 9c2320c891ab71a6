//! Characters to clusters of placed outlines: fonts chosen, shaped, their directions known.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use filmpress_composition::Kind;
use kurbo::BezPath;
use parlance::{BaseDirection, FontFeature, FontVariation, Tag};
use parley_engine::itemize::{Item, Segment};
use parley_engine::shape::CharCluster;
use parley_engine::{
    Analysis, AnalysisOptions, Analyzer, FontInstanceRef, FontSelector, ShapeOptions, ShapedText, Shaper,
};

use super::characters::{Character, Characters, LookFont};
use super::font_book::FontBook;
use super::font_source::Face;
use super::template_glyphs::TemplateGlyphs;

/// Fonts are shaped at this size and scaled afterwards, so that sizes of any kind shape alike.
const SHAPE_SIZE: f32 = 1000.0;

/// A glyph of a cluster.
pub(super) struct ShapedGlyph {
    pub outline: Arc<BezPath>,
    /// Outline units to em.
    pub to_em: f64,
    /// From the cluster's start, em.
    pub x: f64,
    /// Downwards from the baseline, em.
    pub y: f64,
    /// The face asked for was bold, this one is not.
    pub embolden: bool,
    /// The face asked for was italic, this one is not.
    pub slant: bool,
}

/// Characters that cannot be parted, and their glyphs from left to right.
pub(super) struct Cluster {
    /// Places in [`Characters::list`].
    pub characters: Range<usize>,
    pub look: u16,
    /// Em.
    pub advance: f64,
    pub glyphs: Range<usize>,
    /// Direction: odd runs right to left.
    pub level: u8,
    /// Whether a line may start here.
    pub break_before: bool,
    pub is_space: bool,
}

/// A stretch of text, shaped; clusters in reading order.
#[derive(Default)]
pub(super) struct Shaped {
    pub clusters: Vec<Cluster>,
    pub glyphs: Vec<ShapedGlyph>,
    /// Direction of the whole.
    pub level: u8,
}

/// Shapes stretches of one document.
pub(super) struct TextShaper<'a> {
    characters: &'a Characters,
    fonts: &'a FontBook,
    glyphs: &'a TemplateGlyphs,
    analyzer: Analyzer,
    analysis: Analysis,
    shaper: Shaper,
    shaped: ShapedText,
    found: Found,
}

/// Fonts found for characters the chosen font lacks.
#[derive(Default)]
struct Found {
    fallbacks: HashMap<(char, u16), Option<Arc<Face>>>,
    by_data: HashMap<(u64, u32), Arc<Face>>,
    borrowed: BTreeSet<(String, String)>,
    nowhere: BTreeSet<char>,
}

impl<'a> TextShaper<'a> {
    pub fn new(characters: &'a Characters, fonts: &'a FontBook, glyphs: &'a TemplateGlyphs) -> Self {
        Self {
            characters,
            fonts,
            glyphs,
            analyzer: Analyzer::new(),
            analysis: Analysis::new(),
            shaper: Shaper::default(),
            shaped: ShapedText::new(),
            found: Found::default(),
        }
    }

    /// Reports the characters that came from other fonts.
    pub fn report(self, warnings: &mut Vec<(Kind, String)>) {
        for (font, by) in self.found.borrowed {
            let message = format!("font `{font}` lacks some characters; `{by}` is used for them");
            warnings.push((Kind::Missing, message));
        }
        if !self.found.nowhere.is_empty() {
            let list: Vec<String> = self.found.nowhere.iter().take(16).map(|c| format!("`{c}`")).collect();
            let rest = self.found.nowhere.len() - list.len();
            let more = if rest > 0 {
                format!(" and {rest} more")
            } else {
                String::new()
            };
            let message = format!("no font has the characters {}{more}", list.join(", "));
            warnings.push((Kind::Missing, message));
        }
    }

    /// Shapes characters that stand in one line as long as it need not be broken.
    pub fn shape(&mut self, range: Range<usize>, direction: BaseDirection) -> Shaped {
        let characters = self.characters;
        let list = &characters.list[range.clone()];
        let mut out = Shaped::default();
        let text: String = list.iter().map(|c| c.shown).collect();
        let options = AnalysisOptions {
            base_direction: direction,
            ..AnalysisOptions::default()
        };
        self.analyzer.analyze(&text, &options, &mut self.analysis);
        out.level = self.analysis.paragraph_level().to_u8();
        if list.is_empty() {
            return out;
        }
        let is_template = |c: &Character| matches!(*characters.looks[c.look as usize].font, LookFont::Template);
        let has_font = list
            .iter()
            .any(|c| matches!(*characters.looks[c.look as usize].font, LookFont::Face(_)));
        if !has_font || list.iter().all(is_template) {
            for (i, &c) in list.iter().enumerate() {
                self.push_carried(&mut out, range.start, i, c);
            }
            return out;
        }
        self.run_shaper(&text, list);
        let shaped = std::mem::take(&mut self.shaped);
        for (r, run) in shaped.runs().iter().enumerate() {
            let slice = shaped.run_slice(r as u32);
            let font = &shaped.fonts()[run.font_index];
            let face = self.found.by_data.get(&(font.font.data.id(), font.font.index));
            let loaded = face.and_then(|face| face.loaded());
            let coords = &shaped.normalized_coords()[run.normalized_coords_range.clone()];
            for index in slice.shaped_clusters_range() {
                let cluster = shaped.shaped_clusters()[index as usize];
                let chars = cluster.chars_range();
                let chars = chars.start as usize..chars.end as usize;
                let Some(&first) = list.get(chars.start) else { continue };
                let look = &characters.looks[first.look as usize];
                let LookFont::Face(chosen) = &*look.font else {
                    for (i, &c) in list.iter().enumerate().take(chars.end).skip(chars.start) {
                        self.push_carried(&mut out, range.start, i, c);
                    }
                    continue;
                };
                let own = face.is_some_and(|face| Arc::ptr_eq(face, &chosen.face));
                let glyphs_start = out.glyphs.len();
                let mut x = 0.0;
                for glyph in slice.shaped_cluster_glyphs(index) {
                    let em = |v: f32| f64::from(v) / f64::from(SHAPE_SIZE);
                    if let Some(loaded) = loaded {
                        out.glyphs.push(ShapedGlyph {
                            outline: loaded.outline(glyph.id, coords),
                            to_em: 1.0 / loaded.units_per_em,
                            x: x + em(glyph.x),
                            y: -em(glyph.y),
                            embolden: own && chosen.embolden,
                            slant: own && chosen.slant,
                        });
                    }
                    x += em(glyph.advance);
                }
                out.clusters.push(Cluster {
                    characters: range.start + chars.start..range.start + chars.end,
                    look: first.look,
                    advance: f64::from(cluster.advance) / f64::from(SHAPE_SIZE),
                    glyphs: glyphs_start..out.glyphs.len(),
                    level: run.bidi_level.to_u8(),
                    break_before: cluster.is_soft_wrap_opportunity_before(),
                    is_space: first.shown.is_whitespace() && !matches!(first.shown, '\u{A0}' | '\u{202F}'),
                });
            }
        }
        self.shaped = shaped;
        out
    }

    fn run_shaper(&mut self, text: &str, list: &[Character]) {
        let looks = &self.characters.looks;
        // Ligatures that a script cannot be written without are other features and stay on. Kerning comes last, so
        // that a slice without it serves where kerning is on.
        let off = [b"liga", b"clig", b"kern"].map(|tag| FontFeature::new(Tag::new(tag), 0));
        let variations: HashMap<u16, Vec<FontVariation>> = list
            .chunk_by(|a, b| a.look == b.look)
            .filter_map(|chunk| match &*looks[chunk[0].look as usize].font {
                LookFont::Face(chosen) => {
                    let settings = chosen.face.info.variations.iter();
                    let settings = settings.map(|&(tag, v)| FontVariation::new(Tag::from_bytes(tag), v));
                    Some((chunk[0].look, settings.collect()))
                }
                _ => None,
            })
            .collect();
        let mut end = 0;
        let items = list.chunk_by(|a, b| a.look == b.look).map(|chunk| {
            end += chunk.len() as u32;
            let look = &looks[chunk[0].look as usize];
            Item {
                char_end: end,
                options: ShapeOptions {
                    font_size: SHAPE_SIZE,
                    language: None,
                    features: match (look.ligatures, look.kerning) {
                        (true, true) => &[],
                        (true, false) => &off[2..],
                        (false, true) => &off[..2],
                        (false, false) => &off,
                    },
                    variations: variations.get(&chunk[0].look).map_or(&[], Vec::as_slice),
                },
            }
        });
        let style_indices: Vec<u16> = list.iter().map(|c| c.look).collect();
        let default = list.iter().find_map(|c| match &*looks[c.look as usize].font {
            LookFont::Face(_) => Some(c.look),
            _ => None,
        });
        let selector = Selector {
            characters: self.characters,
            fonts: self.fonts,
            found: &mut self.found,
            default: default.unwrap_or(0),
        };
        self.shaper
            .shape_text(text, &self.analysis, &style_indices, items, selector, &mut self.shaped);
    }

    /// A character from the template's own glyphs, or an empty place where there is no font at all.
    fn push_carried(&self, out: &mut Shaped, start: usize, i: usize, c: Character) {
        let look = &self.characters.looks[c.look as usize];
        let style = &self.characters.styles[look.style];
        let carried = match *look.font {
            LookFont::Template => self.glyphs.font(style).and_then(|font| font.get(&c.shown)),
            _ => None,
        };
        let info = &self.analysis.char_info()[i];
        let level = self
            .analysis
            .bidi_levels()
            .get(i)
            .map_or(out.level, |level| level.to_u8());
        let is_space = c.shown.is_whitespace();
        let glyphs_start = out.glyphs.len();
        let advance = match carried {
            Some(glyph) => glyph.advance,
            // Exports leave out the space where no other text uses it.
            None if is_space => 0.25,
            None => 0.0,
        };
        if let Some(glyph) = carried {
            out.glyphs.push(ShapedGlyph {
                outline: glyph.outline.clone(),
                to_em: 1.0,
                x: 0.0,
                y: 0.0,
                embolden: false,
                slant: false,
            });
        }
        out.clusters.push(Cluster {
            characters: start + i..start + i + 1,
            look: c.look,
            advance,
            glyphs: glyphs_start..out.glyphs.len(),
            level,
            break_before: info.is_soft_wrap_opportunity(),
            is_space,
        });
    }
}

/// Characters that only steer other ones: no font needs a glyph for them.
pub(super) fn is_ignorable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{E0000}'..='\u{E0FFF}')
}

struct Selector<'a> {
    characters: &'a Characters,
    fonts: &'a FontBook,
    found: &'a mut Found,
    /// A look with a face, for characters whose own look has none.
    default: u16,
}

impl FontSelector for Selector<'_> {
    fn select_font(
        &mut self,
        _segment: &Segment,
        _options: &ShapeOptions<'_>,
        cluster: &mut CharCluster,
    ) -> Option<FontInstanceRef<'_>> {
        let looks = &self.characters.looks;
        let own = cluster.style_index();
        let look = match *looks.get(own as usize)?.font {
            LookFont::Face(_) => own,
            _ => self.default,
        };
        let LookFont::Face(chosen) = &*looks[look as usize].font else {
            return None;
        };
        let wanted = || cluster.chars().iter().map(|c| c.ch).filter(|&c| !is_ignorable(c));
        let mut face = &chosen.face;
        let missing = face.loaded().and_then(|loaded| wanted().find(|&c| !loaded.has(c)));
        if let Some(c) = missing.filter(|c| look == own && !c.is_whitespace()) {
            let fonts = self.fonts;
            let fallback = self
                .found
                .fallbacks
                .entry((c, own))
                .or_insert_with(|| fonts.fallback(c, chosen.wanted));
            match fallback {
                Some(other) if other.loaded().is_some() => {
                    let name = |face: &Face| face.info.post_script_name.clone();
                    self.found.borrowed.insert((name(face), name(other)));
                    face = other;
                }
                _ => {
                    self.found.nowhere.insert(c);
                }
            }
        }
        let loaded = face.loaded()?;
        let font = &loaded.instance.font;
        self.found
            .by_data
            .entry((font.data.id(), font.index))
            .or_insert_with(|| face.clone());
        Some(loaded.instance.as_ref())
    }
}
