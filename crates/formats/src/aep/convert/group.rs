//! Property groups (`tdgp`).

use std::borrow::Cow;

use filmpress_composition::{Group, GroupDetails, Kind, MaskMode, MaskMotionBlur, MaskSettings, Node, schema};

use super::layer::Scope;
use super::notes::Notes;
use super::{effects, gradient, path, property, text};
use crate::aep::raw::{Chunk, Fields};

/// A group with all that is below it.
pub(super) fn convert(chunk: &Chunk<'_>, match_name: &str, scope: &Scope<'_>, notes: &mut Notes) -> Group {
    let mut group = empty(chunk, match_name);
    let mut name = String::new();
    let mut mask = None;
    for child in &chunk.children {
        if child.is_list {
            if let Some(node) = node(child, &name, scope, notes) {
                group.children.push(with_mask(node, mask.take(), child, scope));
            }
        } else if child.id == *b"tdmn" {
            name = child.match_name();
            mask = None;
        } else if child.id == *b"mkif" {
            mask = Some(mask_settings(Fields(&child.data)));
        } else if let Some(what) = unread(child) {
            notes.warn(Kind::Unsupported, what);
        }
    }
    let separated = chunk.lists(*b"tdbs").any(|p| p.fields(*b"tdsb").bit(2, 3));
    if match_name == schema::TRANSFORM && separated {
        group.details = GroupDetails::SeparatedPosition;
    }
    group
}

/// Data of After Effects' own tools, written beside a value, that is not read.
fn unread(chunk: &Chunk<'_>) -> Option<&'static str> {
    match &chunk.id {
        b"pnta" => Some("brush strokes are not read"),
        b"fpms" => Some("puppet meshes are not read"),
        b"fpol" => Some("puppet outlines are not read"),
        b"mtpd" => Some("what the motion tracker keeps is not read"),
        b"mtov" => Some("materials of 3D models are not read"),
        _ => None,
    }
}

/// The group itself: names and eye.
pub(super) fn empty(chunk: &Chunk<'_>, match_name: &str) -> Group {
    let mut group = Group::new(schema::match_name(match_name), Cow::Borrowed(""));
    if let Some(name) = chunk.name(*b"tdsn") {
        group.name = Cow::Owned(name);
    }
    if chunk.child(*b"tdsb").is_some() {
        group.enabled = chunk.fields(*b"tdsb").bit(3, 0);
    }
    group
}

/// A value list after its match name; `None` for what is not a value, or not known and said.
pub(super) fn node(list: &Chunk<'_>, name: &str, scope: &Scope<'_>, notes: &mut Notes) -> Option<Node> {
    Some(match &list.id {
        b"tdgp" => notes
            .within(place(list, name), |notes| convert(list, name, scope, notes))
            .into(),
        b"sspc" => effects::convert(list, name, scope, notes).into(),
        b"tdbs" => property::convert(list, name, scope).into(),
        b"otst" => property::orientation(list, name).into(),
        b"om-s" => path::convert(list, name, scope, notes).into(),
        b"GCst" => notes.within(name, |notes| gradient::convert(list, name, notes)).into(),
        b"btds" => notes
            .within("Source Text", |notes| text::convert(list, name, notes))
            .into(),
        // Identifiers of text documents; overrides and data of effects have readers of their own.
        b"btgu" | b"OvG2" | b"aRbs" => return None,
        // Markers are kept beside the tree.
        b"mrst" if name == "ADBE Marker" => return None,
        other => {
            notes.warn(
                Kind::Unsupported,
                format!("a value of kind `{}` (`{name}`) is not read", other.escape_ascii()),
            );
            return None;
        }
    })
}

/// The name a person sees, for warnings.
fn place<'a>(list: &'a Chunk<'_>, match_name: &'a str) -> &'a str {
    let set = list
        .child(*b"tdsn")
        .and_then(|c| c.children.first())
        .and_then(|c| std::str::from_utf8(&c.data).ok())
        .filter(|name| !name.is_empty() && *name != "-_0_/-");
    set.unwrap_or_else(|| schema::group_definition(match_name).map_or(match_name, |d| d.name))
}

fn with_mask(node: Node, settings: Option<MaskSettings>, list: &Chunk<'_>, scope: &Scope<'_>) -> Node {
    match (node, settings) {
        (Node::Group(mut group), Some(mut settings)) => {
            let shape = list.child_list(*b"om-s").and_then(|s| s.child_list(*b"tdbs"));
            settings.roto_bezier = shape.is_some_and(path::is_roto_bezier);
            if group.property("ADBE Mask Shape").is_none() {
                group.children.push(path::whole(scope).into());
            }
            group.details = GroupDetails::Mask(settings);
            group.into()
        }
        (node, _) => node,
    }
}

fn mask_settings(fields: Fields<'_>) -> MaskSettings {
    MaskSettings {
        id: fields.u32(8),
        mode: match fields.u16(6) {
            0 => MaskMode::None,
            2 => MaskMode::Subtract,
            3 => MaskMode::Intersect,
            4 => MaskMode::Lighten,
            5 => MaskMode::Darken,
            6 => MaskMode::Difference,
            _ => MaskMode::Add,
        },
        inverted: fields.u8(0) != 0,
        roto_bezier: false,
        locked: fields.u8(1) != 0,
        motion_blur: match fields.u8(2) {
            1 => MaskMotionBlur::Off,
            2 => MaskMotionBlur::On,
            _ => MaskMotionBlur::SameAsLayer,
        },
        linear_falloff: fields.u8(3) == 1,
        color: [0x2D, 0x2E, 0x2F].map(|at| fields.u8(at)),
    }
}
