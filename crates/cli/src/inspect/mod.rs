//! `filmpress inspect`: what is in a template, for people and for programs.
//!
//! [`report`] gathers it, [`text`] shows it to a person.

mod report;
mod text;

use std::path::PathBuf;

use clap::Args;
use filmpress_composition::Diagnostics;

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
    /// JSON for programs; the member `schema` is raised when a member changes its meaning or goes away.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut warnings = Diagnostics::new();
    let template = template::read(&arguments.template, &mut warnings)?;
    let report = report::Report::new(&arguments.template, &template, &warnings);
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report).map_err(Failure::new)?);
    } else {
        print!("{}", text::text(&report));
    }
    Ok(())
}
