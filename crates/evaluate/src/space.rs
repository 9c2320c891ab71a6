//! Space: where 3D layers are and what a camera sees of them. x to the right, y down, z away from the viewer.

use kurbo::Affine;

use crate::angle;

/// Where a 3D layer is: a linear map of space and a shift.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Space {
    /// Images of the x, y and z axes.
    pub axes: [[f64; 3]; 3],
    /// Image of the origin.
    pub origin: [f64; 3],
}

impl Space {
    /// The plane's transform, z untouched.
    pub fn flat(affine: Affine) -> Self {
        let [a, b, c, d, e, f] = affine.as_coeffs();
        Self {
            axes: [[a, b, 0.0], [c, d, 0.0], [0.0, 0.0, 1.0]],
            origin: [e, f, 0.0],
        }
    }

    /// A turn around an axis (0, 1, 2 for x, y, z), degrees; with y down and z away from the viewer the turn around z
    /// is clockwise.
    pub fn turn(axis: usize, degrees: f64) -> Self {
        let (s, c) = angle::sin_cos(degrees);
        let mut axes = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let (i, j) = [(1, 2), (2, 0), (0, 1)][axis % 3];
        axes[i][i] = c;
        axes[i][j] = s;
        axes[j][i] = -s;
        axes[j][j] = c;
        Self { axes, origin: [0.0; 3] }
    }

    /// A direction moved.
    pub fn apply(&self, v: [f64; 3]) -> [f64; 3] {
        std::array::from_fn(|i| self.axes[0][i] * v[0] + self.axes[1][i] * v[1] + self.axes[2][i] * v[2])
    }

    /// A point moved.
    pub fn point(&self, v: [f64; 3]) -> [f64; 3] {
        let moved = self.apply(v);
        std::array::from_fn(|i| moved[i] + self.origin[i])
    }

    /// This after `inner`.
    #[must_use]
    pub fn then_inner(&self, inner: &Self) -> Self {
        Self {
            axes: inner.axes.map(|axis| self.apply(axis)),
            origin: self.point(inner.origin),
        }
    }

    /// What a camera `distance` pixels in front of `centre` sees of the plane z = 0 of this space, made affine where
    /// `anchor` is: exact for planes parallel to the screen. `None` when that point is behind the camera.
    pub fn projected(&self, anchor: [f64; 3], centre: [f64; 2], distance: f64) -> Option<Affine> {
        let [x, y, z] = self.point(anchor);
        let depth = distance + z;
        if depth < 1.0 {
            return None;
        }
        let scale = distance / depth;
        let (x, y) = (x - centre[0], y - centre[1]);
        // The derivative of (x, y) * distance / (distance + z) along each axis of the layer.
        let along = |axis: [f64; 3]| {
            [
                scale * (axis[0] - x * axis[2] / depth),
                scale * (axis[1] - y * axis[2] / depth),
            ]
        };
        let (u, v) = (along(self.axes[0]), along(self.axes[1]));
        let at = [centre[0] + x * scale, centre[1] + y * scale];
        Some(Affine::new([
            u[0],
            u[1],
            v[0],
            v[1],
            at[0] - u[0] * anchor[0] - v[0] * anchor[1],
            at[1] - u[1] * anchor[0] - v[1] * anchor[1],
        ]))
    }
}
