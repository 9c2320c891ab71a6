//! Groups: opacity, clips, masks, mattes, blending and their order.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod scene;

use std::sync::Arc;

use filmpress_composition::{BlendingMode, MaskMode, MatteKind};
use filmpress_evaluate::frame::{GroupParts, Mask, Matte, Node, Outline};
use kurbo::{Affine, Rect};
use scene::*;

fn mask(rect: Rect, mode: MaskMode) -> Mask {
    Mask {
        outline: Outline::rect(rect),
        mode,
        inverted: false,
        opacity: 1.0,
        feather: [0.0; 2],
        linear_falloff: false,
        expansion: 0.0,
    }
}

fn masked(masks: Vec<Mask>) -> Vec<u8> {
    let node = group(GroupParts {
        masks,
        children: vec![rect(0.0, 0.0, 10.0, 1.0, WHITE), rect(0.0, 0.0, 10.0, 1.0, WHITE)],
        ..GroupParts::default()
    });
    draw(&frame(10, 1, vec![node])).pixels().iter().map(|p| p[3]).collect()
}

#[test]
fn group_opacity_fades_the_whole_not_the_parts() {
    let both = |opacity| {
        group(GroupParts {
            opacity,
            children: vec![rect(0.0, 0.0, 4.0, 2.0, RED), rect(2.0, 0.0, 6.0, 2.0, GREEN)],
            ..GroupParts::default()
        })
    };
    let out = draw(&frame(6, 2, vec![both(0.5)]));
    assert_eq!(at(&out, 0, 0), [128, 0, 0, 128]);
    assert_eq!(at(&out, 2, 0), [0, 128, 0, 128]);
    assert_eq!(at(&out, 5, 0), [0, 128, 0, 128]);
    assert_eq!(area(&draw(&frame(6, 2, vec![both(0.0)]))), 0.0);
}

#[test]
fn opacity_of_a_single_path_needs_no_separate_picture_and_looks_the_same() {
    let inner = |n: usize| {
        group(GroupParts {
            opacity: 0.4,
            isolated: true,
            children: vec![rect(0.5, 0.5, 4.0, 4.0, RED); n],
            ..GroupParts::default()
        })
    };
    let one = draw_on(&frame(5, 5, vec![inner(1)]), Some([10, 200, 30]));
    assert_eq!(at(&one, 1, 1), [108, 120, 18, 255]);
}

#[test]
fn clips_cut_in_the_childrens_space() {
    let clipped = |transform| {
        group(GroupParts {
            transform,
            clip: Some(Rect::new(2.0, 2.0, 6.0, 4.0)),
            children: vec![rect(-50.0, -50.0, 50.0, 50.0, RED)],
            ..GroupParts::default()
        })
    };
    assert_eq!(area(&draw(&frame(20, 20, vec![clipped(Affine::IDENTITY)]))), 8.0);
    let moved = draw(&frame(20, 20, vec![clipped(Affine::translate((0.5, 0.0)))]));
    // Edges are drawn a little further out than they are, as in After Effects.
    // Two half columns of two pixels, each 12 of 255 more than half.
    assert!(
        (area(&moved) - 8.0 - 4.0 * 12.0 / 255.0).abs() < 0.02,
        "{}",
        area(&moved)
    );
    assert_eq!(at(&moved, 2, 2)[3], 140);
    let turned = draw(&frame(
        20,
        20,
        vec![clipped(Affine::translate((8.0, 2.0)) * Affine::rotate(0.5))],
    ));
    // A perimeter of 12 pixels at 1/24 pixel each.
    assert!((area(&turned) - 8.5).abs() < 0.05, "{}", area(&turned));
}

