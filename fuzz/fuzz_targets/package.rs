//! The readers of archives: `.zip`, `.mogrt`, `.lottie`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // Nothing but archives: the other readers have targets of their own.
    if bytes.starts_with(b"PK") {
        let _ = filmpress_formats::read(bytes, "fuzz.zip");
    }
});
