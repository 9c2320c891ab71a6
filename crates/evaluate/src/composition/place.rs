//! Where layers are at a moment, and how the camera sees them.
//!
//! 2D layers go through their own and their parents' transforms in the plane. 3D layers go through the same in space and
//! are then seen by the topmost camera that is on at the time. A collapsed composition with 3D layers is part of the
//! space around it: its layers go through the transform of the layer that shows it too, and are seen by that
//! composition's camera instead of their own.

use kurbo::Affine;

use super::moment::Moment;
use super::order::Plane;
use super::{Composition, Layer};
use crate::camera::Camera;
use crate::frame::Projection;
use crate::layer::Content;
use crate::space::Space;

/// The layer that shows a collapsed composition as part of the space around it.
#[derive(Clone, Copy)]
pub(super) struct Within<'a> {
    pub moment: &'a Moment<'a>,
    pub layer: usize,
    /// Seconds that pass there in one second here.
    pub rate: f64,
}

impl Composition {
    /// Whether a layer shows a composition whose 3D layers are part of this one's space.
    pub(super) fn joins(layer: &Layer, all: &[Self]) -> bool {
        match layer.content {
            // Masks make it a picture of its own.
            Content::Precomp { index, collapsed, .. } => collapsed && all[index].has_space && layer.masks.is_empty(),
            _ => false,
        }
    }
}

impl Moment<'_> {
    /// Whether a layer is seen by the camera.
    pub fn is_in_space(&self, i: usize) -> bool {
        self.composition.layers[i].transform.is_three_d()
            || self
                .within
                .is_some_and(|within| within.moment.is_in_space(within.layer))
    }

    /// From a layer's space to the picture's, `shift` seconds from the moment.
    pub fn place(&self, i: usize, shift: f64) -> Projection {
        if self.is_in_space(i) {
            let camera = self.camera(shift);
            camera.picture(&camera.places(&self.space(i, shift, Some(&camera))))
        } else {
            Projection::from(self.flat(i, shift))
        }
    }

    /// A layer among the 3D layers around it; `None` of 2D layers.
    pub fn plane(&self, i: usize) -> Option<Plane> {
        self.is_in_space(i).then(|| {
            let camera = self.camera(0.0);
            let layer = &self.composition.layers[i];
            Plane {
                seen: camera.places(&self.space(i, 0.0, Some(&camera))),
                anchor: layer.transform.anchor(layer.layer_time(self.time)),
            }
        })
    }

    /// From a layer's space to the composition's, in the plane.
    fn flat(&self, i: usize, shift: f64) -> Affine {
        let own = self.in_plane(i, shift);
        match self.within {
            Some(within) => within.moment.flat(within.layer, shift * within.rate) * own,
            None => own,
        }
    }

    /// The same inside this composition alone.
    fn in_plane(&self, i: usize, shift: f64) -> Affine {
        let layers = &self.composition.layers;
        let time = self.time + shift;
        let mut world = layers[i].transform.affine(layers[i].layer_time(time));
        let mut above = layers[i].parent;
        while let Some(parent) = above.map(|p| &layers[p]) {
            world = parent.transform.affine(parent.layer_time(time)) * world;
            above = parent.parent;
        }
        world
    }

    /// From a layer's space to that of the outermost composition it is part of. Without a camera no layer turns towards
    /// it.
    fn space(&self, i: usize, shift: f64, camera: Option<&Camera>) -> Space {
        let layers = &self.composition.layers;
        let time = self.time + shift;
        let mut world = self.within.map_or(Space::IDENTITY, |within| {
            within.moment.space(within.layer, shift * within.rate, camera)
        });
        if !layers[i].transform.is_three_d() {
            return world.then_inner(&Space::flat(self.in_plane(i, shift)));
        }
        // From the outermost parent inwards: a layer that turns towards the camera needs to know what is around it.
        let mut chain = Vec::new();
        let mut at = layers[i].parent;
        while let Some(i) = at {
            chain.push(&layers[i]);
            at = layers[i].parent;
        }
        for layer in chain.into_iter().rev().chain([&layers[i]]) {
            let time = layer.layer_time(time);
            let own = if layer.transform.is_three_d() {
                layer
                    .transform
                    .space(time, camera.map(|camera| (&world, camera.position)))
            } else {
                Space::flat(layer.transform.affine(time))
            };
            world = world.then_inner(&own);
        }
        world
    }

    /// The active camera of the outermost composition this one is part of.
    fn camera(&self, shift: f64) -> Camera {
        if let Some(within) = self.within {
            return within.moment.camera(shift * within.rate);
        }
        let of = self.composition;
        let size = [of.width, of.height];
        // While the shutter is open the camera stays the one of the frame.
        let active = of.cameras.iter().find(|&&i| of.layers[i].is_active(self.time));
        let Some((i, options)) = active.and_then(|&i| Some((i, of.layers[i].camera.as_ref()?))) else {
            return Camera::preset(size);
        };
        let zoom = options.zoom.at(of.layers[i].layer_time(self.time + shift));
        Camera::new(&self.space(i, shift, None), zoom, size)
    }
}
