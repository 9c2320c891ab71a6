//! `replaceSource` of After Effects: a layer shows other footage. Transform and times stay as they are; the footage
//! shows at its own pixel size.

use filmpress_composition::{Item, ItemKind, LayerKind, Project, Warned};

use super::media::Media;
use super::target::{layer, layer_mut};
use super::{AssetError, Target};

/// New footage for the layers of a target.
#[derive(Debug)]
pub(super) struct Replacement<'a> {
    pub target: &'a Target,
    /// Where the footage came from, as errors call it.
    pub from: &'a str,
    /// The new item's name.
    pub name: String,
}

impl Replacement<'_> {
    /// Does it. Footage that did not come is an error.
    pub(super) fn apply(self, project: &mut Project, media: Option<Media>) -> Result<Warned<()>, AssetError> {
        let unusable = |message: String| AssetError::Media {
            src: self.from.to_owned(),
            message,
        };
        let media = media.ok_or_else(|| unusable("was not downloaded".to_owned()))?;
        let footage = media.footage().map_err(unusable)?;
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
            project
                .items
                .push(Item::new(item, self.name, ItemKind::Footage(footage)));
        }
        Ok(result)
    }
}

/// An address as people are told it: without the bytes of a `data:` URL, and without the query, where signatures are.
pub(super) fn shown(src: &str) -> &str {
    if src.starts_with("data:") {
        return "data: URL";
    }
    src.split(['?', '#']).next().unwrap_or_default()
}

/// The name of an item: the one given, else the last step of the address.
pub(super) fn item_name<'a>(given: Option<&'a str>, src: &'a str, otherwise: &'a str) -> String {
    let last = || {
        let path = src.split(['?', '#']).next().unwrap_or_default();
        path.rsplit('/')
            .next()
            .filter(|name| !name.is_empty() && !src.starts_with("data:"))
    };
    given.or_else(last).unwrap_or(otherwise).to_owned()
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
