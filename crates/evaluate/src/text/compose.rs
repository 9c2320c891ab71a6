//! Clusters to lines: breaking, leading, justification, directions; the way After Effects' text engine sets them.

use std::ops::Range;

use filmpress_composition::{BoxAlignment, CharacterStyle, Justification, Kind, TextBox, TextDocument};
use kurbo::{Affine, Point};
use parlance::BaseDirection;

use super::characters::{Characters, LookFont, Stretch, finite};
use super::font_book::FontBook;
use super::layout::{Counts, Line, PlacedGlyph, TextLayout};
use super::shape::{Cluster, Shaped, TextShaper};
use super::template_glyphs::TemplateGlyphs;

/// Slant of faux italic: the tangent of 12 degrees.
const FAUX_ITALIC: f64 = 0.212_556_561_670_022;

/// Width of the stroke that makes faux bold, in em.
const FAUX_BOLD: f64 = 1.0 / 24.0;

/// Height of `d` in em where no font tells: that of Helvetica.
const USUAL_ASCENT: f64 = 0.719;

/// Sets a document in lines. Warnings come without a place.
pub(super) fn compose(
    document: &TextDocument,
    fonts: &FontBook,
    glyphs: &TemplateGlyphs,
    warnings: &mut Vec<(Kind, String)>,
) -> TextLayout {
    let characters = Characters::new(document, fonts, glyphs, warnings);
    let mut composer = Composer {
        characters: &characters,
        frame: document.frame.map(usable),
        shaper: TextShaper::new(&characters, fonts, glyphs),
        layout: TextLayout {
            styles: characters.styles.clone(),
            ..TextLayout::default()
        },
        baseline: 0.0,
        space_after: 0.0,
        word: 0,
        unspaced: 0,
        after_space: false,
        descents: Vec::new(),
    };
    for stretch in &characters.stretches {
        composer.stretch(stretch);
    }
    composer.layout.counts = Counts {
        characters: characters.list.len(),
        characters_without_spaces: composer.unspaced,
        words: composer.layout.glyphs.last().map_or(0, |glyph| glyph.word + 1),
        lines: composer.layout.lines.len(),
    };
    composer.fit_frame(warnings);
    let Composer { shaper, layout, .. } = composer;
    shaper.report(warnings);
    layout
}

fn usable(frame: TextBox) -> TextBox {
    TextBox {
        left: finite(frame.left),
        top: finite(frame.top),
        width: finite(frame.width).max(0.0),
        height: finite(frame.height).max(0.0),
        ..frame
    }
}

struct Composer<'a> {
    characters: &'a Characters,
    frame: Option<TextBox>,
    shaper: TextShaper<'a>,
    layout: TextLayout,
    baseline: f64,
    space_after: f64,
    word: usize,
    /// Characters so far that are no spaces.
    unspaced: usize,
    after_space: bool,
    /// Depth below the baseline of each line, pixels.
    descents: Vec<f64>,
}

