//! Plain attributes of layers, their composition and their source, by After Effects' scripting names.

use filmpress_composition::lookup::Selected;
use filmpress_composition::{Diagnostics, Item, ItemId, ItemKind, Kind, LayerKind, Place, Project, WorkArea};
use serde_json::Value as Json;

use super::AssetError;
use super::property::{At, Change};
use super::target::{layer, layer_mut};
use super::value::{color, one_number};

/// Longest composition or layer time a job may set, in seconds.
const MAX_SECONDS: f64 = 24.0 * 3600.0;

/// Sets an attribute; `None` when there is none of that name.
pub(super) fn change(
    project: &mut Project,
    selected: Selected,
    keys: &[&str],
    change: Change<'_>,
    at: &At<'_>,
    place: &Place,
    warnings: &mut Diagnostics,
) -> Option<Result<(), AssetError>> {
    let is_known = match keys {
        [name] => LAYER.contains(name) || is_solid_color(project, selected, name),
        ["containingComp", name] => COMPOSITION.contains(name),
        ["source", name] => source_is_composition(project, selected) && COMPOSITION.contains(name),
        _ => false,
    };
    if !is_known {
        return None;
    }
    let new = match change {
        Change::Value(new) => new,
        Change::Expression(_) => {
            return Some(Err(AssetError::Unsupported(format!(
                "`{}` is an attribute, and an expression for an attribute is a script, which is not supported yet; \
                 give `value` instead",
                at.path
            ))));
        }
    };
    Some(match keys {
        [name] if !LAYER.contains(name) => set_solid_color(project, selected, new, at, place, warnings),
        [name] => set_layer(project, selected, name, new, at),
        ["containingComp", name] => set_composition(project, selected.composition, name, new, at),
        [_, name] => match layer(project, selected).and_then(filmpress_composition::Layer::source) {
            Some(source) => set_composition(project, source, name, new, at),
            None => Ok(()),
        },
        _ => Ok(()),
    })
}

const LAYER: &[&str] = &[
    "name",
    "enabled",
    "audioEnabled",
    "effectsActive",
    "motionBlur",
    "adjustmentLayer",
    "guideLayer",
    "threeDLayer",
    "collapseTransformation",
    "startTime",
    "inPoint",
    "outPoint",
    "stretch",
];

const COMPOSITION: &[&str] = &[
    "name",
    "width",
    "height",
    "duration",
    "frameRate",
    "workAreaStart",
    "workAreaDuration",
    "bgColor",
    "motionBlur",
];

fn seconds(new: &Json, least: f64, at: &At<'_>) -> Result<f64, AssetError> {
    one_number(new)
        .filter(|s| (least..=MAX_SECONDS).contains(s))
        .ok_or_else(|| at.wrong(format!("seconds from {least} to {MAX_SECONDS}"), new))
}

fn flag(new: &Json, at: &At<'_>) -> Result<bool, AssetError> {
    new.as_bool().ok_or_else(|| at.wrong("true or false", new))
}

fn set_layer(project: &mut Project, selected: Selected, name: &str, new: &Json, at: &At<'_>) -> Result<(), AssetError> {
    let Some(layer) = layer_mut(project, selected) else {
        return Ok(());
    };
    match name {
        "name" => {
            new.as_str()
                .ok_or_else(|| at.wrong("a name", new))?
                .clone_into(&mut layer.name);
            layer.name_is_set = true;
        }
        "startTime" => layer.set_start_time(seconds(new, -MAX_SECONDS, at)?),
        "inPoint" => layer.in_point = seconds(new, -MAX_SECONDS, at)?,
        "outPoint" => layer.out_point = seconds(new, -MAX_SECONDS, at)?,
        "stretch" => {
            let percent = one_number(new).filter(|p| (1.0..=9900.0).contains(&p.abs()));
            let stretch = percent.ok_or_else(|| at.wrong("a percentage from 1 to 9900, or negative", new))? / 100.0;
            let by = stretch / layer.stretch;
            layer.in_point = layer.start_time + (layer.in_point - layer.start_time) * by;
            layer.out_point = layer.start_time + (layer.out_point - layer.start_time) * by;
            layer.stretch = stretch;
        }
        _ => {
            let on = flag(new, at)?;
            let switches = &mut layer.switches;
            *match name {
                "enabled" => &mut switches.enabled,
                "audioEnabled" => &mut switches.audio,
                "effectsActive" => &mut switches.effects,
                "motionBlur" => &mut switches.motion_blur,
                "adjustmentLayer" => &mut switches.adjustment,
                "guideLayer" => &mut switches.guide,
                "threeDLayer" => &mut switches.three_d,
                _ => &mut switches.collapse,
            } = on;
        }
    }
    Ok(())
}

