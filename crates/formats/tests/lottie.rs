//! Lottie files as a whole: the mapping to the object model, real samples, broken input.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests say what went wrong by stopping"
)]

use std::path::{Path, PathBuf};

use filmpress_composition::{
    AutoOrient, BlendingMode, Composition, FootageSource, GroupDetails, Interpolation, ItemId, ItemKind, Kind, LayerId,
    LayerKind, MaskMode, MatteKind, Node, Project, Property, Value, Warned, schema,
};
use filmpress_formats::{ReadError, lottie};
use serde_json::{Value as Json, json};

fn read(animation: &Json) -> Warned<Project> {
    lottie::read(animation.to_string().as_bytes()).unwrap()
}

/// An animation of 100x50 pixels, 10 frames a second, frames 20 to 60, with these layers.
fn animation(layers: &Json) -> Json {
    json!({"v": "5.7.0", "nm": "Test", "fr": 10, "ip": 20, "op": 60, "w": 100, "h": 50, "layers": layers})
}

fn main_composition(project: &Project) -> &Composition {
    project.composition(ItemId(1)).unwrap()
}

/// The property at a path of match names below a layer.
fn property<'p>(composition: &'p Composition, layer: usize, path: &[&str]) -> &'p Property {
    let (last, groups) = path.split_last().unwrap();
    let mut group = &composition.layers[layer].properties;
    for name in groups {
        group = group.group(name).unwrap_or_else(|| panic!("no group {name}"));
    }
    group.property(last).unwrap_or_else(|| panic!("no property {last}"))
}

fn vector(value: &Value) -> Vec<f64> {
    value.as_vector().unwrap().to_vec()
}

#[test]
fn times_count_from_the_in_point_and_keyframes_from_the_layer() {
    let read = read(&animation(&json!([
        {"ty": 3, "ind": 1, "nm": "N", "ip": 30, "op": 50, "st": 25, "sr": 2,
         "ks": {"o": {"a": 1, "k": [{"t": 35, "s": [0], "o": {"x": [0.25], "y": [0.5]}, "i": {"x": [0.5], "y": [1]}},
                                    {"t": 45, "s": [80]}]}}}
    ])));
    let main = main_composition(&read.value);
    assert_eq!((main.width, main.height, main.frame_count()), (100, 50, 40));
    assert_eq!(read.value.items[0].name, "Test");
    let layer = &main.layers[0];
    assert_eq!((layer.start_time, layer.in_point, layer.out_point), (0.5, 1.0, 3.0));
    let opacity = property(main, 0, &[schema::TRANSFORM, "ADBE Opacity"]);
    let key = &opacity.keyframes[0];
    assert_eq!(key.time, 0.5);
    assert_eq!(layer.layer_time(1.5), 0.5, "frame 35 is composition time 1.5");
    assert_eq!(key.interpolation_out, Interpolation::Bezier);
    assert_eq!((key.ease_out[0].influence, key.ease_out[0].offset), (0.25, 40.0));
    let next = &opacity.keyframes[1];
    assert_eq!((next.ease_in[0].influence, next.ease_in[0].offset), (0.5, 0.0));
    assert_eq!(next.interpolation_in, Interpolation::Bezier);
    assert!(read.warnings.is_empty(), "{:?}", read.warnings);
}

#[test]
fn layers_inside_precomps_are_not_shifted() {
    let mut file = animation(
        &json!([{"ty": 0, "ind": 1, "refId": "a", "w": 30, "h": 20, "ip": 20, "op": 60, "st": 20, "ks": {}}]),
    );
    file["assets"] = json!([{"id": "a", "layers": [{"ty": 3, "ind": 1, "ip": 10, "op": 20, "st": 0, "ks": {}}]}]);
    let read = read(&file);
    let main = main_composition(&read.value);
    let LayerKind::Av(inner) = main.layers[0].kind else {
        panic!()
    };
    assert_eq!(main.layers[0].start_time, 0.0);
    let inner = read.value.composition(inner).unwrap();
    assert_eq!((inner.width, inner.height), (30, 20));
    assert_eq!((inner.layers[0].in_point, inner.layers[0].out_point), (1.0, 2.0));
    assert_eq!(inner.duration, 4.0, "as long as the layer that shows it");
}

