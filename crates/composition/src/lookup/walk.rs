//! Following a property path from a layer.

use crate::{Group, Node, schema};

/// Where a path led.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Child indices from the group the walk began in; empty when not even the first key led anywhere.
    pub trail: Vec<usize>,
    /// How many keys it took; keys after these name a member of the value or an attribute.
    pub used: usize,
}

/// The keys of a path: split on `->` if that occurs, else on `.`.
pub fn split_path(path: &str) -> Vec<&str> {
    path.split(if path.contains("->") { "->" } else { "." }).collect()
}

/// Follows `keys` from `group` through groups as far as they lead. It ends at the first property, at a key that
/// names nothing there, or with the keys.
pub fn walk(group: &Group, keys: &[&str]) -> Found {
    let mut here = group;
    let mut found = Found {
        trail: Vec::new(),
        used: 0,
    };
    for key in keys {
        let Some(trail) = child(here, key) else { break };
        found.used += 1;
        found.trail.extend(&trail);
        match node(here, &trail) {
            Some(Node::Group(inside)) => here = inside,
            _ => break,
        }
    }
    found
}

/// The indices that lead from `group` to what After Effects gives for `group.property(key)`: the child with that
/// display name or match name, else one inside the groups After Effects looks through (a layer's `Position` is in its
/// `Transform`, its `Source Text` in its `Text`). The names scripts use (`sourceText`, `anchorPoint`, `effect`) and
/// 1-based indices work where no name matches.
pub fn child(group: &Group, key: &str) -> Option<Vec<usize>> {
    let find = |matches: &dyn Fn(&Node) -> bool| -> Option<Vec<usize>> {
        if let Some(i) = group.children.iter().position(matches) {
            return Some(vec![i]);
        }
        let through = |(i, node): (usize, &Node)| match node {
            Node::Group(inside) if is_looked_through(&inside.match_name) => {
                Some(vec![i, inside.children.iter().position(matches)?])
            }
            _ => None,
        };
        group.children.iter().enumerate().find_map(through)
    };
    find(&|node| node.name() == key)
        .or_else(|| find(&|node| node.match_name() == key))
        .or_else(|| find(&|node| alias(node.match_name()).contains(&key) || is_script_name(key, node.name())))
        .or_else(|| {
            let index: usize = key.parse().ok()?;
            (1..=group.children.len()).contains(&index).then(|| vec![index - 1])
        })
}

/// The node at the end of a trail; `None` for an empty or impossible trail.
pub fn node<'a>(group: &'a Group, trail: &[usize]) -> Option<&'a Node> {
    let (first, rest) = trail.split_first()?;
    let node = group.children.get(*first)?;
    match node {
        _ if rest.is_empty() => Some(node),
        Node::Group(inside) => self::node(inside, rest),
        Node::Property(_) => None,
    }
}

/// The node at the end of a trail, for editing; `None` for an empty or impossible trail.
pub fn node_mut<'a>(group: &'a mut Group, trail: &[usize]) -> Option<&'a mut Node> {
    let (first, rest) = trail.split_first()?;
    let node = group.children.get_mut(*first)?;
    match node {
        _ if rest.is_empty() => Some(node),
        Node::Group(inside) => node_mut(inside, rest),
        Node::Property(_) => None,
    }
}

/// Groups whose children After Effects finds from the group above.
fn is_looked_through(match_name: &str) -> bool {
    matches!(
        match_name,
        schema::TRANSFORM
            | schema::TEXT
            | "ADBE Audio Group"
            | "ADBE Camera Options Group"
            | "ADBE Light Options Group"
            | "ADBE Material Options Group"
            | "ADBE Vectors Group"
            | "ADBE Text Animator Properties"
    )
}

