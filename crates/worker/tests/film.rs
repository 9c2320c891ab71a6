//! A template through the whole of reading, staging, drawing and writing.
#![allow(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use filmpress_composition::lookup::main_composition;
use filmpress_media::decode::{Alpha, still};
use filmpress_media::encode::codec;
use filmpress_media::{Programs, probe_film};
use filmpress_pixels::Pixmap;
use filmpress_render::Cache;
use filmpress_worker::film::{Background, FilmError, FilmRequest, Finished, Frames, Output, codec_for, draw};
use filmpress_worker::stage::{Stage, Surroundings};

/// A red square that moves to the right by ten pixels a frame over a black composition of 100 x 50, ten frames.
const TEMPLATE: &str = r#"{"v":"5.7.0","fr":10,"ip":0,"op":10,"w":100,"h":50,"nm":"Main","assets":[],"layers":[
    {"ind":1,"ty":4,"nm":"Square","ip":0,"op":10,"st":0,"sr":1,"bm":0,
     "ks":{"o":{"a":0,"k":100},"r":{"a":0,"k":0},"a":{"a":0,"k":[0,0,0]},"s":{"a":0,"k":[100,100,100]},
       "p":{"a":1,"k":[{"t":0,"s":[5,5,0],"o":{"x":0.167,"y":0.167},"i":{"x":0.833,"y":0.833}},{"t":9,"s":[95,5,0]}]}},
     "shapes":[{"ty":"gr","nm":"G","it":[
       {"ty":"rc","nm":"R","d":1,"s":{"a":0,"k":[10,10]},"p":{"a":0,"k":[0,0]},"r":{"a":0,"k":0}},
       {"ty":"fl","nm":"F","c":{"a":0,"k":[1,0,0,1]},"o":{"a":0,"k":100},"r":1},
       {"ty":"tr","p":{"a":0,"k":[0,0]},"a":{"a":0,"k":[0,0]},"s":{"a":0,"k":[100,100]},"r":{"a":0,"k":0},"o":{"a":0,"k":100}}
     ]}]}]}"#;

fn stage() -> Stage {
    let template = filmpress_formats::read(TEMPLATE.as_bytes(), "square.json")
        .unwrap()
        .value;
    let main = main_composition(&template.project, None, template.main_composition).unwrap();
    let staged = Stage::new(&template.project, main, &Surroundings::default()).unwrap();
    assert!(staged.warnings.is_empty(), "{:?}", staged.warnings);
    staged.value
}

fn request(output: Output) -> FilmRequest {
    let (Output::File(path) | Output::Numbered(path) | Output::Archive(path)) = &output;
    let extension = path.extension().unwrap().to_str().unwrap();
    FilmRequest {
        profile: false,
        frames: Frames::All,
        size: None,
        background: Background::Automatic,
        threads: 2,
        codec: codec_for(extension).unwrap_or_else(|| codec("image_png").unwrap()),
        output,
        draft: false,
        programs: Programs::default(),
    }
}

fn run(request: &FilmRequest) -> Result<Finished, FilmError> {
    draw(&stage(), request, &Cache::default(), &AtomicBool::new(false), |_| {}).map(|finished| finished.value)
}

fn picture(path: &Path) -> Pixmap {
    still(&std::fs::read(path).unwrap(), Alpha::Straight).unwrap()
}

const RED: [u8; 4] = [255, 0, 0, 255];

#[test]
fn a_film_and_its_progress() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/a.mp4");
    let mut seen = Vec::new();
    let never = AtomicBool::new(false);
    let finished = draw(
        &stage(),
        &request(Output::File(path.clone())),
        &Cache::default(),
        &never,
        |p| {
            assert_eq!(p.total, 10);
            seen.push(p.done);
        },
    );
    assert_eq!(seen, (1..=10).collect::<Vec<_>>());
    let finished = finished.unwrap().value;
    assert_eq!(
        (finished.frames, finished.size, &finished.files),
        (10, (100, 50), &vec![path.clone()])
    );
    let info = probe_film(&path, &Programs::default()).unwrap();
    assert_eq!(
        (info.frames, info.width, info.height, info.frame_rate.as_str()),
        (10, 100, 50, "10/1")
    );
}

