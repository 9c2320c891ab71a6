//! Track mattes: another layer's picture as alpha.

use filmpress_composition::MatteKind;
use filmpress_pixels::blend::stencil::{alphas, lumas};

use crate::surface::{Plane, View};

/// Writes the matte's picture into `plane`, which holds 0; the picture lies inside.
pub(crate) fn read(kind: MatteKind, picture: View, plane: &mut Plane) {
    for y in picture.rect.y0..picture.rect.y1 {
        let (x0, x1) = picture.extent(y, picture.rect);
        if x0 < x1 {
            let source = picture.row(y, x0, x1);
            let out = plane.touch(y, x0, x1);
            match kind {
                MatteKind::Alpha => alphas(source, out),
                MatteKind::Luma => lumas(source, out),
            }
        }
    }
}
