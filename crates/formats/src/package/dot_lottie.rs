//! `.lottie` archives: Lottie animations listed in a `manifest.json`, with their images beside them.

use serde::Deserialize;

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
}

#[derive(Deserialize)]
struct Animation {
    id: String,
}

#[derive(Deserialize)]
struct Initial {
    animation: Option<String>,
}

/// The animation that plays first; `None` when the archive is not a `.lottie`.
pub(crate) fn choose(archive: &mut Archive<'_>, budget: &mut Budget) -> Result<Option<Chosen>, ReadError> {
    let Some(index) = archive.find("manifest.json") else {
        return Ok(None);
    };
    let bytes = archive.read(index, budget)?;
    let Ok(manifest) = serde_json::from_slice::<Manifest>(&bytes) else {
        return Ok(None);
    };
    let first = manifest.animations.into_iter().next().map(|a| a.id);
    let named = manifest
        .initial
        .and_then(|i| i.animation)
        .or(manifest.active_animation_id);
    let Some(id) = named.or(first) else {
        return Err(ReadError::Missing("the .lottie archive lists no animation".to_owned()));
    };
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
        let chosen = choose(&mut archive, &mut Budget::of(&bytes)).map_err(|e| e.to_string())?;
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
}
