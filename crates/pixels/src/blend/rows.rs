//! Blending formulas applied to rows of premultiplied 8-bit pixels.

/// One separable mode over a row: `blend(backdrop, source)` of straight channels in 0..1.
#[inline(always)]
pub fn separable(row: &mut [[u8; 4]], source: &[[u8; 4]], blend: impl Fn(f32, f32) -> f32) {
    whole(row, source, |b, s| std::array::from_fn(|c| blend(b[c], s[c])));
}

/// One mode over a row: `blend(backdrop, source)` of straight RGB in 0..1.
#[inline(always)]
pub fn whole(row: &mut [[u8; 4]], source: &[[u8; 4]], blend: impl Fn([f32; 3], [f32; 3]) -> [f32; 3]) {
    for (pixel, &s) in row.iter_mut().zip(source) {
        if s[3] == 0 {
            continue;
        }
        let b = *pixel;
        if b[3] == 0 {
            *pixel = s;
            continue;
        }
        let (sa, ba) = (f32::from(s[3]), f32::from(b[3]));
        let straight = |p: [u8; 4], a: f32| [0, 1, 2].map(|c| f32::from(p[c]) / a);
        let mixed = blend(straight(b, ba), straight(s, sa));
        let both = sa * ba / 255.0;
        let alpha = over_alpha(s[3], b[3]);
        let mut out = [0, 0, 0, alpha];
        for c in 0..3 {
            let x = f32::from(s[c]) * (255.0 - ba) / 255.0 + f32::from(b[c]) * (255.0 - sa) / 255.0 + both * mixed[c];
            out[c] = ((x + 0.5) as u8).min(alpha);
        }
        *pixel = out;
    }
}

/// One separable mode over a row without division: `blend(backdrop, source, backdrop alpha, source alpha)` takes
/// premultiplied values 0..255 and returns `255 * 255` times `as ab blend(b, s)`.
#[inline(always)]
pub fn premultiplied(row: &mut [[u8; 4]], source: &[[u8; 4]], blend: impl Fn(i32, i32, i32, i32) -> i32) {
    for (pixel, s) in row.iter_mut().zip(source) {
        let (ba, sa) = (i32::from(pixel[3]), i32::from(s[3]));
        for c in 0..3 {
            let (b, s) = (i32::from(pixel[c]), i32::from(s[c]));
            let sum = s * (255 - ba) + b * (255 - sa) + blend(b, s, ba, sa);
            pixel[c] = div(sum);
        }
        pixel[3] = div(255 * (sa + ba) - sa * ba);
    }
}

/// `x / 255` rounded, cut to 0..=255.
#[inline(always)]
fn div(x: i32) -> u8 {
    let t = x.clamp(0, 255 * 255) + 128;
    ((t + (t >> 8)) >> 8) as u8
}

/// The alpha of one thing over another.
#[inline(always)]
pub fn over_alpha(s: u8, b: u8) -> u8 {
    let (s, b) = (i32::from(s), i32::from(b));
    div(255 * (s + b) - s * b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blend::separable as modes;
    use crate::pixmap::premultiply;

    type Exact = fn(i32, i32, i32, i32) -> i32;

    #[test]
    fn both_ways_agree() {
        let float: [fn(f32, f32) -> f32; 4] = [modes::multiply, modes::screen, modes::darken, modes::difference];
        let exact: [Exact; 4] = [
            |b, s, _, _| b * s,
            |b, s, ba, sa| b * sa + s * ba - b * s,
            |b, s, ba, sa| (b * sa).min(s * ba),
            |b, s, ba, sa| (b * sa - s * ba).abs(),
        ];
        for (float, exact) in float.into_iter().zip(exact) {
            for v in (0..=255u8).step_by(15) {
                for a in (0..=255u8).step_by(17) {
                    let b = premultiply([v, 200, 30, 255 - a / 2]);
                    let s = premultiply([255 - v, 100, v, a]);
                    let (mut x, mut y) = ([b], [b]);
                    separable(&mut x, &[s], float);
                    premultiplied(&mut y, &[s], exact);
                    for c in 0..4 {
                        assert!(x[0][c].abs_diff(y[0][c]) <= 1, "{x:?} {y:?} of {b:?} {s:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn over_nothing_is_the_source_and_nothing_over_is_the_backdrop() {
        let s = premultiply([200, 100, 50, 128]);
        let mut row = [[0; 4]];
        separable(&mut row, &[s], modes::multiply);
        assert_eq!(row, [s]);
        separable(&mut row, &[[0; 4]], modes::difference);
        assert_eq!(row, [s]);
    }
}
