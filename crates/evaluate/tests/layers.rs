//! Layers: which are drawn, when, where, through what.

#![allow(clippy::unwrap_used, reason = "building what the tests look at")]

mod support;

use std::sync::Arc;

use filmpress_composition::{
    BezierPath, BlendingMode, Expression, Group, GroupDetails, ItemId, ItemKind, Keyframe, Layer, LayerId, LayerKind,
    MaskMode, MaskSettings, MatteKind, TrackMatte, Value, schema,
};
use filmpress_evaluate::digest::Digest;
use filmpress_evaluate::frame::{Node, Paint};
use filmpress_evaluate::{FootageInfo, Scene};
use kurbo::{Point, Rect};
use support::{Shelf, as_group, as_path, composition, item, layer, scene, scene_in, scene_of, set, solid};

fn red(id: u32) -> Layer {
    layer(id, "Red", LayerKind::Av(ItemId(2)), Some((40, 20)))
}

fn names_of_children(scene: &Scene, frame: u32) -> usize {
    scene.frame(frame).root.children.len()
}

#[test]
fn a_solid_is_centred_by_its_defaults() {
    let (scene, warnings) = scene(vec![red(1)]);
    assert!(warnings.is_empty(), "{warnings:?}");
    let frame = scene.frame(0);
    let group = as_group(&frame.root.children[0]);
    let path = as_path(&group.children[0]);
    assert_eq!(path.outline.bounds, Some(Rect::new(0.0, 0.0, 40.0, 20.0)));
    assert!(matches!(path.paint, Paint::Solid([1.0, 0.0, 0.0, 1.0])));
    assert_eq!(group.transform * Point::ZERO, Point::new(80.0, 40.0));
    assert_eq!(
        (scene.frame_count(), scene.size(), scene.frame_rate()),
        (20, (200, 100), 10.0)
    );
}

#[test]
fn layers_show_from_in_to_out_and_the_first_is_on_top() {
    let mut top = red(1);
    top.in_point = 0.5;
    top.out_point = 1.0;
    top.blending_mode = BlendingMode::Multiply;
    let (scene, _) = scene(vec![top, red(2)]);
    let counts: Vec<_> = [0, 4, 5, 9, 10, 19].map(|f| names_of_children(&scene, f)).to_vec();
    assert_eq!(counts, [1, 1, 2, 2, 1, 1]);
    let frame = scene.frame(5);
    assert_eq!(as_group(&frame.root.children[1]).blending_mode, BlendingMode::Multiply);
}

#[test]
fn hidden_guide_null_and_transparent_layers_are_not_drawn() {
    let mut hidden = red(1);
    hidden.switches.enabled = false;
    let mut guide = red(2);
    guide.switches.guide = true;
    let mut clear = red(3);
    set(&mut clear, schema::TRANSFORM, "ADBE Opacity", 0.0);
    let null = layer(4, "Null", LayerKind::Null, None);
    let (scene, warnings) = scene(vec![hidden, guide, clear, null]);
    assert_eq!(names_of_children(&scene, 0), 0);
    assert!(warnings.is_empty());
}

#[test]
fn parents_move_their_children_even_when_they_do_not_show() {
    let mut parent = layer(1, "Null", LayerKind::Null, None);
    set(&mut parent, schema::TRANSFORM, "ADBE Position", [10.0, 20.0, 0.0]);
    set(&mut parent, schema::TRANSFORM, "ADBE Scale", [200.0, 200.0, 100.0]);
    set(&mut parent, schema::TRANSFORM, "ADBE Opacity", 0.0);
    parent.out_point = 0.1;
    let mut child = red(2);
    child.parent = Some(LayerId(1));
    set(&mut child, schema::TRANSFORM, "ADBE Position", [5.0, 5.0, 0.0]);
    let (scene, _) = scene(vec![parent, child]);
    let frame = scene.frame(10);
    let group = as_group(&frame.root.children[0]);
    assert_eq!(group.transform * Point::new(20.0, 10.0), Point::new(20.0, 30.0));
    assert_eq!(group.opacity, 1.0);
}

