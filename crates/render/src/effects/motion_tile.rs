//! Motion Tile: the layer's picture again and again.

use kurbo::Rect;

use super::remap::{Beyond, Samples, around, remap};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Tile"],
    read: |p| Box::new(MotionTile::read(p)),
};

struct MotionTile {
    /// Where the middle of a tile is, in the layer.
    center: Option<[f64; 2]>,
    /// Size of a tile, share of the layer's.
    tile: [f64; 2],
    /// Size of all, share of the layer's.
    output: [f64; 2],
    mirror: bool,
    /// How far every second column (or row) is shifted, share of a tile.
    phase: f64,
    /// Rows are shifted, not columns.
    shift_rows: bool,
}

impl MotionTile {
    fn read(p: &Parameters) -> Self {
        let share = |number| p.number(number, 100.0).max(0.0) / 100.0;
        Self {
            center: p.point(1),
            tile: [share(2), share(3)],
            output: [share(4), share(5)],
            mirror: p.flag(6, false),
            phase: p.number(7, 0.0) / 360.0,
            shift_rows: p.flag(8, false),
        }
    }

    /// What is filled with tiles, in pixels: as large around the layer's middle as is set.
    fn filled(&self, space: &Space) -> Rect {
        let frame = space.frame();
        let size = kurbo::Size::new(frame.width() * self.output[0], frame.height() * self.output[1]);
        Rect::from_center_size(frame.center(), size)
    }
}

/// Pixels whose middle is inside.
fn inside(rect: Rect) -> IRect {
    let rect = IRect::nearest(rect);
    if rect.is_empty() { IRect::default() } else { rect }
}

impl Draws for MotionTile {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        if ink.is_empty() {
            ink
        } else {
            inside(self.filled(space))
        }
    }

    fn needs(&self, _: IRect, space: &Space) -> IRect {
        around(space.frame())
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let space = stage.space;
        let frame = space.frame();
        let size = [frame.width(), frame.height()];
        let [cx, cy] = space.point(self.center.unwrap_or(space.center()));
        let tile = [size[0] * self.tile[0], size[1] * self.tile[1]];
        if !(tile[0] > 0.01 && tile[1] > 0.01) {
            stage.give(input);
            return stage.raster(out);
        }
        let pixels = space.frame_pixels();
        let beyond = if self.mirror {
            Beyond::Repeat(pixels)
        } else {
            Beyond::Wrap(pixels)
        };
        // A pixel of a tile is the mean of what it covers.
        let [nx, ny] = self
            .tile
            .map(|share| ((1.0 / share) - 1e-6).ceil().clamp(1.0, 16.0) as u32);
        let origin = [cx - tile[0] / 2.0, cy - tile[1] / 2.0];
        let odd = |i: f64| (i / 2.0 - (i / 2.0).floor()) > 0.25;
        let map = |x: f64, y: f64| {
            let mut at = [x - origin[0], y - origin[1]];
            let (fixed, shifted) = if self.shift_rows { (1, 0) } else { (0, 1) };
            if odd((at[fixed] / tile[fixed]).floor()) {
                at[shifted] -= self.phase * tile[shifted];
            }
            let mut from = [frame.x0, frame.y0];
            for i in 0..2 {
                let count = (at[i] / tile[i]).floor();
                let mut share = at[i] / tile[i] - count;
                if self.mirror && odd(count) {
                    share = 1.0 - share;
                }
                from[i] += share * size[i];
            }
            Some(from)
        };
        let picture = remap(&input, beyond, Samples::Fixed(nx, ny), out, stage, map);
        stage.give(input);
        picture
    }
}
