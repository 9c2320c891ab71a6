//! Damaged and invented files through every reader and the inspection: an error or a report, soon, never a panic. The
//! same files on every run; `scripts/fuzz` and the example `mutate` look further.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::time::{Duration, Instant};

use filmpress_fixtures::mutation::Subject;
use filmpress_fixtures::{aep, seeds};
use filmpress_inspect::{Surroundings, inspect_bytes};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

fn inspect(bytes: &[u8]) {
    let start = Instant::now();
    let outcome = inspect_bytes(bytes, "damaged", &Surroundings::nothing());
    // Unoptimised, on a busy machine: what takes this long is not linear.
    assert!(start.elapsed() < Duration::from_secs(5), "took {:?}", start.elapsed());
    if let Err(error) = outcome {
        assert!(!error.to_string().contains('\n'), "{error}");
    }
}

fn runner(cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn damage_to_every_seed_is_survived() {
    for (name, bytes) in seeds::all() {
        let subject = Subject::new(bytes);
        runner(40)
            .run(&any::<u64>(), |seed| {
                inspect(&subject.mutated(seed));
                Ok(())
            })
            .unwrap_or_else(|fault| std::panic::panic_any(format!("{name}: {fault}")));
    }
}

/// Chunks in chunks: known ids in places where they have no business, with bodies that hold anything.
fn chunks() -> impl Strategy<Value = Vec<u8>> {
    let ids = prop::sample::select(vec![
        *b"Utf8", *b"tdmn", *b"tdsb", *b"tdb4", *b"cdat", *b"lhd3", *b"ldat", *b"ldta", *b"cdta", *b"idta", *b"mkif",
        *b"sspc", *b"opti", *b"alas", *b"pard", *b"pdnm", *b"tdsn", *b"shph", *b"otda", *b"NmHd", *b"CTyp", *b"CCId",
    ]);
    let lists = prop::sample::select(vec![
        *b"Item", *b"Sfdr", *b"Layr", *b"tdgp", *b"tdbs", *b"list", *b"om-s", *b"omks", *b"shap", *b"GCst", *b"GCky",
        *b"btds", *b"btdk", *b"otst", *b"otky", *b"mrst", *b"mrky", *b"Nmrd", *b"sspc", *b"parT", *b"SecL", *b"CIF3",
        *b"CCtl", *b"CPrp", *b"CpS2", *b"Als2", *b"aRbs",
    ]);
    let names = prop::sample::select(vec![
        "ADBE Transform Group",
        "ADBE Position",
        "ADBE Mask Parade",
        "ADBE Mask Atom",
        "ADBE Effect Parade",
        "ADBE Text Properties",
        "ADBE Text Document",
        "ADBE Root Vectors Group",
        "ADBE Vector Group",
        "ADBE Vectors Group",
        "ADBE Layer Styles",
        "ADBE Time Remapping",
        "ADBE Easy Levels2",
        "ADBE Group End",
    ]);
    let leaf = prop_oneof![
        3 => (ids, prop::collection::vec(any::<u8>(), 0..220)).prop_map(|(id, body)| aep::leaf(id, &body)),
        2 => names.prop_map(aep::match_name_chunk),
        1 => "\\PC{0,20}".prop_map(|text| aep::utf8(&text)),
    ];
    leaf.prop_recursive(8, 200, 8, move |inner| {
        (lists.clone(), prop::collection::vec(inner, 0..8)).prop_map(|(kind, children)| aep::list(kind, &children))
    })
}

#[test]
fn invented_chunks_are_survived() {
    let items = prop::collection::vec(chunks(), 0..6);
    runner(150)
        .run(&items, |items| {
            inspect(&aep::project(&items));
            let layer = aep::LayerSettings::new(7, 3).layer("", &[("ADBE Transform Group", items.concat())]);
            inspect(&aep::project(&[aep::composition(1, "Main", &[layer, items.concat()])]));
            Ok(())
        })
        .unwrap();
}

/// JSON of keys that mean something, with values that mostly do not.
fn values() -> impl Strategy<Value = Value> {
    let keys = prop::sample::select(vec![
        "ty",
        "ind",
        "nm",
        "ks",
        "a",
        "k",
        "s",
        "t",
        "i",
        "o",
        "x",
        "y",
        "p",
        "r",
        "d",
        "e",
        "c",
        "v",
        "it",
        "ef",
        "shapes",
        "masksProperties",
        "layers",
        "refId",
        "parent",
        "tt",
        "tp",
        "st",
        "sr",
        "ip",
        "op",
        "w",
        "h",
        "g",
        "m",
        "sy",
        "tm",
        "sid",
        "pt",
        "mn",
        "assets",
        "id",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-10i64..40).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(7, 160, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..8).prop_map(|entries| {
                Value::Object(
                    entries
                        .into_iter()
                        .map(|(key, value)| (key.to_owned(), value))
                        .collect(),
                )
            }),
        ]
    })
}

#[test]
fn invented_animations_are_survived() {
    let parts = (prop::collection::vec(values(), 0..5), values(), values());
    runner(300)
        .run(&parts, |(layers, assets, slots)| {
            let layers: Vec<Value> = layers
                .into_iter()
                .enumerate()
                .map(|(i, value)| {
                    let layer = filmpress_fixtures::lottie::layer(i as u32 % 6, i as u32, "Layer");
                    if value.is_object() {
                        filmpress_fixtures::lottie::with(layer, &value)
                    } else {
                        value
                    }
                })
                .collect();
            let mut animation = filmpress_fixtures::lottie::animation(json!(layers));
            animation["assets"] = json!([assets]);
            animation["slots"] = slots;
            inspect(animation.to_string().as_bytes());
            Ok(())
        })
        .unwrap();
}
