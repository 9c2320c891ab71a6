//! Short ways to build frames.
#![allow(dead_code, reason = "each test file uses what it needs")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use std::sync::Arc;

use filmpress_composition::{BlendingMode, LineCap, LineJoin};
use filmpress_evaluate::frame::{
    FillRule, Frame, Group, GroupParts, Node, Outline, Paint, Path, PathStyle, StrokeStyle,
};
use filmpress_pixels::Pixmap;
use filmpress_render::{NoFootage, Renderer, Target};
use kurbo::{Affine, BezPath, Rect, Shape};

pub const RED: [f32; 4] = [1.0, 0.0, 0.0, 1.0];
pub const GREEN: [f32; 4] = [0.0, 1.0, 0.0, 1.0];
pub const BLUE: [f32; 4] = [0.0, 0.0, 1.0, 1.0];
pub const WHITE: [f32; 4] = [1.0; 4];

pub fn rect(x0: f64, y0: f64, x1: f64, y1: f64, color: [f32; 4]) -> Node {
    fill(Rect::new(x0, y0, x1, y1).to_path(0.1), color)
}

pub fn fill(path: BezPath, color: [f32; 4]) -> Node {
    painted(
        path,
        PathStyle::Fill(FillRule::NonZero),
        Paint::Solid(color),
        BlendingMode::Normal,
    )
}

pub fn painted(path: BezPath, style: PathStyle, paint: Paint, mode: BlendingMode) -> Node {
    Node::Path(Path::new(Outline::new(path), Affine::IDENTITY, style, paint, 1.0, mode))
}

pub fn blended(node: &Node, mode: BlendingMode) -> Node {
    let Node::Path(p) = node else { panic!("a path") };
    Node::Path(Path::new(
        Arc::clone(&p.outline),
        p.transform,
        p.style.clone(),
        p.paint.clone(),
        p.opacity,
        mode,
    ))
}

pub fn stroke(width: f64, cap: LineCap, join: LineJoin) -> StrokeStyle {
    StrokeStyle {
        width,
        cap,
        join,
        miter_limit: 4.0,
        dashes: Vec::new(),
        dash_offset: 0.0,
        profile: None,
    }
}

pub fn stroked(path: BezPath, style: StrokeStyle, color: [f32; 4]) -> Node {
    painted(
        path,
        PathStyle::Stroke(style),
        Paint::Solid(color),
        BlendingMode::Normal,
    )
}

pub fn group(parts: GroupParts) -> Node {
    Node::Group(parts.build())
}

pub fn of(children: Vec<Node>) -> Arc<Group> {
    GroupParts {
        children,
        ..GroupParts::default()
    }
    .build()
}

pub fn frame(width: u32, height: u32, children: Vec<Node>) -> Frame {
    Frame {
        width,
        height,
        background: [0.0; 3],
        root: of(children),
    }
}

/// Draws at the frame's own size on transparency.
pub fn draw(frame: &Frame) -> Pixmap {
    draw_on(frame, None)
}

pub fn draw_on(frame: &Frame, background: Option<[u8; 3]>) -> Pixmap {
    let size = (frame.width, frame.height);
    let mut out = Pixmap::new(1, 1).unwrap();
    Renderer::new().draw(frame, &Target::meet(size, size, background), &NoFootage, &mut out);
    out
}

pub fn at(pixmap: &Pixmap, x: u32, y: u32) -> [u8; 4] {
    pixmap.row(y)[x as usize]
}

/// Covered area in pixels.
pub fn area(pixmap: &Pixmap) -> f64 {
    pixmap.pixels().iter().map(|p| f64::from(p[3]) / 255.0).sum()
}
