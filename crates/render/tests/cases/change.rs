//! Changes of a template before it is drawn: what Lottie, which is easy to write by hand, has no word for.

use filmpress_composition::{BlendingMode, Composition, ItemKind, Layer, Project, Quality};
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
            for (change, changed) in self.layer.iter().zip(&mut layers_changed) {
                for layer in composition.layers.iter_mut().filter(|layer| layer.name == change.name) {
                    change.apply(layer)?;
                    *changed = true;
                }
            }
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
