//! Data of effects' own (`aRbs` > `aRbp`), one record or one a keyframe, as far as its layout is known.

use std::sync::Arc;

use filmpress_composition::{Curves, CustomValue, HueSaturation, HueShift, Kind, Levels, Property, Value, ValueType};

use super::keyframes::Axis;
use super::notes::Notes;
use super::{levels, property};
use crate::aep::raw::{Chunk, Fields};

/// The property a parameter with data of its own becomes: `tdbs` has its keyframes, `data` its records.
pub(super) fn property(tdbs: &Chunk<'_>, match_name: &str, data: Option<&Chunk<'_>>, notes: &mut Notes) -> Property {
    let records: Vec<&Chunk<'_>> = data.into_iter().flat_map(|list| list.leaves(*b"aRbp")).collect();
    let values: Option<Vec<Value>> = records
        .iter()
        .map(|record| Some(Value::Custom(Arc::new(value(match_name, Fields(&record.data))?))))
        .collect();
    if values.is_none() && !records.is_empty() {
        notes.warn(
            Kind::Unsupported,
            format!("the effect's own data `{match_name}` cannot be read"),
        );
    }
    let values = values.unwrap_or_default();
    let value_type = if values.is_empty() {
        ValueType::NoValue
    } else {
        ValueType::Custom
    };
    property::listed(Some(tdbs), match_name, value_type, values, Axis::Relative)
}

fn value(match_name: &str, record: Fields<'_>) -> Option<CustomValue> {
    match match_name {
        "ADBE CurvesCustom-0001" => curves(record).map(|c| CustomValue::Curves(Box::new(c))),
        "ADBE HUE SATURATION-0003" => hue_saturation(record).map(CustomValue::HueSaturation),
        levels::RECORD => all_levels(record).map(CustomValue::Levels),
        _ => None,
    }
}

/// Two numbers of 16 bits, then the five tables. The points the curves were drawn through follow; the tables are the
/// curves.
fn curves(record: Fields<'_>) -> Option<Curves> {
    let tables = record.0.get(4..4 + 5 * 256)?;
    let mut curves = Curves { tables: [[0; 256]; 5] };
    for (to, from) in curves.tables.iter_mut().zip(tables.chunks_exact(256)) {
        to.copy_from_slice(from);
    }
    Some(curves)
}

/// 8 bytes, then five numbers of 32 bits for each channel.
fn all_levels(record: Fields<'_>) -> Option<Levels> {
    if record.len() < 8 + 5 * 5 * 4 {
        return None;
    }
    let number = |channel: usize, i: usize| record.f32(8 + 4 * (5 * channel + i)) as f32;
    Some(Levels {
        channels: std::array::from_fn(|channel| std::array::from_fn(|i| number(channel, i))),
    })
}

/// 45 numbers of 32 bits: hue, saturation and lightness of all, then for each range four hues and its three.
fn hue_saturation(record: Fields<'_>) -> Option<HueSaturation> {
    if record.len() < 180 {
        return None;
    }
    let shift = |at: usize| HueShift {
        hue: record.i32(at) as f32,
        saturation: record.i32(at + 4) as f32,
        lightness: record.i32(at + 8) as f32,
    };
    Some(HueSaturation {
        master: shift(0),
        ranges: std::array::from_fn(|i| {
            let at = 12 + 28 * i;
            ([0, 4, 8, 12].map(|hue| record.i32(at + hue) as f32), shift(at + 16))
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(match_name: &str, records: &[Vec<u8>]) -> (Property, usize) {
        let records = records.iter().map(|r| Chunk::leaf(*b"aRbp", r.clone())).collect();
        let tdbs = Chunk::list(*b"tdbs", Vec::new());
        let mut notes = Notes::default();
        let property = property(&tdbs, match_name, Some(&Chunk::list(*b"aRbs", records)), &mut notes);
        (property, notes.into_diagnostics().len())
    }

    #[test]
    fn curves_are_their_tables() {
        let mut record = vec![0, 1, 0, 1];
        for table in 0..5u8 {
            record.extend((0..=255u8).map(|x| if table == 2 { 255 - x } else { x }));
        }
        record.resize(1644, 0);
        let (curves, warnings) = read("ADBE CurvesCustom-0001", &[record]);
        let Value::Custom(value) = &curves.value else {
            panic!("{:?}", curves.value)
        };
        let CustomValue::Curves(curves) = &**value else {
            panic!("{value:?}")
        };
        assert_eq!((curves.tables[0][7], curves.tables[2][0]), (7, 255));
        assert_eq!(warnings, 0);
    }

    #[test]
    fn hues_have_their_ranges() {
        let record: Vec<u8> = (0..45i32).flat_map(|x| (x - 2).to_be_bytes()).collect();
        let (property, _) = read("ADBE HUE SATURATION-0003", &[record]);
        let Value::Custom(value) = &property.value else {
            panic!("{:?}", property.value)
        };
        let CustomValue::HueSaturation(hues) = **value else {
            panic!("{value:?}")
        };
        assert_eq!((hues.master.hue, hues.master.lightness), (-2.0, 0.0));
        assert_eq!(hues.ranges[5].0, [36.0, 37.0, 38.0, 39.0]);
        assert_eq!(hues.ranges[5].1.lightness, 42.0);
    }

    #[test]
    fn levels_have_five_numbers_a_channel() {
        let mut record = vec![0; 8];
        record.extend((0..25u8).flat_map(|x| f32::from(x).to_be_bytes()));
        let (property, _) = read(levels::RECORD, &[record]);
        let Value::Custom(value) = &property.value else {
            panic!("{:?}", property.value)
        };
        let CustomValue::Levels(levels) = **value else {
            panic!("{value:?}")
        };
        assert_eq!(levels.channels[0], [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(levels.channels[4][4], 24.0);
    }

    #[test]
    fn data_nobody_knows_is_said() {
        let (property, warnings) = read("S_Glow-0004", &[vec![1, 2, 3]]);
        assert_eq!((property.value, warnings), (Value::None, 1));
        let (property, warnings) = read("ADBE CurvesCustom-0001", &[vec![1, 2, 3]]);
        assert_eq!((property.value, warnings), (Value::None, 1), "cut short");
    }
}
