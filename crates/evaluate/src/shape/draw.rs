//! The walk through contents at a time: paths gather, modifiers change them, paints turn them into nodes.
//!
//! A modifier also changes what the paints *above* it draw, in nested groups too, so painting waits until the walk is
//! over. Until a modifier works on a path, the path stays in its own coordinates beside the transform to the level of
//! the walk; a modifier brings the paths to its own level first. A paint remembers how its paths lay in its own group,
//! and, if a modifier changed them later, how its group lay at that modifier's level.

use std::sync::Arc;

use filmpress_composition::BlendingMode;
use kurbo::{Affine, BezPath};

use super::contour::Contour;
use super::{Contents, Item, Modifier, PaintItem, PathItem};
use crate::frame::{GroupParts, Node, Outline, Path};
use crate::limits;

/// A path on its way.
#[derive(Clone)]
struct Entry {
    contours: Arc<Vec<Contour>>,
    /// To the level of the walk.
    transform: Affine,
    /// Whether a modifier has brought it to its level.
    modified: bool,
}

/// A paint on its way.
#[derive(Clone)]
struct Painting<'a> {
    item: &'a PaintItem,
    /// The paths it paints, each with its transform to the paint's group.
    paths: Vec<(usize, Affine)>,
    /// From the paint's group to the level of the walk.
    transform: Affine,
    /// From the paint's group to the level of the last modifier that changed its paths.
    at_modifier: Option<Affine>,
    /// The painting this is a repeater's copy of.
    original: usize,
}

/// What will be drawn, topmost first.
#[derive(Clone)]
enum Drawn {
    Painting(usize),
    Group(f64, BlendingMode, Vec<Drawn>),
}

/// A copy a repeater made.
struct Copied {
    /// Its first entry and painting.
    at: (usize, usize),
    transform: Affine,
}

impl Copied {
    fn at(entry: usize, painting: usize) -> Self {
        Self {
            at: (entry, painting),
            transform: Affine::IDENTITY,
        }
    }
}

struct Walk<'a> {
    time: f64,
    entries: Vec<Entry>,
    paintings: Vec<Painting<'a>>,
}

impl Contents {
    /// The nodes at a layer time, bottom first, in layer space.
    pub fn nodes(&self, time: f64) -> Vec<Node> {
        let mut walk = Walk {
            time,
            entries: Vec::new(),
            paintings: Vec::new(),
        };
        let drawn = walk.contents(self);
        let mut outlines = vec![None; walk.paintings.len()];
        walk.nodes(&drawn, &mut outlines, 1.0)
    }
}

impl PathItem {
    fn contours(&self, time: f64) -> Arc<Vec<Contour>> {
        let make = || Arc::new(vec![self.source.contour(time)]);
        if self.source.is_animated() {
            make()
        } else {
            self.fixed.get_or_init(make).clone()
        }
    }
}

impl<'a> Walk<'a> {
    fn contents(&mut self, contents: &'a Contents) -> Vec<Drawn> {
        let first_entry = self.entries.len();
        let first_painting = self.paintings.len();
        let mut drawn = Vec::new();
        // The copies of the last repeater and what comes after them: where each begins, and how it was copied.
        let mut copied = vec![Copied::at(first_entry, first_painting)];
        for item in &contents.0 {
            match item {
                Item::Path(path) => self.entries.push(Entry {
                    contours: path.contours(self.time),
                    transform: Affine::IDENTITY,
                    modified: false,
                }),
                Item::Paint(paint) => {
                    let painting = Drawn::Painting(self.paintings.len());
                    self.paintings.push(Painting {
                        item: paint,
                        paths: (first_entry..self.entries.len())
                            .map(|i| (i, self.entries[i].transform))
                            .collect(),
                        transform: Affine::IDENTITY,
                        at_modifier: None,
                        original: self.paintings.len(),
                    });
                    if paint.above {
                        drawn.insert(0, painting);
                    } else {
                        drawn.push(painting);
                    }
                }
                Item::Group(group) => {
                    let (entries, paintings) = (self.entries.len(), self.paintings.len());
                    let inner = self.contents(&group.contents);
                    let transform = group.transform.affine(self.time);
                    self.place(entries, paintings, transform);
                    let opacity = (group.transform.opacity.at(self.time) / 100.0).clamp(0.0, 1.0);
                    if !inner.is_empty() && opacity > 0.0 {
                        drawn.push(Drawn::Group(opacity, group.blending_mode, inner));
                    }
                }
                Item::Modifier(modifier) => self.modify(first_entry, first_painting, &**modifier),
                Item::Repeater(repeater) => {
                    let copies = repeater.copies(self.time);
                    copied.clear();
                    let first = (first_entry, first_painting);
                    drawn = self.repeat(first, &drawn, &copies, repeater.above, &mut copied);
                }
                Item::WiggleTransform(wiggle) => {
                    let transforms = wiggle.transforms(self.time, copied.len());
                    for (i, wiggled) in transforms.enumerate() {
                        let to = copied.get(i + 1).map(|next| next.at);
                        let to = to.unwrap_or((self.entries.len(), self.paintings.len()));
                        let copy = copied[i].transform;
                        // Where the copy is, not where the original was: each turns and scales in its place.
                        let by = if copy.determinant().abs() < 1e-12 {
                            wiggled
                        } else {
                            copy * wiggled * copy.inverse()
                        };
                        self.place_range(copied[i].at, to, by);
                    }
                }
            }
        }
        drawn
    }

    /// Moves everything from these indices on one level out.
    fn place(&mut self, entries: usize, paintings: usize, by: Affine) {
        let to = (self.entries.len(), self.paintings.len());
        self.place_range((entries, paintings), to, by);
    }

