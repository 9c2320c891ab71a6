//! 3D layers, cameras, z-order and motion blur.

#![allow(clippy::unwrap_used, reason = "building what the tests look at")]

mod support;

use filmpress_composition::{
    AutoOrient, BlendingMode, Composition, ItemId, ItemKind, Keyframe, Layer, LayerId, LayerKind, Value, schema,
};
use filmpress_evaluate::Scene;
use filmpress_evaluate::frame::{Group, Node, Projection};
use kurbo::{Affine, Point};
use support::{as_group, composition, item, layer, scene, scene_of, set, solid};

const OPTIONS: &str = "ADBE Camera Options Group";

fn flat(id: u32) -> Layer {
    layer(id, "Red", LayerKind::Av(ItemId(2)), Some((40, 20)))
}

/// A 3D layer whose anchor point, the middle of its 40x20 pixels, is here.
fn at(id: u32, position: [f64; 3]) -> Layer {
    let mut layer = flat(id);
    layer.switches.three_d = true;
    set(&mut layer, schema::TRANSFORM, "ADBE Position", position);
    layer
}

/// A camera with one node, 200 pixels in front of the middle of the composition, that shows its plane as it is.
fn camera(id: u32) -> Layer {
    let mut camera = layer(id, "Camera", LayerKind::Camera, None);
    set(&mut camera, schema::TRANSFORM, "ADBE Position", [100.0, 50.0, -200.0]);
    set(&mut camera, OPTIONS, "ADBE Camera Zoom", 200.0);
    camera
}

/// A property that goes evenly from one value at 0 seconds to another at 1 second.
fn animate<const N: usize>(layer: &mut Layer, group: &str, property: &str, from: [f64; N], to: [f64; N])
where
    [f64; N]: Into<Value>,
{
    let group = layer.properties.group_mut(group).unwrap();
    group.property_mut(property).unwrap().keyframes = vec![Keyframe::linear(0.0, from), Keyframe::linear(1.0, to)];
}

fn place(group: &Group) -> Projection {
    group.projection.unwrap_or_else(|| group.transform.into())
}

/// Where the middle of the layer drawn `i`-th shows.
fn middle(scene: &Scene, frame: u32, i: usize) -> Point {
    let frame = scene.frame(frame);
    place(as_group(&frame.root.children[i]))
        .point(Point::new(20.0, 10.0))
        .unwrap()
}

/// Scale of the layer drawn `i`-th, which is parallel to the screen.
fn scale(scene: &Scene, i: usize) -> f64 {
    let frame = scene.frame(0);
    let group = as_group(&frame.root.children[i]);
    assert!(group.projection.is_none());
    group.transform.as_coeffs()[0]
}

fn near(a: Point, b: Point) -> bool {
    (a - b).hypot() < 1e-9
}

#[test]
fn without_camera_the_preset_of_50_mm_looks_at_the_middle() {
    // 200 pixels of width are 277.8 of distance.
    let (scene, _) = scene(vec![at(1, [120.0, 50.0, 200.0 * 50.0 / 36.0])]);
    assert!((scale(&scene, 0) - 0.5).abs() < 1e-12);
    assert!(near(middle(&scene, 0, 0), Point::new(110.0, 50.0)));
}

#[test]
fn a_camera_with_one_node_looks_ahead_wherever_it_is() {
    let mut moved = camera(1);
    set(&mut moved, schema::TRANSFORM, "ADBE Position", [150.0, 50.0, -400.0]);
    let (scene, warnings) = scene(vec![moved, at(2, [150.0, 70.0, 0.0])]);
    assert_eq!(scale(&scene, 0), 0.5);
    assert!(near(middle(&scene, 0, 0), Point::new(100.0, 60.0)));
    assert!(!warnings.iter().any(|w| w.contains("Camera")), "{warnings:?}");
}

#[test]
fn a_camera_with_two_nodes_keeps_its_point_of_interest_in_the_middle() {
    let mut aimed = camera(1);
    aimed.auto_orient = AutoOrient::TowardsPointOfInterest;
    set(&mut aimed, schema::TRANSFORM, "ADBE Position", [-100.0, 50.0, 0.0]);
    set(&mut aimed, schema::TRANSFORM, "ADBE Anchor Point", [170.0, 20.0, 40.0]);
    let (scene, _) = scene(vec![aimed, at(2, [170.0, 20.0, 40.0])]);
    assert!(near(middle(&scene, 0, 0), Point::new(100.0, 50.0)));
    let frame = scene.frame(0);
    assert!(
        as_group(&frame.root.children[0]).projection.is_some(),
        "it is seen from the side"
    );
}

