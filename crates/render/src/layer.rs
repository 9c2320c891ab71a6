//! Groups: After Effects' order of operations, written once.
//!
//! Children, clip, masks, transform, track matte, opacity, blending mode. (The transform is in the coordinates already,
//! so nothing is ever resampled.) A separate picture is made only where drawing straight onto the backdrop would look
//! different, and only as large as what shows.

use filmpress_composition::{BlendingMode, MatteKind};
use filmpress_evaluate::digest::Digest;
use filmpress_evaluate::frame::{FillRule, Group, Matte, Node, Paint};
use filmpress_pixels::row;
use kurbo::{Affine, Point, Rect, Shape};

use crate::affected;
use crate::blend::{blend_row, stencil_kind, stencil_row};
use crate::cache::{self, Found};
use crate::draw::{Compose, Draw, image_bounds, path_bounds, path_covers};
use crate::layer_styles;
use crate::mask;
use crate::paint::{PictureOver, PlaneOver};
use crate::placed::is_in_space;
use crate::raster::fill;
use crate::rect::{IRect, finite, only_scaled, upright};
use crate::surface::{Buffer, Plane, Surface, View};
use crate::track_matte;

/// Deepest nesting of groups drawn.
const MAX_DEPTH: u32 = 160;

/// Where a group's clip cuts.
pub(crate) enum Cut {
    /// Along pixels.
    Pixels(IRect),
    /// Across pixels; everything the rectangle may touch.
    Across(IRect),
}

/// The pixels that `node` may touch inside `clip`, under the transform of its parent.
pub(crate) fn bounds(node: &Node, parent: Affine, clip: IRect, depth: u32) -> IRect {
    match node {
        Node::Path(path) => path_bounds(path, parent).intersect(clip),
        Node::Image(image) => image_bounds(image, parent).intersect(clip),
        Node::Group(group) => group_bounds(group, parent, clip, depth),
    }
}

/// The pixels that `group` may touch inside `clip`.
pub(crate) fn group_bounds(group: &Group, parent: Affine, clip: IRect, depth: u32) -> IRect {
    let transform = parent * group.transform;
    if depth >= MAX_DEPTH || !finite(&transform) || group.opacity <= 0.0 {
        return IRect::default();
    }
    if let Some(styles) = &group.styles {
        return layer_styles::bounds(group, styles, transform, clip, depth);
    }
    if (group.effects.is_some() && !group.adjustment) || is_in_space(group) {
        return affected::bounds(group, parent, clip, depth);
    }
    let mut clip = clip;
    if let Some(rect) = group.clip {
        clip = clip.intersect(IRect::around(transform.transform_rect_bbox(rect)));
    }
    let mut all = content_bounds(group, transform, clip, depth);
    if !group.masks.is_empty() && !all.is_empty() {
        all = mask::bounds(&group.masks, transform, all);
    }
    if all.is_empty() { IRect::default() } else { all }
}

/// True when `node` is one thing drawn once, so that opacity and blending mode may go to that thing.
fn is_single(node: &Node, depth: u32) -> bool {
    match node {
        Node::Path(path) => path.blending_mode == BlendingMode::Normal,
        Node::Image(_) => true,
        Node::Group(group) => {
            depth < MAX_DEPTH
                && is_plain(group)
                && group.blending_mode == BlendingMode::Normal
                && !group.preserve_transparency
                && matches!(&group.children[..], [only] if is_single(only, depth + 1))
        }
    }
}

/// True when nothing limits or changes what the children show.
pub(crate) fn is_plain(group: &Group) -> bool {
    group.masks.is_empty()
        && group.matte.is_none()
        && group.effects.is_none()
        && group.styles.is_none()
        && !group.adjustment
        && !is_in_space(group)
}

/// True when something inside is combined with the backdrop in another way than over it.
pub(crate) fn reaches_backdrop(group: &Group, depth: u32) -> bool {
    depth < MAX_DEPTH
        && group.children.iter().any(|child| match child {
            Node::Path(path) => path.blending_mode != BlendingMode::Normal,
            Node::Image(_) => false,
            Node::Group(g) => {
                g.blending_mode != BlendingMode::Normal
                    || g.preserve_transparency
                    || g.adjustment
                    || (!is_separate(g) && reaches_backdrop(g, depth + 1))
            }
        })
}

