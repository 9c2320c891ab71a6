//! `image` and `video`: a layer shows a picture or a film from an address instead of what it showed.
//!
//! The content tells which of the two it is, whatever the asset is called: an animated GIF is a film.

use filmpress_composition::{Project, Warned};

use super::fields::Fields;
use super::media::Media;
use super::replace::{Replacement, item_name, shown};
use super::{Asset, AssetError, Target};

#[derive(Debug)]
struct Image {
    type_name: &'static str,
    target: Target,
    src: String,
    name: Option<String>,
}

pub(super) fn image(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    parse(fields, "image")
}

pub(super) fn video(fields: &mut Fields<'_>) -> Option<Box<dyn Asset>> {
    parse(fields, "video")
}

fn parse(fields: &mut Fields<'_>, type_name: &'static str) -> Option<Box<dyn Asset>> {
    let target = Target::parse(fields);
    let name = fields.string("name").filter(|name| !name.is_empty());
    let src = fields.src();
    Some(Box::new(Image {
        type_name,
        target: target?,
        src: src?,
        name,
    }))
}

impl Asset for Image {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn src(&self) -> Option<&str> {
        Some(&self.src)
    }

    fn apply(&self, project: &mut Project, downloaded: Option<Media>) -> Result<Warned<()>, AssetError> {
        let replacement = Replacement {
            target: &self.target,
            from: shown(&self.src),
            name: item_name(self.name.as_deref(), &self.src, self.type_name),
        };
        replacement.apply(project, downloaded)
    }
}