#[test]
fn a_camera_turns_its_zoom_moves_and_parents_take_it_with_them() {
    let mut null = layer(3, "Null", LayerKind::Null, None);
    null.switches.three_d = true;
    set(&mut null, schema::TRANSFORM, "ADBE Position", [30.0, 0.0, 0.0]);
    let mut child = camera(1);
    child.parent = Some(LayerId(3));
    set(&mut child, schema::TRANSFORM, "ADBE Rotate Z", 90.0);
    animate(&mut child, OPTIONS, "ADBE Camera Zoom", [200.0], [400.0]);
    let (scene, _) = scene(vec![child, null, at(2, [140.0, 50.0, 0.0])]);
    // 10 to the right of the camera, which lies on its right side: what is right of it is up in its picture.
    assert!(near(middle(&scene, 0, 0), Point::new(100.0, 40.0)));
    assert!(near(middle(&scene, 10, 0), Point::new(100.0, 30.0)));
}

#[test]
fn the_topmost_camera_that_is_on_at_the_time_counts() {
    let (mut early, mut hidden, late) = (camera(1), camera(2), camera(3));
    early.out_point = 0.5;
    set(&mut early, OPTIONS, "ADBE Camera Zoom", 400.0);
    hidden.switches.enabled = false;
    set(&mut hidden, OPTIONS, "ADBE Camera Zoom", 800.0);
    let (scene, _) = scene(vec![early, hidden, late, at(4, [110.0, 50.0, 0.0]), flat(5)]);
    assert!(near(middle(&scene, 0, 1), Point::new(120.0, 50.0)));
    assert!(near(middle(&scene, 5, 1), Point::new(110.0, 50.0)));
    assert!(
        near(middle(&scene, 0, 0), Point::new(100.0, 50.0)),
        "2D layers are not seen by cameras"
    );
}

#[test]
fn a_layer_turned_around_y_is_seen_in_perspective() {
    let mut turned = at(2, [100.0, 50.0, 0.0]);
    set(&mut turned, schema::TRANSFORM, "ADBE Rotate Y", 60.0);
    let (scene, _) = scene(vec![camera(1), turned]);
    let frame = scene.frame(0);
    let projection = as_group(&frame.root.children[0]).projection.unwrap();
    // 20 to the right of the axis: 10 to the right and 17.32 nearer to the camera, which is 200 away.
    let w = (200.0 - 20.0 * 0.75f64.sqrt()) / 200.0;
    let right = projection.point(Point::new(40.0, 20.0)).unwrap();
    assert!(near(right, Point::new(100.0 + 10.0 / w, 50.0 + 10.0 / w)), "{right:?}");
    assert!((projection.apply(Point::new(40.0, 20.0))[2] - w).abs() < 1e-12);
}

#[test]
fn turned_layers_that_may_cut_each_other_are_said() {
    let mut turned = at(2, [100.0, 50.0, 0.0]);
    set(&mut turned, schema::TRANSFORM, "ADBE Rotate Y", 60.0);
    let said = |layers| scene(layers).1.iter().any(|w| w.contains("cut through each other"));
    assert!(said(vec![turned.clone(), at(3, [90.0, 50.0, 0.0])]));
    assert!(!said(vec![turned, flat(3)]), "flat layers are never cut");
    assert!(!said(vec![at(2, [0.0; 3]), at(3, [90.0, 50.0, 0.0])]));
}

#[test]
fn what_is_behind_the_camera_or_seen_edge_on_is_not_drawn() {
    let mut edge = at(3, [100.0, 50.0, 0.0]);
    set(&mut edge, schema::TRANSFORM, "ADBE Rotate Y", 90.0);
    let (scene, _) = scene(vec![camera(1), at(2, [100.0, 50.0, -300.0]), edge]);
    assert!(scene.frame(0).root.children.is_empty());
}