#[test]
fn the_animation_itself_is_the_main_composition() {
    let mut file = animation(&json!([]));
    file["assets"] = json!([{"id": "unused", "layers": []}]);
    let template = filmpress_formats::read(file.to_string().as_bytes(), "a.json")
        .unwrap()
        .value;
    assert_eq!(template.main_composition, Some(ItemId(1)));
    assert_eq!(template.project.compositions().count(), 2);
}

#[test]
fn spatial_keyframes_have_one_handle_and_tangents() {
    let read = read(&animation(&json!([
        {"ty": 3, "ind": 1, "ip": 20, "op": 60, "st": 0, "ks": {"p": {"a": 1, "k": [
            {"t": 20, "s": [0, 0], "e": [100, 0], "to": [10, 0], "ti": [-10, 0],
             "o": {"x": 0.3, "y": 0.1}, "i": {"x": 0.7, "y": 0.8}},
            {"t": 30, "h": 1, "s": [100, 0]},
            {"t": 40}]}}}
    ])));
    let position = property(main_composition(&read.value), 0, &[schema::TRANSFORM, "ADBE Position"]);
    let [a, b, c] = position.keyframes.as_slice() else {
        panic!()
    };
    assert_eq!(vector(&a.value), [0.0, 0.0, 0.0]);
    assert_eq!(a.tangent_out, Some([10.0, 0.0, 0.0]));
    assert_eq!(b.tangent_in, Some([-10.0, 0.0, 0.0]));
    assert_eq!((a.ease_out.len(), a.ease_out[0].offset), (1, 0.1));
    assert!((b.ease_in[0].offset - 0.2).abs() < 1e-12);
    assert_eq!(b.interpolation_out, Interpolation::Hold);
    assert_eq!(vector(&c.value), [100.0, 0.0, 0.0], "a last key without a value rests");
}

#[test]
fn old_keyframes_say_where_they_end() {
    let read = read(&animation(&json!([
        {"ty": 3, "ip": 20, "op": 60, "ks": {"r": {"k": [{"t": 0, "s": [5], "e": [90]}, {"t": 9}]}}}
    ])));
    let rotation = property(main_composition(&read.value), 0, &[schema::TRANSFORM, "ADBE Rotate Z"]);
    let values: Vec<f64> = rotation
        .keyframes
        .iter()
        .map(|k| k.value.as_number().unwrap())
        .collect();
    assert_eq!(values, [5.0, 90.0]);
    assert_eq!(rotation.keyframes[0].interpolation_out, Interpolation::Linear);
}

#[test]
fn separated_positions_and_layer_skew() {
    let read = read(&animation(&json!([
        {"ty": 3, "ip": 20, "op": 60, "ks": {"p": {"s": true, "x": {"a": 0, "k": 7}, "y": {"a": 0, "k": 8}},
            "s": {"k": [50, 60]}, "sk": {"k": 12}, "sa": {"k": 0}}}
    ])));
    let main = main_composition(&read.value);
    let transform = main.layers[0].properties.group(schema::TRANSFORM).unwrap();
    assert_eq!(transform.details, GroupDetails::SeparatedPosition);
    let number = |name: &str| transform.property(name).unwrap().value.as_number();
    assert_eq!(
        (number("ADBE Position_0"), number("ADBE Position_1")),
        (Some(7.0), Some(8.0))
    );
    assert_eq!(number("ADBE Skew"), Some(12.0));
    assert_eq!(
        vector(&transform.property("ADBE Scale").unwrap().value),
        [50.0, 60.0, 100.0]
    );
}

