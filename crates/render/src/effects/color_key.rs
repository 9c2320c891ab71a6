//! Color Key: colours near one are keyed out.

use super::color::byte;
use super::edge_key::EdgeKey;
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Color Key"],
    read,
};

fn read(p: &Parameters) -> Box<dyn Draws> {
    let [r, g, b, _] = p.color(1, [0.0, 0.0, 1.0, 1.0]).map(byte);
    let tolerance = p.number(2, 0.0).clamp(0.0, 255.0) as u8;
    Box::new(EdgeKey::new(p, 3, move |rgb| near(rgb, [r, g, b], tolerance)))
}

/// No channel is further away than the tolerance.
fn near(a: [u8; 3], b: [u8; 3], tolerance: u8) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= tolerance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_counts() {
        assert!(near([10, 20, 30], [15, 15, 35], 5));
        assert!(!near([10, 20, 30], [16, 20, 30], 5));
    }
}
