//! In which order 3D layers are drawn: what is further from the camera first.
//!
//! Layers are flat, so that of two of them the further one is that which lies wholly beyond the plane of the other.
//! Where neither does, because they cut through each other, the further anchor point decides: they are not split.

use kurbo::{Point, Rect};

use crate::extent::corners;
use crate::space::{Space, cross, unit};

/// A 3D layer to be ordered.
#[derive(Clone, Debug)]
pub(super) struct Plane {
    /// Where it lies, as the camera has it: the camera is at the origin and looks along z.
    pub seen: Space,
    /// Its anchor point, in its own space.
    pub anchor: [f64; 3],
}

impl Plane {
    /// How far its anchor point is from the camera, along the direction of view, rounded: what the last digits say does
    /// not change the order of layers at one distance.
    fn distance(&self) -> f64 {
        let [.., z] = self.seen.point(self.anchor);
        if z.is_finite() { (z / TOUCHES).round() } else { f64::MAX }
    }

    fn is_parallel_to_screen(&self) -> bool {
        let [[_, _, across], [_, _, down], _] = self.seen.axes;
        across.abs() < 1e-9 && down.abs() < 1e-9
    }
}

/// Most layers that are compared each with each.
const MOST_COMPARED: usize = 256;

/// Distances below this are none, pixels.
const TOUCHES: f64 = 1e-3;

/// The order to draw layers in, the first first: indices into `planes`, which are in stacking order, the bottom one
/// first. Layers at the same distance keep it. `extent` is how far the layer at an index reaches in its own space.
pub(super) fn order(planes: &[Plane], extent: impl Fn(usize) -> Option<Rect>) -> Vec<usize> {
    let distances: Vec<f64> = planes.iter().map(Plane::distance).collect();
    let mut order: Vec<usize> = (0..planes.len()).collect();
    order.sort_by(|&a, &b| distances[b].total_cmp(&distances[a]));
    if planes.len() < 2 || planes.len() > MOST_COMPARED || planes.iter().all(Plane::is_parallel_to_screen) {
        return order;
    }
    let sheets: Vec<Option<Sheet>> = planes
        .iter()
        .enumerate()
        .map(|(i, plane)| Sheet::new(&plane.seen, extent(i)?))
        .collect();
    sorted(&order, &sheets)
}

/// What a layer covers of its plane.
struct Sheet {
    corners: [[f64; 3]; 4],
    /// Direction from the plane to the side the camera is on, length 1.
    normal: [f64; 3],
    /// How far the camera is from the plane; the plane is at `normal * p = -distance`.
    distance: f64,
    /// What it covers of the screen, in pictures at a distance of 1; `None` when part of it is behind the camera.
    covers: Option<Rect>,
}

/// Where one layer lies, seen from another.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Nearer,
    Further,
    /// In its plane.
    In,
    /// On both sides.
    Both,
}

impl Sheet {
    fn new(seen: &Space, extent: Rect) -> Option<Self> {
        let corners = corners(extent).map(|corner| seen.point([corner.x, corner.y, 0.0]));
        let normal = unit(cross(seen.axes[0], seen.axes[1]))?;
        let along = |p: [f64; 3]| (0..3).map(|i| normal[i] * p[i]).sum::<f64>();
        let offset = along(seen.origin);
        let side = if offset > 0.0 { -1.0 } else { 1.0 };
        let shown = corners.iter().all(|c| c[2] > 1.0);
        let covers = shown.then(|| {
            let points = corners.map(|[x, y, z]| Point::new(x / z, y / z));
            let start = Rect::from_points(points[0], points[1]);
            points.iter().fold(start, |all, &point| all.union_pt(point))
        });
        Some(Self {
            corners,
            normal: normal.map(|x| x * side),
            distance: -offset * side,
            covers,
        })
    }

    /// Where `other` lies.
    fn side_of(&self, other: &Self) -> Side {
        let mut side = Side::In;
        for corner in &other.corners {
            let height = (0..3).map(|i| self.normal[i] * corner[i]).sum::<f64>() + self.distance;
            let here = if height.abs() < TOUCHES {
                continue;
            } else if height > 0.0 {
                Side::Nearer
            } else {
                Side::Further
            };
            if side != Side::In && side != here {
                return Side::Both;
            }
            side = here;
        }
        side
    }
}

