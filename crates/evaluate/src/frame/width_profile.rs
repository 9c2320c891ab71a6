//! How wide a stroke is along its path: taper and wave.

use crate::digest::Digester;

/// The course of a stroke's width along each of its path's contours.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WidthProfile {
    /// How the stroke begins.
    pub start: Taper,
    /// How it ends.
    pub end: Taper,
    /// What the width does along the whole way.
    pub wave: Wave,
}

/// A length along a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Extent {
    /// Pixels of the path's own space.
    Pixels(f64),
    /// A part of the contour's length, 1 for all of it.
    Share(f64),
}

/// An end of a stroke that gets narrower.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Taper {
    /// How much of the path it takes.
    pub length: Extent,
    /// What is left of the width at the very end, 0..1.
    pub width: f64,
    /// How gradually it begins and ends: 0 along straight lines, 1 in an S.
    pub ease: f64,
}

impl Default for Taper {
    fn default() -> Self {
        Self {
            length: Extent::Pixels(0.0),
            width: 0.0,
            ease: 0.0,
        }
    }
}

/// A width that rises and falls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wave {
    /// How much of the width goes where it is narrowest, 0..1.
    pub amount: f64,
    /// From one widest place to the next.
    pub length: Extent,
    /// How far into a wave the path starts, waves.
    pub phase: f64,
}

impl Default for Wave {
    fn default() -> Self {
        Self {
            amount: 0.0,
            length: Extent::Pixels(100.0),
            phase: 0.0,
        }
    }
}

impl Extent {
    /// In pixels, on a contour of this length.
    pub fn pixels(self, whole: f64) -> f64 {
        match self {
            Self::Pixels(pixels) => pixels,
            Self::Share(share) => share * whole,
        }
    }

    fn digest(self, d: &mut Digester) {
        match self {
            Self::Pixels(x) => d.u64(0).f64(x),
            Self::Share(x) => d.u64(1).f64(x),
        };
    }
}

impl Taper {
    /// The share of the width `at` pixels from this end of a contour `whole` pixels long.
    fn share(&self, at: f64, whole: f64) -> f64 {
        let length = self.length.pixels(whole);
        if length <= 0.0 || at >= length {
            return 1.0;
        }
        let x = (at / length).clamp(0.0, 1.0);
        let curve = x * x * (3.0 - 2.0 * x);
        self.width + (1.0 - self.width) * (x + (curve - x) * self.ease)
    }
}

impl Wave {
    fn share(&self, at: f64, whole: f64) -> f64 {
        let length = self.length.pixels(whole);
        if self.amount <= 0.0 || length <= 0.0 {
            return 1.0;
        }
        let waves = at / length + self.phase;
        let turn = std::f64::consts::TAU * (waves - waves.floor());
        1.0 - self.amount * (0.5 - 0.5 * libm::cos(turn))
    }
}

impl WidthProfile {
    /// Whether there is a taper at either end.
    pub fn is_tapered(&self) -> bool {
        [self.start, self.end].iter().any(|taper| match taper.length {
            Extent::Pixels(x) | Extent::Share(x) => x > 0.0 && taper.width < 1.0,
        })
    }

    /// Whether the width is the same everywhere.
    pub fn is_even(&self) -> bool {
        !self.is_tapered() && self.wave.amount <= 0.0
    }

    /// The share of the stroke's width, 0..1, `at` pixels along a contour `whole` pixels long. Where the tapers of both
    /// ends meet, the narrower one counts.
    pub fn share(&self, at: f64, whole: f64) -> f64 {
        let tapered = self.start.share(at, whole).min(self.end.share(whole - at, whole));
        (tapered * self.wave.share(at, whole)).clamp(0.0, 1.0)
    }

    /// How long a piece of a contour `whole` pixels long may be, in pixels, whose width goes evenly from one end to the
    /// other.
    pub fn step(&self, whole: f64) -> f64 {
        const PIECES: f64 = 24.0;
        let mut step = whole;
        if self.is_tapered() {
            for taper in [self.start, self.end] {
                let length = taper.length.pixels(whole);
                if length > 0.0 {
                    step = step.min(length / PIECES);
                }
            }
        }
        if self.wave.amount > 0.0 {
            step = step.min(self.wave.length.pixels(whole) / PIECES);
        }
        step
    }

    pub(super) fn digest(&self, d: &mut Digester) {
        for taper in [self.start, self.end] {
            taper.length.digest(d);
            d.f64s(&[taper.width, taper.ease]);
        }
        self.wave.length.digest(d);
        d.f64s(&[self.wave.amount, self.wave.phase]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tapers_go_from_their_width_to_the_whole() {
        let profile = WidthProfile {
            start: Taper {
                length: Extent::Share(0.5),
                width: 0.25,
                ease: 0.0,
            },
            end: Taper {
                length: Extent::Pixels(20.0),
                ..Taper::default()
            },
            ..WidthProfile::default()
        };
        let at = [0.0, 25.0, 50.0, 80.0, 90.0, 100.0].map(|at| profile.share(at, 100.0));
        assert_eq!(at, [0.25, 0.625, 1.0, 1.0, 0.5, 0.0]);
        assert!(profile.is_tapered() && !profile.is_even() && WidthProfile::default().is_even());
    }

    #[test]
    fn eased_tapers_start_and_arrive_slowly() {
        let taper = Taper {
            length: Extent::Pixels(100.0),
            width: 0.0,
            ease: 1.0,
        };
        let at = |x: f64| taper.share(x, 1000.0);
        assert!(at(10.0) < 0.05 && at(90.0) > 0.95 && at(50.0) == 0.5);
    }

    #[test]
    fn a_wave_takes_its_amount_half_way_between_its_crests() {
        let mut profile = WidthProfile {
            wave: Wave {
                amount: 0.6,
                length: Extent::Pixels(10.0),
                phase: 0.0,
            },
            ..WidthProfile::default()
        };
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(near(profile.share(0.0, 100.0), 1.0) && near(profile.share(15.0, 100.0), 0.4));
        profile.wave.phase = 0.5;
        assert!(near(profile.share(0.0, 100.0), 0.4));
        profile.wave.length = Extent::Share(0.25);
        assert!(near(profile.share(12.5, 100.0), 1.0));
    }
}
