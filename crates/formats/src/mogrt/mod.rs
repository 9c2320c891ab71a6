//! Motion graphics templates (`.mogrt`): an archive with a description (`definition.json`) and, when After Effects
//! made it, the project and its footage in an archive of its own (`project.aegraphic`).

use filmpress_composition::Warned;
use serde::Deserialize;

use crate::aep::convert::essential_graphics;
use crate::package::add_neighbours;
use crate::package::archive::{Archive, Budget};
use crate::package::project::{self, Format};
use crate::{ReadError, Template};

const DEFINITION: &str = "definition.json";
const PROJECT: &str = "project.aegraphic";
const PREMIERE_PROJECT: &str = "project.prgraphic";

/// The part of the description that is needed.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Definition {
    author_app: String,
    capsule_name: String,
}

/// Whether an archive is a motion graphics template.
pub(crate) fn is_mogrt(archive: &Archive<'_>) -> bool {
    archive.find(PROJECT).is_some() || archive.find(PREMIERE_PROJECT).is_some() && archive.find(DEFINITION).is_some()
}

/// Reads a motion graphics template; the composition it was exported from is the main one.
pub(crate) fn read(archive: &mut Archive<'_>, budget: &mut Budget) -> Result<Warned<Template>, ReadError> {
    let definition = match archive.find(DEFINITION) {
        Some(index) => serde_json::from_slice(&archive.read(index, budget)?).unwrap_or_default(),
        None => Definition::default(),
    };
    let Some(index) = archive.find(PROJECT) else {
        if archive.find(PREMIERE_PROJECT).is_some() || definition.author_app == "ppro" {
            return Err(ReadError::Unsupported(
                "this .mogrt was made in Premiere Pro; only those made in After Effects hold a project that can be \
                 rendered"
                    .to_owned(),
            ));
        }
        return Err(ReadError::Missing(format!("the .mogrt holds no `{PROJECT}`")));
    };
    let bytes = archive.read(index, budget)?;
    let mut inner = Archive::open(&bytes)?;
    let chosen = project::choose(&mut inner, budget)?;
    if chosen.format != Format::Aep {
        return Err(ReadError::Malformed(format!("`{PROJECT}` of the .mogrt holds no .aep")));
    }
    let project = inner.read(chosen.index, budget)?;
    let read = crate::aep::read(&project)?.map(|project| Template {
        main_composition: essential_graphics::composition(&project, &definition.capsule_name),
        ..Template::of_project(project)
    });
    add_neighbours(read, &mut inner, budget)
}

#[cfg(test)]
mod tests {
    use crate::package::archive::tests::zipped;
    use filmpress_fixtures::aep::rifx;

    #[test]
    fn the_project_inside_is_read() {
        let inner = zipped(&[("title.aep", &rifx(&[])), ("fonts/A.ttf", b"font")]);
        let outer = zipped(&[("definition.json", b"{}"), ("project.aegraphic", &inner)]);
        let read = crate::read(&outer, "x.mogrt").unwrap();
        assert_eq!(read.value.fonts[0].name, "A.ttf");
        // The same in an archive of its own.
        let read = crate::read(&zipped(&[("folder/x.mogrt", &outer)]), "x.zip").unwrap();
        assert_eq!(read.value.fonts.len(), 1);
    }

    #[test]
    fn premieres_are_refused_by_name() {
        let outer = zipped(&[
            ("definition.json", br#"{"authorApp":"ppro"}"#),
            ("project.prgraphic", b"PK"),
        ]);
        let error = crate::read(&outer, "x.mogrt").unwrap_err().to_string();
        assert!(error.contains("Premiere Pro") && !error.contains('\n'), "{error}");
    }
}
