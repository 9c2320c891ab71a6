//! After Effects' blending modes on rows of pixels: the table from mode to maths.

use filmpress_composition::BlendingMode as Mode;
use filmpress_pixels::blend::{nonseparable as color, rows, separable as channel, stencil};
use filmpress_pixels::row;

use crate::draw::Compose;

/// How many pixels of a row are made opaque at a time.
const CHUNK: usize = 64;

/// Combines `source` with `backdrop`, rows of the same length that start at pixel `x`, `y`. Opacity is in the source
/// already.
pub(crate) fn blend_row(how: Compose, backdrop: &mut [[u8; 4]], source: &[[u8; 4]], x: i32, y: i32) {
    match (how.preserve_transparency, how.mode) {
        (false, mode) => blend(mode, how.dissolve_seed, backdrop, source, x, y),
        (true, Mode::Normal) => atop_row(backdrop, source),
        (true, mode) => {
            // The colours are those of a backdrop without transparency; its alpha stays.
            let mut opaque = [[0; 4]; CHUNK];
            let chunks = backdrop.chunks_mut(CHUNK).zip(source.chunks(CHUNK));
            for ((backdrop, source), x) in chunks.zip((x..).step_by(CHUNK)) {
                let opaque = &mut opaque[..backdrop.len()];
                for (o, b) in opaque.iter_mut().zip(&*backdrop) {
                    let [r, g, b, _] = filmpress_pixels::unpremultiply(*b);
                    *o = [r, g, b, 255];
                }
                blend(mode, how.dissolve_seed, opaque, source, x, y);
                for (b, o) in backdrop.iter_mut().zip(&*opaque) {
                    *b = row::scale(*o, b[3]);
                }
            }
        }
    }
}

/// Combines by a mode. Stencils and silhouettes need the whole picture ([`stencil_row`]); here they count as normal.
fn blend(mode: Mode, seed: u32, backdrop: &mut [[u8; 4]], source: &[[u8; 4]], x: i32, y: i32) {
    match mode {
        Mode::Normal | Mode::StencilAlpha | Mode::StencilLuma | Mode::SilhouetteAlpha | Mode::SilhouetteLuma => {
            row::over_row(backdrop, source);
        }
        Mode::Dissolve | Mode::DancingDissolve => dissolve(seed, backdrop, source, x, y),
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
                *b = alpha_add(*b, *s);
            }
        }
        Mode::LuminescentPremul => {
            for (b, s) in backdrop.iter_mut().zip(source) {
                *b = luminescent_premul(*b, *s);
            }
        }
    }
}

/// Alphas add up to opaque; where both together are more than that, the source hides the backdrop as it always does.
fn alpha_add(b: [u8; 4], s: [u8; 4]) -> [u8; 4] {
    let room = 255 - s[3];
    let kept = if b[3] <= room {
        b
    } else {
        let part = |v: u8| ((u32::from(v) * u32::from(room) + u32::from(b[3]) / 2) / u32::from(b[3])) as u8;
        b.map(part)
    };
    let mut out = [0; 4];
    for c in 0..4 {
        out[c] = s[c].saturating_add(kept[c]);
    }
    out
}

