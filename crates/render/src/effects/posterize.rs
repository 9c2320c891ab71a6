//! Posterize: few levels for each channel.

use super::color::{Table, by_tables, unchanged};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Posterize"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    let table = levels(p.number(1, 7.0).round().clamp(2.0, 255.0) as u32);
    by_tables(Box::new([table, table, table, unchanged()]))
}

/// As many bands of equal width as levels, the first black, the last white.
fn levels(count: u32) -> Table {
    std::array::from_fn(|v| {
        let band = (v as u32 * count / 255).min(count - 1);
        let steps = count - 1;
        ((band * 255 * 2 + steps) / (steps * 2)) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_of_equal_width() {
        let four = levels(4);
        assert_eq!([0, 63, 64, 128, 192, 255].map(|v| four[v]), [0, 0, 85, 170, 255, 255]);
        let two = levels(2);
        assert_eq!([127, 128].map(|v| two[v]), [0, 255]);
        assert_eq!(levels(255)[254], 255);
    }
}
