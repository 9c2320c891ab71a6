//! Set Matte: alpha from a channel of another layer.

use filmpress_evaluate::frame::LayerPicture;
use filmpress_pixels::{premultiply, row, unpremultiply};

use super::color::{byte, luma_byte, to_hls};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Set Matte3"],
    read: |p| Box::new(SetMatte::read(p)),
};

struct SetMatte {
    layer: Option<LayerPicture>,
    /// The entry of the menu of channels.
    channel: u32,
    inverted: bool,
    /// The other layer is made as large as this one; else their centres meet.
    stretch: bool,
    /// The layer's own alpha counts too.
    composite: bool,
    /// Colours of the other layer fade with its alpha.
    premultiplied: bool,
}

impl SetMatte {
    fn read(p: &Parameters) -> Self {
        Self {
            layer: p.layer(1).cloned(),
            channel: p.menu(2, 4),
            inverted: p.flag(3, false),
            stretch: p.flag(4, true),
            composite: p.flag(5, true),
            premultiplied: p.flag(6, true),
        }
    }

    /// What a pixel of the other layer gives for alpha.
    fn value(&self, pixel: [u8; 4]) -> u8 {
        let value = channel(pixel, self.channel, self.premultiplied);
        if self.inverted { 255 - value } else { value }
    }
}

/// The value of a channel, by the menu's entry, of a premultiplied pixel.
pub(super) fn channel(pixel: [u8; 4], channel: u32, premultiplied: bool) -> u8 {
    let [r, g, b, a] = if premultiplied { pixel } else { unpremultiply(pixel) };
    match channel {
        1 => r,
        2 => g,
        3 => b,
        5 => luma_byte([r, g, b]),
        6..=8 => byte(to_hls([r, g, b].map(|v| f32::from(v) / 255.0))[channel as usize - 6]),
        9 => 255,
        10 => 0,
        _ => a,
    }
}

impl Draws for SetMatte {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        if self.composite || self.layer.is_none() {
            ink
        } else {
            ink.union(space.frame_pixels())
        }
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let mut picture = stage.fit(input, out);
        let Some(layer) = &self.layer else { return picture };
        let matte = if self.stretch {
            stage.layer(layer, true, out)
        } else {
            stage.layer_centered(layer, out)
        };
        let simple = self.channel == 4 && !self.inverted;
        for (own, matte) in picture.pixels_mut().iter_mut().zip(matte.pixels()) {
            let value = if simple { matte[3] } else { self.value(*matte) };
            *own = if self.composite {
                row::scale(*own, value)
            } else {
                let [r, g, b, _] = unpremultiply(*own);
                premultiply([r, g, b, value])
            };
        }
        stage.give(matte);
        picture
    }
}

#[cfg(test)]
mod tests {
    use filmpress_pixels::mul_div_255;

    use super::*;

    #[test]
    fn channels_are_read_premultiplied_or_straight() {
        let pixel = premultiply([200, 100, 0, 128]);
        assert_eq!(channel(pixel, 1, true), mul_div_255(200, 128));
        assert!(channel(pixel, 1, false).abs_diff(200) <= 1);
        assert_eq!([4, 9, 10, 77].map(|c| channel(pixel, c, true)), [128, 255, 0, 128]);
        assert_eq!(channel([0, 255, 0, 255], 6, true), 85);
        assert_eq!(channel([0, 255, 0, 255], 7, true), 128);
        assert_eq!(channel([0; 4], 5, true), 0);
    }
}
