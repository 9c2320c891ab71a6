//! Files made to do harm: each is refused in one line, soon, and without taking memory.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use filmpress_formats::ReadError;
use zip::write::SimpleFileOptions;

/// Most that any of these files may take. Unoptimised builds are slower than what users run.
const MOST_TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 2 });

/// Reads a file that must be refused, and returns why.
fn refused(bytes: &[u8], name: &str) -> String {
    let start = Instant::now();
    let error = match filmpress_formats::read(bytes, name) {
        Ok(read) => panic!("{name} is read, with warnings {:?}", read.warnings),
        Err(error) => error,
    };
    let time = start.elapsed();
    let text = error.to_string();
    println!("{name}: {} bytes, {time:?}: {text}", bytes.len());
    assert!(!text.contains('\n') && text.len() < 600, "{name}: {text}");
    assert!(time < MOST_TIME, "{name} took {time:?}");
    assert!(
        matches!(
            error,
            ReadError::Limit(_) | ReadError::Malformed(_) | ReadError::Missing(_) | ReadError::Unsupported(_)
        ),
        "{name}: {text}"
    );
    check_memory(name);
    text
}

/// The whole process, all tests of this file together, stays small. Address space is checked too: memory that was
/// asked for and not touched counts there.
fn check_memory(name: &str) {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        println!("skipped: memory is measured on Linux only");
        return;
    };
    let kilobytes = |key: &str| -> u64 {
        let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    };
    let (resident, address_space) = (kilobytes("VmHWM:") / 1024, kilobytes("VmPeak:") / 1024);
    assert!(resident < 512, "{name}: {resident} MiB were used");
    assert!(address_space < 4096, "{name}: {address_space} MiB were asked for");
}

/// An archive with files written by `write`.
fn archive(write: impl FnOnce(&mut zip::ZipWriter<Cursor<Vec<u8>>>)) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    write(&mut writer);
    writer.finish().unwrap().into_inner()
}

fn zeros(writer: &mut zip::ZipWriter<Cursor<Vec<u8>>>, name: &str, megabytes: usize) {
    writer.start_file(name, SimpleFileOptions::default()).unwrap();
    let block = vec![0; 1 << 20];
    for _ in 0..megabytes {
        writer.write_all(&block).unwrap();
    }
}

#[test]
fn bombs_are_refused() {
    let one = archive(|w| zeros(w, "bomb.aep", 40));
    assert!(
        refused(&one, "bomb.zip").contains("`bomb.aep` in the zip archive expands to more than 500 times its size")
    );

    let large = archive(|w| zeros(w, "bomb.aep", 1000));
    assert!(refused(&large, "large.zip").contains("expands to more than"));

    // Each entry is small enough; all together are not.
    let many = archive(|w| (0..200).for_each(|i| zeros(w, &format!("{i}.json"), 1)));
    assert!(refused(&many, "many.zip").contains("expands to more than"));

    // A bomb in a bomb: archives in archives are not opened, but for the two of a motion graphics template.
    let nested = archive(|w| {
        w.start_file("inner.zip", SimpleFileOptions::default()).unwrap();
        w.write_all(&one).unwrap();
    });
    assert!(refused(&nested, "nested.zip").contains("holds no project"));
    let inner = archive(|w| zeros(w, "title.aep", 40));
    let capsule = archive(|w| {
        for (name, bytes) in [("definition.json", b"{}".as_slice()), ("project.aegraphic", &inner)] {
            w.start_file(name, SimpleFileOptions::default()).unwrap();
            w.write_all(bytes).unwrap();
        }
    });
    assert!(refused(&capsule, "bomb.mogrt").contains("`title.aep` in the zip archive expands to more than"));
}

/// Many entries of the list of contents that lead to the same bytes.
#[test]
fn overlapping_entries_are_refused() {
    let bytes = archive(|w| {
        zeros(w, "0.json", 1);
        for i in 1..1000 {
            w.shallow_copy_file("0.json", &format!("{i}.json")).unwrap();
        }
    });
    assert!(refused(&bytes, "overlap.zip").contains("share bytes"));
}

#[test]
fn names_and_links_that_leave_the_archive_are_refused() {
    for name in ["../../etc/cron.d/x.aep", "/etc/x.aep", "C:\\x.aep", "a/..\\../x.aep"] {
        let bytes = archive(|w| {
            w.start_file(name, SimpleFileOptions::default()).unwrap();
            w.write_all(b"RIFX").unwrap();
        });
        assert!(refused(&bytes, name).contains("points outside it"), "{name}");
    }
    let link = archive(|w| {
        w.add_symlink("a.aep", "/etc/passwd", SimpleFileOptions::default())
            .unwrap();
    });
    assert!(refused(&link, "link.zip").contains("is a link"));
}

#[test]
fn a_hundred_thousand_entries_are_refused() {
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let bytes = archive(|w| {
        for i in 0..100_000 {
            w.start_file(format!("{i}.png"), options).unwrap();
        }
    });
    assert_eq!(
        refused(&bytes, "many.zip"),
        "the zip archive has 100000 entries, more than 20000"
    );
}