#[test]
fn parents_in_a_circle_are_reported_and_end() {
    let mut a = red(1);
    a.parent = Some(LayerId(2));
    let mut b = red(2);
    b.parent = Some(LayerId(1));
    let mut c = red(3);
    c.parent = Some(LayerId(3));
    c.name = "Narcissus".to_owned();
    let mut lost = red(4);
    lost.parent = Some(LayerId(77));
    let (scene, warnings) = scene(vec![a, b, c, lost]);
    assert_eq!(names_of_children(&scene, 0), 4);
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    assert!(
        warnings
            .iter()
            .any(|w| w.contains("its parent, layer 77, is not in the composition"))
    );
}

#[test]
fn a_hidden_matte_layer_shapes_the_layer_below() {
    let mut matte = red(1);
    matte.switches.enabled = false;
    matte.out_point = 1.0;
    let mut filled = red(2);
    filled.track_matte = Some(TrackMatte {
        layer: LayerId(1),
        kind: MatteKind::Luma,
        inverted: false,
    });
    let mut inverted = filled.clone();
    inverted.id = LayerId(3);
    inverted.track_matte.as_mut().unwrap().inverted = true;
    let (scene, _) = scene(vec![matte, filled, inverted]);
    let frame = scene.frame(0);
    assert_eq!(frame.root.children.len(), 2);
    let matte = as_group(&frame.root.children[1]).matte.as_ref().unwrap();
    assert_eq!((matte.kind, matte.inverted), (MatteKind::Luma, false));
    assert_eq!(matte.content.transform * Point::ZERO, Point::new(80.0, 40.0));
    // After the matte's end nothing of the first shows and all of the inverted one.
    let frame = scene.frame(10);
    assert_eq!(frame.root.children.len(), 1);
    assert!(as_group(&frame.root.children[0]).matte.is_none());
}

fn mask(mode: MaskMode, closed: bool) -> Group {
    let mut group = schema::new_group("ADBE Mask Atom");
    group.details = GroupDetails::Mask(MaskSettings {
        id: 1,
        mode,
        inverted: true,
        ..MaskSettings::default()
    });
    let path = BezierPath::polygon(vec![[0.0, 0.0], [9.0, 0.0], [9.0, 9.0]], closed);
    group.property_mut("ADBE Mask Shape").unwrap().value = Value::Path(Arc::new(path));
    group.property_mut("ADBE Mask Opacity").unwrap().value = Value::number(40.0);
    group.property_mut("ADBE Mask Feather").unwrap().value = [3.0, 4.0].into();
    group.property_mut("ADBE Mask Offset").unwrap().value = Value::number(-2.0);
    group
}

#[test]
fn masks_come_in_order_and_open_ones_do_nothing() {
    let mut masked = red(1);
    masked.properties.group_mut(schema::MASKS).unwrap().children = vec![
        mask(MaskMode::Add, true).into(),
        mask(MaskMode::None, true).into(),
        mask(MaskMode::Subtract, false).into(),
        mask(MaskMode::Intersect, true).into(),
    ];
    let (scene, _) = scene(vec![masked]);
    let frame = scene.frame(0);
    let masks = &as_group(&frame.root.children[0]).masks;
    assert_eq!(
        masks.iter().map(|m| m.mode).collect::<Vec<_>>(),
        [MaskMode::Add, MaskMode::Intersect]
    );
    let first = &masks[0];
    assert_eq!(
        (first.opacity, first.feather, first.expansion, first.inverted),
        (0.4, [3.0, 4.0], -2.0, true)
    );
    assert_eq!(first.outline.bounds, Some(Rect::new(0.0, 0.0, 9.0, 9.0)));
}

fn moving(mut layer: Layer) -> Layer {
    let group = layer.properties.group_mut(schema::TRANSFORM).unwrap();
    group.property_mut("ADBE Position").unwrap().keyframes = vec![
        Keyframe::linear(0.0, [0.0, 0.0, 0.0]),
        Keyframe::linear(1.0, [100.0, 0.0, 0.0]),
    ];
    layer
}

fn nested(outer: Layer, inner: Layer) -> Scene {
    let (scene, warnings) = scene_of(vec![
        item(1, "Main", ItemKind::Composition(composition(vec![outer]))),
        solid(2),
        item(3, "Inner", ItemKind::Composition(composition(vec![inner]))),
    ]);
    assert!(warnings.is_empty(), "{warnings:?}");
    scene
}

