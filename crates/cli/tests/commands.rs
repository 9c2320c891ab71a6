//! The program as its users call it.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn filmpress(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_filmpress"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn name_card() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join("templates/name-card/name-card.json").display().to_string()
}

fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Width and height from a PNG's header.
fn png_size(path: &Path) -> (u32, u32) {
    let bytes = std::fs::read(path).unwrap();
    assert!(bytes.starts_with(b"\x89PNG"), "{}", path.display());
    let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
    (side(16), side(20))
}

#[test]
fn errors_are_one_line_and_exit_codes_tell_failure_from_usage() {
    let card = name_card();
    let cases: &[(&[&str], i32, &str)] = &[
        (&["inspect", "no-such-file.aep"], 1, "no-such-file.aep"),
        (&["render", &card, "--output", "x.gif"], 2, ".mp4, .mov, .png or .jpg"),
        (
            &["render", &card, "--output", "x.png", "--composition", "Pannel"],
            1,
            "did you mean `Panel`?",
        ),
        (
            &["render", &card, "--output", "x.png", "--frames", "9999"],
            2,
            "frames 0 to 209",
        ),
        (&["inspect", env!("CARGO_MANIFEST_DIR")], 1, "is a folder"),
        (
            &["inspect", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")],
            1,
            "is not a template",
        ),
    ];
    for (arguments, code, words) in cases {
        let output = filmpress(arguments);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(*code), "{arguments:?}: {error}");
        assert_eq!(error.trim_end().lines().count(), 1, "{error}");
        assert!(error.starts_with("error: ") && error.contains(words), "{error}");
    }
    assert_eq!(
        filmpress(&["render"]).status.code(),
        Some(2),
        "clap's own errors are usage"
    );
    assert_eq!(filmpress(&["--version"]).status.code(), Some(0));
}

