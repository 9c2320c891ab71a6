//! Change to Color: colours like one become like another, by hue, lightness and saturation.

use super::color::{by_pixel, byte, from_hls, mix3, to_hls, turned};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Change To Color"],
    read,
};

struct Change {
    /// Hue, lightness, saturation.
    from: [f32; 3],
    to: [f32; 3],
    /// Which of the three change.
    parts: [bool; 3],
    /// Moved as far as `to` is from `from`, instead of set to `to`.
    transform: bool,
    tolerance: [f32; 3],
    softness: f32,
}

fn read(p: &Parameters) -> Box<dyn Draws> {
    let hls = |number: u32, default: [f32; 4]| {
        let [r, g, b, _] = p.color(number, default);
        to_hls([r, g, b])
    };
    let part = |number: u32, default: f64| p.number(number, default).clamp(0.0, 1.0) as f32;
    let change = Change {
        from: hls(1, [1.0, 0.0, 0.0, 1.0]),
        to: hls(2, [1.0, 1.0, 0.0, 1.0]),
        parts: match p.menu(3, 1) {
            2 => [true, true, false],
            3 => [true, false, true],
            4 => [true; 3],
            _ => [true, false, false],
        },
        transform: p.menu(4, 1) == 2,
        tolerance: [part(5, 0.05), part(6, 0.5), part(7, 0.5)],
        softness: part(8, 0.5),
    };
    let matte = p.flag(9, false);
    by_pixel(move |[r, g, b, a]| {
        let rgb = [r, g, b].map(|v| f32::from(v) / 255.0);
        let hls = to_hls(rgb);
        let share = change.share(hls);
        let [r, g, b] = if matte {
            [byte(share); 3]
        } else if share > 0.0 {
            mix3(rgb, from_hls(change.changed(hls)), share).map(byte)
        } else {
            [r, g, b]
        };
        [r, g, b, a]
    })
}

impl Change {
    /// How much a colour is like `from`, 0..1: the least of hue, lightness and saturation.
    fn share(&self, hls: [f32; 3]) -> f32 {
        let apart = (hls[0] - self.from[0]).abs();
        let away = [
            apart.min(1.0 - apart),
            (hls[1] - self.from[1]).abs(),
            (hls[2] - self.from[2]).abs(),
        ];
        let mut share = 1.0_f32;
        for (away, tolerance) in away.into_iter().zip(self.tolerance) {
            // Half a step of 8 bits counts as none.
            let beyond = away - tolerance - 0.002;
            if beyond > 0.0 {
                share = share.min(1.0 - beyond / (self.softness * tolerance).max(1e-6));
            }
        }
        share.max(0.0)
    }

    fn changed(&self, hls: [f32; 3]) -> [f32; 3] {
        let mut new = hls;
        for i in 0..3 {
            if self.parts[i] {
                new[i] = if self.transform {
                    hls[i] + self.to[i] - self.from[i]
                } else {
                    self.to[i]
                };
            }
        }
        [turned(new[0]), new[1].clamp(0.0, 1.0), new[2].clamp(0.0, 1.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(transform: bool) -> Change {
        Change {
            from: to_hls([1.0, 0.0, 0.0]),
            to: to_hls([0.0, 0.0, 0.5]),
            parts: [true; 3],
            transform,
            tolerance: [0.1, 1.0, 1.0],
            softness: 0.5,
        }
    }

    #[test]
    fn the_colour_becomes_the_other() {
        let set = change(false);
        assert_eq!(set.share(to_hls([1.0, 0.0, 0.0])), 1.0);
        assert_eq!(set.share(to_hls([0.0, 1.0, 0.0])), 0.0);
        assert_eq!(from_hls(set.changed(to_hls([0.9, 0.1, 0.1]))).map(byte), [0, 0, 128]);
    }

    #[test]
    fn transformed_colours_keep_their_distance() {
        let moved = change(true);
        assert_eq!(from_hls(moved.changed(to_hls([1.0, 0.0, 0.0]))).map(byte), [0, 0, 128]);
        let lighter = moved.changed(to_hls([1.0, 0.5, 0.5]));
        assert!((lighter[1] - 0.5).abs() < 1e-5);
    }
}
