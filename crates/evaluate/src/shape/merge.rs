//! Merge paths: several paths become one.

use filmpress_composition::{Group, Kind};

use super::Modifier;
use super::contour::Contour;
use crate::compile::Compile;

#[derive(Debug)]
struct Merge;

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Modifier> {
    let mode = c.menu(item, "ADBE Vector Merge Type");
    if let Some(name) = match mode {
        3 => Some("Subtract"),
        4 => Some("Intersect"),
        5 => Some("Exclude Intersections"),
        _ => None,
    } {
        c.warn(
            Kind::Approximated,
            format!("Merge Paths in mode {name} is drawn as Merge"),
        );
    }
    Box::new(Merge)
}

impl Modifier for Merge {
    fn is_idle(&self, _time: f64) -> bool {
        false
    }

    fn apply(&self, _time: f64, paths: &mut [Vec<Contour>]) {
        if let Some((first, rest)) = paths.split_first_mut() {
            for path in rest {
                first.append(path);
            }
        }
    }

    fn is_animated(&self) -> bool {
        false
    }
}
