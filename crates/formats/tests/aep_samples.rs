//! Every After Effects sample is read: no panic, and as many compositions and layers as a second reader finds.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "what helps tests fails as they do"
)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use filmpress_composition::{FootageSource, ItemKind, Layer, Warned};
use filmpress_formats::{ReadError, Template};

fn read(path: &Path) -> Result<Warned<Template>, ReadError> {
    let bytes = std::fs::read(path).map_err(|e| ReadError::Missing(e.to_string()))?;
    filmpress_formats::read(&bytes, &path.to_string_lossy())
}

#[test]
fn every_sample_is_read() {
    let Some(root) = support::samples() else { return };
    let (mut files, mut compositions, mut layers, mut properties) = (0, 0, 0, 0);
    for path in support::files(&root.join("samples"), &["aep", "aepx", "mogrt"]) {
        if path.ends_with("premiere.mogrt") {
            continue;
        }
        let read = read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        files += 1;
        for warning in &read.warnings {
            println!("{}: {warning}", path.file_name().unwrap().to_string_lossy());
        }
        for (_, composition) in read.value.project.compositions() {
            compositions += 1;
            layers += composition.layers.len();
            for layer in &composition.layers {
                layer.properties.visit(&mut |_, _| properties += 1);
            }
        }
    }
    println!("{files} files, {compositions} compositions, {layers} layers, {properties} properties");
    assert!(files > 0);
}

/// What a second reader (python, outside this repository) finds: a line a file, a composition, a layer, a property
/// stream of that layer.
const ORACLE: &str = "
import sys
sys.path.insert(0, sys.argv[1])
import aep_dump
def streams(group, path):
    for name, value in group['kids']:
        here = path + '/' + name
        if value['kind'] == 'group':
            streams(value, here)
        elif value['kind'] == 'effect':
            if value['params']:
                streams(value['params'], here)
        else:
            print('P', here, len(value.get('kf') or []), int(bool(value.get('expr'))), sep='\\t')
for path in sys.argv[2:]:
    print('F')
    for item in aep_dump.load(path)['items'].values():
        if item['kind'] == 'comp':
            print('C', item['id'], item['w'], item['h'], round(item['duration'], 4), sep='\\t')
            for l in item['layers']:
                print('L', item['id'], l['id'], l['parent'], l['start'], l['stretch'], sep='\\t')
                if l['props']:
                    streams(l['props'], '')
";

/// A property stream as either reader sees it: match names from the layer on, keyframes, whether it has an expression.
type Stream = (String, usize, bool);

/// What the second reader found in one file.
#[derive(Default)]
struct Expected {
    /// Compositions and layers in order, by their numbers.
    items: Vec<Vec<f64>>,
    /// Of each layer in order.
    streams: Vec<Vec<Stream>>,
}

fn expected(output: &str) -> Expected {
    let mut expected = Expected::default();
    for line in output.lines() {
        let mut columns = line.split('\t');
        let kind = columns.next().unwrap();
        if kind == "P" {
            let path = columns.next().unwrap().to_owned();
            let keys = columns.next().unwrap().parse().unwrap();
            let expression = columns.next().unwrap() == "1";
            expected.streams.last_mut().unwrap().push((path, keys, expression));
            continue;
        }
        if kind == "L" {
            expected.streams.push(Vec::new());
        }
        expected.items.push(columns.map(|n| n.parse().unwrap()).collect());
    }
    expected
}

fn second_reader(root: &Path, paths: &[std::path::PathBuf]) -> Option<Vec<Expected>> {
    let tools = root.join("tools");
    if !tools.join("aep_dump.py").is_file() || Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: no second reader");
        return None;
    }
    let output = Command::new("python3")
        .args(["-c", ORACLE])
        .arg(&tools)
        .args(paths)
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let files: Vec<Expected> = output.split("F\n").skip(1).map(expected).collect();
    assert_eq!(files.len(), paths.len());
    Some(files)
}

