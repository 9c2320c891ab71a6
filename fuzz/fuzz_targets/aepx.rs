//! The reader of `.aepx` files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = filmpress_formats::aepx::read(bytes);
});
