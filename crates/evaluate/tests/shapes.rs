//! Shape layers: what paints what, in which space and order.

mod support;

use filmpress_composition::{BlendingMode, Layer};
use filmpress_evaluate::frame::{Extent, FillRule, Node, PathStyle};
use kurbo::{Point, Rect, Shape};
use support::{as_group, as_path, group, scene, shape, shape_layer};

const RECT: &str = "ADBE Vector Shape - Rect";
const FILL: &str = "ADBE Vector Graphic - Fill";
const STROKE: &str = "ADBE Vector Graphic - Stroke";
const TRIM: &str = "ADBE Vector Filter - Trim";
const REPEATER: &str = "ADBE Vector Filter - Repeater";
const SIZE: &str = "ADBE Vector Rect Size";
const POSITION: &str = "ADBE Vector Position";
const SCALE: &str = "ADBE Vector Scale";

fn drawn(layer: Layer) -> Vec<Node> {
    let (nodes, warnings) = drawn_and_said(layer);
    assert!(warnings.is_empty(), "{warnings:?}");
    nodes
}

fn drawn_and_said(layer: Layer) -> (Vec<Node>, Vec<String>) {
    let (scene, warnings) = scene(vec![layer]);
    let frame = scene.frame(0);
    let nodes = match frame.root.children.first() {
        Some(node) => as_group(node).children.clone(),
        None => Vec::new(),
    };
    (nodes, warnings)
}

#[test]
fn paints_paint_what_is_above_them_and_the_first_is_on_top() {
    let nodes = drawn(shape_layer(
        1,
        vec![
            shape(RECT, &[(SIZE, &[10.0, 10.0])]),
            shape(STROKE, &[]),
            shape(RECT, &[(SIZE, &[40.0, 10.0])]),
            shape(
                FILL,
                &[("ADBE Vector Fill Rule", &[2.0]), ("ADBE Vector Blend Mode", &[4.0])],
            ),
        ],
    ));
    let (bottom, top) = (as_path(&nodes[0]), as_path(&nodes[1]));
    assert_eq!(bottom.style, PathStyle::Fill(FillRule::EvenOdd));
    assert_eq!(bottom.blending_mode, BlendingMode::Multiply);
    assert_eq!(bottom.outline.bounds, Some(Rect::new(-20.0, -5.0, 20.0, 5.0)));
    assert!(matches!(&top.style, PathStyle::Stroke(s) if s.width == 2.0 && s.dashes.is_empty()));
    assert_eq!(top.outline.bounds, Some(Rect::new(-5.0, -5.0, 5.0, 5.0)));
}

#[test]
fn a_paint_measures_in_its_own_group_and_nested_transforms_go_into_the_outline() {
    let inner = group(vec![shape(RECT, &[(SIZE, &[10.0, 10.0])])], &[(SCALE, &[200.0, 100.0])]);
    let outer = group(
        vec![inner, shape(STROKE, &[])],
        &[(POSITION, &[50.0, 0.0]), (SCALE, &[300.0, 300.0])],
    );
    let nodes = drawn(shape_layer(1, vec![outer]));
    let path = as_path(&nodes[0]);
    assert_eq!(path.outline.bounds, Some(Rect::new(-10.0, -5.0, 10.0, 5.0)));
    assert_eq!(path.transform.as_coeffs(), [3.0, 0.0, 0.0, 3.0, 50.0, 0.0]);
}

#[test]
fn a_trim_further_out_changes_what_nested_groups_paint() {
    let inner = group(
        vec![shape(RECT, &[(SIZE, &[100.0, 100.0])]), shape(STROKE, &[])],
        &[(SCALE, &[50.0, 50.0]), (POSITION, &[10.0, 0.0])],
    );
    let nodes = drawn(shape_layer(
        1,
        vec![inner, shape(TRIM, &[("ADBE Vector Trim End", &[25.0])])],
    ));
    let path = as_path(&nodes[0]);
    // A quarter of the way from the top right corner downwards, in the inner group's own coordinates.
    let bounds = path.outline.bounds.unwrap();
    assert!((bounds.x0 - 50.0).abs() < 1e-9 && (bounds.width()).abs() < 1e-9 && (bounds.height() - 100.0).abs() < 1e-9);
    assert_eq!(path.transform * Point::new(0.0, 0.0), Point::new(10.0, 0.0));
}

#[test]
fn switched_off_items_do_nothing() {
    let mut off = shape(FILL, &[]);
    off.enabled = false;
    let mut trim = shape(TRIM, &[("ADBE Vector Trim End", &[0.0])]);
    trim.enabled = false;
    let nodes = drawn(shape_layer(1, vec![shape(RECT, &[]), off, shape(FILL, &[]), trim]));
    assert_eq!(nodes.len(), 1);
}

