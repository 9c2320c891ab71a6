//! Fills and strokes against areas and pixels worked out by hand.

mod scene;

use filmpress_composition::{BlendingMode, LineCap, LineJoin};
use filmpress_evaluate::frame::{
    Extent, FillRule, GroupParts, Node, Outline, Paint, Path, PathStyle, StrokeStyle, Taper, Wave, WidthProfile,
};
use kurbo::{Affine, BezPath, Circle, Line, Point, Rect, Shape};
use scene::*;

#[test]
fn partly_covered_pixels_are_covered_as_in_after_effects() {
    // A little more than the exact 128, 64 and 32: see `GENEROUS` in `raster/cells.rs`.
    let out = draw(&frame(4, 4, vec![rect(0.5, 1.0, 3.0, 2.25, RED)]));
    assert_eq!(at(&out, 0, 1), [140, 0, 0, 140]);
    assert_eq!(at(&out, 1, 1), [255, 0, 0, 255]);
    assert_eq!(at(&out, 2, 2), [76, 0, 0, 76]);
    assert_eq!(at(&out, 0, 2), [42, 0, 0, 42]);
    assert_eq!(at(&out, 3, 1), [0; 4]);
    assert_eq!(at(&out, 1, 0), [0; 4]);
}

/// As After Effects does, edges are drawn a little further out than they are, never further in: `GENEROUS` in
/// `raster/cells.rs` comes to 1/25 pixel at most along a long edge.
fn assert_near_area(drawn: f64, exact: f64, edge: f64) {
    let more = drawn - exact;
    assert!((0.0..0.01 + edge * 0.04).contains(&more), "{drawn} {exact}");
}

#[test]
fn areas_of_circles_are_right_at_every_size() {
    for radius in [0.3, 1.0, 3.7, 20.0, 90.0] {
        let out = draw(&frame(
            200,
            200,
            vec![fill(Circle::new((100.3, 99.6), radius).to_path(1e-4), RED)],
        ));
        let exact = std::f64::consts::PI * radius * radius;
        assert_near_area(area(&out), exact, 2.0 * std::f64::consts::PI * radius);
    }
}

#[test]
fn the_same_shape_elsewhere_is_the_same_shape() {
    // Whole pixels away, across bands and clips: not one value differs.
    let star = |x: f64, y: f64| {
        let mut p = BezPath::new();
        for i in 0..5 {
            let a = f64::from(i) * 2.513_274;
            let to = Point::new(x + 40.0 * libm::cos(a), y + 40.0 * libm::sin(a));
            if i == 0 { p.move_to(to) } else { p.line_to(to) }
        }
        p.close_path();
        p
    };
    let small = draw(&frame(100, 100, vec![fill(star(50.1, 50.7), WHITE)]));
    let large = draw(&frame(
        1900,
        1000,
        vec![rect(0.0, 0.0, 1.0, 1.0, RED), fill(star(1850.1, 950.7), WHITE)],
    ));
    let cut = draw(&frame(100, 80, vec![fill(star(50.1, 20.7), WHITE)]));
    for y in 0..100 {
        assert_eq!(small.row(y), &large.row(900 + y)[1800..], "row {y}");
    }
    for y in 0..70 {
        assert_eq!(small.row(y + 30), cut.row(y), "row {y}");
    }
}

#[test]
fn fill_rules() {
    let mut path = Rect::new(0.0, 0.0, 9.0, 9.0).to_path(0.1);
    path.extend(Rect::new(3.0, 3.0, 6.0, 6.0).to_path(0.1));
    let with = |rule| {
        painted(
            path.clone(),
            PathStyle::Fill(rule),
            Paint::Solid(RED),
            BlendingMode::Normal,
        )
    };
    assert!((area(&draw(&frame(9, 9, vec![with(FillRule::NonZero)]))) - 81.0).abs() < 1e-6);
    assert!((area(&draw(&frame(9, 9, vec![with(FillRule::EvenOdd)]))) - 72.0).abs() < 1e-6);
}

