//! Displacement Map: another layer's picture says how far pixels move.

use super::remap::{Beyond, Samples, grown, remap};
use super::{Definition, Draws, Parameters, Space, Stage};
use crate::raster_picture::Raster;
use crate::rect::IRect;
use filmpress_evaluate::frame::LayerPicture;

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Displacement Map"],
    read: |p| Box::new(DisplacementMap::read(p)),
};

/// Values of a channel, 0..255: this one moves nothing.
const STILL: f64 = 128.0;

/// What of the map moves pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Channel {
    Red,
    Green,
    Blue,
    Alpha,
    Luminance,
    Hue,
    Lightness,
    Saturation,
    /// The same everywhere.
    Constant(f64),
}

/// The menus Use For Horizontal (Vertical) Displacement.
const CHANNELS: [Channel; 11] = [
    Channel::Red,
    Channel::Green,
    Channel::Blue,
    Channel::Alpha,
    Channel::Luminance,
    Channel::Hue,
    Channel::Lightness,
    Channel::Saturation,
    Channel::Constant(255.0),
    Channel::Constant(STILL),
    Channel::Constant(0.0),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Placed {
    Centered,
    Stretched,
    Tiled,
}

struct DisplacementMap {
    map: Option<LayerPicture>,
    channels: [Channel; 2],
    /// Pixels of the layer.
    most: [f64; 2],
    placed: Placed,
    wrap: bool,
    expand: bool,
}

impl DisplacementMap {
    fn read(p: &Parameters) -> Self {
        let channel = |number, default| CHANNELS[(p.menu(number, default).clamp(1, 11) - 1) as usize];
        Self {
            map: p.layer(1).cloned(),
            channels: [channel(2, 1), channel(4, 2)],
            most: [p.number(3, 5.0), p.number(5, 5.0)].map(|v| v.clamp(-32_000.0, 32_000.0)),
            placed: match p.menu(6, 1) {
                2 => Placed::Stretched,
                3 => Placed::Tiled,
                _ => Placed::Centered,
            },
            wrap: p.flag(7, false),
            expand: p.flag(8, true),
        }
    }

    fn reached(&self, rect: IRect, space: &Space) -> IRect {
        grown(rect, [0, 1].map(|i| self.most[i].abs() * space.scale[i] + 1.0))
    }

    /// The map over `rect`, and where in it each pixel finds its own.
    fn drawn(&self, map: &LayerPicture, rect: IRect, stage: &mut Stage) -> Raster {
        match self.placed {
            Placed::Stretched => stage.layer(map, true, rect),
            Placed::Centered => stage.layer_centered(map, rect),
            Placed::Tiled => {
                let space = stage.space;
                let size = [0, 1].map(|i| (map.size[i] * space.scale[i]).round().clamp(0.0, 30_000.0) as i32);
                let origin = space.origin.map(|v| v.round().clamp(-1e8, 1e8) as i32);
                if size[0] < 1 || size[1] < 1 {
                    return stage.raster(rect);
                }
                let tile = IRect::new(origin[0], origin[1], origin[0] + size[0], origin[1] + size[1]);
                let one = stage.layer(map, false, tile);
                let mut all = stage.raster(rect);
                for (y, row) in all.rows_mut() {
                    let from = one.row(tile.y0 + (y - tile.y0).rem_euclid(size[1]));
                    for (x, pixel) in (rect.x0..).zip(row) {
                        *pixel = from[(x - tile.x0).rem_euclid(size[0]) as usize];
                    }
                }
                stage.give(one);
                all
            }
        }
    }

    /// Pixels that have a map; where there is none nothing moves.
    fn mapped(&self, map: &LayerPicture, space: &Space) -> IRect {
        if self.placed != Placed::Centered {
            return super::remap::EVERYTHING;
        }
        let from = [0, 1].map(|i| (space.size[i] - map.size[i]) / 2.0);
        let to = [0, 1].map(|i| from[i] + map.size[i]);
        let (a, b) = (space.point(from), space.point(to));
        IRect::nearest(kurbo::Rect::new(a[0], a[1], b[0], b[1]))
    }
}

impl Channel {
    /// Of a premultiplied pixel, 0..255.
    fn value(self, pixel: [u8; 4]) -> f64 {
        let [r, g, b, a] = filmpress_pixels::unpremultiply(pixel);
        let (most, least) = (f64::from(r.max(g).max(b)), f64::from(r.min(g).min(b)));
        match self {
            Self::Red => f64::from(r),
            Self::Green => f64::from(g),
            Self::Blue => f64::from(b),
            Self::Alpha => f64::from(a),
            Self::Luminance => (0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b)).round(),
            Self::Lightness => f64::midpoint(most, least).round(),
            Self::Saturation => {
                let range = most - least;
                let whole = if most + least > 255.0 {
                    510.0 - most - least
                } else {
                    most + least
                };
                if range == 0.0 {
                    0.0
                } else {
                    (255.0 * range / whole).round()
                }
            }
            Self::Hue => {
                let range = most - least;
                if range == 0.0 {
                    return 0.0;
                }
                let [r, g, b] = [r, g, b].map(f64::from);
                let sixth = if r == most {
                    (g - b) / range
                } else if g == most {
                    2.0 + (b - r) / range
                } else {
                    4.0 + (r - g) / range
                };
                (255.0 * (sixth / 6.0 - (sixth / 6.0).floor())).round()
            }
            Self::Constant(value) => value,
        }
    }
}