#[test]
fn parents_mattes_and_modes_refer_to_layers() {
    let read = read(&animation(&json!([
        {"ty": 3, "ind": 5, "td": 1, "hd": true, "ip": 20, "op": 60, "ks": {}},
        {"ty": 3, "ind": 5, "tt": 4, "bm": 1, "parent": 9, "ip": 20, "op": 60, "ks": {}},
        {"ty": 3, "ind": 9, "tt": 1, "tp": 5, "bm": 16, "ip": 20, "op": 60, "ks": {}},
        {"ty": 3, "ind": 10, "parent": 77, "ip": 20, "op": 60, "ks": {}}
    ])));
    let layers = &main_composition(&read.value).layers;
    assert!(!layers[0].switches.enabled);
    assert_ne!(layers[0].id, layers[1].id);
    assert_eq!(layers[1].parent, Some(LayerId(9)));
    let matte = layers[1].track_matte.unwrap();
    assert_eq!(
        (matte.layer, matte.kind, matte.inverted),
        (layers[0].id, MatteKind::Luma, true)
    );
    assert_eq!(layers[2].track_matte.unwrap().layer, layers[0].id);
    assert_eq!(
        (layers[1].blending_mode, layers[2].blending_mode),
        (BlendingMode::Multiply, BlendingMode::Add)
    );
    let warning = read.warnings.iter().next().unwrap();
    assert_eq!(
        (warning.kind, warning.place.to_string().as_str()),
        (Kind::Missing, "Test > layer 4")
    );
}

#[test]
fn shape_items_keep_their_order_and_names() {
    let read = read(&animation(
        &json!([{"ty": 4, "ind": 1, "ip": 20, "op": 60, "ks": {}, "shapes": [
            {"ty": "gr", "nm": "Box", "it": [
                {"ty": "rc", "nm": "R", "d": 3, "s": {"k": [10, 20]}, "p": {"k": [1, 2]}, "r": {"k": 3}},
                {"ty": "sh", "nm": "P", "closed": true, "ks": {"k": {"v": [[0, 0], [9, 0]], "i": [[0, 0], [1, 1]], "o": [[2, 2], [0, 0]]}}},
                {"ty": "st", "w": {"k": 4}, "c": {"k": [1, 0, 0, 1]}, "o": {"k": 100}, "lc": 2, "lj": 3, "ml": 6,
                 "d": [{"n": "d", "v": {"k": 5}}, {"n": "g", "v": {"k": 6}}, {"n": "d", "v": {"k": 7}}, {"n": "o", "v": {"k": 8}}]},
                {"ty": "gf", "hd": true, "t": 2, "s": {"k": [0, 0]}, "e": {"k": [5, 0]},
                 "g": {"p": 2, "k": {"k": [0, 1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 0.5]}}},
                {"ty": "tr", "p": {"k": [3, 4]}, "s": {"k": [50, 50]}, "sk": {"k": 6}}
            ]},
            {"ty": "xx"}
        ]}]),
    ));
    let main = main_composition(&read.value);
    let contents = main.layers[0].properties.group(schema::CONTENTS).unwrap();
    let [Node::Group(group)] = contents.children.as_slice() else {
        panic!("one group")
    };
    assert_eq!(group.name, "Box");
    let transform = group.group("ADBE Vector Transform Group").unwrap();
    assert_eq!(
        transform.property("ADBE Vector Skew").unwrap().value.as_number(),
        Some(6.0)
    );
    let items = group.group("ADBE Vectors Group").unwrap();
    let names: Vec<&str> = items.groups().map(|g| g.match_name.as_ref()).collect();
    assert_eq!(
        names,
        [
            "ADBE Vector Shape - Rect",
            "ADBE Vector Shape - Group",
            "ADBE Vector Graphic - Stroke",
            "ADBE Vector Graphic - G-Fill"
        ]
    );
    let item: Vec<_> = items.groups().collect();
    assert_eq!(
        item[0]
            .property("ADBE Vector Shape Direction")
            .unwrap()
            .value
            .as_number(),
        Some(3.0)
    );
    let Value::Path(path) = &item[1].property("ADBE Vector Shape").unwrap().value else {
        panic!()
    };
    assert!(path.closed && path.out_tangents[0] == [2.0, 2.0]);
    assert_eq!(
        item[2]
            .property("ADBE Vector Stroke Miter Limit")
            .unwrap()
            .value
            .as_number(),
        Some(6.0)
    );
    let dashes = item[2].group("ADBE Vector Stroke Dashes").unwrap();
    let names: Vec<&str> = dashes.properties().map(|p| p.match_name.as_ref()).collect();
    assert_eq!(
        names,
        [
            "ADBE Vector Stroke Dash 1",
            "ADBE Vector Stroke Gap 1",
            "ADBE Vector Stroke Dash 2",
            "ADBE Vector Stroke Offset"
        ]
    );
    assert!(!item[3].enabled);
    let Value::Gradient(gradient) = &item[3].property("ADBE Vector Grad Colors").unwrap().value else {
        panic!()
    };
    assert_eq!(
        (gradient.colors.len(), gradient.alphas.len(), gradient.alphas[1].alpha),
        (2, 2, 0.5)
    );
    assert!(read.warnings.iter().any(|w| w.message.contains("`xx`")));
}

