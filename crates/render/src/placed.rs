//! In which pixels a group is drawn that is not drawn straight onto what is below it, and where those go.
//!
//! The device's own pixels where the layer is only scaled and moved, so that nothing is resampled; else the layer's, at
//! about the size they are shown in, and turned, skewed or seen in perspective afterwards. A layer with motion blur is
//! seen at several places.

use filmpress_evaluate::frame::{Group, Projection};
use kurbo::{Affine, Point, Rect};

use crate::effects::Space;
use crate::perspective;
use crate::rect::{IRect, scales};

/// Where content may lie, pixels: beyond it nothing is drawn.
pub(crate) const WHOLE: IRect = IRect {
    x0: -30_000,
    y0: -30_000,
    x1: 30_000,
    y1: 30_000,
};
/// The same of what is seen in perspective: only what shows of it is drawn.
const FAR: IRect = IRect {
    x0: -(1 << 24),
    y0: -(1 << 24),
    x1: 1 << 24,
    y1: 1 << 24,
};
/// Most pixels of a picture that is resampled.
const MOST_PIXELS: f64 = 32e6;
/// The same of what is seen in perspective: parts of it are far larger than they are shown.
const MOST_PIXELS_SEEN: f64 = 12e6;

/// What is left of a transform once a group is drawn in pixels of its own.
pub(crate) enum Rest {
    /// Nothing: they are the device's.
    Nothing,
    /// A transform to the device's pixels.
    Transform(Affine),
    /// Maps to the device's pixels; what shows is the average of them.
    Maps(Vec<Projection>),
}

/// The pixels a group is drawn in before it is transformed, and what is left of the transform then.
pub(crate) struct Placed {
    pub space: Space,
    pub rest: Rest,
}

/// Whether a group is seen in perspective or at several places.
pub(crate) fn is_in_space(group: &Group) -> bool {
    group.projection.is_some() || group.motion.is_some()
}

/// The maps of a group that [`is_in_space`], from its space to the device.
fn maps(group: &Group, parent: Affine) -> Vec<Projection> {
    let parent = Projection::from(parent);
    match (&group.motion, group.projection) {
        (Some(motion), _) => motion.iter().map(|place| parent * *place).collect(),
        (None, Some(projection)) => vec![parent * projection],
        (None, None) => vec![parent * group.transform.into()],
    }
}

/// Pixels that are the layer's own.
pub(crate) fn own_space(size: [f64; 2]) -> Space {
    Space {
        size,
        scale: [1.0; 2],
        origin: [0.0; 2],
    }
}

/// The pixels of the device inside `clip` that the pixels `own` of a group's own space may touch.
pub(crate) fn reach(group: &Group, parent: Affine, own: IRect, clip: IRect) -> IRect {
    let maps = maps(group, parent);
    let each = maps.iter().map(|map| perspective::bounds(map, own, clip));
    each.fold(IRect::default(), IRect::union)
}

