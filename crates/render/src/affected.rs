//! Groups with effects, and adjustment layers.
//!
//! A group with effects is drawn in pixels of its own: the device's where the layer is only scaled and moved, so that
//! nothing is resampled; else the layer's, at about the size it is shown in, turned or skewed afterwards.

use std::sync::Arc;

use filmpress_composition::MatteKind;
use filmpress_evaluate::frame::{Effects, Group, Sampling};
use filmpress_pixels::Pixmap;
use kurbo::{Affine, Rect};

use crate::blend::{blend_row, stencil_kind};
use crate::cache::{self, Found};
use crate::draw::{Compose, Draw};
use crate::effects::{Chain, Space, Stage};
use crate::image::ImageShader;
use crate::layer::{content_bounds, group_bounds, holds, limit, parent_of};
use crate::mask;
use crate::paint::Shader;
use crate::raster_picture::Raster;
use crate::rect::{IRect, scales};

use crate::surface::Buffer;
use crate::track_matte;

/// Where content may lie, pixels: beyond it nothing is drawn.
const WHOLE: IRect = IRect {
    x0: -30_000,
    y0: -30_000,
    x1: 30_000,
    y1: 30_000,
};
/// Most pixels of a picture that is resampled.
const MOST_PIXELS: f64 = 32e6;

/// The pixels a group is drawn in before it is transformed, and what is left of the transform then.
pub(crate) struct Placed {
    pub space: Space,
    /// From those pixels to the device's; `None` when they are the same.
    pub rest: Option<Affine>,
}

impl Placed {
    /// For a layer of `size` that `transform` maps to the device.
    pub fn new(transform: Affine, size: [f64; 2]) -> Self {
        let [a, b, c, d, x, y] = transform.as_coeffs();
        if b == 0.0 && c == 0.0 && a > 0.0 && d > 0.0 {
            return Self {
                space: Space {
                    size,
                    scale: [a, d],
                    origin: [x, y],
                },
                rest: None,
            };
        }
        if b == 0.0 && c == 0.0 && a != 0.0 && d != 0.0 {
            return Self::turned(size, [a, d], [x, y], false);
        }
        if a == 0.0 && d == 0.0 && b != 0.0 && c != 0.0 {
            return Self::turned(size, [b, c], [y, x], true);
        }
        // Numbers that repeat from frame to frame while a layer turns, so that its picture can be used again.
        let steady = |s: f64| {
            let s = (s * 4096.0).round() / 4096.0;
            s.clamp(1.0 / 4096.0, 64.0)
        };
        let [mut sx, mut sy] = scales(&transform).map(steady);
        let area = size[0] * size[1] * sx * sy;
        if area > MOST_PIXELS {
            let less = (MOST_PIXELS / area).sqrt();
            sx *= less;
            sy *= less;
        }
        let space = Space {
            size,
            scale: [sx, sy],
            origin: [0.0; 2],
        };
        Self {
            space,
            rest: Some(transform * space.transform().inverse()),
        }
    }

    /// For a layer that is mirrored or turned by right angles: its pixels fall on the device's. `scale` and `shift` are
    /// those along the layer's own axes, which are exchanged on the device or not.
    fn turned(size: [f64; 2], scale: [f64; 2], shift: [f64; 2], exchanged: bool) -> Self {
        let sign = scale.map(f64::signum);
        let whole = shift.map(f64::floor);
        // A pixel of the device is `sign * (own - origin) + shift`; with this origin that is `sign * own + whole`.
        let origin = [0, 1].map(|i| -sign[i] * (whole[i] - shift[i]));
        let rest = if exchanged {
            Affine::new([0.0, sign[0], sign[1], 0.0, whole[1], whole[0]])
        } else {
            Affine::new([sign[0], 0.0, 0.0, sign[1], whole[0], whole[1]])
        };
        Self {
            space: Space {
                size,
                scale: scale.map(f64::abs),
                origin,
            },
            rest: Some(rest),
        }
    }

    /// The own pixels that show inside `clip` of the device.
    fn seen(&self, clip: IRect) -> IRect {
        let Some(rest) = &self.rest else { return clip };
        if rest.determinant().abs() < 1e-12 {
            return IRect::default();
        }
        let device = Rect::new(
            f64::from(clip.x0),
            f64::from(clip.y0),
            f64::from(clip.x1),
            f64::from(clip.y1),
        );
        IRect::around(rest.inverse().transform_rect_bbox(device))
            .inflate(2)
            .intersect(WHOLE)
    }

    /// The pixels of the device that `own` pixels may touch.
    fn device(&self, own: IRect) -> IRect {
        let Some(rest) = &self.rest else { return own };
        if own.is_empty() {
            return IRect::default();
        }
        let own = Rect::new(
            f64::from(own.x0),
            f64::from(own.y0),
            f64::from(own.x1),
            f64::from(own.y1),
        );
        IRect::around(rest.transform_rect_bbox(own))
    }
}

