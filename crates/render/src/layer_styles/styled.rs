//! Groups with layer styles, drawn: the pictures below the layer, then the layer with what is inside of it.

use filmpress_composition::{BlendingMode, MatteKind};
use filmpress_evaluate::digest::Digester;
use filmpress_evaluate::frame::{Group, LayerStyle, LayerStyles};
use filmpress_pixels::{row, unpremultiply};
use kurbo::{Affine, Rect};

use super::shape::Shape;
use super::{Source, below, inside, reach};
use crate::blend::{blend_row, stencil_kind};
use crate::cache::{self, Found};
use crate::draw::{Compose, Draw, Scratch};
use crate::layer::{combine, content_bounds, limit, parent_of};
use crate::rect::{IRect, scales};
use crate::surface::{Buffer, Surface, View};
use crate::track_matte;

/// Furthest a style looks beyond what shows, pixels of the device: memory grows with it.
const MOST_REACH: f64 = 1000.0;
/// Where content may lie, pixels: beyond it nothing is drawn.
const WHOLE: IRect = IRect {
    x0: -30_000,
    y0: -30_000,
    x1: 30_000,
    y1: 30_000,
};

/// How far the styles of a group reach beyond it, pixels of the device.
fn margin(styles: &LayerStyles, transform: Affine) -> i32 {
    let [sx, sy] = scales(&transform);
    let most = styles.list.iter().map(|style| {
        let (size, [x, y]) = reach(&style.kind);
        size + x.abs().max(y.abs())
    });
    let most = most.fold(0.0, f64::max) * sx.max(sy);
    if most > 0.0 {
        most.min(MOST_REACH).ceil() as i32 + 2
    } else {
        0
    }
}

/// The pixels that a group with styles may touch inside `clip`; `transform` is the group's own.
pub(crate) fn bounds(group: &Group, styles: &LayerStyles, transform: Affine, clip: IRect, depth: u32) -> IRect {
    let margin = margin(styles, transform);
    let content = content_bounds(group, transform, clip.inflate(margin), depth);
    if content.is_empty() {
        return IRect::default();
    }
    content.inflate(margin).intersect(clip)
}

fn to_rect(rect: IRect) -> Rect {
    Rect::new(
        f64::from(rect.x0),
        f64::from(rect.y0),
        f64::from(rect.x1),
        f64::from(rect.y1),
    )
}

/// A picture of a styled group and how it meets what is below: the style it belongs to, or the layer itself.
struct Drawn<'a> {
    buffer: Buffer,
    style: Option<&'a LayerStyle>,
}

