//! How long a 1920x1080 picture takes from RGBA to YUV 4:2:0: `cargo bench -p filmpress-pixels`.

#![allow(clippy::print_stdout, clippy::expect_used, reason = "a program that prints a figure")]

use std::hint::black_box;
use std::time::Instant;

use filmpress_pixels::{Pixmap, Yuv420};

const ROUNDS: u32 = 400;

fn main() {
    // Neighbours that differ, so that no shortcut for flat colours could help.
    let pixels = (0..1920 * 1080u32)
        .map(|i| {
            let [r, g, b, _] = i.wrapping_mul(2_654_435_761).to_le_bytes();
            [r, g, b, 255]
        })
        .collect();
    let pixmap = Pixmap::from_premultiplied(1920, 1080, pixels).expect("the size is fixed above");
    let mut yuv = Yuv420::new();
    yuv.convert(&pixmap);
    let start = Instant::now();
    for _ in 0..ROUNDS {
        yuv.convert(black_box(&pixmap));
    }
    let each = start.elapsed().as_secs_f64() * 1000.0 / f64::from(ROUNDS);
    println!("RGBA to YUV 4:2:0, 1920x1080: {each:.3} ms");
}