#[test]
fn abutting_rectangles_on_pixel_edges_have_no_seam() {
    let out = draw(&frame(
        8,
        8,
        vec![rect(0.0, 0.0, 4.0, 8.0, RED), rect(4.0, 0.0, 8.0, 8.0, RED)],
    ));
    assert!(out.pixels().iter().all(|p| *p == [255, 0, 0, 255]));
}

#[test]
fn stroke_areas() {
    let line = Line::new((20.0, 50.0), (80.0, 50.0)).to_path(0.1);
    let with = |cap| {
        area(&draw(&frame(
            100,
            100,
            vec![stroked(line.clone(), stroke(10.0, cap, LineJoin::Miter), RED)],
        )))
    };
    assert!((with(LineCap::Butt) - 600.0).abs() < 0.5);
    assert!((with(LineCap::Square) - 700.0).abs() < 0.5);
    let round = 600.0 + std::f64::consts::PI * 25.0;
    assert!((with(LineCap::Round) - round).abs() < 1.2, "{}", with(LineCap::Round));
}

#[test]
fn stroke_corners() {
    let mut path = BezPath::new();
    path.move_to((20.0, 80.0));
    path.line_to((80.0, 80.0));
    path.line_to((80.0, 20.0));
    let with = |join| {
        area(&draw(&frame(
            100,
            100,
            vec![stroked(path.clone(), stroke(10.0, LineCap::Butt, join), RED)],
        )))
    };
    let (arms, square) = (2.0 * 60.0 * 10.0 - 25.0, 25.0);
    assert!(
        (with(LineJoin::Miter) - (arms + square)).abs() < 1.0,
        "{}",
        with(LineJoin::Miter)
    );
    assert!(
        (with(LineJoin::Bevel) - (arms + square / 2.0)).abs() < 1.0,
        "{}",
        with(LineJoin::Bevel)
    );
    let pie = std::f64::consts::PI * 25.0 / 4.0;
    assert!(
        (with(LineJoin::Round) - (arms + pie)).abs() < 1.0,
        "{}",
        with(LineJoin::Round)
    );
}

#[test]
fn a_closed_stroke_has_a_corner_at_its_start() {
    let path = Rect::new(20.0, 20.0, 80.0, 60.0).to_path(0.1);
    let out = draw(&frame(
        100,
        100,
        vec![stroked(path, stroke(8.0, LineCap::Butt, LineJoin::Miter), RED)],
    ));
    assert!((area(&out) - (68.0 * 48.0 - 52.0 * 32.0)).abs() < 0.5, "{}", area(&out));
    assert_eq!(at(&out, 16, 16), [255, 0, 0, 255]);
}

#[test]
fn strokes_wider_than_their_curve_have_no_hole() {
    // The inner side of a circle's stroke folds over when the width passes the diameter.
    let path = Circle::new((50.0, 50.0), 5.0).to_path(1e-3);
    let out = draw(&frame(
        100,
        100,
        vec![stroked(path, stroke(60.0, LineCap::Butt, LineJoin::Miter), RED)],
    ));
    let exact = std::f64::consts::PI * 35.0 * 35.0;
    assert!((area(&out) - exact).abs() < 10.0, "{} {exact}", area(&out));
    assert_eq!(at(&out, 50, 50)[3], 255);
    assert_eq!(at(&out, 70, 50)[3], 255);
}

#[test]
fn ring_area() {
    let path = Circle::new((100.0, 100.0), 70.0).to_path(1e-4);
    let out = draw(&frame(
        200,
        200,
        vec![stroked(path, stroke(20.0, LineCap::Butt, LineJoin::Miter), RED)],
    ));
    let exact = std::f64::consts::PI * (80.0 * 80.0 - 60.0 * 60.0);
    assert_near_area(area(&out), exact, 2.0 * std::f64::consts::PI * 140.0);
}

