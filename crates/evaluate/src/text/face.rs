//! One face of a font file: what it is called, and once it is used, its characters and outlines.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use kurbo::{Affine, BezPath, Shape};
use parlance::NormalizedCoord;
use parley_engine::{FontData, FontInstance};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::string::StringId;
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::font_source::ReadPart;
use super::skim::skim;
use super::style_name::{Style, normalise, parse_style};

/// Named instances read from one variable font.
const MAX_INSTANCES: usize = 256;

/// What a face is called and looks like.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceInfo {
    /// PostScript name, such as `NotoSans-Bold`.
    pub post_script_name: String,
    /// Family name, such as `Noto Sans`.
    pub family: String,
    /// Style name, such as `Bold`.
    pub style: String,
    /// Full name, such as `Noto Sans Bold`.
    pub full_name: String,
    /// The family of the four-style model (name id 1), such as `Noto Sans Light`; often equal to `family`.
    pub legacy_family: String,
    /// Weight, 1..=1000; 400 is regular.
    pub weight: u16,
    /// Width class, 1..=9; 5 is normal.
    pub width: u8,
    /// Italic or oblique.
    pub italic: bool,
    /// Place in its collection file; 0 for single fonts.
    pub index: u32,
    /// Axis settings of a named instance of a variable font; empty for a plain face.
    pub variations: Vec<([u8; 4], f32)>,
}

impl FaceInfo {
    pub(super) fn look(&self) -> Style {
        Style {
            weight: self.weight,
            width: self.width,
            italic: self.italic,
        }
    }

    /// All faces of a font file: of collections every member, of variable fonts every named instance. Empty when it is
    /// no font this program can draw.
    pub(super) fn read_all(read_part: &ReadPart) -> Vec<Self> {
        let mut faces = Vec::new();
        for skimmed in skim(read_part) {
            if let Ok(font) = FontRef::new(&skimmed.font) {
                read(&font, skimmed.index, &mut faces);
            }
        }
        faces
    }
}

fn read(font: &FontRef<'_>, index: u32, faces: &mut Vec<FaceInfo>) {
    let string = |id: StringId| -> String {
        let text = font
            .localized_strings(id)
            .english_or_first()
            .map(|s| s.chars().take(256).collect::<String>());
        text.unwrap_or_default().trim_matches(['\0', ' ']).to_owned()
    };
    let legacy_family = string(StringId::FAMILY_NAME);
    let or = |name: String, other: &str| if name.is_empty() { other.to_owned() } else { name };
    let family = or(string(StringId::TYPOGRAPHIC_FAMILY_NAME), &legacy_family);
    let style = or(
        string(StringId::TYPOGRAPHIC_SUBFAMILY_NAME),
        &string(StringId::SUBFAMILY_NAME),
    );
    let full_name = or(string(StringId::FULL_NAME), &format!("{family} {style}"));
    let post_script_name = or(string(StringId::POSTSCRIPT_NAME), &full_name);
    let attributes = font.attributes();
    let percent = attributes.stretch.percentage();
    // OS/2 width classes in percent of normal.
    let classes = [50.0, 62.5, 75.0, 87.5, 100.0, 112.5, 125.0, 150.0, 200.0];
    let width = classes.iter().position(|&c| percent <= c + 1e-3).unwrap_or(8) as u8 + 1;
    let face = FaceInfo {
        weight: attributes.weight.value().clamp(1.0, 1000.0) as u16,
        width,
        italic: attributes.style != skrifa::attribute::Style::Normal,
        post_script_name,
        family,
        style,
        full_name,
        legacy_family,
        index,
        variations: Vec::new(),
    };
    let axes = font.axes();
    for instance in font.named_instances().iter().take(MAX_INSTANCES) {
        let style = string(instance.subfamily_name_id());
        if style.is_empty() || normalise(&style) == normalise(&face.style) {
            continue;
        }
        let look = parse_style(&style);
        let named = instance.postscript_name_id().map(string).unwrap_or_default();
        let compact = |name: &str| name.replace(' ', "");
        faces.push(FaceInfo {
            post_script_name: or(named, &format!("{}-{}", compact(&face.family), compact(&style))),
            full_name: format!("{} {style}", face.family),
            style,
            weight: look.weight,
            width: look.width,
            italic: look.italic || face.italic,
            variations: axes
                .iter()
                .zip(instance.user_coords())
                .map(|(axis, value)| (axis.tag().to_be_bytes(), value))
                .collect(),
            ..face.clone()
        });
    }
    faces.push(face);
}

