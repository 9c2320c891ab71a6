//! What holds for every layer style: a piece of the frame is drawn as in the whole, and no number makes it panic.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod scene;

use std::sync::Arc;

use filmpress_composition::{BlendingMode, Gradient};
use filmpress_evaluate::frame::{
    Frame, Glow, GradientOverlay, GroupParts, LayerStyle, LayerStyles, Node, OverlayShape, Shadow, StrokePosition,
    StyleKind,
};
use filmpress_pixels::Pixmap;
use filmpress_render::{NoFootage, Renderer, Target};
use kurbo::{Affine, Circle, Shape};
use scene::{RED, fill, frame, group};

/// All styles, with lengths and angles made of `length`, shares of `share`.
fn all(length: f64, share: f64) -> Vec<StyleKind> {
    let shadow = Shadow {
        color: [0.1, 0.0, 0.3],
        offset: [length, -length / 2.0],
        spread: share,
        size: length,
    };
    let glow = |precise| Glow {
        color: [1.0, 1.0, 0.5],
        precise,
        spread: share,
        size: length,
        range: share,
    };
    let overlay = |shape| {
        StyleKind::GradientOverlay(GradientOverlay {
            stops: Arc::new(Gradient::white_to_black()),
            shape,
            angle: length * 9.0,
            scale: share,
            offset: [share, length],
            aligned: share < 0.5,
        })
    };
    let stroke = |position| StyleKind::Stroke {
        color: [0.0, 1.0, 0.0],
        size: length,
        position,
    };
    vec![
        StyleKind::DropShadow {
            shadow,
            knocked_out: true,
        },
        StyleKind::OuterGlow(glow(false)),
        StyleKind::OuterGlow(glow(true)),
        overlay(OverlayShape::Linear),
        overlay(OverlayShape::Angle),
        StyleKind::ColorOverlay([0.0, 0.5, share as f32]),
        StyleKind::Satin { shadow, inverted: true },
        StyleKind::InnerGlow {
            glow: glow(false),
            from_center: true,
        },
        StyleKind::InnerGlow {
            glow: glow(true),
            from_center: false,
        },
        StyleKind::InnerShadow(shadow),
        stroke(StrokePosition::Outside),
        stroke(StrokePosition::Inside),
        stroke(StrokePosition::Center),
    ]
}

fn styled(kinds: Vec<StyleKind>, mode: BlendingMode, fill_opacity: f32) -> Node {
    let list = kinds.into_iter().map(|kind| LayerStyle {
        mode,
        opacity: 0.7,
        kind,
    });
    group(GroupParts {
        styles: Some(LayerStyles::new(list.collect(), fill_opacity, true, [60.0, 50.0])),
        children: vec![fill(Circle::new((28.3, 22.6), 14.0).to_path(0.1), RED)],
        ..GroupParts::default()
    })
}

fn draw(frame: &Frame, width: u32, height: u32, fit: Affine) -> Pixmap {
    let mut out = Pixmap::new(1, 1).unwrap();
    let target = Target {
        width,
        height,
        background: Some([90, 120, 150]),
        fit,
    };
    Renderer::new().draw(frame, &target, &NoFootage, &mut out);
    out
}

#[test]
fn a_piece_is_drawn_as_in_the_whole() {
    for kind in all(7.0, 0.4) {
        for mode in [BlendingMode::Normal, BlendingMode::Multiply] {
            let frame = frame(60, 50, vec![styled(vec![kind.clone()], mode, 0.8)]);
            let whole = draw(&frame, 60, 50, Affine::IDENTITY);
            let piece = draw(&frame, 12, 30, Affine::translate((-25.0, -8.0)));
            for y in 0..30 {
                let wanted = &whole.row(y + 8)[25..37];
                let near = |(a, b): (&[u8; 4], &[u8; 4])| a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 1);
                assert!(piece.row(y).iter().zip(wanted).all(near), "{kind:?}, {mode:?}, row {y}");
            }
        }
    }
}

#[test]
fn no_number_makes_a_style_panic() {
    let numbers = [
        (0.0, 1.0),
        (-3.0, 1.0),
        (1e9, 1e4),
        (f64::INFINITY, 1.0),
        (f64::NAN, 1e4),
    ];
    for (length, scale) in numbers {
        for share in [1.0, f64::NAN] {
            let node = styled(all(length, share), BlendingMode::Screen, share as f32);
            draw(&frame(60, 50, vec![node]), 20, 20, Affine::scale(scale));
        }
    }
}