fn set_composition(project: &mut Project, id: ItemId, name: &str, new: &Json, at: &At<'_>) -> Result<(), AssetError> {
    let Some(Item {
        name: item_name,
        kind: ItemKind::Composition(composition),
        ..
    }) = project.item_mut(id)
    else {
        return Ok(());
    };
    let pixels = || {
        one_number(new)
            .filter(|n| (4.0..=30_000.0).contains(n))
            .map(|n| n.round() as u32)
            .ok_or_else(|| at.wrong("pixels from 4 to 30000", new))
    };
    let whole = WorkArea {
        start: 0.0,
        duration: composition.duration,
    };
    match name {
        "name" => new
            .as_str()
            .ok_or_else(|| at.wrong("a name", new))?
            .clone_into(item_name),
        "width" => composition.width = pixels()?,
        "height" => composition.height = pixels()?,
        "duration" => composition.duration = seconds(new, 0.001, at)?,
        "frameRate" => {
            composition.frame_rate = one_number(new)
                .filter(|f| (1.0..=999.0).contains(f))
                .ok_or_else(|| at.wrong("frames per second from 1 to 999", new))?;
        }
        "workAreaStart" => {
            let start = seconds(new, 0.0, at)?;
            composition.work_area.get_or_insert(whole).start = start;
        }
        "workAreaDuration" => {
            let duration = seconds(new, 0.001, at)?;
            composition.work_area.get_or_insert(whole).duration = duration;
        }
        "bgColor" => {
            let [r, g, b, _] = color(new).ok_or_else(|| at.wrong("a colour: [r, g, b] from 0 to 1", new))?;
            composition.background = [r, g, b];
        }
        _ => composition.motion_blur = flag(new, at)?,
    }
    Ok(())
}

fn source_is_composition(project: &Project, selected: Selected) -> bool {
    let source = layer(project, selected).and_then(filmpress_composition::Layer::source);
    source.is_some_and(|id| project.composition(id).is_some())
}

fn is_solid_color(project: &Project, selected: Selected, name: &str) -> bool {
    let source = layer(project, selected).and_then(filmpress_composition::Layer::source);
    matches!(name, "Color" | "color")
        && source
            .and_then(|id| project.item(id))
            .is_some_and(|item| matches!(item.kind, ItemKind::Solid(_)))
}

/// Gives the layer's solid a colour. In After Effects `Color` of a solid is no property and such a job dies; jobs ask
/// for it all the same. Where other layers show the same solid this one gets its own.
fn set_solid_color(
    project: &mut Project,
    selected: Selected,
    new: &Json,
    at: &At<'_>,
    place: &Place,
    warnings: &mut Diagnostics,
) -> Result<(), AssetError> {
    let rgba = color(new).ok_or_else(|| at.wrong("a colour: [r, g, b] from 0 to 1, or \"#rrggbb\"", new))?;
    if rgba.iter().any(|c| !(0.0..=1.0).contains(c)) {
        let message = format!("`{}`: colours go from 0 to 1; {new} reaches beyond", at.path);
        warnings.push(place, Kind::Approximated, message);
    }
    let [r, g, b, _] = rgba.map(|c| c.clamp(0.0, 1.0));
    let Some(source) = layer(project, selected).and_then(filmpress_composition::Layer::source) else {
        return Ok(());
    };
    let users = project
        .compositions()
        .flat_map(|(_, c)| &c.layers)
        .filter(|l| l.source() == Some(source));
    let mut own = source;
    if users.count() > 1
        && let Some(mut copy) = project.item(source).cloned()
    {
        own = project.unused_item_id();
        copy.id = own;
        project.items.push(copy);
        if let Some(layer) = layer_mut(project, selected) {
            layer.kind = LayerKind::Av(own);
        }
    }
    if let Some(ItemKind::Solid(solid)) = project.item_mut(own).map(|item| &mut item.kind) {
        solid.color = [r, g, b];
    }
    Ok(())
}
