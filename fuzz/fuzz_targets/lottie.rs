//! The reader of Lottie animations.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = filmpress_formats::lottie::read(bytes);
});
