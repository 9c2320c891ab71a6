//! Numbers that look random and are the same everywhere, for a place.

/// A number from 0 up to 1 for a place and a seed.
#[inline]
pub(super) fn random(x: i32, y: i32, seed: u32) -> f32 {
    (hash(x, y, seed) >> 8) as f32 / 16_777_216.0
}

/// 32 bits for a place and a seed, each of which changes about half of them.
#[inline]
pub(super) fn hash(x: i32, y: i32, seed: u32) -> u32 {
    let mut h = (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77).rotate_left(13);
    h ^= seed.wrapping_mul(0xc2b2_ae3d).rotate_left(7);
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    h ^ (h >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_evenly() {
        let mut counts = [0; 16];
        let mut sum = 0.0;
        for y in -50..50 {
            for x in -50..50 {
                let r = random(x, y, 7);
                assert!((0.0..1.0).contains(&r));
                counts[(r * 16.0) as usize] += 1;
                sum += f64::from(r * random(x + 1, y, 7));
            }
        }
        assert!(counts.iter().all(|n| (500..750).contains(n)), "{counts:?}");
        // Neighbours have nothing to do with each other.
        assert!((sum / 10_000.0 - 0.25).abs() < 0.01, "{sum}");
    }
}
