//! The strict tree: what one frame shows, as plain numbers.
//!
//! No names, no references, no time. Nodes are immutable, shared by `Arc` and carry their [`Digest`], so a subtree
//! that did not change from one frame to the next is recognised at once.
//!
//! **Order**: children are in paint order, the bottom one first. **Spaces**: pixels, y down; every node that has a
//! `transform` maps its own space to its parent's.

mod effects;
mod projection;
mod styles;
mod width_profile;

use std::sync::Arc;

use filmpress_composition::{BlendingMode, ItemId, LineCap, LineJoin, MaskMode, MatteKind};
use kurbo::{Affine, BezPath, PathEl, Rect, Shape};

pub use self::effects::{Effect, Effects, LayerPicture, Parameter};
pub use self::projection::{Corners, Projection};
pub use self::styles::{
    Glow, GradientOverlay, LayerStyle, LayerStyles, OverlayShape, Shadow, StrokePosition, StyleKind,
};
pub use self::width_profile::{Extent, Taper, Wave, WidthProfile};
use crate::digest::{Digest, Digester};

/// One frame of a composition.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The composition's background, RGB 0..1; drawn only when the output asks for it.
    pub background: [f32; 3],
    /// Everything drawn.
    pub root: Arc<Group>,
}

/// Something drawn.
#[derive(Clone, Debug)]
pub enum Node {
    /// Children drawn as one.
    Group(Arc<Group>),
    /// A filled or stroked outline.
    Path(Arc<Path>),
    /// A picture.
    Image(Arc<Image>),
}

impl Node {
    /// The digest of everything below.
    pub fn digest(&self) -> Digest {
        match self {
            Self::Group(g) => g.digest,
            Self::Path(p) => p.digest,
            Self::Image(i) => i.digest,
        }
    }
}

/// Children drawn together, then clipped, masked, matted, faded and blended as one picture: a layer, a nested
/// composition or a shape group. Build with [`GroupParts::build`].
///
/// Order of operations: children are composited over transparency (or, when nothing asks for a separate picture,
/// straight onto the backdrop; the two are the same then), `clip`, `masks`, `effects`, `transform`, `styles`, `matte`,
/// `opacity`, `blending_mode`.
#[derive(Clone, Debug)]
pub struct Group {
    /// The parts it was built from.
    pub parts: GroupParts,
    /// Digest of all parts.
    pub digest: Digest,
}

impl std::ops::Deref for Group {
    type Target = GroupParts;
    fn deref(&self) -> &GroupParts {
        &self.parts
    }
}

/// What a [`Group`] is made of.
#[derive(Clone, Debug)]
pub struct GroupParts {
    /// Of which layer it is, for people: see [`crate::Scene::place_of`]; 0 for parts of one. Nothing drawn depends on
    /// it, nor does the digest.
    pub origin: u32,
    /// From the children's space to the parent's.
    pub transform: Affine,
    /// The same in perspective, for layers in space that are not parallel to the screen; `transform` is not used then.
    pub projection: Option<Projection>,
    /// Motion blur: where the group is at even steps of the time the shutter is open, from the children's space to the
    /// parent's. What shows is the average of the pictures there; `transform` and `projection` are where it is at the
    /// time of the frame. [`Projection::NOTHING`] is a step at which it does not show. Two or more of them.
    pub motion: Option<Arc<[Projection]>>,
    /// 0..1.
    pub opacity: f32,
    /// How the whole combines with what is below it.
    pub blending_mode: BlendingMode,
    /// Which pattern the Dissolve modes leave pixels out by: the same number, the same pixels.
    pub dissolve_seed: u32,
    /// Draw as a separate picture even where it would look the same without: set for compositions that are not
    /// collapsed, so that blending modes inside do not reach what is below.
    pub isolated: bool,
    /// Show only where the backdrop shows.
    pub preserve_transparency: bool,
    /// Rectangle in the children's space outside which nothing shows (a nested composition's frame).
    pub clip: Option<Rect>,
    /// Masks in the children's space, in the order they combine. Empty: everything shows.
    pub masks: Vec<Mask>,
    /// Effects, in the children's space.
    pub effects: Option<Arc<Effects>>,
    /// An adjustment layer: the children only say where it counts; `effects` are applied to what is below the group in
    /// its parent.
    pub adjustment: bool,
    /// Layer styles, in the parent's space. A group with styles has no transform, clip, masks or effects of its own.
    pub styles: Option<Arc<LayerStyles>>,
    /// Track matte, in the parent's space.
    pub matte: Option<Matte>,
    /// Children, bottom first.
    pub children: Vec<Node>,
}

