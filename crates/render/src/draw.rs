//! Paths and images onto a surface.

use filmpress_composition::{BlendingMode, LineCap, LineJoin};
use filmpress_evaluate::digest::{Digest, Digester};
use filmpress_evaluate::frame::{FillRule, Image, Paint, Path, PathStyle};
use filmpress_pixels::premultiply;
use kurbo::{Affine, Point, Rect};

use crate::blur::BlurScratch;
use crate::cache::{self, Cache, Found};
use crate::footage::Footage;
use crate::gradient::{ColorTables, GradientShader};
use crate::image::{ImageShader, Reductions};
use crate::layer_styles::DistanceScratch;
use crate::paint::{Picture, PlaneOver, Shader, ShaderBlend, ShaderOver, Solid, SolidOver, Through};
use crate::perspective::Perspective;
use crate::profile::Meter;
use crate::raster::{Lines, Spans, Stroker, Sweep, as_rectangle, fill, fill_rectangle};
use crate::rect::{IRect, finite, upright};
use crate::surface::{Plane, Pool, Surface};

/// Memory that is used again and again: nothing is allocated in the middle of drawing once it has grown.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub lines: Lines,
    pub sweep: Sweep,
    pub stroker: Stroker,
    pub pool: Pool,
    pub row: Vec<[u8; 4]>,
    pub alphas: Vec<u8>,
    pub colors: ColorTables,
    pub reductions: Reductions,
    pub blur: BlurScratch,
    pub distances: DistanceScratch,
    pub perspective: Perspective,
}

/// One frame being drawn.
pub(crate) struct Draw<'a> {
    pub scratch: &'a mut Scratch,
    pub cache: &'a Cache,
    pub footage: &'a dyn Footage,
    /// What everything drawn now is seen through.
    pub through: Option<Plane>,
    /// Measures how long layers and effects take.
    pub meter: Option<&'a mut Meter>,
}

/// How something is combined with what is below it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Compose {
    /// 0..1.
    pub opacity: f32,
    pub mode: BlendingMode,
    pub preserve_transparency: bool,
    /// Which pattern the Dissolve modes leave pixels out by.
    pub dissolve_seed: u32,
}

