//! Pictures as files, and how far two are apart.

use std::fmt;
use std::path::Path;

use filmpress_media::decode::{Alpha, still};
use filmpress_pixels::{Pixmap, premultiply};

use crate::test_toml::Tolerance;

/// Reads a PNG.
pub fn read(path: &Path) -> Result<Pixmap, String> {
    let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    still(&bytes, Alpha::Straight).map_err(|e| format!("{}: {e}", path.display()))
}

/// Writes a PNG, packed well: expected pictures stay in the repository.
pub fn write(path: &Path, picture: &Pixmap) -> Result<(), String> {
    let say = |e: &dyn fmt::Display| format!("{}: {e}", path.display());
    std::fs::create_dir_all(path.parent().unwrap_or(path)).map_err(|e| say(&e))?;
    let file = std::fs::File::create(path).map_err(|e| say(&e))?;
    let mut encoder = png::Encoder::new(file, picture.width(), picture.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().map_err(|e| say(&e))?;
    writer
        .write_image_data(picture.to_straight().as_flattened())
        .map_err(|e| say(&e))?;
    writer.finish().map_err(|e| say(&e))
}

/// What a picture is after it was a file with straight alpha.
pub fn as_file(picture: &Pixmap) -> Pixmap {
    let data = picture.to_straight().into_iter().map(premultiply).collect();
    Pixmap::from_premultiplied(picture.width(), picture.height(), data).unwrap()
}

/// How two pictures of the same size differ.
#[derive(Debug, PartialEq)]
pub struct Difference {
    /// Largest difference of a channel.
    pub most: u8,
    /// Pixels with a channel further apart than tolerated.
    pub over: usize,
    /// All pixels.
    pub pixels: usize,
    /// The pixel with the largest difference.
    pub at: (u32, u32),
}

impl Difference {
    /// Measures two pictures; their sizes must agree.
    pub fn of(actual: &Pixmap, wanted: &Pixmap, tolerance: Tolerance) -> Result<Self, String> {
        let size = |p: &Pixmap| (p.width(), p.height());
        if size(actual) != size(wanted) {
            return Err(format!(
                "is {:?} pixels large instead of {:?}",
                size(actual),
                size(wanted)
            ));
        }
        let mut found = Self {
            most: 0,
            over: 0,
            pixels: actual.pixels().len(),
            at: (0, 0),
        };
        for (i, (a, w)) in actual.pixels().iter().zip(wanted.pixels()).enumerate() {
            let apart = (0..4).map(|c| a[c].abs_diff(w[c])).max().unwrap_or(0);
            found.over += usize::from(apart > tolerance.channel);
            if apart > found.most {
                found.most = apart;
                found.at = (i as u32 % actual.width(), i as u32 / actual.width());
            }
        }
        Ok(found)
    }

    /// Whether it is within the tolerance it was measured with.
    pub fn is_within(&self, tolerance: Tolerance) -> bool {
        self.over as f64 <= tolerance.share * self.pixels as f64
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = 100.0 * self.over as f64 / self.pixels as f64;
        let (x, y) = self.at;
        write!(
            f,
            "differs in {share:.2} % of its pixels, by {} at most ({x}, {y})",
            self.most
        )
    }
}

/// A picture of the differences: grey where equal, brighter by what is too much, darker by what is missing, eightfold.
pub fn difference_picture(actual: &Pixmap, wanted: &Pixmap) -> Pixmap {
    let mut out = actual.clone();
    for (out, wanted) in out.pixels_mut().iter_mut().zip(wanted.pixels()) {
        let alpha = 8 * (i32::from(out[3]) - i32::from(wanted[3]));
        for c in 0..3 {
            let apart = 8 * (i32::from(out[c]) - i32::from(wanted[c]));
            // Where only the alpha differs, that must be seen too.
            let apart = if apart == 0 { alpha } else { apart };
            out[c] = (128 + apart).clamp(0, 255) as u8;
        }
        out[3] = 255;
    }
    out
}

#[test]
fn differences_are_counted() {
    let a = Pixmap::from_premultiplied(2, 1, vec![[10, 0, 0, 255], [0; 4]]).unwrap();
    let b = Pixmap::from_premultiplied(2, 1, vec![[10, 0, 0, 255], [0, 0, 3, 3]]).unwrap();
    let strict = Difference::of(&a, &b, Tolerance::default()).unwrap();
    assert_eq!((strict.most, strict.over, strict.at), (3, 1, (1, 0)));
    assert!(!strict.is_within(Tolerance::default()));
    let loose = Tolerance { channel: 3, share: 0.0 };
    assert!(Difference::of(&a, &b, loose).unwrap().is_within(loose));
    let half = Tolerance { channel: 0, share: 0.5 };
    assert!(Difference::of(&a, &b, half).unwrap().is_within(half));
    let other = Pixmap::new(1, 2).unwrap();
    assert!(Difference::of(&a, &other, half).is_err());
}
