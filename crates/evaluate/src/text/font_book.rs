//! The fonts a scene can use, found by PostScript name, family and style, or character.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use filmpress_composition::CharacterStyle;

use super::face::FaceInfo;
use super::font_source::{Face, FontSource};
use super::shape::is_ignorable;
use super::style_name::{Style, normalise, parse_style, split_name};
use super::substitutes::{families_for, substitutes};

/// What became of a font a text asks for. Names are PostScript names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// It is there.
    Found {
        /// Its PostScript name.
        font: String,
        /// The file it is in.
        file: String,
        /// Whether it came with the template or the job.
        supplied: bool,
    },
    /// It is not there; another one is used.
    Substituted {
        /// The PostScript name of the one used.
        by: String,
    },
    /// There is no font at all.
    Missing,
}

/// Faces found for characters.
type Fallbacks = HashMap<(char, Style), Option<Arc<Face>>>;

/// The fonts there are. Clones share everything; nothing is read before a text asks for a font.
#[derive(Clone, Default)]
pub struct FontBook(Arc<Inner>);

#[derive(Default)]
struct Inner {
    sources: Vec<FontSource>,
    index: OnceLock<Index>,
    chosen: Mutex<HashMap<Wanted, Option<Chosen>>>,
    fallbacks: Mutex<Fallbacks>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Wanted {
    font: String,
    family: String,
    style: String,
}

#[derive(Default)]
struct Index {
    /// In the order ties are broken in: supplied first, then by name.
    faces: Vec<Arc<Face>>,
    by_name: HashMap<String, usize>,
    by_family: HashMap<String, Vec<usize>>,
}

/// The face that sets a text, and what must be done to it to look as asked.
#[derive(Clone)]
pub(super) struct Chosen {
    pub face: Arc<Face>,
    /// Whether it is the very face asked for.
    pub exact: bool,
    /// A bold face was asked for, the substitute is not.
    pub embolden: bool,
    /// An italic face was asked for, the substitute is not.
    pub slant: bool,
    /// The style asked for; fallback faces are chosen by it.
    pub wanted: Style,
}

impl FontBook {
    /// A book of these fonts. The order of `sources` does not matter: supplied fonts go before installed ones, and
    /// among equals the file name decides, so that machines with the same fonts choose alike.
    pub fn new(sources: Vec<FontSource>) -> Self {
        Self(Arc::new(Inner {
            sources,
            ..Inner::default()
        }))
    }

    /// Whether there is no font file at all.
    pub fn is_empty(&self) -> bool {
        self.index().faces.is_empty()
    }

    /// What the faces are called, in the order of choice. Reads every file once.
    pub fn faces(&self) -> impl Iterator<Item = &FaceInfo> {
        self.index().faces.iter().map(|face| &face.info)
    }

    /// What becomes of the font a text asks for.
    pub fn resolve(&self, style: &CharacterStyle) -> Resolved {
        match self.choose(style) {
            None => Resolved::Missing,
            Some(Chosen { face, exact: true, .. }) => Resolved::Found {
                font: face.info.post_script_name.clone(),
                file: face.file.clone(),
                supplied: face.supplied,
            },
            Some(Chosen { face, .. }) => Resolved::Substituted {
                by: face.info.post_script_name.clone(),
            },
        }
    }

    /// The characters of a text that no font has a glyph for, where they are asked for in this look.
    pub fn without_glyph(&self, style: &CharacterStyle, text: &str) -> BTreeSet<char> {
        let chosen = self.choose(style);
        let has = |c: char| match &chosen {
            None => false,
            Some(chosen) => {
                let face = chosen.face.loaded().is_some_and(|face| face.has(c));
                face || self.fallback(c, chosen.wanted).is_some()
            }
        };
        let mut known: BTreeMap<char, bool> = BTreeMap::new();
        for c in text.chars().filter(|c| !c.is_whitespace() && !is_ignorable(*c)) {
            known.entry(c).or_insert_with(|| has(c));
        }
        known.into_iter().filter(|(_, has)| !has).map(|(c, _)| c).collect()
    }

    /// The face for a look.
    pub(super) fn choose(&self, style: &CharacterStyle) -> Option<Chosen> {
        let wanted = Wanted {
            font: style.font.clone(),
            family: style.font_family.clone(),
            style: style.font_style.clone(),
        };
        let lock = || self.0.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&wanted) {
            return known.clone();
        }
        let chosen = self.index().choose(&wanted);
        lock().insert(wanted, chosen.clone());
        chosen
    }

