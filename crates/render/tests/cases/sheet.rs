//! Sheets: all expected pictures of a topic beside their names, for a person to look at.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use filmpress_pixels::Pixmap;

use crate::case::Case;
use crate::compare::{difference_picture, read, write as write_png};
use crate::{letters, out};

/// Room between pictures.
const GAP: u32 = 8;
/// How wide a sheet may become before it is enlarged, unless one case alone is wider.
const WIDEST: u32 = 720;
/// How often each pixel of a finished sheet is repeated: edges are looked at here.
const ENLARGED: u32 = 2;
/// Pixels of a case's picture beyond this are cut off.
const MOST: u32 = 400;
/// Shown where a picture is transparent, in squares.
const LIGHT: u8 = 160;
const DARK: u8 = 130;

/// One case: its pictures in a row, a name above each.
struct Tile {
    pictures: Vec<(String, Pixmap)>,
}

impl Tile {
    /// The expected pictures, with After Effects' own and the difference where there are any.
    fn of(name: &str, folder: &Path) -> Self {
        let mut pictures = Vec::new();
        let frames = Case::read(name, folder).map_or_else(|_| vec![0], |case| case.test.frames);
        let name = name.rsplit('/').next().unwrap_or(name);
        for (i, frame) in frames.iter().enumerate() {
            let title = if i == 0 { name.to_owned() } else { String::new() };
            let title = if frames.len() > 1 {
                format!("{title} {frame}")
            } else {
                title
            };
            let picture = |kind: &str| read(&folder.join(kind).join(format!("{frame:05}.png"))).ok();
            let Some(expected) = picture("expected") else {
                pictures.push((format!("{title} missing"), Pixmap::new(120, 20).unwrap()));
                continue;
            };
            let reference = picture("reference");
            pictures.push((title, expected.clone()));
            if let Some(reference) = reference {
                let same_size = (reference.width(), reference.height()) == (expected.width(), expected.height());
                let difference = same_size.then(|| difference_picture(&expected, &reference));
                pictures.push(("ae:".to_owned(), reference));
                pictures.extend(difference.map(|picture| ("apart:".to_owned(), picture)));
            }
        }
        Self { pictures }
    }

    fn column(title: &str, picture: &Pixmap) -> u32 {
        let letters = title.chars().count() as u32 * letters::WIDTH;
        picture.width().min(MOST).max(letters)
    }

    fn size(&self) -> (u32, u32) {
        let width = self
            .pictures
            .iter()
            .map(|(title, p)| Self::column(title, p) + GAP)
            .sum();
        let height = self.pictures.iter().map(|(_, p)| p.height().min(MOST)).max();
        (width, height.unwrap_or(0) + letters::LINE + GAP)
    }

    fn draw(&self, sheet: &mut Pixmap, mut x: u32, y: u32) {
        for (title, picture) in &self.pictures {
            letters::write(sheet, x, y, title);
            for py in 0..picture.height().min(MOST) {
                for px in 0..picture.width().min(MOST) {
                    let [r, g, b, a] = picture.row(py)[px as usize];
                    let square = if (px / 8 + py / 8) % 2 == 0 { LIGHT } else { DARK };
                    let below = filmpress_pixels::mul_div_255(square, 255 - a);
                    let out = [r, g, b].map(|c| c.saturating_add(below));
                    sheet.row_mut(y + letters::LINE + py)[(x + px) as usize] = [out[0], out[1], out[2], 255];
                }
            }
            x += Self::column(title, picture) + GAP;
        }
    }
}

/// Writes a sheet a topic; gives the files.
pub fn write(cases: &[(String, PathBuf)]) -> Vec<PathBuf> {
    let mut topics: BTreeMap<String, Vec<Tile>> = BTreeMap::new();
    for (name, folder) in cases {
        let topic = name.rsplit_once('/').map_or("", |(topic, _)| topic);
        topics.entry(topic.to_owned()).or_default().push(Tile::of(name, folder));
    }
    topics.iter().map(|(topic, tiles)| sheet(topic, tiles)).collect()
}

fn sheet(topic: &str, tiles: &[Tile]) -> PathBuf {
    // Tiles from left to right, in lines as high as their highest.
    let (mut places, mut x, mut y, mut line, mut width) = (Vec::new(), GAP, GAP, 0, 0);
    for tile in tiles {
        let (w, h) = tile.size();
        if x > GAP && x + w > WIDEST {
            (x, y, line) = (GAP, y + line, 0);
        }
        places.push((x, y));
        x += w;
        line = line.max(h);
        width = width.max(x);
    }
    let mut sheet = Pixmap::new(width, y + line).unwrap();
    sheet.fill([40, 40, 44, 255]);
    for (tile, (x, y)) in tiles.iter().zip(places) {
        tile.draw(&mut sheet, x, y);
    }
    let path = out().join("sheets").join(format!("{}.png", topic.replace('/', "-")));
    write_png(&path, &enlarged(&sheet)).unwrap();
    path
}

fn enlarged(sheet: &Pixmap) -> Pixmap {
    let mut out = Pixmap::new(sheet.width() * ENLARGED, sheet.height() * ENLARGED).unwrap();
    for y in 0..out.height() {
        for (x, pixel) in out.row_mut(y).iter_mut().enumerate() {
            *pixel = sheet.row(y / ENLARGED)[x / ENLARGED as usize];
        }
    }
    out
}
