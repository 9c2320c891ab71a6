//! Keylight (1.2): blue and green screens. Alpha by how much of the screen's colour a pixel holds; that much is taken out.

use super::color::{by_pixel, byte, luma};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["Keylight 906"],
    read,
};

/// What the View menu shows, as far as it differs.
mod view {
    pub const SOURCE: u32 = 1;
    pub const SOURCE_ALPHA: u32 = 2;
    pub const SCREEN_MATTE: u32 = 5;
    pub const COMBINED_MATTE: u32 = 8;
    pub const INTERMEDIATE: u32 = 10;
    pub const FINAL: u32 = 11;
}

fn read(p: &Parameters) -> Box<dyn Draws> {
    let [r, g, b, _] = p.color(4, [0.0, 0.0, 0.0, 1.0]);
    let share = |number: u32, default: f64| (p.number(number, default) / 100.0) as f32;
    let screen = Screen::new([r, g, b], share(5, 100.0), share(6, 50.0));
    let clip = [share(12, 0.0), share(13, 100.0)];
    let [r, g, b, _] = p.color(20, [0.5, 0.5, 0.5, 1.0]);
    let replace = Replace {
        method: p.menu(19, 4),
        color: [r, g, b],
    };
    let view = p.menu(2, view::FINAL);
    by_pixel(move |pixel| {
        let [r, g, b, a] = pixel;
        let rgb = [r, g, b].map(|v| f32::from(v) / 255.0);
        let raw = screen.alpha(rgb);
        let alpha = clipped(raw, clip);
        let opaque = |v: u8| [v, v, v, 255];
        let own = f32::from(a) / 255.0;
        match view {
            view::SOURCE => pixel,
            view::SOURCE_ALPHA => opaque(a),
            view::SCREEN_MATTE | view::COMBINED_MATTE => opaque(byte(alpha)),
            view::INTERMEDIATE => [r, g, b, byte(alpha * own)],
            _ => {
                let [r, g, b] = replace.color(rgb, screen.taken_out(rgb, raw), raw, alpha).map(byte);
                [r, g, b, byte(alpha * own)]
            }
        }
    })
}

/// The screen's colour and how pixels are measured against it.
struct Screen {
    color: [f32; 3],
    /// The channel that is strongest in the screen, and the other two, the stronger first.
    channels: [usize; 3],
    gain: f32,
    /// Share of the weaker of the other two in what the strongest is compared with.
    balance: f32,
    /// How saturated the screen is; not above 0 when it has no colour.
    saturation: f32,
}

impl Screen {
    fn new(color: [f32; 3], gain: f32, balance: f32) -> Self {
        let mut channels = [0, 1, 2];
        channels.sort_by(|a, b| color[*b].total_cmp(&color[*a]));
        let mut screen = Self {
            color,
            channels,
            gain: gain.clamp(0.0, 10.0),
            balance: balance.clamp(0.0, 1.0),
            saturation: 0.0,
        };
        screen.saturation = screen.saturation(color);
        screen
    }

    fn saturation(&self, rgb: [f32; 3]) -> f32 {
        let [first, second, third] = self.channels.map(|i| rgb[i]);
        first - (second + (third - second) * self.balance)
    }

    /// 0 where there is as much of the screen as in the screen itself, 1 where there is none.
    fn alpha(&self, rgb: [f32; 3]) -> f32 {
        if self.saturation <= 1e-4 {
            return 1.0;
        }
        (1.0 - self.gain * self.saturation(rgb) / self.saturation).clamp(0.0, 1.0)
    }

    /// The colour without the share of the screen in it, premultiplied with `alpha`.
    fn taken_out(&self, rgb: [f32; 3], alpha: f32) -> [f32; 3] {
        [0, 1, 2].map(|i| (rgb[i] - (1.0 - alpha) * self.color[i]).max(0.0))
    }
}

/// Clip Black and Clip White.
fn clipped(alpha: f32, [black, white]: [f32; 2]) -> f32 {
    ((alpha - black) / (white - black).max(1e-3)).clamp(0.0, 1.0)
}

/// What is put where clipping made pixels more opaque than they were keyed.
struct Replace {
    /// Entry of the menu: none, source, hard colour, soft colour.
    method: u32,
    color: [f32; 3],
}

impl Replace {
    /// The straight colour for `alpha`; `left` is what keying left, premultiplied with `raw`.
    fn color(&self, source: [f32; 3], left: [f32; 3], raw: f32, alpha: f32) -> [f32; 3] {
        if alpha <= 0.0 {
            return [0.0; 3];
        }
        let missing = alpha - raw;
        if missing <= 0.0 {
            return left.map(|v| v / raw.max(1e-4));
        }
        let with = match self.method {
            1 => [0.0; 3],
            2 => source,
            3 => self.color,
            _ => {
                let own = luma(self.color).max(1e-3);
                self.color.map(|v| v * luma(source) / own)
            }
        };
        [0, 1, 2].map(|i| (left[i] + with[i] * missing) / alpha)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_screen_goes_and_other_colours_stay() {
        let screen = Screen::new([0.1, 0.7, 0.2], 1.0, 0.5);
        assert_eq!(screen.alpha([0.1, 0.7, 0.2]), 0.0);
        assert_eq!(screen.alpha([0.8, 0.5, 0.4]), 1.0);
        assert_eq!(screen.alpha([0.5; 3]), 1.0);
        let half = [0.45, 0.6, 0.45];
        let alpha = screen.alpha(half);
        assert!(alpha > 0.5 && alpha < 0.9, "{alpha}");
        assert!(screen.taken_out(half, alpha)[1] < half[1]);
    }

    #[test]
    fn screens_without_colour_key_nothing() {
        for color in [[0.0; 3], [0.5; 3], [1.0; 3]] {
            assert_eq!(Screen::new(color, 1.0, 0.5).alpha([0.0, 1.0, 0.0]), 1.0);
        }
    }

    #[test]
    fn clips_make_black_and_white() {
        assert_eq!([0.2, 0.5, 0.9].map(|v| clipped(v, [0.2, 0.8]) * 2.0), [0.0, 1.0, 2.0]);
        assert_eq!(clipped(0.5, [0.9, 0.1]), 0.0);
    }
}
