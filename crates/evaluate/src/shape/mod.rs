//! The contents of shape layers: typed items, compiled once, turned into painted outlines at a layer time.
//!
//! After Effects walks contents from the top: paths gather, a modifier changes all paths gathered so far in its group
//! (those of nested groups too), a fill or stroke paints them. What is further up is drawn on top.
//!
//! To add an item: a file with a type and its `compile`, and its line in [`SOURCES`], [`MODIFIERS`] or [`PAINTS`].
//!
//! | file | item |
//! |---|---|
//! | `path`, `rectangle`, `ellipse`, `star` | where paths come from |
//! | `trim`, `merge`, `round_corners`, `offset`, `pucker_bloat`, `zig_zag`, `twist`, `wiggle_paths` | what changes paths |
//! | `fill`, `stroke`, `gradient`, `stroke_width` | what paints them |
//! | `group`, `repeater`, `wiggle_transform` | what holds, copies and moves all of these |
//! | `contour` | the form paths have meanwhile |
//! | `boolean`, `trace` | areas combined |
//! | `draw` | the walk |

mod boolean;
pub(crate) mod contour;
mod draw;
mod ellipse;
mod fill;
mod gradient;
mod group;
mod merge;
mod offset;
mod path;
mod pucker_bloat;
mod rectangle;
mod repeater;
mod round_corners;
mod star;
mod stroke;
mod stroke_width;
mod trace;
mod trim;
mod twist;
mod wiggle_paths;
mod wiggle_transform;
mod zig_zag;

use std::fmt::Debug;
use std::sync::{Arc, OnceLock};

use filmpress_composition::{BlendingMode, Group, Kind};

use crate::compile::Compile;
use crate::frame::{Outline, Paint, PathStyle};
use crate::limits;
use crate::support::{self, Topic};
use contour::Contour;
use group::ShapeGroup;
use repeater::Repeater;
use wiggle_transform::WiggleTransform;

/// Where a path comes from.
trait Source: Debug + Send + Sync {
    /// The path at a layer time.
    fn contour(&self, time: f64) -> Contour;
    /// Whether it can differ between times.
    fn is_animated(&self) -> bool;
}

/// What changes the paths above it.
trait Modifier: Debug + Send + Sync {
    /// Whether it changes nothing at this time.
    fn is_idle(&self, time: f64) -> bool;
    /// Changes the paths, topmost first; there stay as many as there were, some perhaps without contours.
    fn apply(&self, time: f64, paths: &mut [Vec<Contour>]);
    /// Whether it can differ between times.
    fn is_animated(&self) -> bool;
    /// Whether the paths it takes are no longer there for the paints above it.
    fn consumes(&self) -> bool {
        false
    }
}

/// What a fill or stroke looks like at one time.
struct Look {
    style: PathStyle,
    paint: Paint,
    opacity: f32,
}

/// What paints the paths above it.
trait Painter: Debug + Send + Sync {
    /// The look at a layer time; `None` when nothing would show.
    fn look(&self, time: f64) -> Option<Look>;
    /// Whether it can differ between times.
    fn is_animated(&self) -> bool;
}

