//! Collapsed transformations: layers of a nested composition that take part in the picture around it one by one.

use std::sync::Arc;

use filmpress_composition::BlendingMode;

use crate::frame::{Group, GroupParts, Node};

/// Gives the opacity of a collapsed composition to each of its layers: where they overlap, both show. Whatever makes
/// the composition a picture by itself (effects, a mask, a track matte, a blending mode of its own) keeps the opacity with it.
pub(super) fn pass_opacity_on(parts: &mut GroupParts) {
    let is_picture = parts.effects.is_some()
        || parts.styles.is_some()
        || !parts.masks.is_empty()
        || parts.matte.is_some()
        || parts.preserve_transparency
        || parts.blending_mode != BlendingMode::Normal;
    if parts.opacity >= 1.0 || is_picture {
        return;
    }
    let opacity = std::mem::replace(&mut parts.opacity, 1.0);
    for child in &mut parts.children {
        if let Node::Group(group) = child {
            *group = faded(group, opacity);
        }
    }
}

/// A group at an opacity, 0..1, on top of its own.
pub(super) fn faded(group: &Group, opacity: f32) -> Arc<Group> {
    let mut faded = group.parts.clone();
    faded.opacity *= opacity;
    faded.build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(blending_mode: BlendingMode) -> GroupParts {
        let layer = |opacity| {
            Node::Group(
                GroupParts {
                    opacity,
                    ..GroupParts::default()
                }
                .build(),
            )
        };
        GroupParts {
            opacity: 0.5,
            blending_mode,
            children: vec![layer(1.0), layer(0.4)],
            ..GroupParts::default()
        }
    }

    fn opacities(parts: &GroupParts) -> Vec<f32> {
        let of = |node: &Node| match node {
            Node::Group(group) => group.opacity,
            _ => panic!("a layer"),
        };
        parts.children.iter().map(of).collect()
    }

    #[test]
    fn opacity_goes_to_the_layers_unless_they_are_one_picture() {
        let mut parts = nested(BlendingMode::Normal);
        pass_opacity_on(&mut parts);
        assert_eq!((parts.opacity, opacities(&parts)), (1.0, vec![0.5, 0.2]));
        let mut parts = nested(BlendingMode::Screen);
        pass_opacity_on(&mut parts);
        assert_eq!((parts.opacity, opacities(&parts)), (0.5, vec![1.0, 0.4]));
    }
}
