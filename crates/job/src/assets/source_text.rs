//! Text documents as jobs change them: the text, and members of the style such as `fontSize`.

use std::sync::Arc;

use filmpress_composition::{Caps, CharacterStyle, Justification, Property, TextDocument, Value};
use serde_json::Value as Json;

use super::AssetError;
use super::property::At;
use super::value::{color, one_number};

/// Longest text a job may set, in characters.
const MAX_TEXT: usize = 100_000;

/// The members a path may end in, by After Effects' names.
pub(super) const MEMBERS: &[&str] = &[
    "text",
    "font",
    "fontSize",
    "fillColor",
    "applyFill",
    "strokeColor",
    "applyStroke",
    "strokeWidth",
    "strokeOverFill",
    "tracking",
    "leading",
    "autoLeading",
    "baselineShift",
    "horizontalScale",
    "verticalScale",
    "fauxBold",
    "fauxItalic",
    "allCaps",
    "smallCaps",
    "justification",
];

/// Replaces the text in every document of the property, keyframes included; looks stay.
/// An object sets members: `{"text": "Hello", "fontSize": 80}`.
pub(super) fn set_text(property: &mut Property, new: &Json, at: &At<'_>) -> Result<(), AssetError> {
    if let Json::Object(members) = new {
        for (member, value) in members {
            if !set_member(property, member, value, at)? {
                return Err(at.wrong(format!("a text, or an object of {}", MEMBERS.join(", ")), new));
            }
        }
        return Ok(());
    }
    let text = text(new, at)?;
    edit(property, |document| document.set_text(&text));
    Ok(())
}

