//! Chunks to a Project: ids resolved, elided defaults made explicit, units normalised.
//!
//! | chunk | what it is | file |
//! |---|---|---|
//! | `Fold` > `Item` | the project panel | [`items`] |
//! | `Pin ` | footage and solids | [`footage`], [`footage_path`] |
//! | texts that are not UTF-8 | the author's code page | [`code_page`] |
//! | `cpid`, `PwCs`, `lnrb` | colour management | [`color`] |
//! | `cdta` | a composition's settings | [`composition`] |
//! | `Layr` > `ldta` | a layer | [`layer`], [`blending_mode`] |
//! | `tdgp` | a property group | [`group`] |
//! | `tdbs` | a property of numbers | [`property`], [`units`] |
//! | `list` > `lhd3`, `ldat` | keyframes | [`keyframes`] |
//! | `om-s` > `shap` | a path | [`path`], [`roto_bezier`] |
//! | `GCst` > `GCky` | gradient colours | [`gradient`] |
//! | `btds` > `btdk` | a text document | [`text`], [`text_style`], [`text_undrawn`] in the format of [`cos`] |
//! | `sspc` list, `EfdG` | effects and their parameters' definitions | [`effects`], [`effect_definitions`] |
//! | `aRbs` | data of effects' own | [`custom_data`], [`levels`] |
//! | `mrst` > `Nmrd` | markers | [`markers`] |
//! | `CIF3` | the Essential Graphics panel | [`essential_graphics`] |
//! | `OvG2` | what nested compositions are shown with instead | [`essential_properties`] |
//!
//! To add one: the file, its line here, and the line in [`group`] if it hangs in the property tree.

mod blending_mode;
mod code_page;
mod color;
mod composition;
mod cos;
mod custom_data;
mod effect_definitions;
mod effects;
pub(crate) mod essential_graphics;
mod essential_properties;
mod footage;
mod footage_path;
mod gradient;
mod group;
mod items;
mod keyframes;
mod layer;
mod levels;
mod markers;
mod notes;
mod path;
mod property;
mod roto_bezier;
mod text;
mod text_style;
mod text_undrawn;
mod units;

use filmpress_composition::{Dialect, Kind, Project, TimeDisplay, Warned};

use super::raw::Chunk;
use code_page::CodePage;
use effect_definitions::Definitions;
use notes::Notes;

/// Converts the tree of a whole file, from `.aep` or `.aepx`.
/// The tree's texts become UTF-8 on the way.
pub(crate) fn project(root: &mut Chunk<'_>) -> Warned<Project> {
    let mut notes = Notes::default();
    let code_page = CodePage::of(root);
    code_page.recode(root);
    let root = &*root;
    if root.child_list(*b"Fold").is_none() {
        notes.warn(Kind::Malformed, "the list of items is missing");
    }
    let definitions = Definitions::collect(root, code_page);
    let project = Project {
        items: items::convert(root, &definitions, code_page, &mut notes),
        bits_per_channel: match root.fields(*b"nnhd").u8(0x18) {
            1 => 16,
            2 => 32,
            _ => 8,
        },
        dialect: dialect(root),
        glyphs: Vec::new(),
        written_by: written_by(root),
        time_display: time_display(root),
        color: color::convert(root),
    };
    essential_graphics::check(&project, &mut notes);
    Warned::new(project, notes.into_diagnostics())
}

/// Files from before the choice existed use the legacy engine.
fn dialect(root: &Chunk<'_>) -> Dialect {
    let name = root
        .child_list(*b"ExEn")
        .and_then(|list| list.child(*b"Utf8"))
        .map(Chunk::text);
    match name {
        Some(name) if name.starts_with("javascript") => Dialect::JavaScript,
        _ => Dialect::ExtendScript,
    }
}

fn time_display(root: &Chunk<'_>) -> TimeDisplay {
    let settings = root.fields(*b"nnhd");
    TimeDisplay {
        frames: settings.u8(8) & 0x7F == 1,
        first_frame: u8::from(settings.u8(0x14) == 1),
    }
}

fn written_by(root: &Chunk<'_>) -> String {
    let version = match root.child(*b"svap") {
        Some(_) => root.fields(*b"svap").u32(0),
        None => root.fields(*b"head").u32(4),
    };
    let major = (version >> 26 & 15) * 8 + (version >> 19 & 7);
    if major == 0 {
        return String::new();
    }
    let (minor, patch) = (version >> 15 & 15, version >> 11 & 15);
    let number = if patch == 0 {
        format!("After Effects {major}.{minor}")
    } else {
        format!("After Effects {major}.{minor}.{patch}")
    };
    match sold_as(major, minor) {
        Some(name) => format!("{number} ({name})"),
        None => number,
    }
}

/// What versions were sold as while their name was not the number.
fn sold_as(major: u32, minor: u32) -> Option<&'static str> {
    Some(match (major, minor) {
        (8, _) => "CS3",
        (9, _) => "CS4",
        (10, 5) => "CS5.5",
        (10, _) => "CS5",
        (11, _) => "CS6",
        (12, _) => "CC",
        (13, 0..=2) => "CC 2014",
        (13, _) => "CC 2015",
        (14, _) => "CC 2017",
        (15, _) => "CC 2018",
        (16, _) => "CC 2019",
        (17, _) => "2020",
        (18, _) => "2021",
        // From 22 on, the number is the year.
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_the_about_box_and_of_the_shop() {
        let written_by = |word: u32| {
            written_by(&Chunk::list(
                *b"Egg!",
                vec![Chunk::leaf(*b"svap", word.to_be_bytes().to_vec())],
            ))
        };
        assert_eq!(written_by(0x0718_077a), "After Effects 11.0 (CS6)");
        assert_eq!(written_by(0x0b08_161a), "After Effects 17.0.2 (2020)");
        assert_eq!(written_by(0x0F10_0643), "After Effects 26.0");
        assert_eq!(written_by(0), "");
    }
}