    /// Moves the entries and paintings between two pairs of indices.
    fn place_range(&mut self, from: (usize, usize), to: (usize, usize), by: Affine) {
        for entry in &mut self.entries[from.0..to.0] {
            entry.transform = by * entry.transform;
        }
        for painting in &mut self.paintings[from.1..to.1] {
            painting.transform = by * painting.transform;
        }
    }

    fn modify(&mut self, first_entry: usize, first_painting: usize, modifier: &dyn Modifier) {
        if modifier.is_idle(self.time) {
            return;
        }
        let entries = &mut self.entries[first_entry..];
        let mut paths: Vec<Vec<Contour>> = entries
            .iter()
            .map(|e| e.contours.iter().map(|c| c.moved(e.transform)).collect())
            .collect();
        modifier.apply(self.time, &mut paths);
        for (entry, contours) in entries.iter_mut().zip(paths) {
            *entry = Entry {
                contours: Arc::new(contours),
                transform: Affine::IDENTITY,
                modified: true,
            };
        }
        for painting in &mut self.paintings[first_painting..] {
            painting.at_modifier = Some(painting.transform);
            if modifier.consumes() {
                painting.paths.clear();
            }
        }
    }

    /// Copies everything from these indices on; `copied` gets the copies and what comes after them.
    fn repeat(
        &mut self,
        (first_entry, first_painting): (usize, usize),
        drawn: &[Drawn],
        copies: &[super::repeater::Copy],
        above: bool,
        copied: &mut Vec<Copied>,
    ) -> Vec<Drawn> {
        let entries = self.entries.split_off(first_entry);
        let paintings = self.paintings.split_off(first_painting);
        let mut all = Vec::new();
        for copy in copies {
            let (entry_base, painting_base) = (self.entries.len(), self.paintings.len());
            if painting_base + paintings.len() > limits::PAINTED_OUTLINES
                || entry_base + entries.len() > limits::PAINTED_OUTLINES
            {
                break;
            }
            copied.push(Copied {
                at: (entry_base, painting_base),
                transform: copy.transform,
            });
            self.entries.extend(entries.iter().cloned());
            self.paintings.extend(paintings.iter().cloned());
            for painting in &mut self.paintings[painting_base..] {
                for (i, _) in &mut painting.paths {
                    *i += entry_base - first_entry;
                }
            }
            self.place(entry_base, painting_base, copy.transform);
            let mut drawn = drawn.to_vec();
            shift(&mut drawn, painting_base - first_painting);
            if copy.opacity > 0.0 && !drawn.is_empty() {
                all.push(Drawn::Group(copy.opacity, BlendingMode::Normal, drawn));
            }
        }
        copied.push(Copied::at(self.entries.len(), self.paintings.len()));
        if above {
            all.reverse();
        }
        all
    }

    fn nodes(&self, drawn: &[Drawn], outlines: &mut [Option<Arc<Outline>>], opacity: f64) -> Vec<Node> {
        let mut nodes = Vec::new();
        for item in drawn.iter().rev() {
            match item {
                Drawn::Painting(i) => nodes.extend(self.paint(*i, outlines, opacity)),
                Drawn::Group(own, blending_mode, inner) => {
                    let normal = *blending_mode == BlendingMode::Normal;
                    // One thing faded is the same as a group of it faded.
                    let single = matches!(inner[..], [Drawn::Painting(_)]);
                    if normal && (*own == 1.0 || single) {
                        nodes.extend(self.nodes(inner, outlines, opacity * own));
                        continue;
                    }
                    let children = self.nodes(inner, outlines, 1.0);
                    if !children.is_empty() {
                        let group = GroupParts {
                            opacity: (opacity * own) as f32,
                            blending_mode: *blending_mode,
                            children,
                            ..GroupParts::default()
                        };
                        nodes.push(Node::Group(group.build()));
                    }
                }
            }
        }
        nodes
    }

    fn paint(&self, index: usize, outlines: &mut [Option<Arc<Outline>>], opacity: f64) -> Option<Node> {
        let painting = &self.paintings[index];
        let item = painting.item;
        let look = item.painter.look(self.time)?;
        if painting.transform.determinant() == 0.0 {
            return None;
        }
        let outline = if item.outline_is_fixed {
            item.fixed.get_or_init(|| self.outline(painting)).clone()?
        } else {
            let unmodified = painting.at_modifier.is_none();
            let shared = outlines[painting.original].clone().filter(|_| unmodified);
            let outline = match shared {
                Some(outline) => outline,
                None => self.outline(painting)?,
            };
            if unmodified {
                outlines[painting.original] = Some(outline.clone());
            }
            outline
        };
        Some(Node::Path(Path::new(
            outline,
            painting.transform,
            look.style,
            look.paint,
            look.opacity * opacity as f32,
            item.blending_mode,
        )))
    }

    fn outline(&self, painting: &Painting) -> Option<Arc<Outline>> {
        let mut path = BezPath::new();
        let back = match painting.at_modifier {
            None => None,
            Some(t) if t.determinant().abs() < 1e-12 => return None,
            Some(Affine::IDENTITY) => Some(Affine::IDENTITY),
            Some(t) => Some(t.inverse()),
        };
        for &(i, transform) in &painting.paths {
            let entry = &self.entries[i];
            // Paths a later modifier changed are in that modifier's coordinates, the others still in their own.
            let by = match back {
                Some(back) if entry.modified => back,
                _ => transform,
            };
            for contour in &*entry.contours {
                contour.append_to(&mut path, by);
            }
        }
        (!path.elements().is_empty()).then(|| Outline::new(path))
    }
}

fn shift(drawn: &mut [Drawn], by: usize) {
    for item in drawn {
        match item {
            Drawn::Painting(i) => *i += by,
            Drawn::Group(_, _, inner) => shift(inner, by),
        }
    }
}