/// Sets a member in every document of the property; false when there is no such member.
pub(super) fn set_member(property: &mut Property, member: &str, new: &Json, at: &At<'_>) -> Result<bool, AssetError> {
    let number = || one_number(new).ok_or_else(|| at.wrong(format!("a number for `{member}`"), new));
    let flag = || {
        new.as_bool()
            .ok_or_else(|| at.wrong(format!("true or false for `{member}`"), new))
    };
    let rgba = || color(new).ok_or_else(|| at.wrong(format!("[r, g, b] from 0 to 1 for `{member}`"), new));
    match member {
        "text" => {
            let text = text(new, at)?;
            edit(property, |document| document.set_text(&text));
        }
        "font" => {
            let font = new.as_str().filter(|name| !name.is_empty());
            let font = font.ok_or_else(|| at.wrong("a font's PostScript name", new))?;
            style(property, |style| {
                font.clone_into(&mut style.font);
                style.font_family.clear();
                style.font_style.clear();
            });
        }
        "fontSize" => {
            let size = number()?.clamp(0.1, 1296.0);
            style(property, |style| style.size = size);
        }
        "fillColor" => {
            let rgba = rgba()?;
            style(property, |style| style.fill = Some(rgba));
        }
        "applyFill" => {
            let on = flag()?;
            style(property, |s| {
                s.fill = if on {
                    s.fill.or(Some([0.0, 0.0, 0.0, 1.0]))
                } else {
                    None
                }
            });
        }
        "strokeColor" => {
            let rgba = rgba()?;
            style(property, |style| style.stroke = Some(rgba));
        }
        "applyStroke" => {
            let on = flag()?;
            style(property, |s| {
                s.stroke = if on {
                    s.stroke.or(Some([0.0, 0.0, 0.0, 1.0]))
                } else {
                    None
                }
            });
        }
        "strokeWidth" => {
            let width = number()?.clamp(0.0, 1000.0);
            style(property, |style| style.stroke_width = width);
        }
        "strokeOverFill" => {
            let on = flag()?;
            style(property, |style| style.stroke_over_fill = on);
        }
        "tracking" => {
            let tracking = number()?;
            style(property, |style| style.tracking = tracking);
        }
        "leading" => {
            let leading = number()?;
            style(property, |style| style.leading = Some(leading));
        }
        "autoLeading" => {
            let on = flag()?;
            style(property, |s| {
                s.leading = if on { None } else { s.leading.or(Some(s.size * 1.2)) }
            });
        }
        "baselineShift" => {
            let shift = number()?;
            style(property, |style| style.baseline_shift = shift);
        }
        "horizontalScale" => {
            let scale = number()?;
            style(property, |style| style.horizontal_scale = scale);
        }
        "verticalScale" => {
            let scale = number()?;
            style(property, |style| style.vertical_scale = scale);
        }
        "fauxBold" => {
            let on = flag()?;
            style(property, |style| style.faux_bold = on);
        }
        "fauxItalic" => {
            let on = flag()?;
            style(property, |style| style.faux_italic = on);
        }
        "allCaps" | "smallCaps" => {
            let caps = match (flag()?, member) {
                (false, _) => Caps::Normal,
                (true, "allCaps") => Caps::All,
                (true, _) => Caps::Small,
            };
            style(property, |style| style.caps = caps);
        }
        "justification" => {
            let justification = justification(new).ok_or_else(|| {
                at.wrong(
                    "a justification: left, right, center, or After Effects' LEFT_JUSTIFY and so on",
                    new,
                )
            })?;
            edit(property, |document| {
                if document.paragraphs.is_empty() {
                    document.paragraphs.push(filmpress_composition::ParagraphRun {
                        length: document.text.chars().count(),
                        style: filmpress_composition::ParagraphStyle::default(),
                    });
                }
                for run in &mut document.paragraphs {
                    run.style.justification = justification;
                }
            });
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn text(json: &Json, at: &At<'_>) -> Result<String, AssetError> {
    match json {
        Json::String(text) if text.chars().count() > MAX_TEXT => {
            Err(at.wrong(format!("at most {MAX_TEXT} characters"), json))
        }
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => Ok(number.to_string()),
        _ => Err(at.wrong("a text", json)),
    }
}

fn edit(property: &mut Property, change: impl Fn(&mut TextDocument)) {
    let values = property.keyframes.iter_mut().map(|key| &mut key.value);
    for value in values.chain([&mut property.value]) {
        if let Value::Text(document) = value {
            change(Arc::make_mut(document));
        }
    }
}

fn style(property: &mut Property, change: impl Fn(&mut CharacterStyle)) {
    edit(property, |document| {
        if document.runs.is_empty() {
            document.runs.push(filmpress_composition::StyleRun {
                length: document.text.chars().count(),
                style: CharacterStyle::default(),
            });
        }
        for run in &mut document.runs {
            change(&mut run.style);
        }
    });
}

/// By After Effects' names (with or without `ParagraphJustification.`), its numbers, or plain `left`, `center`, ...
fn justification(json: &Json) -> Option<Justification> {
    let name = match json {
        Json::Number(number) => {
            return Some(match number.as_u64()? {
                7413 => Justification::Left,
                7414 => Justification::Right,
                7415 => Justification::Center,
                7416 => Justification::FullLastLeft,
                7417 => Justification::FullLastRight,
                7418 => Justification::FullLastCenter,
                7419 => Justification::Full,
                _ => return None,
            });
        }
        Json::String(name) => name.trim().to_ascii_uppercase(),
        _ => return None,
    };
    Some(match name.strip_prefix("PARAGRAPHJUSTIFICATION.").unwrap_or(&name) {
        "LEFT" | "LEFT_JUSTIFY" => Justification::Left,
        "RIGHT" | "RIGHT_JUSTIFY" => Justification::Right,
        "CENTER" | "CENTER_JUSTIFY" => Justification::Center,
        "FULL_JUSTIFY_LASTLINE_LEFT" => Justification::FullLastLeft,
        "FULL_JUSTIFY_LASTLINE_RIGHT" => Justification::FullLastRight,
        "FULL_JUSTIFY_LASTLINE_CENTER" => Justification::FullLastCenter,
        "FULL" | "FULL_JUSTIFY_LASTLINE_FULL" => Justification::Full,
        _ => return None,
    })
}
