//! Damaged real files are an error or a project with warnings, never a panic. Deterministic.

mod support;

/// A small random number generator: the same damage on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

#[test]
fn damaged_samples_never_panic() {
    let Some(root) = support::samples() else { return };
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut reads = 0;
    for path in support::files(&root.join("samples/aep"), &["aep", "aepx", "mogrt"]) {
        let whole = std::fs::read(&path).unwrap();
        // Half of a project file is its XMP packet and thumbnails: damage hits the tree often enough in small files.
        if whole.len() > 200_000 {
            continue;
        }
        for _ in 0..12 {
            let mut damaged = whole.clone();
            for _ in 0..=random.below(20) {
                let at = random.below(damaged.len());
                damaged[at] = match random.below(3) {
                    0 => 0xFF,
                    1 => 0,
                    _ => random.below(256) as u8,
                };
            }
            if random.below(4) == 0 {
                damaged.truncate(random.below(whole.len()));
            }
            let _ = filmpress_formats::read(&damaged, "damaged");
            reads += 1;
        }
    }
    println!("{reads} damaged files read");
}
