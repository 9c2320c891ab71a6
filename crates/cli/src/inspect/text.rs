//! The report for a person: what counts in the first lines, everything after them.

#![allow(
    clippy::format_push_string,
    reason = "lines are put together from parts; nobody waits for them"
)]

use std::collections::{BTreeMap, BTreeSet};

use filmpress_inspect::Report;
use filmpress_inspect::report::{
    CompositionReport, EffectReport, FontReport, FontState, LayerReport, Outcome, SlotKind, SlotReport, Verdict,
};

use super::table::{Paper, plain, table};

/// Longest text of a text layer shown, in characters.
const MAX_SHOWN: usize = 60;
/// More colours of one layer are shown as their number.
const MAX_COLORS: usize = 4;
/// Names shown in a line of the summary.
const NAMED: usize = 4;

/// The report as lines of text.
pub(super) fn text(report: &Report, paper: Paper) -> String {
    let mut out = head(report, paper);
    section(&mut out, paper, "Slots", &slots(report));
    for composition in &report.compositions {
        out += &format!("\n{}\n", paper.fit(&plain(&paper.bold(&title(composition)))));
        out += &table(
            paper,
            &composition.layers.iter().map(|l| layer(paper, l)).collect::<Vec<_>>(),
        );
    }
    section(&mut out, paper, "Essential Graphics", &panels(report));
    section(&mut out, paper, "Texts", &texts(report));
    section(
        &mut out,
        paper,
        "Fonts",
        &report.fonts.iter().map(|f| font(paper, f)).collect::<Vec<_>>(),
    );
    section(&mut out, paper, "Footage", &footage(report, paper));
    section(&mut out, paper, "Effects", &effects(&report.effects, paper));
    section(&mut out, paper, "Layer styles", &effects(&report.layer_styles, paper));
    section(&mut out, paper, "Expressions", &expressions(report));
    section(&mut out, paper, "Warnings", &warnings(report));
    out
}

/// What a designer wants to know in a second.
fn head(report: &Report, paper: Paper) -> String {
    let mut first = paper.bold(&report.file);
    if !report.written_by.is_empty() {
        first += &format!(", written by {}", report.written_by);
    }
    let layers: usize = report.compositions.iter().map(|c| c.layers.len()).sum();
    let mut rows = vec![vec![
        "Inside".to_owned(),
        format!(
            "{}, {}",
            count(report.compositions.len(), "composition"),
            count(layers, "layer")
        ),
    ]];
    if let Some(name) = &report.main_composition {
        let id = report.main_composition_id;
        // It may be left out of a report of some compositions.
        if let Some(main) = report.compositions.iter().find(|c| Some(c.id) == id) {
            rows.push(vec!["Main".to_owned(), format!("{name}  {}", size(main))]);
        }
    }
    rows.push(vec!["To fill".to_owned(), to_fill(report)]);
    if !report.fonts.is_empty() {
        rows.push(vec!["Fonts".to_owned(), fonts_in_a_line(report, paper)]);
    }
    if !report.footage.is_empty() {
        let missing: Vec<&str> = report
            .footage
            .iter()
            .filter(|f| !f.found)
            .map(|f| f.name.as_str())
            .collect();
        let found = report.footage.len() - missing.len();
        let mut line = format!("{found} found");
        if !missing.is_empty() {
            line += &format!(
                ", {}",
                paper.bad(&format!("{} missing: {}", missing.len(), some(&missing)))
            );
        }
        rows.push(vec!["Footage".to_owned(), line]);
    }
    // The verdict of one that others use is part of theirs.
    let there: BTreeSet<u32> = report.compositions.iter().map(|c| c.id).collect();
    let is_outermost = |c: &&CompositionReport| !c.used_by.iter().any(|user| there.contains(&user.id));
    for composition in report.compositions.iter().filter(is_outermost).take(NAMED) {
        let verdict = &composition.verdict;
        let line = format!("{}: {}", composition.name, verdict.summary);
        let line = verdict_line(paper, verdict, &line);
        rows.push(vec!["Verdict".to_owned(), line]);
    }
    // These lines are not cut: they are what the command is for.
    let long = Paper { width: None, ..paper };
    format!("{}\n{}", long.fit(&plain(&first)), table(long, &rows))
}

