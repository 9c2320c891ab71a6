//! Levels, and Levels (Individual Controls): input black and white, gamma, output black and white, for each channel.

use filmpress_composition::CustomValue;

use super::color::{Table, by_tables, table, unchanged};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE Easy Levels2"],
    read: easy,
};

/// Levels (Individual Controls).
pub(super) const INDIVIDUAL: Definition = Definition {
    match_names: &["ADBE Pro Levels2"],
    read: individual,
};

/// Input black, input white, gamma, output black, output white.
type Sliders = [f32; 5];

/// What changes nothing.
const NEUTRAL: Sliders = [0.0, 1.0, 1.0, 0.0, 1.0];

/// How values beyond the inputs are treated.
#[derive(Clone, Copy)]
struct Clip {
    black: bool,
    white: bool,
}

impl Clip {
    /// From the numbers of its two menus: off, on, off for 32 bits.
    fn read(p: &Parameters, black: u32, white: u32) -> Self {
        Self {
            black: p.menu(black, 3) != 1,
            white: p.menu(white, 3) != 1,
        }
    }
}

/// Five sliders from parameter `first` on.
fn sliders(p: &Parameters, first: u32) -> Sliders {
    let mut sliders = NEUTRAL;
    for (number, value) in (first..).zip(&mut sliders) {
        *value = p.number(number, f64::from(*value)) as f32;
    }
    sliders
}

/// Of all channels together, red, green, blue, alpha.
type Channels = [Sliders; 5];

fn easy(p: &Parameters) -> Box<dyn Draws> {
    let shown = sliders(p, 3);
    let mut channels = [NEUTRAL; 5];
    match p.custom(2) {
        // The sliders are those of all channels then, which may have been set anew or be animated.
        Some(CustomValue::Levels(levels)) => {
            channels = levels.channels;
            channels[0] = shown;
        }
        // They belong to the channel of the menu.
        _ => channels[(p.menu(1, 1) as usize).clamp(1, 5) - 1] = shown,
    }
    draws(&channels, Clip::read(p, 8, 9))
}

fn individual(p: &Parameters) -> Box<dyn Draws> {
    // A group of parameters each: its start, five sliders, its end.
    let channels = [4, 11, 18, 25, 32].map(|first| sliders(p, first));
    draws(&channels, Clip::read(p, 38, 39))
}

fn draws(channels: &Channels, clip: Clip) -> Box<dyn Draws> {
    by_tables(Box::new(tables(channels, clip)))
}

/// Red, green and blue go through their own sliders, then through those of all; alpha through its own.
fn tables(channels: &Channels, clip: Clip) -> [Table; 4] {
    [1, 2, 3, 4].map(|i| match i {
        4 if channels[4] == NEUTRAL => unchanged(),
        4 => table(|v| level(v, &channels[4], clip)),
        _ => table(|v| level(level(v, &channels[i], clip), &channels[0], clip)),
    })
}

fn level(v: f32, sliders: &Sliders, clip: Clip) -> f32 {
    if *sliders == NEUTRAL {
        return v;
    }
    let [in_black, in_white, gamma, out_black, out_white] = *sliders;
    let span = in_white - in_black;
    let span = if span.abs() < 1e-6 {
        1e-6_f32.copysign(span)
    } else {
        span
    };
    let mut share = (v - in_black) / span;
    if clip.black {
        share = share.max(0.0);
    }
    if clip.white {
        share = share.min(1.0);
    }
    let bent = libm::powf(share.abs(), 1.0 / gamma.max(1e-4)).copysign(share);
    let value = out_black + (out_white - out_black) * bent;
    if value.is_finite() {
        value.clamp(-1e4, 1e4)
    } else {
        out_white
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIP: Clip = Clip {
        black: true,
        white: true,
    };

    #[test]
    fn inputs_stretch_and_outputs_squeeze() {
        let inputs = table(|v| level(v, &[51.0 / 255.0, 204.0 / 255.0, 1.0, 0.0, 1.0], CLIP));
        assert_eq!([inputs[51], inputs[204], inputs[0], inputs[255]], [0, 255, 0, 255]);
        let outputs = table(|v| level(v, &[0.0, 1.0, 1.0, 0.1, 0.9], CLIP));
        assert_eq!([outputs[0], outputs[255]], [26, 230]);
        let gamma = table(|v| level(v, &[0.0, 1.0, 2.0, 0.0, 1.0], CLIP));
        assert_eq!(gamma[64], 128);
    }

    #[test]
    fn any_numbers_are_harmless() {
        for sliders in [
            [1.0; 5],
            [0.0; 5],
            [-1e7, 1e7, -1e7, 1e7, -1e7],
            [0.5, 0.5, 0.0, 1e7, 0.0],
        ] {
            for clip in [true, false].map(|on| Clip { black: on, white: on }) {
                tables(&[sliders; 5], clip);
            }
        }
    }

    #[test]
    fn channels_have_their_own_sliders_before_those_of_all() {
        let mut channels = [NEUTRAL; 5];
        channels[1] = [0.0, 1.0, 1.0, 1.0, 0.0];
        channels[0] = [0.0, 0.5, 1.0, 0.0, 1.0];
        let [red, green, _, alpha] = tables(&channels, CLIP);
        assert_eq!((red[255], red[191], green[64]), (0, 128, 128));
        assert_eq!(alpha[77], 77);
    }
}
