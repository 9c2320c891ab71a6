//! The decoders of stills: PNG, JPEG, GIF, WebP.
#![no_main]

use filmpress_media::decode::{Alpha, probe_still, still};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // A few bytes may claim a picture as large as the limit: that much memory is allowed, and slow to fuzz.
    if let Ok((width, height)) = probe_still(bytes)
        && u64::from(width) * u64::from(height) <= 1 << 22
    {
        let _ = still(bytes, Alpha::Straight);
    }
});
