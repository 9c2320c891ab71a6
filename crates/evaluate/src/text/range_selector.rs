//! Range selectors: how much of an animator each character gets.

use libm::{cos, sqrt};

/// What a selector counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum BasedOn {
    #[default]
    Characters,
    CharactersExcludingSpaces,
    Words,
    Lines,
}

/// How a selector combines with those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum SelectorMode {
    #[default]
    Add,
    Subtract,
    Intersect,
    Min,
    Max,
    Difference,
}

/// The course of the amount over the range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum RangeShape {
    #[default]
    Square,
    RampUp,
    RampDown,
    Triangle,
    Round,
    Smooth,
}

/// A range selector at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct RangeSelector {
    /// Start, end and offset in percent (0..100), or in counted things when `by_index`.
    pub start: f64,
    /// See `start`.
    pub end: f64,
    /// See `start`.
    pub offset: f64,
    /// Whether the three count things instead of percent.
    pub by_index: bool,
    /// What is counted.
    pub based_on: BasedOn,
    /// How it combines.
    pub mode: SelectorMode,
    /// -1..1.
    pub amount: f64,
    /// The course.
    pub shape: RangeShape,
    /// 0..1; of squares only.
    pub smoothness: f64,
    /// -1..1.
    pub ease_high: f64,
    /// -1..1.
    pub ease_low: f64,
    /// The order of what is counted is shuffled with this seed.
    pub random_seed: Option<u32>,
}

impl Default for RangeSelector {
    fn default() -> Self {
        Self {
            start: 0.0,
            end: 100.0,
            offset: 0.0,
            by_index: false,
            based_on: BasedOn::Characters,
            mode: SelectorMode::Add,
            amount: 1.0,
            shape: RangeShape::Square,
            smoothness: 1.0,
            ease_high: 0.0,
            ease_low: 0.0,
            random_seed: None,
        }
    }
}

impl RangeSelector {
    /// The amount for each of `total` counted things, -1..1.
    pub(super) fn amounts(&self, total: usize) -> Vec<f64> {
        let unit = if self.by_index { 1.0 } else { total as f64 / 100.0 };
        let (a, b) = ((self.start + self.offset) * unit, (self.end + self.offset) * unit);
        let (start, end) = (a.min(b), a.max(b));
        let mut amounts: Vec<f64> = (0..total)
            .map(|i| self.ease(self.course(i as f64, start, end)) * self.amount)
            .collect();
        if let Some(seed) = self.random_seed {
            shuffle(&mut amounts, seed);
        }
        amounts
    }

    /// 0..1 for the thing that lies from `i` to `i + 1` under a range.
    fn course(&self, i: f64, start: f64, end: f64) -> f64 {
        let length = end - start;
        // Where the middle of the thing lies in the range.
        let at = i + 0.5 - start;
        let ramp = || {
            if length <= 0.0 {
                f64::from(u8::from(at > 0.0))
            } else {
                (at / length).clamp(0.0, 1.0)
            }
        };
        match self.shape {
            RangeShape::Square => {
                let covered = (end.min(i + 1.0) - start.max(i)).clamp(0.0, 1.0);
                // Less smoothness makes the change from one character to the next sudden.
                let smoothness = self.smoothness.clamp(0.0, 1.0).max(1e-6);
                ((covered - 0.5) / smoothness + 0.5).clamp(0.0, 1.0)
            }
            RangeShape::RampUp => ramp(),
            RangeShape::RampDown => 1.0 - ramp(),
            _ if length <= 0.0 => 0.0,
            RangeShape::Triangle => {
                let x = ramp();
                if x < 0.5 { 2.0 * x } else { 2.0 - 2.0 * x }
            }
            RangeShape::Round => {
                let x = 2.0 * ramp() - 1.0;
                sqrt((1.0 - x * x).max(0.0))
            }
            RangeShape::Smooth => 0.5 - 0.5 * cos(std::f64::consts::TAU * ramp()),
        }
    }

    /// Ease low bends the curve where amounts are small, ease high where they are large: positive values flatten it
    /// there, negative ones steepen it.
    fn ease(&self, x: f64) -> f64 {
        let (low, high) = (self.ease_low.clamp(-1.0, 1.0), self.ease_high.clamp(-1.0, 1.0));
        if (low == 0.0 && high == 0.0) || x <= 0.0 || x >= 1.0 {
            return x;
        }
        let first = [low.max(0.0), (-low).max(0.0)];
        let second = [1.0 - high.max(0.0), 1.0 - (-high).max(0.0)];
        let at = |s: f64, c: usize| {
            3.0 * (1.0 - s) * (1.0 - s) * s * first[c] + 3.0 * (1.0 - s) * s * s * second[c] + s * s * s
        };
        // x grows with s: halve the interval until it is found.
        let (mut from, mut to) = (0.0, 1.0);
        for _ in 0..40 {
            let middle = (from + to) * 0.5;
            if at(middle, 0) < x {
                from = middle;
            } else {
                to = middle;
            }
        }
        at((from + to) * 0.5, 1)
    }
}

