//! Curves: tables for all channels together, red, green, blue and alpha.

use filmpress_composition::{Curves, CustomValue};

use super::color::{Table, by_tables, nothing};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE CurvesCustom"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    match p.custom(1) {
        Some(CustomValue::Curves(curves)) => by_tables(Box::new(tables(curves))),
        _ => nothing(),
    }
}

/// A colour goes through its own table, then through the one of all channels.
fn tables(curves: &Curves) -> [Table; 4] {
    let [all, red, green, blue, alpha] = &curves.tables;
    let both = |own: &Table| own.map(|v| all[usize::from(v)]);
    [both(red), both(green), both(blue), *alpha]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_come_before_all() {
        let mut curves = Curves {
            tables: [std::array::from_fn(|v| v as u8); 5],
        };
        curves.tables[0] = std::array::from_fn(|v| if v < 100 { 0 } else { 255 });
        curves.tables[2] = std::array::from_fn(|v| 255 - v as u8);
        let [red, green, _, alpha] = tables(&curves);
        assert_eq!((red[99], red[100], green[0], green[200]), (0, 255, 255, 0));
        assert_eq!(alpha[99], 99);
    }
}
