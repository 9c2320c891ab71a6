//! A layer's styles: tracks of their properties, passed on with the numbers of one time.
//!
//! Styles are drawn after the transform, in the composition's pixels. Order, from below: drop shadow, outer glow, the
//! layer, then inside of it gradient overlay, color overlay, satin, inner glow, inner shadow, and the stroke. To add one: a
//! kind in `frame::StyleKind`, its place in [`ORDER`], its line in [`kind`] and in `support/layer_styles.rs`, and its file in
//! the renderer's `layer_styles/`.

use std::sync::Arc;

use filmpress_composition::{BlendingMode, Gradient, Group, Layer};

use crate::compile::Compile;
use crate::frame::{Glow, GradientOverlay, LayerStyle, LayerStyles, OverlayShape, Shadow, StrokePosition, StyleKind};
use crate::interpolate::{Blended, Number, Numbers, Track};
use crate::shape::mode_of_menu;
use crate::support::Topic;

/// Match names of the styles that are drawn, from below.
const ORDER: [&str; 8] = [
    "dropShadow/enabled",
    "outerGlow/enabled",
    "gradientFill/enabled",
    "solidFill/enabled",
    "chromeFX/enabled",
    "innerGlow/enabled",
    "innerShadow/enabled",
    "frameFX/enabled",
];
/// Largest size of a style, pixels; After Effects stops at 250.
const MOST_SIZE: f64 = 1000.0;
/// Largest distance, pixels; After Effects' own limit.
const MOST_DISTANCE: f64 = 30_000.0;

type Color = Track<Blended<[f64; 4]>>;

/// The styles of a layer over layer time.
#[derive(Debug, Default)]
pub(crate) struct StyleTracks {
    list: Vec<StyleTrack>,
    fill_opacity: Option<Track<Number>>,
    interior_fades: bool,
}

#[derive(Debug)]
struct StyleTrack {
    mode: BlendingMode,
    opacity: Track<Number>,
    kind: KindTrack,
}

#[derive(Debug)]
enum KindTrack {
    DropShadow(ShadowTrack, Track<Number>),
    InnerShadow(ShadowTrack),
    OuterGlow(GlowTrack),
    InnerGlow(GlowTrack, bool),
    Satin(ShadowTrack, Track<Number>),
    ColorOverlay(Color),
    GradientOverlay(Box<OverlayTrack>),
    Stroke(Color, Track<Number>, StrokePosition),
}

#[derive(Debug)]
struct ShadowTrack {
    color: Color,
    angle: Track<Number>,
    distance: Track<Number>,
    spread: Option<Track<Number>>,
    size: Track<Number>,
}

#[derive(Debug)]
struct GlowTrack {
    color: Color,
    precise: bool,
    spread: Track<Number>,
    size: Track<Number>,
    range: Track<Number>,
}

#[derive(Debug)]
struct OverlayTrack {
    stops: Track<Blended<Arc<Gradient>>>,
    shape: OverlayShape,
    angle: Track<Number>,
    scale: Track<Number>,
    offset: Track<Numbers<2>>,
    reversed: bool,
    aligned: bool,
}

/// The styles of a layer that are drawn.
pub(crate) fn compile(c: &mut Compile, layer: &Layer) -> StyleTracks {
    let Some(styles) = layer.properties.group("ADBE Layer Styles").filter(|g| g.enabled) else {
        return StyleTracks::default();
    };
    c.inside("Layer Styles", |c| {
        let options = styles.group("ADBE Blend Options Group");
        let advanced = options.and_then(|options| options.group("ADBE Adv Blend Group"));
        let list: Vec<_> = ORDER
            .iter()
            .filter_map(|name| styles.group(name).filter(|style| style.enabled))
            .filter_map(|style| c.inside(&style.name, |c| one(c, style, options)))
            .collect();
        let fill_opacity = advanced
            .filter(|group| group.property("ADBE Layer Fill Opacity2").is_some())
            .map(|group| c.number(group, "ADBE Layer Fill Opacity2"));
        let interior = advanced.and_then(|group| group.property("ADBE Blend Interior"));
        StyleTracks {
            list,
            fill_opacity,
            interior_fades: interior.is_some_and(|p| crate::interpolate::number(p).at(0.0) > 0.5),
        }
    })
}

