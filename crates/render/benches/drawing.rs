//! How long drawing takes, part by part, at 1920x1080 on one thread: `cargo bench -p filmpress-render [NAME ...]`.
//!
//! Each line is one kind of frame, drawn again and again; the time is that of the best round: what else the machine does
//! only ever adds. Whole frames are those of the project's own template and, where they are, of reference samples.

#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program that prints figures")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use filmpress_composition::{AlphaStop, BlendingMode, ColorStop, Gradient, LineCap, LineJoin, MatteKind};
use filmpress_evaluate::frame::{
    Effect, Effects, FillRule, Frame, GradientPaint, GradientShape, Group, GroupParts, Matte, Node, Outline, Paint,
    Parameter, Path as Shape, PathStyle, StrokeStyle,
};
use filmpress_evaluate::text::FontBook;
use filmpress_evaluate::{FootageInfo, Scene, World};
use filmpress_pixels::Pixmap;
use filmpress_render::{Cache, NoFootage, Renderer, Target};
use kurbo::{Affine, BezPath, Circle, Rect, Shape as _};

const SIZE: (u32, u32) = (1920, 1080);
/// Rounds go on until so much time is over.
const TIME: Duration = Duration::from_millis(400);

/// The largest side of a frame.
const ALL: Rect = Rect::new(0.0, 0.0, 1920.0, 1080.0);

fn path(outline: BezPath, style: PathStyle, paint: Paint) -> Node {
    Node::Path(Shape::new(
        Outline::new(outline),
        Affine::IDENTITY,
        style,
        paint,
        1.0,
        BlendingMode::Normal,
    ))
}

fn fill(outline: BezPath, rgba: [f32; 4]) -> Node {
    path(outline, PathStyle::Fill(FillRule::NonZero), Paint::Solid(rgba))
}

fn group(parts: GroupParts) -> Arc<Group> {
    parts.build()
}

fn frame(children: Vec<Node>) -> Frame {
    Frame {
        width: SIZE.0,
        height: SIZE.1,
        background: [0.0; 3],
        root: group(GroupParts {
            children,
            ..GroupParts::default()
        }),
    }
}

fn background() -> Node {
    fill(ALL.to_path(0.1), [0.2, 0.4, 0.6, 1.0])
}

/// A disc over most of the frame, half covering.
fn disc(alpha: f32) -> Node {
    fill(Circle::new((960.0, 540.0), 500.0).to_path(0.1), [0.9, 0.5, 0.1, alpha])
}

fn gradient(shape: GradientShape) -> Node {
    let stop = |offset: f64, rgb: [f64; 3]| ColorStop {
        offset,
        midpoint: 0.5,
        rgb,
    };
    let alpha = |offset: f64| AlphaStop {
        offset,
        midpoint: 0.5,
        alpha: 1.0,
    };
    let stops = Gradient {
        colors: vec![stop(0.0, [1.0, 0.2, 0.1]), stop(1.0, [0.1, 0.2, 1.0])],
        alphas: vec![alpha(0.0), alpha(1.0)],
    };
    let paint = Paint::Gradient(Arc::new(GradientPaint {
        shape,
        stops: Arc::new(stops),
    }));
    path(ALL.to_path(0.1), PathStyle::Fill(FillRule::NonZero), paint)
}