#[test]
fn a_stretched_path_has_a_stretched_stroke() {
    let path = Line::new((10.0, 2.0), (10.0, 8.0)).to_path(0.1);
    let node = Node::Path(Path::new(
        Outline::new(path),
        Affine::scale_non_uniform(5.0, 1.0),
        PathStyle::Stroke(stroke(2.0, LineCap::Butt, LineJoin::Miter)),
        Paint::Solid(RED),
        1.0,
        BlendingMode::Normal,
    ));
    let out = draw(&frame(100, 10, vec![node]));
    assert_eq!(at(&out, 45, 5), [255, 0, 0, 255]);
    assert_eq!(at(&out, 54, 5), [255, 0, 0, 255]);
    assert_eq!(at(&out, 44, 5), [0; 4]);
    assert!((area(&out) - 60.0).abs() < 1e-6);
}

#[test]
fn dashes() {
    let line = Line::new((0.0, 5.0), (100.0, 5.0)).to_path(0.1);
    let style = |dashes: &[f64], dash_offset| StrokeStyle {
        dashes: dashes.to_vec(),
        dash_offset,
        ..stroke(2.0, LineCap::Butt, LineJoin::Miter)
    };
    let out = draw(&frame(
        100,
        10,
        vec![stroked(line.clone(), style(&[10.0, 5.0], 0.0), RED)],
    ));
    for x in 0..100 {
        let on = x % 15 < 10;
        assert_eq!(at(&out, x, 5)[3], if on { 255 } else { 0 }, "{x}");
    }
    let out = draw(&frame(
        100,
        10,
        vec![stroked(line.clone(), style(&[10.0, 5.0], -3.0), RED)],
    ));
    assert_eq!(at(&out, 0, 5)[3], 0);
    assert_eq!(at(&out, 3, 5)[3], 255);
    // Dots: dashes of no length with round caps.
    let dots = StrokeStyle {
        cap: LineCap::Round,
        width: 6.0,
        ..style(&[0.0, 20.0], -10.0)
    };
    let out = draw(&frame(100, 10, vec![stroked(line.clone(), dots, RED)]));
    let exact = 5.0 * std::f64::consts::PI * 9.0;
    assert!((area(&out) - exact).abs() < 3.0, "{} {exact}", area(&out));
    // All gap.
    let out = draw(&frame(100, 10, vec![stroked(line, style(&[0.0, 0.0], 0.0), RED)]));
    assert!((area(&out) - 200.0).abs() < 1e-6);
}

/// The sum of a column's alphas, pixels.
fn column(out: &filmpress_pixels::Pixmap, x: u32) -> f64 {
    (0..out.height()).map(|y| f64::from(at(out, x, y)[3]) / 255.0).sum()
}

#[test]
fn a_taper_narrows_the_ends() {
    let line = Line::new((0.0, 10.0), (100.0, 10.0)).to_path(0.1);
    let profile = WidthProfile {
        start: Taper {
            length: Extent::Share(0.4),
            ..Taper::default()
        },
        end: Taper {
            length: Extent::Pixels(20.0),
            width: 0.5,
            ease: 0.0,
        },
        ..WidthProfile::default()
    };
    let style = |dashes: &[f64]| StrokeStyle {
        dashes: dashes.to_vec(),
        profile: Some(profile),
        ..stroke(16.0, LineCap::Butt, LineJoin::Miter)
    };
    let out = draw(&frame(100, 20, vec![stroked(line.clone(), style(&[]), RED)]));
    for x in 0..100 {
        let at = f64::from(x) + 0.5;
        let exact = 16.0 * (at / 40.0).min(1.0).min(0.5 + (100.0 - at) / 40.0);
        assert!(
            (column(&out, x) - exact).abs() < 0.15,
            "{x}: {} {exact}",
            column(&out, x)
        );
    }
    // Dashes are cut out of the tapered stroke: the taper is the whole path's.
    let out = draw(&frame(100, 20, vec![stroked(line, style(&[10.0, 10.0]), RED)]));
    assert_eq!(column(&out, 15), 0.0);
    assert!((column(&out, 25) - 16.0 * 25.5 / 40.0).abs() < 0.15);
    // A closed path has a start and an end too.
    let mut triangle = BezPath::new();
    triangle.move_to((10.0, 90.0));
    triangle.line_to((50.0, 10.0));
    triangle.line_to((90.0, 90.0));
    triangle.close_path();
    let out = draw(&frame(100, 100, vec![stroked(triangle, style(&[]), RED)]));
    assert!((column(&out, 11) - column(&out, 85)).abs() > 2.0);
}