impl Placed {
    /// For a group whose layer, of `size`, `transform` maps to the device.
    pub fn new(transform: Affine, size: [f64; 2]) -> Self {
        let [a, b, c, d, x, y] = transform.as_coeffs();
        if b == 0.0 && c == 0.0 && a > 0.0 && d > 0.0 {
            return Self {
                space: Space {
                    size,
                    scale: [a, d],
                    origin: [x, y],
                },
                rest: Rest::Nothing,
            };
        }
        if b == 0.0 && c == 0.0 && a != 0.0 && d != 0.0 {
            return Self::turned(size, [a, d], [x, y], false);
        }
        if a == 0.0 && d == 0.0 && b != 0.0 && c != 0.0 {
            return Self::turned(size, [b, c], [y, x], true);
        }
        let [sx, sy] = scales(&transform).map(steady);
        let less = (MOST_PIXELS / (size[0] * size[1] * sx * sy)).sqrt().min(1.0);
        let space = Space {
            scale: [sx * less, sy * less],
            ..own_space(size)
        };
        let rest = Rest::Transform(transform * space.transform().inverse());
        Self { space, rest }
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
            rest: Rest::Transform(rest),
        }
    }

    /// For a group that [`is_in_space`]; `own` is what it draws, in pixels of its layer, of which what shows inside `clip`
    /// counts.
    pub fn in_space(group: &Group, parent: Affine, size: [f64; 2], own: IRect, clip: IRect) -> Self {
        let mut maps = maps(group, parent);
        let visible = own.intersect(seen_by(&maps, clip));
        let mut scale: [f64; 2] = [1.0 / 4096.0; 2];
        for map in &maps {
            let Some(back) = map.inverse() else { continue };
            for corner in clipped(map.outline(rect_of(visible)).points(), rect_of(clip)) {
                let at = back.point(corner).and_then(|own| map.affine_at(own));
                if let Some(at) = at {
                    let here = scales(&at);
                    scale = [scale[0].max(here[0]), scale[1].max(here[1])];
                }
            }
        }
        // A layer that only moves is not resampled but for parts of pixels.
        let is_moved = |map: &Projection| {
            map.affine().is_some_and(|map| {
                let [a, b, c, d, ..] = map.as_coeffs();
                b == 0.0 && c == 0.0 && a == scale[0] && d == scale[1]
            })
        };
        if !maps.iter().all(is_moved) {
            scale = scale.map(steady);
        }
        let area = visible.width() as f64 * visible.height() as f64 * scale[0] * scale[1];
        let less = (MOST_PIXELS_SEEN / area.max(1.0)).sqrt().min(1.0);
        let space = Space {
            scale: scale.map(|s| s * less),
            ..own_space(size)
        };
        let back = Projection::from(space.transform().inverse());
        for map in &mut maps {
            *map = *map * back;
        }
        Self {
            space,
            rest: Rest::Maps(maps),
        }
    }

    /// The own pixels that show inside `clip` of the device.
    pub fn seen(&self, clip: IRect) -> IRect {
        match &self.rest {
            Rest::Nothing => clip,
            Rest::Transform(rest) if rest.determinant().abs() < 1e-12 => IRect::default(),
            Rest::Transform(rest) => IRect::around(rest.inverse().transform_rect_bbox(rect_of(clip)))
                .inflate(2)
                .intersect(WHOLE),
            Rest::Maps(maps) => seen_by(maps, clip),
        }
    }

    /// The pixels of the device that `own` pixels may touch.
    pub fn device(&self, own: IRect, clip: IRect) -> IRect {
        if own.is_empty() {
            return IRect::default();
        }
        match &self.rest {
            Rest::Nothing => own.intersect(clip),
            Rest::Transform(rest) => IRect::around(rest.transform_rect_bbox(rect_of(own))).intersect(clip),
            Rest::Maps(maps) => {
                let each = maps.iter().map(|map| perspective::bounds(map, own, clip));
                each.fold(IRect::default(), IRect::union)
            }
        }
    }

    /// Where content may lie, in own pixels.
    pub fn whole(&self) -> IRect {
        match self.rest {
            Rest::Maps(_) => FAR,
            _ => WHOLE,
        }
    }
}

/// Numbers that repeat from frame to frame while a layer turns, so that its picture can be used again.
fn steady(scale: f64) -> f64 {
    let scale = (scale * 4096.0).round() / 4096.0;
    scale.clamp(1.0 / 4096.0, 64.0)
}

fn rect_of(pixels: IRect) -> Rect {
    Rect::new(
        f64::from(pixels.x0),
        f64::from(pixels.y0),
        f64::from(pixels.x1),
        f64::from(pixels.y1),
    )
}

/// The pixels that show inside `clip` through maps.
fn seen_by(maps: &[Projection], clip: IRect) -> IRect {
    let each = maps.iter().filter_map(|map| map.inverse()?.bounds(rect_of(clip)));
    each.map(|seen| IRect::around(seen).inflate(2))
        .fold(IRect::default(), IRect::union)
        .intersect(FAR)
}

