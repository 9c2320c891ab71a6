//! RotoBezier: a path whose tangents follow from its vertices and a tension at each (`omtn`). What the file stores as
//! control points is then not used.
//!
//! A vertex' tangents lie along the line from the vertex before to the one after, each as long as the way to the
//! neighbour on its side times `(1 - tension) / 2`. The two ends of an open path point at their neighbour's tangent.

use filmpress_composition::BezierPath;

use crate::aep::raw::Fields;

/// The tension of every vertex of a path that stores none.
const DEFAULT: f64 = 1.0 / 3.0;

/// Gives a path in pixels the tangents of its tensions.
pub(super) fn derive(path: &mut BezierPath, tensions: Fields<'_>) {
    let n = path.vertices.len();
    let reach = |i: usize| {
        let stored = 4 * i + 4 <= tensions.len();
        let tension = if stored { tensions.f32(4 * i) } else { DEFAULT };
        (1.0 - tension.clamp(0.0, 1.0)) / 2.0
    };
    let vertices = path.vertices.clone();
    let vertex = |i: usize| vertices.get(i % n.max(1)).copied().unwrap_or_default();
    let (mut arriving, mut leaving) = (vec![[0.0; 2]; n], vec![[0.0; 2]; n]);
    let inner = |i: usize| path.closed || (i > 0 && i + 1 < n);
    if !path.closed || n > 2 {
        for i in (0..n).filter(|i| inner(*i)) {
            let (before, here, after) = (vertex(i + n - 1), vertex(i), vertex(i + 1));
            let along = unit(minus(after, before));
            let k = reach(i);
            set(&mut arriving, i, times(along, -length(minus(here, before)) * k));
            set(&mut leaving, i, times(along, length(minus(after, here)) * k));
        }
    }
    if !path.closed && n > 1 {
        let get = |list: &[[f64; 2]], i: usize| list.get(i).copied().unwrap_or_default();
        let target = plus(vertex(n - 2), get(&leaving, n - 2));
        set(&mut arriving, n - 1, times(minus(target, vertex(n - 1)), reach(n - 1)));
        let target = plus(vertex(1), get(&arriving, 1));
        set(&mut leaving, 0, times(minus(target, vertex(0)), reach(0)));
    }
    (path.in_tangents, path.out_tangents) = (arriving, leaving);
}

fn set(list: &mut [[f64; 2]], i: usize, value: [f64; 2]) {
    if let Some(place) = list.get_mut(i) {
        *place = value;
    }
}

fn minus([ax, ay]: [f64; 2], [bx, by]: [f64; 2]) -> [f64; 2] {
    [ax - bx, ay - by]
}

fn plus([ax, ay]: [f64; 2], [bx, by]: [f64; 2]) -> [f64; 2] {
    [ax + bx, ay + by]
}

fn times([x, y]: [f64; 2], by: f64) -> [f64; 2] {
    [x * by, y * by]
}

fn length([x, y]: [f64; 2]) -> f64 {
    (x * x + y * y).sqrt()
}

fn unit(v: [f64; 2]) -> [f64; 2] {
    let length = length(v);
    if length < 1e-9 {
        [0.0; 2]
    } else {
        times(v, 1.0 / length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derived(vertices: &[[f64; 2]], closed: bool, tensions: &[f32]) -> BezierPath {
        let bytes: Vec<u8> = tensions.iter().flat_map(|t| t.to_be_bytes()).collect();
        let mut path = BezierPath::polygon(vertices.to_vec(), closed);
        path.in_tangents.fill([9.0; 2]);
        derive(&mut path, Fields(&bytes));
        path
    }

    const SQUARE: [[f64; 2]; 4] = [[0.0, 0.0], [0.0, 30.0], [30.0, 30.0], [30.0, 0.0]];

    fn near(a: [f64; 2], b: [f64; 2]) -> bool {
        (a[0] - b[0]).abs() < 1e-9 && (a[1] - b[1]).abs() < 1e-9
    }

    #[test]
    fn tangents_of_a_closed_path_lie_along_its_neighbours() {
        let path = derived(&SQUARE, true, &[]);
        // A tension of a third: a third of the side, along the diagonal.
        let part = 10.0 / 2f64.sqrt();
        assert!(near(path.out_tangents[0], [-part, part]), "{:?}", path.out_tangents[0]);
        assert!(near(path.in_tangents[0], [part, -part]));
        let corners = derived(&SQUARE, true, &[1.0; 4]);
        assert!(near(corners.out_tangents[2], [0.0; 2]));
        let round = derived(&SQUARE, true, &[0.0, 1.0, 1.0, 1.0]);
        assert!(near(round.out_tangents[0], [-part * 1.5, part * 1.5]));
    }

    #[test]
    fn the_ends_of_an_open_path_point_at_their_neighbours() {
        let path = derived(&[[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]], false, &[]);
        let part = 10.0 / 3.0 / 2f64.sqrt();
        assert!(near(path.in_tangents[1], [-part, -part]));
        let third = 1.0 / 3.0;
        assert!(near(path.out_tangents[0], [(10.0 - part) * third, -part * third]));
        assert_eq!(path.in_tangents[0], [0.0; 2]);
        let line = derived(&[[0.0, 0.0], [9.0, 0.0]], false, &[]);
        assert!(near(line.in_tangents[1], [-3.0, 0.0]) && near(line.out_tangents[0], [2.0, 0.0]));
    }

    #[test]
    fn paths_without_a_direction_stay_still() {
        for n in 0..3 {
            let path = derived(&SQUARE[..n], true, &[]);
            assert!(path.out_tangents.iter().all(|t| *t == [0.0; 2]), "{n}");
        }
        assert_eq!(derived(&SQUARE[..1], false, &[]).in_tangents, [[0.0; 2]]);
    }
}
