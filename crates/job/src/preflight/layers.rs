//! Whether the compositions, layers and controls a job names are there, and are such that its assets fit them.
//!
//! The rules are those of [`filmpress_composition::lookup`]: names match exactly, a layer's own name wins over its
//! source's, `*` is every composition, `A->B` is `B` as used in `A`.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{Finding, Severity};
use crate::assets::AssetError;
use crate::creation::JobCreation;
use crate::error::ErrorCode;
use crate::metadata::{CompositionInfo, LayerInfo, TemplateMetadata};

pub(super) fn check(job: &JobCreation, template: &TemplateMetadata, findings: &mut Vec<Finding>) {
    let there = There::of(template);
    composition(job, &there, findings);
    for (index, asset) in job.assets.iter().enumerate() {
        if findings.len() > super::MOST {
            return;
        }
        let field = format!("assets[{index}]");
        let from = findings.len();
        check_asset(asset, &field, &there, findings);
        let is_forgiven =
            job.continue_on_missing || asset.get("continueOnMissing").and_then(Value::as_bool).unwrap_or(false);
        for finding in findings.iter_mut().skip(from).filter(|_| is_forgiven) {
            finding.severity = Severity::Warning;
        }
    }
}

/// The composition that is rendered.
fn composition(job: &JobCreation, there: &There<'_>, findings: &mut Vec<Finding>) {
    let field = "template.composition";
    if let Some(name) = job.template.composition.as_deref() {
        if name == "*" || there.compositions(name).is_empty() {
            findings.push(there.no_composition(field, name));
        }
        return;
    }
    let all = &there.template.compositions;
    let is_main = |info: &&CompositionInfo| info.data.get("isMain").and_then(Value::as_bool) == Some(true);
    let used: HashSet<i64> = there
        .template
        .layers
        .iter()
        .filter_map(|layer| layer.source_comp_id)
        .collect();
    let unused: Vec<_> = all
        .iter()
        .filter(|info| id(info).is_none_or(|id| !used.contains(&id)))
        .collect();
    if all.len() > 1 && unused.len() != 1 && !all.iter().any(|info| is_main(&info)) {
        let names: Vec<_> = if unused.is_empty() {
            all.iter().collect()
        } else {
            unused
        };
        let names: Vec<_> = names.iter().take(20).map(|info| format!("`{}`", info.name)).collect();
        findings.push(Finding::error(
            ErrorCode::CompositionNotFound,
            field,
            format!("which composition? There are {}", names.join(", ")),
        ));
    }
}

fn check_asset(asset: &Value, field: &str, there: &There<'_>, findings: &mut Vec<Finding>) {
    let text = |key: &str| asset.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let Some(kind) = text("type") else { return };
    let params = asset.get("params");
    let of_params = |key: &str| {
        params
            .and_then(|params| params.get(key))
            .filter(|value| !value.is_null())
    };
    match kind {
        "essential" => {
            if let Some(name) = text("layerName") {
                control(name, &format!("{field}.layerName"), there, findings);
            }
            return;
        }
        "static" | "script" => return,
        _ => {}
    }
    // Of a function both may stand in `params`, which wins.
    let is_function = kind == "function";
    let specification = of_params("composition")
        .filter(|_| is_function)
        .or_else(|| asset.get("composition"));
    let specification = specification
        .and_then(Value::as_str)
        .filter(|name| !name.is_empty())
        .unwrap_or("*");
    let compositions = there.compositions(specification);
    if compositions.is_empty() {
        findings.push(there.no_composition(&format!("{field}.composition"), specification));
        return;
    }
    if let Some(index) = asset.get("layerIndex").and_then(Value::as_u64) {
        let found = there.by_index(&compositions, index);
        check_layers(
            &found,
            &index.to_string(),
            specification,
            (asset, kind),
            &format!("{field}.layerIndex"),
            &|| there.names(&compositions),
            findings,
        );
        return;
    }
    let names: Vec<(&str, String)> = match of_params("layerName").filter(|_| is_function) {
        Some(Value::Array(list)) => {
            let list = list.iter().enumerate();
            list.filter_map(|(i, name)| Some((name.as_str()?, format!("{field}.params.layerName[{i}]"))))
                .collect()
        }
        Some(Value::String(name)) => vec![(name, format!("{field}.params.layerName"))],
        _ => text("layerName")
            .map(|name| (name, format!("{field}.layerName")))
            .into_iter()
            .collect(),
    };
    for (name, field) in names {
        let found = there.by_name(&compositions, name);
        check_layers(
            &found,
            name,
            specification,
            (asset, kind),
            &field,
            &|| there.names(&compositions),
            findings,
        );
    }
}

fn check_layers(
    found: &[&LayerInfo],
    name: &str,
    composition: &str,
    (asset, kind): (&Value, &str),
    field: &str,
    names: &dyn Fn() -> Vec<String>,
    findings: &mut Vec<Finding>,
) {
    if found.is_empty() {
        let error = AssetError::LayerNotFound {
            name: name.to_owned(),
            composition: composition.to_owned(),
            there: names(),
        };
        findings.push(Finding::error(ErrorCode::LayerNotFound, field, error.to_string()));
        return;
    }
    // As long as one of several layers takes it, the asset is applied.
    let Some(wanted) = wanted(asset, kind) else { return };
    if found.iter().any(|layer| wanted.contains(&layer.layer_type.as_str())) {
        return;
    }
    if let Some(layer) = found.first() {
        let kind_there = &layer.layer_type;
        findings.push(Finding::error(
            ErrorCode::PropertyNotFound,
            field,
            format!(
                "layer `{}` is of kind `{kind_there}`; an asset of type `{kind}` is for layers of kind `{}`{}",
                layer.name,
                wanted.first().copied().unwrap_or_default(),
                hint(kind_there),
            ),
        ));
    }
}