impl Draws for DisplacementMap {
    fn reach(&self, ink: IRect, space: &Space) -> IRect {
        if self.map.is_none() || ink.is_empty() {
            return ink;
        }
        let reached = if self.wrap {
            space.frame_pixels().union(ink)
        } else {
            self.reached(ink, space)
        };
        if self.expand {
            reached
        } else {
            reached.intersect(space.frame_pixels())
        }
    }

    fn needs(&self, out: IRect, space: &Space) -> IRect {
        if self.map.is_none() {
            return out;
        }
        if self.wrap {
            return self.reached(out, space).union(space.frame_pixels());
        }
        self.reached(out, space)
    }

    fn draw(&self, input: Raster, out: IRect, stage: &mut Stage) -> Raster {
        let Some(map) = self.map.as_ref().filter(|_| !out.is_empty()) else {
            return stage.fit(input, out);
        };
        let moving = self.drawn(map, out, stage);
        let mapped = self.mapped(map, &stage.space);
        let scale = stage.space.scale;
        let beyond = if self.wrap {
            Beyond::Wrap(stage.space.frame_pixels())
        } else {
            Beyond::Transparent
        };
        let tables = self.channels;
        let picture = remap(&input, beyond, Samples::Fixed(1, 1), out, stage, |x, y| {
            let (px, py) = (x.floor() as i32, y.floor() as i32);
            let inside = px >= mapped.x0 && px < mapped.x1 && py >= mapped.y0 && py < mapped.y1;
            let pixel = moving.pixel(px, py);
            let far = |i: usize| {
                let value = match tables[i] {
                    Channel::Constant(value) => value,
                    _ if !inside => STILL,
                    channel => channel.value(pixel),
                };
                self.most[i] * scale[i] * (value - STILL) / STILL
            };
            Some([x + far(0), y + far(1)])
        });
        stage.give(moving);
        stage.give(input);
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_of_a_map() {
        let pixel = [64, 32, 0, 128];
        assert_eq!(Channel::Red.value(pixel), 128.0);
        assert_eq!(Channel::Alpha.value(pixel), 128.0);
        assert_eq!(Channel::Luminance.value([255, 0, 0, 255]), 76.0);
        assert_eq!(Channel::Hue.value([0, 255, 0, 255]), 85.0);
        assert_eq!(Channel::Saturation.value([255, 0, 0, 255]), 255.0);
        assert_eq!(Channel::Lightness.value([255, 0, 0, 255]), 128.0);
        assert_eq!(Channel::Red.value([0; 4]), 0.0);
    }
}
