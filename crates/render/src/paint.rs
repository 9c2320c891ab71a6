//! Spans of coverage to pixels: what a shape is painted with meets what is below.

use filmpress_pixels::{mul_div_255, row};

use crate::blend::blend_row;
use crate::draw::Compose;
use crate::raster::{Row, Spans};
use crate::rect::IRect;
use crate::surface::{Plane, Surface, Touched, View};

/// A source of pixels.
pub(crate) trait Shader {
    /// Whether every pixel is opaque.
    fn opaque(&self) -> bool;
    /// Columns `.0 .. .1` beyond which row `y` is transparent.
    fn shown(&self, y: i32) -> (i32, i32) {
        let _ = y;
        EVERYWHERE
    }
    /// Whether a pixel is the same to the last bit wherever its row begins and ends.
    fn begins_anywhere(&self) -> bool {
        true
    }
    /// Premultiplied pixels of row `y` from `x` on.
    fn row(&self, x: i32, y: i32, out: &mut [[u8; 4]]);
}

/// All columns.
pub(crate) const EVERYWHERE: (i32, i32) = (i32::MIN, i32::MAX);

/// One colour, normal blending: most of what is ever drawn.
pub(crate) struct SolidOver<'a, 'b> {
    pub surface: &'a mut Surface<'b>,
    /// Premultiplied.
    pub color: [u8; 4],
}

impl Spans for SolidOver<'_, '_> {
    #[inline]
    fn run(&mut self, y: i32, x0: i32, x1: i32, alpha: u8) {
        let (x0, x1) = self.surface.wanted(y, x0, x1);
        if x0 >= x1 {
            return;
        }
        if alpha == 255 && self.color[3] == 255 {
            self.surface.cover(y, x0, x1, self.color);
            return;
        }
        let color = if alpha == 255 {
            self.color
        } else {
            row::scale(self.color, alpha)
        };
        row::over_constant(self.surface.touch(y, x0, x1), color);
    }

    #[inline]
    fn edge(&mut self, y: i32, x: i32, alphas: &[u8]) {
        let (x0, x1) = self.surface.wanted(y, x, x + alphas.len() as i32);
        if x0 < x1 {
            let alphas = &alphas[(x0 - x) as usize..(x1 - x) as usize];
            row::over_constant_masked(self.surface.touch(y, x0, x1), self.color, alphas);
        }
    }

    fn rows(&mut self, y0: i32, y1: i32, row: Row) {
        let sides = [row.left, row.right].map(|side| side.map(|(x, alpha)| (x, row::scale(self.color, alpha))));
        let inner = row.inner.map(|(x0, x1, alpha)| (x0, x1, row::scale(self.color, alpha)));
        for y in y0..y1 {
            if let Some((x0, x1, color)) = inner {
                let (x0, x1) = self.surface.wanted(y, x0, x1);
                match color[3] {
                    _ if x0 >= x1 => {}
                    255 => self.surface.cover(y, x0, x1, color),
                    _ => row::over_constant(self.surface.touch(y, x0, x1), color),
                }
            }
            for (x, color) in sides.iter().flatten() {
                let (x0, x1) = self.surface.wanted(y, *x, *x + 1);
                if x0 < x1 {
                    for pixel in self.surface.touch(y, x0, x1) {
                        *pixel = row::over(*color, *pixel);
                    }
                }
            }
        }
    }
}

/// Any source, normal blending.
pub(crate) struct ShaderOver<'a, 'b, S> {
    pub surface: &'a mut Surface<'b>,
    pub shader: &'a S,
    pub alpha: u8,
    pub scratch: &'a mut Vec<[u8; 4]>,
}

impl<S: Shader> Spans for ShaderOver<'_, '_, S> {
    fn run(&mut self, y: i32, x0: i32, x1: i32, alpha: u8) {
        let shown = self.shader.shown(y);
        let whole = (x0.max(shown.0), x1.min(shown.1));
        let part = Part::of(self.surface, self.shader, y, whole);
        if part.is_empty() {
            return;
        }
        let (x0, x1) = part.wanted;
        let alpha = mul_div_255(alpha, self.alpha);
        if alpha == 255 && self.shader.opaque() && part.made == part.wanted {
            self.shader.row(x0, y, self.surface.touch(y, x0, x1));
            return;
        }
        let source = part.make(self.shader, y, self.scratch);
        row::over_row_faded(self.surface.touch(y, x0, x1), source, alpha);
    }

