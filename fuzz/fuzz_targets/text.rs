//! The reader of text documents: the bytes are the blob of one text layer.
#![no_main]

use filmpress_fixtures::aep::{LayerSettings, Stream, composition, group, list, project};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = list(
        *b"btds",
        &[Stream::without_value().build(), list(*b"btdk", &[bytes.to_vec()])],
    );
    let layer = LayerSettings::kind(2, 3).layer(
        "Text",
        &[("ADBE Text Properties", group(&[("ADBE Text Document", text)]))],
    );
    let _ = filmpress_formats::aep::read(&project(&[composition(1, "Main", &[layer])]));
});