#[test]
fn colours_of_old_files_count_to_255() {
    let layers = json!([{"ty": 4, "ip": 20, "op": 60, "ks": {}, "shapes": [
        {"ty": "fl", "c": {"k": [255, 51, 0, 255]}, "o": {"k": 100}}, {"ty": "fl", "c": {"k": [1, 1, 1, 1]}}]}]);
    let colour = |file: &Json, index: usize| {
        let read = read(file);
        let contents = main_composition(&read.value).layers[0]
            .properties
            .group(schema::CONTENTS)
            .unwrap();
        vector(
            &contents
                .groups()
                .nth(index)
                .unwrap()
                .property("ADBE Vector Fill Color")
                .unwrap()
                .value,
        )
    };
    let mut file = animation(&layers);
    assert_eq!(colour(&file, 0), [1.0, 0.2, 0.0, 1.0]);
    assert_eq!(colour(&file, 1), [1.0; 4]);
    file["v"] = json!("4.0.0");
    assert_eq!(colour(&file, 1)[0], 1.0 / 255.0);
}

#[test]
fn masks_have_settings_and_properties() {
    let square = json!({"k": {"c": true, "v": [[0, 0], [1, 0], [1, 1]], "i": [[0, 0], [0, 0], [0, 0]], "o": [[0, 0], [0, 0], [0, 0]]}});
    let read = read(&animation(
        &json!([{"ty": 3, "ip": 20, "op": 60, "ks": {}, "hasMask": true, "masksProperties": [
        {"mode": "s", "inv": true, "nm": "M", "pt": square, "o": {"k": 40}, "x": {"k": -3}, "f": {"k": 9}}]}]),
    ));
    let main = main_composition(&read.value);
    let mask = main.layers[0]
        .properties
        .group(schema::MASKS)
        .unwrap()
        .groups()
        .next()
        .unwrap();
    let GroupDetails::Mask(settings) = &mask.details else {
        panic!()
    };
    assert!(settings.inverted && settings.mode == MaskMode::Subtract);
    assert_eq!(vector(&mask.property("ADBE Mask Feather").unwrap().value), [9.0, 9.0]);
    assert_eq!(mask.property("ADBE Mask Offset").unwrap().value.as_number(), Some(-3.0));
    assert_eq!(mask.name, "M");
}