/// Whether `a` must be drawn before `b`, the one below it in the stack being `a`: `Some(false)` is after it.
fn is_before(a: &Sheet, b: &Sheet) -> Option<bool> {
    if let (Some(a), Some(b)) = (a.covers, b.covers)
        && (a.x1 <= b.x0 || b.x1 <= a.x0 || a.y1 <= b.y0 || b.y1 <= a.y0)
    {
        return None;
    }
    let (seen_from_a, seen_from_b) = (a.side_of(b), b.side_of(a));
    if seen_from_a == Side::In || seen_from_b == Side::In {
        return Some(true);
    }
    let before = seen_from_a == Side::Nearer || seen_from_b == Side::Further;
    let after = seen_from_a == Side::Further || seen_from_b == Side::Nearer;
    (before != after).then_some(before)
}

/// The order `wanted`, changed where one layer lies before another.
fn sorted(wanted: &[usize], sheets: &[Option<Sheet>]) -> Vec<usize> {
    let count = sheets.len();
    // Who waits for whom: a layer is drawn when all that lie beyond it are.
    let mut beyond = vec![0u32; count];
    let mut nearer: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (a, sheet) in sheets.iter().enumerate() {
        for (b, other) in sheets.iter().enumerate().skip(a + 1) {
            let (Some(sheet), Some(other)) = (sheet, other) else {
                continue;
            };
            match is_before(sheet, other) {
                Some(true) => {
                    nearer[a].push(b);
                    beyond[b] += 1;
                }
                Some(false) => {
                    nearer[b].push(a);
                    beyond[a] += 1;
                }
                None => {}
            }
        }
    }
    let mut left = wanted.to_vec();
    let mut order = Vec::with_capacity(count);
    while !left.is_empty() {
        // Where layers wait for each other in a circle, the furthest goes first.
        let next = left.iter().position(|&i| beyond[i] == 0).unwrap_or(0);
        let i = left.remove(next);
        order.push(i);
        for &waiting in &nearer[i] {
            beyond[waiting] = beyond[waiting].saturating_sub(1);
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(z: f64, turn: Space) -> Plane {
        let origin = [0.0, 0.0, z];
        Plane {
            seen: Space { origin, ..turn },
            anchor: [0.0; 3],
        }
    }

    fn order_of(planes: &[Plane], rects: &[Rect]) -> Vec<usize> {
        order(planes, |i| Some(rects[i % rects.len()]))
    }

    const SQUARE: Rect = Rect::new(-50.0, -50.0, 50.0, 50.0);

    #[test]
    fn the_furthest_is_first_and_layers_at_one_distance_keep_their_order() {
        let flat = |z| at(z, Space::IDENTITY);
        let planes = [flat(500.0), flat(700.0), flat(500.0), flat(900.0)];
        assert_eq!(order_of(&planes, &[SQUARE]), [3, 1, 0, 2]);
        assert_eq!(order_of(&[flat(f64::NAN), flat(5.0)], &[SQUARE]), [0, 1]);
        assert!(order_of(&[], &[SQUARE]).is_empty());
    }

    #[test]
    fn a_floor_whose_middle_is_nearer_lies_behind_what_stands_on_it() {
        // The floor reaches from the camera far back; what stands on it is further away than the floor's middle.
        let mut floor = at(600.0, Space::turn(0, 90.0));
        floor.seen.origin[1] = 60.0;
        let wall = at(900.0, Space::IDENTITY);
        let rects = [SQUARE, Rect::new(-500.0, -500.0, 500.0, 500.0)];
        assert_eq!(order_of(&[wall.clone(), floor.clone()], &rects), [1, 0]);
        assert_eq!(
            order_of(&[floor, wall], &[rects[1], rects[0]]),
            [0, 1],
            "whichever is above the other in the stack"
        );
    }

    #[test]
    fn layers_in_one_turned_plane_keep_their_order() {
        let turn = Space::turn(1, 50.0);
        let mut shifted = at(500.0, turn);
        shifted.seen.origin = shifted.seen.point([30.0, 0.0, 0.0]);
        let planes = [at(500.0, turn), shifted.clone()];
        assert_eq!(order_of(&planes, &[SQUARE]), [0, 1]);
        assert_eq!(order_of(&[shifted, at(500.0, turn)], &[SQUARE]), [0, 1]);
    }

    #[test]
    fn layers_that_cut_each_other_go_by_their_anchor_points() {
        let planes = [at(500.0, Space::turn(1, 50.0)), at(510.0, Space::turn(1, -50.0))];
        assert_eq!(order_of(&planes, &[SQUARE]), [1, 0]);
    }

    #[test]
    fn many_layers_and_empty_ones_are_ordered_too() {
        let planes: Vec<_> = (0..400)
            .map(|i| at(1000.0 - f64::from(i), Space::turn(1, 10.0)))
            .collect();
        assert_eq!(order_of(&planes, &[SQUARE]), (0..400).collect::<Vec<_>>());
        assert_eq!(order(&planes[..3], |_| None), [0, 1, 2]);
    }
}