#[test]
fn stills_have_the_numbers_of_their_frames() {
    let folder = tempfile::tempdir().unwrap();
    let mut request = request(Output::from_path(&folder.path().join("out/%05d.png")));
    request.frames = Frames::List(vec![7, 0]);
    let finished = run(&request).unwrap();
    let names: Vec<_> = finished
        .files
        .iter()
        .map(|p| p.file_name().unwrap().to_str().unwrap())
        .collect();
    assert_eq!(names, ["00007.png", "00000.png"]);
    let (seventh, first) = (picture(&finished.files[0]), picture(&finished.files[1]));
    assert_eq!((first.row(5)[5], first.row(5)[75]), (RED, [0; 4]));
    assert_eq!((seventh.row(5)[5], seventh.row(5)[75]), ([0; 4], RED));
    assert_eq!(std::fs::read_dir(folder.path().join("out")).unwrap().count(), 2);
}

#[test]
fn backgrounds_and_sizes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    let mut request = request(Output::File(path.clone()));
    request.frames = Frames::Range(0, 0);
    let corner = |request: &FilmRequest| {
        run(request).unwrap();
        *picture(&path).row(40).last().unwrap()
    };
    assert_eq!(corner(&request), [0; 4]);
    request.background = Background::Color([1, 2, 3]);
    assert_eq!(corner(&request), [1, 2, 3, 255]);
    request.background = Background::Composition;
    assert_eq!(corner(&request)[3], 255);
    request.size = Some((200, 200));
    run(&request).unwrap();
    let fitted = picture(&path);
    assert_eq!((fitted.width(), fitted.height()), (200, 200));
    // Twice the size, centred: the square is at 0..20, 50..70.
    assert_eq!(fitted.row(60)[10], RED);
    assert_ne!(fitted.row(40)[10], RED);
}

#[test]
fn an_archive_holds_every_frame_of_its_range() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.zip");
    let mut request = request(Output::from_path(&path));
    request.frames = Frames::Range(3, 5);
    assert_eq!(run(&request).unwrap().files, std::slice::from_ref(&path));
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
    let names: Vec<_> = (0..archive.len())
        .map(|i| archive.by_index(i).unwrap().name().unwrap().into_owned())
        .collect();
    assert_eq!(names, ["00003.png", "00004.png", "00005.png"]);
}

#[test]
fn threads_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let [one, three] = [1, 3].map(|threads| {
        let mut request = request(Output::from_path(&folder.path().join(format!("{threads}/%d.png"))));
        request.threads = threads;
        run(&request).unwrap().files
    });
    assert_eq!(one.len(), 10);
    for (a, b) in one.iter().zip(&three) {
        assert!(
            std::fs::read(a).unwrap() == std::fs::read(b).unwrap(),
            "{}",
            a.display()
        );
    }
}

#[test]
fn stopping_leaves_nothing_and_faults_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let stop = AtomicBool::new(false);
    let film = request(Output::File(folder.path().join("a.mp4")));
    let result = draw(&stage(), &film, &Cache::default(), &stop, |progress| {
        if progress.done == 3 {
            stop.store(true, Ordering::Relaxed);
        }
    });
    assert!(matches!(result, Err(FilmError::Cancelled)));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let error = |request: &FilmRequest| run(request).unwrap_err().to_string();
    let many = request(Output::File(folder.path().join("a.png")));
    assert!(error(&many).contains("10 frames do not fit into one picture"));
    let beyond = FilmRequest {
        frames: Frames::List(vec![10]),
        ..film.clone()
    };
    assert_eq!(
        error(&beyond),
        "there is no frame 10; the composition has frames 0 to 9"
    );
    let huge = FilmRequest {
        size: Some((40_000, 10)),
        ..film
    };
    assert!(error(&huge).contains("40000x10"));
}
