//! One box blur, and several that make a Gaussian.

/// Boxes in a Gaussian.
const TIMES: u32 = 3;
/// Widest box, pixels to each side.
const MOST: f64 = 1000.0;

/// A box: the mean of a pixel, `radius` neighbours to each side, and the next two in part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Kernel {
    pub radius: usize,
    /// Weight of each pixel within the radius.
    pub inner: f32,
    /// Weight of the next pixel on each side.
    pub outer: f32,
}

impl Kernel {
    /// `radius` pixels to each side and a share of the next.
    fn new(radius: f64, share: f64) -> Self {
        let whole = 1.0 / (2.0 * radius + 1.0 + 2.0 * share);
        Self {
            radius: radius as usize,
            inner: whole as f32,
            outer: (share * whole) as f32,
        }
    }
}

/// The same box blur a number of times along one axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BoxBlur {
    pub(super) kernel: Kernel,
    /// 0 does nothing.
    pub(super) times: u32,
}

impl BoxBlur {
    /// Nothing.
    pub const NONE: Self = Self {
        kernel: Kernel {
            radius: 0,
            inner: 1.0,
            outer: 0.0,
        },
        times: 0,
    };

    /// Boxes that reach `radius` pixels to each side, one after the other.
    pub fn boxes(radius: f64, times: u32) -> Self {
        if radius.is_nan() || radius <= 0.0 || times == 0 {
            return Self::NONE;
        }
        let radius = radius.min(MOST);
        let whole = radius.floor();
        Self {
            kernel: Kernel::new(whole, radius - whole),
            times,
        }
    }

    /// Three boxes with this standard deviation together, pixels.
    pub fn gaussian(sigma: f64) -> Self {
        // Below, a pixel keeps more than 254/255 of itself.
        if sigma.is_nan() || sigma < 0.04 {
            return Self::NONE;
        }
        // The variance of each: that of a box of radius r whose next pixels count by a share a is
        // (r (r + 1) (2r + 1) / 3 + 2 a (r + 1)^2) / (2r + 1 + 2a).
        let sigma = sigma.min(MOST);
        let variance = sigma * sigma / f64::from(TIMES);
        let radius = (0.5 * ((12.0 * variance + 1.0).sqrt() - 1.0)).floor().max(0.0);
        let n = 2.0 * radius + 1.0;
        let next = (radius + 1.0) * (radius + 1.0);
        let share = (variance * n - radius * (radius + 1.0) * n / 3.0) / (2.0 * (next - variance));
        Self {
            kernel: Kernel::new(radius, share.clamp(0.0, 1.0)),
            times: TIMES,
        }
    }

    pub fn is_nothing(&self) -> bool {
        self.times == 0
    }

    /// Pixels to each side that count.
    pub fn reach(&self) -> i32 {
        let one = self.kernel.radius as i32 + i32::from(self.kernel.outer > 0.0);
        one * self.times as i32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviations_are_exact() {
        for sigma in [0.1, 0.3, 0.6, 1.0, 3.3, 20.0, 77.0, 600.0, 1000.0] {
            let BoxBlur { kernel, times } = BoxBlur::gaussian(sigma);
            let r = kernel.radius as i64;
            let inner: f64 = (-r..=r).map(|i| (i * i) as f64 * f64::from(kernel.inner)).sum();
            let outer = 2.0 * ((r + 1) * (r + 1)) as f64 * f64::from(kernel.outer);
            let found = ((inner + outer) * f64::from(times)).sqrt();
            assert!((found / sigma - 1.0).abs() < 1e-3, "{sigma}: {found}");
            let weight = (2 * r + 1) as f64 * f64::from(kernel.inner) + 2.0 * f64::from(kernel.outer);
            assert!((weight - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn harmless_numbers() {
        assert!(BoxBlur::gaussian(f64::NAN).is_nothing());
        assert!(BoxBlur::boxes(-3.0, 3).is_nothing());
        assert!(BoxBlur::gaussian(1e300).reach() > 0);
    }
}