#[test]
fn children_of_3d_layers_turn_around_their_parent_and_flat_parents_move_3d_children() {
    let mut parent = layer(3, "Null", LayerKind::Null, None);
    parent.switches.three_d = true;
    set(&mut parent, schema::TRANSFORM, "ADBE Position", [100.0, 50.0, 0.0]);
    set(&mut parent, schema::TRANSFORM, "ADBE Rotate Y", 180.0);
    let mut child = at(2, [10.0, 0.0, 200.0]);
    child.parent = Some(LayerId(3));
    let (turned, _) = scene(vec![camera(1), parent, child.clone()]);
    // 200 towards the camera would be at the camera; the child is there and does not show.
    assert!(turned.frame(0).root.children.is_empty());
    let mut flat_parent = layer(3, "Null", LayerKind::Null, None);
    set(&mut flat_parent, schema::TRANSFORM, "ADBE Position", [100.0, 50.0, 0.0]);
    set(&mut flat_parent, schema::TRANSFORM, "ADBE Scale", [200.0, 200.0, 100.0]);
    let (moved, _) = scene(vec![camera(1), flat_parent, child]);
    assert_eq!(scale(&moved, 0), 1.0, "twice the size at twice the distance");
    assert!(near(middle(&moved, 0, 0), Point::new(110.0, 50.0)));
}

/// Ids of the layers by the order they are drawn in: their sizes differ.
fn drawn(scene: &Scene) -> Vec<u32> {
    let frame = scene.frame(0);
    frame
        .root
        .children
        .iter()
        .map(|node| (as_group(node).opacity * 100.0).round() as u32)
        .collect()
}

fn marked(mut layer: Layer) -> Layer {
    let id = f64::from(layer.id.0);
    set(&mut layer, schema::TRANSFORM, "ADBE Opacity", id);
    layer
}

#[test]
fn layers_in_space_are_drawn_by_their_distance_between_flat_layers() {
    let z = |id, z| marked(at(id, [100.0, 50.0, z]));
    let (sorted, _) = scene(vec![
        z(10, 50.0),
        z(11, 0.0),
        z(12, 50.0),
        marked(flat(13)),
        z(14, 200.0),
        z(15, -100.0),
    ]);
    assert_eq!(drawn(&sorted), [14, 15, 13, 12, 10, 11]);
    let mut hidden = flat(13);
    hidden.switches.enabled = false;
    let (together, _) = scene(vec![z(10, 50.0), hidden, z(11, 100.0)]);
    assert_eq!(drawn(&together), [11, 10], "hidden layers part nothing");
}

/// A composition of layer `shows` (id 1) that shows another one of these layers; and a camera.
fn nested(shows: Layer, inside: Vec<Layer>) -> Scene {
    let inner = item(3, "Inner", ItemKind::Composition(composition(inside)));
    let outer = composition(vec![camera(9), shows]);
    scene_of(vec![item(1, "Outer", ItemKind::Composition(outer)), solid(2), inner]).0
}

#[test]
fn a_nested_composition_has_its_own_camera_and_a_collapsed_one_that_of_its_parent() {
    let mut shows = layer(1, "Inner", LayerKind::Av(ItemId(3)), Some((200, 100)));
    let mut own = camera(5);
    set(&mut own, OPTIONS, "ADBE Camera Zoom", 800.0);
    let inside = vec![own, at(6, [110.0, 50.0, 0.0])];
    let apart = nested(shows.clone(), inside.clone());
    let frame = apart.frame(0);
    let group = as_group(&frame.root.children[0]);
    assert!(group.clip.is_some());
    assert_eq!(as_group(&group.children[0]).transform.as_coeffs()[0], 4.0);

    shows.switches.collapse = true;
    set(&mut shows, schema::TRANSFORM, "ADBE Position", [120.0, 50.0, 0.0]);
    let joined = nested(shows.clone(), inside.clone());
    assert_eq!(scale(&joined, 0), 1.0);
    assert!(near(middle(&joined, 0, 0), Point::new(130.0, 50.0)));
    // As a 3D layer it takes them with it into space.
    shows.switches.three_d = true;
    set(&mut shows, schema::TRANSFORM, "ADBE Position", [120.0, 50.0, 200.0]);
    let joined = nested(shows, inside);
    assert_eq!(scale(&joined, 0), 0.5);
    assert!(near(middle(&joined, 0, 0), Point::new(115.0, 50.0)));
}

