//! The texts.

use std::collections::BTreeSet;

use filmpress_composition::{
    BoxAlignment, CharacterStyle, Group, Justification, Layer, Property, TextDocument, Value, schema,
};

use super::{Gather, Listed, cut, number};
use crate::limits;
use crate::report::{RunReport, TextBoxReport, TextReport};

pub(super) fn list(gather: &Gather<'_>) -> Listed<TextReport> {
    let mut list = Listed::new(limits::ENTRIES);
    for (seen, index, layer) in gather.layers() {
        let Some((property, document)) = document(layer) else {
            continue;
        };
        if !list.has_room() {
            continue;
        }
        let style = document.first_style();
        let animators = layer
            .properties
            .group(schema::TEXT)
            .and_then(|g| g.group("ADBE Text Animators"));
        list.push(TextReport {
            composition: cut(&seen.item.name, limits::NAME),
            composition_id: seen.item.id.0,
            layer: cut(&layer.name, limits::NAME),
            layer_index: index,
            text: plain(&document.text),
            font: cut(&style.font, limits::NAME),
            font_size: number(style.size),
            fill: style.fill.map(|rgba| rgba.map(number)),
            justification: justification(document),
            text_box: document.frame.map(|frame| TextBoxReport {
                left: number(frame.left),
                top: number(frame.top),
                width: number(frame.width),
                height: number(frame.height),
                alignment: match frame.alignment {
                    BoxAlignment::Top => "top",
                    BoxAlignment::Center => "center",
                    BoxAlignment::Bottom => "bottom",
                    BoxAlignment::Justify => "justify",
                },
            }),
            vertical: document.is_vertical,
            runs: document
                .runs
                .iter()
                .take(limits::INNER)
                .map(|r| run(r.length, &r.style))
                .collect(),
            keyframes: property.keyframes.len(),
            has_expression: property.expression.as_ref().is_some_and(|e| e.enabled),
            animators: animators.map_or(0, |group| group.groups().count()),
            without_glyph: without_glyph(gather, document),
        });
    }
    list
}

fn run(length: usize, style: &CharacterStyle) -> RunReport {
    RunReport {
        length,
        font: cut(&style.font, limits::NAME),
        font_size: number(style.size),
        fill: style.fill.map(|rgba| rgba.map(number)),
        stroke: style.stroke.map(|rgba| rgba.map(number)),
        stroke_width: number(style.stroke_width),
        tracking: number(style.tracking),
        leading: style.leading.map(number),
    }
}

/// The `Source Text` of a layer and its document at the beginning.
pub(super) fn document(layer: &Layer) -> Option<(&Property, &TextDocument)> {
    let property = layer.properties.group(schema::TEXT)?.property(schema::SOURCE_TEXT)?;
    match property.keyframes.first().map_or(&property.value, |key| &key.value) {
        Value::Text(document) => Some((property, document)),
        _ => None,
    }
}

/// A document's text with line ends as JSON and people know them.
pub(super) fn plain(text: &str) -> String {
    cut(text, limits::TEXT).replace(['\r', '\u{3}'], "\n")
}

fn justification(document: &TextDocument) -> &'static str {
    match document
        .paragraphs
        .first()
        .map(|p| p.style.justification)
        .unwrap_or_default()
    {
        Justification::Left => "left",
        Justification::Right => "right",
        Justification::Center => "center",
        Justification::FullLastLeft => "fullLastLeft",
        Justification::FullLastRight => "fullLastRight",
        Justification::FullLastCenter => "fullLastCenter",
        Justification::Full => "full",
    }
}

/// The stretches of a document with their looks; characters left over have the last one.
pub(super) fn stretches(document: &TextDocument) -> Vec<(&str, CharacterStyle)> {
    let mut rest = document.text.as_str();
    let mut out = Vec::new();
    for (i, run) in document.runs.iter().enumerate() {
        let is_last = i + 1 == document.runs.len();
        let end = rest
            .char_indices()
            .nth(run.length)
            .filter(|_| !is_last)
            .map_or(rest.len(), |(at, _)| at);
        let (here, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if !here.is_empty() {
            out.push((here, run.style.clone()));
        }
        rest = after;
    }
    if !rest.is_empty() {
        out.push((rest, CharacterStyle::default()));
    }
    out
}

/// Characters of a document no font at hand has a glyph for.
fn without_glyph(gather: &Gather<'_>, document: &TextDocument) -> String {
    let mut missing = BTreeSet::new();
    for (text, style) in stretches(document) {
        missing.extend(gather.without_glyph(&style, text));
    }
    missing.into_iter().take(limits::INNER).collect()
}

/// Every text document of a layer, those of keyframes too.
pub(super) fn documents<'a>(layer: &'a Layer) -> impl Iterator<Item = &'a TextDocument> {
    let text: Option<&'a Group> = layer.properties.group(schema::TEXT);
    let property = text.and_then(|group| group.property(schema::SOURCE_TEXT));
    property.into_iter().flat_map(|p| {
        let keyed = p.keyframes.iter().map(|key| &key.value);
        let own = p.keyframes.is_empty().then_some(&p.value);
        keyed.chain(own).filter_map(|value| match value {
            Value::Text(document) => Some(&**document),
            _ => None,
        })
    })
}