#[test]
fn text_documents_find_their_font() {
    let mut file = animation(&json!([{"ty": 5, "ip": 20, "op": 60, "ks": {}, "t": {
        "d": {"k": [{"t": 0, "s": {"s": 24, "f": "Foo-Bold", "t": "a\rb", "j": 2, "tr": 50, "lh": 30, "fc": [1, 0, 0],
                                   "sz": [80, 40], "ps": [-10, -5]}}]},
        "m": {"g": 2, "a": {"k": [0, 0]}}, "p": {},
        "a": [{"nm": "Fade", "s": {"t": 0, "r": 1, "b": 3, "s": {"k": 10}, "sh": 2}, "a": {"o": {"k": 0}}}]}}]));
    file["fonts"] = json!({"list": [{"fName": "Foo-Bold", "fFamily": "Foo", "fStyle": "Bold"}]});
    file["chars"] = json!([{"ch": "a", "fFamily": "Foo", "style": "Bold", "size": 24, "w": 55.5, "data": {"shapes": [
        {"ty": "gr", "it": [{"ty": "sh", "ks": {"k": {"v": [[0, 0], [5, -5]], "i": [[0, 0], [0, 0]], "o": [[0, 0], [0, 0]]}}}]}]}}]);
    let read = read(&file);
    let main = main_composition(&read.value);
    let Value::Text(document) = &property(main, 0, &[schema::TEXT, schema::SOURCE_TEXT]).value else {
        panic!()
    };
    assert_eq!(document.text, "a\rb");
    let style = document.first_style();
    assert_eq!(
        (
            style.font.as_str(),
            style.font_family.as_str(),
            style.font_style.as_str()
        ),
        ("Foo-Bold", "Foo", "Bold")
    );
    assert_eq!((style.size, style.leading, style.tracking), (24.0, Some(30.0), 50.0));
    assert_eq!(document.frame.unwrap().left, -10.0);
    let animators = main.layers[0]
        .properties
        .group(schema::TEXT)
        .unwrap()
        .group("ADBE Text Animators")
        .unwrap();
    let animator = animators.groups().next().unwrap();
    let selector = animator
        .group("ADBE Text Selectors")
        .unwrap()
        .group("ADBE Text Selector")
        .unwrap();
    assert_eq!(
        selector.property("ADBE Text Percent Start").unwrap().value.as_number(),
        Some(10.0)
    );
    let advanced = selector.group("ADBE Text Range Advanced").unwrap();
    assert_eq!(
        advanced.property("ADBE Text Range Type2").unwrap().value.as_number(),
        Some(3.0)
    );
    let animated = animator.group("ADBE Text Animator Properties").unwrap();
    assert_eq!(
        animated.property("ADBE Text Opacity").unwrap().value.as_number(),
        Some(0.0)
    );
    let glyph = &read.value.glyphs[0];
    assert_eq!(
        (glyph.text.as_str(), glyph.advance, glyph.outlines.len()),
        ("a", 55.5, 1)
    );
}

#[test]
fn effects_keep_names_and_get_missing_match_names() {
    let read = read(&animation(
        &json!([{"ty": 3, "ind": 4, "ip": 20, "op": 60, "ks": {}, "ef": [
        {"ty": 21, "nm": "Paint", "en": 0, "ef": [{"ty": 10, "v": {"k": 0}}, {"ty": 2, "nm": "Color", "v": {"k": [0, 1, 0]}}]},
        {"ty": 5, "nm": "Knob", "mn": "ADBE Layer Control", "ef": [{"ty": 10, "nm": "Layer", "mn": "ADBE Layer Control-0001", "v": {"k": 4}}]}],
        "sy": [{"ty": 1, "nm": "Drop Shadow", "c": {"k": [0, 0, 0, 1]}, "s": {"k": 12}}]}]),
    ));
    let layer = &main_composition(&read.value).layers[0];
    let effects: Vec<_> = layer.properties.group(schema::EFFECTS).unwrap().groups().collect();
    assert_eq!(
        (effects[0].match_name.as_ref(), effects[0].enabled),
        ("ADBE Fill", false)
    );
    assert_eq!(
        vector(&effects[0].property("ADBE Fill-0002").unwrap().value),
        [0.0, 1.0, 0.0, 1.0]
    );
    assert_eq!(
        effects[1].property("ADBE Layer Control-0001").unwrap().value,
        Value::Layer(Some(LayerId(4)))
    );
    let styles = layer.properties.group("ADBE Layer Styles").unwrap();
    let shadow = styles.group("dropShadow/enabled").unwrap();
    assert_eq!(
        shadow.property("dropShadow/blur").unwrap().value.as_number(),
        Some(12.0)
    );
}

