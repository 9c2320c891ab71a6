//! Archives as people pack them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use filmpress_composition::{FootageSource, ItemKind, Project};
use filmpress_fixtures::archive;
use serde_json::{Value as Json, json};

/// An animation that shows a picture.
fn animation(folder: &str, file: &str) -> Vec<u8> {
    let json: Json = json!({
        "v": "5.9.0", "fr": 25, "ip": 0, "op": 25, "w": 64, "h": 36,
        "assets": [{"id": "a", "w": 8, "h": 8, "u": folder, "p": file, "e": 0}],
        "layers": [{"ty": 2, "refId": "a", "nm": "Logo", "ip": 0, "op": 25, "st": 0, "ks": {}}]
    });
    json.to_string().into_bytes()
}

/// What came for the first footage item.
fn picture(project: &Project) -> Option<String> {
    project.items.iter().find_map(|item| match &item.kind {
        ItemKind::Footage(footage) => match &footage.source {
            FootageSource::Embedded(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        },
        _ => None,
    })
}

/// The archive with other bytes for its names, as packers write that do not know UTF-8. Names must keep their length.
fn renamed(mut bytes: Vec<u8>, names: &[(&str, &[u8])]) -> Vec<u8> {
    for (from, to) in names {
        assert_eq!(from.len(), to.len());
        while let Some(at) = bytes.windows(from.len()).position(|w| w == from.as_bytes()) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    bytes
}

#[test]
fn an_animation_with_its_pictures_and_fonts() {
    let bytes = archive::zip(&[
        ("My Card/anim/data.json", &animation("images/", "img_0.png")),
        ("My Card/anim/images/IMG_0.PNG", b"beside"),
        ("My Card/old/images/img_0.png", b"old"),
        ("My Card/assets/fonts/Inter.TTF", b"font"),
        ("My Card/assets/fonts/Inter.woff2", b"web font"),
        ("__MACOSX/My Card/anim/._data.json", b"litter"),
    ]);
    let read = filmpress_formats::read(&bytes, "card.zip").unwrap();
    assert_eq!(picture(&read.value.project).as_deref(), Some("beside"));
    let fonts: Vec<&str> = read.value.fonts.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(fonts, ["Inter.TTF"]);
    let warnings: Vec<String> = read.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].contains("`assets/fonts/Inter.woff2` is not used"),
        "{warnings:?}"
    );
}

#[test]
fn names_in_a_code_page_meet_the_names_in_the_project() {
    let plain = archive::zip(&[
        ("AAAA/data.json", &animation("AAAA", "背景图片.png")),
        ("AAAA/BBBBBBBB.png", b"found"),
    ]);
    let gbk = |text: &str| -> Vec<u8> {
        // GBK of the names, as a Chinese Windows packs them.
        match text {
            "素材" => vec![0xCB, 0xD8, 0xB2, 0xC4],
            _ => vec![0xB1, 0xB3, 0xBE, 0xB0, 0xCD, 0xBC, 0xC6, 0xAC],
        }
    };
    let folder = [gbk("素材"), b"/data.json".to_vec()].concat();
    let file = [gbk("素材"), b"/".to_vec(), gbk("背景图片"), b".png".to_vec()].concat();
    let bytes = renamed(plain, &[("AAAA/data.json", &folder), ("AAAA/BBBBBBBB.png", &file)]);
    let read = filmpress_formats::read(&bytes, "card.zip").unwrap();
    assert_eq!(picture(&read.value.project).as_deref(), Some("found"));
    assert!(read.warnings.is_empty(), "{:?}", read.warnings);
}

#[test]
fn two_projects_side_by_side_are_listed_and_the_nearest_wins() {
    let one = animation("", "a.png");
    let error = filmpress_formats::read(&archive::zip(&[("x/a.json", &one), ("y/b.json", &one)]), "two.zip")
        .map(|read| read.value)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`x/a.json`, `y/b.json`") && !error.contains('\n'),
        "{error}"
    );
    let read = filmpress_formats::read(&archive::zip(&[("a.json", &one), ("y/b.json", &one)]), "two.zip").unwrap();
    let warning = read.warnings.iter().next().unwrap().to_string();
    assert!(
        warning.contains("`a.json` is read; the archive also holds `y/b.json`"),
        "{warning}"
    );
}

#[test]
fn a_dot_lottie_brings_its_pictures() {
    let animation: Json = serde_json::from_slice(&animation("", "logo.png")).unwrap();
    for folder in ["images", "i"] {
        let path = format!("{folder}/logo.png");
        let bytes = archive::dot_lottie(&animation, &[(&path, b"picture")]);
        let read = filmpress_formats::read(&bytes, "x.lottie").unwrap();
        assert_eq!(picture(&read.value.project).as_deref(), Some("picture"), "{folder}");
        assert!(read.value.main_composition.is_some());
    }
}
