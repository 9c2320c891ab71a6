//! A text document taken apart: paragraphs, lines the designer forced, characters with their looks.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use filmpress_composition::{Caps, CharacterStyle, Kind, ParagraphStyle, TextDocument};

use super::font_book::{Chosen, FontBook};
use super::template_glyphs::TemplateGlyphs;

/// Characters of a text that are set; the rest is cut and reported.
const MAX_CHARACTERS: usize = 50_000;

/// Looks (runs, twice for small capitals) of a text; later runs take the last one's.
const MAX_RUNS: usize = 10_000;

/// Size of a small capital's letter relative to a capital's.
const SMALL_CAPITAL: f64 = 0.7;

/// Where a look's outlines come from.
pub(super) enum LookFont {
    /// Glyphs in the template.
    Template,
    /// A font file.
    Face(Chosen),
    /// Nowhere.
    None,
}

/// A look as it is set: one run's style, at full or at small capital size.
pub(super) struct Look {
    /// Which style of [`Characters::styles`].
    pub style: usize,
    /// Pixels per em; at least 0.
    pub size: f64,
    /// Extra advance after each character, pixels before horizontal scale.
    pub tracking: f64,
    pub kerning: bool,
    /// Letters set apart by tracking are never joined.
    pub ligatures: bool,
    pub font: Arc<LookFont>,
}

/// A character to set.
#[derive(Clone, Copy)]
pub(super) struct Character {
    /// What is shown (capitals for all caps).
    pub shown: char,
    /// Its place in the document's text.
    pub source: usize,
    /// Which of [`Characters::looks`].
    pub look: u16,
}

/// A stretch of a paragraph up to a forced line break or the paragraph's end.
pub(super) struct Stretch {
    pub characters: Range<usize>,
    /// The look of the break after it: what an empty line is as high as.
    pub end_look: u16,
    /// The setting of its paragraph.
    pub paragraph: ParagraphStyle,
    pub starts_paragraph: bool,
    pub ends_paragraph: bool,
}

/// A document taken apart.
#[derive(Default)]
pub(super) struct Characters {
    pub list: Vec<Character>,
    pub looks: Vec<Look>,
    pub styles: Vec<CharacterStyle>,
    pub stretches: Vec<Stretch>,
}

impl Characters {
    pub fn new(
        document: &TextDocument,
        fonts: &FontBook,
        glyphs: &TemplateGlyphs,
        warnings: &mut Vec<(Kind, String)>,
    ) -> Self {
        let mut all = Self::default();
        let runs = &document.runs[..document.runs.len().min(MAX_RUNS)];
        all.styles = runs.iter().map(|run| run.style.clone()).collect();
        if all.styles.is_empty() {
            all.styles.push(CharacterStyle::default());
        }
        // Characters each style sets, to know whether the template has glyphs for all of them.
        let mut run = Cursor::new(runs.iter().map(|run| run.length));
        let text: Vec<(char, usize)> = document
            .text
            .chars()
            .take(MAX_CHARACTERS)
            .map(|c| (c, run.next()))
            .collect();
        if document.text.chars().nth(MAX_CHARACTERS).is_some() {
            let message = format!("only the first {MAX_CHARACTERS} characters are set");
            warnings.push((Kind::Limit, message));
        }
        let fonts = look_fonts(&all.styles, &text, fonts, glyphs, warnings);
        for (i, style) in all.styles.iter().enumerate() {
            let size = if style.size.is_finite() {
                style.size.max(0.0)
            } else {
                0.0
            };
            for size in [size, size * SMALL_CAPITAL] {
                let tracking = finite(style.tracking) / 1000.0 * size;
                all.looks.push(Look {
                    style: i,
                    size,
                    tracking,
                    kerning: style.kerning,
                    ligatures: style.ligatures && tracking == 0.0,
                    font: fonts[i].clone(),
                });
            }
        }
        all.take_apart(document, &text);
        all
    }

    fn take_apart(&mut self, document: &TextDocument, text: &[(char, usize)]) {
        let mut paragraphs = Cursor::new(document.paragraphs.iter().map(|p| p.length));
        let setting = |i: usize| document.paragraphs.get(i).map(|p| p.style.clone()).unwrap_or_default();
        let mut start = 0;
        let mut starts_paragraph = true;
        let mut paragraph = None;
        for (source, &(c, run)) in text.iter().enumerate() {
            let here = paragraphs.next();
            let look = (run * 2) as u16;
            let ends_paragraph = matches!(c, '\r' | '\n' | '\u{2029}');
            if ends_paragraph || matches!(c, '\u{3}' | '\u{B}' | '\u{2028}') {
                self.stretches.push(Stretch {
                    characters: start..self.list.len(),
                    end_look: look,
                    paragraph: setting(paragraph.unwrap_or(here)),
                    starts_paragraph,
                    ends_paragraph,
                });
                start = self.list.len();
                starts_paragraph = ends_paragraph;
                paragraph = if ends_paragraph {
                    None
                } else {
                    Some(paragraph.unwrap_or(here))
                };
                continue;
            }
            paragraph.get_or_insert(here);
            if c == '\t' {
                self.push(' ', source, look);
            } else if !c.is_control() {
                self.push_cased(c, source, run);
            }
        }
        let end_look = text.last().map_or(0, |&(_, run)| (run * 2) as u16);
        let last = document.paragraphs.len().saturating_sub(1);
        self.stretches.push(Stretch {
            characters: start..self.list.len(),
            end_look,
            paragraph: setting(paragraph.unwrap_or_else(|| paragraphs.next().min(last))),
            starts_paragraph,
            ends_paragraph: true,
        });
    }