fn verdict_line(paper: Paper, verdict: &Verdict, line: &str) -> String {
    match verdict.outcome {
        Outcome::Full => paper.good(line),
        Outcome::Approximate => paper.fair(line),
        Outcome::Incomplete => paper.bad(line),
    }
}

fn to_fill(report: &Report) -> String {
    let kinds = [
        (SlotKind::Text, "text"),
        (SlotKind::Media, "media slot"),
        (SlotKind::Color, "colour"),
        (SlotKind::Control, "control"),
    ];
    let parts: Vec<String> = kinds
        .iter()
        .map(|(kind, word)| (report.slots.iter().filter(|slot| slot.kind == *kind).count(), word))
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| count(n, word))
        .collect();
    if parts.is_empty() {
        "nothing".to_owned()
    } else {
        parts.join(", ")
    }
}

fn fonts_in_a_line(report: &Report, paper: Paper) -> String {
    let of = |state: FontState| report.fonts.iter().filter(move |font| font.state == state);
    let there = of(FontState::Present).count() + of(FontState::Carried).count();
    let mut parts = vec![format!("{there} present")];
    let replaced: Vec<String> = of(FontState::Substituted)
        .map(|f| format!("{} by {}", f.name, f.face.as_deref().unwrap_or("another")))
        .collect();
    let replaced: Vec<&str> = replaced.iter().map(String::as_str).collect();
    if !replaced.is_empty() {
        parts.push(paper.fair(&format!("{} substituted: {}", replaced.len(), some(&replaced))));
    }
    let missing: Vec<&str> = of(FontState::Missing).map(|f| f.name.as_str()).collect();
    if !missing.is_empty() {
        parts.push(paper.bad(&format!("{} missing: {}", missing.len(), some(&missing))));
    }
    parts.join(", ")
}

fn title(c: &CompositionReport) -> String {
    let mut line = format!("{}  {}", c.name, size(c));
    if !c.used_by.is_empty() {
        let names: Vec<&str> = c.used_by.iter().map(|user| user.name.as_str()).collect();
        line += &format!(", used by {}", some(&names));
    }
    if c.verdict.outcome == Outcome::Full {
        line += ": draws fully";
    }
    line
}

fn size(c: &CompositionReport) -> String {
    let frames = count(c.frames as usize, "frame");
    let mut line = format!(
        "{}x{}, {} fps, {} s ({frames})",
        c.width,
        c.height,
        round(c.frame_rate),
        round(c.duration)
    );
    if let Some(area) = c.work_area {
        line += &format!(
            ", work area {} to {} s",
            round(area.start),
            round(area.start + area.duration)
        );
    }
    line
}

fn layer(paper: Paper, l: &LayerReport) -> Vec<String> {
    let hidden = if l.enabled { "" } else { " (hidden)" };
    let mut kind = l.kind.to_owned();
    if let Some(source) = l.source.as_ref().filter(|source| **source != l.name) {
        kind += &format!(" of {source}");
    }
    let mut more = Vec::new();
    if let Some(b) = l.bounds {
        let at = if b.at_in_point {
            format!(" at {} s", round(b.time))
        } else {
            String::new()
        };
        more.push(format!(
            "{}x{} at {}, {}{at}",
            b.width.round(),
            b.height.round(),
            b.left.round() + 0.0,
            b.top.round() + 0.0
        ));
    }
    if let (Some(parent), Some(index)) = (&l.parent, l.parent_index) {
        more.push(format!("parent {index} {parent}"));
    }
    if let Some(matte) = &l.track_matte {
        let inverted = if matte.inverted { " inverted" } else { "" };
        let by = matte.layer.as_deref().unwrap_or("nothing");
        more.push(format!("{}{inverted} matte {by}", matte.kind));
    }
    if l.blending_mode != "Normal" {
        more.push(l.blending_mode.to_owned());
    }
    if l.time_remap {
        more.push("time remapped".to_owned());
    }
    more.extend(l.switches.iter().map(|switch| (*switch).to_owned()));
    if l.masks > 0 {
        more.push(count(l.masks, "mask"));
    }
    if !l.effects.is_empty() {
        more.push(format!("effects {}", l.effects.join(" + ")));
    }
    vec![
        format!("{:>3}", l.index),
        format!("{}{hidden}", l.name),
        kind,
        format!("{} to {} s", round(l.in_point), round(l.out_point)),
        paper.dim(&more.join(", ")),
    ]
}

