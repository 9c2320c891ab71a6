//! The footage of a template, for evaluation and drawing.
//!
//! | step | file |
//! |---|---|
//! | where the author's path points to here | `relink` |
//! | a file or bytes to a still or a film | `picture` |
//! | a file that a job brings, looked at | `look` |
//! | decoded pictures shared by jobs | `cache` |

mod cache;
mod look;
mod picture;
mod relink;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use filmpress_composition::{
    Diagnostics, Footage, FootageSource, ItemId, ItemKind, Kind, Layer, Place, Project, Warned,
};
use filmpress_evaluate::FootageInfo;
use filmpress_evaluate::frame::ImageSource;
use filmpress_media::decode::{self, Alpha};
use filmpress_media::{MediaError, Programs};
use filmpress_pixels::Pixmap;

pub use cache::PictureCache;
pub use look::look;
use picture::{Content, Picture};
use relink::Tree;

/// Finds the files of footage items without keeping them: for reports.
#[derive(Debug)]
pub struct Finder {
    tree: Option<Tree>,
    programs: Programs,
}

impl Finder {
    /// Looks in `folder`, the template's own, and the folders inside it; without a folder every file is missing. Films
    /// are read with `programs`.
    pub fn new(folder: Option<&Path>, programs: Programs) -> Self {
        let tree = folder.map(Tree::new);
        Self { tree, programs }
    }

    /// Finds the file of an item with this name and looks into it.
    pub fn find(&self, name: &str, footage: &Footage) -> Finding {
        let mut finding = Finding::default();
        match &footage.source {
            FootageSource::Embedded(_) | FootageSource::Placed(_) => finding.found = true,
            FootageSource::Placeholder => {}
            FootageSource::File(path) => {
                let first = footage.sequence.as_ref().and_then(|sequence| sequence.file_name(0));
                let wanted = first.map_or_else(|| path.clone(), |first| format!("{path}/{first}"));
                let at = self.tree.as_ref().and_then(|tree| Some((tree, tree.find(&wanted)?)));
                finding.found = at.is_some();
                finding.at = at.map(|(tree, path)| tree.shown(&path));
            }
        }
        if finding.found && is_sound(footage) {
            return finding;
        }
        match Picture::find(name, footage, self.tree.as_ref(), &self.programs, None) {
            Ok(picture) => finding.info = Some(picture.info),
            Err(problem) => finding.problem = Some(problem),
        }
        finding
    }
}

/// What was found out about a footage item's file.
#[derive(Clone, Debug, Default)]
pub struct Finding {
    /// Whether there is such a file.
    pub found: bool,
    /// Where, relative to the template's folder; `None` for bytes in the template.
    pub at: Option<String>,
    /// The picture in it; `None` for sound, and where it cannot be read.
    pub info: Option<FootageInfo>,
    /// Why there is no picture.
    pub problem: Option<(Kind, String)>,
}

/// The pictures a composition uses. Headers are read at once, so that what is missing is known before drawing;
/// pixels when they are first drawn.
#[derive(Debug)]
pub struct Pictures {
    by_item: HashMap<ItemId, Picture>,
    cache: PictureCache,
    /// What was found wrong while drawing.
    late: Mutex<Diagnostics>,
}

impl Pictures {
    /// The pictures that `composition` and those nested in it use.
    ///
    /// Films are read with `programs`; those that came as bytes are put in `scratch` for it. Files are looked for in `folder`, the template's own, and the folders inside
    /// it; without a folder every file is missing. What is missing or cannot be read is reported with the item's name as its place.
    pub fn load(
        project: &Project,
        composition: ItemId,
        folder: Option<&Path>,
        cache: PictureCache,
        programs: &Programs,
        scratch: Option<&Path>,
    ) -> Warned<Self> {
        let mut warnings = Diagnostics::new();
        let tree = folder.map(Tree::new);
        let mut by_item = HashMap::new();
        for id in used_items(project, composition) {
            let Some(item) = project.item(id) else { continue };
            let ItemKind::Footage(footage) = &item.kind else {
                continue;
            };
            if is_sound(footage) {
                continue;
            }
            match Picture::find(&item.name, footage, tree.as_ref(), programs, scratch) {
                Ok(picture) => {
                    by_item.insert(id, picture);
                }
                Err((kind, message)) => warnings.push(&Place(vec![item.name.clone()]), kind, message),
            }
        }
        let late = Mutex::default();
        Warned::new(Self { by_item, cache, late }, warnings)
    }

