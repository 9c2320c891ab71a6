//! Text animators at one time: characters moved, turned, scaled, coloured and spread, each by its share.

use std::borrow::Cow;
use std::collections::HashMap;

use filmpress_composition::CharacterStyle;
use kurbo::{Affine, Vec2};

use super::characters::finite;
use super::layout::{PlacedGlyph, TextLayout};
use super::nodes::animated_nodes;
use super::range_selector::{BasedOn, RangeSelector, SelectorMode, combine};
use super::wiggly_selector::WigglySelector;
use crate::frame::Node;

/// A text animator at one time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Animator {
    /// Which characters get how much; none: all get all.
    pub selectors: Vec<Selector>,
    /// What they get.
    pub properties: AnimatorProperties,
}

/// What says how much of an animator each character gets.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum Selector {
    Range(RangeSelector),
    Wiggly(WigglySelector),
}

impl Selector {
    fn based_on(&self) -> BasedOn {
        match self {
            Self::Range(range) => range.based_on,
            Self::Wiggly(wiggly) => wiggly.based_on,
        }
    }

    fn mode(&self) -> SelectorMode {
        match self {
            Self::Range(range) => range.mode,
            Self::Wiggly(wiggly) => wiggly.mode,
        }
    }

    fn amounts(&self, total: usize) -> Vec<Share> {
        match self {
            Self::Range(range) => range.amounts(total).into_iter().map(|amount| [amount; 2]).collect(),
            Self::Wiggly(wiggly) => wiggly.amounts(total),
        }
    }
}

/// How much a character gets, -1..1, in the first and in the second dimension of what has two.
type Share = [f64; 2];

/// What an animator does to a character that gets all of it. What is `None` it leaves alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnimatorProperties {
    /// Anchor point, pixels.
    pub anchor: Option<[f64; 2]>,
    /// Position, pixels.
    pub position: Option<[f64; 2]>,
    /// Scale, 1 = 100 %.
    pub scale: Option<[f64; 2]>,
    /// Skew, degrees.
    pub skew: Option<f64>,
    /// Skew axis, degrees.
    pub skew_axis: Option<f64>,
    /// Rotation, degrees clockwise.
    pub rotation: Option<f64>,
    /// 0..1.
    pub opacity: Option<f64>,
    /// Straight RGBA 0..1.
    pub fill: Option<[f64; 4]>,
    /// 0..1.
    pub fill_opacity: Option<f64>,
    /// Straight RGBA 0..1.
    pub stroke: Option<[f64; 4]>,
    /// 0..1.
    pub stroke_opacity: Option<f64>,
    /// Added to the stroke's width, pixels.
    pub stroke_width: Option<f64>,
    /// Added between characters, pixels.
    pub tracking: Option<f64>,
    /// Added between lines, pixels.
    pub line_spacing: Option<[f64; 2]>,
}

/// What characters turn and scale around together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum AnchorGrouping {
    #[default]
    Character,
    Word,
    Line,
    All,
}

/// The `More Options` of a text layer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MoreOptions {
    /// What turns together.
    pub grouping: AnchorGrouping,
    /// Where in it the anchor lies off the middle of the baseline, percent.
    pub alignment: [f64; 2],
}

/// A glyph as the animators leave it.
pub(super) struct AnimatedGlyph<'a> {
    pub glyph: &'a PlacedGlyph,
    /// Applied after the glyph's own transform.
    pub transform: Affine,
    pub opacity: f64,
    pub style: Cow<'a, CharacterStyle>,
}

/// Height of a character that an alignment of 100 % lifts the anchor by, in em.
const ALIGNED_HEIGHT: f64 = 0.714;

/// What the text looks like under animators, bottom first. `placements` takes each glyph from its line to where the
/// line goes (a path, say) after the animators moved it; empty: lines are where they are.
pub fn animate(layout: &TextLayout, animators: &[Animator], options: MoreOptions, placements: &[Affine]) -> Vec<Node> {
    let default = CharacterStyle::default();
    let style = |glyph: &PlacedGlyph| layout.styles.get(glyph.style).unwrap_or(&default);
    let shares: Vec<Vec<Share>> = animators.iter().map(|animator| shares(layout, animator)).collect();
    let spread = spread(layout, animators, &shares);
    let groups = Groups::new(layout, options.grouping);
    let glyphs: Vec<AnimatedGlyph> = layout
        .glyphs
        .iter()
        .enumerate()
        .map(|(i, glyph)| {
            let mut state = State::new(style(glyph));
            for (animator, shares) in animators.iter().zip(&shares) {
                if shares[i] != [0.0; 2] {
                    state.apply(&animator.properties, shares[i]);
                }
            }
            let anchor = groups.anchor(i, glyph, style(glyph).size, options.alignment);
            AnimatedGlyph {
                glyph,
                transform: placements.get(i).copied().unwrap_or_default()
                    * Affine::translate(spread[i])
                    * state.transform(anchor),
                opacity: state.opacity.clamp(0.0, 1.0),
                style: state.style,
            }
        })
        .collect();
    animated_nodes(&glyphs)
}

