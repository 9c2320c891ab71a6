//! 128-bit digests of drawable things: equal digest, equal picture.

/// A 128-bit digest. Two nodes with the same digest draw the same pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(pub u128);

/// Builds a [`Digest`] from plain numbers; the same on every machine.
///
/// Not cryptographic: it keeps honest inputs apart (128 bits of state, two multiply-fold lanes).
#[derive(Clone, Debug)]
pub struct Digester {
    a: u64,
    b: u64,
}

const K0: u64 = 0x9E37_79B9_7F4A_7C15;
const K1: u64 = 0xD6E8_FEB8_6659_FD93;

fn fold(x: u64, y: u64) -> u64 {
    let wide = u128::from(x) * u128::from(y);
    (wide as u64) ^ ((wide >> 64) as u64)
}

impl Digester {
    /// A digester for one kind of thing; `kind` keeps things of different kinds apart.
    pub fn new(kind: u64) -> Self {
        Self {
            a: kind ^ K0,
            b: kind.rotate_left(32) ^ K1,
        }
    }

    /// Adds 64 bits.
    pub fn u64(&mut self, x: u64) -> &mut Self {
        self.a = fold(self.a ^ x, K1 | 1).wrapping_add(self.b);
        self.b = fold(self.b.rotate_left(23) ^ x.wrapping_mul(K0), K0).wrapping_add(x);
        self
    }

    /// Adds a number; `-0.0` counts as `0.0`.
    pub fn f64(&mut self, x: f64) -> &mut Self {
        self.u64((x + 0.0).to_bits())
    }

    /// Adds numbers.
    pub fn f64s(&mut self, xs: &[f64]) -> &mut Self {
        for &x in xs {
            self.f64(x);
        }
        self
    }

    /// Adds another thing's digest.
    pub fn digest(&mut self, d: Digest) -> &mut Self {
        self.u64(d.0 as u64).u64((d.0 >> 64) as u64)
    }

    /// Adds bytes and their count.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.u64(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.u64(u64::from_le_bytes(word));
        }
        self
    }

    /// The digest of everything added.
    pub fn finish(&self) -> Digest {
        let x = fold(self.a ^ K0, self.b | 1);
        let y = fold(self.b ^ K1, self.a | 1);
        Digest((u128::from(x ^ self.b.rotate_left(17)) << 64) | u128::from(y ^ self.a))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_kind_and_value_matter() {
        let of = |kind, xs: &[f64]| Digester::new(kind).f64s(xs).finish();
        let all = [
            of(1, &[]),
            of(2, &[]),
            of(1, &[0.0]),
            of(1, &[1.0, 2.0]),
            of(1, &[2.0, 1.0]),
            of(1, &[0.0, 0.0]),
        ];
        for (i, a) in all.iter().enumerate() {
            for b in &all[i + 1..] {
                assert_ne!(a, b);
            }
        }
        assert_eq!(of(1, &[0.0]), of(1, &[-0.0]));
    }

    #[test]
    fn a_million_small_inputs_do_not_collide() {
        let mut seen = std::collections::HashSet::new();
        for x in 0..1000u64 {
            for y in 0..1000u64 {
                assert!(seen.insert(Digester::new(3).u64(x).u64(y).finish()));
            }
        }
    }
}