#[test]
fn images_solids_slots_markers_and_expressions() {
    let mut file = animation(&json!([
        {"ty": 2, "refId": "i", "ip": 20, "op": 60, "ks": {}},
        {"ty": 2, "refId": "f", "ip": 20, "op": 60, "ks": {}},
        {"ty": 1, "nm": "Red", "sw": 10, "sh": 20, "sc": "#ff0000", "ip": 20, "op": 60,
         "ks": {"o": {"sid": "op", "k": 1}, "r": {"k": 3, "x": "var $bm_rt;\r\n$bm_rt = 4;"}}}
    ]));
    file["assets"] = json!([{"id": "i", "w": 4, "h": 4, "p": "data:image/png;base64,AAEC", "e": 1},
        {"id": "f", "w": 4, "h": 4, "u": "images/", "p": "x.png"}]);
    file["slots"] = json!({"op": {"p": {"a": 0, "k": 33}}});
    file["markers"] = json!([{"tm": 30, "cm": "go", "dr": 5}]);
    let read = read(&file);
    let main = main_composition(&read.value);
    let item = |layer: usize| &read.value.item(main.layers[layer].source().unwrap()).unwrap().kind;
    let ItemKind::Footage(embedded) = item(0) else { panic!() };
    assert_eq!(embedded.source, FootageSource::Embedded([0, 1, 2].into()));
    let ItemKind::Footage(file) = item(1) else { panic!() };
    assert_eq!(file.source, FootageSource::File("images/x.png".to_owned()));
    let ItemKind::Solid(solid) = item(2) else { panic!() };
    assert_eq!((solid.width, solid.height, solid.color), (10, 20, [1.0, 0.0, 0.0]));
    let opacity = property(main, 2, &[schema::TRANSFORM, "ADBE Opacity"]);
    assert_eq!(opacity.value.as_number(), Some(33.0));
    let rotation = property(main, 2, &[schema::TRANSFORM, "ADBE Rotate Z"]);
    assert_eq!(rotation.expression.as_ref().unwrap().text, "var $bm_rt;\n$bm_rt = 4;");
    assert_eq!((main.markers[0].time, main.markers[0].comment.as_str()), (1.0, "go"));
}

#[test]
fn wrong_types_are_warnings() {
    let read = read(&animation(&json!([
        {"ty": "4", "ind": "x", "nm": 7, "ip": "20", "op": 60, "ks": {"o": {"k": "full"}, "p": {"k": [{"t": 3}]}, "s": 5},
         "shapes": {"ty": "gr", "it": "none"}},
        17
    ])));
    let main = main_composition(&read.value);
    assert_eq!(main.layers.len(), 1);
    assert_eq!(main.layers[0].kind, LayerKind::Shape);
    assert_eq!(main.layers[0].name, "7");
    let opacity = property(main, 0, &[schema::TRANSFORM, "ADBE Opacity"]);
    assert_eq!(opacity.value.as_number(), Some(100.0));
    assert!(read.warnings.len() >= 4, "{:?}", read.warnings);
}

#[test]
fn deep_nesting_and_other_json_are_one_line_errors() {
    let deep = format!("{{\"layers\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    assert!(matches!(lottie::read(deep.as_bytes()), Err(ReadError::Limit(_))));
    for other in ["{}", "[1]", "{\"layers\": 4}", "{\"layers\": [", ""] {
        let error = lottie::read(other.as_bytes()).unwrap_err();
        assert!(matches!(error, ReadError::Malformed(_)), "{other}");
        assert!(!error.to_string().contains('\n'));
    }
}

fn shared() -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let root = std::env::var_os("FILMPRESS_SAMPLES").map_or(default, PathBuf::from);
    let samples = root.join("samples/lottie");
    if samples.is_dir() {
        return Some(samples);
    }
    eprintln!("skipped: no samples at {}", samples.display());
    None
}

fn json_files(folder: &Path, list: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            json_files(&path, list);
        } else if path.extension().is_some_and(|e| e == "json") {
            list.push(path);
        }
    }
}

#[test]
fn every_sample_is_read() {
    let Some(folder) = shared() else { return };
    let mut files = Vec::new();
    json_files(&folder, &mut files);
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        match lottie::read(&bytes) {
            Ok(read) => {
                assert!(!main_composition(&read.value).layers.is_empty(), "{}", file.display());
                let odd = read.warnings.iter().find(|w| w.kind == Kind::Malformed);
                assert!(odd.is_none(), "{}: {}", file.display(), odd.unwrap());
            }
            // Data for expressions, not an animation.
            Err(error) => assert!(
                !String::from_utf8_lossy(&bytes).contains("\"layers\""),
                "{}: {error}",
                file.display()
            ),
        }
    }
    assert!(files.len() > 100, "{} files", files.len());
}

