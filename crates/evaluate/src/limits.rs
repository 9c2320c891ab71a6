//! Every limit of evaluation in one place. What goes over a limit is cut and reported, never an error.

/// How deeply compositions may nest.
pub const COMPOSITION_DEPTH: usize = 48;
/// How many different sets of Essential Properties compositions may be shown with.
pub const VARIANTS: usize = 1000;
/// How many layers one frame may evaluate, nested compositions counted each time they show.
pub const LAYERS_PER_FRAME: u64 = 200_000;
/// How deeply shape groups may nest.
pub const SHAPE_GROUP_DEPTH: usize = 48;
/// How many copies one repeater makes.
pub const REPEATER_COPIES: usize = 1000;
/// How many copies one Offset Paths makes.
pub const OFFSET_COPIES: usize = 1000;
/// How many pieces of flattened curves Merge Paths combines; with more, and with more pieces near each other than the
/// next limit, the paths are merged and not combined. Drawing says nothing of it: it depends on the moment.
pub const MERGED_PIECES: usize = 60_000;
/// How many pairs of pieces may lie near enough to cross when Merge Paths combines paths.
pub const MERGED_PAIRS: usize = 1_000_000;
/// How many painted outlines (copies of repeaters included) one shape layer draws.
pub const PAINTED_OUTLINES: usize = 20_000;
/// How many vertices one path may have before modifiers stop adding to it.
pub const PATH_VERTICES: usize = 200_000;
/// How many points a star or polygon may have.
pub const STAR_POINTS: f64 = 2000.0;
/// How much a survey evaluates to find where layers lie: painted outlines and pieces of their paths.
pub const SURVEYED_PIECES: usize = 2_000_000;
/// Layers named in one warning about a font.
pub const LAYERS_NAMED: usize = 8;
/// Numbers beyond this magnitude are cut to it: the products of a few of them still are finite.
pub const MAGNITUDE: f64 = 1e9;
