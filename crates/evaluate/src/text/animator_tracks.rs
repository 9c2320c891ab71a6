//! Text animators over time: property groups made into tracks, and back into plain numbers at a time.

use filmpress_composition::{Group, Kind, Property};

use kurbo::Affine;

use super::animator::{AnchorGrouping, Animator, AnimatorProperties, MoreOptions, Selector, animate};
use super::layout::TextLayout;
use super::range_selector::{BasedOn, RangeSelector, RangeShape, SelectorMode};
use super::wiggly_selector::WigglyTracks;
use crate::compile::Compile;
use crate::frame::Node;
use crate::interpolate::{Blended, Moving, Number, Numbers, Track, numbers};
use crate::support::{self, Topic};

/// The animators of a text layer.
#[derive(Debug)]
pub(crate) struct Animators {
    list: Vec<AnimatorTracks>,
    grouping: AnchorGrouping,
    alignment: Track<Numbers<2>>,
}

#[derive(Debug)]
struct AnimatorTracks {
    selectors: Vec<SelectorTracks>,
    properties: Vec<Animated>,
}

#[derive(Debug)]
enum SelectorTracks {
    Range(Box<RangeTracks>),
    Wiggly(Box<WigglyTracks>),
}

#[derive(Debug)]
struct RangeTracks {
    start: Track<Number>,
    end: Track<Number>,
    offset: Track<Number>,
    amount: Track<Number>,
    smoothness: Track<Number>,
    ease_high: Track<Number>,
    ease_low: Track<Number>,
    random_seed: Option<Track<Number>>,
    /// What does not change over time.
    fixed: RangeSelector,
}

/// A property of an animator over time.
#[derive(Debug)]
enum Animated {
    Anchor(Track<Moving>),
    Position(Track<Moving>),
    Scale(Track<Numbers<2>>),
    Skew(Track<Number>),
    SkewAxis(Track<Number>),
    Rotation(Track<Number>),
    Opacity(Track<Number>),
    Fill(Track<Blended<[f64; 4]>>),
    FillOpacity(Track<Number>),
    Stroke(Track<Blended<[f64; 4]>>),
    StrokeOpacity(Track<Number>),
    StrokeWidth(Track<Number>),
    Tracking(Track<Number>),
    LineSpacing(Track<Numbers<2>>),
}

impl Animators {
    /// The animators of a text group (`ADBE Text Properties`); `None` where there are none that do something.
    pub fn compile(c: &mut Compile, text: &Group) -> Option<Self> {
        let mut list = Vec::new();
        if let Some(animators) = text.group("ADBE Text Animators") {
            c.inside("Animators", |c| {
                for animator in animators.groups().filter(|a| a.enabled) {
                    let tracks = c.inside(&animator.name, |c| AnimatorTracks::compile(c, animator));
                    list.extend(tracks.filter(|tracks| !tracks.properties.is_empty()));
                }
            });
        }
        if list.is_empty() {
            return None;
        }
        let empty = Group::new("ADBE Text More Options", "More Options");
        let options = text.group("ADBE Text More Options").unwrap_or(&empty);
        Some(c.inside("More Options", |c| Self {
            list,
            grouping: match c.menu(options, "ADBE Text Anchor Point Option") {
                2 => AnchorGrouping::Word,
                3 => AnchorGrouping::Line,
                4 => AnchorGrouping::All,
                _ => AnchorGrouping::Character,
            },
            alignment: c.numbers(options, "ADBE Text Anchor Point Align", 0.0),
        }))
    }

    /// Whether they can do different things at different times.
    pub fn is_animated(&self) -> bool {
        self.alignment.is_animated() || self.list.iter().any(AnimatorTracks::is_animated)
    }

    /// What a text looks like under them at layer time `time`; `placements` as in [`animate`].
    pub fn nodes(&self, layout: &TextLayout, time: f64, placements: &[Affine]) -> Vec<Node> {
        let animators: Vec<Animator> = self.list.iter().map(|tracks| tracks.at(time)).collect();
        let options = MoreOptions {
            grouping: self.grouping,
            alignment: self.alignment.at(time),
        };
        animate(layout, &animators, options, placements)
    }
}