impl Compose {
    /// Normal blending at an opacity.
    pub fn normal(opacity: f32) -> Self {
        Self {
            opacity,
            mode: BlendingMode::Normal,
            preserve_transparency: false,
            dissolve_seed: 0,
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

/// A shape made ready to be painted: a rectangle, or the lines in the scratch.
#[derive(Clone, Copy)]
enum Ready {
    Rectangle(Rect, IRect),
    Lines(FillRule),
}

impl Scratch {
    /// Forgets pictures and tables made of what was drawn.
    pub fn forget(&mut self) {
        self.colors = ColorTables::default();
        self.reductions = Reductions::default();
    }

    /// Makes a path ready inside `clip`.
    fn ready(&mut self, path: &Path, transform: Affine, clip: IRect) -> Ready {
        match &path.style {
            PathStyle::Fill(rule) => {
                if let Some(rect) = as_rectangle(&path.outline.path, transform) {
                    return Ready::Rectangle(rect, clip);
                }
                self.lines.start(clip);
                fill(&path.outline.path, transform, &mut self.lines);
                Ready::Lines(*rule)
            }
            PathStyle::Stroke(style) => {
                self.lines.start(clip);
                self.stroker
                    .stroke(&path.outline.path, transform, style, &mut self.lines);
                Ready::Lines(FillRule::NonZero)
            }
        }
    }
}

/// Hands the coverage of a ready shape, seen through a plane if there is one, to `out`.
fn emit<S: Spans>(
    sweep: &mut Sweep,
    lines: &Lines,
    alphas: &mut Vec<u8>,
    ready: Ready,
    through: Option<&Plane>,
    out: &mut S,
) {
    let Some(plane) = through else {
        return match ready {
            Ready::Rectangle(rect, clip) => fill_rectangle(rect, clip, out),
            Ready::Lines(rule) => sweep.fill(lines, rule, out),
        };
    };
    let mut out = Through {
        plane,
        inner: out,
        scratch: alphas,
    };
    match ready {
        Ready::Rectangle(rect, clip) => fill_rectangle(rect, clip, &mut out),
        Ready::Lines(rule) => sweep.fill(lines, rule, &mut out),
    }
}

/// A straight colour in bytes, premultiplied, at an opacity.
fn solid(rgba: [f32; 4], opacity: f32) -> [u8; 4] {
    let byte = |v: f32| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
    let [r, g, b, a] = rgba;
    premultiply([byte(r), byte(g), byte(b), byte(a * opacity.clamp(0.0, 1.0))])
}

impl Draw<'_> {
    /// Draws a path, combined as `compose` says (its own opacity comes on top).
    pub fn path(&mut self, path: &Path, parent: Affine, compose: Compose, surface: &mut Surface, clip: IRect) {
        let clip = clip.intersect(path_bounds(path, parent).inflate(1));
        let compose = Compose {
            opacity: compose.opacity * path.opacity,
            ..compose
        };
        if clip.is_empty() || compose.alpha() == 0 || !surface.wants_any(clip) {
            return;
        }
        let transform = parent * path.transform;
        match &path.paint {
            Paint::Solid(rgba) => {
                // Coverage is the same wherever it is cut.
                let clip = surface.wanted_part(clip);
                let color = solid(*rgba, compose.opacity);
                if color[3] == 0 {
                    return;
                }
                let ready = self.scratch.ready(path, transform, clip);
                if compose.is_over() {
                    let mut out = SolidOver { surface, color };
                    let s = &mut *self.scratch;
                    let through = self.through.as_ref();
                    emit(&mut s.sweep, &s.lines, &mut s.alphas, ready, through, &mut out);
                } else {
                    let compose = Compose {
                        opacity: 1.0,
                        ..compose
                    };
                    self.paint(ready, &Solid(color), compose, surface);
                }
            }
            Paint::Gradient(gradient) => {
                let colors = self.scratch.colors.get(&gradient.stops);
                if let Some(shader) = GradientShader::new(&gradient.shape, colors, transform) {
                    let ready = self.scratch.ready(path, transform, clip);
                    self.paint(ready, &shader, compose, surface);
                }
            }
        }
    }

    /// Adds the alpha of a path to a plane, over what is there.
    pub fn path_alpha(&mut self, path: &Path, parent: Affine, opacity: f32, plane: &mut Plane, clip: IRect) {
        let clip = clip.intersect(path_bounds(path, parent).inflate(1));
        let Paint::Solid(rgba) = &path.paint else { return };
        let [.., alpha] = solid(*rgba, opacity * path.opacity);
        if clip.is_empty() || alpha == 0 {
            return;
        }
        let ready = self.scratch.ready(path, parent * path.transform, clip);
        let mut out = PlaneOver { plane, alpha };
        let s = &mut *self.scratch;
        emit(&mut s.sweep, &s.lines, &mut s.alphas, ready, None, &mut out);
    }

    /// Draws an image, combined as `compose` says (its own opacity comes on top).
    pub fn image(&mut self, image: &Image, parent: Affine, compose: Compose, surface: &mut Surface, clip: IRect) {
        let clip = clip.intersect(image_bounds(image, parent));
        let compose = Compose {
            opacity: compose.opacity * image.opacity,
            ..compose
        };
        if clip.is_empty() || compose.alpha() == 0 || !surface.wants_any(clip) {
            return;
        }
        let Some(picture) = self.footage.pixels(&image.source) else {
            return;
        };
        let transform = parent * image.transform;
        let reductions = &mut self.scratch.reductions;
        let Some(shader) = ImageShader::new(&picture, image.size, transform, image.sampling, reductions) else {
            return;
        };
        let own = Rect::new(0.0, 0.0, image.size[0], image.size[1]);
        let ready = if upright(&transform) {
            Ready::Rectangle(transform.transform_rect_bbox(own), clip)
        } else {
            let lines = &mut self.scratch.lines;
            lines.start(clip);
            let corners = [(own.x0, own.y0), (own.x1, own.y0), (own.x1, own.y1), (own.x0, own.y1)]
                .map(|p| transform * Point::from(p));
            for i in 0..4 {
                lines.line(corners[i], corners[(i + 1) % 4]);
            }
            Ready::Lines(FillRule::NonZero)
        };
        if shader.is_costly() && clip.width() * clip.height() >= WORTH_KEEPING {
            self.paint_kept(
                resampled_key(image, transform, clip),
                ready,
                &shader,
                compose,
                surface,
                clip,
            );
        } else {
            self.paint(ready, &shader, compose, surface);
        }
    }

    /// Paints a ready shape inside `rect`; what it is painted with is kept when it comes again.
    fn paint_kept<S: Shader>(
        &mut self,
        key: Digest,
        ready: Ready,
        shader: &S,
        compose: Compose,
        surface: &mut Surface,
        rect: IRect,
    ) {
        let opaque = shader.opaque();
        match self.cache.find(key) {
            Found::New => self.paint(ready, shader, compose, surface),
            Found::Kept(kept) => {
                let picture = kept.view();
                self.paint(ready, &Picture { picture, opaque }, compose, surface);
            }
            Found::Again => {
                let mut buffer = self.scratch.pool.buffer(rect);
                let mut whole = buffer.surface();
                for y in rect.y0..rect.y1 {
                    let shown = shader.shown(y);
                    let (x0, x1) = (shown.0.max(rect.x0), shown.1.min(rect.x1));
                    if x0 < x1 {
                        shader.row(x0, y, whole.touch(y, x0, x1));
                    }
                }
                let picture = whole.view();
                self.cache.keep(key, picture);
                self.paint(ready, &Picture { picture, opaque }, compose, surface);
                self.scratch.pool.give(buffer);
            }
        }
    }

    /// Paints a ready shape.
    fn paint<S: Shader>(&mut self, ready: Ready, shader: &S, compose: Compose, surface: &mut Surface) {
        let s = &mut *self.scratch;
        let through = self.through.as_ref();
        let mut over = ShaderOver {
            surface,
            shader,
            alpha: compose.alpha(),
            scratch: &mut s.row,
        };
        if compose.is_over() {
            emit(&mut s.sweep, &s.lines, &mut s.alphas, ready, through, &mut over);
        } else {
            let mut blend = ShaderBlend { over, compose };
            emit(&mut s.sweep, &s.lines, &mut s.alphas, ready, through, &mut blend);
        }
    }
}

/// Least pixels of a resampled image worth keeping for the next frame.
const WORTH_KEEPING: usize = 64 * 64;

/// The name of an image's pixels in `rect` of the device, whatever its opacity.
fn resampled_key(image: &Image, transform: Affine, rect: IRect) -> Digest {
    let mut d = Digester::new(18);
    d.u64(u64::from(image.source.item.0))
        .f64(image.source.time)
        .digest(image.source.content)
        .f64s(&image.size)
        .u64(image.sampling as u64);
    cache::key(d.finish(), transform, rect)
}

/// True when `path` leaves nothing to be seen of what is below it inside `clip`.
pub(crate) fn path_covers(path: &Path, parent: Affine, clip: IRect) -> bool {
    let (Paint::Solid(rgba), PathStyle::Fill(_)) = (&path.paint, &path.style) else {
        return false;
    };
    path.blending_mode == BlendingMode::Normal
        && path.outline.path.elements().len() <= 6
        && solid(*rgba, path.opacity)[3] == 255
        && as_rectangle(&path.outline.path, parent * path.transform).is_some_and(|r| {
            r.x0 <= f64::from(clip.x0)
                && r.y0 <= f64::from(clip.y0)
                && r.x1 >= f64::from(clip.x1)
                && r.y1 >= f64::from(clip.y1)
        })
}
