//! Text set with the fonts of this machine; skipped, visibly, where the usual ones are not installed.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a skipped test says so; what only tests call fails the test"
)]

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use filmpress_composition::{
    BezierPath, BoxAlignment, Caps, CharacterStyle, Diagnostics, Glyph, Justification, ParagraphRun, ParagraphStyle,
    Place, StyleRun, TextBox, TextDocument,
};
use filmpress_evaluate::frame::Node;
use filmpress_evaluate::text::{
    AnchorGrouping, Animator, AnimatorProperties, FontBook, FontSource, MoreOptions, RangeSelector, Resolved, Selector,
    SetText, TextLayout, Typesetter, animate,
};
use skrifa::MetadataProvider;
use skrifa::instance::{LocationRef, Size};

fn sources(dir: &Path, into: &mut Vec<FontSource>) {
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "ttf") {
            let name = entry.file_name().to_string_lossy().into_owned();
            into.push(FontSource::installed(
                name,
                Arc::new(move |from, length| {
                    let mut bytes = Vec::new();
                    let mut file = std::fs::File::open(&path).ok()?;
                    file.seek(SeekFrom::Start(from)).ok()?;
                    file.take(length as u64).read_to_end(&mut bytes).ok()?;
                    Some(bytes)
                }),
            ));
        }
    }
}

/// The fonts of this machine if Noto Sans and Liberation are among them.
fn book() -> Option<FontBook> {
    static BOOK: std::sync::OnceLock<Option<FontBook>> = std::sync::OnceLock::new();
    BOOK.get_or_init(|| {
        let mut list = Vec::new();
        sources(Path::new("/usr/share/fonts"), &mut list);
        let book = FontBook::new(list);
        let has = |name: &str| book.faces().any(|face| face.post_script_name == name);
        let usual = has("NotoSans-Regular") && has("NotoSans-Bold") && has("LiberationSans");
        if !usual {
            println!("skipped: Noto Sans and Liberation Sans are not installed");
        }
        usual.then_some(book)
    })
    .clone()
}

fn style(font: &str, size: f64) -> CharacterStyle {
    CharacterStyle {
        font: font.to_owned(),
        size,
        ..CharacterStyle::default()
    }
}

fn document(text: &str, style: CharacterStyle) -> TextDocument {
    TextDocument {
        text: text.to_owned(),
        runs: vec![StyleRun {
            length: text.chars().count(),
            style,
        }],
        ..TextDocument::default()
    }
}

fn justified(mut document: TextDocument, justification: Justification) -> TextDocument {
    document.paragraphs = vec![ParagraphRun {
        length: usize::MAX,
        style: ParagraphStyle {
            justification,
            ..ParagraphStyle::default()
        },
    }];
    document
}

fn set(book: &FontBook, document: TextDocument) -> Arc<SetText> {
    Typesetter::new(book, &[]).set(&Arc::new(document))
}

fn lines(set: &SetText) -> Vec<(f64, f64, f64)> {
    set.layout.lines.iter().map(|l| (l.left, l.baseline, l.width)).collect()
}

fn messages(set: &SetText) -> Vec<String> {
    let mut all = Diagnostics::new();
    set.report(&Place::default(), &mut all);
    all.iter().map(|d| d.message.clone()).collect()
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-3, "{a} is not {b}");
}

/// The sum of the advances of `text` by the font's own metrics, without kerning, in pixels.
fn advances(file: &str, text: &str, size: f32) -> Option<f64> {
    let bytes = std::fs::read(file).ok()?;
    let font = skrifa::FontRef::new(&bytes).ok()?;
    let metrics = font.glyph_metrics(Size::new(size), LocationRef::default());
    let sum = text
        .chars()
        .map(|c| font.charmap().map(c).and_then(|g| metrics.advance_width(g)));
    sum.map(|a| a.map(f64::from)).sum()
}