impl Default for GroupParts {
    fn default() -> Self {
        Self {
            origin: 0,
            transform: Affine::IDENTITY,
            projection: None,
            motion: None,
            opacity: 1.0,
            blending_mode: BlendingMode::Normal,
            dissolve_seed: 0,
            isolated: false,
            preserve_transparency: false,
            clip: None,
            masks: Vec::new(),
            effects: None,
            adjustment: false,
            styles: None,
            matte: None,
            children: Vec::new(),
        }
    }
}

impl GroupParts {
    /// Finishes the group: computes its digest.
    pub fn build(self) -> Arc<Group> {
        let mut d = Digester::new(1);
        match &self.projection {
            Some(projection) => d.u64(1).f64s(projection.0.as_flattened()),
            None => d.u64(0).f64s(&self.transform.as_coeffs()),
        };
        let motion = self.motion.as_deref().unwrap_or_default();
        d.u64(motion.len() as u64);
        for place in motion {
            d.f64s(place.0.as_flattened());
        }
        d.f64(f64::from(self.opacity))
            .u64(self.blending_mode as u64 | u64::from(self.dissolve_seed) << 8);
        d.u64(u64::from(self.isolated) | u64::from(self.preserve_transparency) << 1 | u64::from(self.adjustment) << 2);
        match self.clip {
            Some(r) => d.u64(1).f64s(&[r.x0, r.y0, r.x1, r.y1]),
            None => d.u64(0),
        };
        d.u64(self.masks.len() as u64);
        for m in &self.masks {
            d.digest(m.outline.digest)
                .u64(m.mode as u64)
                .u64(u64::from(m.inverted) | u64::from(m.linear_falloff) << 1)
                .f64(f64::from(m.opacity));
            d.f64s(&[f64::from(m.feather[0]), f64::from(m.feather[1]), f64::from(m.expansion)]);
        }
        match &self.effects {
            Some(effects) => d.u64(1).digest(effects.digest),
            None => d.u64(0),
        };
        match &self.styles {
            Some(styles) => d.u64(1).digest(styles.digest),
            None => d.u64(0),
        };
        match &self.matte {
            Some(m) => d
                .u64(1)
                .digest(m.content.digest)
                .u64(m.kind as u64)
                .u64(u64::from(m.inverted)),
            None => d.u64(0),
        };
        d.u64(self.children.len() as u64);
        for child in &self.children {
            d.digest(child.digest());
        }
        let digest = d.finish();
        Arc::new(Group { parts: self, digest })
    }
}

/// A mask of a group.
#[derive(Clone, Debug)]
pub struct Mask {
    /// Its path, in the children's space.
    pub outline: Arc<Outline>,
    /// How it combines with the masks before it; never [`MaskMode::None`].
    pub mode: MaskMode,
    /// Outside instead of inside.
    pub inverted: bool,
    /// 0..1.
    pub opacity: f32,
    /// Feather in x and y, pixels.
    pub feather: [f32; 2],
    /// The feather falls off evenly instead of smoothly.
    pub linear_falloff: bool,
    /// Expansion in pixels; negative contracts.
    pub expansion: f32,
}

/// A track matte.
#[derive(Clone, Debug)]
pub struct Matte {
    /// The matte layer, drawn by itself over transparency.
    pub content: Arc<Group>,
    /// Which channel counts.
    pub kind: MatteKind,
    /// Whether it is inverted.
    pub inverted: bool,
}

