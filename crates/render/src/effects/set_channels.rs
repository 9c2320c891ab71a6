//! Set Channels: red, green, blue and alpha, each from a channel of a layer.

use filmpress_evaluate::frame::LayerPicture;
use filmpress_pixels::premultiply;

use super::set_matte::channel;
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Set Channels"],
    read: |p| Box::new(SetChannels::read(p)),
};

struct SetChannels {
    /// Of red, green, blue and alpha: the layer (the effect's own where there is none) and the entry of its menu.
    sources: [(Option<LayerPicture>, u32); 4],
    /// Other layers are made as large as this one.
    stretch: bool,
}

impl SetChannels {
    fn read(p: &Parameters) -> Self {
        Self {
            sources: [1, 2, 3, 4].map(|i| (p.layer(2 * i - 1).cloned(), p.menu(2 * i, i))),
            stretch: p.flag(9, true),
        }
    }
}

impl Draws for SetChannels {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        match &self.sources[3] {
            (None, 4 | 10) => ink,
            _ => ink.union(space.frame_pixels()),
        }
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let own = stage.fit(input, out);
        let mut picture = stage.raster(out);
        // Straight until all four are there.
        for (i, (layer, entry)) in self.sources.iter().enumerate() {
            let other = layer.as_ref().map(|layer| {
                if self.stretch {
                    stage.layer(layer, true, out)
                } else {
                    stage.layer_centered(layer, out)
                }
            });
            let source = other.as_ref().unwrap_or(&own);
            for (pixel, from) in picture.pixels_mut().iter_mut().zip(source.pixels()) {
                pixel[i] = channel(*from, *entry, false);
            }
            if let Some(other) = other {
                stage.give(other);
            }
        }
        stage.give(own);
        for pixel in picture.pixels_mut() {
            *pixel = premultiply(*pixel);
        }
        picture
    }
}
