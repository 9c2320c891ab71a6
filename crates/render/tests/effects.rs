//! What holds for every effect there is: a piece of the frame is drawn as in the whole, the same every time, and no
//! number makes it panic.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

mod scene;

use std::sync::Arc;

use filmpress_evaluate::frame::{Effect, Effects, Frame, GroupParts, LayerPicture, Outline, Parameter};
use filmpress_evaluate::support::{Support, Topic, features, is_control};
use filmpress_pixels::Pixmap;
use filmpress_render::{NoFootage, Renderer, Target};
use kurbo::{Affine, Circle, Shape};
use scene::{BLUE, RED, WHITE, fill, frame, group, of, rect};

const SIZE: [f64; 2] = [96.0, 64.0];

/// Numbers that follow from a seed.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / f64::from(1 << 24)
    }
}

fn effects() -> Vec<&'static str> {
    let drawn = features().filter(|f| f.topic == Topic::Effect && !matches!(f.support, Support::NotDrawn(_)));
    drawn.map(|f| f.match_name).filter(|name| !is_control(name)).collect()
}

/// A layer of another colour for effects that take one.
fn other() -> LayerPicture {
    LayerPicture {
        content: of(vec![
            rect(0.0, 0.0, 60.0, 64.0, WHITE),
            fill(Circle::new((60.0, 32.0), 25.0).to_path(0.1), [0.2, 0.9, 0.4, 0.6]),
        ]),
        size: SIZE,
    }
}

fn layer(match_name: &str, parameters: Vec<(u32, Parameter)>, transform: Affine) -> Frame {
    let effect = Effect {
        origin: 0,
        outlines: vec![Outline::new(Circle::new((50.0, 30.0), 20.0).to_path(0.1))],
        match_name: match_name.into(),
        parameters,
        opacity: 1.0,
        time: 0.4,
        echoes: vec![of(vec![rect(5.0, 5.0, 30.0, 30.0, BLUE)])],
    };
    let parts = GroupParts {
        transform,
        effects: Some(Effects::new(SIZE, vec![effect])),
        children: vec![
            rect(20.0, 12.0, 70.0, 50.0, RED),
            fill(Circle::new((60.0, 40.0), 15.0).to_path(0.1), [0.1, 0.4, 0.9, 0.5]),
        ],
        ..GroupParts::default()
    };
    frame(SIZE[0] as u32, SIZE[1] as u32, vec![group(parts)])
}

/// Parameters of every kind an effect may ask for, with values it may have.
fn likely(seed: u64) -> Vec<(u32, Parameter)> {
    let mut numbers = Numbers(seed);
    (1..40)
        .filter_map(|number| {
            let kind = numbers.next();
            let (a, b, c) = (numbers.next(), numbers.next(), numbers.next());
            let parameter = match (kind * 8.0) as u32 {
                0 => return None,
                1 => Parameter::Color([a as f32, b as f32, c as f32, 1.0]),
                2 => Parameter::Point([a * SIZE[0], b * SIZE[1], 0.0]),
                3 => Parameter::Layer((a > 0.3).then(other)),
                4 => Parameter::Number((a * 4.0).floor()),
                5 => Parameter::Number(a),
                _ => Parameter::Number(a * 40.0 - 10.0),
            };
            Some((number, parameter))
        })
        .collect()
}

fn draw(frame: &Frame, target: &Target) -> Pixmap {
    let mut out = Pixmap::new(1, 1).unwrap();
    Renderer::new().draw(frame, target, &NoFootage, &mut out);
    out
}

#[test]
fn a_piece_is_drawn_as_in_the_whole() {
    let places = [Affine::IDENTITY, Affine::translate((3.0, -2.0)) * Affine::scale(0.75)];
    let mut wrong = Vec::new();
    for match_name in effects() {
        for seed in 0..12 {
            let parameters = if seed == 0 { Vec::new() } else { likely(seed) };
            let frame = layer(match_name, parameters, places[seed as usize % 2]);
            let whole = draw(&frame, &Target::meet((96, 64), (96, 64), None));
            // The same frame, but all to the left of 31 and above 17 is off the target.
            let piece = Target {
                width: 40,
                height: 30,
                background: None,
                fit: Affine::translate((-31.0, -17.0)),
            };
            let part = draw(&frame, &piece);
            let off = (0..30)
                .flat_map(|y| (0..40).map(move |x| (x, y)))
                .flat_map(|(x, y)| {
                    let (a, b) = (part.row(y)[x as usize], whole.row(y + 17)[x as usize + 31]);
                    (0..4).map(move |i| a[i].abs_diff(b[i]))
                })
                .max()
                .unwrap();
            // Rounding of coordinates may differ by their offset.
            if off > 2 {
                wrong.push(format!("{match_name}, seed {seed}: {off}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_number_makes_an_effect_panic_and_pixels_stay_premultiplied() {
    let extremes = [0.0, -1.0, 100.0, 1e7, -1e7, f64::NAN, f64::INFINITY];
    for match_name in effects() {
        for (round, extreme) in extremes.into_iter().enumerate() {
            for kind in 0..2 {
                let parameters = (1..40).map(|number| {
                    let parameter = match (number + kind) % 4 {
                        0 | 1 => Parameter::Number(extreme),
                        2 => Parameter::Point([extreme, -extreme, 0.0]),
                        _ => Parameter::Layer((kind == 0).then(other)),
                    };
                    (number, parameter)
                });
                let frame = layer(match_name, parameters.collect(), Affine::rotate(0.3 * round as f64));
                let out = draw(&frame, &Target::meet((96, 64), (48, 32), None));
                let fine = out.pixels().iter().all(|[r, g, b, a]| r <= a && g <= a && b <= a);
                assert!(fine, "{match_name} with {extreme}: a colour above its alpha");
            }
        }
    }
}

#[test]
fn an_effect_at_no_opacity_changes_nothing() {
    let plain = |list| {
        let parts = GroupParts {
            effects: Some(Effects::new(SIZE, list)),
            children: vec![rect(20.0, 12.0, 70.0, 50.0, RED)],
            ..GroupParts::default()
        };
        let frame = frame(96, 64, vec![group(parts)]);
        draw(&frame, &Target::meet((96, 64), (96, 64), None))
    };
    let without = plain(Vec::new());
    for match_name in effects() {
        let with = plain(vec![Effect {
            origin: 0,
            outlines: Vec::new(),
            match_name: Arc::from(match_name),
            parameters: Vec::new(),
            opacity: 0.0,
            time: 0.0,
            echoes: Vec::new(),
        }]);
        assert!(with.pixels() == without.pixels(), "{match_name}");
    }
}