#[test]
fn layers_of_a_collapsed_composition_are_ordered_with_those_around_it() {
    let mut shows = layer(1, "Inner", LayerKind::Av(ItemId(3)), Some((200, 100)));
    shows.switches.collapse = true;
    let inside = vec![
        marked(at(20, [100.0, 50.0, 100.0])),
        marked(at(21, [100.0, 50.0, -50.0])),
    ];
    let inner = item(3, "Inner", ItemKind::Composition(composition(inside)));
    let outer = composition(vec![camera(9), shows.clone(), marked(at(30, [100.0, 50.0, 0.0]))]);
    let items = |outer: Composition| {
        let outer = item(1, "Outer", ItemKind::Composition(outer));
        scene_of(vec![outer, solid(2), inner.clone()]).0
    };
    assert_eq!(drawn(&items(outer)), [20, 30, 21]);
    // Its opacity goes to each of its layers; a blending mode makes them one picture.
    set(&mut shows, schema::TRANSFORM, "ADBE Opacity", 50.0);
    let third = marked(at(30, [100.0, 50.0, 0.0]));
    let faded = items(composition(vec![camera(9), shows.clone(), third]));
    assert_eq!(drawn(&faded), [10, 30, 11]);
    shows.blending_mode = BlendingMode::Screen;
    let faded = items(composition(vec![camera(9), shows, marked(at(30, [100.0, 50.0, 0.0]))]));
    assert_eq!(drawn(&faded), [30, 50]);
}

#[test]
fn what_stands_still_moves_when_the_camera_does() {
    let still = |camera: Layer| scene(vec![camera, at(2, [110.0, 50.0, 0.0])]).0;
    let mut moving = camera(1);
    animate(
        &mut moving,
        schema::TRANSFORM,
        "ADBE Position",
        [100.0, 50.0, -200.0],
        [100.0, 50.0, -400.0],
    );
    let moved = still(moving);
    assert!(near(middle(&moved, 0, 0), Point::new(110.0, 50.0)));
    assert!(near(middle(&moved, 10, 0), Point::new(105.0, 50.0)));
    let mut zooming = camera(1);
    animate(&mut zooming, OPTIONS, "ADBE Camera Zoom", [200.0], [400.0]);
    let zoomed = still(zooming);
    assert!(near(middle(&zoomed, 0, 0), Point::new(110.0, 50.0)));
    assert!(near(middle(&zoomed, 10, 0), Point::new(120.0, 50.0)));
    let mut ending = camera(1);
    ending.out_point = 0.5;
    set(&mut ending, OPTIONS, "ADBE Camera Zoom", 400.0);
    let cut = still(ending);
    assert!(near(middle(&cut, 0, 0), Point::new(120.0, 50.0)));
    assert!(middle(&cut, 5, 0).x < 111.0);
}

fn blurred(mut layers: Vec<Layer>) -> Scene {
    for layer in &mut layers {
        layer.switches.motion_blur = true;
    }
    let composition = Composition {
        // The switch of the composition is for previews.
        motion_blur: false,
        ..composition(layers)
    };
    scene_of(vec![item(1, "Main", ItemKind::Composition(composition)), solid(2)]).0
}

fn motion(scene: &Scene) -> Vec<Point> {
    let frame = scene.frame(5);
    let group = as_group(&frame.root.children[0]);
    let places = group.motion.as_deref().unwrap_or_default();
    places
        .iter()
        .map(|place| place.point(Point::new(20.0, 10.0)).unwrap())
        .collect()
}

#[test]
fn motion_blur_looks_at_half_a_frame_around_its_time() {
    let mut slow = flat(1);
    animate(
        &mut slow,
        schema::TRANSFORM,
        "ADBE Position",
        [0.0, 50.0, 0.0],
        [100.0, 50.0, 0.0],
    );
    let places = motion(&blurred(vec![slow]));
    // 10 pixels a frame: 5 pixels in 16 steps around where it is.
    assert_eq!(places.len(), 16);
    for (i, place) in places.iter().enumerate() {
        let x = 47.5 + 5.0 * (i as f64 + 0.5) / 16.0;
        assert!(near(*place, Point::new(x, 50.0)), "{i}: {place:?}");
    }
    let mut fast = flat(1);
    animate(
        &mut fast,
        schema::TRANSFORM,
        "ADBE Position",
        [0.0, 50.0, 0.0],
        [1000.0, 50.0, 0.0],
    );
    assert_eq!(motion(&blurred(vec![fast.clone()])).len(), 50, "a step for every pixel");
    fast.switches.three_d = true;
    assert_eq!(motion(&blurred(vec![fast])).len(), 16, "but not in space");
}