#[test]
fn mask_modes() {
    let (left, right) = (Rect::new(0.0, 0.0, 6.0, 1.0), Rect::new(4.0, 0.0, 8.0, 1.0));
    let spans = |spec: &[(std::ops::Range<usize>, u8)]| {
        let mut row = vec![0; 10];
        for (range, v) in spec {
            row[range.clone()].fill(*v);
        }
        row
    };
    let two = |a, b| masked(vec![mask(left, a), mask(right, b)]);
    assert_eq!(masked(vec![mask(left, MaskMode::Add)]), spans(&[(0..6, 255)]));
    assert_eq!(masked(vec![mask(left, MaskMode::Subtract)]), spans(&[(6..10, 255)]));
    assert_eq!(two(MaskMode::Add, MaskMode::Add), spans(&[(0..8, 255)]));
    assert_eq!(two(MaskMode::Add, MaskMode::Subtract), spans(&[(0..4, 255)]));
    assert_eq!(two(MaskMode::Add, MaskMode::Intersect), spans(&[(4..6, 255)]));
    assert_eq!(
        two(MaskMode::Add, MaskMode::Difference),
        spans(&[(0..4, 255), (6..8, 255)])
    );
    assert_eq!(two(MaskMode::Add, MaskMode::Lighten), spans(&[(0..8, 255)]));
    assert_eq!(two(MaskMode::Add, MaskMode::Darken), spans(&[(4..6, 255)]));
    let faint = Mask {
        opacity: 0.5,
        ..mask(left, MaskMode::Add)
    };
    assert_eq!(masked(vec![faint.clone()]), spans(&[(0..6, 128)]));
    let outside = Mask {
        inverted: true,
        ..mask(left, MaskMode::Add)
    };
    assert_eq!(masked(vec![outside]), spans(&[(6..10, 255)]));
    assert_eq!(
        masked(vec![faint, mask(right, MaskMode::Lighten)]),
        spans(&[(0..4, 128), (4..8, 255)])
    );
}

#[test]
fn masks_grow_shrink_and_soften() {
    let with = |expansion, feather: f32| {
        masked(vec![Mask {
            expansion,
            feather: [feather, 0.0],
            ..mask(Rect::new(3.0, -9.0, 7.0, 9.0), MaskMode::Add)
        }])
    };
    let count = |row: &[u8]| row.iter().map(|v| f64::from(*v) / 255.0).sum::<f64>();
    assert_eq!(count(&with(0.0, 0.0)), 4.0);
    assert_eq!(count(&with(2.0, 0.0)), 8.0);
    assert_eq!(count(&with(-1.0, 0.0)), 2.0);
    let soft = with(0.0, 6.0);
    assert!(
        soft[2] > 20 && soft[2] < 120 && soft[3] > soft[2] && soft[4] > soft[3],
        "{soft:?}"
    );
}

#[test]
fn mattes() {
    let content = |kind, inverted, color| {
        let matte = Matte {
            content: of(vec![rect(0.0, 0.0, 4.0, 1.0, color), rect(0.0, 0.0, 1.0, 1.0, color)]),
            kind,
            inverted,
        };
        let node = group(GroupParts {
            matte: Some(matte),
            children: vec![rect(2.0, 0.0, 8.0, 1.0, RED)],
            ..GroupParts::default()
        });
        draw(&frame(8, 1, vec![node]))
            .pixels()
            .iter()
            .map(|p| p[3])
            .collect::<Vec<_>>()
    };
    assert_eq!(content(MatteKind::Alpha, false, GREEN), [0, 0, 255, 255, 0, 0, 0, 0]);
    assert_eq!(content(MatteKind::Alpha, true, GREEN), [0, 0, 0, 0, 255, 255, 255, 255]);
    assert_eq!(content(MatteKind::Luma, false, GREEN), [0, 0, 149, 149, 0, 0, 0, 0]);
    assert_eq!(
        content(MatteKind::Luma, true, GREEN),
        [0, 0, 106, 106, 255, 255, 255, 255]
    );
    assert_eq!(content(MatteKind::Luma, false, WHITE), [0, 0, 255, 255, 0, 0, 0, 0]);
}

#[test]
fn a_matte_is_in_the_parents_space() {
    let node = group(GroupParts {
        transform: Affine::translate((4.0, 0.0)),
        matte: Some(Matte {
            content: of(vec![rect(0.0, 0.0, 6.0, 1.0, WHITE)]),
            kind: MatteKind::Alpha,
            inverted: false,
        }),
        children: vec![rect(0.0, 0.0, 4.0, 1.0, RED)],
        ..GroupParts::default()
    });
    let out = draw(&frame(10, 1, vec![node]));
    let alphas: Vec<u8> = out.pixels().iter().map(|p| p[3]).collect();
    assert_eq!(alphas, [0, 0, 0, 0, 255, 255, 0, 0, 0, 0]);
}

