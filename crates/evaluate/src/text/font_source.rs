//! Where fonts come from. Files are only read when a text asks for a font.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::face::{FaceInfo, LoadedFace};

/// Reads a part of a font file: from an offset a number of bytes, fewer at the end of the file; `None` when it is gone.
pub type ReadPart = Arc<dyn Fn(u64, usize) -> Option<Vec<u8>> + Send + Sync>;

/// More of a file is not read. The largest CJK collections are about 130 MB.
const MAX_FILE: usize = 256 << 20;

/// A font file. Clones share what was read of it, so an embedder that keeps its sources reads each file once.
#[derive(Clone)]
pub struct FontSource(Arc<Inner>);

struct Inner {
    name: String,
    supplied: bool,
    read: ReadPart,
    faces: OnceLock<Vec<Arc<Face>>>,
}

impl FontSource {
    /// A font that came with the template or the job; it goes before installed ones. `name` is its file name.
    pub fn supplied(name: impl Into<String>, bytes: Arc<[u8]>) -> Self {
        let read = move |from: u64, length: usize| {
            let from = usize::try_from(from).ok()?.min(bytes.len());
            let to = from.saturating_add(length).min(bytes.len());
            Some(bytes[from..to].to_vec())
        };
        Self::new(name.into(), true, Arc::new(read))
    }

    /// A font of this machine, read when it is needed. `name` is its file name.
    pub fn installed(name: impl Into<String>, read: ReadPart) -> Self {
        Self::new(name.into(), false, read)
    }

    fn new(name: String, supplied: bool, read: ReadPart) -> Self {
        Self(Arc::new(Inner {
            name,
            supplied,
            read,
            faces: OnceLock::new(),
        }))
    }

    /// Its file name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it came with the template or the job.
    pub fn is_supplied(&self) -> bool {
        self.0.supplied
    }

    /// Its faces; empty when the file cannot be used. Reads a few kilobytes of the file the first time.
    pub(super) fn faces(&self) -> &[Arc<Face>] {
        self.0.faces.get_or_init(|| {
            FaceInfo::read_all(&self.0.read)
                .into_iter()
                .map(|info| {
                    Arc::new(Face {
                        info,
                        file: self.0.name.clone(),
                        supplied: self.0.supplied,
                        read: self.0.read.clone(),
                        loaded: OnceLock::new(),
                        coverage: OnceLock::new(),
                    })
                })
                .collect()
        })
    }
}

impl fmt::Debug for FontSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FontSource({:?})", self.0.name)
    }
}

/// A face of a font file, its bytes read on first use.
pub(super) struct Face {
    pub info: FaceInfo,
    pub file: String,
    pub supplied: bool,
    read: ReadPart,
    loaded: OnceLock<Option<LoadedFace>>,
    coverage: OnceLock<Coverage>,
}

impl Face {
    /// The face ready to set text; `None` when its file is gone or broken.
    pub fn loaded(&self) -> Option<&LoadedFace> {
        self.loaded
            .get_or_init(|| {
                let bytes = (self.read)(0, MAX_FILE)?;
                LoadedFace::new(bytes, self.info.index)
            })
            .as_ref()
    }

    /// Whether there is a glyph for the character, without keeping the file in memory.
    pub fn covers(&self, c: char) -> bool {
        self.coverage
            .get_or_init(|| {
                let bytes = (self.read)(0, MAX_FILE).unwrap_or_default();
                Coverage::read(&bytes, self.info.index)
            })
            .has(c)
    }
}

impl fmt::Debug for Face {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Face({:?})", self.info.post_script_name)
    }
}

/// The characters of a face as sorted ranges.
#[derive(Default)]
struct Coverage(Vec<(u32, u32)>);

impl Coverage {
    fn read(bytes: &[u8], index: u32) -> Self {
        use skrifa::MetadataProvider;
        let Ok(font) = skrifa::FontRef::from_index(bytes, index) else {
            return Self::default();
        };
        let mut codes: Vec<u32> = font
            .charmap()
            .mappings()
            .take(0x11_0000)
            .filter(|(_, glyph)| glyph.to_u32() != 0)
            .map(|(code, _)| code)
            .collect();
        codes.sort_unstable();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for code in codes {
            match ranges.last_mut() {
                Some((_, end)) if code <= *end + 1 => *end = code,
                _ => ranges.push((code, code)),
            }
        }
        Self(ranges)
    }

    fn has(&self, c: char) -> bool {
        let code = c as u32;
        let after = self.0.partition_point(|&(start, _)| start <= code);
        after > 0 && self.0[after - 1].1 >= code
    }
}