/// Slots in rows; a layer with many colours gets one row for all of them.
fn slots(report: &Report) -> Vec<Vec<String>> {
    let several = report.compositions.len() > 1;
    let of_layer = |slot: &SlotReport| (slot.composition_id, slot.layer_index);
    let is_color = |slot: &SlotReport| slot.kind == SlotKind::Color && slot.layer_index > 0;
    let mut colors: BTreeMap<(u32, usize), usize> = BTreeMap::new();
    for slot in report.slots.iter().filter(|slot| is_color(slot)) {
        *colors.entry(of_layer(slot)).or_default() += 1;
    }
    let mut rows = Vec::new();
    let mut told = BTreeSet::new();
    for slot in &report.slots {
        let alike = colors.get(&of_layer(slot)).copied().unwrap_or(0);
        let folded = is_color(slot) && alike > MAX_COLORS;
        if folded && !told.insert(of_layer(slot)) {
            continue;
        }
        let kind = match slot.kind {
            SlotKind::Text => "text",
            SlotKind::Media => "media",
            SlotKind::Color => "colour",
            SlotKind::Control => "control",
        };
        let layer = match (&slot.asset.layer_name, slot.asset.layer_index) {
            (Some(name), _) => name.clone(),
            (None, Some(index)) => format!("{} (layerIndex {index})", slot.layer),
            (None, None) => slot.layer.clone(),
        };
        let mut row = vec![kind.to_owned(), layer];
        if several {
            row.push(
                slot.asset
                    .composition
                    .clone()
                    .unwrap_or_else(|| slot.composition.clone()),
            );
        }
        if folded {
            row.push(format!("{} (--json lists them)", count(alike, "colour")));
        } else {
            row.push(
                slot.asset
                    .property
                    .clone()
                    .unwrap_or_else(|| slot.asset.kind.to_owned()),
            );
            let driven = if slot.has_expression {
                "  (driven by an expression)"
            } else {
                ""
            };
            row.push(format!("{}{driven}", value(&slot.value)));
        }
        rows.push(row);
    }
    rows
}

fn value(value: &serde_json::Value) -> String {
    let number = |x: &serde_json::Value| x.as_f64().map_or_else(|| x.to_string(), |x| round(x).to_string());
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => shown(text),
        serde_json::Value::Array(list) => format!("[{}]", list.iter().map(number).collect::<Vec<_>>().join(", ")),
        other => number(other),
    }
}

fn panels(report: &Report) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for panel in &report.panels {
        for control in &panel.controls {
            let drives: Vec<String> = control
                .drives
                .iter()
                .map(|d| match (&d.property, &d.problem) {
                    (Some(property), _) => format!("{} > {} > {property}", d.composition, d.layer),
                    (None, problem) => problem.clone().unwrap_or_default(),
                })
                .collect();
            let indent = "  ".repeat(control.depth);
            rows.push(vec![
                format!("{indent}{}", control.name),
                control.kind.to_owned(),
                drives.join(", "),
            ]);
        }
    }
    rows
}

fn texts(report: &Report) -> Vec<Vec<String>> {
    let row = |t: &filmpress_inspect::report::TextReport| {
        let frame = t
            .text_box
            .map_or_else(String::new, |b| format!(", box {}x{}", round(b.width), round(b.height)));
        let mut line = shown(&t.text);
        if !t.without_glyph.is_empty() {
            line += &format!("  (no glyph for {})", t.without_glyph);
        }
        vec![
            format!("{} > {}", t.composition, t.layer),
            format!("{} {}{frame}", t.font, round(t.font_size)),
            line,
        ]
    };
    report.texts.iter().map(row).collect()
}