fn precomp() -> Layer {
    layer(1, "Inner", LayerKind::Av(ItemId(3)), Some((200, 100)))
}

fn inner_x(scene: &Scene, frame: u32) -> Option<f64> {
    let frame = scene.frame(frame);
    let outer = as_group(frame.root.children.first()?);
    Some((as_group(&outer.children[0]).transform * Point::new(20.0, 10.0)).x)
}

#[test]
fn precomps_are_clipped_pictures_of_their_own_unless_collapsed() {
    let scene = nested(precomp(), red(1));
    let frame = scene.frame(0);
    let outer = as_group(&frame.root.children[0]);
    assert_eq!(
        (outer.clip, outer.isolated),
        (Some(Rect::new(0.0, 0.0, 200.0, 100.0)), true)
    );
    let mut collapsed = precomp();
    collapsed.switches.collapse = true;
    let frame = nested(collapsed, red(1)).frame(0);
    let outer = as_group(&frame.root.children[0]);
    assert_eq!((outer.clip, outer.isolated), (None, false));
}

#[test]
fn precomps_start_late_and_end_with_their_own_duration() {
    let mut late = precomp();
    late.start_time = 0.5;
    late.out_point = 9.0;
    let scene = nested(late, moving(red(1)));
    assert_eq!(inner_x(&scene, 4), None);
    assert_eq!(inner_x(&scene, 5), Some(0.0));
    assert!((inner_x(&scene, 10).unwrap() - 50.0).abs() < 1e-9);
    assert_eq!(inner_x(&scene, 25), None);
}

#[test]
fn stretch_slows_and_time_remap_replaces_time() {
    let mut slow = precomp();
    slow.stretch = 2.0;
    assert!((inner_x(&nested(slow, moving(red(1))), 10).unwrap() - 50.0).abs() < 1e-9);
    let mut remapped = precomp();
    let mut remap = support::number(schema::TIME_REMAP, 0.0);
    remap.keyframes = vec![Keyframe::linear(0.0, 1.0), Keyframe::linear(1.0, 0.0)];
    remapped.properties.children.push(remap.into());
    let scene = nested(remapped, moving(red(1)));
    assert_eq!(inner_x(&scene, 0), Some(100.0));
    assert!((inner_x(&scene, 7).unwrap() - 30.0).abs() < 1e-9);
}

#[test]
fn a_time_remap_without_keyframes_freezes() {
    let mut frozen = precomp();
    let remap = support::number(schema::TIME_REMAP, 0.5);
    frozen.properties.children.push(remap.into());
    let scene = nested(frozen, moving(red(1)));
    let x = inner_x(&scene, 0).unwrap();
    assert!((x - 50.0).abs() < 1e-9, "{x}");
    assert_eq!(inner_x(&scene, 9), Some(x));
}

#[test]
fn backwards_layers_show_the_last_frame_first() {
    let mut backwards = precomp();
    backwards.stretch = -1.0;
    backwards.start_time = 2.0;
    let scene = nested(backwards, moving(red(1)));
    assert_eq!(inner_x(&scene, 0), Some(100.0));
    assert!(inner_x(&scene, 19).unwrap().abs() < 1e-9);
}

#[test]
fn a_composition_inside_itself_is_reported() {
    let (scene, warnings) = scene_of(vec![
        item(1, "Main", ItemKind::Composition(composition(vec![precomp(), red(2)]))),
        solid(2),
        item(
            3,
            "Inner",
            ItemKind::Composition(composition(vec![
                layer(1, "Loop", LayerKind::Av(ItemId(1)), None),
                red(2),
            ])),
        ),
    ]);
    assert_eq!(names_of_children(&scene, 0), 2);
    assert_eq!(
        warnings,
        ["Inner > Loop: malformed: a composition contains itself; it is not drawn there"]
    );
}