fn one(c: &mut Compile, style: &Group, options: Option<&Group>) -> Option<StyleTrack> {
    let names = names(&style.match_name)?;
    if c.number(style, names.noise).at(0.0) > 0.0 {
        c.feature(Topic::LayerStyle, "noise");
    }
    if c.number(style, names.jitter).at(0.0) > 0.0 {
        c.feature(Topic::LayerStyle, "jitter");
    }
    if c.number(style, names.color_type).at(0.0) > 1.5 {
        c.feature(Topic::LayerStyle, "gradientGlow");
    }
    Some(StyleTrack {
        mode: style_mode(c.menu(style, names.mode)),
        opacity: c.number(style, names.opacity),
        kind: kind(c, style, options, &names)?,
    })
}

/// The blending mode of an entry of the styles' menu: that of shape contents with Dissolve as its second entry.
fn style_mode(entry: u32) -> BlendingMode {
    match entry {
        2 => BlendingMode::Dissolve,
        _ => mode_of_menu(entry.saturating_sub(1)),
    }
}

fn kind(c: &mut Compile, style: &Group, options: Option<&Group>, names: &Names) -> Option<KindTrack> {
    Some(match &*style.match_name {
        "dropShadow/enabled" => KindTrack::DropShadow(
            shadow(c, style, options, names),
            c.number(style, "dropShadow/layerConceals"),
        ),
        "innerShadow/enabled" => KindTrack::InnerShadow(shadow(c, style, options, names)),
        "outerGlow/enabled" => KindTrack::OuterGlow(glow(c, style, names)),
        "innerGlow/enabled" => {
            let from_center = c.menu(style, "innerGlow/innerGlowSource") == 2;
            KindTrack::InnerGlow(glow(c, style, names), from_center)
        }
        "chromeFX/enabled" => KindTrack::Satin(shadow(c, style, options, names), c.number(style, "chromeFX/invert")),
        "solidFill/enabled" => KindTrack::ColorOverlay(c.color(style, names.color)),
        "gradientFill/enabled" => KindTrack::GradientOverlay(Box::new(OverlayTrack {
            stops: c.gradient(style, "gradientFill/gradient"),
            shape: match c.menu(style, "gradientFill/type") {
                2 => OverlayShape::Radial,
                3 => OverlayShape::Angle,
                4 => OverlayShape::Reflected,
                5 => OverlayShape::Diamond,
                _ => OverlayShape::Linear,
            },
            angle: c.number(style, "gradientFill/angle"),
            scale: c.number(style, "gradientFill/scale"),
            offset: c.numbers(style, "gradientFill/offset", 0.0),
            reversed: c.number(style, "gradientFill/reverse").at(0.0) > 0.5,
            aligned: c.number(style, "gradientFill/align").at(0.0) > 0.5,
        })),
        "frameFX/enabled" => KindTrack::Stroke(
            c.color(style, names.color),
            c.number(style, names.size),
            match c.menu(style, "frameFX/style") {
                2 => StrokePosition::Inside,
                3 => StrokePosition::Center,
                _ => StrokePosition::Outside,
            },
        ),
        _ => return None,
    })
}

fn shadow(c: &mut Compile, style: &Group, options: Option<&Group>, names: &Names) -> ShadowTrack {
    let is_global = c.number(style, names.global).at(0.0) > 0.5;
    let angle = match options.filter(|_| is_global) {
        Some(options) => c.number(options, "ADBE Global Angle2"),
        None if is_global => Track::Fixed(GLOBAL_ANGLE),
        None => c.number(style, names.angle),
    };
    ShadowTrack {
        color: c.color(style, names.color),
        angle,
        distance: c.number(style, names.distance),
        spread: names.spread.map(|spread| c.number(style, spread)),
        size: c.number(style, names.size),
    }
}

/// Where the light of all styles comes from unless a layer says otherwise, degrees.
const GLOBAL_ANGLE: f64 = 120.0;

fn glow(c: &mut Compile, style: &Group, names: &Names) -> GlowTrack {
    GlowTrack {
        color: c.color(style, names.color),
        precise: c.menu(style, names.technique) == 2,
        spread: c.number(style, names.spread.unwrap_or_default()),
        size: c.number(style, names.size),
        range: c.number(style, names.range),
    }
}