/// The pixels the content of a group may touch before its effects, in pixels of its own.
fn ink(group: &Group, space: &Space, depth: u32) -> IRect {
    let transform = space.transform();
    let mut clip = WHOLE;
    if let Some(rect) = group.clip {
        clip = clip.intersect(IRect::around(transform.transform_rect_bbox(rect)));
    }
    let all = content_bounds(group, transform, clip, depth);
    if group.masks.is_empty() || all.is_empty() {
        all
    } else {
        mask::bounds(&group.masks, transform, all)
    }
}

/// The pixels that a group of a layer's space may touch, drawn by itself.
pub(crate) fn ink_of(group: &Group, space: &Space) -> IRect {
    group_bounds(group, space.transform(), WHOLE, 0)
}

/// The pixels that a group with effects may touch inside `clip`; `transform` is the group's own.
pub(crate) fn bounds(group: &Group, effects: &Effects, transform: Affine, clip: IRect, depth: u32) -> IRect {
    let placed = Placed::new(transform, effects.size);
    let own = Chain::new(effects).reach(ink(group, &placed.space, depth), &placed.space);
    placed.device(own).intersect(clip)
}

impl Draw<'_> {
    /// Draws a group with effects; `transform` is its own, `compose` how the whole meets what is below.
    pub fn affected(
        &mut self,
        group: &Group,
        transform: Affine,
        compose: Compose,
        surface: &mut crate::surface::Surface,
        clip: IRect,
        depth: u32,
    ) {
        let none = Effects::new([0.0; 2], Vec::new());
        let effects = group.effects.as_ref().unwrap_or(&none);
        let placed = Placed::new(transform, effects.size);
        let chain = Chain::new(effects);
        let plan = chain.plan(ink(group, &placed.space, depth), placed.seen(clip), &placed.space);
        let mut rect = placed.device(plan[plan.len() - 1]).intersect(clip);
        if rect.is_empty() {
            if stencil_kind(compose.mode).is_none() {
                return;
            }
            rect = IRect::new(clip.x0, clip.y0, clip.x0, clip.y0);
        }
        let key = cache::key(group.digest, transform, rect);
        let outer = self.through.take();
        // What is seen through something else is not the whole picture.
        let found = if outer.is_some() {
            Found::New
        } else {
            self.cache.find(key)
        };
        if let Found::Kept(kept) = found {
            self.show(group, transform, compose, false, kept.view(), surface, clip);
            return;
        }
        let picture = self.content(group, placed.space.transform(), plan[0], depth);
        let mut stage = Stage {
            draw: self,
            space: placed.space,
            depth,
        };
        let picture = chain.draw(picture, &plan, &mut stage).into_buffer();
        let mut buffer = match &placed.rest {
            None => picture,
            Some(rest) => self.resampled(picture, *rest, Sampling::Bilinear, rect),
        };
        let mut picture = buffer.surface();
        if let Some(matte) = &group.matte
            && !rect.is_empty()
        {
            let plane = self.matte(matte, parent_of(group, transform), rect, depth);
            limit(&mut picture, &plane);
            self.scratch.pool.give_plane(plane);
        }
        if let Some(outer) = &outer {
            limit(&mut picture, outer);
        }
        if matches!(found, Found::Again) {
            self.cache.keep(key, picture.view());
        }
        self.show(group, transform, compose, false, picture.view(), surface, clip);
        self.scratch.pool.give(buffer);
        self.through = outer;
    }

    /// What effects are applied to: the children through clip and masks.
    fn content(&mut self, group: &Group, transform: Affine, rect: IRect, depth: u32) -> Raster {
        let mut buffer = self.scratch.pool.buffer(rect);
        if !rect.is_empty() {
            let mut picture = buffer.surface();
            for child in &group.children {
                self.node(child, transform, Compose::normal(1.0), &mut picture, rect, depth + 1);
            }
            let across = group.clip.filter(|clip| !holds(*clip, transform, rect));
            if let Some(plane) = self.own_plane(group, transform, across, rect) {
                limit(&mut picture, &plane);
                self.scratch.pool.give_plane(plane);
            }
        }
        Raster::new(buffer)
    }

    /// `picture` seen under a transform, over `rect` of the device.
    pub fn resampled(&mut self, picture: Buffer, rest: Affine, sampling: Sampling, rect: IRect) -> Buffer {
        let mut out = self.scratch.pool.buffer(rect);
        let own = picture.rect();
        if !own.is_empty() && !rect.is_empty() {
            // One transparent pixel around: what is beyond the sides of a picture repeats them, and here must not.
            let size = (own.width() as u32 + 2, own.height() as u32 + 2);
            if let Ok(mut pixmap) = Pixmap::new(size.0, size.1) {
                for y in own.y0..own.y1 {
                    let row = pixmap.row_mut((y - own.y0 + 1) as u32);
                    row[1..=own.width()].copy_from_slice(picture.view().row(y, own.x0, own.x1));
                }
                let shift = Affine::translate((f64::from(own.x0 - 1), f64::from(own.y0 - 1)));
                let size = [f64::from(size.0), f64::from(size.1)];
                let reductions = &mut self.scratch.reductions;
                let pixmap = Arc::new(pixmap);
                if let Some(shader) = ImageShader::new(&pixmap, size, rest * shift, sampling, reductions) {
                    let mut surface = out.surface();
                    for y in rect.y0..rect.y1 {
                        shader.row(rect.x0, y, surface.touch(y, rect.x0, rect.x1));
                    }
                }
                self.scratch.reductions.forget(&pixmap);
            }
        }
        self.scratch.pool.give(picture);
        out
    }

    /// Draws an adjustment layer: its effects on what is below it, where it is.
    pub fn adjust(
        &mut self,
        group: &Group,
        parent: Affine,
        compose: Compose,
        surface: &mut crate::surface::Surface,
        clip: IRect,
        depth: u32,
    ) {
        let Some(effects) = &group.effects else { return };
        let transform = parent * group.transform;
        let mut rect = content_bounds(group, transform, clip, depth).intersect(surface.rect);
        if !rect.is_empty() && !group.masks.is_empty() {
            rect = mask::bounds(&group.masks, transform, rect);
        }
        if rect.is_empty() {
            return;
        }
        let space = Placed::new(parent, effects.size).space;
        let chain = Chain::new(effects);
        let plan = chain.plan(surface.rect, rect, &space);
        let rect = plan[plan.len() - 1];
        if rect.is_empty() {
            return;
        }
        let mut before = self.scratch.pool.buffer(plan[0]);
        before.surface().copy_from(surface);
        let outer = self.through.take();
        let mut cover = self.scratch.pool.plane(rect);
        let mut shape = self.content(group, transform, rect, depth);
        if let Some(matte) = &group.matte {
            let plane = self.matte(matte, parent, rect, depth);
            limit(&mut shape.surface(), &plane);
            self.scratch.pool.give_plane(plane);
        }
        if let Some(outer) = &outer {
            limit(&mut shape.surface(), outer);
        }
        track_matte::read(MatteKind::Alpha, shape.view(), &mut cover);
        self.scratch.pool.give(shape.into_buffer());
        let mut stage = Stage {
            draw: self,
            space,
            depth,
        };
        let after = chain.draw(Raster::new(before), &plan, &mut stage);
        let alpha = compose.alpha();
        let mode = compose.mode;
        for y in rect.y0..rect.y1 {
            let backdrop = surface.touch(y, rect.x0, rect.x1);
            let source = after.row(y);
            let row = &mut self.scratch.row;
            row.clear();
            if mode == filmpress_composition::BlendingMode::Normal {
                row.extend_from_slice(source);
            } else {
                row.extend_from_slice(backdrop);
                blend_row(compose, row, source, rect.x0, y);
            }
            for ((below, new), cover) in backdrop.iter_mut().zip(&*row).zip(cover.row(y, rect.x0, rect.x1)) {
                let share = i32::from(filmpress_pixels::mul_div_255(*cover, alpha));
                for (b, n) in below.iter_mut().zip(new) {
                    let d = (i32::from(*n) - i32::from(*b)) * share;
                    // Divided by 255, rounded; exact at both ends.
                    *b = (i32::from(*b) + (d + 127 * d.signum()) / 255) as u8;
                }
            }
        }
        self.scratch.pool.give(after.into_buffer());
        self.scratch.pool.give_plane(cover);
        self.through = outer;
    }
}