#[test]
fn faded_groups_fade_as_one_picture() {
    let both = || vec![shape(RECT, &[]), shape(STROKE, &[]), shape(FILL, &[])];
    let half: &[(&str, &[f64])] = &[("ADBE Vector Group Opacity", &[50.0])];
    let nodes = drawn(shape_layer(1, vec![group(both(), half)]));
    let faded = as_group(&nodes[0]);
    assert_eq!((faded.opacity, faded.children.len()), (0.5, 2));
    // A single thing needs no picture of its own.
    let nodes = drawn(shape_layer(
        1,
        vec![group(vec![shape(RECT, &[]), shape(FILL, &[])], half)],
    ));
    assert_eq!(as_path(&nodes[0]).opacity, 0.5);
    // Paths of a group painted outside it do not fade.
    let nodes = drawn(shape_layer(
        1,
        vec![group(vec![shape(RECT, &[])], half), shape(FILL, &[])],
    ));
    assert_eq!(as_path(&nodes[0]).opacity, 1.0);
}

#[test]
fn a_repeater_copies_paints_above_it_and_feeds_those_below() {
    let copies: &[(&str, &[f64])] = &[("ADBE Vector Repeater Copies", &[3.0])];
    let nodes = drawn(shape_layer(
        1,
        vec![shape(RECT, &[]), shape(FILL, &[]), shape(REPEATER, copies)],
    ));
    assert_eq!(nodes.len(), 3);
    // Each copy is below the one before.
    let x = |i: usize| (as_path(&nodes[i]).transform * Point::ZERO).x;
    assert_eq!([x(0), x(1), x(2)], [200.0, 100.0, 0.0]);
    assert!(std::sync::Arc::ptr_eq(
        &as_path(&nodes[0]).outline,
        &as_path(&nodes[2]).outline
    ));

    let nodes = drawn(shape_layer(
        1,
        vec![shape(RECT, &[]), shape(REPEATER, copies), shape(FILL, &[])],
    ));
    assert_eq!(nodes.len(), 1);
    assert_eq!(
        as_path(&nodes[0]).outline.bounds,
        Some(Rect::new(-50.0, -50.0, 250.0, 50.0))
    );
}

#[test]
fn repeaters_of_repeaters_meet_the_limit() {
    let copies: &[(&str, &[f64])] = &[("ADBE Vector Repeater Copies", &[1000.0])];
    let (nodes, said) = drawn_and_said(shape_layer(
        1,
        vec![
            shape(RECT, &[]),
            shape(FILL, &[]),
            shape(REPEATER, copies),
            shape(REPEATER, copies),
            shape(REPEATER, copies),
        ],
    ));
    assert!(nodes.len() <= 20_000);
    let wanted = "Main > Shapes > Contents: limit: repeaters make more than 20000 outlines; the rest is not drawn";
    assert_eq!(said, [wanted]);
}

#[test]
fn dashes_need_no_gap_and_zero_is_solid() {
    let dashed = |pairs: &[(&'static str, f64)]| {
        let mut stroke = shape(STROKE, &[]);
        let dashes = stroke.group_mut("ADBE Vector Stroke Dashes").unwrap();
        dashes.children = pairs.iter().map(|&(name, x)| support::number(name, x).into()).collect();
        let nodes = drawn(shape_layer(1, vec![shape(RECT, &[]), stroke]));
        match &as_path(&nodes[0]).style {
            PathStyle::Stroke(s) => (s.dashes.clone(), s.dash_offset),
            PathStyle::Fill(_) => panic!("a stroke"),
        }
    };
    let (dash, gap, offset) = (
        "ADBE Vector Stroke Dash 1",
        "ADBE Vector Stroke Gap 1",
        "ADBE Vector Stroke Offset",
    );
    assert_eq!(dashed(&[(dash, 5.0)]), (vec![5.0, 5.0], 0.0));
    assert_eq!(dashed(&[(dash, 5.0), (gap, 2.0), (offset, 3.0)]), (vec![5.0, 2.0], 3.0));
    assert_eq!(dashed(&[(dash, 0.0), (gap, 0.0), (offset, 3.0)]), (vec![], 0.0));
}

#[test]
fn an_unknown_item_is_named() {
    let (_, warnings) = scene(vec![shape_layer(
        1,
        vec![
            shape(RECT, &[]),
            shape("ADBE Vector Filter - Roughen", &[]),
            shape(FILL, &[]),
        ],
    )]);
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("Main > Shapes > Contents") && warnings[0].contains("Wiggle Paths"));
}

#[test]
fn a_rectangle_keeps_its_area_through_everything() {
    let nodes = drawn(shape_layer(
        1,
        vec![group(
            vec![shape(RECT, &[(SIZE, &[30.0, 20.0])]), shape(FILL, &[])],
            &[("ADBE Vector Rotation", &[30.0]), ("ADBE Vector Anchor", &[3.0, 4.0])],
        )],
    ));
    let path = as_path(&nodes[0]);
    assert!((path.outline.path.area().abs() - 600.0).abs() < 1e-9);
    assert!((path.transform * Point::new(3.0, 4.0) - Point::ZERO).length() < 1e-12);
}

const MERGE: &str = "ADBE Vector Filter - Merge";
const WIGGLE: &str = "ADBE Vector Filter - Wiggler";
const TAPER: &str = "ADBE Vector Stroke Taper";
const WAVE: &str = "ADBE Vector Stroke Wave";