/// How much of an animator each glyph gets.
fn shares(layout: &TextLayout, animator: &Animator) -> Vec<Share> {
    let mut shares: Option<Vec<Share>> = None;
    for selector in &animator.selectors {
        let counts = &layout.counts;
        let total = match selector.based_on() {
            BasedOn::Characters => counts.characters,
            BasedOn::CharactersExcludingSpaces => counts.characters_without_spaces,
            BasedOn::Words => counts.words,
            BasedOn::Lines => counts.lines,
        };
        let amounts = selector.amounts(total);
        let shares = shares.get_or_insert_with(|| vec![[selector.mode().start(); 2]; layout.glyphs.len()]);
        for (share, glyph) in shares.iter_mut().zip(&layout.glyphs) {
            let index = match selector.based_on() {
                BasedOn::Characters => glyph.index,
                BasedOn::CharactersExcludingSpaces => glyph.index_without_spaces,
                BasedOn::Words => glyph.word,
                BasedOn::Lines => glyph.line,
            };
            let amount = amounts.get(index).copied().unwrap_or_default();
            for (share, amount) in share.iter_mut().zip(amount) {
                *share = combine(amount, selector.mode(), *share);
            }
        }
    }
    shares.unwrap_or_else(|| vec![[1.0; 2]; layout.glyphs.len()])
}

/// How far tracking and line spacing push each glyph from where it stands.
fn spread(layout: &TextLayout, animators: &[Animator], shares: &[Vec<Share>]) -> Vec<Vec2> {
    let mut moved = vec![Vec2::ZERO; layout.glyphs.len()];
    let sum = |i: usize, dimension: usize, of: fn(&AnimatorProperties) -> Option<f64>| -> f64 {
        let each = animators.iter().zip(shares);
        each.map(|(animator, shares)| finite(of(&animator.properties).unwrap_or(0.0)) * shares[i][dimension])
            .sum()
    };
    let has = |of: fn(&AnimatorProperties) -> bool| animators.iter().any(|animator| of(&animator.properties));
    if !has(|p| p.tracking.is_some() || p.line_spacing.is_some()) {
        return moved;
    }
    let mut down = Vec2::ZERO;
    let mut start = 0;
    for line in layout.glyphs.chunk_by(|a, b| a.line == b.line) {
        let range = start..start + line.len();
        start = range.end;
        if range.start > 0 {
            down += Vec2::new(
                sum(range.start, 0, |p| p.line_spacing.map(|s| s[0])),
                sum(range.start, 1, |p| p.line_spacing.map(|s| s[1])),
            );
        }
        // Half of a character's tracking goes before it, half after; in the order they stand in, which is not the
        // order they are read in where directions mix.
        let mut order: Vec<usize> = range.clone().collect();
        order.sort_by(|&a, &b| layout.glyphs[a].origin.x.total_cmp(&layout.glyphs[b].origin.x));
        let mut x = 0.0;
        let mut previous = None;
        for i in order {
            // Several glyphs of one character stay together.
            let together = previous.is_some_and(|p: usize| layout.glyphs[p].characters == layout.glyphs[i].characters);
            if together {
                moved[i] = moved[previous.unwrap_or(i)];
            } else {
                let tracking = sum(i, 0, |p| p.tracking);
                moved[i] = Vec2::new(x + tracking / 2.0, 0.0);
                x += tracking;
            }
            previous = Some(i);
        }
        // What is centred stays centred, what ends at the right still does.
        let aligned = line
            .first()
            .map_or(0.0, |glyph| layout.lines.get(glyph.line).map_or(0.0, |l| l.alignment));
        for i in range {
            moved[i] += down - Vec2::new(x * aligned, 0.0);
        }
    }
    moved
}

/// Left and right end of what turns and scales together.
struct Groups {
    grouping: AnchorGrouping,
    ends: HashMap<(usize, usize), (f64, f64)>,
}

impl Groups {
    fn new(layout: &TextLayout, grouping: AnchorGrouping) -> Self {
        let mut groups = Self {
            grouping,
            ends: HashMap::new(),
        };
        for (i, glyph) in layout.glyphs.iter().enumerate() {
            let (left, right) = (glyph.origin.x, glyph.origin.x + glyph.advance);
            let ends = groups.ends.entry(groups.key(i, glyph)).or_insert((left, right));
            *ends = (ends.0.min(left), ends.1.max(right));
        }
        groups
    }

    fn key(&self, i: usize, glyph: &PlacedGlyph) -> (usize, usize) {
        match self.grouping {
            AnchorGrouping::Character => (i, 0),
            AnchorGrouping::Word => (glyph.word, glyph.line),
            AnchorGrouping::Line => (0, glyph.line),
            AnchorGrouping::All => (0, 0),
        }
    }