#[test]
fn a_lottie_nested_ten_thousand_deep_is_refused() {
    let deep = 10_000;
    let head = r#"{"v":"5.7.0","fr":30,"ip":0,"op":30,"w":100,"h":100,"layers":[{"ty":4,"shapes":"#;
    for (name, open, close) in [
        ("arrays.json", "[", "]"),
        ("objects.json", r#"{"a":"#, "}"),
        ("groups.json", r#"[{"ty":"gr","it":"#, "}]"),
    ] {
        let text = format!("{head}{}0{}}}]}}", open.repeat(deep), close.repeat(deep));
        let error = refused(text.as_bytes(), name);
        assert!(error.contains("nested deeper than 128"), "{error}");
        let cut = format!("{head}{}", open.repeat(deep));
        refused(cut.as_bytes(), name);
    }
    // The same inside an archive.
    let text = "[".repeat(deep);
    let lottie = archive(|w| {
        for (name, bytes) in [
            ("manifest.json", r#"{"animations":[{"id":"a"}]}"#),
            ("animations/a.json", &text),
        ] {
            w.start_file(name, SimpleFileOptions::default()).unwrap();
            w.write_all(bytes.as_bytes()).unwrap();
        }
    });
    refused(&lottie, "deep.lottie");
}

/// Nothing in the JSON is nested here: the precomps are, by their names.
#[test]
fn precomps_in_precomps_are_refused_and_circles_are_not_followed() {
    let precomp = |id: usize, shows: usize| {
        format!(
            r#"{{"id":"c{id}","layers":[{{"ty":0,"refId":"c{shows}","w":9,"h":9,"ip":0,"op":30,"st":0,"ks":{{}}}}]}}"#
        )
    };
    let file = |assets: &[String]| {
        let layer = r#"{"ty":0,"refId":"c0","w":9,"h":9,"ip":0,"op":30,"st":0,"ks":{}}"#;
        let assets = assets.join(",");
        format!(r#"{{"v":"5.7.0","fr":30,"ip":0,"op":30,"w":9,"h":9,"assets":[{assets}],"layers":[{layer}]}}"#)
    };
    let chain: Vec<String> = (0..10_000).map(|i| precomp(i, i + 1)).collect();
    assert_eq!(
        refused(file(&chain).as_bytes(), "chain.json"),
        "compositions are nested 10001 deep, more than 256"
    );
    let circle = [precomp(0, 1), precomp(1, 2), precomp(2, 0)];
    let read = filmpress_formats::read(file(&circle).as_bytes(), "circle.json").unwrap();
    assert_eq!(read.value.project.compositions().count(), 4);
}

#[test]
fn json_of_too_many_values_is_refused_before_it_is_made() {
    let text = format!("{{\"layers\":[{}]}}", "{},".repeat(20_000_000));
    assert!(refused(text.as_bytes(), "objects.json").contains("20000001 objects, more than 400000"));
}

#[test]
fn chunks_of_four_gigabytes_are_refused() {
    let chunk = |id: &[u8; 4], size: u32, body: &[u8]| [id.as_slice(), &size.to_be_bytes(), body].concat();
    let file = |size: u32, body: &[u8]| chunk(b"RIFX", size, &[b"Egg!".as_slice(), body].concat());
    for (name, bytes) in [
        ("file.aep", file(u32::MAX, b"")),
        ("leaf.aep", file(24, &chunk(b"svap", u32::MAX, b"abcd"))),
        ("list.aep", file(24, &chunk(b"LIST", 0xFFFF_FFFE, b"Fold"))),
        (
            "deep.aep",
            file(
                40,
                &chunk(
                    b"LIST",
                    28,
                    &[b"Fold".as_slice(), &chunk(b"cdta", u32::MAX, b"x")].concat(),
                ),
            ),
        ),
    ] {
        let error = refused(&bytes, name);
        assert!(error.contains("429496729"), "{name}: {error}");
    }
}

#[test]
fn chunks_nested_ten_thousand_deep_are_refused() {
    let mut body = Vec::new();
    for i in (0..10_000_u32).rev() {
        body.extend(b"LIST");
        body.extend((i * 12 + 4).to_be_bytes());
        body.extend(b"tdgp");
    }
    // The innermost was written last: sizes count what follows.
    let mut file = b"RIFX".to_vec();
    file.extend((body.len() as u32 + 4).to_be_bytes());
    file.extend(b"Egg!");
    file.extend(body);
    assert!(refused(&file, "deep.aep").contains("nested more than 128 deep"));
}

#[test]
fn entities_of_an_aepx_are_not_expanded() {
    use std::fmt::Write as _;
    let mut entities = String::from("<!ENTITY a0 \"lollollollol\">");
    for i in 1..20 {
        let previous = i - 1;
        let many = format!("&a{previous};").repeat(10);
        write!(entities, "<!ENTITY a{i} \"{many}\">").unwrap();
    }
    let bomb = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE AfterEffectsProject [{entities}]>\
         <AfterEffectsProject><Fold><string>&a19;</string></Fold></AfterEffectsProject>"
    );
    assert!(refused(bomb.as_bytes(), "entities.aepx").contains("entit"));
    let outside = "<?xml version=\"1.0\"?><!DOCTYPE AfterEffectsProject [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\
                   <AfterEffectsProject><string>&x;</string></AfterEffectsProject>";
    assert!(refused(outside.as_bytes(), "outside.aepx").contains("entit"));
    let deep = format!("<AfterEffectsProject>{}", "<tdgp>".repeat(10_000));
    assert!(refused(deep.as_bytes(), "deep.aepx").contains("nested more than 128 deep"));
}
