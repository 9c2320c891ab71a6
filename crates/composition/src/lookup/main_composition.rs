//! Which composition a template means when it is rendered.

use super::{closest, compositions};
use crate::{ItemId, Project};

/// Most names listed in an error text.
const MAX_LISTED: usize = 20;

/// Why no composition could be chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MainCompositionError {
    /// There is none of that name.
    #[error("composition `{name}` not found; {}", listed(.there, Some(.name)))]
    NotFound {
        /// The name asked for.
        name: String,
        /// The compositions of the project.
        there: Vec<String>,
    },
    /// Several could be meant.
    #[error("which composition? {}", listed(.there, None))]
    Ambiguous {
        /// Those that no other composition uses; all of them where each is used by another.
        there: Vec<String>,
    },
    /// The project has no composition.
    #[error("the template has no composition")]
    Empty,
}

/// The composition to render: the one named; without a name the one the format itself calls its main one
/// (`declared`), else the only one, else the one no other composition uses.
pub fn main_composition(
    project: &Project,
    name: Option<&str>,
    declared: Option<ItemId>,
) -> Result<ItemId, MainCompositionError> {
    let all: Vec<ItemId> = project.compositions().map(|(item, _)| item.id).collect();
    let names = |ids: &[ItemId]| -> Vec<String> {
        let items = ids.iter().filter_map(|id| project.item(*id));
        items.map(|item| item.name.clone()).collect()
    };
    if let Some(name) = name {
        let found = if name == "*" {
            Vec::new()
        } else {
            compositions(project, name)
        };
        return found.first().copied().ok_or_else(|| MainCompositionError::NotFound {
            name: name.to_owned(),
            there: names(&all),
        });
    }
    if let Some(declared) = declared.filter(|id| all.contains(id)) {
        return Ok(declared);
    }
    let used: std::collections::HashSet<ItemId> = project
        .compositions()
        .flat_map(|(_, composition)| composition.layers.iter().filter_map(crate::Layer::source))
        .collect();
    let unused: Vec<ItemId> = all.iter().copied().filter(|id| !used.contains(id)).collect();
    match (all.as_slice(), unused.as_slice()) {
        ([], _) => Err(MainCompositionError::Empty),
        ([one], _) | (_, [one]) => Ok(*one),
        (_, []) => Err(MainCompositionError::Ambiguous { there: names(&all) }),
        _ => Err(MainCompositionError::Ambiguous { there: names(&unused) }),
    }
}

fn listed(names: &[String], wanted: Option<&str>) -> String {
    let quoted: Vec<_> = names.iter().take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
    let more = match names.len() {
        n if n > MAX_LISTED => format!(" and {} more", n - MAX_LISTED),
        _ => String::new(),
    };
    let meant = match wanted.and_then(|name| closest(name, names.iter().map(String::as_str))) {
        Some(close) => format!("; did you mean `{close}`?"),
        None => String::new(),
    };
    format!("compositions there: {}{more}{meant}", quoted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Composition, Item, ItemKind, Layer, LayerId, LayerKind};

    /// Compositions 1, 2, ... each holding the given ones.
    fn project(uses: &[&[u32]]) -> Project {
        let composition = |inside: &[u32]| Composition {
            layers: inside
                .iter()
                .map(|id| Layer::new(LayerId(*id), "L", LayerKind::Av(ItemId(*id)), 1.0))
                .collect(),
            ..Composition::default()
        };
        Project {
            items: (1..)
                .zip(uses)
                .map(|(id, inside)| Item::new(ItemId(id), format!("C{id}"), ItemKind::Composition(composition(inside))))
                .collect(),
            ..Project::default()
        }
    }

    #[test]
    fn named_declared_only_or_unused() {
        let nested = project(&[&[], &[1], &[1, 2]]);
        assert_eq!(main_composition(&nested, Some("C2"), Some(ItemId(1))), Ok(ItemId(2)));
        assert_eq!(main_composition(&nested, None, Some(ItemId(1))), Ok(ItemId(1)));
        assert_eq!(main_composition(&nested, None, Some(ItemId(77))), Ok(ItemId(3)));
        assert_eq!(main_composition(&nested, None, None), Ok(ItemId(3)));
        assert_eq!(main_composition(&project(&[&[]]), None, None), Ok(ItemId(1)));
    }

    #[test]
    fn errors_list_what_is_there() {
        let two = project(&[&[], &[3], &[]]);
        assert_eq!(
            main_composition(&two, None, None).unwrap_err().to_string(),
            "which composition? compositions there: `C1`, `C2`"
        );
        assert_eq!(
            main_composition(&two, Some("c2"), None).unwrap_err().to_string(),
            "composition `c2` not found; compositions there: `C1`, `C2`, `C3`; did you mean `C2`?"
        );
        assert_eq!(
            main_composition(&project(&[]), None, None),
            Err(MainCompositionError::Empty)
        );
        let ring = project(&[&[2], &[1]]);
        assert!(matches!(
            main_composition(&ring, None, None),
            Err(MainCompositionError::Ambiguous { there }) if there.len() == 2
        ));
    }
}
