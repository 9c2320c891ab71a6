//! The Levels effect keeps its numbers, keyframes included, in a record of its own (`aRbs` > `aRbp`) and leaves its
//! sliders out: 8 bytes of header, then five 32-bit numbers for each of RGB, red, green, blue, alpha.

use filmpress_composition::{Group, Keyframe, Property, Value};

use super::keyframes::{self, Axis};
use super::units::Unit;
use crate::aep::raw::{Chunk, Fields};

/// The effect whose record this is.
pub(super) const MATCH_NAME: &str = "ADBE Easy Levels2";
/// The parameter that holds it.
pub(super) const RECORD: &str = "ADBE Easy Levels2-0002";
/// Input black, input white, gamma, output black, output white of all channels together, in the record's order.
const SLIDERS: [&str; 5] = [
    "ADBE Easy Levels2-0003",
    "ADBE Easy Levels2-0004",
    "ADBE Easy Levels2-0005",
    "ADBE Easy Levels2-0006",
    "ADBE Easy Levels2-0007",
];

/// Gives the sliders that are still at their default the record's numbers. `tree` is the effect's own.
pub(super) fn fill_in(effect: &mut Group, tree: &Chunk<'_>) {
    let Some((tdbs, records)) = record(tree) else { return };
    for (slider, at) in SLIDERS.iter().zip((8..).step_by(4)) {
        if let Some(property) = effect.property_mut(slider)
            && property.keyframes.is_empty()
        {
            let numbers: Vec<f64> = records.leaves(*b"aRbp").map(|r| Fields(&r.data).f32(at)).collect();
            set(property, tdbs, &numbers);
        }
    }
}

/// The property's description and, after it, the list of records.
fn record<'a>(tree: &'a Chunk<'a>) -> Option<(&'a Chunk<'a>, &'a Chunk<'a>)> {
    let is_name = |c: &Chunk<'_>| !c.is_list && c.id == *b"tdmn";
    let start = tree
        .children
        .iter()
        .position(|c| is_name(c) && c.c_string() == RECORD)?;
    let lists = || tree.children.iter().skip(start + 1).take_while(|c| !is_name(c));
    let tdbs = lists().find(|c| c.is_list && c.id == *b"tdbs")?;
    Some((tdbs, lists().find(|c| c.is_list && c.id == *b"aRbs")?))
}

fn set(property: &mut Property, tdbs: &Chunk<'_>, numbers: &[f64]) {
    let Some(first) = numbers.first() else { return };
    property.value = (*first).into();
    let stored = keyframes::read(tdbs, 0, Axis::Relative);
    let values = numbers.iter().map(|x| Value::number(*x)).collect();
    property.keyframes = keyframes::finish(&stored, values, Axis::Relative, Unit::Plain);
    // The record eases as a whole; a slider eases in its own units.
    let mut rest = property.keyframes.as_mut_slice();
    while let [a, b, ..] = rest {
        scale(a, b);
        rest = rest.get_mut(1..).unwrap_or_default();
    }
}

fn scale(a: &mut Keyframe, b: &mut Keyframe) {
    let way = b.value.as_number().unwrap_or(0.0) - a.value.as_number().unwrap_or(0.0);
    for handle in a.ease_out.iter_mut().chain(&mut b.ease_in) {
        handle.offset *= way;
    }
}

#[cfg(test)]
mod tests {
    use filmpress_composition::ValueType;

    use super::*;
    use crate::aep::raw::rifx;
    use crate::aep::testing;

    #[test]
    fn sliders_get_the_numbers_of_the_record() {
        let record = |numbers: [f32; 5]| {
            let mut bytes = vec![0; 8];
            bytes.extend(numbers.iter().flat_map(|x| x.to_be_bytes()));
            testing::leaf(*b"aRbp", &bytes)
        };
        // Key records of 64 bytes: in speed and influence at 0x18, out at 0x28.
        let key = |ticks: i32| (ticks, 2, 2, vec![0.0, 0.0, 0.0, 0.5, 0.5, 0.5, 0.0]);
        let tree = testing::list(
            *b"tdgp",
            &[
                testing::match_name_chunk(RECORD),
                testing::keyed(0, false, &[key(0), key(1000)]),
                testing::list(
                    *b"aRbs",
                    &[record([0.0, 1.0, 1.0, 0.0, 1.0]), record([0.25, 0.5, 2.0, 0.0, 1.0])],
                ),
                testing::match_name_chunk("ADBE Group End"),
            ],
        );
        let file = testing::rifx(&[tree]);
        let raw = rifx::read(&file).unwrap().value;
        let mut effect = Group::new(MATCH_NAME, "Levels");
        for slider in SLIDERS {
            effect
                .children
                .push(Property::new(slider, "", ValueType::OneD, 9.0.into()).into());
        }
        fill_in(&mut effect, raw.child_list(*b"tdgp").unwrap());
        let white = effect.property(SLIDERS[1]).unwrap();
        assert_eq!(white.value.as_number(), Some(1.0));
        assert_eq!(white.keyframes[1].value.as_number(), Some(0.5));
        let handle = white.keyframes[0].ease_out[0];
        assert_eq!((handle.influence, handle.offset), (0.5, -0.125));
    }
}
