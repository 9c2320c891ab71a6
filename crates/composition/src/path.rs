//! Mask and shape paths as a property value.

/// A cubic path as After Effects keeps it: vertices with tangents relative to their vertex.
///
/// The segment from vertex `i` to `i + 1` has the control points `vertices[i] + out_tangents[i]` and
/// `vertices[i + 1] + in_tangents[i + 1]`. All three lists have the same length. Pixels, y down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BezierPath {
    /// Points the path goes through.
    pub vertices: Vec<[f64; 2]>,
    /// Tangents arriving at each vertex, relative to it.
    pub in_tangents: Vec<[f64; 2]>,
    /// Tangents leaving each vertex, relative to it.
    pub out_tangents: Vec<[f64; 2]>,
    /// Whether the last vertex connects to the first.
    pub closed: bool,
}

impl BezierPath {
    /// A closed or open polygon with straight sides.
    pub fn polygon(vertices: Vec<[f64; 2]>, closed: bool) -> Self {
        let n = vertices.len();
        Self {
            vertices,
            in_tangents: vec![[0.0; 2]; n],
            out_tangents: vec![[0.0; 2]; n],
            closed,
        }
    }

    /// The same path drawn the other way round.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let rev = |list: &[[f64; 2]]| list.iter().rev().copied().collect();
        Self {
            vertices: rev(&self.vertices),
            in_tangents: rev(&self.out_tangents),
            out_tangents: rev(&self.in_tangents),
            closed: self.closed,
        }
    }

    /// Multiplies every coordinate and tangent, per axis.
    pub fn scale(&mut self, x: f64, y: f64) {
        for list in [&mut self.vertices, &mut self.in_tangents, &mut self.out_tangents] {
            for p in list {
                p[0] *= x;
                p[1] *= y;
            }
        }
    }
}