/// True when an adjustment layer inside changes what is below `group`.
fn adjusts_backdrop(group: &Group, depth: u32) -> bool {
    depth < MAX_DEPTH
        && group.children.iter().any(|child| match child {
            Node::Group(g) => g.adjustment || (!is_separate(g) && adjusts_backdrop(g, depth + 1)),
            _ => false,
        })
}

/// True when a stencil, silhouette or adjustment layer inside cuts what is below `group`.
pub(crate) fn cuts_backdrop(group: &Group, depth: u32) -> bool {
    depth < MAX_DEPTH
        && group.children.iter().any(|child| match child {
            Node::Group(g) => {
                g.adjustment
                    || stencil_kind(g.blending_mode).is_some()
                    || (!is_separate(g) && cuts_backdrop(g, depth + 1))
            }
            _ => false,
        })
}

/// True when `node` leaves nothing to be seen of what is below it inside `clip`.
pub(crate) fn covers(node: &Node, parent: Affine, clip: IRect, depth: u32) -> bool {
    match node {
        Node::Path(path) => path_covers(path, parent, clip),
        Node::Image(_) => false,
        Node::Group(group) => {
            let transform = parent * group.transform;
            depth < MAX_DEPTH
                && group.opacity >= 1.0
                && group.blending_mode == BlendingMode::Normal
                && !group.preserve_transparency
                && is_plain(group)
                && finite(&transform)
                && group.clip.is_none_or(|rect| {
                    matches!(cut(rect, transform, clip), Cut::Pixels(inside) if inside.contains(clip))
                })
                // A stencil above would cut it.
                && !cuts_backdrop(group, depth)
                && group.children.iter().any(|c| covers(c, transform, clip, depth + 1))
        }
    }
}

/// True when all that counts for the alpha of `group` is the coverage of its paths, one over the other.
fn is_outlines(group: &Group, depth: u32) -> bool {
    depth < MAX_DEPTH
        && is_plain(group)
        && group.clip.is_none()
        && group.blending_mode == BlendingMode::Normal
        && !group.preserve_transparency
        && (group.opacity >= 1.0 || matches!(&group.children[..], [only] if is_single(only, depth + 1)))
        && group.children.iter().all(|child| match child {
            Node::Path(path) => path.blending_mode == BlendingMode::Normal && matches!(path.paint, Paint::Solid(_)),
            Node::Image(_) => false,
            Node::Group(group) => is_outlines(group, depth + 1),
        })
}

/// True when blending modes inside never reach what is below.
fn is_separate(group: &Group) -> bool {
    group.isolated || !is_plain(group) || group.blending_mode != BlendingMode::Normal
}

