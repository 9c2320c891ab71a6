//! Reports of small templates written here.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use filmpress_inspect::{Surroundings, inspect_bytes};

#[test]
fn a_report_from_bytes_names_what_is_inside() {
    let lottie = r#"{"v":"5.9","fr":25,"ip":0,"op":50,"w":640,"h":360,"nm":"Main","layers":[
        {"ty":4,"ind":1,"nm":"Logo","ip":0,"op":50,"st":0,"ks":{},"shapes":[]}]}"#;
    let report = inspect_bytes(lottie.as_bytes(), "made-up.json", &Surroundings::nothing()).unwrap();
    assert_eq!(report.file, "made-up.json");
    assert_eq!(report.main_composition.as_deref(), Some("Main"));
    let composition = &report.compositions[0];
    assert_eq!(
        (composition.width, composition.height, composition.frames),
        (640, 360, 50)
    );
    assert_eq!(composition.layers[0].name, "Logo");
    assert!(inspect_bytes(b"RIFX", "short.aep", &Surroundings::nothing()).is_err());
}
