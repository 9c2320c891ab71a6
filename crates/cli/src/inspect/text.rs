//! The report for a person.

use std::fmt::{self, Write};

use filmpress_inspect::{CompositionReport, Report};

/// Longest text of a text layer shown, in characters.
const MAX_SHOWN: usize = 60;

/// The report as lines of text.
pub(super) fn text(report: &Report) -> String {
    let mut out = String::new();
    // Writing into a String cannot fail.
    let _ = write(&mut out, report);
    out
}

fn write(out: &mut String, report: &Report) -> fmt::Result {
    write!(out, "{}", report.file)?;
    if !report.written_by.is_empty() {
        write!(out, ", written by {}", report.written_by)?;
    }
    writeln!(out)?;
    if let Some(main) = &report.main_composition {
        writeln!(out, "main composition: {main}")?;
    }
    for composition in &report.compositions {
        writeln!(out)?;
        write_composition(out, composition)?;
    }
    section(out, "texts", &report.texts, |out, t| {
        let shown: String = t.text.chars().take(MAX_SHOWN).collect();
        let more = if t.text.chars().count() > MAX_SHOWN { "..." } else { "" };
        write!(
            out,
            "{} > {}: {shown:?}{more}  {} {}",
            t.composition,
            t.layer,
            t.font,
            round(t.font_size)
        )
    })?;
    section(out, "fonts", &report.fonts, |out, f| {
        write!(out, "{}", f.name)?;
        if !f.family.is_empty() && f.family != f.name {
            write!(out, " ({} {})", f.family, f.style)?;
        }
        write!(out, ", {}", count(f.layers, "layer"))?;
        out.write_str(if f.in_template { ", in the template" } else { "" })
    })?;
    section(out, "footage", &report.footage, |out, f| {
        write!(out, "{}: {}", f.name, f.source)?;
        if let Some(path) = &f.path {
            write!(out, " {path}")?;
        }
        if f.width > 0 {
            write!(out, ", {}x{}", f.width, f.height)?;
        }
        if f.duration > 0.0 {
            write!(out, ", {} s", round(f.duration))?;
        }
        write!(out, ", {}", count(f.layers, "layer"))
    })?;
    section(out, "effects", &report.effects, |out, e| {
        write!(out, "{} ({}), {}", e.name, e.match_name, count(e.uses, "use"))
    })?;
    section(out, "expressions", &report.expressions, |out, e| {
        let first = e.text.lines().next().unwrap_or_default();
        let off = if e.enabled { "" } else { " (off)" };
        write!(out, "{} > {} > {}{off}: {first}", e.composition, e.layer, e.property)
    })?;
    section(out, "warnings", &report.warnings, |out, w| {
        if w.place.is_empty() {
            write!(out, "{}: {}", w.kind, w.message)
        } else {
            write!(out, "{}: {}: {}", w.place, w.kind, w.message)
        }
    })
}

fn write_composition(out: &mut String, c: &CompositionReport) -> fmt::Result {
    write!(
        out,
        "{}  {}x{}, {} fps, {} s ({})",
        c.name,
        c.width,
        c.height,
        round(c.frame_rate),
        round(c.duration),
        count(c.frames as usize, "frame")
    )?;
    if !c.used_by.is_empty() {
        write!(out, ", used by {}", c.used_by.join(", "))?;
    }
    writeln!(out)?;
    for layer in &c.layers {
        let hidden = if layer.enabled { "" } else { " (hidden)" };
        write!(out, "  {:3} {}{hidden}  {}", layer.index, layer.name, layer.kind)?;
        if let Some(source) = layer.source.as_ref().filter(|source| **source != layer.name) {
            write!(out, " of {source}")?;
        }
        write!(out, ", {} to {} s", round(layer.in_point), round(layer.out_point))?;
        if let Some(parent) = &layer.parent {
            write!(out, ", parent {parent}")?;
        }
        if let Some(matte) = &layer.track_matte {
            let inverted = if matte.inverted { " inverted" } else { "" };
            let by = matte.layer.as_deref().unwrap_or("nothing");
            write!(out, ", {}{inverted} matte {by}", matte.kind)?;
        }
        if layer.blending_mode != "Normal" {
            write!(out, ", {}", layer.blending_mode)?;
        }
        if layer.masks > 0 {
            write!(out, ", {}", count(layer.masks, "mask"))?;
        }
        if !layer.effects.is_empty() {
            write!(out, ", effects {}", layer.effects.join(" + "))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn section<T>(out: &mut String, title: &str, list: &[T], line: impl Fn(&mut String, &T) -> fmt::Result) -> fmt::Result {
    if list.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    for entry in list {
        out.write_str("  ")?;
        line(out, entry)?;
        writeln!(out)?;
    }
    Ok(())
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// At most three decimals, none where they are zeros.
fn round(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0
}