/// Replaces values of a real file by ones of other types, in a fixed order, and cuts it short.
#[test]
fn mutated_files_never_panic() {
    let Some(folder) = shared() else { return };
    let mut files = Vec::new();
    json_files(&folder, &mut files);
    files.sort();
    files.retain(|f| std::fs::metadata(f).unwrap().len() < 40_000);
    let odd = [
        json!(null),
        json!(-1e300),
        json!("text"),
        json!([]),
        json!({}),
        json!(true),
        json!([{"t": 1}, {"t": 0, "s": [[]]}]),
        json!(4_294_967_296.5),
    ];
    let mut state = 12345_u64;
    let mut random = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    for file in files.iter().step_by(2) {
        let bytes = std::fs::read(file).unwrap();
        let Ok(original) = serde_json::from_slice::<Json>(&bytes) else {
            continue;
        };
        for _ in 0..40 {
            let mut mutated = original.clone();
            for _ in 0..=random(3) {
                mutate(&mut mutated, &mut random, &odd);
            }
            let _ = lottie::read(mutated.to_string().as_bytes());
        }
        let _ = lottie::read(&bytes[..random(bytes.len())]);
    }
}

fn mutate(json: &mut Json, random: &mut impl FnMut(usize) -> usize, odd: &[Json]) {
    let children: Vec<&mut Json> = match json {
        Json::Array(list) => list.iter_mut().collect(),
        Json::Object(object) => object.values_mut().collect(),
        _ => Vec::new(),
    };
    let count = children.len();
    let Some(child) = children.into_iter().nth(random(count)).filter(|_| random(8) != 0) else {
        *json = odd[random(odd.len())].clone();
        return;
    };
    mutate(child, random, odd);
}

#[test]
fn the_animation_itself_is_the_main_composition_even_beside_unused_ones() {
    let mut json = animation(&json!([]));
    json["assets"] = json!([{"id": "spare", "nm": "Spare", "layers": []}]);
    let template = filmpress_formats::read(json.to_string().as_bytes(), "a.json")
        .unwrap()
        .value;
    assert_eq!(template.project.compositions().count(), 2);
    let main = template.project.item(template.main_composition.unwrap()).unwrap();
    assert_eq!(main.name, "Test");
}

#[test]
fn slots_keep_their_ids_wherever_they_stand() {
    let mut file = animation(&json!([
        {"ty": 5, "nm": "T", "ks": {}, "t": {"d": {"sid": "words"}, "p": {}, "m": {}, "a": []}},
        {"ty": 4, "nm": "S", "ks": {"o": {"sid": "gone", "a": 0, "k": 70}}, "shapes": [
            {"ty": "fl", "c": {"sid": "paint"}, "o": {"a": 0, "k": 100}},
            {"ty": "gf", "g": {"sid": "sky"}, "s": {"k": [0, 0]}, "e": {"k": [9, 0]}, "t": 1, "o": {"k": 100}}]},
        {"ty": 2, "nm": "I", "refId": "logo", "ks": {}}
    ]));
    file["assets"] = json!([{"id": "logo", "sid": "brand", "w": 30, "h": 20}]);
    file["slots"] = json!({
        "words": {"p": {"k": [{"t": 0, "s": {"t": "Hello", "s": 20, "f": "F", "j": 0, "tr": 0, "lh": 24}}]}},
        "paint": {"p": {"a": 0, "k": [1, 0, 0]}},
        "sky": {"p": {"p": 2, "k": {"a": 0, "k": [0, 1, 0, 0, 1, 0, 0, 1]}}},
        "brand": {"p": {"u": "i/", "p": "brand.png"}}
    });
    let read = read(&file);
    let main = main_composition(&read.value);
    let text = property(main, 0, &[schema::TEXT, schema::SOURCE_TEXT]);
    assert_eq!(text.slot.as_deref(), Some("words"));
    let Value::Text(document) = &text.value else {
        panic!("no text")
    };
    assert_eq!(document.text, "Hello");
    let contents = [schema::CONTENTS, "ADBE Vector Graphic - Fill", "ADBE Vector Fill Color"];
    let fill = property(main, 1, &contents);
    assert_eq!(
        (fill.slot.as_deref(), vector(&fill.value)),
        (Some("paint"), vec![1.0, 0.0, 0.0, 1.0])
    );
    let contents = [
        schema::CONTENTS,
        "ADBE Vector Graphic - G-Fill",
        "ADBE Vector Grad Colors",
    ];
    let sky = property(main, 1, &contents);
    assert_eq!(sky.slot.as_deref(), Some("sky"));
    assert!(matches!(&sky.value, Value::Gradient(g) if g.colors.len() == 2));
    let gone = property(main, 1, &[schema::TRANSFORM, "ADBE Opacity"]);
    assert_eq!((gone.slot.as_deref(), vector(&gone.value)), (Some("gone"), vec![70.0]));
    let logo = read.value.items.iter().find_map(|item| match &item.kind {
        ItemKind::Footage(footage) => Some(footage),
        _ => None,
    });
    let logo = logo.unwrap();
    assert_eq!((logo.slot.as_deref(), logo.width), (Some("brand"), 30));
    assert_eq!(logo.source, FootageSource::File("i/brand.png".to_owned()));
    let warnings: Vec<String> = read.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        ["Test > S: missing: slot `gone` is not among the file's slots"]
    );
}