/// The corners of what is inside `clip` of a convex outline.
fn clipped(outline: &[Point], clip: Rect) -> Vec<Point> {
    let mut points = outline.to_vec();
    // How far a point is inside each side.
    let sides: [&dyn Fn(Point) -> f64; 4] = [&|p| p.x - clip.x0, &|p| clip.x1 - p.x, &|p| p.y - clip.y0, &|p| {
        clip.y1 - p.y
    }];
    for inside in sides {
        let before = std::mem::take(&mut points);
        for (i, &here) in before.iter().enumerate() {
            let next = before[(i + 1) % before.len()];
            let (a, b) = (inside(here), inside(next));
            if a >= 0.0 {
                points.push(here);
            }
            if (a >= 0.0) != (b >= 0.0) {
                points.push(here.lerp(next, a / (a - b)));
            }
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use filmpress_evaluate::frame::GroupParts;

    use super::*;
    use crate::rect::upright;

    const CLIP: IRect = IRect {
        x0: 0,
        y0: 0,
        x1: 100,
        y1: 100,
    };

    fn group(change: impl FnOnce(&mut GroupParts)) -> std::sync::Arc<Group> {
        let mut parts = GroupParts::default();
        change(&mut parts);
        parts.build()
    }

    #[test]
    fn a_layer_in_perspective_is_drawn_as_large_as_its_nearest_part_shows() {
        // From its own size at the left edge to a quarter of it at the right.
        let projection = Projection([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.03, 0.0, 1.0]]);
        let group = group(|parts| parts.projection = Some(projection));
        let own = IRect::new(0, 0, 100, 100);
        let placed = Placed::in_space(&group, Affine::IDENTITY, [0.0; 2], own, CLIP);
        // Its lower left corner is sheared too: a pixel along x goes one to the right and three up.
        assert!((placed.space.scale[0] - 10f64.sqrt()).abs() < 1e-3 && placed.space.scale[1] == 1.0);
        // Its right edge shows at x = 25.
        assert_eq!(reach(&group, Affine::IDENTITY, own, CLIP), IRect::new(0, 0, 26, 100));
        let part = Placed::in_space(&group, Affine::IDENTITY, [0.0; 2], own, IRect::new(20, 0, 100, 100));
        assert!(part.space.scale[1] < 0.5, "{:?}", part.space.scale);
    }

    #[test]
    fn a_floor_that_reaches_past_the_camera_stays_within_its_memory() {
        let projection = Projection([[1.0, 0.0, 0.0], [0.0, 0.0, 50.0], [0.0, -0.001, 1.0]]);
        let group = group(|parts| parts.projection = Some(projection));
        let own = IRect::new(-30_000, -30_000, 30_000, 30_000);
        let placed = Placed::in_space(&group, Affine::IDENTITY, [0.0; 2], own, CLIP);
        let scale = placed.space.scale;
        let scaled = |v: i32, s: f64| (f64::from(v) * s) as i32;
        let own = IRect::new(
            scaled(own.x0, scale[0]),
            scaled(own.y0, scale[1]),
            scaled(own.x1, scale[0]),
            scaled(own.y1, scale[1]),
        );
        let seen = placed.seen(CLIP).intersect(own);
        assert!(seen.width() * seen.height() < 13_000_000, "{seen:?}");
    }

    #[test]
    fn a_layer_that_moves_is_drawn_in_its_own_size() {
        let places = [0.0, 3.5].map(|x| Affine::new([1.7, 0.0, 0.0, 1.7, x, 0.0]).into());
        let group = group(|parts| parts.motion = Some(std::sync::Arc::from(places)));
        let own = IRect::new(0, 0, 10, 10);
        let placed = Placed::in_space(&group, Affine::IDENTITY, [0.0; 2], own, CLIP);
        assert_eq!(placed.space.scale, [1.7, 1.7]);
        assert_eq!(reach(&group, Affine::IDENTITY, own, CLIP), IRect::new(0, 0, 22, 18));
    }

    #[test]
    fn convex_outlines_are_cut_by_all_sides() {
        let outline = [(-10.0, 50.0), (50.0, -10.0), (110.0, 50.0), (50.0, 110.0)].map(Point::from);
        assert_eq!(clipped(&outline, rect_of(CLIP)).len(), 8);
        let outside = [(-10.0, 0.0), (-5.0, 0.0), (-5.0, 9.0)].map(Point::from);
        assert!(clipped(&outside, rect_of(CLIP)).is_empty());
    }

    #[test]
    fn a_layer_only_scaled_and_moved_needs_no_resampling() {
        let placed = Placed::new(Affine::new([0.5, 0.0, 0.0, 2.0, 10.25, -3.0]), [100.0, 50.0]);
        assert!(matches!(placed.rest, Rest::Nothing));
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
            let Rest::Transform(rest) = placed.rest else {
                panic!("it is resampled")
            };
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
