//! Changes of a template before it is drawn: what Lottie, which is easy to write by hand, has no word for.

use std::collections::BTreeMap;

use filmpress_composition::{
    BlendingMode, Composition, Group, GroupDetails, ItemKind, Layer, Node, Project, Property, Quality, Value,
    ValueType, schema,
};
use serde::Deserialize;

use crate::test_toml::Test;

/// A `[[layer]]`: what becomes of all layers of a name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerChange {
    name: String,
    /// After Effects' English name of the mode.
    blending_mode: Option<String>,
    preserve_transparency: Option<bool>,
    collapse: Option<bool>,
    motion_blur: Option<bool>,
    adjustment: Option<bool>,
    guide: Option<bool>,
    three_d: Option<bool>,
    /// Blending options of the layer's styles: percent, degrees, on or off.
    fill_opacity: Option<f64>,
    global_light_angle: Option<f64>,
    blend_interior: Option<bool>,
    /// The feathers of its masks fall off linearly.
    linear_falloff: Option<bool>,
    /// `draft`, `best` or `bicubic`.
    quality: Option<String>,
}

/// A `[[settings]]`: what becomes of a composition.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompositionChange {
    /// All compositions without a name.
    composition: Option<String>,
    motion_blur: Option<bool>,
    shutter_angle: Option<f64>,
    shutter_phase: Option<f64>,
    motion_blur_samples: Option<u32>,
    motion_blur_limit: Option<u32>,
    renderer: Option<String>,
}

/// A `[[group]]`: properties of a group of a layer, or a new group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupChange {
    /// Name of the layer.
    layer: String,
    /// Match name of the group: the first such one, or the new one.
    group: String,
    /// The group is a new one right behind the first one with this match name.
    after: Option<String>,
    /// Numbers of the properties in the group, by match name.
    #[serde(default)]
    set: BTreeMap<String, Vec<f64>>,
}

/// The first group of a match name below `group`: the group around it and where it stands there.
fn find<'a>(group: &'a mut Group, match_name: &str) -> Option<(&'a mut Group, usize)> {
    let here = |node: &Node| matches!(node, Node::Group(g) if g.match_name == match_name);
    if let Some(i) = group.children.iter().position(here) {
        return Some((group, i));
    }
    group.children.iter_mut().find_map(|node| match node {
        Node::Group(g) => find(g, match_name),
        Node::Property(_) => None,
    })
}

fn property<'a>(group: &'a mut Group, match_name: &str) -> Option<&'a mut Property> {
    group.children.iter_mut().find_map(|node| match node {
        Node::Property(p) => (p.match_name == match_name).then_some(p),
        Node::Group(g) => property(g, match_name),
    })
}

impl GroupChange {
    fn apply(&self, layer: &mut Layer) -> Result<(), String> {
        let wanted = self.after.as_ref().unwrap_or(&self.group);
        let (around, at) =
            find(&mut layer.properties, wanted).ok_or_else(|| format!("no group is called `{wanted}`"))?;
        let at = if self.after.is_some() {
            around.children.insert(at + 1, schema::new_group(&self.group).into());
            at + 1
        } else {
            at
        };
        let Some(Node::Group(group)) = around.children.get_mut(at) else {
            return Ok(());
        };
        for (name, numbers) in &self.set {
            let property = property(group, name).ok_or_else(|| format!("no property is called `{name}`"))?;
            property.value = Value::Vector(filmpress_composition::Vector::new(numbers));
            property.keyframes.clear();
        }
        Ok(())
    }
}

fn set<T: Clone>(to: &mut T, value: Option<&T>) {
    if let Some(value) = value {
        to.clone_from(value);
    }
}