/// An outline, shared between nodes and frames.
#[derive(Clone, Debug)]
pub struct Outline {
    /// The path.
    pub path: BezPath,
    /// A rectangle that holds the path and its control points; `None` for an empty path.
    pub bounds: Option<Rect>,
    /// Digest of the path.
    pub digest: Digest,
}

impl Outline {
    /// An outline of `path`.
    pub fn new(path: BezPath) -> Arc<Self> {
        let mut d = Digester::new(2);
        for el in path.elements() {
            match *el {
                PathEl::MoveTo(p) => d.u64(0).f64s(&[p.x, p.y]),
                PathEl::LineTo(p) => d.u64(1).f64s(&[p.x, p.y]),
                PathEl::QuadTo(p, q) => d.u64(2).f64s(&[p.x, p.y, q.x, q.y]),
                PathEl::CurveTo(p, q, r) => d.u64(3).f64s(&[p.x, p.y, q.x, q.y, r.x, r.y]),
                PathEl::ClosePath => d.u64(4),
            };
        }
        let bounds = (!path.elements().is_empty()).then(|| path.control_box());
        Arc::new(Self {
            bounds,
            digest: d.finish(),
            path,
        })
    }

    /// The outline of a rectangle.
    pub fn rect(rect: Rect) -> Arc<Self> {
        Self::new(rect.to_path(0.1))
    }
}

/// Which points are inside an outline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the field's standard terms")]
pub enum FillRule {
    #[default]
    NonZero,
    EvenOdd,
}

/// How an outline is stroked.
#[derive(Clone, Debug, PartialEq)]
pub struct StrokeStyle {
    /// Width in pixels of the path's own space.
    pub width: f64,
    /// Ends.
    pub cap: LineCap,
    /// Corners.
    pub join: LineJoin,
    /// Miter limit as a multiple of the width.
    pub miter_limit: f64,
    /// Dash and gap lengths in turn, pixels; empty is solid. An even number of them.
    pub dashes: Vec<f64>,
    /// Where in the dash pattern the path starts, pixels.
    pub dash_offset: f64,
    /// What becomes of the width along the path, before it is dashed; `None`: it is the same everywhere.
    pub profile: Option<WidthProfile>,
}

/// Filled or stroked.
#[derive(Clone, Debug, PartialEq)]
pub enum PathStyle {
    /// Filled.
    Fill(FillRule),
    /// Stroked.
    Stroke(StrokeStyle),
}

/// The course of a gradient, in the path's own space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GradientShape {
    /// Along a line.
    Linear {
        /// Where offset 0 is.
        start: [f64; 2],
        /// Where offset 1 is.
        end: [f64; 2],
    },
    /// Around a centre.
    Radial {
        /// Where offset 0 is, without a highlight.
        start: [f64; 2],
        /// A point of the circle where offset 1 is.
        end: [f64; 2],
        /// How far from the centre to the circle the highlight lies, -1..1.
        highlight_length: f64,
        /// Direction of the highlight relative to the line from start to end, degrees.
        highlight_angle: f64,
    },
}

/// A gradient: a course and the stops of After Effects' editor.
#[derive(Clone, Debug)]
pub struct GradientPaint {
    /// The course.
    pub shape: GradientShape,
    /// Colour and opacity stops with midpoints.
    pub stops: Arc<filmpress_composition::Gradient>,
}

/// What a path is painted with.
#[derive(Clone, Debug)]
pub enum Paint {
    /// One colour, straight RGBA 0..1.
    Solid([f32; 4]),
    /// A gradient.
    Gradient(Arc<GradientPaint>),
}

/// A painted outline. Build with [`Path::new`].
#[derive(Clone, Debug)]
pub struct Path {
    /// The outline, in the path's own space.
    pub outline: Arc<Outline>,
    /// From the path's own space (where strokes and gradients are measured) to the parent's.
    pub transform: Affine,
    /// Filled or stroked.
    pub style: PathStyle,
    /// What with.
    pub paint: Paint,
    /// 0..1, on top of the paint's own.
    pub opacity: f32,
    /// How it combines with what is below it in the same group.
    pub blending_mode: BlendingMode,
    /// Digest of all the above.
    pub digest: Digest,
}

