//! Films through the real encoder and back.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::path::{Path, PathBuf};
use std::process::Command;

use filmpress_media::encode::{CodecKind, FilmEncoder, FilmFrame, FilmSettings, Layout, codec};
use filmpress_media::{Expected, FilmInfo, FrameRate, MediaError, Programs, probe_film, verify};
use filmpress_pixels::{Pixmap, premultiply};

fn settings(width: u32, height: u32, frames_per_second: f64) -> FilmSettings {
    FilmSettings {
        width,
        height,
        frame_rate: FrameRate::new(frames_per_second).unwrap(),
        draft: false,
        programs: Programs::default(),
    }
}

/// A picture that differs from frame to frame: four colours, the last quarter half transparent when `alpha`.
fn picture(width: u32, height: u32, frame: u32, alpha: bool) -> Pixmap {
    let mut pixmap = Pixmap::new(width, height).unwrap();
    for y in 0..height {
        for (x, pixel) in (0..).zip(pixmap.row_mut(y)) {
            let a = if alpha { 128 } else { 255 };
            *pixel = match (x < width / 2, y < height / 2) {
                (true, true) => [255, 0, 0, 255],
                (false, true) => [0, 255, 0, 255],
                (true, false) => [(frame * 8) as u8, 0, 255, 255],
                (false, false) => premultiply([200, 150, 100, a]),
            };
        }
    }
    pixmap
}

/// A picture as H.264 encoders read it.
fn yuv(width: u32, height: u32, frame: u32) -> FilmFrame {
    FilmFrame::of(&picture(width, height, frame, false), Layout::Yuv420)
}

fn film(folder: &Path, id: &str, settings: &FilmSettings, frames: u32) -> PathBuf {
    let codec = codec(id).unwrap();
    let path = folder.join(format!("film.{}", codec.extension));
    let CodecKind::Film(kind) = codec.kind else {
        unreachable!("{id} is for films")
    };
    let mut encoder = FilmEncoder::start(codec, &path, settings).unwrap();
    let mut converted = FilmFrame::default();
    for frame in 0..frames {
        let picture = picture(settings.width, settings.height, frame, codec.alpha);
        converted.convert(&picture, kind.layout);
        encoder.push(&converted).unwrap();
    }
    let encoded = encoder.finish().unwrap();
    assert_eq!(encoded.frames, u64::from(frames));
    assert_eq!(encoded.bytes, std::fs::metadata(&path).unwrap().len());
    assert_eq!(
        std::fs::read_dir(folder).unwrap().count(),
        1,
        "nothing temporary is left"
    );
    path
}

fn info(path: &Path) -> FilmInfo {
    probe_film(path, &Programs::default()).unwrap()
}

/// The first frame as straight RGBA, decoded by the other program.
fn first_frame(path: &Path, width: u32) -> impl Fn(u32, u32) -> [u8; 4] {
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(path)
        .args([
            "-frames:v",
            "1",
            "-vf",
            "scale=in_color_matrix=bt709",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgba",
            "-",
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let pixels = output.stdout.as_chunks::<4>().0.to_vec();
    move |x, y| pixels[(y * width + x) as usize]
}

fn assert_near(got: [u8; 4], want: [u8; 4], tolerance: u8) {
    let near = got.iter().zip(want).all(|(a, b)| a.abs_diff(b) <= tolerance);
    assert!(near, "{got:?}, wanted {want:?}");
}

#[test]
fn h264_has_the_frames_size_rate_tags_and_colours_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = film(folder.path(), "video_h264_vbr_15mbps", &settings(320, 180, 29.97), 30);
    let info = info(&path);
    assert_eq!((info.codec.as_str(), info.pixel_format.as_str()), ("h264", "yuv420p"));
    assert_eq!((info.width, info.height, info.frames), (320, 180, 30));
    assert_eq!(info.frame_rate, "30000/1001");
    assert_eq!(info.color, ["tv", "bt709", "bt709", "bt709"]);
    let at = first_frame(&path, 320);
    assert_near(at(20, 20), [255, 0, 0, 255], 6);
    assert_near(at(300, 20), [0, 255, 0, 255], 6);
    assert_near(at(20, 170), [0, 0, 255, 255], 6);
    assert_near(at(300, 170), [200, 150, 100, 255], 6);
    // Playable while it loads: the index lies before the pictures.
    let bytes = std::fs::read(&path).unwrap();
    let find = |name: &[u8]| bytes.windows(4).position(|w| w == name).unwrap();
    assert!(find(b"moov") < find(b"mdat"));
}

#[test]
fn every_film_codec_makes_a_sound_film_of_an_odd_size() {
    for codec in filmpress_media::encode::codecs().filter(|c| c.id.starts_with("video_")) {
        let folder = tempfile::tempdir().unwrap();
        let path = film(folder.path(), codec.id, &settings(101, 67, 25.0), 5);
        let info = info(&path);
        let size = if codec.extension == "mp4" { (102, 68) } else { (101, 67) };
        assert_eq!(
            (info.width, info.height, info.frames),
            (size.0, size.1, 5),
            "{}",
            codec.id
        );
    }
}

#[test]
fn prores_4444_keeps_straight_colours_and_alpha() {
    let folder = tempfile::tempdir().unwrap();
    let path = film(folder.path(), "video_prores_4444", &settings(320, 180, 24.0), 3);
    let info = info(&path);
    assert_eq!((info.codec.as_str(), info.profile.as_str()), ("prores", "4444"));
    assert!(info.pixel_format.starts_with("yuva444p"), "{}", info.pixel_format);
    assert_eq!(info.color[1..], ["bt709", "bt709", "bt709"]);
    let at = first_frame(&path, 320);
    assert_near(at(20, 20), [255, 0, 0, 255], 4);
    assert_near(at(300, 20), [0, 255, 0, 255], 4);
    assert_near(at(300, 170), [200, 150, 100, 128], 4);
}

#[test]
fn a_repeated_frame_is_a_frame() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    let mut encoder =
        FilmEncoder::start(codec("video_h264_vbr_1mbps").unwrap(), &path, &settings(64, 64, 30.0)).unwrap();
    let frame = yuv(64, 64, 0);
    for _ in 0..10 {
        encoder.push(&frame).unwrap();
    }
    assert_eq!(encoder.finish().unwrap().frames, 10);
    assert_eq!(info(&path).frames, 10);
}