impl Draw<'_> {
    /// Draws one node at an opacity onto what is there.
    pub fn node(
        &mut self,
        node: &Node,
        parent: Affine,
        compose: Compose,
        surface: &mut Surface,
        clip: IRect,
        depth: u32,
    ) {
        match node {
            Node::Group(group) => self.group(group, parent, compose, surface, clip, depth),
            Node::Path(path) => {
                let mode = if path.blending_mode == BlendingMode::Normal {
                    compose.mode
                } else {
                    path.blending_mode
                };
                self.path(path, parent, Compose { mode, ..compose }, surface, clip);
            }
            Node::Image(image) => self.image(image, parent, compose, surface, clip),
        }
    }

    /// Draws a group; `outer` is what its parents ask of it where they hold nothing else.
    pub fn group(
        &mut self,
        group: &Group,
        parent: Affine,
        outer: Compose,
        surface: &mut Surface,
        clip: IRect,
        depth: u32,
    ) {
        if let Some(meter) = &mut self.meter {
            meter.enter(group.origin);
        }
        self.group_alone(group, parent, outer, surface, clip, depth);
        if let Some(meter) = &mut self.meter {
            meter.leave();
        }
    }

    fn group_alone(
        &mut self,
        group: &Group,
        parent: Affine,
        outer: Compose,
        surface: &mut Surface,
        clip: IRect,
        depth: u32,
    ) {
        let transform = parent * group.transform;
        let compose = Compose {
            opacity: outer.opacity * group.opacity.clamp(0.0, 1.0),
            mode: if group.blending_mode == BlendingMode::Normal {
                outer.mode
            } else {
                group.blending_mode
            },
            preserve_transparency: outer.preserve_transparency || group.preserve_transparency,
            dissolve_seed: outer.dissolve_seed | group.dissolve_seed,
        };
        let stencil = stencil_kind(compose.mode);
        if depth >= MAX_DEPTH || (compose.alpha() == 0 && stencil.is_none()) || !finite(&transform) {
            return;
        }
        if let Some(styles) = &group.styles {
            self.styled(group, styles, transform, compose, surface, clip, depth);
            return;
        }
        if group.adjustment {
            self.adjust(group, parent, compose, surface, clip, depth);
            return;
        }
        // Adjustment layers work in the pixels of their composition.
        let turned = group.isolated && !only_scaled(&transform) && adjusts_backdrop(group, depth);
        if group.effects.is_some() || turned || is_in_space(group) {
            self.affected(group, parent, compose, surface, clip, depth);
            return;
        }
        let mut inside = clip;
        let mut across = None;
        match group.clip.map(|rect| (rect, cut(rect, transform, clip))) {
            Some((_, Cut::Pixels(pixels))) => inside = inside.intersect(pixels),
            Some((rect, Cut::Across(around))) => {
                inside = inside.intersect(around);
                // Most compositions hold less than their frame: then there is nothing to cut.
                let content = content_bounds(group, transform, inside, depth);
                if holds(rect, transform, content) {
                    inside = content;
                } else {
                    across = Some(rect);
                }
            }
            None => {}
        }
        if inside.is_empty() && stencil.is_none() {
            return;
        }

        let plain = is_plain(group) && across.is_none() && stencil.is_none();
        let is_over = compose.mode == BlendingMode::Normal && !compose.preserve_transparency;
        if plain {
            let single = matches!(&group.children[..], [only] if is_single(only, depth + 1));
            let straight = is_over && compose.opacity >= 1.0 && !(group.isolated && reaches_backdrop(group, depth));
            if single || straight {
                // What lies below something that covers all is never seen.
                let from = group
                    .children
                    .iter()
                    .rposition(|c| covers(c, transform, inside, depth + 1));
                let from = if is_over && self.through.is_none() {
                    from.unwrap_or(0)
                } else {
                    0
                };
                for child in &group.children[from..] {
                    self.node(child, transform, compose, surface, inside, depth + 1);
                }
                return;
            }
        }
        self.separate(group, transform, compose, across, surface, clip, inside, depth);
    }

    /// Draws a group as a separate picture whatever it holds: what it cuts is not what is below it.
    pub fn apart(&mut self, group: &Group, parent: Affine, surface: &mut Surface, clip: IRect) {
        let mut buffer = self.scratch.pool.buffer(clip);
        let mut picture = buffer.surface();
        self.group(group, parent, Compose::normal(1.0), &mut picture, clip, 0);
        combine(picture.view(), Compose::normal(1.0), surface, &mut self.scratch.row);
        self.scratch.pool.give(buffer);
    }

    /// Draws a group as a separate picture first.
    #[allow(
        clippy::too_many_arguments,
        reason = "one call, and every one of them differs from group to group"
    )]
    fn separate(
        &mut self,
        group: &Group,
        transform: Affine,
        compose: Compose,
        across: Option<Rect>,
        surface: &mut Surface,
        clip: IRect,
        inside: IRect,
        depth: u32,
    ) {
        let mut rect = content_bounds(group, transform, inside, depth);
        if !rect.is_empty() && !group.masks.is_empty() {
            rect = mask::bounds(&group.masks, transform, rect);
        }
        let stencil = stencil_kind(compose.mode);
        let matte = group.matte.as_ref();
        if let Some(matte) = matte
            && !matte.inverted
            && !rect.is_empty()
        {
            // The matte lives beside the group, in the parent's space.
            rect = rect.intersect(group_bounds(
                &matte.content,
                parent_of(group, transform),
                rect,
                depth + 1,
            ));
        }
        if (rect.is_empty() && stencil.is_none()) || !surface.wants_any(rect) {
            return;
        }
        let rect = if rect.is_empty() {
            IRect::new(clip.x0, clip.y0, clip.x0, clip.y0)
        } else {
            rect
        };

        // One thing drawn once needs no picture: it is drawn through the masks and the matte.
        let single = matches!(&group.children[..], [only] if is_single(only, depth + 1) && is_unclipped(only));
        if single && stencil.is_none() {
            let outer = self.through.take();
            let plane = self.plane(group, transform, across, rect, depth);
            self.through = match (plane, &outer) {
                (Some(mut plane), Some(outer)) => {
                    multiply(&mut plane, outer);
                    Some(plane)
                }
                (plane, _) => plane,
            };
            self.node(&group.children[0], transform, compose, surface, rect, depth + 1);
            if let Some(plane) = std::mem::replace(&mut self.through, outer) {
                self.scratch.pool.give_plane(plane);
            }
            return;
        }
        // What a plain mask leaves is blended through its coverage at once; everything else is made a picture first.
        let is_over = compose.mode == BlendingMode::Normal && !compose.preserve_transparency;
        let outer = self.through.take();
        let through = is_over && matte.is_none() && across.is_none() && outer.is_none() && mask::is_plain(&group.masks);
        let key = cache::key(group.digest, transform, rect);
        let found = self.known(key, outer.as_ref());
        if let Found::Kept(kept) = found {
            self.show(group, transform, compose, through, kept.view(), surface, clip);
            return;
        }
        let mut buffer = self.scratch.pool.buffer(rect);
        let mut picture = buffer.surface();
        for child in &group.children {
            self.node(child, transform, Compose::normal(1.0), &mut picture, rect, depth + 1);
        }
        if !through && let Some(plane) = self.plane(group, transform, across, rect, depth) {
            limit(&mut picture, &plane);
            self.scratch.pool.give_plane(plane);
        }
        if let Some(outer) = &outer {
            limit(&mut picture, outer);
        }
        if matches!(found, Found::Again) {
            self.cache.keep(key, picture.view());
        }
        self.show(group, transform, compose, through, picture.view(), surface, clip);
        self.scratch.pool.give(buffer);
        self.through = outer;
    }

    /// What is known of a picture; what is seen through something else is not the whole of it.
    pub fn known(&self, key: Digest, outer: Option<&Plane>) -> Found {
        if outer.is_some() {
            Found::New
        } else {
            self.cache.find(key)
        }
    }

    /// Combines a group's finished picture with what is below it.
    #[allow(
        clippy::too_many_arguments,
        reason = "one call, and every one of them differs from group to group"
    )]
    pub fn show(
        &mut self,
        group: &Group,
        transform: Affine,
        compose: Compose,
        through: bool,
        picture: View,
        surface: &mut Surface,
        clip: IRect,
    ) {
        if through {
            let opacity = compose.opacity * group.masks[0].opacity.clamp(0.0, 1.0);
            self.scratch.lines.start(picture.rect);
            fill(&group.masks[0].outline.path, transform, &mut self.scratch.lines);
            let mut out = PictureOver {
                surface,
                picture,
                alpha: Compose::normal(opacity).alpha(),
            };
            self.scratch
                .sweep
                .fill(&self.scratch.lines, FillRule::NonZero, &mut out);
            return;
        }
        match stencil_kind(compose.mode) {
            Some(kind) => stencil_below(kind, picture, compose.alpha(), surface, clip),
            None => combine(picture, compose, surface, &mut self.scratch.row),
        }
    }

    /// All that limits the group's alpha: masks, a clip across pixels, the matte. `None`: nothing does.
    fn plane(
        &mut self,
        group: &Group,
        transform: Affine,
        across: Option<Rect>,
        rect: IRect,
        depth: u32,
    ) -> Option<Plane> {
        if rect.is_empty() {
            return None;
        }
        let all = self.own_plane(group, transform, across, rect);
        let Some(matte) = &group.matte else { return all };
        let plane = self.matte(matte, parent_of(group, transform), rect, depth);
        Some(self.both(all, plane))
    }

    /// What limits the group's alpha in its own space: masks and a clip across pixels.
    pub fn own_plane(&mut self, group: &Group, transform: Affine, across: Option<Rect>, rect: IRect) -> Option<Plane> {
        let mut all = (!group.masks.is_empty()).then(|| mask::plane(&group.masks, transform, rect, self.scratch));
        if let Some(clip) = across {
            let mut plane = self.scratch.pool.plane(rect);
            self.scratch.lines.start(rect);
            fill(&clip.to_path(0.1), transform, &mut self.scratch.lines);
            let mut out = PlaneOver {
                plane: &mut plane,
                alpha: 255,
            };
            self.scratch
                .sweep
                .fill(&self.scratch.lines, FillRule::NonZero, &mut out);
            all = Some(self.both(all, plane));
        }
        all
    }

    /// The product of two planes over the same rectangle.
    fn both(&mut self, a: Option<Plane>, mut b: Plane) -> Plane {
        if let Some(a) = a {
            multiply(&mut b, &a);
            self.scratch.pool.give_plane(a);
        }
        b
    }

    /// A track matte over `rect`.
    pub fn matte(&mut self, matte: &Matte, parent: Affine, rect: IRect, depth: u32) -> Plane {
        let mut plane = self.scratch.pool.plane(rect);
        let reach = group_bounds(&matte.content, parent, rect, depth + 1);
        if reach.is_empty() {
            // Nothing of it shows.
        } else if matte.kind == MatteKind::Alpha && is_outlines(&matte.content, depth) {
            self.outlines(&matte.content, parent, 1.0, &mut plane, reach);
        } else {
            let mut buffer: Buffer = self.scratch.pool.buffer(reach);
            let mut picture = buffer.surface();
            self.group(
                &matte.content,
                parent,
                Compose::normal(1.0),
                &mut picture,
                reach,
                depth + 1,
            );
            track_matte::read(matte.kind, picture.view(), &mut plane);
            self.scratch.pool.give(buffer);
        }
        if matte.inverted {
            for a in plane.touch_all() {
                *a = 255 - *a;
            }
        }
        plane
    }

    /// Adds the alpha of a group that [`is_outlines`] to a plane.
    fn outlines(&mut self, group: &Group, parent: Affine, opacity: f32, plane: &mut Plane, clip: IRect) {
        let transform = parent * group.transform;
        let opacity = opacity * group.opacity.clamp(0.0, 1.0);
        if !finite(&transform) {
            return;
        }
        for child in &group.children {
            match child {
                Node::Path(path) => self.path_alpha(path, transform, opacity, plane, clip),
                Node::Group(group) => self.outlines(group, transform, opacity, plane, clip),
                Node::Image(_) => {}
            }
        }
    }
}

