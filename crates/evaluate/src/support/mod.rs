//! What is drawn, drawn in a simpler way, and not drawn: the one table behind the warnings of a scene, the verdicts of
//! `filmpress inspect` and `docs/compatibility.md`.
//!
//! To add a feature, or to change what is said of one: its line in the file of its topic. A feature that becomes drawn
//! gets `drawn(...)`; warnings, verdicts and the page follow.

mod blending_modes;
mod effects;
mod expressions;
mod footage;
mod layer_styles;
mod layers;
mod masks;
mod shapes;
mod text;

use std::fmt;

use filmpress_composition::Kind;

/// How far something is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// As After Effects draws it.
    Drawn,
    /// To look the same, though not pixel for pixel: in what it may differ. No warning.
    Close(&'static str),
    /// In a simpler way: how.
    Approximated(&'static str),
    /// Not at all: what happens instead.
    NotDrawn(&'static str),
}

impl Support {
    /// The word used in reports and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drawn | Self::Close(_) => "supported",
            Self::Approximated(_) => "approximate",
            Self::NotDrawn(_) => "unsupported",
        }
    }

    /// The warning it is, if any: its kind and what to say.
    pub fn warning(self) -> Option<(Kind, &'static str)> {
        match self {
            Self::Drawn | Self::Close(_) => None,
            Self::Approximated(how) => Some((Kind::Approximated, how)),
            Self::NotDrawn(why) => Some((Kind::Unsupported, why)),
        }
    }
}

/// What a feature belongs to; also the headings of the page, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum Topic {
    Composition,
    Footage,
    LayerKind,
    LayerSwitch,
    BlendingMode,
    Mask,
    Shape,
    Text,
    AnimatorProperty,
    TextSelector,
    Effect,
    LayerStyle,
    Expression,
}

/// All topics, in the order of the page.
pub const TOPICS: [Topic; 13] = [
    Topic::Composition,
    Topic::Footage,
    Topic::LayerKind,
    Topic::LayerSwitch,
    Topic::BlendingMode,
    Topic::Mask,
    Topic::Shape,
    Topic::Text,
    Topic::AnimatorProperty,
    Topic::TextSelector,
    Topic::Effect,
    Topic::LayerStyle,
    Topic::Expression,
];

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Composition => "Compositions",
            Self::Footage => "Footage",
            Self::LayerKind => "Layers",
            Self::LayerSwitch => "Switches and settings of layers",
            Self::BlendingMode => "Blending modes",
            Self::Mask => "Masks and mattes",
            Self::Shape => "Shape layers",
            Self::Text => "Text",
            Self::AnimatorProperty => "Properties of text animators",
            Self::TextSelector => "Selectors of text animators",
            Self::Effect => "Effects",
            Self::LayerStyle => "Layer styles",
            Self::Expression => "Expressions",
        })
    }
}

/// A feature and how far it is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Feature {
    /// What it belongs to.
    pub topic: Topic,
    /// After Effects' match name where there is one, else a name of our own, unique in its topic.
    pub match_name: &'static str,
    /// After Effects' English name.
    pub name: &'static str,
    /// How far it is drawn.
    pub support: Support,
}

const fn drawn(topic: Topic, match_name: &'static str, name: &'static str) -> Feature {
    feature_of(topic, match_name, name, Support::Drawn)
}

const fn close(topic: Topic, match_name: &'static str, name: &'static str, how: &'static str) -> Feature {
    feature_of(topic, match_name, name, Support::Close(how))
}

const fn approximated(topic: Topic, match_name: &'static str, name: &'static str, how: &'static str) -> Feature {
    feature_of(topic, match_name, name, Support::Approximated(how))
}

const fn not_drawn(topic: Topic, match_name: &'static str, name: &'static str, why: &'static str) -> Feature {
    feature_of(topic, match_name, name, Support::NotDrawn(why))
}

const fn feature_of(topic: Topic, match_name: &'static str, name: &'static str, support: Support) -> Feature {
    Feature {
        topic,
        match_name,
        name,
        support,
    }
}

const TABLES: &[&[Feature]] = &[
    footage::COMPOSITIONS,
    footage::FOOTAGE,
    layers::KINDS,
    layers::SWITCHES,
    blending_modes::MODES,
    masks::MASKS,
    shapes::SHAPES,
    text::TEXT,
    text::ANIMATOR_PROPERTIES,
    text::SELECTORS,
    effects::CONTROLS,
    effects::EFFECTS,
    layer_styles::STYLES,
    expressions::EXPRESSIONS,
];

/// Every feature, by topic.
pub fn features() -> impl Iterator<Item = &'static Feature> {
    TABLES.iter().copied().flatten()
}

/// The line of a feature.
pub fn feature(topic: Topic, match_name: &str) -> Option<&'static Feature> {
    features().find(|f| f.topic == topic && f.match_name == match_name)
}

/// Whether an effect only holds parameters for expressions and jobs: expression controls and presets made of them.
pub fn is_control(match_name: &str) -> bool {
    match_name.starts_with("Pseudo/") || effects::CONTROLS.iter().any(|f| f.match_name == match_name)
}

/// A setting of an effect that is not followed.
#[derive(Clone, Copy, Debug)]
pub struct Ignored {
    /// The effect.
    pub match_name: &'static str,
    /// The number of the parameter.
    pub parameter: u32,
    /// The value it is drawn with whatever is set.
    pub drawn_as: f64,
    /// What to say.
    pub message: &'static str,
}

/// The settings of effects that are not followed.
pub fn ignored_settings() -> &'static [Ignored] {
    effects::IGNORED
}

/// How far a feature is drawn; what the table does not know is not drawn.
pub fn support(topic: Topic, match_name: &str) -> Support {
    if topic == Topic::Effect && is_control(match_name) {
        return Support::Drawn;
    }
    feature(topic, match_name).map_or(
        Support::NotDrawn(match topic {
            Topic::Effect => "effect is not drawn",
            Topic::LayerStyle => "layer style is not drawn",
            _ => "is not drawn",
        }),
        |f| f.support,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_feature_has_one_line_under_a_topic_of_the_page() {
        let mut seen = HashSet::new();
        for f in features() {
            assert!(seen.insert((f.topic, f.match_name)), "{f:?} is there twice");
            assert!(TOPICS.contains(&f.topic));
            assert!(!f.name.is_empty() && !f.match_name.is_empty(), "{f:?}");
            if let Some((_, why)) = f.support.warning() {
                assert!(!why.is_empty() && !why.ends_with('.'), "{f:?}");
            }
        }
        for topic in TOPICS {
            assert!(features().any(|f| f.topic == topic), "nothing under {topic}");
        }
    }

    #[test]
    fn unknown_effects_are_not_drawn_and_controls_have_nothing_to_draw() {
        assert_eq!(support(Topic::Effect, "XYZ Sparkle").as_str(), "unsupported");
        assert_eq!(support(Topic::Effect, "Pseudo/74321"), Support::Drawn);
        assert_eq!(support(Topic::Effect, "ADBE Slider Control"), Support::Drawn);
    }

    #[test]
    fn every_blending_mode_has_its_line() {
        for mode in filmpress_composition::BlendingMode::all() {
            assert!(feature(Topic::BlendingMode, mode.name()).is_some(), "{mode:?}");
        }
    }
}
