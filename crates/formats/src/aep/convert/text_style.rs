//! The looks of a text's runs, the settings of its paragraphs and its box.

use filmpress_composition::{
    AutoFit, BoxAlignment, Caps, CharacterStyle, FirstBaseline, Justification, LineJoin, ParagraphStyle, Script,
    TextBox,
};

use super::cos::Cos;

/// A style of a run, and the document's default for what it leaves out.
pub(super) struct Style<'a>(pub Option<&'a Cos>, pub Option<&'a Cos>);

impl Style<'_> {
    pub fn find(&self, path: &str) -> Option<&Cos> {
        self.0
            .and_then(|cos| cos.find(path))
            .or_else(|| self.1.and_then(|cos| cos.find(path)))
    }

    pub fn number(&self, path: &str) -> Option<f64> {
        self.find(path).and_then(Cos::number)
    }

    pub fn number_or(&self, path: &str, default: f64) -> f64 {
        self.number(path).unwrap_or(default)
    }

    pub fn bool(&self, path: &str) -> Option<bool> {
        self.find(path).and_then(Cos::bool)
    }

    /// A paint's colour, alpha first in the file.
    fn color(&self, path: &str) -> Option<[f64; 4]> {
        match self.find(path)?.array("0.1") {
            [a, r, g, b] => Some([r.number()?, g.number()?, b.number()?, a.number()?]),
            _ => None,
        }
    }
}

/// Size and shift of superscript and subscript, as parts of the font size: the document's own settings.
pub(super) struct Scripts {
    superscript: (f64, f64),
    subscript: (f64, f64),
}

impl Scripts {
    pub fn of(cos: &Cos) -> Self {
        let setting = |key: &str, default: f64| cos.find(key).and_then(Cos::number).unwrap_or(default);
        Self {
            superscript: (setting("1.0.3", 0.583), setting("1.0.4", 0.333)),
            subscript: (setting("1.0.5", 0.583), -setting("1.0.6", 0.333)),
        }
    }
}

pub(super) fn character_style(style: &Style<'_>, fonts: &[&str], scripts: &Scripts) -> CharacterStyle {
    let default = CharacterStyle::default();
    let font = style.number("0").and_then(|index| fonts.get(index as usize));
    let size = style.number_or("1", default.size);
    let automatic = style.bool("4").unwrap_or(true);
    let (script, (script_size, script_shift)) = match style.number_or("13", 0.0) as i64 {
        1 => (Script::Superscript, scripts.superscript),
        2 => (Script::Subscript, scripts.subscript),
        _ => (Script::Normal, (1.0, 0.0)),
    };
    CharacterStyle {
        font: font.map(|f| (*f).to_owned()).unwrap_or_default(),
        size: size * script_size,
        leading: style.number("5").filter(|_| !automatic),
        tracking: style.number_or("8", 0.0),
        baseline_shift: style.number_or("9", 0.0) + size * script_shift,
        horizontal_scale: style.number_or("6", 1.0),
        vertical_scale: style.number_or("7", 1.0),
        faux_bold: style.bool("2").unwrap_or(false),
        faux_italic: style.bool("3").unwrap_or(false),
        caps: match style.number_or("12", 0.0) as i64 {
            1 | 3 => Caps::Small,
            2 => Caps::All,
            _ => Caps::Normal,
        },
        kerning: style.number_or("11", 1.0) != 0.0,
        ligatures: style.bool("18").unwrap_or(false),
        fill: style
            .bool("56")
            .unwrap_or(true)
            .then(|| style.color("53").unwrap_or([0.0, 0.0, 0.0, 1.0])),
        stroke: style
            .bool("57")
            .unwrap_or(false)
            .then(|| style.color("54").unwrap_or([0.0, 0.0, 0.0, 1.0])),
        stroke_width: style.number_or("63", default.stroke_width),
        stroke_over_fill: style.bool("58").unwrap_or(false),
        stroke_join: match style.number_or("62", 0.0) as i64 {
            1 => LineJoin::Round,
            2 => LineJoin::Bevel,
            _ => LineJoin::Miter,
        },
        script,
        no_break: style.bool("52").unwrap_or(false),
        tsume: style.number_or("36", 0.0),
        ..default
    }
}

pub(super) fn paragraph_style(style: &Style<'_>) -> ParagraphStyle {
    ParagraphStyle {
        justification: match style.number_or("0", 0.0) as i64 {
            1 => Justification::Right,
            2 => Justification::Center,
            3 => Justification::FullLastLeft,
            4 => Justification::FullLastRight,
            5 => Justification::FullLastCenter,
            6 => Justification::Full,
            _ => Justification::Left,
        },
        first_line_indent: style.number_or("1", 0.0),
        start_indent: style.number_or("2", 0.0),
        end_indent: style.number_or("3", 0.0),
        space_before: style.number_or("4", 0.0),
        space_after: style.number_or("5", 0.0),
        auto_leading: style.number_or("7", 1.2),
        right_to_left: style.number_or("33", 0.0) == 1.0,
        top_to_top_leading: style.number_or("8", 0.0) == 1.0,
        hyphenate: style.bool("9").unwrap_or(false),
        hanging_punctuation: style.bool("21").unwrap_or(false),
        every_line_composer: style.bool("29").unwrap_or(false),
    }
}

/// The box of paragraph text: the bounds of its outline's points, and its settings.
pub(super) fn text_box(frame: &Cos) -> Option<TextBox> {
    let setting = |key: &str| frame.find(key).and_then(Cos::number).unwrap_or(0.0);
    let numbers: Vec<f64> = frame.array("1.0").iter().filter_map(Cos::number).collect();
    let ([x, y], rest) = numbers.split_first_chunk::<2>()?;
    let (mut left, mut right, mut top, mut bottom) = (*x, *x, *y, *y);
    for point in rest.chunks_exact(2) {
        if let [x, y] = point {
            (left, right) = (left.min(*x), right.max(*x));
            (top, bottom) = (top.min(*y), bottom.max(*y));
        }
    }
    Some(TextBox {
        left,
        top,
        width: right - left,
        height: bottom - top,
        alignment: match setting("2.13") as i64 {
            1 => BoxAlignment::Center,
            2 => BoxAlignment::Bottom,
            3 => BoxAlignment::Justify,
            _ => BoxAlignment::Top,
        },
        inset: setting("2.9"),
        first_baseline: match frame.find("2.10.0").and_then(Cos::number) {
            Some(number) => first_baseline(number as i64),
            None => FirstBaseline::default(),
        },
        first_baseline_minimum: setting("2.10.1"),
        auto_fit: match setting("2.14") as i64 {
            1 => AutoFit::HeightCursor,
            2 => AutoFit::HeightPreciseBounds,
            3 => AutoFit::HeightBaseline,
            _ => AutoFit::None,
        },
    })
}

fn first_baseline(number: i64) -> FirstBaseline {
    match number {
        0 => FirstBaseline::MinimumRoman,
        2 => FirstBaseline::CapHeight,
        3 => FirstBaseline::Leading,
        4 => FirstBaseline::XHeight,
        5 => FirstBaseline::EmBox,
        6 => FirstBaseline::LegacyMetric,
        7 => FirstBaseline::MinimumAsian,
        8 => FirstBaseline::TypoAscent,
        _ => FirstBaseline::Ascent,
    }
}