/// Further names of things whose display name changes with the layer or with After Effects' version.
fn alias(match_name: &str) -> &'static [&'static str] {
    match match_name {
        schema::EFFECTS => &["effect", "Effect"],
        schema::MASKS => &["mask", "Mask"],
        schema::CONTENTS | "ADBE Vectors Group" => &["content", "Content"],
        "ADBE Rotate Z" => &["Z Rotation", "zRotation"],
        "ADBE Position_0" => &["X Position"],
        "ADBE Position_1" => &["Y Position"],
        "ADBE Position_2" => &["Z Position"],
        "ADBE Mask Shape" => &["maskShape", "Mask Shape"],
        schema::TIME_REMAP => &["timeRemap", "Time Remapping"],
        _ => &[],
    }
}

/// Whether `key` is how a script spells the display name: `Anchor Point` as `anchorPoint`.
fn is_script_name(key: &str, name: &str) -> bool {
    let mut wanted = key.chars();
    let mut is_first = true;
    for word in name.split(' ') {
        let mut letters = word.chars();
        let Some(initial) = letters.next() else { continue };
        let agrees = if is_first {
            initial.to_lowercase().all(|c| wanted.next() == Some(c))
        } else {
            initial.to_uppercase().all(|c| wanted.next() == Some(c))
        };
        if !agrees || !letters.all(|c| wanted.next() == Some(c)) {
            return false;
        }
        is_first = false;
    }
    wanted.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Layer, LayerId, LayerKind, Property, ValueType};

    fn layer() -> Layer {
        let mut layer = Layer::new(LayerId(1), "Title", LayerKind::Text, 1.0);
        schema::complete_layer(&mut layer, (100, 100), None);
        let mut control = Group::new("ADBE Color Control", "Skin_Color");
        control
            .children
            .push(Property::new("ADBE Color Control-0001", "Color", ValueType::Color, [1.0; 4].into()).into());
        layer
            .properties
            .group_mut(schema::EFFECTS)
            .unwrap()
            .children
            .push(control.into());
        layer
    }

    fn name_at(path: &str) -> Option<String> {
        let layer = layer();
        let keys = split_path(path);
        let found = walk(&layer.properties, &keys);
        (found.used == keys.len()).then(|| node(&layer.properties, &found.trail).unwrap().match_name().to_owned())
    }

    #[test]
    fn paths_split_on_arrows_before_dots() {
        assert_eq!(
            split_path("Effects.Skin_Color.Color"),
            ["Effects", "Skin_Color", "Color"]
        );
        assert_eq!(split_path("Effects->a.b->Color"), ["Effects", "a.b", "Color"]);
        assert_eq!(split_path(""), [""]);
    }

    #[test]
    fn display_names_match_names_shortcuts_and_indices_lead_to_the_same_property() {
        for path in [
            "Effects.Skin_Color.Color",
            "ADBE Effect Parade.Skin_Color.ADBE Color Control-0001",
            "Effects->Skin_Color->Color",
            "effect.Skin_Color.color",
            "Effects.1.1",
        ] {
            assert_eq!(name_at(path).as_deref(), Some("ADBE Color Control-0001"), "{path}");
        }
        for path in ["Position", "Transform.Position", "position", "ADBE Position"] {
            assert_eq!(name_at(path).as_deref(), Some("ADBE Position"), "{path}");
        }
        for path in ["Source Text", "Text.Source Text", "sourceText"] {
            assert_eq!(name_at(path).as_deref(), Some(schema::SOURCE_TEXT), "{path}");
        }
        assert_eq!(name_at("Rotation").as_deref(), Some("ADBE Rotate Z"));
        assert_eq!(name_at("skin_color"), None, "effects are only found through Effects");
        assert_eq!(name_at("source text"), None, "case counts");
    }

    #[test]
    fn a_walk_stops_at_the_property_and_counts_its_keys() {
        let layer = layer();
        let found = walk(&layer.properties, &["Source Text", "fontSize"]);
        assert_eq!(found.used, 1);
        let found = walk(&layer.properties, &["Effects", "Glow", "Radius"]);
        assert_eq!(found.used, 1, "Effects is there, Glow is not");
        assert_eq!(walk(&layer.properties, &["enabled"]), Found { trail: vec![], used: 0 });
        assert!(node(&layer.properties, &[]).is_none());
        assert!(node(&layer.properties, &[0, 99]).is_none());
    }
}