    /// What evaluation must know about an item's picture; `None` when it is missing.
    pub fn info(&self, item: ItemId) -> Option<FootageInfo> {
        Some(self.by_item.get(&item)?.info)
    }

    /// What was found wrong since the last call.
    pub fn take_warnings(&self) -> Diagnostics {
        std::mem::take(&mut *self.late.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn still(&self, picture: &Picture, bytes: &[u8], alpha: Alpha) -> Result<Arc<Pixmap>, MediaError> {
        if let Some(known) = self.cache.get(picture.info.content) {
            return Ok(known);
        }
        let pixmap = Arc::new(decode::still(bytes, alpha)?);
        self.cache.put(picture.info.content, pixmap.clone());
        Ok(pixmap)
    }

    /// Keeps what went wrong, told once.
    fn report(&self, picture: &Picture, error: &MediaError) {
        let mut late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
        late.push(&Place(vec![picture.name.clone()]), Kind::Malformed, error.to_string());
    }
}

impl filmpress_render::Footage for Pictures {
    fn pixels(&self, source: &ImageSource) -> Option<Arc<Pixmap>> {
        let picture = self.by_item.get(&source.item)?;
        match &picture.content {
            Content::Still { bytes, alpha, pixels } => pixels
                .get_or_init(|| {
                    let decoded = self.still(picture, bytes, *alpha);
                    decoded.inspect_err(|error| self.report(picture, error)).ok()
                })
                .clone(),
            Content::Film { film, .. } => {
                let frame = film.at(source.time);
                frame.inspect_err(|error| self.report(picture, error)).ok()
            }
        }
    }
}

/// Items a composition shows, itself or through nested ones, in the order they are met.
fn used_items(project: &Project, composition: ItemId) -> Vec<ItemId> {
    let mut met = HashSet::from([composition]);
    let mut items = vec![composition];
    let mut next = 0;
    while let Some(&id) = items.get(next) {
        next += 1;
        let Some(composition) = project.composition(id) else {
            continue;
        };
        for source in composition.layers.iter().filter_map(Layer::source) {
            if met.insert(source) {
                items.push(source);
            }
        }
    }
    items
}

fn is_sound(footage: &Footage) -> bool {
    footage.width == 0 && footage.height == 0 && (footage.duration > 0.0 || footage.has_audio)
}

#[cfg(test)]
mod tests {
    use super::*;
    use filmpress_composition::{Composition, FootageSource, Item, LayerId, LayerKind};
    use filmpress_media::encode::{CodecKind, codec};
    use filmpress_render::Footage as _;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let CodecKind::Still(encode) = codec("image_png").unwrap().kind else {
            unreachable!()
        };
        encode(&Pixmap::from_premultiplied(width, height, vec![[9, 8, 7, 255]; (width * height) as usize]).unwrap())
            .unwrap()
    }

    fn footage(source: FootageSource) -> ItemKind {
        ItemKind::Footage(Footage {
            source,
            ..Footage::default()
        })
    }

    /// Item 1 shows item 2, a composition of everything else but the last item.
    fn project(footage: Vec<ItemKind>) -> Project {
        let layers = |ids: Vec<u32>| Composition {
            layers: ids
                .into_iter()
                .map(|id| Layer::new(LayerId(id), "L", LayerKind::Av(ItemId(id)), 1.0))
                .collect(),
            ..Composition::default()
        };
        let last = footage.len() as u32 + 2;
        let mut kinds = vec![
            ItemKind::Composition(layers(vec![2])),
            ItemKind::Composition(layers((1..last).collect())),
        ];
        kinds.extend(footage);
        let items = (1..)
            .zip(kinds)
            .map(|(id, kind)| Item::new(ItemId(id), format!("item {id}"), kind));
        Project {
            items: items.collect(),
            ..Project::default()
        }
    }

    fn source(item: u32, pictures: &Pictures) -> ImageSource {
        ImageSource {
            item: ItemId(item),
            time: 0.0,
            content: pictures.info(ItemId(item)).unwrap().content,
        }
    }

    #[test]
    fn what_is_used_is_found_and_what_is_not_there_is_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("(Footage)")).unwrap();
        std::fs::write(folder.path().join("(Footage)/Logo.PNG"), png(3, 2)).unwrap();
        let mut broken = png(5, 4);
        broken.truncate(60);
        let file = |path: &str| footage(FootageSource::File(path.to_owned()));
        let project = project(vec![
            file(r"D:\work\(Footage)\logo.png"),
            footage(FootageSource::Embedded(png(7, 6).into())),
            file("/elsewhere/gone.png"),
            footage(FootageSource::Embedded(Arc::from(&b"8BPS"[..]))),
            footage(FootageSource::Embedded(broken.into())),
            footage(FootageSource::Placeholder),
            file("never/used.png"),
        ]);
        let loaded = Pictures::load(
            &project,
            ItemId(1),
            Some(folder.path()),
            PictureCache::new(1 << 20),
            &Programs::default(),
            None,
        );
        let texts: Vec<_> = loaded.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(texts.len(), 3, "{texts:#?}");
        assert!(
            texts[0].starts_with("item 5: missing: the file `/elsewhere/gone.png`"),
            "{texts:#?}"
        );
        assert!(
            texts[1].starts_with("item 6: unsupported: a Photoshop document"),
            "{texts:#?}"
        );
        assert!(texts[2].starts_with("item 8: missing: a placeholder"), "{texts:#?}");
        let pictures = loaded.value;
        let info = pictures.info(ItemId(3)).unwrap();
        assert_eq!((info.width, info.height), (3, 2));
        let pixels = pictures.pixels(&source(4, &pictures)).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (7, 6));
        assert!(pictures.info(ItemId(9)).is_none());
        // The header is fine, the picture is not: known only when it is drawn, and told once.
        for _ in 0..2 {
            assert!(pictures.pixels(&source(7, &pictures)).is_none());
        }
        let late: Vec<_> = pictures.take_warnings().iter().map(ToString::to_string).collect();
        assert_eq!(late.len(), 1);
        assert!(late[0].starts_with("item 7: malformed: not a readable PNG"), "{late:?}");
    }

    #[test]
    fn equal_content_is_decoded_once_over_all_jobs() {
        let bytes: Arc<[u8]> = png(4, 4).into();
        let project = project(vec![
            footage(FootageSource::Embedded(bytes.clone())),
            footage(FootageSource::Placeholder),
        ]);
        let cache = PictureCache::new(1 << 20);
        let load = || Pictures::load(&project, ItemId(1), None, cache.clone(), &Programs::default(), None).value;
        let (a, b) = (load(), load());
        let (a, b) = (a.pixels(&source(3, &a)).unwrap(), b.pixels(&source(3, &b)).unwrap());
        assert!(Arc::ptr_eq(&a, &b));
    }

    #[test]
    fn films_give_the_picture_of_a_time_from_files_and_from_bytes() {
        use filmpress_media::FrameRate;
        use filmpress_media::encode::{FilmEncoder, FilmFrame, FilmSettings, Layout};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clip.mp4");
        let settings = FilmSettings {
            width: 32,
            height: 16,
            frame_rate: FrameRate::new(10.0).unwrap(),
            draft: false,
            programs: Programs::default(),
        };
        let mut encoder = FilmEncoder::start(codec("video_h264_vbr_5mbps").unwrap(), &path, &settings).unwrap();
        for frame in 0..20u8 {
            let gray = [frame * 10, frame * 10, frame * 10, 255];
            let picture = Pixmap::from_premultiplied(32, 16, vec![gray; 32 * 16]).unwrap();
            encoder.push(&FilmFrame::of(&picture, Layout::Yuv420)).unwrap();
        }
        encoder.finish().unwrap();
        let bytes: Arc<[u8]> = std::fs::read(&path).unwrap().into();
        let project = project(vec![
            footage(FootageSource::File("E:/media/CLIP.mp4".to_owned())),
            footage(FootageSource::Embedded(bytes)),
            footage(FootageSource::Placeholder),
        ]);
        let cache = PictureCache::default();
        let (here, programs) = (Some(folder.path()), Programs::default());
        let loaded = Pictures::load(&project, ItemId(1), here, cache, &programs, here);
        assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
        for item in [3, 4] {
            let pictures = &loaded.value;
            let info = pictures.info(ItemId(item)).unwrap();
            assert_eq!((info.width, info.height, info.frame_rate), (32, 16, 10.0));
            assert!((info.duration - 2.0).abs() < 0.01, "{info:?}");
            for frame in [0, 7, 3, 19] {
                let at = ImageSource {
                    time: f64::from(frame) / 10.0,
                    ..source(item, pictures)
                };
                let [gray, ..] = pictures.pixels(&at).unwrap().row(8)[16];
                assert!(gray.abs_diff(frame * 10) <= 3, "frame {frame}: {gray}");
            }
        }
    }
}
