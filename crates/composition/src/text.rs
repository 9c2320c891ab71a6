//! Text documents as a property value.

/// How the lines of a paragraph are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum Justification {
    #[default]
    Left,
    Right,
    Center,
    FullLastLeft,
    FullLastRight,
    FullLastCenter,
    Full,
}

/// Case of the letters shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Caps {
    /// As typed.
    #[default]
    Normal,
    /// Lower case shown as small capitals.
    Small,
    /// All capitals.
    All,
}

/// Line joins of strokes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the field's standard terms")]
pub enum LineJoin {
    #[default]
    Miter,
    Round,
    Bevel,
}

/// Line caps of strokes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the field's standard terms")]
pub enum LineCap {
    #[default]
    Butt,
    Round,
    Square,
}

/// Vertical place of the lines in a box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the field's standard terms")]
pub enum BoxAlignment {
    #[default]
    Top,
    Center,
    Bottom,
    Justify,
}

/// Superscript and subscript.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the field's standard terms")]
pub enum Script {
    #[default]
    Normal,
    Superscript,
    Subscript,
}

/// How the first line of a box is placed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum FirstBaseline {
    MinimumRoman,
    #[default]
    Ascent,
    CapHeight,
    Leading,
    XHeight,
    EmBox,
    LegacyMetric,
    MinimumAsian,
    TypoAscent,
}

/// How a box follows its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are After Effects' own")]
pub enum AutoFit {
    #[default]
    None,
    HeightCursor,
    HeightPreciseBounds,
    HeightBaseline,
}

/// The look of a run of characters.
#[derive(Clone, Debug, PartialEq)]
pub struct CharacterStyle {
    /// PostScript name of the font, such as `NotoSans-Bold`. May be a family name in Lottie files without one.
    pub font: String,
    /// Family name, where the file tells (Lottie); else empty.
    pub font_family: String,
    /// Style name such as `Bold Italic`, where the file tells (Lottie); else empty.
    pub font_style: String,
    /// Height of a line at the top of a box over its baseline, in em, where the file tells (Lottie's `ascent`).
    pub ascent: Option<f64>,
    /// Size in pixels per em.
    pub size: f64,
    /// Distance between baselines in pixels; `None` is automatic (size times the paragraph's auto-leading factor).
    pub leading: Option<f64>,
    /// Extra space after each character, in 1/1000 em.
    pub tracking: f64,
    /// Upwards shift in pixels.
    pub baseline_shift: f64,
    /// Horizontal scale, 1 = 100 %.
    pub horizontal_scale: f64,
    /// Vertical scale, 1 = 100 %.
    pub vertical_scale: f64,
    /// Simulated bold.
    pub faux_bold: bool,
    /// Simulated italic.
    pub faux_italic: bool,
    /// Letter case.
    pub caps: Caps,
    /// Pairs of letters moved together as the font asks for.
    pub kerning: bool,
    /// Letters joined as the font offers, such as `fi`; After Effects leaves this off unless asked.
    pub ligatures: bool,
    /// Fill colour, straight RGBA 0..1; `None` when the fill is off.
    pub fill: Option<[f64; 4]>,
    /// Stroke colour, straight RGBA 0..1; `None` when the stroke is off.
    pub stroke: Option<[f64; 4]>,
    /// Stroke width in pixels.
    pub stroke_width: f64,
    /// Whether the stroke is drawn over the fill.
    pub stroke_over_fill: bool,
    /// Join of the stroke.
    pub stroke_join: LineJoin,
    /// Superscript or subscript. [`CharacterStyle::size`] and [`CharacterStyle::baseline_shift`] have it in them.
    pub script: Script,
    /// Lines do not break here.
    pub no_break: bool,
    /// Space taken from both sides of each character, 0..1 of it (tsume).
    pub tsume: f64,
}

impl Default for CharacterStyle {
    fn default() -> Self {
        Self {
            font: String::new(),
            font_family: String::new(),
            font_style: String::new(),
            ascent: None,
            size: 36.0,
            leading: None,
            tracking: 0.0,
            baseline_shift: 0.0,
            horizontal_scale: 1.0,
            vertical_scale: 1.0,
            faux_bold: false,
            faux_italic: false,
            caps: Caps::Normal,
            kerning: true,
            ligatures: false,
            fill: Some([0.0, 0.0, 0.0, 1.0]),
            stroke: None,
            stroke_width: 1.0,
            stroke_over_fill: false,
            stroke_join: LineJoin::Miter,
            script: Script::Normal,
            no_break: false,
            tsume: 0.0,
        }
    }
}

