//! What text layers show: each document set once, when the scene is made.

use std::sync::Arc;

use filmpress_composition::{Group, Kind, Layer, Value, schema};

use crate::compile::Compile;
use crate::frame::Node;
use crate::interpolate::{Held, Track, held};

/// The nodes of a text layer's documents, in layer space.
pub(crate) fn compile(c: &mut Compile, layer: &Layer) -> Track<Held<Arc<Vec<Node>>>> {
    let Some(group) = layer.properties.group(schema::TEXT) else {
        return Track::Fixed(Arc::default());
    };
    c.inside("Text", |c| {
        report(c, group);
        let source = c.property(group, schema::SOURCE_TEXT);
        let place = c.place.join("Source Text");
        held(&source, |value| {
            let Value::Text(document) = value else {
                return Arc::default();
            };
            let set = c.typesetter.set(document);
            set.report(&place, &mut c.warnings);
            Arc::new(set.nodes().to_vec())
        })
    })
}

/// Reports what moves the characters but is not drawn.
fn report(c: &mut Compile, group: &Group) {
    if let Some(animators) = group.group("ADBE Text Animators") {
        c.inside("Animators", |c| {
            for animator in animators.groups().filter(|a| a.enabled) {
                c.inside(&animator.name, |c| {
                    c.warn(Kind::Unsupported, "text animator is not drawn");
                });
            }
        });
    }
    let on_path = group
        .group("ADBE Text Path Options")
        .and_then(|options| options.property("ADBE Text Path"))
        .is_some_and(|path| matches!(path.value, Value::Mask(Some(_))));
    if on_path {
        c.inside("Path Options", |c| {
            c.warn(Kind::Unsupported, "text on a path is drawn in straight lines");
        });
    }
}