impl AnimatorTracks {
    fn compile(c: &mut Compile, animator: &Group) -> Option<Self> {
        let mut selectors = Vec::new();
        for selector in animator
            .group("ADBE Text Selectors")
            .into_iter()
            .flat_map(Group::groups)
        {
            if !selector.enabled {
                continue;
            }
            match selector.match_name.as_ref() {
                "ADBE Text Selector" => {
                    let name = selector.name.clone();
                    let range = c.inside(&name, |c| RangeTracks::compile(c, selector));
                    selectors.push(SelectorTracks::Range(Box::new(range)));
                }
                "ADBE Text Wiggly Selector" => {
                    let wiggly = c.inside(&selector.name, |c| WigglyTracks::compile(c, selector));
                    selectors.push(SelectorTracks::Wiggly(Box::new(wiggly)));
                }
                other => match support::feature(Topic::TextSelector, other) {
                    Some(_) => c.feature(Topic::TextSelector, other),
                    None => c.warn(
                        Kind::Unsupported,
                        format!("text selector `{other}`; it selects everything"),
                    ),
                },
            }
        }
        let group = animator.group("ADBE Text Animator Properties")?;
        let properties = group
            .properties()
            .filter_map(|p| Animated::compile(c, group, p))
            .collect();
        Some(Self { selectors, properties })
    }

    fn is_animated(&self) -> bool {
        self.selectors.iter().any(SelectorTracks::is_animated) || self.properties.iter().any(Animated::is_animated)
    }

    fn at(&self, time: f64) -> Animator {
        let mut properties = AnimatorProperties::default();
        for property in &self.properties {
            property.put(time, &mut properties);
        }
        Animator {
            selectors: self.selectors.iter().map(|s| s.at(time)).collect(),
            properties,
        }
    }
}

impl SelectorTracks {
    fn is_animated(&self) -> bool {
        match self {
            Self::Range(range) => range.is_animated(),
            Self::Wiggly(wiggly) => wiggly.is_animated(),
        }
    }

    fn at(&self, time: f64) -> Selector {
        match self {
            Self::Range(range) => Selector::Range(range.at(time)),
            Self::Wiggly(wiggly) => Selector::Wiggly(wiggly.at(time)),
        }
    }
}

/// What a selector counts.
pub(super) fn based_on(c: &mut Compile, group: &Group) -> BasedOn {
    match c.menu(group, "ADBE Text Range Type2") {
        2 => BasedOn::CharactersExcludingSpaces,
        3 => BasedOn::Words,
        4 => BasedOn::Lines,
        _ => BasedOn::Characters,
    }
}

/// How a selector combines with those before it.
pub(super) fn mode(c: &mut Compile, group: &Group) -> SelectorMode {
    match c.menu(group, "ADBE Text Selector Mode") {
        2 => SelectorMode::Subtract,
        3 => SelectorMode::Intersect,
        4 => SelectorMode::Min,
        5 => SelectorMode::Max,
        6 => SelectorMode::Difference,
        _ => SelectorMode::Add,
    }
}

impl RangeTracks {
    fn compile(c: &mut Compile, selector: &Group) -> Self {
        let empty = Group::new("ADBE Text Range Advanced", "Advanced");
        let advanced = selector.group("ADBE Text Range Advanced").unwrap_or(&empty);
        let by_index = c.menu(advanced, "ADBE Text Range Units") == 2;
        let [start, end, offset] = if by_index {
            ["ADBE Text Index Start", "ADBE Text Index End", "ADBE Text Index Offset"]
        } else {
            [
                "ADBE Text Percent Start",
                "ADBE Text Percent End",
                "ADBE Text Percent Offset",
            ]
        };
        let is_random = c.number(advanced, "ADBE Text Randomize Order");
        let random = is_random.greatest() > 0.0;
        if random {
            c.feature(Topic::TextSelector, "ADBE Text Randomize Order");
        }
        Self {
            start: c.number(selector, start),
            end: c.number(selector, end),
            offset: c.number(selector, offset),
            amount: c.number(advanced, "ADBE Text Selector Max Amount"),
            smoothness: c.number(advanced, "ADBE Text Selector Smoothness"),
            ease_high: c.number(advanced, "ADBE Text Levels Max Ease"),
            ease_low: c.number(advanced, "ADBE Text Levels Min Ease"),
            random_seed: random.then(|| c.number(advanced, "ADBE Text Random Seed")),
            fixed: RangeSelector {
                by_index,
                based_on: based_on(c, advanced),
                mode: mode(c, advanced),
                shape: match c.menu(advanced, "ADBE Text Range Shape") {
                    2 => RangeShape::RampUp,
                    3 => RangeShape::RampDown,
                    4 => RangeShape::Triangle,
                    5 => RangeShape::Round,
                    6 => RangeShape::Smooth,
                    _ => RangeShape::Square,
                },
                ..RangeSelector::default()
            },
        }
    }

    fn is_animated(&self) -> bool {
        [
            &self.start,
            &self.end,
            &self.offset,
            &self.amount,
            &self.smoothness,
            &self.ease_high,
            &self.ease_low,
        ]
        .into_iter()
        .chain(&self.random_seed)
        .any(Track::is_animated)
    }