/// The kinds of layer an asset is for; `None` for all.
fn wanted(asset: &Value, kind: &str) -> Option<&'static [&'static str]> {
    const TEXT: &[&str] = &["text"];
    const FOOTAGE: &[&str] = &["av", "adjustment"];
    match kind {
        "text" => Some(TEXT),
        "image" | "video" | "job" => Some(FOOTAGE),
        "data" => {
            let path = asset.get("property").and_then(Value::as_str)?;
            let is_text = ["Source Text", "Text.Source Text", "Text->Source Text"]
                .iter()
                .any(|begin| path.starts_with(begin));
            is_text.then_some(TEXT)
        }
        "function" => {
            let name = asset.get("name").and_then(Value::as_str)?;
            matches!(name, "nx:text-params-set" | "nx-text-params-set").then_some(TEXT)
        }
        _ => None,
    }
}

fn hint(kind: &str) -> &'static str {
    match kind {
        "text" => "; texts are set by an asset of type `text`",
        "shape" => "; its properties are set by assets of type `data`",
        _ => "",
    }
}

/// A control of the Essential Graphics panel: its name, or the way to it with `.` or `->` between.
fn control(name: &str, field: &str, there: &There<'_>, findings: &mut Vec<Finding>) {
    let plain = |path: &str| path.replace("->", ".");
    let wanted = plain(name);
    let controls = &there.template.controls;
    let is_there = controls.iter().any(|control| {
        let control = plain(control);
        control == wanted
            || control
                .strip_suffix(&wanted)
                .is_some_and(|before| before.ends_with('.'))
    });
    if is_there {
        return;
    }
    let error = AssetError::ControlNotFound {
        name: name.to_owned(),
        there: controls.clone(),
    };
    findings.push(Finding::error(ErrorCode::PropertyNotFound, field, error.to_string()));
}

/// A template, to be asked.
struct There<'a> {
    template: &'a TemplateMetadata,
    by_name: HashMap<&'a str, Vec<&'a LayerInfo>>,
    by_source: HashMap<&'a str, Vec<&'a LayerInfo>>,
}

/// Ids of compositions.
type Ids = HashSet<i64>;

fn id(composition: &CompositionInfo) -> Option<i64> {
    composition.aeid.parse().ok()
}

impl<'a> There<'a> {
    fn of(template: &'a TemplateMetadata) -> Self {
        let (mut by_name, mut by_source) = (HashMap::new(), HashMap::new());
        for layer in &template.layers {
            let list: &mut Vec<_> = by_name.entry(layer.name.as_str()).or_default();
            list.push(layer);
            if let Some(source) = layer.data.get("sourceName").and_then(Value::as_str) {
                let list: &mut Vec<_> = by_source.entry(source).or_default();
                list.push(layer);
            }
        }
        Self {
            template,
            by_name,
            by_source,
        }
    }

    fn by_composition_name(&self, name: &str) -> Ids {
        let all = self.template.compositions.iter();
        all.filter(|info| name == "*" || info.name == name)
            .filter_map(id)
            .collect()
    }

    /// The compositions a specification means.
    fn compositions(&self, specification: &str) -> Ids {
        let whole = self.by_composition_name(specification);
        if !whole.is_empty() || !specification.contains("->") {
            return whole;
        }
        let mut steps = specification.split("->");
        let mut here = steps
            .next()
            .map(|name| self.by_composition_name(name))
            .unwrap_or_default();
        for step in steps {
            let named = self.by_composition_name(step);
            let inside = self.inside(&here).filter_map(|layer| {
                let source = layer.source_comp_id?;
                (layer.name == step || named.contains(&source)).then_some(source)
            });
            here = inside.collect();
        }
        here
    }

    fn inside<'s>(&'s self, compositions: &'s Ids) -> impl Iterator<Item = &'a LayerInfo> + 's {
        let layers = self.template.layers.iter();
        layers.filter(|layer| compositions.contains(&layer.composition_id))
    }

    fn by_name(&self, compositions: &Ids, name: &str) -> Vec<&'a LayerInfo> {
        let inside = |list: Option<&Vec<&'a LayerInfo>>| -> Vec<&'a LayerInfo> {
            let list = list.into_iter().flatten().copied();
            list.filter(|layer| compositions.contains(&layer.composition_id))
                .collect()
        };
        let shown = inside(self.by_name.get(name));
        if shown.is_empty() {
            inside(self.by_source.get(name))
        } else {
            shown
        }
    }

    fn by_index(&self, compositions: &Ids, index: u64) -> Vec<&'a LayerInfo> {
        let place = |layer: &&LayerInfo| layer.data.get("index").and_then(Value::as_u64) == Some(index);
        self.inside(compositions).filter(place).collect()
    }

    fn names(&self, compositions: &Ids) -> Vec<String> {
        let mut told = HashSet::new();
        let names = self.inside(compositions).map(|layer| layer.name.clone());
        names.filter(|name| told.insert(name.clone())).collect()
    }

    fn no_composition(&self, field: &str, name: &str) -> Finding {
        let all = self.template.compositions.iter();
        let error = AssetError::CompositionNotFound {
            name: name.to_owned(),
            there: all.map(|info| info.name.clone()).collect(),
        };
        Finding::error(ErrorCode::CompositionNotFound, field, error.to_string())
    }
}
