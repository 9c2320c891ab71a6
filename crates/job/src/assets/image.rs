//! `image`: replaces what a layer shows by a picture, as After Effects' `replaceSource` does.
//!
//! Transform and times stay as they are; the picture shows at its own pixel size.

use std::sync::Arc;

use filmpress_composition::{Footage, FootageSource, Item, ItemKind, LayerKind, Project, Warned};

use super::fields::Fields;
use super::image_header::{self, Format};
use super::target::{layer, layer_mut};
use super::{Asset, AssetError, Target};

#[derive(Debug)]
struct Image {
    target: Target,
    src: String,
    name: Option<String>,
}

pub(super) fn parse(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    let target = Target::parse(fields);
    let name = fields.string("name").filter(|name| !name.is_empty());
    let src = fields.src();
    Some(Box::new(Image {
        target: target?,
        src: src?,
        name,
    }))
}

impl Image {
    /// The item's name: the one given, else the last step of the address.
    fn item_name(&self) -> String {
        let last = || {
            let path = self.src.split(['?', '#']).next().unwrap_or_default();
            path.rsplit('/')
                .next()
                .filter(|name| !name.is_empty() && !self.src.starts_with("data:"))
        };
        self.name.as_deref().or_else(last).unwrap_or("image").to_owned()
    }

    fn unreadable(&self, message: impl Into<String>) -> AssetError {
        let src = if self.src.starts_with("data:") {
            "data: URL"
        } else {
            &self.src
        };
        AssetError::Media {
            src: src.to_owned(),
            message: message.into(),
        }
    }
}

impl Asset for Image {
    fn type_name(&self) -> &'static str {
        "image"
    }

    fn target(&self) -> &Target {
        &self.target
    }

    fn src(&self) -> Option<&str> {
        Some(&self.src)
    }

    fn apply(&self, project: &mut Project, downloaded: Option<Arc<[u8]>>) -> Result<Warned<()>, AssetError> {
        let bytes = downloaded.ok_or_else(|| self.unreadable("was not downloaded"))?;
        let (width, height) = match image_header::read(&bytes) {
            Some((Format::Gif, ..)) => return Err(self.unreadable("is a GIF; pictures may be PNG, JPEG or WebP")),
            Some((_, width, height)) => (width, height),
            None => return Err(self.unreadable("is not a picture: expected PNG, JPEG or WebP")),
        };
        let item = project.unused_item_id();
        let mut used = false;
        let result = self.target.each(project, |project, selected, _, _| {
            let Some(old) = layer(project, selected) else {
                return Ok(());
            };
            if !matches!(old.kind, LayerKind::Av(_)) {
                return Err(AssetError::Value {
                    path: "source".into(),
                    layer: old.name.clone(),
                    expected: "a picture only where the layer shows footage, a solid or a composition".into(),
                    given: format!("a picture for a layer of kind {}", kind_name(old.kind)),
                });
            }
            if let Some(layer) = layer_mut(project, selected) {
                layer.kind = LayerKind::Av(item);
                used = true;
            }
            Ok(())
        })?;
        if used {
            let footage = Footage {
                source: FootageSource::Embedded(bytes),
                width,
                height,
                ..Footage::default()
            };
            let kind = ItemKind::Footage(footage);
            project.items.push(Item::new(item, self.item_name(), kind));
        }
        Ok(result)
    }
}

fn kind_name(kind: LayerKind) -> &'static str {
    match kind {
        LayerKind::Av(_) => "footage",
        LayerKind::Null => "null",
        LayerKind::Text => "text",
        LayerKind::Shape => "shape",
        LayerKind::Camera => "camera",
        LayerKind::Light(_) => "light",
        LayerKind::Audio(_) => "audio",
        LayerKind::Unknown => "unknown",
    }
}