impl Draw<'_> {
    /// Draws a group with layer styles; `transform` is its own, `compose` how the layer meets what is below.
    #[allow(
        clippy::too_many_arguments,
        reason = "one call, and every one of them differs from group to group"
    )]
    pub fn styled(
        &mut self,
        group: &Group,
        styles: &LayerStyles,
        transform: Affine,
        compose: Compose,
        surface: &mut Surface,
        clip: IRect,
        depth: u32,
    ) {
        let rect = bounds(group, styles, transform, clip, depth);
        if (rect.is_empty() && stencil_kind(compose.mode).is_none()) || !surface.wants_any(rect) {
            return;
        }
        let mut layers: Vec<Option<&LayerStyle>> = styles
            .list
            .iter()
            .map(Some)
            .filter(|s| s.is_some_and(is_below))
            .collect();
        layers.push(None);
        let base = cache::key(group.digest, transform, rect);
        let key = |i: usize| Digester::new(18).digest(base).u64(i as u64).finish();
        let outer = self.through.take();
        let found: Vec<Found> = (0..layers.len())
            // What is seen through something else is not the whole picture.
            .map(|i| {
                if outer.is_some() {
                    Found::New
                } else {
                    self.cache.find(key(i))
                }
            })
            .collect();
        let meets = |style: Option<&LayerStyle>| match style {
            Some(style) => Compose {
                opacity: compose.opacity * style.opacity,
                mode: style.mode,
                ..compose
            },
            None => compose,
        };
        if found.iter().all(|found| matches!(found, Found::Kept(_))) {
            for (found, style) in found.iter().zip(&layers) {
                if let Found::Kept(kept) = found {
                    self.meet(
                        group,
                        transform,
                        meets(*style),
                        style.is_none(),
                        kept.view(),
                        surface,
                        clip,
                    );
                }
            }
            self.through = outer;
            return;
        }
        let mut drawn = self.pictures(group, styles, transform, compose, rect, depth);
        let matte = group.matte.as_ref().filter(|_| !rect.is_empty());
        let matte = matte.map(|matte| self.matte(matte, parent_of(group, transform), rect, depth));
        for (i, picture) in drawn.iter_mut().enumerate() {
            let mut pixels = picture.buffer.surface();
            for plane in [matte.as_ref(), outer.as_ref()].into_iter().flatten() {
                limit(&mut pixels, plane);
            }
            if matches!(found[i], Found::Again) {
                self.cache.keep(key(i), pixels.view());
            }
            let style = picture.style;
            self.meet(
                group,
                transform,
                meets(style),
                style.is_none(),
                pixels.view(),
                surface,
                clip,
            );
        }
        for picture in drawn {
            self.scratch.pool.give(picture.buffer);
        }
        if let Some(plane) = matte {
            self.scratch.pool.give_plane(plane);
        }
        self.through = outer;
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "one call, and every one of them differs from picture to picture"
    )]
    fn meet(
        &mut self,
        group: &Group,
        transform: Affine,
        compose: Compose,
        is_layer: bool,
        picture: View,
        surface: &mut Surface,
        clip: IRect,
    ) {
        if is_layer {
            self.show(group, transform, compose, false, picture, surface, clip);
        } else {
            combine(picture, compose, surface, &mut self.scratch.row);
        }
    }

    /// The pictures of a styled group over `rect`, in the order they are drawn: at full opacity, without the matte.
    fn pictures<'s>(
        &mut self,
        group: &Group,
        styles: &'s LayerStyles,
        transform: Affine,
        compose: Compose,
        rect: IRect,
        depth: u32,
    ) -> Vec<Drawn<'s>> {
        let around = rect.inflate(margin(styles, transform));
        let content = content_bounds(group, transform, around, depth);
        let mut picture = self.scratch.pool.buffer(content);
        let mut alpha = self.scratch.pool.plane(content);
        if !content.is_empty() {
            let mut pixels = picture.surface();
            for child in &group.children {
                self.node(child, transform, Compose::normal(1.0), &mut pixels, content, depth + 1);
            }
            track_matte::read(MatteKind::Alpha, pixels.view(), &mut alpha);
        }
        let [width, height] = styles.size;
        let shape = Shape {
            alpha,
            wanted: rect,
            transform,
            bounds: to_rect(content_bounds(group, transform, WHOLE, depth)),
            frame: transform.transform_rect_bbox(Rect::new(0.0, 0.0, width, height)),
        };
        let layer = filled(&picture, styles, &shape, self.scratch);
        self.scratch.pool.give(picture);
        // Below a layer that hides what it covers, soft edges are filled up to it.
        let hides = compose.mode == BlendingMode::Normal && !compose.preserve_transparency;
        let mut drawn = Vec::new();
        for style in styles.list.iter().filter(|style| is_below(style)) {
            let buffer = match below(style, &shape, self.scratch) {
                Some((source, knocked_out)) => {
                    let buffer = beneath(&source, knocked_out, hides, &shape, &layer, self.scratch);
                    source.give(self.scratch);
                    buffer
                }
                None => self.scratch.pool.buffer(rect),
            };
            drawn.push(Drawn {
                buffer,
                style: Some(style),
            });
        }
        drawn.push(Drawn {
            buffer: layer,
            style: None,
        });
        self.scratch.pool.give_plane(shape.alpha);
        drawn
    }
}

/// Whether a style draws something below the layer.
fn is_below(style: &LayerStyle) -> bool {
    use filmpress_evaluate::frame::{StrokePosition, StyleKind};
    match &style.kind {
        StyleKind::DropShadow { .. } | StyleKind::OuterGlow(_) => true,
        StyleKind::Stroke { position, .. } => *position != StrokePosition::Inside,
        _ => false,
    }
}

