//! Hue/Saturation: hue, saturation and lightness of all colours and of six ranges of hues; or one hue for all (Colorize).

use filmpress_composition::{CustomValue, HueSaturation, HueShift};

use super::color::{by_color, extremes, from_hls, lightened, to_hls, turned, with_hue};
use super::{Definition, Draws, Parameters};

pub(super) const DEFINITION: Definition = Definition {
    match_names: &["ADBE HUE SATURATION"],
    read,
};

/// Where reds, yellows, greens, cyans, blues and magentas begin, count wholly, and end, degrees.
const RANGES: [[f32; 4]; 6] = [
    [315.0, 345.0, 15.0, 45.0],
    [15.0, 45.0, 75.0, 105.0],
    [75.0, 105.0, 135.0, 165.0],
    [135.0, 165.0, 195.0, 225.0],
    [195.0, 225.0, 255.0, 285.0],
    [255.0, 285.0, 315.0, 345.0],
];

fn read(p: &Parameters) -> Box<dyn Draws> {
    if p.flag(7, false) {
        let hue = turned((p.number(8, 0.0) / 360.0) as f32);
        let saturation = (p.number(9, 25.0) / 100.0).clamp(0.0, 1.0) as f32;
        let lightness = (p.number(10, 0.0) / 100.0) as f32;
        return by_color(move |rgb| lightened(from_hls([hue, to_hls(rgb)[1], saturation]), lightness));
    }
    let settings = settings(p);
    let ranged: Vec<([f32; 4], HueShift)> = settings
        .ranges
        .into_iter()
        .filter(|(_, shift)| *shift != HueShift::default())
        .collect();
    let master = settings.master;
    by_color(move |rgb| {
        let shift = if ranged.is_empty() {
            master
        } else {
            total(master, &ranged, rgb)
        };
        changed(rgb, shift)
    })
}

/// The record of the file, or, where there is none, the sliders for what the menu shows.
fn settings(p: &Parameters) -> HueSaturation {
    let shown = HueShift {
        hue: p.number(4, 0.0) as f32,
        saturation: p.number(5, 0.0) as f32,
        lightness: p.number(6, 0.0) as f32,
    };
    if let Some(CustomValue::HueSaturation(settings)) = p.custom(3) {
        let mut settings = *settings;
        // The sliders follow the record; they are asked where the record is silent.
        if settings.master == HueShift::default() && p.menu(2, 1) == 1 {
            settings.master = shown;
        }
        return settings;
    }
    let mut settings = HueSaturation {
        ranges: RANGES.map(|range| (range, HueShift::default())),
        ..HueSaturation::default()
    };
    match p.menu(2, 1) as usize {
        channel @ 2..=7 => settings.ranges[channel - 2].1 = shown,
        _ => settings.master = shown,
    }
    settings
}

/// How much a hue in degrees belongs to a range, 0..1.
fn share(hue: f32, [begin, whole, until, end]: [f32; 4]) -> f32 {
    // Counted from the beginning, round the circle.
    let from = |x: f32| turned((x - begin) / 360.0) * 360.0;
    let (at, whole, until, end) = (from(hue), from(whole), from(until), from(end));
    if at < whole {
        at / whole
    } else if at <= until {
        1.0
    } else if at < end {
        (end - at) / (end - until)
    } else {
        0.0
    }
}

/// What happens to a colour: the master's and that of the ranges it belongs to. Greys belong to none.
fn total(master: HueShift, ranged: &[([f32; 4], HueShift)], rgb: [f32; 3]) -> HueShift {
    let [hue, _, saturation] = to_hls(rgb);
    let mut total = master;
    if saturation > 0.0 {
        for (range, shift) in ranged {
            let share = share(hue * 360.0, *range);
            total.hue += shift.hue * share;
            total.saturation += shift.saturation * share;
            total.lightness += shift.lightness * share * saturation;
        }
    }
    total
}

fn changed(rgb: [f32; 3], shift: HueShift) -> [f32; 3] {
    let mut rgb = rgb;
    if shift.hue != 0.0 {
        rgb = with_hue(rgb, turned(to_hls(rgb)[0] + shift.hue / 360.0));
    }
    if shift.saturation != 0.0 {
        rgb = saturated(rgb, shift.saturation.clamp(-100.0, 100.0));
    }
    lightened(rgb, shift.lightness / 100.0)
}

/// Colours drawn towards their lightness, or away from it as far as there is room.
fn saturated(rgb: [f32; 3], saturation: f32) -> [f32; 3] {
    // After Effects counts the slider in steps of 8 bits.
    let step = saturation * 2.55 / 256.0;
    let (least, most) = extremes(rgb);
    let lightness = f32::midpoint(least, most);
    let scale = if saturation <= -100.0 {
        0.0
    } else if step < 0.0 {
        1.0 + step
    } else {
        let own = to_hls(rgb)[2];
        if own <= 0.0 {
            return rgb;
        }
        1.0 / if step + own >= 1.0 { own } else { 1.0 - step }
    };
    rgb.map(|v| lightness + (v - lightness) * scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::effects::color::byte;

    fn of(rgb: [u8; 3], hue: f32, saturation: f32, lightness: f32) -> [u8; 3] {
        let shift = HueShift {
            hue,
            saturation,
            lightness,
        };
        changed(rgb.map(|v| f32::from(v) / 255.0), shift).map(byte)
    }

    #[test]
    fn hues_turn_and_greys_stay() {
        assert_eq!(of([200, 40, 90], 120.0, 0.0, 0.0), [90, 200, 40]);
        assert_eq!(of([200, 40, 90], -240.0, 0.0, 0.0), [90, 200, 40]);
        assert_eq!(of([77, 77, 77], 77.0, 50.0, 0.0), [77, 77, 77]);
    }

    #[test]
    fn saturation_goes_to_grey_and_to_the_full() {
        assert_eq!(of([255, 0, 0], 0.0, -100.0, 0.0), [128, 128, 128]);
        assert_eq!(of([200, 100, 150], 0.0, -60.0, 0.0), [170, 130, 150]);
        assert_eq!(of([200, 100, 150], 0.0, 100.0, 0.0), [255, 45, 150]);
    }

    #[test]
    fn lightness_goes_to_white_and_black() {
        assert_eq!(of([200, 100, 0], 0.0, 0.0, 50.0), [228, 178, 128]);
        assert_eq!(of([200, 100, 0], 0.0, 0.0, -50.0), [100, 50, 0]);
        assert_eq!(of([200, 100, 0], 0.0, 0.0, -1e9), [0, 0, 0]);
    }

    #[test]
    fn ranges_have_soft_ends() {
        let reds = RANGES[0];
        for (hue, expected) in [(0.0, 1.0), (350.0, 1.0), (30.0, 0.5), (330.0, 0.5), (90.0, 0.0)] {
            assert!((share(hue, reds) - expected).abs() < 1e-4, "{hue}");
        }
        assert_eq!(share(10.0, [0.0; 4]), 0.0);
    }
}
