//! Motion blur: switches are in the layers, the shutter is the whole animation's.

use crate::json::Value as Json;
use filmpress_composition::{Composition, ItemKind};

use super::assets::Items;
use super::json::Object;
use super::reader::Reader;

impl Reader<'_> {
    /// Switches motion blur on in compositions with layers that have it, and sets the shutter of all of them: `mb` of
    /// the animation, else After Effects' own settings.
    pub fn motion_blur(&mut self, root: &Object, items: &mut Items) {
        let empty = Object::default();
        let given = root.get("mb").and_then(Json::as_object).unwrap_or(&empty);
        let usual = Composition::default();
        let count = |x: f64| x.clamp(0.0, f64::from(u32::MAX)) as u32;
        let angle = self.number(given, "sa").unwrap_or(usual.shutter_angle);
        let phase = self.number(given, "sp").unwrap_or(usual.shutter_phase);
        let samples = self.number(given, "spf").map_or(usual.motion_blur_samples, count);
        let limit = self.number(given, "asl").map_or(usual.motion_blur_limit, count);
        for item in &mut items.list {
            if let ItemKind::Composition(composition) = &mut item.kind {
                composition.motion_blur = composition.layers.iter().any(|layer| layer.switches.motion_blur);
                composition.shutter_angle = angle;
                composition.shutter_phase = phase;
                composition.motion_blur_samples = samples;
                composition.motion_blur_limit = limit;
            }
        }
    }
}
