//! `filmpress compatibility`: writes `docs/compatibility.md` from the tables that readers, warnings and codecs use.

use std::fmt::Write;

use clap::Args;
use filmpress_evaluate::support::{Feature, Support, TOPICS, Topic, features};
use filmpress_formats::support::FORMATS;
use filmpress_media::decode;
use filmpress_media::encode::codecs;

use crate::failure::Failure;

/// Prints the page of what is read, evaluated and drawn.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  filmpress compatibility > docs/compatibility.md")]
pub struct Arguments {}

/// Runs the command.
#[allow(clippy::unnecessary_wraps, reason = "commands return how they ended")]
pub fn run(_: &Arguments) -> Result<(), Failure> {
    print!("{}", page());
    Ok(())
}

/// The page.
fn page() -> String {
    let mut out = String::new();
    // Writing into a String cannot fail.
    let _ = write(&mut out);
    out
}

const INTRODUCTION: &str = "\
# What is read, evaluated and drawn

<!-- Made by `filmpress compatibility > docs/compatibility.md` from the tables behind the program's own warnings. A test
fails when it is out of date. -->

What this page says, `filmpress inspect` says of your own template: which of its features are drawn in a simpler way or
not at all, and where. Everything else of a template is kept and can be edited by a job. The text of a line is the warning
a job gets.

| | |
|---|---|
| exact | as After Effects draws it |
| close | to look the same, not pixel for pixel; no warning |
| partial | drawn in a simpler way, with a warning |
| no | not drawn; read all the same |
";

fn write(out: &mut String) -> std::fmt::Result {
    out.write_str(INTRODUCTION)?;
    writeln!(
        out,
        "\n## Formats\n\n| format | files | read | not read |\n|---|---|---|---|"
    )?;
    for f in FORMATS {
        writeln!(out, "| {} | `{}` | {} | {} |", f.name, f.extensions, f.read, f.not_read)?;
    }
    let stills: Vec<_> = decode::still_formats().collect();
    let films: Vec<_> = decode::containers().collect();
    writeln!(out, "\nFootage: stills in {}.", stills.join(", "))?;
    writeln!(
        out,
        "Films in every codec the installed ffmpeg reads; containers (ffmpeg's names): {}.",
        films.join(", ")
    )?;
    for topic in TOPICS {
        let list: Vec<&Feature> = features().filter(|f| f.topic == topic).collect();
        let count = |is: &dyn Fn(&Support) -> bool| list.iter().filter(|f| is(&f.support)).count();
        writeln!(
            out,
            "\n## {topic}\n\n{} of {} drawn, {} partly.{}\n",
            count(&|s| matches!(s, Support::Drawn | Support::Close(_))),
            list.len(),
            count(&|s| matches!(s, Support::Approximated(_))),
            note(topic)
        )?;
        // Blending modes and the like have no match name of After Effects'.
        let has_match_names = list.iter().any(|f| is_match_name(f.match_name));
        let column = if has_match_names { " match name |" } else { "" };
        let line = if has_match_names { "---|" } else { "" };
        writeln!(out, "| feature |{column} drawn | else |\n|---|{line}---|---|")?;
        for f in &list {
            let (drawn, how) = match f.support {
                Support::Drawn => ("exact", ""),
                Support::Close(how) => ("close", how),
                Support::Approximated(how) => ("partial", how),
                Support::NotDrawn(why) => ("no", why),
            };
            let name = match (has_match_names, is_match_name(f.match_name)) {
                (false, _) => String::new(),
                (true, false) => " |".to_owned(),
                (true, true) => format!(" `{}` |", f.match_name),
            };
            writeln!(out, "| {} |{name} {drawn} | {how} |", f.name)?;
        }
    }
    writeln!(out, "\n## Outputs\n\n| codec | files | alpha | |\n|---|---|---|---|")?;
    for codec in codecs() {
        let alpha = if codec.alpha { "kept" } else { "over the background" };
        writeln!(
            out,
            "| `{}` | `.{}` | {alpha} | {} |",
            codec.id, codec.extension, codec.summary
        )?;
    }
    Ok(())
}

/// Whether it is After Effects' own name, not one of ours.
fn is_match_name(name: &str) -> bool {
    name.starts_with("ADBE ") || name.starts_with("CC ") || name.starts_with("Keylight ") || name.ends_with("/enabled")
}

fn note(topic: Topic) -> &'static str {
    match topic {
        Topic::Effect => {
            " Lottie files name effects by the same match names. Effects not listed are not drawn. Control effects draw \
             nothing; expressions and jobs read and set them."
        }
        Topic::Mask => " Masks of all layers that show something.",
        _ => "",
    }
}
