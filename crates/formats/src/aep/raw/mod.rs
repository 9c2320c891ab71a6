//! The tree of chunks of an After Effects project, one to one with the file.

mod fields;
pub(crate) mod rifx;

use crate::limits::cut_name;
use std::borrow::Cow;

pub(crate) use fields::Fields;

/// Four characters that say what a chunk is.
pub(crate) type ChunkId = [u8; 4];

/// A node of the tree. Leaves have `data`, lists have `children`; a `btdk` list has `data` because its inside is text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chunk<'a> {
    /// The id of a leaf, the type of a list.
    pub id: ChunkId,
    /// Whether it is a list: ids of leaves and types of lists overlap (`sspc`).
    pub is_list: bool,
    /// The bytes of a leaf.
    pub data: Cow<'a, [u8]>,
    /// The children of a list, and of the few leaves that wrap a text (`tdsn`).
    pub children: Vec<Chunk<'a>>,
}

/// Leaves that wrap one `Utf8` chunk.
pub(crate) const WRAPPERS: [ChunkId; 4] = [*b"tdsn", *b"fnam", *b"pdnm", *b"vfdn"];

/// What After Effects writes where no name was set.
const NO_NAME: &str = "-_0_/-";

impl<'a> Chunk<'a> {
    pub fn leaf(id: ChunkId, data: impl Into<Cow<'a, [u8]>>) -> Self {
        Self {
            id,
            is_list: false,
            data: data.into(),
            children: Vec::new(),
        }
    }

    pub fn list(id: ChunkId, children: Vec<Self>) -> Self {
        Self {
            id,
            is_list: true,
            data: Cow::Borrowed(&[]),
            children,
        }
    }

    /// The first child list of this type.
    pub fn child_list(&self, id: ChunkId) -> Option<&Self> {
        self.lists(id).next()
    }

    /// All child lists of this type.
    pub fn lists(&self, id: ChunkId) -> impl Iterator<Item = &Self> + use<'_, 'a> {
        self.children.iter().filter(move |c| c.is_list && c.id == id)
    }

    /// The first child leaf with this id.
    pub fn child(&self, id: ChunkId) -> Option<&Self> {
        self.leaves(id).next()
    }

    /// All child leaves with this id.
    pub fn leaves(&self, id: ChunkId) -> impl Iterator<Item = &Self> + use<'_, 'a> {
        self.children.iter().filter(move |c| !c.is_list && c.id == id)
    }

    /// The bytes of the first child leaf with this id; empty when there is none.
    pub fn fields(&self, id: ChunkId) -> Fields<'_> {
        Fields(self.child(id).map_or(&[], |c| &c.data))
    }

    /// The text of a `Utf8` leaf or of a wrapper around one, up to the first NUL.
    pub fn text(&self) -> String {
        match self.children.first() {
            Some(inner) if !self.is_list => inner.text(),
            _ => self.c_string(),
        }
    }

    /// The name in the first child leaf with this id; `None` when none was set, or when it is in an author's
    /// code page instead of UTF-8.
    pub fn name(&self, id: ChunkId) -> Option<String> {
        let name = self.child(id)?.text();
        let is_set = !name.is_empty() && name != NO_NAME && !name.contains(char::REPLACEMENT_CHARACTER);
        is_set.then(|| cut_name(&name).to_owned())
    }

    /// A match name.
    pub fn match_name(&self) -> String {
        cut_name(&self.c_string()).to_owned()
    }

    /// A leaf's bytes up to the first NUL, as text.
    pub fn c_string(&self) -> String {
        Fields(&self.data).c_string(0, self.data.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_were_not_set_are_none() {
        let name =
            |text: &str| Chunk::list(*b"Layr", vec![Chunk::leaf(*b"Utf8", text.as_bytes().to_vec())]).name(*b"Utf8");
        assert_eq!(name("-_0_/-"), None);
        assert_eq!(name(""), None);
        assert_eq!(name(" Title "), Some(" Title ".to_owned()));
    }

    #[test]
    fn lists_and_leaves_of_one_name_are_told_apart() {
        let chunk = Chunk::list(
            *b"Pin ",
            vec![Chunk::list(*b"sspc", Vec::new()), Chunk::leaf(*b"sspc", vec![7])],
        );
        assert_eq!(chunk.fields(*b"sspc").u8(0), 7);
        assert!(chunk.child_list(*b"sspc").is_some_and(|c| c.data.is_empty()));
    }
}
