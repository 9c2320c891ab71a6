//! Wiggly selectors: a different amount for every character, changing over time.

use filmpress_composition::Group;

use super::animator_tracks::{based_on, mode};
use super::range_selector::{BasedOn, SelectorMode};
use crate::compile::Compile;
use crate::interpolate::{Number, Track};
use crate::support::Topic;
use crate::wiggle::{Names, Wiggle, Wiggles};

/// A wiggly selector at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct WigglySelector {
    /// What is counted.
    pub based_on: BasedOn,
    /// How it combines.
    pub mode: SelectorMode,
    /// The largest amount, -1..1.
    pub max: f64,
    /// The smallest amount, -1..1.
    pub min: f64,
    /// Whether all dimensions of a property get the same amount.
    pub lock_dimensions: bool,
    /// The random numbers.
    pub wiggles: Wiggles,
}

impl WigglySelector {
    /// The amounts of the first and the second dimension for each of `total` counted things, -1..1.
    pub(super) fn amounts(&self, total: usize) -> Vec<[f64; 2]> {
        let amount = |value: f64| self.min + (self.max - self.min) * (0.5 + 0.5 * value);
        (0..total)
            .map(|i| {
                let [first, second] = self.wiggles.pair(i, 0);
                [first, if self.lock_dimensions { first } else { second }].map(amount)
            })
            .collect()
    }
}

/// A wiggly selector over time.
#[derive(Debug)]
pub(super) struct WigglyTracks {
    based_on: BasedOn,
    mode: SelectorMode,
    max: Track<Number>,
    min: Track<Number>,
    lock_dimensions: Track<Number>,
    wiggle: Wiggle,
}

impl WigglyTracks {
    pub fn compile(c: &mut Compile, selector: &Group) -> Self {
        c.feature(Topic::TextSelector, "ADBE Text Wiggly Selector");
        Self {
            based_on: based_on(c, selector),
            mode: mode(c, selector),
            max: c.number(selector, "ADBE Text Wiggly Max Amount"),
            min: c.number(selector, "ADBE Text Wiggly Min Amount"),
            lock_dimensions: c.number(selector, "ADBE Text Wiggly Lock Dim"),
            wiggle: Wiggle::compile(
                c,
                selector,
                &Names {
                    frequency: "ADBE Text Temporal Freq",
                    correlation: "ADBE Text Character Correlation",
                    temporal_phase: "ADBE Text Temporal Phase",
                    spatial_phase: "ADBE Text Spatial Phase",
                    random_seed: "ADBE Text Wiggly Random Seed",
                },
            ),
        }
    }

    pub fn is_animated(&self) -> bool {
        self.wiggle.is_animated()
            || [&self.max, &self.min, &self.lock_dimensions]
                .iter()
                .any(|t| t.is_animated())
    }

    pub fn at(&self, time: f64) -> WigglySelector {
        let share = |track: &Track<Number>| (track.at(time) / 100.0).clamp(-1.0, 1.0);
        WigglySelector {
            based_on: self.based_on,
            mode: self.mode,
            max: share(&self.max),
            min: share(&self.min),
            lock_dimensions: self.lock_dimensions.at(time) != 0.0,
            wiggles: self.wiggle.at(time),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wiggly(correlation: f64, lock_dimensions: bool, time: f64) -> Vec<[f64; 2]> {
        WigglySelector {
            based_on: BasedOn::Characters,
            mode: SelectorMode::Intersect,
            max: 0.5,
            min: -0.25,
            lock_dimensions,
            wiggles: Wiggle::fixed(2.0, correlation, 0.0).at(time),
        }
        .amounts(100)
    }

    #[test]
    fn amounts_lie_between_the_smallest_and_the_largest() {
        let amounts = wiggly(0.0, false, 0.7);
        assert!(amounts.iter().flatten().all(|a| (-0.25..=0.5).contains(a)));
        assert!(amounts.iter().any(|a| a[0] > 0.3) && amounts.iter().any(|a| a[0] < -0.1));
        assert!(amounts.iter().any(|a| a[0] != a[1]));
        assert_ne!(amounts, wiggly(0.0, false, 0.9));
    }

    #[test]
    fn full_correlation_is_one_amount_and_locked_dimensions_are_alike() {
        let amounts = wiggly(100.0, false, 0.7);
        assert!(amounts.iter().all(|a| *a == amounts[0]));
        assert!(wiggly(0.0, true, 0.7).iter().all(|a| a[0] == a[1]));
    }
}
