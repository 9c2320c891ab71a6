//! Many frames: order, errors, repeats and the same pixels from any number of threads.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod scene;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use filmpress_composition::{BlendingMode, Gradient};
use filmpress_evaluate::frame::{FillRule, Frame, GradientPaint, GradientShape, GroupParts, Paint, PathStyle};
use filmpress_pixels::Pixmap;
use filmpress_render::sequence::{Delivery, Sequence};
use filmpress_render::{Cache, NoFootage, Renderer, Target};
use kurbo::{Affine, Circle, Rect, Shape};
use scene::*;

fn moving(index: u32) -> Frame {
    let x = f64::from(index) * 3.3;
    let disc = |r: f64, color| fill(Circle::new((x, 40.0), r).to_path(1e-3), color);
    let still = group(GroupParts {
        opacity: 0.5,
        children: vec![rect(10.0, 10.0, 50.0, 60.0, BLUE), rect(30.2, 5.0, 80.7, 40.0, GREEN)],
        ..GroupParts::default()
    });
    let turning = group(GroupParts {
        transform: Affine::rotate(f64::from(index) * 0.1),
        opacity: 0.8,
        children: vec![disc(30.0, RED), disc(12.0, WHITE)],
        ..GroupParts::default()
    });
    frame(120, 80, vec![still, turning])
}

/// Draws frames of `target`, keeping a copy of each picture.
fn draw<E: Send>(
    indices: &[u32],
    threads: usize,
    target: &Target,
    evaluate: impl Fn(u32) -> Frame + Sync,
    sink: impl FnMut(Delivery<Option<Pixmap>>) -> Result<(), E>,
) -> Result<(), E> {
    let sequence = Sequence {
        indices,
        threads,
        target,
        footage: &NoFootage,
        cache: &Cache::default(),
        memory: None,
        profile: None,
    };
    let copy = |picture: &Pixmap, copy: &mut Option<Pixmap>| {
        *copy = Some(picture.clone());
        Ok(())
    };
    sequence.draw(evaluate, copy, sink)
}

fn run(threads: usize, indices: &[u32]) -> Vec<(u32, Vec<[u8; 4]>)> {
    let mut out = Vec::new();
    let target = Target::meet((120, 80), (120, 80), Some([1, 2, 3]));
    draw(indices, threads, &target, moving, |delivery| {
        let picture = delivery.product.as_ref().unwrap();
        out.push((delivery.index, picture.pixels().to_vec()));
        Ok::<_, ()>(())
    })
    .unwrap();
    out
}

#[test]
fn any_number_of_threads_draws_the_same_frames_in_order() {
    let indices: Vec<u32> = (0..40).rev().chain([5, 5, 6]).collect();
    let one = run(1, &indices);
    assert_eq!(one.iter().map(|(i, _)| *i).collect::<Vec<_>>(), indices);
    for threads in [2, 3, 8] {
        assert!(one == run(threads, &indices), "{threads} threads");
    }
    assert!(run(4, &[]).is_empty());
}

#[test]
fn an_error_of_the_sink_ends_it() {
    for threads in [1, 3] {
        let evaluated = AtomicU32::new(0);
        let indices: Vec<u32> = (0..1000).collect();
        let mut taken = 0;
        let evaluate = |i| {
            evaluated.fetch_add(1, Ordering::Relaxed);
            moving(i)
        };
        let target = Target::meet((120, 80), (60, 40), None);
        let result = draw(&indices, threads, &target, evaluate, |delivery| {
            taken += 1;
            if delivery.index == 3 { Err("full") } else { Ok(()) }
        });
        assert_eq!(result, Err("full"));
        assert_eq!(taken, 4);
        assert!(evaluated.load(Ordering::Relaxed) < 20, "frames in flight are bounded");
    }
}

