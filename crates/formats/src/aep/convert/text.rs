//! Text documents (`btds`): the blob of the text engine (`btdk`) holds the documents of all keyframes.

use std::sync::Arc;

use filmpress_composition::{Kind, ParagraphRun, Property, StyleRun, TextDocument, Value, ValueType};

use super::cos::{self, Cos};
use super::keyframes::Axis;
use super::notes::Notes;
use super::property;
use super::text_style::{Scripts, Style, character_style, paragraph_style, text_box};
use super::text_undrawn::Undrawn;
use crate::aep::raw::Chunk;
use crate::limits::{MAX_TEXT, cut_name};

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
        .map(|font| cut_name(font.find("0.0.0").and_then(Cos::text).unwrap_or_default()))
        .collect();
    let frame = cos.find("0.8.0.0.0");
    let is_vertical = frame.and_then(|f| f.find("2.1")).and_then(Cos::number).unwrap_or(0.0) != 0.0;
    let frame = frame.and_then(text_box);
    let (character, paragraph) = (cos.find("1.2"), cos.find("1.3"));
    let scripts = Scripts::of(cos);
    let mut undrawn = Undrawn::of(is_vertical);
    let documents = cos
        .array("1.1")
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
                    let style = Style(run.find("0.0.6"), character);
                    undrawn.look_at(&style);
                    character_style(&style, &fonts, &scripts)
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
                is_vertical,
            }
        })
        .collect();
    undrawn.look_at_whole(cos, frame);
    undrawn.warn(notes);
    documents
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
    mut style: impl FnMut(&'a Cos) -> T + 'a,
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

#[cfg(test)]
mod tests {
    use filmpress_composition::{AutoFit, BoxAlignment, FirstBaseline, Justification, Script};

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
    fn what_is_not_drawn_is_said_once() {
        let blob = "/0 << /8 << /0 [ << /0 << /1 << /0 [ 0 0 10 0 10 10 0 10 ] >> /2 << /1 1 /9 4 >> >> >> ] >> >> \
            /1 << /0 << /3 .5 /4 .25 >> /1 [ << /0 << /0 (AB) \
              /5 << /0 [ << /0 << /0 << /5 << /8 1 /9 true /21 true /29 true /33 1 >> >> >> /1 3 >> ] >> \
              /6 << /0 [ << /0 << /0 << /6 << /1 40 /11 2 /12 3 /13 1 /36 .5 /52 true /70 1 >> >> >> /1 1 >> \
                         << /0 << /0 << /6 << /1 40 /11 2 /13 2 >> >> >> /1 2 >> ] >> \
              /8 << /0 [ << /0 << /0 50 >> /1 3 >> ] >> >> >> ] >>";
        let mut notes = Notes::default();
        let document = documents(&cos::parse(blob.as_bytes()).unwrap(), &mut notes).remove(0);
        assert!(document.is_vertical);
        let (up, down) = (&document.runs[0].style, &document.runs[1].style);
        assert_eq!(
            (up.script, up.size, up.baseline_shift),
            (Script::Superscript, 20.0, 10.0)
        );
        assert_eq!(down.script, Script::Subscript);
        assert!((down.size - 40.0 * 0.583).abs() < 1e-9 && down.baseline_shift < 0.0);
        assert!(up.no_break && (up.tsume - 0.5).abs() < 1e-9);
        let paragraph = &document.paragraphs[0].style;
        assert!(paragraph.right_to_left && paragraph.every_line_composer && paragraph.hyphenate);
        assert!(paragraph.top_to_top_leading && paragraph.hanging_punctuation);
        assert_eq!(document.frame.unwrap().inset, 4.0);
        assert_eq!(notes.into_diagnostics().len(), 8);
    }

    #[test]
    fn a_box_is_the_bounds_of_its_outline() {
        let cos = cos::parse(b"/1 << /0 [ -10 -20 0 0 30 -20 30 5 -10 5 ] >> /2 << /13 2 /10 << /0 2 /1 7 >> /14 1 >>")
            .unwrap();
        let frame = text_box(&cos).unwrap();
        assert_eq!(
            (frame.left, frame.top, frame.width, frame.height),
            (-10.0, -20.0, 40.0, 25.0)
        );
        assert_eq!(frame.alignment, BoxAlignment::Bottom);
        assert_eq!(
            (frame.first_baseline, frame.first_baseline_minimum, frame.auto_fit),
            (FirstBaseline::CapHeight, 7.0, AutoFit::HeightCursor)
        );
    }
}
