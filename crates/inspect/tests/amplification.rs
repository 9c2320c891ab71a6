//! Files made to cost as much as possible for their size: two megabytes that must not become gigabytes or minutes. With
//! optimisation (`cargo test --release -p filmpress-inspect --test amplification -- --nocapture`) as large as that, and a
//! line each; without, an eighth.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail and speak")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::{Duration, Instant};

use filmpress_fixtures::aep::effect::{Parameter, definitions, effect, project_definitions};
use filmpress_fixtures::aep::essential_graphics::{Control, panel};
use filmpress_fixtures::aep::item::project_with;
use filmpress_fixtures::aep::layer::markers;
use filmpress_fixtures::aep::property::{group_with, records_list};
use filmpress_fixtures::aep::text::{Document, Run, text_property};
use filmpress_fixtures::aep::{
    LayerSettings, Stream, composition, constant, folder, group, leaf, list, project, stream, utf8,
};
use filmpress_fixtures::{aepx, lottie};
use filmpress_inspect::{Surroundings, inspect_bytes};
use serde_json::{Value, json};

thread_local! {
    static NOW: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

struct Counting;

fn count(change: isize) {
    let now = NOW.get() + change;
    NOW.set(now);
    PEAK.set(PEAK.get().max(now));
    assert!(now < 3 << 30, "more than 3 GB");
}

// SAFETY: everything is passed to the system's allocator as it is.
#[allow(unsafe_code, reason = "an allocator that counts")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// About as large as the largest sample; less where nothing is optimised.
const SIZE: usize = if cfg!(debug_assertions) { 256 << 10 } else { 2 << 20 };

/// As many of a part as make a file of [`SIZE`].
fn fill(part: &[u8]) -> Vec<Vec<u8>> {
    vec![part.to_vec(); SIZE / part.len()]
}

fn layer(properties: &[(&str, Vec<u8>)]) -> Vec<u8> {
    LayerSettings::new(7, 3).layer("Layer", properties)
}

fn of_layers(layers: &[Vec<u8>]) -> Vec<u8> {
    project(&[composition(1, "Main", layers)])
}

fn of_properties(name: &str, properties: &[Vec<u8>]) -> Vec<u8> {
    let inside: Vec<(&str, Vec<u8>)> = properties.iter().map(|p| ("Strange-0001", p.clone())).collect();
    of_layers(&[layer(&[(name, group(&inside))])])
}

fn long(letter: char) -> String {
    letter.to_string().repeat(SIZE / 2)
}

fn cases() -> Vec<(&'static str, Vec<u8>)> {
    let mut all = Vec::new();
    let empty_layer = list(*b"Layr", &[]);
    all.push(("layers without anything", of_layers(&fill(&empty_layer))));
    all.push(("layers of the same id", of_layers(&fill(&layer(&[])))));
    let item = list(*b"Item", &[leaf(*b"idta", &[0, 4])]);
    all.push(("compositions without anything", project(&fill(&item))));
    all.push(("items of unknown types", project(&fill(&list(*b"Item", &[])))));
    let deep = (0..100).fold(Vec::new(), |inside, i| folder(i, "Folder", &[inside]));
    all.push(("folders in folders", project(&fill(&deep))));
    all.push(("keyframes of eight bytes", {
        let data = records_list(&fill(&[0; 8]));
        let property = list(*b"tdbs", &[stream(3, true), data]);
        of_layers(&[layer(&[(
            "ADBE Transform Group",
            group(&[("ADBE Position", property)]),
        )])])
    }));
    all.push((
        "empty groups",
        of_properties("Strange Group", &fill(&list(*b"tdgp", &[]))),
    ));
    all.push((
        "empty properties",
        of_properties("Strange Group", &fill(&list(*b"tdbs", &[]))),
    ));
    all.push(("shapes of no content", {
        let shape = [
            filmpress_fixtures::aep::match_name_chunk("ADBE Vector Graphic - Stroke"),
            list(*b"tdgp", &[]),
        ]
        .concat();
        let contents = list(*b"tdgp", &fill(&shape));
        of_layers(&[LayerSettings::kind(7, 4).layer("", &[("ADBE Root Vectors Group", contents)])])
    }));
    all.push(("a long name over many warnings", {
        let lost = LayerSettings::new(7, 99).number(0x84, 55).layer("x", &[]);
        project(&[composition(1, &long('n'), &vec![lost; 2000])])
    }));
    all.push(("a long name of a parent", {
        let mut layers = vec![LayerSettings::new(1, 3).layer(&long('p'), &[])];
        layers.extend((0..2000).map(|i| LayerSettings::new(i + 2, 3).number(0x84, 1).layer("x", &[])));
        of_layers(&layers)
    }));
    all.push(("a long name of a group over many properties", {
        let inside: Vec<(&str, Vec<u8>)> = vec![Stream::of(&[1.0]).expression("time").build(); 3000]
            .iter()
            .map(|p| ("Strange-0001", p.clone()))
            .collect();
        let named = group_with(1, Some(&long('g')), &inside);
        of_layers(&[layer(&[("Strange Group", named)])])
    }));
    all.push(("long names within each other", {
        let name = "m".repeat(1000);
        let mut inside: Vec<u8> = group(
            &vec![Stream::of(&[1.0]).expression("time").build(); 5000]
                .iter()
                .map(|p| ("Strange-0001", p.clone()))
                .collect::<Vec<_>>(),
        );
        for _ in 0..100 {
            inside = group_with(1, Some(&name), &[("Strange Group", inside)]);
        }
        of_layers(&[layer(&[("Strange Group", inside)])])
    }));
    all.push((
        "a long match name",
        of_layers(&[layer(&[("x", fill(&list(*b"tdgp", &[])).concat())])]),
    ));
    all.push(("effects of one large definition", {
        let parameters: Vec<Parameter> = (0..4000)
            .map(|i| Parameter::slider(&format!("Big-{:04}", i + 1), "Slider", 1.0))
            .collect();
        let definition = project_definitions(&[("Big", effect("Big", Some(definitions("Big", &parameters)), &[]))]);
        let bare = effect("", None, &[]);
        let instances: Vec<(&str, Vec<u8>)> = vec![bare; 10_000].iter().map(|e| ("Big", e.clone())).collect();
        let layer = layer(&[("ADBE Effect Parade", group(&instances))]);
        project_with(&[definition], &[composition(1, "Main", &[layer])])
    }));
    all.push(("stored values of one effect", {
        let parameters: Vec<Parameter> = (0..4000)
            .map(|i| Parameter::slider(&format!("Big-{:04}", i + 1), "Slider", 1.0))
            .collect();
        let value = constant(false, &[2.0]);
        let names: Vec<String> = (0..4000).map(|i| format!("Big-{:04}", 4000 - i)).collect();
        let stored: Vec<(&str, Vec<u8>)> = names.iter().map(|n| (n.as_str(), value.clone())).collect();
        let one = effect("Big", Some(definitions("Big", &parameters)), &stored);
        of_layers(&[layer(&[("ADBE Effect Parade", group(&[("Big", one)]))])])
    }));
    all.push(("a long font over many runs", {
        let document = Document {
            text: "x".repeat(20_000),
            runs: vec![Run::new(1, 0, 10.0); 10_000],
            justifications: vec![0],
        };
        let font = "F".repeat(500_000);
        let text = text_property(&Stream::without_value(), &[&font], &[document], None);
        of_layers(&[
            LayerSettings::kind(7, 3).layer("", &[("ADBE Text Properties", group(&[("ADBE Text Document", text)]))])
        ])
    }));
    let text_of = |blob: Vec<u8>| {
        let text = list(*b"btds", &[Stream::without_value().build(), list(*b"btdk", &[blob])]);
        of_layers(&[
            LayerSettings::kind(7, 3).layer("", &[("ADBE Text Properties", group(&[("ADBE Text Document", text)]))])
        ])
    };
    all.push(("a text blob of small numbers", {
        text_of([b"/0 [ ".to_vec(), b"1 ".repeat(SIZE / 2), b"]".to_vec()].concat())
    }));
    all.push(("a text blob of empty documents", {
        text_of([b"/1 << /1 [ ".to_vec(), b"[]".repeat(SIZE / 2), b"] >>".to_vec()].concat())
    }));
    all.push(("a text blob of many keys", {
        let keys: Vec<u8> = (0..SIZE / 10).flat_map(|i| format!("/{i} 1 ").into_bytes()).collect();
        text_of(keys)
    }));
    all.push(("a text of many runs", {
        let document = Document {
            text: "x\r".repeat(20_000),
            runs: vec![Run::new(1, 0, 10.0); 15_000],
            justifications: vec![0],
        };
        let text = text_property(&Stream::without_value(), &["F"], &[document], None);
        of_layers(&[
            LayerSettings::kind(7, 3).layer("", &[("ADBE Text Properties", group(&[("ADBE Text Document", text)]))])
        ])
    }));
    all.push(("markers", {
        let many: Vec<(f64, u32, &str)> = (0..SIZE / 150).map(|i| (i as f64 / 1000.0, 0, "")).collect();
        of_layers(&[layer(&[("ADBE Marker", markers(&many))])])
    }));
    all.push(("controls", {
        let control = Control {
            name: "A",
            uuid: "82df9796",
            kind: 2,
            drives: Some((1, 7, &[("ADBE Transform Group", u32::MAX), ("ADBE Opacity", u32::MAX)])),
            more: Vec::new(),
        };
        let controls = vec![control; 8000];
        project(&[composition(1, "Main", &[layer(&[]), panel("Many", &controls)])])
    }));
    all.push(("compositions that show each other", {
        let items: Vec<Vec<u8>> = (1..200u32)
            .map(|i| {
                let layers: Vec<Vec<u8>> = (0..20)
                    .map(|k| LayerSettings::new(k + 1, i + 1).layer("", &[]))
                    .collect();
                composition(i, "Comp", &layers)
            })
            .collect();
        project(&items)
    }));
    all.push(("a chain of parents", {
        let layers: Vec<Vec<u8>> = (1..5000)
            .map(|i| LayerSettings::new(i, 3).number(0x84, i + 1).layer("", &[]))
            .collect();
        of_layers(&layers)
    }));
    all.push((
        "expressions",
        of_properties("Strange Group", &{
            let text = "thisComp.layer('a').effect('b')(1)+wiggle(1,2);".repeat(20);
            fill(&Stream::of(&[1.0]).expression(&text).build())
        }),
    ));
    all.push((
        "one long expression",
        of_properties(
            "Strange Group",
            &[Stream::of(&[1.0]).expression(&"((((a.b(c[".repeat(SIZE / 10)).build()],
        ),
    ));
    all.push(("xml elements", {
        let inside = "<a/>".repeat(SIZE / 4);
        format!("<AfterEffectsProject>{inside}</AfterEffectsProject>").into_bytes()
    }));
    all.push(("xml attributes", {
        let inside: String = (0..SIZE / 12)
            .map(|i| format!(" a{i}=\"1\""))
            .collect::<Vec<_>>()
            .concat();
        format!("<AfterEffectsProject><a{inside}/></AfterEffectsProject>").into_bytes()
    }));
    all.push(("xml of layers", aepx::of(&of_layers(&fill(&empty_layer))).into_bytes()));
    all.push(("wide names", project(&[composition(1, "Main", &[utf8(&long('x'))])])));
    lotties(&mut all);
    all
}

fn lotties(all: &mut Vec<(&'static str, Vec<u8>)>) {
    let mut add = |name, layers: Value| all.push((name, lottie::animation(layers).to_string().into_bytes()));
    let many = |value: Value| {
        let size = value.to_string().len() + 1;
        Value::from(vec![value; SIZE / size])
    };
    add("lottie: layers without anything", many(json!({"ty": 4})));
    add("lottie: layers of text", many(json!({"ty": 5})));
    add("lottie: layers of nothing", many(json!({})));
    let shapes = |items: Value| json!([lottie::with(lottie::layer(4, 1, "Shapes"), &json!({"shapes": items}))]);
    for (name, kind) in [
        ("lottie: groups", "gr"),
        ("lottie: rectangles", "rc"),
        ("lottie: strokes", "st"),
        ("lottie: repeaters", "rp"),
        ("lottie: unknown items", "??"),
    ] {
        add(name, shapes(many(json!({"ty": kind}))));
    }
    add("lottie: effects", {
        json!([lottie::with(
            lottie::layer(4, 1, "E"),
            &json!({"ef": many(json!({"ty": 21}))})
        )])
    });
    let animated = |keys: Value| {
        json!([lottie::with(
            lottie::layer(3, 1, "N"),
            &json!({"ks": {"p": {"a": 1, "k": keys}}})
        )])
    };
    add("lottie: keyframes", animated(many(json!({"t": 1, "s": [1]}))));
    add("lottie: keyframes without values", animated(many(json!({"t": 1}))));
    add("lottie: keyframes without times", animated(many(json!({"s": 1}))));
    add("lottie: numbers", animated(many(json!(1))));
    add("lottie: a path of points", {
        shapes(json!([{"ty": "sh", "ks": {"k": {"v": many(json!([0, 0])), "c": true}}}]))
    });
    let name = long('n');
    add("lottie: a long name over warnings", {
        let layer = lottie::with(
            lottie::layer(4, 1, &name),
            &json!({"shapes": vec![json!({"ty": "??"}); 2000]}),
        );
        json!([layer])
    });
    add("lottie: a long name of a parent", {
        let mut layers = vec![lottie::layer(3, 1, &name)];
        layers.extend((2..2000).map(|i| lottie::with(lottie::layer(3, i, "x"), &json!({"parent": 1}))));
        layers.into()
    });
    add("lottie: a long font", {
        let text = json!({"t": {"d": {"k": vec![json!({"t": 1, "s": {"t": "x", "f": name}}); 1]}}});
        json!([lottie::with(lottie::layer(5, 1, "T"), &text)])
    });
    let mut root = lottie::animation(json!([]));
    root["assets"] = many(json!({"id": "a", "layers": []}));
    all.push(("lottie: assets", root.to_string().into_bytes()));
    let mut root = lottie::animation(json!([]));
    root["chars"] = many(json!({"ch": "a", "data": {}}));
    all.push(("lottie: characters", root.to_string().into_bytes()));
    let mut root = lottie::animation(json!([]));
    root["fonts"] = json!({"list": many(json!({"fName": "a"}))});
    all.push(("lottie: fonts", root.to_string().into_bytes()));
    let mut root = lottie::animation(json!([]));
    root["markers"] = many(json!({"tm": 1}));
    all.push(("lottie: markers", root.to_string().into_bytes()));
    let mut root = lottie::animation(many(json!({"ty": 1, "ks": {"o": {"sid": "s"}}})));
    root["slots"] = json!({"s": {"p": {"a": 1, "k": vec![json!({"t": 0, "s": [1]}); 500]}}});
    all.push((
        "lottie: a slot of keyframes used by many",
        root.to_string().into_bytes(),
    ));
}

/// The most memory an inspection may take, in bytes.
const MEMORY: isize = 512 << 20;
/// The longest it may take, on a busy machine.
const TIME: Duration = Duration::from_secs(5);

#[test]
fn what_is_small_stays_small() {
    let only = std::env::var("HOSTILE").ok();
    let mut faults = Vec::new();
    for (name, bytes) in cases() {
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        NOW.set(0);
        PEAK.set(0);
        let start = Instant::now();
        let outcome = inspect_bytes(&bytes, "hostile", &Surroundings::nothing());
        let (took, peak) = (start.elapsed(), PEAK.get());
        let said = outcome.err().map_or_else(|| "read".to_owned(), |e| e.to_string());
        let line = format!(
            "{:>6} ms {:>5} MB of {:>5} KB, {name}: {said:.100}",
            took.as_millis(),
            peak >> 20,
            bytes.len() >> 10
        );
        println!("{line}");
        if peak > MEMORY || took > TIME {
            faults.push(line);
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