#[test]
fn doubling_compositions_meet_the_limit_and_not_the_end_of_memory() {
    let mut items = vec![
        item(1, "Main", ItemKind::Composition(composition(vec![precomp()]))),
        solid(2),
    ];
    for id in 3..43 {
        let next = || {
            let mut l = layer(1, "Next", LayerKind::Av(ItemId(id + 1)), Some((200, 100)));
            l.start_time = f64::from(id) * 1e-3;
            l
        };
        items.push(item(
            id,
            "Level",
            ItemKind::Composition(composition(vec![next(), next()])),
        ));
    }
    items.push(item(
        43,
        "Level",
        ItemKind::Composition(composition(vec![moving(red(1))])),
    ));
    let (scene, warnings) = scene_of(items);
    assert!(warnings.iter().any(|w| w.contains("limit: more than")), "{warnings:?}");
    scene.frame(3);
}

#[test]
fn what_does_not_change_keeps_its_node() {
    let mut still = red(1);
    still.in_point = 0.1;
    let (scene, _) = scene(vec![still, moving(red(2))]);
    let (a, b) = (scene.frame(2), scene.frame(7));
    let ptr = |node: &Node| match node {
        Node::Group(g) => Arc::as_ptr(g),
        _ => panic!(),
    };
    assert_eq!(ptr(&a.root.children[1]), ptr(&b.root.children[1]));
    assert_ne!(a.root.children[0].digest(), b.root.children[0].digest());
    assert_ne!(a.root.digest, b.root.digest);
    assert_eq!(a.root.digest, scene.frame(2).root.digest);
}

#[test]
fn images_have_the_size_the_project_knows_and_missing_ones_are_reported() {
    let footage = filmpress_composition::Footage {
        source: filmpress_composition::FootageSource::File("logo.png".to_owned()),
        width: 100,
        height: 50,
        ..filmpress_composition::Footage::default()
    };
    let logo = layer(1, "Logo", LayerKind::Av(ItemId(2)), Some((100, 50)));
    let items = || {
        vec![
            item(1, "Main", ItemKind::Composition(composition(vec![logo.clone()]))),
            item(2, "logo.png", ItemKind::Footage(footage.clone())),
        ]
    };
    let mut shelf = Shelf::default();
    let (scene, warnings) = scene_in(items(), &shelf);
    assert_eq!(
        warnings,
        ["Main > Logo: missing: footage `logo.png` is missing; the layer is not drawn"]
    );
    assert_eq!(names_of_children(&scene, 0), 0);
    shelf.footage.insert(
        ItemId(2),
        FootageInfo {
            width: 200,
            height: 100,
            frame_rate: 0.0,
            duration: 0.0,
            content: Digest(7),
        },
    );
    let (scene, warnings) = scene_in(items(), &shelf);
    assert!(warnings.is_empty());
    let frame = scene.frame(0);
    let Node::Image(image) = &as_group(&frame.root.children[0]).children[0] else {
        panic!("an image")
    };
    assert_eq!((image.size, image.source.content), ([100.0, 50.0], Digest(7)));
}

#[test]
fn what_is_not_drawn_is_said_once_with_its_place() {
    let mut l = red(1);
    let transform = l.properties.group_mut(schema::TRANSFORM).unwrap();
    transform.property_mut("ADBE Rotate Z").unwrap().expression = Some(Expression {
        text: "time * 90".to_owned(),
        enabled: true,
    });
    let effects = l.properties.group_mut(schema::EFFECTS).unwrap();
    effects.children = vec![
        Group::new("ADBE FreePin3", "Pins").into(),
        Group::new("ADBE Slider Control", "Speed").into(),
        Group::new("Pseudo/123", "Rig").into(),
    ];
    let mut styles = Group::new("ADBE Layer Styles", "Layer Styles");
    let mut off = Group::new("solidFill/enabled", "Color Overlay");
    off.enabled = false;
    styles.children = vec![off.into(), Group::new("bevelEmboss/enabled", "Bevel and Emboss").into()];
    l.properties.children.push(styles.into());
    let mut adjustment = red(2);
    adjustment.name = "Grade".to_owned();
    adjustment.switches.adjustment = true;
    let (_, warnings) = scene(vec![l, adjustment]);
    assert_eq!(
        warnings,
        [
            "Main > Red > Transform > Rotation: unsupported: expression not evaluated; the property's own value is used",
            "Main > Red > Effects > Pins: unsupported: effect `ADBE FreePin3` is not drawn",
            "Main > Red > Layer Styles > Bevel and Emboss: unsupported: layer style is not drawn",
        ]
    );
}
