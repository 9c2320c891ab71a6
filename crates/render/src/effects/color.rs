//! Colour as After Effects' colour effects see it: straight, in whole steps of 8 bits; luminance, hue, lightness and
//! saturation; and effects that change each pixel by itself.

use filmpress_pixels::{premultiply, unpremultiply};

use super::{Draws, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

/// The nearest whole step of a value 0..1; halves go up, and what is a half but for the last bits of a float too.
pub(super) fn byte(v: f32) -> u8 {
    // Casts cut, and turn what is no number into 0.
    (v * 255.0 + 0.5 + 1.0 / 4096.0).clamp(0.0, 255.0) as u8
}

/// Luminance 0..1.
pub(super) fn luma([r, g, b]: [f32; 3]) -> f32 {
    0.299 * r + 0.587 * g + 0.114 * b
}

/// Luminance in whole steps.
pub(super) fn luma_byte([r, g, b]: [u8; 3]) -> u8 {
    ((u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114 + 500) / 1000) as u8
}

pub(super) fn mix(a: f32, b: f32, share: f32) -> f32 {
    a + (b - a) * share
}

pub(super) fn mix3(a: [f32; 3], b: [f32; 3], share: f32) -> [f32; 3] {
    [0, 1, 2].map(|i| mix(a[i], b[i], share))
}

/// The least and the greatest of three.
pub(super) fn extremes([r, g, b]: [f32; 3]) -> (f32, f32) {
    (r.min(g).min(b), r.max(g).max(b))
}

/// Hue (0..1, red 0, green 1/3), lightness and saturation of a colour; greys have the hue 0.
pub(super) fn to_hls(rgb: [f32; 3]) -> [f32; 3] {
    let [r, g, b] = rgb;
    let (least, most) = extremes(rgb);
    let (sum, span) = (most + least, most - least);
    if span <= 0.0 {
        return [0.0, sum / 2.0, 0.0];
    }
    let sixth = if most == r {
        (g - b) / span
    } else if most == g {
        2.0 + (b - r) / span
    } else {
        4.0 + (r - g) / span
    };
    let saturation = span / if sum <= 1.0 { sum } else { 2.0 - sum };
    [turned(sixth / 6.0), sum / 2.0, saturation]
}

/// A hue in 0..1.
pub(super) fn turned(hue: f32) -> f32 {
    let hue = hue - hue.floor();
    if hue < 1.0 { hue } else { 0.0 }
}

/// The colour of a hue whose channels go from 0 to 1.
fn pure(hue: f32) -> [f32; 3] {
    [0.0, 2.0 / 3.0, 1.0 / 3.0].map(|shift| ((turned(hue + shift) * 6.0 - 3.0).abs() - 1.0).clamp(0.0, 1.0))
}

/// The colour of a hue, a lightness and a saturation.
pub(super) fn from_hls([hue, lightness, saturation]: [f32; 3]) -> [f32; 3] {
    let reach = saturation * lightness.min(1.0 - lightness);
    pure(hue).map(|v| lightness + (v * 2.0 - 1.0) * reach)
}

/// A colour whose hue is another one, its least and greatest channels what they were.
pub(super) fn with_hue(rgb: [f32; 3], hue: f32) -> [f32; 3] {
    let (least, most) = extremes(rgb);
    pure(hue).map(|v| least + v * (most - least))
}

/// Towards white (share up to 1) or black (down to -1).
pub(super) fn lightened(rgb: [f32; 3], share: f32) -> [f32; 3] {
    let share = share.clamp(-1.0, 1.0);
    rgb.map(|v| {
        if share > 0.0 {
            v + (1.0 - v) * share
        } else {
            v * (1.0 + share)
        }
    })
}

/// A colour of another luminance; what does not fit is drawn towards grey.
pub(super) fn with_luma(color: [f32; 3], target: f32) -> [f32; 3] {
    let shift = target - luma(color);
    let moved = color.map(|v| v + shift);
    let (least, most) = extremes(moved);
    let mut scale = 1.0_f32;
    if least < 0.0 {
        scale = scale.min(target / (target - least).max(1e-6));
    }
    if most > 1.0 {
        scale = scale.min((1.0 - target) / (most - target).max(1e-6));
    }
    moved.map(|v| target + (v - target) * scale)
}

/// A table from value to value of one channel.
pub(super) type Table = [u8; 256];

/// The table of a function of 0..1.
pub(super) fn table(f: impl Fn(f32) -> f32) -> Table {
    std::array::from_fn(|v| byte(f(v as f32 / 255.0)))
}

/// Changes every pixel: straight colours in and out. Equal neighbours are counted once: flat areas are many.
pub(super) fn map_pixels(picture: &mut Raster, f: impl Fn([u8; 4]) -> [u8; 4]) {
    let mut last = ([0; 4], premultiply(f([0; 4])));
    for pixel in picture.pixels_mut() {
        if *pixel != last.0 {
            last = (*pixel, premultiply(f(unpremultiply(*pixel))));
        }
        *pixel = last.1;
    }
}

/// An effect that changes each pixel by itself.
struct ByPixel<F> {
    f: F,
    /// Transparent pixels of the layer may show afterwards.
    everywhere: bool,
}

impl<F: Fn([u8; 4]) -> [u8; 4]> Draws for ByPixel<F> {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        if self.everywhere {
            ink.union(space.frame_pixels())
        } else {
            ink
        }
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let mut picture = stage.fit(input, out);
        map_pixels(&mut picture, &self.f);
        picture
    }
}