#[test]
fn sounds_are_sounds() {
    let mut file = animation(&json!([{"ty": 6, "nm": "Music", "refId": "a", "au": {"lv": {"k": [80, 80]}}}]));
    file["assets"] = json!([{"id": "a", "u": "", "p": "data:audio/mp3;base64,AAAA", "e": 1, "w": 7}]);
    let read = read(&file);
    let main = main_composition(&read.value);
    let LayerKind::Audio(Some(id)) = main.layers[0].kind else {
        panic!("{:?}", main.layers[0].kind)
    };
    let ItemKind::Footage(footage) = &read.value.item(id).unwrap().kind else {
        panic!("no footage")
    };
    assert!(footage.has_audio && footage.width == 0);
}

#[test]
fn cameras_have_a_point_of_interest_or_not() {
    let camera = |ks: Json| json!({"ty": 13, "ind": 1, "nm": "Camera", "ip": 0, "op": 60, "pe": {"k": 500}, "ks": ks});
    let one_node = camera(json!({"p": {"k": [50, 25, -500]}}));
    let two_nodes = camera(json!({"p": {"k": [50, 25, -500]}, "a": {"k": [10, 20, 30]}}));
    let read = read(&animation(&json!([one_node, two_nodes])));
    let main = main_composition(&read.value);
    let orient = |layer: usize| main.layers[layer].auto_orient;
    assert_eq!(
        (orient(0), orient(1)),
        (AutoOrient::Off, AutoOrient::TowardsPointOfInterest)
    );
    let zoom = property(main, 0, &["ADBE Camera Options Group", "ADBE Camera Zoom"]);
    assert_eq!(zoom.value.as_number(), Some(500.0));
    let interest = property(main, 1, &[schema::TRANSFORM, "ADBE Anchor Point"]);
    assert_eq!(vector(&interest.value), [10.0, 20.0, 30.0]);
}

#[test]
fn motion_blur_is_a_switch_of_layers_and_a_shutter_of_the_animation() {
    let layer = |mb: bool| json!([{"ty": 3, "ind": 1, "ip": 20, "op": 60, "mb": mb, "ks": {}}]);
    let off = read(&animation(&layer(false)));
    assert!(!main_composition(&off.value).motion_blur);
    let on = read(&animation(&layer(true)));
    let main = main_composition(&on.value);
    assert!(main.motion_blur && main.layers[0].switches.motion_blur);
    assert_eq!((main.shutter_angle, main.shutter_phase), (180.0, -90.0));
    let mut set = animation(&layer(true));
    set["mb"] = json!({"sa": 90, "sp": 0, "spf": 8, "asl": 32});
    let set = read(&set);
    let main = main_composition(&set.value);
    assert_eq!((main.shutter_angle, main.shutter_phase), (90.0, 0.0));
    assert_eq!((main.motion_blur_samples, main.motion_blur_limit), (8, 32));
}
