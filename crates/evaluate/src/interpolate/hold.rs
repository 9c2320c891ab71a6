//! Values that cannot be between: each stays until the next.

use filmpress_composition::{Property, Value};

use super::{Segment, Track, usable};

/// A value that stays until the next keyframe.
#[derive(Debug)]
pub(crate) struct Held<T>(T);

impl<T: Clone> Segment for Held<T> {
    type Value = T;
    fn at(&self, _fraction: f64) -> T {
        self.0.clone()
    }
}

/// The track of a property whose values are made of something else by `make`, once for each keyframe.
pub(crate) fn held<T: Clone>(property: &Property, mut make: impl FnMut(&Value) -> T) -> Track<Held<T>> {
    let keys = usable(property);
    let Some(first) = keys.first() else {
        return Track::Fixed(make(&property.value));
    };
    if keys.iter().all(|k| k.value == first.value) {
        return Track::Fixed(make(&first.value));
    }
    let values: Vec<T> = keys.iter().map(|k| make(&k.value)).collect();
    let (first, last) = (values[0].clone(), values[values.len() - 1].clone());
    let segments = values[..values.len() - 1].iter().cloned().map(Held).collect();
    Track::keyed(keys.iter().map(|k| k.time).collect(), segments, first, last)
}
