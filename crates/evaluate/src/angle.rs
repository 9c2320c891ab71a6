//! Degrees to matrices, exact at the right angles designers use.

use kurbo::Affine;

/// Sine and cosine of an angle in degrees; exact at multiples of 90.
pub(crate) fn sin_cos(degrees: f64) -> (f64, f64) {
    let turn = degrees % 360.0;
    let turn = if turn < 0.0 { turn + 360.0 } else { turn };
    if turn == 0.0 || turn == 360.0 {
        (0.0, 1.0)
    } else if turn == 90.0 {
        (1.0, 0.0)
    } else if turn == 180.0 {
        (0.0, -1.0)
    } else if turn == 270.0 {
        (-1.0, 0.0)
    } else {
        libm::sincos(turn.to_radians())
    }
}

/// A clockwise turn (y points down).
pub(crate) fn rotation(degrees: f64) -> Affine {
    let (s, c) = sin_cos(degrees);
    Affine::new([c, s, -s, c, 0.0, 0.0])
}

/// Shear along an axis, both in degrees; beyond 85 degrees After Effects goes no further.
pub(crate) fn skew(amount: f64, axis: f64) -> Affine {
    let (s, c) = sin_cos(amount.clamp(-85.0, 85.0));
    rotation(-axis) * Affine::new([1.0, 0.0, -s / c, 1.0, 0.0, 0.0]) * rotation(axis)
}

/// Degrees of a direction, clockwise from the positive x axis.
pub(crate) fn of_direction([x, y]: [f64; 2]) -> f64 {
    libm::atan2(y, x).to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_angles_are_exact() {
        assert_eq!(sin_cos(90.0), (1.0, 0.0));
        assert_eq!(sin_cos(-90.0), (-1.0, 0.0));
        assert_eq!(sin_cos(540.0), (0.0, -1.0));
        assert_eq!(sin_cos(-720.0), (0.0, 1.0));
        let (s, c) = sin_cos(30.0);
        assert!((s - 0.5).abs() < 1e-15 && (c - 0.75f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn a_quarter_turn_is_clockwise_on_screen() {
        assert_eq!(
            rotation(90.0) * kurbo::Point::new(1.0, 0.0),
            kurbo::Point::new(0.0, 1.0)
        );
        assert_eq!(of_direction([0.0, 2.0]), 90.0);
    }

    #[test]
    fn skew_leans_upright_lines_to_the_right() {
        let p = skew(45.0, 0.0) * kurbo::Point::new(0.0, -10.0);
        assert!((p - kurbo::Point::new(10.0, -10.0)).length() < 1e-9, "{p:?}");
    }

    #[test]
    fn the_skew_axis_turns_the_shear() {
        let p = skew(45.0, 90.0) * kurbo::Point::new(10.0, 0.0);
        assert!((p.x - 10.0).abs() < 1e-9 && p.y.abs() > 9.9, "{p:?}");
    }
}
