//! What a `test.toml` says.

use serde::Deserialize;

use crate::change::{CompositionChange, GroupChange, LayerChange};

/// The whole file. Unknown keys are refused: a misspelt tolerance must not pass for one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// One sentence: what the picture shows and which documented behaviour it proves.
    pub about: String,
    /// The template, a path from the case's folder, where several cases share one; else the file called `project`.
    pub project: Option<String>,
    /// Frames drawn, counted from 0.
    #[serde(default = "first_frame")]
    pub frames: Vec<u32>,
    /// Name of the composition, where the template does not say which is the main one.
    pub composition: Option<String>,
    /// Width and height the composition is fitted into; its own without.
    pub size: Option<[u32; 2]>,
    /// `#rrggbb` below the composition; transparent without.
    pub background: Option<String>,
    /// How far from `expected/` the pictures may be.
    #[serde(default)]
    pub tolerance: Tolerance,
    /// How far from `reference/` the pictures may be.
    #[serde(default)]
    pub reference_tolerance: Tolerance,
    /// Why the case does not pass yet; when it does, that is a failure and the line must go.
    pub known_failure: Option<String>,
    /// What must be reported: each text is a part of at least one warning, each warning has at least one of the texts.
    #[serde(default)]
    pub warnings: Vec<String>,
    /// What is changed in the template before it is drawn: what Lottie has no word for.
    #[serde(default)]
    pub layer: Vec<LayerChange>,
    /// The same for compositions.
    #[serde(default)]
    pub settings: Vec<CompositionChange>,
    /// The same for groups of properties.
    #[serde(default)]
    pub group: Vec<GroupChange>,
}

fn first_frame() -> Vec<u32> {
    vec![0]
}

/// How far two pictures may be apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tolerance {
    /// A pixel is the same while no channel (premultiplied, 0..255) differs more than this.
    pub channel: u8,
    /// Share of all pixels, 0..1, that may differ more.
    pub share: f64,
}

impl Test {
    /// The background's RGB.
    pub fn rgb(&self) -> Result<Option<[u8; 3]>, String> {
        let Some(text) = &self.background else { return Ok(None) };
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let number = number.ok_or_else(|| format!("background `{text}` is not `#rrggbb`"))?;
        let [_, r, g, b] = number.to_be_bytes();
        Ok(Some([r, g, b]))
    }
}

#[test]
fn keys_are_checked_and_have_defaults() {
    let test: Test = toml::from_str("about = \"x\"").unwrap();
    assert_eq!((test.frames, test.tolerance), (vec![0], Tolerance::default()));
    let test: Test = toml::from_str("about = \"x\"\nbackground = \"#ff8000\"\ntolerance = { channel = 3 }").unwrap();
    assert_eq!(test.rgb(), Ok(Some([255, 128, 0])));
    assert_eq!(test.tolerance, Tolerance { channel: 3, share: 0.0 });
    for wrong in ["", "about = \"x\"\ntolerence = { channel = 3 }", "about = 3"] {
        assert!(toml::from_str::<Test>(wrong).is_err(), "{wrong}");
    }
}
