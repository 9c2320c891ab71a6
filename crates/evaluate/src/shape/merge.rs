//! Merge paths: all paths above become one, by their areas.

use filmpress_composition::Group;

use super::Modifier;
use super::boolean::{Operation, combine};
use super::contour::Contour;
use crate::compile::Compile;

#[derive(Debug)]
struct Merge {
    /// `None`: the paths stay as they are, in one compound path.
    operation: Option<Operation>,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Modifier> {
    Box::new(Merge {
        operation: match c.menu(item, "ADBE Vector Merge Type") {
            2 => Some(Operation::Union),
            3 => Some(Operation::Difference),
            4 => Some(Operation::Intersection),
            5 => Some(Operation::Exclusion),
            _ => None,
        },
    })
}

impl Modifier for Merge {
    fn is_idle(&self, _time: f64) -> bool {
        false
    }

    fn apply(&self, _time: f64, paths: &mut [Vec<Contour>]) {
        // One path has nothing to be combined with; it may be an open line.
        let combined = self
            .operation
            .filter(|_| paths.len() > 1)
            .and_then(|operation| combine(paths, operation));
        let Some((first, rest)) = paths.split_first_mut() else {
            return;
        };
        if let Some(combined) = combined {
            *first = combined;
            rest.iter_mut().for_each(Vec::clear);
        } else {
            for path in rest {
                first.append(path);
            }
        }
    }

    fn is_animated(&self) -> bool {
        false
    }

    fn consumes(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares() -> [Vec<Contour>; 3] {
        [0.0, 5.0, 8.0].map(|x| {
            vec![Contour::polygon(&[
                (x + 10.0, x),
                (x + 10.0, x + 10.0),
                (x, x + 10.0),
                (x, x),
            ])]
        })
    }

    #[test]
    fn merge_keeps_all_paths_and_add_only_their_outline() {
        let mut paths = squares();
        Merge { operation: None }.apply(0.0, &mut paths);
        assert_eq!(paths[0].len(), 3);
        assert!(paths[1].is_empty() && paths[2].is_empty());
        let mut paths = squares();
        let add = Merge {
            operation: Some(Operation::Union),
        };
        add.apply(0.0, &mut paths);
        assert_eq!(paths[0].len(), 1);
        assert_eq!(paths[0][0].vertices.len(), 12);
        assert!(paths[1].is_empty() && paths[2].is_empty());
    }

    #[test]
    fn one_path_stays_as_it_is() {
        let mut line = [vec![Contour::polygon(&[(0.0, 0.0), (10.0, 0.0)])]];
        line[0][0].closed = false;
        let before = line.clone();
        Merge {
            operation: Some(Operation::Intersection),
        }
        .apply(0.0, &mut line);
        assert_eq!(line, before);
        Merge { operation: None }.apply(0.0, &mut []);
    }
}
