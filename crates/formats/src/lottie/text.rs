//! Text layers: fonts, documents, path options.

use std::sync::Arc;

use crate::json::Value as Json;
use filmpress_composition::ValueType::{self, OneD};
use filmpress_composition::schema::{SOURCE_TEXT, TEXT};
use filmpress_composition::{
    Caps, CharacterStyle, Group, Interpolation, Justification, Keyframe, Kind, ParagraphRun, ParagraphStyle, Property,
    StyleRun, TextBox, TextDocument, Value,
};

use super::json::{self, Object};
use super::reader::Reader;
use crate::limits::MAX_TEXT;

/// A font of the file's list.
#[derive(Clone, Debug, Default)]
pub(super) struct Font {
    family: String,
    style: String,
    ascent: Option<f64>,
}

impl Reader<'_> {
    /// Reads the file's list of fonts.
    pub fn font_list(&mut self, root: &Object) {
        let Some(fonts) = root.get("fonts").and_then(Json::as_object) else {
            return;
        };
        for font in self.objects(fonts, "list") {
            if let Some(name) = json::name(font, "fName") {
                let font = Font {
                    family: json::name(font, "fFamily").unwrap_or_default(),
                    style: json::name(font, "fStyle").unwrap_or_default(),
                    ascent: self.number(font, "ascent").filter(|a| *a > 0.0).map(|a| a / 100.0),
                };
                self.fonts.insert(name, font);
            }
        }
    }

    /// The text group of a text layer.
    pub fn text(&mut self, layer: &Object) -> Group {
        let mut group = Group::new(TEXT, "");
        let Some(t) = layer.get("t").and_then(Json::as_object) else {
            self.warn(Kind::Malformed, "a text layer without text");
            return group;
        };
        group.children.extend(self.source_text(t.get("d")).map(Into::into));
        if let Some(p) = t.get("p").and_then(Json::as_object).filter(|p| !p.is_empty()) {
            group.children.push(self.path_options(p).into());
        }
        if let Some(m) = t.get("m").and_then(Json::as_object) {
            let mut more = Group::new("ADBE Text More Options", "");
            let grouping = self.numeric(m.get("g"), "ADBE Text Anchor Point Option", OneD, &[]);
            let alignment = self.numeric(m.get("a"), "ADBE Text Anchor Point Align", ValueType::TwoD, &[]);
            more.children
                .extend([grouping, alignment].into_iter().flatten().map(Into::into));
            group.children.push(more.into());
        }
        let mut animators = Group::new("ADBE Text Animators", "");
        for (index, animator) in self.objects(t, "a").into_iter().enumerate() {
            let name = json::name(animator, "nm").unwrap_or_else(|| format!("Animator {}", index + 1));
            let animator = self.within(&name, |reader| reader.text_animator(animator, &name));
            animators.children.push(animator.into());
        }
        group.children.push(animators.into());
        group
    }

    fn source_text(&mut self, d: Option<&Json>) -> Option<Property> {
        let (d, slot) = self.in_slot(d?);
        let content = d.get("k").unwrap_or(d);
        let mut keyframes = Vec::new();
        let keys = match content {
            Json::Array(list) => list.iter().filter_map(Json::as_object).collect(),
            Json::Object(o) => vec![o],
            other => {
                self.malformed("t.d.k", other, "a list of keyframes");
                Vec::new()
            }
        };
        for key in keys {
            // The first files put the document where later ones put its keyframe.
            let (document, frame) = match key.get("s") {
                Some(Json::Object(document)) => (document, self.number(key, "t").unwrap_or(0.0)),
                _ => (key, 0.0),
            };
            let value = Value::Text(Arc::new(self.document(document)));
            let mut keyframe = Keyframe::linear(self.clock.layer_time(frame), value);
            keyframe.interpolation_in = Interpolation::Hold;
            keyframe.interpolation_out = Interpolation::Hold;
            keyframes.push(keyframe);
        }
        keyframes.sort_by(|a, b| a.time.total_cmp(&b.time));
        let value = keyframes.first()?.value.clone();
        let mut property = Property::new(SOURCE_TEXT, "", ValueType::TextDocument, value);
        if keyframes.len() > 1 {
            property.keyframes = keyframes;
        }
        property.slot = slot;
        let expression = d.get("x").and_then(Json::as_str).filter(|text| !text.trim().is_empty());
        property.expression = expression.map(|text| filmpress_composition::Expression {
            text: text.replace("\r\n", "\n").replace('\r', "\n"),
            enabled: true,
        });
        Some(property)
    }

    fn document(&mut self, s: &Object) -> TextDocument {
        let mut text = json::text(s, "t")
            .unwrap_or_default()
            .replace("\r\n", "\r")
            .replace('\n', "\r");
        let mut length = text.chars().count();
        if length > MAX_TEXT {
            text = text.chars().take(MAX_TEXT).collect();
            length = MAX_TEXT;
            self.warn(Kind::Limit, format!("the text is cut to {MAX_TEXT} characters"));
        }
        let default = CharacterStyle::default();
        let font = json::name(s, "f").unwrap_or_default();
        let listed = self.fonts.get(&font).cloned().unwrap_or_default();
        let style = CharacterStyle {
            font_family: listed.family,
            font_style: listed.style,
            ascent: listed.ascent,
            font,
            size: self.number(s, "s").unwrap_or(default.size),
            leading: self.number(s, "lh").filter(|lh| *lh > 0.0),
            tracking: self.number(s, "tr").unwrap_or(0.0),
            baseline_shift: self.number(s, "ls").unwrap_or(0.0),
            caps: match self.number(s, "ca").unwrap_or(0.0) as i64 {
                1 => Caps::All,
                2 => Caps::Small,
                _ => Caps::Normal,
            },
            fill: self.paint_color(s, "fc"),
            stroke: self.paint_color(s, "sc"),
            stroke_width: self.number(s, "sw").unwrap_or(default.stroke_width),
            stroke_over_fill: json::flag(s, "of"),
            ..default
        };
        let paragraph = ParagraphStyle {
            justification: match self.number(s, "j").unwrap_or(0.0) as i64 {
                1 => Justification::Right,
                2 => Justification::Center,
                3 => Justification::FullLastLeft,
                4 => Justification::FullLastRight,
                5 => Justification::FullLastCenter,
                6 => Justification::Full,
                _ => Justification::Left,
            },
            ..ParagraphStyle::default()
        };
        let frame = s.get("sz").and_then(json::point).map(|[width, height]| {
            let [left, top] = s.get("ps").and_then(json::point).unwrap_or([0.0; 2]);
            TextBox {
                left,
                top,
                width,
                height,
                ..TextBox::default()
            }
        });
        TextDocument {
            text,
            runs: vec![StyleRun { length, style }],
            paragraphs: vec![ParagraphRun {
                length,
                style: paragraph,
            }],
            frame,
            is_vertical: false,
        }
    }

    /// A colour of a document: red, green, blue.
    fn paint_color(&mut self, s: &Object, key: &str) -> Option<[f64; 4]> {
        let value = s.get(key).filter(|v| !v.is_null())?;
        let mut numbers = match value {
            Json::String(text) => hex_color(text).map(Vec::from),
            other => json::numbers(other.get("k").unwrap_or(other)),
        };
        if numbers.is_none() {
            self.malformed(key, value, "a colour");
        }
        let numbers = numbers.as_mut()?;
        if numbers.iter().any(|c| *c > 2.0) {
            for c in numbers.iter_mut() {
                *c /= 255.0;
            }
        }
        match numbers.as_slice() {
            [r, g, b, ..] => Some([*r, *g, *b, 1.0]),
            _ => None,
        }
    }

    fn path_options(&mut self, p: &Object) -> Group {
        let mut group = Group::new("ADBE Text Path Options", "");
        if let Some(mask) = self.number(p, "m").filter(|m| *m >= 0.0) {
            let value = Value::Mask(Some(mask as u32 + 1));
            group
                .children
                .push(Property::new("ADBE Text Path", "", ValueType::Mask, value).into());
        }
        for (key, match_name, name) in [
            ("r", "ADBE Text Reverse Path", "Reverse Path"),
            ("p", "ADBE Text Perpendicular To Path", "Perpendicular To Path"),
            ("a", "ADBE Text Force Align Path", "Force Alignment"),
            ("f", "ADBE Text First Margin", "First Margin"),
            ("l", "ADBE Text Last Margin", "Last Margin"),
        ] {
            if let Some(mut property) = self.numeric(p.get(key), match_name, OneD, &[]) {
                property.name = name.into();
                group.children.push(property.into());
            }
        }
        group
    }
}

/// `#rrggbb` or `#rgb` to red, green, blue 0..1.
pub(super) fn hex_color(text: &str) -> Option<[f64; 3]> {
    let hex = text.trim().strip_prefix('#').unwrap_or(text.trim());
    let channel = |part: &str, full: f64| u8::from_str_radix(part, 16).ok().map(|n| f64::from(n) / full);
    if !hex.is_ascii() {
        return None;
    }
    match hex.len() {
        3 => Some([
            channel(hex.get(0..1)?, 15.0)?,
            channel(hex.get(1..2)?, 15.0)?,
            channel(hex.get(2..3)?, 15.0)?,
        ]),
        6 | 8 => Some([
            channel(hex.get(0..2)?, 255.0)?,
            channel(hex.get(2..4)?, 255.0)?,
            channel(hex.get(4..6)?, 255.0)?,
        ]),
        _ => None,
    }
}
