//! Footage: what it is and whether its file is there.

use std::collections::BTreeMap;

use filmpress_composition::{
    AlphaInterpretation, Diagnostics, FootageSource, ItemId, ItemKind, Kind, Layer, Place, Project,
};

use super::layers::footage_kind;
use super::{Gather, Listed, cut, number};
use crate::limits;
use crate::report::FootageReport;
use crate::surroundings::{FootageFile, Surroundings};

/// Looks for the files of all footage items, once for each path.
pub(super) fn search(
    project: &Project,
    around: &Surroundings<'_>,
    warnings: &mut Diagnostics,
) -> BTreeMap<ItemId, FootageFile> {
    let mut by_path: BTreeMap<&str, FootageFile> = BTreeMap::new();
    let mut files = BTreeMap::new();
    for item in &project.items {
        let ItemKind::Footage(footage) = &item.kind else {
            continue;
        };
        let file = match &footage.source {
            FootageSource::File(path) if footage.sequence.is_none() => by_path
                .entry(path)
                .or_insert_with(|| (around.footage)(&item.name, footage))
                .clone(),
            _ if files.len() >= limits::ENTRIES => FootageFile {
                problem: Some((
                    Kind::Limit,
                    "not looked at: there are too many footage items".to_owned(),
                )),
                ..FootageFile::default()
            },
            _ => (around.footage)(&item.name, footage),
        };
        if let Some((kind, message)) = &file.problem {
            warnings.push(&Place(vec![item.name.clone()]), *kind, message.clone());
        }
        files.insert(item.id, file);
    }
    files
}

pub(super) fn list(gather: &Gather<'_>) -> Listed<FootageReport> {
    let mut uses: BTreeMap<ItemId, usize> = BTreeMap::new();
    for source in gather
        .project
        .compositions()
        .flat_map(|(_, c)| &c.layers)
        .filter_map(Layer::source)
    {
        *uses.entry(source).or_default() += 1;
    }
    let mut list = Listed::new(limits::ENTRIES);
    for item in &gather.project.items {
        let ItemKind::Footage(footage) = &item.kind else {
            continue;
        };
        if !list.has_room() {
            continue;
        }
        let nothing = FootageFile::default();
        let file = gather.files.get(&item.id).unwrap_or(&nothing);
        let (source, path) = match &footage.source {
            FootageSource::File(path) => ("file", Some(cut(path, limits::NAME))),
            FootageSource::Embedded(_) | FootageSource::Placed(_) => ("embedded", None),
            FootageSource::Placeholder => ("placeholder", None),
        };
        let or = |known: u32, found: u32| if known == 0 { found } else { known };
        let info = file.info.as_ref();
        list.push(FootageReport {
            id: item.id.0,
            name: cut(&item.name, limits::NAME),
            folders: gather.folders(item),
            kind: footage_kind(footage),
            source,
            path,
            found: file.found,
            found_at: file.at.clone(),
            problem: file.problem.as_ref().map(|(_, why)| cut(why, limits::NAME)),
            width: or(footage.width, info.map_or(0, |i| i.width)),
            height: or(footage.height, info.map_or(0, |i| i.height)),
            duration: number(footage.duration),
            frame_rate: number(footage.frame_rate),
            alpha: match footage.alpha {
                AlphaInterpretation::Straight => "straight",
                AlphaInterpretation::Premultiplied(_) => "premultiplied",
                AlphaInterpretation::Ignore => "ignore",
            },
            loops: footage.loops,
            layers: uses.get(&item.id).copied().unwrap_or(0),
        });
    }
    list
}