/// An effect that gives straight RGBA for straight RGBA.
pub(super) fn by_pixel(f: impl Fn([u8; 4]) -> [u8; 4] + 'static) -> Box<dyn Draws> {
    let everywhere = f([0; 4])[3] != 0;
    Box::new(ByPixel { f, everywhere })
}

/// An effect that gives a colour for a colour, 0..1, and keeps alpha.
pub(super) fn by_color(f: impl Fn([f32; 3]) -> [f32; 3] + 'static) -> Box<dyn Draws> {
    by_pixel(move |[r, g, b, a]| {
        let [r, g, b] = f([r, g, b].map(|v| f32::from(v) / 255.0)).map(byte);
        [r, g, b, a]
    })
}

/// An effect that changes each channel by itself: tables for red, green, blue and alpha.
pub(super) fn by_tables(tables: Box<[Table; 4]>) -> Box<dyn Draws> {
    by_pixel(move |pixel| [0, 1, 2, 3].map(|i| tables[i][usize::from(pixel[i])]))
}

/// The table that changes nothing.
pub(super) fn unchanged() -> Table {
    std::array::from_fn(|v| v as u8)
}

/// An effect that changes nothing.
pub(super) fn nothing() -> Box<dyn Draws> {
    struct Nothing;
    impl Draws for Nothing {
        fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
            stage.fit(input, out)
        }
    }
    Box::new(Nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_come_back_from_hue_lightness_and_saturation() {
        for rgb in [
            [1.0, 0.0, 0.0],
            [0.2, 0.7, 0.4],
            [0.9, 0.9, 0.1],
            [0.5; 3],
            [0.0; 3],
            [1.0; 3],
        ] {
            let back = from_hls(to_hls(rgb));
            for i in 0..3 {
                assert!((back[i] - rgb[i]).abs() < 1e-5, "{rgb:?} {back:?}");
            }
        }
        assert_eq!(to_hls([0.0, 1.0, 0.0]), [1.0 / 3.0, 0.5, 1.0]);
    }

    #[test]
    fn bytes_are_rounded_and_harmless() {
        assert_eq!([0.1, 0.9, 0.3, 2.0, -1.0].map(byte), [26, 230, 77, 255, 0]);
        assert_eq!(byte(f32::NAN), 0);
        assert_eq!(luma_byte([255; 3]), 255);
    }
}
