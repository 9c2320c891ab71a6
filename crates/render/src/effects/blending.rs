//! How effects that draw something of their own combine it with the layer: their menus of blending modes.

use filmpress_composition::BlendingMode;
use filmpress_pixels::row;

use super::{Parameters, Space, Stage};
use crate::blend::blend_row;
use crate::draw::Compose;
use crate::raster_picture::Raster;
use crate::rect::IRect;

/// An entry of such a menu.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Blending {
    /// None: the layer is replaced.
    Replace,
    /// Stencil Alpha: the layer, where something was drawn.
    Stencil,
    /// A blending mode.
    Mode(BlendingMode),
}

/// The modes all menus share, with the dividers, which count.
const MODES: [Option<BlendingMode>; 19] = [
    Some(BlendingMode::Add),
    Some(BlendingMode::Multiply),
    Some(BlendingMode::Screen),
    Some(BlendingMode::Overlay),
    Some(BlendingMode::SoftLight),
    Some(BlendingMode::HardLight),
    None,
    Some(BlendingMode::ColorDodge),
    Some(BlendingMode::ColorBurn),
    None,
    Some(BlendingMode::Darken),
    Some(BlendingMode::Lighten),
    Some(BlendingMode::Difference),
    Some(BlendingMode::Exclusion),
    None,
    Some(BlendingMode::Hue),
    Some(BlendingMode::Saturation),
    Some(BlendingMode::Color),
    Some(BlendingMode::Luminosity),
];

impl Blending {
    /// The menu of effects that draw shapes: None, Normal, Stencil Alpha, a divider, the modes.
    pub fn of_shapes(p: &Parameters, number: u32, default: u32) -> Self {
        match p.menu(number, default) {
            3 => Self::Stencil,
            entry => Self::entry(entry, 5),
        }
    }

    /// The menu of effects that colour the whole layer: None, Normal, a divider, the modes.
    pub fn of_fields(p: &Parameters, number: u32, default: u32) -> Self {
        Self::entry(p.menu(number, default), 4)
    }

    /// The menu of Fractal Noise, which lacks Color.
    pub fn of_noise(p: &Parameters, number: u32, default: u32) -> Self {
        match p.menu(number, default) {
            21 => Self::Mode(BlendingMode::Luminosity),
            entry => Self::entry(entry, 4),
        }
    }

    /// An entry of a menu whose modes start with entry `first`.
    fn entry(entry: u32, first: u32) -> Self {
        match entry {
            0 | 1 => Self::Replace,
            2 => Self::Mode(BlendingMode::Normal),
            _ => {
                let mode = entry.checked_sub(first).and_then(|i| MODES.get(i as usize));
                Self::Mode(mode.copied().flatten().unwrap_or(BlendingMode::Normal))
            }
        }
    }

    /// The layer with `drawn` on it; both of the same rectangle. `keep_alpha`: `drawn` shows only where the layer does.
    pub fn combine(self, layer: Raster, drawn: Raster, keep_alpha: bool, stage: &mut Stage) -> Raster {
        let (mut layer, mut drawn) = (layer, drawn);
        let rect = layer.rect();
        match self {
            Self::Replace => {
                if keep_alpha {
                    let alphas = stage.alphas(&layer, rect);
                    for (y, row) in drawn.rows_mut() {
                        row::mask(row, alphas.row(y, rect.x0, rect.x1));
                    }
                    stage.give_plane(alphas);
                }
                stage.give(layer);
                drawn
            }
            Self::Stencil => {
                let alphas = stage.alphas(&drawn, rect);
                for (y, row) in layer.rows_mut() {
                    row::mask(row, alphas.row(y, rect.x0, rect.x1));
                }
                stage.give_plane(alphas);
                stage.give(drawn);
                layer
            }
            Self::Mode(mode) => {
                let compose = Compose {
                    mode,
                    preserve_transparency: keep_alpha,
                    ..Compose::normal(1.0)
                };
                for (y, row) in layer.rows_mut() {
                    blend_row(compose, row, drawn.row(y), rect.x0, y);
                }
                stage.give(drawn);
                layer
            }
        }
    }
}

/// The pixels an effect may draw on that fills the layer's own rectangle.
pub(super) fn frame_reach(ink: IRect, space: &Space) -> IRect {
    IRect::around(space.frame()).union(ink)
}

/// Cuts what an effect drew to the layer's own rectangle; pixels across its sides are left in part.
pub(super) fn cut_to_frame(picture: &mut Raster, space: &Space) {
    let frame = space.frame();
    let share = |from: f64, to: f64, at: i32| {
        let at = f64::from(at);
        ((at + 1.0).min(to) - at.max(from)).clamp(0.0, 1.0)
    };
    let rect = picture.rect();
    let whole = IRect {
        x0: frame.x0.ceil() as i32,
        y0: frame.y0.ceil() as i32,
        x1: frame.x1.floor() as i32,
        y1: frame.y1.floor() as i32,
    };
    for (y, row) in picture.rows_mut() {
        let of_row = share(frame.y0, frame.y1, y);
        for (x, pixel) in (rect.x0..).zip(row) {
            if of_row >= 1.0 && x >= whole.x0 && x < whole.x1 {
                continue;
            }
            let cover = of_row * share(frame.x0, frame.x1, x);
            *pixel = row::scale(*pixel, (cover * 255.0).round() as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dividers_count_in_menus() {
        assert_eq!(Blending::entry(1, 5), Blending::Replace);
        assert_eq!(Blending::entry(2, 5), Blending::Mode(BlendingMode::Normal));
        assert_eq!(Blending::entry(5, 5), Blending::Mode(BlendingMode::Add));
        assert_eq!(Blending::entry(23, 5), Blending::Mode(BlendingMode::Luminosity));
        assert_eq!(Blending::entry(11, 4), Blending::Mode(BlendingMode::ColorDodge));
        assert_eq!(Blending::entry(22, 4), Blending::Mode(BlendingMode::Luminosity));
        assert_eq!(Blending::entry(u32::MAX, 4), Blending::Mode(BlendingMode::Normal));
    }
}