#[test]
fn fonts_are_found_by_name_family_and_kind() {
    let Some(book) = book() else { return };
    let found = |style: &CharacterStyle| match book.resolve(style) {
        Resolved::Found { font, .. } => font,
        other => panic!("{style:?}: {other:?}"),
    };
    for name in ["NotoSans-Bold", "notosans bold", "Noto Sans Bold"] {
        assert_eq!(found(&style(name, 10.0)), "NotoSans-Bold");
    }
    let by_family = CharacterStyle {
        font_family: "Noto Sans".to_owned(),
        font_style: "Bold Italic".to_owned(),
        ..style("F1", 10.0)
    };
    assert_eq!(found(&by_family), "NotoSans-BoldItalic");

    let by = |name: &str| match book.resolve(&style(name, 10.0)) {
        Resolved::Substituted { by } => by,
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(by("ArialMT"), "LiberationSans");
    assert_eq!(by("Arial-BoldItalicMT"), "LiberationSans-BoldItalic");
    assert_eq!(by("Helvetica"), "LiberationSans");
    assert_eq!(by("TimesNewRomanPS-BoldMT"), "LiberationSerif-Bold");
    assert_eq!(by("CourierNewPSMT"), "LiberationMono");
    assert_eq!(by("Montserrat-ExtraBold"), "NotoSans-Bold");
    assert_eq!(by("NotoSans-Black"), "NotoSans-Bold");
    assert_eq!(by("Whatever"), "NotoSans-Regular");
    assert_eq!(FontBook::default().resolve(&style("ArialMT", 1.0)), Resolved::Missing);
}

#[test]
fn a_line_is_as_wide_as_its_advances_and_tracking() {
    let Some(book) = book() else { return };
    let file = "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf";
    let Some(expected) = advances(file, "Hnnm 05", 100.0) else {
        println!("skipped: {file} is not there");
        return;
    };
    let plain = set(&book, document("Hnnm 05", style("NotoSans-Regular", 100.0)));
    assert_eq!(messages(&plain), Vec::<String>::new());
    close(plain.layout.lines[0].width, expected);
    close(plain.layout.lines[0].baseline, 0.0);
    // The pen of the second letter stands one advance further.
    close(
        plain.layout.glyphs[1].origin.x,
        advances(file, "H", 100.0).unwrap_or_default(),
    );

    let mut tracked = style("NotoSans-Regular", 100.0);
    tracked.tracking = 50.0;
    tracked.horizontal_scale = 0.5;
    let tracked = set(&book, document("Hnnm 05", tracked));
    close(tracked.layout.lines[0].width, 0.5 * (expected + 7.0 * 5.0));
}

#[test]
fn lines_follow_the_leading_and_justification() {
    let Some(book) = book() else { return };
    let text = document("One\rTwo three\u{3}x", style("NotoSans-Regular", 50.0));
    let left = lines(&set(&book, text.clone()));
    assert_eq!(left.len(), 3);
    for (i, line) in left.iter().enumerate() {
        close(line.0, 0.0);
        close(line.1, 60.0 * i as f64);
    }
    for (i, line) in lines(&set(&book, justified(text.clone(), Justification::Center)))
        .iter()
        .enumerate()
    {
        close(line.0, -left[i].2 / 2.0);
    }
    for line in lines(&set(&book, justified(text.clone(), Justification::Right))) {
        close(line.0, -line.2);
    }
    // A larger run in a line moves that line down, not the ones before.
    let mut mixed = text;
    let mut big = style("NotoSans-Bold", 100.0);
    big.leading = Some(150.0);
    mixed.runs = vec![
        StyleRun {
            length: 4,
            style: style("NotoSans-Regular", 50.0),
        },
        StyleRun { length: 5, style: big },
        StyleRun {
            length: 5,
            style: style("NotoSans-Regular", 50.0),
        },
    ];
    let mixed = lines(&set(&book, mixed));
    close(mixed[1].1, 150.0);
    close(mixed[2].1, 210.0);
}

fn boxed(text: &str, width: f64, height: f64, alignment: BoxAlignment) -> TextDocument {
    TextDocument {
        frame: Some(TextBox {
            left: 10.0,
            top: 20.0,
            width,
            height,
            alignment,
            ..TextBox::default()
        }),
        ..document(text, style("NotoSans-Regular", 40.0))
    }
}

fn shown(layout: &TextLayout, text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let line = |line: &filmpress_evaluate::text::Line| characters[line.characters.clone()].iter().collect();
    layout.lines.iter().map(line).collect()
}

#[test]
fn box_text_wraps_between_words_and_drops_what_does_not_fit() {
    let Some(book) = book() else { return };
    let text = "The quick brown fox jumps over the lazy dog";
    let all = set(&book, boxed(text, 260.0, 1000.0, BoxAlignment::Top));
    let wrapped = shown(&all.layout, text);
    assert!(wrapped.len() >= 3, "{wrapped:?}");
    assert_eq!(wrapped.concat(), text);
    assert!(wrapped[..wrapped.len() - 1].iter().all(|line| line.ends_with(' ')));
    assert!(all.layout.lines.iter().all(|line| line.width <= 260.0));
    let bounds = all.layout.bounds().unwrap();
    // The `d`s and `h`s of the first line touch the top.
    assert!((bounds.y0 - 20.0).abs() < 1.0, "{bounds:?}");
    assert!(bounds.x0 >= 5.0 && bounds.x1 <= 272.0, "{bounds:?}");

    let cut = set(&book, boxed(text, 260.0, 90.0, BoxAlignment::Top));
    assert_eq!(cut.layout.lines.len(), 2);
    assert!(messages(&cut)[0].contains("does not fit"));
    assert!(cut.layout.glyphs.iter().all(|glyph| glyph.line < 2));

    let bottom = set(&book, boxed("xyz", 260.0, 1000.0, BoxAlignment::Bottom));
    let last = bottom.layout.lines[0].baseline;
    assert!(last > 980.0 && last < 1020.0, "{last}");

    let full = justified(
        boxed(text, 260.0, 1000.0, BoxAlignment::Top),
        Justification::FullLastLeft,
    );
    let full = set(&book, full);
    let (last, before) = full.layout.lines.split_last().unwrap();
    assert!(before.iter().all(|line| (line.width - 260.0).abs() < 1e-6));
    assert!(last.width < 260.0);

    // A word wider than the box is broken, letter by letter if need be.
    let narrow = set(&book, boxed("Word", 1.0, 1000.0, BoxAlignment::Top));
    assert_eq!(narrow.layout.lines.len(), 4);
}

#[test]
fn caps_scale_and_shift_change_what_is_shown() {
    let Some(book) = book() else { return };
    let with = |change: &dyn Fn(&mut CharacterStyle)| {
        let mut look = style("NotoSans-Regular", 100.0);
        change(&mut look);
        set(&book, document("ab", look)).layout.bounds().unwrap()
    };
    let upper = set(&book, document("AB", style("NotoSans-Regular", 100.0)));
    let upper = upper.layout.bounds().unwrap();
    assert_eq!(with(&|s| s.caps = Caps::All), upper);
    close(with(&|s| s.caps = Caps::Small).height(), upper.height() * 0.7);
    let plain = with(&|_| {});
    close(with(&|s| s.vertical_scale = 2.0).height(), plain.height() * 2.0);
    close(with(&|s| s.baseline_shift = 30.0).y1, plain.y1 - 30.0);
    assert!(with(&|s| s.faux_italic = true).x1 > plain.x1 + 5.0);
}

#[test]
fn pairs_are_kerned_and_letters_joined_only_when_asked() {
    let Some(book) = book() else { return };
    let with = |text: &str, change: &dyn Fn(&mut CharacterStyle)| {
        let mut look = style("NotoSans-Regular", 100.0);
        change(&mut look);
        set(&book, document(text, look)).layout.clone()
    };
    let kerned = with("AVAVAV", &|_| {}).lines[0].width;
    let plain = with("AVAVAV", &|s| s.kerning = false).lines[0].width;
    assert!(kerned < plain - 1.0, "{kerned} {plain}");
    let glyphs = |change: &dyn Fn(&mut CharacterStyle)| with("ffi", change).glyphs.len();
    assert_eq!(glyphs(&|_| {}), 3);
    assert_eq!(glyphs(&|s| s.ligatures = true), 1);
    assert_eq!(
        glyphs(&|s| {
            s.ligatures = true;
            s.tracking = 10.0;
        }),
        3
    );
}

#[test]
fn arabic_runs_right_to_left_and_joins() {
    let Some(book) = book() else { return };
    let text = "abc سلام";
    let set = set(&book, document(text, style("NotoSans-Regular", 50.0)));
    assert!(
        messages(&set)[0].contains("NotoSansArabic-Regular"),
        "{:?}",
        messages(&set)
    );
    let x = |c: usize| {
        let glyph = set.layout.glyphs.iter().find(|g| g.characters.contains(&c));
        glyph.map(|g| g.origin.x).unwrap()
    };
    assert!(
        x(0) < x(1) && x(2) < x(7),
        "Latin first, then the end of the Arabic word"
    );
    assert!(x(4) > x(5) && x(5) > x(7), "the Arabic word from the right");
    assert_eq!(set.layout.glyphs.last().map(|g| g.word), Some(1));
}

#[test]
fn fills_and_strokes_are_drawn_in_the_order_asked_for() {
    let Some(book) = book() else { return };
    let mut look = style("NotoSans-Regular", 50.0);
    assert_eq!(set(&book, document("Hello", look.clone())).nodes().len(), 1);
    look.stroke = Some([1.0, 0.0, 0.0, 1.0]);
    look.stroke_width = 3.0;
    let is_stroke = |node: &Node| match node {
        Node::Path(path) => matches!(path.style, filmpress_evaluate::frame::PathStyle::Stroke(_)),
        _ => panic!("not a path"),
    };
    let under = set(&book, document("Hi", look.clone()));
    let under: Vec<bool> = under.nodes().iter().map(is_stroke).collect();
    assert_eq!(under, [true, false, true, false]);
    look.stroke_over_fill = true;
    let over = set(&book, document("Hi", look));
    assert!(!is_stroke(&over.nodes()[0]) && is_stroke(&over.nodes()[1]));
}

#[test]
fn the_template_s_own_glyphs_go_before_fonts() {
    let Some(book) = book() else { return };
    let square = vec![[0.0, 0.0], [50.0, 0.0], [50.0, -50.0], [0.0, -50.0]];
    let glyph = |text: &str| Glyph {
        text: text.to_owned(),
        font_family: "Futura PT".to_owned(),
        font_style: "Demi".to_owned(),
        advance: 60.0,
        outlines: vec![BezierPath::polygon(square.clone(), true)],
    };
    let look = CharacterStyle {
        font_family: "Futura PT".to_owned(),
        font_style: "Demi".to_owned(),
        ..style("FuturaPT-Demi", 200.0)
    };
    let typesetter = Typesetter::new(&book, &[glyph("a"), glyph("b")]);
    let carried = typesetter.set(&Arc::new(document("ab", look.clone())));
    assert_eq!(messages(&carried), Vec::<String>::new());
    close(carried.layout.lines[0].width, 240.0);
    close(carried.layout.bounds().unwrap().x1, 220.0);
    // Other text than the template carries: one font for all of it, and said so.
    let replaced = typesetter.set(&Arc::new(document("abc", look)));
    let said = &messages(&replaced)[0];
    assert!(
        said.contains("`FuturaPT-Demi` is not there") && said.contains("`c`"),
        "{said}"
    );
    assert_eq!(replaced.layout.glyphs.len(), 3);
    // Template glyphs need no font files at all.
    let bare = Typesetter::new(&FontBook::default(), &[glyph("a")]);
    let look = carried.layout.styles[0].clone();
    assert_eq!(bare.set(&Arc::new(document("a a", look))).layout.glyphs.len(), 2);
}

#[test]
fn strange_input_does_no_harm() {
    let odd = [
        "",
        "\r",
        "\r\r\u{3}\r",
        "\u{0}\u{1}\u{7f}",
        "\u{200D}",
        "\u{FE0F}",
        "👩\u{200D}👩\u{200D}👧\u{FE0F}",
        "🇩🇪🏴\u{E0067}",
        "e\u{301}\u{301}\u{301}",
        "\u{301}",
        "\u{202E}abc\u{202C}",
        "नमस्ते क्षि",
        "สวัสดี",
        "日本語テキスト",
        "ﷺ\u{FEFF}",
        "\u{10FFFF}\u{E000}",
        "שלום (abc) 123",
        "a\tb",
        "ß\u{149}ŉ",
    ];
    let books = [Some(FontBook::default()), book()];
    for book in books.iter().flatten() {
        for text in odd {
            for frame in [None, Some(0.0), Some(30.0), Some(f64::NAN)] {
                for size in [0.0, 1e-9, 24.0, 1e9, -5.0, f64::NAN, f64::INFINITY] {
                    let mut look = style("NotoSans-Regular", size);
                    look.caps = Caps::Small;
                    look.stroke = Some([1.0; 4]);
                    look.leading = Some(f64::NAN);
                    let mut text = justified(document(text, look), Justification::Full);
                    text.runs[0].length = 2;
                    text.frame = frame.map(|width| TextBox {
                        left: 0.0,
                        top: 0.0,
                        width,
                        height: 50.0,
                        alignment: BoxAlignment::Center,
                        ..TextBox::default()
                    });
                    let set = set(book, text);
                    let _ = set.nodes();
                    assert!(set.layout.glyphs.iter().all(|g| g.transform.is_finite()));
                }
            }
        }
    }
}

#[test]
fn the_same_fonts_in_any_order_give_the_same_text() {
    let Some(book) = book() else { return };
    let mut list = Vec::new();
    sources(Path::new("/usr/share/fonts"), &mut list);
    list.reverse();
    let other = FontBook::new(list);
    let text = "Ünïcödé नमस्ते سلام ★ ⅔ Ω";
    let digests = |book: &FontBook| {
        let set = set(book, document(text, style("Gotham-Bold", 33.0)));
        set.nodes().iter().map(Node::digest).collect::<Vec<_>>()
    };
    assert_eq!(digests(&book), digests(&other));
}

#[test]
fn ten_thousand_characters_are_set_quickly() {
    let Some(book) = book() else { return };
    let text = "Lorem ipsum dolor sit amet. ".repeat(358);
    let mut page = document(&text, style("NotoSans-Regular", 12.0));
    page.frame = Some(TextBox {
        left: 0.0,
        top: 0.0,
        width: 800.0,
        height: 1e6,
        alignment: BoxAlignment::Top,
        ..TextBox::default()
    });
    let _ = set(&book, document("warm up", style("NotoSans-Regular", 12.0)));
    let start = Instant::now();
    let set = set(&book, page);
    let took = start.elapsed();
    println!(
        "{} glyphs in {} lines: {took:?}",
        set.layout.glyphs.len(),
        set.layout.lines.len()
    );
    assert!(set.layout.lines.len() > 50);
    // Generous: a debug build on a busy machine.
    assert!(took.as_secs() < 5, "{took:?}");
}

/// The boxes of the paths drawn, bottom first, in layer space.
fn boxes(nodes: &[Node]) -> Vec<kurbo::Rect> {
    let path = |node: &Node| match node {
        Node::Path(path) => path.outline.bounds.unwrap(),
        _ => panic!("not a path"),
    };
    nodes.iter().map(path).collect()
}

#[test]
fn animators_move_characters_by_their_share() {
    let Some(book) = book() else { return };
    let text = set(&book, document("ABCD", style("NotoSans-Regular", 100.0)));
    let plain = text.layout.bounds().unwrap();
    let run = |animator: Animator| animate(&text.layout, &[animator], MoreOptions::default(), &[]);
    let properties = |change: &dyn Fn(&mut AnimatorProperties)| {
        let mut properties = AnimatorProperties::default();
        change(&mut properties);
        properties
    };

    // No selector: everything moves.
    let moved = boxes(&run(Animator {
        selectors: Vec::new(),
        properties: properties(&|p| p.position = Some([10.0, -20.0])),
    }));
    assert_eq!(moved.len(), 1);
    close(moved[0].x0, plain.x0 + 10.0);
    close(moved[0].y1, plain.y1 - 20.0);

    // The first half turns half transparent: two looks, two paths.
    let half = RangeSelector {
        end: 50.0,
        ..RangeSelector::default()
    };
    let faded = run(Animator {
        selectors: vec![Selector::Range(half.clone())],
        properties: properties(&|p| p.opacity = Some(0.5)),
    });
    let alpha = |node: &Node| match node {
        Node::Path(path) => match path.paint {
            filmpress_evaluate::frame::Paint::Solid(rgba) => rgba[3],
            filmpress_evaluate::frame::Paint::Gradient(_) => panic!("a gradient"),
        },
        _ => panic!("not a path"),
    };
    assert_eq!(faded.iter().map(alpha).collect::<Vec<_>>(), [0.5, 1.0]);

    // A character scaled to nothing ends in the middle of its place on the baseline.
    let gone = boxes(&run(Animator {
        selectors: Vec::new(),
        properties: properties(&|p| p.scale = Some([0.0, 0.0])),
    }));
    let middle = |i: usize| text.layout.glyphs[i].origin.x + text.layout.glyphs[i].advance / 2.0;
    close(gone[0].x0, middle(0));
    close(gone[0].x1, middle(3));
    close(gone[0].y0, 0.0);

    // Invisible characters are not drawn at all.
    let hidden = run(Animator {
        selectors: vec![Selector::Range(half)],
        properties: properties(&|p| p.opacity = Some(0.0)),
    });
    assert_eq!(hidden.len(), 1);
    assert!(boxes(&hidden)[0].x0 > middle(1));
}

#[test]
fn a_later_opacity_covers_an_earlier_one() {
    let Some(book) = book() else { return };
    let text = set(&book, document("AB", style("NotoSans-Regular", 100.0)));
    let with = |opacity: f64, end: f64| Animator {
        selectors: vec![Selector::Range(RangeSelector {
            end,
            ..RangeSelector::default()
        })],
        properties: AnimatorProperties {
            opacity: Some(opacity),
            ..AnimatorProperties::default()
        },
    };
    let hidden = animate(&text.layout, &[with(0.0, 100.0)], MoreOptions::default(), &[]);
    assert!(hidden.is_empty());
    let first = animate(
        &text.layout,
        &[with(0.0, 100.0), with(1.0, 50.0)],
        MoreOptions::default(),
        &[],
    );
    let [only] = boxes(&first)[..] else { panic!("one path") };
    assert!(only.x1 < text.layout.glyphs[1].origin.x, "only the A shows");
}

#[test]
fn tracked_text_stays_centred_and_groups_turn_together() {
    let Some(book) = book() else { return };
    let text = document("AB CD", style("NotoSans-Regular", 100.0));
    let centred = set(&book, justified(text, Justification::Center));
    let tracking = Animator {
        selectors: Vec::new(),
        properties: AnimatorProperties {
            tracking: Some(30.0),
            ..AnimatorProperties::default()
        },
    };
    let plain = centred.layout.bounds().unwrap();
    let wide = boxes(&animate(&centred.layout, &[tracking], MoreOptions::default(), &[]));
    close(wide[0].width(), plain.width() + 4.0 * 30.0);
    close(wide[0].center().x, plain.center().x);

    let turned = Animator {
        selectors: Vec::new(),
        properties: AnimatorProperties {
            rotation: Some(180.0),
            ..AnimatorProperties::default()
        },
    };
    let all = MoreOptions {
        grouping: AnchorGrouping::All,
        ..MoreOptions::default()
    };
    let turned = boxes(&animate(&centred.layout, &[turned], all, &[]));
    // Half a turn around the middle of the line: the letters stand on their heads, in backward order.
    close(turned[0].x0, -plain.x1);
    close(turned[0].y1, -plain.y0);
}