#[test]
fn blending_reaches_the_backdrop_unless_isolated() {
    let grey = [0.5, 0.5, 0.5, 1.0];
    let backdrop = rect(0.0, 0.0, 2.0, 1.0, grey);
    let multiplied = blended(&rect(0.0, 0.0, 1.0, 1.0, grey), BlendingMode::Multiply);
    let nested = |isolated| {
        let inner = group(GroupParts {
            isolated,
            children: vec![multiplied.clone()],
            ..GroupParts::default()
        });
        at(&draw(&frame(2, 1, vec![backdrop.clone(), inner])), 0, 0)
    };
    assert_eq!(nested(false), [64, 64, 64, 255]);
    assert_eq!(nested(true), [128, 128, 128, 255]);
}

#[test]
fn group_blending_works_on_the_whole() {
    let grey = [0.5, 0.5, 0.5, 1.0];
    for children in [
        vec![rect(0.0, 0.0, 1.0, 1.0, grey)],
        vec![rect(0.0, 0.0, 1.0, 1.0, grey); 2],
    ] {
        let node = group(GroupParts {
            blending_mode: BlendingMode::Multiply,
            children,
            ..GroupParts::default()
        });
        let out = draw(&frame(1, 1, vec![rect(0.0, 0.0, 1.0, 1.0, grey), node]));
        assert_eq!(at(&out, 0, 0), [64, 64, 64, 255]);
    }
}

#[test]
fn stencils_cut_everything_below_but_not_the_background() {
    let cut = |mode| {
        let node = group(GroupParts {
            blending_mode: mode,
            children: vec![rect(0.0, 0.0, 2.0, 1.0, BLUE)],
            ..GroupParts::default()
        });
        let out = draw_on(&frame(4, 1, vec![rect(0.0, 0.0, 3.0, 1.0, RED), node]), Some([255; 3]));
        (0..4).map(|x| at(&out, x, 0)).collect::<Vec<_>>()
    };
    let (red, white) = ([255, 0, 0, 255], [255; 4]);
    assert_eq!(cut(BlendingMode::StencilAlpha), [red, red, white, white]);
    assert_eq!(cut(BlendingMode::SilhouetteAlpha), [white, white, red, white]);
}

#[test]
fn preserved_transparency_shows_only_on_what_is_there() {
    let node = group(GroupParts {
        preserve_transparency: true,
        children: vec![rect(0.0, 0.0, 4.0, 1.0, BLUE)],
        ..GroupParts::default()
    });
    let out = draw(&frame(4, 1, vec![rect(1.0, 0.0, 2.5, 1.0, RED), node]));
    assert_eq!(at(&out, 0, 0), [0; 4]);
    assert_eq!(at(&out, 1, 0), [0, 0, 255, 255]);
    assert_eq!(at(&out, 2, 0), [0, 0, 140, 140]);
}

#[test]
fn deep_nesting_returns() {
    let mut node = rect(0.0, 0.0, 4.0, 4.0, RED);
    for _ in 0..5000 {
        node = group(GroupParts {
            opacity: 0.999,
            masks: vec![mask(Rect::new(0.0, 0.0, 3.0, 3.0), MaskMode::Add)],
            children: vec![node.clone(), rect(0.0, 0.0, 1.0, 1.0, GREEN)],
            ..GroupParts::default()
        });
    }
    let out = draw(&frame(4, 4, vec![node.clone()]));
    assert!(at(&out, 0, 0)[3] > 200);
    // Dropping 5000 nested Arcs one inside the other must not end the test by itself.
    std::mem::forget(node);
}

#[test]
fn a_kept_picture_is_the_drawn_picture() {
    use filmpress_pixels::Pixmap;
    use filmpress_render::{NoFootage, Renderer, Target};
    let node = group(GroupParts {
        opacity: 0.7,
        masks: vec![
            mask(Rect::new(1.3, 1.2, 8.0, 9.0), MaskMode::Add),
            mask(Rect::new(3.0, 3.0, 5.5, 5.5), MaskMode::Subtract),
        ],
        children: vec![rect(0.0, 0.0, 9.0, 9.0, RED), rect(4.2, 4.0, 20.0, 20.0, GREEN)],
        ..GroupParts::default()
    });
    let frame = frame(12, 12, vec![node]);
    let mut renderer = Renderer::new();
    let target = Target::meet((12, 12), (12, 12), None);
    let mut first = Pixmap::new(1, 1).unwrap();
    renderer.draw(&frame, &target, &NoFootage, &mut first);
    for _ in 0..3 {
        let mut again = Pixmap::new(12, 12).unwrap();
        again.fill([9; 4]);
        renderer.draw(&frame, &target, &NoFootage, &mut again);
        assert_eq!(first, again);
    }
    let _ = Arc::new(Node::clone(&frame.root.children[0]));
}
