//! Text documents (`btds`): the blob of the text engine (`btdk`) holds the documents of all keyframes.

use std::sync::Arc;

use filmpress_composition::{
    BoxAlignment, Caps, CharacterStyle, Justification, Kind, LineJoin, ParagraphRun, ParagraphStyle, Property,
    StyleRun, TextBox, TextDocument, Value, ValueType,
};

use super::cos::{self, Cos};
use super::keyframes::Axis;
use super::notes::Notes;
use super::property;
use crate::aep::raw::Chunk;
use crate::limits::MAX_TEXT;

/// A `Source Text` property.
pub(super) fn convert(list: &Chunk<'_>, match_name: &str, notes: &mut Notes) -> Property {
    let blob = list.child_list(*b"btdk").map_or(&[][..], |c| &c.data);
    let documents = match cos::parse(blob) {
        Ok(cos) => documents(&cos, notes),
        Err(fault) => {
            notes.warn(Kind::Malformed, format!("its text cannot be read: {fault}"));
            Vec::new()
        }
    };
    let values = documents.into_iter().map(|d| Value::Text(Arc::new(d))).collect();
    property::listed(
        list.child_list(*b"tdbs"),
        match_name,
        ValueType::TextDocument,
        values,
        Axis::Steps,
    )
}

fn documents(cos: &Cos, notes: &mut Notes) -> Vec<TextDocument> {
    let fonts: Vec<&str> = cos
        .array("0.1.0")
        .iter()
        .map(|font| font.find("0.0.0").and_then(Cos::text).unwrap_or_default())
        .collect();
    let frame = cos.find("0.8.0.0.0").and_then(text_box);
    let (character, paragraph) = (cos.find("1.2"), cos.find("1.3"));
    cos.array("1.1")
        .iter()
        .map(|document| {
            let mut text = document.find("0.0").and_then(Cos::text).unwrap_or_default();
            // Every text ends with one more paragraph end than it has.
            text = text.strip_suffix('\r').unwrap_or(text);
            let mut kept = text;
            if let Some((end, _)) = text.char_indices().nth(MAX_TEXT) {
                notes.warn(
                    Kind::Limit,
                    format!("the text is longer than {MAX_TEXT} characters and was cut"),
                );
                kept = text.get(..end).unwrap_or_default();
            }
            let lengths = Lengths::of(kept);
            TextDocument {
                runs: runs(document.array("0.6.0"), &lengths, |run| {
                    character_style(&Style(run.find("0.0.6"), character), &fonts)
                })
                .map(|(length, style)| StyleRun { length, style })
                .collect(),
                paragraphs: runs(document.array("0.5.0"), &lengths, |run| {
                    paragraph_style(&Style(run.find("0.0.5"), paragraph))
                })
                .map(|(length, style)| ParagraphRun { length, style })
                .collect(),
                text: kept.to_owned(),
                frame,
                is_vertical: false,
            }
        })
        .collect()
}

/// Where each character ends, counted in the UTF-16 units the file counts in.
struct Lengths(Vec<usize>);

impl Lengths {
    fn of(text: &str) -> Self {
        let ends = text.chars().scan(0, |end, c| {
            *end += c.len_utf16();
            Some(*end)
        });
        Self(ends.collect())
    }

    /// How many characters end at or before this many units.
    fn characters(&self, units: usize) -> usize {
        self.0.partition_point(|end| *end <= units)
    }
}

/// Runs with their length in characters; those past the text (its closing paragraph end) are dropped.
fn runs<'a, T>(
    list: &'a [Cos],
    lengths: &'a Lengths,
    style: impl Fn(&'a Cos) -> T + 'a,
) -> impl Iterator<Item = (usize, T)> + 'a {
    let mut units = 0usize;
    let mut before = 0;
    list.iter().enumerate().filter_map(move |(i, run)| {
        let length = run.find("1").and_then(Cos::number).unwrap_or(0.0).max(0.0);
        units = units.saturating_add(length as usize);
        let end = lengths.characters(units);
        let length = end - before;
        before = end;
        // An empty text still has its first run's look.
        (length > 0 || i == 0).then(|| (length, style(run)))
    })
}

/// A style of a run, and the document's default for what it leaves out.
struct Style<'a>(Option<&'a Cos>, Option<&'a Cos>);