/// Whether the fill opacity fades a style too, where the layer's blending options say so of those inside it.
fn fades(style: &LayerStyle) -> bool {
    use filmpress_evaluate::frame::StyleKind;
    matches!(
        style.kind,
        StyleKind::InnerGlow { .. }
            | StyleKind::Satin { .. }
            | StyleKind::ColorOverlay(_)
            | StyleKind::GradientOverlay(_)
    )
}

/// The layer with its fill opacity and the styles inside of it, over the rectangle where styles are wanted.
fn filled(picture: &Buffer, styles: &LayerStyles, shape: &Shape, scratch: &mut Scratch) -> Buffer {
    let rect = shape.wanted;
    let mut out = scratch.pool.buffer(rect);
    let seen = picture.rect().intersect(rect);
    let interior: Vec<(&LayerStyle, Source)> = styles
        .list
        .iter()
        .filter_map(|style| Some((style, inside(style, shape, scratch)?)))
        .collect();
    let fill = (styles.fill_opacity * 255.0).round() as u8;
    let mut surface = out.surface();
    let mut source = Vec::new();
    for y in seen.y0..seen.y1 {
        let (x0, x1) = picture.view().extent(y, seen);
        if x0 >= x1 {
            continue;
        }
        let pixels = surface.touch(y, x0, x1);
        pixels.copy_from_slice(picture.view().row(y, x0, x1));
        if interior.is_empty() {
            if fill != 255 {
                row::fade(pixels, fill);
            }
            continue;
        }
        // Colours without the layer's alpha are what styles inside are blended with: its edges stay as they are.
        for pixel in pixels.iter_mut() {
            let [r, g, b, a] = unpremultiply(*pixel);
            *pixel = if a == 0 {
                [0; 4]
            } else {
                row::scale([r, g, b, 255], fill)
            };
        }
        source.clear();
        source.resize(pixels.len(), [0; 4]);
        for (style, from) in &interior {
            from.row(x0, y, &mut source);
            let mut opacity = style.opacity;
            if styles.interior_fades && fades(style) {
                opacity *= styles.fill_opacity;
            }
            row::fade(&mut source, (opacity * 255.0).round() as u8);
            let how = Compose {
                mode: style.mode,
                ..Compose::normal(1.0)
            };
            blend_row(how, pixels, &source, x0, y);
        }
        row::mask(pixels, shape.alpha.row(y, x0, x1));
    }
    for (_, source) in interior {
        source.give(scratch);
    }
    out
}

/// A style below the layer, over the rectangle where styles are wanted.
///
/// Knocked out, it does not show where the layer's shape is, and less where the shape is half transparent. A pixel on a
/// sharp edge shows it beside the shape; since the layer is then drawn over the whole pixel, it must be the stronger below.
fn beneath(
    source: &Source,
    knocked_out: bool,
    hides: bool,
    shape: &Shape,
    layer: &Buffer,
    scratch: &mut Scratch,
) -> Buffer {
    let rect = shape.wanted;
    let mut out = scratch.pool.buffer(rect);
    let mut surface = out.surface();
    for y in rect.y0..rect.y1 {
        let (x0, x1) = source.extent(y, rect.x0, rect.x1);
        if x0 >= x1 {
            continue;
        }
        let pixels = surface.touch(y, x0, x1);
        source.row(x0, y, pixels);
        if !knocked_out {
            continue;
        }
        let view = layer.view();
        let layers = view.row(y, x0, x1);
        for ((pixel, layer), x) in pixels.iter_mut().zip(layers).zip(x0..) {
            let covered = shape.alpha.at(x, y);
            if covered == 0 || pixel[3] == 0 {
                continue;
            }
            let beside = u32::from(255 - covered);
            let seen = u32::from(255 - layer[3]);
            let filled = (beside * 255).checked_div(seen).unwrap_or(0).min(255);
            let sharp = if hides { shape.sharpness(x, y) } else { 0 };
            let share = (filled * sharp + beside * (255 - sharp) + 127) / 255;
            *pixel = row::scale(*pixel, share as u8);
        }
    }
    out
}