fn font(paper: Paper, f: &FontReport) -> Vec<String> {
    let state = match f.state {
        FontState::Present if f.in_template => "in the template".to_owned(),
        FontState::Present => "present".to_owned(),
        FontState::Carried => "outlines in the template".to_owned(),
        FontState::Substituted => paper.fair(&format!("substituted by {}", f.face.as_deref().unwrap_or("another"))),
        FontState::Missing => paper.bad("missing"),
    };
    let lacks = if f.without_glyph.is_empty() {
        String::new()
    } else {
        format!("  no glyph for {}", f.without_glyph)
    };
    vec![f.name.clone(), count(f.layers, "layer"), format!("{state}{lacks}")]
}

fn footage(report: &Report, paper: Paper) -> Vec<Vec<String>> {
    let row = |f: &filmpress_inspect::report::FootageReport| {
        let mut about = f.kind.to_owned();
        if f.width > 0 {
            about += &format!(", {}x{}", f.width, f.height);
        }
        if f.duration > 0.0 {
            about += &format!(", {} s", round(f.duration));
        }
        if f.frame_rate > 0.0 {
            about += &format!(", {} fps", round(f.frame_rate));
        }
        let state = match (f.found, &f.problem) {
            (true, None) => match &f.found_at {
                Some(at) => format!("found: {at}"),
                None => "in the template".to_owned(),
            },
            (true, Some(problem)) => paper.bad(problem),
            (false, problem) => paper.bad(&format!("missing: {}", problem.as_deref().unwrap_or("no file"))),
        };
        vec![f.name.clone(), about, count(f.layers, "layer"), state]
    };
    report.footage.iter().map(row).collect()
}

/// Effects by match name: what becomes of them and how often they are used.
fn effects(list: &[EffectReport], paper: Paper) -> Vec<Vec<String>> {
    let mut by_name: BTreeMap<&str, (usize, &EffectReport)> = BTreeMap::new();
    for effect in list {
        by_name.entry(&effect.match_name).or_insert((0, effect)).0 += 1;
    }
    let row = |(match_name, (uses, effect)): (&str, (usize, &EffectReport))| {
        let support = match effect.support {
            "supported" => paper.good(effect.support),
            "approximate" => paper.fair(effect.support),
            other => paper.bad(other),
        };
        vec![effect.name.clone(), match_name.to_owned(), count(uses, "use"), support]
    };
    by_name.into_iter().map(row).collect()
}

fn expressions(report: &Report) -> Vec<Vec<String>> {
    let row = |e: &filmpress_inspect::report::ExpressionReport| {
        let first = e.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let off = if e.enabled { "" } else { " (off)" };
        let mut uses = e.functions.join(", ");
        if !e.unknown.is_empty() {
            uses += &format!("; unknown: {}", e.unknown.join(", "));
        }
        vec![
            format!("{} > {}", e.composition, e.layer),
            format!("{}{off}", e.property),
            uses,
            shown(first.trim()),
        ]
    };
    report.expressions.iter().map(row).collect()
}

fn warnings(report: &Report) -> Vec<Vec<String>> {
    let row = |w: &filmpress_inspect::report::WarningReport| {
        let place = if w.place.is_empty() {
            String::new()
        } else {
            format!("{}: ", w.place)
        };
        vec![w.kind.to_owned(), format!("{place}{}", w.message)]
    };
    report.warnings.iter().map(row).collect()
}

fn section(out: &mut String, paper: Paper, title: &str, rows: &[Vec<String>]) {
    if !rows.is_empty() {
        *out += &format!("\n{}\n{}", paper.bold(title), table(paper, rows));
    }
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// The first names of a list.
fn some(names: &[&str]) -> String {
    let mut line = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if names.len() > NAMED {
        line += &format!(" and {} more", names.len() - NAMED);
    }
    line
}

/// The beginning of a text, in quotes.
fn shown(text: &str) -> String {
    let first: String = text.chars().take(MAX_SHOWN).collect();
    let more = if text.chars().nth(MAX_SHOWN).is_some() {
        "..."
    } else {
        ""
    };
    format!("{first:?}{more}")
}

/// At most three decimals, none where they are zeros.
fn round(x: f64) -> f64 {
    (x * 1000.0).round() / 1000.0 + 0.0
}
