//! After Effects' blending modes on rows of pixels: the table from mode to maths.

use filmpress_composition::BlendingMode as Mode;
use filmpress_pixels::blend::{nonseparable as color, rows, separable as channel, stencil};
use filmpress_pixels::row;

/// Combines `source` with `backdrop`, rows of the same length that start at pixel `x`, `y`.
///
/// Stencils and silhouettes need the whole picture ([`stencil_plane`]); here they count as normal.
pub(crate) fn blend_row(mode: Mode, backdrop: &mut [[u8; 4]], source: &[[u8; 4]], x: i32, y: i32) {
    match mode {
        Mode::Normal
        | Mode::LuminescentPremul
        | Mode::StencilAlpha
        | Mode::StencilLuma
        | Mode::SilhouetteAlpha
        | Mode::SilhouetteLuma => row::over_row(backdrop, source),
        Mode::Dissolve | Mode::DancingDissolve => dissolve(backdrop, source, x, y),
        Mode::Darken => rows::premultiplied(backdrop, source, |b, s, ba, sa| (b * sa).min(s * ba)),
        Mode::Multiply => rows::premultiplied(backdrop, source, |b, s, _, _| b * s),
        Mode::Lighten => rows::premultiplied(backdrop, source, |b, s, ba, sa| (b * sa).max(s * ba)),
        Mode::Screen => rows::premultiplied(backdrop, source, |b, s, ba, sa| b * sa + s * ba - b * s),
        Mode::Add | Mode::LinearDodge => {
            rows::premultiplied(backdrop, source, |b, s, ba, sa| (b * sa + s * ba).min(sa * ba));
        }
        Mode::LinearBurn => {
            rows::premultiplied(backdrop, source, |b, s, ba, sa| (b * sa + s * ba - sa * ba).max(0));
        }
        Mode::Difference | Mode::ClassicDifference => {
            rows::premultiplied(backdrop, source, |b, s, ba, sa| (b * sa - s * ba).abs());
        }
        Mode::Exclusion => rows::premultiplied(backdrop, source, |b, s, ba, sa| b * sa + s * ba - 2 * b * s),
        Mode::Subtract => rows::premultiplied(backdrop, source, |b, s, ba, sa| (b * sa - s * ba).max(0)),
        Mode::LinearLight => rows::premultiplied(backdrop, source, |b, s, ba, sa| {
            (b * sa + 2 * s * ba - sa * ba).clamp(0, sa * ba)
        }),
        Mode::HardLight => rows::premultiplied(backdrop, source, hard_light),
        Mode::Overlay => rows::premultiplied(backdrop, source, |b, s, ba, sa| hard_light(s, b, sa, ba)),
        Mode::PinLight => rows::premultiplied(backdrop, source, |b, s, ba, sa| {
            if 2 * s <= sa {
                (b * sa).min(2 * s * ba)
            } else {
                (b * sa).max((2 * s - sa) * ba)
            }
        }),
        Mode::ColorBurn | Mode::ClassicColorBurn => rows::separable(backdrop, source, channel::color_burn),
        Mode::ColorDodge | Mode::ClassicColorDodge => rows::separable(backdrop, source, channel::color_dodge),
        Mode::SoftLight => rows::separable(backdrop, source, channel::soft_light),
        Mode::VividLight => rows::separable(backdrop, source, channel::vivid_light),
        Mode::HardMix => rows::separable(backdrop, source, channel::hard_mix),
        Mode::Divide => rows::separable(backdrop, source, channel::divide),
        Mode::DarkerColor => rows::whole(backdrop, source, color::darker_color),
        Mode::LighterColor => rows::whole(backdrop, source, color::lighter_color),
        Mode::Hue => rows::whole(backdrop, source, color::hue),
        Mode::Saturation => rows::whole(backdrop, source, color::saturation),
        Mode::Color => rows::whole(backdrop, source, color::color),
        Mode::Luminosity => rows::whole(backdrop, source, color::luminosity),
        Mode::AlphaAdd => {
            for (b, s) in backdrop.iter_mut().zip(source) {
                for c in 0..4 {
                    b[c] = b[c].saturating_add(s[c]);
                }
            }
        }
    }
}

#[inline(always)]
fn hard_light(b: i32, s: i32, ba: i32, sa: i32) -> i32 {
    if 2 * s <= sa {
        2 * b * s
    } else {
        sa * ba - 2 * (ba - b) * (sa - s)
    }
}

