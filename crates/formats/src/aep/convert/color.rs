//! Colour management: the working space, and whether colours are blended linearly.

use base64::Engine as _;
use filmpress_composition::ColorManagement;
use md5::{Digest as _, Md5};

use crate::aep::raw::{Chunk, Fields};

/// The project's colour settings. That what they change is not drawn is said by evaluation.
pub(super) fn convert(root: &Chunk<'_>) -> ColorManagement {
    ColorManagement {
        working_space: working_space(root),
        // Both settings are the presence of a chunk.
        linear_working_space: root.child(*b"lnrp").is_some(),
        linear_blending: root.child(*b"lnrb").is_some(),
    }
}

/// Since version 22 a text beside `PwCs` has the name; before, the profile itself is in the project's pool.
fn working_space(root: &Chunk<'_>) -> Option<String> {
    let after = root.children.iter().skip_while(|c| c.id != *b"PwCs").nth(1);
    if let Some(text) = after.filter(|c| !c.is_list && c.id == *b"Utf8").map(Chunk::text) {
        let json: serde_json::Value = serde_json::from_str(&text).ok()?;
        let profile = json.get("baseColorProfile")?;
        let name = profile.get("colorProfileName").and_then(|name| name.as_str());
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            return Some(name.to_owned());
        }
        let data = profile.get("colorProfileData")?.as_str()?;
        let data = base64::engine::general_purpose::STANDARD.decode(data).ok()?;
        return Some(described(&data));
    }
    let id = &root.child(*b"cpid")?.data;
    if id.iter().all(|b| *b == 0xFF) {
        return None;
    }
    let pool: Vec<&[u8]> = root
        .child_list(*b"CPPl")
        .into_iter()
        .flat_map(|list| list.leaves(*b"pprf"))
        .map(|profile| &*profile.data)
        .collect();
    let known = |profile: &&&[u8]| profile_id(profile)[..] == **id;
    let profile = pool.iter().find(known).or(match pool.as_slice() {
        [only] => Some(only),
        _ => None,
    });
    Some(profile.map_or_else(|| "an unnamed profile".to_owned(), |profile| described(profile)))
}

/// What ICC calls the id of a profile: a digest of it without its flags, rendering intent and id. The id a profile
/// states is often left out.
fn profile_id(profile: &[u8]) -> [u8; 16] {
    let mut profile = profile.to_vec();
    for part in [44..48, 64..68, 84..100] {
        if let Some(part) = profile.get_mut(part) {
            part.fill(0);
        }
    }
    Md5::digest(&profile).into()
}

/// The description in an ICC profile: a text of version 2 (`desc`) or the first of version 4 (`mluc`).
fn described(profile: &[u8]) -> String {
    let fields = Fields(profile);
    let count = fields.u32(128).min(200) as usize;
    let tag = (0..count)
        .map(|i| 132 + 12 * i)
        .find(|at| profile.get(*at..at + 4) == Some(b"desc"));
    let text = tag.map(|at| {
        let start = fields.u32(at + 4) as usize;
        let tag = fields.slice(start, fields.u32(at + 8) as usize);
        match tag.0.get(..4) {
            Some(b"desc") => tag.c_string(12, tag.u32(8) as usize),
            Some(b"mluc") => {
                let text = tag.slice(tag.u32(24) as usize, tag.u32(20) as usize).0;
                let units = text.chunks_exact(2).map(|pair| Fields(pair).u16(0));
                char::decode_utf16(units)
                    .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                    .collect()
            }
            _ => String::new(),
        }
    });
    text.filter(|text| !text.is_empty())
        .unwrap_or_else(|| "an unnamed profile".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(chunks: Vec<Chunk<'static>>) -> ColorManagement {
        convert(&Chunk::list(*b"Egg!", chunks))
    }

    fn pool(profile: Vec<u8>) -> Vec<Chunk<'static>> {
        vec![
            Chunk::list(*b"CPPl", vec![Chunk::leaf(*b"pprf", profile)]),
            Chunk::leaf(*b"cpid", vec![7; 16]),
        ]
    }

    #[test]
    fn nothing_is_the_default() {
        let color = read(vec![Chunk::leaf(*b"cpid", vec![0xFF; 16])]);
        assert_eq!(color, ColorManagement::default());
    }

    #[test]
    fn new_files_name_their_working_space() {
        let json = br#"{"baseColorProfile":{"colorProfileName":"Rec.709 Gamma 2.4"},"baseProfileType":2}"#;
        let color = read(vec![
            Chunk::leaf(*b"lnrb", vec![1]),
            Chunk::leaf(*b"PwCs", vec![1]),
            Chunk::leaf(*b"Utf8", json.to_vec()),
        ]);
        assert_eq!(color.working_space.as_deref(), Some("Rec.709 Gamma 2.4"));
        assert!(color.linear_blending && !color.linear_working_space);
    }

    #[test]
    fn the_profile_is_found_by_its_digest() {
        let profile = |name: u8| {
            let mut profile = vec![0; 144];
            profile[131] = 1;
            profile[132..144].copy_from_slice(b"desc\0\0\0\x90\0\0\0\x20");
            profile.extend(b"desc\0\0\0\0\0\0\0\x02");
            profile.extend([name, 0]);
            profile
        };
        let mut with_intent = profile(b'B');
        with_intent[67] = 3;
        let pool = vec![profile(b'A'), with_intent];
        let color = read(vec![
            Chunk::list(*b"CPPl", pool.into_iter().map(|p| Chunk::leaf(*b"pprf", p)).collect()),
            Chunk::leaf(*b"cpid", profile_id(&profile(b'B')).to_vec()),
        ]);
        assert_eq!(color.working_space.as_deref(), Some("B"));
    }

    #[test]
    fn old_files_carry_the_profile() {
        let mut profile = vec![0; 144];
        profile[131] = 1;
        profile[132..144].copy_from_slice(b"desc\0\0\0\x90\0\0\0\x20");
        profile.extend(b"desc\0\0\0\0\0\0\0\x04P3!\0");
        assert_eq!(read(pool(profile)).working_space.as_deref(), Some("P3!"));
        let mut cut = vec![0xFF; 140];
        cut[132..136].copy_from_slice(b"desc");
        assert_eq!(read(pool(cut)).working_space.as_deref(), Some("an unnamed profile"));
    }
}