/// A run of characters of one look.
#[derive(Clone, Debug, PartialEq)]
pub struct StyleRun {
    /// Length in characters (Unicode scalar values).
    pub length: usize,
    /// The look.
    pub style: CharacterStyle,
}

/// The setting of a paragraph.
#[derive(Clone, Debug, PartialEq)]
pub struct ParagraphStyle {
    /// How lines are set.
    pub justification: Justification,
    /// Indent of the first line, pixels.
    pub first_line_indent: f64,
    /// Indent on the left, pixels.
    pub start_indent: f64,
    /// Indent on the right, pixels.
    pub end_indent: f64,
    /// Space before, pixels.
    pub space_before: f64,
    /// Space after, pixels.
    pub space_after: f64,
    /// Automatic leading as a multiple of the size; After Effects' default is 1.2.
    pub auto_leading: f64,
    /// Right to left.
    pub right_to_left: bool,
    /// Leading is measured between the tops of lines instead of their baselines (Japanese composition).
    pub top_to_top_leading: bool,
    /// Words are hyphenated.
    pub hyphenate: bool,
    /// Punctuation hangs over the edges.
    pub hanging_punctuation: bool,
    /// Lines are broken by looking at the whole paragraph instead of line by line.
    pub every_line_composer: bool,
}

impl Default for ParagraphStyle {
    fn default() -> Self {
        Self {
            justification: Justification::Left,
            first_line_indent: 0.0,
            start_indent: 0.0,
            end_indent: 0.0,
            space_before: 0.0,
            space_after: 0.0,
            auto_leading: 1.2,
            right_to_left: false,
            top_to_top_leading: false,
            hyphenate: false,
            hanging_punctuation: false,
            every_line_composer: false,
        }
    }
}

/// A run of characters set the same way; covers whole paragraphs.
#[derive(Clone, Debug, PartialEq)]
pub struct ParagraphRun {
    /// Length in characters (Unicode scalar values).
    pub length: usize,
    /// The setting.
    pub style: ParagraphStyle,
}

/// The frame of paragraph text, in layer space.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TextBox {
    /// Left edge, pixels.
    pub left: f64,
    /// Top edge, pixels.
    pub top: f64,
    /// Width, pixels.
    pub width: f64,
    /// Height, pixels.
    pub height: f64,
    /// Vertical place of the lines.
    pub alignment: BoxAlignment,
    /// Space kept free inside the edges, pixels.
    pub inset: f64,
    /// Place of the first line.
    pub first_baseline: FirstBaseline,
    /// Least distance of the first baseline from the top, pixels.
    pub first_baseline_minimum: f64,
    /// How its height follows the text.
    pub auto_fit: AutoFit,
}

/// The value of a `Source Text` property.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextDocument {
    /// The text; `\r` ends a paragraph, `\u{3}` is a forced line break. No closing `\r`.
    pub text: String,
    /// Looks in order; the last one also covers any characters left over. Empty means the default look.
    pub runs: Vec<StyleRun>,
    /// Paragraph settings in order; the last one also covers any characters left over.
    pub paragraphs: Vec<ParagraphRun>,
    /// The frame of paragraph text; `None` is point text, whose first baseline starts at the layer's origin.
    pub frame: Option<TextBox>,
    /// Lines run from top to bottom, from right to left.
    pub is_vertical: bool,
}

impl TextDocument {
    /// Replaces the text and gives all of it the look and setting of the first run, as After Effects does when a
    /// script sets the text. `\n` and `\r\n` become paragraph ends.
    pub fn set_text(&mut self, text: &str) {
        self.text = text.replace("\r\n", "\r").replace('\n', "\r");
        let length = self.text.chars().count();
        self.runs.truncate(1);
        self.paragraphs.truncate(1);
        if let Some(run) = self.runs.first_mut() {
            run.length = length;
        }
        if let Some(run) = self.paragraphs.first_mut() {
            run.length = length;
        }
    }

    /// The look of the first run.
    pub fn first_style(&self) -> CharacterStyle {
        self.runs.first().map(|r| r.style.clone()).unwrap_or_default()
    }
}