    fn at(&self, time: f64) -> RangeSelector {
        let share = |track: &Track<Number>| track.at(time) / 100.0;
        RangeSelector {
            start: self.start.at(time),
            end: self.end.at(time),
            offset: self.offset.at(time),
            amount: share(&self.amount),
            smoothness: share(&self.smoothness),
            ease_high: share(&self.ease_high),
            ease_low: share(&self.ease_low),
            random_seed: self.random_seed.as_ref().map(|seed| seed.at(time) as i64 as u32),
            ..self.fixed.clone()
        }
    }
}

impl Animated {
    fn compile(c: &mut Compile, group: &Group, property: &Property) -> Option<Self> {
        let animated = match property.match_name.as_ref() {
            "ADBE Text Anchor Point 3D" => Self::Anchor(c.point(group, "ADBE Text Anchor Point 3D")),
            "ADBE Text Position 3D" => Self::Position(c.point(group, "ADBE Text Position 3D")),
            "ADBE Text Scale 3D" => Self::Scale(numbers(&c.property(group, "ADBE Text Scale 3D"), 100.0)),
            "ADBE Text Skew" => Self::Skew(c.given_number(property)),
            "ADBE Text Skew Axis" => Self::SkewAxis(c.given_number(property)),
            "ADBE Text Rotation" => Self::Rotation(c.given_number(property)),
            "ADBE Text Opacity" => Self::Opacity(c.given_number(property)),
            "ADBE Text Fill Color" => Self::Fill(c.color(group, "ADBE Text Fill Color")),
            "ADBE Text Fill Opacity" => Self::FillOpacity(c.given_number(property)),
            "ADBE Text Stroke Color" => Self::Stroke(c.color(group, "ADBE Text Stroke Color")),
            "ADBE Text Stroke Opacity" => Self::StrokeOpacity(c.given_number(property)),
            "ADBE Text Stroke Width" => Self::StrokeWidth(c.given_number(property)),
            "ADBE Text Tracking Amount" => Self::Tracking(c.given_number(property)),
            "ADBE Text Line Spacing" => Self::LineSpacing(numbers(&c.property(group, "ADBE Text Line Spacing"), 0.0)),
            // Which side tracking goes to: both, unless it is said otherwise.
            "ADBE Text Track Type" => return None,
            _ => {
                let does_nothing = property.keyframes.is_empty()
                    && property.value.as_vector().is_some_and(|v| v.iter().all(|x| *x == 0.0));
                if !does_nothing {
                    if support::feature(Topic::AnimatorProperty, &property.match_name).is_some() {
                        c.feature(Topic::AnimatorProperty, &property.match_name);
                    } else {
                        let message = format!("text animator property `{}` is not drawn", property.name);
                        c.warn(Kind::Unsupported, message);
                    }
                }
                return None;
            }
        };
        Some(animated)
    }

    fn is_animated(&self) -> bool {
        match self {
            Self::Anchor(t) | Self::Position(t) => t.is_animated(),
            Self::Scale(t) | Self::LineSpacing(t) => t.is_animated(),
            Self::Fill(t) | Self::Stroke(t) => t.is_animated(),
            Self::Skew(t)
            | Self::SkewAxis(t)
            | Self::Rotation(t)
            | Self::Opacity(t)
            | Self::FillOpacity(t)
            | Self::StrokeOpacity(t)
            | Self::StrokeWidth(t)
            | Self::Tracking(t) => t.is_animated(),
        }
    }

    /// Puts the value at a time where it belongs.
    fn put(&self, time: f64, into: &mut AnimatorProperties) {
        let flat = |track: &Track<Moving>| {
            let [x, y, _] = track.at(time);
            Some([x, y])
        };
        let share = |track: &Track<Number>| Some(track.at(time) / 100.0);
        match self {
            Self::Anchor(t) => into.anchor = flat(t),
            Self::Position(t) => into.position = flat(t),
            Self::Scale(t) => into.scale = Some(t.at(time).map(|x| x / 100.0)),
            Self::Skew(t) => into.skew = Some(t.at(time)),
            Self::SkewAxis(t) => into.skew_axis = Some(t.at(time)),
            Self::Rotation(t) => into.rotation = Some(t.at(time)),
            Self::Opacity(t) => into.opacity = share(t),
            Self::Fill(t) => into.fill = Some(t.at(time)),
            Self::FillOpacity(t) => into.fill_opacity = share(t),
            Self::Stroke(t) => into.stroke = Some(t.at(time)),
            Self::StrokeOpacity(t) => into.stroke_opacity = share(t),
            Self::StrokeWidth(t) => into.stroke_width = Some(t.at(time)),
            Self::Tracking(t) => into.tracking = Some(t.at(time)),
            Self::LineSpacing(t) => into.line_spacing = Some(t.at(time)),
        }
    }
}
