//! What a text asks for and nothing draws.

use filmpress_composition::{BoxAlignment, FirstBaseline, Kind, TextBox};

use super::cos::Cos;
use super::notes::Notes;
use super::text_style::Style;

/// Runs of kerning set by hand, where any is not nothing.
fn has_manual_kerning(document: &Cos) -> bool {
    let runs = document.array("0.8.0").iter();
    runs.filter_map(|run| run.find("0.0").and_then(Cos::number))
        .any(|x| x != 0.0)
}

/// What a text asks for that is not drawn.
#[derive(Default)]
pub(super) struct Undrawn {
    is_vertical: bool,
    optical_kerning: bool,
    manual_kerning: bool,
    all_small_caps: bool,
    tsume: bool,
    no_break: bool,
    digits: bool,
    features: bool,
    insets: bool,
    first_baseline: bool,
    justified: bool,
}

impl Undrawn {
    pub fn of(is_vertical: bool) -> Self {
        Self {
            is_vertical,
            ..Self::default()
        }
    }

    /// What is not part of a run's style.
    pub fn look_at_whole(&mut self, cos: &Cos, frame: Option<TextBox>) {
        self.manual_kerning = cos.array("1.1").iter().any(has_manual_kerning);
        self.features = cos.array("1.1").iter().any(|d| !d.array("0.9.0").is_empty());
        let Some(frame) = frame else { return };
        self.insets = frame.inset != 0.0;
        self.first_baseline = frame.first_baseline != FirstBaseline::default() || frame.first_baseline_minimum > 0.0;
        self.justified = frame.alignment == BoxAlignment::Justify;
    }

    pub fn look_at(&mut self, style: &Style<'_>) {
        let is = |path: &str, number: f64| style.number_or(path, 0.0) == number;
        self.optical_kerning |= is("11", 2.0);
        self.all_small_caps |= is("12", 3.0);
        self.tsume |= style.number_or("36", 0.0) > 0.01;
        self.no_break |= style.bool("52").unwrap_or(false);
        self.digits |= style.number_or("70", 0.0) != 0.0;
    }

    pub fn warn(&self, notes: &mut Notes) {
        use Kind::{Approximated, Unsupported};
        for (is_asked_for, kind, what) in [
            (self.is_vertical, Unsupported, "vertical text is drawn horizontally"),
            (
                self.optical_kerning,
                Approximated,
                "optical kerning is drawn as the font's own",
            ),
            (self.manual_kerning, Unsupported, "kerning set by hand is not drawn"),
            (
                self.all_small_caps,
                Approximated,
                "all small caps are drawn as small caps",
            ),
            (self.tsume, Unsupported, "tsume is not drawn"),
            (self.no_break, Unsupported, "No Break is not honoured"),
            (self.digits, Unsupported, "digits of other scripts are not drawn"),
            (self.features, Unsupported, "OpenType features are not drawn"),
            (self.insets, Unsupported, "the inset of the text box is not drawn"),
            (
                self.first_baseline,
                Approximated,
                "the first line of the box is placed by its ascent",
            ),
            (
                self.justified,
                Unsupported,
                "lines are not spread over the height of their box",
            ),
        ] {
            if is_asked_for {
                notes.warn(kind, what);
            }
        }
    }
}
