//! A look at every composition of a project: what of each will not be drawn as After Effects draws it, and where its
//! layers lie.

use std::cell::Cell;
use std::collections::BTreeMap;

use filmpress_composition::{Diagnostics, ItemId, Kind, Place, Project};
use kurbo::{Affine, Point, Rect, Shape};

use crate::World;
use crate::compile::Compile;
use crate::composition::{self, Composition};
use crate::frame::{Node, Outline, PathStyle, Projection};
use crate::layer::Content;
use crate::limits;

/// Every composition of a project made ready, hidden layers too; for reports, not for drawing.
#[derive(Debug)]
pub struct Survey {
    compositions: Vec<Composition>,
    by_item: BTreeMap<ItemId, usize>,
    /// Pieces that may still be evaluated.
    left: Cell<usize>,
}

/// Where a layer lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bounds {
    /// The smallest upright rectangle around it, in its composition's pixels.
    Rect(Rect),
    /// It shows nothing then: a null, a camera, an empty text, something behind the camera.
    Nothing,
    /// Its footage is missing, or the budget of the survey is used up.
    Unknown,
}

impl Survey {
    /// Makes every composition of `project` ready.
    pub fn new(project: &Project, world: &dyn World) -> Self {
        let mut c = Compile::new(project, world);
        c.whole = true;
        for (item, _) in project.compositions() {
            composition::compile(&mut c, item.id);
        }
        Self {
            compositions: c.compositions,
            by_item: c.finished.into_iter().collect(),
            left: Cell::new(limits::SURVEYED_PIECES),
        }
    }

    /// What of a composition (not of those nested in it) will not be drawn as After Effects draws it, but for its
    /// fonts.
    pub fn warnings(&self, composition: ItemId) -> Option<&Diagnostics> {
        Some(&self.of(composition)?.warnings)
    }

    /// What is wrong with the fonts of a composition: the message, and the names of the layers it is about.
    pub fn fonts(&self, composition: ItemId) -> impl Iterator<Item = (&str, &[String])> {
        let fonts = self.of(composition).map(|of| &of.fonts);
        fonts
            .into_iter()
            .flatten()
            .map(|(message, layers)| (message.as_str(), layers.as_slice()))
    }

    /// Says what is wrong with fonts, each once over all compositions, with the layers it is about.
    pub fn push_fonts(&self, project: &Project, warnings: &mut Diagnostics) {
        push_fonts(project, &self.compositions, warnings);
    }

    fn of(&self, composition: ItemId) -> Option<&Composition> {
        self.compositions.get(*self.by_item.get(&composition)?)
    }

    /// Where a layer's content lies at a composition time in seconds: before masks, effects and mattes, with its
    /// strokes, whether or not it is visible. `layer` is its index in the loose tree.
    ///
    /// Stills, films, solids and nested compositions are their frames; shapes and texts their outlines.
    pub fn bounds(&self, composition: ItemId, layer: usize, time: f64) -> Bounds {
        let Some(&index) = self.by_item.get(&composition) else {
            return Bounds::Unknown;
        };
        let layers = &self.compositions[index].layers;
        // Every layer was made ready, so that the places in both lists are the same.
        let at = layer;
        let Some(of) = layers.get(at) else {
            return Bounds::Unknown;
        };
        let mut above = of.parent;
        while let Some(parent) = above.filter(|_| self.spend(1)) {
            above = layers[parent].parent;
        }
        let frame = match &of.content {
            Content::Nothing => return Bounds::Nothing,
            Content::Film { size, .. } => Some(*size),
            Content::Precomp { index, collapsed, .. } => {
                let nested = &self.compositions[*index];
                if *collapsed && !self.spend(usize::try_from(nested.weight).unwrap_or(usize::MAX)) {
                    return Bounds::Unknown;
                }
                (!collapsed).then(|| [f64::from(nested.width), f64::from(nested.height)])
            }
            Content::Still(_) | Content::Text(_) | Content::Shapes { .. } => None,
        };
        if self.left.get() == 0 {
            return Bounds::Unknown;
        }
        if let Some([width, height]) = frame {
            let place = composition::place(&self.compositions, index, at, time);
            return finite(place.bounds(Rect::new(0.0, 0.0, width, height)));
        }
        let (place, nodes) = composition::content(&self.compositions, index, at, time);
        let mut around = Around::default();
        if self.nodes(&nodes, place, &mut around) {
            finite(around.0)
        } else {
            Bounds::Unknown
        }
    }

    /// Takes from what is left; false when that is not enough.
    fn spend(&self, pieces: usize) -> bool {
        let enough = self.left.get() >= pieces;
        self.left.set(self.left.get().saturating_sub(pieces));
        enough
    }