/// The source shows only where the backdrop does: the backdrop's alpha stays.
pub(crate) fn atop_row(backdrop: &mut [[u8; 4]], source: &[[u8; 4]]) {
    for (b, s) in backdrop.iter_mut().zip(source) {
        let alpha = b[3];
        // What is kept of the backdrop goes by the whole source, not by the part that shows.
        let (shown, kept) = (row::scale(*s, alpha), row::scale(*b, 255 - s[3]));
        let mut out = [alpha; 4];
        for c in 0..3 {
            out[c] = shown[c].saturating_add(kept[c]).min(alpha);
        }
        *b = out;
    }
}

/// Whether a mode only changes what is below, and if so how: from the source's luma rather than its alpha, and inverted.
pub(crate) fn stencil_kind(mode: Mode) -> Option<(bool, bool)> {
    match mode {
        Mode::StencilAlpha => Some((false, false)),
        Mode::StencilLuma => Some((true, false)),
        Mode::SilhouetteAlpha => Some((false, true)),
        Mode::SilhouetteLuma => Some((true, true)),
        _ => None,
    }
}

/// Fills `out` with what a stencil or silhouette keeps of what is below `source`.
pub(crate) fn stencil_row(luma: bool, inverted: bool, source: &[[u8; 4]], out: &mut [u8]) {
    if luma {
        stencil::lumas(source, out);
    } else {
        stencil::alphas(source, out);
    }
    if inverted {
        for a in out {
            *a = 255 - *a;
        }
    }
}

/// Shows each pixel fully or not at all, at random by its alpha; the same pixels in every frame.
fn dissolve(backdrop: &mut [[u8; 4]], source: &[[u8; 4]], x: i32, y: i32) {
    for (i, (b, s)) in backdrop.iter_mut().zip(source).enumerate() {
        let noise = scatter(x + i as i32, y) % 255;
        if u32::from(s[3]) > noise {
            let [r, g, bl, _] = filmpress_pixels::unpremultiply(*s);
            *b = [r, g, bl, 255];
        }
    }
}

/// A number that looks random for each pixel.
fn scatter(x: i32, y: i32) -> u32 {
    let mut h = (x as u32).wrapping_mul(0x9E37_79B1) ^ (y as u32).wrapping_mul(0x85EB_CA77);
    h ^= h >> 15;
    h = h.wrapping_mul(0x2C1B_3C6D);
    h ^= h >> 12;
    h = h.wrapping_mul(0x297A_2D39);
    h ^ (h >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;
    use filmpress_pixels::premultiply;

    type Formula = fn(f32, f32) -> f32;

    const SEPARABLE: [(Mode, Formula); 14] = [
        (Mode::Darken, channel::darken),
        (Mode::Multiply, channel::multiply),
        (Mode::LinearBurn, channel::linear_burn),
        (Mode::Add, channel::add),
        (Mode::Lighten, channel::lighten),
        (Mode::Screen, channel::screen),
        (Mode::Overlay, channel::overlay),
        (Mode::HardLight, channel::hard_light),
        (Mode::LinearLight, channel::linear_light),
        (Mode::PinLight, channel::pin_light),
        (Mode::Difference, channel::difference),
        (Mode::Exclusion, channel::exclusion),
        (Mode::Subtract, channel::subtract),
        (Mode::SoftLight, channel::soft_light),
    ];

    #[test]
    fn fast_forms_follow_the_formulas() {
        for (mode, formula) in SEPARABLE {
            for v in (0..=255u8).step_by(17) {
                for a in [60, 128, 255] {
                    let b = premultiply([v, 255 - v, 90, 200]);
                    let s = premultiply([140, v, 255 - v, a]);
                    let (mut fast, mut exact) = ([b], [b]);
                    blend_row(mode, &mut fast, &[s], 0, 0);
                    rows::separable(&mut exact, &[s], formula);
                    for c in 0..4 {
                        assert!(
                            fast[0][c].abs_diff(exact[0][c]) <= 2,
                            "{mode:?}: {fast:?} {exact:?} of {b:?} {s:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn dissolve_shows_as_many_pixels_as_the_alpha_says() {
        let mut row = vec![[0, 0, 0, 255]; 20_000];
        dissolve(&mut row, &vec![premultiply([255, 255, 255, 64]); 20_000], 0, 7);
        let white = row.iter().filter(|p| p[0] == 255).count();
        assert!((4600..5400).contains(&white), "{white}");
        assert!(row.iter().all(|p| p[0] == 0 || p[0] == 255));
    }

    #[test]
    fn atop_keeps_the_backdrops_alpha() {
        let mut row = [[100, 0, 0, 100], [0; 4], [10, 20, 30, 255]];
        atop_row(&mut row, &[[0, 200, 0, 200]; 3]);
        assert_eq!(row[0][3], 100);
        assert_eq!(row[1], [0; 4]);
        assert_eq!(row[2][3], 255);
        assert!(row[0][1] > 70);
    }
}
