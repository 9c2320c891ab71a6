//! Where two frames differ: a canvas that holds one is drawn anew only there to hold the other.
//!
//! Both trees are walked side by side. Nodes with the same digest at the same place in the order draw the same pixels;
//! groups that show their children as they are are looked into; of everything else the pixels it may touch count, before
//! and after.

use filmpress_composition::BlendingMode;
use filmpress_evaluate::frame::{Group, Node};
use kurbo::Affine;

use crate::layer::{Cut, bounds, cut, cuts_backdrop, is_plain, reaches_backdrop};
use crate::rect::{IRect, finite};
use crate::surface::{Touched, UNTOUCHED};

/// So many nodes are looked at to find one again when others before it are gone.
const LOOK_AHEAD: usize = 8;
/// Deepest groups looked into.
const MAX_DEPTH: u32 = 32;

/// Sets `rows`, one for each row of the target, to the columns where `old` and `new` may differ. False when one must be
/// drawn whole after the other, whatever they share.
pub(crate) fn find(old: &Group, new: &Group, fit: Affine, clip: IRect, rows: &mut [Touched]) -> bool {
    rows.fill(UNTOUCHED);
    if cuts_backdrop(old, 0) || cuts_backdrop(new, 0) || !finite(&fit) {
        return false;
    }
    let mut damage = Damage { rows };
    if old.digest != new.digest {
        if !shows_alike(old, new, fit, clip, 0) {
            return false;
        }
        let (transform, clip) = inside(new, fit, clip);
        damage.children(&old.children, &new.children, transform, clip, 0);
    }
    true
}

struct Damage<'a> {
    rows: &'a mut [Touched],
}

impl Damage<'_> {
    fn children(&mut self, old: &[Node], new: &[Node], parent: Affine, clip: IRect, depth: u32) {
        let mut left = old;
        for node in new {
            let Some(found) = find_again(node, left) else {
                self.add(node, parent, clip, depth);
                continue;
            };
            for gone in &left[..found] {
                self.add(gone, parent, clip, depth);
            }
            self.node(&left[found], node, parent, clip, depth);
            left = &left[found + 1..];
        }
        for gone in left {
            self.add(gone, parent, clip, depth);
        }
    }

    fn node(&mut self, old: &Node, new: &Node, parent: Affine, clip: IRect, depth: u32) {
        if old.digest() == new.digest() {
            return;
        }
        if let (Node::Group(old), Node::Group(new)) = (old, new)
            && depth < MAX_DEPTH
            && shows_alike(old, new, parent, clip, depth)
        {
            let (transform, clip) = inside(new, parent, clip);
            self.children(&old.children, &new.children, transform, clip, depth + 1);
            return;
        }
        self.add(old, parent, clip, depth);
        self.add(new, parent, clip, depth);
    }

    /// Adds all that a node may touch.
    fn add(&mut self, node: &Node, parent: Affine, clip: IRect, depth: u32) {
        let rect = bounds(node, parent, clip, depth);
        if rect.is_empty() {
            return;
        }
        // Paths reach as far beyond their bounds.
        let rect = rect.inflate(1).intersect(clip);
        for (x0, x1) in &mut self.rows[rect.y0 as usize..rect.y1 as usize] {
            *x0 = rect.x0.min(*x0);
            *x1 = rect.x1.max(*x1);
        }
    }
}

/// Where in `left` the node is that became `node`.
fn find_again(node: &Node, left: &[Node]) -> Option<usize> {
    let digest = node.digest();
    let near = &left[..left.len().min(LOOK_AHEAD)];
    near.iter()
        .position(|old| old.digest() == digest)
        .or_else(|| near.iter().position(|old| is_same_layer(old, node)))
}

/// Whether two nodes are of the same layer, or both of none.
fn is_same_layer(a: &Node, b: &Node) -> bool {
    matches!((a, b), (Node::Group(a), Node::Group(b)) if a.origin == b.origin)
}

/// Whether two groups do the same to their children, and to each pixel by itself.
fn shows_alike(old: &Group, new: &Group, parent: Affine, clip: IRect, depth: u32) -> bool {
    // What is drawn as one picture for what is inside is rounded otherwise.
    let is_open = |group: &Group| {
        is_plain(group)
            && group.opacity >= 1.0
            && group.blending_mode == BlendingMode::Normal
            && !group.preserve_transparency
            && !(group.isolated && cuts_backdrop(group, depth))
    };
    let transform = parent * new.transform;
    old.transform.as_coeffs() == new.transform.as_coeffs()
        && finite(&transform)
        && old.clip == new.clip
        && new
            .clip
            .is_none_or(|rect| matches!(cut(rect, transform, clip), Cut::Pixels(_)))
        && old.isolated == new.isolated
        && is_open(old)
        && is_open(new)
        && !(new.isolated && reaches_backdrop(old, depth) != reaches_backdrop(new, depth))
}

/// The transform and the clip of a group's children.
fn inside(group: &Group, parent: Affine, clip: IRect) -> (Affine, IRect) {
    let transform = parent * group.transform;
    let clip = match group.clip.map(|rect| cut(rect, transform, clip)) {
        Some(Cut::Pixels(pixels)) => clip.intersect(pixels),
        _ => clip,
    };
    (transform, clip)
}