fn raster() -> Vec<(String, Frame)> {
    let discs = |radius: f64, count: u32| {
        let at = |i: u32| (f64::from(i * 97 % 1900) + 0.3, f64::from(i * 61 % 1060) + 0.7);
        let all = (0..count).map(|i| fill(Circle::new(at(i), radius).to_path(0.1), [0.9, 0.5, 0.1, 1.0]));
        frame(all.collect())
    };
    let mut star = BezPath::new();
    for i in 0..400 {
        let angle = f64::from(i) * 2.4;
        let to = (960.0 + 520.0 * libm::cos(angle), 540.0 + 520.0 * libm::sin(angle));
        if i == 0 { star.move_to(to) } else { star.line_to(to) }
    }
    star.close_path();
    let pen = StrokeStyle {
        width: 12.0,
        cap: LineCap::Round,
        join: LineJoin::Round,
        miter_limit: 4.0,
        dashes: Vec::new(),
        dash_offset: 0.0,
        profile: None,
    };
    let ring = |style| {
        path(
            Circle::new((960.0, 540.0), 500.0).to_path(0.1),
            style,
            Paint::Solid([1.0; 4]),
        )
    };
    let dashed = StrokeStyle {
        dashes: vec![20.0, 10.0],
        ..pen.clone()
    };
    vec![
        ("raster: a solid over all".into(), frame(vec![background()])),
        ("raster: 1000 discs of 6 pixels".into(), discs(3.0, 1000)),
        ("raster: 100 discs of 200 pixels".into(), discs(100.0, 100)),
        (
            "raster: a star of 400 long lines".into(),
            frame(vec![path(
                star,
                PathStyle::Fill(FillRule::EvenOdd),
                Paint::Solid([1.0; 4]),
            )]),
        ),
        ("raster: a ring".into(), frame(vec![ring(PathStyle::Stroke(pen))])),
        (
            "raster: a dashed ring".into(),
            frame(vec![ring(PathStyle::Stroke(dashed))]),
        ),
        (
            "raster: a linear gradient over all".into(),
            frame(vec![gradient(GradientShape::Linear {
                start: [0.0, 0.0],
                end: [1920.0, 1080.0],
            })]),
        ),
        (
            "raster: a radial gradient over all".into(),
            frame(vec![gradient(GradientShape::Radial {
                start: [960.0, 540.0],
                end: [1900.0, 540.0],
                highlight_length: 0.3,
                highlight_angle: 20.0,
            })]),
        ),
    ]
}

/// Modes that are computed differently.
const MODES: &[BlendingMode] = &[
    BlendingMode::Normal,
    BlendingMode::Dissolve,
    BlendingMode::Darken,
    BlendingMode::Multiply,
    BlendingMode::ColorBurn,
    BlendingMode::LinearBurn,
    BlendingMode::DarkerColor,
    BlendingMode::Add,
    BlendingMode::Lighten,
    BlendingMode::Screen,
    BlendingMode::ColorDodge,
    BlendingMode::LighterColor,
    BlendingMode::Overlay,
    BlendingMode::SoftLight,
    BlendingMode::HardLight,
    BlendingMode::LinearLight,
    BlendingMode::VividLight,
    BlendingMode::PinLight,
    BlendingMode::HardMix,
    BlendingMode::Difference,
    BlendingMode::Exclusion,
    BlendingMode::Subtract,
    BlendingMode::Divide,
    BlendingMode::Hue,
    BlendingMode::Saturation,
    BlendingMode::Color,
    BlendingMode::Luminosity,
    BlendingMode::StencilAlpha,
    BlendingMode::StencilLuma,
    BlendingMode::SilhouetteAlpha,
    BlendingMode::SilhouetteLuma,
    BlendingMode::AlphaAdd,
];

fn blend() -> Vec<(String, Frame)> {
    MODES
        .iter()
        .map(|&mode| {
            let layer = group(GroupParts {
                blending_mode: mode,
                children: vec![disc(0.7)],
                ..GroupParts::default()
            });
            (
                format!("blend: {mode:?}"),
                frame(vec![background(), Node::Group(layer)]),
            )
        })
        .collect()
}

fn blurred(radius: f64) -> Frame {
    let effect = Effect {
        origin: 0,
        match_name: "ADBE Gaussian Blur 2".into(),
        parameters: vec![(1, Parameter::Number(radius))],
        opacity: 1.0,
        time: 0.0,
        echoes: Vec::new(),
        outlines: Vec::new(),
    };
    let layer = group(GroupParts {
        effects: Some(Effects::new([1920.0, 1080.0], vec![effect])),
        children: vec![disc(1.0)],
        ..GroupParts::default()
    });
    frame(vec![Node::Group(layer)])
}

