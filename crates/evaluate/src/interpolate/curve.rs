//! The ease between two keyframes in one dimension: a cubic in time and a cubic in value.

use filmpress_composition::{Handle, Interpolation, Keyframe};

use super::sane;

/// Where a linear side's handle lies when the other side is eased: a sixth along the chord, as After Effects exports it.
const LINEAR_REACH: f64 = 1.0 / 6.0;

/// How one number gets from a keyframe to the next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Curve {
    /// One value throughout.
    Constant(f64),
    /// Constant speed from the first to the second.
    Linear(f64, f64),
    /// Control points along time (the inner two; 0 and 1 are the outer ones) and value.
    Cubic { x1: f64, x2: f64, y: [f64; 4] },
}

/// What happens when a keyframe is left at some speed but the next one is arrived at with hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum HoldIn {
    /// The next value shows at once.
    Jumps,
    /// The old value stays.
    Stays,
}

impl Curve {
    /// The curve from `from` to `to` along `dimension`, where the values are `start` and `end`.
    pub fn new(from: &Keyframe, to: &Keyframe, dimension: usize, start: f64, end: f64, hold_in: HoldIn) -> Self {
        match (from.interpolation_out, to.interpolation_in) {
            (Interpolation::Hold, _) => return Self::Constant(start),
            (_, Interpolation::Hold) => {
                return Self::Constant(if hold_in == HoldIn::Jumps { end } else { start });
            }
            (Interpolation::Linear, Interpolation::Linear) => return Self::Linear(start, end),
            _ => {}
        }
        let linear = Handle {
            influence: LINEAR_REACH,
            offset: (end - start) * LINEAR_REACH,
        };
        let side = |interpolation, handles: &[Handle]| match interpolation {
            Interpolation::Bezier => handles.get(dimension).or(handles.last()).copied().unwrap_or(linear),
            _ => linear,
        };
        let out = side(from.interpolation_out, &from.ease_out);
        let into = side(to.interpolation_in, &to.ease_in);
        let reach = |h: Handle| {
            if h.influence.is_nan() {
                0.0
            } else {
                h.influence.clamp(0.0, 1.0)
            }
        };
        Self::Cubic {
            x1: reach(out),
            x2: 1.0 - reach(into),
            y: [start, start + sane(out.offset), end - sane(into.offset), end],
        }
    }

    /// The value at a fraction of the time.
    pub fn at(&self, fraction: f64) -> f64 {
        match *self {
            Self::Constant(value) => value,
            Self::Linear(a, b) => a + (b - a) * fraction,
            Self::Cubic { x1, x2, y } => cubic(y, solve(x1, x2, fraction)),
        }
    }
}

fn cubic(c: [f64; 4], u: f64) -> f64 {
    let v = 1.0 - u;
    v * v * v * c[0] + 3.0 * v * v * u * c[1] + 3.0 * v * u * u * c[2] + u * u * u * c[3]
}

/// The parameter at which the time cubic 0, x1, x2, 1 (rising, as both lie in 0..1) reaches `x`: Newton's steps, kept
/// inside a bracket that shrinks, so flat places cannot throw it out.
fn solve(x1: f64, x2: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    let mut u = x;
    for _ in 0..60 {
        let error = cubic([0.0, x1, x2, 1.0], u) - x;
        if error.abs() < 1e-12 {
            break;
        }
        if error > 0.0 {
            high = u;
        } else {
            low = u;
        }
        let v = 1.0 - u;
        let slope = 3.0 * (v * v * x1 + 2.0 * v * u * (x2 - x1) + u * u * (1.0 - x2));
        let next = u - error / slope;
        u = if next > low && next < high {
            next
        } else {
            f64::midpoint(low, high)
        };
    }
    u
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eased(influence: f64) -> Curve {
        let handle = Handle { influence, offset: 0.0 };
        let mut a = Keyframe::linear(0.0, 0.0);
        a.interpolation_out = Interpolation::Bezier;
        a.ease_out = vec![handle];
        let mut b = Keyframe::linear(1.0, 1.0);
        b.interpolation_in = Interpolation::Bezier;
        b.ease_in = vec![handle];
        Curve::new(&a, &b, 0, 0.0, 1.0, HoldIn::Jumps)
    }

    #[test]
    fn easy_ease_of_a_third_is_the_smooth_step() {
        let curve = eased(1.0 / 3.0);
        for i in 0..=20 {
            let x = f64::from(i) / 20.0;
            assert!((curve.at(x) - (3.0 * x * x - 2.0 * x * x * x)).abs() < 1e-9, "{x}");
        }
    }

    #[test]
    fn the_solver_holds_at_every_influence() {
        for i in 0..=20 {
            for j in 0..=20 {
                let (x1, x2) = (f64::from(i) / 20.0, f64::from(j) / 20.0);
                for k in 1..50 {
                    let x = f64::from(k) / 50.0;
                    let u = solve(x1, x2, x);
                    assert!((cubic([0.0, x1, x2, 1.0], u) - x).abs() < 1e-9, "{x1} {x2} {x}");
                }
            }
        }
    }

    #[test]
    fn equal_values_with_speed_still_bow() {
        let mut a = Keyframe::linear(0.0, 5.0);
        a.interpolation_out = Interpolation::Bezier;
        a.ease_out = vec![Handle {
            influence: 0.5,
            offset: 3.0,
        }];
        let b = Keyframe::linear(1.0, 5.0);
        let curve = Curve::new(&a, &b, 0, 5.0, 5.0, HoldIn::Jumps);
        assert!(curve.at(0.3) > 5.5);
        assert_eq!(curve.at(1.0), 5.0);
    }

    #[test]
    fn hold_on_arrival_jumps_or_stays() {
        let a = Keyframe::linear(0.0, 1.0);
        let mut b = Keyframe::linear(1.0, 2.0);
        b.interpolation_in = Interpolation::Hold;
        assert_eq!(Curve::new(&a, &b, 0, 1.0, 2.0, HoldIn::Jumps).at(0.5), 2.0);
        assert_eq!(Curve::new(&a, &b, 0, 1.0, 2.0, HoldIn::Stays).at(0.5), 1.0);
    }
}