/// Match names of the properties that several styles have.
struct Names {
    mode: &'static str,
    color: &'static str,
    opacity: &'static str,
    noise: &'static str,
    jitter: &'static str,
    color_type: &'static str,
    global: &'static str,
    angle: &'static str,
    distance: &'static str,
    spread: Option<&'static str>,
    size: &'static str,
    technique: &'static str,
    range: &'static str,
}

/// The names of a style, by its stem.
macro_rules! names {
    ($stem:literal, $spread:expr) => {
        Names {
            mode: concat!($stem, "/mode2"),
            color: concat!($stem, "/color"),
            opacity: concat!($stem, "/opacity"),
            noise: concat!($stem, "/noise"),
            jitter: concat!($stem, "/shadingNoise"),
            color_type: concat!($stem, "/AEColorChoice"),
            global: concat!($stem, "/useGlobalAngle"),
            angle: concat!($stem, "/localLightingAngle"),
            distance: concat!($stem, "/distance"),
            spread: $spread,
            size: concat!($stem, "/blur"),
            technique: concat!($stem, "/glowTechnique"),
            range: concat!($stem, "/inputRange"),
        }
    };
}

fn names(match_name: &str) -> Option<Names> {
    Some(match match_name {
        "dropShadow/enabled" => names!("dropShadow", Some("dropShadow/chokeMatte")),
        "innerShadow/enabled" => names!("innerShadow", Some("innerShadow/chokeMatte")),
        "outerGlow/enabled" => names!("outerGlow", Some("outerGlow/chokeMatte")),
        "innerGlow/enabled" => names!("innerGlow", Some("innerGlow/chokeMatte")),
        "chromeFX/enabled" => names!("chromeFX", None),
        "solidFill/enabled" => names!("solidFill", None),
        "gradientFill/enabled" => names!("gradientFill", None),
        "frameFX/enabled" => Names {
            size: "frameFX/size",
            ..names!("frameFX", None)
        },
        _ => return None,
    })
}

impl StyleTracks {
    /// Whether the layer is drawn as if there were none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty() && self.fill_opacity.is_none()
    }

    /// Whether they can differ between times.
    pub fn is_animated(&self) -> bool {
        self.fill_opacity.as_ref().is_some_and(Track::is_animated) || self.list.iter().any(StyleTrack::is_animated)
    }

    /// The styles at a layer time, in a composition of `size` pixels; `None` when they change nothing.
    pub fn at(&self, time: f64, size: [f64; 2]) -> Option<Arc<LayerStyles>> {
        let fill_opacity = self.fill_opacity.as_ref().map_or(1.0, |fill| share(fill.at(time)));
        let list: Vec<_> = self.list.iter().filter_map(|style| style.at(time)).collect();
        (!list.is_empty() || fill_opacity < 1.0)
            .then(|| LayerStyles::new(list, fill_opacity as f32, self.interior_fades, size))
    }
}

/// Percent as a share.
fn share(percent: f64) -> f64 {
    if percent.is_nan() {
        0.0
    } else {
        (percent / 100.0).clamp(0.0, 1.0)
    }
}

fn rgb(color: &Color, time: f64) -> [f32; 3] {
    let [r, g, b, _] = color.at(time);
    [r, g, b].map(|v| v.clamp(0.0, 1.0) as f32)
}

impl StyleTrack {
    fn is_animated(&self) -> bool {
        self.opacity.is_animated()
            || match &self.kind {
                KindTrack::DropShadow(shadow, other) | KindTrack::Satin(shadow, other) => {
                    shadow.is_animated() || other.is_animated()
                }
                KindTrack::InnerShadow(shadow) => shadow.is_animated(),
                KindTrack::OuterGlow(glow) | KindTrack::InnerGlow(glow, _) => glow.is_animated(),
                KindTrack::ColorOverlay(color) => color.is_animated(),
                KindTrack::GradientOverlay(o) => {
                    o.stops.is_animated() || o.angle.is_animated() || o.scale.is_animated() || o.offset.is_animated()
                }
                KindTrack::Stroke(color, size, _) => color.is_animated() || size.is_animated(),
            }
    }