impl Path {
    /// A painted outline.
    pub fn new(
        outline: Arc<Outline>,
        transform: Affine,
        style: PathStyle,
        paint: Paint,
        opacity: f32,
        blending_mode: BlendingMode,
    ) -> Arc<Self> {
        let mut d = Digester::new(3);
        d.digest(outline.digest)
            .f64s(&transform.as_coeffs())
            .f64(f64::from(opacity))
            .u64(blending_mode as u64);
        match &style {
            PathStyle::Fill(rule) => {
                d.u64(*rule as u64);
            }
            PathStyle::Stroke(s) => {
                d.u64(2)
                    .f64s(&[s.width, s.miter_limit, s.dash_offset])
                    .u64(s.cap as u64)
                    .u64(s.join as u64);
                d.u64(s.dashes.len() as u64).f64s(&s.dashes);
                match &s.profile {
                    Some(profile) => profile.digest(d.u64(1)),
                    None => {
                        d.u64(0);
                    }
                }
            }
        }
        match &paint {
            Paint::Solid(rgba) => {
                d.u64(0).f64s(&rgba.map(f64::from));
            }
            Paint::Gradient(g) => digest_gradient(&mut d, g),
        }
        let digest = d.finish();
        Arc::new(Self {
            outline,
            transform,
            style,
            paint,
            opacity,
            blending_mode,
            digest,
        })
    }
}

fn digest_gradient(d: &mut Digester, gradient: &GradientPaint) {
    match gradient.shape {
        GradientShape::Linear { start, end } => d.u64(1).f64s(&start).f64s(&end),
        GradientShape::Radial {
            start,
            end,
            highlight_length,
            highlight_angle,
        } => d
            .u64(2)
            .f64s(&start)
            .f64s(&end)
            .f64s(&[highlight_length, highlight_angle]),
    };
    digest_stops(d, &gradient.stops);
}

fn digest_stops(d: &mut Digester, stops: &filmpress_composition::Gradient) {
    d.u64(stops.colors.len() as u64);
    for stop in &stops.colors {
        d.f64s(&[stop.offset, stop.midpoint]).f64s(&stop.rgb);
    }
    d.u64(stops.alphas.len() as u64);
    for stop in &stops.alphas {
        d.f64s(&[stop.offset, stop.midpoint, stop.alpha]);
    }
}

/// Which picture an [`Image`] shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ImageSource {
    /// The footage item.
    pub item: ItemId,
    /// Time in the footage, seconds, snapped to the footage's own frames; 0 for stills.
    pub time: f64,
    /// Identifies the content behind `item`, so that replaced footage is a different picture.
    pub content: Digest,
}

/// How pixels are read between their centres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the field's standard terms")]
pub enum Sampling {
    Nearest,
    #[default]
    Bilinear,
    Bicubic,
}

/// A picture. Build with [`Image::new`].
#[derive(Clone, Debug)]
pub struct Image {
    /// Which picture.
    pub source: ImageSource,
    /// Width and height in the image's own space; the picture is stretched to it if its pixels differ.
    pub size: [f64; 2],
    /// From the image's own space to the parent's.
    pub transform: Affine,
    /// 0..1.
    pub opacity: f32,
    /// How pixels are read.
    pub sampling: Sampling,
    /// Digest of all the above.
    pub digest: Digest,
}

impl Image {
    /// A picture.
    pub fn new(source: ImageSource, size: [f64; 2], transform: Affine, opacity: f32, sampling: Sampling) -> Arc<Self> {
        let mut d = Digester::new(4);
        d.u64(u64::from(source.item.0))
            .f64(source.time)
            .digest(source.content)
            .f64s(&size);
        d.f64s(&transform.as_coeffs())
            .f64(f64::from(opacity))
            .u64(sampling as u64);
        let digest = d.finish();
        Arc::new(Self {
            source,
            size,
            transform,
            opacity,
            sampling,
            digest,
        })
    }
}
