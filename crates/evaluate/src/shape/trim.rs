//! Trim paths: only a part of the length stays.

use filmpress_composition::Group;
use kurbo::CubicBez;

use super::Modifier;
use super::contour::{Contour, length, part};
use crate::compile::Compile;
use crate::interpolate::{Number, Track};

#[derive(Debug)]
struct Trim {
    start: Track<Number>,
    end: Track<Number>,
    offset: Track<Number>,
    /// All paths as one, one after the other, instead of each by itself.
    individually: bool,
}

pub(super) fn compile(c: &mut Compile, item: &Group) -> Box<dyn Modifier> {
    Box::new(Trim {
        start: c.number(item, "ADBE Vector Trim Start"),
        end: c.number(item, "ADBE Vector Trim End"),
        offset: c.number(item, "ADBE Vector Trim Offset"),
        individually: c.menu(item, "ADBE Vector Trim Type") == 2,
    })
}

/// What stays, as fractions of the length: `from` 0..1, `to` at most one length further on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Kept {
    from: f64,
    to: f64,
    /// From start back to end: what stays runs the other way round, which dashes and tapers show.
    backwards: bool,
}

impl Kept {
    fn is_all(self) -> bool {
        self.to - self.from >= 1.0
    }
}

impl Trim {
    fn kept(&self, time: f64) -> Kept {
        let limit = |percent: f64| (percent / 100.0).clamp(0.0, 1.0);
        let (start, end) = (limit(self.start.at(time)), limit(self.end.at(time)));
        let backwards = start > end;
        let (start, end) = (start.min(end), start.max(end));
        let offset = self.offset.at(time) / 360.0;
        let from = start + offset;
        let turns = from.floor();
        Kept {
            from: from - turns,
            to: end + offset - turns,
            backwards,
        }
    }
}

impl Modifier for Trim {
    fn is_idle(&self, time: f64) -> bool {
        let kept = self.kept(time);
        // An open path cut at its offset is in two runs, but they still cover all of it.
        kept.is_all() && !kept.backwards
    }

    fn apply(&self, time: f64, paths: &mut [Vec<Contour>]) {
        let kept = self.kept(time);
        if kept.is_all() {
            for contour in paths.iter_mut().flatten() {
                if kept.backwards && contour.segment_count() > 1 {
                    *contour = std::mem::take(contour).reversed_from_start();
                }
            }
        } else if self.individually {
            let mut all: Vec<(usize, Contour)> = Vec::new();
            for (i, path) in paths.iter_mut().enumerate() {
                all.extend(path.drain(..).map(|contour| (i, contour)));
            }
            let measured: Vec<Measured> = all.iter().map(|(_, contour)| Measured::new(contour)).collect();
            let total: f64 = measured.iter().map(|m| m.total).sum();
            let mut before = 0.0;
            for ((i, _), m) in all.iter().zip(&measured) {
                for (from, to) in runs(kept, total) {
                    m.keep(from - before, to - before, kept.backwards, &mut paths[*i]);
                }
                before += m.total;
            }
        } else {
            for path in paths {
                let contours = std::mem::take(path);
                let measured: Vec<Measured> = contours.iter().map(Measured::new).collect();
                for m in &measured {
                    m.keep_around(kept, path);
                }
            }
        }
    }

    fn is_animated(&self) -> bool {
        self.start.is_animated() || self.end.is_animated() || self.offset.is_animated()
    }
}

/// What stays of `total`, as one or two runs from 0.
fn runs(kept: Kept, total: f64) -> impl Iterator<Item = (f64, f64)> {
    let (from, to) = (kept.from * total, kept.to * total);
    let wrapped = (to > total).then_some((0.0, to - total));
    [Some((from, to.min(total))), wrapped].into_iter().flatten()
}

/// A contour's segments with their lengths.
struct Measured {
    segments: Vec<CubicBez>,
    lengths: Vec<f64>,
    total: f64,
    closed: bool,
}

impl Measured {
    fn new(contour: &Contour) -> Self {
        let segments: Vec<CubicBez> = contour.segments().collect();
        let lengths: Vec<f64> = segments.iter().map(length).collect();
        Self {
            total: lengths.iter().sum(),
            segments,
            lengths,
            closed: contour.closed,
        }
    }

    /// The pieces between two lengths.
    fn pieces(&self, from: f64, to: f64, out: &mut Vec<CubicBez>) {
        let mut before = 0.0;
        for (segment, &length) in self.segments.iter().zip(&self.lengths) {
            let (a, b) = ((from - before).max(0.0), (to - before).min(length));
            if b > a {
                out.push(if a <= 0.0 && b >= length {
                    *segment
                } else {
                    part(segment, a, b, length)
                });
            }
            before += length;
        }
    }