    fn push(&mut self, shown: char, source: usize, look: u16) {
        self.list.push(Character { shown, source, look });
    }

    fn push_cased(&mut self, c: char, source: usize, run: usize) {
        let look = (run * 2) as u16;
        let caps = self.styles.get(run).map_or(Caps::Normal, |style| style.caps);
        let is_small = caps == Caps::Small && !c.to_uppercase().eq([c]);
        match caps {
            Caps::Normal => self.push(c, source, look),
            Caps::All | Caps::Small => {
                for upper in c.to_uppercase() {
                    self.push(upper, source, look + u16::from(is_small));
                }
            }
        }
    }
}

pub(super) fn finite(x: f64) -> f64 {
    if x.is_finite() { x } else { 0.0 }
}

/// Walks runs of lengths: for each character the run it is in; the last run covers what is left over.
struct Cursor {
    lengths: Vec<usize>,
    run: usize,
    used: usize,
}

impl Cursor {
    fn new(lengths: impl Iterator<Item = usize>) -> Self {
        Self {
            lengths: lengths.collect(),
            run: 0,
            used: 0,
        }
    }

    fn next(&mut self) -> usize {
        while self.run + 1 < self.lengths.len() && self.used >= self.lengths[self.run] {
            self.run += 1;
            self.used = 0;
        }
        self.used += 1;
        self.run
    }
}

/// A font for each style, reported where it is not the one asked for.
fn look_fonts(
    styles: &[CharacterStyle],
    text: &[(char, usize)],
    fonts: &FontBook,
    glyphs: &TemplateGlyphs,
    warnings: &mut Vec<(Kind, String)>,
) -> Vec<Arc<LookFont>> {
    // The same font in several runs must come from one place, or half a word would change its drawing.
    let key = |style: &CharacterStyle| (style.font.clone(), style.font_family.clone(), style.font_style.clone());
    let mut lacking: HashMap<_, Option<char>> = HashMap::new();
    for style in styles {
        lacking.entry(key(style)).or_default();
    }
    let carried: Vec<_> = styles.iter().map(|style| glyphs.font(style)).collect();
    for &(c, run) in text {
        let (Some(font), Some(style)) = (carried.get(run).copied().flatten(), styles.get(run)) else {
            continue;
        };
        let shown = |c: char| font.contains_key(&c) || c.is_control() || c.is_whitespace();
        let cased = match style.caps {
            Caps::Normal => shown(c),
            Caps::All | Caps::Small => c.to_uppercase().all(shown),
        };
        if !cased {
            lacking.entry(key(style)).or_default().get_or_insert(c);
        }
    }
    let mut used = vec![false; styles.len()];
    for &(c, run) in text {
        if let (Some(used), false) = (used.get_mut(run), c.is_control()) {
            *used = true;
        }
    }
    let mut done: HashMap<_, Arc<LookFont>> = HashMap::new();
    let mut ignored = Vec::new();
    let mut look_font = |style: &CharacterStyle, carried: bool, used: bool| {
        // What no character is set in need not be there.
        let warnings = if used { &mut *warnings } else { &mut ignored };
        let key = key(style);
        if let Some(font) = done.get(&key) {
            return font.clone();
        }
        let asked = if style.font.is_empty() {
            format!("{} {}", style.font_family, style.font_style).trim().to_owned()
        } else {
            style.font.clone()
        };
        let lacks = lacking.get(&key).copied().flatten();
        let font = if carried && lacks.is_none() {
            LookFont::Template
        } else {
            let why = match lacks {
                Some(c) => format!(" (the template carries outlines of it, but not of `{c}`)"),
                None => String::new(),
            };
            if let Some(chosen) = fonts.choose(style) {
                if !chosen.exact {
                    let by = &chosen.face.info.post_script_name;
                    let message = format!("font `{asked}` is not there; `{by}` is used instead{why}");
                    warnings.push((Kind::Missing, message));
                }
                LookFont::Face(chosen)
            } else {
                let message = format!("font `{asked}` is not there, nor any other font; its text is not drawn{why}");
                warnings.push((Kind::Missing, message));
                if carried { LookFont::Template } else { LookFont::None }
            }
        };
        let font = Arc::new(font);
        if used {
            done.insert(key, font.clone());
        }
        font
    };
    let fonts = styles.iter().zip(carried).zip(used);
    fonts
        .map(|((style, carried), used)| look_font(style, carried.is_some(), used))
        .collect()
}
