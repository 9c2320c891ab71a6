//! Effects and layer styles, each use.

use filmpress_composition::{Group, Layer, schema};
use filmpress_evaluate::support::{Topic, support};

use super::{Gather, Listed, Seen, cut};
use crate::limits;
use crate::report::EffectReport;

/// The group that holds a layer's styles.
const LAYER_STYLES: &str = "ADBE Layer Styles";
/// What every group of layer styles has, and no style.
const BLEND_OPTIONS: &str = "ADBE Blend Options Group";

pub(super) fn lists(gather: &Gather<'_>) -> (Listed<EffectReport>, Listed<EffectReport>) {
    let mut effects = Listed::new(limits::ENTRIES);
    let mut styles = Listed::new(limits::ENTRIES);
    for (seen, index, layer) in gather.layers() {
        let groups = |name| layer.properties.group(name).into_iter().flat_map(Group::groups);
        for effect in groups(schema::EFFECTS) {
            if effects.has_room() {
                effects.push(one(seen, index, layer, effect, Topic::Effect));
            }
        }
        for style in groups(LAYER_STYLES).filter(|style| style.match_name != BLEND_OPTIONS) {
            if styles.has_room() {
                styles.push(one(seen, index, layer, style, Topic::LayerStyle));
            }
        }
    }
    (effects, styles)
}

fn one(seen: &Seen<'_>, index: usize, layer: &Layer, group: &Group, topic: Topic) -> EffectReport {
    let how = support(topic, &group.match_name);
    EffectReport {
        composition: cut(&seen.item.name, limits::NAME),
        composition_id: seen.item.id.0,
        layer: cut(&layer.name, limits::NAME),
        layer_index: index,
        name: cut(&group.name, limits::NAME),
        match_name: cut(&group.match_name, limits::NAME),
        enabled: group.enabled && (topic != Topic::Effect || layer.switches.effects),
        support: how.as_str(),
        why: how.warning().map(|(_, why)| why),
    }
}
