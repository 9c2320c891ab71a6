//! `filmpress inspect`: what is in a template, for people and for programs.
//!
//! `filmpress_inspect` gathers it; [`text`] shows it to a person, in the columns of [`table`].

mod table;
mod text;

use std::path::PathBuf;

use clap::Args;
use filmpress_composition::{Composition, Diagnostics, LayerKind, Warned};
use filmpress_evaluate::text::FontBook;
use filmpress_inspect::report::Outcome;
use filmpress_inspect::{FootageFile, Report, Surroundings};
use filmpress_media::Programs;
use filmpress_worker::footage::Finder;

use crate::failure::Failure;
use crate::template;

/// Shows what is in a template: compositions, what can be filled, fonts, footage, and what cannot be drawn.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress inspect card.aep
  filmpress inspect card.zip --composition Main
  filmpress inspect card.aep --json | jq '.slots[] | {kind, label, asset}'
  filmpress inspect card.aep --strict && echo ready
  filmpress inspect card.aep --tree --composition Main --layer Title

Exit codes: 0; 1 when the template cannot be read, or with --strict when something in it is missing or not drawn.
The members of --json are explained in docs/inspect.md.")]
pub struct Arguments {
    /// The template: .aep, .aepx, .mogrt, .zip or Lottie .json.
    template: PathBuf,
    /// Only this composition and those nested in it.
    #[arg(long, value_name = "NAME")]
    composition: Option<String>,
    /// A folder with font files, searched before the system's; may be given several times.
    #[arg(long, value_name = "DIR", env = "FILMPRESS_FONTS", value_delimiter = ':')]
    fonts: Vec<PathBuf>,
    /// JSON for programs; the member `schema` is raised when a member changes its meaning or goes away.
    #[arg(long)]
    json: bool,
    /// Fail when footage or fonts are missing or something is not drawn.
    #[arg(long)]
    strict: bool,
    /// The property tree instead: names, match names, values, and paths to copy into a job's `data` asset.
    #[arg(long, conflicts_with_all = ["json", "strict"])]
    tree: bool,
    /// Only this layer of the tree, by name or index.
    #[arg(long, value_name = "NAME", requires = "tree")]
    layer: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut warnings = Diagnostics::new();
    let template = template::read(&arguments.template, &mut warnings)?;
    let composition = arguments.composition.as_deref();
    if arguments.tree {
        let tree = filmpress_inspect::tree(&template.project, composition, arguments.layer.as_deref());
        print!("{}", tree.map_err(Failure::new)?);
        return Ok(());
    }
    let template = Warned::new(template, warnings);
    // Looking through the system's fonts takes longer than all the rest: only where there is text.
    let has_text = |c: &Composition| c.layers.iter().any(|layer| layer.kind == LayerKind::Text);
    let fonts = if template.value.project.compositions().any(|(_, c)| has_text(c)) {
        template::font_book(&template.value, &arguments.fonts)
    } else {
        FontBook::default()
    };
    let folder = template::folder(&arguments.template);
    let finder = Finder::new(Some(&folder), Programs::default());
    let around = Surroundings {
        fonts: &fonts,
        footage: &|name, footage| {
            let found = finder.find(name, footage);
            FootageFile {
                found: found.found,
                at: found.at,
                info: found.info,
                problem: found.problem,
            }
        },
    };
    let mut report = filmpress_inspect::inspect(&template, &arguments.template.display().to_string(), &around);
    if let Some(name) = composition {
        report.narrow(name).map_err(|there| {
            let there: Vec<String> = there.iter().take(20).map(|name| format!("`{name}`")).collect();
            Failure::new(format!(
                "composition `{name}` not found; compositions there: {}",
                there.join(", ")
            ))
        })?;
    }
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report).map_err(Failure::new)?);
    } else {
        print!("{}", text::text(&report, table::Paper::of_stdout()));
    }
    if arguments.strict { strict(&report) } else { Ok(()) }
}

/// Fails when something is missing or not drawn, naming the first such thing.
fn strict(report: &Report) -> Result<(), Failure> {
    let unread = report
        .warnings
        .iter()
        .find(|w| matches!(w.kind, "missing" | "unsupported" | "malformed"));
    let verdict = report
        .compositions
        .iter()
        .find(|c| c.verdict.outcome == Outcome::Incomplete);
    let what = match (verdict, unread) {
        (Some(c), _) => format!("{}: {}", c.name, c.verdict.summary),
        (None, Some(w)) if w.place.is_empty() => w.message.clone(),
        (None, Some(w)) => format!("{}: {}", w.place, w.message),
        (None, None) => return Ok(()),
    };
    Err(Failure::new(format!(
        "--strict forbids what is missing or not drawn: {what}"
    )))
}
