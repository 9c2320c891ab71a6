//! Modes that work on each channel by itself. Backdrop `b` and source `s` in 0..1, straight.
//!
//! Sources: W3C Compositing and Blending Level 1 for the modes it has; Adobe's descriptions of the others
//! (After Effects' and Photoshop's blending mode references).

/// The darker value.
#[inline(always)]
pub fn darken(b: f32, s: f32) -> f32 {
    b.min(s)
}

/// The product.
#[inline(always)]
pub fn multiply(b: f32, s: f32) -> f32 {
    b * s
}

/// Darkens the backdrop to reflect the source by raising contrast.
#[inline(always)]
pub fn color_burn(b: f32, s: f32) -> f32 {
    if b >= 1.0 {
        1.0
    } else if s <= 0.0 {
        0.0
    } else {
        1.0 - ((1.0 - b) / s).min(1.0)
    }
}

/// Darkens the backdrop to reflect the source by lowering brightness.
#[inline(always)]
pub fn linear_burn(b: f32, s: f32) -> f32 {
    (b + s - 1.0).max(0.0)
}

/// The sum.
#[inline(always)]
pub fn add(b: f32, s: f32) -> f32 {
    (b + s).min(1.0)
}

/// The lighter value.
#[inline(always)]
pub fn lighten(b: f32, s: f32) -> f32 {
    b.max(s)
}

/// The product of the complements, complemented.
#[inline(always)]
pub fn screen(b: f32, s: f32) -> f32 {
    b + s - b * s
}

/// Brightens the backdrop to reflect the source.
#[inline(always)]
pub fn color_dodge(b: f32, s: f32) -> f32 {
    if b <= 0.0 {
        0.0
    } else if s >= 1.0 {
        1.0
    } else {
        (b / (1.0 - s)).min(1.0)
    }
}

/// Multiply or screen, as the backdrop says.
#[inline(always)]
pub fn overlay(b: f32, s: f32) -> f32 {
    hard_light(s, b)
}

/// Multiply or screen, as the source says.
#[inline(always)]
pub fn hard_light(b: f32, s: f32) -> f32 {
    if s <= 0.5 {
        multiply(b, 2.0 * s)
    } else {
        screen(b, 2.0 * s - 1.0)
    }
}

/// Darkens or lightens softly, as the source says.
#[inline(always)]
pub fn soft_light(b: f32, s: f32) -> f32 {
    if s <= 0.5 {
        b - (1.0 - 2.0 * s) * b * (1.0 - b)
    } else {
        let d = if b <= 0.25 {
            ((16.0 * b - 12.0) * b + 4.0) * b
        } else {
            b.sqrt()
        };
        b + (2.0 * s - 1.0) * (d - b)
    }
}

/// Linear burn or linear dodge, as the source says.
#[inline(always)]
pub fn linear_light(b: f32, s: f32) -> f32 {
    (b + 2.0 * s - 1.0).clamp(0.0, 1.0)
}

/// Color burn or color dodge, as the source says.
#[inline(always)]
pub fn vivid_light(b: f32, s: f32) -> f32 {
    if s <= 0.5 {
        color_burn(b, 2.0 * s)
    } else {
        color_dodge(b, 2.0 * s - 1.0)
    }
}

/// Darken or lighten, as the source says.
#[inline(always)]
pub fn pin_light(b: f32, s: f32) -> f32 {
    if s <= 0.5 {
        darken(b, 2.0 * s)
    } else {
        lighten(b, 2.0 * s - 1.0)
    }
}

/// 0 or 1, as the sum says.
#[inline(always)]
pub fn hard_mix(b: f32, s: f32) -> f32 {
    if b + s >= 1.0 { 1.0 } else { 0.0 }
}

/// The distance.
#[inline(always)]
pub fn difference(b: f32, s: f32) -> f32 {
    (b - s).abs()
}

/// Like difference, with less contrast.
#[inline(always)]
pub fn exclusion(b: f32, s: f32) -> f32 {
    b + s - 2.0 * b * s
}

/// The backdrop less the source.
#[inline(always)]
pub fn subtract(b: f32, s: f32) -> f32 {
    (b - s).max(0.0)
}

/// The backdrop divided by the source.
#[inline(always)]
pub fn divide(b: f32, s: f32) -> f32 {
    if b <= 0.0 {
        0.0
    } else if s <= b {
        1.0
    } else {
        b / s
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Mode = fn(f32, f32) -> f32;

    #[test]
    fn published_values() {
        // Backdrop, source, result; worked by hand from the published formulas.
        let cases: [(&str, Mode, f32, f32, f32); 22] = [
            ("darken", darken, 0.3, 0.6, 0.3),
            ("multiply", multiply, 0.5, 0.4, 0.2),
            ("color burn", color_burn, 0.8, 0.5, 0.6),
            ("color burn of white", color_burn, 1.0, 0.0, 1.0),
            ("color burn by black", color_burn, 0.9, 0.0, 0.0),
            ("linear burn", linear_burn, 0.7, 0.6, 0.3),
            ("add", add, 0.7, 0.6, 1.0),
            ("lighten", lighten, 0.3, 0.6, 0.6),
            ("screen", screen, 0.5, 0.4, 0.7),
            ("color dodge", color_dodge, 0.3, 0.5, 0.6),
            ("color dodge of black", color_dodge, 0.0, 1.0, 0.0),
            ("overlay", overlay, 0.25, 0.4, 0.2),
            ("hard light", hard_light, 0.4, 0.75, 0.7),
            ("soft light, dark", soft_light, 0.5, 0.25, 0.375),
            ("soft light, light", soft_light, 0.25, 0.75, 0.375),
            ("linear light", linear_light, 0.5, 0.6, 0.7),
            ("vivid light", vivid_light, 0.8, 0.25, 0.6),
            ("pin light", pin_light, 0.2, 0.75, 0.5),
            ("difference", difference, 0.2, 0.75, 0.55),
            ("exclusion", exclusion, 0.5, 0.2, 0.5),
            ("subtract", subtract, 0.5, 0.2, 0.3),
            ("divide", divide, 0.2, 0.5, 0.4),
        ];
        for (name, mode, b, s, expected) in cases {
            assert!(
                (mode(b, s) - expected).abs() < 1e-5,
                "{name}({b}, {s}) = {}",
                mode(b, s)
            );
        }
        assert_eq!(hard_mix(0.5, 0.49), 0.0);
        assert_eq!(hard_mix(0.5, 0.5), 1.0);
    }

    #[test]
    fn stay_in_range() {
        let all: [Mode; 19] = [
            darken,
            multiply,
            color_burn,
            linear_burn,
            add,
            lighten,
            screen,
            color_dodge,
            overlay,
            hard_light,
            soft_light,
            linear_light,
            vivid_light,
            pin_light,
            hard_mix,
            difference,
            exclusion,
            subtract,
            divide,
        ];
        for mode in all {
            for i in 0..=20u8 {
                for j in 0..=20u8 {
                    let x = mode(f32::from(i) / 20.0, f32::from(j) / 20.0);
                    assert!((-1e-6..=1.000_001).contains(&x), "{x} from {i}, {j}");
                }
            }
        }
    }
}
