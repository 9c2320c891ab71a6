//! What text layers show: each document set once, when the scene is made; animators move its characters at each time.

use std::sync::Arc;

use filmpress_composition::{Kind, Layer, Value, schema};

use crate::compile::Compile;
use crate::frame::Node;
use crate::interpolate::{Held, Track, held};
use crate::report;
use crate::text::{Animators, MoreOptions, SetText, TextPath, animate};

/// The text of a layer over time.
#[derive(Debug)]
pub(crate) struct TextContent {
    documents: Track<Held<Option<Arc<SetText>>>>,
    animators: Option<Animators>,
    path: Option<TextPath>,
}

impl TextContent {
    /// The text of a layer.
    pub fn compile(c: &mut Compile, layer: &Layer) -> Self {
        let Some(group) = layer.properties.group(schema::TEXT) else {
            return Self {
                documents: Track::Fixed(None),
                animators: None,
                path: None,
            };
        };
        c.inside("Text", |c| {
            let source = c.property(group, schema::SOURCE_TEXT);
            let place = c.place.join("Source Text");
            let name = c.place.0.iter().rev().nth(1).cloned().unwrap_or_default();
            let documents = held(&source, |value| {
                let Value::Text(document) = value else {
                    return None;
                };
                report::text(c, document);
                let set = c.typesetter.set(document);
                for (kind, message) in set.warnings() {
                    // Fonts are said once, with all their layers.
                    if *kind == Kind::Missing {
                        let layers = c.fonts.entry(message.clone()).or_default();
                        if layers.last() != Some(&name) {
                            layers.push(name.clone());
                        }
                    } else {
                        c.warnings.push(&place, *kind, message.clone());
                    }
                }
                Some(set)
            });
            Self {
                documents,
                animators: Animators::compile(c, group),
                path: TextPath::compile(c, group, layer.properties.group(schema::MASKS)),
            }
        })
    }

    /// Whether it can look different at different times.
    pub fn is_animated(&self) -> bool {
        self.documents.is_animated()
            || self.animators.as_ref().is_some_and(Animators::is_animated)
            || self.path.as_ref().is_some_and(TextPath::is_animated)
    }

    /// What it looks like at layer time `time`, in layer space.
    pub fn nodes(&self, time: f64) -> Vec<Node> {
        let Some(set) = self.documents.at(time) else {
            return Vec::new();
        };
        let placements = self.path.as_ref().map(|path| path.place(&set.layout, time));
        let placements = placements.unwrap_or_default();
        match &self.animators {
            Some(animators) => animators.nodes(&set.layout, time, &placements),
            None if placements.is_empty() => set.nodes().to_vec(),
            None => animate(&set.layout, &[], MoreOptions::default(), &placements),
        }
    }
}
