//! A text in lines to nodes of the strict tree.

use std::sync::Arc;

use filmpress_composition::{BlendingMode, CharacterStyle, LineCap, LineJoin};
use kurbo::{Affine, BezPath};

use super::animator::AnimatedGlyph;
use super::layout::{PlacedGlyph, TextLayout};
use crate::frame::{FillRule, GroupParts, Node, Outline, Paint, Path, PathStyle, StrokeStyle};

/// What the text looks like, bottom first. Neighbours of one look become one path where that looks the same.
pub fn text_nodes(layout: &TextLayout) -> Vec<Node> {
    let mut nodes = Vec::new();
    let default = CharacterStyle::default();
    for run in layout
        .glyphs
        .chunk_by(|a, b| a.style == b.style && a.embolden == b.embolden)
    {
        let Some(first) = run.first() else { continue };
        let style = layout.styles.get(first.style).unwrap_or(&default);
        // Each character covers the stroke of the one before it: strokes with fills cannot be merged.
        let one_by_one = style.fill.is_some() && has_stroke(style);
        let step = if one_by_one { 1 } else { run.len() };
        for glyphs in run.chunks(step) {
            push(&mut nodes, merge(glyphs), style, first.embolden);
        }
    }
    nodes
}

/// What glyphs under animators look like, bottom first.
pub(super) fn animated_nodes(glyphs: &[AnimatedGlyph]) -> Vec<Node> {
    let mut nodes = Vec::new();
    let alike = |a: &AnimatedGlyph, b: &AnimatedGlyph| {
        a.opacity == b.opacity && a.glyph.embolden == b.glyph.embolden && a.style == b.style
    };
    for run in glyphs.chunk_by(alike) {
        let Some(first) = run.first().filter(|first| first.opacity > 0.0) else {
            continue;
        };
        if !has_stroke(&first.style) && first.glyph.embolden <= 0.0 {
            let mut path = BezPath::new();
            for animated in run {
                let transform = animated.transform * animated.glyph.transform;
                path.extend(animated.glyph.outline.elements().iter().map(|el| transform * *el));
            }
            let mut style = first.style.clone().into_owned();
            if let Some(fill) = &mut style.fill {
                fill[3] *= first.opacity;
            }
            push(&mut nodes, path, &style, 0.0);
            continue;
        }
        // Strokes are scaled and faded with their character.
        for animated in run {
            let mut children = Vec::new();
            push(
                &mut children,
                merge(std::slice::from_ref(animated.glyph)),
                &animated.style,
                animated.glyph.embolden,
            );
            if !children.is_empty() {
                let parts = GroupParts {
                    transform: animated.transform,
                    opacity: animated.opacity as f32,
                    children,
                    ..GroupParts::default()
                };
                nodes.push(Node::Group(parts.build()));
            }
        }
    }
    nodes
}

fn has_stroke(style: &CharacterStyle) -> bool {
    style.stroke.is_some() && style.stroke_width > 0.0
}

fn merge(glyphs: &[PlacedGlyph]) -> BezPath {
    let mut path = BezPath::new();
    for glyph in glyphs {
        path.extend(glyph.outline.elements().iter().map(|el| glyph.transform * *el));
    }
    path
}

/// Adds fill and stroke of an outline in the order the look asks for.
fn push(nodes: &mut Vec<Node>, path: BezPath, style: &CharacterStyle, embolden: f64) {
    if path.elements().is_empty() {
        return;
    }
    let outline = Outline::new(path);
    let fill = style.fill.map(|rgba| filled(&outline, rgba, style, embolden));
    let stroke = style.stroke.filter(|_| has_stroke(style)).map(|rgba| {
        let width = style.stroke_width + embolden;
        stroked(&outline, rgba, width, style.stroke_join)
    });
    let (below, above) = if style.stroke_over_fill {
        (fill, stroke)
    } else {
        (stroke, fill)
    };
    nodes.extend(below);
    nodes.extend(above);
}

fn filled(outline: &Arc<Outline>, rgba: [f64; 4], style: &CharacterStyle, embolden: f64) -> Node {
    let node = |alpha: f64| {
        let paint = Paint::Solid([rgba[0], rgba[1], rgba[2], alpha].map(|x| x as f32));
        let style = PathStyle::Fill(FillRule::NonZero);
        Path::new(
            outline.clone(),
            Affine::IDENTITY,
            style,
            paint,
            1.0,
            BlendingMode::Normal,
        )
    };
    if embolden <= 0.0 {
        return Node::Path(node(rgba[3]));
    }
    // The letter and the stroke that fattens it are one picture: opacity applies to both together.
    let opaque = [rgba[0], rgba[1], rgba[2], 1.0];
    let children = vec![
        Node::Path(node(1.0)),
        stroked(outline, opaque, embolden, style.stroke_join),
    ];
    Node::Group(
        GroupParts {
            opacity: rgba[3] as f32,
            children,
            ..GroupParts::default()
        }
        .build(),
    )
}

fn stroked(outline: &Arc<Outline>, rgba: [f64; 4], width: f64, join: LineJoin) -> Node {
    let style = PathStyle::Stroke(StrokeStyle {
        width,
        cap: LineCap::Butt,
        join,
        miter_limit: 4.0,
        dashes: Vec::new(),
        dash_offset: 0.0,
        profile: None,
    });
    let paint = Paint::Solid(rgba.map(|x| x as f32));
    Node::Path(Path::new(
        outline.clone(),
        Affine::IDENTITY,
        style,
        paint,
        1.0,
        BlendingMode::Normal,
    ))
}
