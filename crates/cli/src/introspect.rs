//! What the server tells clients about an uploaded template.

use std::path::Path;

use filmpress_job::TemplateMetadata;
use filmpress_job::metadata::{CompositionInfo, LayerInfo};

/// Reads a template file declared to be of a kind (`aep`, `zip`, `mogrt`, `lottie` ...): the names of its compositions
/// and layers, or why it cannot be used.
pub fn introspect(path: &Path, kind: &str) -> Result<TemplateMetadata, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("the template cannot be read: {error}"))?;
    if let Some(found) = kind_of(&bytes).filter(|found| !found.allows(kind)) {
        return Err(format!(
            "the template was declared as `{kind}`, but the file is {}",
            found.described()
        ));
    }
    let template = filmpress_formats::read(&bytes, "the file")
        .map_err(|error| error.to_string())?
        .value;
    let mut found = TemplateMetadata::default();
    for (id, (item, composition)) in (1_i64..).zip(template.project.compositions()) {
        found.compositions.push(CompositionInfo {
            aeid: id.to_string(),
            name: item.name.clone(),
            width: composition.width,
            height: composition.height,
            duration: composition.duration,
            frame_rate: composition.frame_rate,
            data: serde_json::Map::new(),
        });
        for layer in &composition.layers {
            found.layers.push(named(id, &layer.name));
        }
    }
    Ok(found)
}

/// A layer of which only the name is told.
fn named(composition: i64, name: &str) -> LayerInfo {
    LayerInfo {
        composition_id: composition,
        aeid: 0,
        name: name.to_owned(),
        top: 0.0,
        left: 0.0,
        width: 0.0,
        height: 0.0,
        start_time: 0.0,
        in_point: 0.0,
        out_point: 0.0,
        layer_type: "av".to_owned(),
        source_type: None,
        source_comp_id: None,
        parent_id: None,
        data: serde_json::Map::new(),
    }
}

/// What a file is by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Aep,
    Xml,
    Zip,
    Json,
}

fn kind_of(first: &[u8]) -> Option<Found> {
    let text = first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(first).trim_ascii_start();
    match text {
        [b'R', b'I', b'F', b'X', ..] => Some(Found::Aep),
        [b'P', b'K', 3, 4, ..] => Some(Found::Zip),
        [b'<', ..] => Some(Found::Xml),
        [b'{', ..] => Some(Found::Json),
        _ => None,
    }
}

impl Found {
    fn allows(self, kind: &str) -> bool {
        match self {
            Self::Aep | Self::Xml => matches!(kind, "aep" | "aepx"),
            Self::Zip => matches!(kind, "zip" | "mogrt" | "lottie"),
            Self::Json => matches!(kind, "lottie" | "json"),
        }
    }

    fn described(self) -> &'static str {
        match self {
            Self::Aep => "an After Effects project",
            Self::Xml => "an XML file",
            Self::Zip => "a zip archive",
            Self::Json => "a JSON file",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_and_real_kind_must_agree() {
        let folder = std::env::temp_dir().join(format!("filmpress-introspect-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("stored");
        let lottie = r#"{"v":"5.9","fr":30,"ip":0,"op":30,"w":10,"h":10,"nm":"Main","layers":[
            {"ty":4,"ind":1,"nm":"A","ip":0,"op":30,"st":0,"ks":{},"shapes":[]},
            {"ty":4,"ind":2,"nm":"A","ip":0,"op":30,"st":0,"ks":{},"shapes":[]}]}"#;
        std::fs::write(&file, lottie).unwrap();
        let read = introspect(&file, "lottie").unwrap();
        let names: Vec<_> = read.layers.iter().map(|layer| layer.name.as_str()).collect();
        assert_eq!((read.compositions[0].name.as_str(), names), ("Main", vec!["A", "A"]));
        let error = introspect(&file, "aep").unwrap_err();
        assert_eq!(error, "the template was declared as `aep`, but the file is a JSON file");
        std::fs::write(&file, b"RIFX").unwrap();
        assert!(introspect(&file, "aep").is_err());
        std::fs::write(&file, b"\x89PNG\r\n").unwrap();
        assert!(introspect(&file, "zip").unwrap_err().contains("is not a template"));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
