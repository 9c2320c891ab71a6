//! Paths of the properties a `data` asset can name.

use std::collections::BTreeMap;

use filmpress_composition::{Group, Node, Project, Value, lookup};

/// Paths told of a layer.
const OF_A_LAYER: usize = 100;

/// Paths told of a template.
const OF_ALL: usize = 50_000;

/// Groups whose properties hardly any job changes, but of which every layer has dozens.
const LEFT_OUT: [&str; 4] = [
    "ADBE Layer Styles",
    "ADBE Material Options Group",
    "ADBE Plane Options Group",
    "ADBE Extrsn Options Group",
];

/// The paths of the layers of a project.
pub struct Paths {
    by_layer: BTreeMap<(u32, usize), Vec<String>>,
    cut: bool,
}

impl Paths {
    /// The paths of the properties that hold numbers or text.
    pub fn of(project: &Project) -> Self {
        let mut by_layer = BTreeMap::new();
        let (mut left, mut cut) = (OF_ALL, false);
        for (item, composition) in project.compositions() {
            for (i, layer) in composition.layers.iter().enumerate() {
                let most = left.min(OF_A_LAYER);
                let mut walk = Walk {
                    root: &layer.properties,
                    trail: Vec::new(),
                    paths: Vec::new(),
                    most,
                    cut: false,
                };
                walk.group(&layer.properties);
                left -= walk.paths.len();
                cut |= walk.cut;
                by_layer.insert((item.id.0, i + 1), walk.paths);
            }
        }
        Self { by_layer, cut }
    }

    /// The paths of a layer.
    pub fn of_layer(&self, composition: u32, index: usize) -> &[String] {
        self.by_layer.get(&(composition, index)).map_or(&[], Vec::as_slice)
    }

    /// Says that there are more than are told.
    pub fn warning(&self) -> Option<String> {
        self.cut.then(|| {
            format!("only {OF_A_LAYER} properties of a layer, and {OF_ALL} of all layers, are listed; the others can be used as well")
        })
    }
}

struct Walk<'a> {
    root: &'a Group,
    trail: Vec<usize>,
    paths: Vec<String>,
    most: usize,
    cut: bool,
}

impl Walk<'_> {
    fn group(&mut self, group: &Group) {
        for (i, child) in group.children.iter().enumerate() {
            if self.cut {
                return;
            }
            self.trail.push(i);
            match child {
                Node::Group(inside) if LEFT_OUT.contains(&&*inside.match_name) => {}
                Node::Group(inside) => self.group(inside),
                Node::Property(property) => {
                    let value = property.keyframes.first().map_or(&property.value, |key| &key.value);
                    if matches!(value, Value::Vector(_) | Value::Text(_)) {
                        self.property();
                    }
                }
            }
            self.trail.pop();
        }
    }

    fn property(&mut self) {
        if self.paths.len() == self.most {
            self.cut = true;
        } else if let Some(path) = lookup::path_to(self.root, &self.trail) {
            self.paths.push(path);
        }
    }
}
