//! Paths to pixel coverage.
//!
//! Analytic coverage, sparse: outlines become lines in 1/256 pixels ([`flatten`]), lines become signed areas in the cells
//! they cross ([`cells`]), a sweep along each row sums the cells and hands out *spans*: runs of one coverage (nothing is
//! paid for what lies inside a shape but its filling, nothing at all for what lies outside) and short runs of single
//! values along the edges. Integers all the way from the lines on, so that every machine gets the same pixels and the
//! pixels do not depend on how an area is clipped or split. Strokes become outlines first ([`stroke`]).

mod cells;
mod flatten;
mod lines;
mod rectangle;
mod stroke;

pub(crate) use cells::{Row, Spans, Sweep};
pub(crate) use flatten::fill;
pub(crate) use lines::Lines;
pub(crate) use rectangle::{as_rectangle, fill_rectangle};
pub(crate) use stroke::Stroker;