/// The parent's transform of a group whose own is in `transform` already.
pub(crate) fn parent_of(group: &Group, transform: Affine) -> Affine {
    // Flat groups draw nothing themselves; what a matte does to nothing does not matter.
    if group.transform.determinant().abs() > 1e-12 {
        transform * group.transform.inverse()
    } else {
        Affine::IDENTITY
    }
}

/// How a clip rectangle cuts `inside`.
pub(crate) fn cut(rect: Rect, transform: Affine, inside: IRect) -> Cut {
    let device = transform.transform_rect_bbox(rect);
    let around = IRect::around(device);
    if upright(&transform) {
        let near = IRect::nearest(device);
        let off = |a: f64, b: i32| (a - f64::from(b)).abs();
        let whole = off(device.x0, near.x0)
            .max(off(device.y0, near.y0))
            .max(off(device.x1, near.x1))
            .max(off(device.y1, near.y1))
            < 1.0 / 256.0;
        let within = IRect::new(
            device.x0.ceil() as i32,
            device.y0.ceil() as i32,
            device.x1.floor() as i32,
            device.y1.floor() as i32,
        );
        if whole || within.contains(inside) {
            return Cut::Pixels(near);
        }
    }
    Cut::Across(around)
}

/// True when every pixel of `pixels` lies wholly inside `rect` under `transform`.
pub(crate) fn holds(rect: Rect, transform: Affine, pixels: IRect) -> bool {
    if transform.determinant().abs() < 1e-12 {
        return false;
    }
    let inverse = transform.inverse();
    // A little inside, for what rounding does to coordinates.
    let rect = rect.inset(1e-9 * (rect.width() + rect.height()));
    let (x0, y0) = (f64::from(pixels.x0), f64::from(pixels.y0));
    let (x1, y1) = (f64::from(pixels.x1), f64::from(pixels.y1));
    pixels.is_empty()
        || [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
            .iter()
            .all(|corner| rect.contains(inverse * Point::from(*corner)))
}

/// The pixels that the children of `group` may touch inside `clip`; `transform` is the group's own.
pub(crate) fn content_bounds(group: &Group, transform: Affine, clip: IRect, depth: u32) -> IRect {
    let mut all = IRect::default();
    for child in &group.children {
        all = all.union(bounds(child, transform, clip, depth + 1).intersect(clip));
        if all == clip {
            break;
        }
    }
    all
}

/// True when no clip is between `node` and the one thing it draws.
fn is_unclipped(node: &Node) -> bool {
    match node {
        Node::Group(group) => group.clip.is_none() && group.children.iter().all(is_unclipped),
        _ => true,
    }
}

/// Multiplies a plane by another, which is 0 beyond its rectangle.
fn multiply(plane: &mut Plane, by: &Plane) {
    let rect = plane.rect;
    for y in rect.y0..rect.y1 {
        let (x0, x1) = plane.extent(y, rect.x0, rect.x1);
        if x0 >= x1 {
            continue;
        }
        let (b0, b1) = by.extent(y, x0, x1);
        let row = plane.touch(y, x0, x1);
        if b0 >= b1 {
            row.fill(0);
            continue;
        }
        let (from, to) = ((b0 - x0) as usize, (b1 - x0) as usize);
        row[..from].fill(0);
        row[to..].fill(0);
        row::mask_alphas(&mut row[from..to], by.row(y, b0, b1));
    }
}

/// Multiplies a picture by a plane, which is 0 beyond its rectangle.
pub(crate) fn limit(picture: &mut Surface, by: &Plane) {
    let rect = picture.rect;
    for y in rect.y0..rect.y1 {
        let (x0, x1) = picture.view().extent(y, rect);
        if x0 >= x1 {
            continue;
        }
        let (b0, b1) = by.extent(y, x0, x1);
        let row = picture.row_mut(y, x0, x1);
        if b0 >= b1 {
            row.fill([0; 4]);
            continue;
        }
        let (from, to) = ((b0 - x0) as usize, (b1 - x0) as usize);
        row[..from].fill([0; 4]);
        row[to..].fill([0; 4]);
        row::mask(&mut row[from..to], by.row(y, b0, b1));
    }
}

/// Combines a finished picture with what is below it.
pub(crate) fn combine(picture: View, compose: Compose, surface: &mut Surface, scratch: &mut Vec<[u8; 4]>) {
    let alpha = compose.alpha();
    let rect = picture.rect;
    for y in rect.y0..rect.y1 {
        let (x0, x1) = picture.extent(y, rect);
        let (x0, x1) = surface.wanted(y, x0, x1);
        if x0 >= x1 {
            continue;
        }
        let backdrop = surface.touch(y, x0, x1);
        if compose.mode == BlendingMode::Normal && !compose.preserve_transparency {
            row::over_row_faded(backdrop, picture.row(y, x0, x1), alpha);
            continue;
        }
        scratch.clear();
        scratch.extend_from_slice(picture.row(y, x0, x1));
        let source = &mut scratch[..];
        if alpha != 255 {
            row::fade(source, alpha);
        }
        blend_row(compose, backdrop, source, x0, y);
    }
}

/// Cuts everything below by a stencil or silhouette.
fn stencil_below((luma, inverted): (bool, bool), picture: View, alpha: u8, surface: &mut Surface, clip: IRect) {
    let outside = if inverted { 255 } else { 0 };
    let mut keep = Vec::new();
    for y in clip.y0..clip.y1 {
        let (x0, x1) = surface.extent(y, clip);
        if x0 >= x1 {
            continue;
        }
        keep.clear();
        keep.resize((x1 - x0) as usize, outside);
        let (p0, p1) = picture.extent(y, IRect::new(x0, y, x1, y + 1));
        if p0 < p1 {
            let out = &mut keep[(p0 - x0) as usize..(p1 - x0) as usize];
            stencil_row(luma, inverted, picture.row(y, p0, p1), out);
        }
        if alpha != 255 {
            // A faded stencil cuts less.
            for k in &mut keep {
                *k = 255 - filmpress_pixels::mul_div_255(255 - *k, alpha);
            }
        }
        row::mask(surface.row_mut(y, x0, x1), &keep);
    }
}
