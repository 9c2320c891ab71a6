//! Motion blur: where a layer is while the shutter is open.

use std::sync::Arc;

use kurbo::Rect;

use super::moment::Moment;
use crate::extent::way;
use crate::frame::Projection;
use crate::layer::Content;

/// When the shutter is open, and how closely movement is looked at meanwhile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shutter {
    /// Seconds from a frame's time to when it opens; mostly negative.
    opens: f64,
    /// Seconds it is open.
    is_open: f64,
    /// Steps for 3D and shape layers, and the fewest for others.
    samples: usize,
    /// Most steps.
    limit: usize,
}

/// Most steps After Effects takes.
const MOST: u32 = 256;

/// Places a movement is measured at before its number of steps is chosen.
const MEASURED: usize = 8;

impl Shutter {
    /// The shutter of a composition; `None` when it never opens.
    ///
    /// The composition's own switch is for previews: After Effects' best render settings blur every layer whose switch is
    /// on ("On For Checked Layers"), and so do the services that render with them.
    pub fn of(source: &filmpress_composition::Composition) -> Option<Self> {
        let rate = if source.frame_rate.is_finite() && source.frame_rate > 0.0 {
            source.frame_rate
        } else {
            30.0
        };
        // 360 degrees are the time of a frame.
        let degrees = |angle: f64| {
            if angle.is_finite() {
                angle.clamp(-720.0, 720.0) / 360.0 / rate
            } else {
                0.0
            }
        };
        let is_open = degrees(source.shutter_angle);
        let samples = source.motion_blur_samples.clamp(2, MOST);
        (is_open > 0.0).then(|| Self {
            opens: degrees(source.shutter_phase),
            is_open,
            samples: samples as usize,
            limit: source.motion_blur_limit.clamp(samples, MOST) as usize,
        })
    }

    /// Seconds from the frame's time to the middle of a step of `count`.
    fn step(&self, step: usize, count: usize) -> f64 {
        self.opens + self.is_open * (step as f64 + 0.5) / count as f64
    }
}

impl Moment<'_> {
    /// The places of a layer while the shutter is open; `None` when it is not blurred or does not move. `extent` is how
    /// far the layer reaches in its own space.
    pub fn motion(&self, i: usize, extent: impl FnOnce() -> Option<Rect>) -> Option<Arc<[Projection]>> {
        let layer = &self.composition.layers[i];
        let shutter = self.composition.shutter.as_ref().filter(|_| layer.motion_blur)?;
        if layer.is_still && self.within.is_none() {
            return None;
        }
        let place = |step: usize, count: usize| {
            let place = self.place(i, shutter.step(step, count));
            // Seen edge-on there is nothing to be seen.
            let shows = place.is_finite() && place.determinant() != 0.0;
            if shows { place } else { Projection::NOTHING }
        };
        let is_shape = matches!(layer.content, Content::Shapes { .. });
        let count = if is_shape || self.is_in_space(i) {
            shutter.samples
        } else {
            // A step for every pixel it goes.
            let extent = extent()?;
            let mut before = place(0, MEASURED);
            let mut length = 0.0;
            for step in 1..MEASURED {
                let here = place(step, MEASURED);
                length += way(&before, &here, extent);
                before = here;
            }
            let whole = length * MEASURED as f64 / (MEASURED - 1) as f64;
            ((whole - 1e-6).ceil().clamp(0.0, 1e6) as usize).clamp(shutter.samples, shutter.limit)
        };
        let places: Arc<[Projection]> = (0..count).map(|step| place(step, count)).collect();
        let moves = places.windows(2).any(|pair| pair[0] != pair[1]);
        moves.then_some(places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shutter(angle: f64, phase: f64, samples: u32, limit: u32) -> Option<Shutter> {
        Shutter::of(&filmpress_composition::Composition {
            frame_rate: 25.0,
            shutter_angle: angle,
            shutter_phase: phase,
            motion_blur_samples: samples,
            motion_blur_limit: limit,
            ..filmpress_composition::Composition::default()
        })
    }

    #[test]
    fn the_usual_shutter_is_open_half_a_frame_around_its_time() {
        let shutter = shutter(180.0, -90.0, 16, 128).unwrap();
        let near = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(near(shutter.opens, -0.01) && near(shutter.is_open, 0.02), "{shutter:?}");
        assert!(near(shutter.step(0, 2), -0.005) && near(shutter.step(1, 2), 0.005));
    }

    #[test]
    fn any_settings_give_a_shutter_that_can_be_used() {
        assert_eq!(shutter(0.0, 0.0, 16, 128), None);
        assert_eq!(shutter(f64::NAN, f64::NAN, 16, 128), None);
        let many = shutter(1e300, -1e300, u32::MAX, 0).unwrap();
        assert_eq!((many.samples, many.limit), (256, 256));
        assert!((many.is_open - 0.08).abs() < 1e-12);
        assert_eq!(shutter(90.0, 0.0, 0, 0).unwrap().samples, 2);
    }
}
