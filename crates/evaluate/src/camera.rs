//! Cameras: what is seen of space, and from where.

use filmpress_composition::{Group, Layer, LayerKind};

use crate::compile::Compile;
use crate::frame::Projection;
use crate::interpolate::{Number, Track};
use crate::space::Space;

/// The match name of the group of a camera's own settings.
pub(crate) const OPTIONS: &str = "ADBE Camera Options Group";

/// The settings of a camera layer that count, over its time.
#[derive(Debug)]
pub(crate) struct CameraOptions {
    /// Pixels from the camera to where a pixel is a pixel.
    pub zoom: Track<Number>,
}

impl CameraOptions {
    /// Those of a layer that is a camera.
    pub fn compile(c: &mut Compile, layer: &Layer) -> Option<Self> {
        if layer.kind != LayerKind::Camera {
            return None;
        }
        let empty = Group::new(OPTIONS, "Camera Options");
        let group = layer.properties.group(OPTIONS).unwrap_or(&empty);
        Some(c.inside("Camera Options", |c| Self {
            zoom: c.number(group, "ADBE Camera Zoom"),
        }))
    }
}

/// A camera at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Camera {
    /// From the composition's space to the camera's, whose z axis is the direction of view.
    view: Space,
    /// Pixels, more than 0.
    zoom: f64,
    /// Middle of the picture, pixels.
    centre: [f64; 2],
    /// Where the camera is.
    pub position: [f64; 3],
}

impl Camera {
    /// A camera whose own space lies at `place` in the space of a composition of `size`.
    pub fn new(place: &Space, zoom: f64, size: [u32; 2]) -> Self {
        Self {
            view: place.rigid().back(),
            zoom: zoom.max(1.0),
            centre: size.map(|side| f64::from(side) / 2.0),
            position: place.origin,
        }
    }

    /// What a composition without camera is seen by: After Effects' preset of 50 mm, in front of its centre.
    pub fn preset(size: [u32; 2]) -> Self {
        // 36 mm of film behind the lens.
        let zoom = f64::from(size[0]) * 50.0 / 36.0;
        let [x, y] = size.map(|side| f64::from(side) / 2.0);
        let place = Space {
            origin: [x, y, -zoom],
            ..Space::IDENTITY
        };
        Self::new(&place, zoom, size)
    }

    /// A place in the composition's space as the camera has it: its z is the distance, pixels.
    pub fn places(&self, place: &Space) -> Space {
        self.view.then_inner(place)
    }

    /// The picture of the plane z = 0 of a space that is where [`places`](Self::places) has it.
    pub fn picture(&self, seen: &Space) -> Projection {
        let [across, down, _] = seen.axes;
        let columns = [across, down, seen.origin].map(|[x, y, z]| {
            let w = z / self.zoom;
            [x + self.centre[0] * w, y + self.centre[1] * w, w]
        });
        let mut rows: [[f64; 3]; 3] = std::array::from_fn(|i| columns.map(|column| column[i]));
        // Planes are parallel to the screen but for what turning there and back does to the last digits.
        let [g, h, w] = rows[2];
        if g.abs().max(h.abs()) <= 1e-11 * w.abs() {
            rows[0][0] -= self.centre[0] * g;
            rows[0][1] -= self.centre[0] * h;
            rows[1][0] -= self.centre[1] * g;
            rows[1][1] -= self.centre[1] * h;
            rows[2] = [0.0, 0.0, w];
        }
        Projection(rows)
    }
}

#[cfg(test)]
mod tests {
    use kurbo::{Affine, Point};

    use super::*;

    const SIZE: [u32; 2] = [720, 200];

    fn at(origin: [f64; 3], turn: Space) -> Space {
        Space { origin, ..turn }
    }

    fn seen(camera: &Camera, place: &Space, point: [f64; 2]) -> Point {
        let picture = camera.picture(&camera.places(place));
        picture.point(Point::from((point[0], point[1]))).unwrap()
    }

    #[test]
    fn the_preset_shows_the_plane_of_the_composition_as_it_is() {
        let camera = Camera::preset(SIZE);
        let picture = camera.picture(&camera.places(&Space::IDENTITY));
        assert_eq!(picture.affine(), Some(Affine::IDENTITY));
        // The preset is 1000 pixels away: twice as far is half as large, around the centre.
        let behind = at([360.0, 100.0, 1000.0], Space::IDENTITY);
        let picture = camera.picture(&camera.places(&behind));
        assert_eq!(picture.affine(), Some(Affine::new([0.5, 0.0, 0.0, 0.5, 360.0, 100.0])));
    }

    #[test]
    fn a_turned_plane_is_seen_in_perspective() {
        let camera = Camera::preset(SIZE);
        // Turned by 30 degrees: 100 pixels to the right of its axis it is 50 nearer.
        let turned = at([360.0, 100.0, 0.0], Space::turn(1, 30.0));
        let right = seen(&camera, &turned, [100.0, 10.0]);
        let x = 360.0 + 100.0 * 0.75f64.sqrt() / 0.95;
        assert!(
            (right.x - x).abs() < 1e-9 && (right.y - (100.0 + 10.0 / 0.95)).abs() < 1e-9,
            "{right:?}"
        );
    }

    #[test]
    fn zoom_enlarges_and_distance_does_not_matter_to_it() {
        let place = at([360.0, 100.0, -500.0], Space::IDENTITY);
        let camera = Camera::new(&place, 1000.0, SIZE);
        let moved = at([370.0, 100.0, 0.0], Space::IDENTITY);
        assert_eq!(seen(&camera, &moved, [0.0, 0.0]), Point::new(380.0, 100.0));
    }

    #[test]
    fn a_camera_turned_to_the_right_sees_what_is_there() {
        let place = at([360.0, 100.0, 0.0], Space::facing([1.0, 0.0, 0.0]));
        let camera = Camera::new(&place, 500.0, SIZE);
        let ahead = at([860.0, 100.0, -30.0], Space::IDENTITY);
        // What is nearer to the viewer than its axis lies to its right.
        let point = seen(&camera, &ahead, [0.0, 20.0]);
        assert!((point - Point::new(390.0, 120.0)).hypot() < 1e-9, "{point:?}");
        let away = at([260.0, 100.0, 0.0], Space::IDENTITY);
        let picture = camera.picture(&camera.places(&away));
        assert!(picture.point(Point::ZERO).is_none(), "it is behind the camera");
    }
}
