//! Letters for the sheets: three pixels wide, five high, drawn twice as large.

use filmpress_pixels::Pixmap;

/// Width of a letter with its gap, in pixels of the sheet.
pub const WIDTH: u32 = 8;
/// Height of a line with its gap, in pixels of the sheet.
pub const LINE: u32 = 14;

/// Rows of a letter, top first, three bits each.
#[rustfmt::skip]
const LETTERS: [(char, [u8; 5]); 40] = [
    ('a', [2, 5, 7, 5, 5]), ('b', [6, 5, 6, 5, 6]), ('c', [3, 4, 4, 4, 3]), ('d', [6, 5, 5, 5, 6]),
    ('e', [7, 4, 6, 4, 7]), ('f', [7, 4, 6, 4, 4]), ('g', [3, 4, 5, 5, 3]), ('h', [5, 5, 7, 5, 5]),
    ('i', [7, 2, 2, 2, 7]), ('j', [1, 1, 1, 5, 2]), ('k', [5, 5, 6, 5, 5]), ('l', [4, 4, 4, 4, 7]),
    ('m', [5, 7, 7, 5, 5]), ('n', [6, 5, 5, 5, 5]), ('o', [2, 5, 5, 5, 2]), ('p', [6, 5, 6, 4, 4]),
    ('q', [2, 5, 5, 6, 3]), ('r', [6, 5, 6, 5, 5]), ('s', [3, 4, 2, 1, 6]), ('t', [7, 2, 2, 2, 2]),
    ('u', [5, 5, 5, 5, 7]), ('v', [5, 5, 5, 5, 2]), ('w', [5, 5, 7, 7, 5]), ('x', [5, 5, 2, 5, 5]),
    ('y', [5, 5, 2, 2, 2]), ('z', [7, 1, 2, 4, 7]), ('0', [7, 5, 5, 5, 7]), ('1', [2, 6, 2, 2, 7]),
    ('2', [6, 1, 2, 4, 7]), ('3', [6, 1, 2, 1, 6]), ('4', [5, 5, 7, 1, 1]), ('5', [7, 4, 6, 1, 6]),
    ('6', [3, 4, 7, 5, 7]), ('7', [7, 1, 2, 2, 2]), ('8', [7, 5, 7, 5, 7]), ('9', [7, 5, 7, 1, 6]),
    ('-', [0, 0, 7, 0, 0]), ('/', [1, 1, 2, 4, 4]), ('.', [0, 0, 0, 0, 2]), (':', [0, 2, 0, 2, 0]),
];

/// Writes `text` with its upper left corner at `x`, `y`, in white; what has no letter is a gap.
pub fn write(sheet: &mut Pixmap, x: u32, y: u32, text: &str) {
    for (i, c) in text.chars().enumerate() {
        let letter = LETTERS.iter().find(|(known, _)| *known == c.to_ascii_lowercase());
        let Some((_, rows)) = letter else { continue };
        for (dy, row) in (0..).zip(rows.iter().flat_map(|row| [row; 2])) {
            for dx in (0..6).filter(|dx| row >> (2 - dx / 2) & 1 == 1) {
                let (px, py) = (x + i as u32 * WIDTH + dx, y + dy);
                if px < sheet.width() && py < sheet.height() {
                    sheet.row_mut(py)[px as usize] = [255; 4];
                }
            }
        }
    }
}