    fn edge(&mut self, y: i32, x: i32, alphas: &[u8]) {
        let shown = self.shader.shown(y);
        let whole = (x.max(shown.0), (x + alphas.len() as i32).min(shown.1));
        let part = Part::of(self.surface, self.shader, y, whole);
        if part.is_empty() {
            return;
        }
        let (x0, x1) = part.wanted;
        let source = part.make(self.shader, y, self.scratch);
        if self.alpha != 255 {
            row::fade(source, self.alpha);
        }
        let alphas = &alphas[(x0 - x) as usize..(x1 - x) as usize];
        row::over_row_masked(self.surface.touch(y, x0, x1), source, alphas);
    }
}

/// The columns of a row that a shader is asked for.
#[derive(Clone, Copy)]
struct Part {
    /// Those to be drawn on.
    wanted: Touched,
    /// Those made for it.
    made: Touched,
}

impl Part {
    /// What `surface` wants of the columns `whole` of row `y`.
    fn of(surface: &Surface, shader: &impl Shader, y: i32, whole: Touched) -> Self {
        let wanted = surface.wanted(y, whole.0, whole.1);
        Self {
            wanted,
            made: if shader.begins_anywhere() { wanted } else { whole },
        }
    }

    fn is_empty(self) -> bool {
        self.wanted.0 >= self.wanted.1
    }

    /// The wanted pixels.
    fn make<'s>(self, shader: &impl Shader, y: i32, scratch: &'s mut Vec<[u8; 4]>) -> &'s mut [[u8; 4]] {
        let n = (self.made.1 - self.made.0) as usize;
        if scratch.len() < n {
            scratch.resize(n, [0; 4]);
        }
        shader.row(self.made.0, y, &mut scratch[..n]);
        &mut scratch[(self.wanted.0 - self.made.0) as usize..(self.wanted.1 - self.made.0) as usize]
    }
}

/// Any source, any way of combining with what is below.
pub(crate) struct ShaderBlend<'a, 'b, S> {
    pub over: ShaderOver<'a, 'b, S>,
    pub compose: Compose,
}

impl<S: Shader> Spans for ShaderBlend<'_, '_, S> {
    fn run(&mut self, y: i32, x0: i32, x1: i32, alpha: u8) {
        let over = &mut self.over;
        let part = Part::of(over.surface, over.shader, y, (x0, x1));
        if part.is_empty() {
            return;
        }
        let alpha = mul_div_255(alpha, over.alpha);
        let source = part.make(over.shader, y, over.scratch);
        if alpha != 255 {
            row::fade(source, alpha);
        }
        let (x0, x1) = part.wanted;
        blend_row(self.compose, over.surface.touch(y, x0, x1), source, x0, y);
    }

    fn edge(&mut self, y: i32, x: i32, alphas: &[u8]) {
        let over = &mut self.over;
        let part = Part::of(over.surface, over.shader, y, (x, x + alphas.len() as i32));
        if part.is_empty() {
            return;
        }
        let (x0, x1) = part.wanted;
        let source = part.make(over.shader, y, over.scratch);
        if over.alpha != 255 {
            row::fade(source, over.alpha);
        }
        row::mask(source, &alphas[(x0 - x) as usize..(x1 - x) as usize]);
        blend_row(self.compose, over.surface.touch(y, x0, x1), source, x0, y);
    }
}

/// One colour as a source.
pub(crate) struct Solid(pub [u8; 4]);

impl Shader for Solid {
    fn opaque(&self) -> bool {
        self.0[3] == 255
    }

    fn row(&self, _: i32, _: i32, out: &mut [[u8; 4]]) {
        out.fill(self.0);
    }
}

/// A finished picture as a source; asked only for pixels it has.
pub(crate) struct Picture<'a> {
    pub picture: View<'a>,
    /// Whether every pixel is opaque.
    pub opaque: bool,
}

impl Shader for Picture<'_> {
    fn opaque(&self) -> bool {
        self.opaque
    }

    fn shown(&self, y: i32) -> (i32, i32) {
        self.picture.extent(y, self.picture.rect)
    }

    fn row(&self, x: i32, y: i32, out: &mut [[u8; 4]]) {
        out.copy_from_slice(self.picture.row(y, x, x + out.len() as i32));
    }
}

