//! Exposure: stops, offset and gamma in linear light.

use super::color::{Table, by_tables, table, unchanged};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Exposure2"],
    read,
};

/// The power that makes light of values; measured: After Effects takes no piecewise curve here.
const LIGHT: f32 = 2.4;

struct Exposure {
    stops: f32,
    offset: f32,
    gamma: f32,
    /// Values are taken for light as they are.
    bypass: bool,
}

fn read(p: &Parameters) -> Box<dyn Draws> {
    let bypass = p.flag(22, false);
    let table = |first: u32| {
        let exposure = Exposure {
            stops: p.number(first, 0.0) as f32,
            offset: p.number(first + 1, 0.0) as f32,
            gamma: p.number(first + 2, 1.0) as f32,
            bypass,
        };
        exposure.table()
    };
    let [r, g, b] = if p.menu(1, 1) == 2 {
        [8, 13, 18].map(table)
    } else {
        [table(3); 3]
    };
    by_tables(Box::new([r, g, b, unchanged()]))
}

impl Exposure {
    fn table(&self) -> Table {
        let power = if self.bypass { 1.0 } else { LIGHT };
        let gain = libm::exp2f(self.stops.clamp(-100.0, 100.0));
        table(|v| {
            let light = libm::powf(v, power) * gain + self.offset.clamp(-1e4, 1e4);
            libm::powf(light.max(0.0), 1.0 / (self.gamma.max(1e-3) * power))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exposure(stops: f32, offset: f32, gamma: f32, bypass: bool) -> Exposure {
        Exposure {
            stops,
            offset,
            gamma,
            bypass,
        }
    }

    #[test]
    fn a_stop_doubles_light() {
        assert_eq!(exposure(0.0, 0.0, 1.0, false).table(), unchanged());
        assert_eq!(exposure(1.0, 0.0, 1.0, true).table()[100], 200);
        // 2 to the power of 1 / 2.4 is 1.335.
        assert_eq!(exposure(1.0, 0.0, 1.0, false).table()[100], 133);
        assert_eq!(exposure(0.0, 0.5, 1.0, true).table()[0], 128);
    }

    #[test]
    fn any_numbers_are_harmless() {
        for x in [1e7, -1e7, 0.0] {
            let table = exposure(x, x, x, false).table();
            assert_eq!(table.len(), 256);
        }
    }
}