    fn at(&self, time: f64) -> Option<LayerStyle> {
        let opacity = share(self.opacity.at(time)) as f32;
        let kind = match &self.kind {
            KindTrack::DropShadow(shadow, conceals) => StyleKind::DropShadow {
                shadow: shadow.at(time),
                knocked_out: conceals.at(time) > 0.5,
            },
            KindTrack::InnerShadow(shadow) => StyleKind::InnerShadow(shadow.at(time)),
            KindTrack::OuterGlow(glow) => StyleKind::OuterGlow(glow.at(time)),
            KindTrack::InnerGlow(glow, from_center) => StyleKind::InnerGlow {
                glow: glow.at(time),
                from_center: *from_center,
            },
            KindTrack::Satin(shadow, invert) => StyleKind::Satin {
                shadow: shadow.at(time),
                inverted: invert.at(time) > 0.5,
            },
            KindTrack::ColorOverlay(color) => StyleKind::ColorOverlay(rgb(color, time)),
            KindTrack::GradientOverlay(overlay) => StyleKind::GradientOverlay(overlay.at(time)),
            KindTrack::Stroke(color, size, position) => StyleKind::Stroke {
                color: rgb(color, time),
                size: size.at(time).clamp(0.0, MOST_SIZE),
                position: *position,
            },
        };
        (opacity > 0.0).then_some(LayerStyle {
            mode: self.mode,
            opacity,
            kind,
        })
    }
}

impl ShadowTrack {
    fn is_animated(&self) -> bool {
        self.color.is_animated()
            || [&self.angle, &self.distance, &self.size]
                .iter()
                .any(|t| t.is_animated())
            || self.spread.as_ref().is_some_and(Track::is_animated)
    }

    fn at(&self, time: f64) -> Shadow {
        // The light comes from there, counterclockwise from the right; the shadow falls the other way, y down.
        let angle = self.angle.at(time).to_radians();
        let distance = self.distance.at(time).clamp(-MOST_DISTANCE, MOST_DISTANCE);
        Shadow {
            color: rgb(&self.color, time),
            offset: [-libm::cos(angle) * distance, libm::sin(angle) * distance],
            spread: self.spread.as_ref().map_or(0.0, |spread| share(spread.at(time))),
            size: self.size.at(time).clamp(0.0, MOST_SIZE),
        }
    }
}

impl GlowTrack {
    fn is_animated(&self) -> bool {
        self.color.is_animated() || [&self.spread, &self.size, &self.range].iter().any(|t| t.is_animated())
    }

    fn at(&self, time: f64) -> Glow {
        Glow {
            color: rgb(&self.color, time),
            precise: self.precise,
            spread: share(self.spread.at(time)),
            size: self.size.at(time).clamp(0.0, MOST_SIZE),
            range: share(self.range.at(time)).max(0.01),
        }
    }
}

impl OverlayTrack {
    fn at(&self, time: f64) -> GradientOverlay {
        let stops = self.stops.at(time);
        GradientOverlay {
            stops: if self.reversed {
                Arc::new(reversed(&stops))
            } else {
                stops
            },
            shape: self.shape,
            angle: self.angle.at(time),
            scale: (self.scale.at(time) / 100.0).clamp(0.01, 100.0),
            offset: self.offset.at(time).map(|v| (v / 100.0).clamp(-100.0, 100.0)),
            aligned: self.aligned,
        }
    }
}

/// A gradient from its end to its start.
fn reversed(gradient: &Gradient) -> Gradient {
    // A midpoint belongs to the way from its stop to the next; seen from the other end that is the stop before.
    let colors = gradient.colors.iter().enumerate().rev().map(|(i, stop)| {
        let mut stop = *stop;
        stop.offset = 1.0 - stop.offset;
        stop.midpoint = i
            .checked_sub(1)
            .map_or(0.5, |before| 1.0 - gradient.colors[before].midpoint);
        stop
    });
    let alphas = gradient.alphas.iter().enumerate().rev().map(|(i, stop)| {
        let mut stop = *stop;
        stop.offset = 1.0 - stop.offset;
        stop.midpoint = i
            .checked_sub(1)
            .map_or(0.5, |before| 1.0 - gradient.alphas[before].midpoint);
        stop
    });
    Gradient {
        colors: colors.collect(),
        alphas: alphas.collect(),
    }
}
