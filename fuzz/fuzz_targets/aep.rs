//! The reader of `.aep` files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = filmpress_formats::aep::read(bytes);
});