#[test]
fn parents_and_cameras_blur_and_what_stands_still_does_not() {
    assert!(motion(&blurred(vec![flat(1)])).is_empty());
    let mut parent = layer(2, "Null", LayerKind::Null, None);
    animate(
        &mut parent,
        schema::TRANSFORM,
        "ADBE Position",
        [0.0; 3],
        [100.0, 0.0, 0.0],
    );
    let mut child = flat(1);
    child.parent = Some(LayerId(2));
    assert_eq!(motion(&blurred(vec![child, parent])).len(), 16);
    let mut moving = camera(2);
    animate(
        &mut moving,
        schema::TRANSFORM,
        "ADBE Position",
        [100.0, 50.0, -200.0],
        [200.0, 50.0, -200.0],
    );
    assert!(motion(&blurred(vec![moving.clone(), flat(1)])).is_empty());
    let places = motion(&blurred(vec![moving, at(1, [150.0, 50.0, 0.0])]));
    assert!(near(places[0], Point::new(102.5 - 5.0 / 32.0, 50.0)), "{:?}", places[0]);
    let mut held = flat(1);
    animate(
        &mut held,
        schema::TRANSFORM,
        "ADBE Position",
        [0.0; 3],
        [0.0, 0.0, 100.0],
    );
    assert!(
        motion(&blurred(vec![held])).is_empty(),
        "a 2D layer has no depth to move in"
    );
}

#[test]
fn a_layer_along_its_path_faces_where_it_goes() {
    let mut along = at(1, [0.0; 3]);
    along.auto_orient = AutoOrient::AlongPath;
    animate(
        &mut along,
        schema::TRANSFORM,
        "ADBE Position",
        [100.0, 50.0, 0.0],
        [100.0, 50.0, 300.0],
    );
    let (ahead, _) = scene(vec![camera(2), along.clone()]);
    let frame = ahead.frame(0);
    let group = as_group(&frame.root.children[0]);
    assert_eq!(
        group.transform,
        Affine::translate((80.0, 40.0)),
        "straight on it stays as it is"
    );
    animate(
        &mut along,
        schema::TRANSFORM,
        "ADBE Position",
        [100.0, 50.0, 0.0],
        [400.0, 50.0, 300.0],
    );
    let (aside, _) = scene(vec![camera(2), along]);
    let frame = aside.frame(0);
    let projection = as_group(&frame.root.children[0]).projection.unwrap();
    // Turned to the right by 45 degrees: its right edge comes nearer.
    assert!(projection.apply(Point::new(40.0, 10.0))[2] < 1.0);
}

#[test]
fn every_number_a_file_can_hold_is_survived() {
    for x in [f64::NAN, f64::INFINITY, 1e300, -1e300, 1e-300, 0.0] {
        let mut odd = at(1, [x, 1.0, x]);
        set(&mut odd, schema::TRANSFORM, "ADBE Rotate X", x);
        set(&mut odd, schema::TRANSFORM, "ADBE Orientation", [x, 10.0, x]);
        set(&mut odd, schema::TRANSFORM, "ADBE Scale", [x, x, x]);
        let mut lens = camera(2);
        lens.auto_orient = AutoOrient::TowardsPointOfInterest;
        set(&mut lens, schema::TRANSFORM, "ADBE Anchor Point", [x, x, 0.0]);
        set(&mut lens, OPTIONS, "ADBE Camera Zoom", x);
        let mut facing = at(3, [100.0, 50.0, x]);
        facing.auto_orient = AutoOrient::TowardsCamera;
        animate(
            &mut facing,
            schema::TRANSFORM,
            "ADBE Position",
            [x, 0.0, 0.0],
            [0.0, x, 5.0],
        );
        let scene = blurred(vec![lens, odd, facing]);
        for frame in 0..20 {
            for node in &scene.frame(frame).root.children {
                let Node::Group(group) = node else { continue };
                assert!(place(group).is_finite() && group.transform.is_finite());
            }
        }
    }
}
