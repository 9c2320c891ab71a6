//! Many frames: order, errors, repeats and the same pixels from any number of threads.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod scene;

use std::sync::atomic::{AtomicU32, Ordering};

use filmpress_evaluate::frame::{Frame, GroupParts};
use filmpress_render::sequence::draw_frames;
use filmpress_render::{Cache, NoFootage, Target};
use kurbo::{Affine, Circle, Shape};
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

fn run(threads: usize, indices: &[u32]) -> Vec<(u32, Vec<[u8; 4]>)> {
    let mut out = Vec::new();
    let target = Target::meet((120, 80), (120, 80), Some([1, 2, 3]));
    let cache = Cache::default();
    draw_frames(
        indices,
        threads,
        moving,
        &target,
        &NoFootage,
        &cache,
        |index, picture| {
            out.push((index, picture.pixels().to_vec()));
            Ok::<_, ()>(())
        },
    )
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
        let result = draw_frames(
            &indices,
            threads,
            |i| {
                evaluated.fetch_add(1, Ordering::Relaxed);
                moving(i)
            },
            &Target::meet((120, 80), (60, 40), None),
            &NoFootage,
            &Cache::default(),
            |index, _| {
                taken += 1;
                if index == 3 { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!(result, Err("full"));
        assert_eq!(taken, 4);
        assert!(evaluated.load(Ordering::Relaxed) < 20, "frames in flight are bounded");
    }
}

#[test]
fn repeated_frames_are_handed_out_again() {
    for threads in [1, 2, 5] {
        let mut pictures = Vec::new();
        draw_frames(
            &(0..30).collect::<Vec<_>>(),
            threads,
            |i| moving(i / 10),
            &Target::meet((120, 80), (120, 80), None),
            &NoFootage,
            &Cache::with_capacity(0),
            |_, picture| {
                pictures.push(picture.clone());
                Ok::<_, ()>(())
            },
        )
        .unwrap();
        for (i, picture) in pictures.iter().enumerate() {
            assert_eq!(*picture, pictures[i / 10 * 10], "{i} of {threads} threads");
        }
        assert_ne!(pictures[0], pictures[10]);
    }
}

#[test]
#[should_panic(expected = "a scoped thread panicked")]
fn a_panic_while_evaluating_comes_through() {
    let _ = draw_frames(
        &(0..30).collect::<Vec<_>>(),
        3,
        |i| if i == 7 { panic!("evaluation broke") } else { moving(i) },
        &Target::meet((120, 80), (120, 80), None),
        &NoFootage,
        &Cache::default(),
        |_, _| Ok::<_, ()>(()),
    );
}
