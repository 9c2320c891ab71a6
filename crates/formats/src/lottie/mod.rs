//! Lottie animations: JSON that players draw, exported from After Effects by the Bodymovin extension or written by
//! other tools. Its words are After Effects' cut short; this folder puts the full ones back.
//!
//! Exporters disagree about types, so the file is read as JSON values through forgiving accessors ([`json`]): a wrong
//! type is a warning and a default, never a failure.
//!
//! To add a thing: its line in the table of its topic (shape items in [`shape`], styles in [`layer_style`], ...); a
//! new topic is a new file with an `impl Reader`.
//!
//! | file | what |
//! |---|---|
//! | `mod` | the file as a whole: main composition, markers |
//! | `reader` | warnings with places, frames to seconds |
//! | `json` | forgiving accessors |
//! | `assets` | precomps, images, solids as items |
//! | `layer`, `transform`, `mask`, `blending`, `motion_blur` | layers |
//! | `keyframe`, `path`, `gradient` | properties and their values |
//! | `shape` | contents of shape layers |
//! | `text`, `text_animator`, `glyphs` | text layers and character outlines |
//! | `effect`, `layer_style` | effects and layer styles |

mod assets;
mod blending;
mod effect;
mod glyphs;
mod gradient;
mod json;
mod keyframe;
mod layer;
mod layer_style;
mod mask;
mod motion_blur;
mod path;
mod reader;
mod shape;
mod text;
mod text_animator;
mod transform;

use crate::json::Value as Json;
use filmpress_composition::{Composition, Dialect, ItemId, Kind, Marker, Project, Warned};

use crate::ReadError;
use assets::Items;
use json::Object;
use reader::{Clock, Reader};

/// Reads the bytes of one file. The main composition is the first item; its time 0 is the animation's in-point.
pub fn read(bytes: &[u8]) -> Result<Warned<Project>, ReadError> {
    let json: Json = crate::json::parse(bytes)?;
    let Json::Object(root) = &json else {
        return Err(ReadError::Malformed(
            "this JSON is not a Lottie animation: expected an object".to_owned(),
        ));
    };
    if !assets::is_list(root.get("layers")) {
        let keys: Vec<&str> = root.keys().take(8).collect();
        return Err(ReadError::Malformed(format!(
            "this JSON is not a Lottie animation: no list `layers`; keys there: `{}`",
            keys.join("`, `")
        )));
    }
    Ok(animation(root))
}

fn animation(root: &Object) -> Warned<Project> {
    let clock = Clock {
        frame_rate: 30.0,
        first_frame: 0.0,
        start: 0.0,
        stretch: 1.0,
    };
    let mut reader = Reader::new(clock, root.get("slots").and_then(Json::as_object));
    let version = json::text(root, "v").unwrap_or_default();
    reader.colors_to_255 = is_before(&version, [4, 1, 9]);

    let frame_rate = reader.number(root, "fr").filter(|fr| *fr > 0.0);
    if frame_rate.is_none() {
        reader.warn(Kind::Malformed, "the animation has no frame rate; 30 is used");
    }
    reader.clock.frame_rate = frame_rate.unwrap_or(30.0).clamp(0.01, 1000.0);
    let first_frame = reader.number(root, "ip").unwrap_or(0.0);
    let last_frame = reader
        .number(root, "op")
        .filter(|op| *op > first_frame)
        .unwrap_or_else(|| {
            let ends = json::objects(root, "layers").filter_map(|l| l.get("op").and_then(json::number));
            ends.fold(first_frame + 1.0, f64::max)
        });
    let side = |reader: &mut Reader<'_>, key: &str| {
        let given = reader.number(root, key).filter(|n| *n > 0.0);
        if given.is_none() {
            reader.warn(Kind::Malformed, format!("the animation has no `{key}`; 512 is used"));
        }
        assets::side(given.unwrap_or(512.0))
    };
    let main = Composition {
        width: side(&mut reader, "w"),
        height: side(&mut reader, "h"),
        frame_rate: reader.clock.frame_rate,
        duration: (last_frame - first_frame) / reader.clock.frame_rate,
        // Players show animations on the page, which is white.
        background: [1.0; 3],
        ..Composition::default()
    };
    let size = (main.width, main.height);
    let name = json::name(root, "nm")
        .filter(|n| !n.trim().is_empty())
        .unwrap_or_else(|| "Main".to_owned());
    let mut items = Items::new(name.clone(), main, last_frame);
    reader.font_list(root);
    let precomps = reader.assets(root, &mut items);
    for (id, asset) in precomps {
        let size = items.size_of(id).unwrap_or(size);
        let step = json::name(asset, "nm")
            .or_else(|| json::text(asset, "id"))
            .unwrap_or_default();
        let layers = reader.within(&step, |reader| reader.layers(asset, &mut items, size));
        if let Some(composition) = items.composition_mut(id) {
            composition.layers = layers;
        }
    }
    reader.clock.first_frame = first_frame;
    let layers = reader.within(&name, |reader| reader.layers(root, &mut items, size));
    let markers = markers(&mut reader, root);
    if let Some(composition) = items.composition_mut(ItemId(1)) {
        composition.layers = layers;
        composition.markers = markers;
    }
    assets::set_durations(&mut items);
    reader.motion_blur(root, &mut items);
    let glyphs = reader.glyphs(root);
    let project = Project {
        items: items.list,
        bits_per_channel: 8,
        dialect: Dialect::JavaScript,
        glyphs,
        written_by: if version.is_empty() {
            String::new()
        } else {
            format!("Lottie {version}")
        },
        ..Project::default()
    };
    Warned::new(project, reader.warnings)
}

fn markers(reader: &mut Reader<'_>, root: &Object) -> Vec<Marker> {
    let mut markers = Vec::new();
    for marker in reader.objects(root, "markers") {
        let frame = reader.number(marker, "tm").unwrap_or(0.0);
        markers.push(Marker {
            time: reader.clock.composition_time(frame),
            duration: reader.number(marker, "dr").unwrap_or(0.0) / reader.clock.frame_rate,
            comment: json::text(marker, "cm").unwrap_or_default(),
            ..Marker::default()
        });
    }
    markers.sort_by(|a, b| a.time.total_cmp(&b.time));
    markers
}

/// Whether a version such as `4.1.8` is before another; false for anything that is not a version.
fn is_before(version: &str, limit: [u32; 3]) -> bool {
    let parts: Option<Vec<u32>> = version.split('.').map(|part| part.parse().ok()).collect();
    parts.is_some_and(|parts| parts.len() >= 2 && parts.as_slice() < limit.as_slice())
}
