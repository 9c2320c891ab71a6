//! Text documents to glyph outlines.
//!
//! A [`FontBook`] knows the fonts there are; a [`Typesetter`] sets documents with them:
//!
//! | step | file |
//! |---|---|
//! | names of fonts taken apart; what stands in for a missing font | `style_name`, `substitutes` |
//! | font files and their faces, read when needed | `font_source`, `skim`, `face`, `font_book` |
//! | outlines a template carries itself | `template_glyphs` |
//! | document -> paragraphs, characters with their looks and fonts | `characters` |
//! | characters -> clusters of glyphs (scripts, directions, ligatures: `parley_engine`) | `shape` |
//! | clusters -> lines (breaking, leading, justification: After Effects' rules) | `compose`, `layout` |
//! | lines -> nodes of the strict tree | `nodes` |
//! | characters moved and coloured one by one | `animator`, `range_selector`, `wiggly_selector`; over time: `animator_tracks` |
//! | lines laid along a path | `path_options`; over time: `path_tracks` |
//!
//! Nothing here reads files: the embedder gives bytes or closures that fetch them.

mod animator;
mod animator_tracks;
mod characters;
mod compose;
mod face;
mod font_book;
mod font_source;
mod layout;
mod nodes;
mod path_options;
mod path_tracks;
mod range_selector;
mod shape;
mod skim;
mod style_name;
mod substitutes;
mod template_glyphs;
mod typesetter;
mod wiggly_selector;

pub use animator::{AnchorGrouping, Animator, AnimatorProperties, MoreOptions, Selector, animate};
pub(crate) use animator_tracks::Animators;
pub use face::FaceInfo;
pub use font_book::{FontBook, Resolved};
pub use font_source::{FontSource, ReadPart};
pub use layout::{Counts, Line, PlacedGlyph, TextLayout};
pub use nodes::text_nodes;
pub use path_options::{PathOptions, place_on_path};
pub(crate) use path_tracks::TextPath;
pub use range_selector::{BasedOn, RangeSelector, RangeShape, SelectorMode};
pub use typesetter::{SetText, Typesetter};
pub use wiggly_selector::WigglySelector;

pub use crate::wiggle::Wiggles;
