//! Groups drawn in pixels of their own ([`Placed`]): with effects, seen in perspective, with motion blur; and adjustment
//! layers.

use std::sync::Arc;

use filmpress_composition::MatteKind;
use filmpress_evaluate::frame::{Effects, Group, Sampling};
use filmpress_pixels::Pixmap;
use kurbo::Affine;

use crate::blend::{blend_row, stencil_kind};
use crate::cache::{self, Found};
use crate::draw::{Compose, Draw};
use crate::effects::{Chain, Space, Stage};
use crate::image::ImageShader;
use crate::layer::{content_bounds, group_bounds, holds, limit};
use crate::mask;
use crate::paint::Shader;
use crate::placed::{self, Placed, Rest};
use crate::raster_picture::Raster;
use crate::rect::IRect;
use crate::surface::Buffer;
use crate::track_matte;

/// The pixels the content of a group may touch before its effects, in pixels of its own.
fn ink(group: &Group, space: &Space, whole: IRect, depth: u32) -> IRect {
    let transform = space.transform();
    let mut clip = whole;
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
    group_bounds(group, space.transform(), placed::WHOLE, 0)
}

/// The pixels that a group drawn in pixels of its own may touch inside `clip`.
pub(crate) fn bounds(group: &Group, parent: Affine, clip: IRect, depth: u32) -> IRect {
    let none = Effects::new([0.0; 2], Vec::new());
    let effects = group.effects.as_ref().unwrap_or(&none);
    let chain = Chain::new(effects);
    if placed::is_in_space(group) {
        let space = placed::own_space(effects.size);
        let own = chain.reach(ink(group, &space, placed::WHOLE, depth), &space);
        return placed::reach(group, parent, own, clip);
    }
    let placed = Placed::new(parent * group.transform, effects.size);
    let own = chain.reach(ink(group, &placed.space, placed::WHOLE, depth), &placed.space);
    placed.device(own, clip)
}

impl Draw<'_> {
    /// Draws a group in pixels of its own; `compose` is how the whole meets what is below.
    pub fn affected(
        &mut self,
        group: &Group,
        parent: Affine,
        compose: Compose,
        surface: &mut crate::surface::Surface,
        clip: IRect,
        depth: u32,
    ) {
        let none = Effects::new([0.0; 2], Vec::new());
        let effects = group.effects.as_ref().unwrap_or(&none);
        let transform = parent * group.transform;
        let chain = Chain::new(effects);
        let placed = if placed::is_in_space(group) {
            let space = placed::own_space(effects.size);
            let own = chain.reach(ink(group, &space, placed::WHOLE, depth), &space);
            Placed::in_space(group, parent, effects.size, own, clip)
        } else {
            Placed::new(transform, effects.size)
        };
        let own = ink(group, &placed.space, placed.whole(), depth);
        let plan = chain.plan(own, placed.seen(clip), &placed.space);
        let mut rect = placed.device(plan[plan.len() - 1], clip);
        if rect.is_empty() {
            if stencil_kind(compose.mode).is_none() {
                return;
            }
            rect = IRect::new(clip.x0, clip.y0, clip.x0, clip.y0);
        }
        if !surface.wants_any(rect) {
            return;
        }
        let key = cache::key(group.digest, transform, rect);
        let outer = self.through.take();
        let found = self.known(key, outer.as_ref());
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
            Rest::Nothing => picture,
            Rest::Transform(rest) => self.resampled(picture, *rest, Sampling::Bilinear, rect),
            Rest::Maps(maps) => {
                let mut out = self.scratch.pool.buffer(rect);
                self.scratch.perspective.draw(picture.view(), maps, &mut out.surface());
                self.scratch.pool.give(picture);
                out
            }
        };
        let mut picture = buffer.surface();
        if let Some(matte) = &group.matte
            && !rect.is_empty()
        {
            let plane = self.matte(matte, parent, rect, depth);
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