#[test]
fn a_wave_goes_on_around_corners_and_closed_paths() {
    let style = StrokeStyle {
        profile: Some(WidthProfile {
            wave: Wave {
                amount: 1.0,
                length: Extent::Share(1.0 / 8.0),
                phase: 0.0,
            },
            ..WidthProfile::default()
        }),
        ..stroke(20.0, LineCap::Butt, LineJoin::Round)
    };
    let circle = Circle::new((60.0, 60.0), 40.0).to_path(0.01);
    let out = draw(&frame(120, 120, vec![stroked(circle, style, RED)]));
    // Widest at the eight crests, nothing left between them; half of the band in all.
    assert_eq!(at(&out, 108, 60)[3], 255);
    let (s, c) = libm::sincos(std::f64::consts::PI / 8.0);
    let between = [45.0, 48.0].map(|r| at(&out, (60.0 + r * c) as u32, (60.0 + r * s) as u32)[3]);
    assert_eq!(between, [0; 2]);
    let band = std::f64::consts::PI * (50.0 * 50.0 - 30.0 * 30.0);
    assert!((area(&out) / band - 0.5).abs() < 0.01, "{}", area(&out) / band);
}

#[test]
fn hairlines_are_faint() {
    let line = Line::new((0.0, 5.0), (100.0, 5.0)).to_path(0.1);
    let out = draw(&frame(
        100,
        10,
        vec![stroked(line, stroke(0.1, LineCap::Butt, LineJoin::Miter), RED)],
    ));
    // A twentieth of a pixel in two rows: 13 of 255 exactly, 19 with the generous edge, and nothing beside them.
    for x in 0..100 {
        assert_eq!([3, 4, 5, 6].map(|y| at(&out, x, y)[3]), [0, 19, 19, 0]);
    }
}

#[test]
fn hostile_numbers_draw_something_or_nothing_and_return() {
    let values = [f64::NAN, f64::INFINITY, -1e300, 1e9, 0.0, 1e-300, 40_000.0];
    let mut nodes = Vec::new();
    for a in values {
        for b in values {
            let mut path = BezPath::new();
            path.move_to((a, b));
            path.curve_to((b, a), (a, a), (3.0, b));
            path.quad_to((b, b), (a, 1.0));
            path.line_to((b, a));
            path.close_path();
            nodes.push(fill(path.clone(), RED));
            for (cap, join) in [(LineCap::Round, LineJoin::Round), (LineCap::Square, LineJoin::Miter)] {
                let style = StrokeStyle {
                    dashes: vec![a, b],
                    dash_offset: a,
                    miter_limit: b,
                    ..stroke(a, cap, join)
                };
                let taper = Taper {
                    length: Extent::Share(a),
                    width: b,
                    ease: a,
                };
                let shaped = StrokeStyle {
                    profile: Some(WidthProfile {
                        start: taper,
                        end: taper,
                        wave: Wave {
                            amount: a,
                            length: Extent::Pixels(b),
                            phase: a,
                        },
                    }),
                    width: 5.0,
                    ..style.clone()
                };
                nodes.push(stroked(path.clone(), shaped, GREEN));
                nodes.push(stroked(path.clone(), style, GREEN));
                let line = Line::new((a, b), (5.0, 5.0)).to_path(0.1);
                nodes.push(stroked(line, stroke(1e9, cap, join), GREEN));
            }
            nodes.push(group(GroupParts {
                transform: Affine::new([a, b, 1.0, 1.0, b, a]),
                clip: Some(Rect::new(a, b, b, a)),
                opacity: 0.5,
                children: vec![rect(0.0, 0.0, a, b, BLUE), rect(a, b, 5.0, 5.0, BLUE)],
                ..GroupParts::default()
            }));
        }
    }
    let start = std::time::Instant::now();
    let out = draw(&frame(64, 64, nodes));
    assert_eq!(out.width(), 64);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
