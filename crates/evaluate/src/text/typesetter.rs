//! Sets text documents and remembers them: a title that does not change is set once.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use filmpress_composition::{Diagnostics, Glyph, Kind, Place, TextDocument};

use super::compose::compose;
use super::font_book::FontBook;
use super::layout::TextLayout;
use super::nodes::text_nodes;
use super::template_glyphs::TemplateGlyphs;
use crate::frame::Node;

/// Documents remembered; more (text that changes at every frame) are forgotten together.
const MAX_REMEMBERED: usize = 256;

/// Sets the texts of one scene. Can be shared between threads.
pub struct Typesetter {
    fonts: FontBook,
    glyphs: TemplateGlyphs,
    /// By address; the document is kept so that its address stays its own.
    set: Mutex<HashMap<usize, Remembered>>,
}

type Remembered = (Arc<TextDocument>, Arc<SetText>);

/// A document, set.
#[derive(Debug)]
pub struct SetText {
    /// Its lines and glyphs.
    pub layout: TextLayout,
    warnings: Vec<(Kind, String)>,
    nodes: OnceLock<Vec<Node>>,
}

impl SetText {
    /// What it looks like, in layer space, bottom first.
    pub fn nodes(&self) -> &[Node] {
        self.nodes.get_or_init(|| text_nodes(&self.layout))
    }

    /// What was less than perfect about it. What is [`Kind::Missing`] is about fonts.
    pub fn warnings(&self) -> &[(Kind, String)] {
        &self.warnings
    }

    /// Reports what was less than perfect about it.
    pub fn report(&self, place: &Place, into: &mut Diagnostics) {
        for (kind, message) in &self.warnings {
            into.push(place, *kind, message.clone());
        }
    }
}

impl Typesetter {
    /// A typesetter with these fonts and the glyphs a template carries (`Project::glyphs`), which go before fonts.
    pub fn new(fonts: &FontBook, glyphs: &[Glyph]) -> Self {
        Self {
            fonts: fonts.clone(),
            glyphs: TemplateGlyphs::new(glyphs),
            set: Mutex::default(),
        }
    }

    /// Sets a document.
    pub fn set(&self, document: &Arc<TextDocument>) -> Arc<SetText> {
        let key = Arc::as_ptr(document) as usize;
        let lock = || self.set.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, set)) = lock().get(&key) {
            return set.clone();
        }
        let mut warnings = Vec::new();
        let layout = compose(document, &self.fonts, &self.glyphs, &mut warnings);
        let set = Arc::new(SetText {
            layout,
            warnings,
            nodes: OnceLock::new(),
        });
        let mut known = lock();
        if known.len() >= MAX_REMEMBERED {
            known.clear();
        }
        known.insert(key, (document.clone(), set.clone()));
        set
    }
}

impl fmt::Debug for Typesetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Typesetter({:?})", self.fonts)
    }
}
