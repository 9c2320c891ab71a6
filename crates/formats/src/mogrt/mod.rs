//! Motion graphics templates (`.mogrt`): an archive with a description (`definition.json`) and, when After Effects
//! made it, the project and its footage in an archive of its own (`project.aegraphic`).
//!
//! The controls stand in both: the project says what they drive, the description how they are shown. [`controls`] puts
//! them together.

mod controls;

use filmpress_composition::{Diagnostics, Kind, Place, Warned};
use serde_json::Value as Json;

use crate::aep::convert::essential_graphics;
use crate::package::add_neighbours;
use crate::package::archive::{Archive, Budget};
use crate::package::project::{self, Format};
use crate::{ReadError, Template};

const DEFINITION: &str = "definition.json";
const PROJECT: &str = "project.aegraphic";
const PREMIERE_PROJECT: &str = "project.prgraphic";

/// Whether an archive is a motion graphics template.
pub(crate) fn is_mogrt(archive: &Archive<'_>) -> bool {
    archive.find(PROJECT).is_some() || archive.find(PREMIERE_PROJECT).is_some() && archive.find(DEFINITION).is_some()
}

/// Reads a motion graphics template; the composition it was exported from is the main one.
pub(crate) fn read(archive: &mut Archive<'_>, budget: &mut Budget) -> Result<Warned<Template>, ReadError> {
    let mut warnings = Diagnostics::new();
    let definition = definition(archive, budget, &mut warnings)?;
    let text = |key: &str| definition.get(key).and_then(Json::as_str).unwrap_or_default();
    let Some(index) = archive.find(PROJECT) else {
        if archive.find(PREMIERE_PROJECT).is_some() || text("authorApp") == "ppro" {
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
    let chosen = project::choose(&mut inner, budget, &mut warnings)?;
    if !matches!(chosen.format, Format::Aep | Format::Aepx) {
        return Err(ReadError::Malformed(format!("`{PROJECT}` of the .mogrt holds no .aep")));
    }
    let bytes = inner.read(chosen.index, budget)?;
    let read = match chosen.format {
        Format::Aepx => crate::aepx::read(&bytes)?,
        _ => crate::aep::read(&bytes)?,
    };
    let mut project = read.unpack(&mut warnings);
    let main = essential_graphics::composition(&project, text("capsuleName"));
    if main.is_none() {
        warnings.push(
            &Place::default(),
            Kind::Missing,
            format!(
                "no composition has the Essential Graphics panel `{}` the template was exported from",
                text("capsuleName")
            ),
        );
    }
    controls::describe(&mut project, main, &definition, &mut warnings);
    let template = Template {
        main_composition: main,
        ..Template::of_project(project)
    };
    add_neighbours(Warned::new(template, warnings), &mut inner, chosen.index, budget)
}

/// The description; without one, or with a broken one, the project must do.
fn definition(archive: &mut Archive<'_>, budget: &mut Budget, warnings: &mut Diagnostics) -> Result<Json, ReadError> {
    let Some(index) = archive.find(DEFINITION) else {
        warnings.push(
            &Place::default(),
            Kind::Missing,
            format!("the .mogrt holds no `{DEFINITION}`"),
        );
        return Ok(Json::Null);
    };
    match crate::json::parse(&archive.read(index, budget)?) {
        Ok(definition) => Ok(definition),
        Err(ReadError::Malformed(fault)) => {
            warnings.push(&Place(vec![DEFINITION.to_owned()]), Kind::Malformed, fault);
            Ok(Json::Null)
        }
        Err(other) => Err(other),
    }
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
