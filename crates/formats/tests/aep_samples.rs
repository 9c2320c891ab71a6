//! Every After Effects sample is read: no panic, and as many compositions and layers as a second reader finds.

mod support;

use std::path::Path;
use std::process::Command;

use filmpress_composition::{FootageSource, ItemKind, Warned};
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

/// What a second reader (python, outside this repository) finds: a line a file, a composition, a layer.
const ORACLE: &str = "
import sys
sys.path.insert(0, sys.argv[1])
import aep_dump
for path in sys.argv[2:]:
    print('F')
    for item in aep_dump.load(path)['items'].values():
        if item['kind'] == 'comp':
            print('C', item['id'], item['w'], item['h'], round(item['duration'], 4), sep='\\t')
            for l in item['layers']:
                print('L', item['id'], l['id'], l['parent'], l['start'], l['stretch'], sep='\\t')
";

#[test]
fn a_second_reader_finds_the_same_compositions_and_layers() {
    let Some(root) = support::samples() else { return };
    let tools = root.join("tools");
    if !tools.join("aep_dump.py").is_file() || Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: no second reader");
        return;
    }
    let paths = support::files(&root.join("samples/aep"), &["aep", "aepx"]);
    let output = Command::new("python3")
        .args(["-c", ORACLE])
        .arg(&tools)
        .args(&paths)
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let mut files = output.split("F\n").skip(1);
    for path in &paths {
        let expected: Vec<Vec<f64>> = files
            .next()
            .unwrap()
            .lines()
            .map(|line| line.split('\t').skip(1).map(|n| n.parse().unwrap()).collect())
            .collect();
        let mut found = Vec::new();
        for (item, c) in read(path).unwrap().value.project.compositions() {
            found.push(vec![f64::from(item.id.0), c.width.into(), c.height.into(), c.duration]);
            for l in &c.layers {
                let parent = l.parent.map_or(0, |p| p.0);
                let ids = [item.id.0, l.id.0, parent].map(f64::from);
                found.push([ids.as_slice(), &[l.start_time, l.stretch]].concat());
            }
        }
        assert_eq!(found.len(), expected.len(), "{}", path.display());
        for (a, b) in found.iter().zip(&expected) {
            let same = a.len() == b.len() && a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-3);
            assert!(same, "{}: {a:?}, the second reader {b:?}", path.display());
        }
    }
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
