//! Path: vertices and tangents as drawn.

use std::sync::Arc;

use filmpress_composition::{BezierPath, Group};

use super::Source;
use super::contour::Contour;
use crate::compile::Compile;
use crate::interpolate::{Blended, Track};

#[derive(Debug)]
struct Drawn {
    path: Track<Blended<Arc<BezierPath>>>,
    reversed: bool,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Source> {
    Box::new(Drawn {
        path: c.path(item, "ADBE Vector Shape"),
        reversed: super::is_reversed(c, item),
    })
}

impl Source for Drawn {
    fn contour(&self, time: f64) -> Contour {
        let contour = Contour::from_path(&self.path.at(time));
        if self.reversed {
            contour.reversed_from_start()
        } else {
            contour
        }
    }

    fn is_animated(&self) -> bool {
        self.path.is_animated()
    }
}
