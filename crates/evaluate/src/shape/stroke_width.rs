//! Taper and wave: a stroke's width along its path.

use filmpress_composition::Group;

use crate::compile::Compile;
use crate::frame::{Extent, Taper, Wave, WidthProfile};
use crate::interpolate::{Number, Track};
use crate::support::Topic;

/// The taper and wave of a stroke over time.
#[derive(Debug)]
pub(super) struct StrokeWidth {
    /// At the start and at the end.
    tapers: [TaperTracks; 2],
    wave: WaveTracks,
}

#[derive(Debug)]
struct TaperTracks {
    length: Track<Number>,
    in_pixels: bool,
    width: Track<Number>,
    ease: Track<Number>,
}

#[derive(Debug)]
struct WaveTracks {
    amount: Track<Number>,
    /// The length of a wave in pixels, or how many there are.
    size: Track<Number>,
    in_pixels: bool,
    phase: Track<Number>,
}

impl StrokeWidth {
    pub fn compile(c: &mut Compile, item: &Group) -> Self {
        let (no_taper, no_wave) = (
            Group::new("ADBE Vector Stroke Taper", "Taper"),
            Group::new("ADBE Vector Stroke Wave", "Wave"),
        );
        let taper = item.group("ADBE Vector Stroke Taper").unwrap_or(&no_taper);
        let wave = item.group("ADBE Vector Stroke Wave").unwrap_or(&no_wave);
        let tapers = c.inside(&taper.name, |c| {
            let in_pixels = c.menu(taper, "ADBE Vector Taper Length Units") == 2;
            let mut tracks = |[percent, pixels, width, ease]: [&'static str; 4]| TaperTracks {
                length: c.number(taper, if in_pixels { pixels } else { percent }),
                in_pixels,
                width: c.number(taper, width),
                ease: c.number(taper, ease),
            };
            let tapers = [
                tracks([
                    "ADBE Vector Taper Start Length",
                    "ADBE Vector Taper StartWidthPx",
                    "ADBE Vector Taper Start Width",
                    "ADBE Vector Taper Start Ease",
                ]),
                tracks([
                    "ADBE Vector Taper End Length",
                    "ADBE Vector Taper EndWidthPx",
                    "ADBE Vector Taper End Width",
                    "ADBE Vector Taper End Ease",
                ]),
            ];
            if tapers
                .iter()
                .any(|t| t.length.greatest() > 0.0 && t.ease.greatest() > 0.0)
            {
                c.feature(Topic::Shape, "taperEase");
            }
            tapers
        });
        let wave = c.inside(&wave.name, |c| {
            let in_pixels = c.menu(wave, "ADBE Vector Taper Wave Units") != 2;
            let amount = c.number(wave, "ADBE Vector Taper Wave Amount");
            if amount.greatest() > 0.0 {
                c.feature(Topic::Shape, "ADBE Vector Stroke Wave");
            }
            WaveTracks {
                amount,
                size: c.number(
                    wave,
                    if in_pixels {
                        "ADBE Vector Taper Wavelength"
                    } else {
                        "ADBE Vector Taper Wave Cycles"
                    },
                ),
                in_pixels,
                phase: c.number(wave, "ADBE Vector Taper Wave Phase"),
            }
        });
        Self { tapers, wave }
    }

    /// The course of the width at a layer time; `None` when it is even.
    pub fn at(&self, time: f64) -> Option<WidthProfile> {
        let [start, end] = [&self.tapers[0], &self.tapers[1]].map(|taper| taper.at(time));
        let profile = WidthProfile {
            start,
            end,
            wave: self.wave.at(time),
        };
        (!profile.is_even()).then_some(profile)
    }

    pub fn is_animated(&self) -> bool {
        let tapers = self.tapers.iter().flat_map(|t| [&t.length, &t.width, &t.ease]);
        let wave = [&self.wave.amount, &self.wave.size, &self.wave.phase];
        tapers.chain(wave).any(Track::is_animated)
    }
}

fn share(percent: f64) -> f64 {
    (percent / 100.0).clamp(0.0, 1.0)
}

impl TaperTracks {
    fn at(&self, time: f64) -> Taper {
        let length = self.length.at(time);
        Taper {
            length: if self.in_pixels {
                Extent::Pixels(length.max(0.0))
            } else {
                Extent::Share(share(length))
            },
            width: share(self.width.at(time)),
            ease: share(self.ease.at(time)),
        }
    }
}

impl WaveTracks {
    fn at(&self, time: f64) -> Wave {
        let size = self.size.at(time).max(1e-3);
        Wave {
            amount: share(self.amount.at(time)),
            length: if self.in_pixels {
                Extent::Pixels(size)
            } else {
                Extent::Share(1.0 / size)
            },
            phase: self.phase.at(time) / 360.0,
        }
    }
}