#[test]
fn the_same_frames_give_the_same_bytes() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for id in ["video_h264_vbr_5mbps", "video_prores_4444"] {
        let [a, b] = [0, 1].map(|i| {
            let path = film(folders[i].path(), id, &settings(160, 90, 30.0), 20);
            let bytes = std::fs::read(&path).unwrap();
            std::fs::remove_file(path).unwrap();
            bytes
        });
        assert!(a == b, "{id}");
    }
}

#[test]
fn a_truncated_film_is_unsound() {
    let folder = tempfile::tempdir().unwrap();
    let path = film(folder.path(), "video_h264_vbr_15mbps", &settings(320, 180, 30.0), 30);
    let expected = Expected {
        codec: "h264",
        width: 320,
        height: 180,
        frames: 30,
        frame_rate: FrameRate::new(30.0).unwrap(),
    };
    verify(&path, &expected, &Programs::default()).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for keep in [bytes.len() - 1, bytes.len() - 100, bytes.len() / 2, 40, 0] {
        std::fs::write(&path, &bytes[..keep]).unwrap();
        let error = verify(&path, &expected, &Programs::default()).unwrap_err();
        assert!(
            matches!(error, MediaError::Unsound(_)),
            "{keep} of {}: {error}",
            bytes.len()
        );
    }
    std::fs::write(&path, &bytes).unwrap();
    for wrong in [
        Expected {
            frames: 31,
            ..expected.clone()
        },
        Expected {
            width: 322,
            ..expected.clone()
        },
        Expected {
            codec: "hevc",
            ..expected.clone()
        },
        Expected {
            frame_rate: FrameRate::new(25.0).unwrap(),
            ..expected
        },
    ] {
        assert!(verify(&path, &wrong, &Programs::default()).is_err(), "{wrong:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_encoder_that_dies_is_an_error_and_leaves_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    // A program that reads a little, complains and kills itself, as an encoder out of memory would be killed.
    let program = folder.path().join("dying");
    std::fs::write(
        &program,
        "#!/bin/sh\nhead -c 1000 >/dev/null\necho out of luck >&2\nkill -9 $$\n",
    )
    .unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let mut settings = settings(640, 480, 30.0);
    settings.programs.ffmpeg = program.clone();
    let path = folder.path().join("a.mp4");
    let mut encoder = FilmEncoder::start(codec("video_h264_vbr_5mbps").unwrap(), &path, &settings).unwrap();
    let mut failed = None;
    for frame in 0..50 {
        if let Err(error) = encoder.push(&yuv(640, 480, frame)) {
            failed = Some(error.to_string());
            break;
        }
    }
    let error = failed.unwrap();
    assert!(error.contains("out of luck") && error.contains("signal: 9"), "{error}");
    drop(encoder);
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(names, ["dying"]);
}

#[cfg(unix)]
#[test]
fn an_encoder_that_does_not_read_can_be_ended_from_outside() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("deaf");
    std::fs::write(&program, "#!/bin/sh\nexec sleep 1000\n").unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let mut settings = settings(640, 480, 30.0);
    settings.programs.ffmpeg = program;
    let h264 = codec("video_h264_vbr_5mbps").unwrap();
    let mut encoder = FilmEncoder::start(h264, &folder.path().join("a.mp4"), &settings).unwrap();
    let killer = encoder.killer();
    let writer = std::thread::spawn(move || (0..100).try_for_each(|i| encoder.push(&yuv(640, 480, i))));
    assert!(!writer.is_finished());
    killer.kill();
    let error = writer.join().unwrap().unwrap_err().to_string();
    assert!(error.contains("signal: 9"), "{error}");
}

#[test]
fn faults_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    let h264 = codec("video_h264_vbr_5mbps").unwrap();
    let mut missing = settings(64, 64, 30.0);
    missing.programs.ffmpeg = PathBuf::from("no-such-encoder");
    let error = FilmEncoder::start(h264, &path, &missing).err().unwrap().to_string();
    assert!(
        error.contains("`no-such-encoder`") && error.contains("install ffmpeg"),
        "{error}"
    );
    let good = settings(64, 64, 30.0);
    let mut encoder = FilmEncoder::start(h264, &path, &good).unwrap();
    let error = encoder.push(&yuv(32, 32, 0)).unwrap_err().to_string();
    assert!(error.contains("32x32") && error.contains("64x64"), "{error}");
    let rgba = FilmFrame::of(&picture(64, 64, 0, false), Layout::StraightRgba);
    let error = encoder.push(&rgba).unwrap_err().to_string();
    assert!(error.contains("StraightRgba") && error.contains("Yuv420"), "{error}");
    assert!(encoder.finish().unwrap_err().to_string().contains("at least one frame"));
    let png = codec("image_png").unwrap();
    assert!(
        FilmEncoder::start(png, &path, &good)
            .err()
            .unwrap()
            .to_string()
            .contains("image_png")
    );
    // Too large for the encoder: its own words come through.
    let mut encoder = FilmEncoder::start(h264, &path, &settings(20_000, 2, 30.0)).unwrap();
    let pushed = encoder.push(&yuv(20_000, 2, 0));
    let error = pushed
        .err()
        .unwrap_or_else(|| encoder.finish().unwrap_err())
        .to_string();
    assert!(error.contains("ffmpeg ended with") && error.len() > 40, "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn frames_are_read_back_in_any_order() {
    use filmpress_media::decode::{Alpha, Film, container};
    let folder = tempfile::tempdir().unwrap();
    for (id, alpha) in [("video_h264_vbr_15mbps", false), ("video_prores_4444", true)] {
        let path = film(folder.path(), id, &settings(320, 180, 29.97), 90);
        let head = std::fs::read(&path).unwrap();
        let film = Film::open(&path, container(&head).unwrap(), Alpha::Straight, &Programs::default()).unwrap();
        let footage = film.footage();
        assert_eq!((footage.width, footage.height), (320, 180));
        assert!((footage.duration - 90.0 / 29.97).abs() < 0.02, "{footage:?}");
        // Forwards, back within what is kept, a jump back, a jump ahead, beyond the end.
        for frame in [0u32, 1, 2, 5, 4, 3, 20, 1, 80, 81, 30, 89, 200] {
            let picture = film.at(f64::from(frame) / footage.frame_rate).unwrap();
            let [red, ..] = picture.row(170)[20];
            let want = (frame.min(89) * 8) as u8;
            assert!(
                red.abs_diff(want) <= 3,
                "{id}: frame {frame} has red {red}, wanted {want}"
            );
            let corner = picture.row(170)[300];
            assert_near(
                corner,
                if alpha {
                    [100, 75, 50, 128]
                } else {
                    [200, 150, 100, 255]
                },
                6,
            );
        }
        std::fs::remove_file(path).unwrap();
    }
    assert_eq!(container(b"#EXTM3U\nhttp://127.0.0.1/"), None);
    let fake = folder.path().join("fake.mp4");
    std::fs::write(&fake, b"\0\0\0\x18ftypisom nothing follows").unwrap();
    let error = Film::open(&fake, "mov", Alpha::Straight, &Programs::default()).unwrap_err();
    assert!(matches!(error, MediaError::Malformed { .. }), "{error}");
}