    /// Keeps what is between two lengths as an open contour; a closed contour kept whole stays closed.
    fn keep(&self, from: f64, to: f64, backwards: bool, out: &mut Vec<Contour>) {
        let mut pieces = Vec::new();
        self.pieces(from, to, &mut pieces);
        if !pieces.is_empty() {
            let whole = from <= 0.0 && to >= self.total;
            self.put(Contour::from_segments(&pieces, self.closed && whole), backwards, out);
        }
    }

    /// Puts what stays of this contour; an open one of one segment never turns round.
    fn put(&self, kept: Contour, backwards: bool, out: &mut Vec<Contour>) {
        let turns = backwards && (self.closed || self.segments.len() > 1);
        out.push(if turns { kept.reversed_from_start() } else { kept });
    }

    /// Keeps fractions of this contour by itself; on a closed contour the run over the start is one piece.
    fn keep_around(&self, kept: Kept, out: &mut Vec<Contour>) {
        if self.closed {
            let mut pieces = Vec::new();
            for (from, to) in runs(kept, self.total) {
                self.pieces(from, to, &mut pieces);
            }
            if !pieces.is_empty() {
                self.put(Contour::from_segments(&pieces, false), kept.backwards, out);
            }
        } else {
            for (from, to) in runs(kept, self.total) {
                self.keep(from, to, kept.backwards, out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use kurbo::Point;

    use super::*;

    fn trim(start: f64, end: f64, offset: f64, individually: bool) -> Trim {
        Trim {
            start: Track::Fixed(start),
            end: Track::Fixed(end),
            offset: Track::Fixed(offset),
            individually,
        }
    }

    fn square() -> Contour {
        Contour::polygon(&[(100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)])
    }

    fn ends(contour: &Contour) -> (Point, Point) {
        (contour.vertices[0].point, contour.vertices.last().unwrap().point)
    }

    #[test]
    fn the_kept_part_starts_where_the_path_starts() {
        let mut paths = [vec![square()]];
        trim(0.0, 37.5, 0.0, false).apply(0.0, &mut paths);
        let [kept] = &paths[0][..] else { panic!() };
        assert!(!kept.closed);
        assert_eq!(ends(kept), (Point::new(100.0, 0.0), Point::new(50.0, 100.0)));
    }

    #[test]
    fn over_the_start_of_a_closed_path_it_is_one_piece() {
        let mut paths = [vec![square()]];
        trim(0.0, 50.0, -90.0, false).apply(0.0, &mut paths);
        let [kept] = &paths[0][..] else { panic!() };
        assert_eq!(ends(kept), (Point::new(0.0, 0.0), Point::new(100.0, 100.0)));
        assert_eq!(kept.vertices.len(), 3);
    }

    #[test]
    fn start_and_end_may_be_swapped_and_offsets_turn_many_times() {
        let mut paths = [[vec![square()]], [vec![square()]]];
        trim(75.0, 25.0, 720.0, false).apply(0.0, &mut paths[0]);
        trim(25.0, 75.0, 0.0, false).apply(0.0, &mut paths[1]);
        let [back, forth] = paths.map(|[mut path]| path.remove(0));
        assert_eq!(back, forth.reversed(), "from start back to end");
        assert!(!trim(100.0, 0.0, 0.0, false).is_idle(0.0));
        let mut whole = [vec![square()]];
        trim(100.0, 0.0, 0.0, false).apply(0.0, &mut whole);
        assert_eq!(whole[0][0], square().reversed_from_start());
        assert!(trim(0.0, 100.0, 45.0, false).is_idle(0.0));
        let mut paths = [vec![square()]];
        trim(30.0, 30.0, 0.0, false).apply(0.0, &mut paths);
        assert!(paths[0].is_empty());
    }

    #[test]
    fn individually_means_one_after_the_other() {
        let mut paths = [vec![square()], vec![square()]];
        trim(0.0, 75.0, 0.0, true).apply(0.0, &mut paths);
        assert!(paths[0][0].closed);
        assert_eq!(ends(&paths[1][0]).1, Point::new(0.0, 100.0));
        let mut paths = [vec![square()], vec![square()]];
        trim(0.0, 50.0, 180.0, true).apply(0.0, &mut paths);
        assert!(paths[0].is_empty() && paths[1][0].closed);
    }
}
