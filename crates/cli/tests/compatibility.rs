//! `docs/compatibility.md` is what the program says. `BLESS=1` writes it anew.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;
use std::process::Command;

#[test]
fn the_committed_page_is_up_to_date() {
    let output = Command::new(env!("CARGO_BIN_EXE_filmpress"))
        .arg("compatibility")
        .output()
        .unwrap();
    let made = String::from_utf8(output.stdout).unwrap();
    for words in [
        "## Effects",
        "## Outputs",
        "| Gaussian Blur | `ADBE Gaussian Blur 2` |",
        "video_h264",
    ] {
        assert!(made.contains(words), "{words} is missing");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/compatibility.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "docs/compatibility.md is out of date: filmpress compatibility > docs/compatibility.md"
    );
}
