//! Gradient Wipe: what is dark in another layer's picture vanishes first.

use filmpress_evaluate::frame::LayerPicture;

use super::cover::{alpha, cover};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Gradient Wipe"],
    read: |p| Box::new(GradientWipe::read(p)),
};

struct GradientWipe {
    /// 0..1.
    completion: f32,
    /// 0..1.
    softness: f32,
    gradient: Option<LayerPicture>,
    placement: Placement,
    inverted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Placement {
    Tile,
    Center,
    Stretch,
}

impl GradientWipe {
    fn read(p: &Parameters) -> Self {
        Self {
            completion: p.number(1, 0.0).clamp(0.0, 1.0) as f32,
            softness: p.number(2, 0.0).clamp(0.0, 1.0) as f32,
            gradient: p.layer(3).cloned(),
            placement: match p.menu(4, 3) {
                1 => Placement::Tile,
                2 => Placement::Center,
                _ => Placement::Stretch,
            },
            inverted: p.flag(5, false),
        }
    }

    /// What is left where the gradient has a luminance of 0..255.
    fn left(&self, luma: u8) -> u8 {
        let luma = if self.inverted { 255 - luma } else { luma };
        // At the beginning even black is left, at the end not even white.
        let gone = self.completion * (1.0 + self.softness.max(1.0 / 255.0));
        let share = (f32::from(luma) / 255.0 + self.softness.max(1.0 / 255.0) - gone) / self.softness.max(1.0 / 255.0);
        alpha(share.clamp(0.0, 1.0))
    }
}

/// The luminance of a premultiplied pixel, 0..255; what is transparent counts as black.
fn luma([r, g, b, _]: [u8; 4]) -> u8 {
    let [r, g, b] = [r, g, b].map(f32::from);
    (r * 0.299 + g * 0.587 + b * 0.114 + 0.5) as u8
}

/// The picture that decides, over `out`.
fn gradient(layer: &LayerPicture, placement: Placement, out: IRect, space: &Space, stage: &mut Stage) -> Raster {
    match placement {
        Placement::Center => stage.layer_centered(layer, out),
        Placement::Stretch => stage.layer(layer, true, out),
        Placement::Tile => {
            let own = Space {
                size: layer.size,
                ..*space
            };
            let tile = own.frame_pixels();
            if tile.is_empty() || tile.contains(out) {
                return stage.layer(layer, false, out);
            }
            let source = stage.layer(layer, false, tile);
            let mut tiled = stage.raster(out);
            let (w, h) = (tile.width() as i32, tile.height() as i32);
            for (y, row) in tiled.rows_mut() {
                let from = source.row(tile.y0 + (y - tile.y0).rem_euclid(h));
                for (x, pixel) in (out.x0..).zip(row) {
                    *pixel = from[(x - tile.x0).rem_euclid(w) as usize];
                }
            }
            stage.give(source);
            tiled
        }
    }
}

impl Draws for GradientWipe {
    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let mut picture = stage.fit(input, out);
        let Some(layer) = &self.gradient else { return picture };
        if self.completion <= 0.0 || out.is_empty() {
            return picture;
        }
        let space = stage.space;
        let decides = gradient(layer, self.placement, out, &space, stage);
        let table: [u8; 256] = std::array::from_fn(|l| self.left(l as u8));
        cover(&mut picture, stage, |y, _, alphas| {
            for (a, pixel) in alphas.iter_mut().zip(decides.row(y)) {
                *a = table[usize::from(luma(*pixel))];
            }
        });
        stage.give(decides);
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wipe(completion: f32, softness: f32) -> GradientWipe {
        GradientWipe {
            completion,
            softness,
            gradient: None,
            placement: Placement::Stretch,
            inverted: false,
        }
    }

    #[test]
    fn dark_goes_first_and_everything_in_the_end() {
        assert_eq!(wipe(0.0, 0.0).left(0), 255);
        assert_eq!(wipe(1.0, 0.0).left(255), 0);
        assert_eq!(wipe(1.0, 0.5).left(255), 0);
        assert_eq!(wipe(0.0, 1.0).left(0), 255);
        assert_eq!([wipe(0.5, 0.0).left(100), wipe(0.5, 0.0).left(140)], [0, 255]);
        let soft: Vec<u8> = [0, 64, 128, 192, 255].map(|l| wipe(0.5, 1.0).left(l)).to_vec();
        assert!(soft.is_sorted(), "{soft:?}");
        assert_eq!(soft[0], 0);
        assert!(soft[2] > 100 && soft[2] < 150);
    }
}