impl LayerChange {
    fn apply(&self, layer: &mut Layer) -> Result<(), String> {
        if let Some(name) = &self.blending_mode {
            let mode = BlendingMode::all().find(|mode| mode.name() == name);
            layer.blending_mode = mode.ok_or_else(|| format!("`{name}` is not a blending mode"))?;
        }
        layer.quality = match self.quality.as_deref() {
            None => layer.quality,
            Some("draft") => Quality::Draft,
            Some("best") => Quality::Best,
            Some("bicubic") => Quality::BestBicubic,
            Some(other) => return Err(format!("`{other}` is not a quality")),
        };
        let switches = &mut layer.switches;
        set(&mut switches.preserve_transparency, self.preserve_transparency.as_ref());
        set(&mut switches.collapse, self.collapse.as_ref());
        set(&mut switches.motion_blur, self.motion_blur.as_ref());
        set(&mut switches.adjustment, self.adjustment.as_ref());
        set(&mut switches.guide, self.guide.as_ref());
        set(&mut switches.three_d, self.three_d.as_ref());
        if let Some(linear) = self.linear_falloff {
            let masks = layer
                .properties
                .group_mut(schema::MASKS)
                .ok_or("the layer has no masks")?;
            for node in &mut masks.children {
                if let Node::Group(Group {
                    details: GroupDetails::Mask(settings),
                    ..
                }) = node
                {
                    settings.linear_falloff = linear;
                }
            }
        }
        self.blending_options(layer)
    }

    /// Blending options of layer styles.
    fn blending_options(&self, layer: &mut Layer) -> Result<(), String> {
        let mut options = Group::new("ADBE Blend Options Group", "Blending Options");
        let mut advanced = Group::new("ADBE Adv Blend Group", "Advanced Blending");
        let number = |name: &'static str, value| Property::new(name, name, ValueType::OneD, Value::number(value));
        let angle = self.global_light_angle.map(|angle| number("ADBE Global Angle2", angle));
        options.children.extend(angle.map(Into::into));
        let fill = self.fill_opacity.map(|fill| number("ADBE Layer Fill Opacity2", fill));
        let interior = self
            .blend_interior
            .map(|on| number("ADBE Blend Interior", f64::from(u8::from(on))));
        advanced
            .children
            .extend(fill.into_iter().chain(interior).map(Into::into));
        if !advanced.children.is_empty() || !options.children.is_empty() {
            options.children.push(advanced.into());
            let styles = layer.properties.group_mut("ADBE Layer Styles");
            styles.ok_or("the layer has no styles")?.children.push(options.into());
        }
        Ok(())
    }
}

impl CompositionChange {
    fn apply(&self, composition: &mut Composition) {
        set(&mut composition.motion_blur, self.motion_blur.as_ref());
        set(&mut composition.shutter_angle, self.shutter_angle.as_ref());
        set(&mut composition.shutter_phase, self.shutter_phase.as_ref());
        set(&mut composition.motion_blur_samples, self.motion_blur_samples.as_ref());
        set(&mut composition.motion_blur_limit, self.motion_blur_limit.as_ref());
        set(&mut composition.renderer, self.renderer.as_ref());
    }
}

impl Test {
    /// Changes a template as the test says. What is not there is a fault.
    pub fn change(&self, project: &mut Project) -> Result<(), String> {
        let mut layers_changed = vec![false; self.layer.len()];
        let mut compositions_changed = vec![false; self.settings.len()];
        let mut groups_changed = vec![false; self.group.len()];
        for item in &mut project.items {
            let ItemKind::Composition(composition) = &mut item.kind else {
                continue;
            };
            for (change, changed) in self.settings.iter().zip(&mut compositions_changed) {
                if change.composition.as_ref().is_none_or(|name| *name == item.name) {
                    change.apply(composition);
                    *changed = true;
                }
            }
            for (change, changed) in self.group.iter().zip(&mut groups_changed) {
                for layer in composition.layers.iter_mut().filter(|layer| layer.name == change.layer) {
                    change.apply(layer)?;
                    *changed = true;
                }
            }
            for (change, changed) in self.layer.iter().zip(&mut layers_changed) {
                for layer in composition.layers.iter_mut().filter(|layer| layer.name == change.name) {
                    change.apply(layer)?;
                    *changed = true;
                }
            }
        }
        if let Some(i) = groups_changed.iter().position(|changed| !changed) {
            return Err(format!("no layer is called `{}`", self.group[i].layer));
        }
        match layers_changed.iter().position(|changed| !changed) {
            Some(i) => Err(format!("no layer is called `{}`", self.layer[i].name)),
            None if compositions_changed.contains(&false) => {
                Err("[[settings]] of a composition that is not there".into())
            }
            None => Ok(()),
        }
    }
}
