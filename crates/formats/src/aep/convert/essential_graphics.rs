//! The Essential Graphics panel of compositions (`CIF3`, older `CIF2`, `CIFO`): what a .mogrt was exported from.

use filmpress_composition::ItemId;

use super::items;
use crate::aep::raw::Chunk;

/// The composition a motion graphics template of this name was exported from: the one whose panel bears the name,
/// else the only one whose panel has controls.
pub(crate) fn composition(root: &Chunk<'_>, name: &str) -> Option<ItemId> {
    let mut with_controls = Vec::new();
    for (id, item) in items::compositions(root) {
        let panel = [*b"CIF3", *b"CIF2", *b"CIFO"]
            .iter()
            .find_map(|kind| item.child_list(*kind));
        let Some(panel) = panel.filter(|p| p.child_list(*b"CCtl").is_some()) else {
            continue;
        };
        let panel_name = panel.child_list(*b"CpS2").and_then(|list| list.name(*b"Utf8"));
        if panel_name.as_deref() == Some(name) {
            return Some(id);
        }
        with_controls.push(id);
    }
    match with_controls.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}
