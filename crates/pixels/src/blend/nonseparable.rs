//! Modes that work on the whole colour. Backdrop `b` and source `s`, RGB in 0..1, straight.
//!
//! Source: W3C Compositing and Blending Level 1 for hue, saturation, color and luminosity; Adobe's descriptions of
//! darker and lighter color.

type Rgb = [f32; 3];

fn lum([r, g, b]: Rgb) -> f32 {
    0.3 * r + 0.59 * g + 0.11 * b
}

fn sat(c: Rgb) -> f32 {
    c[0].max(c[1]).max(c[2]) - c[0].min(c[1]).min(c[2])
}

fn clip_color(c: Rgb) -> Rgb {
    let l = lum(c);
    let low = c[0].min(c[1]).min(c[2]);
    let high = c[0].max(c[1]).max(c[2]);
    let mut out = c;
    if low < 0.0 {
        out = out.map(|x| l + (x - l) * l / (l - low));
    }
    if high > 1.0 {
        out = out.map(|x| l + (x - l) * (1.0 - l) / (high - l));
    }
    out
}

fn set_lum(c: Rgb, l: f32) -> Rgb {
    let d = l - lum(c);
    clip_color(c.map(|x| x + d))
}

fn set_sat(c: Rgb, s: f32) -> Rgb {
    let low = c[0].min(c[1]).min(c[2]);
    let range = sat(c);
    if range > 0.0 {
        c.map(|x| (x - low) * s / range)
    } else {
        [0.0; 3]
    }
}

/// The hue of the source.
pub fn hue(b: Rgb, s: Rgb) -> Rgb {
    set_lum(set_sat(s, sat(b)), lum(b))
}

/// The saturation of the source.
pub fn saturation(b: Rgb, s: Rgb) -> Rgb {
    set_lum(set_sat(b, sat(s)), lum(b))
}

/// Hue and saturation of the source.
pub fn color(b: Rgb, s: Rgb) -> Rgb {
    set_lum(s, lum(b))
}

/// The luminosity of the source.
pub fn luminosity(b: Rgb, s: Rgb) -> Rgb {
    set_lum(b, lum(s))
}

/// Whichever colour is darker as a whole.
pub fn darker_color(b: Rgb, s: Rgb) -> Rgb {
    if lum(s) < lum(b) { s } else { b }
}

/// Whichever colour is lighter as a whole.
pub fn lighter_color(b: Rgb, s: Rgb) -> Rgb {
    if lum(s) > lum(b) { s } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_from_where_they_should() {
        let (b, s) = ([0.5, 0.4, 0.3], [0.2, 0.6, 0.4]);
        assert!((lum(hue(b, s)) - lum(b)).abs() < 1e-5);
        assert!((sat(hue(b, s)) - sat(b)).abs() < 1e-5);
        assert!((lum(color(b, s)) - lum(b)).abs() < 1e-5);
        assert!((sat(color(b, s)) - sat(s)).abs() < 1e-5);
        assert!((lum(luminosity(b, s)) - lum(s)).abs() < 1e-5);
        assert!((sat(saturation(b, s)) - sat(s)).abs() < 1e-5);
        // Grey has no hue to give.
        assert_eq!(saturation([0.5; 3], s), [0.5; 3]);
        assert_eq!(darker_color(b, s), b);
        assert_eq!(lighter_color(b, s), s);
    }

    #[test]
    fn clipping_keeps_the_luminosity() {
        let out = set_lum([1.0, 0.0, 0.0], 0.9);
        assert!((lum(out) - 0.9).abs() < 1e-5, "{out:?}");
        assert!(out.iter().all(|c| (-1e-6..=1.000_001).contains(c)), "{out:?}");
    }
}
