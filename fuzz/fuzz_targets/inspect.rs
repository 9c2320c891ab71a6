//! Everything from bytes of any format to the report.
#![no_main]

use filmpress_inspect::{Surroundings, inspect_bytes};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = inspect_bytes(bytes, "fuzz", &Surroundings::nothing());
});
