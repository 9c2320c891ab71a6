//! Stripes that repeat: how much of an interval they cover.

/// How much of `from..to` lies in the first `length` of the periods of 1 that start at whole numbers, 0..1.
pub(super) fn share(from: f64, to: f64, length: f64) -> f64 {
    let length = length.clamp(0.0, 1.0);
    // All that lies between 0 and x.
    let upto = |x: f64| {
        let whole = x.floor();
        whole * length + (x - whole).min(length)
    };
    if to - from > 1e-9 {
        ((upto(to) - upto(from)) / (to - from)).clamp(0.0, 1.0)
    } else if from - from.floor() < length {
        1.0
    } else {
        0.0
    }
}

/// The shares of pixels: `out[i]` is for the pixel at `first + i`, whose coordinate times `scale` plus `shift` is in
/// periods; every pixel is seen through a window as wide as `soft` periods, at least as wide as itself.
pub(super) fn shares(first: i32, scale: f64, shift: f64, soft: f64, length: f64, out: &mut Vec<f32>, count: usize) {
    let half = soft.max(scale.abs()) / 2.0;
    out.clear();
    out.extend((0..count).map(|i| {
        let at = (f64::from(first) + i as f64 + 0.5) * scale + shift;
        share(at - half, at + half, length) as f32
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_across_periods() {
        assert_eq!(share(0.0, 1.0, 0.25), 0.25);
        assert_eq!(share(0.0, 0.25, 0.25), 1.0);
        assert_eq!(share(0.25, 1.0, 0.25), 0.0);
        assert!((share(-0.5, 0.5, 0.5) - 0.5).abs() < 1e-12);
        assert!((share(0.2, 0.3, 0.25) - 0.5).abs() < 1e-9);
        assert_eq!(share(-0.9, -0.9, 0.5), 1.0);
        assert_eq!(share(3.6, 3.6, 0.5), 0.0);
    }
}
