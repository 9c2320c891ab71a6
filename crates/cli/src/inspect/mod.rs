//! `filmpress inspect`: what is in a template, for people and for programs.
//!
//! `filmpress_inspect` gathers it, [`text`] shows it to a person.

mod text;

use std::path::PathBuf;

use clap::Args;
use filmpress_composition::{Diagnostics, Warned};
use filmpress_inspect::Surroundings;
use filmpress_media::Programs;
use filmpress_worker::footage::Finder;

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
    let template = Warned::new(template, warnings);
    let fonts = template::font_book(&template.value, &arguments.fonts);
    let folder = template::folder(&arguments.template);
    let finder = Finder::new(Some(&folder), Programs::default());
    let around = Surroundings {
        fonts: &fonts,
        footage: &|name, footage| finder.find(name, footage),
    };
    let report = filmpress_inspect::inspect(&template, &arguments.template.display().to_string(), &around);
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report).map_err(Failure::new)?);
    } else {
        print!("{}", text::text(&report));
    }
    Ok(())
}