    /// The point a glyph turns and scales around, in layer space.
    fn anchor(&self, i: usize, glyph: &PlacedGlyph, size: f64, alignment: [f64; 2]) -> Vec2 {
        let (left, right) = self.ends.get(&self.key(i, glyph)).copied().unwrap_or_default();
        let [x, y] = alignment.map(finite);
        Vec2::new(
            f64::midpoint(left, right) + (right - left) * x / 200.0,
            glyph.origin.y + finite(size) * ALIGNED_HEIGHT * y / 100.0,
        )
    }
}

/// What the animators so far made of a character.
struct State<'a> {
    anchor: Vec2,
    position: Vec2,
    scale: [f64; 2],
    skew: f64,
    skew_axis: f64,
    rotation: f64,
    opacity: f64,
    style: Cow<'a, CharacterStyle>,
}

impl<'a> State<'a> {
    fn new(style: &'a CharacterStyle) -> Self {
        Self {
            anchor: Vec2::ZERO,
            position: Vec2::ZERO,
            scale: [1.0; 2],
            skew: 0.0,
            skew_axis: 0.0,
            rotation: 0.0,
            opacity: 1.0,
            style: Cow::Borrowed(style),
        }
    }

    fn apply(&mut self, p: &AnimatorProperties, shares: Share) {
        let [share, second] = shares;
        let vector =
            |v: Option<[f64; 2]>| v.map_or(Vec2::ZERO, |v| Vec2::new(finite(v[0]) * share, finite(v[1]) * second));
        let number = |v: Option<f64>| finite(v.unwrap_or(0.0)) * share;
        self.anchor += vector(p.anchor);
        self.position += vector(p.position);
        if let Some(scale) = p.scale {
            for ((own, by), share) in self.scale.iter_mut().zip(scale).zip(shares) {
                *own *= 1.0 + (finite(by) - 1.0) * share;
            }
        }
        self.skew += number(p.skew);
        self.skew_axis += number(p.skew_axis);
        self.rotation += number(p.rotation);
        let toward = |from: f64, to: f64| from + (finite(to) - from) * share;
        // Of two animators with opacity the later one covers the earlier one by its share (a first one that hides
        // everything and a second one that shows letter after letter is a usual way to write).
        if let Some(opacity) = p.opacity {
            self.opacity = toward(self.opacity, opacity);
        }
        let blend = |from: [f64; 4], to: [f64; 4]| std::array::from_fn(|i| toward(from[i], to[i]).clamp(0.0, 1.0));
        if let Some(to) = p.fill {
            let style = self.style.to_mut();
            // Colour on characters without a fill shows as it comes in.
            let from = style.fill.unwrap_or([to[0], to[1], to[2], 0.0]);
            style.fill = Some(blend(from, to));
        }
        if let Some(to) = p.stroke {
            let style = self.style.to_mut();
            let from = style.stroke.unwrap_or([to[0], to[1], to[2], 0.0]);
            style.stroke = Some(blend(from, to));
        }
        if let (Some(to), Some(fill)) = (p.fill_opacity, self.style.fill) {
            let alpha = (fill[3] * toward(1.0, to)).clamp(0.0, 1.0);
            self.style.to_mut().fill = Some([fill[0], fill[1], fill[2], alpha]);
        }
        if let (Some(to), Some(stroke)) = (p.stroke_opacity, self.style.stroke) {
            let alpha = (stroke[3] * toward(1.0, to)).clamp(0.0, 1.0);
            self.style.to_mut().stroke = Some([stroke[0], stroke[1], stroke[2], alpha]);
        }
        if let Some(width) = p.stroke_width {
            let style = self.style.to_mut();
            style.stroke_width = (style.stroke_width + finite(width) * share).max(0.0);
        }
    }

    fn transform(&self, around: Vec2) -> Affine {
        let radians = |degrees: f64| finite(degrees).to_radians();
        let rotate = |degrees: f64| {
            let (sin, cos) = (libm::sin(radians(degrees)), libm::cos(radians(degrees)));
            Affine::new([cos, sin, -sin, cos, 0.0, 0.0])
        };
        let mut transform = Affine::translate(around + self.position);
        if self.rotation != 0.0 {
            transform *= rotate(self.rotation);
        }
        if self.skew != 0.0 {
            // Short of the angle at which a skew has no end.
            let tan = libm::tan(radians(self.skew.clamp(-85.0, 85.0)));
            transform *= rotate(self.skew_axis) * Affine::skew(-tan, 0.0) * rotate(-self.skew_axis);
        }
        transform * Affine::scale_non_uniform(self.scale[0], self.scale[1]) * Affine::translate(-(around + self.anchor))
    }
}