#[cfg(test)]
mod tests {
    use kurbo::Point;

    use super::*;
    use crate::rect::upright;

    #[test]
    fn a_layer_only_scaled_and_moved_needs_no_resampling() {
        let placed = Placed::new(Affine::new([0.5, 0.0, 0.0, 2.0, 10.25, -3.0]), [100.0, 50.0]);
        assert_eq!(placed.rest, None);
        assert_eq!(placed.space.point([10.0, 10.0]), [15.25, 17.0]);
        assert_eq!(placed.space.frame_pixels(), IRect::new(10, -3, 60, 97));
    }

    #[test]
    fn every_other_place_is_the_own_pixels_and_the_rest() {
        for coefficients in [
            [-1.5, 0.0, 0.0, 1.0, 20.3, 4.7],
            [0.0, 2.0, -1.0, 0.0, 20.3, 4.7],
            [0.0, -2.0, -1.0, 0.0, 0.5, 4.0],
            [0.7, 0.7, -0.7, 0.7, 3.0, 4.0],
            [1.0, 0.0, 0.5, 1.0, 3.0, 4.0],
        ] {
            let transform = Affine::new(coefficients);
            let placed = Placed::new(transform, [100.0, 50.0]);
            let rest = placed.rest.unwrap();
            for p in [[0.0, 0.0], [100.0, 0.0], [33.0, 50.0]] {
                let there = rest * Point::from((placed.space.point(p)[0], placed.space.point(p)[1]));
                let wanted = transform * Point::new(p[0], p[1]);
                assert!(there.distance(wanted) < 1e-9, "{coefficients:?}: {there:?} {wanted:?}");
            }
            if upright(&transform) {
                assert!(rest.as_coeffs().iter().all(|c| c.fract() == 0.0), "{rest:?}");
            }
        }
    }
}
