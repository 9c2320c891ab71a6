//! Space: where 3D layers are. x to the right, y down, z away from the viewer.

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

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(crate) fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// A direction of length 1; `None` for no direction.
pub(crate) fn unit(v: [f64; 3]) -> Option<[f64; 3]> {
    let length = dot(v, v).sqrt();
    (length > 1e-12 && length.is_finite()).then(|| v.map(|x| x / length))
}

impl Space {
    /// Where the composition itself is.
    pub const IDENTITY: Self = Self {
        axes: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        origin: [0.0; 3],
    };

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
        let mut axes = Self::IDENTITY.axes;
        let (i, j) = [(1, 2), (2, 0), (0, 1)][axis % 3];
        axes[i][i] = c;
        axes[i][j] = s;
        axes[j][i] = -s;
        axes[j][j] = c;
        Self { axes, origin: [0.0; 3] }
    }

    /// The turn that points the z axis in a direction: around y, then up or down; upright things stay upright.
    pub fn facing([x, y, z]: [f64; 3]) -> Self {
        if [x, y, z] == [0.0; 3] {
            return Self::IDENTITY;
        }
        let around = angle::of_direction([z, x]);
        let up = angle::of_direction([libm::hypot(x, z), -y]);
        Self::turn(1, around).then_inner(&Self::turn(0, up))
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

    /// The same place and direction of view, neither scaled nor skewed.
    pub fn rigid(&self) -> Self {
        let upright = || {
            let z = unit(self.axes[2])?;
            let along = dot(self.axes[1], z);
            let y = unit(std::array::from_fn(|i| self.axes[1][i] - z[i] * along))?;
            let x = cross(y, z);
            // A mirrored space stays one.
            let side = if dot(x, self.axes[0]) < 0.0 { -1.0 } else { 1.0 };
            Some([x.map(|v| v * side), y, z])
        };
        Self {
            axes: upright().unwrap_or(Self::IDENTITY.axes),
            origin: self.origin,
        }
    }

    /// The way back from a [rigid](Self::rigid) space.
    pub fn back(&self) -> Self {
        let axes = std::array::from_fn(|i| std::array::from_fn(|j| self.axes[j][i]));
        let turned = Self { axes, origin: [0.0; 3] };
        Self {
            axes,
            origin: turned.apply(self.origin).map(|v| -v),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: [f64; 3], b: [f64; 3]) -> bool {
        (0..3).all(|i| (a[i] - b[i]).abs() < 1e-12)
    }

    #[test]
    fn positive_turns_go_as_after_effects_turns() {
        // x: the top edge comes towards the viewer; y: the right edge does; z: clockwise.
        assert!(near(Space::turn(0, 90.0).apply([0.0, -1.0, 0.0]), [0.0, 0.0, -1.0]));
        assert!(near(Space::turn(1, 90.0).apply([1.0, 0.0, 0.0]), [0.0, 0.0, -1.0]));
        assert!(near(Space::turn(2, 90.0).apply([1.0, 0.0, 0.0]), [0.0, 1.0, 0.0]));
    }

    #[test]
    fn facing_points_the_z_axis_and_keeps_upright_things_upright() {
        for direction in [[0.0, 0.0, 5.0], [1.0, 0.0, 0.0], [1.0, -2.0, -2.0], [0.0, 1.0, 0.0]] {
            let facing = Space::facing(direction);
            assert!(
                near(facing.axes[2], unit(direction).unwrap()),
                "{direction:?}: {facing:?}"
            );
            assert!(facing.axes[0][1].abs() < 1e-12, "{direction:?}: {facing:?}");
        }
        assert_eq!(Space::facing([0.0; 3]), Space::IDENTITY);
    }

    #[test]
    fn rigid_spaces_and_their_way_back() {
        let place = Space {
            axes: [[3.0, 0.0, 0.0], [0.0, 0.0, 2.0], [0.0, -0.5, 0.0]],
            origin: [10.0, 20.0, 30.0],
        };
        let rigid = place.rigid();
        assert!(near(rigid.axes[0], [1.0, 0.0, 0.0]) && near(rigid.axes[1], [0.0, 0.0, 1.0]));
        let there = rigid.point([1.0, 2.0, 3.0]);
        assert!(near(rigid.back().point(there), [1.0, 2.0, 3.0]));
        let flat = Space {
            axes: [[0.0; 3]; 3],
            ..place
        };
        assert_eq!(flat.rigid().axes, Space::IDENTITY.axes);
    }
}
