//! What text layers show: each document set once, when the scene is made; animators move its characters at each time.

use std::sync::Arc;

use filmpress_composition::{Group, Kind, Layer, Value, schema};

use crate::compile::Compile;
use crate::frame::Node;
use crate::interpolate::{Held, Track, held};
use crate::text::{Animators, SetText};

/// The text of a layer over time.
#[derive(Debug)]
pub(crate) struct TextContent {
    documents: Track<Held<Option<Arc<SetText>>>>,
    animators: Option<Animators>,
}

impl TextContent {
    /// The text of a layer.
    pub fn compile(c: &mut Compile, layer: &Layer) -> Self {
        let Some(group) = layer.properties.group(schema::TEXT) else {
            return Self {
                documents: Track::Fixed(None),
                animators: None,
            };
        };
        c.inside("Text", |c| {
            report(c, group);
            let source = c.property(group, schema::SOURCE_TEXT);
            let place = c.place.join("Source Text");
            let documents = held(&source, |value| {
                let Value::Text(document) = value else {
                    return None;
                };
                let set = c.typesetter.set(document);
                set.report(&place, &mut c.warnings);
                Some(set)
            });
            let animators = Animators::compile(c, group);
            Self { documents, animators }
        })
    }

    /// Whether it can look different at different times.
    pub fn is_animated(&self) -> bool {
        self.documents.is_animated() || self.animators.as_ref().is_some_and(Animators::is_animated)
    }

    /// What it looks like at layer time `time`, in layer space.
    pub fn nodes(&self, time: f64) -> Vec<Node> {
        let Some(set) = self.documents.at(time) else {
            return Vec::new();
        };
        match &self.animators {
            Some(animators) => animators.nodes(&set.layout, time),
            None => set.nodes().to_vec(),
        }
    }
}

/// Reports what is not drawn.
fn report(c: &mut Compile, group: &Group) {
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
