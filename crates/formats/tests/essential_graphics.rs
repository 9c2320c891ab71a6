//! The Essential Graphics panels of the samples: every control and what it drives.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::fmt::Write as _;

use filmpress_composition::EssentialGraphics;
use filmpress_composition::lookup::driven_property;
use filmpress_formats::Template;

/// `composition: name (kind) -> layer: path` of every control.
fn controls(template: &Template) -> Vec<String> {
    let project = &template.project;
    let mut lines = Vec::new();
    for (item, composition) in project.compositions() {
        for (_, control) in composition.essential_graphics.iter().flat_map(EssentialGraphics::iter) {
            let mut line = format!("{}: {} ({})", item.name, control.name, control.kind.as_str());
            for driven in &control.drives {
                let found = driven_property(project, driven).unwrap();
                let composition = project.composition(found.composition).unwrap();
                let layer = composition.layer(found.layer).unwrap();
                write!(line, " -> {}: {}", layer.name, found.path).unwrap();
            }
            lines.push(line);
        }
    }
    lines
}

fn read(path: &str) -> Option<Template> {
    let path = support::samples()?.join("samples/aep").join(path);
    let bytes = std::fs::read(&path).unwrap();
    let read = filmpress_formats::read(&bytes, &path.to_string_lossy()).unwrap();
    for warning in &read.warnings {
        assert!(!warning.to_string().contains("Essential Graphics"), "{warning}");
    }
    Some(read.value)
}

#[test]
fn a_motion_graphics_template_names_all_it_drives() {
    let Some(template) = read("inlife__nexrender/ae.mogrt") else {
        return;
    };
    assert_eq!(
        controls(&template),
        [
            "Comp 1: Text (text) -> foo!: Text.Source Text",
            "Comp 1: Dropdown (dropdown) -> foo!: Effects.Dropdown Menu Control.Menu",
            "Comp 1: Group Test (group)",
            "Comp 1: Image (media) -> square.jpg: Replace Source.Item Cache Entry",
            "Comp 1: Image Position (point) -> square.jpg: Transform.Position",
            "Comp 1: Checkbox Control (checkbox) -> Null 1: Effects.Checkbox Control.Checkbox",
            "Comp 1: Point Control (point) -> Null 1: Effects.Point Control.Point",
            "Comp 1: Angle Control (angle) -> Null 1: Effects.Angle Control.Angle",
            "Comp 1: Color Control (color) -> Null 1: Effects.Color Control.Color",
            "Comp 1: Slider Control (slider) -> Null 1: Effects.Slider Control.Slider",
            "Comp 1: Null 1 Scale (scale) -> Null 1: Transform.Scale",
            "Comp 1: Null 1 Opacity (slider) -> Null 1: Transform.Opacity",
        ]
    );
}

#[test]
fn a_project_names_the_controls_of_all_its_panels() {
    let Some(template) = read("Aodaruma__aod-AE-pj-template/template.aep") else {
        return;
    };
    let found = controls(&template);
    assert_eq!(found.len(), 27, "{found:#?}");
    let driving = found.iter().filter(|line| line.contains("->")).count();
    // Four groups and two comments drive nothing.
    assert_eq!(driving, 21, "{found:#?}");
}