/// The source's straight colours count as premultiplied ones: what is brighter than its alpha lights up the backdrop.
fn luminescent_premul(b: [u8; 4], s: [u8; 4]) -> [u8; 4] {
    let kept = row::scale(b, 255 - s[3]);
    let light = filmpress_pixels::unpremultiply(s);
    let alpha = s[3].saturating_add(kept[3]);
    let mut out = [alpha; 4];
    for c in 0..3 {
        out[c] = light[c].saturating_add(kept[c]).min(alpha);
    }
    out
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
fn atop_row(backdrop: &mut [[u8; 4]], source: &[[u8; 4]]) {
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

/// Shows each pixel fully or not at all, at random by its alpha; the same pixels for the same seed.
fn dissolve(seed: u32, backdrop: &mut [[u8; 4]], source: &[[u8; 4]], x: i32, y: i32) {
    let seed = seed.wrapping_mul(0x27D4_EB2F);
    for (i, (b, s)) in backdrop.iter_mut().zip(source).enumerate() {
        let noise = scatter(seed, x.wrapping_add(i as i32), y) % 255;
        if u32::from(s[3]) > noise {
            let [r, g, bl, _] = filmpress_pixels::unpremultiply(*s);
            *b = [r, g, bl, 255];
        }
    }
}

/// A number that looks random for each pixel.
fn scatter(seed: u32, x: i32, y: i32) -> u32 {
    let mut h = seed ^ (x as u32).wrapping_mul(0x9E37_79B1) ^ (y as u32).wrapping_mul(0x85EB_CA77);
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
                    blend(mode, 0, &mut fast, &[s], 0, 0);
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
        let source = vec![premultiply([255, 255, 255, 64]); 20_000];
        dissolve(3, &mut row, &source, 0, 7);
        let white = row.iter().filter(|p| p[0] == 255).count();
        assert!((4600..5400).contains(&white), "{white}");
        assert!(row.iter().all(|p| p[0] == 0 || p[0] == 255));
        let mut other = vec![[0, 0, 0, 255]; 20_000];
        dissolve(4, &mut other, &source, 0, 7);
        let both = row
            .iter()
            .zip(&other)
            .filter(|(a, b)| a[0] == 255 && b[0] == 255)
            .count();
        assert!(
            (1000..1500).contains(&both),
            "patterns of two seeds are not alike: {both}"
        );
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

    /// One opaque colour on another by each mode; worked by hand from Adobe's descriptions and the published formulas.
    #[test]
    fn every_mode_of_two_opaque_colors() {
        let (b, s) = ([204, 102, 51, 255], [51, 102, 204, 255]);
        let wanted: [(Mode, [u8; 3]); 26] = [
            (Mode::Normal, [51, 102, 204]),
            (Mode::Darken, [51, 102, 51]),
            // .8 * .2, .4 * .4, .2 * .8
            (Mode::Multiply, [41, 41, 41]),
            // 1 - .2 / .2, 1 - .6 / .4, 1 - .8 / .8
            (Mode::ColorBurn, [0, 0, 0]),
            (Mode::LinearBurn, [0, 0, 0]),
            // Luminosity .498 and .384.
            (Mode::DarkerColor, [51, 102, 204]),
            (Mode::LighterColor, [204, 102, 51]),
            (Mode::Add, [255, 204, 255]),
            (Mode::LinearDodge, [255, 204, 255]),
            (Mode::Lighten, [204, 102, 204]),
            // 1 - .2 * .8, 1 - .6 * .6
            (Mode::Screen, [214, 163, 214]),
            // .8 / .8, .4 / .6, .2 / .2
            (Mode::ColorDodge, [255, 170, 255]),
            // 1 - 2 * .2 * .8, 2 * .4 * .4, 2 * .2 * .8
            (Mode::Overlay, [173, 82, 82]),
            (Mode::HardLight, [82, 82, 173]),
            // .8 - .6 * .8 * .2, .4 - .2 * .4 * .6, .2 + .6 * (.448 - .2)
            (Mode::SoftLight, [180, 90, 89]),
            (Mode::LinearLight, [51, 51, 204]),
            // 1 - .2 / .4, 1 - .6 / .8, .2 / .4
            (Mode::VividLight, [128, 64, 128]),
            (Mode::PinLight, [102, 102, 153]),
            (Mode::HardMix, [255, 0, 255]),
            (Mode::Difference, [153, 0, 153]),
            // .8 + .2 - .32, .4 + .4 - .32, ...
            (Mode::Exclusion, [173, 122, 173]),
            (Mode::Subtract, [153, 0, 0]),
            (Mode::Divide, [255, 255, 64]),
            (Mode::AlphaAdd, [51, 102, 204]),
            (Mode::LuminescentPremul, [51, 102, 204]),
            (Mode::StencilAlpha, [51, 102, 204]),
        ];
        for (mode, wanted) in wanted {
            let mut row = [b];
            blend(mode, 0, &mut row, &[s], 0, 0);
            let near = (0..3).all(|c| row[0][c].abs_diff(wanted[c]) <= 1);
            assert!(near && row[0][3] == 255, "{mode:?}: {row:?} instead of {wanted:?}");
        }
        for (mode, channels) in [
            (Mode::Hue, 0),
            (Mode::Saturation, 1),
            (Mode::Color, 2),
            (Mode::Luminosity, 3),
        ] {
            let mut row = [b];
            blend(mode, 0, &mut row, &[s], 0, 0);
            let luma = |p: [u8; 4]| 0.3 * f32::from(p[0]) + 0.59 * f32::from(p[1]) + 0.11 * f32::from(p[2]);
            let of = if channels == 3 { s } else { b };
            assert!((luma(row[0]) - luma(of)).abs() < 1.5, "{mode:?}: {row:?}");
        }
    }

    #[test]
    fn alphas_add_without_a_seam_and_cover_where_they_are_too_much() {
        let half = premultiply([200, 100, 0, 128]);
        let rest = premultiply([200, 100, 0, 127]);
        assert_eq!(alpha_add(half, rest), [200, 100, 0, 255]);
        assert_eq!(alpha_add([10, 20, 30, 255], [1, 2, 3, 255]), [1, 2, 3, 255]);
        assert_eq!(
            alpha_add([0, 0, 0, 255], premultiply([255, 255, 255, 128])),
            [128, 128, 128, 255]
        );
        assert_eq!(alpha_add([0; 4], half), half);
    }

    #[test]
    fn luminescent_colors_are_added_whole() {
        let glow = premultiply([200, 100, 0, 128]);
        assert_eq!(luminescent_premul([0, 0, 0, 255], glow), [199, 100, 0, 255]);
        assert_eq!(luminescent_premul([100, 100, 100, 255], [0; 4]), [100, 100, 100, 255]);
        // Over nothing, no colour can be brighter than its alpha.
        assert_eq!(luminescent_premul([0; 4], glow), [128, 100, 0, 128]);
    }

    #[test]
    fn preserved_transparency_keeps_the_alpha_and_blends_the_colors() {
        let how = |mode| Compose {
            mode,
            preserve_transparency: true,
            ..Compose::normal(1.0)
        };
        let b = premultiply([200, 100, 50, 128]);
        let mut row = vec![b; 200];
        blend_row(how(Mode::Multiply), &mut row, &vec![[128, 128, 128, 255]; 200], 0, 0);
        assert!(row.iter().all(|p| *p == row[0]), "the same in every chunk");
        assert_eq!(row[0][3], 128);
        assert!(row[0][0].abs_diff(50) <= 1 && row[0][1].abs_diff(25) <= 1, "{row:?}");
        let mut row = [[0; 4]];
        blend_row(how(Mode::Add), &mut row, &[[128; 4]], 0, 0);
        assert_eq!(row, [[0; 4]]);
    }
}