fn blur() -> Vec<(String, Frame)> {
    [2.0, 20.0, 200.0]
        .map(|radius| (format!("blur: Gaussian Blur, blurriness {radius}"), blurred(radius)))
        .into()
}

fn matte() -> Vec<(String, Frame)> {
    let matted = |kind, inverted| {
        let content = group(GroupParts {
            children: vec![gradient(GradientShape::Linear {
                start: [0.0, 0.0],
                end: [1920.0, 0.0],
            })],
            ..GroupParts::default()
        });
        let layer = group(GroupParts {
            children: vec![disc(1.0), disc(0.5)],
            matte: Some(Matte {
                content,
                kind,
                inverted,
            }),
            ..GroupParts::default()
        });
        frame(vec![background(), Node::Group(layer)])
    };
    vec![
        ("matte: alpha".into(), matted(MatteKind::Alpha, false)),
        ("matte: luma".into(), matted(MatteKind::Luma, false)),
        ("matte: luma, inverted".into(), matted(MatteKind::Luma, true)),
    ]
}

/// The outside of whole templates: no fonts, no footage.
struct Bare(FontBook);

impl World for Bare {
    fn fonts(&self) -> &FontBook {
        &self.0
    }
    fn footage(&self, _: filmpress_composition::ItemId) -> Option<FootageInfo> {
        None
    }
}

/// Milliseconds to draw a frame once, without what was kept of it before.
fn best(frames: &[Frame], target: &Target) -> f64 {
    let mut renderer = Renderer::with_cache(Cache::with_capacity(0));
    let mut out = Pixmap::new(SIZE.0, SIZE.1).expect("the size is fixed above");
    let mut best = f64::MAX;
    let began = Instant::now();
    while best == f64::MAX || began.elapsed() < TIME {
        let round = Instant::now();
        for frame in frames {
            renderer.draw(black_box(frame), target, &NoFootage, &mut out);
        }
        best = best.min(round.elapsed().as_secs_f64() * 1000.0 / frames.len() as f64);
    }
    best
}

fn whole(is_wanted: &dyn Fn(&str) -> bool) {
    const SHOWN: u32 = 24;
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let samples = std::env::var_os("FILMPRESS_SAMPLES").map_or_else(|| here.join("../../../shared"), PathBuf::from);
    let mut files = vec![here.join("../../templates/name-card/name-card.json")];
    for name in ["lw-bm-ronda", "lw-banner", "rl-settings", "and-kod-io-logo-reveal"] {
        files.push(samples.join("samples/lottie").join(format!("{name}.json")));
    }
    for file in files {
        let name = format!("whole: {}", file.file_stem().unwrap_or_default().display());
        if !is_wanted(&name) {
            continue;
        }
        let Ok(bytes) = std::fs::read(&file) else {
            println!("skipped: no {}", file.display());
            continue;
        };
        let read = filmpress_formats::read(&bytes, &file.display().to_string()).expect("a template");
        let project = read.value.project;
        let main = filmpress_composition::lookup::main_composition(&project, None, read.value.main_composition)
            .expect("a composition");
        let scene = Scene::new(&project, main, &Bare(FontBook::default()))
            .expect("a scene")
            .value;
        let target = Target::meet(scene.size(), SIZE, None);
        let frames: Vec<_> = (0..SHOWN)
            .map(|i| scene.frame(i * scene.frame_count() / SHOWN))
            .collect();
        println!("{name:44} {:8.3} ms", best(&frames, &target));
    }
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str()));
    let target = Target::meet(SIZE, SIZE, None);
    for (name, frame) in [raster(), blend(), blur(), matte()].concat() {
        if is_wanted(&name) {
            println!("{name:44} {:8.3} ms", best(&[frame], &target));
        }
    }
    whole(&is_wanted);
}