impl Composer<'_> {
    fn stretch(&mut self, stretch: &Stretch) {
        // Lottie files do not tell a paragraph's direction: the first strong character does.
        let direction = if stretch.paragraph.right_to_left {
            BaseDirection::Rtl
        } else {
            BaseDirection::Auto
        };
        let shaped = self.shaper.shape(stretch.characters.clone(), direction);
        let setting = &stretch.paragraph;
        let (start_indent, end_indent) = (finite(setting.start_indent), finite(setting.end_indent));
        let mut from = 0;
        let mut first = true;
        loop {
            let indent = start_indent
                + if first && stretch.starts_paragraph {
                    finite(setting.first_line_indent)
                } else {
                    0.0
                };
            let room = self.frame.map(|frame| (frame.width - indent - end_indent).max(0.0));
            let to = match room {
                Some(room) => self.line_end(&shaped, from, room),
                None => shaped.clusters.len(),
            };
            let is_last = to == shaped.clusters.len();
            let paragraph_start = first && stretch.starts_paragraph;
            self.advance_baseline(stretch, &shaped.clusters[from..to], paragraph_start);
            self.line(stretch, &shaped, from..to, indent, end_indent, is_last);
            if is_last {
                break;
            }
            from = to;
            first = false;
        }
        self.space_after = if stretch.ends_paragraph {
            finite(setting.space_after)
        } else {
            0.0
        };
        self.after_space = true;
    }

    fn style(&self, look: u16) -> &CharacterStyle {
        &self.characters.styles[self.characters.looks[look as usize].style]
    }

    /// Advance of a cluster in pixels, tracking included.
    fn advance(&self, cluster: &Cluster) -> f64 {
        let look = &self.characters.looks[cluster.look as usize];
        let scale = finite(self.style(cluster.look).horizontal_scale);
        (cluster.advance * look.size + look.tracking) * scale
    }

    /// Where the line that starts at cluster `from` ends: after the last word that fits, spaces may stand out; inside
    /// a word only when it is alone too wide.
    fn line_end(&self, shaped: &Shaped, from: usize, room: f64) -> usize {
        let clusters = &shaped.clusters;
        let mut x = 0.0;
        let mut last_break = None;
        for (i, cluster) in clusters.iter().enumerate().skip(from) {
            if cluster.break_before && i > from {
                last_break = Some(i);
            }
            x += self.advance(cluster);
            // The tracking after a character may stand out: nothing shows there.
            let look = &self.characters.looks[cluster.look as usize];
            let shows = x - look.tracking * finite(self.style(cluster.look).horizontal_scale);
            if !cluster.is_space && shows > room + 1e-6 && i > from {
                return last_break.unwrap_or(i);
            }
        }
        clusters.len()
    }

    fn advance_baseline(&mut self, stretch: &Stretch, clusters: &[Cluster], paragraph_start: bool) {
        let looks = clusters.iter().map(|c| c.look);
        let looks = looks.chain(clusters.is_empty().then_some(stretch.end_look));
        let (mut leading, mut ascent, mut descent) = (0.0f64, 0.0f64, 0.0f64);
        let mut previous = None;
        for index in looks {
            if previous == Some(index) {
                continue;
            }
            previous = Some(index);
            let style = self.style(index);
            let size = finite(style.size).max(0.0);
            let automatic = size * finite(stretch.paragraph.auto_leading);
            leading = leading.max(style.leading.map_or(automatic, finite));
            let (up, down) = match &*self.characters.looks[index as usize].font {
                LookFont::Face(chosen) => chosen
                    .face
                    .loaded()
                    .map_or((USUAL_ASCENT, 0.2), |face| (face.ascent, face.descent)),
                LookFont::Template | LookFont::None => (USUAL_ASCENT, 0.2),
            };
            let up = style.ascent.map_or(up, finite);
            let scale = size * finite(style.vertical_scale);
            ascent = ascent.max(up * scale);
            descent = descent.max(down * scale);
        }
        if self.layout.lines.is_empty() {
            self.baseline = self.frame.map_or(0.0, |frame| frame.top + ascent);
        } else {
            self.baseline += leading;
            if paragraph_start {
                self.baseline += self.space_after + finite(stretch.paragraph.space_before);
            }
        }
        self.descents.push(descent);
    }

    fn line(
        &mut self,
        stretch: &Stretch,
        shaped: &Shaped,
        range: Range<usize>,
        indent: f64,
        end_indent: f64,
        is_last: bool,
    ) {
        let clusters = &shaped.clusters[range];
        let trailing = clusters.iter().rev().take_while(|c| c.is_space).count();
        let visible = &clusters[..clusters.len() - trailing];
        let mut width: f64 = visible.iter().map(|c| self.advance(c)).sum();
        let spaces = visible.iter().filter(|c| c.is_space).count();

        let mut per_space = 0.0;
        let mut justification = stretch.paragraph.justification;
        if let Some(frame) = self.frame {
            let gap = frame.width - indent - end_indent - width;
            let full = match justification {
                Justification::Full => true,
                Justification::FullLastLeft | Justification::FullLastRight | Justification::FullLastCenter => !is_last,
                _ => false,
            };
            if full && spaces > 0 && gap > 0.0 {
                per_space = gap / spaces as f64;
                width += gap;
                justification = Justification::Left;
            }
        }
        let (area_left, area_right) = match self.frame {
            Some(frame) => (frame.left + indent, frame.left + frame.width - end_indent),
            None => (indent, -end_indent),
        };
        let left = match justification {
            Justification::Left | Justification::Full | Justification::FullLastLeft => area_left,
            Justification::Right | Justification::FullLastRight => area_right - width,
            Justification::Center | Justification::FullLastCenter => match self.frame {
                Some(_) => (area_left + area_right - width) / 2.0,
                None => (indent - end_indent - width) / 2.0,
            },
        };
        let alignment = match justification {
            Justification::Center | Justification::FullLastCenter => 0.5,
            Justification::Right | Justification::FullLastRight => 1.0,
            _ => 0.0,
        };
        let starts = self.visual_starts(shaped, clusters, visible.len(), left, per_space);

        let line = self.layout.lines.len();
        let source = |i: usize| self.characters.list.get(i).map(|c| c.source);
        let first = clusters.first().map(|c| c.characters.start);
        let last = clusters.last().map(|c| c.characters.end - 1);
        let covered = match (first.and_then(source), last.and_then(source)) {
            (Some(a), Some(b)) => a..b + 1,
            _ => 0..0,
        };
        for (i, cluster) in clusters.iter().enumerate() {
            if cluster.is_space {
                self.after_space = true;
            } else if self.after_space {
                self.after_space = false;
                self.word += usize::from(!self.layout.glyphs.is_empty());
            }
            self.place(shaped, cluster, starts[i], line);
            if !cluster.is_space {
                self.unspaced += cluster.characters.len();
            }
        }
        self.layout.lines.push(Line {
            left,
            baseline: self.baseline,
            width,
            characters: covered,
            alignment,
        });
    }

    /// Where each cluster of a line starts, after the runs of either direction were put in order (rule L2 of the
    /// Unicode bidirectional algorithm).
    fn visual_starts(
        &self,
        shaped: &Shaped,
        clusters: &[Cluster],
        visible: usize,
        left: f64,
        per_space: f64,
    ) -> Vec<f64> {
        // Spaces at the end take the paragraph's direction and stand beyond the line's end.
        let level = |i: usize| if i < visible { clusters[i].level } else { shaped.level };
        let mut order: Vec<usize> = (0..clusters.len()).collect();
        let highest = (0..clusters.len()).map(level).max().unwrap_or(0);
        if highest > 0 {
            for at in (1..=highest).rev() {
                let mut i = 0;
                while i < order.len() {
                    let mut end = i;
                    while end < order.len() && level(order[end]) >= at {
                        end += 1;
                    }
                    order[i..end].reverse();
                    i = end.max(i) + 1;
                }
            }
        }
        let mut starts = vec![0.0; clusters.len()];
        let hanging: f64 = clusters[visible..].iter().map(|c| self.advance(c)).sum();
        let mut x = if shaped.level % 2 == 1 { left - hanging } else { left };
        for i in order {
            starts[i] = x;
            x += self.advance(&clusters[i]);
            if clusters[i].is_space && i < visible {
                x += per_space;
            }
        }
        starts
    }

    fn place(&mut self, shaped: &Shaped, cluster: &Cluster, x: f64, line: usize) {
        let look = &self.characters.looks[cluster.look as usize];
        let style = self.style(cluster.look);
        let (sx, sy) = (finite(style.horizontal_scale), finite(style.vertical_scale));
        let advance = self.advance(cluster);
        let baseline = self.baseline - finite(style.baseline_shift);
        let list = &self.characters.list;
        let from = list.get(cluster.characters.start).map_or(0, |c| c.source);
        let to = list.get(cluster.characters.end - 1).map_or(from, |c| c.source) + 1;
        let (size, style_index, faux_italic, faux_bold) = (look.size, look.style, style.faux_italic, style.faux_bold);
        for glyph in &shaped.glyphs[cluster.glyphs.clone()] {
            let scale = size * glyph.to_em;
            let slant = if glyph.slant || faux_italic { FAUX_ITALIC } else { 0.0 };
            let at = Point::new(x + glyph.x * size * sx, baseline + glyph.y * size * sy);
            self.layout.glyphs.push(PlacedGlyph {
                outline: glyph.outline.clone(),
                transform: Affine::new([scale * sx, 0.0, -slant * scale * sx, scale * sy, at.x, at.y]),
                origin: Point::new(x, baseline),
                advance,
                characters: from..to,
                index: cluster.characters.start,
                index_without_spaces: self.unspaced,
                word: self.word,
                line,
                style: style_index,
                embolden: if glyph.embolden || faux_bold {
                    size * FAUX_BOLD
                } else {
                    0.0
                },
            });
        }
    }

    /// Lines that do not fit into the box are not shown; what is shown goes to its place in the box.
    fn fit_frame(&mut self, warnings: &mut Vec<(Kind, String)>) {
        let Some(frame) = self.frame else { return };
        let bottom = frame.top + frame.height;
        let fitting = self
            .layout
            .lines
            .iter()
            .take_while(|line| line.baseline <= bottom + 0.01)
            .count();
        if fitting < self.layout.lines.len() {
            self.layout.lines.truncate(fitting);
            self.layout.glyphs.retain(|glyph| glyph.line < fitting);
            let message = "text does not fit its box; the lines that stand out are not shown";
            warnings.push((Kind::Limit, message.to_owned()));
        }
        let Some(last) = self.layout.lines.last() else { return };
        let free = bottom - last.baseline - self.descents.get(fitting - 1).copied().unwrap_or(0.0);
        let by = match frame.alignment {
            BoxAlignment::Top | BoxAlignment::Justify => return,
            BoxAlignment::Center => free / 2.0,
            BoxAlignment::Bottom => free,
        };
        for line in &mut self.layout.lines {
            line.baseline += by;
        }
        for glyph in &mut self.layout.glyphs {
            glyph.origin.y += by;
            glyph.transform = glyph.transform.then_translate((0.0, by).into());
        }
    }
}