#[test]
fn an_error_of_developing_comes_when_its_frame_would() {
    let target = Target::meet((120, 80), (60, 40), None);
    for threads in [1, 2, 5] {
        let sequence = Sequence {
            indices: &(0..50).collect::<Vec<_>>(),
            threads,
            target: &target,
            footage: &NoFootage,
            cache: &Cache::default(),
            memory: None,
            profile: None,
        };
        let mut taken = 0;
        let white = |i| {
            if i < 7 {
                moving(i)
            } else {
                frame(120, 80, vec![rect(0.0, 0.0, 120.0, 80.0, WHITE)])
            }
        };
        let develop = |picture: &Pixmap, (): &mut ()| {
            let is_white = picture.row(20)[30] == [255; 4];
            if is_white { Err("white") } else { Ok(()) }
        };
        let result = sequence.draw(white, develop, |delivery| {
            assert_eq!(delivery.index, taken);
            taken += 1;
            Ok(())
        });
        assert_eq!((result, taken), (Err("white"), 7), "{threads} threads");
    }
}

#[test]
fn repeated_frames_are_delivered_as_such_and_not_developed_again() {
    for threads in [1, 2, 5] {
        let mut pictures = Vec::new();
        let developed = AtomicU32::new(0);
        let target = Target::meet((120, 80), (120, 80), None);
        let sequence = Sequence {
            indices: &(0..300).collect::<Vec<_>>(),
            threads,
            target: &target,
            footage: &NoFootage,
            cache: &Cache::default(),
            memory: None,
            profile: None,
        };
        let copy = |picture: &Pixmap, copy: &mut Option<Pixmap>| {
            developed.fetch_add(1, Ordering::Relaxed);
            *copy = Some(picture.clone());
            Ok(())
        };
        sequence
            .draw(
                |i| moving(i / 100),
                copy,
                |delivery| {
                    assert_eq!(delivery.repeats, delivery.index % 100 != 0, "{threads} threads");
                    pictures.push(delivery.product.clone().unwrap());
                    Ok::<_, ()>(())
                },
            )
            .unwrap();
        for (i, picture) in pictures.iter().enumerate() {
            assert_eq!(*picture, pictures[i / 100 * 100], "{i} of {threads} threads");
        }
        assert_ne!(pictures[0], pictures[100]);
        // Each thread may come upon each of the three pictures while another is at the frame before.
        let developed = developed.into_inner();
        assert!(
            (3..=3 * threads as u32).contains(&developed),
            "{developed}: {threads} threads"
        );
    }
}

#[test]
fn a_panic_while_evaluating_comes_through() {
    for (threads, broken) in [(1, 7), (2, 0), (3, 7), (3, 29)] {
        // Whichever thread draws the frame, the calling one panics, and nobody waits for ever.
        let drawn = std::panic::catch_unwind(|| {
            draw(
                &(0..30).collect::<Vec<_>>(),
                threads,
                &Target::meet((120, 80), (120, 80), None),
                |i| {
                    if i == broken {
                        panic!("evaluation broke")
                    } else {
                        moving(i)
                    }
                },
                |_| Ok::<_, ()>(()),
            )
        });
        assert!(drawn.is_err(), "{threads} threads, frame {broken}");
    }
}

/// A frame of parts chosen by the bits of `index`: backgrounds that cover all, a part or nothing, and what is over them.
fn patched(index: u32) -> Frame {
    let bit = |n: u32| index.wrapping_mul(2_654_435_761) >> (8 + n) & 1 == 1;
    // The first is on top.
    let mut children = Vec::new();
    if bit(0) {
        let x = f64::from(index * 7 % 90);
        children.push(fill(Circle::new((x, 40.0), 17.3).to_path(1e-3), RED));
    }
    if bit(1) {
        let x = f64::from(index * 13 % 60);
        children.push(rect(x, 8.0, x + 70.0, 30.0, if bit(2) { GREEN } else { WHITE }));
    }
    if bit(3) {
        let fresh = vec![rect(0.0, 0.0, 120.0, 70.0, BLUE)];
        children.push(group(GroupParts {
            opacity: if bit(4) { 0.5 } else { 1.0 },
            children: fresh,
            ..GroupParts::default()
        }));
    }
    if bit(5) {
        let left = if bit(6) { 0.0 } else { 12.0 };
        children.push(rect(left, 0.0, 120.0, 80.0, if bit(7) { BLUE } else { GREEN }));
    }
    children.reverse();
    frame(120, 80, children)
}