/// A face whose bytes are in memory.
pub(super) struct LoadedFace {
    /// For the shaper.
    pub instance: FontInstance,
    /// Font units per em.
    pub units_per_em: f64,
    /// Height of the letter `d` over the baseline, in em: where After Effects puts the first baseline of box text.
    /// The `ascent` that Lottie exports carry for Arial, Roboto, Montserrat, Helvetica and Century Gothic is that
    /// height to the third digit, and not one of the font's ascender fields.
    pub ascent: f64,
    /// Depth of the descenders below the baseline, in em, positive.
    pub descent: f64,
    outlines: Mutex<HashMap<OutlineKey, Arc<BezPath>>>,
}

/// A glyph and where on the font's axes it is drawn.
type OutlineKey = (u32, Box<[i16]>);

/// Kept outlines of one face; dropped together when there are more.
const MAX_OUTLINES: usize = 20_000;

impl LoadedFace {
    /// Face `index` of a font file.
    pub fn new(bytes: Vec<u8>, index: u32) -> Option<Self> {
        let font = FontRef::from_index(&bytes, index).ok()?;
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        let units_per_em = f64::from(metrics.units_per_em);
        if units_per_em <= 0.0 {
            return None;
        }
        let tall = font.charmap().map('d').and_then(|glyph| outline_of(&font, glyph, &[]));
        let ascent = match tall.map(|d| -d.bounding_box().y0) {
            Some(height) if height > 0.0 => height,
            _ => f64::from(metrics.ascent),
        };
        Some(Self {
            units_per_em,
            ascent: ascent / units_per_em,
            descent: -f64::from(metrics.descent) / units_per_em,
            outlines: Mutex::default(),
            #[allow(
                clippy::default_trait_access,
                reason = "the type is one of a crate this one does not name"
            )]
            instance: FontInstance {
                font: FontData {
                    data: bytes.into(),
                    index,
                },
                synthesis: Default::default(),
            },
        })
    }

    fn font(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(self.instance.font.data.data(), self.instance.font.index).ok()
    }

    /// Whether there is a glyph for the character.
    pub fn has(&self, c: char) -> bool {
        self.font().is_some_and(|font| font.charmap().map(c).is_some())
    }

    /// The outline of a glyph in font units, y down, origin on the baseline; empty for glyphs without one.
    pub fn outline(&self, glyph: u32, coords: &[NormalizedCoord]) -> Arc<BezPath> {
        let key: OutlineKey = (glyph, coords.iter().map(|c| c.to_bits()).collect());
        let mut outlines = self.outlines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(outline) = outlines.get(&key) {
            return outline.clone();
        }
        let outline = self
            .font()
            .and_then(|font| outline_of(&font, GlyphId::new(glyph), coords))
            .unwrap_or_default();
        let outline = Arc::new(outline);
        if outlines.len() >= MAX_OUTLINES {
            outlines.clear();
        }
        outlines.insert(key, outline.clone());
        outline
    }
}

fn outline_of(font: &FontRef<'_>, glyph: GlyphId, coords: &[NormalizedCoord]) -> Option<BezPath> {
    let coords: Vec<_> = coords
        .iter()
        .map(|c| skrifa::instance::NormalizedCoord::from_bits(c.to_bits()))
        .collect();
    let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::new(&coords));
    let mut pen = Pen::default();
    font.outline_glyphs().get(glyph)?.draw(settings, &mut pen).ok()?;
    let mut path = pen.0;
    path.apply_affine(Affine::FLIP_Y);
    Some(path)
}

#[derive(Default)]
struct Pen(BezPath);

fn point(x: f32, y: f32) -> (f64, f64) {
    (f64::from(x), f64::from(y))
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(point(x, y));
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(point(x, y));
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to(point(cx, cy), point(x, y));
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.0.curve_to(point(ax, ay), point(bx, by), point(x, y));
    }
    fn close(&mut self) {
        self.0.close_path();
    }
}
