//! Paths and images onto a surface.

use filmpress_composition::{BlendingMode, LineCap, LineJoin};
use filmpress_evaluate::frame::{FillRule, Image, Paint, Path, PathStyle};
use filmpress_pixels::premultiply;
use kurbo::{Affine, Point, Rect};

use crate::blur::BlurScratch;
use crate::cache::Cache;
use crate::footage::Footage;
use crate::gradient::{ColorTables, GradientShader};
use crate::image::{ImageShader, Reductions};
use crate::paint::{Shader, ShaderBlend, ShaderOver, Solid, SolidOver};
use crate::raster::{Lines, Stroker, Sweep, fill};
use crate::rect::{IRect, finite};
use crate::surface::{Pool, Surface};

/// Memory that is used again and again: nothing is allocated in the middle of drawing once it has grown.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub lines: Lines,
    pub sweep: Sweep,
    pub stroker: Stroker,
    pub pool: Pool,
    pub row: Vec<[u8; 4]>,
    pub colors: ColorTables,
    pub reductions: Reductions,
    pub blur: BlurScratch,
}

/// One frame being drawn.
pub(crate) struct Draw<'a> {
    pub scratch: &'a mut Scratch,
    pub cache: &'a Cache,
    pub footage: &'a dyn Footage,
}

/// How something is combined with what is below it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compose {
    /// 0..1.
    pub opacity: f32,
    pub mode: BlendingMode,
    pub preserve_transparency: bool,
}

impl Compose {
    /// Normal blending at an opacity.
    pub fn normal(opacity: f32) -> Self {
        Self {
            opacity,
            mode: BlendingMode::Normal,
            preserve_transparency: false,
        }
    }

    pub fn alpha(self) -> u8 {
        (self.opacity.clamp(0.0, 1.0) * 255.0).round() as u8
    }

    fn is_over(self) -> bool {
        self.mode == BlendingMode::Normal && !self.preserve_transparency
    }
}

/// The pixels a path may touch, under the transform of its parent.
pub(crate) fn path_bounds(path: &Path, parent: Affine) -> IRect {
    let Some(mut rect) = path.outline.bounds else {
        return IRect::default();
    };
    let transform = parent * path.transform;
    if !finite(&transform) {
        return IRect::default();
    }
    if let PathStyle::Stroke(style) = &path.style {
        let reach = match (style.join, style.cap) {
            (LineJoin::Miter, _) => style.miter_limit.max(1.5),
            (_, LineCap::Square) => 1.5,
            _ => 1.0,
        };
        let grow = style.width.max(0.0) / 2.0 * reach;
        rect = rect.inflate(grow, grow);
    }
    IRect::around(transform.transform_rect_bbox(rect))
}

/// The pixels an image may touch, under the transform of its parent.
pub(crate) fn image_bounds(image: &Image, parent: Affine) -> IRect {
    let transform = parent * image.transform;
    if !finite(&transform) {
        return IRect::default();
    }
    IRect::around(transform.transform_rect_bbox(Rect::new(0.0, 0.0, image.size[0], image.size[1])))
}

impl Draw<'_> {
    /// Draws a path, combined as `compose` says (its own opacity comes on top).
    pub fn path(&mut self, path: &Path, parent: Affine, compose: Compose, surface: &mut Surface, clip: IRect) {
        let clip = clip.intersect(path_bounds(path, parent).inflate(1));
        let compose = Compose {
            opacity: compose.opacity * path.opacity,
            ..compose
        };
        if clip.is_empty() || compose.alpha() == 0 {
            return;
        }
        let transform = parent * path.transform;
        let scratch = &mut *self.scratch;
        scratch.lines.start(clip);
        let rule = match &path.style {
            PathStyle::Fill(rule) => {
                fill(&path.outline.path, transform, &mut scratch.lines);
                *rule
            }
            PathStyle::Stroke(style) => {
                scratch
                    .stroker
                    .stroke(&path.outline.path, transform, style, &mut scratch.lines);
                FillRule::NonZero
            }
        };
        match &path.paint {
            Paint::Solid(rgba) => {
                let byte = |v: f32| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
                let [r, g, b, a] = *rgba;
                let color = premultiply([byte(r), byte(g), byte(b), byte(a * compose.opacity.clamp(0.0, 1.0))]);
                if color[3] == 0 {
                    return;
                }
                if compose.is_over() {
                    let mut out = SolidOver { surface, color };
                    scratch.sweep.fill(&scratch.lines, rule, &mut out);
                } else {
                    let compose = Compose {
                        opacity: 1.0,
                        ..compose
                    };
                    paint(scratch, rule, &Solid(color), compose, surface);
                }
            }
            Paint::Gradient(gradient) => {
                let colors = scratch.colors.get(&gradient.stops);
                if let Some(shader) = GradientShader::new(&gradient.shape, colors, transform) {
                    paint(scratch, rule, &shader, compose, surface);
                }
            }
        }
    }

    /// Draws an image, combined as `compose` says (its own opacity comes on top).
    pub fn image(&mut self, image: &Image, parent: Affine, compose: Compose, surface: &mut Surface, clip: IRect) {
        let clip = clip.intersect(image_bounds(image, parent));
        let compose = Compose {
            opacity: compose.opacity * image.opacity,
            ..compose
        };
        if clip.is_empty() || compose.alpha() == 0 {
            return;
        }
        let Some(picture) = self.footage.pixels(&image.source) else {
            return;
        };
        let transform = parent * image.transform;
        let scratch = &mut *self.scratch;
        let Some(shader) = ImageShader::new(&picture, image.size, transform, image.sampling, &mut scratch.reductions)
        else {
            return;
        };
        scratch.lines.start(clip);
        quadrilateral(&mut scratch.lines, transform, image.size);
        paint(scratch, FillRule::NonZero, &shader, compose, surface);
    }
}

/// Adds the image of the rectangle from (0, 0) to `size`.
fn quadrilateral(lines: &mut Lines, transform: Affine, [w, h]: [f64; 2]) {
    let corners = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)].map(|p| transform * Point::from(p));
    for i in 0..4 {
        lines.line(corners[i], corners[(i + 1) % 4]);
    }
}

/// Paints the shape in `scratch.lines`.
fn paint<S: Shader>(scratch: &mut Scratch, rule: FillRule, shader: &S, compose: Compose, surface: &mut Surface) {
    let mut over = ShaderOver {
        surface,
        shader,
        alpha: compose.alpha(),
        scratch: &mut scratch.row,
    };
    if compose.is_over() {
        scratch.sweep.fill(&scratch.lines, rule, &mut over);
    } else {
        let mut blend = ShaderBlend {
            over,
            mode: compose.mode,
            preserve_transparency: compose.preserve_transparency,
        };
        scratch.sweep.fill(&scratch.lines, rule, &mut blend);
    }
}