#[test]
fn a_second_reader_finds_the_same_compositions_and_layers() {
    let Some(root) = support::samples() else { return };
    let paths = support::files(&root.join("samples/aep"), &["aep", "aepx", "mogrt"]);
    let paths: Vec<_> = paths.into_iter().filter(|p| !p.ends_with("premiere.mogrt")).collect();
    let Some(files) = second_reader(&root, &paths) else {
        return;
    };
    for (path, file) in paths.iter().zip(files) {
        let mut found = Vec::new();
        for (item, c) in read(path).unwrap().value.project.compositions() {
            found.push(vec![f64::from(item.id.0), c.width.into(), c.height.into(), c.duration]);
            for l in &c.layers {
                let parent = l.parent.map_or(0, |p| p.0);
                let ids = [item.id.0, l.id.0, parent].map(f64::from);
                found.push([ids.as_slice(), &[l.start_time, l.stretch]].concat());
            }
        }
        assert_eq!(found.len(), file.items.len(), "{}", path.display());
        for (a, b) in found.iter().zip(&file.items) {
            let same = a.len() == b.len() && a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-3);
            assert!(same, "{}: {a:?}, the second reader {b:?}", path.display());
        }
    }
}

/// All properties of a layer, with how often each occurs.
fn streams(layer: &Layer) -> BTreeMap<Stream, usize> {
    let mut found = BTreeMap::new();
    layer.properties.visit(&mut |groups, property| {
        let names = groups.iter().skip(1).map(|g| &*g.match_name);
        let path: String = names.chain([&*property.match_name]).flat_map(|n| ["/", n]).collect();
        let stream = (path, property.keyframes.len(), property.expression.is_some());
        *found.entry(stream).or_default() += 1;
    });
    found
}

/// Where a stream of the file is that is not among the properties of its layer, and why that is right.
fn elsewhere((path, keys, expression): &Stream, layer: &Layer) -> Option<&'static str> {
    if path == "/ADBE Marker" {
        // After Effects' scripts find markers in a property of their own; ours are a list of the layer.
        return (layer.markers.len() == *keys).then_some("markers of layers");
    }
    if path == "/ADBE Time Remapping" {
        // Written for every layer that could have one. It counts where it has keyframes or an expression.
        return (*keys == 0 && !expression).then_some("time remappings that are off");
    }
    if path.starts_with("/ADBE Effect Parade/") && path.ends_with("-0000") {
        // The SDK's parameter 0 of every effect is its layer. After Effects shows it nowhere.
        return Some("effects' hidden first parameter");
    }
    None
}

#[test]
fn every_stored_property_stream_reaches_the_project() {
    let Some(root) = support::samples() else { return };
    let paths = support::files(&root.join("samples/aep"), &["aep", "aepx", "mogrt"]);
    let paths: Vec<_> = paths.into_iter().filter(|p| !p.ends_with("premiere.mogrt")).collect();
    let Some(files) = second_reader(&root, &paths) else {
        return;
    };
    let (mut stored, mut reached, mut added) = (0, 0, 0);
    let mut others: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lost = Vec::new();
    for (path, file) in paths.iter().zip(files) {
        let template = read(path).unwrap().value;
        let layers = template.project.compositions().flat_map(|(_, c)| &c.layers);
        for (layer, expected) in layers.zip(file.streams) {
            let mut found = streams(layer);
            stored += expected.len();
            for stream in expected {
                match found.get_mut(&stream).filter(|left| **left > 0) {
                    Some(left) => {
                        *left -= 1;
                        reached += 1;
                    }
                    None => match elsewhere(&stream, layer) {
                        Some(reason) => *others.entry(reason).or_default() += 1,
                        None => lost.push(format!("{}: {}: {stream:?}", path.display(), layer.name)),
                    },
                }
            }
            added += found.values().sum::<usize>();
        }
    }
    println!("{stored} streams stored: {reached} are properties, {others:?}; {added} at their default were added");
    for stream in lost.iter().take(30) {
        println!("lost: {stream}");
    }
    assert!(stored > 10_000, "{stored}");
    assert!(lost.is_empty(), "{} streams did not reach the project", lost.len());
}

#[test]
fn a_motion_graphics_template_brings_its_footage_and_main_composition() {
    let Some(root) = support::samples() else { return };
    let folder = root.join("samples/aep/inlife__nexrender");
    let template = read(&folder.join("ae.mogrt")).unwrap().value;
    let main = template
        .main_composition
        .and_then(|id| template.project.item(id))
        .unwrap();
    assert_eq!(main.name, "Comp 1");
    let embedded =
        |kind: &ItemKind| matches!(kind, ItemKind::Footage(f) if matches!(f.source, FootageSource::Embedded(_)));
    assert!(
        template
            .project
            .items
            .iter()
            .any(|i| i.name == "square.jpg" && embedded(&i.kind))
    );
    let refused = read(&folder.join("premiere.mogrt")).unwrap_err();
    assert!(matches!(&refused, ReadError::Unsupported(m) if m.contains("Premiere Pro")));
}