/// How much of an animator each character gets by its selectors in order; `counted` gives the amounts' index for a
/// selector's kind of counting.
pub(super) fn combine(amount: f64, mode: SelectorMode, before: f64) -> f64 {
    let combined = match mode {
        SelectorMode::Add => before + amount,
        SelectorMode::Subtract => before - amount,
        SelectorMode::Intersect => before * amount,
        SelectorMode::Min => before.min(amount),
        SelectorMode::Max => before.max(amount),
        SelectorMode::Difference => (before - amount).abs(),
    };
    combined.clamp(-1.0, 1.0)
}

impl SelectorMode {
    /// What the first selector of an animator starts from: those that take away start from everything.
    pub(super) fn start(self) -> f64 {
        match self {
            Self::Subtract | Self::Intersect | Self::Min => 1.0,
            Self::Add | Self::Max | Self::Difference => 0.0,
        }
    }
}

fn shuffle(amounts: &mut [f64], seed: u32) {
    let mut state = u64::from(seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    for i in (1..amounts.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        amounts.swap(i, (state % (i as u64 + 1)) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(selector: &RangeSelector) -> Vec<f64> {
        selector.amounts(4).iter().map(|a| (a * 1e4).round() / 1e4).collect()
    }

    #[test]
    fn a_square_range_covers_characters_in_parts() {
        let half = RangeSelector {
            end: 62.5,
            ..RangeSelector::default()
        };
        assert_eq!(amounts(&half), [1.0, 1.0, 0.5, 0.0]);
        let sudden = RangeSelector {
            smoothness: 0.0,
            end: 60.0,
            ..RangeSelector::default()
        };
        assert_eq!(amounts(&sudden), [1.0, 1.0, 0.0, 0.0]);
        let backwards = RangeSelector {
            start: 100.0,
            end: 50.0,
            amount: -0.5,
            ..RangeSelector::default()
        };
        assert_eq!(amounts(&backwards), [-0.0, -0.0, -0.5, -0.5]);
        let index = RangeSelector {
            by_index: true,
            start: 1.0,
            end: 2.0,
            offset: 1.0,
            ..RangeSelector::default()
        };
        assert_eq!(amounts(&index), [0.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn shapes_take_their_course() {
        let of = |shape| {
            amounts(&RangeSelector {
                shape,
                ..RangeSelector::default()
            })
        };
        assert_eq!(of(RangeShape::RampUp), [0.125, 0.375, 0.625, 0.875]);
        assert_eq!(of(RangeShape::RampDown), [0.875, 0.625, 0.375, 0.125]);
        assert_eq!(of(RangeShape::Triangle), [0.25, 0.75, 0.75, 0.25]);
        let round = of(RangeShape::Round);
        assert!(round[0] > 0.6 && round[1] > 0.95 && round[0] == round[3]);
        let smooth = of(RangeShape::Smooth);
        assert_eq!(smooth, [0.1464, 0.8536, 0.8536, 0.1464]);
    }

    #[test]
    fn empty_ranges_and_strange_numbers_stay_in_bounds() {
        for shape in [
            RangeShape::Square,
            RangeShape::RampUp,
            RangeShape::RampDown,
            RangeShape::Triangle,
            RangeShape::Round,
            RangeShape::Smooth,
        ] {
            for end in [0.0, 1e300, -1e300, 1e-300] {
                for ease in [-1.0, 0.3, 1.0] {
                    let selector = RangeSelector {
                        end,
                        shape,
                        ease_high: ease,
                        ease_low: ease,
                        random_seed: Some(3),
                        ..RangeSelector::default()
                    };
                    assert!(selector.amounts(7).iter().all(|a| (-1e-9..=1.000_001).contains(a)));
                }
            }
        }
        assert!(RangeSelector::default().amounts(0).is_empty());
    }

    #[test]
    fn easing_flattens_the_ends() {
        let eased = RangeSelector {
            shape: RangeShape::RampUp,
            ease_high: 1.0,
            ease_low: 1.0,
            ..RangeSelector::default()
        };
        let amounts = eased.amounts(8);
        assert!(amounts[0] < 0.03 && amounts[7] > 0.97, "{amounts:?}");
        assert!(amounts.windows(2).all(|w| w[0] < w[1]));
    }
}
