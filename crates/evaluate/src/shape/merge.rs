//! Merge paths: several paths become one.

use filmpress_composition::Group;

use super::Modifier;
use super::contour::Contour;
use crate::compile::Compile;
use crate::support::Topic;

#[derive(Debug)]
struct Merge;

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Modifier> {
    let mode = c.menu(item, "ADBE Vector Merge Type");
    match mode {
        3 => c.feature(Topic::Shape, "mergeSubtract"),
        4 => c.feature(Topic::Shape, "mergeIntersect"),
        5 => c.feature(Topic::Shape, "mergeExclude"),
        _ => {}
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