    /// A face with a glyph for a character that the chosen one lacks.
    pub(super) fn fallback(&self, c: char, style: Style) -> Option<Arc<Face>> {
        let lock = || self.0.fallbacks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&(c, style)) {
            return known.clone();
        }
        let face = self.index().fallback(c, style);
        lock().insert((c, style), face.clone());
        face
    }

    fn index(&self) -> &Index {
        self.0.index.get_or_init(|| Index::new(&self.0.sources))
    }
}

impl fmt::Debug for FontBook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FontBook({} files)", self.0.sources.len())
    }
}

impl Index {
    fn new(sources: &[FontSource]) -> Self {
        let mut faces: Vec<Arc<Face>> = sources.iter().flat_map(FontSource::faces).cloned().collect();
        faces.sort_by_cached_key(|face| {
            let info = &face.info;
            (
                !face.supplied,
                info.post_script_name.clone(),
                !info.variations.is_empty(),
                face.file.clone(),
                info.index,
            )
        });
        let mut by_name = HashMap::new();
        let mut by_family: HashMap<String, Vec<usize>> = HashMap::new();
        // PostScript names are the ones templates use: another face's full name must not shadow one.
        for (i, face) in faces.iter().enumerate() {
            by_name.entry(normalise(&face.info.post_script_name)).or_insert(i);
        }
        for (i, face) in faces.iter().enumerate() {
            let info = &face.info;
            by_name.entry(normalise(&info.full_name)).or_insert(i);
            by_name
                .entry(normalise(&format!("{}{}", info.family, info.style)))
                .or_insert(i);
            let families = [normalise(&info.family), normalise(&info.legacy_family)];
            for family in &families[..if families[0] == families[1] { 1 } else { 2 }] {
                by_family.entry(family.clone()).or_default().push(i);
            }
        }
        by_name.remove("");
        by_family.remove("");
        Self {
            faces,
            by_name,
            by_family,
        }
    }

    fn nearest(&self, family: &str, style: Style) -> Option<&Arc<Face>> {
        let members = self.by_family.get(family)?;
        // min_by_key keeps the first of equals: the order of `faces` decides.
        let best = members
            .iter()
            .min_by_key(|&&i| self.faces[i].info.look().distance(style))?;
        Some(&self.faces[*best])
    }

    fn choose(&self, wanted: &Wanted) -> Option<Chosen> {
        if let Some(&i) = self.by_name.get(&normalise(&wanted.font)) {
            let face = self.faces[i].clone();
            let wanted = face.info.look();
            return Some(Chosen::new(face, true, wanted));
        }
        let (family, from_name) = split_name(&wanted.font);
        let style = if wanted.font_is_all() {
            from_name
        } else {
            parse_style(&wanted.style)
        };
        // The font's own family: as the file tells it, as the name has it, and without style words.
        let before_hyphen = normalise(wanted.font.split('-').next().unwrap_or_default());
        for own in [normalise(&wanted.family), before_hyphen, family.clone()] {
            if let Some(face) = self.nearest(&own, style) {
                let exact = face.info.look() == style
                    || (!wanted.style.is_empty() && normalise(&face.info.style) == normalise(&wanted.style));
                return Some(Chosen::new(face.clone(), exact, style));
            }
        }
        let told = normalise(&wanted.family);
        let family = if told.is_empty() { family } else { told };
        for other in substitutes(&family, style.width < 5) {
            if let Some(face) = self.nearest(other, style) {
                return Some(Chosen::new(face.clone(), false, style));
            }
        }
        // No font this program knows: any that can set Latin letters, else any.
        let latin = self.faces.iter().find(|face| face.covers('a') && face.covers('A'));
        let face = latin.or(self.faces.first())?;
        Some(Chosen::new(face.clone(), false, style))
    }

    fn fallback(&self, c: char, style: Style) -> Option<Arc<Face>> {
        for family in families_for(c) {
            if let Some(face) = self.nearest(family, style)
                && face.covers(c)
            {
                return Some(face.clone());
            }
        }
        let mut rest: Vec<&Arc<Face>> = self.faces.iter().collect();
        rest.sort_by_cached_key(|face| {
            let family = normalise(&face.info.family);
            let kind = u32::from(!family.starts_with("notosans")) + u32::from(family.contains("serif"));
            (!face.supplied, kind, face.info.look().distance(style))
        });
        rest.into_iter().find(|face| face.covers(c)).cloned()
    }
}

impl Wanted {
    /// Whether the PostScript name is all there is to go by.
    fn font_is_all(&self) -> bool {
        self.style.is_empty()
    }
}

impl Chosen {
    fn new(face: Arc<Face>, exact: bool, wanted: Style) -> Self {
        let has = face.info.look();
        Self {
            exact,
            embolden: !exact && wanted.weight >= 600 && has.weight < 600,
            slant: !exact && wanted.italic && !has.italic,
            wanted,
            face,
        }
    }
}
