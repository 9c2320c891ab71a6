//! Real templates, where they are at hand.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail")]

use std::path::{Path, PathBuf};

use filmpress_inspect::{Report, Surroundings, inspect_bytes};

fn sample(name: &str) -> Option<Report> {
    let root = std::env::var_os("FILMPRESS_SAMPLES").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join("samples/aep").join(name);
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: no {}", path.display());
        return None;
    };
    Some(inspect_bytes(&bytes, name, &Surroundings::nothing()).unwrap())
}

fn controls(report: &Report) -> (usize, usize) {
    let all = report.panels.iter().flat_map(|panel| &panel.controls);
    let driving = all
        .clone()
        .filter(|c| c.drives.iter().all(|d| d.property.is_some()) && !c.drives.is_empty());
    (all.count(), driving.count())
}

#[test]
fn every_control_of_a_motion_graphics_template_says_what_it_drives() {
    let Some(report) = sample("inlife__nexrender/ae.mogrt") else {
        return;
    };
    let (all, driving) = controls(&report);
    assert_eq!(all, 12);
    // All but the heading of a group.
    assert_eq!(driving, 11);
    let all = &report.panels[0].controls;
    let slider = all.iter().find(|c| c.name == "Slider Control").unwrap();
    assert_eq!(slider.drives[0].layer, "Null 1");
    assert_eq!(
        slider.drives[0].property.as_deref(),
        Some("Effects.Slider Control.Slider")
    );
}

#[test]
fn panels_of_several_compositions() {
    let Some(report) = sample("Aodaruma__aod-AE-pj-template/template.aep") else {
        return;
    };
    let (all, driving) = controls(&report);
    let headings = report
        .panels
        .iter()
        .flat_map(|p| &p.controls)
        .filter(|c| matches!(c.kind, "group" | "comment"))
        .count();
    assert_eq!(all, 27);
    assert_eq!(driving + headings, all);
}

#[test]
fn lists_agree_with_each_other() {
    for name in ["HypoX64__Plogo/main.aep", "airbnb__lottie-ios/LottieLogos.aep"] {
        let Some(report) = sample(name) else { continue };
        let ids: Vec<u32> = report.compositions.iter().map(|c| c.id).collect();
        for slot in &report.slots {
            assert!(ids.contains(&slot.composition_id), "{slot:?}");
        }
        for layer in report.compositions.iter().flat_map(|c| &c.layers) {
            if let Some(b) = layer.bounds {
                assert!(
                    b.width >= 0.0 && b.height >= 0.0 && b.left.is_finite() && b.top.is_finite(),
                    "{layer:?}"
                );
            }
        }
        let mut narrowed = report.clone();
        let first = report.compositions[0].name.clone();
        narrowed.narrow(&first).unwrap();
        assert!(narrowed.compositions.iter().any(|c| c.name == first));
        assert!(narrowed.narrow("no such composition").is_err());
    }
}
