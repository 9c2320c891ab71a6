//! `filmpress inspect`: what is in a template, for people and for programs.
//!
//! [`report`] gathers it, [`text`] shows it to a person.

mod report;
mod text;

use std::path::PathBuf;

use clap::Args;
use filmpress_composition::{Diagnostics, ItemId, lookup};
use filmpress_formats::Template;

use crate::failure::Failure;
use crate::template;

/// Shows what is in a template: compositions, layers, texts, fonts, footage, effects, and what is unsupported.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress inspect card.aep
  filmpress inspect card.zip --json | jq '.texts[].layer'")]
pub struct Arguments {
    /// The template: .aep, .aepx, .mogrt, .zip or Lottie .json.
    template: PathBuf,
    /// A folder with font files, searched before the system's; may be given several times.
    #[arg(long, value_name = "DIR", env = "FILMPRESS_FONTS", value_delimiter = ':')]
    fonts: Vec<PathBuf>,
    /// JSON for programs; the member `schema` is raised when a member changes its meaning or goes away.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut warnings = Diagnostics::new();
    let template = template::read(&arguments.template, &mut warnings)?;
    for composition in outermost(&template) {
        // Only its warnings are wanted: they say what is missing, and what would be drawn in another way.
        template::stage(
            &arguments.template,
            &template,
            composition,
            &arguments.fonts,
            &mut warnings,
        )?;
    }
    let report = report::Report::new(&arguments.template, &template, &warnings);
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report).map_err(Failure::new)?);
    } else {
        print!("{}", text::text(&report));
    }
    Ok(())
}

/// Most compositions looked into for warnings; a project may hold thousands that have nothing to do with each other.
const MAX_STAGED: usize = 50;

/// The main composition, or where there is none the compositions no other uses.
fn outermost(template: &Template) -> Vec<ItemId> {
    if let Ok(main) = lookup::main_composition(&template.project, None, template.main_composition) {
        return vec![main];
    }
    let uses = |id: ItemId| {
        let mut layers = template.project.compositions().flat_map(|(_, c)| &c.layers);
        layers.any(|layer| layer.source() == Some(id))
    };
    let all = template.project.compositions().map(|(item, _)| item.id);
    all.filter(|id| !uses(*id)).take(MAX_STAGED).collect()
}