    /// Adds nodes to `around`; false when the budget is used up.
    fn nodes(&self, nodes: &[Node], to: Projection, around: &mut Around) -> bool {
        nodes.iter().all(|node| match node {
            Node::Group(group) => {
                let to = to * group.projection.unwrap_or_else(|| group.transform.into());
                match group.clip {
                    Some(clip) => {
                        around.rect(to.bounds(clip));
                        self.spend(1)
                    }
                    None => self.spend(1) && self.nodes(&group.children, to, around),
                }
            }
            Node::Image(image) => {
                let frame = Rect::new(0.0, 0.0, image.size[0], image.size[1]);
                around.rect((to * image.transform.into()).bounds(frame));
                self.spend(1)
            }
            Node::Path(path) => {
                let to = to * path.transform.into();
                let enough = self.spend(1 + path.outline.path.elements().len());
                if enough {
                    let half = match &path.style {
                        PathStyle::Fill(_) => 0.0,
                        PathStyle::Stroke(stroke) => stroke.width / 2.0,
                    };
                    if let Some(to) = to.affine() {
                        around.outline(&path.outline, to, half);
                    } else {
                        let own = path.outline.bounds.map(|own| own.inflate(half, half));
                        around.rect(own.and_then(|own| to.bounds(own)));
                    }
                }
                enough
            }
        })
    }
}

fn finite(rect: Option<Rect>) -> Bounds {
    match rect {
        None => Bounds::Nothing,
        Some(rect) if rect.is_finite() => Bounds::Rect(rect),
        Some(_) => Bounds::Unknown,
    }
}

/// The rectangle around what was met so far.
#[derive(Default)]
struct Around(Option<Rect>);

impl Around {
    fn rect(&mut self, rect: Option<Rect>) {
        if let Some(rect) = rect {
            self.0 = Some(self.0.map_or(rect, |known| known.union(rect)));
        }
    }

    /// An outline, and around it a pen of this radius in the outline's own space.
    fn outline(&mut self, outline: &Outline, to: Affine, radius: f64) {
        let Some(own) = outline.bounds else { return };
        let [a, b, c, d, _, _] = to.as_coeffs();
        // An upright rectangle stays one unless it is turned; only then the path itself must be looked at.
        let around = if (b == 0.0 && c == 0.0) || (a == 0.0 && d == 0.0) {
            let tight = if outline.path.elements().len() > 1 {
                outline.path.bounding_box()
            } else {
                own
            };
            to.transform_rect_bbox(tight)
        } else {
            (to * &outline.path).bounding_box()
        };
        // A circle becomes an ellipse; this is the half of the rectangle around it.
        let pen = Point::new(radius * libm::hypot(a, c), radius * libm::hypot(b, d));
        self.rect(Some(around.inflate(pen.x, pen.y)));
    }
}

/// Says what is wrong with fonts, each once over all compositions, with the layers it is about.
pub(crate) fn push_fonts(project: &Project, compositions: &[Composition], warnings: &mut Diagnostics) {
    let mut by_message: BTreeMap<&str, Vec<(&str, &[String])>> = BTreeMap::new();
    let names: BTreeMap<_, _> = project.items.iter().map(|item| (item.id, &*item.name)).collect();
    for composition in compositions {
        let name = names.get(&composition.item).copied().unwrap_or_default();
        for (message, layers) in &composition.fonts {
            by_message.entry(message).or_default().push((name, layers));
        }
    }
    for (message, uses) in by_message {
        if let [(composition, layers)] = *uses {
            let place = Place(vec![composition.to_owned()]);
            warnings.push(&place, Kind::Missing, format!("{message} ({})", listed(layers)));
            continue;
        }
        let named = |(composition, layers): &(&str, &[String])| {
            let inside = |layer: &String| format!("{composition} > {layer}");
            layers
                .iter()
                .take(limits::LAYERS_NAMED + 1)
                .map(inside)
                .collect::<Vec<_>>()
        };
        let all: Vec<String> = uses.iter().flat_map(named).collect();
        warnings.push(
            &Place::default(),
            Kind::Missing,
            format!("{message} ({})", listed(&all)),
        );
    }
}

/// Layers by name, not more than a line of them.
fn listed(layers: &[String]) -> String {
    let named: Vec<String> = layers
        .iter()
        .take(limits::LAYERS_NAMED)
        .map(|l| format!("`{l}`"))
        .collect();
    let more = layers.len() - named.len();
    let what = if layers.len() == 1 { "layer" } else { "layers" };
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{what} {}{more}", named.join(", "))
}