type Compiler<T> = (&'static str, fn(&mut Compile, &Group) -> Box<T>);

const SOURCES: &[Compiler<dyn Source>] = &[
    ("ADBE Vector Shape - Group", path::compile),
    ("ADBE Vector Shape - Rect", rectangle::compile),
    ("ADBE Vector Shape - Ellipse", ellipse::compile),
    ("ADBE Vector Shape - Star", star::compile),
];

const MODIFIERS: &[Compiler<dyn Modifier>] = &[
    ("ADBE Vector Filter - Trim", trim::compile),
    ("ADBE Vector Filter - Merge", merge::compile),
    ("ADBE Vector Filter - RC", round_corners::compile),
    ("ADBE Vector Filter - Offset", offset::compile),
    ("ADBE Vector Filter - PB", pucker_bloat::compile),
    ("ADBE Vector Filter - Zigzag", zig_zag::compile),
    ("ADBE Vector Filter - Twist", twist::compile),
    ("ADBE Vector Filter - Roughen", wiggle_paths::compile),
];

const PAINTS: &[Compiler<dyn Painter>] = &[
    ("ADBE Vector Graphic - Fill", fill::compile),
    ("ADBE Vector Graphic - Stroke", stroke::compile),
    ("ADBE Vector Graphic - G-Fill", gradient::compile_fill),
    ("ADBE Vector Graphic - G-Stroke", gradient::compile_stroke),
];

/// An item of contents.
#[derive(Debug)]
enum Item {
    Path(PathItem),
    Group(Box<ShapeGroup>),
    Modifier(Box<dyn Modifier>),
    Repeater(Box<Repeater>),
    WiggleTransform(Box<WiggleTransform>),
    Paint(PaintItem),
}

#[derive(Debug)]
struct PathItem {
    source: Box<dyn Source>,
    /// The path of a source that does not change.
    fixed: OnceLock<Arc<Vec<Contour>>>,
}

#[derive(Debug)]
struct PaintItem {
    painter: Box<dyn Painter>,
    blending_mode: BlendingMode,
    /// Painted above what is above it in the same group.
    above: bool,
    /// Whether nothing that leads to its outline changes.
    outline_is_fixed: bool,
    /// That outline; `None` in it for an empty one.
    fixed: OnceLock<Option<Arc<Outline>>>,
}

/// Items of a group or layer, top first.
#[derive(Debug, Default)]
pub(crate) struct Contents(Vec<Item>);

/// The contents of a shape layer.
pub(crate) fn compile(c: &mut Compile, group: &Group) -> Contents {
    let mut contents = c.inside("Contents", |c| {
        let contents = items(c, group, 0);
        // Said here and not where it happens: drawing reports nothing.
        if contents.most().into_iter().any(|n| n > limits::PAINTED_OUTLINES as f64) {
            c.warn(
                Kind::Limit,
                format!(
                    "repeaters make more than {} outlines; the rest is not drawn",
                    limits::PAINTED_OUTLINES
                ),
            );
        }
        contents
    });
    contents.mark_fixed_outlines(false);
    contents
}

fn items(c: &mut Compile, group: &Group, depth: usize) -> Contents {
    if depth > limits::SHAPE_GROUP_DEPTH {
        c.warn(
            Kind::Limit,
            format!(
                "groups nest deeper than {}; the rest is not drawn",
                limits::SHAPE_GROUP_DEPTH
            ),
        );
        return Contents::default();
    }
    Contents(
        group
            .groups()
            .filter(|item| item.enabled)
            .filter_map(|item| c.inside(&item.name, |c| one(c, item, depth)))
            .collect(),
    )
}

fn find<T: ?Sized>(table: &[Compiler<T>], match_name: &str) -> Option<fn(&mut Compile, &Group) -> Box<T>> {
    table
        .iter()
        .find(|(name, _)| *name == match_name)
        .map(|(_, make)| *make)
}

fn one(c: &mut Compile, item: &Group, depth: usize) -> Option<Item> {
    let name = &*item.match_name;
    if let Some(make) = find(SOURCES, name) {
        return Some(Item::Path(PathItem {
            source: make(c, item),
            fixed: OnceLock::new(),
        }));
    }
    if let Some(make) = find(MODIFIERS, name) {
        return Some(Item::Modifier(make(c, item)));
    }
    if let Some(make) = find(PAINTS, name) {
        let painter = make(c, item);
        return Some(Item::Paint(PaintItem {
            painter,
            blending_mode: blending_mode(c, item),
            above: c.menu(item, "ADBE Vector Composite Order") == 2,
            outline_is_fixed: false,
            fixed: OnceLock::new(),
        }));
    }
    match name {
        "ADBE Vector Group" => Some(Item::Group(Box::new(ShapeGroup::compile(c, item, depth)))),
        "ADBE Vector Filter - Repeater" => Some(Item::Repeater(Box::new(Repeater::compile(c, item)))),
        "ADBE Vector Filter - Wiggler" => Some(Item::WiggleTransform(Box::new(WiggleTransform::compile(c, item)))),
        _ => {
            match support::feature(Topic::Shape, name) {
                Some(_) => c.feature(Topic::Shape, name),
                None => c.warn(Kind::Unsupported, format!("shape item `{name}` is not drawn")),
            }
            None
        }
    }
}

impl Contents {
    /// How many paths and how many painted outlines there are at most, copies of repeaters included.
    fn most(&self) -> [f64; 2] {
        let mut most = [0.0; 2];
        for item in &self.0 {
            match item {
                Item::Path(_) => most[0] += 1.0,
                Item::Paint(_) => most[1] += 1.0,
                Item::Group(group) => {
                    let inside = group.contents.most();
                    most = [most[0] + inside[0], most[1] + inside[1]];
                }
                Item::Repeater(repeater) => most = most.map(|n| n * repeater.most_copies()),
                Item::Modifier(_) | Item::WiggleTransform(_) => {}
            }
        }
        most
    }
}

/// The blending mode of a group, fill or stroke; the menu's separators count as entries.
fn blending_mode(c: &mut Compile, item: &Group) -> BlendingMode {
    mode_of_menu(c.menu(item, "ADBE Vector Blend Mode"))
}

/// The blending mode of an entry of that menu.
pub(crate) fn mode_of_menu(entry: u32) -> BlendingMode {
    use BlendingMode as B;
    match entry {
        3 => B::Darken,
        4 => B::Multiply,
        5 => B::ColorBurn,
        6 => B::LinearBurn,
        7 => B::DarkerColor,
        9 => B::Lighten,
        10 => B::Screen,
        11 => B::ColorDodge,
        12 => B::LinearDodge,
        13 => B::LighterColor,
        15 => B::Overlay,
        16 => B::SoftLight,
        17 => B::HardLight,
        18 => B::LinearLight,
        19 => B::VividLight,
        20 => B::PinLight,
        21 => B::HardMix,
        23 => B::Difference,
        24 => B::Exclusion,
        26 => B::Hue,
        27 => B::Saturation,
        28 => B::Color,
        29 => B::Luminosity,
        _ => B::Normal,
    }
}

/// Whether a path item's direction is reversed.
fn is_reversed(c: &mut Compile, item: &Group) -> bool {
    c.menu(item, "ADBE Vector Shape Direction") == 3
}

impl Contents {
    /// Whether anything can differ between times.
    pub fn is_animated(&self) -> bool {
        self.0.iter().any(|item| match item {
            Item::Path(p) => p.source.is_animated(),
            Item::Group(g) => g.is_animated(),
            Item::Modifier(m) => m.is_animated(),
            Item::Repeater(r) => r.is_animated(),
            Item::WiggleTransform(w) => w.is_animated(),
            Item::Paint(p) => p.painter.is_animated(),
        })
    }

    /// Whether the paths that come out of it can differ between times.
    fn paths_change(&self) -> bool {
        self.0.iter().any(|item| match item {
            Item::Path(p) => p.source.is_animated(),
            Item::Group(g) => g.transform.moves() || g.contents.paths_change(),
            Item::Modifier(m) => m.is_animated(),
            Item::Repeater(r) => r.is_animated(),
            Item::WiggleTransform(w) => w.is_animated(),
            Item::Paint(_) => false,
        })
    }

    /// Finds the paints whose outlines are the same at all times. `modified` tells of modifiers further out.
    fn mark_fixed_outlines(&mut self, modified: bool) {
        let last_modifier = self.0.iter().rposition(|item| matches!(item, Item::Modifier(_)));
        let modifiers_change = self
            .0
            .iter()
            .any(|item| matches!(item, Item::Modifier(m) if m.is_animated()));
        let mut paths_change = modified || modifiers_change;
        for (i, item) in self.0.iter_mut().enumerate() {
            match item {
                Item::Path(p) => paths_change |= p.source.is_animated(),
                Item::Modifier(_) => {}
                Item::Repeater(r) => paths_change |= r.is_animated(),
                Item::WiggleTransform(w) => paths_change |= w.is_animated(),
                Item::Group(g) => {
                    g.contents
                        .mark_fixed_outlines(modified || last_modifier.is_some_and(|m| m > i));
                    paths_change |= g.transform.moves() || g.contents.paths_change();
                }
                // With a modifier further down a repeater between the two may matter as well.
                Item::Paint(p) => {
                    p.outline_is_fixed = !paths_change && last_modifier.is_none_or(|m| m < i);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::{Support, feature};

    #[test]
    fn what_is_built_is_what_the_table_of_support_says() {
        let sources = SOURCES.iter().map(|(name, _)| *name);
        let modifiers = MODIFIERS.iter().map(|(name, _)| *name);
        let paints = PAINTS.iter().map(|(name, _)| *name);
        for name in sources.chain(modifiers).chain(paints) {
            let known = feature(Topic::Shape, name).map(|f| f.support);
            assert!(!matches!(known, None | Some(Support::NotDrawn(_))), "{name}: {known:?}");
        }
    }
}