impl Style<'_> {
    fn find(&self, path: &str) -> Option<&Cos> {
        self.0
            .and_then(|cos| cos.find(path))
            .or_else(|| self.1.and_then(|cos| cos.find(path)))
    }

    fn number(&self, path: &str) -> Option<f64> {
        self.find(path).and_then(Cos::number)
    }

    fn number_or(&self, path: &str, default: f64) -> f64 {
        self.number(path).unwrap_or(default)
    }

    fn bool(&self, path: &str) -> Option<bool> {
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

/// Size and shift After Effects gives superscript and subscript, as parts of the font size.
const SCRIPT_SIZE: f64 = 0.583;
const SCRIPT_SHIFT: f64 = 0.333;

fn character_style(style: &Style<'_>, fonts: &[&str]) -> CharacterStyle {
    let default = CharacterStyle::default();
    let font = style.number("0").and_then(|index| fonts.get(index as usize));
    let size = style.number_or("1", default.size);
    let automatic = style.bool("4").unwrap_or(true);
    let script = style.number_or("13", 0.0);
    let (script_size, script_shift) = match script as i64 {
        1 => (SCRIPT_SIZE, SCRIPT_SHIFT),
        2 => (SCRIPT_SIZE, -SCRIPT_SHIFT),
        _ => (1.0, 0.0),
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
        ..default
    }
}

fn paragraph_style(style: &Style<'_>) -> ParagraphStyle {
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
        ..ParagraphStyle::default()
    }
}

/// The box of paragraph text: the bounds of its outline's points.
fn text_box(frame: &Cos) -> Option<TextBox> {
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
        alignment: match frame.find("2.13").and_then(Cos::number).unwrap_or(0.0) as i64 {
            1 => BoxAlignment::Center,
            2 => BoxAlignment::Bottom,
            _ => BoxAlignment::Top,
        },
        ..TextBox::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOB: &str = "/0 << /1 << /0 [ << /0 << /0 << /0 (NotoSans-Bold) >> >> >> ] >> >> \
        /1 << /1 [ << /0 << /0 (\u{0}TEXT) \
          /5 << /0 [ << /0 << /0 << /5 << /0 2 >> >> >> /1 99 >> ] >> \
          /6 << /0 [ << /0 << /0 << /6 << /0 0 /1 72 /4 false /5 80 /53 << /0 << /1 [ 1 .5 .25 0 ] >> >> >> >> >> /1 3 >> \
                     << /0 << /0 << /6 << /1 36 /57 true >> >> >> /1 3 >> ] >> >> >> ] \
          /2 << /8 -25 >> >>";

    fn read(text_utf16: &[u16]) -> TextDocument {
        let mut text = vec![0xFE, 0xFF];
        text.extend(text_utf16.iter().flat_map(|u| u.to_be_bytes()));
        let [before, after] = BLOB.split("\u{0}TEXT").collect::<Vec<_>>().try_into().unwrap();
        let blob = [before.as_bytes(), &text, after.as_bytes()].concat();
        documents(&cos::parse(&blob).unwrap(), &mut Notes::default()).remove(0)
    }

    #[test]
    fn runs_are_counted_in_characters() {
        // An emoji of two units, a letter, two letters, the closing paragraph end.
        let document = read(&[0xD83D, 0xDE00, 0x61, 0x62, 0x63, 0x0D]);
        assert_eq!(document.text, "\u{1F600}abc");
        assert_eq!(document.runs.iter().map(|r| r.length).collect::<Vec<_>>(), [2, 2]);
        let (first, second) = (&document.runs[0].style, &document.runs[1].style);
        assert_eq!(
            (first.font.as_str(), first.size, first.leading),
            ("NotoSans-Bold", 72.0, Some(80.0))
        );
        assert_eq!(first.fill, Some([0.5, 0.25, 0.0, 1.0]));
        assert_eq!(first.stroke, None);
        assert_eq!((second.size, second.leading, second.tracking), (36.0, None, -25.0));
        assert!(second.stroke.is_some());
        assert_eq!(document.paragraphs[0].style.justification, Justification::Center);
        assert_eq!(document.paragraphs[0].length, 4);
        assert_eq!(document.frame, None);
    }

    #[test]
    fn an_empty_text_keeps_its_look() {
        let document = read(&[0x0D]);
        assert_eq!(document.text, "");
        assert_eq!(document.runs.len(), 1);
        assert_eq!(document.runs[0].style.size, 72.0);
    }

    #[test]
    fn a_box_is_the_bounds_of_its_outline() {
        let cos = cos::parse(b"/1 << /0 [ -10 -20 0 0 30 -20 30 5 -10 5 ] >> /2 << /13 2 >>").unwrap();
        let frame = text_box(&cos).unwrap();
        assert_eq!(
            (frame.left, frame.top, frame.width, frame.height),
            (-10.0, -20.0, 40.0, 25.0)
        );
        assert_eq!(frame.alignment, BoxAlignment::Bottom);
    }
}
