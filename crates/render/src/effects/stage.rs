//! What effects find around them while they draw.

use filmpress_evaluate::frame::{FillRule, Group, LayerPicture, Sampling};
use kurbo::{Affine, BezPath};

use super::Space;
use crate::blur;
use crate::draw::{Compose, Draw};
use crate::paint::SolidOver;
use crate::raster::fill;
use crate::raster_picture::Raster;
use crate::rect::IRect;
use crate::surface::Plane;

/// The place effects draw in.
pub(crate) struct Stage<'s, 'd> {
    pub draw: &'s mut Draw<'d>,
    /// Where their pixels lie in the layer.
    pub space: Space,
    pub depth: u32,
}

impl Stage<'_, '_> {
    /// A transparent picture of `rect`.
    pub fn raster(&mut self, rect: IRect) -> Raster {
        Raster::new(self.draw.scratch.pool.buffer(rect))
    }

    /// Takes a picture back.
    pub fn give(&mut self, raster: Raster) {
        self.draw.scratch.pool.give(raster.into_buffer());
    }

    /// What `from` holds of `rect`.
    pub fn copy(&mut self, from: &Raster, rect: IRect) -> Raster {
        let mut raster = self.raster(rect);
        raster.copy_from(from);
        raster
    }

    /// `picture` cut or grown to `rect`.
    pub fn fit(&mut self, picture: Raster, rect: IRect) -> Raster {
        if picture.rect() == rect {
            return picture;
        }
        let fitted = self.copy(&picture, rect);
        self.give(picture);
        fitted
    }

    /// `picture` seen under a transform of its pixels, over `rect`.
    pub fn transformed(&mut self, picture: Raster, affine: Affine, sampling: Sampling, rect: IRect) -> Raster {
        Raster::new(self.draw.resampled(picture.into_buffer(), affine, sampling, rect))
    }

    /// The alpha of `from` over `rect`; 0 beyond it.
    pub fn alphas(&mut self, from: &Raster, rect: IRect) -> Plane {
        let mut plane = self.draw.scratch.pool.plane(rect);
        let shared = rect.intersect(from.rect());
        if !shared.is_empty() {
            let view = from.view();
            for y in shared.y0..shared.y1 {
                let row = view.row(y, shared.x0, shared.x1);
                for (alpha, pixel) in plane.touch(y, shared.x0, shared.x1).iter_mut().zip(row) {
                    *alpha = pixel[3];
                }
            }
        }
        plane
    }

    /// Blurs a plane by standard deviations in x and y, pixels.
    pub fn blur_plane(&mut self, plane: &mut Plane, sigmas: [f64; 2]) {
        blur::plane(plane, sigmas, &mut self.draw.scratch.blur);
    }

    /// Takes a plane back.
    pub fn give_plane(&mut self, plane: Plane) {
        self.draw.scratch.pool.give_plane(plane);
    }

    /// A group in the space of the layer, drawn by itself.
    pub fn group(&mut self, group: &Group, rect: IRect) -> Raster {
        self.group_in(group, self.space.transform(), rect)
    }

    /// Another layer's picture, its upper left corner on that of this layer; `stretch` makes it as large as this one.
    pub fn layer(&mut self, layer: &LayerPicture, stretch: bool, rect: IRect) -> Raster {
        let [w, h] = [0, 1].map(|i| {
            let scale = self.space.size[i] / layer.size[i];
            if stretch && scale.is_finite() && scale > 0.0 {
                scale
            } else {
                1.0
            }
        });
        let transform = self.space.transform() * Affine::scale_non_uniform(w, h);
        self.group_in(&layer.content, transform, rect)
    }

    /// Another layer's picture, its centre on that of this layer.
    pub fn layer_centered(&mut self, layer: &LayerPicture, rect: IRect) -> Raster {
        let [x, y] = [0, 1].map(|i| (self.space.size[i] - layer.size[i]) / 2.0);
        let transform = self.space.transform() * Affine::translate((x, y));
        self.group_in(&layer.content, transform, rect)
    }

    fn group_in(&mut self, group: &Group, transform: Affine, rect: IRect) -> Raster {
        let mut buffer = self.draw.scratch.pool.buffer(rect);
        let through = self.draw.through.take();
        if !rect.is_empty() {
            let mut surface = buffer.surface();
            self.draw.group(
                group,
                transform,
                Compose::normal(1.0),
                &mut surface,
                rect,
                self.depth + 1,
            );
        }
        self.draw.through = through;
        Raster::new(buffer)
    }

    /// Paints the inside of a path of the layer over `raster`; `color` is premultiplied.
    pub fn fill(&mut self, path: &BezPath, rule: FillRule, color: [u8; 4], raster: &mut Raster) {
        let s = &mut *self.draw.scratch;
        s.lines.start(raster.rect());
        fill(path, self.space.transform(), &mut s.lines);
        let mut surface = raster.surface();
        let mut out = SolidOver {
            surface: &mut surface,
            color,
        };
        s.sweep.fill(&s.lines, rule, &mut out);
    }
}