/// A finished separate picture shown through coverage, normal blending, without copying.
pub(crate) struct PictureOver<'a, 'b, 'c> {
    pub surface: &'a mut Surface<'b>,
    pub picture: View<'c>,
    pub alpha: u8,
}

impl PictureOver<'_, '_, '_> {
    /// The part of `x0..x1` of row `y` where the picture may hold something.
    fn cut(&self, y: i32, x0: i32, x1: i32) -> (i32, i32) {
        let (x0, x1) = self.picture.extent(y, IRect::new(x0, y, x1, y + 1));
        self.surface.wanted(y, x0, x1)
    }
}

impl Spans for PictureOver<'_, '_, '_> {
    fn run(&mut self, y: i32, x0: i32, x1: i32, alpha: u8) {
        let (x0, x1) = self.cut(y, x0, x1);
        if x0 < x1 {
            let alpha = mul_div_255(alpha, self.alpha);
            row::over_row_faded(self.surface.touch(y, x0, x1), self.picture.row(y, x0, x1), alpha);
        }
    }

    fn edge(&mut self, y: i32, x: i32, alphas: &[u8]) {
        let (x0, x1) = self.cut(y, x, x + alphas.len() as i32);
        if x0 < x1 {
            let alphas = &alphas[(x0 - x) as usize..(x1 - x) as usize];
            let target = self.surface.touch(y, x0, x1);
            for ((pixel, source), &alpha) in target.iter_mut().zip(self.picture.row(y, x0, x1)).zip(alphas) {
                let alpha = mul_div_255(alpha, self.alpha);
                *pixel = row::over(row::scale(*source, alpha), *pixel);
            }
        }
    }
}

/// Coverage kept as a plane, over what is there.
pub(crate) struct PlaneOver<'a> {
    pub plane: &'a mut Plane,
    pub alpha: u8,
}

impl Spans for PlaneOver<'_> {
    fn run(&mut self, y: i32, x0: i32, x1: i32, alpha: u8) {
        let alpha = mul_div_255(alpha, self.alpha);
        let row = self.plane.touch(y, x0, x1);
        if alpha == 255 {
            row.fill(255);
        } else {
            for a in row {
                *a = alpha + mul_div_255(*a, 255 - alpha);
            }
        }
    }

    fn edge(&mut self, y: i32, x: i32, alphas: &[u8]) {
        let row = self.plane.touch(y, x, x + alphas.len() as i32);
        for (a, &alpha) in row.iter_mut().zip(alphas) {
            let alpha = mul_div_255(alpha, self.alpha);
            *a = alpha + mul_div_255(*a, 255 - alpha);
        }
    }
}

/// A shape seen through a plane: its coverage times the plane's, 0 outside of it.
pub(crate) struct Through<'a, S> {
    pub plane: &'a Plane,
    pub inner: &'a mut S,
    pub scratch: &'a mut Vec<u8>,
}

impl<S: Spans> Spans for Through<'_, S> {
    #[inline]
    fn run(&mut self, y: i32, x0: i32, x1: i32, alpha: u8) {
        let (x0, x1) = self.plane.extent(y, x0, x1);
        if x0 >= x1 {
            return;
        }
        let row = self.plane.row(y, x0, x1);
        if alpha == 255 {
            self.inner.edge(y, x0, row);
        } else {
            self.scratch.clear();
            self.scratch.extend(row.iter().map(|a| mul_div_255(*a, alpha)));
            self.inner.edge(y, x0, self.scratch);
        }
    }

    #[inline]
    fn edge(&mut self, y: i32, x: i32, alphas: &[u8]) {
        let (x0, x1) = self.plane.extent(y, x, x + alphas.len() as i32);
        if x0 >= x1 {
            return;
        }
        let row = self.plane.row(y, x0, x1);
        let alphas = &alphas[(x0 - x) as usize..(x1 - x) as usize];
        self.scratch.clear();
        self.scratch
            .extend(row.iter().zip(alphas).map(|(a, b)| mul_div_255(*a, *b)));
        self.inner.edge(y, x0, self.scratch);
    }
}