#[test]
fn merging_takes_its_paths_from_the_paints_above_and_gives_one_to_those_below() {
    let square = |x: f64| {
        group(
            vec![shape(RECT, &[(SIZE, &[10.0, 10.0])]), shape(FILL, &[])],
            &[(POSITION, &[x, 0.0])],
        )
    };
    for (mode, area) in [(1.0, 200.0), (2.0, 150.0), (3.0, 50.0), (4.0, 50.0), (5.0, 100.0)] {
        let merge = shape(MERGE, &[("ADBE Vector Merge Type", &[mode])]);
        let nodes = drawn(shape_layer(1, vec![square(0.0), square(5.0), merge, shape(FILL, &[])]));
        assert_eq!(nodes.len(), 1, "mode {mode}");
        assert_eq!(as_path(&nodes[0]).outline.path.area(), area, "mode {mode}");
    }
    // Subtracted is from the topmost.
    let subtract = shape(MERGE, &[("ADBE Vector Merge Type", &[3.0])]);
    let nodes = drawn(shape_layer(
        1,
        vec![square(0.0), square(5.0), subtract, shape(FILL, &[])],
    ));
    let left = Rect::new(-5.0, -5.0, 0.0, 5.0);
    assert_eq!(as_path(&nodes[0]).outline.bounds, Some(left));
}

#[test]
fn repeated_copies_wiggle_by_themselves_and_others_together() {
    let wiggle = |seed: f64| {
        let mut wiggle = shape(
            WIGGLE,
            &[
                ("ADBE Vector Correlation", &[0.0]),
                ("ADBE Vector Random Seed", &[seed]),
            ],
        );
        let transform = wiggle.group_mut("ADBE Vector Wiggler Transform").unwrap();
        let position = transform.property_mut("ADBE Vector Wiggler Position").unwrap();
        position.value = [20.0, 20.0].into();
        wiggle
    };
    let places = |items| {
        let (nodes, warnings) = drawn_and_said(shape_layer(1, items));
        assert!(warnings.iter().all(|w| w.contains("random numbers")), "{warnings:?}");
        nodes
            .iter()
            .map(|node| as_path(node).transform.translation())
            .collect::<Vec<_>>()
    };
    let rest = || vec![shape(RECT, &[]), shape(FILL, &[])];
    let still = || {
        let mut repeater = shape(REPEATER, &[("ADBE Vector Repeater Copies", &[3.0])]);
        let transform = repeater.group_mut("ADBE Vector Repeater Transform").unwrap();
        let position = transform.property_mut("ADBE Vector Repeater Position").unwrap();
        position.value = [0.0, 0.0].into();
        repeater
    };
    let after = places(rest().into_iter().chain([still(), wiggle(1.0)]).collect());
    assert_eq!(after.len(), 3);
    assert!(after[0] != after[1] && after[1] != after[2]);
    assert!(after.iter().all(|v| v.x.abs() <= 20.0 && v.y.abs() <= 20.0));
    let before = places(rest().into_iter().chain([wiggle(1.0), still()]).collect());
    assert!(before[0] == before[1] && before[1] == before[2]);
    let other = places(rest().into_iter().chain([wiggle(2.0), still()]).collect());
    assert_ne!(before, other);
}

#[test]
fn tapers_and_waves_come_with_the_stroke() {
    let profile = |items: &[(&'static str, &'static str, f64)]| {
        let mut stroke = shape(STROKE, &[]);
        for &(inside, name, value) in items {
            let group = stroke.group_mut(inside).unwrap();
            group.property_mut(name).unwrap().value = value.into();
        }
        let (nodes, warnings) = drawn_and_said(shape_layer(1, vec![shape(RECT, &[]), stroke]));
        match &as_path(&nodes[0]).style {
            PathStyle::Stroke(s) => (s.profile, warnings.len()),
            PathStyle::Fill(_) => panic!("a stroke"),
        }
    };
    assert_eq!(profile(&[]), (None, 0));
    let (tapered, warnings) = profile(&[
        (TAPER, "ADBE Vector Taper Start Length", 40.0),
        (TAPER, "ADBE Vector Taper Start Width", 25.0),
    ]);
    let tapered = tapered.unwrap();
    assert_eq!(warnings, 0);
    assert_eq!((tapered.start.length, tapered.start.width), (Extent::Share(0.4), 0.25));
    let (in_pixels, warnings) = profile(&[
        (TAPER, "ADBE Vector Taper Length Units", 2.0),
        (TAPER, "ADBE Vector Taper EndWidthPx", 30.0),
        (TAPER, "ADBE Vector Taper End Ease", 50.0),
    ]);
    assert_eq!(in_pixels.unwrap().end.length, Extent::Pixels(30.0));
    assert_eq!(warnings, 1, "the ease is not exact");
    let (wave, _) = profile(&[
        (WAVE, "ADBE Vector Taper Wave Amount", 50.0),
        (WAVE, "ADBE Vector Taper Wave Units", 2.0),
    ]);
    let wave = wave.unwrap().wave;
    assert_eq!((wave.amount, wave.length), (0.5, Extent::Share(0.1)));
}