/// Layers that come, go and change by themselves, in and out of groups, over pictures that stay: what a canvas need not
/// draw again.
fn layered(index: u32) -> Frame {
    let bit = |n: u32| index.wrapping_mul(2_654_435_761) >> (8 + n) & 1 == 1;
    let slow = f64::from(index / 16);
    let gradient = GradientPaint {
        shape: if index % 64 < 32 {
            GradientShape::Linear {
                start: [3.3, 70.0],
                end: [100.7, 5.0],
            }
        } else {
            GradientShape::Radial {
                start: [40.1, 30.0],
                end: [90.0, 70.3],
                highlight_length: 0.4,
                highlight_angle: 30.0,
            }
        },
        stops: Arc::new(Gradient::white_to_black()),
    };
    let shade = painted(
        Rect::new(5.5, 5.5, 110.0, 75.0).to_path(1e-3),
        PathStyle::Fill(FillRule::NonZero),
        Paint::Gradient(Arc::new(gradient)),
        BlendingMode::Normal,
    );
    let layer = |origin, children, parts: GroupParts| {
        group(GroupParts {
            origin,
            children,
            ..parts
        })
    };
    let disc = |x: f64, y: f64, r: f64, color| fill(Circle::new((x, y), r).to_path(1e-3), color);
    let mut children = vec![layer(1, vec![shade], GroupParts::default())];
    if bit(0) {
        let parts = GroupParts {
            clip: Some(Rect::new(10.0, 4.0, 90.0, 60.0 + slow)),
            ..GroupParts::default()
        };
        let mut inside = vec![disc(30.0, 30.0, 20.3, RED), disc(60.0 + slow, 40.0, 11.0, GREEN)];
        if bit(1) {
            inside.insert(1, disc(f64::from(index % 100), 33.0, 9.0, WHITE));
        }
        children.push(layer(2, inside, parts));
    }
    let parts = GroupParts {
        opacity: if bit(2) { 0.6 } else { 1.0 },
        blending_mode: if bit(3) {
            BlendingMode::Multiply
        } else {
            BlendingMode::Normal
        },
        isolated: bit(4),
        ..GroupParts::default()
    };
    let screened = painted(
        Circle::new((70.0, 20.0 + slow), 15.0).to_path(1e-3),
        PathStyle::Fill(FillRule::NonZero),
        Paint::Solid([0.2, 0.7, 0.9, 1.0]),
        if bit(5) {
            BlendingMode::Screen
        } else {
            BlendingMode::Normal
        },
    );
    children.push(layer(3, vec![rect(50.0, 10.0, 100.0, 50.0, BLUE), screened], parts));
    if bit(6) {
        let x = f64::from(index * 11 % 120);
        children.push(layer(4, vec![disc(x, 60.0, 8.0, WHITE)], GroupParts::default()));
    }
    if index % 29 == 7 {
        let cut = GroupParts {
            blending_mode: BlendingMode::StencilAlpha,
            ..GroupParts::default()
        };
        children.push(layer(5, vec![disc(60.0, 40.0, 38.0, WHITE)], cut));
    }
    if bit(7) {
        children.reverse();
    }
    frame(120, 80, children)
}

#[test]
fn what_frames_leave_on_the_canvas_never_shows() {
    for background in [None, Some([9, 60, 20])] {
        // The second leaves bars of the background at both sides.
        for size in [(120, 80), (160, 80)] {
            let target = Target::meet((120, 80), size, background);
            let indices: Vec<u32> = (0..300).collect();
            for (name, evaluate) in [("patched", patched as fn(u32) -> Frame), ("layered", layered)] {
                draw(&indices, 1, &target, evaluate, |delivery| {
                    let mut alone = Pixmap::new(size.0, size.1).unwrap();
                    Renderer::new().draw(&evaluate(delivery.index), &target, &NoFootage, &mut alone);
                    assert!(
                        delivery.product.as_ref().unwrap() == &alone,
                        "{name}: frame {} at {size:?} on {background:?}",
                        delivery.index
                    );
                    Ok::<_, ()>(())
                })
                .unwrap();
            }
        }
    }
}
