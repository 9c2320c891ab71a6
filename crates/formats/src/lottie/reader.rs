//! What all parts of the reader share: where we are, what was found wrong, how frames become seconds.

use std::sync::Arc;

use crate::json::Value;
use filmpress_composition::{Diagnostics, Kind, LayerId, Place};

use crate::limits::MAX_SLOT_VALUES;

use super::json::{self, Object};

/// From the frame numbers of the file to seconds of the layer that is being read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// Frames per second. Frames inside precomps count at the rate of the whole file too.
    pub frame_rate: f64,
    /// The frame that becomes composition time 0: the in-point of the file in the main composition, else 0.
    pub first_frame: f64,
    /// The layer's start, in frames of the file.
    pub start: f64,
    /// The layer's stretch.
    pub stretch: f64,
}

impl Clock {
    /// Composition time in seconds.
    pub fn composition_time(&self, frame: f64) -> f64 {
        (frame - self.first_frame) / self.frame_rate
    }

    /// Layer time in seconds. The shift of the main composition moves the layer's start too and falls out.
    pub fn layer_time(&self, frame: f64) -> f64 {
        (frame - self.start) / self.frame_rate / self.stretch
    }
}

/// The state of reading one file.
pub(super) struct Reader<'a> {
    /// Everything found wrong so far.
    pub warnings: Diagnostics,
    place: Place,
    /// Values that properties refer to by `sid`.
    pub slots: Option<&'a Object>,
    /// How frames become seconds here.
    pub clock: Clock,
    /// Layers of the composition being read, by `ind`.
    pub layer_ids: std::collections::HashMap<i64, LayerId>,
    /// Colours count to 255 (files written before 4.1.9).
    pub colors_to_255: bool,
    /// Fonts by `fName`.
    pub fonts: std::collections::HashMap<String, super::text::Font>,
    /// Layers of all compositions so far.
    pub layers_read: usize,
    /// Shape items so far.
    pub shape_items_read: usize,
    /// JSON values read from slots so far.
    slot_values: usize,
}

impl<'a> Reader<'a> {
    pub fn new(clock: Clock, slots: Option<&'a Object>) -> Self {
        Self {
            warnings: Diagnostics::new(),
            place: Place::default(),
            slots,
            clock,
            layer_ids: std::collections::HashMap::new(),
            colors_to_255: false,
            fonts: std::collections::HashMap::new(),
            layers_read: 0,
            shape_items_read: 0,
            slot_values: 0,
        }
    }

    /// Runs `f` one step further in, so that its warnings say so.
    pub fn within<T>(&mut self, name: &str, f: impl FnOnce(&mut Self) -> T) -> T {
        self.place.0.push(name.to_owned());
        let result = f(self);
        self.place.0.pop();
        result
    }

    /// Reports something that is not read as it was meant.
    pub fn warn(&mut self, kind: Kind, message: impl Into<String>) {
        self.warnings.push(&self.place, kind, message);
    }

    /// Reports a value that is not what it should be.
    pub fn malformed(&mut self, key: &str, found: &Value, expected: &str) {
        let message = format!("`{key}` is {}, expected {expected}", json::sort(found));
        self.warn(Kind::Malformed, message);
    }

    /// What a property or asset says: what its slot holds where it names one, and that slot's id.
    pub fn in_slot<'v>(&mut self, json: &'v Value) -> (&'v Value, Option<Arc<str>>)
    where
        'a: 'v,
    {
        let Some(id) = json.get("sid").and_then(Value::as_str) else {
            return (json, None);
        };
        if let Some(slot) = self.slots.and_then(|slots| slots.get(id)) {
            let value = slot.get("p").unwrap_or(slot);
            // A few bytes refer to a slot of any size, as often as they like.
            self.slot_values = self.slot_values.saturating_add(value.count());
            if self.slot_values > MAX_SLOT_VALUES {
                self.warn(
                    Kind::Limit,
                    format!("the slots of the file are used for more than {MAX_SLOT_VALUES} values"),
                );
                return (json, Some(id.into()));
            }
            return (value, Some(id.into()));
        }
        self.warn(Kind::Missing, format!("slot `{id}` is not among the file's slots"));
        (json, Some(id.into()))
    }

    /// A number; `None` when it is missing, with a warning when it is something else.
    pub fn number(&mut self, object: &Object, key: &str) -> Option<f64> {
        let value = object.get(key).filter(|v| !v.is_null())?;
        let number = json::number(value);
        if number.is_none() {
            self.malformed(key, value, "a number");
        }
        number
    }

    /// Objects of a list, with a warning when the key holds something that is neither.
    pub fn objects<'v>(&mut self, object: &'v Object, key: &str) -> Vec<&'v Object> {
        match object.get(key) {
            None | Some(Value::Null | Value::Object(_)) => {}
            Some(Value::Array(list)) => {
                if let Some(odd) = list.iter().find(|v| !v.is_object()) {
                    self.malformed(&format!("{key}[]"), odd, "an object");
                }
            }
            Some(other) => self.malformed(key, other, "a list"),
        }
        json::objects(object, key).collect()
    }
}