#[test]
fn numbered_pictures_carry_their_frames_numbers() {
    let folder = scratch("numbered");
    let pattern = folder.join("frames/%05d.png").display().to_string();
    let output = filmpress(&[
        "render",
        &name_card(),
        "--frames",
        "0,120",
        "--size",
        "160x100",
        "--output",
        &pattern,
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let mut names: Vec<_> = std::fs::read_dir(folder.join("frames"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["00000.png", "00120.png"]);
    assert_eq!(png_size(&folder.join("frames/00120.png")), (160, 100));
    let frame = |name: &str| std::fs::read(folder.join("frames").join(name)).unwrap();
    assert_ne!(frame("00000.png"), frame("00120.png"));
}

#[test]
fn one_thread_and_two_draw_the_same() {
    let folder = scratch("threads");
    for threads in ["1", "2"] {
        let pattern = folder.join(threads).join("%d.png").display().to_string();
        let arguments = [
            "render",
            &name_card(),
            "--frames",
            "30-33,60",
            "--size",
            "320x180",
            "--threads",
            threads,
        ];
        let output = filmpress(&[&arguments[..], &["--output", &pattern]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
    }
    for frame in ["30", "31", "32", "33", "60"] {
        let read = |threads: &str| std::fs::read(folder.join(threads).join(format!("{frame}.png"))).unwrap();
        assert_eq!(read("1"), read("2"), "frame {frame}");
    }
}

#[test]
fn a_job_changes_the_picture_and_a_missing_layer_ends_it() {
    let folder = scratch("job");
    let job = folder.join("job.json");
    std::fs::copy(
        Path::new(&name_card()).with_file_name("demo-logo.png"),
        folder.join("logo.png"),
    )
    .unwrap();
    std::fs::write(
        &job,
        r##"{"template": {"id": "any"}, "assets": [
            {"type": "text", "layerName": "Name", "value": "Grace Hopper"},
            {"type": "data", "layerName": "Accent", "property": "Color", "value": "#2f9e6e"},
            {"type": "image", "layerName": "Logo", "src": "logo.png"}]}"##,
    )
    .unwrap();
    let draw = |name: &str, more: &[&str]| {
        let out = folder.join(name).display().to_string();
        let card = name_card();
        let arguments = [
            "render", &card, "--frames", "120", "--size", "320x180", "--output", &out,
        ];
        filmpress(&[&arguments[..], more].concat())
    };
    let job = job.display().to_string();
    assert!(draw("plain.png", &[]).status.success());
    let output = draw("job.png", &["--job", &job]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    assert_ne!(read("plain.png"), read("job.png"));

    std::fs::write(
        &job,
        r#"{"assets": [{"type": "text", "layerName": "Nmae", "value": "x"}]}"#,
    )
    .unwrap();
    let output = draw("missing.png", &["--job", &job]);
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(
        error.contains("Couldn't find any layers by provided name (Nmae) inside a composition: *")
            && error.contains("did you mean `Name`?"),
        "{error}"
    );
    assert!(!folder.join("missing.png").exists());

    std::fs::write(
        &job,
        r#"{"assets": [{"type": "audio", "layerName": "Name", "src": "a.mp3"}]}"#,
    )
    .unwrap();
    let error = text(&draw("refused.png", &["--job", &job]).stderr);
    assert!(
        error.contains("assets[0].type") && error.contains("not supported yet"),
        "{error}"
    );
}

#[test]
fn a_film_has_the_frames_asked_for() {
    let folder = scratch("film");
    let out = folder.join("clip.mp4").display().to_string();
    let output = filmpress(&[
        "render",
        &name_card(),
        "--frames",
        "60-71",
        "--size",
        "320x180",
        "--output",
        &out,
    ]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(
        text(&output.stdout).contains("12 frames of 320x180"),
        "{}",
        text(&output.stdout)
    );
    let probe = Command::new("ffprobe")
        .args(["-v", "error", "-count_packets", "-of", "csv=p=0", "-show_entries"])
        .args(["stream=codec_name,width,height,nb_read_packets", &out])
        .output()
        .unwrap();
    assert_eq!(text(&probe.stdout).trim(), "h264,320,180,12");
}

#[test]
fn inspect_speaks_to_people_and_to_programs() {
    let card = name_card();
    let shown = text(&filmpress(&["inspect", &card]).stdout);
    for words in [
        "Name card  1920x1080, 30 fps, 7 s (210 frames)",
        "Panel",
        "NotoSans-Bold",
        "logo.png",
    ] {
        assert!(shown.contains(words), "{words} is missing in:\n{shown}");
    }
    let json: serde_json::Value = serde_json::from_slice(&filmpress(&["inspect", &card, "--json"]).stdout).unwrap();
    assert_eq!(json["schema"], 2);
    assert_eq!(json["mainComposition"], "Name card");
    let texts = json["texts"].as_array().unwrap();
    assert!(
        texts
            .iter()
            .any(|t| t["layer"] == "Role" && t["font"] == "NotoSans-Regular")
    );
    let layers = json["compositions"][0]["layers"].as_array().unwrap();
    let name = layers.iter().find(|layer| layer["name"] == "Name").unwrap();
    assert_eq!(
        (&name["trackMatte"]["kind"], &name["kind"]),
        (&"alpha".into(), &"text".into())
    );
    assert!(
        name["animated"]
            .as_array()
            .unwrap()
            .contains(&"Transform.Position".into())
    );
}

#[test]
fn inspect_tells_what_counts_first_and_strict_fails_on_what_is_missing() {
    let card = name_card();
    let shown = text(&filmpress(&["inspect", &card]).stdout);
    let head: Vec<&str> = shown.lines().take_while(|line| !line.is_empty()).collect();
    assert!(
        head.iter().any(|l| l.contains("To fill  2 texts, 1 media slot")),
        "{shown}"
    );
    assert!(head.iter().any(|l| l.starts_with("  Verdict")), "{shown}");
    assert!(!shown.contains('\u{1b}'), "no colours in a pipe");
    // One composition of several.
    let panel = text(&filmpress(&["inspect", &card, "--composition", "Panel", "--json"]).stdout);
    let panel: serde_json::Value = serde_json::from_str(&panel).unwrap();
    assert_eq!(panel["compositions"].as_array().unwrap().len(), 1);
    assert!(panel["texts"].as_array().unwrap().is_empty());
    let wrong = filmpress(&["inspect", &card, "--composition", "Pannel"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stderr).contains("`Panel`"));
    // A font nobody has, footage that is not there.
    let folder = scratch("strict");
    let template = folder.join("made-up.json");
    let lottie = serde_json::json!({"v": "5.9.0", "fr": 25, "ip": 0, "op": 50, "w": 100, "h": 100, "nm": "Main",
        "assets": [{"id": "i", "w": 10, "h": 10, "u": "images/", "p": "logo.png", "e": 0}],
        "layers": [{"ty": 2, "ind": 1, "nm": "Logo", "refId": "i", "ip": 0, "op": 50, "st": 0, "ks": {}}]});
    std::fs::write(&template, lottie.to_string()).unwrap();
    let template = template.display().to_string();
    let fine = filmpress(&["inspect", &template]);
    assert_eq!(fine.status.code(), Some(0));
    assert!(
        text(&fine.stdout).contains("1 missing: logo.png"),
        "{}",
        text(&fine.stdout)
    );
    let strict = filmpress(&["inspect", &template, "--strict"]);
    assert_eq!(strict.status.code(), Some(1));
    assert!(
        text(&strict.stderr).contains("Main: missing: footage `logo.png`"),
        "{}",
        text(&strict.stderr)
    );
    let folder = folder.join("images");
    std::fs::create_dir_all(&folder).unwrap();
    let logo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/name-card/demo-logo.png");
    std::fs::copy(logo, folder.join("LOGO.png")).unwrap();
    let found = filmpress(&["inspect", &template, "--strict"]);
    assert_eq!(found.status.code(), Some(0), "{}", text(&found.stderr));
    assert!(
        text(&found.stdout).contains("found: images/LOGO.png"),
        "{}",
        text(&found.stdout)
    );
}

#[test]
fn the_property_tree_shows_match_names_values_and_paths() {
    let card = name_card();
    let tree = text(
        &filmpress(&[
            "inspect",
            &card,
            "--tree",
            "--composition",
            "Name card",
            "--layer",
            "Name",
        ])
        .stdout,
    );
    for line in [
        "  10 Name (text)",
        "      Source Text [ADBE Text Document] = \"Your Name\" NotoSans-Bold 112  -- Text.Source Text",
        "    Transform [ADBE Transform Group]",
    ] {
        assert!(tree.lines().any(|l| l == line), "{line} is missing in:\n{tree}");
    }
    assert!(tree.contains(" keyframes, "), "{tree}");
    let by_index = filmpress(&[
        "inspect",
        &card,
        "--tree",
        "--composition",
        "Name card",
        "--layer",
        "10",
    ]);
    assert_eq!(text(&by_index.stdout), tree);
    let wrong = filmpress(&["inspect", &card, "--tree", "--layer", "Nmae"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stderr).contains("layer `Nmae` not found"));
}

/// What `bench` prints, in one pass on so many threads.
fn bench(threads: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_filmpress"))
        .args(["bench", &name_card(), "--size", "96x54", "--threads", threads])
        .env("BENCH_SECS", "0")
        .output()
        .unwrap();
    text(&output.stdout)
}

#[test]
fn bench_ends_in_one_line_of_json() {
    let shown = bench("1");
    let json: serde_json::Value = serde_json::from_str(shown.trim_end().lines().last().unwrap()).unwrap();
    assert_eq!(json["frames"], 210, "every frame of the composition, once");
    assert!(json["secs"].as_f64().unwrap() > 0.0 && json["cpu"].as_f64().unwrap() >= 0.0);
}

#[test]
fn bench_compares_numbers_of_threads() {
    let shown = bench("1,2");
    assert!(shown.contains("2 threads draw "), "{shown}");
    let lines: Vec<serde_json::Value> = shown
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let threads: Vec<_> = lines.iter().map(|line| (&line["threads"], &line["frames"])).collect();
    assert_eq!(serde_json::json!(threads), serde_json::json!([[1, 210], [2, 210]]));
}

#[test]
fn a_profile_names_layers_and_accounts_for_all_frames() {
    let folder = scratch("profile");
    let pattern = folder.join("%05d.png").display().to_string();
    let output = filmpress(&[
        "render",
        &name_card(),
        "--profile",
        "--threads",
        "1",
        "--frames",
        "30,31,60",
        "--output",
        &pattern,
    ]);
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said} {}", text(&output.stderr));
    assert!(said.contains("3 frames, 3 of them drawn"), "{said}");
    // A layer of a nested composition, by its composition's name.
    assert!(said.lines().any(|line| line.contains("%  Panel > ")), "{said}");
    let shares: f64 = said
        .lines()
        .filter_map(|line| {
            line.split_once(" %  ")?
                .0
                .split_whitespace()
                .last()?
                .parse::<f64>()
                .ok()
        })
        .sum();
    assert!((shares - 100.0).abs() < 1.5, "{shares} of {said}");
}
