//! `.lottie` archives: Lottie animations listed in a `manifest.json`, with their images beside them.

use filmpress_composition::{Diagnostics, Kind, Place};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::archive::{Archive, Budget};
use super::project::{Chosen, Format};
use crate::ReadError;

/// The parts of the manifest that are needed, of both versions of the format.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    animations: Vec<Animation>,
    active_animation_id: Option<String>,
    initial: Option<Initial>,
    #[serde(default)]
    themes: Vec<IgnoredAny>,
    /// Version 1's name for them.
    #[serde(default)]
    states: Vec<IgnoredAny>,
    #[serde(default)]
    state_machines: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct Animation {
    id: String,
}

#[derive(Deserialize)]
struct Initial {
    animation: Option<String>,
}

/// The animation that plays first; `None` when the archive is not a `.lottie`. What else the archive holds for players
/// goes into `warnings`.
pub(crate) fn choose(
    archive: &mut Archive<'_>,
    budget: &mut Budget,
    warnings: &mut Diagnostics,
) -> Result<Option<Chosen>, ReadError> {
    let Some(index) = archive.find("manifest.json") else {
        return Ok(None);
    };
    let bytes = archive.read(index, budget)?;
    let Ok(manifest) = serde_json::from_slice::<Manifest>(&bytes) else {
        return Ok(None);
    };
    let named = manifest
        .initial
        .and_then(|i| i.animation)
        .or(manifest.active_animation_id)
        .filter(|id| !id.is_empty());
    let first = manifest.animations.first().map(|a| a.id.clone());
    let Some(id) = named.or(first) else {
        return Err(ReadError::Missing("the .lottie archive lists no animation".to_owned()));
    };
    let mut warn = |kind, message: String| warnings.push(&Place::default(), kind, message);
    let others = manifest.animations.len().saturating_sub(1);
    if others > 0 {
        warn(
            Kind::Unsupported,
            format!("the .lottie archive holds {} animations; `{id}` is read", others + 1),
        );
    }
    if !manifest.themes.is_empty() {
        warn(
            Kind::Unsupported,
            format!(
                "the {} themes of the .lottie archive are ignored; slots have the animation's own values",
                manifest.themes.len()
            ),
        );
    }
    let machines = manifest.states.len() + manifest.state_machines.len();
    if machines > 0 {
        warn(
            Kind::Unsupported,
            format!("the {machines} state machines of the .lottie archive are ignored: a film cannot be clicked"),
        );
    }
    ["animations", "a"]
        .iter()
        .find_map(|folder| archive.find(&format!("{folder}/{id}.json")))
        .map(|index| {
            Some(Chosen {
                index,
                format: Format::Lottie,
            })
        })
        .ok_or_else(|| {
            ReadError::Missing(format!(
                "the .lottie archive does not hold the animation `{id}` it lists"
            ))
        })
}

#[cfg(test)]
mod tests {
    use super::super::archive::tests::zipped;
    use super::*;

    fn chosen(files: &[(&str, &[u8])]) -> Result<Option<usize>, String> {
        let bytes = zipped(files);
        let mut archive = Archive::open(&bytes).map_err(|e| e.to_string())?;
        let mut warnings = Diagnostics::new();
        let chosen = choose(&mut archive, &mut Budget::of(&bytes), &mut warnings).map_err(|e| e.to_string())?;
        Ok(chosen.map(|c| c.index))
    }

    #[test]
    fn both_versions_name_their_animation() {
        let one: [(&str, &[u8]); 3] = [
            ("animations/a.json", b"{}"),
            ("animations/b.json", b"{}"),
            (
                "manifest.json",
                br#"{"animations":[{"id":"a"},{"id":"b"}],"activeAnimationId":"b"}"#,
            ),
        ];
        assert_eq!(chosen(&one), Ok(Some(1)));
        let two: [(&str, &[u8]); 2] = [
            ("manifest.json", br#"{"version":"2","animations":[{"id":"x"}]}"#),
            ("a/x.json", b"{}"),
        ];
        assert_eq!(chosen(&two), Ok(Some(1)));
    }

    #[test]
    fn other_manifests_are_left_alone_and_lost_animations_said() {
        assert_eq!(chosen(&[("manifest.json", br#"{"name":"web app"}"#)]), Ok(None));
        let error = chosen(&[("manifest.json", br#"{"animations":[{"id":"x"}]}"#)]).unwrap_err();
        assert!(error.contains("`x`"), "{error}");
    }

    #[test]
    fn what_only_players_can_use_is_said() {
        let manifest = br#"{"version":"2","animations":[{"id":"x"},{"id":"y"}],"initial":{"animation":"y"},
            "themes":[{"id":"dark"}],"stateMachines":[{"id":"hover"}]}"#;
        let bytes = zipped(&[("manifest.json", manifest), ("a/x.json", b"{}"), ("a/y.json", b"{}")]);
        let mut archive = Archive::open(&bytes).unwrap();
        let mut warnings = Diagnostics::new();
        let chosen = choose(&mut archive, &mut Budget::of(&bytes), &mut warnings)
            .unwrap()
            .unwrap();
        assert_eq!(chosen.index, 2);
        let texts: Vec<String> = warnings.iter().map(|w| w.message.clone()).collect();
        assert!(texts[0].contains("holds 2 animations; `y` is read"), "{texts:?}");
        assert!(
            texts[1].contains("1 themes") && texts[2].contains("1 state machines"),
            "{texts:?}"
        );
    }
}
